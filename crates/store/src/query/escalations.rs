//! Cases that have waited too long: which fall due by the clock, and which were taken further.
//!
//! What is due is found by indexes over the moments that `derive` keeps, urgency by urgency, so that a
//! desk with tens of thousands of open cases pays nothing for those that are in time.

use jitasa_domain::{
    Escalation, FollowUp, Rule, Timestamp, Urgency,
    care::{self, Due, EscalationReason, Quiet},
    permission::office_covers,
    rules::Rules,
};
use rusqlite::{Connection, OptionalExtension, params, params_from_iter, types::Value as Cell};
use uuid::Uuid;

use super::{
    Conditions,
    cases::{self, CaseLine},
};
use crate::{StoreError, derive, rows};

/// A case and how far it should have been taken by now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseDue {
    pub case_id: Uuid,
    pub due: Due,
}

/// Cases of an office (of all offices under it, for a district) that should have been taken further by
/// now, by the rules of the office that answers for each: the most pressing first, at most `limit`.
///
/// # Errors
/// When the file cannot be read.
pub fn due(
    conn: &Connection,
    office_code: &str,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<CaseDue>, StoreError> {
    let mut found = Vec::new();
    for office in offices(conn, office_code)? {
        let rules = rules_of(conn, &office)?;
        for id in candidates(conn, &office, now, &rules, limit)? {
            if found.len() >= limit {
                return Ok(found);
            }
            let Some(Standing {
                quiet,
                urgency,
                to,
                reason,
            }) = standing(conn, id)?
            else {
                continue;
            };
            if let Some(due) = care::due(&quiet, urgency, now, &rules)
                && let Some(due) = care::told_anew(to, reason, due)
                && !found.iter().any(|each: &CaseDue| each.case_id == id)
            {
                found.push(CaseDue { case_id: id, due });
            }
        }
    }
    Ok(found)
}

/// The rules of an office whose cases are at this desk.
///
/// # Errors
/// When the file cannot be read.
pub fn rules_of(conn: &Connection, office_code: &str) -> Result<Rules, StoreError> {
    let own: Vec<Rule> = rows::select(
        conn,
        "WHERE r.void_reason IS NULL AND r.office_code = ?1",
        &[&office_code],
    )?;
    Ok(Rules::new(
        own.into_iter().map(|rule| (rule.code, rule.value)),
    ))
}

/// Offices with open cases that an office answers for or watches over: the index is leapt through, one
/// step an office.
fn offices(conn: &Connection, office_code: &str) -> Result<Vec<String>, StoreError> {
    let mut all = Vec::new();
    for (index, has) in [
        ("case_waits", "waits_since"),
        ("case_follow_due", "follow_due"),
    ] {
        let sql = format!(
            "SELECT office_code FROM \"case\" INDEXED BY {index} WHERE void_reason IS NULL AND is_open = 1
             AND {has} IS NOT NULL AND office_code > ?1 ORDER BY office_code LIMIT 1"
        );
        // The first one that is not before the office's own code.
        let mut at = office_code
            .get(..office_code.len().saturating_sub(1))
            .unwrap_or_default()
            .to_string();
        while let Some(next) = conn
            .prepare_cached(&sql)?
            .query_row([&at], |row| row.get::<_, String>(0))
            .optional()?
        {
            if office_covers(office_code, &next) && !all.contains(&next) {
                all.push(next.clone());
            } else if next.as_str() > office_code && !office_covers(office_code, &next) {
                break;
            }
            at = next;
        }
    }
    all.sort_unstable();
    Ok(all)
}

/// Cases that an index says may be due.
fn candidates(
    conn: &Connection,
    office: &str,
    now: Timestamp,
    rules: &Rules,
    limit: usize,
) -> Result<Vec<Uuid>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    let mut take = |sql: &str, params: &[&dyn rusqlite::ToSql]| -> Result<(), StoreError> {
        let mut statement = conn.prepare_cached(sql)?;
        let ids = statement.query_map(params, |row| row.get::<_, String>(0))?;
        for id in ids {
            found.push(id?.parse().map_err(|_| StoreError::Row("id"))?);
        }
        Ok(())
    };
    for urgency in Urgency::ALL.iter().rev() {
        let rank = derive::urgency_rank(*urgency);
        for to in [Escalation::District, Escalation::Supervisor] {
            let Some(patience) = care::patience_ms(to, *urgency, rules) else {
                continue;
            };
            let since = now.0.saturating_sub(patience);
            for from in Escalation::ALL.iter().filter(|from| **from < to) {
                take(
                    "SELECT id FROM \"case\" INDEXED BY case_waits WHERE void_reason IS NULL AND is_open = 1
                     AND waits_since IS NOT NULL AND office_code = ?1 AND escalation = ?2
                     AND urgency_rank = ?3 AND waits_since <= ?4 ORDER BY waits_since LIMIT ?5",
                    &[&office, &from.code(), &rank, &since, &limit],
                )?;
            }
        }
        // Told of a date nobody kept, and now nobody goes, either.
        let since = now.0 - care::patience_ms(Escalation::Supervisor, *urgency, rules).unwrap_or(0);
        for at in [Escalation::District, Escalation::Supervisor] {
            take(
                "SELECT id FROM \"case\" INDEXED BY case_waits WHERE void_reason IS NULL AND is_open = 1
                 AND waits_since IS NOT NULL AND office_code = ?1 AND escalation = ?2
                 AND urgency_rank = ?3 AND waits_since <= ?4 AND escalation_reason = 'follow_up_overdue'
                 ORDER BY waits_since LIMIT ?5",
                &[&office, &at.code(), &rank, &since, &limit],
            )?;
        }
        // What nobody has taken note of when the district's patience is over.
        let since =
            now.plus_ms(-care::patience_ms(Escalation::District, *urgency, rules).unwrap_or(0));
        take(
            "SELECT id FROM \"case\" INDEXED BY case_not_come WHERE void_reason IS NULL AND is_open = 1
             AND not_come_at IS NOT NULL AND escalation = 'supervisor' AND not_come_at <= ?1
             AND escalation_seen_at IS NULL AND office_code = ?2 AND urgency_rank = ?3 LIMIT ?4",
            &[&since.0, &office, &rank, &limit],
        )?;
        let overdue = care::overdue_by(since.date(), rules).to_string();
        take(
            "SELECT id FROM \"case\" INDEXED BY case_follow_due WHERE void_reason IS NULL AND is_open = 1
             AND follow_due IS NOT NULL AND office_code = ?1 AND escalation = 'supervisor' AND follow_due <= ?2
             AND escalation_seen_at IS NULL AND urgency_rank = ?3 ORDER BY follow_due LIMIT ?4",
            &[&office, &overdue, &rank, &limit],
        )?;
    }
    take(
        "SELECT id FROM \"case\" INDEXED BY case_not_come WHERE void_reason IS NULL AND is_open = 1
         AND not_come_at IS NOT NULL AND escalation IN ('none', 'supervisor', 'district')
         AND not_come_at <= ?1 AND escalation_reason IS NOT 'help_not_come' AND office_code = ?2 LIMIT ?3",
        &[&now.0, &office, &limit],
    )?;
    let overdue = care::overdue_by(now.date(), rules).to_string();
    take(
        "SELECT id FROM \"case\" INDEXED BY case_follow_due WHERE void_reason IS NULL AND is_open = 1
         AND follow_due IS NOT NULL AND office_code = ?1 AND escalation = 'none' AND follow_due <= ?2
         ORDER BY follow_due LIMIT ?3",
        &[&office, &overdue, &limit],
    )?;
    Ok(found)
}

/// How quiet it has been about a case, how urgent it is, how far it was taken and why.
pub(crate) struct Standing {
    pub(crate) quiet: Quiet,
    pub(crate) urgency: Urgency,
    pub(crate) to: Escalation,
    pub(crate) reason: Option<EscalationReason>,
}

/// Where a case stands; `None` when it is closed or no longer counts.
pub(crate) fn standing(conn: &Connection, case_id: Uuid) -> Result<Option<Standing>, StoreError> {
    let found = conn
        .prepare_cached(
            "SELECT waits_since, follow_due, not_come_at, urgency, escalation, NOT EXISTS (
                SELECT 1 FROM need n WHERE n.case_id = ?1 AND n.void_reason IS NULL
                AND n.state IN ('open', 'partly_met')), escalation_reason, escalation_seen_at IS NOT NULL
             FROM \"case\" WHERE id = ?1 AND void_reason IS NULL AND is_open = 1",
        )?
        .query_row([case_id.to_string()], |row| {
            let reason: Option<String> = row.get(6)?;
            let reason = reason.as_deref().and_then(EscalationReason::from_code);
            let quiet = Quiet {
                waiting_since: row.get::<_, Option<i64>>(0)?.map(Timestamp),
                unverified: row.get(5)?,
                follow_up_due: row
                    .get::<_, Option<String>>(1)?
                    .and_then(|date| date.parse().ok()),
                not_come_at: row.get::<_, Option<i64>>(2)?.map(Timestamp),
                noted: reason.filter(|_| row.get(7).unwrap_or(false)),
            };
            let (urgency, to): (String, String) = (row.get(3)?, row.get(4)?);
            Ok(Standing {
                quiet,
                urgency: Urgency::from_code(&urgency).unwrap_or_default(),
                to: Escalation::from_code(&to).unwrap_or_default(),
                reason,
            })
        })
        .optional()?;
    Ok(found)
}

/// Which of the cases that were taken further somebody is to see: his office's own, and, for a district,
/// those that offices under it could not help themselves with.
fn to_see(office_code: &str, villages: Option<&[String]>) -> Conditions {
    let mut conditions = Conditions::default();
    conditions.add("c.void_reason IS NULL AND c.is_open = 1 AND c.escalation <> 'none'");
    conditions.with(
        "(c.office_code = ? OR c.escalation = 'district')",
        [Cell::Text(office_code.into())],
    );
    if let Some(villages) = villages {
        conditions.only(villages);
    }
    conditions
}

/// Cases that were taken further: those nobody has taken note of first, the farthest taken, the most
/// urgent, the longest.
///
/// # Errors
/// When the file cannot be read.
pub fn taken_further(
    conn: &Connection,
    office_code: &str,
    villages: Option<&[String]>,
    limit: u32,
) -> Result<Vec<CaseLine>, StoreError> {
    let mut conditions = to_see(office_code, villages);
    conditions.cells.push(Cell::Integer(i64::from(limit)));
    let sql = format!(
        "SELECT c.id FROM \"case\" c INDEXED BY case_escalated {}
         ORDER BY c.escalation_seen_at IS NOT NULL, c.escalation, c.urgency_rank, c.escalated_at, c.pk LIMIT ?",
        conditions.sql()
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let ids = statement.query_map(params_from_iter(conditions.cells), |row| {
        row.get::<_, String>(0)
    })?;
    let mut lines = Vec::new();
    for id in ids {
        let id = id?.parse().map_err(|_| StoreError::Row("id"))?;
        lines.extend(cases::line(conn, id)?);
    }
    Ok(lines)
}

/// How many were taken further, and how many of these nobody has taken note of.
///
/// # Errors
/// When the file cannot be read.
pub fn count(
    conn: &Connection,
    office_code: &str,
    villages: Option<&[String]>,
) -> Result<(i64, i64), StoreError> {
    let conditions = to_see(office_code, villages);
    let sql = format!(
        "SELECT count(*), coalesce(sum(c.escalation_seen_at IS NULL), 0)
         FROM \"case\" c INDEXED BY case_escalated {}",
        conditions.sql()
    );
    Ok(conn
        .prepare_cached(&sql)?
        .query_row(params_from_iter(conditions.cells), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?)
}

/// Offers whose time is over, and those whose time is over by another moment.
///
/// # Errors
/// When the file cannot be read.
pub fn offers_expired(conn: &Connection, by: Timestamp) -> Result<i64, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM assignment INDEXED BY assignment_expires
             WHERE state = 'offered' AND void_reason IS NULL AND expires_at <= ?1",
        )?
        .query_row(params![by.0], |row| row.get(0))?)
}

/// The open follow-ups of a case, earliest first.
pub(crate) fn open_follow_ups(
    conn: &Connection,
    case_id: Uuid,
) -> Result<Vec<FollowUp>, StoreError> {
    rows::select(
        conn,
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL AND r.done_at IS NULL ORDER BY r.due_on, r.pk",
        &[&case_id.to_string()],
    )
}
