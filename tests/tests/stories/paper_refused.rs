//! What paper that comes back cannot do any more, and codes that are none.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::{Value, json};

use crate::paper::{a_house, code_of, entries, entry, helped_by, keyed, print};

#[test]
fn what_has_changed_since_the_print_is_shown_and_what_cannot_be_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 4);
    let volunteer = desk.volunteer(&a_volunteer());
    let [said, moved, closed, served] =
        ["1", "2", "3", "4"].map(|house| desk.case(&a_house(house, "ทดสอบ")));
    let help = helped_by(&desk, &served, "food_water", &volunteer);
    let (_, lines) = print(&desk);
    let of = |case: &str| code_of(&lines, case, "case");

    desk.env.pass_minutes(60);
    let draft = with(
        a_house("22", "ทดสอบ"),
        &json!({ "needs": [{ "kind": "shelter", "detail": "" }] }),
    );
    let version = desk.whole(&moved)["version"].clone();
    let _ = desk.ok(
        "case.edit",
        json!({ "id": moved, "version": version, "draft": draft }),
    );
    let _ = desk.ok(
        "case.close",
        json!({ "id": closed, "reason": "no_longer_wanted" }),
    );
    desk.sit_down("headman");
    let word = json!({ "case_id": said, "verdict": "confirmed" });
    let _ = desk.ok("review.decide", word);
    let word = json!({ "case_id": served, "assignment_id": help, "verdict": "confirmed" });
    let _ = desk.ok("review.decide", word);
    desk.sit_down("clerk");

    let changed = |code: &str| entry(&desk, &format!("{code} ok"))["changed"].clone();
    assert_eq!(changed(&of(&said)), json!(["state", "reviewed"]));
    assert_eq!(changed(&of(&moved)), json!(["place", "needs"]));
    assert_eq!(changed(&of(&closed)), json!(["closed", "needs"]));
    // On paper he may say again what he said on the screen; help that is confirmed is.
    assert_eq!(
        entry(&desk, &format!("{} ok", of(&said)))["problem"],
        Value::Null
    );
    let line = code_of(&lines, &served, "assignment");
    let late = entry(&desk, &format!("{line} ไม่พบ"));
    assert_eq!(late["problem"], "tick_unlawful", "{late}");
    assert_eq!(late["changed"], json!(["state", "reviewed"]));
    // A case that is taken to another village is not his to judge any more.
    let version = desk.whole(&moved)["version"].clone();
    let draft = with(
        draft,
        &json!({ "area_code": "45090501", "lat": null, "lon": null,
        "accuracy_m": null, "place_source": "village" }),
    );
    let _ = desk.ok(
        "case.edit",
        json!({ "id": moved, "version": version, "draft": draft }),
    );
    assert_eq!(
        entry(&desk, &format!("{} ok", of(&moved)))["problem"],
        "tick_unlawful"
    );
}

#[test]
fn nobody_confirms_on_paper_what_he_did_himself() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 5);
    let volunteer = desk.volunteer(&a_volunteer());
    let case = desk.case(&a_case());
    let help = helped_by(&desk, &case, "food_water", &volunteer);
    let mut settings = desk.ok("settings.get", json!({}));
    settings["headmen"][0]["volunteer_id"] = json!(volunteer);
    let _ = desk.ok("settings.save", settings);

    // On the screen he sees it and is told why he may not judge it.
    desk.sit_down("headman");
    let inbox = desk.ok("review.inbox", json!({}));
    let of = |kind: &str| {
        let items = inbox["items"].as_array().unwrap().iter();
        items
            .clone()
            .find(|item| item["kind"] == kind)
            .unwrap()
            .clone()
    };
    assert_eq!(of("assignment")["denied"], "denied_own_work");
    assert_eq!(
        of("case")["denied"],
        Value::Null,
        "whether the call was true he may say"
    );
    assert!(!text(&of("case")["entered_by"]).is_empty());
    let word = json!({ "case_id": case, "assignment_id": help, "verdict": "confirmed" });
    assert_eq!(desk.refused("review.decide", word).code, "denied_own_work");

    // On paper the same, whoever keys it; printed before the register knew that it was he.
    desk.sit_down("clerk");
    let set = |volunteer: Value| {
        let mut settings = desk.ok("settings.get", json!({}));
        settings["headmen"][0]["volunteer_id"] = volunteer;
        let _ = desk.ok("settings.save", settings);
    };
    set(Value::Null);
    let (_, lines) = print(&desk);
    set(json!(volunteer));
    let line = code_of(&lines, &case, "assignment");
    for typed in [
        format!("{line}4"),
        format!("{line}5"),
        format!("{}4", code_of(&lines, &case, "case")),
    ] {
        assert_eq!(
            entry(&desk, &typed)["problem"],
            "denied_own_work",
            "{typed}"
        );
        assert_eq!(
            desk.refused("tick.apply", json!({ "text": typed })).code,
            "tick_has_problems"
        );
    }
    assert_eq!(
        entry(&desk, &format!("{} ok", code_of(&lines, &case, "case")))["problem"],
        Value::Null
    );

    // What he may not judge is printed for somebody else, and not for him.
    let (_, his) = print(&desk);
    assert!(his.iter().all(|line| line["kind"] == "case"), "{his:?}");
    let waiting = desk.ok("tick.lists", json!({}))["waiting"][0].clone();
    assert_eq!(
        (&waiting["waiting"], &waiting["not_his"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        desk.ok("review.inbox", json!({}))["items"][0]["denied"],
        "denied_own_work",
        "the office sees it too"
    );
    let another = json!({ "area_code": "45090505", "for_another": true });
    assert_eq!(
        desk.refused("tick.print", another.clone()).code,
        "tick_reviewer_missing"
    );
    let kamnan = with(another, &json!({ "reviewer": "นายกำธร ศรีโคก" }));
    let done = desk.ok("tick.print", kamnan);
    assert_eq!(done["lines"], 1);
    let lines = entries(&desk.ok("tick.get", json!({ "id": done["id"] })));
    let typed = format!("{} ได้รับแล้ว", code_of(&lines, &case, "assignment"));
    assert_eq!(entry(&desk, &typed)["effect"], "confirm_help");

    // Also where the paper knows him by his name alone.
    set(Value::Null);
    let done = desk.ok(
        "tick.print",
        json!({ "area_code": "45090505", "reviewer": "นางบัวลี  ศรีสุข" }),
    );
    let lines = entries(&desk.ok("tick.get", json!({ "id": done["id"] })));
    assert!(lines.iter().all(|line| line["kind"] == "case"), "{lines:?}");
}

#[test]
fn wrong_codes_are_told_at_once_with_what_they_may_have_been() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 6);
    let case = desk.case(&a_case());
    let (_, lines) = print(&desk);
    let code = code_of(&lines, &case, "case");
    let signs: Vec<char> = code.chars().collect();
    let swapped: String = [signs[0], signs[2], signs[1], signs[3]].iter().collect();
    if swapped != code {
        let read = entry(&desk, &format!("{swapped} ok"));
        assert_ne!(read["problem"], Value::Null);
        assert_eq!(read["did_you_mean"], json!([code]), "{read}");
    }
    let short: String = signs[..3].iter().collect();
    let read = entry(&desk, &format!("{short} ok"));
    assert_eq!(read["did_you_mean"], json!([code]), "{read}");
    for (typed, problem) in [
        ("ok".to_string(), "tick_code_unreadable"),
        ("2569 ok".into(), "tick_code_unreadable"),
        (code.clone(), "tick_answer_missing"),
        (format!("{code} บ้านใหญ่"), "tick_answer_unknown"),
        (format!("{code} 1 2"), "tick_answer_unknown"),
        (format!("{code}3 {}", "ก".repeat(501)), "text_too_long"),
    ] {
        assert_eq!(entry(&desk, &typed)["problem"], problem, "{typed}");
    }
    let twice = entries(&keyed(&desk, &format!("{code}1 {code}2")));
    assert_eq!(
        (&twice[0]["problem"], &twice[1]["problem"]),
        (&Value::Null, &json!("tick_twice"))
    );
    // Nothing of a box with a problem is applied, not even what is right.
    let refused = desk.refused("tick.apply", json!({ "text": format!("{code}1 {code}2") }));
    assert_eq!(
        (refused.code.as_str(), refused.details["count"].as_str()),
        ("tick_has_problems", "1")
    );
    assert_eq!(desk.whole(&case)["review_state"], "unreviewed");
    assert_eq!(
        desk.refused("tick.apply", json!({ "text": " , " })).code,
        "tick_nothing_keyed"
    );
}
