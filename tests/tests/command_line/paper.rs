//! A list on paper between two desks of one office: printed at one, keyed back at the other, and the
//! province agrees.

use jitasa_tests::{
    desk::{a_case, text, with},
    line::Line,
    programs::{Desk, one_time_code},
};
use serde_json::{Value, json};

fn sync(desk: &Desk) -> Value {
    let receipt = desk.run(&["sync", "--json"]).ended(0).json();
    for name in ["conflicts", "held", "pending"] {
        assert_eq!(receipt[name], 0, "{receipt}");
    }
    receipt
}

#[test]
fn a_list_printed_at_one_desk_is_keyed_back_at_another() {
    let house = tempfile::tempdir().unwrap();
    let at = |name: &str| house.path().join(name);
    let capital = at("province");
    let [first, second] = ["front", "back"].map(|name| Desk::init(&at(name), "450905"));
    let line = Line::to_server(&capital, &at("server.log"));
    for desk in [&first, &second] {
        let code = one_time_code(&capital, "450905");
        let _ = desk
            .run(&["enrol", "--server", &line.url(), "--code", &code])
            .ended(0);
    }
    let cases: Vec<String> = ["9", "12/3", "112"]
        .iter()
        .map(|house| {
            let draft = with(a_case(), &json!({ "house_no": house }));
            text(&first.answer("case.create", &draft)["id"])
        })
        .collect();

    // Printed: the codes stand in what the program answers as they stand on the paper.
    let paper = at("ใบตรวจ.pdf");
    let request = json!({ "area_code": "45090505", "path": paper, "reviewer": "นายบุญมี แก้วมณี" });
    let done = first.answer("tick.print", &request);
    assert_eq!((&done["lines"], &done["pages"]), (&json!(3), &json!(1)));
    assert!(std::fs::read(&paper).unwrap().starts_with(b"%PDF-"));
    let list = first.answer("tick.get", &json!({ "id": done["id"] }));
    let codes: Vec<String> = list["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| text(&entry["code"]))
        .collect();
    sync(&first);
    sync(&second);

    // Keyed back at the other desk: shown first, a wrong code told, then all of it at once.
    let [a, b, c] = [&codes[0], &codes[1], &codes[2]];
    let wrong = json!({ "text": format!("{a} ok, {b}x ไม่พบ") });
    let read = second.answer("tick.read", &wrong);
    assert_eq!((&read["ready"], &read["problems"]), (&json!(1), &json!(1)));
    assert_eq!(read["entries"][1]["problem"], "tick_code_unreadable");
    let refused = second.call("tick.apply", &wrong).ended(1).json();
    assert_eq!(refused["code"], "tick_has_problems");
    let words = refused["message"].as_str().unwrap();
    assert!(words.contains("1 รหัส"), "words in Thai: {words}");
    let typed = json!({ "text": format!("{a} ok, {b} ไม่พบ, {c} เสร็จ") });
    assert_eq!(second.answer("tick.read", &typed)["ready"], 3);
    let acted = second.answer("tick.apply", &typed);
    sync(&second);
    sync(&first);

    let told = |desk: &Desk| -> Vec<Value> {
        cases
            .iter()
            .map(|id| {
                let case = desk.answer("case.get", &json!({ "id": id }));
                let word = &case["reviews"][0];
                json!([
                    case["review_state"],
                    case["state"],
                    word["verdict"],
                    word["reviewer"],
                    word["medium"],
                    word["tick_list"],
                    case["pending"],
                ])
            })
            .collect()
    };
    let number = "ม.5-69-001กต";
    let by = "นายบุญมี แก้วมณี";
    assert_eq!(told(&first), told(&second));
    let words = told(&first);
    let year = words[0][5].as_str().unwrap();
    assert!(
        year.starts_with("ม.5-") && year.len() == number.len(),
        "{year}"
    );
    assert_eq!(
        words[0],
        json!(["confirmed", "open", "confirmed", by, "paper", year, false])
    );
    assert_eq!(words[1][0], "not_found");
    assert_eq!(
        (&words[2][0], &words[2][1]),
        (&json!("confirmed"), &json!("closed"))
    );
    let lists = first.answer("tick.lists", &json!({}));
    assert_eq!(
        (&lists["lists"][0]["answered"], &lists["waiting"]),
        (&json!(3), &json!([]))
    );
    let again = first.answer("tick.read", &typed);
    assert_eq!(
        again["entries"][0]["problem"], "tick_done_already",
        "{again}"
    );

    // Taken back where it was keyed, and everywhere.
    let _ = second.answer("undo.run", &json!({ "act_id": acted["act_id"] }));
    sync(&second);
    sync(&first);
    for (id, word) in cases.iter().zip(told(&second)) {
        let case = first.answer("case.get", &json!({ "id": id }));
        assert_eq!(case["review_state"], "unreviewed");
        assert_eq!(
            (&case["review_state"], &case["state"]),
            (&word[0], &word[1])
        );
    }
    assert_eq!(first.answer("tick.read", &typed)["ready"], 3);
}
