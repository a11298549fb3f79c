//! The headman's word, on a case or on an assignment.

use jitasa_domain::{
    Case, Need, NeedState, Review, ReviewState, lifecycle,
    lifecycle::{AssignmentMove, NeedMove},
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
    let (case, _) = act.get::<Case>(decide.case_id)?;
    if decide.verdict == ReviewState::Unreviewed {
        return Err(StoreError::Invalid {
            code: "verdict_unknown",
            field: "verdict",
        });
    }
    if decide.verdict != ReviewState::Confirmed && decide.reason.is_none() {
        return Err(StoreError::Invalid {
            code: "reason_missing",
            field: "reason",
        });
    }
    let reviewer = act.actor.name.clone();
    let review = Review {
        id: act.new_id(),
        case_id: decide.case_id,
        assignment_id: decide.assignment_id,
        verdict: decide.verdict,
        reason: decide.reason.clone(),
        reviewer: reviewer.clone(),
        reviewed_at: act.now,
        ..Review::default()
    };
    act.create(&review)?;
    match decide.assignment_id {
        Some(id) => {
            let step = match decide.verdict {
                ReviewState::Confirmed => AssignmentMove::Confirm,
                ReviewState::Returned => AssignmentMove::Return,
                ReviewState::Unreviewed | ReviewState::NotFound | ReviewState::Rejected => {
                    return Err(StoreError::Invalid {
                        code: "verdict_unknown",
                        field: "verdict",
                    });
                }
            };
            let moved = assignment::take(
                act,
                &assignment::MoveAssignment {
                    id,
                    step,
                    reason: decide.reason,
                    outcome: None,
                },
            )?;
            if moved.case_id != case.id {
                return Err(StoreError::NotFound("assignment"));
            }
            act.update(&Case {
                confirmed_at: Some(act.now),
                confirmed_by: Some(reviewer),
                ..case
            })?;
        }
        None => {
            lifecycle::review_after(case.review_state, decide.verdict)?;
            let seen = decide.verdict == ReviewState::Confirmed;
            act.update(&Case {
                review_state: decide.verdict,
                confirmed_at: if seen {
                    Some(act.now)
                } else {
                    case.confirmed_at
                },
                confirmed_by: if seen {
                    Some(reviewer)
                } else {
                    case.confirmed_by.clone()
                },
                ..case
            })?;
            if seen {
                open_needs(act, decide.case_id)?;
            }
        }
    }
    Ok(decide.case_id)
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
            let state = lifecycle::need_after(need.state, NeedMove::Open)?;
            act.update(&Need {
                state,
                state_since: act.now,
                ..need
            })?;
        }
    }
    Ok(())
}
