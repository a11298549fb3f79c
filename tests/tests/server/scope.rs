//! Who is told what: referral, leaving, other offices' records, first sync.

use jitasa_domain::{ActionKind, Entity, Role, change::Verdict};
use jitasa_sync::{TransportError, run};
use jitasa_tests::keeper::Keeper;
use serde_json::json;

use crate::{
    desk::fields,
    line::{House, TERMS},
};

story!(a_case_that_is_referred_is_seen_whole_by_the_other_office_and_left_when_it_is_called_back);
fn a_case_that_is_referred_is_seen_whole_by_the_other_office_and_left_when_it_is_called_back(
    ledger: Keeper,
) {
    let house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut colleague = house.a_desk("450905", 3);
    let mut neighbours = house.a_desk("450909", 2);
    let case = ours.keys_a_case("น้ำถึงเอว");
    let kept_home = ours.keys_a_case("ไม่ส่งต่อ");
    house.sync(&mut ours);
    house.sync(&mut colleague);
    assert_eq!(house.sync(&mut neighbours).received, 0);

    let refer = fields(json!({"referred_to": "450909", "referral_note": "ขอเรือ"}));
    ours.write(ActionKind::CaseRefer, Entity::Case, case, refer);
    house.sync(&mut ours);
    assert_eq!(
        house.sync(&mut neighbours).received,
        3,
        "the case, its person and its need"
    );
    let seen = neighbours.get(Entity::Case, case).unwrap();
    assert_eq!(
        (&seen["note"], &seen["referral_note"]),
        (&json!("น้ำถึงเอว"), &json!("ขอเรือ"))
    );
    assert_eq!(neighbours.get(Entity::Case, kept_home), None);

    // The neighbours work on it, and the owner sees what they did.
    let need = ours.outbox[2].entity_id;
    let open = fields(json!({"state": "open"}));
    neighbours.write(ActionKind::NeedMove, Entity::Need, need, open);
    house.sync(&mut neighbours);
    house.sync(&mut ours);
    house.sync(&mut colleague);
    assert_eq!(ours.get(Entity::Need, need).unwrap()["state"], "open");

    let back = fields(json!({"referred_to": null}));
    ours.write(ActionKind::CaseRefer, Entity::Case, case, back);
    house.sync(&mut ours);
    house.sync(&mut neighbours);
    assert!(neighbours.records().is_empty());
    assert_eq!(neighbours.left.len(), 3);
    house.sync(&mut colleague);
    assert_eq!(colleague.records(), ours.records());
}

story!(what_left_before_a_desk_had_heard_anything_leaves_it);
fn what_left_before_a_desk_had_heard_anything_leaves_it(ledger: Keeper) {
    let house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut district = house.a_desk("4509", 2);
    let case = ours.keys_a_case("น้ำถึงเอว");
    // It arrives, and no answer comes back: the desk still asks from the beginning, and holds what it made.
    let line = house.line();
    line.lose_answer.set(9);
    assert_eq!(
        run(&mut ours, &line, TERMS),
        Err(TransportError::Timeout.into())
    );
    house.sync(&mut district);
    let takes_over = fields(json!({"office_code": "4509"}));
    district.write(ActionKind::CaseRefer, Entity::Case, case, takes_over);
    house.sync(&mut district);
    house.sync(&mut ours);
    assert!(ours.records().is_empty());
    assert_eq!(ours.left.len(), 3, "told, not found by comparing");
}

story!(a_row_tells_what_stands_now_in_the_fields_that_its_change_wrote);
fn a_row_tells_what_stands_now_in_the_fields_that_its_change_wrote(ledger: Keeper) {
    let house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut colleague = house.a_desk("450905", 3);
    let case = ours.keys_a_case("น้ำถึงเอว");
    house.sync(&mut ours);
    house.sync(&mut colleague);
    ours.edits(case, json!({"note": "น้ำถึงอก", "landmark": "หลังวัด"}));
    ours.edits(case, json!({"note": "น้ำลดแล้ว"}));
    house.sync(&mut ours);
    // The page ends between the two edits. Who was told the first without its note would count as one who had seen it,
    // and where a copy of the server ended there would write over what he never saw.
    let mut asks = colleague.a_request(&[]);
    asks.head.limit = 1;
    let told = house.says(&colleague, &asks);
    assert!(told.head.more);
    let told: Vec<_> = told.delivered.into_iter().map(|row| row.fields).collect();
    let stands = fields(json!({"note": "น้ำลดแล้ว", "landmark": "หลังวัด"}));
    assert_eq!(told, [stands]);
}

story!(what_was_referred_before_an_office_had_a_desk_is_there_on_its_first_day);
fn what_was_referred_before_an_office_had_a_desk_is_there_on_its_first_day(ledger: Keeper) {
    let house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let case = ours.keys_a_case("น้ำถึงเอว");
    ours.write(
        ActionKind::CaseRefer,
        Entity::Case,
        case,
        fields(json!({"referred_to": "450909"})),
    );
    house.sync(&mut ours);
    let mut neighbours = house.a_desk("450909", 2);
    assert_eq!(house.sync(&mut neighbours).received, 3);
    assert_eq!(neighbours.records(), ours.records());
}

story!(a_change_to_another_offices_record_is_held_and_tells_nothing_of_it);
fn a_change_to_another_offices_record_is_held_and_tells_nothing_of_it(ledger: Keeper) {
    let house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut strangers = house.a_desk("450909", 2);
    let case = ours.keys_a_case("น้ำถึงเอว");
    house.sync(&mut ours);

    let reaches_over = strangers.edits(case, json!({"note": "แก้ของเขา"}));
    let in_their_name = strangers.an_id();
    let in_their_name = strangers.write(
        ActionKind::CaseCreate,
        Entity::Case,
        in_their_name,
        fields(json!({"id": in_their_name, "office_code": "450905", "referred_to": "450909"})),
    );
    let takes_area = strangers.an_id();
    let takes_area = strangers.write(
        ActionKind::CaseCreate,
        Entity::Case,
        takes_area,
        fields(json!({"id": takes_area, "office_code": "450909", "area_code": "45090505"})),
    );
    let own = strangers.keys_a_case("ของตนเอง");
    let gives_away = strangers.edits(own, json!({"office_code": "450905"}));
    let receipt = house.sync(&mut strangers);
    assert_eq!((receipt.held, receipt.new), (4, 3));
    let reason = |change| {
        let outcome = strangers.outcome(change);
        assert_eq!(outcome.verdict, Verdict::Held);
        assert_eq!(outcome.seq, None);
        outcome.reason.unwrap()
    };
    assert_eq!(reason(reaches_over), "denied_scope");
    assert_eq!(reason(in_their_name), "denied_scope");
    assert_eq!(reason(takes_area), "denied_area");
    assert_eq!(reason(gives_away), "denied_scope");
    assert!(strangers.outcome(reaches_over).theirs.is_empty());
    assert_eq!(
        strangers.outcome(gives_away).theirs,
        fields(json!({"office_code": "450909"}))
    );
    assert_eq!(house.province.offices().unwrap()[1].kept, 4);
    assert_eq!(house.sync(&mut ours).received, 0);
}

story!(a_role_that_never_does_something_does_not_do_it_through_sync);
fn a_role_that_never_does_something_does_not_do_it_through_sync(ledger: Keeper) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    let case = desk.keys_a_case("น้ำถึงเอว");
    let confirmed = || fields(json!({"review_state": "confirmed"}));
    let as_clerk = desk.write(ActionKind::ReviewDecide, Entity::Case, case, confirmed());
    let disguised = desk.write(ActionKind::CaseEdit, Entity::Case, case, confirmed());
    desk.role = Role::Headman;
    let as_headman = desk.write(ActionKind::ReviewDecide, Entity::Case, case, confirmed());
    let list = desk.an_id();
    let other_list = desk.write(
        ActionKind::CasePlace,
        Entity::Kind,
        list,
        fields(json!({"office_code": "450905", "code": "boat"})),
    );
    house.sync(&mut desk);
    assert_eq!(
        desk.outcome(as_clerk).reason.as_deref(),
        Some("denied_role")
    );
    assert_eq!(
        desk.outcome(disguised).reason.as_deref(),
        Some("denied_action")
    );
    assert_eq!(desk.outcome(as_headman).verdict, Verdict::New);
    assert_eq!(desk.outcome(other_list).verdict, Verdict::Held);
}

story!(what_belongs_to_no_known_case_and_what_changes_a_key_is_held);
fn what_belongs_to_no_known_case_and_what_changes_a_key_is_held(ledger: Keeper) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    let case = desk.keys_a_case("น้ำถึงเอว");
    let (need, nowhere) = (desk.an_id(), desk.an_id());
    let orphan = desk.write(
        ActionKind::CaseEdit,
        Entity::Need,
        need,
        fields(json!({"case_id": nowhere, "kind": "oxygen"})),
    );
    let renumbered = desk.edits(case, json!({"number": "450905-69-99999"}));
    let moved = desk.outbox[2].entity_id;
    let moved = desk.write(
        ActionKind::CaseEdit,
        Entity::Need,
        moved,
        fields(json!({"case_id": nowhere})),
    );
    let unreadable = desk.edits(case, json!({"people_count": "หลายคน"}));
    house.sync(&mut desk);
    let reason = |change| desk.outcome(change).reason.unwrap();
    assert_eq!(reason(orphan), "case_unknown");
    assert_eq!(reason(renumbered), "immutable_field");
    assert_eq!(reason(moved), "immutable_field");
    assert_eq!(reason(unreadable), "malformed_record");
}

story!(a_field_this_server_does_not_know_is_kept_and_passed_on);
fn a_field_this_server_does_not_know_is_kept_and_passed_on(ledger: Keeper) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    let case = desk.keys_a_case("น้ำถึงเอว");
    desk.edits(case, json!({"boat_wanted": true}));
    house.sync(&mut desk);
    let mut other = house.a_desk("450905", 2);
    house.sync(&mut other);
    assert_eq!(
        other.get(Entity::Case, case).unwrap()["boat_wanted"],
        json!(true)
    );
}

story!(a_district_holds_what_its_subdistricts_hold_page_by_page);
fn a_district_holds_what_its_subdistricts_hold_page_by_page(ledger: Keeper) {
    let house = House::on(ledger);
    let mut first = house.a_desk("450905", 1);
    let mut second = house.a_desk("450909", 2);
    for each in 0..250 {
        first.keys_a_case(&format!("บ้านที่ {each}"));
        second.keys_a_case(&format!("บ้านที่ {each}"));
    }
    house.sync(&mut first);
    house.sync(&mut second);
    let mut district = house.a_desk("4509", 3);
    assert_eq!(house.sync(&mut district).received, 1500);
    let mut all = first.records();
    all.extend(second.records());
    assert_eq!(district.records(), all);
    // From then on the feed: one row for one edit.
    let case = first.outbox[0].entity_id;
    first.edits(case, json!({"note": "น้ำลด"}));
    house.sync(&mut first);
    assert_eq!(house.sync(&mut district).received, 1);
    assert_eq!(house.sync(&mut district).received, 0);
}

story!(villages_go_by_their_code_and_a_village_is_the_same_record_for_both_levels);
fn villages_go_by_their_code_and_a_village_is_the_same_record_for_both_levels(ledger: Keeper) {
    let house = House::on(ledger);
    let mut office = house.a_desk("450905", 1);
    let mut district = house.a_desk("4509", 2);
    let id = jitasa_domain::ids::area_id("45090505");
    district.write(
        ActionKind::VillageSave,
        Entity::Area,
        id,
        fields(json!({"id": id, "code": "45090505", "name": "หนองใหญ่", "office_code": "4509"})),
    );
    house.sync(&mut district);
    assert_eq!(house.sync(&mut office).received, 1);
    assert_eq!(office.get(Entity::Area, id).unwrap()["name"], "หนองใหญ่");
}
