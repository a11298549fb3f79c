//! What a ticked box means: on help and on a case, alone and together, and never more than the headman
//! was asked.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::{Value, json};

use crate::paper::{a_house, code_of, entries, entry, helped_by, keyed, print};

fn a_desk(seed: u64) -> (tempfile::TempDir, StoryDesk) {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), seed);
    (folder, desk)
}

fn needs(desk: &StoryDesk, case: &str) -> Vec<String> {
    let whole = desk.whole(case);
    let needs = whole["needs"].as_array().unwrap().iter();
    needs.map(|need| text(&need["state"])).collect()
}

fn help_state(desk: &StoryDesk, case: &str) -> String {
    text(&desk.whole(case)["assignments"][0]["state"])
}

fn apply(desk: &StoryDesk, typed: &str) -> Value {
    desk.ok("tick.apply", json!({ "text": typed }))
}

fn effects(desk: &StoryDesk, typed: &str) -> Vec<Value> {
    let read = entries(&keyed(desk, typed));
    read.iter().map(|entry| entry["effect"].clone()).collect()
}

#[test]
fn on_a_line_of_help_yes_means_that_it_came_and_a_bare_there_is_is_asked_back() {
    let (_folder, desk) = a_desk(21);
    let volunteer = desk.volunteer(&a_volunteer());
    let case = desk.case(&a_case());
    let _ = helped_by(&desk, &case, "food_water", &volunteer);
    let (_, lines) = print(&desk);
    let line = code_of(&lines, &case, "assignment");
    for (words, effect) in [
        (
            "ok ใช่ จริง ถูกต้อง yes ✓ 4 ช่วยแล้ว เสร็จ ได้รับแล้ว",
            "confirm_help",
        ),
        ("5 ยังไม่ได้รับ ไม่ถึง ไม่ครบ ไม่มา บางส่วน no 2 ไม่พบ", "return_help"),
        ("3 แก้ไข ผิด", "return_case"),
    ] {
        for word in words.split(' ') {
            let read = entry(&desk, &format!("{line} {word}"));
            assert_eq!(
                (&read["effect"], &read["problem"]),
                (&json!(effect), &Value::Null),
                "{word}"
            );
        }
    }
    for word in ["1", "มี", "พบ"] {
        let read = entry(&desk, &format!("{line} {word}"));
        assert_eq!(read["problem"], "tick_which_help", "{word}");
    }
    let of_case = code_of(&lines, &case, "case");
    assert_eq!(
        entry(&desk, &format!("{of_case}5"))["problem"],
        "tick_which_case"
    );
}

#[test]
fn to_correct_on_a_line_of_help_is_about_the_data_and_help_still_waits_for_a_word() {
    let (_folder, desk) = a_desk(22);
    let volunteer = desk.volunteer(&a_volunteer());
    let case = desk.case(&a_case());
    let _ = helped_by(&desk, &case, "food_water", &volunteer);
    let (_, lines) = print(&desk);
    let line = code_of(&lines, &case, "assignment");
    let _ = apply(&desk, &format!("{line} แก้ไข บ้านเลขที่ 45/2"));
    let whole = desk.whole(&case);
    assert_eq!(whole["review_state"], "returned");
    assert_eq!(whole["assignments"][0]["state"], "done");
    assert_eq!(whole["reviews"][0]["reason"], "บ้านเลขที่ 45/2");
    let (_, again) = print(&desk);
    let _ = code_of(&again, &case, "assignment");
    let _ = apply(
        &desk,
        &format!("{} ได้รับแล้ว", code_of(&again, &case, "assignment")),
    );
    assert_eq!(help_state(&desk, &case), "confirmed");
}

#[test]
fn helped_closes_no_need_that_the_paper_did_not_show() {
    let (_folder, desk) = a_desk(23);
    let [added, noted, plain] = ["1", "2", "3"].map(|house| desk.case(&a_house(house, "ทดสอบ")));
    let (_, lines) = print(&desk);
    desk.env.pass_minutes(60);
    let whole = desk.whole(&added);
    let draft = with(
        a_house("1", "ทดสอบ"),
        &json!({ "needs": [
            { "kind": "food_water", "detail": "" }, { "kind": "medicine", "detail": "" },
            { "kind": "shelter", "detail": "" },
        ] }),
    );
    let _ = desk.ok(
        "case.edit",
        json!({ "id": added, "version": whole["version"], "draft": draft }),
    );
    let of = |case: &str| code_of(&lines, case, "case");
    let typed = format!("{}4\n{}4 ได้แต่น้ำ\n{}4", of(&added), of(&noted), of(&plain));
    assert_eq!(
        effects(&desk, &typed),
        ["clerk_decides", "clerk_decides", "meet_case"]
    );
    let _ = apply(&desk, &typed);
    for case in [&added, &noted] {
        assert!(
            needs(&desk, case).iter().all(|state| state != "closed"),
            "{case}"
        );
        assert_eq!(desk.whole(case)["review_state"], "confirmed");
    }
    assert!(needs(&desk, &plain).iter().all(|state| state == "closed"));
}

#[test]
fn helped_where_somebody_is_on_the_way_says_so_and_closes_nothing() {
    let (_folder, desk) = a_desk(24);
    let volunteer = desk.volunteer(&a_volunteer());
    let case = desk.case(&a_case());
    let (_, lines) = print(&desk);
    let need = desk.whole(&case)["needs"][0]["id"].clone();
    let proposed = desk.ok(
        "assignment.propose",
        json!({ "need_id": need, "volunteer_id": volunteer, "offered": true, "channel": "phone" }),
    );
    for step in ["accept", "depart"] {
        let _ = desk.ok(
            "assignment.move",
            json!({ "id": proposed["id"], "step": step }),
        );
    }
    let typed = format!("{} ช่วยแล้ว", code_of(&lines, &case, "case"));
    let read = entry(&desk, &typed);
    assert_eq!(read["effect"], "on_the_way");
    assert!(text(&read["going"]).contains("ศรีสุข"), "{read}");
    let _ = apply(&desk, &typed);
    assert!(needs(&desk, &case).iter().all(|state| state != "closed"));
    assert_eq!(help_state(&desk, &case), "en_route");
}

/// A house of which help is said to have come for one need; its line of help and its line of the case.
fn one_house(desk: &StoryDesk) -> (String, String, String) {
    let volunteer = desk.volunteer(&a_volunteer());
    let case = desk.case(&a_case());
    let _ = helped_by(desk, &case, "food_water", &volunteer);
    let (_, lines) = print(desk);
    let of = |kind: &str| code_of(&lines, &case, kind);
    (case.clone(), of("assignment"), of("case"))
}

#[test]
fn two_lines_of_one_house_do_what_was_shown_in_whichever_order_they_are_keyed() {
    for (seed, help_first) in [(25, true), (26, false)] {
        let (_folder, desk) = a_desk(seed);
        let (case, help, of_case) = one_house(&desk);
        // The word on help is taken first; the word on the case then speaks for what is left.
        let (typed, shown) = if help_first {
            (format!("{help}4 {of_case}4"), ["confirm_help", "meet_case"])
        } else {
            (format!("{of_case}4 {help}4"), ["meet_case", "confirm_help"])
        };
        assert_eq!(effects(&desk, &typed), shown, "{typed}");
        let _ = apply(&desk, &typed);
        assert_eq!(help_state(&desk, &case), "confirmed");
        assert_eq!(needs(&desk, &case), ["closed", "closed"]);
        let reasons: Vec<_> = desk.whole(&case)["needs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|need| text(&need["closing_reason"]))
            .collect();
        assert_eq!(reasons, ["met", "met_by_others"]);
    }
}

#[test]
fn help_that_did_not_come_is_not_closed_by_helped_on_the_case_of_the_same_house() {
    for (seed, help_first) in [(27, true), (28, false)] {
        let (_folder, desk) = a_desk(seed);
        let (case, help, of_case) = one_house(&desk);
        let (typed, shown) = if help_first {
            (
                format!("{help}5 {of_case}4"),
                ["return_help", "clerk_decides"],
            )
        } else {
            (
                format!("{of_case}4 {help}5"),
                ["clerk_decides", "return_help"],
            )
        };
        assert_eq!(effects(&desk, &typed), shown, "{typed}");
        let _ = apply(&desk, &typed);
        assert_eq!(help_state(&desk, &case), "returned");
        assert!(needs(&desk, &case).iter().all(|state| state != "closed"));
    }
}

#[test]
fn a_week_old_list_confirms_as_of_the_day_it_was_signed_and_a_newer_word_asks_first() {
    let (_folder, desk) = a_desk(29);
    let [said, quiet] = ["1", "2"].map(|house| desk.case(&a_house(house, "ทดสอบ")));
    let (_, lines) = print(&desk);
    let printed = desk.whole(&said)["reported_at"].as_i64().unwrap();
    desk.env.pass_minutes(5 * 24 * 60);
    desk.sit_down("headman");
    let _ = desk.ok(
        "review.decide",
        json!({ "case_id": said, "verdict": "confirmed" }),
    );
    desk.sit_down("clerk");
    desk.env.pass_minutes(2 * 24 * 60);

    let of = |case: &str| code_of(&lines, case, "case");
    let typed = format!("{}2 {}1", of(&said), of(&quiet));
    let read = entries(&keyed(&desk, &typed));
    assert_eq!(read[0]["problem"], "tick_newer_word");
    assert_eq!(read[0]["newer"]["verdict"], "confirmed");
    assert_eq!(read[1]["problem"], Value::Null);
    let over = json!({ "text": typed, "over": [of(&said)] });
    let read = desk.ok("tick.read", over.clone());
    assert_eq!(read["ready"], 2, "{read}");
    assert_eq!(
        read["entries"][0]["newer"]["verdict"], "confirmed",
        "still shown"
    );
    for (day, code) in [
        ("2020-01-01", "tick_signed_when"),
        ("2599-01-01", "tick_signed_when"),
    ] {
        let read = desk.ok(
            "tick.read",
            with(over.clone(), &json!({ "signed_on": day })),
        );
        assert_eq!(read["entries"][1]["problem"], code, "{day}");
    }
    let _ = desk.ok("tick.apply", over);
    assert_eq!(desk.whole(&said)["review_state"], "not_found");
    let confirmed = desk.whole(&quiet)["confirmed_at"].as_i64().unwrap();
    let days = (confirmed - printed) / (24 * 3_600_000);
    assert!(
        (0..=1).contains(&days),
        "the day after the print, not a week later"
    );
}
