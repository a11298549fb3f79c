//! Between rows and what they mean, the same in every ledger: numbers, ids, JSON, text.

use std::borrow::Cow;

use jitasa_domain::{Entity, merge::FieldVersions};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::ledger::LedgerError;

/// Integers of databases are signed; a sequence never comes near the end of either.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A checksum uses all 64 bits, and integers of databases are signed: the same bits, read otherwise.
pub(crate) fn sum(value: i64) -> u64 {
    u64::from_ne_bytes(value.to_ne_bytes())
}

pub(crate) fn sum_kept(value: u64) -> i64 {
    i64::from_ne_bytes(value.to_ne_bytes())
}

pub(crate) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

pub(crate) fn uuid(text: &str) -> Result<Uuid, LedgerError> {
    text.parse().map_err(|_| LedgerError::Row("id"))
}

pub(crate) fn entity(code: &str) -> Result<Entity, LedgerError> {
    Entity::from_code(code).ok_or(LedgerError::Row("entity"))
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, LedgerError> {
    serde_json::to_string(value).map_err(|_| LedgerError::Row("json"))
}

pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, LedgerError> {
    serde_json::from_str(text).map_err(|_| LedgerError::Row("json"))
}

pub(crate) fn fields(text: &str) -> Result<Map<String, Value>, LedgerError> {
    read(text)
}

pub(crate) fn versions(text: &str) -> Result<FieldVersions, LedgerError> {
    read(text)
}

pub(crate) fn hash(bytes: &[u8]) -> Result<[u8; 32], LedgerError> {
    bytes.try_into().map_err(|_| LedgerError::Row("hash"))
}

/// Free text as PostgreSQL can keep it: its text holds no NUL, and what a desk sent must neither be changed nor stop
/// those that were sent with it. NUL becomes `\0`, and so `\` becomes `\\`.
pub(crate) fn text_kept(text: &str) -> Cow<'_, str> {
    if text.contains(['\0', '\\']) {
        Cow::Owned(text.replace('\\', "\\\\").replace('\0', "\\0"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What [`text_kept`] kept.
pub(crate) fn text(kept: String) -> String {
    if !kept.contains('\\') {
        return kept;
    }
    let mut text = String::with_capacity(kept.len());
    let mut letters = kept.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(match letters.next() {
                Some('0') => '\0',
                _ => '\\',
            }),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_keeps_all_its_bits() {
        for value in [0, 1, u64::MAX, 1 << 63, (1 << 63) - 1] {
            assert_eq!(sum(sum_kept(value)), value);
        }
    }

    #[test]
    fn text_with_a_nul_or_a_backslash_comes_back_as_it_was() {
        for said in ["", "สมชาย", "\0", "\\", "\\0", "\\\\0\0\\", "a\0b\\"] {
            let kept = text_kept(said);
            assert!(!kept.contains('\0'));
            assert_eq!(text(kept.into_owned()), said);
        }
    }
}
