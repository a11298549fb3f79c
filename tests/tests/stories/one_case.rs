//! One real case, all the way through.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::{Value, json};

fn need<'a>(case: &'a Value, kind: &str) -> &'a Value {
    case["needs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|need| need["kind"] == kind)
        .unwrap()
}

/// The first hit of a search.
#[track_caller]
fn found(desk: &StoryDesk, text: &str) -> Value {
    desk.ok("search.find", json!({ "text": text, "limit": 10 }))
}

#[test]
fn a_case_is_keyed_found_assigned_carried_out_confirmed_and_closed() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 1);
    let status = desk.ok("status.get", json!({}));
    assert_eq!(
        (&status["today"], &status["actor"]["role"]),
        (&json!("2026-11-22"), &json!("clerk"))
    );

    // Keyed.
    let near = desk.volunteer(&a_volunteer());
    let far = desk.volunteer(&with(
        a_volunteer(),
        &json!({ "given_name": "ทองใบ", "area_code": "45090501", "patch": ["45090501"],
                 "lat": 16.36, "lon": 104.26, "phone": "0800111222" }),
    ));
    let id = desk.case(&a_case());
    let case = desk.whole(&id);
    assert_eq!(case["number"], "450905-69-00001");
    assert_eq!(
        (&case["state"], &case["review_state"]),
        (&json!("reported"), &json!("unreviewed"))
    );
    assert_eq!(case["village"], "ม.5 บ้านเหล่าหม้อ");
    assert_eq!(case["area_name"], "ตำบลโคกสว่าง อำเภอหนองพอก จังหวัดร้อยเอ็ด");
    assert_eq!(case["incident_id"], status["incident"]["id"]);
    assert_eq!(case["pending"], true);

    // Found: by name, telephone, number, house, and with the keyboard on the other language.
    for words in [
        "สมชาย",
        "ใจดี สมชาย",
        "0800123456",
        "080-012-3456",
        "450905-69-00001",
        "12/3",
    ] {
        let hits = found(&desk, words);
        assert_eq!(hits["hits"][0]["id"], id.as_str(), "{words}: {hits}");
        assert_eq!(hits["read_as"], Value::Null, "{words}");
    }
    let hits = found(&desk, "l,=kp");
    assert_eq!(hits["hits"][0]["id"], id.as_str(), "{hits}");
    assert_eq!(hits["read_as"], "สมชาย");
    assert_eq!(found(&desk, "ไม่มีชื่อนี้")["hits"], json!([]));

    // The headman says that it is true: its needs are open for help.
    desk.env.pass_minutes(30);
    desk.sit_down("headman");
    let inbox = desk.ok("review.inbox", json!({}));
    assert_eq!(
        (&inbox["total"], &inbox["items"][0]["case"]["id"]),
        (&json!(1), &json!(id))
    );
    let _ = desk.ok(
        "review.decide",
        json!({ "case_id": id, "verdict": "confirmed" }),
    );
    assert_eq!(desk.ok("review.inbox", json!({}))["total"], 0);
    desk.sit_down("clerk");
    let case = desk.whole(&id);
    assert_eq!(
        (&case["state"], &case["review_state"]),
        (&json!("open"), &json!("confirmed"))
    );
    assert_eq!(case["confirmed_by"], "ผู้ใหญ่บ้าน");

    // Assigned by suggestion: the nearest who has the skill comes first, with reasons.
    let board = desk.ok("assignment.board", json!({}));
    assert_eq!(board["total"], 2, "two needs want hands");
    let food = text(&need(&case, "food_water")["id"]);
    let suggested = desk.ok("assignment.suggest", json!({ "need_id": food, "limit": 5 }));
    let people = suggested["suggestions"].as_array().unwrap();
    assert_eq!(people[0]["volunteer_id"], near.as_str(), "{suggested}");
    assert!(
        people
            .iter()
            .any(|person| person["volunteer_id"] == far.as_str())
    );
    for why in ["own_patch", "has_skill", "near"] {
        assert!(
            people[0]["why"].as_array().unwrap().contains(&json!(why)),
            "{why}: {}",
            people[0]
        );
    }
    assert!(people[0]["distance_m"].as_u64().unwrap() < 200);
    let proposed = desk.ok(
        "assignment.propose",
        json!({ "need_id": food, "volunteer_id": near, "offered": true }),
    );
    let assignment = text(&proposed["id"]);

    // Accepted, on the way, there, done.
    for (step, need_state) in [
        ("accept", "assigned"),
        ("depart", "in_progress"),
        ("arrive", "in_progress"),
        ("finish", "met"),
    ] {
        desk.env.pass_minutes(20);
        let outcome = (step == "finish").then_some("ส่งข้าวสารและน้ำดื่มแล้ว");
        let moved = json!({ "id": assignment, "step": step, "outcome": outcome });
        let _ = desk.ok("assignment.move", moved);
        assert_eq!(
            need(&desk.whole(&id), "food_water")["state"],
            need_state,
            "after {step}"
        );
    }
    let refused = desk.refused(
        "assignment.move",
        json!({ "id": assignment, "step": "confirm" }),
    );
    assert_eq!(refused.code, "denied_role", "the headman's word is his");

    // The headman confirms that help came.
    desk.sit_down("headman");
    let inbox = desk.ok("review.inbox", json!({}));
    assert_eq!(
        inbox["items"][0]["assignment"]["id"],
        assignment.as_str(),
        "{inbox}"
    );
    let word = json!({ "case_id": id, "assignment_id": assignment, "verdict": "confirmed" });
    let _ = desk.ok("review.decide", word);
    desk.sit_down("clerk");
    let case = desk.whole(&id);
    assert_eq!(case["assignments"][0]["state"], "confirmed");
    assert_eq!(need(&case, "food_water")["state"], "closed");
    assert_eq!(need(&case, "food_water")["closing_reason"], "met");

    // The other need is met by the family and closed by hand; the case is closed with it.
    let medicine = text(&need(&case, "medicine")["id"]);
    let _ = desk.ok("need.move", json!({ "id": medicine, "step": "meet" }));
    let close = json!({ "id": medicine, "step": "close", "reason": "met" });
    let _ = desk.ok("need.move", close);
    let case = desk.whole(&id);
    assert_eq!(case["state"], "closed");
    assert_eq!(
        desk.ok("case.list", json!({}))["total"],
        0,
        "closed cases leave the list"
    );
    let all = json!({ "filter": { "all_states": true } });
    assert_eq!(desk.ok("case.list", all)["total"], 1);

    // Everything is in the history, by whoever did it.
    let history = case["history"].as_array().unwrap();
    for (action, actor) in [
        ("case_create", "เสมียน"),
        ("review_decide", "ผู้ใหญ่บ้าน"),
        ("assignment_propose", "เสมียน"),
        ("assignment_move", "เสมียน"),
        ("need_move", "เสมียน"),
    ] {
        assert!(
            history
                .iter()
                .any(|line| line["action"] == action && line["actor"] == actor),
            "{action} by {actor} in {history:?}"
        );
    }
    let report = desk.ok(
        "report.get",
        json!({ "from": "2026-11-22", "to": "2026-11-22" }),
    );
    assert!(report.is_object());
}

#[test]
fn another_office_is_asked_to_help_and_that_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 2);
    let id = desk.case(&a_case());
    for (office, code) in [
        ("450905", "refer_to_self"),
        ("990101", "office_unknown"),
        ("45", "office_unknown"),
    ] {
        let refused = desk.refused("case.refer", json!({ "id": id, "office_code": office }));
        assert_eq!(refused.code, code, "{office}");
    }
    let refer = json!({ "id": id, "office_code": "450909", "note": "ขอเรือ" });
    let _ = desk.ok("case.refer", refer);
    let case = desk.whole(&id);
    assert_eq!(
        (&case["referred_to"], &case["referral_note"]),
        (&json!("450909"), &json!("ขอเรือ"))
    );
    assert_eq!(case["referred_to_name"], "ตำบลท่าสีดา");
    let _ = desk.ok("case.refer", json!({ "id": id, "office_code": null }));
    assert_eq!(desk.whole(&id)["referred_to"], Value::Null);
}
