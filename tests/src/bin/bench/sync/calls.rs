//! What desks key in: made-up calls for help from a practice desk that is kept between runs, and the same calls of
//! strangers, with words that no dictionary has seen.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use jitasa_app::{App, Env};
use jitasa_domain::{Case, Entity, Kind, KindList, Person, Timestamp, change::Change};
use jitasa_store::{
    Store,
    act::{CaseFields, NewCase, NewNeed, PersonFields},
    query::{
        cases::{self, CaseLine, CaseQuery, CaseSort},
        office,
    },
};
use serde_json::{Map, Value};

use crate::{Outcome, machine};

/// The district of the practice desk, and the office of every desk here.
pub(super) const OFFICE: &str = "4509";
/// When the thirty days of practice end: 22 พ.ย. 2569, noon.
pub(super) const NOW: Timestamp = Timestamp(1_795_323_600_000);
/// The dictionary has learnt from other seeds.
const SEED: u64 = 2_569;
/// The fewest cases of a practice desk that are loaded and not acted.
const CASES_LEAST: usize = 3_000;
const PAGE: u32 = 2_000;

/// A call for help, and when it was keyed.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) at: Timestamp,
    pub(super) new: NewCase,
}

/// A clock that goes on by a millisecond each time it is looked at, and chance that is the same in every run.
#[derive(Debug)]
struct PracticeEnv(AtomicI64);

impl Env for PracticeEnv {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes();
        for (byte, turned) in bytes.iter_mut().zip(count.iter().cycle()) {
            *byte = turned ^ 0xA5;
        }
    }
}

/// So many calls in the order in which they came, and the lists of the office that took them.
pub(super) fn calls(count: usize) -> Outcome<(Vec<Call>, Vec<Kind>)> {
    let store = practice(count.max(CASES_LEAST))?;
    let kinds = store.read(|conn| {
        let mut all = Vec::new();
        for list in [KindList::Need, KindList::Volunteer, KindList::ServicePoint] {
            all.extend(office::kinds(conn, list)?);
        }
        Ok(all)
    })?;
    let all = CaseQuery {
        all_states: true,
        ..CaseQuery::default()
    };
    let (mut calls, mut after) = (Vec::with_capacity(count), None);
    loop {
        let page =
            store.read(|conn| cases::page(conn, &all, CaseSort::Number, after.as_deref(), PAGE))?;
        calls.extend(page.rows.into_iter().map(call_of));
        after = page.next;
        if after.is_none() || calls.len() >= count {
            break;
        }
    }
    if calls.len() < count {
        return Err(format!("{} practice cases, not {count}", calls.len()).into());
    }
    calls.truncate(count);
    calls.sort_by_key(|call| call.at);
    Ok((calls, kinds))
}

/// A practice desk with at least so many cases; making a large one takes a while, so it is kept.
fn practice(cases: usize) -> Outcome<Store> {
    let folder: PathBuf = machine::bench_dir().join(format!("practice-{cases}"));
    let whole = folder.join("whole");
    if whole.exists() {
        return Ok(Store::open(&folder.join("desk"))?);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("desk"))?;
    let env = PracticeEnv(AtomicI64::new(NOW.0));
    let app = App::open(&folder.join("desk"), Arc::new(env))?;
    app.init_practice(&cases.to_string(), SEED)?;
    drop(app);
    fs::write(whole, "")?;
    Ok(Store::open(&folder.join("desk"))?)
}

fn call_of(line: CaseLine) -> Call {
    let CaseLine {
        case,
        person,
        needs,
        ..
    } = line;
    let needs = needs.into_iter().map(|need| NewNeed {
        kind: need.kind,
        detail: need.detail,
        hands: None,
    });
    let at = case.created_at;
    let (person, fields) = keyed(case, person);
    Call {
        at,
        new: NewCase {
            id: None,
            person,
            fields,
            needs: needs.collect(),
            import_id: None,
        },
    }
}

/// A case and its person as somebody keys them.
pub(super) fn keyed(case: Case, person: Person) -> (PersonFields, CaseFields) {
    let keyed = PersonFields {
        title: person.title,
        given_name: person.given_name,
        family_name: person.family_name,
        citizen_id: person.citizen_id,
        citizen_id_valid: person.citizen_id_valid,
        phone: person.phone,
    };
    let fields = CaseFields {
        channel: case.channel,
        reported_at: case.reported_at,
        reporter: case.reporter,
        area_code: case.area_code,
        house_no: case.house_no,
        landmark: case.landmark,
        lat: case.lat,
        lon: case.lon,
        accuracy_m: case.accuracy_m,
        place_source: case.place_source,
        people_count: case.people_count,
        vulnerable: case.vulnerable,
        urgency: case.urgency,
        note: case.note,
    };
    (keyed, fields)
}

/// The same call with names, places and notes that no dictionary has seen: every Thai consonant is another one.
pub(super) fn of_a_stranger(call: &Call) -> Call {
    let mut call = call.clone();
    let new = &mut call.new;
    for text in [
        &mut new.person.given_name,
        &mut new.person.family_name,
        &mut new.fields.landmark,
        &mut new.fields.note,
    ]
    .into_iter()
    .chain(new.fields.reporter.as_mut())
    .chain(new.needs.iter_mut().map(|need| &mut need.detail))
    {
        *text = text.chars().map(other_letter).collect();
    }
    call
}

fn other_letter(letter: char) -> char {
    match letter {
        'ก'..='ฮ' => {
            let turned = (u32::from(letter) - u32::from('ก') + 17) % 46 + u32::from('ก');
            char::from_u32(turned).unwrap_or(letter)
        }
        _ => letter,
    }
}

/// What the changes of one new case say, as the one document that a store of documents would keep: the case with its person
/// and needs inside, and who did it when.
pub(super) fn document(case: &[Change]) -> Outcome<Value> {
    let mut whole = Map::new();
    for change in case {
        match change.entity {
            Entity::Case => {
                whole.insert("_id".into(), change.entity_id.to_string().into());
                whole.insert("actor_id".into(), change.actor_id.to_string().into());
                whole.insert("actor_name".into(), change.actor_name.clone().into());
                whole.insert("claimed_at".into(), change.claimed_at.0.into());
                whole.extend(change.fields.clone());
            }
            Entity::Person => {
                whole.insert("person".into(), Value::Object(change.fields.clone()));
            }
            other => {
                let parts = whole
                    .entry(format!("{}s", other.code()))
                    .or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(parts) = parts {
                    parts.push(Value::Object(change.fields.clone()));
                }
            }
        }
    }
    if whole.contains_key("_id") {
        Ok(Value::Object(whole))
    } else {
        let what = case.first().map(|change| (change.action, change.entity));
        Err(format!("changes of no new case: {what:?}").into())
    }
}
