//! A desk in memory: a mirror of what the server told, its own changes on top. It is what the store
//! does with a database, in as few lines as the rules of sync allow.

use std::collections::BTreeMap;

use jitasa_domain::{
    ActionKind, Entity, IdSource as _, Role, Timestamp,
    change::{Change, Outcome, Verdict},
    ids::SeededIds,
};
use jitasa_sync::{AbsorbCounts, Absorbed, Desk, DeskError, Enrolment, Identity};
use serde_json::{Map, Value};
use uuid::Uuid;

pub(crate) type Fields = Map<String, Value>;
pub(crate) type Records = BTreeMap<(Entity, Uuid), Fields>;

/// Fields as a test writes them.
pub(crate) fn fields(value: Value) -> Fields {
    match value {
        Value::Object(map) => map,
        other => panic!("fields are an object, not {other}"),
    }
}

pub(crate) struct MemoryDesk {
    pub(crate) device_id: Uuid,
    pub(crate) office_code: String,
    enrolment: Option<Enrolment>,
    pub(crate) role: Role,
    actor_id: Uuid,
    mirror: Records,
    /// The highest sequence heard of each record.
    heard: BTreeMap<(Entity, Uuid), u64>,
    pub(crate) outbox: Vec<Change>,
    acked: u64,
    cursor: u64,
    /// Everything the server ever said of this desk's changes.
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) left: Vec<Uuid>,
    ids: SeededIds,
}

impl MemoryDesk {
    pub(crate) fn new(office_code: &str, seed: u64) -> Self {
        let mut ids = SeededIds(seed);
        let now = Timestamp(1_795_305_600_000);
        Self {
            device_id: ids.next(now),
            office_code: office_code.into(),
            enrolment: None,
            role: Role::Clerk,
            actor_id: ids.next(now),
            mirror: Records::new(),
            heard: BTreeMap::new(),
            outbox: Vec::new(),
            acked: 0,
            cursor: 0,
            outcomes: Vec::new(),
            left: Vec::new(),
            ids,
        }
    }

    pub(crate) fn an_id(&mut self) -> Uuid {
        self.ids.next(Timestamp(1_795_305_600_000))
    }

    /// What the clerk sees: the mirror with his own waiting changes replayed on top.
    pub(crate) fn records(&self) -> Records {
        let mut records = self.mirror.clone();
        for change in self
            .outbox
            .iter()
            .filter(|change| change.device_seq > self.acked)
        {
            records
                .entry((change.entity, change.entity_id))
                .or_default()
                .extend(change.fields.clone());
        }
        records
    }

    pub(crate) fn get(&self, entity: Entity, id: Uuid) -> Option<Fields> {
        self.records().remove(&(entity, id))
    }

    pub(crate) fn write(
        &mut self,
        action: ActionKind,
        entity: Entity,
        entity_id: Uuid,
        fields: Fields,
    ) -> Uuid {
        let (change_id, act_id) = (self.an_id(), self.an_id());
        self.outbox.push(Change {
            change_id,
            act_id,
            action,
            entity,
            entity_id,
            base_version: self.heard.get(&(entity, entity_id)).copied().unwrap_or(0),
            fields,
            actor_id: self.actor_id,
            actor_name: "ผู้ทดสอบ".into(),
            actor_role: self.role,
            device_seq: self.outbox.len() as u64 + 1,
            claimed_at: Timestamp(1_795_305_600_000),
        });
        change_id
    }

    /// A case with one need and its person, the case first.
    pub(crate) fn keys_a_case(&mut self, note: &str) -> Uuid {
        let (case, need, person) = (self.an_id(), self.an_id(), self.an_id());
        let office = self.office_code.clone();
        let village = format!("{office:0<6}05");
        self.write(
            ActionKind::CaseCreate,
            Entity::Case,
            case,
            fields(serde_json::json!({
                "id": case, "number": format!("{office}-69-{}", self.outbox.len()),
                "office_code": office, "area_code": village, "note": note, "person_id": person,
            })),
        );
        self.write(
            ActionKind::CaseCreate,
            Entity::Person,
            person,
            fields(serde_json::json!({
                "id": person, "case_id": case, "office_code": office, "given_name": "สมมุติ",
            })),
        );
        self.write(
            ActionKind::CaseCreate,
            Entity::Need,
            need,
            fields(serde_json::json!({"id": need, "case_id": case, "kind": "food_water"})),
        );
        case
    }

    pub(crate) fn edits(&mut self, case: Uuid, changed: Value) -> Uuid {
        self.write(ActionKind::CaseEdit, Entity::Case, case, fields(changed))
    }

    pub(crate) fn outcome(&self, change_id: Uuid) -> Outcome {
        let said: Vec<_> = self
            .outcomes
            .iter()
            .filter(|each| each.change_id == change_id)
            .collect();
        assert_eq!(said.len(), 1, "the server has one word on a change");
        said[0].clone()
    }

    pub(crate) fn cursor_now(&self) -> u64 {
        self.cursor
    }

    pub(crate) fn enrolment_now(&self) -> Enrolment {
        self.enrolment.clone().expect("the desk is enrolled")
    }

    fn applies(&mut self, outcome: &Outcome) {
        let change = &self.outbox[usize::try_from(outcome.device_seq).unwrap() - 1];
        assert_eq!(change.change_id, outcome.change_id);
        let applied = change
            .fields
            .iter()
            .filter(|(name, _)| !outcome.theirs.contains_key(*name));
        self.mirror
            .entry((change.entity, change.entity_id))
            .or_default()
            .extend(applied.map(|(name, value)| (name.clone(), value.clone())));
    }
}

impl Desk for MemoryDesk {
    fn identity(&self) -> Result<Identity, DeskError> {
        Ok(Identity {
            device_id: self.device_id,
            device_name: "โต๊ะทดสอบ".into(),
            office_code: self.office_code.clone(),
        })
    }

    fn enrolment(&self) -> Result<Option<Enrolment>, DeskError> {
        Ok(self.enrolment.clone())
    }

    fn save_enrolment(&mut self, enrolment: &Enrolment) -> Result<(), DeskError> {
        self.enrolment = Some(enrolment.clone());
        Ok(())
    }

    fn acked(&self) -> Result<u64, DeskError> {
        Ok(self.acked)
    }

    fn pending(&self, after: u64, limit: usize) -> Result<Vec<Change>, DeskError> {
        let waiting = self
            .outbox
            .iter()
            .filter(|change| change.device_seq > after);
        Ok(waiting.take(limit).cloned().collect())
    }

    fn pending_count(&self) -> Result<u64, DeskError> {
        Ok(self.outbox.len() as u64 - self.acked)
    }

    fn cursor(&self) -> Result<u64, DeskError> {
        Ok(self.cursor)
    }

    fn absorb(&mut self, answer: &Absorbed) -> Result<AbsorbCounts, DeskError> {
        // In the province's order: an own change that others wrote over later must not win. Under the
        // same sequence the own change comes first: it may itself have taken the record away.
        let mut own: Vec<_> = answer
            .outcomes
            .iter()
            .filter(|outcome| outcome.device_seq > self.acked)
            .cloned()
            .collect();
        self.outcomes.extend(own.iter().cloned());
        own.retain(|outcome| outcome.seq.is_some() && outcome.verdict != Verdict::Held);
        let mut own = own.into_iter().peekable();
        for row in &answer.delivered {
            while let Some(outcome) = own.next_if(|outcome| outcome.seq <= Some(row.seq)) {
                self.applies(&outcome);
            }
            let key = (row.entity, row.entity_id);
            if row.left {
                self.mirror.remove(&key);
                self.heard.remove(&key);
                self.left.push(row.entity_id);
                continue;
            }
            if row.whole {
                self.mirror.remove(&key);
            }
            self.mirror
                .entry(key)
                .or_default()
                .extend(row.fields.clone());
            self.heard.insert(key, row.seq);
        }
        for outcome in own {
            self.applies(&outcome);
        }
        self.acked = answer.acked;
        self.cursor = answer.cursor;
        Ok(AbsorbCounts {
            received: answer.delivered.len() as u64,
        })
    }
}
