//! Files that are no lists, damaged ones, lists of villages, and an import that is killed.

use std::{fs, process::Stdio};

use jitasa_tests::{
    lists::{List, windows_874},
    programs::program,
};
use serde_json::json;

use super::{HEAD, Office, a_row};
use crate::{has_words, total, unchanged};

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
        ("45090905", "ตำบลของสำนักงานอื่น", "village_code_unknown"),
        ("45100105", "อำเภออื่น", "village_code_unknown"),
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
