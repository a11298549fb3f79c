//! The programs in order, as an office's IT officer would type them: two desks, one server, a list of
//! five hundred, a case that is referred, a server that is killed, a workbook that others open.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use std::{fs, path::Path};

use jitasa_tests::{
    line::{Line, Moment},
    lists::{HEADING_SETS, List, Row},
    programs::{Desk, Said, jitasa, one_time_code, province},
};
use jitasa_thai::phone;
use serde_json::{Value, json};

const EVERY_CASE: &str = r#"{"filter":{"all_states":true},"sort":"number","limit":500}"#;

/// Every case of a desk that has at most five hundred, latest number first.
fn every_case(desk: &Desk) -> Vec<Value> {
    let list = desk.run(&["call", "case.list", EVERY_CASE]).ended(0).json();
    let rows = list["rows"].as_array().unwrap().clone();
    assert_eq!(
        list["total"],
        json!(rows.len()),
        "the count is the count of the rows"
    );
    rows
}

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

/// A row of the list of cases says what the row of the file said.
fn says_the_same(case: &Value, row: &Row, office: &str) {
    let phone = (!row.phone.is_empty()).then(|| phone::format(&row.phone));
    let needs: Vec<_> = row.needs.iter().map(|(_, code)| *code).collect();
    let kinds: Vec<_> = case["needs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|need| &need["kind"])
        .collect();
    assert_eq!(
        case["name"],
        format!("{}{} {}", row.title, row.given, row.family)
    );
    assert_eq!(case["phone"], json!(phone), "{case}");
    assert_eq!(case["house_no"], row.house_no);
    assert_eq!(case["area_code"], format!("{office}{:02}", row.moo));
    assert_eq!(kinds, needs, "{case}");
    assert_eq!(case["urgency"], row.urgency.1);
    assert_eq!(case["people_count"], row.people_count);
    assert_eq!(case["has_place"], row.point.is_some());
    let midnight = row.reported_on.at(0, 0, 0, 0);
    assert_eq!(
        case["reported_at"],
        jitasa_domain::Timestamp::from_bangkok(midnight).0
    );
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
    // Who did what: the import and the referral, as the first office's desk has them.
    let actions = |case: &Value| -> Vec<Value> {
        let lines = case["history"].as_array().unwrap();
        lines
            .iter()
            .map(|line| json!([line["action"], line["entity"], line["actor"]]))
            .collect()
    };
    assert!(!actions(&theirs).is_empty(), "the history came along");
    assert_eq!(sorted(actions(&ours)), sorted(actions(&theirs)));
}

fn sorted(mut values: Vec<Value>) -> Vec<String> {
    values.sort_by_key(ToString::to_string);
    values.iter().map(ToString::to_string).collect()
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
        (&json!(500), &json!("windows-874"))
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

/// Every case of a desk, page after page, without what only the screens of that desk show.
fn all_pages(desk: &Desk) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut after = Value::Null;
    loop {
        let request = json!({
            "filter": { "all_states": true }, "sort": "number", "limit": 200, "after": after,
        });
        let page = desk.answer("case.list", &request);
        rows.extend(page["rows"].as_array().unwrap().iter().cloned());
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

/// What openpyxl makes of a workbook, as JSON.
const READ_WORKBOOK: &str = r#"
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
def cell(c):
    value = c.value.isoformat() if c.is_date and c.value is not None else c.value
    return [c.data_type, value, c.number_format, bool(c.is_date), c.font.name]
print(json.dumps({
    "names": book.sheetnames,
    "sheets": [{
        "rows": [[cell(c) for c in row] for row in sheet.iter_rows()],
        "hidden": sorted(k for k, d in sheet.column_dimensions.items() if d.hidden),
        "titles": sheet.print_title_rows,
        "paper": sheet.page_setup.paperSize,
        "width": sheet.max_column,
    } for sheet in book.worksheets],
}))
"#;

/// The first Python that has openpyxl.
fn python_with_openpyxl() -> Option<&'static str> {
    ["python3", "/usr/bin/python3"].into_iter().find(|python| {
        let mut ask = std::process::Command::new(python);
        ask.args(["-c", "import openpyxl"])
            .stderr(std::process::Stdio::null());
        ask.status().is_ok_and(|status| status.success())
    })
}

fn the_workbook_opens(desk: &Desk, list: &List, out: &Path) {
    let path = out.to_str().unwrap();
    let refused = desk.run(&["export", "cases", "--out", path, "--unmasked"]);
    assert_eq!(
        refused.code, 2,
        "whole ids leave the office only with a reason: {refused:?}"
    );
    assert!(!out.exists());
    let _ = desk
        .run(&[
            "export",
            "cases",
            "--out",
            path,
            "--unmasked",
            "--reason",
            "ส่งจังหวัดเบิกถุงยังชีพ",
        ])
        .ended(0);
    match python_with_openpyxl() {
        Some(python) => openpyxl_reads(python, list, path),
        None => println!("skipped: no python3 with openpyxl (Debian: python3-openpyxl)"),
    }
    libreoffice_reads(list, out);
}

fn openpyxl_reads(python: &str, list: &List, path: &str) {
    let read = std::process::Command::new(python)
        .args(["-c", READ_WORKBOOK, path])
        .output()
        .unwrap();
    assert!(
        read.status.success(),
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
    let book: Value = serde_json::from_slice(&read.stdout).unwrap();
    assert_eq!(book["names"], json!(["แบบพิมพ์", "ข้อมูล"]));

    // The form: title lines, a header that repeats, five hundred rows, A4, the official face.
    let form = &book["sheets"][0];
    assert_eq!(
        (&form["paper"], form["titles"].is_string()),
        (&json!(9), true),
        "{}",
        form["titles"]
    );
    let rows = form["rows"].as_array().unwrap();
    assert!(rows[0][0][1].as_str().unwrap().contains("บัญชีรายชื่อ"));
    assert!(
        rows.iter()
            .take(4)
            .any(|row| row[0][1].as_str().is_some_and(|text| text.contains("พ.ศ.")))
    );
    assert!(
        rows[0][0][4].as_str().unwrap().contains("Sarabun"),
        "{}",
        rows[0][0]
    );
    let numbered = rows
        .iter()
        .filter(|row| row[0][0] == "n" && row[0][1].is_i64())
        .count();
    assert_eq!(numbered, 500);

    // The data: one header row, then one row a case.
    let data = &book["sheets"][1];
    let rows = data["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 501);
    let column = |name: &str| {
        let head = rows[0].as_array().unwrap();
        head.iter()
            .position(|cell| cell[1] == name)
            .unwrap_or_else(|| panic!("no column {name}"))
    };
    let (number, given, family) = (column("เลขที่เรื่อง"), column("ชื่อ"), column("สกุล"));
    let (day, id, phone) = (
        column("วันที่แจ้ง"),
        column("เลขประจำตัวประชาชน"),
        column("โทรศัพท์"),
    );
    let (people, lat, note) = (column("จำนวนคน"), column("ละติจูด"), column("หมายเหตุ"));
    let hidden = column("รหัสระบบ");
    let letters = [
        "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P",
    ];
    let more = ["Q", "R", "S", "T", "U", "V", "W"];
    let letter = letters.iter().chain(&more).nth(hidden).unwrap();
    assert_eq!(
        data["hidden"],
        json!([letter]),
        "the column of ids is hidden, and no other"
    );

    let mut formulas = 0;
    for wanted in &list.rows {
        let row = rows
            .iter()
            .find(|row| row[given][1] == wanted.given && row[family][1] == wanted.family)
            .unwrap();
        assert_eq!(row[number][0], "s");
        assert_eq!(row[day][3], true, "a real date: {}", row[day]);
        assert!(
            row[day][1]
                .as_str()
                .unwrap()
                .starts_with(&wanted.reported_on.to_string())
        );
        let format = row[day][2].as_str().unwrap();
        assert!(
            format.contains("07041E") || format.contains('b'),
            "a B.E. format: {format}"
        );
        let text = |at: usize, wanted: &str| match wanted {
            "" => assert!(row[at][1].is_null(), "{}", row[at]),
            _ => assert_eq!((&row[at][0], &row[at][1]), (&json!("s"), &json!(wanted))),
        };
        text(id, &wanted.citizen_id);
        text(phone, &wanted.phone);
        text(note, wanted.note);
        formulas += usize::from(wanted.note.starts_with('='));
        assert_eq!(
            (&row[people][0], &row[people][1]),
            (&json!("n"), &json!(wanted.people_count))
        );
        let wanted_lat = wanted
            .point
            .as_ref()
            .map(|(lat, _)| lat.parse::<f64>().unwrap());
        assert_eq!(row[lat][1].as_f64(), wanted_lat);
        assert_eq!(row[hidden][1].as_str().unwrap().len(), 36);
    }
    assert!(
        formulas > 50,
        "the list held {formulas} notes that begin with ="
    );
    let any_formula = rows
        .iter()
        .any(|row| row.as_array().unwrap().iter().any(|cell| cell[0] == "f"));
    assert!(!any_formula, "nothing in the workbook is a formula");
}

/// LibreOffice opens it and writes each sheet as CSV.
fn libreoffice_reads(list: &List, book: &Path) {
    let folder = book.parent().unwrap().join("libreoffice");
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.join("profile").display()
    );
    // Comma, quote, UTF-8, from line 1, as formatted, every sheet to a file of its own.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
    let run = std::process::Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", filter, "--outdir"])
        .arg(&folder)
        .arg(book)
        .output();
    let Ok(run) = run else {
        println!("skipped: no soffice (Debian: libreoffice-calc)");
        return;
    };
    assert!(run.status.success(), "{run:?}");
    let text = fs::read_to_string(folder.join("report-ข้อมูล.csv")).unwrap_or_else(|error| {
        let files: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .flatten()
            .map(|f| f.file_name())
            .collect();
        panic!("{error}: {files:?} {run:?}")
    });
    let records: Vec<&str> = text.lines().collect();
    assert_eq!(records.len(), 501);
    for row in &list.rows {
        let line = records
            .iter()
            .find(|line| line.contains(&format!(",{},{},", row.given, row.family)))
            .unwrap_or_else(|| panic!("{} is not in LibreOffice's rows", row.given));
        assert!(
            line.contains(&row.citizen_id) && line.contains(&row.phone),
            "{line}"
        );
        // LibreOffice shows the date cell in B.E. by the format of the cell.
        let year = jitasa_thai::date::buddhist_year(row.reported_on).to_string();
        assert!(line.split(',').nth(2).unwrap().contains(&year), "{line}");
    }
    assert!(
        text.contains("=HYPERLINK"),
        "what begins with = is still that text"
    );
}

#[test]
fn every_heading_of_an_office_is_understood_in_both_encodings() {
    let folder = tempfile::tempdir().unwrap();
    let list = List::made_up("โคกสว่าง", 3, 12);
    for set in 0..HEADING_SETS {
        for (name, bytes) in [
            ("utf-8", list.utf8(set)),
            ("windows-874", list.windows_874(set)),
        ] {
            let desk = Desk::init(&folder.path().join(format!("{name}-{set}")), "450905");
            let file = folder.path().join(format!("{name}-{set}.csv"));
            fs::write(&file, bytes).unwrap();
            let report = desk
                .run(&["import", "cases", file.to_str().unwrap(), "--json"])
                .ended(0)
                .json();
            assert_eq!(report["accepted"], 12, "{name}, headings {set}: {report}");
            assert_eq!(report["encoding"], name);
            let unknown: Vec<_> = report["columns"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|column| column["field"].is_null())
                .map(|column| column["heading"].as_str().unwrap())
                .collect();
            // A running number says nothing about a case.
            assert!(unknown.len() <= 1, "{name}, headings {set}: {unknown:?}");
            for (case, row) in every_case(&desk).iter().rev().zip(&list.rows) {
                says_the_same(case, row, "450905");
            }
        }
    }
}

#[test]
fn the_help_of_every_subcommand_is_complete() {
    let help = jitasa(&["--help"]).ended(0).out;
    for subcommand in [
        "init", "call", "import", "export", "enrol", "sync", "doctor",
    ] {
        let line = help
            .lines()
            .find(|line| line.trim_start().starts_with(subcommand))
            .unwrap();
        assert!(
            line.trim().len() > subcommand.len() + 10,
            "says what it does: {line}"
        );
        let own = jitasa(&[subcommand, "--help"]).ended(0).out;
        assert!(
            own.contains(&format!("Usage: jitasa {subcommand}")),
            "{own}"
        );
        assert!(own.contains("--data"), "{own}");
        every_argument_is_explained(&own);
        assert!(!jitasa(&[subcommand, "--version"]).ended(0).out.is_empty());
    }
    for code in 0..4 {
        assert!(
            help.contains(&format!("\n  {code}  ")),
            "exit code {code} is explained"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    for subcommand in ["serve", "enrol", "offices", "revoke"] {
        let own = province(folder.path(), &[subcommand, "--help"])
            .ended(0)
            .out;
        every_argument_is_explained(&own);
    }
}

/// Each option and argument of a help text is followed by words about it.
fn every_argument_is_explained(help: &str) {
    let lines: Vec<&str> = help.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let names = ["--", "-h", "-V", "<", "["]
            .iter()
            .any(|start| trimmed.starts_with(start));
        if !line.starts_with("  ")
            || !names
            || trimmed.starts_with("[env")
            || trimmed.starts_with("[default")
        {
            continue;
        }
        let beside = trimmed.split_once("  ").map(|(_, words)| words.trim());
        let below = lines.get(at + 1).map(|next| next.trim());
        let words = beside
            .filter(|words| !words.is_empty())
            .or(below)
            .unwrap_or_default();
        assert!(words.len() > 5, "{trimmed} is not explained in:\n{help}");
    }
}

#[test]
fn the_commands_are_listed_with_what_each_does() {
    let list = jitasa(&["call", "--list"]).ended(0).out;
    assert_eq!(list.lines().count(), jitasa_app::COMMANDS.len());
    for (line, command) in list.lines().zip(jitasa_app::COMMANDS) {
        assert!(
            line.starts_with(command.name) && line.ends_with(command.doc.trim()),
            "{line}"
        );
    }
}

#[test]
fn the_exit_code_says_how_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::at(&folder.path().join("desk"));
    let json_refusal = |said: Said, code: &str| {
        let refusal = said.ended(1).json();
        assert_eq!(refusal["code"], code, "{refusal}");
        assert!(is_thai(refusal["message"].as_str().unwrap()), "{refusal}");
        assert!(refusal["details"].is_object(), "{refusal}");
    };

    // 2: not understood. Nothing has been made by asking.
    for wrong in [
        &[][..],
        &["init"],
        &["fly"],
        &["import", "cats", "a.csv"],
        &["export", "cases"],
    ] {
        let said = desk.run(wrong).ended(2);
        assert!(said.out.is_empty() && !said.err.is_empty(), "{said:?}");
    }
    assert_eq!(jitasa(&["doctor"]).code, 2, "a desk must be named");
    assert_eq!(desk.run(&["call", "case.list", "{not json"]).code, 2);
    assert!(!folder.path().join("desk").join("store.db").exists());

    // 1: refused, with a code and a reason in Thai.
    json_refusal(desk.call("case.list", &json!({})), "not_set_up");
    assert!(is_thai(&desk.run(&["sync"]).ended(1).err));

    // 0: done.
    let _ = desk
        .run(&["init", "--office", "450905", "--name", "อบต.โคกสว่าง"])
        .ended(0);
    assert_eq!(
        desk.answer("status.get", &json!({}))["office"]["name"],
        "อบต.โคกสว่าง"
    );
    assert!(
        is_thai(&desk.run(&["init", "--office", "450905"]).ended(1).err),
        "an office is there"
    );
    json_refusal(desk.call("case.fly", &json!({})), "command_unknown");
    json_refusal(
        desk.call("case.get", &json!({ "id": "450905-69-99999" })),
        "not_found",
    );
    json_refusal(
        desk.call("case.list", &json!({ "limt": 5 })),
        "request_unreadable",
    );
    json_refusal(desk.call("sync.now", &json!({})), "sync_not_enrolled");
    assert!(is_thai(
        &desk.run(&["import", "cases", "nowhere.csv"]).ended(1).err
    ));
    let _ = desk.run(&["doctor"]).ended(0);

    // 3: done, and somebody must look.
    let file = folder.path().join("list.csv");
    fs::write(&file, "ชื่อ,หมู่ที่,ความต้องการ\nสมชาย,5,ยา\n,5,ยา\n").unwrap();
    let said = desk
        .run(&["import", "cases", file.to_str().unwrap()])
        .ended(3);
    assert!(said.out.contains("แถวที่ 3"), "{said:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let key = desk.folder().join("store.key");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        let report = desk.run(&["doctor", "--json"]).ended(3).json();
        assert!(
            report.to_string().contains("key_readable_by_others"),
            "{report}"
        );
    }
}

fn is_thai(text: &str) -> bool {
    text.chars()
        .any(|letter| ('\u{0E01}'..='\u{0E5B}').contains(&letter))
}
