//! A desk as a process: its disk, a round of sync under way in memory, files on sticks, a clock.

use std::rc::Rc;

use jitasa_domain::Timestamp;
use jitasa_protocol::{Batch, DeviceKey, Hash, Problem, SyncAnswer, SyncRequest, limits};
use jitasa_sync::{
    TransportError,
    core::{Event, State},
};
use uuid::Uuid;

use crate::disk::DeskDisk;

/// How a desk speaks to the server.
pub(crate) enum Speaks {
    /// Protocol 1: a program of last year, with a token.
    One { token: String },
    /// Protocol 2.
    Two,
}

/// What a round waits for.
pub(crate) enum Next {
    /// The line is to carry this.
    Send { frame: Vec<u8>, name: Hash },
    /// This came back.
    Reply {
        reply: Result<Vec<u8>, TransportError>,
        name: Hash,
    },
    /// The desk goes on with this.
    Event(Event),
}

/// A round of sync under way; lost when the process ends.
pub(crate) enum Round {
    Two { state: Box<State>, next: Next },
    One(RoundOne),
}

/// A round of protocol 1.
#[derive(Default)]
pub(crate) struct RoundOne {
    pub after: u64,
    pub limit: usize,
    pub gaps: u32,
    pub waits: Option<WaitsOne>,
}

/// What a round of protocol 1 waits for.
pub(crate) enum WaitsOne {
    Send(Box<SyncRequest>),
    Reply(Result<Box<SyncAnswer>, TransportError>, Box<SyncRequest>),
}

/// What was carried on a stick.
pub(crate) struct Stick {
    pub frame: Vec<u8>,
    pub answers: Vec<Vec<u8>>,
}

/// A desk.
pub(crate) struct Desk {
    pub disk: DeskDisk,
    pub key: Rc<DeviceKey>,
    pub speaks: Speaks,
    /// Its version knows a field of next year.
    pub is_newer: bool,
    /// What its clock adds to the time.
    pub skew: i64,
    pub actor: Uuid,
    pub round: Option<Round>,
    pub sticks: Vec<Stick>,
    pub backup: Option<DeskDisk>,
    /// The operator was told that it cannot go on under its name.
    pub must_enrol: bool,
    /// Two histories may be told under its name: its disk was cloned or put back.
    pub may_fork: bool,
    /// It was put back or was of protocol 1: what it told the server once may be gone here.
    pub may_lack_history: bool,
    pub is_lost: bool,
    /// In this round records were fetched again: whether any of them differed.
    pub mending: Option<bool>,
    /// In this round something that the server does not know stayed here, since what was written to it waits.
    pub waits: bool,
    /// Records that counted otherwise here than at the server when it last compared, for the trace.
    pub apart: Vec<Uuid>,
    /// The last bytes that came back, to come again.
    pub stale: Option<Vec<u8>>,
}

impl Desk {
    pub(crate) fn new(disk: DeskDisk, speaks: Speaks, actor: Uuid) -> Self {
        Self {
            key: Rc::new(disk.key()),
            disk,
            speaks,
            is_newer: false,
            skew: 0,
            actor,
            round: None,
            sticks: Vec::new(),
            backup: None,
            must_enrol: false,
            may_fork: false,
            may_lack_history: false,
            is_lost: false,
            mending: None,
            waits: false,
            apart: Vec::new(),
            stale: None,
        }
    }

    /// What its clock says.
    pub(crate) fn clock(&self, now: Timestamp) -> Timestamp {
        Timestamp(now.0.saturating_add(self.skew))
    }
}

impl RoundOne {
    pub(crate) fn new(acked: u64) -> Self {
        Self {
            after: acked,
            limit: 32,
            ..Self::default()
        }
    }

    pub(crate) fn request(&self, disk: &DeskDisk) -> Box<SyncRequest> {
        let changes: Vec<_> = disk
            .outbox
            .range(self.after + 1..)
            .take(self.limit)
            .map(|(_, change)| jitasa_domain::change::Change::clone(change))
            .collect();
        Box::new(SyncRequest {
            protocol: 1,
            office_code: disk.office.into(),
            device_id: disk.device_id,
            batch: changes.first().map(|first| Batch {
                batch_id: Uuid::new_v5(&disk.device_id, first.change_id.as_bytes()),
                changes: changes.clone(),
            }),
            cursor: disk.cursor,
            limit: limits::DELIVERED_MAX.min(500),
        })
    }

    /// Where to go on when the server waits for another number.
    pub(crate) fn gap(&mut self, problem: Problem) -> bool {
        self.gaps += 1;
        match problem.expected {
            Some(expected) if self.gaps <= 2 && expected > 0 => {
                self.after = expected - 1;
                true
            }
            _ => false,
        }
    }
}
