//! Points for the map.

use jitasa_domain::{CaseState, Urgency};
use rusqlite::{Connection, params_from_iter};
use uuid::Uuid;

use super::{
    Conditions,
    case_query::{CaseQuery, Way, conditions, source},
};
use crate::StoreError;

/// A case on the map.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    pub pk: i64,
    pub lat: f64,
    pub lon: f64,
    pub state: CaseState,
    pub urgency: Urgency,
}

/// Every case of the query that has a place, in no order. The query's box bounds it.
///
/// # Errors
/// When the file cannot be read.
pub fn points(conn: &Connection, query: &CaseQuery) -> Result<Vec<Point>, StoreError> {
    let (sql, conditions) = points_sql(query);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(conditions.cells))?;
    let mut points = Vec::new();
    while let Some(row) = found.next()? {
        let (state, urgency) = (row.get_ref(3)?, row.get_ref(4)?);
        points.push(Point {
            pk: row.get(0)?,
            lat: row.get(1)?,
            lon: row.get(2)?,
            state: CaseState::from_code(state.as_str().map_err(rusqlite::Error::from)?)
                .ok_or(StoreError::Row("case"))?,
            urgency: Urgency::from_code(urgency.as_str().map_err(rusqlite::Error::from)?)
                .ok_or(StoreError::Row("case"))?,
        });
    }
    Ok(points)
}

pub(super) fn points_sql(query: &CaseQuery) -> (String, Conditions) {
    let mut conditions = conditions(query, Way::Find);
    conditions.add("c.lat IS NOT NULL AND c.lon IS NOT NULL");
    let sql = format!(
        "SELECT c.pk, c.lat, c.lon, c.state, c.urgency FROM {} {}",
        source(query),
        conditions.sql()
    );
    (sql, conditions)
}

/// What a pin shows besides its place.
#[derive(Debug, Clone)]
pub struct PinDetail {
    pub pk: i64,
    pub id: Uuid,
    pub number: String,
    pub accuracy_m: Option<u32>,
    /// The kind of its first need that is not closed, else of its first.
    pub need_kind: String,
}

/// What single pins show.
///
/// # Errors
/// When the file cannot be read.
pub fn pin_details(conn: &Connection, pks: &[i64]) -> Result<Vec<PinDetail>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT c.id, c.number, c.accuracy_m,
            (SELECT n.kind FROM need n WHERE n.case_id = c.id AND n.void_reason IS NULL
             ORDER BY n.state = 'closed', n.pk LIMIT 1)
         FROM \"case\" c WHERE c.pk = ?1",
    )?;
    let mut details = Vec::with_capacity(pks.len());
    for pk in pks {
        details.push(statement.query_row([pk], |row| {
            let id: String = row.get(0)?;
            Ok(PinDetail {
                pk: *pk,
                id: id.parse().unwrap_or_default(),
                number: row.get(1)?,
                accuracy_m: row.get(2)?,
                need_kind: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
            })
        })?);
    }
    Ok(details)
}
