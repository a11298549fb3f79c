//! Undo takes back any act, whole, and refuses where somebody has built on it since.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::{Value, json};

/// Everything a person can see of the office.
fn sight(desk: &StoryDesk) -> Value {
    let all = json!({ "filter": { "all_states": true }, "sort": "number", "limit": 500 });
    let cases = desk.ok("case.list", all);
    let wholes: Vec<_> = cases["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let mut case = desk.whole(row["id"].as_str().unwrap());
            // Undo is an act itself: it shows in the version and in the history.
            for part in ["version", "history", "pending"] {
                case.as_object_mut().unwrap().remove(part);
            }
            case
        })
        .collect();
    json!({
        "cases": wholes,
        "total": cases["total"],
        "volunteers": desk.ok("volunteer.list", json!({}))["rows"],
        "villages": desk.ok("village.list", json!({})),
        "incidents": desk.ok("incident.list", json!({})),
        "incident": desk.ok("status.get", json!({}))["incident"],
        "kinds": desk.ok("kind.list", json!({ "list": "need" })),
        "board": desk.ok("assignment.board", json!({})),
        "assignments": desk.ok("assignment.list", json!({})),
        "follow_ups": desk.ok("follow_up.list", json!({})),
        "found": desk.ok("search.find", json!({ "text": "สมชาย", "limit": 50 })),
    })
}

#[test]
fn every_kind_of_act_is_taken_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 1);
    let id = desk.case(&a_case());
    let volunteer = desk.volunteer(&a_volunteer());
    let need = |at: usize| text(&desk.whole(&id)["needs"][at]["id"]);
    let (food, medicine) = (need(0), need(1));
    let follow_up = {
        let _ = desk.ok(
            "follow_up.add",
            json!({ "case_id": id, "due_on": "2026-11-22", "note": "โทรถาม" }),
        );
        text(&desk.whole(&id)["follow_ups"][0]["id"])
    };
    let proposed = desk.ok(
        "assignment.propose",
        json!({ "need_id": food, "volunteer_id": volunteer, "offered": true }),
    );
    let assignment = text(&proposed["id"]);
    let version = |desk: &StoryDesk| desk.whole(&id)["version"].clone();
    let volunteer_version = desk.ok("volunteer.get", json!({ "id": volunteer }))["version"].clone();

    let acts: Vec<(&str, Value)> = vec![
        (
            "case.create",
            with(a_case(), &json!({ "given_name": "สมชายคนใหม่" })),
        ),
        (
            "case.edit",
            json!({ "id": id, "version": version(&desk), "draft": with(a_case(), &json!({
                "given_name": "สมหมาย", "house_no": "1", "urgency": "critical", "area_code": "45090509",
                "lat": null, "lon": null,
                "needs": [{ "kind": "oxygen", "detail": "" }, { "kind": "food_water", "detail": "" }] })) }),
        ),
        (
            "case.place",
            json!({ "id": id, "lat": 16.31, "lon": 104.21 }),
        ),
        ("case.refer", json!({ "id": id, "office_code": "450909" })),
        ("need.move", json!({ "id": medicine, "step": "verify" })),
        (
            "need.move",
            json!({ "id": medicine, "step": "close", "reason": "duplicate" }),
        ),
        (
            "assignment.move",
            json!({ "id": assignment, "step": "accept" }),
        ),
        (
            "assignment.propose",
            json!({ "need_id": medicine, "volunteer_id": volunteer }),
        ),
        (
            "follow_up.add",
            json!({ "case_id": id, "due_on": "2026-11-25", "note": "เยี่ยม" }),
        ),
        (
            "follow_up.done",
            json!({ "id": follow_up, "outcome": "หายดี" }),
        ),
        (
            "volunteer.create",
            with(a_volunteer(), &json!({ "given_name": "ประนอม" })),
        ),
        (
            "volunteer.edit",
            json!({ "id": volunteer, "version": volunteer_version,
                    "draft": with(a_volunteer(), &json!({ "availability": "on_leave" })) }),
        ),
        (
            "village.save",
            json!({ "subdistrict_code": "450905", "moo": 7, "name": "ใหม่พัฒนา" }),
        ),
        (
            "village.save",
            json!({ "subdistrict_code": "450905", "moo": 5, "name": "เปลี่ยนชื่อ" }),
        ),
        (
            "incident.save",
            json!({ "name": "พายุฤดูร้อน", "kind": "storm", "started_on": "2026-11-20" }),
        ),
        (
            "kind.save",
            json!({ "list": "need", "code": "boat", "th": "เรือ", "en": "Boat", "position": 50, "active": true }),
        ),
    ];
    for (command, request) in acts {
        let before = sight(&desk);
        let acted = desk
            .app
            .call(command, request.clone())
            .unwrap_or_else(|refusal| panic!("{command} {request}: {refusal:?}"));
        assert_ne!(sight(&desk), before, "{command} shows");
        assert_eq!(
            desk.ok("status.get", json!({}))["undo"]["act_id"],
            acted["act_id"],
            "{command}"
        );
        let _ = desk.undo(&acted);
        let after = sight(&desk);
        for part in before.as_object().unwrap().keys() {
            assert_eq!(
                after[part], before[part],
                "{part} after {command} was undone"
            );
        }
        let again = desk.refused("undo.run", json!({ "act_id": acted["act_id"] }));
        assert_eq!(again.code, "undo_done_already", "{command}");
    }
}

#[test]
fn closing_and_reopening_are_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 2);
    let id = desk.case(&a_case());
    let open = sight(&desk);
    let closed = desk.ok("case.close", json!({ "id": id, "reason": "met" }));
    let reopened = desk.ok("case.reopen", json!({ "id": id, "note": "ขอเพิ่ม" }));
    let _ = desk.undo(&reopened);
    assert_eq!(desk.whole(&id)["state"], "closed");
    assert_eq!(desk.whole(&id)["note"], a_case()["note"]);
    let _ = desk.undo(&closed);
    assert_eq!(sight(&desk), open);
}

#[test]
fn one_goes_back_step_by_step() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 6);
    let volunteer = desk.volunteer(&a_volunteer());
    let mut sights = vec![sight(&desk)];
    let mut does = |command: &str, request: Value| {
        let done = desk.ok(command, request);
        sights.push(sight(&desk));
        done
    };
    let id = text(&does("case.create", a_case())["id"]);
    let shown = desk.whole(&id);
    let need = text(&shown["needs"][0]["id"]);
    let edited = with(a_case(), &json!({ "house_no": "7", "family_name": "ใจดี" }));
    let edit = json!({ "id": id, "version": shown["version"], "draft": edited });
    let _ = does("case.edit", edit);
    let pin = |lat: f64| json!({ "id": id, "lat": lat, "lon": 104.21 });
    let _ = does("case.place", pin(16.31));
    let _ = does("case.place", pin(16.32));
    let _ = does("need.hands", json!({ "id": need, "hands": 2 }));
    let _ = does("need.hands", json!({ "id": need, "hands": 3 }));
    let pair = json!({ "need_id": need, "volunteer_id": volunteer, "offered": true });
    let assignment = text(&does("assignment.propose", pair)["id"]);
    for step in ["accept", "depart", "arrive", "finish"] {
        let _ = does(
            "assignment.move",
            json!({ "id": assignment, "step": step, "outcome": "ส่งแล้ว" }),
        );
    }
    let _ = does("case.close", json!({ "id": id, "reason": "met" }));
    let _ = does("case.reopen", json!({ "id": id, "note": "ขอเพิ่ม" }));
    let latest = sights.pop().unwrap();
    assert_eq!(sight(&desk), latest);
    for before in sights.iter().rev() {
        let undo = desk.ok("status.get", json!({}))["undo"].clone();
        let _ = desk.undo(&undo);
        assert_eq!(&sight(&desk), before, "after {undo}");
    }
}

#[test]
fn the_headmans_word_is_taken_back_by_him_alone() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 3);
    let id = desk.case(&a_case());
    desk.sit_down("headman");
    let word = desk.ok(
        "review.decide",
        json!({ "case_id": id, "verdict": "confirmed" }),
    );
    desk.sit_down("clerk");
    let refused = desk.refused("undo.run", json!({ "act_id": word["act_id"] }));
    assert_eq!(refused.code, "undo_not_yours");
    desk.sit_down("headman");
    let _ = desk.undo(&word);
    let case = desk.whole(&id);
    assert_eq!(
        (&case["review_state"], &case["state"]),
        (&json!("unreviewed"), &json!("reported"))
    );
    assert_eq!(case["reviews"], json!([]));
    assert_eq!(desk.ok("review.inbox", json!({}))["total"], 1);
}

#[test]
fn an_act_that_somebody_built_on_stays() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 4);
    let created = desk.ok("case.create", a_case());
    let id = text(&created["id"]);
    let placed = desk.ok(
        "case.place",
        json!({ "id": id, "lat": 16.31, "lon": 104.21 }),
    );
    desk.sit_down("headman");
    let _ = desk.ok(
        "case.place",
        json!({ "id": id, "lat": 16.32, "lon": 104.22 }),
    );
    desk.sit_down("clerk");
    for act in [&created, &placed] {
        let before = sight(&desk);
        let refused = desk.refused("undo.run", json!({ "act_id": act["act_id"] }));
        assert_eq!(refused.code, "undo_touched_since");
        assert_eq!(sight(&desk), before, "the other's work is untouched");
    }
    // A case that has an assignment by now is not taken back under it.
    let second = desk.ok("case.create", a_case());
    let need = text(&desk.whole(second["id"].as_str().unwrap())["needs"][0]["id"]);
    let volunteer = desk.volunteer(&a_volunteer());
    let proposed = desk.ok(
        "assignment.propose",
        json!({ "need_id": need, "volunteer_id": volunteer, "offered": true }),
    );
    let refused = desk
        .app
        .call("undo.run", json!({ "act_id": second["act_id"] }));
    assert!(
        refused.is_err(),
        "the case would vanish under an assignment: {proposed}"
    );
    for unknown in ["", "x", "019aa000-0000-7000-8000-0000000000ff"] {
        assert_eq!(
            desk.refused("undo.run", json!({ "act_id": unknown })).code,
            "undo_unknown"
        );
    }
}
