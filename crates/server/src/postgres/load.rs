//! Lays the book open: everything a batch speaks of in a handful of statements, however long it is.

use std::collections::{BTreeMap, BTreeSet};

use jitasa_domain::{ActionKind, Entity, Timestamp, change::Change};
use jitasa_protocol::Hash;
use postgres::Row;
use uuid::Uuid;

use super::{PostgresPages, statements as s};
use crate::{
    book::{Book, Device, Key, LastAct, Scope, Status, Stored},
    check::case_of,
    ledger::LedgerError,
    row::{count, entity, fields, hash, number, read, sum, text, versions},
};

pub(super) fn device(row: &Row) -> Result<Device, LedgerError> {
    let status: &str = row.try_get(3)?;
    let bytes = |index: usize| -> Result<Option<[u8; 32]>, LedgerError> {
        row.try_get::<_, Option<&[u8]>>(index)?
            .map(hash)
            .transpose()
    };
    Ok(Device {
        id: row.try_get(0)?,
        office_code: row.try_get(1)?,
        name: text(row.try_get(2)?),
        status: Status::from_code(status).ok_or(LedgerError::Row("status"))?,
        revoked_how: row.try_get::<_, Option<String>>(4)?.map(text),
        token_hash: bytes(5)?.unwrap_or_default(),
        public_key: bytes(6)?,
        last_seq: count(row.try_get(7)?),
        link: bytes(8)?.map(Hash),
        scan_from: count(row.try_get(9)?),
        live_from: row.try_get::<_, Option<i64>>(10)?.map(count),
        program: text(row.try_get(11)?),
        protocol: small(row, 12)?,
        last_cursor: count(row.try_get(13)?),
        waiting: count(row.try_get(14)?),
        skew_ms: row.try_get(15)?,
        enrolled_at: Timestamp(row.try_get(16)?),
        last_seen_at: row.try_get::<_, Option<i64>>(17)?.map(Timestamp),
    })
}

/// A count that was 32 bits wide when it was kept.
pub(super) fn small(row: &Row, index: usize) -> Result<u32, LedgerError> {
    let value: i64 = row.try_get(index)?;
    u32::try_from(value).map_err(|_| LedgerError::Row("count"))
}

pub(super) fn book(
    pages: &mut PostgresPages,
    device: &Device,
    changes: &[Change],
) -> Result<Book, LedgerError> {
    let head = pages
        .rows(s::LOCK, &[])?
        .first()
        .ok_or(LedgerError::Row("province"))?
        .try_get(0)?;
    let offices = pages.rows(s::OFFICES_WITH_DEVICE, &[])?;
    let mut book = Book {
        head: count(head),
        province_code: pages.province.clone(),
        offices: offices
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<_, _>>()?,
        ..Book::default()
    };
    links(pages, device, changes, &mut book)?;
    outcomes(pages, changes, &mut book)?;
    records_of(pages, changes, &mut book)?;
    Ok(book)
}

fn links(
    pages: &mut PostgresPages,
    device: &Device,
    changes: &[Change],
    book: &mut Book,
) -> Result<(), LedgerError> {
    let before = changes
        .first()
        .map(|first| first.device_seq.saturating_sub(1));
    let wanted: Vec<i64> = before
        .into_iter()
        .chain(changes.iter().map(|change| change.device_seq))
        .filter(|seq| *seq < device.last_seq || (*seq == device.last_seq && before != Some(*seq)))
        .map(number)
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    for row in pages.rows(s::LINKS, &[&device.id, &wanted])? {
        let link = Hash(hash(row.try_get(1)?)?);
        if link != Hash::GENESIS {
            book.links.insert(count(row.try_get(0)?), link);
        }
    }
    Ok(())
}

fn outcomes(
    pages: &mut PostgresPages,
    changes: &[Change],
    book: &mut Book,
) -> Result<(), LedgerError> {
    let ids: Vec<_> = changes.iter().map(|change| change.change_id).collect();
    for row in pages.rows(s::OUTCOMES, &[&ids])? {
        let outcome = read(row.try_get(2)?)?;
        book.outcomes
            .insert(row.try_get(0)?, (row.try_get(1)?, outcome));
    }
    Ok(())
}

/// The changes' records, their cases, and, where cases may change hands, the cases' parts.
fn records_of(
    pages: &mut PostgresPages,
    changes: &[Change],
    book: &mut Book,
) -> Result<(), LedgerError> {
    let named = changes.iter().flat_map(|change| {
        let key = (change.entity, change.entity_id);
        let case = case_of(change.entity, &change.fields).map(|id| (Entity::Case, id));
        [Some(key), case]
    });
    let named: BTreeSet<Key> = named.flatten().collect();
    records(pages, &named, book)?;
    // The case a stored record is part of, where the change does not name it.
    let behind: BTreeSet<Key> = named
        .iter()
        .filter_map(|key| case_of(key.0, &book.records.get(key)?.body))
        .map(|id| (Entity::Case, id))
        .filter(|key| !named.contains(key))
        .collect();
    records(pages, &behind, book)?;

    let hands: BTreeSet<Uuid> = changes
        .iter()
        .filter(|change| {
            change.entity == Entity::Case
                && ["office_code", "referred_to"]
                    .iter()
                    .any(|name| change.fields.contains_key(*name))
        })
        .map(|change| change.entity_id)
        .collect();
    parts(pages, &hands, book)
}

fn records(
    pages: &mut PostgresPages,
    named: &BTreeSet<Key>,
    book: &mut Book,
) -> Result<(), LedgerError> {
    if named.is_empty() {
        return Ok(());
    }
    let ids: BTreeSet<_> = named.iter().map(|key| key.1).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    pages.sought.extend(ids.iter().copied());
    for row in pages.rows(s::RECORDS_NAMED, &[&ids])? {
        let (key, stored) = stored(&row)?;
        pages.met.insert(key);
        if named.contains(&key) {
            book.records.insert(key, stored);
        }
    }
    Ok(())
}

fn parts(
    pages: &mut PostgresPages,
    cases: &BTreeSet<Uuid>,
    book: &mut Book,
) -> Result<(), LedgerError> {
    if cases.is_empty() {
        return Ok(());
    }
    let mut parts: BTreeMap<Uuid, BTreeSet<Key>> =
        cases.iter().map(|id| (*id, BTreeSet::new())).collect();
    let ids: Vec<_> = cases.iter().copied().collect();
    for row in pages.rows(s::PARTS, &[&ids])? {
        let (key, part) = stored(&row)?;
        pages.met.insert(key);
        if let Some(of_case) = part.case_id.and_then(|id| parts.get_mut(&id)) {
            of_case.insert(key);
        }
        book.records.entry(key).or_insert(part);
    }
    book.parts.extend(parts);
    Ok(())
}

/// A row that begins with the columns of a record.
pub(super) fn stored(row: &Row) -> Result<(Key, Stored), LedgerError> {
    let key = (entity(row.try_get(0)?)?, row.try_get(1)?);
    let action: &str = row.try_get(10)?;
    let stored = Stored {
        scope: Scope {
            office_code: row.try_get(2)?,
            referred_to: row.try_get(3)?,
        },
        case_id: row.try_get(4)?,
        area_code: row.try_get::<_, Option<String>>(5)?.map(text),
        body: fields(row.try_get(6)?)?,
        versions: versions(row.try_get(7)?)?,
        last_seq: count(row.try_get(8)?),
        only_device: row.try_get(9)?,
        last: LastAct {
            action: ActionKind::from_code(action).ok_or(LedgerError::Row("action"))?,
            actor_name: text(row.try_get(11)?),
            claimed_at: Timestamp(row.try_get(12)?),
        },
        authors: read(row.try_get(13)?)?,
        sum: sum(row.try_get(14)?),
        dirty: false,
    };
    Ok((key, stored))
}
