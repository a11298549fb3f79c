//! Dates on which somebody looks again: set by a person, or by the office's rule so that no open case
//! is without one.
//!
//! By rule there is one at a time for a case: set when the case is recorded or opened again, moved when
//! its urgency or needs change, the next one when it is done, none when the case is closed. Why it was
//! set stands in its note as a code; the screens have the words.

use jiff::civil::Date;
use jitasa_domain::{
    Case, Entity, FollowUp, KindList, Need, NeedState, care, ids::kind_id, rules::Rules,
};
use rusqlite::OptionalExtension;
use uuid::Uuid;

use super::{Act, need::needs_of, recheck::one_more_try};
use crate::{
    StoreError,
    query::{escalations, office},
};

/// The rule says that it is time to look again.
pub const LOOK_AGAIN: &str = "look_again";
/// Help is said to have come: ask the person in need.
pub const ASK_HELP_CAME: &str = "ask_help_came";
/// Why one by rule no longer counts.
const CASE_CLOSED: &str = "case_closed";

pub(super) fn add(
    act: &mut Act,
    case_id: Uuid,
    due_on: Date,
    note: String,
) -> Result<Uuid, StoreError> {
    act.get::<Case>(case_id)?;
    let follow_up = FollowUp {
        id: act.new_id(),
        case_id,
        due_on,
        note,
        created_at: act.now,
        ..FollowUp::default()
    };
    act.create(&follow_up)?;
    Ok(case_id)
}

/// What came of looking again.
#[derive(Debug, Clone)]
pub struct Looked {
    pub id: Uuid,
    pub outcome: String,
    /// Nobody was reached: it counts as a try, and nobody has looked.
    pub no_answer: bool,
}

pub(super) fn finish(act: &mut Act, looked: Looked) -> Result<Uuid, StoreError> {
    let Looked {
        id,
        outcome,
        no_answer,
    } = looked;
    let (follow_up, _) = act.get::<FollowUp>(id)?;
    let (case, _) = act.get::<Case>(follow_up.case_id)?;
    let asks = follow_up.note.clone();
    act.update(&FollowUp {
        done_at: Some(act.now),
        outcome: Some(outcome.clone()),
        ..follow_up
    })?;
    if no_answer {
        try_again(act, &case, &asks)?;
        return Ok(case.id);
    }
    // Somebody has just looked: the case is fresh, and what the rule had set to look again is done with it.
    let by = act.actor.name.clone();
    let case = Case {
        confirmed_at: Some(act.now),
        confirmed_by: Some(by),
        ..case
    };
    act.update(&case)?;
    end(act, case.id, &outcome, |each| each.note == LOOK_AGAIN)?;
    set_by_rule(act, &case)?;
    Ok(case.id)
}

/// Nobody was reached: one more try, and again the next day, with the same question.
fn try_again(act: &mut Act, case: &Case, asks: &str) -> Result<(), StoreError> {
    act.update(&Case {
        tries: one_more_try(case.tries, case.tried_at, care::last_heard(case)),
        tried_at: Some(act.now),
        ..case.clone()
    })?;
    let needs = needs_of(act, case.id)?;
    let standing = escalations::open_follow_ups(act.conn(), case.id)?;
    if needs.iter().all(|need| need.state == NeedState::Closed)
        || standing.iter().any(|each| each.by_rule)
    {
        return Ok(());
    }
    let asks = if asks == ASK_HELP_CAME {
        ASK_HELP_CAME
    } else {
        LOOK_AGAIN
    };
    let due_on = care::days_after(act.now.date(), 1);
    set(act, case.id, due_on, asks)
}

fn set(act: &mut Act, case_id: Uuid, due_on: Date, asks: &str) -> Result<(), StoreError> {
    let follow_up = FollowUp {
        id: act.new_id(),
        case_id,
        due_on,
        note: asks.into(),
        by_rule: true,
        created_at: act.now,
        ..FollowUp::default()
    };
    act.create(&follow_up)
}

/// Sets the next date by rule, unless one by rule stands, or a person's that comes no later, or nothing is
/// left to look at.
pub(super) fn set_by_rule(act: &mut Act, case: &Case) -> Result<(), StoreError> {
    let needs = needs_of(act, case.id)?;
    if needs.iter().all(|need| need.state == NeedState::Closed) {
        return Ok(());
    }
    let due_on = due_on(act, case, &needs)?;
    let standing = escalations::open_follow_ups(act.conn(), case.id)?;
    if standing
        .iter()
        .any(|each| each.by_rule || each.due_on <= due_on)
    {
        return Ok(());
    }
    set(act, case.id, due_on, LOOK_AGAIN)
}

/// What the rule says from today: the earliest of the needs that are not closed.
fn due_on(act: &Act, case: &Case, needs: &[Need]) -> Result<Date, StoreError> {
    let rules: Rules = office::rules(act.conn())?;
    let mut days: Option<u32> = None;
    for need in needs.iter().filter(|need| need.state != NeedState::Closed) {
        let id = kind_id(&act.office_code, KindList::Need.code(), &need.kind);
        let own: Option<u32> = act
            .conn()
            .prepare_cached("SELECT follow_up_days FROM kind WHERE id = ?1")?
            .query_row([id.to_string()], |row| row.get(0))
            .optional()?
            .flatten();
        days = match (days, own) {
            (Some(days), Some(own)) => Some(days.min(own)),
            (days, own) => days.or(own),
        };
    }
    Ok(care::follow_up_on(
        act.now.date(),
        days,
        case.urgency,
        &rules,
    ))
}

/// Moves what the rule set, when the case's urgency or needs are other ones.
pub(super) fn move_by_rule(act: &mut Act, case: &Case) -> Result<(), StoreError> {
    let standing = escalations::open_follow_ups(act.conn(), case.id)?;
    let by_rule = standing
        .into_iter()
        .find(|each| each.by_rule && each.note == LOOK_AGAIN);
    if let Some(follow_up) = by_rule {
        let needs = needs_of(act, case.id)?;
        // A date moves later only when somebody has looked.
        let due_on = due_on(act, case, &needs)?.min(follow_up.due_on);
        act.update(&FollowUp {
            due_on,
            ..follow_up
        })?;
    }
    Ok(())
}

/// What is kept of a word: what was said, or the word's own code, for which the screens and papers have words.
pub(super) fn said<'a>(note: Option<&'a str>, code: &'a str) -> &'a str {
    note.filter(|note| !note.is_empty()).unwrap_or(code)
}

/// Somebody has looked before the rule's date came: what it set is done, and the next date stands.
pub(super) fn looked(act: &mut Act, case: &Case, outcome: &str) -> Result<(), StoreError> {
    end(act, case.id, outcome, |_| true)?;
    set_by_rule(act, case)
}

/// What the rule had set, and is of this kind, is done.
pub(super) fn end(
    act: &mut Act,
    case_id: Uuid,
    outcome: &str,
    is_one: impl Fn(&FollowUp) -> bool,
) -> Result<(), StoreError> {
    for follow_up in escalations::open_follow_ups(act.conn(), case_id)? {
        if follow_up.by_rule && is_one(&follow_up) {
            act.update(&FollowUp {
                done_at: Some(act.now),
                outcome: Some(outcome.into()),
                ..follow_up
            })?;
        }
    }
    Ok(())
}

/// Help is said to have come: the next day somebody asks the person in need.
pub(super) fn ask_whether_help_came(act: &mut Act, case_id: Uuid) -> Result<(), StoreError> {
    let due_on = care::days_after(act.now.date(), 1);
    let standing = escalations::open_follow_ups(act.conn(), case_id)?;
    match standing.into_iter().find(|each| each.by_rule) {
        Some(follow_up) => {
            act.update(&FollowUp {
                due_on: due_on.min(follow_up.due_on),
                note: ASK_HELP_CAME.into(),
                ..follow_up
            })?;
            Ok(())
        }
        None => set(act, case_id, due_on, ASK_HELP_CAME),
    }
}

/// Nothing is left to look at: what the rule set no longer counts. A date somebody set himself stays his.
pub(super) fn end_by_rule(act: &mut Act, case_id: Uuid) -> Result<(), StoreError> {
    for follow_up in escalations::open_follow_ups(act.conn(), case_id)? {
        if follow_up.by_rule {
            act.update(&FollowUp {
                void_reason: Some(CASE_CLOSED.into()),
                ..follow_up
            })?;
        }
    }
    Ok(())
}

/// Whether a change of an act is one that the rule's date depends on.
pub(super) fn moves_the_date(
    entity: Entity,
    fields: &serde_json::Map<String, serde_json::Value>,
) -> bool {
    match entity {
        Entity::Case => fields.contains_key("urgency"),
        Entity::Need => fields.contains_key("kind"),
        _ => false,
    }
}
