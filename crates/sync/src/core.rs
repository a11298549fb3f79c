//! The core of a round of sync: `step(state, event)` says what to do next. Pure, so that a story or
//! a simulation can lose, repeat and delay whatever lies between.
//!
//! It must not know a clock, a network, a database or chance: all of them are on the other side of
//! an [`Effect`].

use jitasa_domain::change::{Change, Verdict};
use jitasa_protocol::{Batch, Code, PROTOCOL, SyncAnswer, SyncRequest, limits};
use uuid::Uuid;

use crate::{error::SyncError, transport::TransportError};

/// Changes in the first batch of a round: small, so that a thin line shows itself cheaply.
pub const BATCH_FIRST: usize = 32;
/// Changes in a batch at most; the protocol allows more, a thin line does not.
pub const BATCH_MAX: usize = 500;
/// Bytes of JSON in a batch at most, unless one change alone is larger.
pub const BATCH_BYTES: usize = 64 * 1024;
/// Time-outs in a row after which the round is given up.
const TIMEOUTS_MAX: u32 = 3;
/// Times in one round that the server may say that it waits for another number.
const GAPS_MAX: u32 = 2;

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
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The round begins.
    Start,
    /// The desk's changes, as asked for.
    Gathered(Vec<Change>),
    /// The server answered.
    Answered(Box<SyncAnswer>),
    /// There is no answer.
    Failed(TransportError),
    /// The desk has taken the answer in, and so many rows of others with it.
    Absorbed(u64),
}

/// What to do next; its outcome is the next event.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the desk for its changes after a number.
    Gather {
        /// The last one not wanted.
        after: u64,
        /// How many at most.
        limit: usize,
    },
    /// Send this to the server.
    Send(Box<SyncRequest>),
    /// Let the desk take this in, with its word up to `acked`.
    Absorb {
        /// Up to this `device_seq` the desk has the server's word.
        acked: u64,
        /// What the server said.
        answer: Box<SyncAnswer>,
    },
    /// The round is over.
    Finished(Tally),
    /// The round ended early; what was absorbed stays.
    GaveUp(SyncError),
}

/// A round under way.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    device_id: Uuid,
    office_code: String,
    server_id: Uuid,
    /// Up to here the desk has the server's word.
    acked: u64,
    cursor: u64,
    /// Where the next batch begins; behind `acked` when the server asked again.
    after: u64,
    batch_size: usize,
    timeouts: u32,
    gaps: u32,
    /// The batch that waits for an answer.
    in_flight: Vec<Change>,
    /// Whether the server has more to tell; true until it has said otherwise.
    more: bool,
    tally: Tally,
}

impl State {
    /// A round that is about to begin.
    #[must_use]
    pub fn new(
        device_id: Uuid,
        office_code: String,
        server_id: Uuid,
        acked: u64,
        cursor: u64,
    ) -> Self {
        Self {
            device_id,
            office_code,
            server_id,
            acked,
            cursor,
            after: acked,
            batch_size: BATCH_FIRST,
            timeouts: 0,
            gaps: 0,
            in_flight: Vec::new(),
            more: true,
            tally: Tally::default(),
        }
    }

    fn gather(&self) -> Effect {
        Effect::Gather {
            after: self.after,
            limit: self.batch_size,
        }
    }
}

/// One step of a round. Effects come one at a time: the line is thin and the desk is one.
#[must_use]
pub fn step(mut state: State, event: Event) -> (State, Effect) {
    let effect = match event {
        Event::Start => state.gather(),
        Event::Gathered(changes) => gathered(&mut state, changes),
        Event::Answered(answer) => answered(&mut state, answer),
        Event::Failed(error) => failed(&mut state, error),
        Event::Absorbed(received) => {
            state.tally.received += received;
            state.gather()
        }
    };
    (state, effect)
}

fn gathered(state: &mut State, changes: Vec<Change>) -> Effect {
    if changes.is_empty() && !state.more {
        return Effect::Finished(state.tally);
    }
    if changes
        .first()
        .is_some_and(|first| first.device_seq != state.after + 1)
    {
        return Effect::GaveUp(SyncError::HistoryMissing);
    }
    if changes.is_empty() && state.after < state.acked {
        // The server waits for a number the desk no longer has.
        return Effect::GaveUp(SyncError::HistoryMissing);
    }
    state.in_flight = within_bytes(changes);
    Effect::Send(Box::new(SyncRequest {
        protocol: PROTOCOL,
        office_code: state.office_code.clone(),
        device_id: state.device_id,
        batch: batch(state.device_id, &state.in_flight),
        cursor: state.cursor,
        limit: limits::DELIVERED_MAX,
    }))
}

fn batch(device_id: Uuid, changes: &[Change]) -> Option<Batch> {
    let (first, last) = (changes.first()?, changes.last()?);
    // The same run of changes has the same name, so that a batch sent again is seen to be one.
    let run = format!("{}/{}", first.change_id, last.change_id);
    let batch_id = Uuid::new_v5(&device_id, run.as_bytes());
    Some(Batch {
        batch_id,
        changes: changes.to_vec(),
    })
}

fn within_bytes(mut changes: Vec<Change>) -> Vec<Change> {
    let mut bytes = 0;
    let fits = changes
        .iter()
        .take_while(|change| {
            bytes += serde_json::to_string(change).map_or(0, |json| json.len());
            bytes <= BATCH_BYTES
        })
        .count();
    changes.truncate(fits.max(1));
    changes
}

fn answered(state: &mut State, answer: Box<SyncAnswer>) -> Effect {
    if answer.server_id != state.server_id {
        return Effect::GaveUp(SyncError::OtherServer);
    }
    if !is_sound(state, &answer) {
        return Effect::GaveUp(TransportError::NotOurServer.into());
    }
    state.timeouts = 0;
    for outcome in &answer.outcomes {
        state.tally.sent += 1;
        match outcome.verdict {
            // A change seen before gets its first answer again, so this is one the server made new.
            Verdict::New | Verdict::Duplicate => state.tally.new += 1,
            Verdict::Merged => state.tally.merged += 1,
            Verdict::Conflict => state.tally.conflicts += 1,
            Verdict::Held => state.tally.held += 1,
        }
    }
    if let Some(last) = state.in_flight.last() {
        state.after = last.device_seq;
        state.batch_size = (state.batch_size * 2).min(BATCH_MAX);
    }
    // Not the server's own count: it may hold changes whose answer was lost, and the desk is to have
    // its word on each.
    state.acked = state.acked.max(state.after);
    state.in_flight.clear();
    state.cursor = answer.cursor;
    state.more = answer.more;
    Effect::Absorb {
        acked: state.acked,
        answer,
    }
}

/// What a server that keeps the protocol would answer. Anything else is not taken in: the desk
/// checks what it pulls as the server checks what is pushed.
fn is_sound(state: &State, answer: &SyncAnswer) -> bool {
    let words = answer.outcomes.len() == state.in_flight.len()
        && answer
            .outcomes
            .iter()
            .zip(&state.in_flight)
            .all(|(outcome, change)| {
                outcome.change_id == change.change_id && outcome.device_seq == change.device_seq
            });
    let in_order = answer
        .delivered
        .windows(2)
        .all(|pair| pair[0].seq < pair[1].seq);
    let within = answer
        .delivered
        .iter()
        .all(|row| row.seq > state.cursor && row.seq <= answer.cursor);
    // Without a step onwards there must be an end, or words on changes that were asked again.
    let onwards = answer.cursor > state.cursor
        || (answer.cursor == state.cursor && (!answer.more || !state.in_flight.is_empty()));
    let few = answer.delivered.len() <= limits::DELIVERED_MAX as usize;
    words && in_order && within && onwards && few
}

fn failed(state: &mut State, error: TransportError) -> Effect {
    match error {
        TransportError::Timeout if state.timeouts + 1 < TIMEOUTS_MAX => {
            state.timeouts += 1;
            state.batch_size = (state.batch_size / 2).max(1);
            state.gather()
        }
        TransportError::Refused(problem) if problem.code == Code::Gap && state.gaps < GAPS_MAX => {
            match problem.expected {
                Some(expected) if expected > 0 => {
                    state.gaps += 1;
                    state.after = expected - 1;
                    state.gather()
                }
                _ => Effect::GaveUp(TransportError::NotOurServer.into()),
            }
        }
        error => Effect::GaveUp(error.into()),
    }
}

#[cfg(test)]
mod tests;
