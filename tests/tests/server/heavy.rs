//! What is small on the line and large behind it: values nested deep, lists of nothing, batches of too much. Whoever may
//! speak may say it, and nobody else must have to suffer for it.

use jitasa_domain::{Entity, change::Verdict};
use jitasa_protocol::{Code, limits};
use jitasa_sync::{TransportError, envelope};
use jitasa_tests::keeper::Keeper;
use serde_json::{Value, json};

use crate::line::House;

fn nested(levels: u8) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

story!(a_value_as_deep_as_the_wire_allows_is_kept_told_and_disputed_and_one_deeper_is_refused);
fn a_value_as_deep_as_the_wire_allows_is_kept_told_and_disputed_and_one_deeper_is_refused(
    ledger: Keeper,
) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    let mut other = house.a_desk("450905", 2);
    let case = desk.keys_a_case("น้ำถึงเอว");
    house.sync(&mut desk);
    house.sync(&mut other);
    let deep = nested(limits::NESTED_MAX);
    desk.edits(case, json!({"boats": deep}));
    assert_eq!(house.sync(&mut desk).new, 1);
    // Whoever writes against it is told of it, inside of an outcome; whoever does not, gets it as a row.
    let against = other.edits(case, json!({"boats": 2}));
    assert_eq!(house.sync(&mut other).conflicts, 1);
    assert_eq!(other.outcome(against).theirs["boats"], deep);
    assert_eq!(other.get(Entity::Case, case).unwrap()["boats"], deep);
    let mut third = house.a_desk("4509", 3);
    house.sync(&mut third);
    assert_eq!(third.get(Entity::Case, case).unwrap()["boats"], deep);

    desk.edits(case, json!({"boats": nested(limits::NESTED_MAX + 1)}));
    let frame = envelope::seal(&desk.a_request(&desk.outbox[3..]), &desk.key()).frame;
    assert!(house.province.take(&frame, crate::line::NOW).is_err());
    assert_eq!(house.sync(&mut third).received, 0);
}

/// A list of zeros takes thirty times its JSON in memory: a page cut by its bytes alone would be one that no desk reads.
#[test]
fn records_that_are_heavier_than_they_look_reach_every_desk_in_lighter_pages() {
    let house = House::on(Keeper::Sqlite);
    let mut desk = house.a_desk("450905", 1);
    let zeros = json!(vec![0; limits::RECORD_BYTES_MAX / 2 - 1_000]);
    let cases: Vec<_> = (0..12).map(|_| desk.keys_a_case("น้ำถึงเอว")).collect();
    house.sync(&mut desk);
    for case in &cases {
        desk.edits(*case, json!({"boats": zeros}));
        assert_eq!(house.sync(&mut desk).new, 1);
    }
    let mut district = house.a_desk("4509", 2);
    house.sync(&mut district);
    assert_eq!(district.records(), desk.records());
}

/// Many small edits of one large field, all in dispute: each outcome brings the large value back.
#[test]
fn outcomes_that_no_answer_holds_are_given_in_smaller_batches() {
    let house = House::on(Keeper::Sqlite);
    let mut desk = house.a_desk("450905", 1);
    let mut other = house.a_desk("450905", 2);
    let case = desk.keys_a_case("น้ำถึงเอว");
    house.sync(&mut desk);
    house.sync(&mut other);
    let long = "ก".repeat(limits::RECORD_BYTES_MAX / 3 - 1_000);
    other.edits(case, json!({"note": long}));
    house.sync(&mut other);
    let edits: Vec<_> = (0..200)
        .map(|each| desk.edits(case, json!({"note": format!("ครั้งที่ {each}")})))
        .collect();
    let frame = envelope::seal(&desk.a_request(&desk.outbox[3..]), &desk.key()).frame;
    match house.province.take(&frame, crate::line::NOW) {
        Err(jitasa_server::Refusal::Problem(problem)) => {
            assert_eq!(problem.code, Code::TooLarge);
        }
        other => panic!("{:?}", other.map(|answered| answered.frame.len())),
    }
    let receipt = house.sync(&mut desk);
    assert_eq!((receipt.sent, receipt.conflicts), (200, 200));
    assert!(
        edits
            .iter()
            .all(|edit| desk.outcome(*edit).verdict == Verdict::Conflict)
    );
    assert_eq!(desk.get(Entity::Case, case).unwrap()["note"], long.as_str());
    // One change alone is always answered.
    assert!(!matches!(
        house.try_sync(&mut desk),
        Err(jitasa_sync::SyncError::Transport(
            TransportError::NotOurServer
        ))
    ));
}
