//! What suggestions and plans are made from: needs that want hands, what is given to whom, who has helped a
//! household before. Light rows, one query a table; and what has changed since, so that a picture kept in memory is
//! mended instead of read again.

use jitasa_domain::{Assignment, AssignmentState, Entity, NeedState, Timestamp, Urgency};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::assignments::{ACTIVE, WAITING};
use crate::{StoreError, desk, rows};

/// A need that wants hands, with what a plan and a score look at.
#[derive(Debug, Clone, PartialEq)]
pub struct WantLine {
    pub need_id: Uuid,
    pub case_id: Uuid,
    /// Its row: the order in which needs were keyed.
    pub pk: i64,
    pub kind: String,
    pub detail: String,
    /// How many volunteers it takes.
    pub hands: u32,
    pub state: NeedState,
    pub state_since: Timestamp,
    pub case_number: String,
    /// Who is helped.
    pub name: String,
    pub area_code: String,
    pub house_no: String,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub urgency: Urgency,
    /// Since when it has been without hands: since it was reported, or since somebody let go of it.
    pub waiting_since: Timestamp,
    pub people_count: u32,
    pub vulnerable: Vec<String>,
    pub note: String,
}

/// Needs of open cases that want hands, or wanted several and have some: most pressing first by urgency and waiting.
/// Of these cases only, where they are named.
///
/// # Errors
/// When the file cannot be read.
pub fn wants(
    conn: &Connection,
    cases: Option<&[Uuid]>,
    limit: u32,
) -> Result<Vec<WantLine>, StoreError> {
    let (of_cases, ids) = match cases {
        Some(ids) => ("c.id IN (SELECT value FROM json_each(?2)) AND ", list(ids)),
        None => ("?2 = '' AND ", String::new()),
    };
    let sql = format!(
        "SELECT n.id, n.pk, n.case_id, n.kind, n.detail, n.hands, n.state, n.state_since, c.number, c.area_code,
            c.house_no, c.lat, c.lon, c.urgency, coalesce(n.waiting_since, c.reported_at), c.people_count, c.vulnerable, c.note,
            p.title, p.given_name, p.family_name
         FROM \"case\" c CROSS JOIN need n ON n.case_id = c.id LEFT JOIN person p ON p.id = c.person_id
         WHERE {of_cases} c.void_reason IS NULL AND c.is_open = 1 AND n.void_reason IS NULL
            AND (n.state IN {WAITING} OR (n.state IN ('assigned', 'in_progress') AND n.hands > 1))
         ORDER BY c.urgency_rank, c.reported_at, c.pk, n.pk LIMIT ?1"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = statement.query(params![limit, ids])?;
    let mut lines = Vec::new();
    while let Some(row) = found.next()? {
        lines.push(want(row)?);
    }
    Ok(lines)
}

fn want(row: &Row) -> Result<WantLine, StoreError> {
    let text = |index: usize| {
        row.get::<_, Option<String>>(index)
            .map(Option::unwrap_or_default)
    };
    let vulnerable: String = row.get(16)?;
    Ok(WantLine {
        need_id: id(row, 0)?,
        pk: row.get(1)?,
        case_id: id(row, 2)?,
        kind: row.get(3)?,
        detail: row.get(4)?,
        hands: row.get::<_, Option<u32>>(5)?.unwrap_or(1).max(1),
        state: NeedState::from_code(&text(6)?).ok_or(StoreError::Row("need"))?,
        state_since: Timestamp(row.get(7)?),
        case_number: row.get(8)?,
        area_code: row.get(9)?,
        house_no: row.get(10)?,
        lat: row.get(11)?,
        lon: row.get(12)?,
        urgency: Urgency::from_code(&text(13)?).unwrap_or_default(),
        waiting_since: Timestamp(row.get(14)?),
        people_count: row.get(15)?,
        vulnerable: serde_json::from_str(&vulnerable).unwrap_or_default(),
        note: row.get(17)?,
        name: jitasa_domain::full_name(&text(18)?, &text(19)?, &text(20)?),
    })
}

fn id(row: &Row, index: usize) -> Result<Uuid, StoreError> {
    let text = row
        .get_ref(index)?
        .as_str()
        .map_err(|_| StoreError::Row("id"))?;
    Uuid::try_parse(text).map_err(|_| StoreError::Row("id"))
}

fn list(ids: &[Uuid]) -> String {
    serde_json::to_string(ids).unwrap_or_default()
}

/// An assignment as a plan looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub id: Uuid,
    pub case_id: Uuid,
    pub need_id: Uuid,
    pub volunteer_id: Uuid,
    pub state: AssignmentState,
    pub state_since: Timestamp,
    pub pinned: bool,
    pub set_aside: bool,
    pub visit_id: Option<Uuid>,
    pub reason: Option<String>,
    /// Who goes along with him.
    pub companions: Vec<Uuid>,
}

impl Given {
    /// All who go: he who was asked, and those of his team who go along.
    pub fn who_go(&self) -> impl Iterator<Item = Uuid> + '_ {
        std::iter::once(self.volunteer_id).chain(self.companions.iter().copied())
    }
}

const GIVEN: &str =
    "a.id, a.case_id, a.need_id, a.volunteer_id, a.state, a.state_since, a.pinned, a.set_aside,
    a.visit_id, a.reason, a.companions";

/// What is given to somebody, or is being: under way anywhere, and whatever became of these needs.
///
/// # Errors
/// When the file cannot be read.
pub fn given(conn: &Connection, needs: &[Uuid]) -> Result<Vec<Given>, StoreError> {
    let mut under_way = given_where(
        conn,
        &format!(
            "FROM assignment a WHERE a.void_reason IS NULL AND a.state IN {ACTIVE} AND ?1 = ''"
        ),
        "",
    )?;
    let over = given_where(
        conn,
        &format!(
            "FROM json_each(?1) w CROSS JOIN assignment a ON a.need_id = w.value
             WHERE a.void_reason IS NULL AND a.state NOT IN {ACTIVE}"
        ),
        &list(needs),
    )?;
    under_way.extend(over);
    Ok(under_way)
}

/// All of these cases.
///
/// # Errors
/// When the file cannot be read.
pub fn given_of(conn: &Connection, cases: &[Uuid]) -> Result<Vec<Given>, StoreError> {
    given_where(
        conn,
        "FROM json_each(?1) w CROSS JOIN assignment a ON a.case_id = w.value WHERE a.void_reason IS NULL",
        &list(cases),
    )
}

fn given_where(conn: &Connection, from: &str, ids: &str) -> Result<Vec<Given>, StoreError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {GIVEN} {from}"))?;
    let mut found = statement.query([ids])?;
    let mut lines = Vec::new();
    while let Some(row) = found.next()? {
        let state: String = row.get(4)?;
        let visit: Option<String> = row.get(8)?;
        let along = row
            .get_ref(10)?
            .as_str()
            .map_err(|_| StoreError::Row("companions"))?;
        lines.push(Given {
            id: id(row, 0)?,
            case_id: id(row, 1)?,
            need_id: id(row, 2)?,
            volunteer_id: id(row, 3)?,
            state: AssignmentState::from_code(&state).ok_or(StoreError::Row("assignment"))?,
            state_since: Timestamp(row.get(5)?),
            pinned: row.get(6)?,
            set_aside: row.get(7)?,
            visit_id: visit.and_then(|visit| visit.parse().ok()),
            reason: row.get(9)?,
            companions: match along {
                "[]" => Vec::new(),
                along => serde_json::from_str(along).map_err(|_| StoreError::Row("companions"))?,
            },
        });
    }
    Ok(lines)
}

/// Who has helped the household of these cases before: in the case itself, in the same house, or the same person.
/// A case and a volunteer each.
///
/// # Errors
/// When the file cannot be read.
pub fn known_by(conn: &Connection, cases: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
    let mut statement = conn.prepare_cached(
        "WITH w AS (SELECT c.id, c.area_code, c.house_no, c.person_id
                FROM json_each(?1) each CROSS JOIN \"case\" c ON c.id = each.value),
            same AS (SELECT w.id AS want, w.id AS other FROM w
                UNION SELECT w.id, o.id FROM w CROSS JOIN \"case\" o ON o.area_code = w.area_code AND o.house_no = w.house_no
                    WHERE o.house_no <> '' AND o.void_reason IS NULL AND length(w.area_code) = 8
                UNION SELECT w.id, q.case_id FROM w JOIN person p ON p.id = w.person_id
                    CROSS JOIN person q ON q.citizen_id = p.citizen_id
                    WHERE p.citizen_id_valid = 1 AND q.case_id IS NOT NULL AND q.void_reason IS NULL)
         SELECT same.want, a.volunteer_id FROM same CROSS JOIN assignment a ON a.case_id = same.other
         WHERE a.void_reason IS NULL AND a.state IN ('done', 'partly_done', 'confirmed')
         UNION SELECT same.want, each.value FROM same CROSS JOIN assignment a ON a.case_id = same.other
            CROSS JOIN json_each(a.companions) each
         WHERE a.void_reason IS NULL AND a.state IN ('done', 'partly_done', 'confirmed')",
    )?;
    let mut found = statement.query([list(cases)])?;
    let mut pairs = Vec::new();
    while let Some(row) = found.next()? {
        pairs.push((id(row, 0)?, id(row, 1)?));
    }
    Ok(pairs)
}

/// Where the store stood when something was read from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    data_version: i64,
    act: i64,
    audit: i64,
}

/// Where the store stands now.
///
/// # Errors
/// When the file cannot be read.
pub fn mark(conn: &Connection) -> Result<Mark, StoreError> {
    let last = |table: &str| -> Result<i64, StoreError> {
        let sql = format!("SELECT coalesce(max(pk), 0) FROM {table}");
        Ok(conn.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
    };
    Ok(Mark {
        data_version: desk::reading::data_version(conn)?,
        act: last("act")?,
        audit: last("audit")?,
    })
}

/// What changed since a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// Nothing.
    Nothing,
    /// These records, each with its case where it is part of one.
    These(Vec<(Entity, Uuid, Option<Uuid>)>),
    /// More than is worth following, or something that was no act: all has to be read again.
    Everything,
}

/// Changes in more records than this are not followed one by one.
const FOLLOWED_MAX: u32 = 400;

/// What changed between two marks. Only acts are followed: whatever else moved the data (an answer of the server, a
/// load of practice data) is read again whole.
///
/// # Errors
/// When the file cannot be read.
pub fn since(conn: &Connection, then: Mark, now: Mark) -> Result<Since, StoreError> {
    if then == now {
        return Ok(Since::Nothing);
    }
    if now.data_version - then.data_version != now.act - then.act || now.act <= then.act {
        return Ok(Since::Everything);
    }
    let mut statement = conn.prepare_cached(
        "SELECT entity, entity_id, case_id FROM audit WHERE pk > ?1 ORDER BY pk LIMIT ?2",
    )?;
    let mut found = statement.query(params![then.audit, FOLLOWED_MAX + 1])?;
    let mut changed = Vec::new();
    while let Some(row) = found.next()? {
        let entity: String = row.get(0)?;
        let case: Option<String> = row.get(2)?;
        let Some(entity) = Entity::from_code(&entity) else {
            return Ok(Since::Everything);
        };
        changed.push((entity, id(row, 1)?, case.and_then(|case| case.parse().ok())));
    }
    if changed.len() > FOLLOWED_MAX as usize {
        return Ok(Since::Everything);
    }
    Ok(Since::These(changed))
}

/// Volunteers who have not left and count; these only, where they are named.
///
/// # Errors
/// When the file cannot be read.
pub fn volunteers(
    conn: &Connection,
    only: Option<&[Uuid]>,
) -> Result<Vec<jitasa_domain::Volunteer>, StoreError> {
    match only {
        None => rows::select(
            conn,
            "WHERE r.void_reason IS NULL AND r.availability <> 'left'",
            &[],
        ),
        Some(ids) => rows::select(
            conn,
            "WHERE r.void_reason IS NULL AND r.availability <> 'left'
             AND r.id IN (SELECT value FROM json_each(?1))",
            &[&list(ids)],
        ),
    }
}

/// A team by id; one that was disbanded still has its name.
///
/// # Errors
/// When the file cannot be read.
pub fn team(conn: &Connection, id: Uuid) -> Result<Option<jitasa_domain::Team>, StoreError> {
    rows::get(conn, id)
}

/// Assignments with this number: one, or those of two desks that worked apart.
///
/// # Errors
/// When the file cannot be read.
pub fn by_number(conn: &Connection, number: &str) -> Result<Vec<Assignment>, StoreError> {
    rows::select(
        conn,
        "WHERE r.number = ?1 AND r.number <> '' AND r.void_reason IS NULL ORDER BY r.pk",
        &[&number],
    )
}

#[cfg(test)]
mod tests {
    use jitasa_domain::{FieldKind, Record};

    use super::*;

    #[test]
    fn the_columns_of_a_plans_rows_are_those_of_the_records() {
        let names: Vec<&str> = Assignment::FIELDS.iter().map(|field| field.name).collect();
        for column in GIVEN.split(',') {
            let column = column.trim().trim_start_matches("a.");
            assert!(names.contains(&column), "{column}");
        }
        let flags = Assignment::FIELDS
            .iter()
            .filter(|field| field.kind == FieldKind::Flag);
        assert_eq!(
            flags.map(|field| field.name).collect::<Vec<_>>(),
            ["pinned", "set_aside"]
        );
    }
}
