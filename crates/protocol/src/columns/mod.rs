//! Changes and deliveries as bytes: everything that is alike lies together, so that little of it is
//! left to say and what is left compresses well.
//!
//! A section begins with a byte for the version of this form (1) and a byte for what it holds: 1
//! changes, 2 deliveries. Then, in this order:
//!
//! | part | changes | deliveries |
//! |---|---|---|
//! | how many rows | number | number |
//! | shapes | see `shapes` | the same |
//! | every id once | see `ids` | the same |
//! | people | how many; of each: place of the id, role as text, name as text | how many; of each: name as text |
//! | shape of each row | numbers (`numbers`), anchor 0: place among the shapes | the same |
//! | change's id | numbers, anchor 0: place among the ids | |
//! | act's id | numbers, anchor place of the change's id | |
//! | record's id | numbers, anchor place of the change's id | numbers, anchor 0 |
//! | person | numbers, anchor 0: place among the people | the same |
//! | when | numbers, anchor first 48 bits of the act's id | numbers, anchor first 48 bits of the record's id |
//! | place in order | numbers, anchor 0: `device_seq` | numbers, anchor 0: `seq` |
//! | more | numbers, anchor 0: `base_version` | numbers, anchor 0: 1 for whole, plus 2 for left |
//! | values | for each entity, for each of its names: a column (`values`) of the rows that have it | the same |
//!
//! `number` is LEB128; a step is the wrapping difference of two 64-bit numbers in zigzag form, as a
//! number. Text is described in `text`. Signed numbers count as their 64 bits. Nothing may follow.
//!
//! A reader takes any bytes: it answers rows or an error, and makes no more of them than
//! [`limits::ROWS_BYTES_MAX`](crate::limits::ROWS_BYTES_MAX). It need not refuse a longer form than
//! the writer's.

mod budget;
mod ids;
mod numbers;
mod plain;
mod rows;
mod shapes;
mod text;
mod values;

use jitasa_domain::{
    Role, Timestamp,
    change::{Change, Delivered},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use self::{
    budget::Budget,
    ids::{drawn_at, put_ids, read_ids},
    numbers::{put_numbers, read_numbers},
    plain::id_at,
    rows::{Head, Row, ids_of, put_fields, read_fields},
    shapes::Shapes,
    text::{put_text, read_text},
};
use crate::{
    WireError,
    bytes::{Input, put_number},
};

const VERSION: u8 = 1;
const CHANGES: u8 = 1;
const DELIVERED: u8 = 2;
const WHOLE: u64 = 1;
const LEFT: u64 = 2;

/// What the fields of a row take in memory, roughly and in bytes, and so what its reader pays for them: a list of
/// nothing but zeros takes thirty times what it is in JSON.
#[must_use]
pub fn weight(fields: &Map<String, Value>) -> usize {
    fields
        .iter()
        .map(|(name, value)| name.len() + budget::weight(value))
        .sum()
}

/// Changes as bytes, in their order.
#[must_use]
pub fn write_changes(changes: &[Change]) -> Vec<u8> {
    let rows: Vec<Row> = changes
        .iter()
        .map(|change| Row {
            entity: change.entity,
            entity_id: change.entity_id,
            action: change.action,
            actor: Some(change.actor_id),
            claimed_at: change.claimed_at.0,
            fields: &change.fields,
        })
        .collect();
    let mut ids = ids_of(rows.iter().copied());
    for change in changes {
        ids.extend([change.change_id, change.act_id]);
    }
    let (shapes, shape_of) = shapes_of(&rows);
    let mut out = vec![VERSION, CHANGES];
    put_number(&mut out, rows.len() as u64);
    shapes.put(&mut out);
    let ids = put_ids(&mut out, &ids);
    let (people, person_of) = distinct(changes.iter().map(|change| {
        let name = change.actor_name.as_str();
        (change.actor_id, change.actor_role, name)
    }));
    put_number(&mut out, people.len() as u64);
    for (id, role, name) in people {
        put_number(&mut out, ids.of(id));
        put_text(&mut out, role.code());
        put_text(&mut out, name);
    }
    let of_each = |number: &dyn Fn(&Change) -> u64| changes.iter().map(number).collect::<Vec<_>>();
    let none = vec![0; changes.len()];
    let places = of_each(&|change| ids.of(change.change_id));
    put_numbers(&mut out, &shape_of, &none);
    put_numbers(&mut out, &places, &none);
    put_numbers(&mut out, &of_each(&|change| ids.of(change.act_id)), &places);
    let records = of_each(&|change| ids.of(change.entity_id));
    put_numbers(&mut out, &records, &places);
    put_numbers(&mut out, &person_of, &none);
    let claimed = of_each(&|change| change.claimed_at.0.cast_unsigned());
    let drawn = of_each(&|change| drawn_at(change.act_id));
    put_numbers(&mut out, &claimed, &drawn);
    put_numbers(&mut out, &of_each(&|change| change.device_seq), &none);
    put_numbers(&mut out, &of_each(&|change| change.base_version), &none);
    put_fields(&mut out, &rows, &shapes, &ids);
    out
}

/// Changes from bytes.
///
/// # Errors
/// When they are none; [`WireError::Unknown`] when they are of a newer program.
pub fn read_changes(bytes: &[u8]) -> Result<Vec<Change>, WireError> {
    let mut input = Input(bytes);
    let mut budget = Budget::new();
    let count = begin(&mut input, CHANGES, &mut budget)?;
    let shapes = Shapes::read(&mut input, &mut budget)?;
    let ids = read_ids(&mut input)?;
    let mut people = Vec::new();
    for _ in 0..input.count()? {
        let id = id_at(&ids, input.number()?)?;
        let role = Role::from_code(&read_text(&mut input)?);
        let role = role.ok_or(WireError::Unknown { what: "role" })?;
        people.push((id, role, read_text(&mut input)?));
    }
    let none = vec![0; count];
    let shape_of = read_numbers(&mut input, &none)?;
    let places = read_numbers(&mut input, &none)?;
    let acts = read_all_ids(&read_numbers(&mut input, &places)?, &ids)?;
    let records = read_numbers(&mut input, &places)?;
    let person_of = read_numbers(&mut input, &none)?;
    let drawn: Vec<u64> = acts.iter().map(|id| drawn_at(*id)).collect();
    let claimed = read_numbers(&mut input, &drawn)?;
    let numbers = read_numbers(&mut input, &none)?;
    let bases = read_numbers(&mut input, &none)?;
    let mut heads = Vec::new();
    for row in 0..count {
        let (actor, ..) = pick(&people, person_of[row])?;
        heads.push(Head {
            shape: pick(&shapes.shapes, shape_of[row])?,
            place: records[row],
            actor: Some(*actor),
            claimed_at: claimed[row].cast_signed(),
        });
    }
    let fields = read_fields(&mut input, &heads, &shapes, &ids, &mut budget)?;
    input.end()?;
    let mut changes = Vec::new();
    for (row, (head, fields)) in heads.iter().zip(fields).enumerate() {
        let (actor_id, actor_role, name) = pick(&people, person_of[row])?;
        budget.bytes(name.len())?;
        changes.push(Change {
            change_id: id_at(&ids, places[row])?,
            act_id: acts[row],
            action: head.shape.action,
            entity: shapes.entities[head.shape.entity].entity,
            entity_id: id_at(&ids, head.place)?,
            base_version: bases[row],
            fields,
            actor_id: *actor_id,
            actor_name: name.clone(),
            actor_role: *actor_role,
            device_seq: numbers[row],
            claimed_at: Timestamp(head.claimed_at),
        });
    }
    Ok(changes)
}

/// Deliveries as bytes, in their order.
#[must_use]
pub fn write_delivered(delivered: &[Delivered]) -> Vec<u8> {
    let rows: Vec<Row> = delivered
        .iter()
        .map(|each| Row {
            entity: each.entity,
            entity_id: each.entity_id,
            action: each.action,
            actor: None,
            claimed_at: each.claimed_at.0,
            fields: &each.fields,
        })
        .collect();
    let (shapes, shape_of) = shapes_of(&rows);
    let mut out = vec![VERSION, DELIVERED];
    put_number(&mut out, rows.len() as u64);
    shapes.put(&mut out);
    let ids = put_ids(&mut out, &ids_of(rows.iter().copied()));
    let (people, person_of) = distinct(delivered.iter().map(|each| each.actor_name.as_str()));
    put_number(&mut out, people.len() as u64);
    for name in people {
        put_text(&mut out, name);
    }
    let of_each =
        |number: &dyn Fn(&Delivered) -> u64| delivered.iter().map(number).collect::<Vec<_>>();
    let none = vec![0; delivered.len()];
    put_numbers(&mut out, &shape_of, &none);
    put_numbers(&mut out, &of_each(&|each| ids.of(each.entity_id)), &none);
    put_numbers(&mut out, &person_of, &none);
    let claimed = of_each(&|each| each.claimed_at.0.cast_unsigned());
    put_numbers(
        &mut out,
        &claimed,
        &of_each(&|each| drawn_at(each.entity_id)),
    );
    put_numbers(&mut out, &of_each(&|each| each.seq), &none);
    let flags = |each: &Delivered| u64::from(each.whole) * WHOLE + u64::from(each.left) * LEFT;
    put_numbers(&mut out, &of_each(&flags), &none);
    put_fields(&mut out, &rows, &shapes, &ids);
    out
}

/// Deliveries from bytes.
///
/// # Errors
/// When they are none; [`WireError::Unknown`] when they are of a newer program.
pub fn read_delivered(bytes: &[u8]) -> Result<Vec<Delivered>, WireError> {
    let mut input = Input(bytes);
    let mut budget = Budget::new();
    let count = begin(&mut input, DELIVERED, &mut budget)?;
    let shapes = Shapes::read(&mut input, &mut budget)?;
    let ids = read_ids(&mut input)?;
    let people: Vec<String> = (0..input.count()?)
        .map(|_| read_text(&mut input))
        .collect::<Result<_, _>>()?;
    let none = vec![0; count];
    let shape_of = read_numbers(&mut input, &none)?;
    let places = read_numbers(&mut input, &none)?;
    let person_of = read_numbers(&mut input, &none)?;
    let records = read_all_ids(&places, &ids)?;
    let drawn: Vec<u64> = records.iter().map(|id| drawn_at(*id)).collect();
    let claimed = read_numbers(&mut input, &drawn)?;
    let numbers = read_numbers(&mut input, &none)?;
    let flags = read_numbers(&mut input, &none)?;
    let mut heads = Vec::new();
    for row in 0..count {
        heads.push(Head {
            shape: pick(&shapes.shapes, shape_of[row])?,
            place: places[row],
            actor: None,
            claimed_at: claimed[row].cast_signed(),
        });
    }
    let fields = read_fields(&mut input, &heads, &shapes, &ids, &mut budget)?;
    input.end()?;
    let mut delivered = Vec::new();
    for (row, (head, fields)) in heads.iter().zip(fields).enumerate() {
        let name = pick(&people, person_of[row])?;
        budget.bytes(name.len())?;
        if flags[row] > WHOLE + LEFT {
            return Err(WireError::Malformed);
        }
        delivered.push(Delivered {
            seq: numbers[row],
            entity: shapes.entities[head.shape.entity].entity,
            entity_id: records[row],
            fields,
            whole: flags[row] & WHOLE != 0,
            left: flags[row] & LEFT != 0,
            action: head.shape.action,
            actor_name: name.clone(),
            claimed_at: Timestamp(head.claimed_at),
        });
    }
    Ok(delivered)
}

fn begin(input: &mut Input, what: u8, budget: &mut Budget) -> Result<usize, WireError> {
    if input.byte()? != VERSION {
        return Err(WireError::Unknown { what: "columns" });
    }
    if input.byte()? != what {
        return Err(WireError::Malformed);
    }
    let count = input.count()?;
    budget.bytes(count.saturating_mul(size_of::<Change>()))?;
    Ok(count)
}

fn shapes_of(rows: &[Row]) -> (Shapes, Vec<u64>) {
    Shapes::of(rows.iter().map(|row| (row.entity, row.action, row.fields)))
}

/// Each thing once, in the order in which it came first, and for each row which is its own.
fn distinct<T: PartialEq + Copy>(things: impl Iterator<Item = T>) -> (Vec<T>, Vec<u64>) {
    let mut all = Vec::new();
    let which = things
        .map(|thing| {
            let place = all.iter().position(|each| *each == thing);
            place.unwrap_or_else(|| {
                all.push(thing);
                all.len() - 1
            }) as u64
        })
        .collect();
    (all, which)
}

fn pick<T>(things: &[T], place: u64) -> Result<&T, WireError> {
    let thing = usize::try_from(place)
        .ok()
        .and_then(|place| things.get(place));
    thing.ok_or(WireError::Malformed)
}

fn read_all_ids(places: &[u64], ids: &[Uuid]) -> Result<Vec<Uuid>, WireError> {
    places.iter().map(|place| id_at(ids, *place)).collect()
}
