//! That nothing goes quiet: cases that wait too long are taken further by the clock and let down again
//! when their reason has gone, and what was heard on a call is written down.

use std::collections::BTreeSet;

use jitasa_domain::{
    ActionKind, Assignment, AssignmentState, Availability, Case, ClosingReason, Entity, Escalation,
    Need, PointState, ReceiverWord, ServicePoint, Timestamp, Urgency, Volunteer, care,
    lifecycle::{AssignmentMove, NeedMove},
};
use rusqlite::OptionalExtension;
use uuid::Uuid;

use super::{
    Act,
    assignment::{self, MoveAssignment},
    case::with_line,
    follow_up,
    need::needs_of,
};
use crate::{
    StoreError, derive,
    query::escalations::{self, CaseDue},
    rows,
};

/// What was heard.
#[derive(Debug, Clone)]
pub struct RecheckAnswer {
    /// `Case`, `Volunteer` or `ServicePoint`.
    pub entity: Entity,
    pub id: Uuid,
    pub word: RecheckWord,
    pub note: Option<String>,
}

/// What was said on the telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecheckWord {
    /// A case: as it was.
    StillNeeded,
    /// A case: no longer needed, help came.
    Met,
    /// A case: it has become more pressing.
    Worse,
    /// A volunteer: can be asked.
    StillAvailable,
    /// A volunteer: cannot.
    Away,
    /// A service point takes people.
    Open,
    /// It has no room.
    Full,
    /// It takes nobody.
    Closed,
    /// Nobody answered.
    NoAnswer,
}

impl RecheckWord {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::StillNeeded => "still_needed",
            Self::Met => "met",
            Self::Worse => "worse",
            Self::StillAvailable => "still_available",
            Self::Away => "away",
            Self::Open => "open",
            Self::Full => "full",
            Self::Closed => "closed",
            Self::NoAnswer => "no_answer",
        }
    }
}

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
    let mut noted = false;
    for id in case_ids {
        let (case, _) = act.get::<Case>(*id)?;
        if case.escalation == Escalation::None {
            continue;
        }
        noted = true;
        act.update(&Case {
            escalation_seen_at: Some(act.now),
            escalation_seen_by: Some(act.actor.name.clone()),
            note: match note {
                Some(note) => with_line(&case.note, note),
                None => case.note.clone(),
            },
            ..case
        })?;
    }
    if noted {
        return Ok(());
    }
    Err(StoreError::Invalid {
        code: "case_not_escalated",
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

fn is_open(act: &Act, case_id: Uuid) -> Result<bool, StoreError> {
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
    if let Some((quiet, ..)) = escalations::standing(act.conn(), case.id)?
        && care::still_stands(case.escalation_reason.as_deref(), &quiet, act.now.date())
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

pub(super) fn answer_recheck(act: &mut Act, answer: &RecheckAnswer) -> Result<Uuid, StoreError> {
    match answer.entity {
        Entity::Case => of_case(act, answer)?,
        Entity::Volunteer => of_volunteer(act, answer)?,
        Entity::ServicePoint => of_point(act, answer)?,
        _ => return Err(unfitting()),
    }
    Ok(answer.id)
}

fn unfitting() -> StoreError {
    StoreError::Invalid {
        code: "recheck_answer_unfitting",
        field: "answer",
    }
}

/// One more call without an answer, if there was one since somebody was last heard of.
fn one_more_try(tries: u32, tried_at: Option<Timestamp>, heard: Timestamp) -> u32 {
    if tried_at.is_some_and(|at| at > heard) {
        tries.saturating_add(1)
    } else {
        1
    }
}

fn of_case(act: &mut Act, answer: &RecheckAnswer) -> Result<(), StoreError> {
    let (case, _) = act.get::<Case>(answer.id)?;
    if !is_open(act, case.id)? {
        return Err(StoreError::Invalid {
            code: "case_closed_already",
            field: "id",
        });
    }
    let mut case = Case {
        note: match &answer.note {
            Some(note) => with_line(&case.note, note),
            None => case.note.clone(),
        },
        ..case
    };
    if answer.word == RecheckWord::NoAnswer {
        case.tries = one_more_try(case.tries, case.tried_at, care::last_heard(&case));
        case.tried_at = Some(act.now);
        act.update(&case)?;
        return Ok(());
    }
    case.confirmed_at = Some(act.now);
    case.confirmed_by = Some(act.actor.name.clone());
    match answer.word {
        RecheckWord::StillNeeded => {}
        RecheckWord::Worse => case.urgency = one_step_up(case.urgency),
        RecheckWord::Met => {
            act.update(&case)?;
            return help_came(act, &case, answer);
        }
        _ => return Err(unfitting()),
    }
    act.update(&case)?;
    follow_up::looked(act, &case, answer.word.code())
}

fn one_step_up(urgency: Urgency) -> Urgency {
    match urgency {
        Urgency::Normal => Urgency::Urgent,
        Urgency::Urgent => Urgency::VeryUrgent,
        Urgency::VeryUrgent | Urgency::Critical => Urgency::Critical,
    }
}

/// The person in need says that help came. Where a volunteer of ours holds the need it is his word on
/// that work, which the headman still confirms; a need that nobody holds was met by others, and whoever
/// was still being asked for it need not go.
fn help_came(act: &mut Act, case: &Case, answer: &RecheckAnswer) -> Result<(), StoreError> {
    let assignments = rows::select::<Assignment>(
        act.conn(),
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL",
        &[&case.id.to_string()],
    )?;
    for each in &assignments {
        if each.state.is_held() || each.state.awaits_review() {
            act.update(&Assignment {
                receiver_word: Some(ReceiverWord::Came),
                receiver_note: answer.note.clone().or(each.receiver_note.clone()),
                receiver_said_at: Some(act.now),
                ..each.clone()
            })?;
        }
    }
    for need in needs_of(act, case.id)? {
        if !need.state.wants_hands() {
            continue;
        }
        for each in assignments.iter().filter(|each| each.need_id == need.id) {
            if each.state.is_active() && !each.state.is_held() {
                assignment::take(
                    act,
                    &MoveAssignment {
                        id: each.id,
                        step: AssignmentMove::Revoke,
                        reason: Some(ClosingReason::MetByOthers.code().into()),
                        ..MoveAssignment::default()
                    },
                )?;
            }
        }
        let (need, _) = act.get::<Need>(need.id)?;
        let closing = (ClosingReason::MetByOthers, answer.note.clone());
        act.update(&need.stepped(NeedMove::Close, act.now, Some(closing))?)?;
    }
    follow_up::looked(act, case, answer.word.code())
}

fn of_volunteer(act: &mut Act, answer: &RecheckAnswer) -> Result<(), StoreError> {
    let (volunteer, _) = act.get::<Volunteer>(answer.id)?;
    let heard = volunteer.confirmed_at.unwrap_or(volunteer.created_at);
    let mut volunteer = Volunteer {
        note: match &answer.note {
            Some(note) => with_line(&volunteer.note, note),
            None => volunteer.note.clone(),
        },
        ..volunteer
    };
    match answer.word {
        RecheckWord::NoAnswer => {
            volunteer.tries = one_more_try(volunteer.tries, volunteer.tried_at, heard);
            volunteer.tried_at = Some(act.now);
            act.update(&volunteer)?;
            return Ok(());
        }
        RecheckWord::StillAvailable => {
            volunteer.availability = Availability::Available;
            volunteer.away_from = None;
            volunteer.away_until = None;
        }
        RecheckWord::Away => {
            volunteer.availability = Availability::OnLeave;
            volunteer.away_from = Some(act.now.date());
            volunteer.away_until = None;
        }
        _ => return Err(unfitting()),
    }
    volunteer.confirmed_at = Some(act.now);
    volunteer.confirmed_by = Some(act.actor.name.clone());
    act.update(&volunteer)?;
    Ok(())
}

fn of_point(act: &mut Act, answer: &RecheckAnswer) -> Result<(), StoreError> {
    let (point, _) = act.get::<ServicePoint>(answer.id)?;
    let heard = point.confirmed_at.unwrap_or(point.created_at);
    let state = match answer.word {
        RecheckWord::NoAnswer => {
            act.update(&ServicePoint {
                tries: one_more_try(point.tries, point.tried_at, heard),
                tried_at: Some(act.now),
                ..point
            })?;
            return Ok(());
        }
        RecheckWord::Open => PointState::Open,
        RecheckWord::Full => PointState::Full,
        RecheckWord::Closed => PointState::Closed,
        _ => return Err(unfitting()),
    };
    act.update(&ServicePoint {
        state,
        confirmed_at: Some(act.now),
        confirmed_by: Some(act.actor.name.clone()),
        ..point
    })?;
    Ok(())
}
