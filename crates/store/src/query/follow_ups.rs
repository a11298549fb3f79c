//! Dates on which somebody must look again.

use jiff::civil::Date;
use jitasa_domain::FollowUp;
use rusqlite::{Connection, params_from_iter, types::Value as Cell};

use super::{
    Conditions,
    cases::{self, CaseLine},
};
use crate::{StoreError, rows};

/// A follow-up with its case.
#[derive(Debug, Clone)]
pub struct DueFollowUp {
    pub follow_up: FollowUp,
    pub line: CaseLine,
}

/// Which follow-ups are not yet done: due by a day, in these villages.
fn conditions(due_by: Option<Date>, villages: Option<&[String]>) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.add("r.done_at IS NULL AND r.void_reason IS NULL");
    let by = due_by.map_or_else(|| "9999-12-31".to_string(), |date| date.to_string());
    conditions.with("r.due_on <= ?", [Cell::Text(by)]);
    if let Some(villages) = villages {
        let mut own = Conditions::default();
        own.add("c.id = r.case_id");
        own.only(villages);
        conditions.with(
            format!("EXISTS (SELECT 1 FROM \"case\" c {})", own.sql()),
            own.cells,
        );
    }
    conditions
}

/// Follow-ups not yet done, earliest first, of one day the most urgent first.
///
/// # Errors
/// When the file cannot be read.
pub fn due_follow_ups(
    conn: &Connection,
    due_by: Option<Date>,
    villages: Option<&[String]>,
    limit: u32,
) -> Result<Vec<DueFollowUp>, StoreError> {
    let mut conditions = conditions(due_by, villages);
    conditions.cells.push(Cell::Integer(i64::from(limit)));
    let due = rows::select::<FollowUp>(
        conn,
        &format!(
            "INDEXED BY follow_up_due {} ORDER BY r.due_on, r.pk LIMIT ?",
            conditions.sql()
        ),
        &conditions
            .cells
            .iter()
            .map(|cell| cell as &dyn rusqlite::ToSql)
            .collect::<Vec<_>>(),
    )?;
    let mut found = Vec::new();
    for follow_up in due {
        if let Some(line) = cases::line(conn, follow_up.case_id)? {
            found.push(DueFollowUp { follow_up, line });
        }
    }
    found.sort_by_key(|due| {
        let urgency = due.line.case.urgency;
        (due.follow_up.due_on, std::cmp::Reverse(urgency))
    });
    Ok(found)
}

/// How many follow-ups are not yet done and due by a day.
///
/// # Errors
/// When the file cannot be read.
pub fn count(
    conn: &Connection,
    due_by: Option<Date>,
    villages: Option<&[String]>,
) -> Result<i64, StoreError> {
    let conditions = conditions(due_by, villages);
    let sql = format!(
        "SELECT count(*) FROM follow_up r INDEXED BY follow_up_due {}",
        conditions.sql()
    );
    Ok(conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(conditions.cells), |row| row.get(0))?)
}
