//! Columns: what is written is read, to the last digit and in the same order; no bytes make the
//! reader panic.

use jitasa_domain::change::{Change, Delivered};
use jitasa_protocol::{
    WireError,
    columns::{self, read_changes, read_delivered, write_changes, write_delivered},
    limits,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Equal values may be written differently: -0.0 and 0.0, objects in another order.
fn as_text<T: serde::Serialize>(rows: &[T]) -> String {
    serde_json::to_string(rows).unwrap()
}

proptest! {
    #[test]
    fn changes_are_read_as_they_were_written(changes in prop::collection::vec(crate::made::change(), 0..12)) {
        let read = read_changes(&write_changes(&changes)).unwrap();
        prop_assert_eq!(as_text(&read), as_text(&changes));
        prop_assert_eq!(read, changes);
    }

    #[test]
    fn deliveries_are_read_as_they_were_written(delivered in prop::collection::vec(crate::made::delivered(), 0..12)) {
        let read = read_delivered(&write_delivered(&delivered)).unwrap();
        prop_assert_eq!(as_text(&read), as_text(&delivered));
        prop_assert_eq!(read, delivered);
    }

    /// Most values of a column are like those before: the same, one more, a little later.
    #[test]
    fn columns_of_like_values_are_read_as_they_were_written(
        first in crate::made::change(),
        values in prop::collection::vec(prop_oneof![
            prop::sample::select(vec![json!("food"), json!("boat"), json!(["elderly"]), json!([]), Value::Null]),
            (0_u32..1200).prop_map(|serial| json!(format!("450905-69-{serial:05}"))),
            (0_i32..40).prop_map(|digits| json!(f64::from(digits) / 10.0)),
            prop::sample::select(vec![json!(0.0), json!(-0.0), json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1})]),
        ], 0..40),
        copies in 1_usize..30,
    ) {
        let changes: Vec<Change> = values
            .iter()
            .flat_map(|value| std::iter::repeat_n(value, if values.len() < 4 { copies } else { 1 }))
            .map(|value| {
                let mut change = first.clone();
                change.fields = json!({ "value": value, "list": [value] }).as_object().unwrap().clone();
                change
            })
            .collect();
        let read = read_changes(&write_changes(&changes)).unwrap();
        prop_assert_eq!(as_text(&read), as_text(&changes));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_changes(&bytes);
        let _ = read_delivered(&bytes);
        let _ = read_changes(&[&[1, 1], &bytes[..]].concat());
        let _ = read_delivered(&[&[1, 2], &bytes[..]].concat());
    }

    #[test]
    fn no_change_of_a_byte_makes_the_reader_panic(
        changes in prop::collection::vec(crate::made::change(), 1..6),
        delivered in prop::collection::vec(crate::made::delivered(), 1..6),
        faults in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let (mut of_changes, mut of_delivered) = (write_changes(&changes), write_delivered(&delivered));
        for (at, byte) in faults {
            let (a, b) = (at.index(of_changes.len()), at.index(of_delivered.len()));
            of_changes[a] = byte;
            of_delivered[b] = byte;
            let _ = read_changes(&of_changes);
            let _ = read_delivered(&of_delivered);
        }
    }

    #[test]
    fn a_section_cut_off_or_with_something_behind_it_is_refused(
        changes in prop::collection::vec(crate::made::change(), 0..4), cut: prop::sample::Index, tail: u8,
    ) {
        let whole = write_changes(&changes);
        prop_assert!(read_changes(&whole[..cut.index(whole.len())]).is_err());
        prop_assert_eq!(read_changes(&[&whole[..], &[tail]].concat()), Err(WireError::Trailing));
    }
}

fn one_change() -> Change {
    serde_json::from_value(json!({
        "change_id": "0192f0a0-3333-7000-8000-000000000001",
        "act_id": "0192f0a0-4444-7000-8000-000000000001",
        "action": "case_edit", "entity": "case",
        "entity_id": "0192f0a0-5555-7000-8000-000000000001",
        "base_version": 7, "fields": { "note": "น้ำลดแล้ว" },
        "actor_id": "0192f0a0-6666-7000-8000-000000000001",
        "actor_name": "นางสาวสมมุติ", "actor_role": "clerk",
        "device_seq": 3, "claimed_at": 1_795_305_600_000_i64,
    }))
    .unwrap()
}

fn one_delivery() -> Delivered {
    serde_json::from_value(json!({
        "seq": 1, "entity": "case", "entity_id": "0192f0a0-5555-7000-8000-000000000001",
        "fields": {}, "whole": true, "left": false, "action": "case_edit",
        "actor_name": "นางสาวสมมุติ", "claimed_at": 1_795_305_600_000_i64,
    }))
    .unwrap()
}

#[test]
fn what_a_newer_program_says_is_told_from_what_is_wrong() {
    let whole = write_changes(&[one_change()]);
    let replaced = |old: &str, new: &str| {
        let at = whole
            .windows(old.len())
            .position(|bytes| bytes == old.as_bytes())
            .unwrap();
        let mut bytes = whole.clone();
        bytes[at..at + old.len()].copy_from_slice(new.as_bytes());
        read_changes(&bytes)
    };
    let unknown = |what| Err(WireError::Unknown { what });
    assert_eq!(replaced("case_edit", "case_hide"), unknown("action"));
    assert_eq!(replaced("clerk", "mayor"), unknown("role"));
    assert_eq!(replaced("\x08case", "\x08boat"), unknown("entity"));
    let mut newer = whole.clone();
    newer[0] = 2;
    assert_eq!(read_changes(&newer), unknown("columns"));
    assert_eq!(read_delivered(&whole), Err(WireError::Malformed));
}

#[test]
fn a_few_bytes_cannot_become_gigabytes() {
    let mut change = one_change();
    change
        .fields
        .insert("note".into(), json!("ก".repeat(20_000)));
    let changes = vec![change; 1_200];
    let bytes = write_changes(&changes);
    assert!(bytes.len() < 40_000);
    assert_eq!(read_changes(&bytes), Err(WireError::TooLarge));
}

#[test]
fn lists_within_lists_are_read_to_a_depth_that_leaves_room_for_the_json_around_them() {
    let nested = |depth: u8| {
        let mut change = one_change();
        let value = (0..depth).fold(json!(1), |inner, _| json!([inner]));
        change.fields.insert("note".into(), value);
        [change]
    };
    let deep = nested(limits::NESTED_MAX);
    assert_eq!(read_changes(&write_changes(&deep)).unwrap(), deep);
    assert_eq!(
        read_changes(&write_changes(&nested(limits::NESTED_MAX + 1))),
        Err(WireError::Malformed)
    );
}

/// A server cuts its answers by it: what it takes to be light enough, a desk must be able to read.
#[test]
fn what_is_light_enough_for_one_answer_is_read_whatever_it_is_made_of() {
    let nulls = json!(vec![Value::Null; 1_000]);
    let names = json!(
        (0..500)
            .map(|number| (number.to_string(), Value::Null))
            .collect::<serde_json::Map<_, _>>()
    );
    let texts = json!(vec!["ก"; 1_000]);
    for (value, distinct) in [
        (nulls, true),
        (names, true),
        (texts, false),
        (json!("ก".repeat(20_000)), false),
    ] {
        let mut delivered = Vec::new();
        let mut weighs = 0;
        while weighs <= limits::DELIVERED_WEIGHT && delivered.len() < 5_000 {
            let mut row = one_delivery();
            let value = if distinct {
                json!([delivered.len(), value])
            } else {
                value.clone()
            };
            row.fields.insert("note".into(), value);
            weighs += columns::weight(&row.fields);
            delivered.push(row);
        }
        let read = read_delivered(&write_delivered(&delivered));
        assert_eq!(read.map(|rows| rows.len()), Ok(delivered.len()));
    }
}
