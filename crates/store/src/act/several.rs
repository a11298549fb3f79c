//! Several needs given at once, as a plan says. What cannot be given is left out and listed; the rest is given.

use std::collections::BTreeMap;

use jitasa_domain::{Assignment, Case, Volunteer, lifecycle::AssignmentMove};
use uuid::Uuid;

use super::{
    Act,
    assignment::{self, MoveAssignment, Propose},
    pair,
};
use crate::StoreError;

/// A pair and its place in the request.
type Asked = (usize, Propose);

/// Gives several needs to volunteers. What cannot be given (somebody else took it meanwhile, he is full by
/// now) is left out and listed: a pair writes nothing before all of its checks are through.
pub(super) fn propose_all(act: &mut Act, all: Vec<Propose>) -> Result<(), StoreError> {
    let mut waiting: Vec<Asked> = all.into_iter().enumerate().collect();
    // Whoever lets go of one need here has room for another, in whatever order they come.
    loop {
        let asked = waiting.len();
        let mut full = Vec::new();
        for (index, each) in waiting {
            match assignment::propose(act, each.clone()) {
                Ok(_) => {}
                Err(error) if is_full(&error) => full.push((index, each)),
                Err(error) => leave_out(act, index, error)?,
            }
        }
        waiting = full;
        if waiting.is_empty() || waiting.len() == asked {
            break;
        }
    }
    swap(act, waiting)
}

fn is_full(error: &StoreError) -> bool {
    matches!(error, StoreError::Invalid { code, .. } if *code == pair::FULL)
}

fn leave_out(act: &mut Act, index: usize, error: StoreError) -> Result<(), StoreError> {
    let code = match error {
        StoreError::Invalid { code, .. } => code,
        // Whoever may not see a record is not told that it is there.
        StoreError::NotFound(_)
        | StoreError::Denied(jitasa_domain::Denied::Scope | jitasa_domain::Denied::Village) => {
            "not_found"
        }
        other => return Err(other),
    };
    act.refused.push((index, code));
    Ok(())
}

/// Those who are left wait for each other: one lets go of what the other is to take. All let go first, then
/// all take; whoever would have too much even so is left out.
fn swap(act: &mut Act, left: Vec<Asked>) -> Result<(), StoreError> {
    let mut round: Vec<(usize, Propose, Option<Assignment>)> = Vec::new();
    for (index, each) in left {
        match standing(act, &each) {
            Ok(standing) => round.push((index, each, standing)),
            Err(error) => leave_out(act, index, error)?,
        }
    }
    while let Some(place) = too_much(act, &round)? {
        let (index, ..) = round.remove(place);
        act.refused.push((index, pair::FULL));
    }
    for (.., standing) in &round {
        if let Some(standing) = standing {
            let step = MoveAssignment {
                id: standing.id,
                step: AssignmentMove::Reassign,
                ..MoveAssignment::default()
            };
            assignment::take(act, &step)?;
        }
    }
    for (index, each, standing) in round {
        match pair::check(act, &each) {
            Ok(case) => create(act, &case, each)?,
            // Nobody has let go for a pair without a predecessor: it is left out like any other.
            Err(error) if standing.is_none() => leave_out(act, index, error)?,
            // Undone as a whole rather than by half.
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn create(act: &mut Act, case: &Case, propose: Propose) -> Result<(), StoreError> {
    let given = assignment::new_assignment(act, case, propose)?;
    act.create(&given)
}

/// What a pair takes over from, if it may.
fn standing(act: &Act, propose: &Propose) -> Result<Option<Assignment>, StoreError> {
    let Some(id) = propose.replaces_id else {
        return Ok(None);
    };
    pair::may_make_room(act, id, propose.need_id)?;
    Ok(Some(act.get::<Assignment>(id)?.0))
}

/// The last pair whose volunteer would hold more than he takes, when all of them let go and take.
fn too_much(
    act: &Act,
    round: &[(usize, Propose, Option<Assignment>)],
) -> Result<Option<usize>, StoreError> {
    let mut change: BTreeMap<Uuid, i64> = BTreeMap::new();
    for (_, each, standing) in round {
        *change.entry(each.volunteer_id).or_default() += 1;
        if let Some(standing) = standing {
            *change.entry(standing.volunteer_id).or_default() -= 1;
        }
    }
    for (place, (_, each, _)) in round.iter().enumerate().rev() {
        let (volunteer, _) = act.get::<Volunteer>(each.volunteer_id)?;
        let held = i64::try_from(pair::visits_of(act, volunteer.id)?.len()).unwrap_or(i64::MAX);
        let then = held.saturating_add(change[&volunteer.id]);
        if then > i64::from(volunteer.max_open_tasks) {
            return Ok(Some(place));
        }
    }
    Ok(None)
}
