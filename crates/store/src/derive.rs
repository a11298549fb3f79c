//! What follows from the records and is kept for speed: where a case stands, the words it is
//! found by. Refreshed in the transaction that changed the records, whether an act
//! or sync changed them, so that it can never lag behind.

use std::collections::BTreeSet;

use jitasa_domain::{
    Area, Case, CaseState, Entity, NeedState, Person, Urgency, Volunteer, lifecycle,
};
use jitasa_thai::search;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{StoreError, rows};

/// Records whose derived columns must be made anew.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    cases: BTreeSet<Uuid>,
    /// Cases of which only something beside them changed: what they are found by is as it was.
    beside: BTreeSet<Uuid>,
    volunteers: BTreeSet<Uuid>,
    areas: BTreeSet<Uuid>,
}

impl Touched {
    /// Notes a record that was written; answers the case it belongs to.
    pub(crate) fn add(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: &Map<String, Value>,
    ) -> Option<Uuid> {
        let case_id = match entity {
            Entity::Case => Some(id),
            _ => fields
                .get("case_id")
                .and_then(Value::as_str)
                .and_then(|id| id.parse().ok()),
        };
        match entity {
            Entity::Case | Entity::Person | Entity::Need => {
                self.cases.extend(case_id);
            }
            Entity::Volunteer => {
                self.volunteers.insert(id);
            }
            Entity::Area => {
                self.areas.insert(id);
            }
            Entity::Assignment | Entity::FollowUp => {
                self.beside.extend(case_id);
            }
            Entity::Incident
            | Entity::Kind
            | Entity::Review
            | Entity::ServicePoint
            | Entity::Team
            | Entity::TickList
            | Entity::Rule => {}
        }
        case_id
    }

    /// Every case of which something changed.
    pub(crate) fn all_cases(&self) -> BTreeSet<Uuid> {
        self.cases.union(&self.beside).copied().collect()
    }
}

/// Makes the derived columns of what was touched anew.
pub(crate) fn refresh(conn: &Connection, touched: &Touched) -> Result<(), StoreError> {
    for id in &touched.cases {
        refresh_case(conn, *id)?;
    }
    for id in touched.all_cases() {
        refresh_due(conn, id)?;
    }
    for id in &touched.volunteers {
        refresh_volunteer(conn, *id)?;
    }
    for id in &touched.areas {
        refresh_area(conn, *id)?;
    }
    Ok(())
}

fn refresh_case(conn: &Connection, id: Uuid) -> Result<(), StoreError> {
    let key = id.to_string();
    let mut states =
        conn.prepare_cached("SELECT state FROM need WHERE case_id = ?1 AND void_reason IS NULL")?;
    let states: Vec<NeedState> = states
        .query_map([&key], |row| row.get::<_, String>(0))?
        .filter_map(|state| state.ok().as_deref().and_then(NeedState::from_code))
        .collect();
    let Some(case) = rows::get::<Case>(conn, id)? else {
        return Ok(());
    };
    let state = lifecycle::case_state(&states);
    conn.prepare_cached(
        "UPDATE \"case\" SET state = ?2, is_open = ?3, urgency_rank = ?4 WHERE id = ?1",
    )?
    .execute(params![
        key,
        state.code(),
        state != CaseState::Closed,
        urgency_rank(case.urgency)
    ])?;
    let counts = case.void_reason.is_none();
    let person = match case.person_id {
        Some(person_id) => rows::get::<Person>(conn, person_id)?,
        None => None,
    };
    let words = case_words(&case, &person.unwrap_or_default());
    index(conn, "case", &key, counts.then_some(words.as_str()))
}

/// What the clock looks at: since when the longest waiting need has had no hands, when somebody was to
/// look again, when the person in need said that help had not come and nobody was sent since.
fn refresh_due(conn: &Connection, id: Uuid) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE \"case\" SET
            waits_since = (SELECT min(coalesce(n.waiting_since, \"case\".reported_at)) FROM need n
                WHERE n.case_id = ?1 AND n.void_reason IS NULL
                AND n.state IN ('reported', 'verifying', 'open', 'partly_met')),
            follow_due = (SELECT min(f.due_on) FROM follow_up f
                WHERE f.case_id = ?1 AND f.done_at IS NULL AND f.void_reason IS NULL),
            not_come_at = (SELECT max(a.receiver_said_at) FROM assignment a JOIN need n ON n.id = a.need_id
                WHERE a.case_id = ?1 AND a.void_reason IS NULL AND a.receiver_word = 'not_come'
                AND a.state IN ('done', 'partly_done', 'confirmed', 'returned')
                AND n.void_reason IS NULL AND n.state NOT IN ('assigned', 'in_progress', 'closed')
                AND NOT EXISTS (SELECT 1 FROM assignment later WHERE later.need_id = a.need_id
                    AND later.void_reason IS NULL AND later.created_at > a.receiver_said_at
                    AND later.state IN ('accepted', 'en_route', 'on_site', 'done', 'partly_done', 'confirmed')))
         WHERE id = ?1",
    )?
    .execute([id.to_string()])?;
    Ok(())
}

/// Where an urgency stands in a queue: 0 first, so that a queue is read in one direction.
pub(crate) const fn urgency_rank(urgency: Urgency) -> i64 {
    Urgency::Critical as i64 - urgency as i64
}

/// What a case is found by.
pub(crate) fn case_words(case: &Case, person: &Person) -> String {
    [
        case.number.as_str(),
        // The last digits of a number are how people say it.
        case.number.rsplit('-').next().unwrap_or_default(),
        // As one says it: the title is written against the given name, and each is inside the word.
        &person.full_name(),
        person.phone.as_deref().unwrap_or_default(),
        person.citizen_id.as_deref().unwrap_or_default(),
        &case.house_no,
        &case.landmark,
    ]
    .join(" ")
}

fn refresh_volunteer(conn: &Connection, id: Uuid) -> Result<(), StoreError> {
    let Some(volunteer) = rows::get::<Volunteer>(conn, id)? else {
        return Ok(());
    };
    let words = [
        volunteer.full_name().as_str(),
        volunteer.phone.as_deref().unwrap_or_default(),
    ]
    .join(" ");
    let counts = volunteer.void_reason.is_none();
    index(
        conn,
        "volunteer",
        &id.to_string(),
        counts.then_some(words.as_str()),
    )
}

fn refresh_area(conn: &Connection, id: Uuid) -> Result<(), StoreError> {
    let Some(area) = rows::get::<Area>(conn, id)? else {
        return Ok(());
    };
    let words = format!("{} {}", area.name, area.code);
    let counts = area.void_reason.is_none();
    index(
        conn,
        "village",
        &id.to_string(),
        counts.then_some(words.as_str()),
    )
}

/// Puts a record's words into the index; `None` takes it out.
fn index(
    conn: &Connection,
    kind: &str,
    record_id: &str,
    words: Option<&str>,
) -> Result<(), StoreError> {
    let known: Option<i64> = conn
        .prepare_cached("SELECT pk FROM search_doc WHERE kind = ?1 AND record_id = ?2")?
        .query_row([kind, record_id], |row| row.get(0))
        .optional()?;
    if let Some(pk) = known {
        conn.prepare_cached("DELETE FROM search_words WHERE rowid = ?1")?
            .execute([pk])?;
    }
    let Some(words) = words else {
        if let Some(pk) = known {
            conn.prepare_cached("DELETE FROM search_doc WHERE pk = ?1")?
                .execute([pk])?;
        }
        return Ok(());
    };
    let pk = match known {
        Some(pk) => pk,
        None => {
            conn.prepare_cached("INSERT INTO search_doc (kind, record_id) VALUES (?1, ?2)")?
                .execute([kind, record_id])?;
            conn.last_insert_rowid()
        }
    };
    conn.prepare_cached("INSERT INTO search_words (rowid, words) VALUES (?1, ?2)")?
        .execute(params![pk, search::index_terms(words)])?;
    Ok(())
}

/// Removes what was derived from a record that left this desk.
pub(crate) fn forget(conn: &Connection, entity: Entity, id: Uuid) -> Result<(), StoreError> {
    let key = id.to_string();
    match entity {
        Entity::Case => index(conn, "case", &key, None),
        Entity::Volunteer => index(conn, "volunteer", &key, None),
        Entity::Area => index(conn, "village", &key, None),
        _ => Ok(()),
    }
}

/// The parts of a case, for what follows a whole case.
pub(crate) fn parts_of_case(
    conn: &Connection,
    case_id: Uuid,
) -> Result<Vec<(Entity, Uuid)>, StoreError> {
    let mut parts = Vec::new();
    for entity in [
        Entity::Person,
        Entity::Need,
        Entity::Assignment,
        Entity::Review,
        Entity::FollowUp,
    ] {
        let sql = format!("SELECT id FROM {} WHERE case_id = ?1", rows::table(entity));
        let mut statement = conn.prepare_cached(&sql)?;
        let ids = statement.query_map([case_id.to_string()], |row| row.get::<_, String>(0))?;
        for id in ids {
            let id: String = id?;
            parts.push((entity, id.parse().map_err(|_| StoreError::Row("id"))?));
        }
    }
    Ok(parts)
}
