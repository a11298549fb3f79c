//! One box over cases, volunteers and villages.

use jitasa_thai::search;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::{StoreError, rows};

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// `case`, `volunteer`, `village`.
    pub kind: String,
    pub id: Uuid,
}

/// Records that hold all the words, best first. Empty when there is nothing to search for.
///
/// # Errors
/// When the file cannot be read.
pub fn find(conn: &Connection, text: &str, limit: u32) -> Result<Vec<Hit>, StoreError> {
    let Some(words) = search::query(text) else {
        return Ok(Vec::new());
    };
    let mut statement = conn.prepare_cached(
        "SELECT d.kind, d.record_id FROM search_words w JOIN search_doc d ON d.pk = w.rowid
         WHERE w.words MATCH ?1 ORDER BY w.rank LIMIT ?2",
    )?;
    let hits = statement.query_map(params![words, limit], |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?))
    })?;
    hits.map(|hit| {
        let (kind, id) = hit?;
        Ok(Hit {
            kind,
            id: id.parse().map_err(|_| StoreError::Row("id"))?,
        })
    })
    .collect()
}

/// A village by its record's id.
///
/// # Errors
/// When the file cannot be read.
pub fn village(conn: &Connection, id: Uuid) -> Result<Option<jitasa_domain::Area>, StoreError> {
    rows::get(conn, id)
}
