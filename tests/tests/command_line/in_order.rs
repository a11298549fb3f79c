//! The whole of it, in the order in which offices and a province begin.

use std::{fs, path::Path};

use jitasa_tests::{
    line::{Line, Moment},
    lists::List,
    programs::{Desk, one_time_code},
};
use serde_json::{Value, json};

use crate::{every_case, says_the_same, workbook::the_workbook_opens};

fn sync(desk: &Desk) -> Value {
    let receipt = desk.run(&["sync", "--json"]).ended(0).json();
    for name in [
        "sent",
        "new",
        "merged",
        "conflicts",
        "held",
        "received",
        "pending",
    ] {
        assert!(receipt[name].is_i64(), "{name} of {receipt}");
    }
    receipt
}

fn enrol(desk: &Desk, line: &Line, province_folder: &Path, office: &str) {
    let code = one_time_code(province_folder, office);
    let _ = desk
        .run(&["enrol", "--server", &line.url(), "--code", &code])
        .ended(0);
}

#[test]
fn a_list_of_five_hundred_a_referral_a_killed_server_and_a_workbook_in_order() {
    let house = tempfile::tempdir().unwrap();
    let at = |name: &str| house.path().join(name);
    let (capital, log) = (at("province"), at("server.log"));

    // Two desks and one server, on empty folders.
    let first = Desk::init(&at("khok-sawang"), "450905");
    let second = Desk::init(&at("tha-sida"), "450909");
    let line = Line::to_server(&capital, &log);
    enrol(&first, &line, &capital, "450905");
    enrol(&second, &line, &capital, "450909");

    // Five hundred cases into the first.
    let list = List::made_up("โคกสว่าง", 1, 500);
    let file = at("ผู้ประสบภัย.csv");
    fs::write(&file, list.utf8(0)).unwrap();
    let file = file.to_str().unwrap();
    let report = first
        .run(&["import", "cases", file, "--json"])
        .ended(0)
        .json();
    assert_eq!(
        [
            &report["rows"],
            &report["accepted"],
            &report["set_aside"],
            &report["stored"]
        ],
        [&json!(500), &json!(500), &json!(0), &json!(true)],
        "{}",
        report["problems"]
    );
    let cases = every_case(&first);
    assert_eq!(cases.len(), 500);
    for (case, row) in cases.iter().rev().zip(&list.rows) {
        says_the_same(case, row, "450905");
    }

    // Both sync: everything is sent, and the other office gets none of it.
    let receipt = sync(&first);
    assert_eq!(
        (&receipt["new"], &receipt["pending"]),
        (&receipt["sent"], &json!(0))
    );
    assert!(
        receipt["sent"].as_i64().unwrap() > 1_500,
        "cases, people and needs: {receipt}"
    );
    assert_eq!(sync(&second)["received"], 0);
    assert_eq!(every_case(&second).len(), 0);

    a_case_is_referred_and_seen(&first, &second, cases[123]["id"].as_str().unwrap());

    // Syncing again sends nothing.
    for desk in [&first, &second] {
        let receipt = sync(desk);
        assert_eq!(
            [&receipt["sent"], &receipt["received"]],
            [&json!(0), &json!(0)],
            "{receipt}"
        );
    }

    the_server_is_killed_in_the_middle(&second, &line, &at("tha-sida.csv"));

    // A fresh desk of the same office is told exactly what the second has: nothing lost or doubled.
    let fresh = Desk::init(&at("tha-sida-again"), "450909");
    enrol(&fresh, &line, &capital, "450909");
    assert_eq!(sync(&fresh)["sent"], 0);
    let told = all_pages(&fresh);
    assert_eq!(told, all_pages(&second));
    assert_eq!(
        told.len(),
        501,
        "five hundred of its own and the one that was referred"
    );
    assert_eq!(history_of_all(&fresh), history_of_all(&second));

    // The first was told of nothing that is not its own.
    assert_eq!(sync(&first)["received"], 0);
    assert_eq!(every_case(&first).len(), 500);

    the_workbook_opens(&first, &list, &at("report.xlsx"));

    // What the server logs names nobody.
    let log = fs::read_to_string(&log).unwrap();
    for row in &list.rows {
        assert!(
            !log.contains(row.family) && !log.contains(row.given),
            "a name is in the log"
        );
        assert!(
            row.phone.is_empty() || !log.contains(&row.phone),
            "a telephone is in the log"
        );
    }
}

fn a_case_is_referred_and_seen(first: &Desk, second: &Desk, id: &str) {
    let by_id = json!({ "id": id });
    let refused = second.call("case.get", &by_id).ended(1).json();
    assert_eq!(refused["code"], "not_found");

    let refer = json!({ "id": id, "office_code": "450909", "note": "ขอรถยกสูงหนึ่งคัน" });
    let _ = first.answer("case.refer", &refer);
    assert_eq!(first.answer("case.get", &by_id)["pending"], true);
    assert_eq!(sync(first)["sent"], 1);
    let receipt = sync(second);
    assert!(
        receipt["received"].as_i64().unwrap() >= 3,
        "case, person and needs: {receipt}"
    );

    let ours = first.answer("case.get", &by_id);
    let theirs = second.answer("case.get", &by_id);
    assert_eq!(theirs["referred_to"], "450909");
    assert_eq!(theirs["office_code"], "450905");
    assert_eq!(theirs["pending"], false);
    for part in [
        "number",
        "person",
        "needs",
        "urgency",
        "referral_note",
        "lat",
        "lon",
        "note",
    ] {
        assert_eq!(ours[part], theirs[part], "{part}");
    }
    assert!(!theirs["person"]["given_name"].as_str().unwrap().is_empty());
    assert!(!theirs["needs"].as_array().unwrap().is_empty());
    // Who did what last to each of its records, as the first office's desk has it.
    let did = |case: &Value| -> Vec<String> {
        let lines = case["history"].as_array().unwrap();
        lines
            .iter()
            .map(|line| format!("{} {} {}", line["action"], line["entity"], line["actor"]))
            .collect()
    };
    let (ours, theirs) = (did(&ours), did(&theirs));
    assert!(
        theirs.iter().all(|line| ours.contains(line)),
        "{theirs:?} of {ours:?}"
    );
    for line in [
        "\"case_refer\" \"case\"",
        "\"cases_import\" \"person\"",
        "\"cases_import\" \"need\"",
    ] {
        assert!(
            theirs.iter().any(|known| known.starts_with(line)),
            "{line} in {theirs:?}"
        );
    }
}

/// The second desk sends five hundred cases over a server that dies at every moment there is.
fn the_server_is_killed_in_the_middle(desk: &Desk, line: &Line, file: &Path) {
    let list = List::made_up("ท่าสีดา", 2, 500);
    fs::write(file, list.windows_874(3)).unwrap();
    let report = desk
        .run(&["import", "cases", file.to_str().unwrap(), "--json"])
        .ended(0)
        .json();
    assert_eq!(
        (&report["accepted"], &report["encoding"]),
        (&json!(500), &json!("Windows-874"))
    );
    let pending = |desk: &Desk| {
        desk.answer("sync.status", &json!({}))["pending"]
            .as_i64()
            .unwrap()
    };
    let all = pending(desk);
    let mut before = all;
    for moment in [
        Moment::InRequest(1),
        Moment::OnAnswer(1),
        Moment::OnWrite(2),
        Moment::InAnswer(1),
        Moment::OnRequest(2),
        Moment::OnWrite(1),
        Moment::InRequest(3),
        Moment::OnAnswer(2),
    ] {
        line.kill_at(moment);
        let said = desk.run(&["sync", "--json"]).ended(1);
        assert!(said.err.contains("จังหวัด"), "a reason in Thai: {said:?}");
        assert!(line.start_again(), "the server was killed at {moment:?}");
        let now = pending(desk);
        assert!(
            0 < now && now <= before,
            "{moment:?}: {now} of {before} wait"
        );
        before = now;
    }
    assert!(
        before < all,
        "between the kills some of it was acknowledged"
    );
    let receipt = sync(desk);
    assert_eq!(receipt["pending"], 0, "{receipt}");
    assert_eq!(
        [&receipt["conflicts"], &receipt["held"]],
        [&json!(0), &json!(0)],
        "{receipt}"
    );
    let again = sync(desk);
    assert_eq!(
        [&again["sent"], &again["received"]],
        [&json!(0), &json!(0)],
        "{again}"
    );
    let own: Vec<_> = all_pages(desk)
        .into_iter()
        .filter(|case| case["office_code"] == "450909")
        .collect();
    assert_eq!(own.len(), 500);
    for (case, row) in own.iter().rev().zip(&list.rows) {
        says_the_same(case, row, "450909");
    }
}

/// Every case of a desk, page after page, without what goes on with the clock between two desks' answers.
fn all_pages(desk: &Desk) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut after = Value::Null;
    loop {
        let request = json!({
            "filter": { "all_states": true }, "sort": "number", "limit": 200, "after": after,
        });
        let page = desk.answer("case.list", &request);
        for row in page["rows"].as_array().unwrap() {
            let mut row = row.clone();
            for goes_on in ["waiting_min", "score", "overdue_days"] {
                let _ = row.as_object_mut().unwrap().remove(goes_on);
            }
            rows.push(row);
        }
        after = page["next"].clone();
        if after.is_null() {
            assert_eq!(page["total"], json!(rows.len()));
            return rows;
        }
    }
}

/// How many lines of history some cases have: a change that was applied twice would show.
fn history_of_all(desk: &Desk) -> Vec<(Value, usize)> {
    let cases = all_pages(desk);
    let some = cases.iter().step_by(25);
    some.map(|case| {
        let whole = desk.answer("case.get", &json!({ "id": case["id"] }));
        (
            case["number"].clone(),
            whole["history"].as_array().unwrap().len(),
        )
    })
    .collect()
}
