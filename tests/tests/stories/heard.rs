//! What was heard counts as what was said, and no more: dates move later only when somebody has looked.

use jitasa_tests::desk::{StoryDesk, a_volunteer, text, with};
use serde_json::{Value, json};

use crate::quiet::{a_call, an_office, by_rule, dates, hands_for, step};

fn two_needs() -> Value {
    let needs =
        json!([{ "kind": "food_water", "detail": "" }, { "kind": "medicine", "detail": "" }]);
    with(a_call("urgent"), &json!({ "needs": needs }))
}

fn open_date(desk: &StoryDesk, case: &str) -> String {
    let whole = desk.whole(case);
    let all = whole["follow_ups"].as_array().unwrap();
    text(&all.iter().find(|each| each["done_at"].is_null()).unwrap()["id"])
}

#[test]
fn correcting_a_case_puts_no_date_off() {
    let (_folder, desk) = an_office(70);
    let case = desk.case(&a_call("critical"));
    let first = dates(&desk, &case);
    assert_eq!(first, by_rule("2026-11-23", "look_again"));
    // Four days late, and the urgency is set down: the date that was missed stands.
    desk.env.pass_minutes(5 * 24 * 60);
    let version = desk.whole(&case)["version"].clone();
    let edit = json!({ "id": case, "version": version, "draft": a_call("normal") });
    let _ = desk.ok("case.edit", edit);
    assert_eq!(dates(&desk, &case), first);
}

#[test]
fn what_the_receiver_said_is_not_asked_again() {
    let (_folder, desk) = an_office(71);
    let case = desk.case(&a_call("normal"));
    let (assignment, _) = hands_for(&desk, &case);
    let _ = step(&desk, &assignment, "finish");
    assert_eq!(dates(&desk, &case)[0].1, "ask_help_came");
    let word = json!({ "id": assignment, "word": "came", "note": "ได้ครบ" });
    let acted = desk.ok("assignment.receiver_word", word);
    assert!(
        dates(&desk, &case)
            .iter()
            .all(|date| date.1 != "ask_help_came")
    );
    let _ = desk.undo(&acted);
    assert_eq!(dates(&desk, &case)[0].1, "ask_help_came");
    // Something is lacking: the rule's next date stands.
    let word = json!({ "id": assignment, "word": "partly", "note": "ขาดน้ำดื่ม" });
    let _ = desk.ok("assignment.receiver_word", word);
    let next = dates(&desk, &case);
    assert_eq!((next.len(), next[0].1.as_str()), (1, "look_again"));
}

#[test]
fn a_call_nobody_answered_makes_no_case_fresh() {
    let (_folder, desk) = an_office(72);
    let case = desk.case(&a_call("critical"));
    desk.env.pass_minutes(26 * 60);
    let before = desk.whole(&case);
    let id = open_date(&desk, &case);
    let done = json!({ "id": id, "outcome": "โทรไม่ติด", "no_answer": true });
    let acted = desk.ok("follow_up.done", done);
    let whole = desk.whole(&case);
    assert_eq!(whole["confirmed_at"], before["confirmed_at"]);
    assert_ne!(whole["freshness"], "fresh");
    // He is rung again the next day, and that he was tried is counted.
    assert_eq!(dates(&desk, &case), by_rule("2026-11-24", "look_again"));
    let list = desk.ok("recheck.list", json!({ "kinds": ["case"] }));
    assert_eq!(list["rows"][0]["tries"], 1);
    let _ = desk.undo(&acted);
    assert_eq!(open_date(&desk, &case), id);
}

#[test]
fn a_far_date_of_a_person_does_not_silence_the_rule() {
    let (_folder, desk) = an_office(73);
    let case = desk.case(&a_call("critical"));
    let own = json!({ "case_id": case, "due_on": "2026-12-20", "note": "เยี่ยมหลังน้ำลด" });
    let _ = desk.ok("follow_up.add", own);
    let id = open_date(&desk, &case);
    let done = json!({ "id": id, "outcome": "ยังรอ" });
    let _ = desk.ok("follow_up.done", done);
    let all = dates(&desk, &case);
    assert!(
        all.iter().any(|date| date.2 && date.0 == "2026-11-23"),
        "{all:?}"
    );
    // A date of his that comes first is enough.
    let soon = desk.case(&a_call("normal"));
    let own = json!({ "case_id": soon, "due_on": "2026-11-23", "note": "เยี่ยมพรุ่งนี้" });
    let _ = desk.ok("follow_up.add", own);
    let by_the_rule = desk.whole(&soon)["follow_ups"].clone();
    let by_the_rule = by_the_rule.as_array().unwrap();
    let by_the_rule = by_the_rule
        .iter()
        .find(|each| each["by_rule"] == true)
        .unwrap();
    let done = json!({ "id": by_the_rule["id"], "outcome": "ยังรอ" });
    let _ = desk.ok("follow_up.done", done);
    let his = vec![("2026-11-23".to_string(), String::new(), false)];
    assert_eq!(dates(&desk, &soon), his);
}

#[test]
fn on_the_telephone_help_that_came_closes_what_was_named_and_nothing_else() {
    let (_folder, desk) = an_office(74);
    let case = desk.case(&two_needs());
    desk.env.pass_minutes(25 * 60);
    let row = desk.ok("recheck.list", json!({ "kinds": ["case"] }))["rows"][0].clone();
    let needs = row["needs"].as_array().unwrap();
    assert_eq!(needs.len(), 2);
    let said = |answer: &str, need_ids: Value| json!({ "kind": "case", "id": case, "answer": answer, "need_ids": need_ids });
    for answer in ["met", "no_longer_wanted"] {
        let refused = desk.refused("recheck.answer", said(answer, json!([])));
        assert_eq!(refused.code, "recheck_which_need", "{answer}");
    }
    let nobodys = uuid::Uuid::from_u128(9).to_string();
    let refused = desk.refused("recheck.answer", said("met", json!([nobodys])));
    assert_eq!(refused.code, "recheck_need_gone");
    let closed = |desk: &StoryDesk| {
        let whole = desk.whole(&case);
        let needs = whole["needs"].as_array().unwrap().clone();
        let reasons = needs.iter().map(|need| need["closing_reason"].clone());
        reasons
            .filter(|reason| !reason.is_null())
            .collect::<Vec<_>>()
    };
    let _ = desk.ok("recheck.answer", said("met", json!([needs[0]["id"]])));
    assert_eq!(closed(&desk), [json!("met_by_others")]);
    // Something came: nothing is closed, and he was heard.
    desk.env.pass_minutes(25 * 60);
    let _ = desk.ok("recheck.answer", said("partly", json!([])));
    assert_eq!(closed(&desk).len(), 1);
    assert_eq!(desk.whole(&case)["freshness"], "fresh");
    // One is left: it need not be named.
    let _ = desk.ok("recheck.answer", said("no_longer_wanted", json!([])));
    assert_eq!(
        closed(&desk),
        [json!("met_by_others"), json!("no_longer_wanted")]
    );
}

#[test]
fn who_is_away_is_rung_again() {
    let (_folder, desk) = an_office(75);
    let volunteer = desk.volunteer(&a_volunteer());
    let away = |back_on: Value| json!({ "kind": "volunteer", "id": volunteer, "answer": "away", "back_on": back_on });
    let until = |desk: &StoryDesk| {
        let whole = desk.ok("volunteer.get", json!({ "id": volunteer }));
        whole["draft"]["away_until"].clone()
    };
    let total = |desk: &StoryDesk| {
        desk.ok("recheck.list", json!({ "kinds": ["volunteer"] }))["total"].clone()
    };
    let _ = desk.ok("recheck.answer", away(Value::Null));
    assert_eq!(until(&desk), "2026-11-28", "back in seven days");
    let refused = desk.refused("recheck.answer", away(json!("2026-11-20")));
    assert_eq!(refused.code, "date_in_past");
    let _ = desk.ok("recheck.answer", away(json!("2026-12-02")));
    assert_eq!(until(&desk), "2026-12-01");
    // Back, and nobody has heard of him since.
    desk.env.pass_minutes(200 * 24 * 60);
    assert_eq!(total(&desk), 1);
    // Of one who left without saying until when somebody asks, too.
    let gone = json!({ "id": volunteer, "availability": "on_leave", "away_from": null, "away_until": null });
    let _ = desk.ok("volunteer.away", gone);
    assert_eq!(total(&desk), 0);
    desk.env.pass_minutes(31 * 24 * 60);
    assert_eq!(total(&desk), 0, "only once the word is stale");
    desk.env.pass_minutes(170 * 24 * 60);
    assert_eq!(total(&desk), 1);
}

#[test]
fn no_code_of_the_program_stands_where_the_next_shift_reads() {
    let (_folder, desk) = an_office(76);
    let case = desk.case(&a_call("urgent"));
    let said =
        json!({ "kind": "case", "id": case, "answer": "still_needed", "note": "ขอข้าวสารเพิ่ม" });
    let _ = desk.ok("recheck.answer", said);
    let page = desk.ok("shift.get", json!({}));
    let notes = page["sections"].as_array().unwrap();
    let notes = notes.iter().find(|each| each["code"] == "notes").unwrap();
    assert_eq!(notes["rows"][0]["note"], "ขอข้าวสารเพิ่ม");
    desk.env.pass_minutes(5);
    let _ = desk.ok(
        "recheck.answer",
        json!({ "kind": "case", "id": case, "answer": "worse" }),
    );
    let page = desk.ok("shift.get", json!({}));
    let notes = page["sections"].as_array().unwrap();
    let notes = notes.iter().find(|each| each["code"] == "notes").unwrap();
    assert_eq!(notes["rows"][0]["note"], "เดือดร้อนมากขึ้น");
}
