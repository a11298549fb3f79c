//! The past is not what it was: servers put back from a copy, cloned disks, rows that went astray.

use jitasa_domain::{Entity, change::Verdict};
use jitasa_protocol::Code;
use jitasa_server::province::CodeTerms;
use jitasa_sync::{Terms, enrol, run};
use jitasa_tests::keeper::Keeper;
use serde_json::json;

use crate::{
    desk::fields,
    line::{House, NOW, SECRET, SERVER, TERMS, refused},
};

story!(a_server_put_back_from_a_copy_is_told_again_what_it_lost);
fn a_server_put_back_from_a_copy_is_told_again_what_it_lost(ledger: Keeper) {
    let mut house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut theirs = house.a_desk("450905", 2);
    let kept = ours.keys_a_case("ก่อนสำรอง");
    house.sync(&mut ours);
    house.sync(&mut theirs);
    let copy = house.place.copy(true);

    let lost = ours.keys_a_case("หลังสำรอง");
    ours.edits(kept, json!({"note": "ของเรา"}));
    house.sync(&mut ours);
    house.sync(&mut theirs);
    theirs.edits(lost, json!({"landmark": "หลังวัด"}));
    house.sync(&mut theirs);
    house.sync(&mut ours);
    let before = ours.records();

    house.puts_back(copy);
    // Theirs comes first: its edit is of a case that the server does not know any more, and waits until it is told.
    let receipt = house.sync(&mut theirs);
    assert_eq!(receipt.held, 1, "{receipt:?}");
    let receipt = house.sync(&mut ours);
    assert_eq!((receipt.new, receipt.held), (4, 0), "{receipt:?}");
    house.sync(&mut theirs);
    assert_eq!(theirs.get(Entity::Case, lost).unwrap()["note"], "หลังสำรอง");
    assert_eq!(
        theirs.get(Entity::Case, kept),
        before.get(&(Entity::Case, kept)).cloned()
    );
    assert_eq!(house.sync(&mut ours).sent, 0);
    assert_eq!(ours.records(), theirs.records());
}

story!(what_others_had_written_over_ones_own_is_taken_back_with_what_the_server_lost);
fn what_others_had_written_over_ones_own_is_taken_back_with_what_the_server_lost(ledger: Keeper) {
    let mut house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut theirs = house.a_desk("450905", 2);
    let case = ours.keys_a_case("น้ำถึงเอว");
    house.sync(&mut ours);
    house.sync(&mut theirs);
    let copy = house.place.copy(true);
    theirs.edits(case, json!({"landmark": "หลังวัด"}));
    house.sync(&mut theirs);
    house.sync(&mut ours);
    assert_eq!(ours.get(Entity::Case, case).unwrap()["landmark"], "หลังวัด");
    // Their desk never comes back. Ours alone wrote what the copy holds of the case, and is told it all the same.
    house.puts_back(copy);
    let terms = Terms {
        compares: false,
        ..TERMS
    };
    run(&mut ours, &house.line(), terms).unwrap();
    assert_eq!(ours.get(Entity::Case, case).unwrap().get("landmark"), None);
}

story!(what_was_seen_in_an_order_that_is_over_does_not_overwrite_what_came_in_the_new_one);
fn what_was_seen_in_an_order_that_is_over_does_not_overwrite_what_came_in_the_new_one(
    ledger: Keeper,
) {
    let mut house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut theirs = house.a_desk("450905", 2);
    let case = ours.keys_a_case("น้ำถึงเอว");
    house.sync(&mut ours);
    house.sync(&mut theirs);
    let copy = house.place.copy(true);
    // Ours sees a high sequence of the order that will be over, and edits on top of it without a line.
    for each in 0..5 {
        theirs.edits(case, json!({"landmark": format!("หลังวัด {each}")}));
    }
    house.sync(&mut theirs);
    house.sync(&mut ours);
    let clash = ours.edits(case, json!({"note": "ของเรา"}));
    house.puts_back(copy);
    theirs.edits(case, json!({"note": "ของเขา"}));
    house.sync(&mut theirs);
    house.sync(&mut ours);
    assert_eq!(ours.outcome(clash).verdict, Verdict::Conflict);
    house.sync(&mut theirs);
    assert_eq!(theirs.get(Entity::Case, case).unwrap()["note"], "ของเขา");
}

story!(a_server_put_back_without_being_told_stops_until_the_operator_says_so);
fn a_server_put_back_without_being_told_stops_until_the_operator_says_so(ledger: Keeper) {
    let mut house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    let copy = house.place.copy(false);
    let case = desk.keys_a_case("น้ำถึงเอว");
    house.sync(&mut desk);
    house.puts_back(copy);
    assert_eq!(house.try_sync(&mut desk), Err(refused(Code::CursorUnknown)));
    house.province.restored(Some(0), NOW).unwrap();
    assert_eq!(house.sync(&mut desk).new, 3);
    assert!(desk.get(Entity::Case, case).is_some());
}

story!(two_desks_from_one_disk_are_both_stopped_and_begin_anew_with_all_they_hold);
fn two_desks_from_one_disk_are_both_stopped_and_begin_anew_with_all_they_hold(ledger: Keeper) {
    let house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    ours.keys_a_case("ก่อนโคลน");
    house.sync(&mut ours);
    let mut clone = ours.cloned();
    ours.keys_a_case("จากเครื่องเดิม");
    house.sync(&mut ours);
    let of_clone = clone.keys_a_case("จากเครื่องที่โคลน");
    let forked = Err(refused(Code::DeviceForked));
    assert_eq!(house.try_sync(&mut clone), forked);
    assert_eq!(house.try_sync(&mut ours), forked);

    for desk in [&mut ours, &mut clone] {
        let code = house
            .province
            .new_code("450905", CodeTerms::default(), NOW)
            .unwrap();
        enrol(desk, &house.line(), SERVER, &code, SECRET, NOW).unwrap();
        house.sync(desk);
    }
    assert_ne!(ours.device_id, clone.device_id);
    house.sync(&mut ours);
    assert_eq!(ours.records(), clone.records());
    assert!(ours.get(Entity::Case, of_clone).is_some());
    assert_eq!(ours.records().len(), 9, "three cases, once each");
}

story!(a_desk_put_back_from_an_old_copy_of_its_disk_is_found_out_even_when_it_has_nothing_to_say);
fn a_desk_put_back_from_an_old_copy_of_its_disk_is_found_out_even_when_it_has_nothing_to_say(
    ledger: Keeper,
) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("ก่อนสำรอง");
    house.sync(&mut desk);
    let mut old = desk.clone();
    desk.keys_a_case("หลังสำรอง");
    house.sync(&mut desk);
    assert_eq!(house.try_sync(&mut old), Err(refused(Code::DeviceForked)));
    let code = house
        .province
        .new_code("450905", CodeTerms::default(), NOW)
        .unwrap();
    enrol(&mut old, &house.line(), SERVER, &code, SECRET, NOW).unwrap();
    house.sync(&mut old);
    assert_eq!(old.records(), desk.records());
}

story!(a_row_that_went_astray_is_found_by_its_sum_and_fetched_again);
fn a_row_that_went_astray_is_found_by_its_sum_and_fetched_again(ledger: Keeper) {
    let house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut theirs = house.a_desk("450905", 2);
    let case = ours.keys_a_case("น้ำถึงเอว");
    ours.keys_a_case("น้ำถึงเข่า");
    house.sync(&mut ours);
    assert_eq!(house.sync(&mut theirs).repaired, 0);
    theirs.loses(Entity::Case, case);
    assert!(theirs.get(Entity::Case, case).is_none());
    assert_eq!(house.sync(&mut theirs).repaired, 6);
    assert_eq!(theirs.records(), ours.records());
    assert_eq!(house.sync(&mut theirs).repaired, 0);
}

story!(an_answer_given_again_tells_what_others_wrote_over_it_since);
fn an_answer_given_again_tells_what_others_wrote_over_it_since(ledger: Keeper) {
    let house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut theirs = house.a_desk("450905", 2);
    let case = ours.keys_a_case("น้ำถึงเอว");
    house.sync(&mut ours);
    house.sync(&mut theirs);
    ours.edits(case, json!({"note": "ของเรา"}));
    let request = ours.a_request(&ours.outbox[3..]);
    let first = house.says(&ours, &request);
    assert!(first.outcomes[0].since.is_empty());
    house.sync(&mut theirs);
    theirs.edits(case, json!({"note": "ของเขา"}));
    house.sync(&mut theirs);
    let again = house.says(&ours, &request);
    assert_eq!(again.outcomes[0].seq, first.outcomes[0].seq);
    assert_eq!(again.outcomes[0].since, fields(json!({"note": "ของเขา"})));
    assert_eq!(house.sync(&mut ours).new, 1);
    assert_eq!(ours.records(), theirs.records());
}

story!(a_device_that_was_shut_out_is_told_so_under_the_servers_signature);
fn a_device_that_was_shut_out_is_told_so_under_the_servers_signature(ledger: Keeper) {
    let house = House::on(ledger);
    let desk = house.a_desk("450905", 1);
    let by = jitasa_server::operator::Operator {
        who: "somchai",
        now: NOW,
    };
    let lost = jitasa_server::register::RevokedHow::Lost;
    house
        .province
        .shut_out(desk.device_id, lost, "หาย", by)
        .unwrap();
    let answer = house.says(&desk, &desk.a_request(&[]));
    assert_eq!(answer.head.problem, Some(Code::DeviceRevoked.into()));
    assert!(answer.delivered.is_empty() && answer.outcomes.is_empty());
}
