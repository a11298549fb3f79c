//! The headman's list on paper: printed with a code a line, keyed back later.
//!
//! Paper is slow: between print and key the office has gone on. So a word that comes back is asked
//! the same questions as one on the screen, of the records as they are now.

use std::collections::HashSet;

use jitasa_domain::{
    Assignment, Case, ClosingReason, Denied, Entity, NeedState, TickList, Timestamp,
    lifecycle::NeedMove,
    tick::{self, Answer, Code, Effect, Line},
};
use uuid::Uuid;

use super::{
    Act,
    review::{self, Paper, Said},
};
use crate::{
    StoreError, desk,
    query::{
        assignments, cases,
        tick_lists::{self, Standing},
    },
};

/// A list as it goes on paper.
#[derive(Debug, Clone)]
pub struct NewTickList {
    pub area_code: String,
    pub reviewer: String,
    pub reviewer_id: Option<Uuid>,
    /// What each line asks about, in order.
    pub lines: Vec<(Entity, Uuid)>,
}

/// One line that came back.
#[derive(Debug, Clone)]
pub struct TickWord {
    pub tick_list_id: Uuid,
    pub case_id: Uuid,
    pub assignment_id: Option<Uuid>,
    pub answer: Answer,
    /// What the clerk was shown that it would do. Where it would do anything else by now, nothing of
    /// the batch is done.
    pub effect: Effect,
    /// The headman's note; required where the answer does not confirm.
    pub reason: Option<String>,
    /// The reason is his own words, and not the box alone.
    pub noted: bool,
    /// When he signed.
    pub signed_at: Timestamp,
}

pub(super) fn print(act: &mut Act, list: NewTickList) -> Result<Uuid, StoreError> {
    if list.lines.is_empty() || list.lines.len() > tick::LINES_MAX {
        return Err(StoreError::Invalid {
            code: if list.lines.is_empty() {
                "tick_nothing_to_ask"
            } else {
                "tick_list_too_long"
            },
            field: "area_code",
        });
    }
    let mut codes = Codes::of(act)?;
    let mut lines = Vec::with_capacity(list.lines.len());
    for (entity, id) in list.lines {
        let assignment = match entity {
            Entity::Assignment => {
                Some(assignments::line(act.conn(), id)?.ok_or(StoreError::NotFound("assignment"))?)
            }
            _ => None,
        };
        let case_id = assignment
            .as_ref()
            .map_or(id, |found| found.assignment.case_id);
        let case = cases::line(act.conn(), case_id)?
            .filter(|line| line.case.area_code == list.area_code)
            .ok_or(StoreError::NotFound("case"))?;
        let assignment = assignment.map(|found| found.assignment);
        let line = Line {
            code: codes.next(),
            entity,
            id,
            shown: tick_lists::shown(&case, assignment.as_ref()),
        };
        lines.push(line.to_string());
    }
    codes.keep(act)?;
    let list = TickList {
        id: act.new_id(),
        office_code: act.office_code.clone(),
        number: next_number(act, &list.area_code)?,
        area_code: list.area_code,
        reviewer: list.reviewer,
        reviewer_id: list.reviewer_id,
        lines,
        created_at: act.now,
        created_by: Some(act.actor.id),
        ..TickList::default()
    };
    act.create(&list)?;
    Ok(list.id)
}

/// The desk's round of codes, and those that are out on paper.
struct Codes {
    place: u64,
    out: HashSet<Code>,
}

/// Another name than earlier versions kept theirs under: their round had other signs.
const PLACE: &str = "tick.round";

impl Codes {
    fn of(act: &Act) -> Result<Self, StoreError> {
        let place = match desk::get_meta(act.conn(), PLACE)?.and_then(|text| text.parse().ok()) {
            Some(place) => place,
            None => tick::first_place(device(act)?),
        };
        let since = act.now.plus_ms(-tick_lists::KEPT_MS);
        let mut out = HashSet::new();
        for list in tick_lists::since(act.conn(), since, None)? {
            let back = tick_lists::answered(act.conn(), list.id)?;
            out.extend(
                tick_lists::lines_of(&list)
                    .into_iter()
                    .filter(|(_, line)| !back.contains(&line.id))
                    .map(|(_, line)| line.code),
            );
        }
        Ok(Self {
            place: place % u64::from(tick::CODES),
            out,
        })
    }

    /// The next that is not out. Where all are (an office that prints thousands of lines and keys
    /// none), codes come again, and keying asks for the list's number.
    fn next(&mut self) -> Code {
        for _ in 0..tick::CODES {
            let code = self.step();
            if self.out.insert(code) {
                return code;
            }
        }
        self.step()
    }

    fn step(&mut self) -> Code {
        let code = Code::at(self.place);
        self.place = (self.place + 1) % u64::from(tick::CODES);
        code
    }

    fn keep(&self, act: &Act) -> Result<(), StoreError> {
        desk::set_meta(act.conn(), PLACE, &self.place.to_string())
    }
}

fn device(act: &Act) -> Result<Uuid, StoreError> {
    Ok(desk::reading::device_id(act.conn())?.unwrap_or_default())
}

/// The next serial of this desk and year that no list has.
fn next_number(act: &Act, area_code: &str) -> Result<String, StoreError> {
    let mark = tick::desk_mark(device(act)?);
    let of = |serial| tick::list_number(area_code, act.now, serial, &mark);
    let year = of(0);
    let year = year.rsplit('-').nth(1).unwrap_or_default();
    let counter = format!("serial.tick.{year}");
    loop {
        let serial = u32::try_from(desk::count_up(act.conn(), &counter)?)
            .map_err(|_| StoreError::Row("serial"))?;
        let taken = act
            .conn()
            .prepare_cached("SELECT 1 FROM tick_list WHERE number LIKE '%-' || ?1")?
            .exists([format!("{year}-{serial:03}{mark}")])?;
        if !taken {
            return Ok(of(serial));
        }
    }
}

/// Takes a list out of use: lost, or printed for nothing. Its codes stay what they were, and say so.
pub(super) fn void(act: &mut Act, id: Uuid, reason: &str) -> Result<Uuid, StoreError> {
    let (list, _) = act.get::<TickList>(id)?;
    act.update(&TickList {
        void_reason: Some(reason.into()),
        ..list
    })?;
    Ok(id)
}

pub(super) fn key_back(act: &mut Act, mut words: Vec<TickWord>) -> Result<(), StoreError> {
    if words.is_empty() {
        return Err(StoreError::Invalid {
            code: "tick_nothing_keyed",
            field: "text",
        });
    }
    // A word on an assignment is about that very help; one on its case may speak for what is left.
    words.sort_by_key(|word| word.assignment_id.is_none());
    for word in words {
        key_line(act, word)?;
    }
    Ok(())
}

fn key_line(act: &mut Act, word: TickWord) -> Result<(), StoreError> {
    let invalid = |code| StoreError::Invalid {
        code,
        field: "text",
    };
    let (list, _) = act.get::<TickList>(word.tick_list_id)?;
    let (entity, id) = match word.assignment_id {
        Some(id) => (Entity::Assignment, id),
        None => (Entity::Case, word.case_id),
    };
    let line = tick_lists::lines_of(&list)
        .into_iter()
        .map(|(_, line)| line)
        .find(|line| line.entity == entity && line.id == id)
        .ok_or(StoreError::NotFound("tick_list"))?;
    if tick_lists::answered(act.conn(), list.id)?.contains(&id) {
        return Err(invalid("tick_done_already"));
    }
    // The day of the print is asked by the caller: it may be another desk's clock.
    if word.signed_at > act.now {
        return Err(invalid("tick_signed_when"));
    }
    permit(act, &list, word.case_id, word.assignment_id)?;
    let standing = tick_lists::standing(act.conn(), &list, &line)?;
    let standing = standing.ok_or(StoreError::NotFound("case"))?;
    if standing.effect(&line, word.answer, word.noted) != Some(word.effect) {
        return Err(invalid("tick_effect_changed"));
    }
    let said = Said {
        verdict: word.answer.verdict(entity),
        reason: word.reason,
        reviewer: list.reviewer.clone(),
        at: word.signed_at,
        paper: Some(Paper {
            list_id: list.id,
            keyed_by: act.actor.name.clone(),
            ticked: word.answer,
        }),
    };
    match (word.assignment_id, word.effect) {
        // The data of the case: whether this help came he has not said.
        (Some(_), Effect::ReturnCase) => {
            review::on_case(act, word.case_id, word.assignment_id, &said)
        }
        (Some(id), _) => review::on_assignment(act, word.case_id, id, &said),
        (None, effect) => {
            review::on_case(act, word.case_id, None, &said)?;
            match effect {
                Effect::ConfirmHelp => help_came(act, &list, &standing, &said),
                Effect::MeetCase => others_helped(act, &standing, &said),
                _ => Ok(()),
            }
        }
    }
}

/// The headman's own right, beside that of whoever keys for him.
fn permit(
    act: &Act,
    list: &TickList,
    case_id: Uuid,
    assignment_id: Option<Uuid>,
) -> Result<(), StoreError> {
    let headman = tick_lists::headman(act.conn(), list)?;
    let (case, _) = act.get::<Case>(case_id)?;
    let assignment = match assignment_id {
        Some(id) => Some(act.get::<Assignment>(id)?.0),
        None => None,
    };
    tick_lists::may_say(act.conn(), &headman, &case, assignment.as_ref()).map_err(|denied| {
        match denied {
            // It has moved to another village since the print: not his to say any more.
            Denied::Village | Denied::Scope => StoreError::Invalid {
                code: "tick_unlawful",
                field: "text",
            },
            Denied::Role | Denied::OwnWork => denied.into(),
        }
    })
}

/// What was said to be done is confirmed.
fn help_came(
    act: &mut Act,
    list: &TickList,
    standing: &Standing,
    said: &Said,
) -> Result<(), StoreError> {
    let case_id = standing.line.case.id;
    for each in standing.awaiting() {
        permit(act, list, case_id, Some(each.id))?;
        review::on_assignment(act, case_id, each.id, said)?;
    }
    Ok(())
}

/// Where nobody of ours is known to have brought help, others did. The needs are those that the paper
/// showed, and nobody is going for any of them (`tick::effect`).
fn others_helped(act: &mut Act, standing: &Standing, said: &Said) -> Result<(), StoreError> {
    for id in standing.line.needs.iter().map(|need| need.id) {
        // As it stands: the word has just opened what was only reported.
        let (mut need, _) = act.get::<jitasa_domain::Need>(id)?;
        if need.state == NeedState::Closed {
            continue;
        }
        let reason = if tick::waits(need.state) {
            need = need.stepped(NeedMove::Meet, act.now, None)?;
            act.update(&need)?;
            ClosingReason::MetByOthers
        } else {
            ClosingReason::Met
        };
        need = need.stepped(
            NeedMove::Close,
            act.now,
            Some((reason, said.reason.clone())),
        )?;
        act.update(&need)?;
    }
    Ok(())
}
