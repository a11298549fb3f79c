//! Pages of feeds and scopes, and sums.

use jitasa_domain::Timestamp;
use rusqlite::{Connection, Row, params};

use super::{
    load::{self, select_record},
    row::{count, number, read, sum},
};
use crate::{
    book::{FeedKind, Key, Scope, Stored},
    ledger::{FeedLine, LedgerError, OfficeLine, Reading},
};

pub(super) fn records(
    connection: &Connection,
    province: &str,
    asked: Reading<'_>,
) -> Result<Vec<(Key, Stored)>, LedgerError> {
    let mut statement = connection.prepare_cached(select_record!(
        "INDEXED BY record_in_order
         WHERE province = ?1 AND last_seq > ?2
           AND (substr(office_code, 1, length(?3)) = ?3 OR referred_to = ?3)
           AND only_device IS NOT ?4
         ORDER BY last_seq LIMIT ?5"
    ))?;
    let mut rows = statement.query(params![
        province,
        number(asked.after),
        asked.office_code,
        asked.device.to_string(),
        asked.limit
    ])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(load::stored(row)?);
    }
    Ok(found)
}

pub(super) fn records_of_owner(
    connection: &Connection,
    province: &str,
    owner: &str,
    after: u64,
    limit: u32,
) -> Result<Vec<(Key, Stored)>, LedgerError> {
    let mut statement = connection.prepare_cached(select_record!(
        "INDEXED BY record_in_order
         WHERE province = ?1 AND last_seq > ?2 AND office_code = ?3 ORDER BY last_seq LIMIT ?4"
    ))?;
    let mut rows = statement.query(params![province, number(after), owner, limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(load::stored(row)?);
    }
    Ok(found)
}

const FEED: &str =
    "SELECT r.entity, r.entity_id, r.office_code, r.referred_to, r.case_id, r.area_code,
        r.body, r.versions, r.last_seq, r.only_device, r.last_action, r.last_actor,
        r.last_claimed, r.authors, r.sum, f.seq, f.kind, c.change, c.outcome
    FROM feed f
    JOIN record r ON r.province = f.province AND r.entity = f.entity AND r.entity_id = f.entity_id
    LEFT JOIN change_log c ON c.province = f.province AND c.seq = f.seq
    WHERE f.province = ?1 AND f.office_code = ?2 AND f.seq > ?3 AND f.author_device IS NOT ?4";

pub(super) fn feed(
    connection: &Connection,
    province: &str,
    asked: Reading<'_>,
    only_left: bool,
) -> Result<Vec<FeedLine>, LedgerError> {
    let condition = if only_left { "AND f.kind = 'left'" } else { "" };
    let mut statement =
        connection.prepare_cached(&format!("{FEED} {condition} ORDER BY f.seq LIMIT ?5"))?;
    let mut rows = statement.query(params![
        province,
        asked.office_code,
        number(asked.after),
        asked.device.to_string(),
        asked.limit
    ])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(line(row)?);
    }
    Ok(found)
}

fn line(row: &Row) -> Result<FeedLine, LedgerError> {
    let (key, stored) = load::stored(row)?;
    let kind: String = row.get(16)?;
    let told = match (
        row.get::<_, Option<String>>(17)?,
        row.get::<_, Option<String>>(18)?,
    ) {
        (Some(change), Some(outcome)) => Some((read(&change)?, read(&outcome)?)),
        _ => None,
    };
    Ok(FeedLine {
        seq: count(row.get(15)?),
        kind: FeedKind::from_code(&kind).ok_or(LedgerError::Row("feed"))?,
        key,
        stored,
        told,
    })
}

pub(super) fn sums(
    connection: &Connection,
    province: &str,
    office_code: &str,
) -> Result<Vec<(Scope, u64)>, LedgerError> {
    let mut statement = connection.prepare_cached(
        "SELECT office_code, referred_to, sum FROM scope_sum
         WHERE province = ?1 AND (substr(office_code, 1, length(?2)) = ?2 OR referred_to = ?2)
         ORDER BY office_code, referred_to",
    )?;
    let mut rows = statement.query(params![province, office_code])?;
    let mut sums = Vec::new();
    while let Some(row) = rows.next()? {
        let referred_to: String = row.get(1)?;
        let scope = Scope {
            office_code: row.get(0)?,
            referred_to: Some(referred_to).filter(|code| !code.is_empty()),
        };
        sums.push((scope, sum(row.get(2)?)));
    }
    Ok(sums)
}

pub(super) fn offices(
    connection: &Connection,
    province: &str,
) -> Result<Vec<OfficeLine>, LedgerError> {
    let mut statement = connection.prepare_cached(
        "SELECT d.office_code, sum(d.status <> 'revoked'), max(d.last_seen_at),
                (SELECT count(*) FROM held h
                 WHERE h.province = d.province AND h.office_code = d.office_code)
         FROM device d WHERE d.province = ?1 GROUP BY d.office_code ORDER BY d.office_code",
    )?;
    let mut rows = statement.query(params![province])?;
    let mut offices = Vec::new();
    while let Some(row) = rows.next()? {
        offices.push(OfficeLine {
            office_code: row.get(0)?,
            devices: count(row.get(1)?),
            last_seen_at: row.get::<_, Option<i64>>(2)?.map(Timestamp),
            kept: count(row.get(3)?),
        });
    }
    Ok(offices)
}
