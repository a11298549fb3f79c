//! The core of a round of sync: `step(state, event)` says what to do next. Pure, so that a story or
//! a simulation can lose, repeat and delay whatever lies between.
//!
//! It must not know a clock, a network, a database or chance: all of them are on the other side of
//! an [`Effect`].

mod compare;
mod sound;

use std::collections::BTreeMap;

use jitasa_domain::{
    Entity,
    change::{Change, Verdict},
    sown,
    sum::fields_covered,
};
use jitasa_protocol::{
    Code, Hash, PROTOCOL, Problem, limits, link,
    payload::{Answer, BatchHead, Request, RequestHead},
};
use uuid::Uuid;

use crate::{error::SyncError, transport::TransportError};

/// Changes in the first batch of a round: small, so that a thin line shows itself cheaply.
pub const BATCH_FIRST: usize = 32;
/// Changes in a batch at most, unless one act alone has more; the protocol allows more, a thin line does not.
pub const BATCH_MAX: usize = 500;
/// Bytes of JSON in a batch at most, unless one act alone is larger.
pub const BATCH_BYTES: usize = 256 * 1024;
/// Rows asked for at first.
pub const PAGE_FIRST: u32 = 500;
/// Rows asked for at most. The protocol allows more; a page is held whole on both sides, and ten desks may fetch at once.
const PAGE_MAX: u32 = 2_000;
/// Rows asked for at least, however thin the line.
const PAGE_LEAST: u32 = 20;
/// Time-outs in a row after which the round is given up.
const TIMEOUTS_MAX: u32 = 3;
/// Times in one round that the server may say that it waits for another number, or that it was restored.
const TURNS_MAX: u32 = 2;

/// How the changes of a round fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Changes that the server gave its word on: always the sum of the four below.
    pub sent: u64,
    /// Applied as they were.
    pub new: u64,
    /// Applied beside what others had changed.
    pub merged: u64,
    /// Applied in part or not at all: others wrote the same fields.
    pub conflicts: u64,
    /// Not applied, with a reason.
    pub held: u64,
    /// Rows of others that were taken in.
    pub received: u64,
    /// Rows that were fetched again because a checksum differed.
    pub repaired: u64,
    /// Whether it is known, at the end, that the desk holds what the server holds.
    pub compared: bool,
}

impl Tally {
    pub(crate) const fn count(&mut self, verdict: Verdict) {
        self.sent += 1;
        match verdict {
            // A change seen before gets its first answer again, so this is one the server made new.
            Verdict::New | Verdict::Duplicate => self.new += 1,
            Verdict::Merged => self.merged += 1,
            Verdict::Conflict => self.conflicts += 1,
            Verdict::Held => self.held += 1,
        }
    }
}

/// Where a desk stands when a round begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// The device.
    pub device_id: Uuid,
    /// Its office.
    pub office_code: String,
    /// Version of the program.
    pub program: String,
    /// The server it belongs to.
    pub server_id: Uuid,
    /// The stretch of the server's order that it knows.
    pub epoch: Uuid,
    /// Up to this `device_seq` it has the server's word on each of its changes.
    pub acked: u64,
    /// How far it has heard.
    pub cursor: u64,
    /// What base versions of older changes count as at most, see [`Cap`]; by rising `up_to`.
    pub caps: Vec<Cap>,
    /// Whether it wants to know, at the end, that it holds what the server holds.
    pub compares: bool,
    /// What its clock says, for the operator's list.
    pub claimed_at: i64,
    /// Rows it asks for at first.
    pub page: u32,
}

/// Changes up to a number were made before the server was restored: what their authors had seen above `base` is not
/// what the server holds there now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Cap {
    /// Changes with this `device_seq` and below.
    pub up_to: u64,
    /// Their base versions count as this at most.
    pub base: u64,
}

/// The desk's changes after a number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Gathered {
    /// In order, without a gap.
    pub changes: Vec<Change>,
    /// The device's chain at that number; none when the desk does not know it any more.
    pub link: Option<Hash>,
    /// All that wait for the server's word.
    pub waiting: u64,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The round begins.
    Start,
    /// The desk's changes, as asked for.
    Gathered(Gathered),
    /// The server answered.
    Answered(Box<Answer>),
    /// There is no answer.
    Failed(TransportError),
    /// The desk has taken the answer in, and so many rows of others with it.
    Absorbed(u64),
    /// The desk goes by the server's new epoch, and stands here.
    Rebased(Box<Standing>),
    /// The checksum of each owner's records, as the desk holds them.
    Summed(BTreeMap<String, u64>),
    /// What one owner answers for is as the server holds it.
    Reconciled,
}

/// What to do next; its outcome is the next event.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the desk for its changes after a number.
    Gather {
        /// The last one not wanted.
        after: u64,
        /// How many at most; an act is not torn apart for it.
        limit: usize,
    },
    /// Send this to the server.
    Send(Box<Request>),
    /// Let the desk take this in, with its word up to `acked`.
    Absorb {
        /// Up to this `device_seq` the desk has the server's word.
        acked: u64,
        /// The device's chain at each change that has its word with this.
        links: Vec<(u64, Hash)>,
        /// What the server said.
        answer: Box<Answer>,
        /// Whether the rows were asked for again, whatever the cursor: it then stays where it is.
        repairs: bool,
    },
    /// The server was restored from a copy: go by its new epoch, offer again what it has lost, and fetch the scope anew.
    Rebase {
        /// The new epoch.
        epoch: Uuid,
        /// Up to this sequence the old order and the new are one.
        cut: u64,
        /// The first of the desk's changes that the server does not hold.
        expected: u64,
    },
    /// Work out the checksums of what the desk holds.
    Sum,
    /// What one owner answers for is exactly this; anything else of his is set aside where a person sees it.
    Reconcile {
        /// The owner.
        owner: String,
        /// His records, by kind and id.
        records: Vec<(Entity, Uuid)>,
    },
    /// The round is over.
    Finished(Tally),
    /// The round ended early; what was absorbed stays.
    GaveUp(SyncError),
}

/// A round under way.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    standing: Standing,
    /// The device's chain at `standing.acked`, once it was gathered there.
    link: Hash,
    /// Where the next batch begins; behind `acked` when the server asked again.
    after: u64,
    batch_size: usize,
    page_size: u32,
    timeouts: u32,
    turns: u32,
    waiting: u64,
    /// The batch that waits for an answer, with the chain at each.
    in_flight: Vec<(Change, Hash)>,
    /// Whether the server has more to tell; true until it has said otherwise.
    more: bool,
    /// What the server last said that it holds.
    sum: Option<u64>,
    repair: compare::Phase,
    tally: Tally,
}

impl State {
    /// A round that is about to begin.
    #[must_use]
    pub fn new(standing: Standing) -> Self {
        Self {
            after: standing.acked,
            page_size: standing.page.max(1),
            standing,
            link: Hash::GENESIS,
            batch_size: BATCH_FIRST,
            timeouts: 0,
            turns: 0,
            waiting: 0,
            in_flight: Vec::new(),
            more: true,
            sum: None,
            repair: compare::Phase::default(),
            tally: Tally::default(),
        }
    }

    fn gather(&self) -> Effect {
        Effect::Gather {
            after: self.after,
            limit: self.batch_size,
        }
    }

    fn head(&self) -> RequestHead {
        let standing = &self.standing;
        RequestHead {
            protocol: PROTOCOL,
            program: standing.program.clone(),
            server_id: standing.server_id,
            office_code: standing.office_code.clone(),
            device_id: standing.device_id,
            acked: self.after,
            link: self.link,
            cursor: standing.cursor,
            epoch: standing.epoch,
            limit: self.page_size,
            waiting: self.waiting,
            claimed_at: standing.claimed_at,
            fields: fields_covered(),
            batch: None,
            want_sums: false,
            repair: None,
        }
    }
}

/// One step of a round. Effects come one at a time: the line is thin and the desk is one.
#[must_use]
pub fn step(mut state: State, event: Event) -> (State, Effect) {
    let effect = match event {
        Event::Start => state.gather(),
        Event::Gathered(gathered) => self::gathered(&mut state, gathered),
        Event::Answered(answer) => answered(&mut state, answer),
        Event::Failed(error) => failed(&mut state, error),
        Event::Absorbed(received) => absorbed(&mut state, received),
        Event::Rebased(standing) => rebased(&mut state, *standing),
        Event::Summed(sums) => compare::summed(&mut state, sums),
        Event::Reconciled => compare::next_owner(&mut state),
    };
    (state, effect)
}

fn gathered(state: &mut State, gathered: Gathered) -> Effect {
    let Gathered {
        changes,
        link: before,
        waiting,
    } = gathered;
    state.waiting = waiting;
    if changes.is_empty() && !state.more {
        return compare::at_the_end(state);
    }
    let follows = changes
        .first()
        .is_none_or(|first| first.device_seq == state.after + 1);
    let Some(before) = before.filter(|_| follows) else {
        return Effect::GaveUp(SyncError::HistoryMissing);
    };
    if changes.is_empty() && state.after < state.standing.acked {
        // The server waits for a number the desk no longer has.
        return Effect::GaveUp(SyncError::HistoryMissing);
    }
    state.link = before;
    let cap = cap_of(state, &changes);
    let changes = sealed_run(changes, cap.map(|cap| cap.up_to));
    let mut chain = before;
    state.in_flight = changes
        .iter()
        .map(|change| {
            chain = link(&chain, change);
            (change.clone(), chain)
        })
        .collect();
    let batch = (!changes.is_empty()).then(|| {
        let id = batch_id(state.standing.device_id, &changes);
        BatchHead::of(id, cap.map(|cap| cap.base), before, &changes)
    });
    Effect::Send(Box::new(Request {
        head: RequestHead {
            batch,
            ..state.head()
        },
        changes,
    }))
}

/// What the base versions of a run count as at most, and up to where that holds.
fn cap_of(state: &State, changes: &[Change]) -> Option<Cap> {
    let first = changes.first()?.device_seq;
    state
        .standing
        .caps
        .iter()
        .filter(|cap| cap.up_to >= first && !sown!(42))
        // Each restore since the change was made counts: the run ends where the first of them ends.
        .copied()
        .reduce(|all, cap| Cap {
            up_to: all.up_to.min(cap.up_to),
            base: all.base.min(cap.base),
        })
}

/// The same run of changes has the same name, so that a batch sent again is seen to be one.
fn batch_id(device_id: Uuid, changes: &[Change]) -> Uuid {
    let ends = (changes.first(), changes.last());
    let name = ends
        .0
        .zip(ends.1)
        .map_or_else(String::new, |(first, last)| {
            format!("{}/{}", first.change_id, last.change_id)
        });
    Uuid::new_v5(&device_id, name.as_bytes())
}

/// What goes into one batch: within the limits, and no act torn apart that fits whole. The desk gathers whole acts.
fn sealed_run(mut changes: Vec<Change>, up_to: Option<u64>) -> Vec<Change> {
    if let Some(up_to) = up_to {
        changes.retain(|change| change.device_seq <= up_to);
    }
    changes.truncate(limits::CHANGES_MAX);
    let mut bytes = 0;
    let fits = changes
        .iter()
        .take_while(|change| {
            bytes += serde_json::to_string(change).map_or(0, |json| json.len());
            bytes <= BATCH_BYTES
        })
        .count()
        .max(1);
    if fits < changes.len() {
        let act = changes[fits].act_id;
        // Back to where the act begins that would be torn; one that fills the batch alone goes in pieces.
        let whole = changes[..fits]
            .iter()
            .rposition(|change| change.act_id != act)
            .map_or(fits, |last| last + 1);
        changes.truncate(whole);
    }
    changes
}

fn answered(state: &mut State, answer: Box<Answer>) -> Effect {
    if answer.head.server_id != state.standing.server_id {
        return Effect::GaveUp(SyncError::OtherServer);
    }
    if let Some(problem) = answer.head.problem {
        return refused(state, problem, answer.head.epoch);
    }
    if compare::is_under_way(state) {
        return compare::answered(state, answer);
    }
    if answer.head.epoch != state.standing.epoch || !sound::is_sound(state, &answer) {
        return Effect::GaveUp(TransportError::NotOurServer.into());
    }
    state.timeouts = 0;
    for outcome in &answer.outcomes {
        state.tally.count(outcome.verdict);
    }
    let links: Vec<_> = state
        .in_flight
        .drain(..)
        .map(|(change, link)| (change.device_seq, link))
        .collect();
    if let Some((last, link)) = links.last() {
        state.after = *last;
        state.link = *link;
        state.batch_size = (state.batch_size * 2).min(BATCH_MAX);
    }
    if answer.head.more {
        state.page_size = (state.page_size * 2).min(PAGE_MAX.max(state.standing.page));
    }
    if let Some(most) = answer.head.batch_max {
        state.batch_size = state.batch_size.min((most as usize).max(1));
    }
    // Not the server's own count: it may hold changes whose answer was lost, and the desk is to have
    // its word on each.
    if sown!(41) {
        state.after = state.after.max(answer.head.acked);
    }
    state.standing.acked = state.standing.acked.max(state.after);
    state.standing.cursor = answer.head.cursor + u64::from(sown!(43));
    state.more = answer.head.more;
    state.sum = answer.head.sum;
    Effect::Absorb {
        acked: state.standing.acked,
        links,
        answer,
        repairs: false,
    }
}

fn absorbed(state: &mut State, received: u64) -> Effect {
    if compare::is_under_way(state) {
        return compare::absorbed(state, received);
    }
    state.tally.received += received;
    state.gather()
}

/// What the server refused, signed by it.
fn refused(state: &mut State, problem: Problem, epoch: Uuid) -> Effect {
    let turns = state.turns;
    match (problem.code, problem.expected, problem.cut) {
        (Code::Gap, Some(expected), _) if expected > 0 && turns < TURNS_MAX => {
            state.turns += 1;
            state.after = expected - 1;
            state.gather()
        }
        (Code::EpochChanged | Code::EpochUnknown, Some(expected), Some(cut))
            if expected > 0 && turns < TURNS_MAX =>
        {
            state.turns += 1;
            let cut = if problem.code == Code::EpochUnknown {
                // The copy was older than the epoch this desk knew: where that one began counts too, if it is known.
                cut.min(state.standing.caps.last().map_or(0, |cap| cap.base))
            } else {
                cut
            };
            Effect::Rebase {
                epoch,
                cut,
                expected,
            }
        }
        (Code::Gap | Code::EpochChanged | Code::EpochUnknown, ..) => {
            Effect::GaveUp(TransportError::NotOurServer.into())
        }
        _ => Effect::GaveUp(TransportError::Refused(problem).into()),
    }
}

fn rebased(state: &mut State, standing: Standing) -> Effect {
    state.after = standing.acked;
    state.standing = standing;
    state.in_flight.clear();
    state.more = true;
    state.sum = None;
    state.gather()
}

fn failed(state: &mut State, error: TransportError) -> Effect {
    if compare::is_under_way(state) {
        return Effect::GaveUp(error.into());
    }
    match error {
        TransportError::Timeout if state.timeouts + 1 < TIMEOUTS_MAX => {
            state.timeouts += 1;
            state.batch_size = (state.batch_size / 2).max(1);
            state.page_size = (state.page_size / 4).max(PAGE_LEAST);
            state.gather()
        }
        TransportError::Refused(problem)
            if problem.code == Code::TooLarge && state.in_flight.len() > 1 =>
        {
            state.batch_size = (state.in_flight.len() / 2).max(1);
            state.gather()
        }
        error => Effect::GaveUp(error.into()),
    }
}

#[cfg(test)]
mod tests;
