//! That nothing goes quiet: cases that wait too long are taken further by the clock and let down again
//! when their reason has gone.

use std::collections::BTreeSet;

use jitasa_domain::{ActionKind, AssignmentState, Case, Entity, Escalation, care};
use rusqlite::OptionalExtension;
use uuid::Uuid;

use super::{Act, case::with_line, follow_up};
use crate::{
    StoreError, derive,
    query::escalations::{self, CaseDue},
    rows,
};

/// Cases one act takes further: a desk that was off for a week does not stand still when it is switched
/// on. The rest follow at the next minute.
pub const ESCALATED_AT_ONCE_MAX: usize = 1_000;

pub(super) fn escalate(act: &mut Act) -> Result<(), StoreError> {
    let due = escalations::due(act.conn(), &act.office_code, act.now, ESCALATED_AT_ONCE_MAX)?;
    for CaseDue { case_id, due } in due {
        let (case, _) = act.get::<Case>(case_id)?;
        act.update(&Case {
            escalation: due.to,
            // Not the moment this desk noticed: two desks of the office write the same.
            escalated_at: Some(due.at),
            escalation_reason: Some(due.reason.code().into()),
            // Whoever it comes to now has not seen it.
            escalation_seen_at: None,
            escalation_seen_by: None,
            ..case
        })?;
    }
    Ok(())
}

/// One that was let down since he was shown it has nothing to be seen any more and is left out; that none
/// is left is told.
pub(super) fn see_escalations(
    act: &mut Act,
    case_ids: &[Uuid],
    note: Option<&str>,
) -> Result<(), StoreError> {
    let mut refused = None;
    let mut noted = false;
    for id in case_ids {
        let (case, _) = act.get::<Case>(*id)?;
        if let Err(error) = is_his_to_see(act, &case) {
            refused = Some(error);
            continue;
        }
        noted = true;
        // Whoever took note first stays named.
        let at = case.escalation_seen_at.unwrap_or(act.now);
        let by = case.escalation_seen_by.clone();
        act.update(&Case {
            escalation_seen_at: Some(at),
            escalation_seen_by: by.or_else(|| Some(act.actor.name.clone())),
            note: match note {
                Some(note) => with_line(&case.note, note),
                None => case.note.clone(),
            },
            ..case
        })?;
    }
    match refused {
        Some(error) if !noted => Err(error),
        _ => Ok(()),
    }
}

/// Only what was taken further is taken note of, and only by the office it came to: the word travels, and what
/// a subdistrict noted would leave the district's list.
fn is_his_to_see(act: &Act, case: &Case) -> Result<(), StoreError> {
    let code = if case.escalation == Escalation::None {
        "case_not_escalated"
    } else if !care::may_take_note(&act.office_code, case.escalation) {
        "escalation_is_districts"
    } else {
        return Ok(());
    };
    Err(StoreError::Invalid {
        code,
        field: "case_ids",
    })
}

/// What an act brings with it, whatever the act was: a case that is closed has no date by rule and one
/// that is opened again has one; help that is said to have come is asked about; a case that was taken
/// further for a reason that has gone is let down. Leaves derived columns made anew.
pub(super) fn settle(act: &mut Act) -> Result<(), StoreError> {
    let touched = std::mem::take(&mut act.touched);
    if act.action == ActionKind::CasesEscalate {
        // Nothing is derived from how far a case was taken.
        return Ok(());
    }
    if matches!(act.action, ActionKind::CasesImport | ActionKind::CaseCreate) {
        // Nothing of these was there before.
        return derive::refresh(act.tx, &touched);
    }
    let cases = touched.all_cases();
    let were_open: Vec<bool> = cases
        .iter()
        .map(|id| is_open(act, *id))
        .collect::<Result<_, _>>()?;
    derive::refresh(act.tx, &touched)?;
    let moved = changed_by_an_act(act);
    for (id, was_open) in cases.into_iter().zip(were_open) {
        let Some(case) = rows::get::<Case>(act.conn(), id)? else {
            continue;
        };
        if case.void_reason.is_some() {
            continue;
        }
        let open = is_open(act, id)?;
        match (was_open, open) {
            (true, false) => follow_up::end_by_rule(act, id)?,
            (false, true) => follow_up::set_by_rule(act, &case)?,
            (true, true) if moved.helped.contains(&id) => {
                follow_up::ask_whether_help_came(act, id)?;
            }
            (true, true) if moved.changed.contains(&id) => follow_up::move_by_rule(act, &case)?,
            _ => {}
        }
        let_down(act, &case)?;
    }
    let more = std::mem::take(&mut act.touched);
    derive::refresh(act.tx, &more)
}

pub(super) fn is_open(act: &Act, case_id: Uuid) -> Result<bool, StoreError> {
    let open = act
        .conn()
        .prepare_cached("SELECT is_open FROM \"case\" WHERE id = ?1 AND void_reason IS NULL")?
        .query_row([case_id.to_string()], |row| row.get(0))
        .optional()?;
    Ok(open.unwrap_or(false))
}

/// Cases of an act for which help is said to have come, and those whose urgency or needs are other ones.
#[derive(Default)]
struct Moved {
    helped: BTreeSet<Uuid>,
    changed: BTreeSet<Uuid>,
}

fn changed_by_an_act(act: &Act) -> Moved {
    let mut moved = Moved::default();
    if act.action == ActionKind::Undo {
        // What is taken back takes its dates with it.
        return moved;
    }
    for (change, case_id) in &act.changes {
        let Some(case_id) = case_id else {
            continue;
        };
        let state = change.fields.get("state").and_then(|state| state.as_str());
        let finished = [AssignmentState::Done, AssignmentState::PartlyDone];
        if change.entity == Entity::Assignment
            && finished.iter().any(|each| Some(each.code()) == state)
        {
            moved.helped.insert(*case_id);
        }
        if follow_up::moves_the_date(change.entity, &change.fields) {
            moved.changed.insert(*case_id);
        }
    }
    moved
}

/// A case that was taken further for a reason that has gone stands where any other does. That it was
/// taken, when and why, stays in its history.
fn let_down(act: &mut Act, case: &Case) -> Result<(), StoreError> {
    if case.escalation == Escalation::None {
        return Ok(());
    }
    if let Some(standing) = escalations::standing(act.conn(), case.id)?
        && care::still_stands(
            case.escalation_reason.as_deref(),
            &standing.quiet,
            act.now.date(),
        )
    {
        return Ok(());
    }
    act.update(&Case {
        escalation: Escalation::None,
        escalated_at: None,
        escalation_reason: None,
        escalation_seen_at: None,
        escalation_seen_by: None,
        ..case.clone()
    })?;
    Ok(())
}
