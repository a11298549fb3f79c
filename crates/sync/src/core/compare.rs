//! The end of a round: does the desk hold what the server holds? A checksum says so; where it differs, the records of
//! the owners concerned are fetched again, and those alone.

use std::collections::{BTreeMap, VecDeque};

use jitasa_domain::Entity;
use jitasa_protocol::payload::{Answer, Repair, Request, RequestHead};
use uuid::Uuid;

use super::{Effect, State, sound};
use crate::transport::TransportError;

/// Where the comparison stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Phase {
    /// Not begun, or over.
    #[default]
    Idle,
    /// The desk works out its checksums.
    Summing,
    /// The server was asked for the sum of each owner; these are the desk's.
    Asking(BTreeMap<String, u64>),
    /// Records are fetched again.
    Fetching {
        /// Whose now.
        owner: String,
        /// After which sequence.
        after: u64,
        /// What there was of his.
        records: Vec<(Entity, Uuid)>,
        /// Whether there is more.
        more: bool,
        /// Whose afterwards.
        then: VecDeque<String>,
    },
}

pub(super) fn is_under_way(state: &State) -> bool {
    !matches!(state.repair, Phase::Idle)
}

/// Nothing waits on either side: the moment at which both must hold the same.
pub(super) fn at_the_end(state: &mut State) -> Effect {
    if state.standing.compares && state.sum.is_some() && state.waiting == 0 {
        state.repair = Phase::Summing;
        return Effect::Sum;
    }
    Effect::Finished(state.tally)
}

pub(super) fn summed(state: &mut State, sums: BTreeMap<String, u64>) -> Effect {
    let ours = sums
        .values()
        .fold(0u64, |sum, each| sum.wrapping_add(*each));
    if state.sum == Some(ours) {
        state.repair = Phase::Idle;
        return compared(state);
    }
    state.repair = Phase::Asking(sums);
    ask(RequestHead {
        want_sums: true,
        ..state.head()
    })
}

fn compared(state: &mut State) -> Effect {
    state.tally.compared = true;
    Effect::Finished(state.tally)
}

fn ask(head: RequestHead) -> Effect {
    Effect::Send(Box::new(Request {
        head,
        changes: Vec::new(),
    }))
}

pub(super) fn answered(state: &mut State, answer: Box<Answer>) -> Effect {
    match std::mem::take(&mut state.repair) {
        Phase::Asking(ours) => {
            if answer.head.cursor != state.standing.cursor || !answer.delivered.is_empty() {
                // Somebody worked meanwhile: compared next time. What came is told again then.
                return Effect::Finished(state.tally);
            }
            let theirs: BTreeMap<_, _> = answer
                .head
                .sums
                .into_iter()
                .map(|owner| (owner.owner, owner.sum))
                .collect();
            let differ = ours
                .keys()
                .chain(theirs.keys())
                .filter(|owner| {
                    ours.get(*owner).copied().unwrap_or_default()
                        != theirs.get(*owner).copied().unwrap_or_default()
                })
                .cloned()
                .collect::<std::collections::BTreeSet<_>>();
            fetch(state, differ.into_iter().collect())
        }
        Phase::Fetching {
            owner,
            after,
            mut records,
            then,
            ..
        } => {
            let in_order = answer
                .delivered
                .windows(2)
                .all(|pair| pair[0].seq < pair[1].seq);
            let onwards = answer.head.cursor > after || !answer.head.more;
            let whole = answer
                .delivered
                .iter()
                .all(|row| row.whole && row.seq > after);
            let ours = sound::are_ours(state, &answer.delivered);
            if !(in_order && onwards && whole && ours && answer.outcomes.is_empty()) {
                return Effect::GaveUp(TransportError::NotOurServer.into());
            }
            records.extend(
                answer
                    .delivered
                    .iter()
                    .map(|row| (row.entity, row.entity_id)),
            );
            state.repair = Phase::Fetching {
                owner,
                after: answer.head.cursor,
                records,
                more: answer.head.more,
                then,
            };
            Effect::Absorb {
                acked: state.standing.acked,
                links: Vec::new(),
                answer,
                repairs: true,
            }
        }
        Phase::Idle | Phase::Summing => Effect::GaveUp(TransportError::NotOurServer.into()),
    }
}

fn fetch(state: &mut State, mut owners: VecDeque<String>) -> Effect {
    let Some(owner) = owners.pop_front() else {
        return compared(state);
    };
    let repair = Repair {
        owner: owner.clone(),
        after: 0,
    };
    state.repair = Phase::Fetching {
        owner,
        after: 0,
        records: Vec::new(),
        more: true,
        then: owners,
    };
    ask(RequestHead {
        repair: Some(repair),
        ..state.head()
    })
}

pub(super) fn absorbed(state: &mut State, received: u64) -> Effect {
    state.tally.repaired += received;
    match &state.repair {
        Phase::Fetching {
            owner, after, more, ..
        } if *more => {
            let repair = Repair {
                owner: owner.clone(),
                after: *after,
            };
            ask(RequestHead {
                repair: Some(repair),
                ..state.head()
            })
        }
        Phase::Fetching { owner, records, .. } => Effect::Reconcile {
            owner: owner.clone(),
            records: records.clone(),
        },
        _ => Effect::Finished(state.tally),
    }
}

pub(super) fn next_owner(state: &mut State) -> Effect {
    match std::mem::take(&mut state.repair) {
        Phase::Fetching { then, .. } => fetch(state, then),
        _ => Effect::Finished(state.tally),
    }
}
