//! Which cases: a query as conditions, how many cases it has, and which index serves its page.
//!
//! The store keeps no statistics on its indexes, so the choice between finding a query's cases and
//! sorting them, and walking the sort's own index until the page is full, is made here, from the count.

use jitasa_domain::{CaseState, ReviewState, Timestamp, Urgency};
use jitasa_thai::search;
use rusqlite::{Connection, params_from_iter, types::Value as Cell};
use uuid::Uuid;

use super::Conditions;
use crate::StoreError;

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
    /// Only what a figure of the first screen counts.
    pub only: Option<Only>,
    /// West, south, east, north.
    pub within_box: Option<(f64, f64, f64, f64)>,
}

/// What a figure of the first screen counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Reported in a span.
    Reported { from: Timestamp, to: Timestamp },
    /// With a need that was met in a span.
    Met { from: Timestamp, to: Timestamp },
    /// Not heard of since a moment.
    HeardBy(Timestamp),
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

/// Cases that are found and sorted rather than met on a walk through a sort's index.
const FOUND_MAX: i64 = 4_000;

/// How a query's cases are come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By words, box, village or review; then they are sorted.
    Find,
    /// In the order of the sort, until the page is full.
    Walk(CaseSort),
}

impl Way {
    /// The way to a page of a query that has so many cases in all.
    pub(super) fn to_page(query: &CaseQuery, sort: CaseSort, total: i64) -> Self {
        if has_text(query) || query.within_box.is_some() || (is_local(query) && total <= FOUND_MAX)
        {
            Self::Find
        } else {
            Self::Walk(sort)
        }
    }

    /// A column that finds cases.
    fn finder(self, column: &str) -> String {
        name(column, self == Self::Find)
    }

    /// A column of the sort.
    pub(super) fn sorter(self, column: &str) -> String {
        name(column, self != Self::Find)
    }
}

/// With a `+` SQLite does not look for an index on a column, and leaves it to the rows that another brings.
fn name(column: &str, by_index: bool) -> String {
    let plus = if by_index { "" } else { "+" };
    format!("{plus}c.{column}")
}

/// What a query's conditions read from: the alias `c`; `w` and `d` when there are words to find it by.
/// What finds comes first; the other way round every open case is looked at.
pub(super) fn source(query: &CaseQuery) -> &'static str {
    if query.within_box.is_some() {
        "\"case\" c INDEXED BY case_map"
    } else if has_text(query) {
        "search_words w CROSS JOIN search_doc d ON d.pk = w.rowid CROSS JOIN \"case\" c ON c.id = d.record_id"
    } else {
        "\"case\" c"
    }
}

/// Strips of the map's index a box is looked up in; one that crosses more is read as one piece.
const STRIPS_MAX: i64 = 100;

/// The conditions of a box, as its index wants them.
fn within(conditions: &mut Conditions, (west, south, east, north): (f64, f64, f64, f64)) {
    let (first, last) = (strip(south), strip(north));
    conditions.add("c.lat IS NOT NULL");
    if last - first < STRIPS_MAX {
        let strips: Vec<_> = (first..=last).map(Cell::Integer).collect();
        let marks = vec!["?"; strips.len()].join(", ");
        conditions.with(format!("CAST(c.lat * 100 AS INTEGER) IN ({marks})"), strips);
    } else {
        conditions.with(
            "CAST(c.lat * 100 AS INTEGER) BETWEEN ? AND ?",
            [first, last].map(Cell::Integer),
        );
    }
    conditions.with(
        "c.lon BETWEEN ? AND ? AND c.lat BETWEEN ? AND ?",
        [west, east, south, north].map(Cell::Real),
    );
}

/// The strip of a latitude, as SQLite computes it for the index.
#[expect(
    clippy::cast_possible_truncation,
    reason = "toward zero, and held within bounds, is what SQLite's CAST does"
)]
fn strip(lat: f64) -> i64 {
    (lat * 100.0) as i64
}

/// A query's conditions, over its [`source`].
pub(super) fn conditions(query: &CaseQuery, way: Way) -> Conditions {
    let mut conditions = Conditions::default();
    states(&mut conditions, query, way);
    others(&mut conditions, query, way);
    conditions
}

/// Whether the query names places or reviews, which have an index together.
fn is_local(query: &CaseQuery) -> bool {
    !query.areas.is_empty() || query.only_villages.is_some() || !query.review_states.is_empty()
}

/// Whether no closed case is asked for.
fn all_open(query: &CaseQuery) -> bool {
    if query.states.is_empty() {
        !query.all_states
    } else {
        !query.states.contains(&CaseState::Closed)
    }
}

fn states(conditions: &mut Conditions, query: &CaseQuery, way: Way) {
    // Each state has an index in the order of the newest; several have none together.
    let is_walk = way == Way::Walk(CaseSort::Newest) && query.states.len() == 1;
    if !query.states.is_empty() {
        let codes = query.states.iter().map(|state| state.code().to_string());
        conditions.one_of(&name("state", is_walk), codes);
    }
    if all_open(query) && !is_walk {
        // With states given it follows from them, and opens the indexes that begin with it.
        let begins = query.within_box.is_some()
            || matches!(way, Way::Walk(CaseSort::Newest | CaseSort::Waiting));
        conditions.add(format!("{} = 1", name("is_open", begins)));
    }
}

fn others(conditions: &mut Conditions, query: &CaseQuery, way: Way) {
    conditions.add("c.void_reason IS NULL");
    conditions.one_of(
        "c.urgency",
        query.urgencies.iter().map(|each| each.code().to_string()),
    );
    let area_code = way.finder("area_code");
    conditions.within(&area_code, &query.areas);
    if let Some(villages) = &query.only_villages {
        if villages.is_empty() {
            conditions.add("0");
        }
        conditions.one_of(&area_code, villages.iter().cloned());
    }
    conditions.one_of(
        &way.finder("review_state"),
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
    match query.only {
        None => {}
        Some(Only::Reported { from, to }) => conditions.with(
            "c.reported_at >= ? AND c.reported_at < ?",
            [from.0, to.0].map(Cell::Integer),
        ),
        Some(Only::Met { from, to }) => conditions.with(
            "c.id IN (SELECT n.case_id FROM need n INDEXED BY need_met WHERE n.void_reason IS NULL
             AND n.state_since >= ? AND n.state_since < ?
             AND (n.state = 'met' OR (n.state = 'closed' AND n.closing_reason = 'met')))",
            [from.0, to.0].map(Cell::Integer),
        ),
        Some(Only::HeardBy(at)) => conditions.with(
            "max(c.reported_at, coalesce(c.confirmed_at, 0)) <= ?",
            [Cell::Integer(at.0)],
        ),
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
    if has_text(query) {
        match query.text.as_deref().and_then(search::query) {
            None => conditions.add("0"),
            Some(words) => conditions.with(
                if query.within_box.is_some() {
                    "c.id IN (SELECT d.record_id FROM search_words w CROSS JOIN search_doc d ON d.pk = w.rowid
                     WHERE w.words MATCH ? AND d.kind = 'case')"
                } else {
                    "w.words MATCH ? AND d.kind = 'case'"
                },
                [Cell::Text(words)],
            ),
        }
    }
    if let Some(edges) = query.within_box {
        if !all_open(query) {
            conditions.add("c.is_open IN (0, 1)");
        }
        within(conditions, edges);
    }
}

fn has_text(query: &CaseQuery) -> bool {
    query
        .text
        .as_deref()
        .is_some_and(|text| !text.trim().is_empty())
}

/// How many cases.
///
/// # Errors
/// When the file cannot be read.
pub fn count(conn: &Connection, query: &CaseQuery) -> Result<i64, StoreError> {
    if query.only_villages.as_ref().is_some_and(Vec::is_empty) {
        return Ok(0);
    }
    let (sql, cells) = match kept(query) {
        Some((table, conditions)) => (
            format!(
                "SELECT coalesce(sum(n), 0) FROM {table} c {}",
                conditions.sql()
            ),
            conditions.cells,
        ),
        None => {
            // Nothing is sorted, so any walk does where nothing finds.
            let way = Way::to_page(query, CaseSort::Newest, 0);
            let conditions = conditions(query, way);
            let source = source(query);
            let sql = format!("SELECT count(*) FROM {source} {}", conditions.sql());
            (sql, conditions.cells)
        }
    };
    Ok(conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(cells), |row| row.get(0))?)
}

/// The kept counters that know all the query asks, and what of them.
fn kept(query: &CaseQuery) -> Option<(&'static str, Conditions)> {
    let unknown = !query.need_kinds.is_empty()
        || query.incident_id.is_some()
        || query.only.is_some()
        || has_text(query)
        || query.within_box.is_some();
    if unknown {
        return None;
    }
    let mut conditions = Conditions::default();
    let table = if query.review_states.is_empty() {
        match &query.states[..] {
            [] if query.all_states => {}
            [] => conditions.add("c.state <> 'closed'"),
            states => conditions.one_of("c.state", states.iter().map(|each| each.code().into())),
        }
        let urgencies = query.urgencies.iter().map(|each| each.code().into());
        conditions.one_of("c.urgency", urgencies);
        if query.no_place {
            conditions.add("c.has_place = 0");
        }
        "case_count"
    } else {
        if !query.urgencies.is_empty() || query.no_place {
            return None;
        }
        let every_open = CaseState::ALL.len() - 1;
        match query.states.len() {
            0 if query.all_states => {}
            0 => conditions.add("c.is_open = 1"),
            n if n == every_open && all_open(query) => conditions.add("c.is_open = 1"),
            _ => return None,
        }
        let states = query.review_states.iter().map(|each| each.code().into());
        conditions.one_of("c.review_state", states);
        "review_count"
    };
    conditions.within("c.area_code", &query.areas);
    if let Some(villages) = &query.only_villages {
        conditions.one_of("c.area_code", villages.iter().cloned());
    }
    Some((table, conditions))
}

#[cfg(test)]
mod tests;
