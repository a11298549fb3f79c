//! The register of volunteers.

use std::collections::HashMap;

use jitasa_domain::{Availability, Entity, Timestamp, Vetting, Volunteer};
use jitasa_thai::search;
use rusqlite::{Connection, params_from_iter, types::Value as Cell};
use uuid::Uuid;

use super::{Conditions, Page, cases, cases::HistoryEntry, office};
use crate::{StoreError, rows};

/// Which volunteers.
#[derive(Debug, Clone, Default)]
pub struct VolunteerQuery {
    pub text: Option<String>,
    pub kinds: Vec<String>,
    pub equipment: Vec<String>,
    /// Where they live or answer for.
    pub areas: Vec<String>,
    pub availability: Option<Availability>,
    pub vetting: Option<Vetting>,
    /// Only those who can be asked at `now` and have room for a task.
    pub free_now: bool,
    /// The moment that `availability` and `free_now` are about.
    pub now: Timestamp,
}

/// A volunteer with his load now.
#[derive(Debug, Clone)]
pub struct VolunteerLine {
    pub volunteer: Volunteer,
    pub version: i64,
    pub open_tasks: u32,
}

impl VolunteerLine {
    /// Whether he holds as many tasks as he takes.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.open_tasks >= self.volunteer.max_open_tasks
    }
}

/// One visit is one task, however many needs it serves; also one that he goes along to with his team.
const LOAD: &str = "(SELECT count(*) FROM (
        SELECT coalesce(a.visit_id, a.id) FROM assignment a
        WHERE a.volunteer_id = v.id AND a.void_reason IS NULL
            AND a.state IN ('proposed', 'offered', 'accepted', 'en_route', 'on_site')
        UNION SELECT coalesce(a.visit_id, a.id) FROM assignment a CROSS JOIN json_each(a.companions) each
        WHERE each.value = v.id AND a.companions <> '[]' AND a.void_reason IS NULL
            AND a.state IN ('proposed', 'offered', 'accepted', 'en_route', 'on_site')))";

/// On leave on a day, which fills it twice: `Volunteer::availability_on` in SQL.
const AWAY: &str = "v.availability = 'on_leave' AND (v.away_from IS NULL OR v.away_from <= ?)
     AND (v.away_until IS NULL OR v.away_until >= ?)";

/// A page of the register in Thai dictionary order.
///
/// # Errors
/// When the file cannot be read.
pub fn page(
    conn: &Connection,
    query: &VolunteerQuery,
    after: Option<&str>,
    limit: u32,
) -> Result<Page<VolunteerLine>, StoreError> {
    let mut conditions = conditions(query);
    if query.free_now {
        // Hours and the office's rules are no matter of SQL: all who may be free are read.
        let rules = office::rules(conn)?;
        let mut free = ordered(conn, &conditions)?;
        free.retain(|line| {
            line.volunteer.can_be_asked(query.now, &rules).is_ok() && !line.is_full()
        });
        let total = i64::try_from(free.len()).unwrap_or(i64::MAX);
        let begin = after
            .and_then(|last| {
                free.iter()
                    .position(|line| line.volunteer.id.to_string() == last)
            })
            .map_or(0, |last| last + 1);
        let rest = free.into_iter().skip(begin);
        return Ok(page_of(rest.take(limit as usize).collect(), limit, total));
    }
    let sql = format!("SELECT count(*) FROM volunteer v {}", conditions.sql());
    let total = conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(conditions.cells.iter()), |row| row.get(0))?;
    if let Some(last) = after.and_then(|id| id.parse().ok())
        && let Some(last) = rows::get::<Volunteer>(conn, last)?
    {
        conditions.with(
            "(v.given_name COLLATE thai, v.family_name COLLATE thai, v.pk)
             > (?, ?, (SELECT pk FROM volunteer WHERE id = ?))",
            [last.given_name, last.family_name, last.id.to_string()].map(Cell::Text),
        );
    }
    conditions.cells.push(Cell::Integer(i64::from(limit)));
    let sql = format!("{} LIMIT ?", select(&conditions));
    let lines = lines(conn, &sql, params_from_iter(conditions.cells))?;
    Ok(page_of(lines, limit, total))
}

fn page_of(lines: Vec<VolunteerLine>, limit: u32, total: i64) -> Page<VolunteerLine> {
    let next = (lines.len() == limit as usize)
        .then(|| lines.last().map(|line| line.volunteer.id.to_string()))
        .flatten();
    Page {
        rows: lines,
        next,
        total,
    }
}

/// The register's rows under these conditions, in its order.
fn select(conditions: &Conditions) -> String {
    format!(
        "SELECT v.version, {LOAD}, {} FROM volunteer v {}
         ORDER BY v.given_name COLLATE thai, v.family_name COLLATE thai, v.pk",
        rows::columns(Entity::Volunteer, "v"),
        conditions.sql()
    )
}

fn ordered(conn: &Connection, conditions: &Conditions) -> Result<Vec<VolunteerLine>, StoreError> {
    let params = params_from_iter(conditions.cells.iter());
    lines(conn, &select(conditions), params)
}

fn conditions(query: &VolunteerQuery) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.add("v.void_reason IS NULL");
    let today = || Cell::Text(query.now.date().to_string());
    match query.availability {
        None => {}
        Some(Availability::Left) => conditions.add("v.availability = 'left'"),
        Some(Availability::OnLeave) => conditions.with(AWAY, [today(), today()]),
        Some(Availability::Available) => there(&mut conditions, query.now),
    }
    if let Some(vetting) = query.vetting {
        conditions.with("v.vetting = ?", [Cell::Text(vetting.code().into())]);
    }
    if query.free_now {
        there(&mut conditions, query.now);
    }
    any_of_list(&mut conditions, "v.kinds", &query.kinds);
    any_of_list(&mut conditions, "v.equipment", &query.equipment);
    if !query.areas.is_empty() {
        let mut live = Conditions::default();
        live.within("v.area_code", &query.areas);
        // Houses of a village stand behind its code; a whole subdistrict's patch has six digits.
        let mut patch = Conditions::default();
        patch.within("substr(each.value, 1, 8)", &query.areas);
        let around = query.areas.iter().filter_map(|code| code.get(..6));
        patch.one_of("each.value", around.map(ToString::to_string));
        let clause = format!(
            "({} OR EXISTS (SELECT 1 FROM json_each(v.patch) each WHERE {}))",
            live.clauses.join(""),
            patch.clauses.join(" OR ")
        );
        conditions.with(clause, live.cells.into_iter().chain(patch.cells));
    }
    if let Some(text) = query.text.as_deref().filter(|text| !text.trim().is_empty()) {
        match search::query(text) {
            Some(words) => conditions.with(
                "v.id IN (SELECT d.record_id FROM search_words w JOIN search_doc d ON d.pk = w.rowid
                 WHERE w.words MATCH ? AND d.kind = 'volunteer')",
                [Cell::Text(words)],
            ),
            None => conditions.add("0"),
        }
    }
    conditions
}

/// Neither on leave on this day nor gone.
fn there(conditions: &mut Conditions, now: Timestamp) {
    let today = || Cell::Text(now.date().to_string());
    conditions.with(
        format!("v.availability <> 'left' AND NOT ({AWAY})"),
        [today(), today()],
    );
}

/// A list column holds any of these values.
fn any_of_list(conditions: &mut Conditions, column: &str, values: &[String]) {
    if !values.is_empty() {
        let marks = vec!["?"; values.len()].join(", ");
        conditions.with(
            format!(
                "EXISTS (SELECT 1 FROM json_each({column}) each WHERE each.value IN ({marks}))"
            ),
            values.iter().map(|value| Cell::Text(value.clone())),
        );
    }
}

fn lines(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<VolunteerLine>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = statement.query(params)?;
    let mut lines = Vec::new();
    while let Some(row) = found.next()? {
        lines.push(VolunteerLine {
            version: row.get(0)?,
            open_tasks: row.get(1)?,
            volunteer: rows::record_at(row, 2)?,
        });
    }
    Ok(lines)
}

/// A volunteer by id.
///
/// # Errors
/// When the file cannot be read.
pub fn line(conn: &Connection, id: Uuid) -> Result<Option<VolunteerLine>, StoreError> {
    let sql = format!(
        "SELECT v.version, {LOAD}, {} FROM volunteer v WHERE v.id = ?1 AND v.void_reason IS NULL",
        rows::columns(Entity::Volunteer, "v")
    );
    Ok(lines(conn, &sql, [id.to_string()])?.pop())
}

/// Everybody who is there at this moment: neither on leave nor gone.
///
/// # Errors
/// When the file cannot be read.
pub fn available(conn: &Connection, now: Timestamp) -> Result<Vec<VolunteerLine>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.add("v.void_reason IS NULL");
    there(&mut conditions, now);
    ordered(conn, &conditions)
}

/// What somebody has given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// Minutes of his time.
    pub minutes: i64,
    /// Assignments he finished, wholly or in part.
    pub tasks: i64,
}

/// What each volunteer has given.
///
/// # Errors
/// When the file cannot be read.
pub fn given_by_all(conn: &Connection) -> Result<HashMap<Uuid, Given>, StoreError> {
    given_where(conn, None)
}

/// What a volunteer has given.
///
/// # Errors
/// When the file cannot be read.
pub fn given_by(conn: &Connection, id: Uuid) -> Result<Given, StoreError> {
    let given = given_where(conn, Some(id))?;
    Ok(given.get(&id).copied().unwrap_or_default())
}

/// All who went have given the time of their visit, once, however many needs it served: the longest that was said of
/// any of them. A visit that failed took its time too.
fn given_where(conn: &Connection, only: Option<Uuid>) -> Result<HashMap<Uuid, Given>, StoreError> {
    let (asked, along) = match only {
        Some(_) => ("AND a.volunteer_id = ?1", "AND each.value = ?1"),
        None => ("AND ?1 = ''", "AND ?1 = ''"),
    };
    const OVER: &str =
        "a.void_reason IS NULL AND a.state IN ('done', 'partly_done', 'confirmed', 'failed')";
    let sql = format!(
        "SELECT who, sum(minutes), sum(finished) FROM (
            SELECT who, coalesce(max(minutes_given), 0) AS minutes, sum(state <> 'failed') AS finished FROM (
                SELECT a.volunteer_id AS who, coalesce(a.visit_id, a.id) AS visit, a.minutes_given, a.state
                FROM assignment a WHERE {OVER} {asked}
                UNION ALL SELECT each.value, coalesce(a.visit_id, a.id), a.minutes_given, a.state
                FROM assignment a CROSS JOIN json_each(a.companions) each
                WHERE a.companions <> '[]' AND {OVER} {along})
            GROUP BY who, visit)
         GROUP BY who"
    );
    let only = only.map(|id| id.to_string()).unwrap_or_default();
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = statement.query([only])?;
    let mut given = HashMap::new();
    while let Some(row) = found.next()? {
        let id: String = row.get(0)?;
        let id = id.parse().map_err(|_| StoreError::Row("id"))?;
        let (minutes, tasks) = (row.get(1)?, row.get(2)?);
        given.insert(id, Given { minutes, tasks });
    }
    Ok(given)
}

/// What was done to a volunteer's record, latest first.
///
/// # Errors
/// When the file cannot be read.
pub fn history(conn: &Connection, id: Uuid, limit: u32) -> Result<Vec<HistoryEntry>, StoreError> {
    cases::history(
        conn,
        "WHERE entity = 'volunteer' AND entity_id = ?1 ORDER BY pk DESC LIMIT ?2",
        &[&id.to_string(), &limit],
    )
}
