//! Does this desk hold what the server holds? Checksums of what each owner answers for, and what is done where they
//! differ.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jitasa_domain::{
    ActionKind, Entity, Role, Timestamp, change::Change, change::Verdict, fields_of, record::blank,
    record::changed_fields, replica, sum::record_sum,
};
use rusqlite::{Connection, params};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::absorb::Written;
use crate::{Store, StoreError, derive, desk, rows};

/// What the server holds of one owner, as it was just fetched again.
#[derive(Debug, Clone, Copy)]
pub struct ServersCopy<'a> {
    /// The owner: an office, or an area's own code.
    pub owner: &'a str,
    /// His records.
    pub records: &'a [(Entity, Uuid)],
}

/// A record, with whose it is and whether the server is to know it.
struct Held {
    entity: Entity,
    id: Uuid,
    owner: String,
    fields: Map<String, Value>,
}

impl Store {
    /// The checksum of each owner's records, as this desk holds them. It reads every record once.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sums(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        self.read(|conn| {
            let mut sums = BTreeMap::new();
            each_held(conn, |held| {
                let sum: &mut u64 = sums.entry(held.owner).or_default();
                *sum = sum.wrapping_add(record_sum(held.entity, held.id, &held.fields));
                Ok(())
            })?;
            Ok(sums)
        })
    }

    /// What an owner answers for is exactly what the server holds. Any other record of his is taken out of the work
    /// and kept in the list of what a person has to look at: the server does not know it, or knows it no longer.
    ///
    /// # Errors
    /// When the disk fails; nothing has changed then.
    pub fn reconcile(&self, copy: &ServersCopy<'_>, at: Timestamp) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let tx = writer.transaction()?;
        let known: BTreeSet<_> = copy.records.iter().copied().collect();
        let mut strange = Vec::new();
        each_held(&tx, |held| {
            if held.owner == copy.owner && !known.contains(&(held.entity, held.id)) {
                strange.push(held);
            }
            Ok(())
        })?;
        let mut written = Written {
            conn: &tx,
            links: &BTreeMap::new(),
            now: at,
            touched: derive::Touched::default(),
            new_cases: BTreeSet::new(),
        };
        for held in strange {
            if super::is_pending(&tx, held.id)? {
                continue;
            }
            set_aside(&tx, &held, at)?;
            replica::forget(&mut written, held.entity, held.id)?;
        }
        derive::refresh(&tx, &written.touched)?;
        desk::bump_data_version(&tx)?;
        tx.commit()?;
        Ok(())
    }
}

fn set_aside(conn: &Connection, held: &Held, at: Timestamp) -> Result<(), StoreError> {
    // As if somebody had written the whole record and the server had not taken it.
    let change = Change {
        change_id: Uuid::new_v5(&held.id, b"record_lost"),
        act_id: Uuid::nil(),
        action: ActionKind::Read,
        entity: held.entity,
        entity_id: held.id,
        base_version: 0,
        fields: changed_fields(blank(held.entity), &held.fields),
        actor_id: Uuid::nil(),
        actor_name: String::new(),
        actor_role: Role::Timekeeper,
        device_seq: 0,
        claimed_at: at,
    };
    let body = serde_json::to_string(&change).map_err(|_| StoreError::Row("trouble"))?;
    conn.execute(
        "INSERT INTO trouble (change_id, kind, reason, entity, entity_id, change, theirs, at)
         VALUES (?1, ?2, 'record_lost', ?3, ?4, ?5, '{}', ?6) ON CONFLICT DO NOTHING",
        params![
            change.change_id.to_string(),
            Verdict::Held.code(),
            held.entity.code(),
            held.id.to_string(),
            body,
            at.0,
        ],
    )?;
    Ok(())
}

/// Goes through all records that the server is to know.
fn each_held(
    conn: &Connection,
    mut see: impl FnMut(Held) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut offices = HashMap::new();
    let mut statement = conn.prepare("SELECT id, office_code FROM \"case\"")?;
    let mut cases = statement.query([])?;
    while let Some(row) = cases.next()? {
        offices.insert(row.get::<_, String>(0)?, row.get::<_, String>(1)?);
    }
    let never_taken = never_taken(conn)?;
    let kinds_in_acts = kinds_in_acts(conn)?;
    for entity in Entity::ALL.iter().copied() {
        let fields = fields_of(entity);
        let sql = format!(
            "SELECT {}, r.server_seq FROM {} r",
            rows::columns(entity, "r"),
            rows::table(entity)
        );
        let mut statement = conn.prepare(&sql)?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let record = rows::fields_at(row, fields, 0)?;
            let server_seq: i64 = row.get(fields.len())?;
            let text = |name: &str| record.get(name).and_then(Value::as_str);
            let id = text("id").unwrap_or_default();
            // The lists that ship are on every desk; the server hears of an entry when somebody changes it.
            let as_shipped =
                entity == Entity::Kind && server_seq == 0 && !kinds_in_acts.contains(id);
            // Another desk may have made the same village, and its own was taken and delivered.
            let is_ours_alone = server_seq == 0 && never_taken.contains(id);
            if as_shipped || is_ours_alone {
                continue;
            }
            let own = if entity == Entity::Area {
                "code"
            } else {
                "office_code"
            };
            let owner = text("case_id")
                .and_then(|case| offices.get(case).map(String::as_str))
                .or_else(|| text(own))
                .unwrap_or_default()
                .to_string();
            let id = id.parse().map_err(|_| StoreError::Row(entity.code()))?;
            see(Held {
                entity,
                id,
                owner,
                fields: record,
            })?;
        }
    }
    Ok(())
}

/// Entries of lists that somebody here made or changed.
fn kinds_in_acts(conn: &Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut statement = conn.prepare("SELECT entity_id FROM audit WHERE entity = 'kind'")?;
    let ids = statement.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Records that this desk made and the server did not take.
fn never_taken(conn: &Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT entity_id FROM trouble
         WHERE kind = 'held' AND json_type(change, '$.fields.id') IS NOT NULL",
    )?;
    let ids = statement.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests;
