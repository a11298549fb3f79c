//! The office's own lists: villages, incidents, kinds, service points.

use jitasa_domain::{Area, Incident, Kind, KindList, Rule, ServicePoint, rules::Rules};
use rusqlite::Connection;
use uuid::Uuid;

use crate::{StoreError, desk, rows};

/// Villages, by code; of one subdistrict when it is given.
///
/// # Errors
/// When the file cannot be read.
pub fn villages(conn: &Connection, within: Option<&str>) -> Result<Vec<Area>, StoreError> {
    let within = within.unwrap_or_default();
    rows::select(
        conn,
        "WHERE r.void_reason IS NULL AND r.code >= ?1 AND r.code < ?1 || ':' ORDER BY r.code",
        &[&within],
    )
}

/// A village by code.
///
/// # Errors
/// When the file cannot be read.
pub fn village(conn: &Connection, code: &str) -> Result<Option<Area>, StoreError> {
    Ok(rows::select(
        conn,
        "WHERE r.void_reason IS NULL AND r.code = ?1",
        &[&code],
    )?
    .pop())
}

/// Incidents, latest first.
///
/// # Errors
/// When the file cannot be read.
pub fn incidents(conn: &Connection) -> Result<Vec<Incident>, StoreError> {
    rows::select(conn, "WHERE r.void_reason IS NULL ORDER BY r.pk DESC", &[])
}

/// An incident.
///
/// # Errors
/// When the file cannot be read.
pub fn incident(conn: &Connection, id: Uuid) -> Result<Option<Incident>, StoreError> {
    rows::get(conn, id)
}

/// Entries of a list in the office's order.
///
/// # Errors
/// When the file cannot be read.
pub fn kinds(conn: &Connection, list: KindList) -> Result<Vec<Kind>, StoreError> {
    rows::select(
        conn,
        "WHERE r.void_reason IS NULL AND r.list = ?1 ORDER BY r.position, r.code",
        &[&list.code()],
    )
}

/// Service points.
///
/// # Errors
/// When the file cannot be read.
pub fn service_points(conn: &Connection) -> Result<Vec<ServicePoint>, StoreError> {
    rows::select(
        conn,
        "WHERE r.void_reason IS NULL ORDER BY r.kind, r.name COLLATE thai",
        &[],
    )
}

/// The rules in force at this desk's office.
///
/// # Errors
/// When the file cannot be read.
pub fn rules(conn: &Connection) -> Result<Rules, StoreError> {
    let office = desk::office_code(conn)?;
    let own: Vec<Rule> = rows::select(
        conn,
        "WHERE r.void_reason IS NULL AND r.office_code = ?1",
        &[&office],
    )?;
    Ok(Rules::new(
        own.into_iter().map(|rule| (rule.code, rule.value)),
    ))
}
