//! Where the ledger is, when it is in a PostgreSQL database.

use std::{fmt, fs, path::PathBuf};

use anyhow::Context as _;
use clap::Args;
use jitasa_server::{LedgerError, postgres::Database};

/// A ledger in a PostgreSQL database, instead of one in the folder.
#[derive(Args)]
pub(super) struct Postgres {
    /// PostgreSQL database that holds the ledger, such as postgres://jitasa@localhost/jitasa; needs --province. Its
    /// password may be in the URL, in --password-file or in PGPASSWORD. Elsewhere than on this machine it is reached by TLS.
    #[arg(
        long,
        value_name = "URL",
        requires = "province",
        env = "JITASA_DATABASE",
        hide_env_values = true
    )]
    database: Option<String>,
    /// Which province's ledger of the database is meant: two digits.
    #[arg(long, value_name = "CODE", requires = "database")]
    province: Option<String>,
    /// File that holds the database's password.
    #[arg(long, value_name = "FILE", requires = "database")]
    password_file: Option<PathBuf>,
    /// Certificates (PEM) that the database's own is checked with, when it is none of the public ones.
    #[arg(long, value_name = "FILE", requires = "database")]
    database_ca: Option<PathBuf>,
}

/// The URL may hold a password, and what is shown for debugging ends in a log.
impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres")
            .field("province", &self.province)
            .finish_non_exhaustive()
    }
}

impl Postgres {
    /// None when a folder is meant.
    pub(super) fn database(&self) -> anyhow::Result<Option<Database>> {
        let (Some(url), Some(province)) = (&self.database, &self.province) else {
            return Ok(None);
        };
        let password = match &self.password_file {
            Some(file) => {
                let text = fs::read_to_string(file).with_context(|| {
                    format!("the password file {} cannot be read", file.display())
                })?;
                Some(text.trim_end_matches(['\r', '\n']).to_string())
            }
            None => std::env::var("PGPASSWORD").ok(),
        };
        Ok(Some(Database {
            url: url.clone(),
            password,
            authority: self.database_ca.clone(),
            province: province.clone(),
        }))
    }
}

/// What PostgreSQL's failure was, without the sentence that only says that there was one.
pub(super) fn in_full(error: LedgerError) -> anyhow::Error {
    match error {
        LedgerError::Postgres(error) => error.into(),
        other => other.into(),
    }
}
