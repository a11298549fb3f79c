//! Dates on which somebody must look again.

use super::cases;
use crate::{StoreError, rows};
use jitasa_domain::FollowUp;
use rusqlite::Connection;

/// A follow-up with its case.
#[derive(Debug, Clone)]
pub struct DueFollowUp {
    pub follow_up: FollowUp,
    pub case_number: String,
    pub name: String,
}

/// Follow-ups not yet done, earliest first.
///
/// # Errors
/// When the file cannot be read.
pub fn due_follow_ups(
    conn: &Connection,
    due_by: Option<jiff::civil::Date>,
    limit: u32,
) -> Result<Vec<DueFollowUp>, StoreError> {
    let by = due_by.map_or_else(|| "9999-12-31".to_string(), |date| date.to_string());
    let due = rows::select::<FollowUp>(
        conn,
        "WHERE r.done_at IS NULL AND r.void_reason IS NULL AND r.due_on <= ?1
         ORDER BY r.due_on, r.pk LIMIT ?2",
        &[&by, &limit],
    )?;
    let mut found = Vec::new();
    for follow_up in due {
        if let Some(line) = cases::line(conn, follow_up.case_id)? {
            found.push(DueFollowUp {
                follow_up,
                case_number: line.case.number.clone(),
                name: line.person.full_name(),
            });
        }
    }
    Ok(found)
}
