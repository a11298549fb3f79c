//! What fates are dealt from: decks rather than dice where every state must be met. It must not know
//! whose fate it is.

use jitasa_domain::{AssignmentState, ClosingReason, ReviewState};

use super::{
    chance::{Chance, Deck},
    fate::{Ending, LookAgain, Word},
};

/// Decks that last over all calls.
pub(super) struct Decks {
    /// Somebody is being asked, or has taken it.
    pub(super) under_way: Deck<AssignmentState>,
    /// Somebody has taken it.
    pub(super) held: Deck<AssignmentState>,
    pub(super) awaiting: Deck<AssignmentState>,
    finished: Deck<Finish>,
    in_vain: Deck<AssignmentState>,
    /// Asked in vain, and nobody else yet.
    pub(super) left: Deck<AssignmentState>,
    pub(super) trouble: Deck<ReviewState>,
    pub(super) closing: Deck<ClosingReason>,
    pub(super) look_again: Deck<LookAgain>,
    pub(super) verifying: Deck<bool>,
    /// What the supervisor was told of: the headman has confirmed it, or has yet to.
    pub(super) told: Deck<Word>,
}

/// How a story ends that is over.
#[derive(Debug, Clone, Copy)]
enum Finish {
    Confirmed,
    /// Part of it came first.
    InTwo,
    /// The headman sent the first help back.
    ReturnedThenConfirmed,
    LeftThenConfirmed,
}

impl Decks {
    pub(super) fn new(chance: &mut Chance) -> Self {
        use AssignmentState as A;
        use ClosingReason as C;
        use LookAgain as L;
        use ReviewState as R;
        let finished = [
            [Finish::Confirmed; 26].as_slice(),
            &[Finish::InTwo; 3],
            &[Finish::ReturnedThenConfirmed; 2],
            &[Finish::LeftThenConfirmed],
        ]
        .concat();
        Self {
            under_way: Deck::new(
                chance,
                &[
                    A::Offered,
                    A::Proposed,
                    A::Accepted,
                    A::EnRoute,
                    A::Offered,
                    A::OnSite,
                ],
            ),
            held: Deck::new(chance, &[A::Accepted, A::EnRoute, A::OnSite]),
            awaiting: Deck::new(chance, &[A::Done, A::PartlyDone]),
            finished: Deck::new(chance, &finished),
            in_vain: Deck::new(
                chance,
                &[
                    A::Declined,
                    A::Declined,
                    A::Expired,
                    A::Failed,
                    A::Revoked,
                    A::Reassigned,
                ],
            ),
            left: Deck::new(chance, &[A::Declined, A::Expired, A::Failed, A::Revoked]),
            trouble: Deck::new(
                chance,
                &[R::Returned, R::NotFound, R::Returned, R::Rejected],
            ),
            closing: Deck::new(
                chance,
                &[
                    C::NoLongerWanted,
                    C::MetByOthers,
                    C::CannotReach,
                    C::OutOfScope,
                    C::Duplicate,
                    C::ReferredOut,
                    C::Died,
                    C::PartlyMet,
                    C::Met,
                    C::NotTrue,
                    C::MetByOthers,
                    C::NoLongerWanted,
                ],
            ),
            look_again: Deck::new(chance, &[L::Today, L::Later, L::Later]),
            verifying: Deck::new(chance, &[true, false, false, false]),
            told: Deck::new(chance, &[Word::Said(R::Confirmed), Word::None]),
        }
    }

    /// The assignments of a need whose story is over.
    pub(super) fn finished(&mut self, chance: &mut Chance) -> Vec<Ending> {
        let confirmed = Ending::At(AssignmentState::Confirmed);
        match self.finished.deal() {
            Finish::Confirmed => self.attempts(confirmed, chance),
            Finish::InTwo => vec![Ending::PartlyConfirmed, confirmed],
            Finish::ReturnedThenConfirmed => {
                vec![Ending::At(AssignmentState::Returned), confirmed]
            }
            Finish::LeftThenConfirmed => vec![Ending::At(self.left.deal()), confirmed],
        }
    }

    /// Sometimes somebody was asked in vain before.
    pub(super) fn attempts(&mut self, last: Ending, chance: &mut Chance) -> Vec<Ending> {
        if chance.percent(14) {
            vec![Ending::At(self.in_vain.deal()), last]
        } else {
            vec![last]
        }
    }
}
