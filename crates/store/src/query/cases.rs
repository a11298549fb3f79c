//! Lists of cases, one case whole.

use std::collections::HashMap;

use jitasa_domain::{
    Assignment, Case, CaseState, Entity, FollowUp, Need, Person, Record, Review, Timestamp,
};
use rusqlite::{Connection, Row, ToSql, params_from_iter, types::Value as Cell};
use uuid::Uuid;

pub use super::case_query::{CaseQuery, CaseSort, Only, count};
use super::{
    Page,
    case_query::{self, Way},
    read_key,
};
use crate::{StoreError, derive, rows, sync};

/// A case with what a list shows of it.
#[derive(Debug, Clone)]
pub struct CaseLine {
    pub case: Case,
    pub state: CaseState,
    pub version: i64,
    /// The earliest day on which somebody was to look again and has not.
    pub follow_due: Option<jiff::civil::Date>,
    pub person: Person,
    pub needs: Vec<Need>,
}

/// A case, whole.
#[derive(Debug, Clone)]
pub struct CaseWhole {
    pub line: CaseLine,
    pub assignments: Vec<Assignment>,
    pub reviews: Vec<Review>,
    pub follow_ups: Vec<FollowUp>,
    pub history: Vec<HistoryEntry>,
    /// Some change of it waits for the server.
    pub pending: bool,
}

/// One line of what was done.
#[derive(Debug, Clone)]
pub struct HistoryEntry {
    pub at: Timestamp,
    pub actor: String,
    pub action: String,
    pub entity: String,
    pub fields: Vec<String>,
}

/// A page of cases.
///
/// # Errors
/// When the file cannot be read.
pub fn page(
    conn: &Connection,
    query: &CaseQuery,
    sort: CaseSort,
    after: Option<&str>,
    limit: u32,
) -> Result<Page<CaseLine>, StoreError> {
    let total = count(conn, query)?;
    let way = Way::to_page(query, sort, total);
    let (rows, next) = page_by(conn, query, sort, way, after, limit)?;
    Ok(Page { rows, next, total })
}

/// The rows of a page and the key of the next, come by in this way.
pub(super) fn page_by(
    conn: &Connection,
    query: &CaseQuery,
    sort: CaseSort,
    way: Way,
    after: Option<&str>,
    limit: u32,
) -> Result<(Vec<CaseLine>, Option<String>), StoreError> {
    let mut conditions = case_query::conditions(query, way);
    let (at, rank, number) = (
        way.sorter("reported_at"),
        way.sorter("urgency_rank"),
        way.sorter("number"),
    );
    let order = match sort {
        CaseSort::Newest => {
            if let Some(key) = read_key::<2>(after) {
                conditions.with(format!("({at}, c.pk) < (?, ?)"), key.map(Cell::Integer));
            }
            format!("{at} DESC, c.pk DESC")
        }
        CaseSort::Waiting => {
            if let Some(key) = read_key::<3>(after) {
                conditions.with(
                    format!("({rank}, {at}, c.pk) > (?, ?, ?)"),
                    key.map(Cell::Integer),
                );
            }
            format!("{rank}, {at}, c.pk")
        }
        CaseSort::Number => {
            if let Some(after) = after {
                conditions.with(format!("{number} < ?"), [Cell::Text(after.into())]);
            }
            format!("{number} DESC")
        }
    };
    conditions.cells.push(Cell::Integer(i64::from(limit)));
    // The rows are chosen by their keys first, so that a sort, where there is one, moves only keys.
    let sql = format!(
        "{} JOIN (SELECT c.pk AS k FROM {} {} ORDER BY {order} LIMIT ?) ON k = c.pk ORDER BY {order}",
        select_lines(),
        case_query::source(query),
        conditions.sql()
    );
    let mut lines = lines(conn, &sql, params_from_iter(conditions.cells))?;
    add_needs(conn, &mut lines)?;
    let next = lines.last().filter(|_| lines.len() == limit as usize).map(
        |(pk, CaseLine { case, .. })| match sort {
            CaseSort::Newest => format!("{}.{pk}", case.reported_at.0),
            CaseSort::Waiting => {
                let rank = derive::urgency_rank(case.urgency);
                format!("{rank}.{}.{pk}", case.reported_at.0)
            }
            CaseSort::Number => case.number.clone(),
        },
    );
    Ok((lines.into_iter().map(|(_, line)| line).collect(), next))
}

fn select_lines() -> String {
    format!(
        "SELECT c.pk, c.state, c.version, c.follow_due, {}, {} FROM \"case\" c LEFT JOIN person p ON p.id = c.person_id",
        rows::columns(Entity::Case, "c"),
        rows::columns(Entity::Person, "p")
    )
}

fn line_of(row: &Row) -> Result<(i64, CaseLine), StoreError> {
    let state: String = row.get(1)?;
    let person_at = 4 + Case::FIELDS.len();
    let has_person = row.get::<_, Option<String>>(person_at)?.is_some();
    let person = if has_person {
        rows::record_at(row, person_at)?
    } else {
        Person::default()
    };
    let line = CaseLine {
        state: CaseState::from_code(&state).ok_or(StoreError::Row("case"))?,
        version: row.get(2)?,
        follow_due: row
            .get::<_, Option<String>>(3)?
            .and_then(|date| date.parse().ok()),
        case: rows::record_at(row, 4)?,
        person,
        needs: Vec::new(),
    };
    Ok((row.get(0)?, line))
}

fn lines(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<(i64, CaseLine)>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = statement.query(params)?;
    let mut lines = Vec::new();
    while let Some(row) = found.next()? {
        lines.push(line_of(row)?);
    }
    Ok(lines)
}

fn add_needs(conn: &Connection, lines: &mut [(i64, CaseLine)]) -> Result<(), StoreError> {
    let mut by_case: HashMap<Uuid, Vec<Need>> = HashMap::new();
    for chunk in lines.chunks(100) {
        let marks = vec!["?"; chunk.len()].join(", ");
        let ids: Vec<String> = chunk
            .iter()
            .map(|(_, line)| line.case.id.to_string())
            .collect();
        let params: Vec<&dyn ToSql> = ids.iter().map(|id| id as &dyn ToSql).collect();
        let needs = rows::select::<Need>(
            conn,
            &format!("WHERE r.case_id IN ({marks}) AND r.void_reason IS NULL ORDER BY r.pk"),
            &params,
        )?;
        for need in needs {
            by_case.entry(need.case_id).or_default().push(need);
        }
    }
    for (_, line) in lines {
        line.needs = by_case.remove(&line.case.id).unwrap_or_default();
    }
    Ok(())
}

/// One line by id; a voided case is not found.
///
/// # Errors
/// When the file cannot be read.
pub fn line(conn: &Connection, id: Uuid) -> Result<Option<CaseLine>, StoreError> {
    let sql = format!(
        "{} WHERE c.id = ?1 AND c.void_reason IS NULL",
        select_lines()
    );
    let mut found = lines(conn, &sql, [id.to_string()])?;
    add_needs(conn, &mut found)?;
    Ok(found.pop().map(|(_, line)| line))
}

/// The case with this number.
///
/// # Errors
/// When the file cannot be read.
pub fn by_number(conn: &Connection, number: &str) -> Result<Option<CaseLine>, StoreError> {
    let sql = format!(
        "{} WHERE c.number = ?1 AND c.void_reason IS NULL",
        select_lines()
    );
    let mut found = lines(conn, &sql, [number])?;
    add_needs(conn, &mut found)?;
    Ok(found.pop().map(|(_, line)| line))
}

/// A case, whole.
///
/// # Errors
/// When the file cannot be read.
pub fn whole(conn: &Connection, id: Uuid) -> Result<Option<CaseWhole>, StoreError> {
    let Some(line) = line(conn, id)? else {
        return Ok(None);
    };
    let key = id.to_string();
    let mut pending = sync::is_pending(conn, id)?;
    for (_, part) in crate::derive::parts_of_case(conn, id)? {
        pending = pending || sync::is_pending(conn, part)?;
    }
    let of_case = "WHERE r.case_id = ?1 AND r.void_reason IS NULL ORDER BY r.pk";
    Ok(Some(CaseWhole {
        assignments: rows::select(conn, of_case, &[&key])?,
        reviews: rows::select(conn, of_case, &[&key])?,
        follow_ups: rows::select(
            conn,
            "WHERE r.case_id = ?1 AND r.void_reason IS NULL ORDER BY r.due_on, r.pk",
            &[&key],
        )?,
        history: history(
            conn,
            "WHERE case_id = ?1 ORDER BY pk DESC LIMIT 200",
            &[&key],
        )?,
        pending,
        line,
    }))
}

/// What was done since a moment, latest first, one line an act.
///
/// # Errors
/// When the file cannot be read.
pub fn recent(
    conn: &Connection,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<HistoryEntry>, StoreError> {
    history(
        conn,
        "WHERE at >= ?1 ORDER BY pk DESC LIMIT ?2",
        &[&since.0, &limit],
    )
}

pub(super) fn history(
    conn: &Connection,
    condition: &str,
    params: &[&dyn ToSql],
) -> Result<Vec<HistoryEntry>, StoreError> {
    let sql = format!("SELECT at, actor_name, action, entity, fields FROM audit {condition}");
    let mut statement = conn.prepare_cached(&sql)?;
    let entries = statement.query_map(params, |row| {
        let fields: String = row.get(4)?;
        Ok(HistoryEntry {
            at: Timestamp(row.get(0)?),
            actor: row.get(1)?,
            action: row.get(2)?,
            entity: row.get(3)?,
            fields: serde_json::from_str(&fields).unwrap_or_default(),
        })
    })?;
    Ok(entries.collect::<Result<_, _>>()?)
}

/// A need by id.
///
/// # Errors
/// When the file cannot be read.
pub fn need(conn: &Connection, id: Uuid) -> Result<Option<Need>, StoreError> {
    rows::get(conn, id)
}

/// The case a record belongs to.
///
/// # Errors
/// When the file cannot be read.
pub fn case_of(conn: &Connection, entity: Entity, id: Uuid) -> Result<Option<Uuid>, StoreError> {
    let found = rows::read(conn, entity, id)?;
    Ok(found.and_then(|(fields, _)| fields.get("case_id")?.as_str()?.parse().ok()))
}
