//! The page a shift hands over with, on the screen and on paper.

use jitasa_tests::desk::{a_volunteer, text, with};
use serde_json::{Value, json};

use crate::quiet::{a_call, an_office, need_id, pass, version};

fn section(page: &Value, code: &str) -> Value {
    let sections = page["sections"].as_array().unwrap().clone();
    sections
        .into_iter()
        .find(|each| each["code"] == code)
        .unwrap()
}

fn figure(page: &Value, code: &str) -> i64 {
    let figures = page["figures"].as_array().unwrap();
    let found = figures.iter().find(|each| each["code"] == code);
    found.map_or(0, |figure| figure["count"].as_i64().unwrap())
}

#[test]
fn the_shift_page_says_what_changed_since_one_last_looked_and_what_the_next_must_know() {
    let (_folder, desk) = an_office(51);
    let critical = desk.case(&a_call("critical"));
    let elsewhere = desk.case(&with(
        a_call("critical"),
        &json!({ "area_code": "45090501", "given_name": "บุญมี" }),
    ));
    let page = desk.ok("shift.get", json!({}));
    assert_eq!(figure(&page, "case_create"), 2);
    assert_eq!(section(&page, "critical_new")["total"], 2);
    let volunteer = desk.volunteer(&a_volunteer());
    let _ = desk.ok(
        "assignment.propose",
        json!({ "need_id": need_id(&desk, &critical), "volunteer_id": volunteer, "offered": true }),
    );
    let page = desk.ok("shift.get", json!({}));
    let offers = section(&page, "offers_unanswered");
    assert_eq!(
        (&offers["total"], offers["rows"][0]["at"].is_null()),
        (&json!(1), false)
    );

    let _ = desk.ok("shift.seen", json!({ "until": page["until"] }));
    let before = version(&desk);
    desk.env.pass_minutes(30);
    let passed = pass(&desk, 1);
    assert_eq!(passed["expired"], 1, "{passed}");
    let _ = pass(&desk, 60);
    assert_ne!(version(&desk), before);
    let today = desk.ok("today.get", json!({}));
    assert_eq!(today["last_look_at"], page["until"]);
    // The clock is nobody: what it did stands in the lists below.
    assert_eq!(today["since_last_look"], 0);
    assert_eq!(today["escalations"].as_array().unwrap().len(), 2);

    let page = desk.ok("shift.get", json!({}));
    assert_eq!(figure(&page, "case_create"), 0);
    assert_eq!(figure(&page, "escalated"), 2);
    assert_eq!(figure(&page, "assignment_expired"), 1);
    assert_eq!(section(&page, "critical_new")["total"], 0);
    assert_eq!(section(&page, "escalated")["total"], 2);
    assert_eq!(section(&page, "declined")["total"], 1);
    assert_eq!(section(&page, "conflicts")["total"], 0);
    let note = json!({ "case_id": elsewhere, "due_on": "2026-11-24", "note": "ถนนขาด ไปทางวัด" });
    let _ = desk.ok("follow_up.add", note);
    let page = desk.ok("shift.get", json!({}));
    assert_eq!(section(&page, "notes")["rows"][0]["note"], "ถนนขาด ไปทางวัด");

    // Who has not looked sees it all; a headman his villages, and not what leaves the office.
    desk.sit_down("headman");
    let page = desk.ok("shift.get", json!({}));
    assert_eq!(figure(&page, "case_create"), 1);
    assert_eq!(section(&page, "critical_new")["total"], 1);
    assert_eq!(section(&page, "notes")["total"], 0);
    assert!(!page.to_string().contains("conflicts"));
    assert!(!page.to_string().contains("บุญมี"));
}

#[test]
fn the_shift_page_and_the_list_of_calls_print() {
    let (_folder, desk) = an_office(52);
    let refused = desk.refused("print.call_list", json!({ "kinds": ["case"] }));
    assert_eq!(refused.code, "recheck_nobody");
    let _ = desk.case(&a_call("critical"));
    let _ = pass(&desk, 80 * 60);
    for (command, request, lines) in [
        ("print.shift", json!({ "since": 0 }), 5),
        ("print.call_list", json!({ "kinds": ["case"] }), 1),
    ] {
        let done = desk.ok(command, request);
        assert_ne!(done["pages"], 0, "{command}");
        assert_eq!(done["lines"], lines, "{command}");
        assert!(
            text(&done["bytes_base64"]).starts_with("JVBERi"),
            "{command}"
        );
    }
}

#[test]
fn what_changed_is_counted_by_case_and_neither_the_clock_nor_what_was_taken_back_is_counted() {
    let (_folder, desk) = an_office(53);
    desk.sit_down("supervisor");
    let _ = desk.ok(
        "shift.seen",
        json!({ "until": desk.ok("status.get", json!({}))["now"] }),
    );
    desk.env.pass_minutes(1);
    desk.sit_down("clerk");
    let case = desk.case(&a_call("critical"));
    let place = json!({ "id": case, "lat": 16.31, "lon": 104.21 });
    let _ = desk.ok("case.place", place);
    let taken_back = desk.ok("case.create", a_call("normal"));
    let _ = desk.undo(&taken_back);
    let _ = pass(&desk, 61);
    desk.sit_down("supervisor");
    assert_eq!(desk.ok("today.get", json!({}))["since_last_look"], 1);
    let page = desk.ok("shift.get", json!({}));
    assert_eq!(figure(&page, "case_create"), 1);
}

#[test]
fn the_figures_of_today_lead_to_just_what_they_count() {
    let (_folder, desk) = an_office(54);
    let old = desk.case(&a_call("normal"));
    desk.env.pass_minutes(80 * 60);
    let new = desk.case(&a_call("normal"));
    let listed = |only: &str| {
        let filter = json!({ "only": only, "all_states": only != "stale" });
        let list = desk.ok("case.list", json!({ "filter": filter }));
        let rows = list["rows"].as_array().unwrap().clone();
        assert_eq!(list["total"], rows.len());
        rows.iter().map(|row| text(&row["id"])).collect::<Vec<_>>()
    };
    let today = desk.ok("today.get", json!({}));
    assert_eq!(
        (&today["stale_cases"], &today["new_cases"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(listed("stale"), std::slice::from_ref(&old));
    assert_eq!(listed("new_today"), [new]);
    let need = json!({ "id": need_id(&desk, &old), "step": "open" });
    let _ = desk.ok("need.move", need);
    let met = json!({ "id": need_id(&desk, &old), "step": "meet" });
    let _ = desk.ok("need.move", met);
    assert_eq!(desk.ok("today.get", json!({}))["met_needs"], 1);
    assert_eq!(listed("met_today"), [old]);
    let refused = desk.refused("case.list", json!({ "filter": { "only": "everything" } }));
    assert_eq!(refused.code, "code_unknown");
}
