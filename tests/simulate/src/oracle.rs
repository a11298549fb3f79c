//! What must be so, kept apart from the code under test: who had seen what when he wrote, what the server applied over
//! what, which words were given.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jitasa_domain::{
    ActionKind, Entity,
    change::{Change, Verdict},
    lifecycle::is_lawful,
    merge::groups,
    record::blank,
};
use jitasa_server::book::Key;
use serde_json::Value;
use uuid::Uuid;

use crate::ledger::{Line, Rows};

/// Something that must never be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What.
    pub what: String,
    /// The record, device or change it is about; the trace is cut to it.
    pub about: Vec<Uuid>,
}

impl Violation {
    pub(crate) fn new(what: impl Into<String>, about: impl Into<Vec<Uuid>>) -> Self {
        Self {
            what: what.into(),
            about: about.into(),
        }
    }
}

type Place = (Uuid, String);

/// One write of one field.
#[derive(Debug)]
struct Write {
    /// Where it was last applied; 0 for nowhere.
    seq: u64,
    /// The change it is of.
    by: Uuid,
    said: Value,
    value: u64,
    /// Writes its author had seen, and the one it was applied over.
    over: Vec<u32>,
    action: ActionKind,
}

/// All writes of all fields, and which of them stand at the server.
#[derive(Debug, Default)]
pub(crate) struct Oracle {
    writes: HashMap<Place, Vec<Write>>,
    /// The writes of a change that was made.
    of_change: HashMap<Uuid, Vec<(String, u32)>>,
    standing: BTreeMap<Place, u32>,
    /// Changes whose author was told that they have arrived.
    pub acknowledged: BTreeSet<Uuid>,
    /// Those that a restored server lost; they count again once they are offered again.
    pub lost: BTreeSet<Uuid>,
    /// Changes of which a program of last year had the word: it kept nothing of them.
    pub told_by_v1: BTreeSet<Uuid>,
}

/// What stands at the server now, for a copy that may be put back.
pub(crate) type Standing = BTreeMap<Place, u32>;

fn hashed(value: &Value) -> u64 {
    let text = match value.as_f64() {
        Some(number) if value.is_f64() && number.fract() == 0.0 => format!("{number:.0}"),
        _ => value.to_string(),
    };
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

impl Oracle {
    /// Somebody wrote: `shown` is what he saw in each field before.
    /// What his own desk wrote before, he knows.
    pub(crate) fn wrote<'a>(
        &mut self,
        change: &Change,
        own: &BTreeSet<Uuid>,
        shown: impl Fn(&str) -> Option<&'a Value>,
    ) {
        let mut made = Vec::new();
        for (name, value) in &change.fields {
            let writes = self
                .writes
                .entry((change.entity_id, name.clone()))
                .or_default();
            // Whoever sees a value has seen all who wrote it: which of them it was cannot be told.
            let seen = shown(name).map(hashed);
            let over = (0u32..)
                .zip(writes.iter())
                .filter(|(_, write)| Some(write.value) == seen || own.contains(&write.by))
                .map(|(place, _)| place)
                .collect();
            let place = u32::try_from(writes.len()).unwrap_or(u32::MAX);
            writes.push(Write {
                seq: 0,
                by: change.change_id,
                said: value.clone(),
                value: hashed(value),
                over,
                action: change.action,
            });
            made.push((name.clone(), place));
        }
        self.of_change.insert(change.change_id, made);
    }

    /// What a field of a change held before it, as far as somebody wrote that.
    pub(crate) fn before(&self, change: &Change, name: &str) -> Option<Value> {
        self.of_change
            .get(&change.change_id)?
            .iter()
            .find(|(of, _)| of == name)
            .and_then(|(_, place)| {
                let writes = &self.writes[&(change.entity_id, name.to_string())];
                let before = writes[*place as usize].over.last()?;
                Some(writes[*before as usize].said.clone())
            })
    }

    /// The server took changes in: each against what stood there before it.
    pub(crate) fn logged(&mut self, lines: &[std::sync::Arc<Line>]) -> Result<(), Violation> {
        for line in lines {
            self.lost.remove(&line.entry.change.change_id);
            self.applied(line)?;
        }
        Ok(())
    }

    fn applied(&mut self, line: &Line) -> Result<(), Violation> {
        let (change, outcome) = (&line.entry.change, &line.entry.outcome);
        let about = vec![change.entity_id, change.change_id];
        let Some(made) = self.of_change.get(&change.change_id) else {
            return Err(Violation::new("nobody made this change", about));
        };
        if outcome.verdict == Verdict::Held {
            return match outcome.seq {
                None => Ok(()),
                Some(_) => Err(Violation::new("a held change has a place", about)),
            };
        }
        if outcome.verdict == Verdict::Conflict && outcome.theirs.is_empty() {
            return Err(Violation::new("a conflict about nothing", about));
        }
        if outcome.theirs.len() == change.fields.len() && outcome.seq.is_some() {
            return Err(Violation::new(
                "a change of which nothing was applied has a place",
                about,
            ));
        }
        let (owner, referred) = self.owner_of((change.entity, change.entity_id));
        if !owner.is_empty() && !may_see(&line.office_code, &owner, referred.as_deref()) {
            let what = format!(
                "a change of {} was applied to a {} of {owner}",
                line.office_code,
                change.entity.code()
            );
            return Err(Violation::new(what, [about, vec![line.device]].concat()));
        }
        for group in groups(change.entity) {
            self.kept_together(line, made, group)?;
        }
        for (name, place) in made {
            if outcome.theirs.contains_key(name) {
                continue;
            }
            let at = (change.entity_id, name.clone());
            let stands = self.standing.get(&at).copied();
            if !self.is_lawful_step(change, name, *place, stands) {
                return Err(Violation::new("an unlawful step was applied", about));
            }
            let Some(writes) = self.writes.get_mut(&at) else {
                continue;
            };
            if let Some(stood) = self.standing.get(&at).copied()
                && stood != *place
            {
                let knows = knows(writes, *place, stood);
                let same = writes[stood as usize].value == writes[*place as usize].value;
                let gave_way = writes[stood as usize].action == ActionKind::OffersExpire;
                if !knows && !same && !gave_way {
                    let stood = &writes[stood as usize];
                    let what = format!(
                        "{} {name}: a value was written over that its author had not seen: {} by {} at {} of base {}",
                        change.entity.code(),
                        stood.said,
                        change.fields[name],
                        line.entry.seq,
                        change.base_version,
                    );
                    return Err(Violation::new(
                        what,
                        [about, vec![stood.by, line.device]].concat(),
                    ));
                }
                writes[*place as usize].over.push(stood);
            }
            writes[*place as usize].seq = line.entry.seq;
            self.standing.insert(at, *place);
        }
        Ok(())
    }

    /// Whose a record is by what was applied so far, and who was asked to help; empty for one that nobody made yet.
    fn owner_of(&self, key: Key) -> (String, Option<String>) {
        let text = |id: Uuid, name: &str| {
            let at = (id, name.to_string());
            let stands = *self.standing.get(&at)?;
            let write = self.writes.get(&at)?.get(stands as usize)?;
            write.said.as_str().map(ToString::to_string)
        };
        let case = text(key.1, "case_id").and_then(|id| id.parse().ok());
        let of_case = case.and_then(|case| Some((text(case, "office_code")?, case)));
        match of_case {
            Some((owner, case)) => (owner, text(case, "referred_to")),
            None if key.0 == Entity::Area => (text(key.1, "code").unwrap_or_default(), None),
            None => {
                let owner = text(key.1, "office_code").unwrap_or_default();
                let referred = text(key.1, "referred_to").filter(|_| key.0 == Entity::Case);
                (owner, referred)
            }
        }
    }

    /// Fields that mean something only together are applied together.
    fn kept_together(
        &self,
        line: &Line,
        made: &[(String, u32)],
        group: &[&str],
    ) -> Result<(), Violation> {
        let (change, outcome) = (&line.entry.change, &line.entry.outcome);
        if !group.iter().any(|name| outcome.theirs.contains_key(*name)) {
            return Ok(());
        }
        let halves = made.iter().any(|(name, place)| {
            let at = (change.entity_id, name.clone());
            let stood = self.standing.get(&at).copied();
            let differs = stood.is_some_and(|stood| {
                let writes = &self.writes[&at];
                writes[stood as usize].value != writes[*place as usize].value
            });
            group.contains(&name.as_str()) && !outcome.theirs.contains_key(name) && differs
        });
        if halves {
            let about = [change.entity_id, change.change_id];
            return Err(Violation::new(
                "half of what belongs together was applied",
                about,
            ));
        }
        Ok(())
    }

    /// A state that is applied is a lawful step from the one that stands.
    fn is_lawful_step(&self, change: &Change, name: &str, place: u32, stood: Option<u32>) -> bool {
        let is_state = match change.entity {
            Entity::Need | Entity::Assignment => name == "state",
            Entity::Case => name == "review_state",
            _ => false,
        };
        if !is_state || change.fields.contains_key("id") {
            return true;
        }
        let writes = &self.writes[&(change.entity_id, name.to_string())];
        let text = |place: u32| writes[place as usize].said.as_str().unwrap_or_default();
        let blank = blank(change.entity).get(name).and_then(Value::as_str);
        let from = stood.map_or(blank.unwrap_or_default(), text);
        is_lawful(
            change.entity,
            from,
            text(place),
            change.action == ActionKind::Undo,
        )
    }

    /// What the server holds of a record is what was applied last, field by field.
    pub(crate) fn stands(&self, key: Key, rows: &Rows) -> Result<(), Violation> {
        let about = vec![key.1];
        let Some(stored) = rows.records.get(&key) else {
            return Ok(());
        };
        let from = (key.1, String::new());
        for ((id, name), place) in self.standing.range(from..) {
            if *id != key.1 {
                break;
            }
            let wanted = self.writes.get(&(*id, name.clone()));
            let wanted = wanted.map(|writes| writes[*place as usize].value);
            if stored.body.get(name).map(hashed) != wanted {
                let what = format!(
                    "{} {name}: the server holds another value than it took",
                    key.0.code()
                );
                return Err(Violation::new(what, about));
            }
        }
        Ok(())
    }

    pub(crate) fn standing(&self) -> Standing {
        self.standing.clone()
    }

    /// The server was put back from a copy: `lost` are the changes it does not hold any more.
    pub(crate) fn put_back(&mut self, standing: Standing, lost: impl Iterator<Item = Uuid>) {
        self.standing = standing;
        self.lost.extend(lost);
    }
}

/// Whether the author of a write had seen another one, itself or under what he saw.
fn knows(writes: &[Write], write: u32, other: u32) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![write];
    while let Some(each) = open.pop() {
        if each == other {
            return true;
        }
        if seen.insert(each) {
            open.extend(&writes[each as usize].over);
        }
    }
    false
}

/// Whether an office's desks may hold what belongs to `owner` and was referred to `referred_to`: worked out here once
/// more, apart from the code under test.
pub(crate) fn may_see(office: &str, owner: &str, referred_to: Option<&str>) -> bool {
    owner.starts_with(office) || referred_to == Some(office)
}

/// Whose a record is at the server, from its body and its case's.
pub(crate) fn owner_of(rows: &Rows, key: Key) -> (String, Option<String>) {
    let text = |key: Key, name: &str| {
        let body = &rows.records.get(&key)?.body;
        let text = body.get(name)?.as_str()?;
        Some(text.to_string()).filter(|text| !text.is_empty())
    };
    let case = text(key, "case_id").and_then(|id| id.parse().ok());
    let case = case.map(|id| (Entity::Case, id));
    let of = case
        .filter(|case| rows.records.contains_key(case))
        .unwrap_or(key);
    let name = if of.0 == Entity::Area {
        "code"
    } else {
        "office_code"
    };
    let referred = match of.0 {
        Entity::Case => text(of, "referred_to"),
        _ => None,
    };
    (text(of, name).unwrap_or_default(), referred)
}
