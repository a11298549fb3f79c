//! What an office is told after a cursor.
//!
//! A device first fetches the whole of its scope: its records in the order in which they last
//! changed, each as it stands. A record that changes meanwhile moves to the end of that order and is
//! met there, so the whole needs no frozen copy. Once everything up to the head has been fetched, the
//! feed alone is enough: one range scan of `(province, office, seq)`.

use jitasa_domain::{
    ActionKind,
    change::{Change, Delivered, Outcome},
};
use jitasa_protocol::{Code, limits};
use rusqlite::{Row, Transaction, params};
use serde_json::Map;

use super::{
    load::{self, select_record},
    row::{count, number, read},
};
use crate::{
    book::{Device, FeedKind, Key, LastAct, Stored},
    ledger::{LedgerError, Page, Refusal},
};

pub(super) fn page(
    transaction: &Transaction,
    province: &str,
    device: &Device,
    cursor: u64,
    limit: u32,
) -> Result<Page, Refusal> {
    let head = load::head(transaction, province)?;
    if cursor > head {
        return Err(Code::CursorUnknown.into());
    }
    let limit = limit.clamp(1, limits::DELIVERED_MAX);
    let asked = Asked {
        transaction,
        province,
        device,
        cursor,
        limit,
    };
    if cursor > 0 && device.live_from.is_some_and(|from| cursor >= from) {
        return Ok(page_of(asked.feed("")?, cursor, head, limit));
    }

    let scan_from = if cursor == 0 { head } else { device.scan_from };
    let mut rows = asked.records()?;
    if cursor > 0 {
        // What left the scope since the fetching began has to be taken back.
        let since = Asked {
            cursor: cursor.max(scan_from),
            ..asked
        };
        rows.extend(since.feed("AND f.kind = 'left'")?);
        rows.sort_by_key(|(seq, _)| *seq);
    }
    let page = page_of(rows, cursor, head, limit);
    // Only who has fetched everything up to the head may go on with the feed.
    let live_from = if page.more {
        page.cursor + 1
    } else {
        page.cursor
    };
    transaction
        .prepare_cached(
            "UPDATE device SET scan_from = ?3, live_from = ?4
             WHERE province = ?1 AND device = ?2 AND (scan_from, live_from) IS NOT (?3, ?4)",
        )?
        .execute(params![
            province,
            device.id.to_string(),
            number(scan_from),
            number(live_from)
        ])?;
    Ok(page)
}

/// Rows of the feed that turned out not to be the office's to see any more count for the cursor, but
/// are not sent.
type Found = (u64, Option<Delivered>);

/// Cuts a page at its limits. `found` holds one row more than `limit` when there are more.
fn page_of(found: Vec<Found>, cursor: u64, head: u64, limit: u32) -> Page {
    let mut page = Page {
        cursor,
        ..Page::default()
    };
    let mut bytes = 0;
    for (place, (seq, row)) in found.into_iter().enumerate() {
        if place >= limit as usize || bytes > limits::DELIVERED_BYTES {
            page.more = true;
            return page;
        }
        page.cursor = seq;
        if let Some(row) = row {
            bytes += serde_json::to_string(&row.fields).map_or(0, |json| json.len());
            page.delivered.push(row);
        }
    }
    page.cursor = head;
    page
}

#[derive(Clone, Copy)]
struct Asked<'a> {
    transaction: &'a Transaction<'a>,
    province: &'a str,
    device: &'a Device,
    cursor: u64,
    limit: u32,
}

impl Asked<'_> {
    fn records(&self) -> Result<Vec<Found>, LedgerError> {
        let mut statement = self.transaction.prepare_cached(select_record!(
            "INDEXED BY record_in_order
             WHERE province = ?1 AND last_seq > ?2
               AND (substr(office_code, 1, length(?3)) = ?3 OR referred_to = ?3)
               AND only_device IS NOT ?4
             ORDER BY last_seq LIMIT ?5"
        ))?;
        let mut rows = statement.query(params![
            self.province,
            number(self.cursor),
            self.device.office_code,
            self.device.id.to_string(),
            self.limit + 1
        ])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (key, stored) = load::stored(row)?;
            let seq = stored.last_seq;
            let seen = stored.scope.is_seen_by(&self.device.office_code);
            found.push((seq, seen.then(|| whole(seq, key, stored))));
        }
        Ok(found)
    }

    /// `condition` is one of two texts of this file, never anything that came from outside.
    fn feed(&self, condition: &'static str) -> Result<Vec<Found>, LedgerError> {
        let mut statement = self.transaction.prepare_cached(&format!(
            "SELECT r.entity, r.entity_id, r.office_code, r.referred_to, r.case_id, r.area_code,
                    r.body, r.versions, r.last_seq, r.only_device, r.last_action, r.last_actor,
                    r.last_claimed, f.seq, f.kind, c.change, c.outcome
             FROM feed f
             JOIN record r ON r.province = f.province AND r.entity = f.entity
                          AND r.entity_id = f.entity_id
             LEFT JOIN change_log c ON c.province = f.province AND c.seq = f.seq
             WHERE f.province = ?1 AND f.office_code = ?2 AND f.seq > ?3
               AND f.author_device IS NOT ?4 {condition}
             ORDER BY f.seq LIMIT ?5"
        ))?;
        let mut rows = statement.query(params![
            self.province,
            self.device.office_code,
            number(self.cursor),
            self.device.id.to_string(),
            self.limit + 1
        ])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (key, stored) = load::stored(row)?;
            let seq = count(row.get(13)?);
            let kind: String = row.get(14)?;
            // The feed was written for who was in scope then; what is sent is checked against now.
            let seen = stored.scope.is_seen_by(&self.device.office_code);
            let delivered = if kind == FeedKind::Left.code() {
                Some(left(seq, key, row)?)
            } else if !seen {
                None
            } else if kind == FeedKind::Whole.code() {
                Some(whole(seq, key, stored))
            } else {
                Some(change(seq, &stored, row)?)
            };
            found.push((seq, delivered));
        }
        Ok(found)
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
fn left(seq: u64, (entity, entity_id): Key, row: &Row) -> Result<Delivered, LedgerError> {
    let change: Option<String> = row.get(15)?;
    let taken_by = match change {
        Some(change) => {
            let change: Change = read(&change)?;
            LastAct {
                action: change.action,
                actor_name: change.actor_name,
                claimed_at: change.claimed_at,
            }
        }
        // A part of a case that went with it.
        None => LastAct {
            action: ActionKind::CaseRefer,
            ..LastAct::default()
        },
    };
    Ok(Delivered {
        seq,
        entity,
        entity_id,
        fields: Map::new(),
        whole: false,
        left: true,
        action: taken_by.action,
        actor_name: taken_by.actor_name,
        claimed_at: taken_by.claimed_at,
    })
}

/// The fields that a logged change wrote and that still stand. What was in conflict was never written;
/// what was written over since comes under its later sequence, or is the device's own and must not be
/// undone by a row that it hears later. A change that made the record tells all that stands of it: of two
/// desks that made the same village the second wrote over what the first had said, and whoever hears of
/// the first alone would have a village without a code.
fn change(seq: u64, stored: &Stored, row: &Row) -> Result<Delivered, LedgerError> {
    let change: Change = read(&row.get::<_, String>(15)?)?;
    let outcome: Outcome = read(&row.get::<_, String>(16)?)?;
    let mut fields = change.fields;
    if fields.contains_key("id") {
        fields.clone_from(&stored.body);
    } else {
        fields.retain(|name, _| {
            let stands = stored
                .versions
                .get(name)
                .is_none_or(|(written, _)| *written <= seq);
            stands && !outcome.theirs.contains_key(name)
        });
    }
    Ok(Delivered {
        seq,
        entity: change.entity,
        entity_id: change.entity_id,
        fields,
        whole: false,
        left: false,
        action: change.action,
        actor_name: change.actor_name,
        claimed_at: change.claimed_at,
    })
}
