//! Acts on assignments. What an assignment's step does to its need is in the lifecycle's table.

use jitasa_domain::{
    Assignment, AssignmentState, Availability, Case, Need, Volunteer,
    lifecycle::{self, AssignmentMove},
};
use uuid::Uuid;

use super::{Act, case};
use crate::{StoreError, rows};

/// Give a need to a volunteer.
#[derive(Debug, Clone)]
pub struct Propose {
    pub need_id: Uuid,
    pub volunteer_id: Uuid,
    /// Name and kind as people say them.
    pub volunteer_label: String,
    pub distance_m: Option<u32>,
    /// Codes of the reasons he was suggested for.
    pub why: Vec<String>,
    /// He has been told already.
    pub offered: bool,
}

/// A step of an assignment.
#[derive(Debug, Clone)]
pub struct MoveAssignment {
    pub id: Uuid,
    pub step: AssignmentMove,
    pub reason: Option<String>,
    pub outcome: Option<String>,
}

pub(super) fn propose(act: &mut Act, propose: Propose) -> Result<Uuid, StoreError> {
    let (need, _) = act.get::<Need>(propose.need_id)?;
    let (_case, _) = act.get::<Case>(need.case_id)?;
    let (volunteer, _) = act.get::<Volunteer>(propose.volunteer_id)?;
    if !need.state.wants_hands() {
        return Err(StoreError::Invalid {
            code: "need_has_hands",
            field: "need_id",
        });
    }
    if volunteer.availability != Availability::Available {
        return Err(StoreError::Invalid {
            code: "volunteer_away",
            field: "volunteer_id",
        });
    }
    let held = rows::select::<Assignment>(
        act.conn(),
        "WHERE r.volunteer_id = ?1 AND r.void_reason IS NULL
         AND r.state IN ('proposed', 'offered', 'accepted', 'en_route', 'on_site')",
        &[&propose.volunteer_id.to_string()],
    )?;
    if held.iter().any(|each| each.need_id == need.id) {
        return Err(StoreError::Invalid {
            code: "volunteer_has_need",
            field: "volunteer_id",
        });
    }
    if held.len() >= usize::try_from(volunteer.max_open_tasks).unwrap_or(usize::MAX) {
        return Err(StoreError::Invalid {
            code: "volunteer_full",
            field: "volunteer_id",
        });
    }
    let state = if propose.offered {
        AssignmentState::Offered
    } else {
        AssignmentState::Proposed
    };
    let assignment = Assignment {
        id: act.new_id(),
        case_id: need.case_id,
        need_id: need.id,
        volunteer_id: propose.volunteer_id,
        volunteer_label: propose.volunteer_label,
        state,
        state_since: act.now,
        distance_m: propose.distance_m,
        why: propose.why,
        created_at: act.now,
        created_by: Some(act.actor.id),
        ..Assignment::default()
    };
    act.create(&assignment)?;
    Ok(assignment.id)
}

pub(super) fn advance(act: &mut Act, step: &MoveAssignment) -> Result<Uuid, StoreError> {
    use AssignmentMove as M;
    if matches!(step.step, M::Confirm | M::Return) {
        // The headman's word has its own act, with its own permission.
        return Err(StoreError::Denied(jitasa_domain::Denied::Role));
    }
    if matches!(step.step, M::Decline | M::Fail | M::Revoke | M::Reassign) && step.reason.is_none()
    {
        return Err(StoreError::Invalid {
            code: "reason_missing",
            field: "reason",
        });
    }
    take(act, step)?;
    Ok(step.id)
}

/// Takes a step, and the need's step with it.
pub(super) fn take(act: &mut Act, step: &MoveAssignment) -> Result<Assignment, StoreError> {
    let (assignment, _) = act.get::<Assignment>(step.id)?;
    let (state, need_step) = lifecycle::assignment_after(assignment.state, step.step)?;
    let moved = Assignment {
        state,
        state_since: act.now,
        reason: step.reason.clone().or(assignment.reason),
        outcome: step.outcome.clone().or(assignment.outcome),
        ..assignment
    };
    act.update(&moved)?;
    if let Some(need_step) = need_step {
        case::follow(act, moved.need_id, need_step)?;
    }
    Ok(moved)
}
