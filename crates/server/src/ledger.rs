//! What has to be kept for a province, as a narrow trait: SQLite keeps it today, PostgreSQL can
//! tomorrow. Every call is one transaction, and every row it touches belongs to one province.
//!
//! It must not know HTTP, a clock or chance: moments, ids and hashes are arguments.

use jitasa_domain::{
    Timestamp,
    change::{Change, Delivered},
};
use jitasa_protocol::{Code, Problem};
use uuid::Uuid;

use crate::book::{Device, Taken};

/// Why the ledger did not answer. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The database.
    #[error("the ledger's database failed")]
    Database(#[from] rusqlite::Error),
    /// A row that cannot be read: the file was written by a newer program, or is damaged.
    #[error("a row of the ledger cannot be read ({0})")]
    Row(&'static str),
    /// The file's layout is newer than this program.
    #[error("the ledger was written by a newer program (layout {0})")]
    TooNew(i64),
    /// The folder.
    #[error("the ledger's folder cannot be used")]
    Folder(#[from] std::io::Error),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Randomness,
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

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Ledger(error.into())
    }
}

/// The province this ledger is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Two digits.
    pub province_code: String,
    /// The server's own id.
    pub server_id: Uuid,
    /// The last sequence given; 0 at its founding.
    pub head: u64,
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
}

/// A device that shows a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub device_id: Uuid,
    /// What people call it.
    pub device_name: String,
    /// Its office.
    pub office_code: String,
    /// Hash of office and the code it shows.
    pub code_hash: [u8; 32],
    /// Hash of the token it is to get.
    pub token_hash: [u8; 32],
}

/// A page of what an office is told.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// In the order of `seq`.
    pub delivered: Vec<Delivered>,
    /// Where the next page begins.
    pub cursor: u64,
    /// Whether there is a next page already.
    pub more: bool,
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

/// What a province keeps.
pub trait Ledger: Send {
    /// The province, once the first office has been let in.
    ///
    /// # Errors
    /// When the ledger fails.
    fn standing(&mut self) -> Result<Option<Standing>, LedgerError>;

    /// Makes this the ledger of a province; does nothing when it already is one's.
    ///
    /// # Errors
    /// When the ledger fails.
    fn found(&mut self, founding: &Standing, now: Timestamp) -> Result<(), LedgerError>;

    /// Keeps a new one-time code.
    ///
    /// # Errors
    /// When the ledger fails.
    fn add_code(&mut self, province: &str, code: &NewCode) -> Result<(), LedgerError>;

    /// Enrols a device that shows a good code; counts a try when it is not.
    ///
    /// # Errors
    /// `code_unknown`, `code_used`, `code_expired`, `device_unknown` (the id belongs to another
    /// office), `device_revoked`.
    fn enrol(
        &mut self,
        province: &str,
        candidate: &Candidate,
        now: Timestamp,
    ) -> Result<(), Refusal>;

    /// A device by its id.
    ///
    /// # Errors
    /// When the ledger fails.
    fn device(&mut self, province: &str, id: Uuid) -> Result<Option<Device>, LedgerError>;

    /// Shuts a device out; false when there is none of that id.
    ///
    /// # Errors
    /// When the ledger fails.
    fn revoke(&mut self, province: &str, id: Uuid) -> Result<bool, LedgerError>;

    /// Takes a run of changes, all or nothing, and says what became of each.
    ///
    /// # Errors
    /// As [`crate::plan::absorb`].
    fn absorb(
        &mut self,
        province: &str,
        device: Uuid,
        changes: &[Change],
        now: Timestamp,
    ) -> Result<Taken, Refusal>;

    /// What the device's office is told after `cursor`.
    ///
    /// # Errors
    /// `cursor_unknown` when the device has heard of more than the ledger holds.
    fn deliver(
        &mut self,
        province: &str,
        device: Uuid,
        cursor: u64,
        limit: u32,
        now: Timestamp,
    ) -> Result<Page, Refusal>;

    /// The offices, in the order of their codes.
    ///
    /// # Errors
    /// When the ledger fails.
    fn offices(&mut self, province: &str) -> Result<Vec<OfficeLine>, LedgerError>;
}
