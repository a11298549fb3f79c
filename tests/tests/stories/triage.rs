//! The score of 100 as the screens get it: each part shown, the office's own weights, nothing hidden.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::{Value, json};

fn part(triage: &Value, code: &str) -> Value {
    let parts = triage["parts"].as_array().unwrap().clone();
    parts.into_iter().find(|part| part["code"] == code).unwrap()
}

fn one_need(kind: &str) -> Value {
    json!({ "needs": [{ "kind": kind, "detail": "" }] })
}

#[test]
fn a_score_says_what_it_was_reckoned_from_and_follows_the_offices_weights() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 61);
    let _ = desk.volunteer(&a_volunteer());
    let grave = desk.case(&with(
        with(a_case(), &one_need("medicine")),
        &json!({ "urgency": "critical", "vulnerable": ["dialysis"], "note": "ยายฟอกไต นํ้าถึงอก" }),
    ));
    let triage = desk.whole(&grave)["triage"].clone();
    assert_eq!(part(&triage, "urgency")["detail"], "critical");
    assert_eq!(part(&triage, "severity_words")["detail"], "น้ำถึงอก, ฟอกไต");
    assert_eq!(part(&triage, "vulnerable")["detail"], "dialysis");
    assert_eq!(part(&triage, "people")["detail"], "4");
    // The volunteer lives some hundred metres away.
    let metres: u32 = text(&part(&triage, "distance")["detail"]).parse().unwrap();
    assert!((50..300).contains(&metres), "{metres}");
    let sum: u64 = triage["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["points"].as_u64().unwrap())
        .sum();
    assert_eq!(triage["score"], sum);

    let score = |desk: &StoryDesk| desk.whole(&grave)["triage"]["score"].as_u64().unwrap();
    let before = score(&desk);
    desk.env.pass_minutes(240);
    assert!(score(&desk) > before);
    // What an office finds nothing in adds nothing, and the rest may weigh more.
    let _ = desk.ok(
        "rule.save",
        json!({ "code": "triage.waiting", "value": "0" }),
    );
    assert_eq!(part(&desk.whole(&grave)["triage"], "waiting")["most"], 0);
    assert!(score(&desk) <= before);
    let _ = desk.ok(
        "rule.save",
        json!({ "code": "triage.words", "value": "บัวลอย" }),
    );
    assert_eq!(
        part(&desk.whole(&grave)["triage"], "severity_words")["points"],
        0
    );
}

#[test]
fn a_list_shows_every_case_with_its_score_and_a_met_need_presses_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 62);
    let roof = desk.case(&with(
        with(a_case(), &one_need("repair")),
        &json!({ "urgency": "normal", "vulnerable": [], "note": "" }),
    ));
    let unknown = desk.case(&with(
        with(a_case(), &one_need("oxygen")),
        &json!({ "urgency": "critical", "lat": null, "lon": null, "accuracy_m": null }),
    ));
    let list = desk.ok("case.list", json!({}));
    assert_eq!(list["total"], 2);
    let score = |id: &str| {
        let rows = list["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["id"] == id).unwrap();
        row["score"].as_u64().unwrap()
    };
    assert!(score(&unknown) > score(&roof));
    let triage = desk.whole(&unknown)["triage"].clone();
    assert_eq!(part(&triage, "distance")["detail"], "place_unknown");
    // Nobody in the register mends roofs: that is far.
    let triage = desk.whole(&roof)["triage"].clone();
    assert_eq!(part(&triage, "distance")["detail"], "no_help");
    let _ = desk.ok(
        "case.close",
        json!({ "id": roof, "reason": "no_longer_wanted" }),
    );
    assert_eq!(desk.whole(&roof)["triage"]["score"], 0);
}
