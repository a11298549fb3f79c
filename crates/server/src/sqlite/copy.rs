//! The ledger as a file: copied while it is in use, looked through, and told row by row. For backups
//! and for whoever looks after the server; no change of a desk comes by here.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use jitasa_domain::Timestamp;
use rusqlite::{Connection, OpenFlags, backup::Backup, types::ValueRef};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{BUSY_TIMEOUT_MS, SqlitePages, row::count};
use crate::ledger::{LedgerError, Pages};

/// What a table holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDigest {
    /// How many rows.
    pub rows: u64,
    /// SHA-256 of all rows in the order of their keys, each value with its type and length.
    pub sha256: String,
}

/// What a ledger's file is found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// What SQLite complains of; empty when it is whole.
    pub damage: Vec<String>,
    /// Its layout.
    pub layout: i64,
    /// The province, once one was founded.
    pub province: Option<ProvinceFound>,
}

/// The province that a ledger's file is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvinceFound {
    /// Two digits.
    pub province_code: String,
    /// The server's id.
    pub server_id: String,
    /// The last place given.
    pub head: u64,
    /// The highest place that anything bears.
    pub highest_seq: u64,
    /// When the last change was taken.
    pub last_received_at: Option<Timestamp>,
}

fn reading(path: &Path) -> Result<Connection, LedgerError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS.into()))?;
    connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
    Ok(connection)
}

/// Copies a ledger that may be in use, at one moment, into a file that says that it is a copy. The
/// caller flushes and names it.
///
/// # Errors
/// When either cannot be read or written.
pub fn copy_to(ledger: &Path, copy: &Path) -> Result<(), LedgerError> {
    let source = reading(ledger)?;
    let mut target = Connection::open(copy)?;
    {
        let backup = Backup::new(&source, &mut target)?;
        // All at once: one read transaction, during which the server goes on writing. In small steps
        // every write of the server would make it begin anew.
        backup.step(-1)?;
    }
    target.execute_batch(
        "PRAGMA journal_mode = DELETE;
         PRAGMA synchronous = FULL;
         UPDATE province SET is_copy = 1;",
    )?;
    target.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Looks a ledger's file through.
///
/// # Errors
/// When it cannot be read at all.
pub fn inspect(path: &Path) -> Result<Inspection, LedgerError> {
    let connection = reading(path)?;
    let mut damage = Vec::new();
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        if line != "ok" {
            damage.push(line);
        }
    }
    let layout = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok(Inspection {
        damage,
        layout,
        province: province(&connection)?,
    })
}

fn province(connection: &Connection) -> Result<Option<ProvinceFound>, LedgerError> {
    let mut statement = connection.prepare(
        "SELECT p.province, p.server_id, p.head,
                max(coalesce((SELECT max(seq) FROM change_log l WHERE l.province = p.province), 0),
                    coalesce((SELECT max(last_seq) FROM record r WHERE r.province = p.province), 0)),
                (SELECT received_at FROM change_log l WHERE l.province = p.province
                 ORDER BY seq DESC LIMIT 1)
         FROM province p",
    )?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(ProvinceFound {
        province_code: row.get(0)?,
        server_id: row.get(1)?,
        head: count(row.get(2)?),
        highest_seq: count(row.get(3)?),
        last_received_at: row.get::<_, Option<i64>>(4)?.map(Timestamp),
    }))
}

/// Asks a ledger's file as the server would, and changes nothing.
///
/// # Errors
/// When it cannot be opened, and the question's own.
pub fn asked<T>(
    path: &Path,
    question: impl FnOnce(&mut dyn Pages) -> Result<T, LedgerError>,
) -> Result<T, LedgerError> {
    let mut connection = reading(path)?;
    let transaction = connection.transaction()?;
    question(&mut SqlitePages { transaction })
}

/// Every table with its rows counted and hashed.
///
/// # Errors
/// When the file cannot be read.
pub fn digests(path: &Path) -> Result<BTreeMap<String, TableDigest>, LedgerError> {
    let connection = reading(path)?;
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )?;
    let names: Vec<String> = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut digests = BTreeMap::new();
    for name in names {
        let digest = digest(&connection, &name)?;
        digests.insert(name, digest);
    }
    Ok(digests)
}

fn digest(connection: &Connection, table: &str) -> Result<TableDigest, LedgerError> {
    // Names come from the file's own schema; quoted, whatever they are.
    let quoted = format!("\"{}\"", table.replace('"', "\"\""));
    let mut statement =
        connection.prepare("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")?;
    let keys: Vec<String> = statement
        .query_map([table], |row| row.get::<_, String>(0))?
        .map(|name| name.map(|name| format!("\"{}\"", name.replace('"', "\"\""))))
        .collect::<Result<_, _>>()?;
    let order = if keys.is_empty() {
        "rowid".to_string()
    } else {
        keys.join(", ")
    };
    let mut statement = connection.prepare(&format!("SELECT * FROM {quoted} ORDER BY {order}"))?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let (mut hash, mut counted) = (Sha256::new(), 0);
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            add(&mut hash, row.get_ref(column)?);
        }
        counted += 1;
    }
    Ok(TableDigest {
        rows: counted,
        sha256: hex(&hash.finalize()),
    })
}

fn add(hash: &mut Sha256, value: ValueRef) {
    let (kind, bytes): (u8, &[u8]) = match &value {
        ValueRef::Null => (0, &[]),
        ValueRef::Integer(number) => (1, &number.to_be_bytes()),
        ValueRef::Real(number) => (2, &number.to_be_bytes()),
        ValueRef::Text(text) => (3, text),
        ValueRef::Blob(blob) => (4, blob),
    };
    hash.update([kind]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
