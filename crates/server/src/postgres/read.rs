//! Pages of feeds and scopes, and sums.

use jitasa_domain::Timestamp;

use super::{PostgresPages, load, statements as s};
use crate::{
    book::{FeedKind, Key, Scope, Stored},
    ledger::{FeedLine, LedgerError, OfficeLine, Reading},
    row::{count, number, read, sum},
};

/// Behind every code that begins with this one: codes are compared by their bytes, and no sign of a code comes after
/// Unicode's last.
fn end_of(office_code: &str) -> String {
    format!("{office_code}\u{10FFFF}")
}

pub(super) fn records(
    pages: &mut PostgresPages,
    asked: Reading<'_>,
) -> Result<Vec<(Key, Stored)>, LedgerError> {
    pages
        .rows(
            s::RECORDS,
            &[
                &asked.office_code,
                &number(asked.after),
                &asked.device,
                &i64::from(asked.limit),
                &end_of(asked.office_code),
            ],
        )?
        .iter()
        .map(load::stored)
        .collect()
}

pub(super) fn records_of_owner(
    pages: &mut PostgresPages,
    owner: &str,
    after: u64,
    limit: u32,
) -> Result<Vec<(Key, Stored)>, LedgerError> {
    pages
        .rows(
            s::RECORDS_OF_OWNER,
            &[&owner, &number(after), &i64::from(limit)],
        )?
        .iter()
        .map(load::stored)
        .collect()
}

pub(super) fn feed(
    pages: &mut PostgresPages,
    asked: Reading<'_>,
    only_left: bool,
) -> Result<Vec<FeedLine>, LedgerError> {
    let statement = if only_left { s::FEED_LEFT } else { s::FEED };
    let rows = pages.rows(
        statement,
        &[
            &asked.office_code,
            &number(asked.after),
            &asked.device,
            &i64::from(asked.limit),
        ],
    )?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let (key, stored) = load::stored(row)?;
        let change: Option<&str> = row.try_get(17)?;
        let outcome: Option<&str> = row.try_get(18)?;
        lines.push(FeedLine {
            seq: count(row.try_get(15)?),
            kind: FeedKind::from_code(row.try_get(16)?).ok_or(LedgerError::Row("feed"))?,
            key,
            stored,
            told: match change.zip(outcome) {
                Some((change, outcome)) => Some((read(change)?, read(outcome)?)),
                None => None,
            },
        });
    }
    Ok(lines)
}

pub(super) fn sums(
    pages: &mut PostgresPages,
    office_code: &str,
) -> Result<Vec<(Scope, u64)>, LedgerError> {
    let rows = pages.rows(s::SUMS, &[&office_code, &end_of(office_code)])?;
    let mut sums = Vec::with_capacity(rows.len());
    for row in rows {
        let referred_to: String = row.try_get(1)?;
        let scope = Scope {
            office_code: row.try_get(0)?,
            referred_to: Some(referred_to).filter(|code| !code.is_empty()),
        };
        sums.push((scope, sum(row.try_get(2)?)));
    }
    Ok(sums)
}

pub(super) fn offices(pages: &mut PostgresPages) -> Result<Vec<OfficeLine>, LedgerError> {
    let rows = pages.rows(s::OFFICES, &[])?;
    let mut offices = Vec::with_capacity(rows.len());
    for row in rows {
        offices.push(OfficeLine {
            office_code: row.try_get(0)?,
            devices: count(row.try_get(1)?),
            last_seen_at: row.try_get::<_, Option<i64>>(2)?.map(Timestamp),
            kept: count(row.try_get(3)?),
        });
    }
    Ok(offices)
}
