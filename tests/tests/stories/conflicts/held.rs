//! What the province holds: why, and what a person does about it.

use jitasa_tests::desk::{StoryDesk, a_case, with};
use serde_json::{Value, json};

use super::{
    Two,
    province::{Running, decision, matters, pending, sync, the_matter, whole},
};

fn first_need(desk: &StoryDesk, case: &str) -> Value {
    desk.whole(case)["needs"][0].clone()
}

#[test]
fn an_unlawful_step_names_the_state_that_stands_and_is_filed_or_done_again_when_it_is_lawful() {
    let two = Two::begin();
    let close = json!({ "id": two.case, "reason": "duplicate", "note": "" });
    let _ = two.theirs.ok("case.close", close);
    let need = first_need(&two.ours, &two.case);
    let _ = two
        .ours
        .ok("need.move", json!({ "id": need["id"], "step": "verify" }));
    let _ = sync(&two.theirs);
    let receipt = sync(&two.ours);
    assert_eq!(
        (&receipt["held"], &receipt["conflicts"]),
        (&json!(1), &json!(0))
    );
    let shown = the_matter(&two.ours);
    let state = shown["groups"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|group| group["fields"].as_array().unwrap().clone())
        .find(|one| one["field"] == "state")
        .unwrap();
    assert_eq!(
        (&state["ours"], &state["now"]),
        (&json!("verifying"), &json!("closed"))
    );
    assert_eq!(shown["trouble"]["reason"], "unlawful_state");
    assert_eq!(shown["trouble"]["mine"], true);
    assert_eq!(shown["ours_refused"]["code"], "trouble_unlawful");
    let refusal = two.ours.refused("sync.decide", decision(&shown, "ours"));
    assert_eq!(refusal.code, "trouble_unlawful");

    let filed = two.ours.ok("sync.decide", decision(&shown, "stands"));
    assert_eq!(matters(&two.ours, true)[0]["side"], "stands");
    assert_eq!(pending(&two.ours), 0);
    let _ = two.ours.undo(&filed);
    assert_eq!(the_matter(&two.ours)["trouble"]["kind"], "held");
}

/// A case of one office referred to another; both desks have it.
fn referred() -> (
    Running,
    [tempfile::TempDir; 2],
    StoryDesk,
    StoryDesk,
    String,
) {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let province = Running::begin();
    let owner = StoryDesk::office(folders[0].path(), 1);
    let helper = StoryDesk::open(folders[1].path(), 2);
    helper.app.init_office("450909", None).unwrap();
    province.enrol(&owner);
    province.enrol(&helper);
    let case = owner.case(&a_case());
    refer(&owner, &case, Some("450909"));
    let _ = sync(&owner);
    let _ = sync(&helper);
    (province, folders, owner, helper, case)
}

fn refer(desk: &StoryDesk, case: &str, to: Option<&str>) {
    let _ = desk.ok(
        "case.refer",
        json!({ "id": case, "office_code": to, "note": "ขอเรือ" }),
    );
}

fn note(desk: &StoryDesk, case: &str, note: &str) {
    let draft = with(a_case(), &json!({ "note": note }));
    let version = desk.whole(case)["version"].clone();
    let _ = desk.ok(
        "case.edit",
        json!({ "id": case, "version": version, "draft": draft }),
    );
}

#[test]
fn what_was_held_because_the_case_had_left_is_done_again_once_it_is_back() {
    let (_province, _folders, owner, helper, case) = referred();
    refer(&owner, &case, None);
    note(&helper, &case, "เรือถึงแล้ว");
    let _ = sync(&owner);
    assert_eq!(sync(&helper)["held"], 1);
    let gone = the_matter(&helper);
    assert_eq!(gone["stands"], "gone");
    assert_eq!(gone["ours_refused"]["code"], "trouble_record_gone");
    let gone_before = decision(&gone, "stands");

    refer(&owner, &case, Some("450909"));
    let _ = sync(&owner);
    let _ = sync(&helper);
    assert_eq!(
        helper.refused("sync.decide", gone_before).code,
        "trouble_moved_on"
    );
    let back = the_matter(&helper);
    assert_eq!(
        (&back["stands"], &back["ours_refused"]),
        (&json!("here"), &Value::Null)
    );
    let _ = helper.ok("sync.decide", decision(&back, "ours"));
    assert_eq!(helper.whole(&case)["note"], "เรือถึงแล้ว");
    assert_eq!(sync(&helper)["held"], 0);
    let _ = sync(&owner);
    assert_eq!(owner.whole(&case)["note"], "เรือถึงแล้ว");
}

#[test]
fn a_conflict_about_a_case_that_has_left_stays_listed_and_can_be_filed() {
    let (_province, _folders, owner, helper, case) = referred();
    note(&owner, &case, "ของเจ้าของ");
    note(&helper, &case, "ของผู้ช่วย");
    let _ = sync(&owner);
    assert_eq!(sync(&helper)["conflicts"], 1);
    refer(&owner, &case, None);
    let _ = sync(&owner);
    let _ = sync(&helper);
    let shown = the_matter(&helper);
    assert_eq!(shown["stands"], "gone");
    assert_eq!(shown["groups"][0]["fields"][0]["theirs"], "ของเจ้าของ");
    assert_eq!(
        helper.refused("sync.decide", decision(&shown, "ours")).code,
        "trouble_record_gone"
    );
    let _ = helper.ok("sync.decide", decision(&shown, "stands"));
    let decided = matters(&helper, true);
    assert_eq!(
        whole(&helper, &decided[0])["groups"][0]["fields"][0]["ours"],
        "ของผู้ช่วย"
    );
    let list = helper.ok("export.run", json!({ "kind": "troubles", "format": "csv" }));
    assert_eq!(list["rows"], 1);
    let bytes = list["bytes_base64"].as_str().unwrap();
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, bytes).unwrap();
    let sheet = String::from_utf8(bytes).unwrap();
    for said in ["ของผู้ช่วย", "ของเจ้าของ", "คงค่าของจังหวัด", "หมายเหตุ"]
    {
        assert!(sheet.contains(said), "{said} in {sheet}");
    }
    let on_a_map = json!({ "kind": "troubles", "format": "geojson" });
    assert_eq!(
        helper.refused("export.run", on_a_map).code,
        "format_unknown"
    );
}

#[test]
fn a_record_that_was_withdrawn_is_not_written_over() {
    let two = Two::begin();
    let made = two.theirs.case(&with(
        a_case(),
        &json!({ "given_name": "ผู้อื่น", "phone": null }),
    ));
    let _ = sync(&two.theirs);
    let _ = sync(&two.ours);
    let other = |note: &str| {
        with(
            a_case(),
            &json!({ "given_name": "ผู้อื่น", "phone": null, "note": note }),
        )
    };
    for (desk, note) in [(&two.theirs, "ข"), (&two.ours, "ก")] {
        let version = desk.whole(&made)["version"].clone();
        let edit = json!({ "id": made, "version": version, "draft": other(note) });
        let _ = desk.ok("case.edit", edit);
    }
    let _ = sync(&two.theirs);
    assert_eq!(sync(&two.ours)["conflicts"], 1);
    // Where it was made it is taken back, step by step.
    for _ in 0..2 {
        let status = two.theirs.ok("status.get", json!({}));
        let undo = json!({ "act_id": status["undo"]["act_id"] });
        let _ = two.theirs.ok("undo.run", undo);
    }
    let _ = sync(&two.theirs);
    let _ = sync(&two.ours);
    let shown = the_matter(&two.ours);
    assert_eq!(shown["stands"], "voided");
    assert_eq!(shown["ours_refused"]["code"], "trouble_record_voided");
    let _ = two.ours.ok("sync.decide", decision(&shown, "stands"));
    assert_eq!((matters(&two.ours, true).len(), pending(&two.ours)), (1, 0));
}

#[test]
fn what_was_added_to_a_case_that_had_left_is_one_matter_and_is_made_again_once_it_is_back() {
    let (_province, _folders, owner, helper, case) = referred();
    refer(&owner, &case, None);
    let follow = json!({ "case_id": case, "due_on": "2026-11-25", "note": "โทรถามเรื่องเรือ" });
    let _ = helper.ok("follow_up.add", follow);
    let version = helper.whole(&case)["version"].clone();
    // Another kind of need is added to the case in one act with a note.
    let draft = with(
        a_case(),
        &json!({ "note": "เรือถึงแล้ว", "needs": [{ "kind": "food_water", "detail": "" },
            { "kind": "medicine", "detail": "ยาความดัน" }, { "kind": "shelter", "detail": "" }] }),
    );
    let _ = helper.ok(
        "case.edit",
        json!({ "id": case, "version": version, "draft": draft }),
    );
    let _ = sync(&owner);
    let held = sync(&helper)["held"].as_i64().unwrap();
    assert!(held >= 3, "{held}");
    let open = matters(&helper, false);
    assert_eq!(open.len(), 2, "one an act: {open:?}");
    for row in &open {
        let code = whole(&helper, row)["ours_refused"]["code"].clone();
        assert_eq!(code, "trouble_record_gone");
    }
    refer(&owner, &case, Some("450909"));
    let _ = sync(&owner);
    let _ = sync(&helper);
    for row in &open {
        let now = whole(&helper, row);
        assert_eq!(now["ours_refused"], Value::Null, "{now}");
        let _ = helper.ok("sync.decide", decision(&now, "ours"));
    }
    assert_eq!(matters(&helper, false).len(), 0);
    assert_eq!(sync(&helper)["held"], 0);
    let _ = sync(&owner);
    let there = owner.whole(&case);
    assert_eq!(there["note"], "เรือถึงแล้ว");
    assert_eq!(there["needs"].as_array().unwrap().len(), 3, "{there}");
    assert!(there["follow_ups"].to_string().contains("โทรถามเรื่องเรือ"));
}

#[test]
fn a_step_in_conflict_is_taken_again_by_the_lifecycle_and_back_again() {
    let two = Two::begin();
    let need = first_need(&two.ours, &two.case);
    let closed = json!({ "id": need["id"], "step": "close", "reason": "duplicate", "note": "ซ้ำ" });
    let _ = two.theirs.ok("need.move", closed);
    let _ = two
        .ours
        .ok("need.move", json!({ "id": need["id"], "step": "open" }));
    let _ = sync(&two.theirs);
    let receipt = sync(&two.ours);
    assert_eq!(receipt["conflicts"], 1, "{receipt}");
    assert_eq!(first_need(&two.ours, &two.case)["state"], "closed");
    let shown = the_matter(&two.ours);
    assert_eq!(
        shown["groups"].as_array().unwrap().len(),
        1,
        "a state and what is said with it are one"
    );
    let acted = two.ours.ok("sync.decide", decision(&shown, "ours"));
    assert_eq!(first_need(&two.ours, &two.case)["state"], "open");
    assert_eq!(sync(&two.ours)["held"], 0);
    let _ = sync(&two.theirs);
    assert_eq!(first_need(&two.theirs, &two.case)["state"], "open");

    let decided = whole(&two.ours, &matters(&two.ours, true)[0]);
    let _ = two.ours.ok("sync.decide", decision(&decided, "theirs"));
    assert_eq!(first_need(&two.ours, &two.case)["state"], "closed");
    assert_eq!(
        two.ours
            .refused("undo.run", json!({ "act_id": acted["act_id"] }))
            .code,
        "undo_touched_since"
    );
    let _ = sync(&two.ours);
    let _ = sync(&two.theirs);
    assert_eq!(first_need(&two.theirs, &two.case)["state"], "closed");
}

#[test]
fn an_assignment_in_conflict_takes_its_need_along() {
    let two = Two::begin();
    let volunteer = two.ours.volunteer(&jitasa_tests::desk::a_volunteer());
    let need = first_need(&two.ours, &two.case);
    let give = json!({ "need_id": need["id"], "volunteer_id": volunteer, "offered": true });
    let given = two.ours.ok("assignment.propose", give);
    let _ = sync(&two.ours);
    let _ = sync(&two.theirs);
    let step = |desk: &StoryDesk, step: &str| {
        let why = (step != "accept").then_some("รถเสีย");
        desk.ok(
            "assignment.move",
            json!({ "id": given["id"], "step": step, "reason": why }),
        )
    };
    let _ = step(&two.theirs, "accept");
    let _ = sync(&two.theirs);
    let _ = step(&two.ours, "decline");
    let receipt = sync(&two.ours);
    assert!(
        receipt["held"].as_i64().unwrap() + receipt["conflicts"].as_i64().unwrap() > 0,
        "{receipt}"
    );
    let open = matters(&two.ours, false);
    let assigned = open
        .iter()
        .find(|row| row["entity"] == "assignment")
        .unwrap();
    let shown = whole(&two.ours, assigned);
    // Who has accepted does not decline; the screen says so and the office goes on from what stands.
    assert_eq!(shown["ours_refused"]["code"], "trouble_unlawful", "{shown}");
    for row in &open {
        let now = whole(&two.ours, row);
        let _ = two.ours.ok("sync.decide", decision(&now, "stands"));
    }
    assert_eq!(first_need(&two.ours, &two.case)["state"], "assigned");
    let _ = step(&two.ours, "revoke");
    assert_eq!(first_need(&two.ours, &two.case)["state"], "open");
}
