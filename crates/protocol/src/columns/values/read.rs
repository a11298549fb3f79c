//! A column is read.

use serde_json::Value;
use uuid::Uuid;

use super::{
    ACTOR, AGAIN, Before, COUNTED, Context, FALSE, FRACTION, ID, LISTED, NEAR, NULL, OWN, PLAIN,
    TEXT, TIME, TRUE, WHOLE, read_fraction, split_number,
};
use crate::{
    WireError,
    bytes::Input,
    columns::{
        budget::Budget,
        plain::{fraction, id_at, read_plain},
        text::read_text,
    },
};

/// Reads a column of as many values as there are rows.
pub(in crate::columns) fn read_column(
    input: &mut Input,
    rows: &[Context],
    ids: &[Uuid],
    budget: &mut Budget,
) -> Result<Vec<Value>, WireError> {
    if rows.is_empty() || input.0.first() != Some(&LISTED) {
        return read_runs(input, rows.iter().copied().map(Some), ids, budget);
    }
    let _ = input.byte()?;
    budget.bytes(rows.len().saturating_mul(size_of::<usize>()))?;
    let mut numbers = Vec::new();
    for _ in rows {
        numbers.push(usize::try_from(input.number()?).map_err(|_| WireError::Malformed)?);
    }
    let new = numbers.iter().filter(|number| **number == 0).count();
    // What is listed belongs to no row, so no form that leans on one may be used.
    let known = read_runs(input, std::iter::repeat_n(None, new), ids, budget)?;
    let mut values = Vec::new();
    let mut seen = 0;
    for number in numbers {
        let at = match number.checked_sub(1) {
            None => {
                seen += 1;
                seen - 1
            }
            Some(at) if at < seen => at,
            Some(_) => return Err(WireError::Malformed),
        };
        budget.copy(&known[at])?;
        values.push(known[at].clone());
    }
    Ok(values)
}

fn read_runs(
    input: &mut Input,
    mut rows: impl ExactSizeIterator<Item = Option<Context>>,
    ids: &[Uuid],
    budget: &mut Budget,
) -> Result<Vec<Value>, WireError> {
    let mut values: Vec<Value> = Vec::new();
    let mut before = Before::default();
    while rows.len() > 0 {
        let head = input.byte()?;
        let more = match head >> 4 {
            15 => input.number()?.checked_add(15),
            more => Some(u64::from(more)),
        };
        if more.is_none_or(|more| more >= rows.len() as u64) {
            return Err(WireError::Malformed);
        }
        let form = head & 15;
        if form == FRACTION {
            before.scale = input.byte()?;
        }
        for row in rows
            .by_ref()
            .take(1 + more.map_or(0, |more| usize::try_from(more).unwrap_or(0)))
        {
            let value = match form {
                AGAIN => {
                    let same = values.last().ok_or(WireError::Malformed)?;
                    budget.copy(same)?;
                    same.clone()
                }
                PLAIN => read_plain(input, ids, budget)?,
                _ => {
                    let value = before.read(input, form, row, ids)?;
                    budget.copy(&value)?;
                    value
                }
            };
            values.push(value);
        }
    }
    Ok(values)
}

impl Before {
    fn read(
        &mut self,
        input: &mut Input,
        form: u8,
        row: Option<Context>,
        ids: &[Uuid],
    ) -> Result<Value, WireError> {
        let row = || row.ok_or(WireError::Malformed);
        let id = |id: Uuid| Value::String(id.to_string());
        Ok(match form {
            NULL => Value::Null,
            FALSE => Value::Bool(false),
            TRUE => Value::Bool(true),
            OWN => id(row()?.own),
            ACTOR => id(row()?.actor.ok_or(WireError::Malformed)?),
            NEAR | ID => {
                let from = if form == NEAR {
                    row()?.place
                } else {
                    self.place
                };
                self.place = input.step(from)?;
                id(id_at(ids, self.place)?)
            }
            TIME => {
                let from = row()?.claimed_at.cast_unsigned();
                Value::from(input.step(from)?.cast_signed())
            }
            WHOLE => Value::from(input.step(0)?.cast_signed()),
            FRACTION => {
                self.digits = input.step(self.digits)?;
                let number = read_fraction(self.digits.cast_signed(), self.scale);
                fraction(number.ok_or(WireError::Malformed)?)?
            }
            TEXT => {
                self.text = read_text(input)?;
                Value::String(self.text.clone())
            }
            COUNTED => {
                let (start, number) = split_number(&self.text);
                let from: u64 = number.parse().map_err(|_| WireError::Malformed)?;
                let width = number.len();
                let next = format!("{start}{:0width$}", input.step(from)?);
                if next.len() != self.text.len() {
                    return Err(WireError::Malformed);
                }
                self.text = next;
                Value::String(self.text.clone())
            }
            _ => return Err(WireError::Malformed),
        })
    }
}
