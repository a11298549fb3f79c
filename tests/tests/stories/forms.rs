//! Forms that are saved twice, too late, or too early.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::json;

#[test]
fn a_form_saved_twice_is_one_case() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 1);
    let key = "019aa000-0000-7000-8000-00000000000a";
    let draft = with(a_case(), &json!({ "client_key": key }));
    let first = desk.case(&draft);
    let pending = desk.ok("sync.status", json!({}))["pending"].clone();
    for _ in 0..3 {
        assert_eq!(desk.case(&draft), first);
    }
    assert_eq!(desk.ok("case.list", json!({}))["total"], 1);
    assert_eq!(
        desk.ok("sync.status", json!({}))["pending"],
        pending,
        "nothing more to send"
    );
    assert_eq!(desk.whole(&first)["needs"].as_array().unwrap().len(), 2);
    // Another form is another case, though everything in it is the same.
    let other = desk.case(&with(a_case(), &json!({ "client_key": null })));
    assert_ne!(other, first);
    assert_eq!(desk.whole(&other)["number"], "450905-69-00002");
}

#[test]
fn what_undo_takes_back_after_a_double_save_is_the_case() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 2);
    let key = "019aa000-0000-7000-8000-00000000000b";
    let draft = with(a_case(), &json!({ "client_key": key }));
    let _ = desk.case(&draft);
    let _ = desk.case(&draft);
    let undo = desk.ok("status.get", json!({}))["undo"].clone();
    let _ = desk.undo(&undo);
    assert_eq!(
        desk.ok("case.list", json!({}))["total"],
        0,
        "one click on undo takes the one case back"
    );
}

#[test]
fn a_form_that_shows_an_older_case_is_a_clash() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 3);
    let id = desk.case(&a_case());
    let shown = desk.whole(&id)["version"].clone();
    let edit = |house: &str| {
        let draft = with(a_case(), &json!({ "house_no": house }));
        json!({ "id": id, "version": shown, "draft": draft })
    };
    let _ = desk.ok("case.edit", edit("99"));
    assert_eq!(desk.refused("case.edit", edit("100")).code, "clash");
    let case = desk.whole(&id);
    assert_eq!(case["house_no"], "99");
    // Also when only a part of the case has changed under the form.
    let shown = case["version"].clone();
    let need = text(&case["needs"][0]["id"]);
    let _ = desk.ok("need.move", json!({ "id": need, "step": "verify" }));
    let phone = with(
        a_case(),
        &json!({ "phone": "0800000001", "house_no": "99" }),
    );
    let late = json!({ "id": id, "version": shown, "draft": phone });
    let now = desk.whole(&id)["version"].clone();
    if now == shown {
        let _ = desk.ok("case.edit", late);
    } else {
        assert_eq!(desk.refused("case.edit", late).code, "clash");
    }
    assert_eq!(
        desk.whole(&id)["needs"][0]["state"],
        "verifying",
        "nobody's step is lost"
    );

    let volunteer = desk.volunteer(&a_volunteer());
    let shown = desk.ok("volunteer.get", json!({ "id": volunteer }))["version"].clone();
    let edit = json!({ "id": volunteer, "version": shown, "draft": a_volunteer() });
    let changed = with(a_volunteer(), &json!({ "note": "มีรถกระบะ" }));
    let _ = desk.ok(
        "volunteer.edit",
        json!({ "id": volunteer, "version": shown, "draft": changed }),
    );
    assert_eq!(desk.refused("volunteer.edit", edit).code, "clash");
}

#[test]
fn an_edit_that_changes_the_person_only_is_a_clash_for_an_older_form() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 4);
    let id = desk.case(&a_case());
    let shown = desk.whole(&id)["version"].clone();
    let edit = |phone: &str| {
        let draft = with(a_case(), &json!({ "phone": phone }));
        json!({ "id": id, "version": shown, "draft": draft })
    };
    let _ = desk.ok("case.edit", edit("0800000001"));
    assert_eq!(desk.refused("case.edit", edit("0800000002")).code, "clash");
    assert_eq!(desk.whole(&id)["person"]["phone"], "080-000-0001");
}

#[test]
fn a_case_is_not_closed_while_somebody_is_on_his_way() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 5);
    let id = desk.case(&a_case());
    let volunteer = desk.volunteer(&a_volunteer());
    let need = text(&desk.whole(&id)["needs"][0]["id"]);
    let proposed = desk.ok(
        "assignment.propose",
        json!({ "need_id": need, "volunteer_id": volunteer }),
    );
    let assignment = text(&proposed["id"]);
    let close = json!({ "id": id, "reason": "met" });
    for step in ["offer", "accept", "depart", "arrive"] {
        assert_eq!(
            desk.refused("case.close", close.clone()).code,
            "case_has_assignments"
        );
        let by_hand = json!({ "id": need, "step": "close", "reason": "met" });
        assert_eq!(
            desk.refused("need.move", by_hand).code,
            "case_has_assignments"
        );
        let _ = desk.ok("assignment.move", json!({ "id": assignment, "step": step }));
    }
    let fail = json!({ "id": assignment, "step": "fail" });
    assert_eq!(desk.refused("assignment.move", fail).code, "reason_missing");
    let fail = json!({ "id": assignment, "step": "fail", "reason": "น้ำเชี่ยว เข้าไม่ได้" });
    let _ = desk.ok("assignment.move", fail);
    let _ = desk.ok("case.close", close.clone());
    assert_eq!(desk.whole(&id)["state"], "closed");
    assert_eq!(
        desk.refused("case.close", close).code,
        "case_closed_already"
    );
    let _ = desk.ok("case.reopen", json!({ "id": id, "note": "น้ำขึ้นอีก" }));
    let case = desk.whole(&id);
    assert_ne!(case["state"], "closed");
    assert!(case["note"].as_str().unwrap().contains("น้ำขึ้นอีก"));
}

#[test]
fn a_volunteer_who_is_away_or_full_is_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 6);
    let away = desk.volunteer(&with(a_volunteer(), &json!({ "availability": "on_leave" })));
    let one_task = desk.volunteer(&with(a_volunteer(), &json!({ "max_open_tasks": 1 })));
    let first = desk.whole(&desk.case(&a_case()));
    let needs: Vec<_> = first["needs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|need| text(&need["id"]))
        .collect();
    let propose = |need: &str, volunteer: &str| json!({ "need_id": need, "volunteer_id": volunteer, "offered": true });
    assert_eq!(
        desk.refused("assignment.propose", propose(&needs[0], &away))
            .code,
        "volunteer_away"
    );
    let _ = desk.ok("assignment.propose", propose(&needs[0], &one_task));
    let again = desk.refused("assignment.propose", propose(&needs[0], &one_task));
    assert!(
        matches!(again.code.as_str(), "volunteer_has_need" | "need_has_hands"),
        "{again:?}"
    );
    // Another house is another visit; what else this one needs he takes along.
    let neighbour = desk.case(&with(a_case(), &json!({ "house_no": "14" })));
    let elsewhere = text(&desk.whole(&neighbour)["needs"][0]["id"]);
    assert_eq!(
        desk.refused("assignment.propose", propose(&elsewhere, &one_task))
            .code,
        "volunteer_full"
    );
    let suggested = desk.ok("assignment.suggest", json!({ "need_id": needs[1] }));
    let people = suggested["suggestions"].as_array().unwrap();
    assert!(
        people
            .iter()
            .all(|person| person["volunteer_id"] != away.as_str()),
        "who is away is not suggested"
    );
}
