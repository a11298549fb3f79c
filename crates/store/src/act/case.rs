//! Acts on cases and their person: recorded, corrected, placed, referred.

use jitasa_domain::{
    Case, Channel, Need, Person, PlaceSource, ReviewState, Timestamp, Urgency, case_number,
};
use uuid::Uuid;

use super::{Act, follow_up, need::needs_of};
use crate::{StoreError, desk, rows};

/// Who needs help, as checked by the caller.
#[derive(Debug, Clone, Default)]
pub struct PersonFields {
    pub title: String,
    pub given_name: String,
    pub family_name: String,
    pub citizen_id: Option<String>,
    pub citizen_id_valid: bool,
    pub phone: Option<String>,
}

/// What is known of a case, as checked by the caller.
#[derive(Debug, Clone, Default)]
pub struct CaseFields {
    pub channel: Channel,
    pub reported_at: Timestamp,
    pub reporter: Option<String>,
    pub area_code: String,
    pub house_no: String,
    pub landmark: String,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub accuracy_m: Option<u32>,
    pub place_source: PlaceSource,
    pub people_count: u32,
    pub vulnerable: Vec<String>,
    pub urgency: Urgency,
    pub note: String,
}

/// A need as keyed.
#[derive(Debug, Clone, Default)]
pub struct NewNeed {
    pub kind: String,
    pub detail: String,
    /// How many volunteers it takes; absent: one.
    pub hands: Option<u32>,
}

/// A call for help.
#[derive(Debug, Clone, Default)]
pub struct NewCase {
    /// Made by the form when it opened: saved twice it is one case.
    pub id: Option<Uuid>,
    pub person: PersonFields,
    pub fields: CaseFields,
    pub needs: Vec<NewNeed>,
    pub import_id: Option<Uuid>,
}

/// A correction of a case.
#[derive(Debug, Clone)]
pub struct EditCase {
    pub id: Uuid,
    /// The version the form shows.
    pub version: i64,
    pub person: PersonFields,
    pub fields: CaseFields,
    /// Kinds added; needs that exist stay, each with its own life.
    pub needs: Vec<NewNeed>,
}

/// A pin.
#[derive(Debug, Clone)]
pub struct PlaceCase {
    pub id: Uuid,
    pub lat: f64,
    pub lon: f64,
    pub accuracy_m: Option<u32>,
    /// Why it lies outside the subdistrict the case states; kept in the case's note.
    pub reason: Option<String>,
}

pub(super) fn create(act: &mut Act, new: NewCase) -> Result<Uuid, StoreError> {
    if let Some(id) = new.id
        && rows::get::<Case>(act.conn(), id)?.is_some()
    {
        // The form was saved twice (Enter held, double click): the first one stands.
        return Ok(id);
    }
    let id = new.id.unwrap_or_else(|| act.new_id());
    let person_id = act.new_id();
    let office_code = act.office_code.clone();
    let case = Case {
        id,
        number: next_number(act)?,
        incident_id: desk::current_incident(act.conn())?,
        office_code: office_code.clone(),
        person_id: Some(person_id),
        import_id: new.import_id,
        created_at: act.now,
        created_by: Some(act.actor.id),
        ..with_fields(Case::default(), new.fields)
    };
    act.create(&case)?;
    let person = Person {
        id: person_id,
        case_id: Some(id),
        office_code,
        created_at: act.now,
        ..with_person(Person::default(), new.person)
    };
    act.create(&person)?;
    if new.needs.is_empty() {
        return Err(StoreError::Invalid {
            code: "case_no_need",
            field: "needs",
        });
    }
    for need in new.needs {
        add_need(act, id, need)?;
    }
    follow_up::set_by_rule(act, &case)?;
    Ok(id)
}

fn add_need(act: &mut Act, case_id: Uuid, need: NewNeed) -> Result<(), StoreError> {
    let need = Need {
        id: act.new_id(),
        case_id,
        kind: need.kind,
        detail: need.detail,
        hands: need.hands,
        state_since: act.now,
        created_at: act.now,
        ..Need::default()
    };
    act.create(&need)
}

/// The next number of this office and year that no case has: the desk counts, and steps over
/// numbers that another desk of the office gave meanwhile.
fn next_number(act: &Act) -> Result<String, StoreError> {
    let prefix = case_number::prefix(&act.office_code, act.now);
    let counter = format!("serial.{prefix}");
    if desk::get_meta(act.conn(), &counter)?.is_none() {
        let last: Option<String> = act
            .conn()
            .prepare_cached(
                "SELECT max(number) FROM \"case\" WHERE number >= ?1 AND number < ?1 || ':'",
            )?
            .query_row([&prefix], |row| row.get(0))?;
        let serial = last.as_deref().and_then(case_number::serial).unwrap_or(0);
        desk::set_meta(act.conn(), &counter, &serial.to_string())?;
    }
    loop {
        let serial = u32::try_from(desk::count_up(act.conn(), &counter)?)
            .map_err(|_| StoreError::Row("serial"))?;
        let number = case_number::format(&act.office_code, act.now, serial);
        let taken = act
            .conn()
            .prepare_cached("SELECT 1 FROM \"case\" WHERE number = ?1")?
            .exists([&number])?;
        if !taken {
            return Ok(number);
        }
    }
}

fn with_fields(case: Case, fields: CaseFields) -> Case {
    Case {
        channel: fields.channel,
        reported_at: fields.reported_at,
        reporter: fields.reporter,
        area_code: fields.area_code,
        house_no: fields.house_no,
        landmark: fields.landmark,
        lat: fields.lat,
        lon: fields.lon,
        accuracy_m: fields.accuracy_m,
        place_source: fields.place_source,
        people_count: fields.people_count,
        vulnerable: fields.vulnerable,
        urgency: fields.urgency,
        note: fields.note,
        ..case
    }
}

fn with_person(person: Person, fields: PersonFields) -> Person {
    Person {
        title: fields.title,
        given_name: fields.given_name,
        family_name: fields.family_name,
        citizen_id: fields.citizen_id,
        citizen_id_valid: fields.citizen_id_valid,
        phone: fields.phone,
        ..person
    }
}

pub(super) fn edit(act: &mut Act, edit: EditCase) -> Result<Uuid, StoreError> {
    let (case, stored) = act.get::<Case>(edit.id)?;
    if stored != edit.version {
        return Err(StoreError::Clash {
            shown: edit.version,
            stored,
        });
    }
    let person_id = case.person_id;
    let mut case = with_fields(case, edit.fields);
    if matches!(
        case.review_state,
        ReviewState::Returned | ReviewState::NotFound | ReviewState::Rejected
    ) {
        // What the headman sent back and the office mended goes before him again.
        case.review_state = ReviewState::Unreviewed;
    }
    act.update(&case)?;
    if let Some(person_id) = person_id {
        let (person, _) = act.get::<Person>(person_id)?;
        act.update(&with_person(person, edit.person))?;
    }
    let existing = needs_of(act, edit.id)?;
    for need in edit.needs {
        match existing.iter().find(|each| each.kind == need.kind) {
            Some(each) => {
                act.update(&Need {
                    detail: need.detail,
                    hands: need.hands.or(each.hands),
                    ..each.clone()
                })?;
            }
            None => add_need(act, edit.id, need)?,
        }
    }
    Ok(edit.id)
}

pub(super) fn place(act: &mut Act, place: &PlaceCase) -> Result<Uuid, StoreError> {
    let (case, _) = act.get::<Case>(place.id)?;
    act.update(&Case {
        lat: Some(place.lat),
        lon: Some(place.lon),
        accuracy_m: place.accuracy_m,
        place_source: PlaceSource::Pin,
        note: match &place.reason {
            Some(reason) => with_line(&case.note, reason),
            None => case.note.clone(),
        },
        ..case
    })?;
    Ok(place.id)
}

pub(super) fn refer(
    act: &mut Act,
    id: Uuid,
    office_code: Option<String>,
    note: Option<String>,
) -> Result<Uuid, StoreError> {
    let (case, _) = act.get::<Case>(id)?;
    if office_code.as_deref() == Some(case.office_code.as_str()) {
        return Err(StoreError::Invalid {
            code: "refer_to_self",
            field: "office_code",
        });
    }
    act.update(&Case {
        referred_to: office_code,
        referral_note: note,
        ..case
    })?;
    Ok(id)
}

/// A note with one more line.
pub(super) fn with_line(note: &str, line: &str) -> String {
    if note.is_empty() {
        line.to_string()
    } else {
        format!("{note}\n{line}")
    }
}
