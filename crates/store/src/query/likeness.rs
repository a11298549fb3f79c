//! Earlier cases that may be the one being keyed: phone first.

use rusqlite::{Connection, ToSql};
use uuid::Uuid;

use super::cases::{self, CaseLine};
use crate::StoreError;

/// What is known of a case that is being keyed.
#[derive(Debug, Clone, Default)]
pub struct Likeness {
    pub phone: Option<String>,
    pub citizen_id: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub house_no: Option<String>,
    pub area_code: Option<String>,
}

/// Earlier cases that may be the one being keyed, with the codes of why, likeliest first.
///
/// # Errors
/// When the file cannot be read.
pub fn like(
    conn: &Connection,
    likeness: &Likeness,
    limit: usize,
) -> Result<Vec<(CaseLine, Vec<&'static str>)>, StoreError> {
    let mut found: Vec<(Uuid, Vec<&'static str>)> = Vec::new();
    let mut note = |ids: Vec<Uuid>, why: &'static str| {
        for id in ids {
            match found.iter_mut().find(|(known, _)| *known == id) {
                Some((_, reasons)) => reasons.push(why),
                None => found.push((id, vec![why])),
            }
        }
    };
    if let Some(phone) = &likeness.phone {
        note(cases_where(conn, "p.phone = ?1", &[phone])?, "phone");
    }
    if let Some(citizen_id) = &likeness.citizen_id {
        note(
            cases_where(
                conn,
                "p.citizen_id = ?1 AND p.citizen_id_valid = 1",
                &[citizen_id],
            )?,
            "citizen_id",
        );
    }
    if let (Some(given), Some(family)) = (&likeness.given_name, &likeness.family_name) {
        note(
            cases_where(
                conn,
                "p.given_name = ?1 AND p.family_name = ?2",
                &[given, family],
            )?,
            "name",
        );
    }
    if let (Some(house), Some(area)) = (&likeness.house_no, &likeness.area_code) {
        note(
            cases_where(
                conn,
                "c.area_code = ?1 AND c.house_no = ?2 AND c.house_no <> ''",
                &[area, house],
            )?,
            "house",
        );
    }
    found.sort_by_key(|(_, reasons)| std::cmp::Reverse(reasons.len()));
    let mut likely = Vec::new();
    for (id, reasons) in found.into_iter().take(limit) {
        if let Some(line) = cases::line(conn, id)? {
            likely.push((line, reasons));
        }
    }
    Ok(likely)
}

fn cases_where(
    conn: &Connection,
    condition: &str,
    params: &[&dyn ToSql],
) -> Result<Vec<Uuid>, StoreError> {
    // Each branch begins at an index: of the person's phone, id or name, or of the case's area.
    let from = if condition.starts_with("p.") {
        "person p CROSS JOIN \"case\" c ON c.id = p.case_id"
    } else {
        "\"case\" c"
    };
    let sql = format!(
        "SELECT c.id FROM {from} WHERE {condition} AND c.void_reason IS NULL
         ORDER BY c.reported_at DESC LIMIT 10"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let ids = statement.query_map(params, |row| row.get::<_, String>(0))?;
    ids.map(|id| id?.parse().map_err(|_| StoreError::Row("id")))
        .collect()
}
