//! A JSON value by itself: what lies inside lists and objects, and what no column does better.
//!
//! A byte that says what follows: 0 null, 1 false, 2 true, 3 text, 4 a whole number as a step from
//! 0, 5 a whole number over `i64`, 6 a number with a fraction as its 8 bytes (IEEE 754, highest
//! first), 7 a list: count and values, 8 an object: count, and for each member text and value, 9 an
//! id: its place in the table.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value};
use uuid::Uuid;

use super::{
    budget::Budget,
    ids::{IdIndex, id_of},
    text::{put_text, read_text},
};
use crate::{
    WireError,
    bytes::{Input, put_number, put_step},
    limits,
};

/// Gathers the ids of a value.
pub(super) fn gather_ids(value: &Value, ids: &mut BTreeSet<Uuid>) {
    match value {
        Value::String(text) => ids.extend(id_of(text)),
        Value::Array(values) => values.iter().for_each(|each| gather_ids(each, ids)),
        Value::Object(members) => members.values().for_each(|each| gather_ids(each, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Appends a value.
pub(super) fn put_plain(out: &mut Vec<u8>, value: &Value, ids: &IdIndex) {
    match value {
        Value::Null => out.push(0),
        Value::Bool(false) => out.push(1),
        Value::Bool(true) => out.push(2),
        Value::String(text) => match id_of(text) {
            Some(id) => {
                out.push(9);
                put_number(out, ids.of(id));
            }
            None => {
                out.push(3);
                put_text(out, text);
            }
        },
        Value::Number(number) => put_plain_number(out, number),
        Value::Array(values) => {
            out.push(7);
            put_number(out, values.len() as u64);
            for each in values {
                put_plain(out, each, ids);
            }
        }
        Value::Object(members) => {
            out.push(8);
            put_number(out, members.len() as u64);
            for (name, each) in members {
                put_text(out, name);
                put_plain(out, each, ids);
            }
        }
    }
}

fn put_plain_number(out: &mut Vec<u8>, number: &Number) {
    if let Some(whole) = number.as_i64() {
        out.push(4);
        put_step(out, 0, whole.cast_unsigned());
    } else if let Some(large) = number.as_u64() {
        out.push(5);
        put_number(out, large);
    } else {
        out.push(6);
        // A number of JSON that is not whole is an f64: nothing else can be in there.
        let fraction = number.as_f64().unwrap_or_default();
        out.extend_from_slice(&fraction.to_be_bytes());
    }
}

/// See [`put_plain`].
pub(super) fn read_plain(
    input: &mut Input,
    ids: &[Uuid],
    budget: &mut Budget,
) -> Result<Value, WireError> {
    read_nested(input, ids, budget, limits::NESTED_MAX)
}

fn read_nested(
    input: &mut Input,
    ids: &[Uuid],
    budget: &mut Budget,
    depth: u8,
) -> Result<Value, WireError> {
    budget.value(0)?;
    let deeper = |depth: u8| depth.checked_sub(1).ok_or(WireError::Malformed);
    Ok(match input.byte()? {
        0 => Value::Null,
        1 => Value::Bool(false),
        2 => Value::Bool(true),
        3 => {
            let text = read_text(input)?;
            budget.bytes(text.len())?;
            Value::String(text)
        }
        4 => Value::from(input.step(0)?.cast_signed()),
        5 => Value::from(input.number()?),
        6 => fraction(f64::from_be_bytes(input.array()?))?,
        7 => {
            let depth = deeper(depth)?;
            let count = input.count()?;
            (0..count)
                .map(|_| read_nested(input, ids, budget, depth))
                .collect::<Result<_, _>>()
                .map(Value::Array)?
        }
        8 => {
            let depth = deeper(depth)?;
            let mut members = Map::new();
            for _ in 0..input.count()? {
                let name = read_text(input)?;
                budget.value(name.len())?;
                let value = read_nested(input, ids, budget, depth)?;
                if members.insert(name, value).is_some() {
                    return Err(WireError::Malformed);
                }
            }
            Value::Object(members)
        }
        9 => Value::String(id_at(ids, input.number()?)?.to_string()),
        _ => return Err(WireError::Malformed),
    })
}

/// The id at a place of the table.
pub(super) fn id_at(ids: &[Uuid], place: u64) -> Result<Uuid, WireError> {
    let id = usize::try_from(place).ok().and_then(|place| ids.get(place));
    id.copied().ok_or(WireError::Malformed)
}

/// A number with a fraction; infinities and what is no number are not JSON.
pub(super) fn fraction(number: f64) -> Result<Value, WireError> {
    let number = Number::from_f64(number).ok_or(WireError::Malformed)?;
    Ok(Value::Number(number))
}
