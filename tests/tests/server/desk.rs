//! A desk in memory: a mirror of what the server told, its own changes on top. It is what the store
//! does with a database, in as few lines as the rules of sync allow.

use std::collections::BTreeMap;

use jitasa_domain::{
    ActionKind, Entity, IdSource as _, Role, Timestamp,
    change::{Change, Outcome, Verdict},
    ids::SeededIds,
};
use jitasa_protocol::{
    DeviceKey, Hash, PROTOCOL,
    payload::{BatchHead, Request, RequestHead},
};
use jitasa_sync::{
    AbsorbCounts, Absorbed, Desk, DeskError, Enrolment, Identity,
    core::{Cap, Gathered, Standing},
};
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

#[derive(Clone)]
pub(crate) struct MemoryDesk {
    pub(crate) device_id: Uuid,
    pub(crate) office_code: String,
    enrolment: Option<Enrolment>,
    pub(crate) secret: Option<[u8; 32]>,
    /// The chain at each number that has the server's word.
    links: BTreeMap<u64, Hash>,
    caps: Vec<Cap>,
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
            secret: None,
            links: BTreeMap::from([(0, Hash::GENESIS)]),
            caps: Vec::new(),
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

    /// The same disk in another PC, whose chance is its own.
    pub(crate) fn cloned(&self) -> Self {
        Self {
            ids: SeededIds(self.ids.0 ^ 0xC10E),
            ..self.clone()
        }
    }

    /// A row goes astray, as no rule of sync lets it.
    pub(crate) fn loses(&mut self, entity: Entity, id: Uuid) {
        self.mirror.remove(&(entity, id));
    }

    /// A request as its desk would sign it now, with these changes.
    pub(crate) fn a_request(&self, changes: &[Change]) -> Request {
        let enrolment = self.enrolment_now();
        let before = changes
            .first()
            .map_or(self.acked, |first| first.device_seq - 1);
        let link = self.links.get(&before).copied().unwrap_or_default();
        let batch = BatchHead::of(Uuid::from_u128(5), None, link, changes);
        Request {
            head: RequestHead {
                protocol: PROTOCOL,
                server_id: enrolment.server_id,
                epoch: enrolment.epoch,
                office_code: self.office_code.clone(),
                device_id: self.device_id,
                acked: before,
                link,
                cursor: self.cursor,
                limit: 500,
                batch: (!changes.is_empty()).then_some(batch),
                ..RequestHead::default()
            },
            changes: changes.to_vec(),
        }
    }

    pub(crate) fn key(&self) -> DeviceKey {
        DeviceKey::from_secret(&self.secret.expect("the desk has a key"))
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
            key: self.secret.map(|secret| DeviceKey::from_secret(&secret)),
        })
    }

    fn save_key(&mut self, secret: [u8; 32]) -> Result<(), DeskError> {
        self.secret = Some(secret);
        Ok(())
    }

    fn enrolment(&self) -> Result<Option<Enrolment>, DeskError> {
        Ok(self.enrolment.clone())
    }

    fn save_enrolment(&mut self, enrolment: &Enrolment) -> Result<(), DeskError> {
        self.enrolment = Some(enrolment.clone());
        Ok(())
    }

    fn start_anew(&mut self, device_id: Uuid, secret: [u8; 32]) -> Result<(), DeskError> {
        (self.device_id, self.secret) = (device_id, Some(secret));
        self.links = BTreeMap::from([(0, Hash::GENESIS)]);
        (self.acked, self.cursor) = (0, 0);
        Ok(())
    }

    fn standing(&self) -> Result<Standing, DeskError> {
        let enrolment = self.enrolment_now();
        Ok(Standing {
            device_id: self.device_id,
            office_code: self.office_code.clone(),
            server_id: enrolment.server_id,
            epoch: enrolment.epoch,
            acked: self.acked,
            cursor: self.cursor,
            caps: self.caps.clone(),
            ..Standing::default()
        })
    }

    fn gather(&self, after: u64, limit: usize) -> Result<Gathered, DeskError> {
        let waiting = self
            .outbox
            .iter()
            .filter(|change| change.device_seq > after);
        Ok(Gathered {
            changes: waiting.take(limit).cloned().collect(),
            link: self.links.get(&after).copied(),
            waiting: self.outbox.len() as u64 - self.acked,
        })
    }

    fn pending_count(&self) -> Result<u64, DeskError> {
        Ok(self.outbox.len() as u64 - self.acked)
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
        self.links.extend(answer.links.iter().copied());
        self.cursor = answer.cursor.unwrap_or(self.cursor);
        Ok(AbsorbCounts {
            received: answer.delivered.len() as u64,
        })
    }

    fn rebase(&mut self, epoch: Uuid, cut: u64, expected: u64) -> Result<(), DeskError> {
        self.enrolment.as_mut().expect("the desk is enrolled").epoch = epoch;
        for heard in self.heard.values_mut() {
            *heard = cut.min(*heard);
        }
        self.caps.push(Cap {
            up_to: self.outbox.len() as u64,
            base: cut,
        });
        self.acked = self.acked.min(expected - 1);
        self.cursor = 0;
        Ok(())
    }

    fn sums(&self) -> Result<BTreeMap<String, u64>, DeskError> {
        let mut sums = BTreeMap::new();
        for ((entity, id), fields) in &self.mirror {
            let text = |name: &str| fields.get(name).and_then(Value::as_str);
            let case = text("case_id").and_then(|id| id.parse().ok());
            let of_case = case.and_then(|case| self.mirror.get(&(Entity::Case, case)));
            let owner = of_case
                .and_then(|case| case.get("office_code"))
                .and_then(Value::as_str)
                .or_else(|| {
                    text(if *entity == Entity::Area {
                        "code"
                    } else {
                        "office_code"
                    })
                });
            let sum: &mut u64 = sums
                .entry(owner.unwrap_or_default().to_string())
                .or_default();
            *sum = sum.wrapping_add(jitasa_domain::sum::record_sum(*entity, *id, fields));
        }
        Ok(sums)
    }

    fn reconcile(&mut self, _: &str, _: &[(Entity, Uuid)], _: Timestamp) -> Result<(), DeskError> {
        Ok(())
    }
}
