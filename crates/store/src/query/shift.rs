//! What happened since somebody last looked, for the page a shift hands over with.

use jitasa_domain::{Actor, AssignmentState, CaseState, FollowUp, ReviewState, Timestamp, Urgency};
use rusqlite::{Connection, params, params_from_iter, types::Value as Cell};
use uuid::Uuid;

use super::{
    Conditions,
    cases::{self, CaseLine},
};
use crate::{StoreError, desk, rows};

/// What somebody may see, and since when he has not looked.
#[derive(Debug, Clone, Copy)]
pub struct Span<'a> {
    pub since: Timestamp,
    pub until: Timestamp,
    /// A headman's villages; `None` is the whole office.
    pub villages: Option<&'a [String]>,
}

impl Span<'_> {
    /// Cases that count, in his villages.
    fn cases(&self) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.add("c.void_reason IS NULL");
        if let Some(villages) = self.villages {
            conditions.only(villages);
        }
        conditions
    }
}

/// Some cases of a list, each with a moment and a remark, and how many there are in all.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    pub total: i64,
    pub lines: Vec<(CaseLine, Option<Timestamp>, Option<String>)>,
}

/// What was taken back has not happened, nor has the taking back.
const STANDS: &str = "a.action <> 'undo'
     AND NOT EXISTS (SELECT 1 FROM act WHERE act.act_id = a.act_id AND act.undone = 1)";

/// How many cases (or other records) each kind of act was about, by its code.
///
/// # Errors
/// When the file cannot be read.
pub fn done(conn: &Connection, span: &Span) -> Result<Vec<(String, i64)>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.with(
        "a.at >= ? AND a.at < ?",
        [span.since.0, span.until.0].map(Cell::Integer),
    );
    conditions.add(STANDS);
    if let Some(villages) = span.villages {
        let mut own = Conditions::default();
        own.add("c.id = a.case_id");
        own.only(villages);
        conditions.with(
            format!("EXISTS (SELECT 1 FROM \"case\" c {})", own.sql()),
            own.cells,
        );
    }
    let sql = format!(
        "SELECT a.action, count(DISTINCT coalesce(a.case_id, a.entity_id)) FROM audit a INDEXED BY audit_at {}
         GROUP BY a.action ORDER BY 2 DESC, 1",
        conditions.sql()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(conditions.cells), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Assignments that came into a state within the span and still stand there.
///
/// # Errors
/// When the file cannot be read.
pub fn came_to(
    conn: &Connection,
    span: &Span,
    states: &[AssignmentState],
) -> Result<i64, StoreError> {
    let conditions = moved(span, states);
    let sql = format!(
        "SELECT count(*) FROM assignment a JOIN \"case\" c ON c.id = a.case_id {}",
        conditions.sql()
    );
    Ok(conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(conditions.cells), |row| row.get(0))?)
}

fn moved(span: &Span, states: &[AssignmentState]) -> Conditions {
    let mut conditions = span.cases();
    conditions.add("a.void_reason IS NULL");
    conditions.one_of("a.state", states.iter().map(|state| state.code().into()));
    conditions.with(
        "a.state_since >= ? AND a.state_since < ?",
        [span.since.0, span.until.0].map(Cell::Integer),
    );
    conditions
}

/// Cases in danger of life that were reported in the span and are open.
///
/// # Errors
/// When the file cannot be read.
pub fn critical_new(conn: &Connection, span: &Span, limit: u32) -> Result<Listed, StoreError> {
    let mut conditions = span.cases();
    conditions.with(
        "c.is_open = 1 AND c.reported_at >= ? AND c.reported_at < ?",
        [span.since.0, span.until.0].map(Cell::Integer),
    );
    conditions.with(
        "+c.urgency = ?",
        [Cell::Text(Urgency::Critical.code().into())],
    );
    listed(
        conn,
        "\"case\" c INDEXED BY case_open_newest",
        conditions,
        "c.id, c.reported_at, NULL",
        "c.reported_at",
        limit,
    )
}

/// Open cases without hands, the most urgent and longest waiting first, each with since when.
///
/// # Errors
/// When the file cannot be read.
pub fn waiting_longest(conn: &Connection, span: &Span, limit: u32) -> Result<Listed, StoreError> {
    let mut conditions = span.cases();
    conditions.add("c.is_open = 1 AND c.waits_since IS NOT NULL");
    let waiting = [CaseState::Reported, CaseState::Open];
    conditions.one_of("+c.state", waiting.iter().map(|state| state.code().into()));
    listed(
        conn,
        "\"case\" c INDEXED BY case_open_waiting",
        conditions,
        "c.id, c.waits_since, NULL",
        "c.urgency_rank, c.reported_at, c.pk",
        limit,
    )
}

/// Offers nobody has answered, the one that runs out first first: when it does, and who was asked.
///
/// # Errors
/// When the file cannot be read.
pub fn offers_unanswered(conn: &Connection, span: &Span, limit: u32) -> Result<Listed, StoreError> {
    let mut conditions = span.cases();
    conditions.add("a.void_reason IS NULL AND a.state = 'offered'");
    listed(
        conn,
        "assignment a JOIN \"case\" c ON c.id = a.case_id",
        conditions,
        "c.id, a.expires_at, a.volunteer_label",
        "a.expires_at IS NULL, a.expires_at, a.pk",
        limit,
    )
}

/// Assignments that came to nothing in the span while their need still waits: when, who, and why.
///
/// # Errors
/// When the file cannot be read.
pub fn come_to_nothing(conn: &Connection, span: &Span, limit: u32) -> Result<Listed, StoreError> {
    use AssignmentState as S;
    let mut conditions = moved(span, &[S::Declined, S::Expired, S::Failed]);
    conditions.add(
        "EXISTS (SELECT 1 FROM need n WHERE n.id = a.need_id AND n.void_reason IS NULL
         AND n.state IN ('reported', 'verifying', 'open', 'partly_met'))",
    );
    listed(
        conn,
        "assignment a JOIN \"case\" c ON c.id = a.case_id",
        conditions,
        "c.id, a.state_since, a.volunteer_label || coalesce(': ' || a.reason, '')",
        "c.urgency_rank, a.state_since, a.pk",
        limit,
    )
}

/// Open cases the headman sent back, the most urgent and longest waiting first, each with his last word and when.
///
/// # Errors
/// When the file cannot be read.
pub fn sent_back(conn: &Connection, span: &Span, limit: u32) -> Result<Listed, StoreError> {
    let mut conditions = span.cases();
    conditions.add("c.is_open = 1");
    conditions.one_of(
        "c.review_state",
        ReviewState::SENT_BACK.map(|state| state.code().into()),
    );
    let his_last = |column: &str| {
        format!(
            "(SELECT r.{column} FROM review r WHERE r.case_id = c.id AND r.assignment_id IS NULL
              AND r.void_reason IS NULL ORDER BY r.reviewed_at DESC, r.pk DESC LIMIT 1)"
        )
    };
    listed(
        conn,
        "\"case\" c INDEXED BY case_review",
        conditions,
        &format!("c.id, {}, {}", his_last("reviewed_at"), his_last("reason")),
        "c.urgency_rank, c.reported_at, c.pk",
        limit,
    )
}

/// What people wrote down in the span for whoever comes next: dates they set, and what they heard.
///
/// # Errors
/// When the file cannot be read.
pub fn notes(conn: &Connection, span: &Span, limit: u32) -> Result<Listed, StoreError> {
    let mut found = Listed::default();
    let span_of = [span.since.0, span.until.0];
    let set = rows::select::<FollowUp>(
        conn,
        "INDEXED BY follow_up_by_person WHERE r.by_rule = 0 AND r.void_reason IS NULL
         AND r.created_at >= ?1 AND r.created_at < ?2 AND r.note <> '' ORDER BY r.created_at",
        &[&span_of[0], &span_of[1]],
    )?;
    let done = rows::select::<FollowUp>(
        conn,
        "INDEXED BY follow_up_done WHERE r.done_at >= ?1 AND r.done_at < ?2
         AND r.void_reason IS NULL AND r.outcome <> '' ORDER BY r.done_at",
        &[&span_of[0], &span_of[1]],
    )?;
    let set = set
        .into_iter()
        .map(|each| (each.case_id, each.created_at, Some(each.note)));
    let done = done
        .into_iter()
        .filter_map(|each| Some((each.case_id, each.done_at?, each.outcome)));
    let mut all: Vec<(Uuid, Timestamp, Option<String>)> = set.chain(done).collect();
    all.sort_by_key(|(_, at, _)| std::cmp::Reverse(*at));
    for (case_id, at, note) in all {
        let Some(line) = cases::line(conn, case_id)? else {
            continue;
        };
        let his = span
            .villages
            .is_none_or(|villages| villages.contains(&line.case.area_code));
        if his {
            found.total += 1;
            if found.lines.len() < limit as usize {
                found.lines.push((line, Some(at), note));
            }
        }
    }
    Ok(found)
}

fn listed(
    conn: &Connection,
    from: &str,
    mut conditions: Conditions,
    columns: &str,
    order: &str,
    limit: u32,
) -> Result<Listed, StoreError> {
    let sql = format!("SELECT count(*) FROM {from} {}", conditions.sql());
    let total = conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(conditions.cells.iter()), |row| row.get(0))?;
    conditions.cells.push(Cell::Integer(i64::from(limit)));
    let sql = format!(
        "SELECT {columns} FROM {from} {} ORDER BY {order} LIMIT ?",
        conditions.sql()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(conditions.cells))?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let id = id.parse().map_err(|_| StoreError::Row("id"))?;
        let (at, note) = (row.get::<_, Option<i64>>(1)?, row.get(2)?);
        if let Some(line) = cases::line(conn, id)? {
            lines.push((line, at.map(Timestamp), note));
        }
    }
    Ok(Listed { total, lines })
}

/// Counted no further: more than this is "very much".
pub const CHANGED_MAX: i64 = 1_000;

/// How many cases others did something with since a moment; one more than [`CHANGED_MAX`] is more than that. The
/// clock is nobody, and what was taken back has not happened.
///
/// # Errors
/// When the file cannot be read.
pub fn changed_by_others(
    conn: &Connection,
    actor_id: Uuid,
    since: Timestamp,
) -> Result<i64, StoreError> {
    Ok(conn
        .prepare_cached(
            &format!(
                "SELECT count(*) FROM (SELECT DISTINCT a.case_id FROM audit a INDEXED BY audit_actor
                 WHERE a.at > ?1 AND a.actor_id NOT IN (?2, ?3) AND a.case_id IS NOT NULL AND {STANDS} LIMIT ?4)"
            ),
        )?
        .query_row(
            params![
                since.0,
                actor_id.to_string(),
                Actor::timekeeper("").id.to_string(),
                CHANGED_MAX + 1
            ],
            |row| row.get(0),
        )?)
}

/// Up to when somebody has read the page.
///
/// # Errors
/// When the file cannot be read.
pub fn looked_at(conn: &Connection, actor_id: Uuid) -> Result<Option<Timestamp>, StoreError> {
    let text = desk::get_meta(conn, &format!("looked.{actor_id}"))?;
    Ok(text.and_then(|text| text.parse().ok()).map(Timestamp))
}
