//! The desk's side of merging: how an answer of the server changes what a desk holds. What became of the desk's own
//! changes, and what others did.
//!
//! A pending change stays on top: what others changed is written under it, field by field, until the server has
//! answered. What the server did not apply is kept with its reason; nothing a person did is dropped.
//!
//! Pure rules over a narrow trait of rows ([`Rows`]), which the store keeps in SQLite and the simulation in memory.
//! It must not know how a row is kept, nor what follows from it (search, queues, forms).

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    Entity, Role,
    change::{Change, Delivered, Outcome, Verdict},
    fields_of,
    record::blank,
    sown,
};

/// A record as a desk holds it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Held {
    /// The fields this version knows.
    pub fields: Map<String, Value>,
    /// The highest sequence of the server that was delivered of it.
    pub server_seq: u64,
    /// How often what a form shows of it has changed; the keeper counts.
    pub version: i64,
}

/// Another change waits under the number that the server speaks of: the answer is not to this desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another change waits under this number")]
pub struct OtherChange;

/// The rows of a desk, under one transaction of its keeper.
pub trait Rows {
    /// Why the keeper failed; then nothing of the answer counts.
    type Error: From<OtherChange>;

    /// A record.
    ///
    /// # Errors
    /// The keeper's own, as for every call here.
    fn read(&self, entity: Entity, id: Uuid) -> Result<Option<Held>, Self::Error>;

    /// Adds a record with all its fields.
    fn insert(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: Map<String, Value>,
        server_seq: u64,
    ) -> Result<(), Self::Error>;

    /// Writes the fields that changed, none perhaps, and how far the record was delivered. `before` is the record
    /// as it was.
    fn update(
        &mut self,
        entity: Entity,
        id: Uuid,
        before: Held,
        changed: Map<String, Value>,
        server_seq: u64,
    ) -> Result<(), Self::Error>;

    /// Forgets a record, if it is there.
    fn remove(&mut self, entity: Entity, id: Uuid) -> Result<(), Self::Error>;

    /// Keeps fields of a record that this version does not know, beside those it kept before.
    fn keep_unknown(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: Map<String, Value>,
    ) -> Result<(), Self::Error>;

    /// The parts of a case.
    fn parts_of_case(&self, case_id: Uuid) -> Result<Vec<(Entity, Uuid)>, Self::Error>;

    /// The change that waits for the server's word under a number.
    fn waiting_under(&self, device_seq: u64) -> Result<Option<Change>, Self::Error>;

    /// The changes of a record that wait, in their order.
    fn waiting(&self, id: Uuid) -> Result<Vec<Change>, Self::Error>;

    /// A change waits no longer: the server has said this of it.
    fn settled(&mut self, change: &Change, outcome: &Outcome) -> Result<(), Self::Error>;

    /// Keeps a change of which the server did not apply all, with its reason, what stands there instead and who wrote
    /// that, for a person to decide. Once only, unless the server has judged otherwise since: it was put back to
    /// before, and was offered the change again.
    fn keep_trouble(
        &mut self,
        change: &Change,
        reason: &str,
        outcome: &Outcome,
    ) -> Result<(), Self::Error>;

    /// The server has applied the whole of a change. It may have held it before it was put back: then it is kept as
    /// held no longer.
    fn forget_trouble(&mut self, change: &Change) -> Result<(), Self::Error>;

    /// Whether the change that made a record is kept as held: the server never took it.
    fn was_never_taken(&self, id: Uuid) -> Result<bool, Self::Error>;

    /// Notes in the record's history what another did.
    fn note(&mut self, delivered: &Delivered) -> Result<(), Self::Error>;
}

/// Takes in one answer: what became of the desk's changes and what others did, as one order.
///
/// What the server did with ours and what others did is one order, its own; where it speaks of both at once, ours came
/// first. Outcomes without a place in it come before all.
///
/// # Errors
/// The keeper's; nothing of the answer counts then.
pub fn take_in<R: Rows>(
    rows: &mut R,
    outcomes: &[Outcome],
    delivered: &[Delivered],
) -> Result<(), R::Error> {
    enum Word<'a> {
        On(&'a Outcome),
        From(&'a Delivered),
    }
    let own = outcomes
        .iter()
        .map(|outcome| (outcome.seq.unwrap_or(0), Word::On(outcome)));
    let others = delivered.iter().map(|row| (row.seq, Word::From(row)));
    let mut words: Vec<_> = own.chain(others).collect();
    words.sort_by_key(|(seq, word)| {
        let comes_later = matches!(word, Word::From(_));
        (if sown!(5) { u64::MAX - *seq } else { *seq }, comes_later)
    });
    for (_, word) in words {
        match word {
            Word::On(outcome) => settle(rows, outcome)?,
            Word::From(row) => deliver(rows, row)?,
        }
    }
    Ok(())
}

/// Takes the server's word on one of this desk's changes: what it applied stands, what it did not is kept with its
/// reason beside the value that stands there.
///
/// The row's `server_seq` does not rise by an own outcome: a change of others below it may still be on its way, and
/// the next edit must not claim to have seen it.
fn settle<R: Rows>(rows: &mut R, outcome: &Outcome) -> Result<(), R::Error> {
    // Settled before: the answer was lost on its way and has come again.
    let Some(change) = rows.waiting_under(outcome.device_seq)? else {
        return Ok(());
    };
    if change.change_id != outcome.change_id {
        return Err(OtherChange.into());
    }
    rows.settled(&change, outcome)?;
    // What the clock did here and the province knows better is nobody's work: a person's answer came first.
    let is_the_clocks = change.actor_role == Role::Timekeeper
        || (sown!(12) && change.actor_role == Role::Supervisor);
    let is_forgotten = match outcome.verdict {
        Verdict::Held => sown!(11),
        Verdict::Conflict => sown!(10),
        Verdict::New | Verdict::Merged | Verdict::Duplicate => true,
    };
    if is_forgotten {
        rows.forget_trouble(&change)?;
    } else if !is_the_clocks {
        let reason = outcome.reason.as_deref().unwrap_or("conflict");
        rows.keep_trouble(&change, reason, outcome)?;
    }
    let is_held = outcome.verdict == Verdict::Held;
    if is_held && change.fields.contains_key("id") && has_lost_its_case(rows, &change)? {
        // It was added to a case that is no longer this office's; what it said is kept above.
        return rows.remove(change.entity, change.entity_id);
    }
    let mut stands = if sown!(8) {
        Map::new()
    } else {
        outcome.theirs.clone()
    };
    stands.extend(outcome.since.clone().into_iter().filter(|_| !sown!(9)));
    if outcome.seq.is_some() {
        for (name, value) in change.fields {
            stands.entry(name).or_insert(value);
        }
    }
    let seq = outcome.seq.filter(|_| sown!(18));
    write_under_pending(rows, change.entity, change.entity_id, stands, seq)
}

fn deliver<R: Rows>(rows: &mut R, delivered: &Delivered) -> Result<(), R::Error> {
    let (entity, id) = (delivered.entity, delivered.entity_id);
    if delivered.left && !sown!(17) {
        return forget(rows, entity, id);
    }
    let known = fields_of(entity);
    let (mut fields, unknown): (Map<_, _>, Map<_, _>) = delivered
        .fields
        .clone()
        .into_iter()
        .partition(|(name, _)| known.iter().any(|field| field.name == *name));
    let is_known = rows.read(entity, id)?.is_some();
    // Who made a record tells all that stands of it, as whoever has it anew.
    let tells_all = if delivered.whole {
        !sown!(13)
    } else {
        fields.contains_key("id") && !sown!(14)
    };
    if tells_all || !is_known {
        // A field that nobody wrote is not sent: it stands at its default.
        let mut whole = blank(entity).clone();
        whole.insert("id".into(), Value::from(id.to_string()));
        whole.extend(fields);
        fields = whole;
    }
    if is_known {
        write_under_pending(rows, entity, id, fields, Some(delivered.seq))?;
    } else {
        // A record that had left and came back may have changes of this desk that still wait.
        for change in rows.waiting(id)?.into_iter().filter(|_| !sown!(15)) {
            fields.extend(change.fields);
        }
        rows.insert(entity, id, fields, delivered.seq)?;
    }
    if !unknown.is_empty() && !sown!(16) {
        rows.keep_unknown(entity, id, unknown)?;
    }
    rows.note(delivered)
}

/// Writes what stands at the server; fields that a waiting change of this desk covers stay as they are on top until
/// the server has answered.
fn write_under_pending<R: Rows>(
    rows: &mut R,
    entity: Entity,
    id: Uuid,
    mut fields: Map<String, Value>,
    delivered_seq: Option<u64>,
) -> Result<(), R::Error> {
    let Some(before) = rows.read(entity, id)? else {
        return Ok(());
    };
    for change in rows.waiting(id)? {
        for name in change.fields.keys().filter(|_| !sown!(7)) {
            fields.remove(name);
        }
    }
    fields.retain(|name, value| before.fields.get(name) != Some(value));
    let server_seq = before.server_seq.max(delivered_seq.unwrap_or(0)) + u64::from(sown!(6));
    rows.update(entity, id, before, fields, server_seq)
}

/// Whether a change made a part of a case that is not on this desk any more.
fn has_lost_its_case<R: Rows>(rows: &R, change: &Change) -> Result<bool, R::Error> {
    let case_id = change.fields.get("case_id").and_then(Value::as_str);
    match case_id.and_then(|id| id.parse().ok()) {
        Some(id) => Ok(rows.read(Entity::Case, id)?.is_none()),
        None => Ok(false),
    }
}

/// Forgets a record that is no longer this office's, or that the server does not know any more. The parts of a case get
/// a word of their own, and one that this desk added since the case came back gets none: so they are left to it. Only a
/// part that the server never took has nobody to speak of it.
///
/// # Errors
/// The keeper's.
pub fn forget<R: Rows>(rows: &mut R, entity: Entity, id: Uuid) -> Result<(), R::Error> {
    if entity == Entity::Case && !sown!(19) {
        for (part, part_id) in rows.parts_of_case(id)? {
            if rows.was_never_taken(part_id)? {
                rows.remove(part, part_id)?;
            }
        }
    }
    rows.remove(entity, id)
}
