//! From any released schema to this one, one transaction a step.
//!
//! `user_version` counts the schema; `meta.readable_from` says which older program may still open
//! the file. A file from a later program is refused untouched.

use rusqlite::Connection;

use crate::StoreError;

/// The schema this program writes.
pub const SCHEMA_VERSION: i64 = 3;

/// The oldest schema version whose program can still read this one.
const READABLE_FROM: i64 = 3;

/// Marks a file as ours ("JTSA").
const APPLICATION_ID: i64 = 0x4A54_5341;

/// Step `n` (from 0) leads from version `n` to `n + 1`.
const STEPS: &[&str] = &[
    include_str!("schema/v1.sql"),
    include_str!("schema/v2.sql"),
    include_str!("schema/v3.sql"),
];

/// The schema version of an open file.
pub(crate) fn version(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Walks the file to this program's schema.
pub(crate) fn to_head(conn: &mut Connection) -> Result<(), StoreError> {
    let mut at = version(conn)?;
    if at > SCHEMA_VERSION {
        return refuse_if_unreadable(conn, at);
    }
    while let Some(step) = usize::try_from(at).ok().and_then(|index| STEPS.get(index)) {
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Another process may have walked this step while we waited for the lock.
        if version(&tx)? == at {
            tx.execute_batch(step)?;
            tx.pragma_update(None, "user_version", at + 1)?;
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            tx.execute(
                "INSERT INTO meta VALUES ('readable_from', ?1)
                 ON CONFLICT DO UPDATE SET value = excluded.value",
                [READABLE_FROM.to_string()],
            )?;
        }
        tx.commit()?;
        at = version(conn)?;
    }
    Ok(())
}

fn refuse_if_unreadable(conn: &Connection, found: i64) -> Result<(), StoreError> {
    let readable_from: i64 = conn
        .query_row(
            "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'readable_from'",
            [],
            |row| row.get(0),
        )
        .unwrap_or(i64::MAX);
    if readable_from <= SCHEMA_VERSION {
        Ok(())
    } else {
        Err(StoreError::TooNew {
            found,
            known: SCHEMA_VERSION,
        })
    }
}
