//! The store's side of sync: changes that wait, what the server answered, what others did.

mod absorb;
mod anew;
mod by_file;
pub mod reading;
mod sums;
pub mod trouble;

pub use sums::ServersCopy;

use std::collections::BTreeMap;

use jitasa_domain::{
    Timestamp,
    change::{Change, Delivered, Outcome},
};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

pub use self::trouble::Trouble;
use crate::{
    Enrolment, Store, StoreError,
    desk::{self, get_meta, set_meta},
};

/// What one answer of the server brings.
#[derive(Debug, Clone)]
pub struct Absorbed<'a> {
    /// What became of changes.
    pub outcomes: &'a [Outcome],
    /// The device's chain at each of them.
    pub links: &'a BTreeMap<u64, [u8; 32]>,
    /// What others did, in the server's order.
    pub delivered: &'a [Delivered],
    /// Where to go on next time; none when rows were fetched again.
    pub cursor: Option<u64>,
}

/// Changes that wait, from a number on.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// In their order, without a gap.
    pub changes: Vec<Change>,
    /// The device's chain at that number, when it is still known.
    pub link: Option<[u8; 32]>,
    /// How many wait altogether.
    pub count: u64,
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

impl Store {
    /// Changes that wait, from `after` on, in order: about `limit` of them, since no act is torn apart that is not
    /// larger than [`GATHER_MAX`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn gather(&self, after: u64, limit: usize) -> Result<Waiting, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT body FROM outbox WHERE device_seq > ?1 ORDER BY device_seq",
            )?;
            let mut found = statement.query([number(after)])?;
            let mut changes: Vec<Change> = Vec::new();
            while let Some(row) = found.next()? {
                let change = read_change(&row.get::<_, String>(0)?)?;
                let begins_an_act = changes
                    .last()
                    .is_none_or(|last| last.act_id != change.act_id);
                if changes.len() >= GATHER_MAX || (changes.len() >= limit && begins_an_act) {
                    break;
                }
                changes.push(change);
            }
            Ok(Waiting {
                changes,
                link: link_at(conn, after)?,
                count: u64::try_from(pending_count(conn)?).unwrap_or(0),
            })
        })
    }

    /// The highest `device_seq` up to which every change has the server's word.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn acked(&self) -> Result<u64, StoreError> {
        self.read(acked)
    }

    /// How many changes wait.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn pending_count(&self) -> Result<i64, StoreError> {
        self.read(pending_count)
    }

    /// Keeps how the server knows this desk. One that begins to sign begins its chain where it stands.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn save_enrolment(&self, enrolment: &Enrolment) -> Result<(), StoreError> {
        let text = serde_json::to_string(enrolment).map_err(|_| StoreError::Row("enrolment"))?;
        let mut writer = self.writer();
        let tx = writer.transaction()?;
        let before = desk::reading::enrolment(&tx)?;
        let begins_to_sign = before.is_some_and(|before| before.server_key.is_none());
        if begins_to_sign && enrolment.server_key.is_some() {
            set_meta(&tx, "link_base", &acked(&tx)?.to_string())?;
        }
        set_meta(&tx, "enrolment", &text)?;
        // What an earlier try ran into was the desk's old standing.
        set_meta(&tx, "last_sync_error", "")?;
        desk::bump_data_version(&tx)?;
        tx.commit()?;
        Ok(())
    }

    /// Keeps what this device signs with.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn save_device_secret(&self, secret: &[u8; 32]) -> Result<(), StoreError> {
        let writer = self.writer();
        keep_secret(&writer, secret)
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

    /// Notes that the desk was compared with the server.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn note_compared(&self, at: Timestamp) -> Result<(), StoreError> {
        set_meta(&self.writer(), "compared_at", &at.0.to_string())
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

/// Changes gathered at once at most: what the server takes in one batch.
pub const GATHER_MAX: usize = 2_000;
/// Acknowledged changes that are kept, for a server that was restored from an old copy.
const SENT_KEPT: i64 = 50_000;

fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn read_change(body: &str) -> Result<Change, StoreError> {
    serde_json::from_str(body).map_err(|_| StoreError::Row("outbox"))
}

fn acked(conn: &Connection) -> Result<u64, StoreError> {
    let first: Option<i64> =
        conn.query_row("SELECT min(device_seq) FROM outbox", [], |row| row.get(0))?;
    let last = get_meta(conn, "device_seq")?.and_then(|text| text.parse().ok());
    let acked = first.map_or_else(|| last.unwrap_or(0), |first| first - 1);
    Ok(u64::try_from(acked).unwrap_or(0))
}

fn keep_secret(conn: &Connection, secret: &[u8; 32]) -> Result<(), StoreError> {
    let text = serde_json::to_string(secret).map_err(|_| StoreError::Row("device_secret"))?;
    set_meta(conn, "device_secret", &text)
}

/// The device's chain at one of its numbers: zeroes before the first, and where a desk of protocol 1 began to sign.
fn link_at(conn: &Connection, device_seq: u64) -> Result<Option<[u8; 32]>, StoreError> {
    let begins: u64 = get_meta(conn, "link_base")?
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if device_seq == begins {
        return Ok(Some([0; 32]));
    }
    Ok(conn
        .prepare_cached("SELECT link FROM sent WHERE device_seq = ?1")?
        .query_row([number(device_seq)], |row| row.get(0))
        .optional()?)
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
