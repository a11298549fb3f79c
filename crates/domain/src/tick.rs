//! The headman's list on paper: the code of a line, what the paper showed, and what each ticked box
//! does.
//!
//! A code is read aloud over a bad line, written by hand and keyed by somebody in a hurry. So it is
//! short, of signs that neither the ear nor the eye takes for one another, and it carries a check: a
//! weighted sum over a prime number of signs, which no single wrong sign and no swap of two signs
//! survives. It must not know lists, keyboards or words: who keyed it on the wrong layout is for the
//! reader to repair.

use std::{fmt, str::FromStr};

use jitasa_thai::text;
use uuid::Uuid;

use crate::{
    code::codes,
    record::Entity,
    records::{Case, CaseState, Need, NeedState, ReviewState},
};

codes! {
    /// The boxes of a line, in their order on the paper; the number keys 1 to 4.
    Answer { Found = "found", NotFound = "not_found", Amend = "amend", Helped = "helped" }
}
codes! {
    /// What an answer does.
    Effect {
        ConfirmCase = "confirm_case", CaseNotFound = "case_not_found", ReturnCase = "return_case",
        MeetCase = "meet_case", ConfirmHelp = "confirm_help", ReturnHelp = "return_help",
    }
}

/// The signs of a code. Without O I L S Z B Q G (they look like digits), without E D N U V (they sound
/// like others when read aloud in Thai). 23 of them: a prime, which the check rests on.
pub const SIGNS: [u8; 23] = *b"0123456789ACFHJKMPRTWXY";

/// What a hand or a keyboard puts for a sign: each stands for one sign only, and the check must hold.
const LOOK_ALIKES: [(char, char); 8] = [
    ('O', '0'),
    ('Q', '0'),
    ('I', '1'),
    ('L', '1'),
    ('Z', '2'),
    ('S', '5'),
    ('G', '6'),
    ('B', '8'),
];

/// Weights of the four signs: all different and none zero modulo 23.
const WEIGHTS: [u16; 4] = [4, 3, 2, 1];

const BASE: u16 = 23;

/// Lines of one list, at most: about fifty pages.
pub const LINES_MAX: usize = 500;

/// How many numbers a code can stand for.
pub const NUMBERS: u16 = BASE * BASE * BASE;

/// The code of a line: three signs that count and one that checks. At least one is a letter, so that
/// no house number, year or count is ever taken for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not four signs of a code.
    #[error("not four signs of a code")]
    Unreadable,
    /// Four signs, and one of them is wrong.
    #[error("the check of the code does not hold")]
    Check,
}

impl CodeError {
    /// The stable code of this reason.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "tick_code_unreadable",
            Self::Check => "tick_check_wrong",
        }
    }
}

impl Code {
    /// The code at (or next after) a place in the round of all codes.
    #[must_use]
    pub fn at(place: u64) -> Self {
        let number = u16::try_from(place % u64::from(NUMBERS)).unwrap_or(0);
        // Three digits and a check that is a digit never follow one another for long.
        (0..NUMBERS)
            .map(|step| Self((number + step) % NUMBERS))
            .find(|code| code.has_letter())
            .unwrap_or(Self(number))
    }

    /// The code that follows in the round.
    #[must_use]
    pub fn next(self) -> Self {
        Self::at(u64::from(self.0) + 1)
    }

    /// Its place in the round.
    #[must_use]
    pub fn place(self) -> u16 {
        self.0
    }

    /// Reads a code as somebody wrote it: small letters, Thai digits, gaps and dashes inside, and
    /// signs that look like others.
    ///
    /// # Errors
    /// When it is not four signs, or its check does not hold.
    pub fn parse(typed: &str) -> Result<Self, CodeError> {
        let signs = signs_of(typed).ok_or(CodeError::Unreadable)?;
        let [a, b, c, d] = signs[..] else {
            return Err(CodeError::Unreadable);
        };
        if [a, b, c, d].iter().all(|sign| *sign < 10) {
            return Err(CodeError::Unreadable);
        }
        let code = Self((a * BASE + b) * BASE + c);
        if code.check() == d {
            Ok(code)
        } else {
            Err(CodeError::Check)
        }
    }

    fn signs(self) -> [u16; 4] {
        let (a, b, c) = (self.0 / (BASE * BASE), self.0 / BASE % BASE, self.0 % BASE);
        [a, b, c, self.check()]
    }

    /// The sign that makes the weighted sum a multiple of 23.
    fn check(self) -> u16 {
        let (a, b, c) = (self.0 / (BASE * BASE), self.0 / BASE % BASE, self.0 % BASE);
        let sum = WEIGHTS[0] * a + WEIGHTS[1] * b + WEIGHTS[2] * c;
        (BASE - sum % BASE) % BASE
    }

    fn has_letter(self) -> bool {
        self.signs().iter().any(|sign| *sign >= 10)
    }

    /// Whether what was typed is this code but for one slip of the hand: a wrong sign, one too many,
    /// one too few, or two neighbours swapped.
    #[must_use]
    pub fn is_a_slip_from(self, typed: &str) -> bool {
        signs_of(typed).is_some_and(|typed| one_slip(&typed, &self.signs()))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for sign in self.signs() {
            let letter = SIGNS.get(usize::from(sign)).copied().unwrap_or(b'0');
            write!(f, "{}", char::from(letter))?;
        }
        Ok(())
    }
}

/// The signs somebody wrote, gaps left out; nothing when a letter stands for no sign.
fn signs_of(typed: &str) -> Option<Vec<u16>> {
    text::arabic_digits(typed)
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '\u{2013}' | '.'))
        .map(|letter| {
            let letter = letter.to_ascii_uppercase();
            let meant = LOOK_ALIKES
                .iter()
                .find(|(looks, _)| *looks == letter)
                .map_or(letter, |(_, sign)| *sign);
            let place = SIGNS.iter().position(|sign| char::from(*sign) == meant)?;
            u16::try_from(place).ok()
        })
        .collect()
}

fn one_slip(typed: &[u16], meant: &[u16]) -> bool {
    let same_but = |long: &[u16], short: &[u16]| {
        (0..long.len()).any(|out| long[..out] == short[..out] && long[out + 1..] == short[out..])
    };
    if typed.len() == meant.len() + 1 {
        return same_but(typed, meant);
    }
    if typed.len() + 1 == meant.len() {
        return same_but(meant, typed);
    }
    if typed.len() != meant.len() {
        return false;
    }
    let wrong: Vec<_> = (0..meant.len())
        .filter(|at| typed[*at] != meant[*at])
        .collect();
    match wrong[..] {
        [_] => true,
        [a, b] => b == a + 1 && typed[a] == meant[b] && typed[b] == meant[a],
        _ => false,
    }
}

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

/// What an answer does to a line: `awaits_word` when help that is said to have come waits for the
/// headman, `in_need` when something of the case is open and nobody is on the way for it.
#[must_use]
pub fn effect(entity: Entity, answer: Answer, awaits_word: bool, in_need: bool) -> Effect {
    match (entity, answer) {
        (Entity::Assignment, Answer::Helped) => Effect::ConfirmHelp,
        // The need may be real: help has not come, or not to this house.
        (Entity::Assignment, _) => Effect::ReturnHelp,
        (_, Answer::Found) => Effect::ConfirmCase,
        (_, Answer::NotFound) => Effect::CaseNotFound,
        (_, Answer::Amend) => Effect::ReturnCase,
        (_, Answer::Helped) if awaits_word => Effect::ConfirmHelp,
        (_, Answer::Helped) if in_need => Effect::MeetCase,
        (_, Answer::Helped) => Effect::ConfirmCase,
    }
}

impl Answer {
    /// The word this is on a case or an assignment.
    #[must_use]
    pub const fn verdict(self, entity: Entity) -> ReviewState {
        match (entity, self) {
            (Entity::Assignment, Self::Helped) => ReviewState::Confirmed,
            (Entity::Assignment, _) | (_, Self::Amend) => ReviewState::Returned,
            (_, Self::Found | Self::Helped) => ReviewState::Confirmed,
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

/// `ม.5-69-012`: the village, the last two digits of the Buddhist year, and the serial of the office
/// in that year.
#[must_use]
pub fn list_number(area_code: &str, at: crate::Timestamp, serial: u32) -> String {
    let year = (i32::from(at.date().year()) + 543).rem_euclid(100);
    let village = area_code
        .get(6..8)
        .and_then(|moo| moo.parse::<u8>().ok())
        .map_or_else(|| area_code.to_string(), |moo| format!("ม.{moo}"));
    format!("{village}-{year:02}-{serial:03}")
}

#[cfg(test)]
mod tests;
