//! Between rows and what they mean: numbers, ids, JSON.

use jitasa_domain::{Entity, merge::FieldVersions};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::ledger::LedgerError;

/// SQLite's integers are signed; a sequence never comes near the end of either.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A checksum uses all 64 bits; SQLite's integers are signed.
pub(super) fn sum(value: i64) -> u64 {
    u64::from_ne_bytes(value.to_ne_bytes())
}

pub(super) fn sum_kept(value: u64) -> i64 {
    i64::from_ne_bytes(value.to_ne_bytes())
}

pub(super) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

pub(super) fn uuid(text: &str) -> Result<Uuid, LedgerError> {
    text.parse().map_err(|_| LedgerError::Row("id"))
}

pub(super) fn entity(code: &str) -> Result<Entity, LedgerError> {
    Entity::from_code(code).ok_or(LedgerError::Row("entity"))
}

pub(super) fn json<T: Serialize>(value: &T) -> Result<String, LedgerError> {
    serde_json::to_string(value).map_err(|_| LedgerError::Row("json"))
}

pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, LedgerError> {
    serde_json::from_str(text).map_err(|_| LedgerError::Row("json"))
}

pub(super) fn fields(text: &str) -> Result<Map<String, Value>, LedgerError> {
    read(text)
}

pub(super) fn versions(text: &str) -> Result<FieldVersions, LedgerError> {
    read(text)
}

pub(super) fn hash(bytes: &[u8]) -> Result<[u8; 32], LedgerError> {
    bytes.try_into().map_err(|_| LedgerError::Row("hash"))
}
