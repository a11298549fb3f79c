//! What has to be kept for a province, as a narrow trait: rows in, rows out, all of one province, in one
//! transaction. What the rows mean, who may do what and who is told is decided outside (`plan`, `core`,
//! `deliver`), once for every ledger.
//!
//! It must not know HTTP, a clock or chance: moments, ids and hashes are arguments.

use jitasa_domain::{
    Timestamp,
    change::{Change, Outcome},
};
use jitasa_protocol::{Code, Problem};
use uuid::Uuid;

use crate::{
    book::{Book, Device, FeedKind, Key, Scope, Stored, Taken},
    enrol::EnrolCode,
    postgres::PostgresError,
    register::Register,
};

/// Why the ledger did not answer. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The database file.
    #[error("the ledger's database failed")]
    Sqlite(#[from] rusqlite::Error),
    /// The database server.
    #[error("the ledger's database failed")]
    Postgres(#[from] PostgresError),
    /// A row that cannot be read: the file was written by a newer program, or is damaged.
    #[error("a row of the ledger cannot be read ({0})")]
    Row(&'static str),
    /// The layout is newer than this program.
    #[error("the ledger was written by a newer program (layout {0})")]
    TooNew(i64),
    /// The folder.
    #[error("the ledger's folder cannot be used")]
    Folder(#[from] std::io::Error),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Randomness,
}

impl LedgerError {
    /// Whether the same may succeed a moment later, so that a desk is told to ask again.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Postgres(error) if error.is_busy())
    }
}

impl From<::postgres::Error> for LedgerError {
    fn from(error: ::postgres::Error) -> Self {
        PostgresError::from(error).into()
    }
}

/// Why a request was not served.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// By the rules; the desk is told.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// By a failure of ours; the desk is told `internal`.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::Problem(code.into())
    }
}

/// The province this ledger is of.
#[derive(Clone, PartialEq, Eq)]
pub struct Standing {
    /// Two digits.
    pub province_code: String,
    /// The server's own id.
    pub server_id: Uuid,
    /// What the server signs with; none in a ledger that never made a key.
    pub secret: Option<[u8; 32]>,
    /// The last sequence given; 0 at its founding.
    pub head: u64,
    /// Its epochs in order; the last is the present one.
    pub epochs: Vec<Epoch>,
    /// Whether this is a copy that was opened as the ledger: it has been restored.
    pub is_copy: bool,
}

impl std::fmt::Debug for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Standing")
            .field("province_code", &self.province_code)
            .field("server_id", &self.server_id)
            .field("head", &self.head)
            .field("epochs", &self.epochs.len())
            .finish_non_exhaustive()
    }
}

/// A stretch of the order that was not broken by a restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch {
    /// Its name.
    pub id: Uuid,
    /// The sequence at which it went on from what was restored; 0 for the first.
    pub cut: u64,
}

/// A new one-time code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCode {
    /// The office it is good for.
    pub office_code: String,
    /// Hash of office and code.
    pub hash: [u8; 32],
    /// When it ends.
    pub expires_at: Timestamp,
    /// How many devices it lets in.
    pub devices_max: u32,
    /// Whether showing it is enough; else the operator confirms each device.
    pub confirms: bool,
}

/// What a page is asked of.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// Whose feed or scope.
    pub office_code: &'a str,
    /// Rows that this device alone wrote, or is the author of, are left out.
    pub device: Uuid,
    /// Rows after this sequence.
    pub after: u64,
    /// At most so many.
    pub limit: u32,
}

/// A row of an office's feed with the record as it stands now, and the change it is of.
#[derive(Debug, Clone)]
pub struct FeedLine {
    /// Its place.
    pub seq: u64,
    /// What it tells.
    pub kind: FeedKind,
    /// Of which record.
    pub key: Key,
    /// That record.
    pub stored: Stored,
    /// The change under this sequence with its outcome; none when a part of a case went with it.
    pub told: Option<(Change, Outcome)>,
}

/// One office, for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeLine {
    /// Its code.
    pub office_code: String,
    /// Devices that may speak for it.
    pub devices: u64,
    /// When one of them was last heard.
    pub last_seen_at: Option<Timestamp>,
    /// Changes held or in conflict.
    pub kept: u64,
}

/// Keeps a province.
pub trait Ledger: Send {
    /// Begins a transaction: alone, and all or nothing.
    ///
    /// # Errors
    /// When the ledger fails.
    fn begin(&mut self) -> Result<Box<dyn Pages + '_>, LedgerError>;

    /// Whether the last transaction was given up for the sake of another one (a deadlock, a serialization failure), and
    /// may go through when it is done again. A ledger with one writer knows no such thing.
    fn fell_victim(&self) -> bool {
        false
    }
}

/// A transaction under way. Dropped, it leaves everything as it was.
pub trait Pages: Register {
    /// The province, once the first office has been let in.
    ///
    /// # Errors
    /// When the ledger fails, as for every call here.
    fn standing(&mut self) -> Result<Option<Standing>, LedgerError>;

    /// Makes this the ledger of a province.
    fn found(&mut self, founding: &Standing, now: Timestamp) -> Result<(), LedgerError>;

    /// Keeps the server's key.
    fn save_secret(&mut self, province: &str, secret: [u8; 32]) -> Result<(), LedgerError>;

    /// Begins an epoch; the ledger is a copy no longer.
    fn begin_epoch(
        &mut self,
        province: &str,
        number: usize,
        epoch: Epoch,
        now: Timestamp,
    ) -> Result<(), LedgerError>;

    /// Keeps a new one-time code.
    fn add_code(&mut self, province: &str, code: &NewCode) -> Result<(), LedgerError>;

    /// The codes of an office, those that are over too.
    fn codes(&mut self, province: &str, office_code: &str) -> Result<Vec<EnrolCode>, LedgerError>;

    /// Counts a wrong try against every living code of an office.
    fn count_try(&mut self, province: &str, office_code: &str) -> Result<(), LedgerError>;

    /// Notes that a device came in by a code; nothing when it did before.
    fn use_code(&mut self, province: &str, code: i64, device: Uuid) -> Result<(), LedgerError>;

    /// A device by its id.
    fn device(&mut self, province: &str, id: Uuid) -> Result<Option<Device>, LedgerError>;

    /// All devices, by office and then by id.
    fn devices(&mut self, province: &str) -> Result<Vec<Device>, LedgerError>;

    /// Keeps a device as it is now.
    fn save_device(&mut self, province: &str, device: &Device) -> Result<(), LedgerError>;

    /// Lays open what a run of changes speaks of, and locks the province's order.
    fn open(
        &mut self,
        province: &str,
        device: &Device,
        changes: &[Change],
    ) -> Result<Book, LedgerError>;

    /// Keeps what a run of changes led to; the device itself is kept by `save_device`.
    fn keep(
        &mut self,
        province: &str,
        device: &Device,
        book: &Book,
        taken: &Taken,
        now: Timestamp,
    ) -> Result<(), LedgerError>;

    /// An office's feed, by rising sequence; only what left its scope, when asked so.
    fn feed(
        &mut self,
        province: &str,
        asked: Reading<'_>,
        only_left: bool,
    ) -> Result<Vec<FeedLine>, LedgerError>;

    /// The records of an office's scope, by rising `last_seq`.
    fn records(
        &mut self,
        province: &str,
        asked: Reading<'_>,
    ) -> Result<Vec<(Key, Stored)>, LedgerError>;

    /// The records that one owner answers for, by rising `last_seq`, whoever wrote them.
    fn records_of_owner(
        &mut self,
        province: &str,
        owner: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(Key, Stored)>, LedgerError>;

    /// The sums of the scopes that an office may see a part of.
    fn sums(&mut self, province: &str, office_code: &str)
    -> Result<Vec<(Scope, u64)>, LedgerError>;

    /// The device's chain at one of its numbers; none when it has not arrived, or came by protocol 1.
    fn link_at(
        &mut self,
        province: &str,
        device: Uuid,
        device_seq: u64,
    ) -> Result<Option<jitasa_protocol::Hash>, LedgerError>;

    /// The offices, in the order of their codes.
    fn offices(&mut self, province: &str) -> Result<Vec<OfficeLine>, LedgerError>;

    /// Keeps everything since the beginning, flushed to the disk.
    fn commit(self: Box<Self>) -> Result<(), LedgerError>;
}
