//! What PostgreSQL's failures are for us. A statement's own words are not passed on: they quote rows, and the words
//! of a connection may quote the URL.

use postgres::error::SqlState;

/// Why PostgreSQL did not do it. Nothing was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostgresError {
    /// It cannot be reached, hung up, or let nobody in.
    #[error("PostgreSQL does not answer ({0})")]
    Unreachable(String),
    /// It could not do it now: a lock, a time-out, a deadlock (its SQLSTATE).
    #[error("PostgreSQL is busy ({0})")]
    Busy(String),
    /// It refused a statement (its SQLSTATE), or gave a row that cannot be read.
    #[error("PostgreSQL refused a statement ({0})")]
    Refused(String),
    /// The URL.
    #[error("the database's URL cannot be used: {0}")]
    Url(&'static str),
    /// The certificates that the database's own is checked with.
    #[error("the authority's certificates cannot be read")]
    Authority,
    /// There is a table `province`, and it is not ours.
    #[error("the database holds other tables of the same names and no ledger")]
    NoLedger,
    /// The layout is newer than this program.
    #[error("the ledger was written by a newer program (layout {0})")]
    TooNew(i64),
    /// This ledger was opened for another province.
    #[error("this ledger was opened for province {0}")]
    OtherProvince(String),
}

impl PostgresError {
    /// Whether the same may succeed a moment later.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Busy(_))
    }
}

/// Whether the transaction fell victim to another one and may go through when it is tried again.
pub(super) fn is_victim(error: &postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
        ]
        .contains(code)
    })
}

/// Whether a row of that key is there already.
pub(super) fn is_taken(error: &postgres::Error) -> bool {
    error.code() == Some(&SqlState::UNIQUE_VIOLATION)
}

impl From<postgres::Error> for PostgresError {
    fn from(error: postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            use std::error::Error as _;
            let source = error.source();
            let io = source.and_then(|source| source.downcast_ref::<std::io::Error>());
            return match io {
                Some(io) => Self::Unreachable(io.kind().to_string()),
                None if error.is_closed() => Self::Unreachable("connection closed".into()),
                // Of our own making: a parameter or a column of another type; or TLS, or no password.
                None => Self::Refused("client".into()),
            };
        };
        let code = said.code().code().to_string();
        match &code[..2] {
            // connection, shutdown, no such role, database or password
            "08" | "28" | "3D" => Self::Unreachable(code),
            "57" if code != "57014" => Self::Unreachable(code),
            // resources, locks, time-outs, deadlocks; 25P03: idle in a transaction for too long
            "40" | "53" | "55" | "57" => Self::Busy(code),
            "25" if code == "25P03" => Self::Unreachable(code),
            _ => Self::Refused(code),
        }
    }
}
