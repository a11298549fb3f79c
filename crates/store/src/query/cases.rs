//! Lists of cases, one case whole, cases that look alike.

use std::collections::HashMap;

use jitasa_domain::{
    Assignment, Case, CaseState, Entity, FollowUp, Need, Person, Record, Review, ReviewState,
    Timestamp, Urgency,
};
use jitasa_thai::search;
use rusqlite::{Connection, Row, ToSql, params_from_iter, types::Value as Cell};
use uuid::Uuid;

use super::{Conditions, Page, read_key};
use crate::{StoreError, rows, sync};

/// Which cases.
#[derive(Debug, Clone, Default)]
pub struct CaseQuery {
    /// Empty means all that are not closed, or all when `all_states`.
    pub states: Vec<CaseState>,
    pub all_states: bool,
    pub urgencies: Vec<Urgency>,
    pub need_kinds: Vec<String>,
    /// Codes of villages, or of areas above them.
    pub areas: Vec<String>,
    /// What the person may see: a headman's villages. `None` is the whole office.
    pub only_villages: Option<Vec<String>>,
    pub review_states: Vec<ReviewState>,
    pub incident_id: Option<Uuid>,
    pub text: Option<String>,
    pub no_place: bool,
    /// West, south, east, north.
    pub within_box: Option<(f64, f64, f64, f64)>,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CaseSort {
    /// Reported last first.
    #[default]
    Newest,
    /// Most pressing first, then who has waited longest.
    Waiting,
    /// By number.
    Number,
}

/// A case with what a list shows of it.
#[derive(Debug, Clone)]
pub struct CaseLine {
    pub case: Case,
    pub state: CaseState,
    pub version: i64,
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

pub(super) fn conditions(query: &CaseQuery) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.add("c.void_reason IS NULL");
    if !query.states.is_empty() {
        conditions.one_of(
            "c.state",
            query.states.iter().map(|state| state.code().to_string()),
        );
    } else if !query.all_states {
        conditions.add("c.is_open = 1");
    }
    conditions.one_of(
        "c.urgency",
        query.urgencies.iter().map(|each| each.code().to_string()),
    );
    conditions.within("c.area_code", &query.areas);
    if let Some(villages) = &query.only_villages {
        if villages.is_empty() {
            conditions.add("0");
        }
        conditions.one_of("c.area_code", villages.iter().cloned());
    }
    conditions.one_of(
        "c.review_state",
        query
            .review_states
            .iter()
            .map(|each| each.code().to_string()),
    );
    if let Some(incident) = query.incident_id {
        conditions.with("c.incident_id = ?", [Cell::Text(incident.to_string())]);
    }
    if query.no_place {
        conditions.add("c.lat IS NULL");
    }
    if !query.need_kinds.is_empty() {
        let marks = vec!["?"; query.need_kinds.len()].join(", ");
        conditions.with(
            format!(
                "EXISTS (SELECT 1 FROM need n WHERE n.case_id = c.id AND n.void_reason IS NULL
                 AND n.kind IN ({marks}))"
            ),
            query.need_kinds.iter().map(|kind| Cell::Text(kind.clone())),
        );
    }
    if let Some(text) = query.text.as_deref().filter(|text| !text.trim().is_empty()) {
        match search::query(text) {
            Some(words) => conditions.with(
                "c.id IN (SELECT d.record_id FROM search_words w JOIN search_doc d ON d.pk = w.rowid
                 WHERE w.words MATCH ? AND d.kind = 'case')",
                [Cell::Text(words)],
            ),
            None => conditions.add("0"),
        }
    }
    if let Some((west, south, east, north)) = query.within_box {
        // The R*Tree keeps 32-bit floats, so its box is a little wider; the columns decide.
        conditions.with(
            "c.pk IN (SELECT pk FROM case_place WHERE max_lon >= ? AND min_lon <= ? AND max_lat >= ? AND min_lat <= ?)
             AND c.lon BETWEEN ? AND ? AND c.lat BETWEEN ? AND ?",
            [west, east, south, north, west, east, south, north].map(Cell::Real),
        );
    }
    conditions
}

/// How many cases.
///
/// # Errors
/// When the file cannot be read.
pub fn count(conn: &Connection, query: &CaseQuery) -> Result<i64, StoreError> {
    if let Some(total) = kept_count(conn, query)? {
        return Ok(total);
    }
    let conditions = conditions(query);
    let sql = format!("SELECT count(*) FROM \"case\" c {}", conditions.sql());
    Ok(conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(conditions.cells), |row| row.get(0))?)
}

/// The count from the kept counters, when the query asks nothing they do not know.
fn kept_count(conn: &Connection, query: &CaseQuery) -> Result<Option<i64>, StoreError> {
    let known = query.need_kinds.is_empty()
        && query.review_states.is_empty()
        && query.incident_id.is_none()
        && query
            .text
            .as_deref()
            .is_none_or(|text| text.trim().is_empty())
        && query.within_box.is_none();
    if !known {
        return Ok(None);
    }
    let mut conditions = Conditions::default();
    if !query.states.is_empty() {
        conditions.one_of(
            "state",
            query.states.iter().map(|state| state.code().to_string()),
        );
    } else if !query.all_states {
        conditions.add("state <> 'closed'");
    }
    conditions.one_of(
        "urgency",
        query.urgencies.iter().map(|each| each.code().to_string()),
    );
    conditions.within("area_code", &query.areas);
    if let Some(villages) = &query.only_villages {
        if villages.is_empty() {
            return Ok(Some(0));
        }
        conditions.one_of("area_code", villages.iter().cloned());
    }
    if query.no_place {
        conditions.add("has_place = 0");
    }
    let sql = format!(
        "SELECT coalesce(sum(n), 0) FROM case_count {}",
        conditions.sql()
    );
    let total = conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(conditions.cells), |row| row.get(0))?;
    Ok(Some(total))
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
    let mut conditions = conditions(query);
    let order = match sort {
        CaseSort::Newest => {
            if let Some([at, pk]) = read_key(after) {
                conditions.with(
                    "(c.reported_at < ? OR (c.reported_at = ? AND c.pk < ?))",
                    [at, at, pk].map(Cell::Integer),
                );
            }
            "c.reported_at DESC, c.pk DESC"
        }
        CaseSort::Waiting => {
            if let Some([rank, at, pk]) = read_key(after) {
                conditions.with(
                    "(c.urgency_rank < ? OR (c.urgency_rank = ? AND (c.reported_at > ?
                     OR (c.reported_at = ? AND c.pk > ?))))",
                    [rank, rank, at, at, pk].map(Cell::Integer),
                );
            }
            "c.urgency_rank DESC, c.reported_at, c.pk"
        }
        CaseSort::Number => {
            if let Some(after) = after {
                conditions.with("c.number < ?", [Cell::Text(after.into())]);
            }
            "c.number DESC"
        }
    };
    conditions.cells.push(Cell::Integer(i64::from(limit)));
    let sql = format!(
        "{} {} ORDER BY {order} LIMIT ?",
        select_lines(),
        conditions.sql()
    );
    let mut lines = lines(conn, &sql, params_from_iter(conditions.cells))?;
    add_needs(conn, &mut lines)?;
    let next = (lines.len() == limit as usize)
        .then(|| lines.last())
        .flatten()
        .map(|last| match sort {
            CaseSort::Newest => format!("{}.{}", last.1.case.reported_at.0, last.0),
            CaseSort::Waiting => {
                format!(
                    "{}.{}.{}",
                    last.1.case.urgency as i64, last.1.case.reported_at.0, last.0
                )
            }
            CaseSort::Number => last.1.case.number.clone(),
        });
    Ok(Page {
        rows: lines.into_iter().map(|(_, line)| line).collect(),
        next,
        total,
    })
}

fn select_lines() -> String {
    format!(
        "SELECT c.pk, c.state, c.version, {}, {} FROM \"case\" c LEFT JOIN person p ON p.id = c.person_id",
        rows::columns(Entity::Case, "c"),
        rows::columns(Entity::Person, "p")
    )
}

fn line_of(row: &Row) -> Result<(i64, CaseLine), StoreError> {
    let state: String = row.get(1)?;
    let person_at = 3 + Case::FIELDS.len();
    let has_person = row.get::<_, Option<String>>(person_at)?.is_some();
    let person = if has_person {
        rows::record_at(row, person_at)?
    } else {
        Person::default()
    };
    let line = CaseLine {
        state: CaseState::from_code(&state).ok_or(StoreError::Row("case"))?,
        version: row.get(2)?,
        case: rows::record_at(row, 3)?,
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

fn history(
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
