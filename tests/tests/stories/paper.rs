//! The headman's list on paper: printed by village, ticked at the houses, keyed back at the office.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::{Value, json};

/// Prints the list of หมู่ 5; its entries as printed.
pub(crate) fn print(desk: &StoryDesk) -> (String, Vec<Value>) {
    let done = desk.ok("tick.print", json!({ "area_code": "45090505" }));
    let id = text(&done["id"]);
    (
        id.clone(),
        entries(&desk.ok("tick.get", json!({ "id": id }))),
    )
}

pub(crate) fn entries(reading: &Value) -> Vec<Value> {
    reading["entries"].as_array().unwrap().clone()
}

pub(crate) fn code_of(entries: &[Value], case_id: &str, kind: &str) -> String {
    let found = entries
        .iter()
        .find(|entry| entry["case_id"] == case_id && entry["kind"] == kind);
    text(&found.unwrap_or_else(|| panic!("{case_id} {kind} in {entries:?}"))["code"])
}

pub(crate) fn keyed(desk: &StoryDesk, typed: &str) -> Value {
    desk.ok("tick.read", json!({ "text": typed }))
}

/// The one entry of a piece.
pub(crate) fn entry(desk: &StoryDesk, typed: &str) -> Value {
    let read = entries(&keyed(desk, typed));
    assert_eq!(read.len(), 1, "{typed}: {read:?}");
    read[0].clone()
}

fn apply(desk: &StoryDesk, typed: &str) -> Value {
    desk.ok("tick.apply", json!({ "text": typed }))
}

pub(crate) fn a_house(house_no: &str, given_name: &str) -> Value {
    with(
        a_case(),
        &json!({ "house_no": house_no, "given_name": given_name }),
    )
}

/// Needs no volunteer's suggestion: the steps of a day, until help is said to have come.
pub(crate) fn helped_by(desk: &StoryDesk, case_id: &str, kind: &str, volunteer: &str) -> String {
    let need = desk.whole(case_id)["needs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|need| need["kind"] == kind)
        .map(|need| text(&need["id"]))
        .unwrap();
    let proposed = desk.ok(
        "assignment.propose",
        json!({ "need_id": need, "volunteer_id": volunteer, "offered": true, "channel": "phone" }),
    );
    let id = text(&proposed["id"]);
    for step in ["accept", "depart", "arrive", "finish"] {
        let outcome = (step == "finish").then_some("มอบของแล้ว");
        let _ = desk.ok(
            "assignment.move",
            json!({ "id": id, "step": step, "outcome": outcome }),
        );
    }
    id
}

fn states(case: &Value) -> Vec<String> {
    case["needs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|need| text(&need["state"]))
        .collect()
}

#[test]
fn a_list_is_printed_by_house_as_a_pdf_and_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 1);
    let refused = desk.refused("tick.print", json!({ "area_code": "45090505" }));
    assert_eq!(refused.code, "tick_nothing_to_ask");
    for (house, name) in [("112", "สาม"), ("9", "หนึ่ง"), ("12/3", "สอง")] {
        let _ = desk.case(&a_house(house, name));
    }
    let elsewhere = desk.case(&with(a_case(), &json!({ "area_code": "45090501" })));
    // One headman is of the desk, the other stands in the register.
    let _ = desk.volunteer(&with(
        a_volunteer(),
        &json!({ "title": "นาย", "given_name": "กำธร", "family_name": "ศรีโคก",
                 "kinds": ["village_head"], "area_code": "45090501", "patch": [] }),
    ));
    let lists = desk.ok("tick.lists", json!({}));
    assert_eq!(
        lists["waiting"],
        json!([
            { "area_code": "45090501", "village": "ม.1 บ้านโคกสว่าง", "waiting": 1, "printed": 0, "not_his": 0,
              "headman": "นายกำธร ศรีโคก" },
            { "area_code": "45090505", "village": "ม.5 บ้านเหล่าหม้อ", "waiting": 3, "printed": 0, "not_his": 0,
              "headman": "ผู้ใหญ่บ้าน" },
        ])
    );

    let path = folder.path().join("ใบตรวจ ม.5.pdf");
    let done = desk.ok(
        "tick.print",
        json!({ "area_code": "45090505", "path": path }),
    );
    assert_eq!(
        (&done["lines"], &done["pages"]),
        (&json!(3), &json!(1)),
        "{done}"
    );
    assert!(std::fs::read(&path).unwrap().starts_with(b"%PDF-"));
    let list = desk.ok("tick.get", json!({ "id": done["id"] }));
    let houses: Vec<_> = entries(&list)
        .iter()
        .map(|entry| text(&entry["house_no"]))
        .collect();
    assert_eq!(houses, ["9", "12/3", "112"]);
    assert!(
        entries(&list)
            .iter()
            .all(|entry| entry["case_id"] != elsewhere.as_str())
    );
    let lists = desk.ok("tick.lists", json!({ "area_code": "45090505" }));
    let told = &lists["lists"][0];
    assert_eq!(
        [&told["lines"], &told["answered"], &told["reviewer"]],
        [&json!(3), &json!(0), &json!("ผู้ใหญ่บ้าน")]
    );

    let number = text(&told["number"]);
    assert!(number.starts_with("ม.5-69-001"), "{number}");
    // In the answer where no file is named; a folder that is not there leaves no list behind.
    let done = desk.ok("tick.print", json!({ "area_code": "45090505" }));
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(text(&done["bytes_base64"]))
        .unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    let nowhere = folder.path().join("none").join("x.pdf");
    let refused = desk.refused(
        "tick.print",
        json!({ "area_code": "45090505", "path": nowhere }),
    );
    assert_eq!(refused.code, "folder_missing");
    assert_eq!(
        desk.ok("tick.lists", json!({}))["lists"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_ticked_list_is_keyed_back_in_one_act_and_taken_back_in_one() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 2);
    let volunteer = desk.volunteer(&a_volunteer());
    let [true_one, gone, wrong, served, done, not_come] =
        ["1", "2", "3", "4", "5", "6"].map(|house| desk.case(&a_house(house, "ทดสอบ")));
    let help = helped_by(&desk, &done, "food_water", &volunteer);
    let no_help = helped_by(&desk, &not_come, "food_water", &volunteer);
    let (list, lines) = print(&desk);
    assert_eq!(
        lines.len(),
        8,
        "six cases and two that are said to be served"
    );

    // A week later it comes back.
    desk.env.pass_minutes(7 * 24 * 60);
    let code = |case: &str| code_of(&lines, case, "case");
    let typed = format!(
        "{} ok, {} ไม่พบ\n{}3 บ้านเลขที่ 33 ไม่ใช่ 3; {} ช่วยแล้ว\n{}4 {}5 รอตั้งแต่เช้า",
        code(&true_one).to_lowercase(),
        code(&gone),
        code(&wrong),
        code(&served),
        code_of(&lines, &done, "assignment"),
        code_of(&lines, &not_come, "assignment"),
    );
    let reading = keyed(&desk, &typed);
    assert_eq!(
        (&reading["ready"], &reading["problems"]),
        (&json!(6), &json!(0)),
        "{reading}"
    );
    let effects: Vec<_> = entries(&reading)
        .iter()
        .map(|entry| text(&entry["effect"]))
        .collect();
    assert_eq!(
        effects,
        [
            "confirm_case",
            "case_not_found",
            "return_case",
            "meet_case",
            "confirm_help",
            "return_help"
        ]
    );
    let before: Vec<_> = [&true_one, &gone, &wrong, &served, &done, &not_come]
        .map(|id| desk.whole(id))
        .into();
    let acted = apply(&desk, &typed);
    assert_eq!(acted["action"], "tick_list_key_back");

    let case = desk.whole(&true_one);
    assert_eq!(
        (&case["review_state"], &case["confirmed_by"]),
        (&json!("confirmed"), &json!("ผู้ใหญ่บ้าน"))
    );
    assert_eq!(
        states(&case),
        ["open", "open"],
        "what is true is open for help"
    );
    let word = &case["reviews"][0];
    assert_eq!(
        [
            &word["medium"],
            &word["tick_list"],
            &word["reviewer"],
            &word["keyed_by"]
        ],
        [
            &json!("paper"),
            &desk.ok("tick.lists", json!({}))["lists"][0]["number"],
            &json!("ผู้ใหญ่บ้าน"),
            &before[0]["history"][0]["actor"]
        ]
    );
    assert_eq!(desk.whole(&gone)["review_state"], "not_found");
    let case = desk.whole(&wrong);
    assert_eq!(case["review_state"], "returned");
    assert_eq!(case["reviews"][0]["reason"], "บ้านเลขที่ 33 ไม่ใช่ 3");
    let case = desk.whole(&served);
    assert_eq!(
        (&case["state"], states(&case)),
        (&json!("closed"), vec!["closed".into(), "closed".into()])
    );
    assert_eq!(case["needs"][0]["closing_reason"], "met_by_others");
    let assignment = |id: &str, of: &str| {
        let case = desk.whole(of);
        let all = case["assignments"].as_array().unwrap().clone();
        all.into_iter().find(|each| each["id"] == id).unwrap()
    };
    assert_eq!(assignment(&help, &done)["state"], "confirmed");
    let returned = assignment(&no_help, &not_come);
    assert_eq!(
        (&returned["state"], &returned["reason"]),
        (&json!("returned"), &json!("รอตั้งแต่เช้า"))
    );
    let lists = desk.ok("tick.lists", json!({}));
    assert_eq!(lists["lists"][0]["answered"], 6);

    // The same paper twice, and what the list says of itself.
    let again = keyed(&desk, &typed);
    assert!(
        entries(&again)
            .iter()
            .all(|entry| entry["problem"] == "tick_done_already"),
        "{again}"
    );
    assert_eq!(
        desk.refused("tick.apply", json!({ "text": typed })).code,
        "tick_has_problems"
    );
    let shown = entries(&desk.ok("tick.get", json!({ "id": list })));
    let ticked: Vec<_> = shown
        .iter()
        .filter_map(|entry| entry["answer"].as_str())
        .collect();
    assert_eq!(ticked.len(), 6);

    // All of it is taken back.
    let _ = desk.undo(&acted);
    for (id, was) in [&true_one, &gone, &wrong, &served, &done, &not_come]
        .iter()
        .zip(&before)
    {
        let now = desk.whole(id);
        for part in [
            "review_state",
            "state",
            "confirmed_at",
            "confirmed_by",
            "reviews",
        ] {
            assert_eq!(now[part], was[part], "{part}");
        }
        assert_eq!(states(&now), states(was));
    }
    assert_eq!(keyed(&desk, &typed)["ready"], 6, "the paper keys in again");
    assert_eq!(desk.ok("tick.lists", json!({}))["lists"][0]["answered"], 0);
}

#[test]
fn help_that_is_said_to_have_come_is_confirmed_through_the_line_of_its_case() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 3);
    let volunteer = desk.volunteer(&a_volunteer());
    let case = desk.case(&a_case());
    let _ = helped_by(&desk, &case, "food_water", &volunteer);
    let (_, lines) = print(&desk);
    let typed = format!("{} เสร็จ", code_of(&lines, &case, "case"));
    assert_eq!(entry(&desk, &typed)["effect"], "confirm_help");
    let _ = apply(&desk, &typed);
    let whole = desk.whole(&case);
    assert_eq!(whole["assignments"][0]["state"], "confirmed");
    assert_eq!(whole["review_state"], "confirmed");
    assert_eq!(
        states(&whole),
        ["closed", "open"],
        "the other need is still to be served"
    );
    // Its own line has its word with that.
    let own = format!("{} เสร็จ", code_of(&lines, &case, "assignment"));
    assert_eq!(entry(&desk, &own)["problem"], "tick_done_already");
}

#[test]
fn thirty_lines_are_keyed_in_a_hundred_and_eighty_keys() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 7);
    for house in 1..=30 {
        let _ = desk.case(&a_house(&house.to_string(), "ทดสอบ"));
    }
    let (_, lines) = print(&desk);
    let typed: String = lines
        .iter()
        .map(|line| format!("{}1 ", text(&line["code"]).to_lowercase()))
        .collect();
    // A code of four, an answer, a space: at one key a second, three minutes.
    assert_eq!(typed.len(), 30 * 6);
    assert_eq!(keyed(&desk, &typed)["ready"], 30);
    let _ = apply(&desk, &typed);
    assert_eq!(desk.ok("review.inbox", json!({}))["total"], 0);
    // The keyboard in Thai all the while is read too.
    let (_, lines) = {
        let _ = desk.case(&a_house("31", "ทดสอบ"));
        print(&desk)
    };
    let thai =
        jitasa_thai::keyboard::to_thai(&format!("{}1", text(&lines[0]["code"]).to_lowercase()));
    assert_eq!(entry(&desk, &thai)["effect"], "confirm_case", "{thai}");
}

#[test]
fn a_headman_prints_his_own_villages_lists_and_keys_none() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 8);
    let his = desk.case(&a_case());
    let _ = desk.case(&with(a_case(), &json!({ "area_code": "45090501" })));
    let others = desk.ok("tick.print", json!({ "area_code": "45090501" }));
    desk.sit_down("headman");
    let (_, lines) = print(&desk);
    let refused = desk.refused("tick.print", json!({ "area_code": "45090501" }));
    assert_eq!(refused.code, "not_found");
    assert_eq!(
        desk.refused("tick.get", json!({ "id": others["id"] })).code,
        "not_found"
    );
    let lists = desk.ok("tick.lists", json!({}));
    assert_eq!(lists["lists"].as_array().unwrap().len(), 1);
    assert_eq!(lists["waiting"].as_array().unwrap().len(), 1);
    let typed = format!("{}1", code_of(&lines, &his, "case"));
    for command in ["tick.read", "tick.apply"] {
        assert_eq!(
            desk.refused(command, json!({ "text": typed })).code,
            "denied_role"
        );
    }
}

#[test]
fn a_printed_list_can_be_taken_back_until_its_lines_have_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 9);
    let case = desk.case(&a_case());
    let (_, lines) = print(&desk);
    let status = desk.ok("status.get", json!({}));
    assert_eq!(status["undo"]["action"], "tick_list_print");
    let printed = status["undo"]["act_id"].clone();
    let keyed = apply(&desk, &format!("{}1", code_of(&lines, &case, "case")));
    let refused = desk.refused("undo.run", json!({ "act_id": printed }));
    assert_eq!(refused.code, "undo_touched_since");
    let _ = desk.undo(&keyed);
    let _ = desk.ok("undo.run", json!({ "act_id": printed }));
    let gone = entry(&desk, &format!("{}1", code_of(&lines, &case, "case")));
    assert_eq!(gone["problem"], "tick_code_unknown");
}
