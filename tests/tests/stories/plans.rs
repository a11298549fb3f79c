//! Hands for all needs at once: the plan a clerk changes and accepts, and two clerks who do so together.

use jitasa_tests::desk::{StoryDesk, text};
use serde_json::{Value, json};

use crate::hands::{board, helper, hungry, need_id};

#[test]
fn two_clerks_at_once_do_not_give_a_need_twice() {
    let folder = tempfile::tempdir().unwrap();
    let one = StoryDesk::office(folder.path(), 53);
    let two = StoryDesk::open(folder.path(), 54);
    let (mani, chujai) = (
        helper(&one, "มานี", &json!({ "max_open_tasks": 2 })),
        helper(&one, "ชูใจ", &json!({ "max_open_tasks": 2 })),
    );
    let needs: Vec<String> = ["ก้อง", "แก้ว", "กล้า"]
        .iter()
        .map(|name| need_id(&one, &one.case(&hungry(name, &json!({}))), "food_water"))
        .collect();
    // Both look at the same plan.
    let plans = [&one, &two].map(|desk| desk.ok("assignment.plan", json!({})));
    assert_eq!(plans[0]["lines"], plans[1]["lines"]);
    let first =
        json!({ "pairs": [{ "need_id": needs[0], "volunteer_id": mani }], "offered": true });
    assert_eq!(
        one.ok("assignment.propose_all", first)["refused"],
        json!([])
    );
    let second = json!({ "pairs": [
        { "need_id": needs[0], "volunteer_id": chujai },
        { "need_id": needs[1], "volunteer_id": mani },
        { "need_id": needs[2], "volunteer_id": mani },
        { "need_id": "019aa000-0000-7000-8000-0000000000ff", "volunteer_id": mani },
    ] });
    let made = two.ok("assignment.propose_all", second);
    assert_eq!(made["ids"].as_array().unwrap().len(), 1, "{made}");
    let refused: Vec<_> = made["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| text(&each["code"]))
        .collect();
    assert_eq!(refused, ["need_has_hands", "volunteer_full", "not_found"]);
    assert_eq!(
        board(&one),
        [needs[2].clone()],
        "each sees what the other did"
    );
    // The good ones are one act, taken back as one.
    let _ = two.undo(&made["acted"]);
    assert_eq!(board(&one).len(), 2);
    let nothing = json!({ "pairs": [{ "need_id": needs[0], "volunteer_id": chujai }] });
    let made = two.ok("assignment.propose_all", nothing);
    assert_eq!((&made["acted"], &made["ids"]), (&Value::Null, &json!([])));
}

#[test]
fn the_plan_takes_what_is_pinned_leaves_what_is_not_wanted_and_proves_itself() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 55);
    let home = helper(&desk, "มานี", &json!({ "max_open_tasks": 1 }));
    let other = helper(
        &desk,
        "ชูใจ",
        &json!({ "max_open_tasks": 1, "area_code": "45090501", "patch": ["45090501"], "lat": 16.32, "lon": 104.22 }),
    );
    let near = need_id(
        &desk,
        &desk.case(&hungry("สมชาย", &json!({}))),
        "food_water",
    );
    let there = json!({ "area_code": "45090501", "lat": 16.321, "lon": 104.221 });
    let far = need_id(&desk, &desk.case(&hungry("บุญมี", &there)), "food_water");
    let plan = |request: Value| {
        let plan = desk.ok("assignment.plan", request);
        assert_eq!(plan["cost"], plan["bound"], "{plan}");
        plan
    };
    let lines = |plan: &Value| -> Vec<(String, String)> {
        let mut lines: Vec<_> = plan["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| (text(&line["need_id"]), text(&line["volunteer_id"])))
            .collect();
        lines.sort();
        lines
    };
    let pairs = |pairs: [(&String, &String); 2]| {
        let mut pairs = pairs.map(|(need, hand)| (need.clone(), hand.clone()));
        pairs.sort();
        pairs
    };
    let first = plan(json!({}));
    assert_eq!(lines(&first), pairs([(&near, &home), (&far, &other)]));
    assert_eq!(
        (
            &first["needs"],
            &first["volunteers"],
            &first["volunteers_used"],
            &first["left_out"]
        ),
        (&json!(2), &json!(2), &json!(2), &json!(0))
    );
    let pin = json!([{ "need_id": near, "volunteer_id": other }]);
    let pinned = plan(json!({ "pins": pin }));
    assert_eq!(lines(&pinned), pairs([(&near, &other), (&far, &home)]));
    let by_hand = pinned["lines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["need_id"] == near.as_str());
    assert_eq!(by_hand.unwrap()["pinned"], true);
    let without = json!([{ "need_id": near, "volunteer_id": home }]);
    assert_eq!(
        lines(&plan(json!({ "without": without }))),
        pairs([(&near, &other), (&far, &home)])
    );
    let village = plan(json!({ "areas": ["45090501"] }));
    assert_eq!(lines(&village), [(far.clone(), other.clone())]);
    assert_eq!(village["villages"][0]["served"], 1);

    // What was only put down is free to change, and making room is part of giving; what somebody took is not.
    let wrong_way = desk.ok(
        "assignment.propose",
        json!({ "need_id": near, "volunteer_id": other }),
    );
    let again = plan(json!({}));
    let line = again["lines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["need_id"] == near.as_str());
    let line = line.unwrap();
    assert_eq!(
        (
            &line["change"],
            &line["assignment_id"],
            &line["volunteer_id"]
        ),
        (&json!("instead"), &wrong_way["id"], &json!(home))
    );
    let pair = |replaces: Value| json!({ "pairs": [{ "need_id": near, "volunteer_id": home, "replaces": replaces }], "offered": true });
    let refused = desk.ok("assignment.propose_all", pair(Value::Null));
    assert_eq!(refused["refused"][0]["code"], "need_has_hands");
    let made = desk.ok("assignment.propose_all", pair(wrong_way["id"].clone()));
    assert_eq!(made["refused"], json!([]), "{made}");
    let all = desk.ok("assignment.list", json!({ "states": ["reassigned"] }));
    assert_eq!(all["rows"][0]["id"], wrong_way["id"]);

    // Nobody is left for a third.
    let third = need_id(
        &desk,
        &desk.case(&hungry("กล้า", &json!({ "urgency": "critical" }))),
        "food_water",
    );
    let _ = desk.ok(
        "assignment.move",
        json!({ "id": made["ids"][0], "step": "accept" }),
    );
    let scarce = plan(json!({}));
    assert_eq!(lines(&scarce), [(third, other)], "the most pressing first");
    assert_eq!(scarce["unserved"][0]["because"], "more_pressing_first");
}
