//! The checksum of a scope: one 64-bit number that a desk and the server work out each for itself over the records
//! of an office, in any order. When they differ, something was lost that no sequence number shows.
//!
//! It finds accidents, not forgery: who could forge it could forge the records as well.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    Entity, fields_of,
    record::{Field, blank},
};

/// The sum of one record: of its id and of each field that is not at its default. Fields that this version does not
/// know do not count, nor do nulls, so that who stores a default and who leaves it out agree. Sums of records are
/// added with wrapping.
#[must_use]
pub fn record_sum(entity: Entity, id: Uuid, fields: &Map<String, Value>) -> u64 {
    let of_record = fnv(fnv(OFFSET, entity.code().as_bytes()), id.as_bytes());
    let blank = blank(entity);
    let mut sum = mixed(of_record);
    for Field { name, .. } in fields_of(entity).iter().filter(|field| field.name != "id") {
        let Some(value) = fields.get(*name).filter(|value| !value.is_null()) else {
            continue;
        };
        if blank.get(*name) != Some(value) {
            let of_field = fnv(fnv(of_record, name.as_bytes()), canonical(value).as_bytes());
            sum = sum.wrapping_add(mixed(of_field));
        }
    }
    sum
}

/// Which fields the sum covers, as a number: ends that know other fields do not compare.
#[must_use]
pub fn fields_covered() -> u64 {
    let mut sum = OFFSET;
    for entity in Entity::ALL {
        sum = fnv(sum, entity.code().as_bytes());
        for field in fields_of(*entity) {
            sum = fnv(sum, field.name.as_bytes());
        }
    }
    mixed(sum)
}

/// JSON of a field's value. A whole number is written alike whether it came as `3` or `3.0`; a record's fields hold
/// no objects, whose order could differ.
fn canonical(value: &Value) -> String {
    match value.as_f64() {
        Some(number) if value.is_f64() && number.fract() == 0.0 && number.abs() < 9e15 => {
            format!("{number:.0}")
        }
        _ => value.to_string(),
    }
}

/// FNV-1a.
fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().chain(&[0xFF]).fold(start, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

/// SplitMix64's last step: sums of hashes that differ in few bits must not cancel.
const fn mixed(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ (hash >> 31)
}

const OFFSET: u64 = 0xCBF2_9CE4_8422_2325;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => panic!("fields are an object, not {other}"),
        }
    }

    const ID: Uuid = Uuid::from_u128(7);

    #[test]
    fn defaults_nulls_and_unknown_fields_do_not_count() {
        let bare = record_sum(Entity::Case, ID, &fields(json!({"note": "น้ำถึงเอว"})));
        let mut whole = blank(Entity::Case).clone();
        whole.insert("note".into(), "น้ำถึงเอว".into());
        whole.insert("of_next_year".into(), 1.into());
        assert_eq!(record_sum(Entity::Case, ID, &whole), bare);
    }

    #[test]
    fn another_value_field_record_or_kind_is_another_sum() {
        let sum = |entity, id, value| record_sum(entity, id, &fields(value));
        let base = sum(Entity::Case, ID, json!({"note": "ก"}));
        assert_ne!(base, sum(Entity::Case, ID, json!({"note": "ข"})));
        assert_ne!(base, sum(Entity::Case, ID, json!({"landmark": "ก"})));
        assert_ne!(
            base,
            sum(Entity::Case, Uuid::from_u128(8), json!({"note": "ก"}))
        );
        assert_ne!(base, sum(Entity::Case, ID, json!({})));
    }

    #[test]
    fn a_whole_degree_is_the_same_number_however_it_is_written() {
        let sum = |value| record_sum(Entity::Case, ID, &fields(json!({"lat": value})));
        assert_eq!(sum(json!(16)), sum(json!(16.0)));
        assert_ne!(sum(json!(16.5)), sum(json!(16.25)));
    }
}
