//! Counts for วันนี้ and the situation report.

use jitasa_domain::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::StoreError;

/// A line of figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub code: String,
    pub total: i64,
    pub open: i64,
    pub met: i64,
}

fn one(conn: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<i64, StoreError> {
    Ok(conn
        .prepare_cached(sql)?
        .query_row(params, |row| row.get(0))?)
}

/// Cases reported in a span.
///
/// # Errors
/// When the file cannot be read.
pub fn new_cases(
    conn: &Connection,
    incident: Option<Uuid>,
    from: Timestamp,
    to: Timestamp,
) -> Result<i64, StoreError> {
    one(
        conn,
        "SELECT count(*) FROM \"case\" WHERE void_reason IS NULL AND reported_at >= ?1 AND reported_at < ?2
         AND (?3 IS NULL OR incident_id = ?3)",
        params![from.0, to.0, key(incident)],
    )
}

/// Needs that were met in a span.
///
/// # Errors
/// When the file cannot be read.
pub fn met_needs(
    conn: &Connection,
    incident: Option<Uuid>,
    from: Timestamp,
    to: Timestamp,
) -> Result<i64, StoreError> {
    let Some(incident) = incident else {
        // The first screen asks this one, and the index alone answers: the needs of a void case are void.
        return one(
            conn,
            "SELECT count(*) FROM need INDEXED BY need_met
             WHERE void_reason IS NULL AND state_since >= ?1 AND state_since < ?2
             AND (state = 'met' OR (state = 'closed' AND closing_reason = 'met'))",
            params![from.0, to.0],
        );
    };
    one(
        conn,
        "SELECT count(*) FROM need n INDEXED BY need_met JOIN \"case\" c ON c.id = n.case_id
         WHERE n.void_reason IS NULL AND c.void_reason IS NULL
         AND n.state_since >= ?1 AND n.state_since < ?2
         AND (n.state = 'met' OR (n.state = 'closed' AND n.closing_reason = 'met'))
         AND c.incident_id = ?3",
        params![from.0, to.0, incident.to_string()],
    )
}

/// People in cases of a span.
///
/// # Errors
/// When the file cannot be read.
pub fn people(conn: &Connection, incident: Option<Uuid>, to: Timestamp) -> Result<i64, StoreError> {
    one(
        conn,
        "SELECT coalesce(sum(people_count), 0) FROM \"case\" WHERE void_reason IS NULL AND +reported_at < ?1
         AND (?2 IS NULL OR incident_id = ?2)",
        params![to.0, key(incident)],
    )
}

/// Figures of one incident; of all when none is given, so that one flood is not mixed with the next.
fn key(incident: Option<Uuid>) -> Option<String> {
    incident.map(|id| id.to_string())
}

fn figures(
    conn: &Connection,
    sql: &str,
    incident: Option<Uuid>,
    to: Timestamp,
) -> Result<Vec<Figure>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map(params![to.0, key(incident)], |row| {
        Ok(Figure {
            code: row.get(0)?,
            total: row.get(1)?,
            open: row.get(2)?,
            met: row.get(3)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Needs by kind, of cases reported before a moment.
///
/// # Errors
/// When the file cannot be read.
pub fn needs_by_kind(
    conn: &Connection,
    incident: Option<Uuid>,
    to: Timestamp,
) -> Result<Vec<Figure>, StoreError> {
    figures(
        conn,
        "SELECT n.kind, count(*), sum(n.state NOT IN ('met', 'closed')),
            sum(n.state = 'met' OR (n.state = 'closed' AND n.closing_reason = 'met'))
         FROM need n CROSS JOIN \"case\" c ON c.id = n.case_id
         WHERE n.void_reason IS NULL AND c.void_reason IS NULL AND c.reported_at < ?1
         AND (?2 IS NULL OR c.incident_id = ?2)
         GROUP BY +n.kind ORDER BY 2 DESC",
        incident,
        to,
    )
}

/// Cases by village.
///
/// # Errors
/// When the file cannot be read.
pub fn cases_by_area(
    conn: &Connection,
    incident: Option<Uuid>,
    to: Timestamp,
) -> Result<Vec<Figure>, StoreError> {
    figures(conn, &cases_by("area_code"), incident, to)
}

/// Cases by urgency.
///
/// # Errors
/// When the file cannot be read.
pub fn cases_by_urgency(
    conn: &Connection,
    incident: Option<Uuid>,
    to: Timestamp,
) -> Result<Vec<Figure>, StoreError> {
    figures(conn, &cases_by("urgency"), incident, to)
}

/// Cases by state.
///
/// # Errors
/// When the file cannot be read.
pub fn cases_by_state(
    conn: &Connection,
    incident: Option<Uuid>,
    to: Timestamp,
) -> Result<Vec<Figure>, StoreError> {
    figures(conn, &cases_by("state"), incident, to)
}

fn cases_by(column: &str) -> String {
    // With a `+` the rows are read as they lie: by an index nearly each would be a page of its own.
    format!(
        "SELECT {column}, count(*), sum(state NOT IN ('met', 'closed')),
            sum(state = 'met' OR (state = 'closed' AND EXISTS (SELECT 1 FROM need n
                WHERE n.case_id = c.id AND n.void_reason IS NULL AND n.closing_reason = 'met')))
         FROM \"case\" c WHERE void_reason IS NULL AND +reported_at < ?1
         AND (?2 IS NULL OR incident_id = ?2)
         GROUP BY +{column} ORDER BY +{column}"
    )
}
