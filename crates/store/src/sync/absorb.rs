//! Taking in an answer of the server: what became of this desk's changes, and what others did.
//!
//! A pending change stays on top: what others changed is written under it, field by field, until
//! the server has answered. What the server did not apply is kept with its reason; nothing a person
//! did is dropped.

use jitasa_domain::{
    Entity, Role, Timestamp,
    change::{Change, Delivered, Outcome, Verdict},
    fields_of,
    record::blank,
};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Absorbed, Received, SENT_KEPT, number, read_change, waiting};
use crate::{
    Store, StoreError, derive,
    desk::{self, set_meta},
    form,
    rows::{self, RowMeta},
};

impl Store {
    /// Takes in one answer of the server, all of it or nothing.
    ///
    /// # Errors
    /// When the disk fails; the answer is taken in again next time.
    pub fn absorb(&self, answer: &Absorbed, now: Timestamp) -> Result<Received, StoreError> {
        let mut writer = self.writer();
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut touched = derive::Touched::default();
        // What the server did with ours and what others did is one order, its own; where it speaks
        // of both at once, ours came first. Outcomes without a place in it come before all.
        let own = answer
            .outcomes
            .iter()
            .map(|outcome| (outcome.seq.unwrap_or(0), Word::On(outcome)));
        let others = answer
            .delivered
            .iter()
            .map(|row| (row.seq, Word::From(row)));
        let mut words: Vec<_> = own.chain(others).collect();
        words.sort_by_key(|(seq, word)| (*seq, matches!(word, Word::From(_))));
        for (_, word) in words {
            match word {
                Word::On(outcome) => {
                    let link = answer.links.get(&outcome.device_seq);
                    settle(&tx, outcome, link, now, &mut touched)?;
                }
                Word::From(delivered) => deliver(&tx, delivered, &mut touched)?,
            }
        }
        derive::refresh(&tx, &touched)?;
        if let Some(cursor) = answer.cursor {
            set_meta(&tx, "cursor", &cursor.to_string())?;
        }
        tx.execute(
            "DELETE FROM sent WHERE device_seq <= (SELECT max(device_seq) FROM sent) - ?1",
            [SENT_KEPT],
        )?;
        if !answer.outcomes.is_empty() || !answer.delivered.is_empty() {
            desk::bump_data_version(&tx)?;
        }
        tx.commit()?;
        Ok(Received {
            received: answer.delivered.len() as u64,
        })
    }
}

/// One word of the server: on a change of this desk, or from another.
enum Word<'a> {
    On(&'a Outcome),
    From(&'a Delivered),
}

/// Takes the server's word on one of this desk's changes: what it applied stands, what it did not is
/// kept with its reason beside the value that stands there.
///
/// The row's `server_seq` does not rise by an own outcome: a change of others below it may still be
/// on its way, and the next edit must not claim to have seen it.
fn settle(
    conn: &Connection,
    outcome: &Outcome,
    link: Option<&[u8; 32]>,
    now: Timestamp,
    touched: &mut derive::Touched,
) -> Result<(), StoreError> {
    let seq = i64::try_from(outcome.device_seq).unwrap_or(i64::MAX);
    let body: Option<String> = conn
        .prepare_cached("SELECT body FROM outbox WHERE device_seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()?;
    // Settled before: the answer was lost on its way and has come again.
    let Some(body) = body else { return Ok(()) };
    let change = read_change(&body)?;
    if change.change_id != outcome.change_id {
        return Err(StoreError::Row("outbox"));
    }
    conn.prepare_cached("DELETE FROM outbox WHERE device_seq = ?1")?
        .execute([seq])?;
    conn.prepare_cached(
        "INSERT INTO sent (device_seq, link, seq, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET link = excluded.link, seq = excluded.seq",
    )?
    .execute(params![
        seq,
        link.ok_or(StoreError::Row("link"))?.as_slice(),
        outcome.seq.map(number),
        body
    ])?;
    // What the clock did here and the province knows better is nobody's work: a person's answer came first.
    let is_the_clocks = change.actor_role == Role::Timekeeper;
    if matches!(outcome.verdict, Verdict::Conflict | Verdict::Held) && !is_the_clocks {
        conn.execute(
            "INSERT INTO trouble (change_id, kind, reason, entity, entity_id, change, theirs, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
            params![
                change.change_id.to_string(),
                outcome.verdict.code(),
                outcome.reason.as_deref().unwrap_or("conflict"),
                change.entity.code(),
                change.entity_id.to_string(),
                body,
                Value::Object(outcome.theirs.clone()).to_string(),
                now.0,
            ],
        )?;
    }
    let is_held = outcome.verdict == Verdict::Held;
    if is_held && change.fields.contains_key("id") && has_lost_its_case(conn, &change)? {
        // It was added to a case that is no longer this office's; what it said is kept above.
        return remove(conn, change.entity, change.entity_id, touched);
    }
    let mut stands = outcome.theirs.clone();
    stands.extend(outcome.since.clone());
    if outcome.seq.is_some() {
        for (name, value) in change.fields {
            stands.entry(name).or_insert(value);
        }
    }
    write_under_pending(conn, change.entity, change.entity_id, stands, None, touched)
}

fn deliver(
    conn: &Connection,
    delivered: &Delivered,
    touched: &mut derive::Touched,
) -> Result<(), StoreError> {
    let (entity, id) = (delivered.entity, delivered.entity_id);
    if delivered.left {
        return leave(conn, entity, id, touched);
    }
    let known = fields_of(entity);
    let mut fields = delivered.fields.clone();
    let unknown: Map<String, Value> = delivered
        .fields
        .iter()
        .filter(|(name, _)| known.iter().all(|field| field.name != *name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    fields.retain(|name, _| !unknown.contains_key(name));
    let is_known = rows::read(conn, entity, id)?.is_some();
    if delivered.whole || !is_known {
        // A field that nobody wrote is not sent: it stands at its default.
        let mut whole = blank(entity).clone();
        whole.insert("id".into(), Value::from(id.to_string()));
        whole.extend(fields);
        fields = whole;
    }
    if is_known {
        write_under_pending(conn, entity, id, fields, Some(delivered.seq), touched)?;
    } else {
        // A record that had left and came back may have changes of this desk that still wait.
        for change in waiting(conn, id)? {
            fields.extend(change.fields);
        }
        let meta = RowMeta {
            version: 1,
            server_seq: i64::try_from(delivered.seq).unwrap_or(i64::MAX),
        };
        rows::insert(conn, entity, &fields, meta, None)?;
        let case_id = touched.add(entity, id, &fields);
        age_case(conn, entity, &fields, case_id)?;
    }
    if !unknown.is_empty() {
        let sql = format!(
            "UPDATE {} SET extra = json_patch(coalesce(extra, '{{}}'), ?2) WHERE id = ?1",
            rows::table(entity)
        );
        conn.execute(
            &sql,
            params![id.to_string(), Value::Object(unknown).to_string()],
        )?;
    }
    audit(conn, delivered)
}

/// Writes what stands at the server; fields that a waiting change of this desk covers stay as they
/// are on top until the server has answered.
fn write_under_pending(
    conn: &Connection,
    entity: Entity,
    id: Uuid,
    mut fields: Map<String, Value>,
    delivered_seq: Option<u64>,
    touched: &mut derive::Touched,
) -> Result<(), StoreError> {
    let Some((mut whole, meta)) = rows::read(conn, entity, id)? else {
        return Ok(());
    };
    for change in waiting(conn, id)? {
        for name in change.fields.keys() {
            fields.remove(name);
        }
    }
    fields.retain(|name, value| whole.get(name) != Some(value));
    let server_seq = delivered_seq
        .and_then(|seq| i64::try_from(seq).ok())
        .map_or(meta.server_seq, |seq| meta.server_seq.max(seq));
    // A form that shows the record is old only when something in it changed.
    let version = meta.version + i64::from(form::ages(entity, &fields));
    rows::update(
        conn,
        entity,
        id,
        &fields,
        RowMeta {
            version,
            server_seq,
        },
    )?;
    whole.extend(fields.clone());
    let case_id = touched.add(entity, id, &whole);
    age_case(conn, entity, &fields, case_id)
}

/// Makes a form of the case old when a part that it shows was written: saving it would put the old values back.
fn age_case(
    conn: &Connection,
    part: Entity,
    fields: &Map<String, Value>,
    case_id: Option<Uuid>,
) -> Result<(), StoreError> {
    match case_id.filter(|_| form::ages_case(part, fields)) {
        Some(id) => form::age_case(conn, id),
        None => Ok(()),
    }
}

/// Whether a change made a part of a case that is not on this desk any more.
fn has_lost_its_case(conn: &Connection, change: &Change) -> Result<bool, StoreError> {
    let case_id = change.fields.get("case_id").and_then(Value::as_str);
    match case_id.and_then(|id| id.parse().ok()) {
        Some(id) => Ok(rows::read(conn, Entity::Case, id)?.is_none()),
        None => Ok(false),
    }
}

/// Forgets a record that is no longer this office's. The parts of a case get a word of their own, and
/// one that this desk added since the case came back gets none: so they are left to it. Only a part
/// that the server never took has nobody to speak of it.
fn leave(
    conn: &Connection,
    entity: Entity,
    id: Uuid,
    touched: &mut derive::Touched,
) -> Result<(), StoreError> {
    if entity == Entity::Case {
        for (part, part_id) in derive::parts_of_case(conn, id)? {
            if was_never_taken(conn, part_id)? {
                remove(conn, part, part_id, touched)?;
            }
        }
    }
    remove(conn, entity, id, touched)
}

/// Whether the server held the change that made this record.
fn was_never_taken(conn: &Connection, id: Uuid) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM trouble WHERE entity_id = ?1 AND kind = 'held'
         AND json_type(change, '$.fields.id') IS NOT NULL",
    )?;
    Ok(statement.exists([id.to_string()])?)
}

pub(super) fn remove(
    conn: &Connection,
    entity: Entity,
    id: Uuid,
    touched: &mut derive::Touched,
) -> Result<(), StoreError> {
    if let Some((fields, _)) = rows::read(conn, entity, id)? {
        touched.add(entity, id, &fields);
    }
    derive::forget(conn, entity, id)?;
    conn.execute(
        &format!("DELETE FROM {} WHERE id = ?1", rows::table(entity)),
        [id.to_string()],
    )?;
    Ok(())
}

fn audit(conn: &Connection, delivered: &Delivered) -> Result<(), StoreError> {
    let case_id = match delivered.entity {
        Entity::Case => Some(delivered.entity_id.to_string()),
        entity => match rows::read(conn, entity, delivered.entity_id)? {
            Some((fields, _)) => fields
                .get("case_id")
                .and_then(Value::as_str)
                .map(ToString::to_string),
            None => None,
        },
    };
    let names: Vec<_> = delivered.fields.keys().cloned().collect();
    conn.prepare_cached(
        "INSERT INTO audit (act_id, action, actor_id, actor_name, at, entity, entity_id, case_id, fields)
         VALUES ('', ?1, '', ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        delivered.action.code(),
        delivered.actor_name,
        delivered.claimed_at.0,
        delivered.entity.code(),
        delivered.entity_id.to_string(),
        case_id,
        Value::from(names).to_string(),
    ])?;
    Ok(())
}
