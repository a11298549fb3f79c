//! Reading where sync stands.

use super::{BatchLine, Change, Connection, StoreError, Timestamp, get_meta, trouble};

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

/// An exchange as it is kept.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub line: BatchLine,
    /// `line`, or `file`.
    pub by: String,
    /// `written`: on a stick, without a receipt yet; `receipted`.
    pub state: String,
    pub file_name: Option<String>,
    pub receipted_at: Option<Timestamp>,
}

/// The latest exchanges; those that wait for a receipt are never beyond the end of the list.
pub fn batches(conn: &Connection, limit: u32) -> Result<Vec<Exchange>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT at, sent, new, merged, conflicts, held, received, by, state, file_name, receipted_at
         FROM sync_batch ORDER BY state = 'receipted', pk DESC LIMIT ?1",
    )?;
    let lines = statement.query_map([limit], |row| {
        Ok(Exchange {
            line: BatchLine {
                at: Timestamp(row.get(0)?),
                sent: row.get(1)?,
                new: row.get(2)?,
                merged: row.get(3)?,
                conflicts: row.get(4)?,
                held: row.get(5)?,
                received: row.get(6)?,
            },
            by: row.get(7)?,
            state: row.get(8)?,
            file_name: row.get(9)?,
            receipted_at: row.get::<_, Option<i64>>(10)?.map(Timestamp),
        })
    })?;
    Ok(lines.collect::<Result<_, _>>()?)
}

/// Changes that wait, from `after` on, the oldest first.
pub fn outbox(conn: &Connection, after: i64, limit: u32) -> Result<Vec<Change>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT body FROM outbox WHERE device_seq > ?1 ORDER BY device_seq LIMIT ?2",
    )?;
    let bodies = statement.query_map([after, i64::from(limit)], |row| row.get::<_, String>(0))?;
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
        && !trouble::of_record(conn, case_id)?
            .iter()
            .any(|trouble| tells(&trouble.change)))
}
