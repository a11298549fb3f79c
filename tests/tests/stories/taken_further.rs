//! Who is told what has waited too long: the supervisor, and the district when he does not say that he knows;
//! what the screens may claim of it; and whose word it is that he has taken note.

use jitasa_tests::desk::{StoryDesk, text};
use serde_json::{Value, json};

use crate::quiet::{a_call, an_office, hands_for, pass, step};

fn seen(desk: &StoryDesk, case: &str) -> Value {
    desk.sit_down("supervisor");
    let acted = desk.ok(
        "escalation.seen",
        json!({ "case_ids": [case], "note": null }),
    );
    desk.sit_down("clerk");
    acted
}

/// A case that somebody holds, and that is the supervisor's to know of because nobody looked on the day a clerk
/// had set; and who holds it.
fn overdue(desk: &StoryDesk) -> (String, String) {
    let case = desk.case(&a_call("normal"));
    let (assignment, _) = hands_for(desk, &case);
    let own = json!({ "case_id": case, "due_on": "2026-11-23", "note": "เยี่ยมพรุ่งนี้" });
    let _ = desk.ok("follow_up.add", own);
    let _ = pass(desk, 3 * 24 * 60);
    assert_eq!(desk.whole(&case)["escalation_reason"], "follow_up_overdue");
    (case, assignment)
}

#[test]
fn no_screen_says_that_the_district_knows_while_nothing_has_left_the_desk() {
    let (_folder, desk) = an_office(63);
    let case = desk.case(&a_call("critical"));
    let _ = pass(&desk, 180);
    let row = desk.ok("escalation.list", json!({}))["rows"][0].clone();
    assert_eq!(
        (&row["escalation"], &row["sent"]),
        (&json!("district"), &json!(false))
    );
    assert_eq!(desk.whole(&case)["escalation_sent"], false);
}

#[test]
fn a_subdistrict_does_not_take_note_in_the_districts_place() {
    let (_folder, desk) = an_office(64);
    let case = desk.case(&a_call("critical"));
    let _ = pass(&desk, 180);
    desk.sit_down("supervisor");
    let request = json!({ "case_ids": [case], "note": "ทราบแล้ว" });
    let refused = desk.refused("escalation.seen", request);
    assert_eq!(refused.code, "escalation_is_districts");
    assert!(!jitasa_app::message(&refused).contains("escalation_is_districts"));
    assert_eq!(desk.whole(&case)["escalation_seen_at"], Value::Null);
}

#[test]
fn who_took_note_first_is_named_and_stays_named() {
    let (_folder, desk) = an_office(65);
    let case = desk.case(&a_call("critical"));
    let _ = pass(&desk, 60);
    let _ = seen(&desk, &case);
    let first = desk.whole(&case)["escalation_seen_at"].clone();
    desk.env.pass_minutes(5);
    let _ = seen(&desk, &case);
    assert_eq!(desk.whole(&case)["escalation_seen_at"], first);
}

#[test]
fn a_day_nobody_kept_goes_on_to_the_district_when_the_supervisor_does_not_take_note() {
    let (_folder, desk) = an_office(66);
    let (case, _) = overdue(&desk);
    let told = desk.whole(&case)["escalated_at"].as_i64().unwrap();
    // The patience of the district of an ordinary case: seven days.
    let _ = pass(&desk, 7 * 24 * 60 - 600);
    assert_eq!(desk.whole(&case)["escalation"], "supervisor");
    let _ = pass(&desk, 24 * 60);
    let whole = desk.whole(&case);
    assert_eq!(whole["escalation"], "district");
    assert_eq!(whole["escalation_reason"], "follow_up_overdue");
    assert_eq!(
        whole["escalated_at"],
        told + 10_080 * 60_000,
        "the moment it fell due"
    );
    assert_eq!(pass(&desk, 1)["escalated_district"], 0);
}

#[test]
fn a_day_nobody_kept_stays_with_the_supervisor_who_took_note() {
    let (_folder, desk) = an_office(67);
    let (case, _) = overdue(&desk);
    let _ = seen(&desk, &case);
    let _ = pass(&desk, 20 * 24 * 60);
    let whole = desk.whole(&case);
    assert_eq!(whole["escalation"], "supervisor");
    assert_ne!(whole["escalation_seen_at"], Value::Null);
}

#[test]
fn a_weightier_reason_is_told_anew_also_to_one_who_has_taken_note() {
    let (_folder, desk) = an_office(68);
    let (case, assignment) = overdue(&desk);
    let _ = seen(&desk, &case);
    let _ = step(&desk, &assignment, "finish");
    // The date nobody kept is still open; he says that nobody came.
    let word = json!({ "id": assignment, "word": "not_come", "note": "รอทั้งวัน" });
    let _ = desk.ok("assignment.receiver_word", word);
    let said = desk.whole(&case)["assignments"][0]["receiver_said_at"].clone();
    let _ = pass(&desk, 0);
    let whole = desk.whole(&case);
    assert_eq!(whole["escalation_reason"], "help_not_come");
    assert_eq!(whole["escalated_at"], said);
    assert_eq!(whole["escalation_seen_at"], Value::Null);
    let before = desk.ok("status.get", json!({}))["data_version"].clone();
    let _ = pass(&desk, 1);
    assert_eq!(
        desk.ok("status.get", json!({}))["data_version"],
        before,
        "told once"
    );
    let _ = pass(&desk, 7 * 24 * 60);
    assert_eq!(desk.whole(&case)["escalation"], "district");
    assert_eq!(
        text(&desk.whole(&case)["escalation_reason"]),
        "help_not_come"
    );
}
