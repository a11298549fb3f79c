//! Lays the book open: the rows a batch speaks of.

use jitasa_domain::{ActionKind, Entity, Timestamp, change::Change};
use jitasa_protocol::Hash;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use uuid::Uuid;

use super::row::{count, entity, fields, hash, number, read, sum, uuid, versions};
use crate::{
    book::{Book, Device, Key, LastAct, Scope, Status, Stored},
    check::case_of,
    ledger::LedgerError,
};

/// One place for the columns of a device.
const DEVICE: &str = "SELECT device, office_code, name, status, revoked_how, token_hash, public_key, last_seq, link,
    scan_from, live_from, program, protocol, last_cursor, waiting, skew_ms, enrolled_at, last_seen_at
    FROM device WHERE province = ?1";

pub(super) fn device(
    connection: &Connection,
    province: &str,
    id: Uuid,
) -> Result<Option<Device>, LedgerError> {
    let mut statement = connection.prepare_cached(&format!("{DEVICE} AND device = ?2"))?;
    let mut rows = statement.query(params![province, id.to_string()])?;
    rows.next()?.map(read_device).transpose()
}

pub(super) fn devices(connection: &Connection, province: &str) -> Result<Vec<Device>, LedgerError> {
    let mut statement =
        connection.prepare_cached(&format!("{DEVICE} ORDER BY office_code, device"))?;
    let mut rows = statement.query(params![province])?;
    let mut devices = Vec::new();
    while let Some(row) = rows.next()? {
        devices.push(read_device(row)?);
    }
    Ok(devices)
}

fn read_device(row: &Row) -> Result<Device, LedgerError> {
    let status: String = row.get(3)?;
    let bytes = |index: usize| -> Result<Option<[u8; 32]>, LedgerError> {
        row.get::<_, Option<Vec<u8>>>(index)?
            .as_deref()
            .map(hash)
            .transpose()
    };
    Ok(Device {
        id: uuid(&row.get::<_, String>(0)?)?,
        office_code: row.get(1)?,
        name: row.get(2)?,
        status: Status::from_code(&status).ok_or(LedgerError::Row("status"))?,
        revoked_how: row.get(4)?,
        token_hash: bytes(5)?.unwrap_or_default(),
        public_key: bytes(6)?,
        last_seq: count(row.get(7)?),
        link: bytes(8)?.map(Hash),
        scan_from: count(row.get(9)?),
        live_from: row.get::<_, Option<i64>>(10)?.map(count),
        program: row.get(11)?,
        protocol: row.get(12)?,
        last_cursor: count(row.get(13)?),
        waiting: count(row.get(14)?),
        skew_ms: row.get(15)?,
        enrolled_at: Timestamp(row.get(16)?),
        last_seen_at: row.get::<_, Option<i64>>(17)?.map(Timestamp),
    })
}

fn head(connection: &Connection, province: &str) -> Result<u64, LedgerError> {
    let head = connection
        .prepare_cached("SELECT head FROM province WHERE province = ?1")?
        .query_row(params![province], |row| row.get(0))?;
    Ok(count(head))
}

pub(super) fn link_at(
    connection: &Connection,
    province: &str,
    device: Uuid,
    device_seq: u64,
) -> Result<Option<Hash>, LedgerError> {
    let link: Option<Option<Vec<u8>>> = connection
        .prepare_cached(
            "SELECT link FROM change_log WHERE province = ?1 AND device = ?2 AND device_seq = ?3",
        )?
        .query_row(
            params![province, device.to_string(), number(device_seq)],
            |row| row.get(0),
        )
        .optional()?;
    let link = link.flatten().as_deref().map(hash).transpose()?.map(Hash);
    // Zeroes: it came by protocol 1.
    Ok(link.filter(|link| *link != Hash::GENESIS))
}

pub(super) fn book(
    transaction: &Transaction,
    province: &str,
    device: &Device,
    changes: &[Change],
) -> Result<Book, LedgerError> {
    let mut book = Book {
        head: head(transaction, province)?,
        province_code: province.to_string(),
        offices: offices(transaction, province)?,
        ..Book::default()
    };
    let before = changes
        .first()
        .map(|first| first.device_seq.saturating_sub(1));
    for seq in before
        .into_iter()
        .chain(changes.iter().map(|change| change.device_seq))
    {
        if seq < device.last_seq || (seq == device.last_seq && before != Some(seq)) {
            let link = link_at(transaction, province, device.id, seq)?;
            book.links.extend(link.map(|link| (seq, link)));
        }
    }
    for change in changes {
        outcome(transaction, province, change, &mut book)?;
        records_of(transaction, province, change, &mut book)?;
    }
    Ok(book)
}

fn offices(transaction: &Transaction, province: &str) -> Result<Vec<String>, LedgerError> {
    let mut statement = transaction.prepare_cached(
        "SELECT DISTINCT office_code FROM device WHERE province = ?1 AND status <> 'revoked'",
    )?;
    let offices = statement.query_map(params![province], |row| row.get(0))?;
    Ok(offices.collect::<Result<_, _>>()?)
}

fn outcome(
    transaction: &Transaction,
    province: &str,
    change: &Change,
    book: &mut Book,
) -> Result<(), LedgerError> {
    let earlier = transaction
        .prepare_cached(
            "SELECT office_code, outcome FROM change_log WHERE province = ?1 AND change_id = ?2",
        )?
        .query_row(params![province, change.change_id.to_string()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    if let Some((office_code, outcome)) = earlier {
        book.outcomes
            .insert(change.change_id, (office_code, read(&outcome)?));
    }
    Ok(())
}

/// The change's record, its case, and, when a case may change hands, the case's parts.
fn records_of(
    transaction: &Transaction,
    province: &str,
    change: &Change,
    book: &mut Book,
) -> Result<(), LedgerError> {
    let key = (change.entity, change.entity_id);
    record(transaction, province, key, book)?;
    let stored_case = book
        .records
        .get(&key)
        .and_then(|stored| case_of(key.0, &stored.body));
    for case_id in stored_case
        .into_iter()
        .chain(case_of(key.0, &change.fields))
    {
        record(transaction, province, (Entity::Case, case_id), book)?;
    }
    let changes_hands = change.entity == Entity::Case
        && ["office_code", "referred_to"]
            .iter()
            .any(|name| change.fields.contains_key(*name));
    if changes_hands && !book.parts.contains_key(&change.entity_id) {
        parts(transaction, province, change.entity_id, book)?;
    }
    Ok(())
}

/// One place for the columns of a record, so that every reader reads the same.
macro_rules! select_record {
    ($tail:literal) => {
        concat!(
            "SELECT entity, entity_id, office_code, referred_to, case_id, area_code, body, versions, ",
            "last_seq, only_device, last_action, last_actor, last_claimed, authors, sum FROM record ",
            $tail
        )
    };
}
pub(super) use select_record;

fn record(
    transaction: &Transaction,
    province: &str,
    key: Key,
    book: &mut Book,
) -> Result<(), LedgerError> {
    if book.records.contains_key(&key) {
        return Ok(());
    }
    let mut statement = transaction.prepare_cached(select_record!(
        "WHERE province = ?1 AND entity = ?2 AND entity_id = ?3"
    ))?;
    let mut rows = statement.query(params![province, key.0.code(), key.1.to_string()])?;
    if let Some(row) = rows.next()? {
        book.records.insert(key, stored(row)?.1);
    }
    Ok(())
}

fn parts(
    transaction: &Transaction,
    province: &str,
    case_id: Uuid,
    book: &mut Book,
) -> Result<(), LedgerError> {
    let mut statement =
        transaction.prepare_cached(select_record!("WHERE province = ?1 AND case_id = ?2"))?;
    let mut rows = statement.query(params![province, case_id.to_string()])?;
    let mut keys = std::collections::BTreeSet::new();
    while let Some(row) = rows.next()? {
        let (key, part) = stored(row)?;
        keys.insert(key);
        book.records.entry(key).or_insert(part);
    }
    book.parts.insert(case_id, keys);
    Ok(())
}

/// A row of `record`, its columns as in [`select_record`].
pub(super) fn stored(row: &Row) -> Result<(Key, Stored), LedgerError> {
    let key = (
        entity(&row.get::<_, String>(0)?)?,
        uuid(&row.get::<_, String>(1)?)?,
    );
    let optional_id = |index: usize| -> Result<Option<Uuid>, LedgerError> {
        row.get::<_, Option<String>>(index)?
            .as_deref()
            .map(uuid)
            .transpose()
    };
    let action = row.get::<_, String>(10)?;
    let stored = Stored {
        scope: Scope {
            office_code: row.get(2)?,
            referred_to: row.get(3)?,
        },
        case_id: optional_id(4)?,
        area_code: row.get(5)?,
        body: fields(&row.get::<_, String>(6)?)?,
        versions: versions(&row.get::<_, String>(7)?)?,
        last_seq: count(row.get(8)?),
        only_device: optional_id(9)?,
        last: LastAct {
            action: ActionKind::from_code(&action).ok_or(LedgerError::Row("action"))?,
            actor_name: row.get(11)?,
            claimed_at: Timestamp(row.get(12)?),
        },
        authors: read(&row.get::<_, String>(13)?)?,
        sum: sum(row.get(14)?),
        dirty: false,
    };
    Ok((key, stored))
}
