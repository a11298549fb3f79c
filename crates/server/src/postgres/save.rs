//! Keeps what a batch led to: one statement a table, or two where some rows are new and others were there.

use std::collections::HashMap;

use jitasa_domain::Timestamp;

use super::{PostgresPages, statements as s};
use crate::{
    book::{Book, Device, Key, Stored, Taken},
    ledger::LedgerError,
    row::{json, number, sum, sum_kept, text_kept},
};

pub(super) fn keep(
    pages: &mut PostgresPages,
    device: &Device,
    book: &Book,
    taken: &Taken,
    now: Timestamp,
) -> Result<(), LedgerError> {
    log(pages, device, taken, now)?;
    let dirty = book.records.iter().filter(|(_, stored)| stored.dirty);
    let (mut new, others): (Vec<_>, Vec<_>) =
        dirty.partition(|(key, _)| pages.sought.contains(&key.1) && !pages.met.contains(*key));
    // In their order, so that they lie beside each other in the table and its indexes.
    new.sort_unstable_by_key(|(_, stored)| stored.last_seq);
    new_records(pages, &new)?;
    pages.met.extend(new.iter().map(|(key, _)| **key));
    records(pages, &others)?;
    feed(pages, taken)?;
    held(pages, device, taken, now)?;
    sums(pages, taken)?;
    pages.run(s::SAVE_HEAD, &[&number(book.head)])
}

/// A column of a batch's rows.
fn column<'a, R, T>(rows: &'a [R], of: impl FnMut(&'a R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

fn json_column<'a, R, T: serde::Serialize>(
    rows: &'a [R],
    of: impl Fn(&'a R) -> T,
) -> Result<Vec<String>, LedgerError> {
    rows.iter().map(|row| json(&of(row))).collect()
}

fn log(
    pages: &mut PostgresPages,
    device: &Device,
    taken: &Taken,
    now: Timestamp,
) -> Result<(), LedgerError> {
    if taken.entries.is_empty() {
        return Ok(());
    }
    pages.add(s::LOG, |rows| {
        taken.entries.iter().try_for_each(|entry| {
            rows.row(&[
                &device.office_code,
                &device.id,
                &now.0,
                &number(entry.seq),
                &entry.change.change_id,
                &number(entry.change.device_seq),
                &json(&entry.change)?,
                &json(&entry.outcome)?,
                &entry.link.0.as_slice(),
            ])
        })
    })
}

fn new_records(pages: &mut PostgresPages, rows: &[(&Key, &Stored)]) -> Result<(), LedgerError> {
    if rows.is_empty() {
        return Ok(());
    }
    pages.add(s::NEW_RECORDS, |adding| {
        rows.iter().try_for_each(|(key, stored)| {
            adding.row(&[
                &key.0.code(),
                &key.1,
                &stored.scope.office_code,
                &stored.scope.referred_to,
                &stored.case_id,
                &stored.area_code.as_deref().map(text_kept),
                &json(&stored.body)?,
                &json(&stored.versions)?,
                &number(stored.last_seq),
                &stored.only_device,
                &stored.last.action.code(),
                &text_kept(&stored.last.actor_name),
                &stored.last.claimed_at.0,
                &json(&stored.authors)?,
                &sum_kept(stored.sum),
            ])
        })
    })
}

fn records(pages: &mut PostgresPages, rows: &[(&Key, &Stored)]) -> Result<(), LedgerError> {
    if rows.is_empty() {
        return Ok(());
    }
    let area = |stored: &'_ Stored| {
        stored
            .area_code
            .as_deref()
            .map(|code| text_kept(code).into_owned())
    };
    pages.run(
        s::SAVE_RECORDS,
        &[
            &column(rows, |(key, _)| key.0.code()),
            &column(rows, |(key, _)| key.1),
            &column(rows, |(_, stored)| stored.scope.office_code.as_str()),
            &column(rows, |(_, stored)| stored.scope.referred_to.as_deref()),
            &column(rows, |(_, stored)| stored.case_id),
            &column(rows, |(_, stored)| area(stored)),
            &json_column(rows, |(_, stored)| &stored.body)?,
            &json_column(rows, |(_, stored)| &stored.versions)?,
            &column(rows, |(_, stored)| number(stored.last_seq)),
            &column(rows, |(_, stored)| stored.only_device),
            &column(rows, |(_, stored)| stored.last.action.code()),
            &column(rows, |(_, stored)| {
                text_kept(&stored.last.actor_name).into_owned()
            }),
            &column(rows, |(_, stored)| stored.last.claimed_at.0),
            &json_column(rows, |(_, stored)| &stored.authors)?,
            &column(rows, |(_, stored)| sum_kept(stored.sum)),
        ],
    )
}

fn feed(pages: &mut PostgresPages, taken: &Taken) -> Result<(), LedgerError> {
    if taken.feed.is_empty() {
        return Ok(());
    }
    pages.add(s::FEED_ROWS, |rows| {
        taken.feed.iter().try_for_each(|row| {
            rows.row(&[
                &row.office_code,
                &number(row.seq),
                &row.kind.code(),
                &row.key.0.code(),
                &row.key.1,
                &row.author_device,
            ])
        })
    })
}

fn held(
    pages: &mut PostgresPages,
    device: &Device,
    taken: &Taken,
    now: Timestamp,
) -> Result<(), LedgerError> {
    let rows = &taken.kept;
    if rows.is_empty() {
        return Ok(());
    }
    pages.run(
        s::HELD,
        &[
            &device.id,
            &device.office_code,
            &now.0,
            &column(rows, |kept| number(kept.change.device_seq)),
            &column(rows, |kept| number(kept.seq)),
            &column(rows, |kept| kept.change.entity.code()),
            &column(rows, |kept| kept.change.entity_id),
            &column(rows, |kept| kept.reason.as_str()),
            &json_column(rows, |kept| &kept.change)?,
            &json_column(rows, |kept| &kept.ours)?,
            &json_column(rows, |kept| &kept.theirs)?,
        ],
    )
}

fn sums(pages: &mut PostgresPages, taken: &Taken) -> Result<(), LedgerError> {
    if taken.sums.is_empty() {
        return Ok(());
    }
    let scopes: Vec<_> = taken.sums.iter().collect();
    let owners = column(&scopes, |(scope, _)| scope.office_code.as_str());
    let referred = column(&scopes, |(scope, _)| {
        scope.referred_to.as_deref().unwrap_or_default()
    });
    let mut standing = HashMap::<(String, String), u64>::new();
    for row in pages.rows(s::SUMS_NAMED, &[&owners, &referred])? {
        let scope = (row.try_get(0)?, row.try_get(1)?);
        standing.insert(scope, sum(row.try_get(2)?));
    }
    let totals: Vec<_> = scopes
        .iter()
        .zip(owners.iter().zip(&referred))
        .map(|((_, change), (owner, referred))| {
            let scope = ((*owner).to_string(), (*referred).to_string());
            let before = standing.get(&scope).copied().unwrap_or_default();
            sum_kept(before.wrapping_add(**change))
        })
        .collect();
    pages.run(s::SAVE_SUMS, &[&owners, &referred, &totals])
}

pub(super) fn device(pages: &mut PostgresPages, device: &Device) -> Result<(), LedgerError> {
    pages.run(
        s::SAVE_DEVICE,
        &[
            &device.id,
            &device.office_code,
            &text_kept(&device.name),
            &device.status.code(),
            &device.revoked_how.as_deref().map(text_kept),
            &device.token_hash.as_slice(),
            &device.public_key.as_ref().map(<[u8; 32]>::as_slice),
            &number(device.last_seq),
            &device.link.as_ref().map(|link| link.0.as_slice()),
            &number(device.scan_from),
            &device.live_from.map(number),
            &text_kept(&device.program),
            &i64::from(device.protocol),
            &number(device.last_cursor),
            &number(device.waiting),
            &device.skew_ms,
            &device.enrolled_at.0,
            &device.last_seen_at.map(|at| at.0),
        ],
    )
}
