//! What a section may become in memory. A few bytes can say "the same again" a million times, so
//! everything that is made is paid for before it is made.

use serde_json::Value;

use crate::{WireError, limits};

/// What one value takes in memory besides its text, roughly: itself, its name, its place in a map.
const VALUE_BYTES: usize = 64;

/// Bytes that may still be made.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    pub(super) const fn new() -> Self {
        Self(limits::ROWS_BYTES_MAX)
    }

    pub(super) fn bytes(&mut self, bytes: usize) -> Result<(), WireError> {
        self.0 = self.0.checked_sub(bytes).ok_or(WireError::TooLarge)?;
        Ok(())
    }

    /// Pays for a value with so many bytes of text.
    pub(super) fn value(&mut self, text: usize) -> Result<(), WireError> {
        self.bytes(VALUE_BYTES)?;
        self.bytes(text)
    }

    /// Pays for another copy of a value.
    pub(super) fn copy(&mut self, value: &Value) -> Result<(), WireError> {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => self.value(0),
            Value::String(text) => self.value(text.len()),
            Value::Array(values) => {
                self.value(0)?;
                values.iter().try_for_each(|each| self.copy(each))
            }
            Value::Object(members) => {
                self.value(0)?;
                members.iter().try_for_each(|(name, each)| {
                    self.bytes(name.len())?;
                    self.copy(each)
                })
            }
        }
    }
}
