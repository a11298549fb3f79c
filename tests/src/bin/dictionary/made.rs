//! Changes as desks make them: made-up offices, kept by the real acts, read from their outbox.

use std::{collections::HashMap, error::Error};

use jitasa_app::{ApiError, App};
use jitasa_domain::{
    ActionKind, Entity,
    change::{Change, Delivered},
    ids::SeededIds,
};
use jitasa_store::Store;
use jitasa_tests::desk::StoryEnv;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::Outcome;

/// Ids that one run of the program draws: RFC 9562, section 6.2. What they share, and the count.
const IDS_A_RUN: u32 = 4_000;

/// An office's month, and then its clerk corrects one field after another.
pub(crate) struct Made {
    /// All that the office did.
    pub(crate) month: Vec<Change>,
    /// Acts that changed one field of one case each.
    pub(crate) edits: Vec<Change>,
}

/// Makes an office.
pub(crate) fn office(seed: u64) -> Outcome<Made> {
    let folder = tempfile::tempdir()?;
    let env = StoryEnv::new(seed);
    let app = App::open(folder.path(), env.clone())?;
    app.init_practice("office", seed).map_err(told)?;
    drop(app);
    let store = Store::open(folder.path())?;
    let month = all_after(&store, 0)?;
    drop(store);
    let app = App::open(folder.path(), env.clone())?;
    let mut chance = SeededIds(seed ^ 0xED17);
    let cases: Vec<Uuid> = new_cases(&month).map(|change| change.entity_id).collect();
    let notes: Vec<&Value> = month
        .iter()
        .filter_map(|change| change.fields.get("note"))
        .collect();
    for _ in 0..400 {
        env.pass_minutes(1 + i64::try_from(chance.below(9))?);
        let id = cases[chance.below(cases.len())];
        // A case that is closed refuses: the clerk goes on to the next.
        let _ = correct(&app, id, notes[chance.below(notes.len())], &mut chance);
    }
    drop(app);
    let last = month.last().map_or(0, |change| change.device_seq);
    let corrected = all_after(&Store::open(folder.path())?, last)?;
    let mut both = [month, corrected].concat();
    share_runs(&mut both, &mut SeededIds(seed ^ 0x2075));
    let corrected =
        both.split_off(both.len() - both.iter().filter(|c| c.device_seq > last).count());
    let mut edits: Vec<Change> = corrected
        .chunk_by(|a, b| a.act_id == b.act_id)
        .filter(|act| act.len() == 1 && act[0].fields.len() == 1)
        .flatten()
        .cloned()
        .collect();
    // The office has synced meanwhile: each record has a place in the province's order.
    for (seq, change) in (last + 1..).zip(&mut edits) {
        change.base_version = 1 + chance.below(200_000) as u64;
        change.device_seq = seq;
    }
    Ok(Made { month: both, edits })
}

/// All that waits after a number.
fn all_after(store: &Store, mut after: u64) -> Outcome<Vec<Change>> {
    let mut all = Vec::new();
    loop {
        let changes = store.gather(after, usize::MAX)?.changes;
        let Some(last) = changes.last() else {
            return Ok(all);
        };
        after = last.device_seq;
        all.extend(changes);
    }
}

/// The changes by which cases came to be.
pub(crate) fn new_cases(changes: &[Change]) -> impl Iterator<Item = &Change> {
    changes
        .iter()
        .filter(|change| change.action == ActionKind::CaseCreate && change.entity == Entity::Case)
}

fn correct(app: &App, id: Uuid, note: &Value, chance: &mut SeededIds) -> Outcome<()> {
    let case = app.call("case.get", json!({ "id": id })).map_err(told)?;
    let mut draft = Map::new();
    for name in [
        "channel",
        "reported_at",
        "reporter",
        "area_code",
        "house_no",
        "landmark",
        "lat",
        "lon",
        "accuracy_m",
        "place_source",
        "people_count",
        "vulnerable",
        "urgency",
        "note",
    ] {
        draft.insert(name.into(), case[name].clone());
    }
    for name in ["title", "given_name", "family_name", "citizen_id", "phone"] {
        draft.insert(name.into(), case["person"][name].clone());
    }
    draft.insert("needs".into(), json!([]));
    let (name, value) = match chance.below(5) {
        0 => (
            "phone",
            json!(format!("08{:08}", chance.below(100_000_000))),
        ),
        1 => ("people_count", json!(1 + chance.below(9))),
        2 => (
            "house_no",
            json!(format!("{}/{}", 1 + chance.below(200), 1 + chance.below(9))),
        ),
        3 => (
            "urgency",
            json!(["normal", "urgent", "very_urgent", "critical"][chance.below(4)]),
        ),
        _ => ("note", note.clone()),
    };
    draft.insert(name.into(), value);
    let edit = json!({ "id": id, "version": case["version"], "draft": draft });
    let _ = app.call("case.edit", edit).map_err(told)?;
    Ok(())
}

/// What an answer brings of changes that others made: most as they were, some whole, some left.
pub(crate) fn delivered(changes: &[Change], chance: &mut SeededIds) -> Vec<Delivered> {
    (1 + chance.below(100_000) as u64..)
        .zip(changes)
        .map(|(seq, change)| {
            let left = chance.below(40) == 0;
            Delivered {
                seq,
                entity: change.entity,
                entity_id: change.entity_id,
                fields: if left {
                    Map::new()
                } else {
                    change.fields.clone()
                },
                whole: !left && chance.below(10) == 0,
                left,
                action: change.action,
                actor_name: change.actor_name.clone(),
                claimed_at: change.claimed_at,
            }
        })
        .collect()
}

/// Gives every id of version 7 the form of an id that a desk draws: those of one run of the program
/// share their middle and count up. Everything else stays, also when each was drawn.
fn share_runs(changes: &mut [Change], chance: &mut SeededIds) {
    let mut drawn = Drawn {
        known: HashMap::new(),
        middle: 0,
        count: 0,
        chance,
    };
    for change in changes {
        change.act_id = drawn.again(change.act_id);
        change.entity_id = drawn.again(change.entity_id);
        for value in change.fields.values_mut() {
            drawn.within(value);
        }
        change.actor_id = drawn.again(change.actor_id);
        change.change_id = drawn.again(change.change_id);
    }
}

struct Drawn<'a> {
    known: HashMap<Uuid, Uuid>,
    middle: u64,
    count: u32,
    chance: &'a mut SeededIds,
}

impl Drawn<'_> {
    fn again(&mut self, id: Uuid) -> Uuid {
        if id.get_version_num() != 7 {
            return id;
        }
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        if self.known.len().is_multiple_of(IDS_A_RUN as usize) {
            self.middle = self.chance.next_u64();
            self.count = u32::try_from(self.chance.next_u64() >> 33).unwrap_or(0);
        }
        self.count += 1;
        let [a, b, c, d, e, f, g, ..] = self.middle.to_be_bytes();
        let mut bytes = *id.as_bytes();
        bytes[6..12].copy_from_slice(&[0x70 | (a & 15), b, 0x80 | (c & 63), d, e ^ g, f]);
        bytes[12..].copy_from_slice(&self.count.to_be_bytes());
        let new = Uuid::from_bytes(bytes);
        self.known.insert(id, new);
        new
    }

    fn within(&mut self, value: &mut Value) {
        match value {
            Value::String(text) if text.len() == 36 => {
                if let Ok(id) = text.parse() {
                    *text = self.again(id).to_string();
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|each| self.within(each)),
            Value::Object(members) => members.values_mut().for_each(|each| self.within(each)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a refusal is handed over by `map_err`"
)]
fn told(refusal: ApiError) -> Box<dyn Error> {
    format!("{refusal:?}").into()
}
