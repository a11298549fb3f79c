//! What comes late, at odd hours, or twice: an answer after its time, a plan made in the evening, a filter, an undo
//! after somebody else was asked.

use jitasa_tests::desk::{StoryDesk, text};
use serde_json::{Value, json};

use crate::hands::{helper, hungry, need_id};

fn office(seed: u64) -> (tempfile::TempDir, StoryDesk) {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), seed);
    (folder, desk)
}

fn food(desk: &StoryDesk, name: &str, fields: &Value) -> (String, String) {
    let case = desk.case(&hungry(name, fields));
    let need = need_id(desk, &case, "food_water");
    (case, need)
}

fn offer(desk: &StoryDesk, need: &str, volunteer: &str) -> Value {
    desk.ok(
        "assignment.propose",
        json!({ "need_id": need, "volunteer_id": volunteer, "offered": true }),
    )
}

fn suggestions(desk: &StoryDesk, request: Value) -> Vec<Value> {
    let found = desk.ok("assignment.suggest", request);
    found["suggestions"].as_array().unwrap().clone()
}

fn lines(desk: &StoryDesk, request: Value) -> Vec<Value> {
    let plan = desk.ok("assignment.plan", request);
    assert_eq!(plan["cost"], plan["bound"], "{plan}");
    plan["lines"].as_array().unwrap().clone()
}

#[test]
fn a_late_yes_is_a_yes_while_nobody_else_was_asked_and_the_silent_come_last_meanwhile() {
    let (_folder, desk) = office(91);
    let near = helper(&desk, "มานี", &json!({}));
    let far = helper(
        &desk,
        "วีระ",
        &json!({ "patch": [], "area_code": "45090509", "lat": 16.36, "lon": 104.26 }),
    );
    let (case, need) = food(&desk, "ก้อง", &json!({}));
    let who = |desk: &StoryDesk| -> Vec<Value> {
        let all = suggestions(desk, json!({ "need_id": need }));
        all.iter()
            .map(|each| each["volunteer_id"].clone())
            .collect()
    };
    assert_eq!(who(&desk), [json!(near), json!(far)]);
    let first = text(&offer(&desk, &need, &near)["id"]);
    desk.env.pass_minutes(480);
    assert_eq!(desk.ok("time.pass", json!({}))["expired"], 1);
    assert_eq!(who(&desk), [json!(far), json!(near)], "others first now");
    let silent = &suggestions(&desk, json!({ "need_id": need }))[1];
    assert!(
        silent["why"]
            .as_array()
            .unwrap()
            .contains(&json!("no_answer")),
        "{silent}"
    );

    let accept = json!({ "id": first, "step": "accept" });
    let accepted = desk.ok("assignment.move", accept.clone());
    assert_eq!(desk.whole(&case)["needs"][0]["state"], "assigned");
    let _ = desk.undo(&accepted);
    assert_eq!(desk.whole(&case)["needs"][0]["state"], "reported");
    let _ = offer(&desk, &need, &far);
    assert_eq!(
        desk.refused("assignment.move", accept).code,
        "need_has_hands"
    );
}

#[test]
fn a_let_go_that_is_undone_gives_no_need_more_hands_than_it_takes() {
    let (_folder, desk) = office(92);
    let one = helper(&desk, "มานี", &json!({}));
    let other = helper(&desk, "ชูใจ", &json!({}));
    let (case, need) = food(&desk, "ก้อง", &json!({}));
    let first = text(&offer(&desk, &need, &one)["id"]);
    let declined = desk.ok(
        "assignment.move",
        json!({ "id": first, "step": "decline", "reason": "ไม่ว่าง" }),
    );
    let second = offer(&desk, &need, &other);
    let refused = desk.refused("undo.run", json!({ "act_id": declined["act_id"] }));
    assert_eq!(refused.code, "undo_touched_since");
    let _ = desk.undo(&second);
    let _ = desk.undo(&declined);
    let states: Vec<_> = desk.whole(&case)["assignments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| text(&each["state"]))
        .collect();
    assert_eq!(states, ["offered"]);
}

#[test]
fn in_the_evening_what_was_told_stands_and_tomorrow_is_planned_with_those_who_come_by_day() {
    let (_folder, desk) = office(93);
    let by_day: Vec<String> = (1..=7).map(|day| format!("{day} 08:00-16:30")).collect();
    let day = helper(&desk, "มานี", &json!({ "hours": by_day }));
    let any = helper(
        &desk,
        "วีระ",
        &json!({ "patch": [], "area_code": "45090509", "lat": 16.36, "lon": 104.26 }),
    );
    let (_, told) = food(&desk, "ก้อง", &json!({}));
    let (_, open) = food(&desk, "แก้ว", &json!({ "house_no": "14" }));
    let _ = offer(&desk, &told, &day);
    // Nine hours after nine in the morning.
    desk.env.pass_minutes(9 * 60);
    let now = lines(&desk, json!({}));
    assert_eq!(now.len(), 2, "{now:?}");
    for line in &now {
        let stands = line["need_id"] == told.as_str();
        let (change, who) = if stands {
            ("keep", &day)
        } else {
            ("new", &any)
        };
        assert_eq!(
            (&line["change"], &line["volunteer_id"]),
            (&json!(change), &json!(who))
        );
    }
    let at = jitasa_tests::desk::MORNING.0 + 24 * 3_600_000;
    let tomorrow = lines(&desk, json!({ "at": at }));
    let of = |need: &str| {
        tomorrow
            .iter()
            .find(|line| line["need_id"] == need)
            .cloned()
    };
    assert_eq!(of(&open).unwrap()["volunteer_id"], day.as_str());
    let asked = suggestions(&desk, json!({ "need_id": open, "at": at }));
    assert_eq!(asked[0]["volunteer_id"], day.as_str());
    let asked = suggestions(&desk, json!({ "need_id": open }));
    assert_eq!(asked[0]["volunteer_id"], any.as_str());
    for at in [at - 24 * 3_600_000, at + 15 * 24 * 3_600_000] {
        let refused = desk.refused("assignment.plan", json!({ "at": at }));
        assert_eq!(refused.code, "moment_not_ahead");
    }
}

#[test]
fn a_plan_for_one_village_knows_what_its_people_have_to_do_in_another() {
    let (_folder, desk) = office(94);
    let busy = helper(&desk, "มานี", &json!({ "max_open_tasks": 1 }));
    let there = json!({ "area_code": "45090501", "lat": 16.321, "lon": 104.221 });
    let (_, elsewhere) = food(&desk, "บุญมี", &there);
    let (_, _here) = food(&desk, "ก้อง", &json!({}));
    let _ = offer(&desk, &elsewhere, &busy);
    let only = json!({ "areas": ["45090505"] });
    assert_eq!(lines(&desk, only.clone()), Vec::<Value>::new());
    let plan = desk.ok("assignment.plan", only);
    assert_eq!(plan["unserved"][0]["because"], "all_full");
}

#[test]
fn not_this_one_of_somebody_who_was_told_makes_room_for_another() {
    let (_folder, desk) = office(95);
    let told = helper(&desk, "มานี", &json!({}));
    let other = helper(&desk, "ชูใจ", &json!({}));
    let (_, need) = food(&desk, "ก้อง", &json!({}));
    let standing = offer(&desk, &need, &told);
    let without = json!({ "without": [{ "need_id": need, "volunteer_id": told }] });
    let planned = lines(&desk, without);
    assert_eq!(planned.len(), 1, "{planned:?}");
    assert_eq!(
        (
            &planned[0]["change"],
            &planned[0]["volunteer_id"],
            &planned[0]["assignment_id"]
        ),
        (&json!("instead"), &json!(other), &standing["id"])
    );
    let pair = json!({ "need_id": need, "volunteer_id": other, "replaces": standing["id"] });
    let made = desk.ok("assignment.propose_all", json!({ "pairs": [pair] }));
    assert_eq!(made["refused"], json!([]), "{made}");
}

#[test]
fn a_visit_to_several_needs_is_not_torn_apart_by_a_plan() {
    let (_folder, desk) = office(96);
    let goes = helper(&desk, "มานี", &json!({ "max_open_tasks": 1 }));
    let (_, one) = food(&desk, "ก้อง", &json!({}));
    let (_, two) = food(&desk, "แก้ว", &json!({ "house_no": "14" }));
    let pairs = [&one, &two].map(|need| json!({ "need_id": need, "volunteer_id": goes }));
    let made = desk.ok(
        "assignment.propose_all",
        json!({ "pairs": pairs, "offered": true, "one_visit": true }),
    );
    assert_eq!(made["refused"], json!([]), "{made}");
    // Somebody nearer to one of them comes.
    let _ = helper(&desk, "ชูใจ", &json!({ "patch": ["45090505:12"] }));
    let kept = lines(&desk, json!({}));
    assert!(kept.iter().all(|line| line["change"] == "keep"), "{kept:?}");
    let (_, third) = food(&desk, "กล้า", &json!({ "house_no": "15" }));
    let all = lines(&desk, json!({}));
    let new: Vec<_> = all.iter().filter(|line| line["change"] != "keep").collect();
    assert!(
        new.iter().all(|line| line["need_id"] == third.as_str()),
        "{all:?}"
    );
    for line in all {
        let his = line["volunteer_id"] == goes.as_str();
        assert_eq!(
            his,
            line["need_id"] != third.as_str(),
            "he has his one visit: {line}"
        );
        assert!(!his || line["open_tasks"] == 1, "{line}");
    }
}
