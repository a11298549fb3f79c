//! The headman's inbox: what waits for his word, on the screen and on paper alike.

use jitasa_domain::{CaseState, ReviewState};
use rusqlite::{Connection, OptionalExtension, params_from_iter, types::Value as Cell};
use uuid::Uuid;

use super::{
    Conditions, Page,
    assignments::{self, AssignmentLine},
    cases::{self, CaseLine, CaseQuery, CaseSort},
    read_key,
};
use crate::StoreError;

/// One thing for the headman to look at.
#[derive(Debug, Clone)]
pub struct InboxLine {
    pub line: CaseLine,
    /// Present: did this help come?
    pub assignment: Option<AssignmentLine>,
    /// Who entered the case, as shown to people.
    pub entered_by: Option<String>,
}

/// What the key of a page begins with while it goes through help that is said to have come.
const DONE: &str = "done.";

/// The headman's inbox: help that is said to have come first, then cases nobody has looked at,
/// the oldest first (among cases the most pressing before that).
///
/// # Errors
/// When the file cannot be read.
pub fn inbox(
    conn: &Connection,
    villages: &[String],
    after: Option<&str>,
    limit: u32,
) -> Result<Page<InboxLine>, StoreError> {
    let unreviewed = unreviewed_in(villages);
    let total = count_done(conn, villages)? + cases::count(conn, &unreviewed)?;
    let mut items = Vec::new();
    let mut next = None;
    let key = after.and_then(|key| key.strip_prefix(DONE));
    if after.is_none() || key.is_some() {
        let (done, key) = done_in(conn, villages, read_key(key), limit)?;
        for id in done {
            if let Some(assignment) = assignments::line(conn, id)? {
                items.push(line(conn, assignment.line.clone(), Some(assignment))?);
            }
        }
        next = key;
    }
    if next.is_none() {
        let room = limit.saturating_sub(u32::try_from(items.len()).unwrap_or(u32::MAX));
        let after = after.filter(|key| !key.starts_with(DONE));
        let page = cases::page(conn, &unreviewed, CaseSort::Waiting, after, room.max(1))?;
        for each in page.rows {
            items.push(line(conn, each, None)?);
        }
        next = page.next;
    }
    Ok(Page {
        rows: items,
        next,
        total,
    })
}

/// What waits in each village for its headman's word: code of the village, how much.
///
/// # Errors
/// When the file cannot be read.
pub fn waiting_by_village(conn: &Connection) -> Result<Vec<(String, u32)>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT area_code, sum(n) FROM (
             SELECT c.area_code, count(*) AS n FROM \"case\" c
             WHERE c.void_reason IS NULL AND c.is_open = 1 AND c.review_state = 'unreviewed'
             GROUP BY c.area_code
             UNION ALL
             SELECT c.area_code, count(*) FROM assignment a CROSS JOIN \"case\" c ON c.id = a.case_id
             WHERE a.state IN ('done', 'partly_done') AND a.void_reason IS NULL AND c.void_reason IS NULL
             GROUP BY c.area_code
         ) WHERE length(area_code) = 8 AND n > 0 GROUP BY area_code ORDER BY area_code",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn unreviewed_in(villages: &[String]) -> CaseQuery {
    CaseQuery {
        only_villages: Some(villages.to_vec()),
        review_states: vec![ReviewState::Unreviewed],
        states: vec![
            CaseState::Reported,
            CaseState::Open,
            CaseState::InProgress,
            CaseState::Met,
        ],
        ..CaseQuery::default()
    }
}

fn line(
    conn: &Connection,
    line: CaseLine,
    assignment: Option<AssignmentLine>,
) -> Result<InboxLine, StoreError> {
    // The history names him also where he sits at another desk.
    let entered_by = conn
        .prepare_cached(
            "SELECT actor_name FROM audit WHERE case_id = ?1 AND entity = 'case' ORDER BY pk LIMIT 1",
        )?
        .query_row([line.case.id.to_string()], |row| row.get(0))
        .optional()?;
    Ok(InboxLine {
        line,
        assignment,
        entered_by,
    })
}

const SAID_TO_HAVE_COME: &str =
    "a.void_reason IS NULL AND a.state IN ('done', 'partly_done') AND c.void_reason IS NULL";

fn in_villages(villages: &[String]) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.add(SAID_TO_HAVE_COME);
    if villages.is_empty() {
        conditions.add("0");
    }
    conditions.one_of("c.area_code", villages.iter().cloned());
    conditions
}

fn count_done(conn: &Connection, villages: &[String]) -> Result<i64, StoreError> {
    let conditions = in_villages(villages);
    let sql = format!(
        "SELECT count(*) FROM assignment a CROSS JOIN \"case\" c ON c.id = a.case_id {}",
        conditions.sql()
    );
    Ok(conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(conditions.cells), |row| row.get(0))?)
}

/// Ids of a page, and the key of the next.
fn done_in(
    conn: &Connection,
    villages: &[String],
    after: Option<[i64; 2]>,
    limit: u32,
) -> Result<(Vec<Uuid>, Option<String>), StoreError> {
    let mut conditions = in_villages(villages);
    if let Some(key) = after {
        conditions.with("(a.state_since, a.pk) > (?, ?)", key.map(Cell::Integer));
    }
    conditions.cells.push(Cell::Integer(i64::from(limit)));
    let sql = format!(
        "SELECT a.id, a.state_since, a.pk FROM assignment a CROSS JOIN \"case\" c ON c.id = a.case_id {}
         ORDER BY a.state_since, a.pk LIMIT ?",
        conditions.sql()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(conditions.cells))?;
    let (mut ids, mut key) = (Vec::new(), None);
    while let Some(row) = found.next()? {
        let id: String = row.get(0)?;
        ids.push(id.parse().map_err(|_| StoreError::Row("id"))?);
        let (at, pk): (i64, i64) = (row.get(1)?, row.get(2)?);
        key = Some(format!("{DONE}{at}.{pk}"));
    }
    let full = ids.len() == limit as usize;
    Ok((ids, key.filter(|_| full)))
}
