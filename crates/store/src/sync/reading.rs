//! Reading where sync stands.

use super::{BatchLine, Change, Connection, StoreError, Timestamp, Trouble, get_meta};

/// What base versions of changes up to a number count as at most, since the server was restored: `(up_to, base)`.
pub fn caps(conn: &Connection) -> Result<Vec<(u64, u64)>, StoreError> {
    get_meta(conn, "caps")?.map_or_else(
        || Ok(Vec::new()),
        |text| serde_json::from_str(&text).map_err(|_| StoreError::Row("caps")),
    )
}

/// When the desk was last compared with the server, by its own clock.
pub fn compared_at(conn: &Connection) -> Result<Option<i64>, StoreError> {
    Ok(get_meta(conn, "compared_at")?.and_then(|text| text.parse().ok()))
}

/// When the last sync ended well.
pub fn last_sync_at(conn: &Connection) -> Result<Option<i64>, StoreError> {
    Ok(get_meta(conn, "last_sync_at")?.and_then(|text| text.parse().ok()))
}

/// Why the last try failed, when it did.
pub fn last_error(conn: &Connection) -> Result<Option<String>, StoreError> {
    Ok(get_meta(conn, "last_sync_error")?.filter(|code| !code.is_empty()))
}

/// The latest exchanges.
pub fn batches(conn: &Connection, limit: u32) -> Result<Vec<BatchLine>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT at, sent, new, merged, conflicts, held, received FROM sync_batch ORDER BY pk DESC LIMIT ?1",
    )?;
    let lines = statement.query_map([limit], |row| {
        Ok(BatchLine {
            at: Timestamp(row.get(0)?),
            sent: row.get(1)?,
            new: row.get(2)?,
            merged: row.get(3)?,
            conflicts: row.get(4)?,
            held: row.get(5)?,
            received: row.get(6)?,
        })
    })?;
    Ok(lines.collect::<Result<_, _>>()?)
}

/// How many changes need a person.
pub fn trouble_count(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.query_row("SELECT count(*) FROM trouble", [], |row| row.get(0))?)
}

/// Changes that need a person, latest first.
pub fn troubles(conn: &Connection, limit: u32) -> Result<Vec<Trouble>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT kind, reason, change, theirs, at FROM trouble ORDER BY pk DESC LIMIT ?1",
    )?;
    let mut rows = statement.query([limit])?;
    let mut troubles = Vec::new();
    while let Some(row) = rows.next()? {
        let (change, theirs): (String, String) = (row.get(2)?, row.get(3)?);
        troubles.push(Trouble {
            kind: row.get(0)?,
            reason: row.get(1)?,
            change: serde_json::from_str(&change).map_err(|_| StoreError::Row("trouble"))?,
            theirs: serde_json::from_str(&theirs).map_err(|_| StoreError::Row("trouble"))?,
            at: Timestamp(row.get(4)?),
        });
    }
    Ok(troubles)
}

/// The first changes that wait.
pub fn outbox(conn: &Connection, limit: u32) -> Result<Vec<Change>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT body FROM outbox ORDER BY device_seq LIMIT ?1")?;
    let bodies = statement.query_map([limit], |row| row.get::<_, String>(0))?;
    bodies
        .map(|body| serde_json::from_str(&body?).map_err(|_| StoreError::Row("outbox")))
        .collect()
}

/// Whether how far a case was taken has left the desk: the desk has a server, and nothing of it waits for the
/// server's word or was refused by it.
pub fn escalation_sent(conn: &Connection, case_id: uuid::Uuid) -> Result<bool, StoreError> {
    if crate::desk::reading::enrolment(conn)?.is_none() {
        return Ok(false);
    }
    let tells =
        |change: &Change| change.entity_id == case_id && change.fields.contains_key("escalation");
    Ok(!super::waiting(conn, case_id)?.iter().any(tells)
        && !troubles(conn, u32::MAX)?
            .iter()
            .any(|trouble| tells(&trouble.change)))
}
