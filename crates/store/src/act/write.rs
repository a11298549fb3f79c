//! What an act under way does to records: each is read and written here and nowhere else, with permission asked,
//! a line of audit, a change for the outbox, and what undo needs.

use std::collections::BTreeSet;

use jitasa_domain::{
    ActionKind, Case, Entity, Record, Subject, authorize,
    change::Change,
    record::{changed_fields, to_fields},
};
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Act, Acted, Before, care, undo};
use crate::{StoreError, desk, form, rows, rows::RowMeta};

impl Act<'_> {
    pub(crate) fn conn(&self) -> &Connection {
        self.tx
    }

    pub(crate) fn new_id(&mut self) -> Uuid {
        self.ids.next(self.now)
    }

    /// A record that counts, with its version.
    pub(crate) fn get<R: Record>(&self, id: Uuid) -> Result<(R, i64), StoreError> {
        let missing = || StoreError::NotFound(R::ENTITY.code());
        let (fields, meta) = rows::read(self.tx, R::ENTITY, id)?.ok_or_else(missing)?;
        if fields
            .get("void_reason")
            .is_some_and(|reason| !reason.is_null())
        {
            return Err(missing());
        }
        Ok((rows::from_fields(fields)?, meta.version))
    }

    /// Adds a new record.
    pub(crate) fn create<R: Record>(&mut self, record: &R) -> Result<(), StoreError> {
        let fields = to_fields(record).map_err(|_| StoreError::Row(R::ENTITY.code()))?;
        let blank = to_fields(&R::default()).map_err(|_| StoreError::Row(R::ENTITY.code()))?;
        self.permit(R::ENTITY, &fields)?;
        let meta = RowMeta {
            version: 1,
            server_seq: 0,
        };
        rows::insert(self.tx, R::ENTITY, &fields, meta, None)?;
        let changed = changed_fields(&blank, &fields);
        self.note(R::ENTITY, record.id(), &fields, changed, None, meta)
    }

    /// Writes a record that exists; fields that are as they were are not written. Answers whether
    /// anything was.
    pub(crate) fn update<R: Record>(&mut self, record: &R) -> Result<bool, StoreError> {
        let fields = to_fields(record).map_err(|_| StoreError::Row(R::ENTITY.code()))?;
        self.write(R::ENTITY, record.id(), &fields)
    }

    /// As [`Act::update`], for a record of any kind.
    pub(crate) fn write(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: &Map<String, Value>,
    ) -> Result<bool, StoreError> {
        let (old, meta) =
            rows::read(self.tx, entity, id)?.ok_or(StoreError::NotFound(entity.code()))?;
        let changed = changed_fields(&old, fields);
        // Whoever moves a record must be allowed where it was and where it goes. Asked also when
        // nothing is written: the answer must not depend on what the record holds.
        self.permit(entity, &old)?;
        if changed.is_empty() {
            return Ok(false);
        }
        self.permit(entity, fields)?;
        let meta = RowMeta {
            version: meta.version + i64::from(form::ages(entity, &changed)),
            ..meta
        };
        rows::update(self.tx, entity, id, &changed, meta)?;
        let before = changed
            .keys()
            .map(|name| (name.clone(), old.get(name).cloned().unwrap_or(Value::Null)))
            .collect();
        let sent = if entity == Entity::Kind && meta.server_seq == 0 && meta.version == 2 {
            // The lists that ship were never sent: the first change of an entry tells it whole, also
            // what is at its default, since other desks hold it as it shipped.
            fields.clone()
        } else {
            changed
        };
        self.note(entity, id, fields, sent, Some(before), meta)?;
        Ok(true)
    }

    /// Adds a record that was made before and did not stay.
    pub(super) fn make_again(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: &Map<String, Value>,
        told: Map<String, Value>,
    ) -> Result<(), StoreError> {
        self.permit(entity, fields)?;
        let meta = RowMeta {
            version: 1,
            server_seq: 0,
        };
        rows::insert(self.tx, entity, fields, meta, None)?;
        self.note(entity, id, fields, told, None, meta)
    }

    /// Tells values again that stand here and not at the server.
    pub(super) fn tell_again(
        &mut self,
        entity: Entity,
        id: Uuid,
        told: Map<String, Value>,
    ) -> Result<(), StoreError> {
        let (fields, meta) =
            rows::read(self.tx, entity, id)?.ok_or(StoreError::NotFound(entity.code()))?;
        self.permit(entity, &fields)?;
        let before = Some(told.clone());
        self.note(entity, id, &fields, told, before, meta)
    }

    pub(super) fn permit(
        &self,
        entity: Entity,
        fields: &Map<String, Value>,
    ) -> Result<(), StoreError> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let own_case = || -> Result<Option<Case>, StoreError> {
            match text("case_id").and_then(|id| id.parse().ok()) {
                Some(id) => rows::get::<Case>(self.tx, id),
                None => Ok(None),
            }
        };
        let case = if entity == Entity::Case {
            None
        } else {
            own_case()?
        };
        let subject = match &case {
            Some(case) => case.subject(),
            None => Subject {
                office_code: text("office_code").unwrap_or(&self.office_code),
                referred_to: text("referred_to"),
                area_code: text("area_code").or_else(|| text("code")),
                entered_by: text("created_by").and_then(|id| id.parse().ok()),
                done_by: &[],
            },
        };
        let done_by = self.done_by(entity, fields)?;
        let subject = Subject {
            done_by: &done_by,
            ..subject
        };
        Ok(authorize(self.actor, self.action, &subject)?)
    }

    /// Whose work a review or an assignment is about: all who went.
    fn done_by(
        &self,
        entity: Entity,
        fields: &Map<String, Value>,
    ) -> Result<Vec<Uuid>, StoreError> {
        let id = |value: &Value| value.as_str().and_then(|id| id.parse::<Uuid>().ok());
        let of = |name: &str| fields.get(name);
        Ok(match entity {
            Entity::Assignment => {
                let along = of("companions").and_then(Value::as_array);
                let asked = of("volunteer_id").into_iter();
                asked
                    .chain(along.into_iter().flatten())
                    .filter_map(id)
                    .collect()
            }
            Entity::Review => match of("assignment_id").and_then(id) {
                Some(assignment) => rows::get::<jitasa_domain::Assignment>(self.tx, assignment)?
                    .map(|assignment| assignment.who_go().collect())
                    .unwrap_or_default(),
                None => Vec::new(),
            },
            _ => Vec::new(),
        })
    }

    fn note(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: &Map<String, Value>,
        changed: Map<String, Value>,
        before: Option<Map<String, Value>>,
        meta: RowMeta,
    ) -> Result<(), StoreError> {
        let case_id = self.touched.add(entity, id, fields);
        self.remember(entity, id, fields, before);
        let base_version = self.seen_of(id, &changed, meta)?;
        let change = Change {
            change_id: self.new_id(),
            act_id: self.act_id,
            action: self.action,
            entity,
            entity_id: id,
            base_version,
            fields: changed,
            actor_id: self.actor.id,
            actor_name: self.actor.name.clone(),
            actor_role: self.actor.role,
            device_seq: desk::next_device_seq(self.tx)?,
            claimed_at: self.now,
        };
        self.changes.push((change, case_id));
        Ok(())
    }

    /// Keeps what undo needs. A record that an act writes twice is known by how the act left it in the end.
    fn remember(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: &Map<String, Value>,
        before: Option<Map<String, Value>>,
    ) {
        self.before.push(Before {
            entity,
            id,
            fields: before,
            left: None,
        });
        let latest = self.before.len() - 1;
        let since = match self.latest.insert(id, latest) {
            None => latest,
            Some(earlier) => {
                self.before[earlier].left = None;
                0
            }
        };
        let of_record = self.before[since..].iter().filter(|each| each.id == id);
        let left = undo::imprint(id, fields, undo::written(of_record).as_ref());
        self.before[latest].left = Some(left);
    }

    /// Makes forms of cases old whose parts were written and whose own rows were not.
    fn age_cases(&self) -> Result<(), StoreError> {
        let mut aged = BTreeSet::new();
        for (change, case_id) in &self.changes {
            if let Some(case_id) = case_id.filter(|id| !self.latest.contains_key(id))
                && form::ages_case(change.entity, &change.fields)
            {
                aged.insert(case_id);
            }
        }
        aged.into_iter()
            .try_for_each(|id| form::age_case(self.tx, id))
    }

    /// A file that brought nothing new is remembered all the same, so that it is known again; and so is a
    /// decision that leaves everything as it stands.
    fn keeps_an_empty_act(&self) -> bool {
        self.decided
            || matches!(
                self.action,
                ActionKind::CasesImport | ActionKind::VillagesImport
            )
    }

    /// An act that changed nothing leaves nothing to undo. A form that was saved twice is answered
    /// with the act that made its record, so that undo takes back what the person sees.
    fn nothing_done(self, subject: Option<Uuid>) -> Result<Acted, StoreError> {
        let made_by = match subject.filter(|_| self.action == ActionKind::CaseCreate) {
            Some(id) => self
                .tx
                .prepare_cached(
                    "SELECT act_id FROM audit WHERE case_id = ?1 AND entity_id = ?1
                     AND action = 'case_create' ORDER BY pk LIMIT 1",
                )?
                .query_row([id.to_string()], |row| row.get::<_, String>(0))
                .optional()?
                .and_then(|act_id| act_id.parse().ok()),
            None => None,
        };
        Ok(Acted {
            act_id: made_by.unwrap_or(self.act_id),
            action: self.called,
            changed: BTreeSet::new(),
            subject,
            made: Vec::new(),
            refused: self.refused,
        })
    }

    /// Up to where the author has seen a record. What others wrote into a field lies hidden under a
    /// change of this desk that still waits, so whoever writes the field again has not seen it: he
    /// has seen what the waiting change had.
    fn seen_of(
        &self,
        id: Uuid,
        changed: &Map<String, Value>,
        meta: RowMeta,
    ) -> Result<u64, StoreError> {
        let delivered = u64::try_from(meta.server_seq).unwrap_or(0);
        if delivered == 0 {
            return Ok(0);
        }
        let hiding = crate::sync::waiting(self.tx, id)?;
        Ok(hiding
            .iter()
            .filter(|waiting| waiting.fields.keys().any(|name| changed.contains_key(name)))
            .map(|waiting| waiting.base_version)
            .fold(delivered, u64::min))
    }

    /// Derived columns, audit, outbox, undo: the rest of the transaction.
    pub(super) fn finish(mut self, subject: Option<Uuid>) -> Result<Acted, StoreError> {
        if self.before.is_empty() && !self.keeps_an_empty_act() {
            return self.nothing_done(subject);
        }
        care::settle(&mut self)?;
        self.age_cases()?;
        let mut audit = self.tx.prepare_cached(
            "INSERT INTO audit (act_id, action, actor_id, actor_name, at, entity, entity_id, case_id, fields)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        let mut outbox = self.tx.prepare_cached(
            "INSERT INTO outbox (device_seq, entity, entity_id, body) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (change, case_id) in &self.changes {
            let names: Vec<_> = change.fields.keys().collect();
            audit.execute(rusqlite::params![
                self.act_id.to_string(),
                self.called.code(),
                self.actor.id.to_string(),
                self.actor.name,
                self.now.0,
                change.entity.code(),
                change.entity_id.to_string(),
                case_id.map(|id| id.to_string()),
                to_json(&names)?,
            ])?;
            outbox.execute(rusqlite::params![
                i64::try_from(change.device_seq).unwrap_or(i64::MAX),
                change.entity.code(),
                change.entity_id.to_string(),
                to_json(change)?,
            ])?;
        }
        self.tx.execute(
            "INSERT INTO act (act_id, action, actor_id, at, undone, body) VALUES (?1, ?2, ?3, ?4, 0, ?5)",
            rusqlite::params![
                self.act_id.to_string(),
                self.called.code(),
                self.actor.id.to_string(),
                self.now.0,
                to_json(&self.before)?,
            ],
        )?;
        desk::bump_data_version(self.tx)?;
        let made = self.before.iter().filter(|before| before.fields.is_none());
        Ok(Acted {
            act_id: self.act_id,
            action: self.called,
            changed: self.before.iter().map(|before| before.entity).collect(),
            subject,
            made: made.map(|before| (before.entity, before.id)).collect(),
            refused: self.refused,
        })
    }
}

fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Row("act"))
}
