//! What must be so of the desks and their province, whatever happened.

use std::collections::{BTreeMap, BTreeSet};

use jitasa_domain::{
    Area, Case, Entity, Kind, Need, NeedState, Person, ServicePoint, Urgency, Volunteer,
    change::Outcome, lifecycle, permission::is_in_scope, record, records as r,
};
use jitasa_store::{Connection, query};
use jitasa_thai::search;
use serde_json::Value;
use uuid::Uuid;

use crate::desks::{ADesk, Fields, Offices, Records};

/// What a person wrote is what he sees until the server has answered.
pub(crate) fn what_waits_is_on_top(desk: &ADesk) {
    let records = desk.records();
    let mut on_top = Records::new();
    for change in desk.store.gather(0, usize::MAX).unwrap().changes {
        on_top
            .entry((change.entity, change.entity_id))
            .or_default()
            .extend(change.fields);
    }
    for (key, fields) in on_top {
        let Some(row) = records.get(&key) else {
            continue;
        };
        for (name, value) in fields {
            assert_eq!(row[&name], value, "{key:?} {name}");
        }
    }
}

pub(crate) fn blank(entity: Entity) -> Fields {
    match entity {
        Entity::Incident => record::to_fields(&r::Incident::default()),
        Entity::Area => record::to_fields(&Area::default()),
        Entity::Kind => record::to_fields(&Kind::default()),
        Entity::Person => record::to_fields(&Person::default()),
        Entity::Case => record::to_fields(&Case::default()),
        Entity::Need => record::to_fields(&Need::default()),
        Entity::Volunteer => record::to_fields(&Volunteer::default()),
        Entity::Assignment => record::to_fields(&r::Assignment::default()),
        Entity::Review => record::to_fields(&r::Review::default()),
        Entity::FollowUp => record::to_fields(&r::FollowUp::default()),
        Entity::ServicePoint => record::to_fields(&ServicePoint::default()),
        Entity::Team => record::to_fields(&r::Team::default()),
        Entity::TickList => record::to_fields(&r::TickList::default()),
        Entity::Rule => record::to_fields(&r::Rule::default()),
    }
    .unwrap()
}

/// What the server's ledger holds.
pub(crate) struct Ledger {
    pub(crate) records: BTreeMap<(Entity, Uuid), (String, Option<String>, Fields)>,
    pub(crate) outcomes: BTreeMap<Uuid, Outcome>,
}

impl Ledger {
    pub(crate) fn read(all: &Offices) -> Self {
        let column = |name: &str| {
            let sql = format!("SELECT CAST({name} AS TEXT) FROM record ORDER BY last_seq");
            all.ledger.column(&sql)
        };
        let records = column("entity")
            .into_iter()
            .zip(column("entity_id"))
            .zip(column("office_code").into_iter().zip(column("referred_to")))
            .zip(column("body"))
            .map(|(((entity, id), (owner, referred)), body)| {
                let entity = Entity::from_code(&entity.unwrap()).unwrap();
                let id: Uuid = id.unwrap().parse().unwrap();
                let mut fields = blank(entity);
                let body: Fields = serde_json::from_str(&body.unwrap()).unwrap();
                fields.extend(body);
                ((entity, id), (owner.unwrap(), referred, fields))
            })
            .collect();
        let said: Vec<Outcome> = all
            .ledger
            .column("SELECT outcome FROM change_log")
            .into_iter()
            .map(|outcome| serde_json::from_str(&outcome.unwrap()).unwrap())
            .collect();
        let count = said.len();
        let outcomes: BTreeMap<_, _> = said
            .into_iter()
            .map(|each| (each.change_id, each))
            .collect();
        assert_eq!(outcomes.len(), count, "a change arrived twice");
        Self { records, outcomes }
    }

    pub(crate) fn seen_by(&self, office: &str) -> Records {
        self.records
            .iter()
            .filter(|(_, (owner, referred, _))| is_in_scope(office, owner, referred.as_deref()))
            .map(|(key, (_, _, fields))| (*key, fields.clone()))
            .collect()
    }
}

/// Each desk holds what the server holds of its scope; beyond it only what the server did not take.
pub(crate) fn holds_what_the_server_holds(desk: &ADesk, ledger: &Ledger) {
    let troubles = desk.store.read(jitasa_store::sync::trouble::all);
    let own_only: BTreeSet<_> = troubles
        .unwrap()
        .into_iter()
        .filter(|each| each.kind == "held" && each.change.fields.contains_key("id"))
        .map(|each| (each.change.entity, each.change.entity_id))
        .collect();
    let mut held = desk.records();
    for (key, fields) in ledger.seen_by(desk.office) {
        let row = held.remove(&key);
        assert_eq!(
            row.as_ref(),
            Some(&fields),
            "{key:?} on a desk of {}",
            desk.office
        );
    }
    let all = desk.records();
    for (key, fields) in held {
        // A part that was never taken goes when its case goes.
        let case = fields.get("case_id").and_then(Value::as_str);
        if let Some(case) = case.and_then(|id| id.parse().ok()) {
            assert!(
                all.contains_key(&(Entity::Case, case)),
                "{key:?} is left over"
            );
        }
        let shipped = key.0 == Entity::Kind && fields["th"] == "อาหารและน้ำ";
        assert!(
            shipped || own_only.contains(&key),
            "{key:?} does not belong on a desk of {}: {fields:?}",
            desk.office
        );
    }
}

/// Every change had one word, and what was not applied is in its author's list.
pub(crate) fn every_change_has_its_word(all: &Offices, ledger: &Ledger) {
    let made: BTreeSet<_> = all
        .desks
        .iter()
        .flat_map(|desk| desk.changes.clone())
        .collect();
    assert_eq!(made, ledger.outcomes.keys().copied().collect());
    for desk in &all.desks {
        let kept: BTreeSet<_> = desk
            .column("SELECT change_id || ' ' || kind FROM trouble")
            .into_iter()
            .collect();
        let wanted: BTreeSet<_> = desk
            .changes
            .iter()
            .map(|id| (id, ledger.outcomes[id].verdict.code()))
            .filter(|(_, verdict)| matches!(*verdict, "conflict" | "held"))
            .map(|(id, verdict)| format!("{id} {verdict}"))
            .collect();
        assert_eq!(kept, wanted);
    }
}

pub(crate) fn words_of(records: &Records) -> BTreeMap<(&'static str, String), String> {
    let text = |fields: &Fields, name: &str| fields[name].as_str().unwrap_or_default().to_string();
    let joined = |fields: &Fields, names: &[&str]| {
        names
            .iter()
            .map(|name| text(fields, name))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut words = BTreeMap::new();
    for ((entity, id), fields) in records {
        if !fields["void_reason"].is_null() {
            continue;
        }
        let (kind, said) = match entity {
            Entity::Case => {
                let person = fields["person_id"].as_str().and_then(|id| id.parse().ok());
                let person = person.and_then(|id| records.get(&(Entity::Person, id)));
                let names = ["title", "given_name", "family_name", "phone", "citizen_id"];
                let person = person
                    .map(|person| joined(person, &names))
                    .unwrap_or_default();
                let case = joined(fields, &["number", "house_no", "landmark"]);
                ("case", format!("{case} {person}"))
            }
            Entity::Volunteer => (
                "volunteer",
                joined(fields, &["title", "given_name", "family_name", "phone"]),
            ),
            Entity::Area => ("village", joined(fields, &["name", "code"])),
            _ => continue,
        };
        words.insert((kind, id.to_string()), said);
    }
    words
}

/// What is derived is as if it had been derived now.
pub(crate) fn what_is_derived_is_fresh(desk: &ADesk) {
    let records = desk.records();
    let mut states = BTreeMap::<String, Vec<NeedState>>::new();
    for ((entity, _), fields) in &records {
        if *entity == Entity::Need && fields["void_reason"].is_null() {
            let state = NeedState::from_code(fields["state"].as_str().unwrap()).unwrap();
            states
                .entry(fields["case_id"].as_str().unwrap().into())
                .or_default()
                .push(state);
        }
    }
    let mut lines = Vec::new();
    let mut counts = BTreeMap::<String, i64>::new();
    for ((_, id), fields) in records.iter().filter(|(key, _)| key.0 == Entity::Case) {
        let case: Case = serde_json::from_value(Value::Object(fields.clone())).unwrap();
        let needs = states.remove(&id.to_string()).unwrap_or_default();
        let state = lifecycle::case_state(&needs).code();
        // The most pressing is first in a queue.
        let rank = Urgency::Critical as i64 - case.urgency as i64;
        lines.push(format!(
            "{id} {state} {} {rank}",
            u8::from(state != "closed")
        ));
        if case.void_reason.is_none() {
            let placed = u8::from(case.lat.is_some());
            let count = format!(
                "{} {state} {} {placed}",
                case.area_code,
                case.urgency.code()
            );
            *counts.entry(count).or_default() += 1;
        }
    }
    let stored = desk.column(
        "SELECT id || ' ' || state || ' ' || is_open || ' ' || urgency_rank FROM \"case\" ORDER BY id",
    );
    assert_eq!(stored, lines);
    let stored = desk.column(
        "SELECT area_code || ' ' || state || ' ' || urgency || ' ' || has_place || ' ' || n
         FROM case_count WHERE n <> 0 ORDER BY 1",
    );
    let counts: BTreeSet<_> = counts
        .into_iter()
        .map(|(key, n)| format!("{key} {n}"))
        .collect();
    assert_eq!(stored.into_iter().collect::<BTreeSet<_>>(), counts);
    let words = words_of(&records);
    let stored = desk.column("SELECT kind || ' ' || record_id FROM search_doc ORDER BY 1");
    let docs: Vec<_> = words
        .keys()
        .map(|(kind, id)| format!("{kind} {id}"))
        .collect();
    assert_eq!(stored, docs);
    let fresh = Connection::open_in_memory().unwrap();
    fresh
        .execute_batch(
            "CREATE TABLE doc (pk INTEGER PRIMARY KEY, name TEXT);
             CREATE VIRTUAL TABLE said USING fts5 (words,
                tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\");",
        )
        .unwrap();
    for ((kind, id), said) in &words {
        let name = format!("{kind} {id}");
        fresh
            .execute("INSERT INTO doc (name) VALUES (?1)", [name])
            .unwrap();
        let terms = search::index_terms(said);
        fresh
            .execute(
                "INSERT INTO said (rowid, words) VALUES (last_insert_rowid(), ?1)",
                [terms],
            )
            .unwrap();
    }
    let mut asked = fresh
        .prepare("SELECT name FROM doc JOIN said ON said.rowid = pk WHERE said MATCH ?1 ORDER BY 1")
        .unwrap();
    for probe in [
        "บัวลา",
        "คำพอง",
        "หนองแสง",
        "โคกสูง",
        "450905",
        "0800000001",
        "2",
        "สูง",
    ] {
        let wanted: Vec<String> = asked
            .query_map([search::query(probe).unwrap()], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let find = |conn: &Connection| query::search::find(conn, probe, 10_000);
        let hits = desk.store.read(find).unwrap();
        let mut found: Vec<_> = hits
            .iter()
            .map(|hit| format!("{} {}", hit.kind, hit.id))
            .collect();
        found.sort();
        assert_eq!(found, wanted, "{probe}");
    }
}
