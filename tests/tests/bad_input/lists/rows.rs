//! Rows that are broken, rows that are put right, and the same rows again.

use jitasa_tests::{
    lists::{List, windows_874},
    programs::Desk,
};
use serde_json::{Value, json};

use super::{HEAD, Office, a_row};
use crate::{has_words, total, unchanged};

/// Cells that break a row, the column that is named, and the code of the reason.
type Broken = (
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
);

const BROKEN: &[Broken] = &[
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
