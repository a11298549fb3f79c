//! The register of volunteers.

use jitasa_domain::{Availability, Entity, Volunteer};
use jitasa_thai::search;
use rusqlite::{Connection, params_from_iter, types::Value as Cell};
use uuid::Uuid;

use super::{Conditions, Page};
use crate::{StoreError, rows};

/// Which volunteers.
#[derive(Debug, Clone, Default)]
pub struct VolunteerQuery {
    pub text: Option<String>,
    pub kinds: Vec<String>,
    /// Where they live or answer for.
    pub areas: Vec<String>,
    pub availability: Option<Availability>,
}

/// A volunteer with his load now.
#[derive(Debug, Clone)]
pub struct VolunteerLine {
    pub volunteer: Volunteer,
    pub version: i64,
    pub open_tasks: u32,
}

const LOAD: &str =
    "(SELECT count(*) FROM assignment a WHERE a.volunteer_id = v.id AND a.void_reason IS NULL
     AND a.state IN ('proposed', 'offered', 'accepted', 'en_route', 'on_site'))";

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
    let mut conditions = Conditions::default();
    conditions.add("v.void_reason IS NULL");
    if let Some(availability) = query.availability {
        conditions.with(
            "v.availability = ?",
            [Cell::Text(availability.code().into())],
        );
    }
    any_of_list(&mut conditions, "v.kinds", &query.kinds);
    if !query.areas.is_empty() {
        let mut live = Conditions::default();
        live.within("v.area_code", &query.areas);
        let mut patch = Conditions::default();
        any_of_list(&mut patch, "v.patch", &query.areas);
        let clause = format!("({} OR {})", live.clauses.join(""), patch.clauses.join(""));
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
    let sql = format!(
        "SELECT v.version, {LOAD}, {} FROM volunteer v {}
         ORDER BY v.given_name COLLATE thai, v.family_name COLLATE thai, v.pk LIMIT ?",
        rows::columns(Entity::Volunteer, "v"),
        conditions.sql()
    );
    let lines = lines(conn, &sql, params_from_iter(conditions.cells))?;
    let next = (lines.len() == limit as usize)
        .then(|| lines.last().map(|line| line.volunteer.id.to_string()))
        .flatten();
    Ok(Page {
        rows: lines,
        next,
        total,
    })
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

/// Everybody who can be asked today.
///
/// # Errors
/// When the file cannot be read.
pub fn available(conn: &Connection) -> Result<Vec<VolunteerLine>, StoreError> {
    let sql = format!(
        "SELECT v.version, {LOAD}, {} FROM volunteer v
         WHERE v.void_reason IS NULL AND v.availability = 'available'",
        rows::columns(Entity::Volunteer, "v")
    );
    lines(conn, &sql, [])
}
