//! As many headmen as there are villages: each has his own inbox, and his word stands under his own name.

use jitasa_tests::desk::{StoryDesk, a_case, text, with};
use serde_json::{Value, json};

use crate::quiet::an_office;

/// Two headmen: of หมู่ 5, and of หมู่ 1 and 9.
fn two(desk: &StoryDesk) {
    let mut settings = desk.ok("settings.get", json!({}));
    let first = settings["headmen"][0]["id"].clone();
    settings["headmen"] = json!([
        { "id": first, "name": "ผู้ใหญ่คำพอง แสงดี", "villages": ["45090505"], "volunteer_id": null },
        { "id": null, "name": "ผู้ใหญ่บุญเลิศ มีสุข", "villages": ["45090501", "45090509"], "volunteer_id": null },
    ]);
    let _ = desk.ok("settings.save", settings);
}

fn sit_as(desk: &StoryDesk, name: &str) {
    let status = desk.ok("status.get", json!({}));
    let actors = status["actors"].as_array().unwrap();
    let one = actors.iter().find(|one| one["name"] == name).unwrap();
    let _ = desk.ok("actor.switch", json!({ "actor_id": one["id"] }));
}

#[test]
fn each_headman_has_the_inbox_of_his_villages_and_his_word_his_name() {
    let (_folder, desk) = an_office(80);
    two(&desk);
    let five = desk.case(&a_case());
    let nine = desk.case(&with(
        a_case(),
        &json!({ "area_code": "45090509", "given_name": "บุญมี" }),
    ));
    for (name, case) in [("ผู้ใหญ่คำพอง แสงดี", &five), ("ผู้ใหญ่บุญเลิศ มีสุข", &nine)]
    {
        sit_as(&desk, name);
        let inbox = desk.ok("review.inbox", json!({}));
        assert_eq!(inbox["total"], 1, "{name}");
        assert_eq!(inbox["items"][0]["case"]["id"], json!(case));
        let word = json!({ "case_id": case, "verdict": "confirmed" });
        let _ = desk.ok("review.decide", word);
        assert_eq!(text(&desk.whole(case)["reviews"][0]["reviewer"]), name);
    }
}

#[test]
fn a_headman_is_added_changed_and_taken_off_and_no_village_has_two() {
    let (_folder, desk) = an_office(81);
    two(&desk);
    let settings = desk.ok("settings.get", json!({}));
    assert_eq!(settings["headmen"].as_array().unwrap().len(), 2);
    let saved = |headmen: Value| with(settings.clone(), &json!({ "headmen": headmen }));
    let one = settings["headmen"][0].clone();
    let other = settings["headmen"][1].clone();
    let both = json!([
        one,
        with(other.clone(), &json!({ "villages": ["45090505"] }))
    ]);
    let refused = desk.refused("settings.save", saved(both));
    assert_eq!(refused.code, "headman_village_twice");
    let nameless = json!([with(one.clone(), &json!({ "name": "  " }))]);
    assert_eq!(
        desk.refused("settings.save", saved(nameless)).code,
        "name_empty"
    );
    let stranger = json!([with(
        one,
        &json!({ "id": uuid::Uuid::from_u128(4).to_string() })
    )]);
    assert_eq!(
        desk.refused("settings.save", saved(stranger)).code,
        "not_found"
    );
    let _ = desk.ok("settings.save", saved(json!([other])));
    let kept = desk.ok("settings.get", json!({}))["headmen"].clone();
    assert_eq!(kept.as_array().unwrap().len(), 1);
    assert_eq!(kept[0]["name"], "ผู้ใหญ่บุญเลิศ มีสุข");
    let actors = desk.ok("status.get", json!({}))["actors"].clone();
    let headmen = actors
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["role"] == "headman");
    assert_eq!(headmen.count(), 1);
}
