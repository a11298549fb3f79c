//! What a batch leads to: which fields are written, what is held, who is told. Pure: the ledger lays
//! the book open, this decides, the ledger keeps what was decided, all in one transaction.
//!
//! It must not know a database, a clock, or HTTP.

use std::collections::BTreeMap;

use jitasa_domain::{
    ActionKind, Entity,
    change::{Author, Change, Outcome, Verdict},
    merge::{Merged, merge},
    sown,
};
use jitasa_protocol::{Code, Hash, Problem, link};
use serde_json::{Map, Value};

use crate::{
    book::{
        Book, ConfirmedDevice, Entry, FeedKind, FeedRow, Kept, Key, LastAct, Scope, Stored, Taken,
    },
    check::{self, Reason},
};

/// A run of changes, and what its device says of the whole.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// In the order of `device_seq`, without a gap inside.
    pub changes: &'a [Change],
    /// The device's chain before the first; none from a device of protocol 1, which keeps no chain.
    pub previous: Option<Hash>,
    /// Base versions above this were seen in an epoch that is over: what its author had seen after it is not known here.
    pub base_cap: Option<u64>,
}

/// Takes a run of changes into the book.
///
/// A change that was seen before gets the answer it got then. A change that may not be applied is
/// kept with its reason and does not block those behind it.
///
/// # Errors
/// `gap` with the number that is missing, or `device_forked` when a number comes again with another
/// change, or after another history. The book is then of no further use: nothing of the batch counts.
pub fn absorb(book: &mut Book, device: &ConfirmedDevice, run: Run<'_>) -> Result<Taken, Problem> {
    let mut taken = Taken {
        device_seq: device.last_seq,
        link: device.link,
        ..Taken::default()
    };
    let mut chain = chain_before(book, device, run)?;
    for change in run.changes {
        let is_next = change.device_seq == taken.device_seq + 1;
        if change.device_seq > taken.device_seq && !is_next {
            return Err(gap(taken.device_seq));
        }
        chain = link(&chain, change);
        if let Some(known) = book.links.get(&change.device_seq)
            && run.previous.is_some()
            && *known != chain
            && !sown!(22)
        {
            return Err(Code::DeviceForked.into());
        }
        let earlier = book.outcomes.get(&change.change_id).cloned();
        let outcome = match earlier {
            Some((office, outcome)) if office == device.office_code && !sown!(20) => {
                // Also when another device of the office sent it: a desk that enrolled anew offers
                // its whole outbox again.
                given_again(book, device, change, outcome)
            }
            Some(_) => {
                let outcome = held(change, check::CHANGE_ID_TAKEN, Map::new());
                if is_next {
                    taken.kept.push(kept(book.head, change, &outcome));
                }
                outcome
            }
            None if is_next => {
                // A device of protocol 1 keeps no chain: nothing is to be compared with one it begins later.
                let link = run.previous.map(|_| chain).unwrap_or_default();
                take(book, device, change, run.base_cap, link, &mut taken)
            }
            None => return Err(Code::DeviceForked.into()),
        };
        if change.device_seq >= taken.device_seq {
            taken.device_seq = change.device_seq;
            taken.link = run.previous.map(|_| chain);
        }
        taken.outcomes.push(outcome);
    }
    Ok(taken)
}

/// The answer a change got first, with what has come over it since.
fn given_again(
    book: &Book,
    device: &ConfirmedDevice,
    change: &Change,
    outcome: Outcome,
) -> Outcome {
    let mut again = Outcome {
        device_seq: change.device_seq,
        ..outcome
    };
    if sown!(21) {
        again.verdict = Verdict::Duplicate;
    }
    let record = book
        .records
        .get(&(change.entity, change.entity_id))
        .filter(|record| record.scope.is_seen_by(&device.office_code));
    if let Some(record) = record {
        again.theirs = standing(change.entity, record, again.theirs.keys());
        let written_over = change.fields.keys().filter(|name| {
            let written = record.versions.get(*name).map(|(seq, _)| *seq);
            !again.theirs.contains_key(*name) && again.seq.is_some() && written > again.seq
        });
        again.since = standing(change.entity, record, written_over);
    }
    again
}

/// What the device's chain was before the run: as it says, when nothing here says otherwise.
fn chain_before(book: &Book, device: &ConfirmedDevice, run: Run<'_>) -> Result<Hash, Problem> {
    let Some(first) = run.changes.first() else {
        return Ok(Hash::default());
    };
    let before = first.device_seq - 1;
    if before > device.last_seq {
        return Err(gap(device.last_seq));
    }
    let known = if before == device.last_seq {
        device.link
    } else {
        book.links.get(&before).copied()
    };
    match (run.previous, known) {
        (Some(previous), Some(known)) if previous != known && !sown!(22) => {
            Err(Code::DeviceForked.into())
        }
        (Some(previous), _) => Ok(previous),
        (None, known) => Ok(known.unwrap_or_default()),
    }
}

fn gap(held_up_to: u64) -> Problem {
    Problem {
        expected: Some(held_up_to + 1),
        ..Code::Gap.into()
    }
}

fn take(
    book: &mut Book,
    device: &ConfirmedDevice,
    change: &Change,
    base_cap: Option<u64>,
    chain: Hash,
    taken: &mut Taken,
) -> Outcome {
    let seq = book.next_seq();
    let checked = if check::follows_one_of(&taken.not_taken, change) {
        Err(check::FOLLOWS_HELD)
    } else {
        check::check(book, device, change)
    };
    let outcome = match checked {
        Err(reason) => held(change, reason, what_they_may_see(book, device, change)),
        Ok(()) => {
            let base = change
                .base_version
                .min(base_cap.filter(|_| !sown!(23)).unwrap_or(u64::MAX));
            let writer = Writer {
                device,
                hears_himself: base_cap.is_some() && !sown!(49),
            };
            write(book, writer, change, base, seq, taken)
        }
    };
    if matches!(outcome.verdict, Verdict::Held | Verdict::Conflict) {
        taken.kept.push(kept(seq, change, &outcome));
        taken.not_taken.extend(check::step_of(book, change));
    }
    book.outcomes.insert(
        change.change_id,
        (device.office_code.clone(), outcome.clone()),
    );
    taken.entries.push(Entry {
        seq,
        change: change.clone(),
        outcome: outcome.clone(),
        link: chain,
    });
    outcome
}

fn held(change: &Change, reason: Reason, theirs: Map<String, Value>) -> Outcome {
    Outcome {
        change_id: change.change_id,
        device_seq: change.device_seq,
        verdict: Verdict::Held,
        seq: None,
        reason: Some(reason.to_string()),
        theirs,
        theirs_by: BTreeMap::new(),
        since: Map::new(),
    }
}

fn kept(seq: u64, change: &Change, outcome: &Outcome) -> Kept {
    let is_held = outcome.verdict == Verdict::Held;
    let mut ours = change.fields.clone();
    if !is_held {
        ours.retain(|name, _| outcome.theirs.contains_key(name));
    }
    Kept {
        seq,
        change: change.clone(),
        reason: outcome
            .reason
            .clone()
            .unwrap_or_else(|| "conflict".to_string()),
        ours,
        theirs: outcome.theirs.clone(),
    }
}

/// What stands in the fields of a held change, so that its desk can show it again; nothing of a
/// record that is not the office's to see.
fn what_they_may_see(book: &Book, device: &ConfirmedDevice, change: &Change) -> Map<String, Value> {
    match book.records.get(&(change.entity, change.entity_id)) {
        Some(stored) if stored.scope.is_seen_by(&device.office_code) => {
            standing(change.entity, stored, change.fields.keys())
        }
        _ => Map::new(),
    }
}

fn standing<'a>(
    entity: Entity,
    stored: &Stored,
    names: impl Iterator<Item = &'a String>,
) -> Map<String, Value> {
    names
        .map(|name| (name.clone(), check::standing(entity, &stored.body, name)))
        .collect()
}

/// Whose change is written.
#[derive(Clone, Copy)]
struct Writer<'a> {
    device: &'a ConfirmedDevice,
    /// The change was made before the server was put back: his record may hold what others wrote in the order that is
    /// over, and it is told what stands, like anybody else's.
    hears_himself: bool,
}

/// Merges a lawful change into its record and tells the offices.
fn write(
    book: &mut Book,
    writer: Writer<'_>,
    change: &Change,
    base: u64,
    seq: u64,
    taken: &mut Taken,
) -> Outcome {
    let device = writer.device;
    let key = (change.entity, change.entity_id);
    let existing = book.records.get(&key);
    let before = existing.map(|stored| stored.scope.clone());
    let mut record = existing
        .cloned()
        .unwrap_or_else(|| a_new_record(change, device));

    let elsewhere = record
        .versions
        .values()
        .any(|(seq, author)| *seq > base && *author != device.id);
    let mut merged = merge(
        &record.body,
        &record.versions,
        &change.fields,
        base,
        device.id,
    );
    if record.last.action == ActionKind::OffersExpire || sown!(4) {
        // What the clock wrote on another desk gives way to a person's answer, which is lawful from there.
        merged.give_way(|name| {
            record
                .versions
                .get(name)
                .is_some_and(|(written, _)| *written == record.last_seq)
        });
    }
    let Merged { apply, conflicts } = merged.kept_together(change.entity, &record.body);
    let theirs = standing(change.entity, &record, conflicts.keys());
    let theirs_by = authors_of(&record, conflicts.keys());
    let verdict = match (conflicts.is_empty(), elsewhere) {
        (false, _) => Verdict::Conflict,
        (true, true) => Verdict::Merged,
        (true, false) => Verdict::New,
    };
    let applied = !apply.is_empty() || conflicts.is_empty();
    if !apply.is_empty() {
        for (name, value) in apply {
            record.versions.insert(name.clone(), (seq, device.id));
            record.body.insert(name, value);
        }
        record.authors.insert(seq, author_of(device, change));
        record.forget_authors();
        record.only_device = record.only_device.filter(|only| *only == device.id);
        record.last = LastAct {
            action: change.action,
            actor_name: change.actor_name.clone(),
            claimed_at: change.claimed_at,
        };
        settle(book, key, record, before.as_ref(), seq, writer, taken);
    }
    Outcome {
        change_id: change.change_id,
        device_seq: change.device_seq,
        verdict,
        seq: applied.then_some(seq),
        reason: None,
        theirs,
        theirs_by,
        since: Map::new(),
    }
}

fn author_of(device: &ConfirmedDevice, change: &Change) -> Author {
    Author {
        actor_name: change.actor_name.clone(),
        office_code: device.office_code.clone(),
        claimed_at: change.claimed_at,
    }
}

/// Who wrote the values that stand in some fields, where it is known.
fn authors_of<'a>(
    stored: &Stored,
    names: impl Iterator<Item = &'a String>,
) -> BTreeMap<String, Author> {
    names
        .filter_map(|name| {
            let (seq, _) = stored.versions.get(name)?;
            Some((name.clone(), stored.authors.get(seq)?.clone()))
        })
        .collect()
}

fn a_new_record(change: &Change, device: &ConfirmedDevice) -> Stored {
    let mut record = Stored {
        only_device: Some(device.id),
        ..Stored::default()
    };
    record
        .body
        .insert("id".into(), change.entity_id.to_string().into());
    record
}

/// Puts a written record back into the book: whose it is now, and who has to hear of it.
fn settle(
    book: &mut Book,
    key: Key,
    mut record: Stored,
    before: Option<&Scope>,
    seq: u64,
    writer: Writer<'_>,
    taken: &mut Taken,
) {
    if let Ok(place) = check::place_of(book, key.0, &record.body) {
        record.scope = place.scope;
        record.area_code = place.area_code;
        record.case_id = place.case_id;
    }
    record.last_seq = seq;
    record.dirty = true;
    if let Some(before) = before.filter(|_| !sown!(24)) {
        add(&mut taken.sums, before, record.sum.wrapping_neg());
    }
    record.sum = record.summed(key);
    add(&mut taken.sums, &record.scope, record.sum);
    if let Some(case_id) = record.case_id {
        book.parts.entry(case_id).or_default().insert(key);
    }
    let after = record.scope.clone();
    book.records.insert(key, record);
    tell(book, key, before, &after, seq, Some(writer), taken);
    if key.0 == Entity::Case && before != Some(&after) && !sown!(25) {
        hand_over_parts(book, key, &after, taken);
    }
}

fn add(sums: &mut BTreeMap<Scope, u64>, scope: &Scope, sum: u64) {
    let total = sums.entry(scope.clone()).or_default();
    *total = total.wrapping_add(sum);
}

/// The parts of a case go where the case goes, each under a fresh sequence, so that a desk that is
/// still fetching its whole scope meets them again.
fn hand_over_parts(book: &mut Book, case: Key, after: &Scope, taken: &mut Taken) {
    let parts = book.parts.get(&case.1).cloned().unwrap_or_default();
    for key in parts {
        let Some(part) = book.records.get(&key) else {
            continue;
        };
        if part.scope == *after {
            continue;
        }
        let before = part.scope.clone();
        let seq = book.next_seq();
        if let Some(part) = book.records.get_mut(&key) {
            part.scope = after.clone();
            part.last_seq = seq;
            part.only_device = None;
            part.dirty = true;
            add(&mut taken.sums, &before, part.sum.wrapping_neg());
            add(&mut taken.sums, after, part.sum);
        }
        tell(book, key, Some(&before), after, seq, None, taken);
    }
}

/// Writes the feed rows of one record. `author` wrote the change under `seq`;
/// none when the record only changed hands.
fn tell(
    book: &Book,
    key: Key,
    before: Option<&Scope>,
    after: &Scope,
    seq: u64,
    author: Option<Writer<'_>>,
    taken: &mut Taken,
) {
    for office in &book.offices {
        let was = before.is_some_and(|scope| scope.is_seen_by(office));
        let is = after.is_seen_by(office);
        let kind = match (was, is) {
            (true, false) if !sown!(26) => FeedKind::Left,
            (false, true) if before.is_some() && !sown!(27) => FeedKind::Whole,
            (_, true) if author.is_some() => FeedKind::Change,
            _ => continue,
        };
        let author_device = match kind {
            FeedKind::Change => author
                .filter(|author| !author.hears_himself)
                .map(|author| author.device.id),
            FeedKind::Whole | FeedKind::Left => None,
        };
        taken.feed.push(FeedRow {
            office_code: office.clone(),
            seq,
            kind,
            key,
            author_device,
        });
    }
}

#[cfg(test)]
mod tests;
