//! What the ledger holds of the records a batch speaks of, laid open in memory: the plan reads and
//! writes here, the ledger loads it before and keeps what is marked afterwards.
//!
//! It must not know where the rows come from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jitasa_domain::{
    ActionKind, Entity, Timestamp,
    change::{Author, Change, Outcome},
    merge::FieldVersions,
    permission::is_in_scope,
    sum::record_sum,
};
use jitasa_protocol::Hash;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Names one record of a province.
pub type Key = (Entity, Uuid);

/// Which offices hold a record.
#[derive(Debug, Clone, PartialEq, Eq, Default, PartialOrd, Ord)]
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

/// Who wrote under which sequence, for the sequences under which fields of a record stand.
pub type Authors = BTreeMap<u64, Author>;

/// A record as the province holds it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stored {
    /// All its fields, also those this version does not know.
    pub body: Map<String, Value>,
    /// When and by which device each field was last written.
    pub versions: FieldVersions,
    /// By whom.
    pub authors: Authors,
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
    /// What it adds to the checksum of its scope.
    pub sum: u64,
    /// Whether it has to be written back.
    pub dirty: bool,
}

impl Stored {
    /// What it adds to the checksum of its scope, worked out anew.
    #[must_use]
    pub fn summed(&self, key: Key) -> u64 {
        record_sum(key.0, key.1, &self.body)
    }

    /// Forgets the authors of what was written over.
    pub fn forget_authors(&mut self) {
        let standing: BTreeSet<u64> = self.versions.values().map(|(seq, _)| *seq).collect();
        self.authors.retain(|seq, _| standing.contains(seq));
    }
}

/// What a device may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Status {
    /// It has shown a code; the operator has not said yet that it is the one.
    #[default]
    Pending,
    /// It speaks for its office.
    Confirmed,
    /// It was shut out.
    Revoked,
    /// Two histories were told under its name: a cloned disk, or an old backup. It has to enrol anew.
    Forked,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Confirmed, Self::Revoked, Self::Forked];

    /// As it is kept.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Revoked => "revoked",
            Self::Forked => "forked",
        }
    }

    /// From how it is kept.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// A device that was let in once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Device {
    /// Its id.
    pub id: Uuid,
    /// Its office.
    pub office_code: String,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub status: Status,
    /// `lost` or `retired`, when it was revoked.
    pub revoked_how: Option<String>,
    /// SHA-256 of its token, for a device of protocol 1; zeroes match none.
    pub token_hash: [u8; 32],
    /// What its signatures are checked with; none for a device of protocol 1.
    pub public_key: Option<[u8; 32]>,
    /// The highest `device_seq` up to which everything has arrived.
    pub last_seq: u64,
    /// Its chain at `last_seq`; none while it has not told it.
    pub link: Option<Hash>,
    /// The head at which it began to fetch the whole of its scope.
    pub scan_from: u64,
    /// From which cursor on the feed alone is enough; none until the whole has been fetched once.
    pub live_from: Option<u64>,
    /// The program it last spoke with.
    pub program: String,
    /// The version of the wire it last spoke.
    pub protocol: u32,
    /// How far it has heard.
    pub last_cursor: u64,
    /// Changes that wait at the desk, as it last said.
    pub waiting: u64,
    /// How far its clock was ahead of the server's when it was last heard.
    pub skew_ms: i64,
    /// When it was let in.
    pub enrolled_at: Timestamp,
    /// When it was last heard.
    pub last_seen_at: Option<Timestamp>,
}

/// A device that may speak for its office: nothing is taken from another, and nothing told to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmedDevice(Device);

impl ConfirmedDevice {
    /// The device, when its state allows it.
    ///
    /// # Errors
    /// The code to answer.
    pub fn of(device: Device) -> Result<Self, jitasa_protocol::Code> {
        use jitasa_protocol::Code;
        match device.status {
            Status::Confirmed => Ok(Self(device)),
            Status::Pending => Err(Code::DevicePending),
            Status::Revoked if jitasa_domain::sown!(40) => Ok(Self(device)),
            Status::Revoked => Err(Code::DeviceRevoked),
            Status::Forked => Err(Code::DeviceForked),
        }
    }
}

impl std::ops::Deref for ConfirmedDevice {
    type Target = Device;

    fn deref(&self) -> &Device {
        &self.0
    }
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
    /// The device's chain at numbers of the batch that arrived before, and at the one before the batch. What came by
    /// protocol 1 has none.
    pub links: HashMap<u64, Hash>,
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
    /// The device's chain at this change.
    pub link: Hash,
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

    /// From how it is kept.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Change, Self::Whole, Self::Left]
            .into_iter()
            .find(|kind| kind.code() == code)
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
    /// The device's chain there.
    pub link: Option<Hash>,
    /// What is to be added to the sums of scopes, with wrapping.
    pub sums: BTreeMap<Scope, u64>,
    /// Steps of assignments that were not applied: the act, and the need that would have followed.
    pub not_taken: BTreeSet<(Uuid, Uuid)>,
}
