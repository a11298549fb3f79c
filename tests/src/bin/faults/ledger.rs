//! The province's ledger as the judge reads it: past the server, by statements of its own, on SQLite and PostgreSQL.
//! It is opened for each look and closed again, so that a server that is killed is the last to have it open.

use std::path::PathBuf;

use jitasa_tests::postgres::Cluster;
use rusqlite::{Connection, OpenFlags};

use crate::Outcome;

/// Where it lies.
#[derive(Debug)]
pub(crate) enum Ledger {
    Folder(PathBuf),
    Postgres(String),
}

impl Ledger {
    /// What a statement finds; each column as text.
    pub(crate) fn rows(&self, columns: &[&str], rest: &str) -> Outcome<Vec<Vec<String>>> {
        let columns: Vec<_> = columns
            .iter()
            .map(|column| format!("coalesce(CAST({column} AS TEXT), '')"))
            .collect();
        let sql = format!("SELECT {} {rest}", columns.join(", "));
        match self {
            Self::Folder(folder) => {
                let file = folder.join(jitasa_server::province::LEDGER_FILE);
                let connection =
                    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
                connection.busy_timeout(std::time::Duration::from_secs(10))?;
                let mut statement = connection.prepare(&sql)?;
                let read = |row: &rusqlite::Row<'_>| {
                    (0..columns.len())
                        .map(|at| row.get(at))
                        .collect::<Result<Vec<String>, _>>()
                };
                Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
            }
            Self::Postgres(name) => {
                let rows = Cluster::of_this_process().client(name).query(&sql, &[])?;
                Ok(rows
                    .iter()
                    .map(|row| (0..columns.len()).map(|at| row.get(at)).collect())
                    .collect())
            }
        }
    }

    /// Whether the file is sound. PostgreSQL looks after its own.
    pub(crate) fn check(&self) -> Outcome<()> {
        if let Self::Folder(_) = self {
            let said = self.rows(&["integrity_check"], "FROM pragma_integrity_check")?;
            if said != [["ok"]] {
                return Err(format!("the ledger is damaged: {said:?}").into());
            }
        }
        Ok(())
    }
}
