//! Lists from files: a reason per row, all or nothing, the same file once.

use std::{fs, path::PathBuf, process::Stdio};

use jitasa_tests::{
    lists::{List, windows_874},
    programs::{Desk, Said, program},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{has_words, total, unchanged};

struct Office {
    folder: TempDir,
    desk: Desk,
}

impl Office {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::init(&folder.path().join("desk"), "450905");
        Self { folder, desk }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn import(&self, name: &str, bytes: impl AsRef<[u8]>, more: &[&str]) -> Said {
        let path = self.file(name, bytes);
        let mut arguments = vec!["import", "cases", path.to_str().unwrap(), "--json"];
        arguments.extend(more);
        self.desk.run(&arguments)
    }
}

const HEAD: [&str; 12] = [
    "วันที่แจ้ง",
    "ชื่อ",
    "สกุล",
    "เลขประจำตัวประชาชน",
    "โทรศัพท์",
    "หมู่ที่",
    "ตำบล",
    "ความต้องการ",
    "ความเร่งด่วน",
    "จำนวนคน",
    "ละติจูด",
    "ลองจิจูด",
];
const GOOD: [&str; 12] = [
    "5/11/2564",
    "สมหมาย",
    "ใจดี",
    "",
    "",
    "5",
    "โคกสว่าง",
    "ยา",
    "ด่วน",
    "4",
    "16.30",
    "104.20",
];

/// A row that is good but for the named cells.
fn a_row(cells: &[(&str, &str)]) -> String {
    let mut row = GOOD.map(str::to_string);
    for (heading, value) in cells {
        let at = HEAD.iter().position(|head| head == heading).unwrap();
        row[at] = format!("\"{}\"", value.replace('"', "\"\""));
    }
    row.join(",")
}

/// Broken cells, the column that is named, and the code of the reason.
const BROKEN: &[(&[(&str, &str)], &str, &str)] = &[
    (&[("วันที่แจ้ง", "30/02/2564")], "วันที่แจ้ง", "date_impossible"),
    (&[("วันที่แจ้ง", "29/02/2566")], "วันที่แจ้ง", "date_impossible"),
    (&[("วันที่แจ้ง", "31/11/2564")], "วันที่แจ้ง", "date_impossible"),
    (&[("วันที่แจ้ง", "13/13/2564")], "วันที่แจ้ง", "date_impossible"),
    (&[("วันที่แจ้ง", "5/11/2999")], "วันที่แจ้ง", "date_in_future"),
    (&[("วันที่แจ้ง", "เมื่อวานนี้")], "วันที่แจ้ง", "date_unreadable"),
    (&[("วันที่แจ้ง", "พ.ย. 2564")], "วันที่แจ้ง", "date_not_whole"),
    (&[("ชื่อ", "")], "ชื่อ", "name_empty"),
    (&[("ชื่อ", ". \u{200b} .")], "ชื่อ", "name_empty"),
    (
        &[("เลขประจำตัวประชาชน", "110170023070")],
        "เลขประจำตัวประชาชน",
        "id_length",
    ),
    (
        &[("เลขประจำตัวประชาชน", "11017002307081")],
        "เลขประจำตัวประชาชน",
        "id_length",
    ),
    (
        &[("เลขประจำตัวประชาชน", "1.1017E+12")],
        "เลขประจำตัวประชาชน",
        "id_scientific",
    ),
    (
        &[("เลขประจำตัวประชาชน", "บัตรหาย")],
        "เลขประจำตัวประชาชน",
        "id_unreadable",
    ),
    (&[("หมู่ที่", "0")], "หมู่ที่", "moo_unreadable"),
    (&[("หมู่ที่", "ห้า")], "หมู่ที่", "moo_unreadable"),
    (&[("ตำบล", "โคกสหว่าง")], "ตำบล", "subdistrict_unknown"),
    (&[("ตำบล", "990101")], "ตำบล", "subdistrict_unknown"),
    (&[("ตำบล", "450909")], "ตำบล", "area_outside_office"),
    (&[("ความต้องการ", "")], "ความต้องการ", "need_missing"),
    (
        &[("ความต้องการ", "ยา, เรือดำน้ำ")],
        "ความต้องการ",
        "need_unknown",
    ),
    (&[("ความเร่งด่วน", "ด่วนจี๋")], "ความเร่งด่วน", "urgency_unknown"),
    (&[("จำนวนคน", "0")], "จำนวนคน", "people_count_zero"),
    (&[("จำนวนคน", "หลายคน")], "จำนวนคน", "number_unreadable"),
    (&[("จำนวนคน", "99999")], "จำนวนคน", "number_too_large"),
    (
        &[("ละติจูด", "35.68"), ("ลองจิจูด", "139.69")],
        "ละติจูด",
        "coordinate_outside",
    ),
    (
        &[("ละติจูด", "0"), ("ลองจิจูด", "0")],
        "ละติจูด",
        "coordinate_zero",
    ),
    (&[("ลองจิจูด", "")], "ลองจิจูด", "coordinate_incomplete"),
    (&[("ละติจูด", "เหนือ")], "ละติจูด", "coordinate_unreadable"),
];

/// A good row before and after each broken one.
fn a_broken_list() -> String {
    let mut text = HEAD.join(",") + "\n";
    for (cells, ..) in BROKEN {
        text += &format!("{}\n{}\n", a_row(&[]), a_row(cells));
    }
    text
}

#[test]
fn every_broken_row_is_set_aside_with_its_reason_and_nothing_is_stored() {
    let office = Office::open();
    for (name, bytes) in [
        (
            "utf8.csv",
            a_broken_list().replace('\u{200b}', "").into_bytes(),
        ),
        (
            "874.csv",
            windows_874(&a_broken_list().replace('\u{200b}', "")),
        ),
    ] {
        let report = unchanged(&office.desk, || office.import(name, &bytes, &[]))
            .ended(3)
            .json();
        assert_eq!(report["rows"], 2 * BROKEN.len());
        assert_eq!(report["accepted"], BROKEN.len());
        assert_eq!(report["set_aside"], BROKEN.len());
        assert_eq!(
            (&report["stored"], &report["act"]),
            (&json!(false), &Value::Null)
        );
        let problems = report["problems"].as_array().unwrap();
        assert_eq!(problems.len(), BROKEN.len(), "{problems:?}");
        for (index, (problem, (_, column, code))) in problems.iter().zip(BROKEN).enumerate() {
            // Headings are row 1; each broken row follows a good one.
            assert_eq!(problem["row"], 3 + 2 * index, "{problem}");
            assert_eq!(
                (&problem["column"], &problem["code"]),
                (&json!(column), &json!(code))
            );
            let message = problem["message"].as_str().unwrap();
            has_words(code, message);
            assert_eq!(
                message.matches(" · ").count(),
                2,
                "what, where, what to do: {message}"
            );
        }
    }
    assert_eq!(total(&office.desk), 0);
}

#[test]
fn a_dry_run_says_the_same_and_stores_nothing() {
    let office = Office::open();
    let dry = unchanged(&office.desk, || {
        office.import("a.csv", a_broken_list(), &["--dry-run"])
    });
    let real = office.import("a.csv", a_broken_list(), &[]);
    assert_eq!(
        dry.clone().ended(3).json()["problems"],
        real.ended(3).json()["problems"]
    );
    let good = List::made_up("โคกสว่าง", 4, 30).utf8(0);
    let dry = unchanged(&office.desk, || {
        office.import("b.csv", &good, &["--dry-run"])
    })
    .ended(0);
    assert_eq!(
        (&dry.json()["accepted"], &dry.json()["stored"]),
        (&json!(30), &json!(false))
    );
}

#[test]
fn the_good_rows_go_in_when_somebody_says_so_and_the_same_file_adds_nothing() {
    let office = Office::open();
    let report = office
        .import("a.csv", a_broken_list(), &["--accept-valid"])
        .ended(3)
        .json();
    assert_eq!(
        (&report["stored"], &report["accepted"]),
        (&json!(true), &json!(BROKEN.len()))
    );
    assert_eq!(total(&office.desk), BROKEN.len());
    for more in [&["--accept-valid"][..], &[]] {
        let again = unchanged(&office.desk, || {
            office.import("renamed.csv", a_broken_list(), more)
        });
        let again = again.ended(3).json();
        assert_eq!(again["stored"], false);
        assert!(again["imported_before_at"].is_i64(), "{again}");
    }
    assert_eq!(total(&office.desk), BROKEN.len());

    let good = List::made_up("โคกสว่าง", 5, 40).utf8(1);
    assert_eq!(
        office.import("good.csv", &good, &[]).ended(0).json()["stored"],
        true
    );
    let again = unchanged(&office.desk, || office.import("good.csv", &good, &[]))
        .ended(0)
        .json();
    assert_eq!(
        (&again["stored"], again["imported_before_at"].is_i64()),
        (&json!(false), true)
    );
    assert_eq!(total(&office.desk), BROKEN.len() + 40);
    // What a person reads says so as well.
    let path = office.file("good.csv", &good);
    let said = office
        .desk
        .run(&["import", "cases", path.to_str().unwrap()])
        .ended(0);
    assert!(said.out.contains("ไม่มีแถวใหม่ให้บันทึก"), "{said:?}");
}

#[test]
fn what_can_be_put_right_is_put_right_and_said() {
    let office = Office::open();
    let put_right = [
        (
            a_row(&[("ละติจูด", "104.20"), ("ลองจิจูด", "16.30")]),
            "coordinate_swapped",
        ),
        (a_row(&[("โทรศัพท์", "812345678")]), "phone_zero_restored"),
        (
            a_row(&[("โทรศัพท์", "0812345678, 0898765432")]),
            "phone_several",
        ),
        (a_row(&[("โทรศัพท์", "ข้างบ้าน")]), "phone_unreadable"),
        (
            a_row(&[("เลขประจำตัวประชาชน", "1101700230705")]),
            "id_checksum",
        ),
        (
            a_row(&[("เลขประจำตัวประชาชน", "1111111111111")]),
            "id_placeholder",
        ),
    ];
    let rows: Vec<_> = put_right.iter().map(|(row, _)| row.as_str()).collect();
    let text = format!("{}\n{}\n", HEAD.join(","), rows.join("\n"));
    let report = office.import("a.csv", text, &[]).ended(0).json();
    assert_eq!(
        (&report["accepted"], &report["stored"]),
        (&json!(put_right.len()), &json!(true))
    );
    let fixes = report["fixes"].as_array().unwrap();
    for (fix, (_, code)) in fixes.iter().zip(&put_right) {
        assert_eq!(fix["code"], *code);
        has_words(code, fix["message"].as_str().unwrap());
    }
    assert_eq!(fixes.len(), put_right.len());
    let swapped = office
        .desk
        .answer("case.get", &json!({ "id": number(&office.desk, 1) }));
    assert_eq!(
        (&swapped["lat"], &swapped["lon"]),
        (&json!(16.30), &json!(104.20))
    );
    let restored = office
        .desk
        .answer("case.get", &json!({ "id": number(&office.desk, 2) }));
    assert_eq!(restored["person"]["phone"], "081-234-5678");
    let kept = office
        .desk
        .answer("case.get", &json!({ "id": number(&office.desk, 3) }));
    assert!(
        kept["note"].as_str().unwrap().contains("0898765432"),
        "{}",
        kept["note"]
    );
    let doubted = office
        .desk
        .answer("case.get", &json!({ "id": number(&office.desk, 5) }));
    assert_eq!(doubted["person"]["citizen_id_valid"], false);
}

/// The number of the n-th case of a desk, from 1.
fn number(desk: &Desk, n: usize) -> Value {
    let list = desk.answer(
        "case.list",
        &json!({ "filter": { "all_states": true }, "sort": "number", "limit": 500 }),
    );
    let rows = list["rows"].as_array().unwrap();
    rows[rows.len() - n]["number"].clone()
}

#[test]
fn a_file_that_is_no_list_is_refused_whole_with_a_reason() {
    let office = Office::open();
    let list = List::made_up("โคกสว่าง", 6, 20);
    let text = list.csv(0);
    // What Excel shows when a UTF-8 file was opened as Windows-874 and saved again.
    let (spoilt, _) = encoding_rs::WINDOWS_874.decode_without_bom_handling(text.as_bytes());
    let questions: String = text
        .chars()
        .map(|letter| if letter > '\u{7f}' { '?' } else { letter })
        .collect();
    let mut zip = b"PK\x03\x04\x14\0\x06\0".to_vec();
    zip.extend([0; 400]);
    let mut ole = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    ole.extend([0; 400]);
    let files: [(&str, Vec<u8>, &str); 12] = [
        ("empty.csv", Vec::new(), "file_empty"),
        ("blank.csv", b"\r\n \r\n\r\n".to_vec(), "file_empty"),
        ("book.csv", zip, "file_is_workbook"),
        ("old-book.csv", ole, "file_is_workbook"),
        (
            "page.csv",
            b"<!DOCTYPE html><html><body><table><tr><td>1</td></tr></table>".to_vec(),
            "file_is_web_page",
        ),
        (
            "noise.csv",
            (0..4_000_u32)
                .map(|n| n.wrapping_mul(97).to_le_bytes()[0])
                .collect(),
            "file_not_text",
        ),
        (
            "mojibake.csv",
            spoilt.into_owned().into_bytes(),
            "text_garbled",
        ),
        ("questions.csv", questions.into_bytes(), "text_garbled"),
        (
            "no-headings.csv",
            "1,2,3\n4,5,6\n".into(),
            "header_not_found",
        ),
        ("headings-only.csv", HEAD.join(",").into_bytes(), "no_rows"),
        (
            "no-need.csv",
            "ชื่อ,สกุล,หมู่ที่\nสมชาย,ใจดี,5\n".into(),
            "column_missing",
        ),
        (
            "long.csv",
            format!(
                "{}\n{}\n",
                HEAD.join(","),
                a_row(&[("ชื่อ", &"ก".repeat(40_000))])
            )
            .into_bytes(),
            "cell_too_long",
        ),
    ];
    for (name, bytes, code) in files {
        let path = office.file(name, bytes);
        let request = json!({ "kind": "cases", "path": path });
        let refused = unchanged(&office.desk, || office.desk.call("import.run", &request));
        let refused = refused.ended(1).json();
        assert_eq!(refused["code"], code, "{name}: {refused}");
        has_words(code, refused["message"].as_str().unwrap());
        let said = office
            .desk
            .run(&["import", "cases", path.to_str().unwrap(), "--json"])
            .ended(1);
        has_words(code, &said.err);
    }
    let missing = office.folder.path().join("nowhere.csv");
    let refused = office
        .desk
        .call("import.run", &json!({ "kind": "cases", "path": missing }));
    assert_eq!(refused.ended(1).json()["code"], "file_missing");
    let refused = office
        .desk
        .call("import.run", &json!({ "kind": "cats", "path": missing }));
    assert_eq!(refused.ended(1).json()["code"], "import_kind_unknown");
    assert_eq!(total(&office.desk), 0);
}

#[test]
fn a_damaged_row_costs_one_row() {
    let office = Office::open();
    let mut bytes = windows_874(&format!(
        "{}\n{}\n{}\n",
        HEAD.join(","),
        a_row(&[]),
        a_row(&[("ชื่อ", "XX")])
    ));
    let at = bytes.windows(2).position(|two| two == b"XX").unwrap();
    // 0xDB to 0xDE are no letters of Windows-874.
    bytes[at] = 0xDB;
    let report = office.import("a.csv", &bytes, &[]).ended(3).json();
    let [problem] = &report["problems"].as_array().unwrap()[..] else {
        panic!("{report}")
    };
    assert_eq!(
        (&problem["row"], &problem["code"]),
        (&json!(3), &json!("text_damaged"))
    );
    has_words("text_damaged", problem["message"].as_str().unwrap());
}

#[test]
fn a_broken_list_of_villages_says_why_and_changes_nothing() {
    let office = Office::open();
    let head = "รหัสหมู่บ้าน,ชื่อหมู่บ้าน";
    let broken = [
        ("4509050", "เหล่าหม้อ", "village_code_unreadable"),
        ("99010105", "ไม่มีจังหวัด", "village_code_unknown"),
        ("45090905", "ท่าสีดา", "village_code_unknown"),
        ("45090500", "หมู่ศูนย์", "village_code_unreadable"),
        ("45090506", "", "village_name_empty"),
        ("45090501", "ซ้ำแถวแรก", "village_duplicate"),
    ];
    let mut text = format!("{head}\n45090501,โคกสว่าง\n");
    for (code, name, _) in broken {
        text += &format!("{code},{name}\n");
    }
    let path = office.file("villages.csv", &text);
    let arguments = ["import", "villages", path.to_str().unwrap(), "--json"];
    let report = unchanged(&office.desk, || office.desk.run(&arguments))
        .ended(3)
        .json();
    assert_eq!(
        (&report["accepted"], &report["set_aside"]),
        (&json!(1), &json!(broken.len()))
    );
    let problems = report["problems"].as_array().unwrap();
    assert_eq!(problems.len(), broken.len(), "{problems:?}");
    for (index, (problem, (code, _, why))) in problems.iter().zip(broken).enumerate() {
        assert_eq!(
            (&problem["row"], &problem["code"]),
            (&json!(index + 3), &json!(why)),
            "{code}"
        );
        has_words(why, problem["message"].as_str().unwrap());
    }
    assert_eq!(
        office.desk.answer("village.list", &json!({}))["villages"],
        json!([])
    );

    // Once villages are known, a case of a หมู่ that is not among them is set aside.
    let good = office.file(
        "good.csv",
        format!("{head}\n45090501,โคกสว่าง\n45090505,บ้านเหล่าหม้อ\n"),
    );
    let _ = office
        .desk
        .run(&["import", "villages", good.to_str().unwrap()])
        .ended(0);
    let list = format!(
        "{}\n{}\n{}\n",
        HEAD.join(","),
        a_row(&[]),
        a_row(&[("หมู่ที่", "9")])
    );
    let report = office.import("cases.csv", list, &[]).ended(3).json();
    assert_eq!(report["problems"][0]["code"], "village_unknown");
}

#[test]
fn an_import_that_is_killed_is_there_whole_or_not_at_all() {
    let office = Office::open();
    let list = office.file("list.csv", List::made_up("โคกสว่าง", 7, 300).utf8(0));
    let log = office.desk.folder().join("store.db-wal");
    for _ in 0..3 {
        let mut child = std::process::Command::new(program("jitasa"))
            .arg("--data")
            .arg(office.desk.folder())
            .args(["import", "cases", list.to_str().unwrap()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Until it begins to write, or is done.
        let written = || fs::metadata(&log).is_ok_and(|file| file.len() > 0);
        while !written() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        drop(child.kill());
        child.wait().unwrap();
        let held = total(&office.desk).as_i64().unwrap();
        assert!(held == 0 || held == 300, "{held} of 300 cases");
        let report = office.desk.answer("doctor.run", &json!({}));
        assert_eq!(report["ok"], true, "{report}");
    }
    let _ = office
        .desk
        .run(&["import", "cases", list.to_str().unwrap()])
        .ended(0);
    assert_eq!(total(&office.desk), 300);
}
