//! Acts on assignments: given, told, taken, done. Who may be given what is in `pair`; what a step does to the need
//! is in the lifecycle's tables.

use jitasa_domain::{
    Assignment, AssignmentState, Case, ClosingReason, Need, OfferChannel, Timestamp,
    lifecycle::{self, AssignmentMove, Fellow},
};
use uuid::Uuid;

use super::{
    Act,
    pair::{self, Visit},
};
use crate::{StoreError, query::office, rows};

/// Give a need to a volunteer.
#[derive(Debug, Clone, Default)]
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
    /// How.
    pub channel: Option<OfferChannel>,
    /// A new plan leaves it as it is.
    pub pinned: bool,
    pub team_id: Option<Uuid>,
    /// Assignments of one visit share it. Absent: that of whatever he does at this house already.
    pub visit_id: Option<Uuid>,
    /// An assignment of the same need, not taken yet, that makes room for this one.
    pub replaces_id: Option<Uuid>,
}

/// A step of an assignment.
#[derive(Debug, Clone, Default)]
pub struct MoveAssignment {
    pub id: Uuid,
    pub step: AssignmentMove,
    pub reason: Option<String>,
    pub outcome: Option<String>,
    /// With `Offer`: how he was told.
    pub channel: Option<OfferChannel>,
    /// With `Finish`, `FinishPartly` and `Fail`.
    pub minutes_given: Option<u32>,
}

pub(super) fn propose(act: &mut Act, propose: Propose) -> Result<Uuid, StoreError> {
    let case = pair::check(act, &propose)?;
    if let Some(id) = propose.replaces_id {
        pair::may_make_room(act, id, propose.need_id)?;
    }
    give(act, &case, propose, None)
}

/// Gives a pair that was checked; whoever makes room for it lets go after, so that the need is never seen without
/// both of them.
pub(super) fn give(
    act: &mut Act,
    case: &Case,
    propose: Propose,
    why_let_go: Option<&str>,
) -> Result<Uuid, StoreError> {
    let replaces_id = propose.replaces_id;
    let given = new_assignment(act, case, propose)?;
    act.create(&given)?;
    if let Some(id) = replaces_id {
        let step = MoveAssignment {
            id,
            step: AssignmentMove::Reassign,
            reason: why_let_go.map(ToString::to_string),
            ..MoveAssignment::default()
        };
        take(act, &step)?;
    }
    Ok(given.id)
}

/// The assignment of a pair that was checked; told already where the request says so.
pub(super) fn new_assignment(
    act: &mut Act,
    case: &Case,
    propose: Propose,
) -> Result<Assignment, StoreError> {
    let visit_id = match pair::visit_of(act, &propose, case.id)? {
        Some(Visit::Named(visit)) => Some(visit),
        Some(Visit::With(other)) => {
            act.update(&Assignment {
                visit_id: Some(other.id),
                ..*other
            })?;
            Some(other.id)
        }
        None => None,
    };
    let companions = pair::companions(act, &propose)?;
    let assignment = Assignment {
        id: act.new_id(),
        number: next_number(act, case)?,
        case_id: case.id,
        need_id: propose.need_id,
        volunteer_id: propose.volunteer_id,
        volunteer_label: propose.volunteer_label,
        state: AssignmentState::Proposed,
        state_since: act.now,
        distance_m: propose.distance_m,
        why: propose.why,
        pinned: propose.pinned,
        team_id: propose.team_id,
        companions,
        visit_id,
        replaces_id: propose.replaces_id,
        created_at: act.now,
        created_by: Some(act.actor.id),
        ..Assignment::default()
    };
    if propose.offered {
        told(
            act,
            case,
            Assignment {
                state: AssignmentState::Offered,
                ..assignment
            },
            propose.channel,
        )
    } else {
        Ok(assignment)
    }
}

/// With how and when he was told, and until when an answer is awaited.
fn told(
    act: &Act,
    case: &Case,
    assignment: Assignment,
    channel: Option<OfferChannel>,
) -> Result<Assignment, StoreError> {
    let minutes = office::rules(act.conn())?.by_urgency("offers.expire", case.urgency);
    Ok(Assignment {
        offered_by: channel,
        offered_at: Some(act.now),
        expires_at: Some(act.now.plus_ms(minutes * 60_000)),
        ..assignment
    })
}

/// The case's number and the next serial in it; an assignment that was taken back keeps its own. Two desks that
/// work apart may give the same one: it is a label, and whoever looks for it is shown both.
fn next_number(act: &Act, case: &Case) -> Result<String, StoreError> {
    let mut statement = act
        .conn()
        .prepare_cached("SELECT number FROM assignment WHERE case_id = ?1 AND number <> ''")?;
    let numbers = statement.query_map([case.id.to_string()], |row| row.get::<_, String>(0))?;
    let mut last = 0;
    for number in numbers {
        let number = number?;
        let serial = number
            .rsplit('-')
            .next()
            .and_then(|serial| serial.parse().ok());
        last = last.max(serial.unwrap_or(0));
    }
    Ok(format!("{}-{:02}", case.number, last + 1))
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
    let now = act.now;
    take_at(act, step, now)
}

/// The same for what came about at another moment than now.
pub(super) fn take_at(
    act: &mut Act,
    step: &MoveAssignment,
    at: Timestamp,
) -> Result<Assignment, StoreError> {
    let (assignment, _) = act.get::<Assignment>(step.id)?;
    let (state, need_step) = lifecycle::assignment_after(assignment.state, step.step)?;
    if assignment.state == AssignmentState::Expired {
        // Nobody waited for him: the need may have its hands by now.
        pair::has_room_for(act, &assignment)?;
    }
    // He went there for nothing, too.
    let took_time = matches!(
        step.step,
        AssignmentMove::Finish | AssignmentMove::FinishPartly | AssignmentMove::Fail
    );
    let mut moved = Assignment {
        state,
        state_since: at,
        reason: step.reason.clone().or(assignment.reason),
        outcome: step.outcome.clone().or(assignment.outcome),
        minutes_given: step
            .minutes_given
            .filter(|_| took_time)
            .or(assignment.minutes_given),
        ..assignment
    };
    if step.step == AssignmentMove::Offer {
        let (case, _) = act.get::<Case>(moved.case_id)?;
        moved = told(act, &case, moved, step.channel)?;
    }
    act.update(&moved)?;
    if let Some(need_step) = need_step {
        follow(act, &moved, need_step)?;
    }
    Ok(moved)
}

/// Takes the need of an assignment the steps that follow from the assignment's.
pub(super) fn follow(
    act: &mut Act,
    moved: &Assignment,
    asked: lifecycle::NeedMove,
) -> Result<(), StoreError> {
    let (mut need, _) = act.get::<Need>(moved.need_id)?;
    let fellows: Vec<Fellow> = of_need(act, moved.need_id)?
        .iter()
        .filter(|each| each.id != moved.id)
        .map(|each| Fellow {
            state: each.state,
            this_round: each.state_since >= need.state_since,
        })
        .collect();
    for step in lifecycle::need_follows(need.state, asked, &fellows) {
        let closing = (ClosingReason::Met, need.closing_note.clone());
        need = need.stepped(step, moved.state_since, Some(closing))?;
        act.update(&need)?;
    }
    Ok(())
}

/// All assignments of a need that count.
pub(super) fn of_need(act: &Act, need_id: Uuid) -> Result<Vec<Assignment>, StoreError> {
    rows::select(
        act.conn(),
        "WHERE r.need_id = ?1 AND r.void_reason IS NULL ORDER BY r.pk",
        &[&need_id.to_string()],
    )
}
