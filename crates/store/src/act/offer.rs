//! Offers: who is set aside for a need, who claims it, what expires, what the receiver says.

use jitasa_domain::{
    Assignment, AssignmentState, Case, Denied, FollowUp, Need, OfferChannel, ReceiverWord,
    Volunteer,
    lifecycle::{AssignmentMove, NeedMove},
};
use uuid::Uuid;

use super::{
    Act,
    assignment::{self, MoveAssignment, Propose},
    follow_up, pair,
};
use crate::{StoreError, query::office, rows};

/// Not this volunteer for this need. Kept as an assignment that was revoked before anybody was told,
/// so that it shows in the case's history, travels, and can be taken back.
#[derive(Debug, Clone)]
pub struct Reject {
    pub need_id: Uuid,
    pub volunteer_id: Uuid,
    pub volunteer_label: String,
    pub reason: String,
}

/// What the person in need says.
#[derive(Debug, Clone)]
pub struct ReceiverSaid {
    pub assignment_id: Uuid,
    pub word: ReceiverWord,
    pub note: Option<String>,
    /// What the follow-up says where he says that nobody came.
    pub follow_up_note: String,
}

/// The most volunteers one need takes.
const HANDS_MAX: u32 = 50;

const fn refused(code: &'static str, field: &'static str) -> StoreError {
    StoreError::Invalid { code, field }
}

pub(super) fn reject(act: &mut Act, reject: Reject) -> Result<Uuid, StoreError> {
    let (need, _) = act.get::<Need>(reject.need_id)?;
    act.get::<Volunteer>(reject.volunteer_id)?;
    if reject.reason.trim().is_empty() {
        return Err(refused("reason_missing", "reason"));
    }
    let of_need = assignment::of_need(act, need.id)?;
    let mut his = of_need
        .into_iter()
        .filter(|each| each.volunteer_id == reject.volunteer_id);
    if his.clone().any(|each| bars(&each)) {
        return Err(refused("volunteer_declined_need", "volunteer_id"));
    }
    match his.find(|each| each.state.is_active()) {
        // Put forward, and nobody was told yet.
        Some(standing) if standing.state == AssignmentState::Proposed => {
            let step = MoveAssignment {
                id: standing.id,
                step: AssignmentMove::Revoke,
                reason: Some(reject.reason),
                ..MoveAssignment::default()
            };
            let revoked = assignment::take(act, &step)?;
            act.update(&Assignment {
                set_aside: true,
                ..revoked
            })?;
            Ok(standing.id)
        }
        // He knows of it: it has to be taken back from him, which is another thing.
        Some(_) => Err(refused("volunteer_told_already", "volunteer_id")),
        None => {
            let row = Assignment {
                id: act.new_id(),
                case_id: need.case_id,
                need_id: need.id,
                volunteer_id: reject.volunteer_id,
                volunteer_label: reject.volunteer_label,
                state: AssignmentState::Revoked,
                state_since: act.now,
                reason: Some(reject.reason),
                set_aside: true,
                created_at: act.now,
                created_by: Some(act.actor.id),
                ..Assignment::default()
            };
            act.create(&row)?;
            Ok(row.id)
        }
    }
}

/// Whether an assignment stands between its volunteer and its need until somebody reconsiders.
fn bars(assignment: &Assignment) -> bool {
    assignment.set_aside || assignment.state == AssignmentState::Declined
}

pub(super) fn reconsider(
    act: &mut Act,
    need_id: Uuid,
    volunteer_id: Uuid,
) -> Result<Uuid, StoreError> {
    let (need, _) = act.get::<Need>(need_id)?;
    let mut barring = assignment::of_need(act, need_id)?;
    barring.retain(|each| each.volunteer_id == volunteer_id && bars(each));
    if barring.is_empty() {
        return Err(refused("not_set_aside", "volunteer_id"));
    }
    for each in barring {
        act.update(&Assignment {
            void_reason: Some("reconsidered".into()),
            ..each
        })?;
    }
    Ok(need.id)
}

pub(super) fn claim(act: &mut Act, claim: Propose) -> Result<Uuid, StoreError> {
    let case = pair::check(act, &claim)?;
    let limit = office::rules(act.conn())?.whole("offers.claim_limit");
    let claimed = pair::held_by(act, claim.volunteer_id)?
        .iter()
        .filter(|each| {
            each.volunteer_id == claim.volunteer_id
                && each.offered_by == Some(OfferChannel::Claimed)
        })
        .count();
    if i64::try_from(claimed).unwrap_or(i64::MAX) >= limit {
        return Err(refused("claim_limit_reached", "volunteer_id"));
    }
    let claim = Propose {
        offered: false,
        replaces_id: None,
        ..claim
    };
    let claimed = Assignment {
        state: AssignmentState::Accepted,
        offered_by: Some(OfferChannel::Claimed),
        offered_at: Some(act.now),
        ..assignment::new_assignment(act, &case, claim)?
    };
    act.create(&claimed)?;
    assignment::follow(act, &claimed, NeedMove::Assign)?;
    Ok(claimed.id)
}

pub(super) fn receiver_said(act: &mut Act, said: ReceiverSaid) -> Result<Uuid, StoreError> {
    use AssignmentState as S;
    let (assignment, _) = act.get::<Assignment>(said.assignment_id)?;
    if matches!(
        assignment.state,
        S::Proposed | S::Offered | S::Declined | S::Expired | S::Revoked | S::Reassigned
    ) {
        return Err(refused("receiver_word_too_early", "id"));
    }
    let (case, _) = act.get::<Case>(assignment.case_id)?;
    let before = (assignment.receiver_word, assignment.receiver_said_at);
    let finished = assignment.state.is_finished();
    act.update(&Assignment {
        receiver_word: Some(said.word),
        receiver_note: said.note.clone(),
        receiver_said_at: Some(act.now),
        ..assignment
    })?;
    // He was spoken to: the case is fresh.
    let by = act.actor.name.clone();
    act.update(&Case {
        confirmed_at: Some(act.now),
        confirmed_by: Some(by),
        ..case.clone()
    })?;
    // He has answered what was to be asked, whatever his answer.
    let outcome = follow_up::said(said.note.as_deref(), said.word.code()).to_string();
    follow_up::end(act, case.id, &outcome, |each| {
        each.note == follow_up::ASK_HELP_CAME
    })?;
    if said.word != ReceiverWord::NotCome {
        if let (Some(ReceiverWord::NotCome), Some(since)) = before {
            // The look that his earlier word set has no reason any more.
            follow_up::end(act, case.id, &outcome, |each| each.created_at == since)?;
        }
    } else if finished && before.0 != Some(ReceiverWord::NotCome) {
        // It is said to be done and he says that nobody came: somebody looks into it today. Whether the
        // headman returns it or the office opens the need again is theirs to decide.
        let follow_up = FollowUp {
            id: act.new_id(),
            case_id: case.id,
            due_on: act.now.date(),
            note: said.follow_up_note,
            by_rule: true,
            created_at: act.now,
            ..FollowUp::default()
        };
        act.create(&follow_up)?;
    }
    follow_up::set_by_rule(act, &case)?;
    Ok(said.assignment_id)
}

pub(super) fn set_hands(act: &mut Act, need_id: Uuid, hands: u32) -> Result<Uuid, StoreError> {
    let (need, _) = act.get::<Need>(need_id)?;
    if !(1..=HANDS_MAX).contains(&hands) {
        return Err(refused("hands_wrong", "hands"));
    }
    let taken = pair::hands_taken(&need, &assignment::of_need(act, need_id)?);
    if usize::try_from(hands).unwrap_or(usize::MAX) < taken {
        return Err(refused("hands_fewer_than_held", "hands"));
    }
    act.update(&Need {
        hands: Some(hands),
        ..need
    })?;
    Ok(need_id)
}

/// Offers that nobody answered until they ran out. It came about when they ran out, not when a desk looked: two
/// desks that both look write the same.
pub(super) fn expire(act: &mut Act) -> Result<(), StoreError> {
    let run_out = rows::select::<Assignment>(
        act.conn(),
        "WHERE r.state = 'offered' AND r.void_reason IS NULL AND r.expires_at <= ?1
         ORDER BY r.expires_at, r.pk",
        &[&act.now.0],
    )?;
    for offer in run_out {
        let step = MoveAssignment {
            id: offer.id,
            step: AssignmentMove::Expire,
            ..MoveAssignment::default()
        };
        match assignment::take_at(act, &step, offer.expires_at.unwrap_or(act.now)) {
            // A case that is another office's again: its own desks see to it.
            Err(StoreError::Denied(Denied::Scope)) => {}
            other => drop(other?),
        }
    }
    Ok(())
}
