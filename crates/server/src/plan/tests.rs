use std::collections::HashMap;

use jitasa_domain::{ActionKind, Role, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::book::{Device, Status};

const CASE: Uuid = Uuid::from_u128(100);

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("fields are an object, not {other}"),
    }
}

fn a_device(id: u128) -> ConfirmedDevice {
    let device = Device {
        id: Uuid::from_u128(id),
        office_code: "450905".into(),
        status: Status::Confirmed,
        ..Device::default()
    };
    ConfirmedDevice::of(device).unwrap()
}

/// As a device of protocol 1 sends them.
fn absorb(book: &mut Book, device: &ConfirmedDevice, changes: &[Change]) -> Result<Taken, Problem> {
    let run = Run {
        changes,
        previous: None,
        base_cap: None,
    };
    super::absorb(book, device, run)
}

fn a_change(device_seq: u64, fields: Value) -> Change {
    Change {
        change_id: Uuid::from_u128(1000 + u128::from(device_seq)),
        act_id: Uuid::from_u128(1),
        action: ActionKind::CaseEdit,
        entity: Entity::Case,
        entity_id: CASE,
        base_version: 0,
        fields: map(fields),
        actor_id: Uuid::from_u128(3),
        actor_name: "ผู้ทดสอบ".into(),
        actor_role: Role::Clerk,
        device_seq,
        claimed_at: Timestamp(0),
    }
}

fn a_book() -> Book {
    Book {
        head: 40,
        province_code: "45".into(),
        offices: vec!["450905".into(), "4509".into(), "450909".into()],
        ..Book::default()
    }
}

/// A book in which another device has keyed the case under sequence 41.
fn a_book_with_a_case() -> Book {
    let mut book = a_book();
    let keyed = a_change(
        1,
        json!({"id": CASE, "office_code": "450905", "area_code": "45090505", "note": "เดิม"}),
    );
    let keyed = Change {
        change_id: Uuid::from_u128(1),
        ..keyed
    };
    absorb(&mut book, &a_device(2), &[keyed]).unwrap();
    book
}

#[test]
fn a_conflict_is_kept_with_both_values_and_what_stands_is_not_touched() {
    let mut book = a_book_with_a_case();
    let change = a_change(1, json!({"note": "ใหม่", "landmark": "หลังวัด"}));
    let taken = absorb(&mut book, &a_device(1), &[change]).unwrap();
    assert_eq!(taken.outcomes[0].verdict, Verdict::Conflict);
    assert_eq!(taken.outcomes[0].seq, Some(42), "the landmark was applied");
    let kept = &taken.kept[0];
    assert_eq!(kept.reason, "conflict");
    assert_eq!(
        (&kept.ours, &kept.theirs),
        (&map(json!({"note": "ใหม่"})), &map(json!({"note": "เดิม"})))
    );
    let standing = &book.records[&(Entity::Case, CASE)].body;
    assert_eq!(
        (&standing["note"], &standing["landmark"]),
        (&json!("เดิม"), &json!("หลังวัด"))
    );
}

#[test]
fn a_change_of_which_nothing_was_applied_has_no_place_in_the_order_and_nobody_is_told() {
    let mut book = a_book_with_a_case();
    let all_in_conflict = a_change(1, json!({"note": "ใหม่"}));
    let held = a_change(2, json!({"number": 7}));
    let taken = absorb(&mut book, &a_device(1), &[all_in_conflict, held]).unwrap();
    assert!(taken.outcomes.iter().all(|outcome| outcome.seq.is_none()));
    assert_eq!(
        taken.outcomes[1].reason.as_deref(),
        Some("malformed_record")
    );
    assert!(taken.feed.is_empty());
    assert_eq!(
        (taken.kept.len(), taken.entries.len(), taken.device_seq),
        (2, 2, 2)
    );
}

#[test]
fn offices_in_scope_are_told_and_the_author_is_not() {
    let mut book = a_book();
    let keyed = a_change(1, json!({"id": CASE, "office_code": "450905"}));
    let taken = absorb(&mut book, &a_device(1), &[keyed]).unwrap();
    let told: HashMap<_, _> = taken
        .feed
        .iter()
        .map(|row| (row.office_code.as_str(), row))
        .collect();
    assert_eq!(told.len(), 2);
    assert!(!told.contains_key("450909"));
    assert!(
        told.values()
            .all(|row| row.author_device == Some(Uuid::from_u128(1)))
    );
}

#[test]
fn a_voided_record_is_not_brought_back_by_a_late_edit() {
    let mut book = a_book_with_a_case();
    let voids = a_change(1, json!({"void_reason": "คีย์ซ้ำ"}));
    let edits = a_change(2, json!({"landmark": "หลังวัด"}));
    let taken = absorb(&mut book, &a_device(1), &[voids, edits]).unwrap();
    assert_eq!(taken.outcomes[0].verdict, Verdict::Merged);
    assert_eq!(taken.outcomes[1].reason.as_deref(), Some("record_voided"));
}

#[test]
fn a_gap_inside_a_batch_names_the_missing_number() {
    let changes = [
        a_change(1, json!({"office_code": "450905"})),
        a_change(3, json!({})),
    ];
    let refused = absorb(&mut a_book(), &a_device(1), &changes).unwrap_err();
    assert_eq!(
        refused,
        Problem {
            code: Code::Gap,
            cut: None,
            expected: Some(2)
        }
    );
}

#[test]
fn a_clock_that_is_543_years_ahead_decides_nothing() {
    let mut book = a_book_with_a_case();
    let late = Change {
        claimed_at: Timestamp(i64::MAX),
        ..a_change(1, json!({"note": "ใหม่"}))
    };
    let taken = absorb(&mut book, &a_device(1), &[late]).unwrap();
    assert_eq!(taken.outcomes[0].verdict, Verdict::Conflict);
}

#[test]
fn only_whoever_may_judge_confirms_an_assignment_and_none_begins_at_its_end() {
    let assignment = |device_seq, action, state: &str| Change {
        action,
        entity: Entity::Assignment,
        entity_id: Uuid::from_u128(300),
        ..a_change(
            device_seq,
            json!({"id": Uuid::from_u128(300).to_string(), "case_id": CASE.to_string(), "state": state}),
        )
    };
    let mut book = a_book_with_a_case();
    let moves = ActionKind::AssignmentMove;
    let changes = [
        assignment(1, moves, "confirmed"),
        assignment(2, moves, "accepted"),
        assignment(3, moves, "done"),
        assignment(4, moves, "confirmed"),
    ];
    let taken = absorb(&mut book, &a_device(1), &changes).unwrap();
    let reasons: Vec<_> = taken
        .outcomes
        .iter()
        .map(|outcome| outcome.reason.as_deref())
        .collect();
    assert_eq!(
        reasons,
        [Some("unlawful_state"), None, None, Some("denied_action")]
    );
}

#[test]
fn what_follows_on_a_creation_that_was_held_makes_no_record_of_the_one_field_it_wrote() {
    let mut book = a_book();
    let held = a_change(1, json!({"id": CASE, "office_code": "450909", "note": "ก"}));
    let follows = a_change(2, json!({"office_code": "450905"}));
    let taken = absorb(&mut book, &a_device(1), &[held, follows]).unwrap();
    let reasons: Vec<_> = taken
        .outcomes
        .iter()
        .map(|each| each.reason.as_deref())
        .collect();
    assert_eq!(reasons, [Some("denied_scope"), Some("record_unknown")]);
    assert!(book.records.is_empty());
}
