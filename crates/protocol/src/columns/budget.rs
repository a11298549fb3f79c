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
        self.bytes(weight(value))
    }
}

/// What a value takes in memory, roughly: what its reader pays for it.
pub(super) fn weight(value: &Value) -> usize {
    let inside = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(weight).sum(),
        Value::Object(members) => members
            .iter()
            .map(|(name, each)| VALUE_BYTES + name.len() + weight(each))
            .sum(),
    };
    VALUE_BYTES + inside
}
