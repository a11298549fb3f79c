//! What must be so when everything has come to rest.

use std::collections::BTreeMap;

use jitasa_domain::{
    Entity, Role,
    change::{Change, Verdict},
    record::blank,
    sum::record_sum,
};
use jitasa_protocol::Hash;
use jitasa_server::book::Scope;
use jitasa_sync::Desk as _;
use serde_json::Value;

use crate::{
    desk::Desk,
    ledger::Rows,
    oracle::{Violation, may_see, owner_of},
    world::World,
};

impl World {
    /// Checks everything at once.
    pub(crate) fn at_rest(&mut self) -> Result<(), Violation> {
        let disk = self.server.ledger.disk();
        let rows = &disk.rows;
        sums_are_right(rows)?;
        for key in rows.records.keys() {
            self.oracle.stands(*key, rows)?;
        }
        for (who, desk) in self.desks.iter().enumerate() {
            if desk.is_lost {
                continue;
            }
            holds_what_the_server_holds(who, desk, rows)?;
            every_change_has_its_word(who, desk, rows, |id| self.may_be_gone(id))?;
        }
        self.nothing_acknowledged_is_missing(rows)?;
        Ok(())
    }

    fn nothing_acknowledged_is_missing(&self, rows: &Rows) -> Result<(), Violation> {
        for id in &self.oracle.acknowledged {
            let held = self
                .desks
                .iter()
                .any(|desk| !desk.is_lost && desk.disk.made.contains(id));
            // What a restored server lost is gone where no desk holds it any more.
            let is_gone = self.oracle.lost.contains(id) && !held;
            if rows.outcome(*id).is_none() && !is_gone && !self.may_be_gone(*id) {
                return Err(Violation::new(
                    "an acknowledged change is not in the log",
                    [*id],
                ));
            }
        }
        Ok(())
    }

    /// Made on a desk whose program kept nothing of what it had sent, and lost by the server since.
    fn may_be_gone(&self, id: uuid::Uuid) -> bool {
        self.oracle.lost.contains(&id) && self.oracle.told_by_v1.contains(&id)
    }

    /// One number of all that was done: the same seed, the same number.
    pub(crate) fn hash(&self) -> u64 {
        let mut all = String::new();
        let disk = self.server.ledger.disk();
        for line in &disk.rows.log {
            let outcome = &line.entry.outcome;
            all.push_str(&format!(
                "{} {} {} {:?}\n",
                line.entry.seq,
                outcome.change_id,
                outcome.verdict.code(),
                outcome.reason
            ));
        }
        for (key, stored) in &disk.rows.records {
            all.push_str(&format!(
                "{} {} {}\n",
                key.1,
                stored.last_seq,
                Value::Object(stored.body.clone())
            ));
        }
        for desk in &self.desks {
            all.push_str(&format!(
                "{} {}\n",
                desk.disk.cursor,
                desk.disk.troubles.len()
            ));
            for (key, held) in &desk.disk.records {
                all.push_str(&format!(
                    "{} {} {}\n",
                    key.1,
                    held.server_seq,
                    Value::Object(held.fields.clone())
                ));
            }
        }
        let Hash([a, b, c, d, e, f, g, h, ..]) = Hash::of(all.as_bytes());
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

/// What is kept of the sums of scopes is what the records say.
fn sums_are_right(rows: &Rows) -> Result<(), Violation> {
    let mut sums = BTreeMap::<Scope, u64>::new();
    for (key, stored) in &rows.records {
        let (office_code, referred_to) = owner_of(rows, *key);
        let scope = Scope {
            office_code,
            referred_to,
        };
        if scope != stored.scope {
            return Err(Violation::new(
                "a record is kept in another scope than its own",
                [key.1],
            ));
        }
        let sum = sums.entry(scope).or_default();
        *sum = sum.wrapping_add(record_sum(key.0, key.1, &stored.body));
    }
    let kept: BTreeMap<_, _> = rows.sums.iter().filter(|(_, sum)| **sum != 0).collect();
    if kept == sums.iter().filter(|(_, sum)| **sum != 0).collect() {
        return Ok(());
    }
    Err(Violation::new("the sums of scopes are wrong", []))
}

fn holds_what_the_server_holds(who: usize, desk: &Desk, rows: &Rows) -> Result<(), Violation> {
    let disk = &desk.disk;
    let office = disk.office;
    let wrong = |what: String, id| {
        Err(Violation::new(
            format!("desk {who}: {what}"),
            [id, disk.device_id],
        ))
    };
    for (key, stored) in &rows.records {
        let (owner, referred) = owner_of(rows, *key);
        if !may_see(office, &owner, referred.as_deref()) {
            if disk.records.contains_key(key) {
                return wrong(
                    format!("a {} that has left is still here", key.0.code()),
                    key.1,
                );
            }
            continue;
        }
        let Some(held) = disk.records.get(key) else {
            return wrong(format!("a {} is missing", key.0.code()), key.1);
        };
        for (name, default) in blank(key.0) {
            let theirs = stored.body.get(name).unwrap_or(default);
            if name != "id" && held.fields.get(name) != Some(theirs) {
                let what = format!(
                    "{} {name} is {:?}, at the server {theirs}",
                    key.0.code(),
                    held.fields.get(name)
                );
                return wrong(what, key.1);
            }
        }
        let known = blank(key.0);
        for (name, theirs) in stored
            .body
            .iter()
            .filter(|(name, _)| !known.contains_key(*name))
        {
            if disk.shown(*key, name) != Some(theirs) {
                return wrong(
                    format!("{} {name}, which it does not know, is gone", key.0.code()),
                    key.1,
                );
            }
        }
    }
    for key in disk
        .records
        .keys()
        .filter(|key| !rows.records.contains_key(*key))
    {
        let is_held = disk.troubles.values().any(|trouble| {
            trouble.verdict == Verdict::Held
                && trouble.change.entity_id == key.1
                && trouble.change.fields.contains_key("id")
        });
        if !is_held {
            return wrong(
                format!("a {} is here that nobody else knows", key.0.code()),
                key.1,
            );
        }
    }
    for (key, held) in &disk.records {
        let case = held.fields.get("case_id").and_then(Value::as_str);
        let case = case.and_then(|id| id.parse().ok());
        let case = case.map(|id: uuid::Uuid| (Entity::Case, id));
        // A person may come before his case, and the case may have been held.
        let may_be_alone = key.0 == Entity::Person && rows.records.contains_key(key);
        if case.is_some_and(|case| !disk.records.contains_key(&case)) && !may_be_alone {
            let what = format!("a {} is here whose case is gone", key.0.code());
            return wrong(what, key.1);
        }
    }
    // The desk's own checksum is the server's.
    let ours = disk.sums().unwrap_or_default();
    let ours = ours.values().fold(0u64, |all, sum| all.wrapping_add(*sum));
    let theirs = rows
        .sums
        .iter()
        .filter(|(scope, _)| scope.is_seen_by(office));
    let theirs = theirs.fold(0u64, |all, (_, sum)| all.wrapping_add(*sum));
    if ours != theirs {
        return wrong(
            "its checksum differs though its records do not".into(),
            disk.device_id,
        );
    }
    Ok(())
}

/// Every change that was made here had its word, and what was not applied is in the list with a reason.
fn every_change_has_its_word(
    who: usize,
    desk: &Desk,
    rows: &Rows,
    gone: impl Fn(uuid::Uuid) -> bool,
) -> Result<(), Violation> {
    let disk = &desk.disk;
    let wrong = |what: &str, id| {
        Err(Violation::new(
            format!("desk {who}: {what}"),
            [id, disk.device_id],
        ))
    };
    if let Some(waits) = disk.outbox.values().next() {
        return wrong("a change waits for ever", waits.change_id);
    }
    for id in &disk.made {
        let Some(outcome) = rows.outcome(*id) else {
            if gone(*id) {
                continue;
            }
            return wrong("a change of this desk is not at the server", *id);
        };
        let change = rows.change(*id);
        let is_the_clocks =
            change.is_some_and(|change: &Change| change.actor_role == Role::Timekeeper);
        let must_be_kept = matches!(outcome.verdict, Verdict::Conflict | Verdict::Held);
        match disk.troubles.get(id) {
            None if must_be_kept && !is_the_clocks => {
                return wrong("a change was not applied, and its author is not told", *id);
            }
            Some(trouble) if trouble.reason.is_empty() => {
                return wrong("a trouble has no reason", *id);
            }
            Some(trouble) if trouble.verdict != outcome.verdict => {
                return wrong(
                    "a change is listed otherwise than the server judged it",
                    *id,
                );
            }
            _ => {}
        }
    }
    Ok(())
}
