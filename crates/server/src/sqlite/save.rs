//! Keeps what a batch led to.

use jitasa_domain::Timestamp;
use rusqlite::{Transaction, params};

use super::row::{json, number};
use crate::{
    book::{Book, Device, Entry, FeedRow, Kept, Key, Stored, Taken},
    ledger::LedgerError,
};

pub(super) fn keep(
    transaction: &Transaction,
    province: &str,
    device: &Device,
    book: &Book,
    taken: &Taken,
    now: Timestamp,
) -> Result<(), LedgerError> {
    for entry in &taken.entries {
        log(transaction, province, device, entry, now)?;
    }
    for (key, stored) in book.records.iter().filter(|(_, stored)| stored.dirty) {
        record(transaction, province, key, stored)?;
    }
    for row in &taken.feed {
        feed(transaction, province, row)?;
    }
    for kept in &taken.kept {
        held(transaction, province, device, kept, now)?;
    }
    transaction
        .prepare_cached("UPDATE province SET head = ?2 WHERE province = ?1")?
        .execute(params![province, number(book.head)])?;
    transaction
        .prepare_cached("UPDATE device SET last_seq = ?3 WHERE province = ?1 AND device = ?2")?
        .execute(params![
            province,
            device.id.to_string(),
            number(taken.device_seq)
        ])?;
    Ok(())
}

fn log(
    transaction: &Transaction,
    province: &str,
    device: &Device,
    entry: &Entry,
    now: Timestamp,
) -> Result<(), LedgerError> {
    transaction
        .prepare_cached(
            "INSERT INTO change_log (province, seq, change_id, office_code, device, device_seq,
                                     change, outcome, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            province,
            number(entry.seq),
            entry.change.change_id.to_string(),
            device.office_code,
            device.id.to_string(),
            number(entry.change.device_seq),
            json(&entry.change)?,
            json(&entry.outcome)?,
            now.0,
        ])?;
    Ok(())
}

fn record(
    transaction: &Transaction,
    province: &str,
    (entity, id): &Key,
    stored: &Stored,
) -> Result<(), LedgerError> {
    transaction
        .prepare_cached(
            "INSERT INTO record (province, entity, entity_id, office_code, referred_to, case_id,
                                 area_code, body, versions, last_seq, only_device, last_action,
                                 last_actor, last_claimed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (province, entity, entity_id) DO UPDATE SET
                 office_code = ?4, referred_to = ?5, case_id = ?6, area_code = ?7, body = ?8,
                 versions = ?9, last_seq = ?10, only_device = ?11, last_action = ?12,
                 last_actor = ?13, last_claimed = ?14",
        )?
        .execute(params![
            province,
            entity.code(),
            id.to_string(),
            stored.scope.office_code,
            stored.scope.referred_to,
            stored.case_id.map(|id| id.to_string()),
            stored.area_code,
            json(&stored.body)?,
            json(&stored.versions)?,
            number(stored.last_seq),
            stored.only_device.map(|id| id.to_string()),
            stored.last.action.code(),
            stored.last.actor_name,
            stored.last.claimed_at.0,
        ])?;
    Ok(())
}

fn feed(transaction: &Transaction, province: &str, row: &FeedRow) -> Result<(), LedgerError> {
    transaction
        .prepare_cached(
            "INSERT INTO feed (province, office_code, seq, kind, entity, entity_id, author_device)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            province,
            row.office_code,
            number(row.seq),
            row.kind.code(),
            row.key.0.code(),
            row.key.1.to_string(),
            row.author_device.map(|id| id.to_string()),
        ])?;
    Ok(())
}

fn held(
    transaction: &Transaction,
    province: &str,
    device: &Device,
    kept: &Kept,
    now: Timestamp,
) -> Result<(), LedgerError> {
    transaction
        .prepare_cached(
            "INSERT INTO held (province, device, device_seq, seq, office_code, entity, entity_id,
                               reason, change, ours, theirs, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            province,
            device.id.to_string(),
            number(kept.change.device_seq),
            number(kept.seq),
            device.office_code,
            kept.change.entity.code(),
            kept.change.entity_id.to_string(),
            kept.reason,
            json(&kept.change)?,
            json(&kept.ours)?,
            json(&kept.theirs)?,
            now.0,
        ])?;
    Ok(())
}
