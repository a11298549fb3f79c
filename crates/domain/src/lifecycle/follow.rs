//! What a need does when one of its assignments moves: with one volunteer what the table says, with several nothing
//! before the last of them. It must not know who they are.

use super::{NeedMove, need_after};
use crate::records::{AssignmentState, NeedState};

/// Another assignment of the same need, as [`need_follows`] looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fellow {
    /// Where it stands.
    pub state: AssignmentState,
    /// Whether it came to its end since the need came into the state it is in: an assignment of an earlier round
    /// (the need was opened again since) says nothing of this one.
    pub this_round: bool,
}

/// The steps a need takes, in order, when one of its assignments has taken a step that asks the need for `asked`;
/// `fellows` are its other assignments. With one volunteer on a need it is the step that was asked for. With
/// several the need is in progress until the last of them is done or has let go; it is met when all who stayed
/// with it are done, met in part when one of them was, and open again when nobody is left who did anything. It is
/// closed when the headman has confirmed the last of them.
///
/// Steps the need's own table does not allow from where it stands are left out: a need that somebody moved by hand
/// meanwhile stays where he put it.
#[must_use]
pub fn need_follows(from: NeedState, asked: NeedMove, fellows: &[Fellow]) -> Vec<NeedMove> {
    use AssignmentState as A;
    use NeedMove as N;
    let any = |wanted: &[A]| {
        let ended = |fellow: &Fellow| fellow.this_round || fellow.state.is_active();
        fellows
            .iter()
            .any(|fellow| ended(fellow) && wanted.contains(&fellow.state))
    };
    let held = any(&[A::Accepted, A::EnRoute, A::OnSite]);
    let asked_of_others = any(&[A::Proposed, A::Offered]);
    let partly = any(&[A::PartlyDone]);
    let done = any(&[A::Done, A::Confirmed]);
    let steps: &[N] = match asked {
        // Help that is on its way says that the need is real.
        N::Assign if matches!(from, NeedState::Reported | NeedState::Verifying) => {
            &[N::Open, N::Assign]
        }
        N::Meet | N::MeetPartly if held || asked_of_others => &[N::Start],
        N::Meet if partly => &[N::MeetPartly],
        N::Release if held || asked_of_others && (done || partly) => &[],
        N::Release if partly => &[N::MeetPartly],
        N::Release if any(&[A::Done]) => &[N::Meet],
        N::Release if done => &[N::Meet, N::Close],
        // One of them did a part only: the rest is still to be given.
        N::Close if from == NeedState::PartlyMet => &[],
        // Whatever round it is of: the headman has yet to say whether that help came.
        N::Close if fellows.iter().any(|fellow| fellow.state == A::Done) => &[],
        _ => return lawful(from, &[asked]),
    };
    lawful(from, steps)
}

fn lawful(from: NeedState, steps: &[NeedMove]) -> Vec<NeedMove> {
    let mut at = from;
    let mut taken = Vec::new();
    for step in steps {
        match need_after(at, *step) {
            Ok(next) => at = next,
            Err(_) => break,
        }
        taken.push(*step);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fellow(state: AssignmentState) -> Fellow {
        Fellow {
            state,
            this_round: true,
        }
    }

    #[test]
    fn alone_on_a_need_each_step_is_the_one_the_table_says() {
        use NeedMove as N;
        use NeedState as S;
        assert_eq!(need_follows(S::Open, N::Assign, &[]), [N::Assign]);
        assert_eq!(
            need_follows(S::Reported, N::Assign, &[]),
            [N::Open, N::Assign]
        );
        assert_eq!(need_follows(S::InProgress, N::Meet, &[]), [N::Meet]);
        assert_eq!(need_follows(S::Assigned, N::Release, &[]), [N::Release]);
        assert_eq!(need_follows(S::Open, N::Release, &[]), []);
        assert_eq!(need_follows(S::Closed, N::Meet, &[]), []);
    }

    #[test]
    fn a_need_of_several_is_in_progress_until_the_last_is_done_or_has_let_go() {
        use AssignmentState as A;
        use NeedMove as N;
        use NeedState as S;
        let on_site = [fellow(A::OnSite)];
        assert_eq!(need_follows(S::Assigned, N::Meet, &on_site), [N::Start]);
        assert_eq!(need_follows(S::InProgress, N::Meet, &on_site), []);
        assert_eq!(need_follows(S::InProgress, N::Release, &on_site), []);
        let offered = [fellow(A::Done), fellow(A::Offered)];
        assert_eq!(need_follows(S::InProgress, N::Release, &offered), []);
        let done = [fellow(A::Done), fellow(A::Declined)];
        assert_eq!(need_follows(S::InProgress, N::Release, &done), [N::Meet]);
        let confirmed = [fellow(A::Confirmed)];
        assert_eq!(
            need_follows(S::InProgress, N::Release, &confirmed),
            [N::Meet, N::Close]
        );
        let partly = [fellow(A::PartlyDone)];
        assert_eq!(
            need_follows(S::InProgress, N::Meet, &partly),
            [N::MeetPartly]
        );
        assert_eq!(
            need_follows(S::InProgress, N::Release, &partly),
            [N::MeetPartly]
        );
        let failed = [fellow(A::Failed), fellow(A::Offered)];
        assert_eq!(
            need_follows(S::InProgress, N::Release, &failed),
            [N::Release]
        );
        assert_eq!(need_follows(S::Met, N::Close, &[fellow(A::Done)]), []);
        assert_eq!(
            need_follows(S::Met, N::Close, &[fellow(A::Confirmed)]),
            [N::Close]
        );
    }

    #[test]
    fn what_was_done_before_a_need_was_opened_again_does_not_meet_it() {
        use AssignmentState as A;
        let before = [Fellow {
            state: A::Done,
            this_round: false,
        }];
        assert_eq!(
            need_follows(NeedState::Assigned, NeedMove::Release, &before),
            [NeedMove::Release]
        );
    }
}
