//! Whether a volunteer may be given a need. Asked before anything is written, so that a pair that is refused leaves
//! no trace.

use std::collections::BTreeSet;

use jitasa_domain::{
    Assignment, AssignmentState, Case, Need, NeedState, Team, Volunteer, WhyAway, rules::Rules,
};
use uuid::Uuid;

use super::{Act, assignment, assignment::Propose};
use crate::{StoreError, query::office, rows};

/// He has as much to do as he takes.
pub(super) const FULL: &str = "volunteer_full";

const fn refused(code: &'static str, field: &'static str) -> StoreError {
    StoreError::Invalid { code, field }
}

/// Whether a need may be given to a volunteer; answers its case. His hours are not asked here: a clerk who gives
/// work by hand has his reasons, and the plan for tomorrow is made in the evening. What it
/// replaces is counted as gone.
pub(super) fn check(act: &Act, propose: &Propose) -> Result<Case, StoreError> {
    let (need, _) = act.get::<Need>(propose.need_id)?;
    let (case, _) = act.get::<Case>(need.case_id)?;
    let (volunteer, _) = act.get::<Volunteer>(propose.volunteer_id)?;
    let mut of_need = assignment::of_need(act, need.id)?;
    of_need.retain(|each| Some(each.id) != propose.replaces_id);
    need_is_free(&need, &of_need)?;
    he_is_free_for(&need, &volunteer, &of_need)?;
    he_can_come(act, &volunteer, &office::rules(act.conn())?)?;
    he_has_room(act, &volunteer, propose, case.id)?;
    if let Some(team_id) = propose.team_id {
        let (team, _) = act.get::<Team>(team_id)?;
        if !is_in(&team, volunteer.id) {
            return Err(refused("volunteer_not_in_team", "team_id"));
        }
    }
    Ok(case)
}

fn is_in(team: &Team, volunteer_id: Uuid) -> bool {
    team.leader_id == Some(volunteer_id) || team.members.contains(&volunteer_id.to_string())
}

/// Whether somebody is of a team; nobody is of none.
pub(super) fn is_of_team(
    act: &Act,
    team_id: Option<Uuid>,
    volunteer_id: Uuid,
) -> Result<bool, StoreError> {
    match team_id {
        Some(id) => Ok(is_in(&act.get::<Team>(id)?.0, volunteer_id)),
        None => Ok(false),
    }
}

/// Who goes along when a need is given to one of a team: the others who can be asked for it today. Whoever it is taken
/// over from stays behind.
pub(super) fn companions(act: &Act, propose: &Propose) -> Result<Vec<String>, StoreError> {
    let Some(team_id) = propose.team_id else {
        return Ok(Vec::new());
    };
    let (team, _) = act.get::<Team>(team_id)?;
    let (need, _) = act.get::<Need>(propose.need_id)?;
    let mut of_need = assignment::of_need(act, need.id)?;
    let replaced = of_need
        .iter()
        .find(|each| Some(each.id) == propose.replaces_id)
        .map(|each| each.volunteer_id);
    of_need.retain(|each| Some(each.id) != propose.replaces_id);
    let rules = office::rules(act.conn())?;
    let mut along = Vec::new();
    for id in &team.members {
        let Some(id) = id
            .parse()
            .ok()
            .filter(|id| *id != propose.volunteer_id && Some(*id) != replaced)
        else {
            continue;
        };
        // Whoever left the register may still be of the team.
        let Some(member) = rows::get::<Volunteer>(act.conn(), id)? else {
            continue;
        };
        let comes = member.void_reason.is_none()
            && he_can_come(act, &member, &rules).is_ok()
            && he_is_free_for(&need, &member, &of_need).is_ok();
        if comes {
            along.push(id.to_string());
        }
    }
    Ok(along)
}

/// Whether a plan may give somebody else what this assignment stands for: nobody has taken it yet, and no person
/// pinned it.
pub(super) fn may_make_room(act: &Act, id: Uuid, need_id: Uuid) -> Result<(), StoreError> {
    let (standing, _) = act.get::<Assignment>(id)?;
    let free = matches!(
        standing.state,
        AssignmentState::Proposed | AssignmentState::Offered
    );
    if standing.need_id != need_id || !free || standing.pinned {
        return Err(refused("need_has_hands", "replaces"));
    }
    Ok(())
}

/// Hands that a need has: those who hold it or are being asked, and those who have done their part of it while
/// others are still at it.
pub(super) fn hands_taken(need: &Need, of_need: &[Assignment]) -> usize {
    let on_it = of_need.iter().filter(|each| is_on(need, each));
    on_it.map(Assignment::hands).sum()
}

fn is_on(need: &Need, each: &Assignment) -> bool {
    let others_at_it = matches!(need.state, NeedState::Assigned | NeedState::InProgress);
    each.state.is_active()
        || others_at_it && each.state.is_finished() && each.state_since >= need.state_since
}

/// Whether the need of an assignment that is over takes it again.
pub(super) fn has_room_for(act: &Act, assignment: &Assignment) -> Result<(), StoreError> {
    let (need, _) = act.get::<Need>(assignment.need_id)?;
    let mut others = assignment::of_need(act, need.id)?;
    others.retain(|each| each.id != assignment.id);
    need_is_free(&need, &others)
}

/// Whether an assignment that was taken up again fits: the need has not got other hands meanwhile, and he not more to
/// do than he takes.
pub(super) fn stands_again(act: &Act, id: Uuid) -> Result<(), StoreError> {
    let (assignment, _) = act.get::<Assignment>(id)?;
    if !assignment.state.is_active() {
        return Ok(());
    }
    has_room_for(act, &assignment)?;
    let (volunteer, _) = act.get::<Volunteer>(assignment.volunteer_id)?;
    let visits = visits_of(act, volunteer.id)?.len();
    if visits > usize::try_from(volunteer.max_open_tasks).unwrap_or(usize::MAX) {
        return Err(refused(FULL, "volunteer_id"));
    }
    Ok(())
}

fn need_is_free(need: &Need, of_need: &[Assignment]) -> Result<(), StoreError> {
    if matches!(need.state, NeedState::Met | NeedState::Closed) {
        return Err(refused("need_over", "need_id"));
    }
    let wanted = usize::try_from(need.hands.unwrap_or(1).max(1)).unwrap_or(usize::MAX);
    if hands_taken(need, of_need) >= wanted {
        return Err(refused("need_has_hands", "need_id"));
    }
    Ok(())
}

fn he_is_free_for(
    need: &Need,
    volunteer: &Volunteer,
    of_need: &[Assignment],
) -> Result<(), StoreError> {
    for each in of_need {
        if is_on(need, each) && each.who_go().any(|id| id == volunteer.id) {
            return Err(refused("volunteer_has_need", "volunteer_id"));
        }
        if each.volunteer_id != volunteer.id {
            continue;
        }
        if Assignment::bars(each.state, each.set_aside) {
            return Err(refused("volunteer_declined_need", "volunteer_id"));
        }
    }
    Ok(())
}

fn he_can_come(act: &Act, volunteer: &Volunteer, rules: &Rules) -> Result<(), StoreError> {
    match volunteer.can_be_sent(act.now.date(), rules) {
        Ok(()) => Ok(()),
        Err(WhyAway::NotVetted) => Err(refused("volunteer_not_vetted", "volunteer_id")),
        Err(_) => Err(refused("volunteer_away", "volunteer_id")),
    }
}

/// The visit that a pair is to be part of.
pub(super) enum Visit {
    /// One with a name.
    Named(Uuid),
    /// Together with this assignment, which was a visit by itself.
    With(Box<Assignment>),
}

impl Visit {
    /// As [`visits_of`] counts it.
    pub(super) fn id(&self) -> Uuid {
        match self {
            Self::Named(visit) => *visit,
            Self::With(other) => other.id,
        }
    }
}

/// Whoever is asked for a second need of a case goes there once: the visit that was asked for, else that of what he
/// does at this house already.
pub(super) fn visit_of(
    act: &Act,
    propose: &Propose,
    case_id: Uuid,
) -> Result<Option<Visit>, StoreError> {
    if let Some(visit) = propose.visit_id {
        return Ok(Some(Visit::Named(visit)));
    }
    let held = held_by(act, propose.volunteer_id)?;
    let there = held
        .into_iter()
        .find(|each| each.case_id == case_id && Some(each.id) != propose.replaces_id);
    Ok(there.map(|each| match each.visit_id {
        Some(visit) => Visit::Named(visit),
        None => Visit::With(Box::new(each)),
    }))
}

/// One visit is one task, however many needs it serves.
fn he_has_room(
    act: &Act,
    volunteer: &Volunteer,
    propose: &Propose,
    case_id: Uuid,
) -> Result<(), StoreError> {
    let mut held = held_by(act, volunteer.id)?;
    held.retain(|each| Some(each.id) != propose.replaces_id);
    let visits = visits(&held);
    if visit_of(act, propose, case_id)?.is_some_and(|visit| visits.contains(&visit.id())) {
        return Ok(());
    }
    if visits.len() >= usize::try_from(volunteer.max_open_tasks).unwrap_or(usize::MAX) {
        return Err(refused(FULL, "volunteer_id"));
    }
    Ok(())
}

/// What a volunteer is on the way for or being asked for, by visit.
pub(super) fn visits_of(act: &Act, volunteer_id: Uuid) -> Result<BTreeSet<Uuid>, StoreError> {
    Ok(visits(&held_by(act, volunteer_id)?))
}

fn visits(held: &[Assignment]) -> BTreeSet<Uuid> {
    held.iter()
        .map(|each| each.visit_id.unwrap_or(each.id))
        .collect()
}

/// What a volunteer holds or is being asked for, and what he goes along to with his team.
pub(super) fn held_by(act: &Act, volunteer_id: Uuid) -> Result<Vec<Assignment>, StoreError> {
    rows::select(
        act.conn(),
        "WHERE r.void_reason IS NULL AND r.state IN ('proposed', 'offered', 'accepted', 'en_route', 'on_site')
         AND r.pk IN (SELECT pk FROM assignment WHERE volunteer_id = ?1
            UNION SELECT a.pk FROM assignment a CROSS JOIN json_each(a.companions) each
            WHERE a.companions <> '[]' AND a.void_reason IS NULL AND each.value = ?1
                AND a.state IN ('proposed', 'offered', 'accepted', 'en_route', 'on_site'))
         ORDER BY r.pk",
        &[&volunteer_id.to_string()],
    )
}
