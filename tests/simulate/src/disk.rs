//! A desk's disk in memory: what the store keeps in SQLite, with the same rules of merging over it. Each call is one
//! transaction; what the process held beside it is lost when it ends.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use jitasa_domain::{
    Entity, Timestamp,
    change::{Change, Delivered, Outcome, Verdict},
    fields_of,
    replica::{self, Held, OtherChange, Rows},
    sum::record_sum,
};
use jitasa_protocol::{DeviceKey, Hash};
use jitasa_server::book::Key;
use jitasa_sync::{
    AbsorbCounts, Absorbed, Desk, DeskError, Enrolment, Identity,
    core::{Cap, Gathered, Standing},
};
use serde_json::{Map, Value};
use uuid::Uuid;

/// A change that the server did not apply, as a person sees it.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    pub verdict: Verdict,
    pub reason: String,
    pub change: Rc<Change>,
}

/// A change that has its word.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    link: Hash,
    /// Its place in the server's order; none when it was held.
    seq: Option<u64>,
    change: Rc<Change>,
}

/// What a desk holds.
#[derive(Debug, Clone)]
pub(crate) struct DeskDisk {
    pub device_id: Uuid,
    pub secret: [u8; 32],
    pub office: &'static str,
    pub enrolment: Option<Enrolment>,
    pub records: BTreeMap<Key, Held>,
    /// Fields that this desk's version does not know.
    pub unknown: BTreeMap<Key, Map<String, Value>>,
    pub outbox: BTreeMap<u64, Rc<Change>>,
    pub sent: BTreeMap<u64, Sent>,
    pub troubles: BTreeMap<Uuid, Trouble>,
    pub cursor: u64,
    pub device_seq: u64,
    pub link_base: u64,
    pub caps: Vec<Cap>,
    /// Every change that was made here, for the oracle.
    pub made: BTreeSet<Uuid>,
    /// For the oracle: the scope is fetched anew, and what left it meanwhile is found by comparing.
    pub must_compare: bool,
}

impl From<Broken> for DeskError {
    fn from(error: Broken) -> Self {
        Self {
            code: error.0.into(),
        }
    }
}

/// The store's own rules were broken: never to happen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Broken(pub &'static str);

impl From<OtherChange> for Broken {
    fn from(_: OtherChange) -> Self {
        Self("another change waits under this number")
    }
}

impl DeskDisk {
    pub(crate) fn new(device_id: Uuid, secret: [u8; 32], office: &'static str) -> Self {
        Self {
            device_id,
            secret,
            office,
            enrolment: None,
            records: BTreeMap::new(),
            unknown: BTreeMap::new(),
            outbox: BTreeMap::new(),
            sent: BTreeMap::new(),
            troubles: BTreeMap::new(),
            cursor: 0,
            device_seq: 0,
            link_base: 0,
            caps: Vec::new(),
            made: BTreeSet::new(),
            must_compare: false,
        }
    }

    pub(crate) fn acked(&self) -> u64 {
        self.outbox
            .first_key_value()
            .map_or(self.device_seq, |(first, _)| first - 1)
    }

    fn link_at(&self, number: u64) -> Option<Hash> {
        if number == self.link_base {
            return Some(Hash::GENESIS);
        }
        self.sent.get(&number).map(|sent| sent.link)
    }

    pub(crate) fn key(&self) -> DeviceKey {
        DeviceKey::from_secret(&self.secret)
    }

    /// Up to where the author of a change has seen a record: what lies hidden under a waiting change was not.
    pub(crate) fn seen_of(&self, key: Key, written: &Map<String, Value>) -> u64 {
        let delivered = self.records.get(&key).map_or(0, |held| held.server_seq);
        self.outbox
            .values()
            .filter(|change| change.entity_id == key.1)
            .filter(|change| change.fields.keys().any(|name| written.contains_key(name)))
            .map(|change| change.base_version)
            .fold(delivered, u64::min)
    }

    /// One change of an act: the row as its author sees it, and what waits.
    pub(crate) fn write(&mut self, change: Change) {
        let key = (change.entity, change.entity_id);
        let held = self.records.entry(key).or_insert_with(|| Held {
            fields: jitasa_domain::record::blank(key.0).clone(),
            ..Held::default()
        });
        held.version += 1;
        let known = fields_of(key.0);
        for (name, value) in &change.fields {
            if known.iter().any(|field| field.name == name) {
                held.fields.insert(name.clone(), value.clone());
            } else {
                let unknown = self.unknown.entry(key).or_default();
                unknown.insert(name.clone(), value.clone());
            }
        }
        self.made.insert(change.change_id);
        self.device_seq = change.device_seq;
        self.outbox.insert(change.device_seq, Rc::new(change));
    }

    /// The field as a person at this desk sees it.
    pub(crate) fn shown(&self, key: Key, name: &str) -> Option<&Value> {
        let of_unknown = || self.unknown.get(&key)?.get(name);
        self.records
            .get(&key)
            .and_then(|held| held.fields.get(name))
            .or_else(of_unknown)
    }

    pub(crate) fn never_taken(&self) -> BTreeSet<Uuid> {
        self.troubles
            .values()
            .filter(|each| each.verdict == Verdict::Held && each.change.fields.contains_key("id"))
            .map(|each| each.change.entity_id)
            .collect()
    }

    /// Whose a record is, as the desk works it out for its checksums.
    pub(crate) fn owner_of(&self, key: Key, fields: &Map<String, Value>) -> String {
        let text = |fields: &Map<String, Value>, name: &str| {
            let text = fields.get(name).and_then(Value::as_str);
            text.map(ToString::to_string)
        };
        let of_case = text(fields, "case_id")
            .and_then(|case| case.parse().ok())
            .and_then(|case| self.records.get(&(Entity::Case, case)))
            .and_then(|case| text(&case.fields, "office_code"));
        let own = if key.0 == Entity::Area {
            "code"
        } else {
            "office_code"
        };
        of_case.or_else(|| text(fields, own)).unwrap_or_default()
    }

    /// Acknowledged changes from a number on wait again.
    fn offer_again(&mut self, from: u64) {
        let again = self.sent.split_off(&from);
        for (number, sent) in again {
            self.outbox.entry(number).or_insert(sent.change);
        }
    }
}

impl Rows for DeskDisk {
    type Error = Broken;

    fn read(&self, entity: Entity, id: Uuid) -> Result<Option<Held>, Broken> {
        Ok(self.records.get(&(entity, id)).cloned())
    }

    fn insert(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: Map<String, Value>,
        server_seq: u64,
    ) -> Result<(), Broken> {
        let known = fields_of(entity);
        let (fields, rest): (Map<_, _>, Map<_, _>) = fields
            .into_iter()
            .partition(|(name, _)| known.iter().any(|field| field.name == *name));
        if !rest.is_empty() {
            self.unknown.entry((entity, id)).or_default().extend(rest);
        }
        let held = Held {
            fields,
            server_seq,
            version: 1,
        };
        match self.records.insert((entity, id), held) {
            None => Ok(()),
            Some(_) => Err(Broken("a record was added twice")),
        }
    }

    fn update(
        &mut self,
        entity: Entity,
        id: Uuid,
        before: Held,
        changed: Map<String, Value>,
        server_seq: u64,
    ) -> Result<(), Broken> {
        let known = fields_of(entity);
        let mut held = before;
        held.server_seq = server_seq;
        for (name, value) in changed {
            if known.iter().any(|field| field.name == name) {
                held.fields.insert(name, value);
            } else {
                let unknown = self.unknown.entry((entity, id)).or_default();
                unknown.insert(name, value);
            }
        }
        self.records.insert((entity, id), held);
        Ok(())
    }

    fn remove(&mut self, entity: Entity, id: Uuid) -> Result<(), Broken> {
        self.records.remove(&(entity, id));
        self.unknown.remove(&(entity, id));
        Ok(())
    }

    fn keep_unknown(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: Map<String, Value>,
    ) -> Result<(), Broken> {
        self.unknown.entry((entity, id)).or_default().extend(fields);
        Ok(())
    }

    fn parts_of_case(&self, case_id: Uuid) -> Result<Vec<(Entity, Uuid)>, Broken> {
        let case = case_id.to_string();
        Ok(self
            .records
            .iter()
            .filter(|(_, held)| held.fields.get("case_id").and_then(Value::as_str) == Some(&case))
            .map(|(key, _)| *key)
            .collect())
    }

    fn waiting_under(&self, device_seq: u64) -> Result<Option<Change>, Broken> {
        Ok(self
            .outbox
            .get(&device_seq)
            .map(|change| Change::clone(change)))
    }

    fn waiting(&self, id: Uuid) -> Result<Vec<Change>, Broken> {
        let waiting = self.outbox.values();
        Ok(waiting
            .filter(|change| change.entity_id == id)
            .map(|change| Change::clone(change))
            .collect())
    }

    fn settled(&mut self, change: &Change, outcome: &Outcome) -> Result<(), Broken> {
        match self.outbox.remove(&change.device_seq) {
            // Its link is put beside it once the whole answer is in.
            Some(settled) => {
                let sent = Sent {
                    link: Hash::GENESIS,
                    seq: outcome.seq,
                    change: settled,
                };
                self.sent.insert(change.device_seq, sent);
                Ok(())
            }
            None => Err(Broken("a change was settled that did not wait")),
        }
    }

    fn keep_trouble(
        &mut self,
        change: &Change,
        reason: &str,
        outcome: &Outcome,
    ) -> Result<(), Broken> {
        let is_known = self
            .troubles
            .get(&change.change_id)
            .is_some_and(|known| known.verdict == outcome.verdict);
        if !is_known {
            let trouble = Trouble {
                verdict: outcome.verdict,
                reason: reason.to_string(),
                change: Rc::new(change.clone()),
            };
            self.troubles.insert(change.change_id, trouble);
        }
        Ok(())
    }

    fn forget_trouble(&mut self, change: &Change) -> Result<(), Broken> {
        self.troubles.remove(&change.change_id);
        Ok(())
    }

    fn was_never_taken(&self, id: Uuid) -> Result<bool, Broken> {
        Ok(self.troubles.values().any(|each| {
            each.change.entity_id == id
                && each.verdict == Verdict::Held
                && each.change.fields.contains_key("id")
        }))
    }

    fn note(&mut self, _: &Delivered) -> Result<(), Broken> {
        Ok(())
    }
}

impl Desk for DeskDisk {
    fn identity(&self) -> Result<Identity, DeskError> {
        Ok(Identity {
            device_id: self.device_id,
            device_name: String::new(),
            office_code: self.office.to_string(),
            key: Some(self.key()),
        })
    }

    fn save_key(&mut self, secret: [u8; 32]) -> Result<(), DeskError> {
        self.secret = secret;
        Ok(())
    }

    fn enrolment(&self) -> Result<Option<Enrolment>, DeskError> {
        Ok(self.enrolment.clone())
    }

    fn save_enrolment(&mut self, enrolment: &Enrolment) -> Result<(), DeskError> {
        let before = self.enrolment.as_ref();
        let begins_to_sign = before.is_some_and(|before| before.server_key.is_none());
        if begins_to_sign && enrolment.server_key.is_some() {
            self.link_base = self.acked();
        }
        self.enrolment = Some(enrolment.clone());
        Ok(())
    }

    fn start_anew(&mut self, device_id: Uuid, secret: [u8; 32]) -> Result<(), DeskError> {
        self.offer_again(0);
        let waiting = std::mem::take(&mut self.outbox);
        self.device_seq = 0;
        for (_, change) in waiting {
            self.device_seq += 1;
            let change = Change {
                device_seq: self.device_seq,
                ..Change::clone(&change)
            };
            self.outbox.insert(self.device_seq, Rc::new(change));
        }
        self.device_id = device_id;
        self.secret = secret;
        self.link_base = 0;
        if let Some(base) = self.caps.iter().map(|cap| cap.base).min() {
            let up_to = self.device_seq;
            self.caps = vec![Cap { up_to, base }];
        }
        self.cursor = 0;
        Ok(())
    }

    fn standing(&self) -> Result<Standing, DeskError> {
        let enrolment = self.enrolment.as_ref().ok_or(Broken("not enrolled"))?;
        Ok(Standing {
            device_id: self.device_id,
            office_code: self.office.to_string(),
            server_id: enrolment.server_id,
            epoch: enrolment.epoch,
            acked: self.acked(),
            cursor: self.cursor,
            caps: self.caps.clone(),
            ..Standing::default()
        })
    }

    fn gather(&self, after: u64, limit: usize) -> Result<Gathered, DeskError> {
        let mut changes: Vec<Change> = Vec::new();
        for (_, change) in self.outbox.range(after + 1..) {
            let begins_an_act = changes
                .last()
                .is_none_or(|last| last.act_id != change.act_id);
            if changes.len() >= 2_000 || (changes.len() >= limit && begins_an_act) {
                break;
            }
            changes.push(Change::clone(change));
        }
        Ok(Gathered {
            changes,
            link: self.link_at(after),
            waiting: self.outbox.len() as u64,
        })
    }

    fn pending_count(&self) -> Result<u64, DeskError> {
        Ok(self.outbox.len() as u64)
    }

    fn absorb(&mut self, answer: &Absorbed) -> Result<AbsorbCounts, DeskError> {
        let waited: Vec<_> = answer
            .outcomes
            .iter()
            .map(|outcome| outcome.device_seq)
            .filter(|number| self.outbox.contains_key(number))
            .collect();
        replica::take_in(self, &answer.outcomes, &answer.delivered)?;
        let links: BTreeMap<_, _> = answer.links.iter().copied().collect();
        for number in waited {
            let link = links.get(&number).ok_or(Broken("a change has no link"))?;
            if let Some(sent) = self.sent.get_mut(&number) {
                sent.link = *link;
            }
        }
        if let Some(cursor) = answer.cursor {
            self.cursor = cursor;
        }
        Ok(AbsorbCounts {
            received: answer.delivered.len() as u64,
        })
    }

    fn rebase(&mut self, epoch: Uuid, cut: u64, expected: u64) -> Result<(), DeskError> {
        if let Some(enrolment) = self.enrolment.as_mut() {
            enrolment.epoch = epoch;
        }
        for held in self.records.values_mut() {
            held.server_seq = held.server_seq.min(cut);
        }
        let up_to = self.device_seq;
        self.caps.push(Cap { up_to, base: cut });
        // As `jitasa_store` does: also what the server judged after the two orders parted.
        let judged_before = |sent: &Sent| sent.seq.is_some_and(|seq| seq <= cut);
        let last_before = self.sent.iter().rev().find(|(_, sent)| judged_before(sent));
        let first_after = last_before.map_or(0, |(number, _)| number + 1);
        self.offer_again(expected.min(first_after));
        self.cursor = 0;
        Ok(())
    }

    fn sums(&self) -> Result<BTreeMap<String, u64>, DeskError> {
        let never_taken = self.never_taken();
        let mut sums = BTreeMap::<String, u64>::new();
        for (key, held) in &self.records {
            if held.server_seq > 0 || !never_taken.contains(&key.1) {
                let sum = sums.entry(self.owner_of(*key, &held.fields)).or_default();
                *sum = sum.wrapping_add(record_sum(key.0, key.1, &held.fields));
            }
        }
        Ok(sums)
    }

    fn reconcile(
        &mut self,
        owner: &str,
        records: &[(Entity, Uuid)],
        at: Timestamp,
    ) -> Result<(), DeskError> {
        let known: BTreeSet<_> = records.iter().copied().collect();
        let never_taken = self.never_taken();
        let strange: Vec<_> = self
            .records
            .iter()
            .filter(|(key, held)| {
                !known.contains(*key)
                    && (held.server_seq > 0 || !never_taken.contains(&key.1))
                    && self.owner_of(**key, &held.fields) == owner
                    && !self.outbox.values().any(|change| change.entity_id == key.1)
            })
            .map(|(key, held)| (*key, held.fields.clone()))
            .collect();
        for (key, fields) in strange {
            let id = Uuid::new_v5(&key.1, b"record_lost");
            let change = Change {
                change_id: id,
                act_id: Uuid::nil(),
                action: jitasa_domain::ActionKind::Read,
                entity: key.0,
                entity_id: key.1,
                base_version: 0,
                fields,
                actor_id: Uuid::nil(),
                actor_name: String::new(),
                actor_role: jitasa_domain::Role::Timekeeper,
                device_seq: 0,
                claimed_at: at,
            };
            let trouble = Trouble {
                verdict: Verdict::Held,
                reason: "record_lost".into(),
                change: Rc::new(change),
            };
            self.troubles.entry(id).or_insert(trouble);
            replica::forget(self, key.0, key.1)?;
        }
        Ok(())
    }
}
