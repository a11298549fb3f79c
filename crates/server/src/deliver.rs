//! What an office is told after a cursor.
//!
//! A device first fetches the whole of its scope: its records in the order in which they last
//! changed, each as it stands. A record that changes meanwhile moves to the end of that order and is
//! met there, so the whole needs no frozen copy. Once everything up to the head has been fetched, the
//! feed alone is enough: one range scan of `(province, office, seq)`.
//!
//! It must not know how rows are kept.

use jitasa_domain::{
    ActionKind,
    change::{Change, Delivered, Outcome},
    sown,
};
use jitasa_protocol::{columns, limits};
use serde_json::Map;
use uuid::Uuid;

use crate::{
    book::{ConfirmedDevice, FeedKind, Key, LastAct, Stored},
    ledger::{FeedLine, LedgerError, Pages, Reading},
};

/// A page of what an office is told.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// In the order of `seq`.
    pub delivered: Vec<Delivered>,
    /// Where the next page begins.
    pub cursor: u64,
    /// Whether there is a next page already.
    pub more: bool,
    /// The head at which the device began to fetch the whole of its scope.
    pub scan_from: u64,
    /// From which cursor on its feed alone is enough.
    pub live_from: Option<u64>,
}

/// What a page begins after, and how much it may hold.
#[derive(Debug, Clone, Copy)]
pub struct After {
    /// The last sequence that the device has heard of; not above `head`.
    pub cursor: u64,
    /// The last one given.
    pub head: u64,
    /// How many rows it wants at most.
    pub limit: u32,
    /// Whether who fetches the whole is told also what he wrote alone.
    pub tells_own: bool,
}

/// The next page for a device.
///
/// # Errors
/// When the ledger fails.
pub fn page(
    pages: &mut dyn Pages,
    province: &str,
    device: &ConfirmedDevice,
    after: After,
) -> Result<Page, LedgerError> {
    let After { cursor, head, .. } = after;
    let limit = after.limit.clamp(1, limits::DELIVERED_MAX);
    // One row more than wanted tells whether there is more.
    let asked = Reading {
        office_code: &device.office_code,
        device: device.id,
        after: cursor,
        limit: limit + 1,
    };
    let told = |line: FeedLine| (line.seq, told(&device.office_code, line));
    if cursor > 0 && device.live_from.is_some_and(|from| cursor >= from) {
        let rows = pages.feed(province, asked, false)?;
        let rows = rows.into_iter().map(told).collect();
        return Ok(Page {
            scan_from: device.scan_from,
            live_from: device.live_from,
            ..page_of(rows, cursor, head, limit)
        });
    }

    let scan_from = if cursor == 0 { head } else { device.scan_from };
    let whole_scope = Reading {
        device: if after.tells_own {
            Uuid::nil()
        } else {
            device.id
        },
        ..asked
    };
    let mut rows: Vec<Found> = pages
        .records(province, whole_scope)?
        .into_iter()
        .map(|(key, stored)| {
            let seq = stored.last_seq;
            let seen = stored.scope.is_seen_by(&device.office_code);
            (seq, seen.then(|| whole(seq, key, stored)))
        })
        .collect();
    if !sown!(35) {
        // What left the scope has to be taken back. Not only since the fetching began: a request that was long under
        // way may have begun another one since. And from cursor 0 on: a desk that has heard nothing yet holds what it
        // made itself, and one that fetches anew holds all that it had before.
        rows.extend(pages.feed(province, asked, true)?.into_iter().map(told));
        rows.sort_by_key(|(seq, _)| *seq);
    }
    let page = page_of(rows, cursor, head, limit);
    // Only who has fetched everything up to the head may go on with the feed. A late request with an older cursor
    // does not make it earlier: the device would go on with the feed in the middle of its fetching.
    let live_from = if page.more {
        page.cursor + 1
    } else {
        page.cursor
    };
    Ok(Page {
        scan_from,
        live_from: device.live_from.filter(|_| !sown!(33)).max(Some(live_from)),
        ..page
    })
}

/// The records that one owner answers for, as they stand, for a desk whose checksum of them differs.
///
/// # Errors
/// When the ledger fails.
pub fn repair(
    pages: &mut dyn Pages,
    province: &str,
    device: &ConfirmedDevice,
    owner: &str,
    after: u64,
) -> Result<Page, LedgerError> {
    let limit = limits::DELIVERED_MAX;
    let rows = pages.records_of_owner(province, owner, after, limit + 1)?;
    let last = rows.last().map_or(after, |(_, stored)| stored.last_seq);
    let rows = rows
        .into_iter()
        .map(|(key, stored)| {
            let seq = stored.last_seq;
            let seen = stored.scope.is_seen_by(&device.office_code);
            (seq, seen.then(|| whole(seq, key, stored)))
        })
        .collect();
    Ok(page_of(rows, after, last, limit))
}

/// Rows of the feed that turned out not to be the office's to see any more count for the cursor, but
/// are not sent.
type Found = (u64, Option<Delivered>);

/// Cuts a page at its limits. `found` holds one row more than `limit` when there are more.
fn page_of(found: Vec<Found>, cursor: u64, end: u64, limit: u32) -> Page {
    let mut page = Page {
        cursor,
        ..Page::default()
    };
    let (mut bytes, mut weight) = (0, 0);
    for (place, (seq, row)) in found.into_iter().enumerate() {
        // What is short in JSON may be long in the memory of a desk, which reads no more than it has a budget for.
        let full = bytes > limits::DELIVERED_BYTES || weight > limits::DELIVERED_WEIGHT;
        if place >= limit as usize || full {
            page.more = !sown!(34);
            return page;
        }
        page.cursor = seq;
        if let Some(row) = row {
            bytes += serde_json::to_string(&row.fields).map_or(0, |json| json.len());
            weight += columns::weight(&row.fields);
            page.delivered.push(row);
        }
    }
    page.cursor = end;
    page
}

/// The feed was written for who was in scope then; what is sent is checked against now.
fn told(office_code: &str, line: FeedLine) -> Option<Delivered> {
    if line.kind == FeedKind::Left {
        return Some(left(line));
    }
    if !line.stored.scope.is_seen_by(office_code) && !sown!(31) {
        return None;
    }
    match line.told {
        Some((change, outcome)) if line.kind == FeedKind::Change => {
            Some(changed(line.seq, &line.stored, change, &outcome))
        }
        _ => Some(whole(line.seq, line.key, line.stored)),
    }
}

fn whole(seq: u64, (entity, entity_id): Key, stored: Stored) -> Delivered {
    Delivered {
        seq,
        entity,
        entity_id,
        fields: stored.body,
        whole: true,
        left: false,
        action: stored.last.action,
        actor_name: stored.last.actor_name,
        claimed_at: stored.last.claimed_at,
    }
}

/// Who took it away is told; what happened to it since is no longer this office's to know.
fn left(line: FeedLine) -> Delivered {
    let taken_by = match line.told {
        Some((change, _)) => LastAct {
            action: change.action,
            actor_name: change.actor_name,
            claimed_at: change.claimed_at,
        },
        // A part of a case that went with it.
        None => LastAct {
            action: ActionKind::CaseRefer,
            ..LastAct::default()
        },
    };
    let (entity, entity_id) = line.key;
    Delivered {
        seq: line.seq,
        entity,
        entity_id,
        fields: Map::new(),
        whole: false,
        left: true,
        action: taken_by.action,
        actor_name: taken_by.actor_name,
        claimed_at: taken_by.claimed_at,
    }
}

/// The fields that a logged change wrote, each with the value that stands now. What was in conflict was never written.
/// What was written over since is told as it stands, not left out: who hears of this row counts as one who has seen the
/// record up to it, and a copy of the server may end between the two. A change that made the record tells all that
/// stands of it: of two desks that made the same village the second wrote over what the first had said, and whoever
/// hears of the first alone would have a village without a code.
fn changed(seq: u64, stored: &Stored, change: Change, outcome: &Outcome) -> Delivered {
    let mut fields = change.fields;
    if fields.contains_key("id") {
        fields.clone_from(&stored.body);
    } else {
        fields.retain(|name, _| !outcome.theirs.contains_key(name));
        for (name, value) in fields.iter_mut().filter(|_| !sown!(32)) {
            if let Some(stands) = stored.body.get(name) {
                value.clone_from(stands);
            }
        }
    }
    Delivered {
        seq,
        entity: change.entity,
        entity_id: change.entity_id,
        fields,
        whole: false,
        left: false,
        action: change.action,
        actor_name: change.actor_name,
        claimed_at: change.claimed_at,
    }
}
