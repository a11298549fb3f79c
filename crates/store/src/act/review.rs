//! The headman's word, on a case or on an assignment; from the screen or from paper.

use jitasa_domain::{
    Case, Need, NeedState, Review, ReviewMedium, ReviewState, Timestamp, lifecycle,
    lifecycle::{AssignmentMove, NeedMove},
    tick::Answer,
};
use uuid::Uuid;

use super::{Act, assignment};
use crate::{StoreError, rows};

/// His word.
#[derive(Debug, Clone)]
pub struct Decide {
    pub case_id: Uuid,
    pub assignment_id: Option<Uuid>,
    pub verdict: ReviewState,
    pub reason: Option<String>,
}

pub(super) fn decide(act: &mut Act, decide: Decide) -> Result<Uuid, StoreError> {
    let said = Said {
        verdict: decide.verdict,
        reason: decide.reason,
        reviewer: act.actor.name.clone(),
        at: act.now,
        paper: None,
    };
    match decide.assignment_id {
        Some(id) => on_assignment(act, decide.case_id, id, &said)?,
        None => on_case(act, decide.case_id, None, &said)?,
    }
    Ok(decide.case_id)
}

/// A word and whose it is.
pub(super) struct Said {
    pub(super) verdict: ReviewState,
    /// Required unless it confirms.
    pub(super) reason: Option<String>,
    pub(super) reviewer: String,
    /// When he said it: now, or the day he signed the paper.
    pub(super) at: Timestamp,
    /// Nothing from the screen.
    pub(super) paper: Option<Paper>,
}

/// How a word came back on paper.
#[derive(Clone)]
pub(super) struct Paper {
    pub(super) list_id: Uuid,
    pub(super) keyed_by: String,
    pub(super) ticked: Answer,
}

/// His word on whether help came.
pub(super) fn on_assignment(
    act: &mut Act,
    case_id: Uuid,
    id: Uuid,
    said: &Said,
) -> Result<(), StoreError> {
    let step = match said.verdict {
        ReviewState::Confirmed => AssignmentMove::Confirm,
        ReviewState::Returned => AssignmentMove::Return,
        ReviewState::Unreviewed | ReviewState::NotFound | ReviewState::Rejected => {
            return Err(unknown_verdict());
        }
    };
    note(act, case_id, Some(id), said)?;
    let moved = assignment::take(
        act,
        &assignment::MoveAssignment {
            id,
            step,
            // What he adds to a confirmation stays with his word.
            reason: said
                .reason
                .clone()
                .filter(|_| step == AssignmentMove::Return),
            ..assignment::MoveAssignment::default()
        },
    )?;
    if moved.case_id != case_id {
        return Err(StoreError::NotFound("assignment"));
    }
    let (case, _) = act.get::<Case>(case_id)?;
    act.update(&heard(case, said))?;
    Ok(())
}

/// The case as confirmed by him, unless somebody has confirmed it since he said so.
fn heard(case: Case, said: &Said) -> Case {
    if case.confirmed_at.is_some_and(|at| at > said.at) {
        return case;
    }
    Case {
        confirmed_at: Some(said.at),
        confirmed_by: Some(said.reviewer.clone()),
        ..case
    }
}

/// His word on whether a case is so; `beside` the assignment whose line on paper he said it on.
pub(super) fn on_case(
    act: &mut Act,
    case_id: Uuid,
    beside: Option<Uuid>,
    said: &Said,
) -> Result<(), StoreError> {
    if said.verdict == ReviewState::Unreviewed {
        return Err(unknown_verdict());
    }
    note(act, case_id, beside, said)?;
    let (case, _) = act.get::<Case>(case_id)?;
    // On paper he may say again what he has said on the screen since: a fresh word, no step.
    let again = said.paper.is_some() && case.review_state == said.verdict;
    if !again {
        lifecycle::review_after(case.review_state, said.verdict)?;
    }
    let seen = said.verdict == ReviewState::Confirmed;
    let case = Case {
        review_state: said.verdict,
        ..case
    };
    act.update(&if seen { heard(case, said) } else { case })?;
    if seen {
        open_needs(act, case_id)?;
    }
    Ok(())
}

fn unknown_verdict() -> StoreError {
    StoreError::Invalid {
        code: "verdict_unknown",
        field: "verdict",
    }
}

/// Keeps the word itself. Whether he may say it is asked here, of what it is about.
fn note(
    act: &mut Act,
    case_id: Uuid,
    assignment_id: Option<Uuid>,
    said: &Said,
) -> Result<(), StoreError> {
    if said.verdict != ReviewState::Confirmed && said.reason.is_none() {
        return Err(StoreError::Invalid {
            code: "reason_missing",
            field: "reason",
        });
    }
    act.get::<Case>(case_id)?;
    let medium = match said.paper {
        Some(_) => ReviewMedium::Paper,
        None => ReviewMedium::Screen,
    };
    let paper = said.paper.clone();
    let review = Review {
        id: act.new_id(),
        case_id,
        assignment_id,
        verdict: said.verdict,
        reason: said.reason.clone(),
        reviewer: said.reviewer.clone(),
        reviewed_at: said.at,
        medium,
        tick_list_id: paper.as_ref().map(|paper| paper.list_id),
        ticked: paper.as_ref().map(|paper| paper.ticked),
        keyed_by: paper.map(|paper| paper.keyed_by),
        ..Review::default()
    };
    act.create(&review)
}

/// What the headman says is true is open for help.
fn open_needs(act: &mut Act, case_id: Uuid) -> Result<(), StoreError> {
    let needs = rows::select::<Need>(
        act.conn(),
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL",
        &[&case_id.to_string()],
    )?;
    for need in needs {
        if matches!(need.state, NeedState::Reported | NeedState::Verifying) {
            act.update(&need.stepped(NeedMove::Open, act.now, None)?)?;
        }
    }
    Ok(())
}
