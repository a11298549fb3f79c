//! Taking in an answer of the server, in one transaction. What stays on top of what is `jitasa_domain::replica`'s to
//! say; here are the rows it works on, and what follows from them.

use std::collections::{BTreeMap, BTreeSet};

use jitasa_domain::{
    Entity, Timestamp,
    change::{Change, Delivered, Outcome},
    replica::{self, Held, OtherChange, Rows},
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
        let mut written = Written {
            conn: &tx,
            links: answer.links,
            now,
            touched: derive::Touched::default(),
            new_cases: BTreeSet::new(),
        };
        replica::take_in(&mut written, answer.outcomes, answer.delivered)?;
        derive::refresh(&tx, &written.touched)?;
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

/// The rows under a transaction, and what has to be derived anew before it ends.
pub(super) struct Written<'a> {
    pub conn: &'a Connection,
    pub links: &'a BTreeMap<u64, [u8; 32]>,
    pub now: Timestamp,
    pub touched: derive::Touched,
    /// Cases that came with this answer: no form shows one of them yet.
    pub new_cases: BTreeSet<Uuid>,
}

impl From<OtherChange> for StoreError {
    fn from(_: OtherChange) -> Self {
        Self::Row("outbox")
    }
}

fn text<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Row("outbox"))
}

impl Written<'_> {
    /// Notes what has to be derived anew. A form of the case is old when a part that it shows was written: saving it
    /// would put the old values back.
    fn follow(
        &mut self,
        entity: Entity,
        id: Uuid,
        whole: &Map<String, Value>,
        changed: &Map<String, Value>,
    ) -> Result<(), StoreError> {
        let case_id = self.touched.add(entity, id, whole);
        let shown =
            |case: &Uuid| !self.new_cases.contains(case) && form::ages_case(entity, changed);
        match case_id.filter(shown) {
            Some(id) => form::age_case(self.conn, id),
            None => Ok(()),
        }
    }
}

impl Rows for Written<'_> {
    type Error = StoreError;

    fn read(&self, entity: Entity, id: Uuid) -> Result<Option<Held>, StoreError> {
        Ok(
            rows::read(self.conn, entity, id)?.map(|(fields, meta)| Held {
                fields,
                server_seq: u64::try_from(meta.server_seq).unwrap_or(0),
                version: meta.version,
            }),
        )
    }

    fn insert(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: Map<String, Value>,
        server_seq: u64,
    ) -> Result<(), StoreError> {
        let meta = RowMeta {
            version: 1,
            server_seq: number(server_seq),
        };
        rows::insert(self.conn, entity, &fields, meta, None)?;
        if entity == Entity::Case {
            self.new_cases.insert(id);
        }
        self.follow(entity, id, &fields, &fields)
    }

    fn update(
        &mut self,
        entity: Entity,
        id: Uuid,
        before: Held,
        changed: Map<String, Value>,
        server_seq: u64,
    ) -> Result<(), StoreError> {
        let meta = RowMeta {
            // A form that shows the record is old only when something in it changed.
            version: before.version + i64::from(form::ages(entity, &changed)),
            server_seq: number(server_seq),
        };
        rows::update(self.conn, entity, id, &changed, meta)?;
        let mut whole = before.fields;
        whole.extend(changed.clone());
        self.follow(entity, id, &whole, &changed)
    }

    fn remove(&mut self, entity: Entity, id: Uuid) -> Result<(), StoreError> {
        remove(self.conn, entity, id, &mut self.touched)
    }

    fn keep_unknown(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: Map<String, Value>,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE {} SET extra = json_patch(coalesce(extra, '{{}}'), ?2) WHERE id = ?1",
            rows::table(entity)
        );
        self.conn
            .execute(&sql, params![id.to_string(), text(&fields)?])?;
        Ok(())
    }

    fn parts_of_case(&self, case_id: Uuid) -> Result<Vec<(Entity, Uuid)>, StoreError> {
        derive::parts_of_case(self.conn, case_id)
    }

    fn waiting_under(&self, device_seq: u64) -> Result<Option<Change>, StoreError> {
        let body: Option<String> = self
            .conn
            .prepare_cached("SELECT body FROM outbox WHERE device_seq = ?1")?
            .query_row([number(device_seq)], |row| row.get(0))
            .optional()?;
        body.as_deref().map(read_change).transpose()
    }

    fn waiting(&self, id: Uuid) -> Result<Vec<Change>, StoreError> {
        waiting(self.conn, id)
    }

    fn settled(&mut self, change: &Change, outcome: &Outcome) -> Result<(), StoreError> {
        let seq = change.device_seq;
        let link = self.links.get(&seq).ok_or(StoreError::Row("link"))?;
        self.conn
            .prepare_cached("DELETE FROM outbox WHERE device_seq = ?1")?
            .execute([number(seq)])?;
        self.conn
            .prepare_cached(
                "INSERT INTO sent (device_seq, link, seq, body) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET link = excluded.link, seq = excluded.seq",
            )?
            .execute(params![
                number(seq),
                link.as_slice(),
                outcome.seq.map(number),
                text(change)?
            ])?;
        Ok(())
    }

    fn keep_trouble(
        &mut self,
        change: &Change,
        reason: &str,
        outcome: &Outcome,
    ) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT INTO trouble (change_id, kind, reason, entity, entity_id, change, theirs, theirs_by, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (change_id) DO UPDATE SET kind = excluded.kind, reason = excluded.reason,
                 theirs = excluded.theirs, theirs_by = excluded.theirs_by, at = excluded.at,
                 decided_at = NULL, decided_by = NULL, decision = NULL
             WHERE trouble.kind <> excluded.kind",
            params![
                change.change_id.to_string(),
                outcome.verdict.code(),
                reason,
                change.entity.code(),
                change.entity_id.to_string(),
                text(change)?,
                text(&outcome.theirs)?,
                text(&outcome.theirs_by)?,
                self.now.0,
            ],
        )?;
        Ok(())
    }

    fn forget_trouble(&mut self, change: &Change) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM trouble WHERE change_id = ?1")?
            .execute([change.change_id.to_string()])?;
        Ok(())
    }

    /// Whether the server held the change that made this record.
    fn was_never_taken(&self, id: Uuid) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT 1 FROM trouble WHERE entity_id = ?1 AND kind = 'held'
             AND json_type(change, '$.fields.id') IS NOT NULL",
        )?;
        Ok(statement.exists([id.to_string()])?)
    }

    fn note(&mut self, delivered: &Delivered) -> Result<(), StoreError> {
        let id = delivered.entity_id.to_string();
        let said = delivered.fields.get("case_id").and_then(Value::as_str);
        let case_id = match (delivered.entity, said) {
            (Entity::Case, _) => Some(id.clone()),
            (_, Some(case_id)) => Some(case_id.to_string()),
            (entity, None) => rows::case_of(self.conn, entity, &id)?,
        };
        let names: Vec<_> = delivered.fields.keys().cloned().collect();
        self.conn
            .prepare_cached(
                "INSERT INTO audit (act_id, action, actor_id, actor_name, at, entity, entity_id, case_id, fields)
                 VALUES ('', ?1, '', ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                delivered.action.code(),
                delivered.actor_name,
                delivered.claimed_at.0,
                delivered.entity.code(),
                id,
                case_id,
                Value::from(names).to_string(),
            ])?;
        Ok(())
    }
}

/// Takes a record off this desk.
fn remove(
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
