//! The lifecycles: one table a kind of record. Everything else reads these tables: the store before
//! it writes, the server before it accepts, the screen to know which buttons to show.
//!
//! Source: Sahana, CrisisCleanup, Primero, CHT and HOT, brought to the words of an office
//! (`docs/adr/0012-lifecycles.md`).

mod follow;

pub use follow::{Fellow, need_follows};

use crate::{
    code::codes,
    records::{AssignmentState, CaseState, NeedState, ReviewState},
};

codes! {
    /// A step in the life of a need.
    NeedMove {
        Verify = "verify", Open = "open", Assign = "assign", Start = "start", Release = "release",
        MeetPartly = "meet_partly", Meet = "meet", Close = "close", Reopen = "reopen",
    }
}
codes! {
    /// A step in the life of an assignment.
    AssignmentMove {
        Offer = "offer", Accept = "accept", Decline = "decline", Expire = "expire",
        Depart = "depart", Arrive = "arrive", Finish = "finish", FinishPartly = "finish_partly",
        Fail = "fail", Confirm = "confirm", Return = "return", Revoke = "revoke",
        Reassign = "reassign",
    }
}

/// Lawful steps of a need: from, step, to.
pub const NEED: &[(NeedState, NeedMove, NeedState)] = {
    use NeedMove as M;
    use NeedState as S;
    &[
        (S::Reported, M::Verify, S::Verifying),
        (S::Reported, M::Open, S::Open),
        (S::Verifying, M::Open, S::Open),
        (S::Open, M::Assign, S::Assigned),
        (S::PartlyMet, M::Assign, S::Assigned),
        (S::Assigned, M::Start, S::InProgress),
        (S::Assigned, M::Release, S::Open),
        (S::InProgress, M::Release, S::Open),
        (S::Assigned, M::MeetPartly, S::PartlyMet),
        (S::InProgress, M::MeetPartly, S::PartlyMet),
        (S::Open, M::Meet, S::Met),
        (S::Assigned, M::Meet, S::Met),
        (S::InProgress, M::Meet, S::Met),
        (S::PartlyMet, M::Meet, S::Met),
        (S::Reported, M::Close, S::Closed),
        (S::Verifying, M::Close, S::Closed),
        (S::Open, M::Close, S::Closed),
        (S::PartlyMet, M::Close, S::Closed),
        (S::Met, M::Close, S::Closed),
        (S::Met, M::Reopen, S::Open),
        (S::Closed, M::Reopen, S::Open),
    ]
};

/// Lawful steps of an assignment: from, step, to, and the step its need takes with it where nobody else is busy
/// with the same need (see [`need_follows`]).
pub const ASSIGNMENT: &[(
    AssignmentState,
    AssignmentMove,
    AssignmentState,
    Option<NeedMove>,
)] = {
    use AssignmentMove as M;
    use AssignmentState as S;
    use NeedMove as N;
    &[
        (S::Proposed, M::Offer, S::Offered, None),
        (S::Proposed, M::Revoke, S::Revoked, Some(N::Release)),
        (S::Proposed, M::Reassign, S::Reassigned, Some(N::Release)),
        (S::Offered, M::Accept, S::Accepted, Some(N::Assign)),
        (S::Offered, M::Decline, S::Declined, Some(N::Release)),
        (S::Offered, M::Expire, S::Expired, Some(N::Release)),
        // A late yes is a yes, where nobody else has been asked meanwhile: on whichever desk the clock ran out.
        (S::Expired, M::Accept, S::Accepted, Some(N::Assign)),
        (S::Offered, M::Revoke, S::Revoked, Some(N::Release)),
        (S::Offered, M::Reassign, S::Reassigned, Some(N::Release)),
        (S::Accepted, M::Depart, S::EnRoute, Some(N::Start)),
        (S::Accepted, M::Arrive, S::OnSite, Some(N::Start)),
        (S::EnRoute, M::Arrive, S::OnSite, None),
        (S::Accepted, M::Finish, S::Done, Some(N::Meet)),
        (S::EnRoute, M::Finish, S::Done, Some(N::Meet)),
        (S::OnSite, M::Finish, S::Done, Some(N::Meet)),
        (
            S::Accepted,
            M::FinishPartly,
            S::PartlyDone,
            Some(N::MeetPartly),
        ),
        (
            S::EnRoute,
            M::FinishPartly,
            S::PartlyDone,
            Some(N::MeetPartly),
        ),
        (
            S::OnSite,
            M::FinishPartly,
            S::PartlyDone,
            Some(N::MeetPartly),
        ),
        (S::Accepted, M::Fail, S::Failed, Some(N::Release)),
        (S::EnRoute, M::Fail, S::Failed, Some(N::Release)),
        (S::OnSite, M::Fail, S::Failed, Some(N::Release)),
        (S::Accepted, M::Revoke, S::Revoked, Some(N::Release)),
        (S::EnRoute, M::Revoke, S::Revoked, Some(N::Release)),
        (S::OnSite, M::Revoke, S::Revoked, Some(N::Release)),
        (S::Accepted, M::Reassign, S::Reassigned, Some(N::Release)),
        (S::EnRoute, M::Reassign, S::Reassigned, Some(N::Release)),
        (S::OnSite, M::Reassign, S::Reassigned, Some(N::Release)),
        (S::Done, M::Confirm, S::Confirmed, Some(N::Close)),
        (S::PartlyDone, M::Confirm, S::Confirmed, None),
        (S::Done, M::Return, S::Returned, Some(N::Reopen)),
        (S::PartlyDone, M::Return, S::Returned, None),
    ]
};

/// Lawful words on a case: the headman may say anything anew; a clerk who mends a returned case puts
/// it back before him.
pub const REVIEW: &[(ReviewState, ReviewState)] = {
    use ReviewState as S;
    &[
        (S::Unreviewed, S::Confirmed),
        (S::Unreviewed, S::Returned),
        (S::Unreviewed, S::NotFound),
        (S::Unreviewed, S::Rejected),
        (S::Confirmed, S::Returned),
        (S::Confirmed, S::NotFound),
        (S::Confirmed, S::Rejected),
        (S::Returned, S::Confirmed),
        (S::Returned, S::NotFound),
        (S::Returned, S::Rejected),
        (S::Returned, S::Unreviewed),
        (S::NotFound, S::Confirmed),
        (S::NotFound, S::Returned),
        (S::NotFound, S::Rejected),
        (S::NotFound, S::Unreviewed),
        (S::Rejected, S::Confirmed),
        (S::Rejected, S::Unreviewed),
    ]
};

/// A step that the table does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{entity} cannot take the step {step} from the state {from}")]
pub struct UnlawfulMove {
    /// `need`, `assignment` or `case`.
    pub entity: &'static str,
    /// The state it is in.
    pub from: &'static str,
    /// The step that was asked for.
    pub step: &'static str,
}

/// The state a need reaches by a step.
///
/// # Errors
/// When the table does not allow the step.
pub fn need_after(from: NeedState, step: NeedMove) -> Result<NeedState, UnlawfulMove> {
    NEED.iter()
        .find(|(state, taken, _)| *state == from && *taken == step)
        .map(|(_, _, to)| *to)
        .ok_or(UnlawfulMove {
            entity: "need",
            from: from.code(),
            step: step.code(),
        })
}

/// The state an assignment reaches by a step, and the step its need takes with it.
///
/// # Errors
/// When the table does not allow the step.
pub fn assignment_after(
    from: AssignmentState,
    step: AssignmentMove,
) -> Result<(AssignmentState, Option<NeedMove>), UnlawfulMove> {
    ASSIGNMENT
        .iter()
        .find(|(state, taken, _, _)| *state == from && *taken == step)
        .map(|(_, _, to, need)| (*to, *need))
        .ok_or(UnlawfulMove {
            entity: "assignment",
            from: from.code(),
            step: step.code(),
        })
}

/// Whether a case's review may change from one word to the other.
///
/// # Errors
/// When the table does not allow it.
pub fn review_after(from: ReviewState, to: ReviewState) -> Result<(), UnlawfulMove> {
    REVIEW
        .contains(&(from, to))
        .then_some(())
        .ok_or(UnlawfulMove {
            entity: "case",
            from: from.code(),
            step: to.code(),
        })
}

/// The steps open to a need now.
pub fn need_moves(from: NeedState) -> impl Iterator<Item = NeedMove> {
    NEED.iter()
        .filter(move |(state, ..)| *state == from)
        .map(|(_, step, _)| *step)
}

/// The steps open to an assignment now.
pub fn assignment_moves(from: AssignmentState) -> impl Iterator<Item = AssignmentMove> {
    ASSIGNMENT
        .iter()
        .filter(move |(state, ..)| *state == from)
        .map(|(_, step, ..)| *step)
}

/// Whether a pair of states, as two desks would report them, is one step apart; `undone` allows the
/// same step backwards. Used by the server, which sees states and not the step.
#[must_use]
pub fn is_lawful(entity: crate::Entity, from: &str, to: &str, undone: bool) -> bool {
    let forward = |from: &str, to: &str| match entity {
        crate::Entity::Need => NEED
            .iter()
            .any(|(a, _, b)| a.code() == from && b.code() == to),
        crate::Entity::Assignment => ASSIGNMENT
            .iter()
            .any(|(a, _, b, _)| a.code() == from && b.code() == to),
        crate::Entity::Case => REVIEW
            .iter()
            .any(|(a, b)| a.code() == from && b.code() == to),
        _ => true,
    };
    from == to || forward(from, to) || (undone && forward(to, from))
}

impl AssignmentState {
    /// Whether somebody is (or is being asked to be) on the way: the need is not without hands.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(
            self,
            Self::Proposed | Self::Offered | Self::Accepted | Self::EnRoute | Self::OnSite
        )
    }

    /// Whether he has taken it and is not done with it.
    #[must_use]
    pub const fn is_held(self) -> bool {
        matches!(self, Self::Accepted | Self::EnRoute | Self::OnSite)
    }

    /// Whether he did something for it: all of it, or part.
    #[must_use]
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Done | Self::PartlyDone | Self::Confirmed)
    }

    /// Whether the headman is to say that help came.
    #[must_use]
    pub const fn awaits_review(self) -> bool {
        matches!(self, Self::Done | Self::PartlyDone)
    }
}

impl NeedState {
    /// Whether hands are wanted.
    #[must_use]
    pub const fn wants_hands(self) -> bool {
        matches!(
            self,
            Self::Reported | Self::Verifying | Self::Open | Self::PartlyMet
        )
    }
}

/// Where a case stands, from the states of its needs.
#[must_use]
pub fn case_state(needs: &[NeedState]) -> CaseState {
    use NeedState as S;
    let any = |wanted: &[S]| needs.iter().any(|state| wanted.contains(state));
    if any(&[S::Assigned, S::InProgress, S::PartlyMet]) {
        CaseState::InProgress
    } else if any(&[S::Open]) {
        CaseState::Open
    } else if needs.is_empty() || any(&[S::Reported, S::Verifying]) {
        CaseState::Reported
    } else if any(&[S::Met]) {
        CaseState::Met
    } else {
        CaseState::Closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_state_of_a_need_is_a_dead_end_and_each_can_be_reached() {
        for state in NeedState::ALL {
            assert!(
                need_moves(*state).next().is_some(),
                "{state:?} is a dead end"
            );
            assert!(
                *state == NeedState::Reported || NEED.iter().any(|(_, _, to)| to == state),
                "{state:?} cannot be reached"
            );
        }
    }

    #[test]
    fn every_state_of_an_assignment_can_be_reached() {
        for state in AssignmentState::ALL {
            assert!(
                *state == AssignmentState::Proposed
                    || ASSIGNMENT.iter().any(|(_, _, to, _)| to == state)
            );
        }
    }

    #[test]
    fn a_step_from_a_state_leads_to_one_state_only() {
        for (from, step, to) in NEED {
            assert_eq!(need_after(*from, *step), Ok(*to));
        }
        for (from, step, to, need) in ASSIGNMENT {
            assert_eq!(assignment_after(*from, *step), Ok((*to, *need)));
        }
    }

    #[test]
    fn a_declined_offer_cannot_be_accepted() {
        let refused = assignment_after(AssignmentState::Declined, AssignmentMove::Accept);
        assert_eq!(refused.unwrap_err().step, "accept");
    }

    #[test]
    fn a_case_is_closed_only_when_all_its_needs_are() {
        use NeedState as S;
        assert_eq!(case_state(&[S::Closed, S::Closed]), CaseState::Closed);
        assert_eq!(case_state(&[S::Closed, S::Met]), CaseState::Met);
        assert_eq!(case_state(&[S::Closed, S::Open]), CaseState::Open);
        assert_eq!(
            case_state(&[S::Closed, S::Assigned, S::Open]),
            CaseState::InProgress
        );
        assert_eq!(case_state(&[]), CaseState::Reported);
    }

    #[test]
    fn undo_walks_a_lawful_step_backwards_and_no_other() {
        use crate::Entity;
        assert!(!is_lawful(Entity::Need, "assigned", "reported", true));
        assert!(is_lawful(Entity::Need, "assigned", "open", false));
        assert!(is_lawful(Entity::Assignment, "accepted", "offered", true));
        assert!(!is_lawful(Entity::Assignment, "accepted", "offered", false));
    }
}
