//! What the headman sent back is somebody's to mend: it is counted, listed, marked and put before him again.

use jitasa_tests::desk::{StoryDesk, a_case, with};
use serde_json::json;

use crate::quiet::{a_call, an_office};

/// A case about which the headman says so.
fn judged(desk: &StoryDesk, name: &str, verdict: &str) -> String {
    let case = desk.case(&with(a_call("urgent"), &json!({ "given_name": name })));
    desk.sit_down("headman");
    let word = json!({ "case_id": case, "verdict": verdict, "reason": "บ้านเลขที่ไม่ตรง" });
    let _ = desk.ok("review.decide", word);
    desk.sit_down("clerk");
    case
}

#[test]
fn what_the_headman_sent_back_is_counted_listed_and_told_to_the_next_shift() {
    let (_folder, desk) = an_office(61);
    let returned = judged(&desk, "คำปุ่น", "returned");
    let missing = judged(&desk, "บุญมี", "not_found");
    let untrue = judged(&desk, "สมใจ", "rejected");
    let _ = judged(&desk, "แสง", "confirmed");
    assert_eq!(desk.ok("today.get", json!({}))["sent_back"], 3);
    // The figure leads to just these.
    let states = json!(["returned", "not_found", "rejected"]);
    let list = desk.ok(
        "case.list",
        json!({ "filter": { "review_states": states } }),
    );
    assert_eq!(list["total"], 3);

    let page = desk.ok("shift.get", json!({}));
    let sections = page["sections"].as_array().unwrap();
    let section = sections
        .iter()
        .find(|each| each["code"] == "sent_back")
        .unwrap();
    assert_eq!(section["total"], 3);
    let rows = section["rows"].as_array().unwrap();
    let ids: Vec<_> = rows
        .iter()
        .map(|row| row["case_id"].as_str().unwrap())
        .collect();
    for case in [&returned, &missing, &untrue] {
        assert!(ids.contains(&case.as_str()));
    }
    assert!(
        rows.iter().all(|row| row["note"] == "บ้านเลขที่ไม่ตรง"),
        "{rows:?}"
    );

    // Closed, it is nobody's to mend any more.
    let _ = desk.ok("case.close", json!({ "id": untrue, "reason": "not_true" }));
    assert_eq!(desk.ok("today.get", json!({}))["sent_back"], 2);
    // Whoever gives out work sees it on the row.
    let board = desk.ok("assignment.board", json!({}));
    let row = board["rows"].as_array().unwrap();
    let row = row
        .iter()
        .find(|row| row["case"]["id"] == json!(missing))
        .unwrap();
    assert_eq!(row["case"]["review_state"], "not_found");
}

#[test]
fn a_case_the_headman_called_untrue_goes_before_him_again_when_the_office_has_mended_it() {
    let (_folder, desk) = an_office(62);
    for verdict in ["returned", "not_found", "rejected"] {
        let case = judged(&desk, "คำปุ่น", verdict);
        let draft = with(a_case(), &json!({ "house_no": "99" }));
        let version = desk.whole(&case)["version"].clone();
        let _ = desk.ok(
            "case.edit",
            json!({ "id": case, "version": version, "draft": draft }),
        );
        assert_eq!(desk.whole(&case)["review_state"], "unreviewed", "{verdict}");
    }
}
