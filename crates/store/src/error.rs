//! Why the store refused. No value of a record is ever part of a message.

use jitasa_domain::{Denied, lifecycle::UnlawfulMove};

/// A refusal of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is there and its key is not.
    #[error("the key file of the store is missing")]
    KeyMissing,
    /// The key file is there and is not a key.
    #[error("the key file of the store is damaged")]
    KeyDamaged,
    /// The file does not open with its key: another key, or damage. It is left as it is.
    #[error("the store does not open with its key")]
    Unreadable,
    /// A later version of the program made it.
    #[error("the store has schema {found}, this program knows {known}")]
    TooNew { found: i64, known: i64 },
    /// Somebody asked to create a store where there is one.
    #[error("there is a store here already")]
    Exists,
    /// No such record, or none this person may know of.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The form that was saved shows an older version of the record.
    #[error("the record has changed since it was shown")]
    Clash { shown: i64, stored: i64 },
    /// A rule of a form: which field, which rule.
    #[error("field {field}: {code}")]
    Invalid {
        code: &'static str,
        field: &'static str,
    },
    /// The same of one of several rows: which record.
    #[error("row, field {field}: {code}")]
    InvalidRow {
        code: &'static str,
        field: &'static str,
        id: uuid::Uuid,
    },
    /// The lifecycle does not allow it.
    #[error(transparent)]
    Unlawful(#[from] UnlawfulMove),
    /// The person may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The act cannot be taken back any more.
    #[error("undo: {0}")]
    Undo(&'static str),
    /// SQLite.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The disk.
    #[error("disk: {0}")]
    Disk(#[from] std::io::Error),
    /// A row that is not what this version writes.
    #[error("a stored row is not readable as {0}")]
    Row(&'static str),
}

impl StoreError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyMissing => "store_key_missing",
            Self::KeyDamaged => "store_key_damaged",
            Self::Unreadable => "store_unreadable",
            Self::TooNew { .. } => "store_too_new",
            Self::Exists => "store_exists",
            Self::NotFound(_) => "not_found",
            Self::Clash { .. } => "clash",
            Self::Invalid { code, .. } | Self::InvalidRow { code, .. } => code,
            Self::Unlawful(_) => "unlawful_move",
            Self::Denied(denied) => denied.code(),
            Self::Undo(code) => code,
            Self::Sqlite(error) => match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::DiskFull) => "disk_full",
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                    "store_busy"
                }
                Some(rusqlite::ErrorCode::ReadOnly) => "store_read_only",
                Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                    "store_damaged"
                }
                _ => "store_failed",
            },
            Self::Disk(_) => "disk_failed",
            Self::Row(_) => "store_damaged",
        }
    }
}
