//! The store's side of sync: changes that wait, what the server answered, what others did.

mod absorb;
pub mod reading;

use jitasa_domain::{
    Timestamp,
    change::{Change, Delivered, Outcome},
};
use rusqlite::{Connection, params};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    Enrolment, Store, StoreError,
    desk::{self, get_meta, set_meta},
};

/// What one answer of the server brings.
#[derive(Debug, Clone)]
pub struct Absorbed<'a> {
    /// What became of changes.
    pub outcomes: &'a [Outcome],
    /// What others did, in the server's order.
    pub delivered: &'a [Delivered],
    /// Where to go on next time.
    pub cursor: u64,
}

/// How many rows an answer changed here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Received {
    /// Deliveries taken in.
    pub received: u64,
}

/// A change that waits.
#[derive(Debug, Clone)]
pub struct OutboxEntry {
    pub change: Change,
}

/// One exchange with the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BatchLine {
    pub at: Timestamp,
    pub sent: i64,
    pub new: i64,
    pub merged: i64,
    pub conflicts: i64,
    pub held: i64,
    pub received: i64,
}

/// A change the server did not apply.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// `conflict` or `held`.
    pub kind: String,
    /// Code of the reason.
    pub reason: String,
    pub change: Change,
    /// The values that stand at the server, per field in conflict.
    pub theirs: Map<String, Value>,
    pub at: Timestamp,
}

impl Store {
    /// Changes that wait, from `after` on, in order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn pending(&self, after: u64, limit: usize) -> Result<Vec<Change>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT body FROM outbox WHERE device_seq > ?1 ORDER BY device_seq LIMIT ?2",
            )?;
            let mut found = statement.query(params![
                i64::try_from(after).unwrap_or(i64::MAX),
                i64::try_from(limit).unwrap_or(i64::MAX)
            ])?;
            let mut changes = Vec::new();
            while let Some(row) = found.next()? {
                let body: String = row.get(0)?;
                changes.push(serde_json::from_str(&body).map_err(|_| StoreError::Row("outbox"))?);
            }
            Ok(changes)
        })
    }

    /// The highest `device_seq` up to which every change has the server's word.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn acked(&self) -> Result<u64, StoreError> {
        self.read(|conn| {
            let first: Option<i64> =
                conn.query_row("SELECT min(device_seq) FROM outbox", [], |row| row.get(0))?;
            let last = get_meta(conn, "device_seq")?.and_then(|text| text.parse().ok());
            let acked = first.map_or_else(|| last.unwrap_or(0), |first| first - 1);
            Ok(u64::try_from(acked).unwrap_or(0))
        })
    }

    /// How many changes wait.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn pending_count(&self) -> Result<i64, StoreError> {
        self.read(pending_count)
    }

    /// Keeps how the server knows this desk.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn save_enrolment(&self, enrolment: &Enrolment) -> Result<(), StoreError> {
        let text = serde_json::to_string(enrolment).map_err(|_| StoreError::Row("enrolment"))?;
        let writer = self.writer();
        set_meta(&writer, "enrolment", &text)?;
        desk::bump_data_version(&writer)
    }

    /// Where the desk stands in the server's order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn cursor(&self) -> Result<u64, StoreError> {
        self.read(|conn| {
            Ok(get_meta(conn, "cursor")?
                .and_then(|text| text.parse().ok())
                .unwrap_or(0))
        })
    }

    /// Notes how a try to sync ended.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn record_sync(
        &self,
        at: Timestamp,
        ended: Result<BatchLine, &str>,
    ) -> Result<(), StoreError> {
        let writer = self.writer();
        match ended {
            Ok(line) => {
                set_meta(&writer, "last_sync_at", &at.0.to_string())?;
                set_meta(&writer, "last_sync_error", "")?;
                writer.execute(
                    "INSERT INTO sync_batch (at, sent, new, merged, conflicts, held, received)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![
                        at.0,
                        line.sent,
                        line.new,
                        line.merged,
                        line.conflicts,
                        line.held,
                        line.received
                    ],
                )?;
            }
            Err(code) => set_meta(&writer, "last_sync_error", code)?,
        }
        desk::bump_data_version(&writer)
    }
}

/// How many changes wait.
pub fn pending_count(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn.query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))?)
}

/// Whether a record has changes that wait.
pub fn is_pending(conn: &Connection, entity_id: Uuid) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT 1 FROM outbox WHERE entity_id = ?1 LIMIT 1")?
        .exists([entity_id.to_string()])?)
}

/// The changes of a record that wait, in their order.
pub(crate) fn waiting(conn: &Connection, id: Uuid) -> Result<Vec<Change>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT body FROM outbox WHERE entity_id = ?1 ORDER BY device_seq")?;
    let bodies = statement.query_map([id.to_string()], |row| row.get::<_, String>(0))?;
    bodies
        .map(|body| serde_json::from_str(&body?).map_err(|_| StoreError::Row("outbox")))
        .collect()
}
