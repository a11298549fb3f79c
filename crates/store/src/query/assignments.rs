//! Needs without hands, assignments.

use jitasa_domain::{Assignment, AssignmentState, Need, Team, Volunteer};
use rusqlite::{Connection, params, params_from_iter, types::Value as Cell};
use uuid::Uuid;

pub use super::inbox::{InboxLine, inbox};
use super::{
    Conditions, Page,
    cases::{self, CaseLine},
    read_key,
};
use crate::{StoreError, rows};

/// A need without hands.
#[derive(Debug, Clone)]
pub struct BoardLine {
    pub need: Need,
    pub line: CaseLine,
}

/// States in which somebody is on the way or being asked.
pub(super) const ACTIVE: &str = "('proposed', 'offered', 'accepted', 'en_route', 'on_site')";

/// States in which a need waits for hands.
pub(super) const WAITING: &str = "('reported', 'verifying', 'open', 'partly_met')";

/// Whether a need `n` has fewer volunteers than it takes: those who hold it or are being asked, and those who have
/// done their part while others are still at it. Whoever goes along with his team is a hand like him who was asked.
const LACKS_HANDS: &str = "(n.state IN ('reported', 'verifying', 'open', 'partly_met')
        OR (n.hands > 1 AND n.state IN ('assigned', 'in_progress')))
    AND (SELECT coalesce(sum(1 + json_array_length(a.companions)), 0) FROM assignment a WHERE a.need_id = n.id AND a.void_reason IS NULL
        AND (a.state IN ('proposed', 'offered', 'accepted', 'en_route', 'on_site')
            OR (a.state IN ('done', 'partly_done', 'confirmed') AND n.state IN ('assigned', 'in_progress')
                AND a.state_since >= n.state_since))) < coalesce(n.hands, 1)";

/// Needs without hands, most pressing first.
///
/// # Errors
/// When the file cannot be read.
pub fn board(
    conn: &Connection,
    areas: &[String],
    need_kinds: &[String],
    after: Option<&str>,
    limit: u32,
) -> Result<Page<BoardLine>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.add("c.void_reason IS NULL AND c.is_open = 1 AND n.void_reason IS NULL");
    conditions.add(LACKS_HANDS);
    conditions.within("c.area_code", areas);
    conditions.one_of("n.kind", need_kinds.iter().cloned());
    let from = "FROM \"case\" c CROSS JOIN need n ON n.case_id = c.id";
    let total = if areas.is_empty() {
        without_hands(conn, need_kinds)?
    } else {
        let sql = format!("SELECT count(*) {from} {}", conditions.sql());
        conn.prepare_cached(&sql)?
            .query_row(params_from_iter(conditions.cells.iter()), |row| row.get(0))?
    };
    if let Some(key) = read_key::<3>(after) {
        conditions.with(
            "(c.urgency_rank, c.reported_at, n.pk) > (?, ?, ?)",
            key.map(Cell::Integer),
        );
    }
    conditions.cells.push(Cell::Integer(i64::from(limit)));
    let sql = format!(
        "SELECT n.id, n.pk, c.urgency_rank, c.reported_at {from} {}
         ORDER BY c.urgency_rank, c.reported_at, n.pk LIMIT ?",
        conditions.sql()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(conditions.cells))?;
    let (mut lines, mut key) = (Vec::new(), None);
    while let Some(row) = found.next()? {
        let id: String = row.get(0)?;
        let (pk, rank, at): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        key = Some(format!("{rank}.{at}.{pk}"));
        let id: Uuid = id.parse().map_err(|_| StoreError::Row("id"))?;
        let need: Need = rows::get(conn, id)?.ok_or(StoreError::Row("need"))?;
        if let Some(line) = cases::line(conn, need.case_id)? {
            lines.push(BoardLine { need, line });
        }
    }
    let next = key.filter(|_| lines.len() == limit as usize);
    Ok(Page {
        rows: lines,
        next,
        total,
    })
}

/// How many needs of these kinds wait for hands in the whole office: those that wait, but for those that have as many
/// as they take, and those of several that have some and lack more.
///
/// # Errors
/// When the file cannot be read.
pub fn without_hands(conn: &Connection, need_kinds: &[String]) -> Result<i64, StoreError> {
    let mut waiting = Conditions::default();
    waiting.add(format!("n.state IN {WAITING}"));
    waiting.one_of("n.kind", need_kinds.iter().cloned());
    let mut asked = Conditions::default();
    asked.add(format!("a.state IN {ACTIVE} AND a.void_reason IS NULL"));
    asked.add(format!("n.state IN {WAITING} AND n.void_reason IS NULL"));
    asked.one_of("n.kind", need_kinds.iter().cloned());
    let mut several = Conditions::default();
    several.add("n.hands > 1 AND n.void_reason IS NULL AND n.state IN ('assigned', 'in_progress')");
    several.add(LACKS_HANDS);
    several.one_of("n.kind", need_kinds.iter().cloned());
    let sql = format!(
        "SELECT (SELECT coalesce(sum(n.n), 0) FROM need_count n {})
            - (SELECT count(*) FROM (SELECT 1 FROM assignment a CROSS JOIN need n ON n.id = a.need_id {}
                GROUP BY n.id HAVING sum(1 + json_array_length(a.companions)) >= coalesce(n.hands, 1)))
            + (SELECT count(*) FROM need n {})",
        waiting.sql(),
        asked.sql(),
        several.sql()
    );
    let cells = waiting
        .cells
        .into_iter()
        .chain(asked.cells)
        .chain(several.cells);
    Ok(conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(cells), |row| row.get(0))?)
}

/// An assignment with its case.
#[derive(Debug, Clone)]
pub struct AssignmentLine {
    pub assignment: Assignment,
    pub need_kind: String,
    pub volunteer_phone: Option<String>,
    /// The name of the team he goes with.
    pub team: Option<String>,
    /// Names of those who go along; empty for one whom the register does not know any more.
    pub companions: Vec<String>,
    /// What it took over from.
    pub replaces: Option<Replaced>,
    pub line: CaseLine,
}

/// An assignment that another took over.
#[derive(Debug, Clone)]
pub struct Replaced {
    pub number: String,
    pub volunteer_label: String,
}

/// A page of assignments, the one that moved last first. No states means those under way.
///
/// # Errors
/// When the file cannot be read.
pub fn page(
    conn: &Connection,
    states: &[AssignmentState],
    volunteer_id: Option<Uuid>,
    after: Option<&str>,
    limit: u32,
) -> Result<Page<AssignmentLine>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.add("r.void_reason IS NULL");
    if !states.is_empty() {
        conditions.one_of(
            "r.state",
            states.iter().map(|state| state.code().to_string()),
        );
    } else if volunteer_id.is_none() {
        conditions.add(format!("r.state IN {ACTIVE}"));
    }
    if let Some(id) = volunteer_id {
        // Also what he went along to with his team.
        conditions.with(
            "r.pk IN (SELECT pk FROM assignment WHERE volunteer_id = ?
                UNION SELECT a.pk FROM assignment a CROSS JOIN json_each(a.companions) each
                WHERE a.companions <> '[]' AND a.void_reason IS NULL AND each.value = ?)",
            [id.to_string(), id.to_string()].map(Cell::Text),
        );
    }
    let sql = format!("SELECT count(*) FROM assignment r {}", conditions.sql());
    let total = conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(conditions.cells.iter()), |row| row.get(0))?;
    if let Some([at, pk]) = read_key(after) {
        conditions.with(
            "(r.state_since < ? OR (r.state_since = ? AND r.pk < ?))",
            [at, at, pk].map(Cell::Integer),
        );
    }
    conditions.cells.push(Cell::Integer(i64::from(limit)));
    let sql = format!(
        "SELECT r.id, r.pk, r.state_since FROM assignment r {} ORDER BY r.state_since DESC, r.pk DESC LIMIT ?",
        conditions.sql()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(conditions.cells))?;
    let (mut lines, mut key, mut seen) = (Vec::new(), None, 0);
    while let Some(row) = found.next()? {
        let id: String = row.get(0)?;
        let (pk, at): (i64, i64) = (row.get(1)?, row.get(2)?);
        key = Some(format!("{at}.{pk}"));
        seen += 1;
        lines.extend(line(conn, id.parse().map_err(|_| StoreError::Row("id"))?)?);
    }
    let next = key.filter(|_| seen == limit);
    Ok(Page {
        rows: lines,
        next,
        total,
    })
}

/// An assignment by id, with its case.
///
/// # Errors
/// When the file cannot be read.
pub fn line(conn: &Connection, id: Uuid) -> Result<Option<AssignmentLine>, StoreError> {
    let Some(assignment) = rows::get::<Assignment>(conn, id)? else {
        return Ok(None);
    };
    let Some(case) = cases::line(conn, assignment.case_id)? else {
        return Ok(None);
    };
    let need = rows::get::<Need>(conn, assignment.need_id)?.unwrap_or_default();
    Ok(Some(in_case(conn, assignment, need.kind, case)?))
}

/// The same where its case and the kind of its need are known.
///
/// # Errors
/// When the file cannot be read.
pub fn in_case(
    conn: &Connection,
    assignment: Assignment,
    need_kind: String,
    line: CaseLine,
) -> Result<AssignmentLine, StoreError> {
    let of = |id| rows::get::<Volunteer>(conn, id);
    let volunteer = of(assignment.volunteer_id)?;
    let team = match assignment.team_id {
        Some(team_id) => rows::get::<Team>(conn, team_id)?,
        None => None,
    };
    let along = assignment.who_go().skip(1).map(|id| {
        Ok(of(id)?
            .map(|volunteer| volunteer.full_name())
            .unwrap_or_default())
    });
    let replaces = match assignment.replaces_id {
        Some(id) => rows::get::<Assignment>(conn, id)?,
        None => None,
    };
    Ok(AssignmentLine {
        replaces: replaces.map(|before| Replaced {
            number: before.number,
            volunteer_label: before.volunteer_label,
        }),
        companions: along.collect::<Result<_, StoreError>>()?,
        team: team.map(|team| team.name),
        need_kind,
        volunteer_phone: volunteer.and_then(|volunteer| volunteer.phone),
        line,
        assignment,
    })
}

/// What a volunteer holds or is being asked for, each with its case.
///
/// # Errors
/// When the file cannot be read.
pub fn held_by(conn: &Connection, volunteer_id: Uuid) -> Result<Vec<AssignmentLine>, StoreError> {
    let sql = format!(
        "SELECT id FROM assignment WHERE volunteer_id = ?1 AND void_reason IS NULL AND state IN {ACTIVE} ORDER BY pk"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let ids = statement.query_map([volunteer_id.to_string()], |row| row.get::<_, String>(0))?;
    let mut lines = Vec::new();
    for id in ids {
        lines.extend(line(conn, id?.parse().map_err(|_| StoreError::Row("id"))?)?);
    }
    Ok(lines)
}

/// Assignments with a row after `after`, oldest first, each with its row.
///
/// # Errors
/// When the file cannot be read.
pub fn after(
    conn: &Connection,
    after: i64,
    limit: u32,
) -> Result<Vec<(i64, AssignmentLine)>, StoreError> {
    let mut lines = Vec::new();
    for (pk, id) in ids_after(conn, after, limit)? {
        lines.extend(line(conn, id)?.map(|line| (pk, line)));
    }
    Ok(lines)
}

fn ids_after(conn: &Connection, after: i64, limit: u32) -> Result<Vec<(i64, Uuid)>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT pk, id FROM assignment WHERE pk > ?1 AND void_reason IS NULL ORDER BY pk LIMIT ?2",
    )?;
    let ids = statement.query_map(params![after, limit], |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?))
    })?;
    ids.map(|row| {
        let (pk, id) = row?;
        Ok((pk, id.parse().map_err(|_| StoreError::Row("id"))?))
    })
    .collect()
}

/// How many assignments stand in these states.
///
/// # Errors
/// When the file cannot be read.
pub fn count_in(conn: &Connection, states: &[AssignmentState]) -> Result<i64, StoreError> {
    let mut total = 0;
    for state in states {
        let n: i64 = conn
            .prepare_cached(
                "SELECT count(*) FROM assignment WHERE state = ?1 AND void_reason IS NULL",
            )?
            .query_row(params![state.code()], |row| row.get(0))?;
        total += n;
    }
    Ok(total)
}
