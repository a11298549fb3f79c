//! Tasks that were taken and do not go on: whoever took them is not there, or has not begun.

use jitasa_domain::{
    Assignment, AssignmentState, HeldUp, Timestamp, Urgency, Volunteer, rules::Rules,
};
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::StoreError;

/// All of them, the most urgent first and of these the one that has stood longest.
///
/// # Errors
/// When the file cannot be read.
pub fn all(
    conn: &Connection,
    now: Timestamp,
    rules: &Rules,
) -> Result<Vec<(Uuid, HeldUp)>, StoreError> {
    // Generously: leave and limits are the domain's to judge.
    let mut statement = conn.prepare_cached(
        "SELECT a.id, a.state, a.state_since, c.urgency, v.availability, v.away_from, v.away_until
         FROM assignment a CROSS JOIN volunteer v ON v.id = a.volunteer_id
            CROSS JOIN \"case\" c ON c.id = a.case_id
         WHERE a.state IN ('accepted', 'en_route', 'on_site') AND a.void_reason IS NULL
            AND (a.state = 'accepted' OR v.availability <> 'available')
         ORDER BY c.urgency_rank, a.state_since, a.pk",
    )?;
    let mut found = statement.query(params![])?;
    let mut held_up = Vec::new();
    while let Some(row) = found.next()? {
        let text = |index: usize| -> Result<String, StoreError> {
            Ok(row.get::<_, Option<String>>(index)?.unwrap_or_default())
        };
        let holder = Volunteer {
            availability: jitasa_domain::Availability::from_code(&text(4)?)
                .ok_or(StoreError::Row("volunteer"))?,
            away_from: text(5)?.parse().ok(),
            away_until: text(6)?.parse().ok(),
            ..Volunteer::default()
        };
        let assignment = Assignment {
            state: AssignmentState::from_code(&text(1)?).ok_or(StoreError::Row("assignment"))?,
            state_since: Timestamp(row.get(2)?),
            ..Assignment::default()
        };
        let urgency = Urgency::from_code(&text(3)?).unwrap_or_default();
        if let Some(why) = assignment.held_up(&holder, urgency, now, rules) {
            let id = text(0)?.parse().map_err(|_| StoreError::Row("id"))?;
            held_up.push((id, why));
        }
    }
    Ok(held_up)
}
