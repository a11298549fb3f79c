//! Keeps what a batch led to.

use std::collections::BTreeMap;

use jitasa_domain::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::{
    load,
    row::{json, number, sum, sum_kept},
};
use crate::{
    book::{Book, Device, Entry, FeedRow, Kept, Key, Scope, Stored, Taken},
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
    for (scope, change) in &taken.sums {
        add_to_sum(transaction, province, scope, *change)?;
    }
    transaction
        .prepare_cached("UPDATE province SET head = ?2 WHERE province = ?1")?
        .execute(params![province, number(book.head)])?;
    Ok(())
}

/// Sums wrap, and SQLite's do not: added here.
fn add_to_sum(
    transaction: &Transaction,
    province: &str,
    scope: &Scope,
    change: u64,
) -> Result<(), LedgerError> {
    let referred_to = scope.referred_to.as_deref().unwrap_or_default();
    let standing: Option<i64> = transaction
        .prepare_cached(
            "SELECT sum FROM scope_sum
             WHERE province = ?1 AND office_code = ?2 AND referred_to = ?3",
        )?
        .query_row(params![province, scope.office_code, referred_to], |row| {
            row.get(0)
        })
        .optional()?;
    let total = sum(standing.unwrap_or_default()).wrapping_add(change);
    transaction
        .prepare_cached(
            "INSERT INTO scope_sum (province, office_code, referred_to, sum) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (province, office_code, referred_to) DO UPDATE SET sum = ?4",
        )?
        .execute(params![province, scope.office_code, referred_to, sum_kept(total)])?;
    Ok(())
}

pub(super) fn device(
    transaction: &Transaction,
    province: &str,
    device: &Device,
) -> Result<(), LedgerError> {
    transaction
        .prepare_cached(
            "INSERT INTO device (province, device, office_code, name, status, revoked_how, token_hash, public_key,
                                 last_seq, link, scan_from, live_from, program, protocol, last_cursor, waiting,
                                 skew_ms, enrolled_at, last_seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
             ON CONFLICT (province, device) DO UPDATE SET
                 name = ?4, status = ?5, revoked_how = ?6, token_hash = ?7, public_key = ?8, last_seq = ?9,
                 link = ?10, scan_from = ?11, live_from = ?12, program = ?13, protocol = ?14, last_cursor = ?15,
                 waiting = ?16, skew_ms = ?17, last_seen_at = ?19",
        )?
        .execute(params![
            province,
            device.id.to_string(),
            device.office_code,
            device.name,
            device.status.code(),
            device.revoked_how,
            device.token_hash.as_slice(),
            device.public_key.as_ref().map(<[u8; 32]>::as_slice),
            number(device.last_seq),
            device.link.as_ref().map(|link| link.0.as_slice()),
            number(device.scan_from),
            device.live_from.map(number),
            device.program,
            device.protocol,
            number(device.last_cursor),
            number(device.waiting),
            device.skew_ms,
            device.enrolled_at.0,
            device.last_seen_at.map(|at| at.0),
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
                                     change, outcome, received_at, link)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
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
            entry.link.0.as_slice(),
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
                                 last_actor, last_claimed, authors, sum)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
             ON CONFLICT (province, entity, entity_id) DO UPDATE SET
                 office_code = ?4, referred_to = ?5, case_id = ?6, area_code = ?7, body = ?8,
                 versions = ?9, last_seq = ?10, only_device = ?11, last_action = ?12,
                 last_actor = ?13, last_claimed = ?14, authors = ?15, sum = ?16",
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
            json(&stored.authors)?,
            sum_kept(stored.sum),
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

/// The sums of a ledger that had none.
pub(super) fn sum_all(transaction: &Transaction) -> Result<(), LedgerError> {
    let mut totals = BTreeMap::<(String, Scope), u64>::new();
    let mut statement = transaction.prepare(
        "SELECT entity, entity_id, office_code, referred_to, case_id, area_code, body, versions, last_seq,
                only_device, last_action, last_actor, last_claimed, authors, sum, province FROM record",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (key, stored) = load::stored(row)?;
        let province: String = row.get(15)?;
        let sum = stored.summed(key);
        transaction
            .prepare_cached(
                "UPDATE record SET sum = ?4 WHERE province = ?1 AND entity = ?2 AND entity_id = ?3",
            )?
            .execute(params![
                province,
                key.0.code(),
                key.1.to_string(),
                sum_kept(sum)
            ])?;
        let total = totals.entry((province, stored.scope)).or_default();
        *total = total.wrapping_add(sum);
    }
    for ((province, scope), sum) in totals {
        add_to_sum(transaction, &province, &scope, sum)?;
    }
    Ok(())
}
