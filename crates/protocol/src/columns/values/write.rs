//! A column is written: of each value the form that leans most on what is known already.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
};

use serde_json::Value;
use uuid::Uuid;

use super::{
    ACTOR, AGAIN, Before, COUNTED, Context, FALSE, FRACTION, ID, LISTED, NEAR, NULL, OWN, PLAIN,
    TEXT, TIME, TRUE, WHOLE, read_fraction, split_number,
};
use crate::{
    bytes::{put_number, put_step},
    columns::{
        ids::{IdIndex, id_of},
        plain::put_plain,
        text::put_text,
    },
};

/// Steps of this size or less from the row's own id are written as such.
const NEAR_MAX: u64 = 32;

/// A value, and what it may lean on.
type Of<'a> = (&'a Value, Context);

/// One value in its form.
struct Written {
    form: u8,
    scale: u8,
    bytes: Vec<u8>,
}

/// Appends a column.
pub(in crate::columns) fn put_column(out: &mut Vec<u8>, values: &[Of], ids: &IdIndex) {
    match list(values) {
        None => put_runs(out, values, ids),
        Some((numbers, new)) => {
            out.push(LISTED);
            for number in numbers {
                put_number(out, number);
            }
            put_runs(out, &new, ids);
        }
    }
}

/// The column as a list of what is new in it and a number for each row, when values come again often.
fn list<'a>(values: &[Of<'a>]) -> Option<(Vec<u64>, Vec<Of<'a>>)> {
    let mut known: HashMap<(bool, Cow<str>), u64> = HashMap::new();
    let (mut numbers, mut new) = (Vec::new(), Vec::new());
    for (value, context) in values {
        let listable = match value {
            Value::String(text) => id_of(text).is_none(),
            Value::Number(_) => false,
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => true,
        };
        if !listable {
            return None;
        }
        let next = known.len() as u64 + 1;
        match known.entry(spelling(value)) {
            Entry::Occupied(same) => numbers.push(*same.get()),
            Entry::Vacant(free) => {
                free.insert(next);
                numbers.push(0);
                new.push((*value, *context));
            }
        }
    }
    (new.len() > 1 && new.len() * 4 <= values.len() * 3).then_some((numbers, new))
}

/// How a value is written in JSON, and whether it is text: 0.0 and -0.0 are equal and yet not the
/// same, as are objects in another order.
fn spelling(value: &Value) -> (bool, Cow<'_, str>) {
    match value {
        Value::String(text) => (true, Cow::Borrowed(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            (false, Cow::Owned(value.to_string()))
        }
    }
}

fn put_runs(out: &mut Vec<u8>, values: &[Of], ids: &IdIndex) {
    let last = values.last().map(|(value, _)| spelling(value));
    let is_last = |value: &Value| last.as_ref() == Some(&spelling(value));
    let same_to_the_end = values
        .iter()
        .rposition(|(value, _)| !is_last(value))
        .map_or(0, |differs| differs + 1);
    let mut before = Before::default();
    let written: Vec<Written> = values
        .iter()
        .enumerate()
        .map(|(at, (value, context))| {
            if at > same_to_the_end {
                Written::bare(AGAIN)
            } else {
                before.write(value, *context, ids)
            }
        })
        .collect();
    for run in written.chunk_by(|a, b| (a.form, a.scale) == (b.form, b.scale)) {
        let more = run.len() - 1;
        out.push(run[0].form | u8::try_from(more.min(15)).unwrap_or(15) << 4);
        if more >= 15 {
            put_number(out, more as u64 - 15);
        }
        if run[0].form == FRACTION {
            out.push(run[0].scale);
        }
        for each in run {
            out.extend_from_slice(&each.bytes);
        }
    }
}

impl Written {
    const fn bare(form: u8) -> Self {
        Self {
            form,
            scale: 0,
            bytes: Vec::new(),
        }
    }

    fn step(form: u8, from: u64, to: u64) -> Self {
        let mut written = Self::bare(form);
        put_step(&mut written.bytes, from, to);
        written
    }
}

impl Before {
    fn write(&mut self, value: &Value, context: Context, ids: &IdIndex) -> Written {
        match value {
            Value::Null => Written::bare(NULL),
            Value::Bool(false) => Written::bare(FALSE),
            Value::Bool(true) => Written::bare(TRUE),
            Value::String(text) => match id_of(text) {
                Some(id) => self.write_id(id, context, ids),
                None => self.write_text(text),
            },
            Value::Number(number) => {
                if let Some(whole) = number.as_i64() {
                    return write_whole(whole, context);
                }
                let fraction = number.as_f64().filter(|_| number.is_f64());
                fraction
                    .and_then(|fraction| self.write_fraction(fraction))
                    .unwrap_or_else(|| written_plain(value, ids))
            }
            Value::Array(_) | Value::Object(_) => written_plain(value, ids),
        }
    }

    fn write_id(&mut self, id: Uuid, context: Context, ids: &IdIndex) -> Written {
        if id == context.own {
            return Written::bare(OWN);
        }
        if Some(id) == context.actor {
            return Written::bare(ACTOR);
        }
        let place = ids.of(id);
        let before = std::mem::replace(&mut self.place, place);
        if place != before && place.abs_diff(context.place) <= NEAR_MAX {
            Written::step(NEAR, context.place, place)
        } else {
            Written::step(ID, before, place)
        }
    }

    fn write_text(&mut self, text: &str) -> Written {
        let mut whole = Written::bare(TEXT);
        put_text(&mut whole.bytes, text);
        let (start, number) = split_number(text);
        let (start_before, number_before) = split_number(&self.text);
        let counted = (start == start_before && number.len() == number_before.len())
            .then(|| Some((number_before.parse().ok()?, number.parse().ok()?)))
            .flatten()
            .map(|(from, to)| Written::step(COUNTED, from, to))
            .filter(|counted| counted.bytes.len() + 2 <= whole.bytes.len());
        text.clone_into(&mut self.text);
        counted.unwrap_or(whole)
    }

    /// `None` when decimal digits do not give it back exactly.
    fn write_fraction(&mut self, number: f64) -> Option<Written> {
        let shortest = number.to_string();
        let (whole, behind) = shortest.split_once('.').unwrap_or((&shortest, ""));
        let own_scale = u8::try_from(behind.len()).ok()?;
        // Trailing zeros make the digits of a run comparable: 16.3 among 16.301 is 16300 as well.
        let scale = own_scale.max(self.scale);
        let zeros = "0".repeat(usize::from(scale - own_scale));
        let digits: i64 = format!("{whole}{behind}{zeros}").parse().ok()?;
        if read_fraction(digits, scale).map(f64::to_bits) != Some(number.to_bits()) {
            return None;
        }
        let mut written = Written::step(FRACTION, self.digits, digits.cast_unsigned());
        written.scale = scale;
        self.scale = scale;
        self.digits = digits.cast_unsigned();
        Some(written)
    }
}

fn write_whole(whole: i64, context: Context) -> Written {
    let time = Written::step(
        TIME,
        context.claimed_at.cast_unsigned(),
        whole.cast_unsigned(),
    );
    let whole = Written::step(WHOLE, 0, whole.cast_unsigned());
    if time.bytes.len() < whole.bytes.len() {
        time
    } else {
        whole
    }
}

fn written_plain(value: &Value, ids: &IdIndex) -> Written {
    let mut written = Written::bare(PLAIN);
    put_plain(&mut written.bytes, value, ids);
    written
}
