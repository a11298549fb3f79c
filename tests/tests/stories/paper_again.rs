//! The same thing on two lists, a list that was lost, a list that does not count, and a line that was
//! keyed wrong.

use jitasa_tests::desk::{StoryDesk, a_volunteer, text};
use serde_json::{Value, json};

use crate::paper::{a_house, code_of, entries, entry, helped_by, keyed, print};

fn apply(desk: &StoryDesk, typed: &str) -> Value {
    desk.ok("tick.apply", json!({ "text": typed }))
}

#[test]
fn the_same_house_from_two_lists_in_one_box_is_refused_by_line_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 41);
    let case = desk.case(&a_house("1", "ทดสอบ"));
    let (_, first) = print(&desk);
    let (_, second) = print(&desk);
    let [a, b] = [&first, &second].map(|lines| code_of(lines, &case, "case"));
    let read = entries(&keyed(&desk, &format!("{a}1 {b}1")));
    assert_eq!(read[0]["problem"], Value::Null);
    assert_eq!(read[1]["problem"], "tick_twice");
    assert_eq!(read[1]["same_as"], json!(a));
    let _ = apply(&desk, &format!("{a}1"));
}

#[test]
fn what_is_out_on_paper_is_counted_and_may_be_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 42);
    let _ = desk.case(&a_house("1", "ทดสอบ"));
    let _ = print(&desk);
    let _ = desk.case(&a_house("2", "ทดสอบ"));
    let waiting = desk.ok("tick.lists", json!({}))["waiting"][0].clone();
    assert_eq!(
        (&waiting["waiting"], &waiting["printed"]),
        (&json!(2), &json!(1))
    );
    let only_new = json!({ "area_code": "45090505", "leave_out_printed": true });
    let done = desk.ok("tick.print", only_new.clone());
    let lines = entries(&desk.ok("tick.get", json!({ "id": done["id"] })));
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["house_no"], "2");
    assert_eq!(
        desk.refused("tick.print", only_new).code,
        "tick_all_printed"
    );
}

#[test]
fn a_lost_list_is_printed_again_with_its_codes_and_one_taken_out_of_use_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 43);
    let case = desk.case(&a_house("1", "ทดสอบ"));
    let (list, lines) = print(&desk);
    let done = desk.ok("tick.reprint", json!({ "id": list }));
    assert_eq!((&done["id"], &done["lines"]), (&json!(list), &json!(1)));
    assert_eq!(
        desk.ok("tick.lists", json!({}))["lists"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let no_reason = json!({ "id": list, "reason": " " });
    assert_eq!(desk.refused("tick.void", no_reason).code, "reason_missing");
    let void = desk.ok("tick.void", json!({ "id": list, "reason": "ใบหายกลางทาง" }));
    let typed = format!("{}1", code_of(&lines, &case, "case"));
    assert_eq!(entry(&desk, &typed)["problem"], "tick_list_void");
    assert_eq!(
        desk.refused("tick.reprint", json!({ "id": list })).code,
        "tick_list_void"
    );
    let told = desk.ok("tick.lists", json!({}));
    assert_eq!(told["lists"][0]["void_reason"], "ใบหายกลางทาง");
    assert_eq!(told["waiting"][0]["printed"], 0);
    let _ = desk.undo(&void);
    assert_eq!(entry(&desk, &typed)["problem"], Value::Null);
}

#[test]
fn one_line_keyed_wrong_is_keyed_again_and_the_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 44);
    let volunteer = desk.volunteer(&a_volunteer());
    let [served, other, touched] = ["1", "2", "3"].map(|house| desk.case(&a_house(house, "ทดสอบ")));
    let _ = helped_by(&desk, &other, "food_water", &volunteer);
    let (_, lines) = print(&desk);
    let of = |case: &str, kind: &str| code_of(&lines, case, kind);
    let before = desk.whole(&served);
    let typed = format!(
        "{}4 {}5 {}2",
        of(&served, "case"),
        of(&other, "assignment"),
        of(&touched, "case")
    );
    let first = apply(&desk, &typed);
    assert_eq!(desk.whole(&served)["state"], "closed");
    let _ = desk.ok("case.reopen", json!({ "id": served, "note": "ยังขาดน้ำ" }));

    // The same answer again is nothing new; one that somebody has gone on from stays.
    let same = entry(&desk, &format!("{}2", of(&touched, "case")));
    assert_eq!(same["problem"], "tick_done_already");
    let gone_on = entry(&desk, &format!("{}1", of(&served, "case")));
    assert_eq!(gone_on["problem"], "tick_done_already");
    assert_eq!(gone_on["was"], "helped");

    let typed = format!("{}4 {}1", of(&other, "assignment"), of(&touched, "case"));
    let read = entries(&keyed(&desk, &typed));
    let shown: Vec<_> = read
        .iter()
        .map(|entry| (text(&entry["was"]), text(&entry["effect"])))
        .collect();
    assert_eq!(
        shown,
        [
            ("not_helped".into(), "confirm_help".into()),
            ("not_found".into(), "confirm_case".into())
        ]
    );
    let corrected = apply(&desk, &typed);
    let whole = desk.whole(&other);
    assert_eq!(whole["assignments"][0]["state"], "confirmed");
    assert_eq!(whole["reviews"].as_array().unwrap().len(), 1);
    assert_eq!(desk.whole(&touched)["review_state"], "confirmed");
    assert_ne!(first["act_id"], corrected["act_id"]);
    assert_ne!(before["state"], desk.whole(&served)["review_state"]);
}
