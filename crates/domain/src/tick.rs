//! The headman's list on paper: what the paper showed of a line, and what each ticked box does.
//!
//! A line asks one of two things: is this case so (มี, ไม่พบ, แก้ไข, ช่วยแล้ว), or has this help come
//! (ได้รับแล้ว, ยังไม่ได้รับ, แก้ไข). The number key of an answer is the same wherever it stands, and
//! one that answers the other question is asked back. It must not know lists, keyboards or words.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use crate::{
    code::codes,
    record::Entity,
    records::{Case, CaseState, Need, NeedState, ReviewState},
};

mod code;

pub use code::{CODES, Code, CodeError, SIGNS};

codes! {
    /// The boxes of a line; the number keys 1 to 5.
    Answer {
        Found = "found", NotFound = "not_found", Amend = "amend", Helped = "helped",
        NotHelped = "not_helped",
    }
}
codes! {
    /// What an answer does.
    Effect {
        ConfirmCase = "confirm_case", CaseNotFound = "case_not_found", ReturnCase = "return_case",
        MeetCase = "meet_case", ConfirmHelp = "confirm_help", ReturnHelp = "return_help",
        OnTheWay = "on_the_way", ClerkDecides = "clerk_decides",
    }
}

/// Lines of one list, at most: about fifty pages.
pub const LINES_MAX: usize = 500;

/// What a line showed of a case (and of an assignment) when it was printed, in few letters: enough
/// to say later what has changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where the case, or the assignment, stood.
    pub state: String,
    /// The headman's word on the case.
    pub review: ReviewState,
    /// A mark of house, landmark and village.
    pub place: u32,
    /// A mark of the needs and whether each still waits.
    pub needs: u32,
}

impl Shown {
    /// What a line shows now.
    #[must_use]
    pub fn now(case: &Case, state: &str, needs: &[Need]) -> Self {
        let mut place = Mark::new();
        for part in [&case.area_code, &case.house_no, &case.landmark] {
            place.add(part);
        }
        let mut needs: Vec<_> = needs.iter().collect();
        needs.sort_by_key(|need| need.id);
        let mut mark = Mark::new();
        for need in needs {
            mark.add(&need.kind);
            mark.add(&need.detail);
            mark.add(if waits(need.state) { "waits" } else { "" });
        }
        Self {
            state: state.into(),
            review: case.review_state,
            place: place.0,
            needs: mark.0,
        }
    }

    /// Codes of what differs now: `closed`, `state`, `reviewed`, `place`, `needs`.
    #[must_use]
    pub fn changed(&self, now: &Self, case_state: CaseState) -> Vec<&'static str> {
        let closed = case_state == CaseState::Closed;
        [
            ("closed", closed),
            ("state", self.state != now.state && !closed),
            ("reviewed", self.review != now.review),
            ("place", self.place != now.place),
            ("needs", self.needs != now.needs),
        ]
        .into_iter()
        .filter_map(|(code, differs)| differs.then_some(code))
        .collect()
    }
}

/// Whether help is still to come for a need.
#[must_use]
pub fn waits(state: NeedState) -> bool {
    !matches!(state, NeedState::Met | NeedState::Closed)
}

/// FNV-1a: a mark to see a difference by, nothing secret.
struct Mark(u32);

impl Mark {
    const fn new() -> Self {
        Self(0x811c_9dc5)
    }

    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
}

/// One line of a list as it is kept: `CODE entity id state review place needs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is printed and keyed.
    pub code: Code,
    /// `Case` or `Assignment`.
    pub entity: Entity,
    /// Its id.
    pub id: Uuid,
    /// What the paper showed.
    pub shown: Shown,
}

/// A line that this version does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a line of a list is not readable")]
pub struct LineError;

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = &self.shown;
        write!(
            f,
            "{} {} {} {} {} {:08x} {:08x}",
            self.code,
            self.entity.code(),
            self.id,
            shown.state,
            shown.review.code(),
            shown.place,
            shown.needs
        )
    }
}

impl FromStr for Line {
    type Err = LineError;

    fn from_str(text: &str) -> Result<Self, LineError> {
        let mut words = text.split(' ');
        let mut word = || words.next().ok_or(LineError);
        let code = Code::parse(word()?).map_err(|_| LineError)?;
        let entity = Entity::from_code(word()?)
            .filter(|entity| matches!(entity, Entity::Case | Entity::Assignment))
            .ok_or(LineError)?;
        let id = word()?.parse().map_err(|_| LineError)?;
        let state = word()?.to_string();
        let review = ReviewState::from_code(word()?).ok_or(LineError)?;
        let mut mark = || u32::from_str_radix(word()?, 16).map_err(|_| LineError);
        let (place, needs) = (mark()?, mark()?);
        // A later version may say more at the end of a line.
        Ok(Self {
            code,
            entity,
            id,
            shown: Shown {
                state,
                review,
                place,
                needs,
            },
        })
    }
}

/// What is known of a line's case when its answer is judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Help that is said to have come waits for the headman.
    pub awaits_word: bool,
    /// Something of the case is open, and nobody is on the way for it.
    pub in_need: bool,
    /// Somebody is on the way for something of it, or is being asked.
    pub going: bool,
    /// The needs are not those that the paper showed.
    pub needs_changed: bool,
    /// The headman wrote something beside the box.
    pub noted: bool,
}

/// What an answer does to a line; nothing where it answers another question than the line asks, and
/// is to be asked back.
#[must_use]
pub fn effect(entity: Entity, answer: Answer, seen: Seen) -> Option<Effect> {
    Some(match (entity, answer) {
        (Entity::Assignment, Answer::Helped) => Effect::ConfirmHelp,
        (Entity::Assignment, Answer::NotHelped | Answer::NotFound) => Effect::ReturnHelp,
        // The person is there; whether help came is not said.
        (Entity::Assignment, Answer::Found) | (_, Answer::NotHelped) => return None,
        // Data to be put right, on either line: never a word on whether help came.
        (_, Answer::Amend) => Effect::ReturnCase,
        (_, Answer::Found) => Effect::ConfirmCase,
        (_, Answer::NotFound) => Effect::CaseNotFound,
        (_, Answer::Helped) => helped(seen),
    })
}

/// `ช่วยแล้ว` on the line of a case. It closes only what the paper asked about and nobody is going for;
/// where the headman adds words, or the needs are others by now, a clerk has to choose.
const fn helped(seen: Seen) -> Effect {
    if seen.going {
        Effect::OnTheWay
    } else if seen.awaits_word && !seen.noted {
        Effect::ConfirmHelp
    } else if !seen.awaits_word && !seen.in_need {
        Effect::ConfirmCase
    } else if seen.noted || seen.needs_changed {
        Effect::ClerkDecides
    } else {
        Effect::MeetCase
    }
}

impl Answer {
    /// The word this is on a case or an assignment.
    #[must_use]
    pub const fn verdict(self, entity: Entity) -> ReviewState {
        match (entity, self) {
            (Entity::Assignment, Self::Helped) => ReviewState::Confirmed,
            (Entity::Assignment, _) | (_, Self::Amend) => ReviewState::Returned,
            (_, Self::Found | Self::Helped | Self::NotHelped) => ReviewState::Confirmed,
            (_, Self::NotFound) => ReviewState::NotFound,
        }
    }
}

/// Where a desk's round of codes begins: two desks of an office that print before they have met
/// seldom give the same code.
#[must_use]
pub fn first_place(device_id: Uuid) -> u64 {
    let (high, low) = device_id.as_u64_pair();
    // The bits of a UUIDv7 that are chance lie at both ends of its lower half.
    (high ^ low ^ (low >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16
}

/// Consonants that are told apart when read aloud and when written by hand.
const MARKS: [char; 20] = [
    'ก', 'ข', 'ง', 'จ', 'ช', 'ด', 'ต', 'น', 'บ', 'ป', 'พ', 'ม', 'ย', 'ร', 'ล', 'ว', 'ส', 'ห', 'อ',
    'ฟ',
];

/// Two letters that stand at the end of a desk's lists: each desk of an office counts for itself.
#[must_use]
pub fn desk_mark(device_id: Uuid) -> String {
    let chance = usize::try_from(first_place(device_id) % 400).unwrap_or(0);
    [chance / 20, chance % 20]
        .iter()
        .filter_map(|at| MARKS.get(*at))
        .collect()
}

/// `ม.5-69-012กต`: the village, the last two digits of the Buddhist year, the serial of the desk in
/// that year, and the desk's mark.
#[must_use]
pub fn list_number(area_code: &str, at: crate::Timestamp, serial: u32, mark: &str) -> String {
    let year = (i32::from(at.date().year()) + 543).rem_euclid(100);
    let village = area_code
        .get(6..8)
        .and_then(|moo| moo.parse::<u8>().ok())
        .map_or_else(|| area_code.to_string(), |moo| format!("ม.{moo}"));
    format!("{village}-{year:02}-{serial:03}{mark}")
}

#[cfg(test)]
mod tests;
