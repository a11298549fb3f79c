//! When a volunteer leaves: what he held goes to others, in one act.

use jitasa_domain::{Assignment, OfferChannel, Volunteer, lifecycle::AssignmentMove};
use uuid::Uuid;

use super::{
    Act,
    assignment::{self, MoveAssignment, Propose},
    pair::{self, Visit},
    volunteer,
    volunteer::Away,
};
use crate::StoreError;

/// Everything that changes hands.
#[derive(Debug, Clone)]
pub struct HandOver {
    pub volunteer_id: Uuid,
    pub reason: String,
    pub to: Vec<Successor>,
    /// Set him away in the same act.
    pub away: Option<Away>,
    /// The successors have been told already.
    pub offered: bool,
    pub channel: Option<OfferChannel>,
}

/// One assignment and who takes it; nobody: its need waits for hands again.
#[derive(Debug, Clone)]
pub struct Successor {
    pub assignment_id: Uuid,
    pub volunteer_id: Option<Uuid>,
    pub volunteer_label: String,
    pub distance_m: Option<u32>,
    pub why: Vec<String>,
}

pub(super) fn hand_over(act: &mut Act, over: HandOver) -> Result<Uuid, StoreError> {
    act.get::<Volunteer>(over.volunteer_id)?;
    if over.reason.trim().is_empty() {
        return Err(refused("reason_missing", "reason"));
    }
    if over
        .away
        .as_ref()
        .is_some_and(|away| away.id != over.volunteer_id)
    {
        return Err(refused("hand_over_of_another", "away"));
    }
    // What one visit was stays one visit, for each who takes part of it.
    let mut visits: Vec<((Uuid, Uuid), Uuid)> = Vec::new();
    for successor in over.to {
        let (held, _) = act.get::<Assignment>(successor.assignment_id)?;
        if held.volunteer_id != over.volunteer_id {
            return Err(refused("hand_over_of_another", "to"));
        }
        let Some(volunteer_id) = successor.volunteer_id else {
            let step = MoveAssignment {
                id: held.id,
                step: AssignmentMove::Revoke,
                reason: Some(over.reason.clone()),
                ..MoveAssignment::default()
            };
            assignment::take(act, &step)?;
            continue;
        };
        if volunteer_id == over.volunteer_id {
            return Err(refused("hand_over_to_himself", "to"));
        }
        let known = held.visit_id.and_then(|visit| {
            let known = visits.iter().find(|(of, _)| *of == (visit, volunteer_id));
            known.map(|(_, new)| *new)
        });
        // A team goes on as a team when one of it takes over.
        let goes_on = pair::is_of_team(act, held.team_id, volunteer_id)?;
        let mut propose = Propose {
            need_id: held.need_id,
            volunteer_id,
            volunteer_label: successor.volunteer_label,
            distance_m: successor.distance_m,
            why: successor.why,
            offered: over.offered,
            channel: over.channel,
            pinned: held.pinned,
            team_id: held.team_id.filter(|_| goes_on),
            visit_id: known,
            replaces_id: Some(held.id),
        };
        let case = pair::check(act, &propose).map_err(|error| of_row(error, held.id))?;
        if let (Some(visit), None) = (held.visit_id, known) {
            // Whoever does something at this house already joins it to that.
            let joined = pair::visit_of(act, &propose, case.id)?;
            let new = joined.as_ref().map_or_else(|| act.new_id(), Visit::id);
            if !matches!(joined, Some(Visit::With(_))) {
                propose.visit_id = Some(new);
            }
            visits.push(((visit, volunteer_id), new));
        }
        assignment::give(act, &case, propose, Some(&over.reason))?;
    }
    if let Some(away) = over.away {
        volunteer::set_away(act, &away)?;
    }
    Ok(over.volunteer_id)
}

/// Which of them it is that could not be given: the others could.
fn of_row(error: StoreError, assignment_id: Uuid) -> StoreError {
    match error {
        StoreError::Invalid { code, field } => StoreError::InvalidRow {
            code,
            field,
            id: assignment_id,
        },
        other => other,
    }
}

const fn refused(code: &'static str, field: &'static str) -> StoreError {
    StoreError::Invalid { code, field }
}
