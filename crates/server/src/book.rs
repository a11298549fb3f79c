//! What the ledger holds of the records a batch speaks of, laid open in memory: the plan reads and
//! writes here, the ledger loads it before and keeps what is marked afterwards.
//!
//! It must not know where the rows come from.

use std::collections::{BTreeSet, HashMap};

use jitasa_domain::{
    ActionKind, Entity, Timestamp,
    change::{Change, Outcome},
    merge::FieldVersions,
    permission::is_in_scope,
};
use serde_json::{Map, Value};
use uuid::Uuid;

/// Names one record of a province.
pub type Key = (Entity, Uuid);

/// Which offices hold a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// The office that answers for it; for an area, the area's own code.
    pub office_code: String,
    /// An office that was asked to help.
    pub referred_to: Option<String>,
}

impl Scope {
    /// Whether an office's desks are to hold the record.
    #[must_use]
    pub fn is_seen_by(&self, office_code: &str) -> bool {
        is_in_scope(office_code, &self.office_code, self.referred_to.as_deref())
    }
}

/// The last thing that was done to a record.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LastAct {
    /// What.
    pub action: ActionKind,
    /// By whom, as shown to people.
    pub actor_name: String,
    /// When his desk says.
    pub claimed_at: Timestamp,
}

/// A record as the province holds it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stored {
    /// All its fields, also those this version does not know.
    pub body: Map<String, Value>,
    /// When and by which device each field was last written.
    pub versions: FieldVersions,
    /// Who holds it.
    pub scope: Scope,
    /// The case it is part of; none for a case itself.
    pub case_id: Option<Uuid>,
    /// Where it lies.
    pub area_code: Option<String>,
    /// The sequence under which it last changed or changed hands; no two records share one.
    pub last_seq: u64,
    /// The device that wrote all of it, while no other did: it need not be told.
    pub only_device: Option<Uuid>,
    /// The last thing that was done to it.
    pub last: LastAct,
    /// Whether it has to be written back.
    pub dirty: bool,
}

/// A device that may speak for its office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: Uuid,
    /// Its office.
    pub office_code: String,
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// The highest `device_seq` up to which everything has arrived.
    pub last_seq: u64,
    /// Whether it was shut out.
    pub revoked: bool,
    /// The head at which it began to fetch the whole of its scope.
    pub scan_from: u64,
    /// From which cursor on the feed alone is enough; none until the whole has been fetched once.
    pub live_from: Option<u64>,
}

/// The part of the ledger a batch speaks of.
#[derive(Debug, Default)]
pub struct Book {
    /// The last sequence given in this province.
    pub head: u64,
    /// Two digits.
    pub province_code: String,
    /// The offices that have a device.
    pub offices: Vec<String>,
    /// The records the batch names, their cases, and the parts of cases that may change hands.
    pub records: HashMap<Key, Stored>,
    /// Parts of a case, for the cases that may change hands.
    pub parts: HashMap<Uuid, BTreeSet<Key>>,
    /// Changes that arrived before, with the office that sent them.
    pub outcomes: HashMap<Uuid, (String, Outcome)>,
}

impl Book {
    /// The next place in the province's order.
    pub fn next_seq(&mut self) -> u64 {
        self.head += 1;
        self.head
    }
}

/// A change with its place in the order of arrival and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place.
    pub seq: u64,
    /// What arrived.
    pub change: Change,
    /// What was answered.
    pub outcome: Outcome,
}

/// What a feed row tells an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedKind {
    /// The fields that the change under this sequence wrote.
    Change,
    /// The record came into the office's scope.
    Whole,
    /// The record left it.
    Left,
}

impl FeedKind {
    /// As it is kept.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Whole => "whole",
            Self::Left => "left",
        }
    }
}

/// One row of an office's feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRow {
    /// Whose feed.
    pub office_code: String,
    /// Its place.
    pub seq: u64,
    /// What it tells.
    pub kind: FeedKind,
    /// Of which record.
    pub key: Key,
    /// The device that need not be told; none when all are to be.
    pub author_device: Option<Uuid>,
}

/// A change, or a part of one, that was not applied: kept with both sides until a person decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// When it arrived.
    pub seq: u64,
    /// What arrived.
    pub change: Change,
    /// `conflict`, or why it is held.
    pub reason: String,
    /// What its author wrote and the server did not take.
    pub ours: Map<String, Value>,
    /// What stood at the server then.
    pub theirs: Map<String, Value>,
}

/// What a batch leads to.
#[derive(Debug, Default)]
pub struct Taken {
    /// One for each change.
    pub outcomes: Vec<Outcome>,
    /// What is new in the log.
    pub entries: Vec<Entry>,
    /// What the offices are to be told.
    pub feed: Vec<FeedRow>,
    /// What was not applied.
    pub kept: Vec<Kept>,
    /// The highest `device_seq` up to which everything has arrived.
    pub device_seq: u64,
    /// Steps of assignments that were not applied: the act, and the need that would have followed.
    pub not_taken: BTreeSet<(Uuid, Uuid)>,
}
