//! A comparison that finds a difference mends it; that there was one is looked at here. After the server was put back,
//! or a desk began anew, records may be here that the server knows no longer: those are set aside, and nothing else is
//! explained.

use std::collections::{BTreeMap, BTreeSet};

use jitasa_domain::{change::Delivered, record::blank, sum::record_sum};
use jitasa_server::book::Key;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{oracle::Violation, world::World};

/// What a desk held of some records: each field that is not at its default.
pub(crate) type Before = BTreeMap<Key, Option<Map<String, Value>>>;

fn said(key: Key, fields: &Map<String, Value>) -> Map<String, Value> {
    let blank = blank(key.0);
    let mut said = fields.clone();
    said.retain(|name, value| blank.get(name) != Some(value));
    said
}

impl World {
    /// What a desk holds of the records of an answer.
    pub(crate) fn holds(&self, who: usize, rows: &[Delivered]) -> Before {
        let records = &self.desks[who].disk.records;
        rows.iter()
            .map(|row| (row.entity, row.entity_id))
            .map(|key| (key, records.get(&key).map(|held| said(key, &held.fields))))
            .collect()
    }

    /// Records were fetched again: what a desk had heard of it held, unless somebody wrote since.
    pub(crate) fn mended(
        &mut self,
        who: usize,
        before: &Before,
        rows: &[Delivered],
    ) -> Result<(), Violation> {
        let disk = &self.desks[who].disk;
        let after = self.holds(who, rows);
        let differs = rows
            .iter()
            .map(|row| ((row.entity, row.entity_id), row.seq))
            .filter(|(_, seq)| *seq <= disk.cursor)
            .find(|(key, _)| before.get(key) != after.get(key));
        if let Some((key, seq)) = differs {
            let text = |of: &Before| match of.get(&key) {
                Some(Some(fields)) => Value::Object(fields.clone()).to_string(),
                _ => String::from("nothing"),
            };
            let what = format!(
                "desk {who}: a {} differed that it had heard of up to {seq}: {} was mended to {}",
                key.0.code(),
                text(before),
                text(&after)
            );
            return Err(Violation::new(what, [key.1, disk.device_id]));
        }
        let any = before != &after;
        let mending = &mut self.desks[who].mending;
        *mending = Some(mending.unwrap_or(false) || any);
        Ok(())
    }

    /// A round is over in which records were fetched again: something must have differed.
    pub(crate) fn has_mended(&mut self, who: usize) -> Result<(), Violation> {
        match self.desks[who].mending.take() {
            Some(false) => {
                let device = self.desks[who].disk.device_id;
                let about = std::mem::take(&mut self.desks[who].apart);
                Err(Violation::new(
                    format!("desk {who}: its checksum differed, and no record did"),
                    [vec![device], about].concat(),
                ))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn say_sums_apart(&mut self, who: usize) {
        if self.trace.is_some() {
            let (what, about) = self.sums_apart(who);
            if !about.is_empty() {
                self.desks[who].apart.clone_from(&about);
                self.say(|| what, &about);
            }
        }
    }

    /// Which records count here otherwise than at the server, though they look alike.
    fn sums_apart(&self, who: usize) -> (String, Vec<Uuid>) {
        let desk = &self.desks[who].disk;
        let server = self.server.ledger.disk();
        let never_taken = desk.never_taken();
        let mut apart = (
            format!("desk {who} counts otherwise than the server:"),
            Vec::new(),
        );
        let keys: BTreeSet<_> = desk
            .records
            .keys()
            .chain(server.rows.records.keys())
            .collect();
        for key in keys {
            let held = desk.records.get(key);
            let is_ours_alone =
                held.is_some_and(|held| held.server_seq == 0 && never_taken.contains(&key.1));
            let ours = held.filter(|_| !is_ours_alone).map(|held| {
                let owner = desk.owner_of(*key, &held.fields);
                (owner, record_sum(key.0, key.1, &held.fields))
            });
            let stored = server.rows.records.get(key);
            let theirs = stored
                .filter(|stored| stored.scope.is_seen_by(desk.office))
                .map(|stored| (stored.scope.office_code.clone(), stored.sum));
            if ours != theirs {
                let said = format!(" {} {ours:?} {theirs:?}", key.0.code());
                apart.0.push_str(&said);
                apart.1.push(key.1);
            }
        }
        apart
    }

    /// Notes whether something is here that the server does not know, and stays until the server has answered to what was
    /// written to it meanwhile: then it is found when the desk compares next.
    pub(crate) fn looks_what_waits(&mut self, who: usize, owner: &str, records: &[Key]) {
        let desk = &mut self.desks[who];
        let waiting = desk.disk.outbox.values();
        let waits = waiting
            .map(|change| (change.entity, change.entity_id))
            .filter(|key| !records.contains(key))
            .any(|key| {
                let held = desk.disk.records.get(&key);
                held.is_some_and(|held| desk.disk.owner_of(key, &held.fields) == owner)
            });
        if waits {
            desk.mending = Some(true);
            desk.waits = true;
        }
    }

    /// Records were set aside since the server does not know them.
    pub(crate) fn set_aside(&mut self, who: usize, before: &[Key]) -> Result<(), Violation> {
        let desk = &mut self.desks[who];
        let gone = before
            .iter()
            .find(|key| !desk.disk.records.contains_key(key));
        let Some(key) = gone else {
            return Ok(());
        };
        if desk.disk.must_compare {
            desk.mending = Some(true);
            return Ok(());
        }
        let what = format!(
            "desk {who}: a {} was here that the server does not know",
            key.0.code()
        );
        Err(Violation::new(what, [key.1, desk.disk.device_id]))
    }
}
