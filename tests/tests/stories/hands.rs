//! From a call for help to hands that came: suggestions, declines, offers that run out, a volunteer who falls ill.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::{Value, json};

pub(crate) fn need_id(desk: &StoryDesk, case: &str, kind: &str) -> String {
    let whole = desk.whole(case);
    let needs = whole["needs"].as_array().unwrap();
    let need = needs.iter().find(|need| need["kind"] == kind).unwrap();
    text(&need["id"])
}

fn state_of(desk: &StoryDesk, case: &str, kind: &str) -> String {
    let whole = desk.whole(case);
    let needs = whole["needs"].as_array().unwrap();
    text(&needs.iter().find(|need| need["kind"] == kind).unwrap()["state"])
}

fn assignment(desk: &StoryDesk, case: &str, id: &str) -> Value {
    let whole = desk.whole(case);
    let all = whole["assignments"].as_array().unwrap().clone();
    all.into_iter().find(|each| each["id"] == id).unwrap()
}

pub(crate) fn board(desk: &StoryDesk) -> Vec<String> {
    let board = desk.ok("assignment.board", json!({}));
    let rows = board["rows"].as_array().unwrap();
    assert_eq!(board["total"], rows.len());
    rows.iter().map(|row| text(&row["need_id"])).collect()
}

fn suggested(desk: &StoryDesk, need: &str) -> Vec<String> {
    let answer = desk.ok("assignment.suggest", json!({ "need_id": need }));
    let people = answer["suggestions"].as_array().unwrap();
    people
        .iter()
        .map(|each| text(&each["volunteer_id"]))
        .collect()
}

/// A call that asks for food only.
pub(crate) fn hungry(name: &str, fields: &Value) -> Value {
    let call = with(
        a_case(),
        &json!({ "given_name": name, "phone": null, "needs": [{ "kind": "food_water", "detail": "" }] }),
    );
    with(call, fields)
}

pub(crate) fn helper(desk: &StoryDesk, name: &str, fields: &Value) -> String {
    let draft = with(a_volunteer(), &json!({ "given_name": name, "phone": null }));
    desk.volunteer(&with(draft, fields))
}

#[test]
fn a_call_is_served_after_a_decline_an_offer_that_ran_out_and_an_illness() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 51);
    let near = helper(&desk, "มานี", &json!({ "patch": ["45090505:1-20"] }));
    let village = helper(&desk, "ชูใจ", &json!({}));
    let away = helper(
        &desk,
        "ปิติ",
        &json!({ "patch": [], "lat": 16.33, "lon": 104.23 }),
    );
    let far = helper(
        &desk,
        "วีระ",
        &json!({ "patch": [], "lat": 16.40, "lon": 104.30 }),
    );
    let case = desk.case(&hungry("สมชาย", &json!({})));
    let wanted = need_id(&desk, &case, "food_water");

    // The one who answers for the house comes first (12/3 stands beside 12), then the village's, then by the way.
    assert_eq!(
        suggested(&desk, &wanted),
        [near.clone(), village.clone(), away.clone(), far.clone()]
    );
    let offer = |volunteer: &str| {
        let request = json!({ "need_id": wanted, "volunteer_id": volunteer, "offered": true, "channel": "phone" });
        desk.ok("assignment.propose", request)
    };
    let first = text(&offer(&near)["id"]);
    assert_eq!(
        board(&desk),
        Vec::<String>::new(),
        "somebody is being asked"
    );
    let _ = desk.ok(
        "assignment.move",
        json!({ "id": first, "step": "decline", "reason": "ติดเกี่ยวข้าว" }),
    );
    assert_eq!(
        board(&desk),
        std::slice::from_ref(&wanted),
        "it waits for hands at once"
    );
    assert_eq!(suggested(&desk, &wanted)[0], village);

    // Nobody answers for eight hours: the clock takes the offer back.
    let second = text(&offer(&village)["id"]);
    desk.env.pass_minutes(479);
    let passed = desk.ok("time.pass", json!({}));
    assert_eq!(passed["expired"], 0);
    desk.env.pass_minutes(1);
    assert_eq!(desk.ok("time.pass", json!({}))["expired"], 1);
    let expired = assignment(&desk, &case, &second);
    assert_eq!(
        (&expired["state"], &expired["state_since"]),
        (&json!("expired"), &expired["expires_at"])
    );
    assert_eq!(
        desk.ok("time.pass", json!({}))["expired"],
        0,
        "nothing to do"
    );
    assert_eq!(board(&desk), std::slice::from_ref(&wanted));

    // The third takes it and falls ill on the way: leave and hand-over in one act, with one undo.
    let third = text(&offer(&away)["id"]);
    for step in ["accept", "depart"] {
        let _ = desk.ok("assignment.move", json!({ "id": third, "step": step }));
    }
    let rows = desk.ok("assignment.replacements", json!({ "volunteer_id": away }));
    let row = &rows["rows"][0];
    assert_eq!(row["assignment"]["id"], third.as_str());
    let successors = row["suggestions"].as_array().unwrap();
    assert!(
        successors
            .iter()
            .all(|each| each["volunteer_id"] != away.as_str())
    );
    let over = json!({ "volunteer_id": away, "reason": "ป่วยเป็นไข้", "offered": true, "channel": "phone",
        "to": [{ "assignment_id": third, "volunteer_id": far }],
        "away": { "id": away, "availability": "on_leave", "away_from": "2026-11-22", "reason": "ป่วย" } });
    let himself = with(
        over.clone(),
        &json!({ "to": [{ "assignment_id": third, "volunteer_id": away }] }),
    );
    assert_eq!(
        desk.refused("assignment.hand_over", himself).code,
        "hand_over_to_himself"
    );
    let handed = desk.ok("assignment.hand_over", over.clone());
    let old = assignment(&desk, &case, &third);
    assert_eq!(
        (&old["state"], &old["reason"]),
        (&json!("reassigned"), &json!("ป่วยเป็นไข้"))
    );
    let leave = desk.ok("volunteer.get", json!({ "id": away }));
    assert_eq!(leave["draft"]["availability"], "on_leave", "{leave}");
    let _ = desk.undo(&handed);
    assert_eq!(assignment(&desk, &case, &third)["state"], "en_route");
    let _ = desk.ok("assignment.hand_over", over);
    let whole = desk.whole(&case);
    let fourth = whole["assignments"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&fourth["volunteer_id"], &fourth["state"]),
        (&json!(far), &json!("offered"))
    );
    let fourth = text(&fourth["id"]);
    for step in ["accept", "arrive", "finish"] {
        let move_taken =
            json!({ "id": fourth, "step": step, "outcome": "ส่งข้าวสาร 2 ถุง", "minutes_given": 45 });
        let _ = desk.ok("assignment.move", move_taken);
    }
    assert_eq!(assignment(&desk, &case, &fourth)["minutes_given"], 45);
    let came = json!({ "id": fourth, "word": "came", "note": null });
    let _ = desk.ok("assignment.receiver_word", came);

    desk.sit_down("headman");
    let word = json!({ "case_id": case, "assignment_id": fourth, "verdict": "confirmed" });
    let _ = desk.ok("review.decide", word);
    desk.sit_down("clerk");
    assert_eq!(state_of(&desk, &case, "food_water"), "closed");

    // Whoever came is known to the house, in a case of its own a week later.
    desk.env.pass_minutes(7 * 24 * 60);
    let again = desk.case(&hungry("สมหญิง", &json!({})));
    let answer = desk.ok(
        "assignment.suggest",
        json!({ "need_id": need_id(&desk, &again, "food_water") }),
    );
    let people = answer["suggestions"].as_array().unwrap();
    let known = people
        .iter()
        .find(|each| each["volunteer_id"] == far.as_str())
        .unwrap();
    let why = known["why"].as_array().unwrap();
    assert!(why.contains(&json!("knows_household")), "{known}");
}

#[test]
fn what_a_leaver_held_can_go_back_to_the_board() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 52);
    let leaver = helper(&desk, "มานี", &json!({}));
    let other = helper(&desk, "ชูใจ", &json!({}));
    let case = desk.case(&hungry("สมชาย", &json!({})));
    let wanted = need_id(&desk, &case, "food_water");
    let _ = desk.ok("need.hands", json!({ "id": wanted, "hands": 2 }));
    let mut ids = Vec::new();
    for volunteer in [&leaver, &other] {
        let made = desk.ok(
            "assignment.propose",
            json!({ "need_id": wanted, "volunteer_id": volunteer, "offered": true }),
        );
        let _ = desk.ok(
            "assignment.move",
            json!({ "id": made["id"], "step": "accept" }),
        );
        ids.push(text(&made["id"]));
    }
    desk.env.pass_minutes(5);
    let _ = desk.ok("assignment.move", json!({ "id": ids[1], "step": "finish" }));
    assert_eq!(state_of(&desk, &case, "food_water"), "in_progress");
    // Somebody else's task is not his to hand over.
    let wrong = json!({ "volunteer_id": leaver, "reason": "ย้ายบ้าน", "to": [{ "assignment_id": ids[1], "volunteer_id": null }] });
    assert_eq!(
        desk.refused("assignment.hand_over", wrong).code,
        "hand_over_of_another"
    );
    // To a successor: the need is not met meanwhile, though the other one is done.
    let third = helper(&desk, "ปิติ", &json!({}));
    let to = json!({ "volunteer_id": leaver, "reason": "ย้ายบ้าน", "to": [{ "assignment_id": ids[0], "volunteer_id": third }] });
    let handed = desk.ok("assignment.hand_over", to);
    assert_eq!(state_of(&desk, &case, "food_water"), "in_progress");
    let _ = desk.undo(&handed);
    let back = json!({ "volunteer_id": leaver, "reason": "ย้ายบ้าน", "to": [{ "assignment_id": ids[0], "volunteer_id": null }] });
    let _ = desk.ok("assignment.hand_over", back);
    assert_eq!(assignment(&desk, &case, &ids[0])["state"], "revoked");
    assert_eq!(
        state_of(&desk, &case, "food_water"),
        "met",
        "the other was done"
    );
}

#[test]
fn a_suggestion_gives_reasons_in_words_and_numbers_and_finds_people_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 56);
    let boat = helper(
        &desk,
        "มานี",
        &json!({ "vehicle_seats": 3, "vehicle": "เรือ" }),
    );
    let far = helper(
        &desk,
        "ปิติ",
        &json!({ "kinds": ["waste_volunteer"], "skills": ["medicine"], "phone": "0811112222" }),
    );
    let case = desk.case(&hungry("สมชาย", &json!({})));
    let wanted = need_id(&desk, &case, "food_water");
    let answer = desk.ok("assignment.suggest", json!({ "need_id": wanted }));
    let best = &answer["suggestions"][0];
    assert_eq!(best["volunteer_id"], boat.as_str());
    for why in ["own_patch", "same_village", "has_skill", "near", "free_now"] {
        assert!(
            best["why"].as_array().unwrap().contains(&json!(why)),
            "{why}: {best}"
        );
    }
    let parts = best["parts"].as_array().unwrap();
    assert!(
        parts
            .iter()
            .any(|part| part["code"] == "travel" && part["metres"].as_i64().unwrap() > 0)
    );
    assert!(
        parts
            .iter()
            .any(|part| part["code"] == "patch" && part["metres"].as_i64().unwrap() < 0)
    );
    assert!(answer["triage"]["score"].as_u64().unwrap() > 0);
    let _ = desk.ok(
        "assignment.propose",
        json!({ "need_id": wanted, "volunteer_id": boat }),
    );
    for (typed, id, why_not) in [
        ("มานี", &boat, "has_need"),
        ("0811112", &far, "no_skill"),
        ("ปิติ", &far, "no_skill"),
    ] {
        let found = desk.ok(
            "assignment.suggest",
            json!({ "need_id": wanted, "text": typed }),
        );
        let person = &found["suggestions"][0];
        assert_eq!(
            (&person["volunteer_id"], &person["why_not"]),
            (&json!(id), &json!(why_not)),
            "{typed}: {found}"
        );
    }
}
