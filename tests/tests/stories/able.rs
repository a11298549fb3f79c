//! What a volunteer is asked for: which needs he can serve, how far he is sent, what he brings, when he is there. Each
//! is said once and holds wherever it is looked at.

use jitasa_tests::desk::{StoryDesk, a_volunteer, text, with};
use serde_json::{Value, json};

use crate::hands::{helper, hungry, need_id};

fn suggestions(desk: &StoryDesk, need: &str) -> Vec<Value> {
    let answer = desk.ok("assignment.suggest", json!({ "need_id": need }));
    answer["suggestions"].as_array().unwrap().clone()
}

fn suggested(desk: &StoryDesk, need: &str) -> Vec<String> {
    let people = suggestions(desk, need);
    people
        .iter()
        .map(|each| text(&each["volunteer_id"]))
        .collect()
}

fn planned(desk: &StoryDesk, need: &str) -> Vec<String> {
    let plan = desk.ok("assignment.plan", json!({}));
    let lines = plan["lines"].as_array().unwrap();
    let of_need = lines.iter().filter(|line| line["need_id"] == need);
    of_need.map(|line| text(&line["volunteer_id"])).collect()
}

fn found(desk: &StoryDesk, need: &str, name: &str) -> Value {
    let request = json!({ "need_id": need, "text": name });
    desk.ok("assignment.suggest", request)["suggestions"][0].clone()
}

fn distance(desk: &StoryDesk, case: &str) -> String {
    let triage = desk.whole(case)["triage"].clone();
    let parts = triage["parts"].as_array().unwrap();
    let part = parts.iter().find(|part| part["code"] == "distance");
    text(&part.unwrap()["detail"])
}

fn asks_for(kind: &str) -> Value {
    json!({ "needs": [{ "kind": kind, "detail": "" }] })
}

#[test]
fn what_a_second_kind_can_serve_counts_in_the_suggestion_the_plan_the_triage_and_the_register() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 71);
    let case = desk.case(&hungry("สมชาย", &asks_for("oxygen")));
    let need = need_id(&desk, &case, "oxygen");
    let fields = json!({ "kinds": ["waste_volunteer"], "skills": ["medicine"] });
    let id = helper(&desk, "มานี", &fields);
    assert_eq!(suggested(&desk, &need), Vec::<String>::new());
    assert_eq!(planned(&desk, &need), Vec::<String>::new());
    assert_eq!(distance(&desk, &case), "no_help");
    assert_eq!(found(&desk, &need, "มานี")["why_not"], "no_skill");

    // He is a health volunteer besides, who can bring oxygen; nothing more is keyed.
    let stored = desk.ok("volunteer.get", json!({ "id": id }));
    let draft = with(
        stored["draft"].clone(),
        &json!({ "kinds": ["waste_volunteer", "vhv"] }),
    );
    let edit = json!({ "id": id, "version": stored["version"], "draft": draft });
    let _ = desk.ok("volunteer.edit", edit);
    assert_eq!(suggested(&desk, &need), std::slice::from_ref(&id));
    assert_eq!(planned(&desk, &need), std::slice::from_ref(&id));
    assert!(distance(&desk, &case).parse::<u32>().unwrap() < 300);
    let shown = desk.ok("volunteer.get", json!({ "id": id }));
    let row = desk.ok("volunteer.list", json!({}))["rows"][0].clone();
    for serves in [&shown["serves"], &row["serves"]] {
        let serves = serves.as_array().unwrap();
        for kind in ["oxygen", "repair", "medicine"] {
            assert!(serves.contains(&json!(kind)), "{kind}: {serves:?}");
        }
    }
    assert_eq!(
        shown["draft"]["skills"],
        json!(["medicine"]),
        "what was keyed of him stays as it was"
    );
}

/// The district's desk with two subdistricts, and one of its villages each.
fn district(folder: &std::path::Path, seed: u64) -> StoryDesk {
    let desk = StoryDesk::open(folder, seed);
    desk.app.init_office("4509", None).unwrap();
    for (subdistrict, moo, name) in [("450905", 5, "เหล่าหม้อ"), ("450906", 1, "กกโพธิ์")]
    {
        let village = json!({ "subdistrict_code": subdistrict, "moo": moo, "name": name });
        let _ = desk.ok("village.save", village);
    }
    let incident =
        json!({ "name": "น้ำท่วมปลายฝน 2569", "kind": "flood", "started_on": "2026-11-15" });
    let _ = desk.ok("incident.save", incident);
    desk
}

#[test]
fn a_district_sends_nobody_out_of_his_reach_unless_a_person_does() {
    let folder = tempfile::tempdir().unwrap();
    let desk = district(folder.path(), 72);
    let there = json!({ "area_code": "45090601" });
    let case = desk.case(&hungry("บุญมี", &there));
    let need = need_id(&desk, &case, "food_water");
    let his_own = helper(&desk, "มานี", &json!({}));
    assert_eq!(
        desk.ok("volunteer.get", json!({ "id": his_own }))["draft"]["reach"],
        "subdistrict",
        "who says nothing of it is sent within his own subdistrict"
    );
    assert_eq!(suggested(&desk, &need), Vec::<String>::new());
    assert_eq!(planned(&desk, &need), Vec::<String>::new());
    assert_eq!(distance(&desk, &case), "no_help");
    assert_eq!(found(&desk, &need, "มานี")["why_not"], "out_of_area");
    let answer = desk.ok("assignment.suggest", json!({ "need_id": need }));
    assert_eq!(
        answer["not_suited"],
        json!([{ "code": "out_of_area", "count": 1 }])
    );

    // Whoever goes everywhere, and whoever answers for a village over there, are found.
    let everywhere = helper(&desk, "ชูใจ", &json!({ "reach": "office" }));
    let answers_there = json!({ "reach": "village", "patch": ["45090505", "45090601"] });
    let answers_there = helper(&desk, "ปิติ", &answers_there);
    let _at_home = helper(&desk, "วีระ", &json!({ "reach": "village", "patch": [] }));
    assert_eq!(
        suggested(&desk, &need),
        [answers_there.clone(), everywhere.clone()]
    );
    assert_eq!(planned(&desk, &need), std::slice::from_ref(&answers_there));

    // By hand he goes all the same.
    let offer =
        json!({ "need_id": need, "volunteer_id": his_own, "offered": true, "channel": "phone" });
    let _ = desk.ok("assignment.propose", offer);
    assert_eq!(desk.whole(&case)["assignments"][0]["state"], "offered");
    let refused = desk.refused(
        "volunteer.create",
        with(a_volunteer(), &json!({ "reach": "moon" })),
    );
    assert_eq!(
        (refused.code.as_str(), refused.details["field"].as_str()),
        ("code_unknown", "reach")
    );
}

#[test]
fn who_may_be_sent_is_the_same_question_wherever_it_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 73);
    let case = desk.case(&hungry("สมชาย", &json!({})));
    let need = need_id(&desk, &case, "food_water");
    let id = helper(&desk, "มานี", &json!({ "vetting": "unvetted" }));
    let free = || desk.ok("volunteer.list", json!({ "free_now": true }))["total"].clone();
    let get = || desk.ok("volunteer.get", json!({ "id": id }));
    assert_eq!(get()["why_not"], "not_vetted");
    assert_eq!(
        (free(), distance(&desk, &case)),
        (json!(0), "no_help".into())
    );
    // An office that does not insist on vetting.
    let rule = json!({ "code": "matching.only_vetted", "value": "no" });
    let _ = desk.ok("rule.save", rule);
    assert_eq!(get()["free_now"], true);
    assert_eq!(free(), json!(1));
    assert_eq!(suggested(&desk, &need), std::slice::from_ref(&id));
    assert_ne!(distance(&desk, &case), "no_help");

    // A leave that was planned does not count yet, and one that is over counts no more.
    let leave = json!({ "id": id, "availability": "on_leave", "away_from": "2026-11-23",
                        "away_until": "2026-11-24" });
    let _ = desk.ok("volunteer.away", leave);
    assert_eq!(get()["availability"], "available");
    assert_ne!(distance(&desk, &case), "no_help");
    desk.env.pass_minutes(24 * 60);
    assert_eq!(get()["availability"], "on_leave");
    assert_eq!(
        (free(), distance(&desk, &case)),
        (json!(0), "no_help".into())
    );
    desk.env.pass_minutes(2 * 24 * 60);
    assert_eq!(get()["availability"], "available");
    assert_ne!(distance(&desk, &case), "no_help");
    assert_eq!(suggested(&desk, &need), std::slice::from_ref(&id));
}

#[test]
fn who_failed_at_a_need_may_go_again_and_who_declined_may_not() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 74);
    let case = desk.case(&hungry("สมชาย", &json!({})));
    let need = need_id(&desk, &case, "food_water");
    let id = helper(&desk, "มานี", &json!({}));
    let give = || {
        let offer = json!({ "need_id": need, "volunteer_id": id, "offered": true });
        text(&desk.ok("assignment.propose", offer)["id"])
    };
    let step = |of: &str, step: &str| {
        let reason = json!({ "id": of, "step": step, "reason": "ไม่พบใครที่บ้าน" });
        let _ = desk.ok("assignment.move", reason);
    };
    let first = give();
    step(&first, "accept");
    step(&first, "fail");
    assert_eq!(suggested(&desk, &need), std::slice::from_ref(&id));
    let second = give();
    step(&second, "decline");
    assert_eq!(suggested(&desk, &need), Vec::<String>::new());
    let again = json!({ "need_id": need, "volunteer_id": id, "offered": true });
    assert_eq!(
        desk.refused("assignment.propose", again).code,
        "volunteer_declined_need"
    );
}

#[test]
fn a_bedridden_patient_is_taken_by_who_has_the_seats_and_a_stretcher_and_the_rest_say_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 75);
    let ill = with(
        asks_for("transport"),
        &json!({ "people_count": 2, "vulnerable": ["bedridden"] }),
    );
    let case = desk.case(&hungry("ทองดี", &ill));
    let need = need_id(&desk, &case, "transport");
    let drives = |name: &str, vehicle: &str, seats: u32, carries: Value| {
        let fields = json!({ "skills": ["transport"], "patch": [], "vehicle": vehicle,
            "vehicle_seats": seats, "vehicle_carries": carries });
        helper(&desk, name, &fields)
    };
    let motorcycle = drives("มานี", "จักรยานยนต์", 1, json!([]));
    let pickup = drives("ชูใจ", "รถกระบะ", 4, json!(["goods", "stretcher"]));
    let people = suggestions(&desk, &need);
    let (best, second) = (&people[0], &people[1]);
    assert_eq!(best["volunteer_id"], pickup.as_str());
    assert_eq!(
        (&best["carries"], &best["vehicle_seats"]),
        (&json!(["stretcher"]), &json!(4))
    );
    assert_eq!(second["volunteer_id"], motorcycle.as_str());
    for why in ["too_few_seats", "no_stretcher"] {
        assert!(second["why"].as_array().unwrap().contains(&json!(why)));
        assert!(!best["why"].as_array().unwrap().contains(&json!(why)));
    }
    let parts = second["parts"].as_array().unwrap();
    let room = parts.iter().find(|part| part["code"] == "room").unwrap();
    assert!(room["metres"].as_i64().unwrap() > 0);
    // An office says itself what a vehicle is wanted to carry.
    let kinds = desk.ok("kind.list", json!({ "list": "need" }))["kinds"].clone();
    let kinds = kinds.as_array().unwrap();
    let food = kinds.iter().find(|kind| kind["code"] == "food_water");
    let wants = |wants: Value| with(food.unwrap().clone(), &json!({ "wants": wants }));
    let _ = desk.ok("kind.save", wants(json!(["vehicle", "goods", "infected"])));
    assert_eq!(
        desk.refused("kind.save", wants(json!(["sheep"]))).code,
        "kind_unknown"
    );
}

fn held_up(desk: &StoryDesk) -> Vec<(String, String)> {
    let list = desk.ok("assignment.list", json!({ "held_up": true }));
    let rows = list["rows"].as_array().unwrap();
    assert_eq!(list["total"], rows.len());
    let today = desk.ok("today.get", json!({}));
    assert_eq!(today["held_up"], rows.len());
    rows.iter()
        .map(|row| (text(&row["id"]), text(&row["held_up"])))
        .collect()
}

#[test]
fn a_task_that_was_taken_does_not_go_quiet_when_its_holder_goes_or_never_begins() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 76);
    let take = |name: &str| {
        let case = desk.case(&hungry(name, &json!({})));
        let need = need_id(&desk, &case, "food_water");
        let id = helper(&desk, name, &json!({}));
        let offer = json!({ "need_id": need, "volunteer_id": id, "offered": true });
        let task = text(&desk.ok("assignment.propose", offer)["id"]);
        let _ = desk.ok("assignment.move", json!({ "id": task, "step": "accept" }));
        (id, task)
    };
    let (leaver, his) = take("มานี");
    let (ill, hers) = take("ปิติ");
    let (slow, last) = take("วีระ");
    assert!(held_up(&desk).is_empty());

    let left = json!({ "id": leaver, "availability": "left" });
    assert_eq!(desk.ok("volunteer.away", left)["still_holds"], 1);
    let call = json!({ "kind": "volunteer", "id": ill, "answer": "away" });
    assert_eq!(desk.ok("recheck.answer", call)["still_holds"], 1);
    let both = [
        (his.clone(), "holder_left".to_string()),
        (hers.clone(), "holder_away".to_string()),
    ];
    assert_eq!(held_up(&desk), both);
    // Who comes back goes on with what he took.
    let back = json!({ "id": ill, "availability": "available" });
    assert_eq!(desk.ok("volunteer.away", back)["still_holds"], 0);
    assert_eq!(held_up(&desk).len(), 1);

    // An urgent task may wait for a day, as a need may wait for hands (care.supervisor_urgent).
    let _ = desk.ok("assignment.move", json!({ "id": hers, "step": "depart" }));
    desk.env.pass_minutes(24 * 60);
    let of_slow = (last.clone(), "not_begun".to_string());
    assert!(held_up(&desk).contains(&of_slow), "{:?}", held_up(&desk));
    assert_eq!(held_up(&desk).len(), 2);
    let _ = desk.ok("assignment.move", json!({ "id": last, "step": "depart" }));
    assert_eq!(held_up(&desk).len(), 1);
    // The form says it as well.
    let stored = desk.ok("volunteer.get", json!({ "id": slow }));
    let draft = with(stored["draft"].clone(), &json!({ "availability": "left" }));
    let edit = json!({ "id": slow, "version": stored["version"], "draft": draft });
    assert_eq!(desk.ok("volunteer.edit", edit)["still_holds"], 1);
    assert_eq!(held_up(&desk).len(), 2);
}

#[test]
fn a_house_with_a_stroke_that_is_nobodys_by_itself_any_more_belongs_to_the_house_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 77);
    let by_itself = helper(&desk, "มานี", &json!({ "patch": ["45090505:12/3"] }));
    let beside = helper(&desk, "ปิติ", &json!({ "patch": ["45090505:10-20"] }));
    let case = desk.case(&hungry("สมชาย", &json!({})));
    let need = need_id(&desk, &case, "food_water");
    let owner = || {
        let people = suggestions(&desk, &need);
        let own = people.iter().find(|each| {
            each["why"]
                .as_array()
                .unwrap()
                .contains(&json!("own_house"))
        });
        own.map(|each| text(&each["volunteer_id"]))
    };
    assert_eq!(owner(), Some(by_itself.clone()));
    let stored = desk.ok("volunteer.get", json!({ "id": by_itself }));
    let draft = with(stored["draft"].clone(), &json!({ "patch": [] }));
    let edit = json!({ "id": by_itself, "version": stored["version"], "draft": draft });
    let _ = desk.ok("volunteer.edit", edit);
    assert_eq!(owner(), Some(beside));
}

#[test]
fn an_office_says_in_words_how_much_equipment_counts() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 78);
    let case = desk.case(&hungry("สมชาย", &json!({})));
    let need = need_id(&desk, &case, "food_water");
    let boat = json!({ "equipment": ["boat"], "patch": [], "lat": 16.32, "lon": 104.2040 });
    let boat = helper(&desk, "มานี", &boat);
    let near = json!({ "patch": [], "vehicle": null });
    let near = helper(&desk, "ปิติ", &near);
    for (step, first) in [("normal", &boat), ("none", &near)] {
        let rule = json!({ "code": "matching.equipment", "value": step });
        let _ = desk.ok("rule.save", rule);
        assert_eq!(suggested(&desk, &need)[0], *first, "{step}");
    }
}
