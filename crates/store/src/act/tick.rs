//! The headman's list on paper: printed with a code a line, keyed back later.
//!
//! Paper is slow: between print and key the office has gone on. So a word that comes back is asked
//! the same questions as one on the screen, of the records as they are now.

use std::collections::HashSet;

use jitasa_domain::{
    Assignment, Case, ClosingReason, Denied, Entity, Need, NeedState, TickList,
    lifecycle::NeedMove,
    tick::{self, Answer, Code, Line},
};
use uuid::Uuid;

use super::{
    Act,
    review::{self, Paper, Said},
};
use crate::{
    StoreError, desk,
    query::{assignments, cases, tick_lists},
    rows,
};

/// For so long the code of a line that has not come back is given to no other.
const KEPT_MS: i64 = 60 * 24 * 3_600_000;

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
    /// The headman's note; required where the answer does not confirm.
    pub reason: Option<String>,
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
    at: Code,
    out: HashSet<Code>,
}

const PLACE: &str = "tick.place";

impl Codes {
    fn of(act: &Act) -> Result<Self, StoreError> {
        let place = match desk::get_meta(act.conn(), PLACE)?.and_then(|text| text.parse().ok()) {
            Some(place) => place,
            None => tick::first_place(desk::reading::device_id(act.conn())?.unwrap_or_default()),
        };
        let since = act.now.plus_ms(-KEPT_MS);
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
            at: Code::at(place),
            out,
        })
    }

    /// The next that is not out. Where all are (an office that prints thousands of lines and keys
    /// none), codes come again, and keying asks for the list's number.
    fn next(&mut self) -> Code {
        for _ in 0..tick::NUMBERS {
            let code = self.at;
            self.at = code.next();
            if self.out.insert(code) {
                return code;
            }
        }
        self.at = self.at.next();
        self.at
    }

    fn keep(&self, act: &Act) -> Result<(), StoreError> {
        desk::set_meta(act.conn(), PLACE, &self.at.place().to_string())
    }
}

/// The next serial of this office and year that no list has.
fn next_number(act: &Act, area_code: &str) -> Result<String, StoreError> {
    let of = |serial| tick::list_number(area_code, act.now, serial);
    let year = of(0);
    let year = year.rsplit('-').nth(1).unwrap_or_default();
    let counter = format!("serial.tick.{year}");
    loop {
        let serial = u32::try_from(desk::count_up(act.conn(), &counter)?)
            .map_err(|_| StoreError::Row("serial"))?;
        let taken = act
            .conn()
            .prepare_cached("SELECT 1 FROM tick_list WHERE number LIKE '%-' || ?1")?
            .exists([format!("{year}-{serial:03}")])?;
        if !taken {
            return Ok(of(serial));
        }
    }
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
    let (list, _) = act.get::<TickList>(word.tick_list_id)?;
    let (entity, id) = match word.assignment_id {
        Some(id) => (Entity::Assignment, id),
        None => (Entity::Case, word.case_id),
    };
    let is_on_it = tick_lists::lines_of(&list)
        .iter()
        .any(|(_, line)| line.entity == entity && line.id == id);
    if !is_on_it {
        return Err(StoreError::NotFound("tick_list"));
    }
    if tick_lists::answered(act.conn(), list.id)?.contains(&id) {
        return Err(StoreError::Invalid {
            code: "tick_done_already",
            field: "text",
        });
    }
    permit(act, &list, word.case_id, word.assignment_id)?;
    let said = Said {
        verdict: word.answer.verdict(entity),
        reason: word.reason,
        reviewer: list.reviewer.clone(),
        paper: Some(Paper {
            list_id: list.id,
            keyed_by: act.actor.name.clone(),
            ticked: word.answer,
        }),
    };
    if let Some(id) = word.assignment_id {
        return review::on_assignment(act, word.case_id, id, &said);
    }
    review::on_case(act, word.case_id, &said)?;
    if word.answer == Answer::Helped {
        help_came(act, &list, word.case_id, &said)?;
    }
    Ok(())
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

/// Help has come to a household: what was said to be done is confirmed; where nobody of ours is known
/// to have brought it, others did.
fn help_came(act: &mut Act, list: &TickList, case_id: Uuid, said: &Said) -> Result<(), StoreError> {
    let awaiting = tick_lists::awaiting(act.conn(), case_id)?;
    if !awaiting.is_empty() {
        for each in awaiting {
            permit(act, list, case_id, Some(each.id))?;
            review::on_assignment(act, case_id, each.id, said)?;
        }
        return Ok(());
    }
    let needs = rows::select::<Need>(
        act.conn(),
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL ORDER BY r.pk",
        &[&case_id.to_string()],
    )?;
    let busy = tick_lists::busy_needs(act.conn(), case_id)?;
    for mut need in needs {
        if need.state == NeedState::Closed || busy.contains(&need.id) {
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
