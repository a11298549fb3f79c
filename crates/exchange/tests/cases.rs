//! Rows of offices' sheets to cases: what is accepted, put right, or set aside and why.
#![allow(clippy::unwrap_used)]

use jiff::civil::{Time, date};
use jitasa_exchange::cases::{self, CaseRow, CaseRules, CasesReading, NeedWords, Reported};
use jitasa_exchange::csv_out::CsvWriter;
use jitasa_exchange::headings::{CASE_FIELDS, Field};
use jitasa_exchange::{AreaProblem, Cell, Severity, Table, TableError};
use proptest::prelude::*;

fn needs() -> Vec<NeedWords> {
    let kind = |code: &str, words: &[&str]| NeedWords {
        code: code.into(),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    vec![
        kind("food_water", &["อาหารและน้ำ", "อาหาร", "น้ำดื่ม", "ข้าวสาร"]),
        kind("medicine", &["ยา", "ยารักษาโรค"]),
        kind("bed", &["เตียง/โรงพยาบาลสนาม", "เตียง"]),
    ]
}

/// โคกสว่าง has ten หมู่; there are two หนองพอก; ท่าสีดา is another office's.
fn resolve(subdistrict: &str, moo: Option<u8>) -> Result<String, AreaProblem> {
    match (subdistrict, moo) {
        ("โคกสว่าง" | "450905" | "", Some(moo @ 1..=10)) => {
            Ok(format!("450905{moo:02}"))
        }
        ("โคกสว่าง" | "450905", None) => Ok("450905".to_owned()),
        ("โคกสว่าง" | "450905" | "", Some(_)) => Err(AreaProblem::VillageUnknown),
        ("หนองพอก", _) => Err(AreaProblem::SubdistrictAmbiguous),
        ("ท่าสีดา", _) => Err(AreaProblem::OutsideOffice),
        ("", None) => Err(AreaProblem::NotEnough),
        _ => Err(AreaProblem::SubdistrictUnknown),
    }
}

fn try_read(text: &str) -> Result<CasesReading, TableError> {
    let need_kinds = needs();
    let today = date(2026, 11, 22);
    let rules = CaseRules {
        today,
        need_kinds: &need_kinds,
        resolve_area: &resolve,
    };
    cases::read(&Table::read(text.as_bytes())?, &rules)
}

fn read(text: &str) -> CasesReading {
    let reading = try_read(text).unwrap();
    for problem in &reading.problems {
        // Every code has its own words, and the words say what to do.
        assert!(!problem.message.starts_with("ข้อมูลไม่ถูกต้อง"), "{problem:?}");
        assert_eq!(problem.message.matches(" · ").count(), 2, "{problem:?}");
    }
    reading
}

const HEAD: &str = "ชื่อ,สกุล,เลขประจำตัวประชาชน,โทรศัพท์,หมู่ที่,ตำบล,ความต้องการ";

/// One row of a small sheet in which only the named column is changed.
fn with(column: &str, value: &str) -> CasesReading {
    let mut cells = vec![
        ("วันที่แจ้ง", "20/11/2569"),
        ("ชื่อ", "สมหมาย"),
        ("สกุล", "ใจดี"),
        ("เลขประจำตัวประชาชน", ""),
        ("โทรศัพท์", ""),
        ("หมู่ที่", "5"),
        ("ตำบล", "โคกสว่าง"),
        ("ความต้องการ", "ยา"),
        ("ความเร่งด่วน", ""),
        ("จำนวนคน", ""),
        ("ละติจูด", ""),
        ("ลองจิจูด", ""),
    ];
    let quoted = format!("\"{}\"", value.replace('"', "\"\""));
    match cells.iter_mut().find(|(heading, _)| *heading == column) {
        Some(cell) => cell.1 = &quoted,
        None => cells.push((column, &quoted)),
    }
    let line =
        |part: fn(&(&str, &str)) -> String| cells.iter().map(part).collect::<Vec<_>>().join(",");
    let head = line(|cell| cell.0.to_owned());
    read(&format!("{head}\n{}\n", line(|cell| cell.1.to_owned())))
}

#[track_caller]
fn accepted(column: &str, value: &str) -> CaseRow {
    let reading = with(column, value);
    assert!(
        reading.set_aside.is_empty(),
        "{value}: {:?}",
        reading.problems
    );
    reading.rows.into_iter().next().unwrap()
}

/// Code of the only problem of a row that is set aside.
#[track_caller]
fn refused(column: &str, value: &str) -> &'static str {
    let reading = with(column, value);
    assert_eq!(
        (reading.rows.len(), &reading.set_aside[..]),
        (0, &[2][..]),
        "{value}"
    );
    let [problem] = &reading.problems[..] else {
        panic!("{value}: {:?}", reading.problems)
    };
    assert_eq!((problem.row, problem.severity), (2, Severity::Error));
    problem.code
}

#[track_caller]
fn fixed(column: &str, value: &str) -> (CaseRow, &'static str) {
    let reading = with(column, value);
    let [problem] = &reading.problems[..] else {
        panic!("{value}: {:?}", reading.problems)
    };
    assert_eq!(problem.severity, Severity::Warning);
    let row = reading.rows.into_iter().next().unwrap();
    assert_eq!((row.fixes[0].code, row.fixes.len()), (problem.code, 1));
    (row, problem.code)
}

#[test]
fn a_sheet_under_the_official_headings_is_read_whole() {
    let reading = read(
        "ลำดับ,วันที่แจ้ง,คำนำหน้า,ชื่อ,สกุล,เลขประจำตัวประชาชน,โทรศัพท์,บ้านเลขที่,หมู่ที่,ตำบล,ความต้องการ,ความเร่งด่วน,จำนวนคน,ละติจูด,ลองจิจูด,หมายเหตุ\n\
         ๑,๒๐ พ.ย. ๖๙,น.ส.,สมหมาย,ใจดี,1-1017-00230-70-8,081-234-5678,๕/๑๑,๕,ต.โคกสว่าง,\"อาหาร, ยา\",ด่วนมาก,๔,16.268,104.275,น้ำท่วมถึงชั้นสอง\n",
    );
    assert_eq!(
        (reading.total, reading.problems.len()),
        (1, 0),
        "{:?}",
        reading.problems
    );
    let row = &reading.rows[0];
    assert_eq!(
        row.reported,
        Some(Reported {
            date: date(2026, 11, 20),
            time: None
        })
    );
    assert_eq!(
        [&*row.title, &*row.given, &*row.family],
        ["นางสาว", "สมหมาย", "ใจดี"]
    );
    let id = row.citizen_id.as_ref().unwrap();
    assert_eq!(
        (id.digits.as_str(), id.checksum_ok),
        ("1101700230708", true)
    );
    assert_eq!((&*row.phone, &*row.house_no), ("0812345678", "5/11"));
    assert_eq!(
        (row.moo, &*row.subdistrict, &*row.area_code),
        (Some(5), "โคกสว่าง", "45090505")
    );
    assert_eq!(
        (&row.needs[..], row.urgency),
        (
            &["food_water".to_owned(), "medicine".to_owned()][..],
            "very_urgent"
        )
    );
    assert_eq!((row.people_count, row.point), (4, Some((16.268, 104.275))));
    assert_eq!(row.note, "น้ำท่วมถึงชั้นสอง");
    let bound = |field| {
        reading
            .columns
            .iter()
            .filter(|column| column.field == Some(field))
            .count()
    };
    assert_eq!(bound(Field::Sequence), 0);
    assert_eq!(bound(Field::Needs), 1);
    assert_eq!(reading.columns.len(), 16);
}

#[test]
fn a_messy_register_is_read_under_its_own_words() {
    let reading = read(
        "บัญชีผู้ประสบภัย,,,,,,\nที่,ชื่อ - นามสกุล,เลข ปชช.,เบอร์โทร.,ม.,สิ่งที่ต้องการ,พิกัด\n\
         1,นายสมชาย  ใจดี,,,หมู่ 5,ยา,\"16.268, 104.275\"\n\
         ที่,ชื่อ - นามสกุล,เลข ปชช.,เบอร์โทร.,ม.,สิ่งที่ต้องการ,พิกัด\n\
         2,ด.ญ.แก้ว งามตา,,,๗,อาหาร,-\n\
         รวม 2 ราย,,,,,,\n,,,ลงชื่อ............,,,\n,,,( นายใหญ่ โต ),,,\n",
    );
    assert_eq!(reading.problems, []);
    assert_eq!(
        reading.rows.iter().map(|row| row.row).collect::<Vec<_>>(),
        [3, 5]
    );
    assert_eq!(reading.skipped, [4, 6, 7, 8]);
    assert_eq!((reading.total, &*reading.rows[0].title), (2, "นาย"));
    assert_eq!(reading.rows[0].point, Some((16.268, 104.275)));
    assert_eq!(
        (&*reading.rows[1].title, &*reading.rows[1].given),
        ("เด็กหญิง", "แก้ว")
    );
    assert_eq!(reading.rows[1].area_code, "45090507");
}

#[test]
fn a_missing_column_refuses_the_file_by_its_name() {
    let refused = try_read("ชื่อ,สกุล,เลขประจำตัวประชาชน\nก,ข,\n").unwrap_err();
    assert_eq!(refused.code(), "column_missing");
    let columns = ["ความต้องการ", "หมู่ที่ หรือ ตำบล"].map(str::to_owned).to_vec();
    assert_eq!(refused, TableError::ColumnMissing { columns });
    assert!(
        refused
            .message()
            .starts_with("ไม่พบหัวตาราง “ความต้องการ”, “หมู่ที่ หรือ ตำบล” · ")
    );
    let refused = try_read("ตำบล,ความต้องการ\nโคกสว่าง,ยา\n").unwrap_err();
    assert!(refused.message().contains("ชื่อ หรือ ชื่อ-สกุล"));
}

#[test]
fn two_columns_of_one_kind_must_agree() {
    let text = "ชื่อ,สกุล,โทรศัพท์,เบอร์โทร,หมู่ที่,ความต้องการ\n\
                ก,ข,0812345678,,5,ยา\nค,ง,0812345678,0812345678,5,ยา\nจ,ฉ,0812345678,0898765432,5,ยา\n";
    let reading = read(text);
    let codes: Vec<_> = reading
        .problems
        .iter()
        .map(|p| (p.row, p.code, &*p.column))
        .collect();
    assert_eq!(
        codes,
        [
            (1, "heading_duplicate", "เบอร์โทร"),
            (4, "value_conflict", "โทรศัพท์")
        ]
    );
    assert_eq!(reading.set_aside, [4]);
}

#[test]
fn dates_are_read_by_one_rule_or_set_aside() {
    let day = |value: &str| {
        accepted("วันที่แจ้ง", value)
            .reported
            .map(|reported| reported.date)
    };
    for value in [
        "5/11/2569",
        "5/11/69",
        "๕ พ.ย. ๖๙",
        "2026-11-05",
        "2569-11-05",
        "5 พฤศจิกายน 2569",
    ] {
        assert_eq!(day(value), Some(date(2026, 11, 5)), "{value}");
    }
    assert_eq!(day("-"), None);
    let at = accepted("วันที่แจ้ง", "2026-11-05 14:30")
        .reported
        .unwrap()
        .time;
    assert_eq!(at, Time::new(14, 30, 0, 0).ok());
    assert_eq!(accepted("เวลา", "14.30 น.").reported.unwrap().time, at);

    assert_eq!(refused("วันที่แจ้ง", "31/11/2569"), "date_impossible");
    assert_eq!(refused("วันที่แจ้ง", "13/13/2569"), "date_impossible");
    assert_eq!(refused("วันที่แจ้ง", "เมื่อวาน"), "date_unreadable");
    assert_eq!(refused("วันที่แจ้ง", "23/11/2569"), "date_in_future");
    assert_eq!(refused("วันที่แจ้ง", "พ.ย. 2569"), "date_not_whole");
    assert_eq!(refused("วันที่แจ้ง", "5/11/2222"), "date_year_unclear");
    assert_eq!(refused("เวลา", "บ่าย"), "time_unreadable");
    let (row, code) = fixed("วันที่แจ้ง", "242882");
    assert_eq!(
        (row.reported.unwrap().date, code),
        (date(2021, 12, 25), "date_serial")
    );
}

#[test]
fn identities_are_kept_whole_or_set_aside() {
    let digits = |value: &str| {
        accepted("เลขประจำตัวประชาชน", value)
            .citizen_id
            .unwrap()
            .digits
    };
    for value in [
        "1101700230708",
        "1-1017-00230-70-8",
        "๑๑๐๑๗๐๐๒๓๐๗๐๘",
        "1101700230708.0",
        "'1101700230708",
    ] {
        assert_eq!(digits(value), "1101700230708", "{value}");
    }
    assert_eq!(accepted("เลขประจำตัวประชาชน", "ไม่มี").citizen_id, None);
    let (row, code) = fixed("เลขประจำตัวประชาชน", "1101700230705");
    assert_eq!(
        (row.citizen_id.unwrap().checksum_ok, code),
        (false, "id_checksum")
    );
    assert_eq!(refused("เลขประจำตัวประชาชน", "1.1017E+12"), "id_scientific");
    assert_eq!(refused("เลขประจำตัวประชาชน", "110170023070"), "id_length");
    assert_eq!(refused("เลขประจำตัวประชาชน", "บัตรหาย"), "id_unreadable");
    assert_eq!(
        fixed("เลขประจำตัวประชาชน", "1111111111111").1,
        "id_placeholder"
    );
}

#[test]
fn a_telephone_never_holds_a_case_up() {
    assert_eq!(accepted("โทรศัพท์", "+66 81 234 5678").phone, "0812345678");
    let (row, code) = fixed("โทรศัพท์", "812345678");
    assert_eq!((&*row.phone, code), ("0812345678", "phone_zero_restored"));
    let (row, code) = fixed("โทรศัพท์", "081-2345678, 089-8765432");
    assert_eq!((&*row.phone, code), ("", "phone_several"));
    assert_eq!(row.note, "โทรศัพท์ตามแฟ้ม: 081-2345678, 089-8765432");
    let (row, code) = fixed("โทรศัพท์", "บ้านข้างๆ");
    assert_eq!(
        (&*row.note, code),
        ("โทรศัพท์ตามแฟ้ม: บ้านข้างๆ", "phone_unreadable")
    );
}

#[test]
fn names_are_cleaned_or_set_aside() {
    assert_eq!(accepted("ชื่อ", "\u{200b}สมหมาย\u{202e} ").given, "สมหมาย");
    assert_eq!(accepted("ชื่อ", "ไม่ทราบชื่อ").given, "ไม่ทราบชื่อ");
    assert_eq!(accepted("ชื่อ", "=HYPERLINK(1)").given, "=HYPERLINK(1)");
    for value in ["", " \u{200b} ", "...", "-"] {
        assert_eq!(refused("ชื่อ", value), "name_empty", "{value}");
    }
    assert_eq!(refused("ชื่อ", &"ก".repeat(201)), "name_too_long");
}

#[test]
fn places_are_resolved_or_set_aside_with_the_column_that_is_wrong() {
    assert_eq!(accepted("ตำบล", "ตำบล โคกสว่าง").area_code, "45090505");
    assert_eq!(accepted("ตำบล", "๔๕๐๙๐๕").area_code, "45090505");
    assert_eq!(accepted("ตำบล", "").area_code, "45090505");
    assert_eq!(accepted("หมู่ที่", "").area_code, "450905");
    assert_eq!(refused("ตำบล", "โคกสวาง"), "subdistrict_unknown");
    assert_eq!(refused("ตำบล", "หนองพอก"), "subdistrict_ambiguous");
    assert_eq!(refused("ตำบล", "ท่าสีดา"), "area_outside_office");
    assert_eq!(refused("หมู่ที่", "ห้า"), "moo_unreadable");
    assert_eq!(refused("หมู่ที่", "0"), "moo_unreadable");
    let reading = with("หมู่ที่", "๑๑");
    let [problem] = &reading.problems[..] else {
        panic!("{:?}", reading.problems)
    };
    assert_eq!((problem.code, &*problem.column), ("village_unknown", "หมู่ที่"));
    assert_eq!(
        problem.message,
        "ตำบลนี้ไม่มีหมู่ที่ “๑๑” · แถว 2 ช่อง “หมู่ที่” · ตรวจเลขหมู่ หรือนำเข้าบัญชีหมู่บ้านของตำบลนี้ก่อน"
    );
}

#[test]
fn needs_are_found_by_any_of_their_words() {
    let codes = |value: &str| accepted("ความต้องการ", value).needs;
    assert_eq!(codes("อาหารและนํ้า"), ["food_water"]);
    assert_eq!(codes("ยา; ข้าวสาร\nยารักษาโรค"), ["medicine", "food_water"]);
    assert_eq!(codes("อาหาร/ยา"), ["food_water", "medicine"]);
    assert_eq!(
        codes("เตียง/โรงพยาบาลสนาม, ยาและอาหาร"),
        ["bed", "medicine", "food_water"]
    );
    assert_eq!(codes("food_water"), ["food_water"]);
    assert_eq!(refused("ความต้องการ", "-"), "need_missing");
    let reading = with("ความต้องการ", "ยา, ซ่อมรถ");
    assert_eq!(reading.problems[0].code, "need_unknown");
    assert!(reading.problems[0].message.contains("“ซ่อมรถ”"));
}

#[test]
fn urgency_and_count_have_their_words_and_bounds() {
    for (value, code) in [
        ("", "normal"),
        ("ปกติ", "normal"),
        ("ด่วน", "urgent"),
        ("ด่วน มาก", "very_urgent"),
        ("วิกฤติ", "critical"),
    ] {
        assert_eq!(accepted("ความเร่งด่วน", value).urgency, code, "{value}");
    }
    assert_eq!(refused("ความเร่งด่วน", "พรุ่งนี้"), "urgency_unknown");
    for (value, count) in [
        ("", 1),
        ("๔ คน", 4),
        ("1,200", 1_200),
        ("3.0", 3),
        ("\u{a0}5\u{a0}", 5),
    ] {
        assert_eq!(accepted("จำนวนคน", value).people_count, count, "{value}");
    }
    assert_eq!(refused("จำนวนคน", "0"), "people_count_zero");
    assert_eq!(refused("จำนวนคน", "หลายคน"), "number_unreadable");
    assert_eq!(refused("จำนวนคน", "-2"), "number_unreadable");
    assert_eq!(refused("จำนวนคน", "10000"), "number_too_large");
}

#[test]
fn points_are_read_put_right_or_set_aside() {
    let place = Some((16.25, 104.275));
    for value in [
        "16.25,104.275",
        "16°15'0\"N 104°16'30\"E",
        "https://maps.google.com/?q=16.25,104.275",
    ] {
        assert_eq!(accepted("พิกัด", value).point, place, "{value}");
    }
    let (row, code) = fixed("พิกัด", "104.275, 16.25");
    assert_eq!((row.point, code), (place, "coordinate_swapped"));
    let (row, code) = fixed("พิกัด", "https://maps.app.goo.gl/abc");
    assert_eq!((row.point, code), (None, "coordinate_short_link"));
    assert_eq!(row.note, "แผนที่ตามแฟ้ม: https://maps.app.goo.gl/abc");
    assert_eq!(refused("พิกัด", "51.5, 0.12"), "coordinate_outside");
    assert_eq!(refused("พิกัด", "0,0"), "coordinate_zero");
    assert_eq!(refused("พิกัด", "หลังวัด"), "coordinate_unreadable");
    assert_eq!(refused("ละติจูด", "16.25"), "coordinate_incomplete");
    let comma = "ชื่อ;สกุล;หมู่ที่;ความต้องการ;lat;lng\nก;ข;5;ยา;16,25;104,275\n";
    assert_eq!(read(comma).rows[0].point, place);
}

#[test]
fn a_row_with_several_faults_has_one_problem_for_each() {
    let reading = read(&format!(
        "{HEAD}\nก,ข,,,5,โคกสว่าง,ยา\n,,123,,ห้า,โคกสว่าง,ซ่อมรถ\nค,ง,,,6,โคกสว่าง,ยา\n"
    ));
    assert_eq!(
        (reading.total, reading.rows.len(), &reading.set_aside[..]),
        (3, 2, &[3][..])
    );
    let codes: Vec<_> = reading
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(
        codes,
        ["name_empty", "id_length", "moo_unreadable", "need_unknown"]
    );
}

#[test]
fn broken_lines_are_set_aside_and_the_rest_goes_in() {
    let reading = read(&format!(
        "{HEAD}\nก,\"ข,,,5,โคกสว่าง,ยา\nค,ง,,,5,โคกสว่าง,ยา,น้ำ\nจ\u{fffd},ฉ,,,5,โคกสว่าง,ยา\nช,ซ,,,5,โคกสว่าง,ยา\n"
    ));
    let codes: Vec<_> = reading.problems.iter().map(|p| (p.row, p.code)).collect();
    assert_eq!(
        codes,
        [
            (2, "quote_unbalanced"),
            (3, "row_misaligned"),
            (4, "text_damaged")
        ]
    );
    assert_eq!(
        (reading.rows.len(), &reading.set_aside[..]),
        (1, &[2, 3, 4][..])
    );
}

#[test]
fn no_message_holds_a_name_an_id_or_a_telephone() {
    let reading = read(&format!(
        "{HEAD},หมายเหตุ\nสมหมายมาก,ใจดีจริง,110170023070,081234,0812345678,1101700230708,1-1017-00230-70-8,\n"
    ));
    assert!(reading.problems.len() >= 4, "{:?}", reading.problems);
    for problem in &reading.problems {
        for secret in ["สมหมายมาก", "ใจดีจริง", "110170023070", "081234", "1-1017"]
        {
            assert!(!problem.message.contains(secret), "{}", problem.message);
        }
    }
}

#[test]
fn our_own_export_reads_back() {
    let headings: Vec<&str> = CASE_FIELDS.iter().map(|field| field.heading()).collect();
    let mut bytes = Vec::new();
    let mut writer = CsvWriter::create(&mut bytes, &headings).unwrap();
    writer
        .row(&[
            Cell::Whole(1),
            date(2026, 11, 5).at(14, 30, 0, 0).into(),
            "นาง".into(),
            "=บุญ".into(),
            "มา".into(),
            "1101700230708".into(),
            "0812345678".into(),
            "5/11".into(),
            Cell::Whole(5),
            "โคกสว่าง".into(),
            "ยารักษาโรค, อาหารและน้ำ".into(),
            "วิกฤต".into(),
            Cell::Whole(4),
            Cell::Number(16.268),
            Cell::Number(104.275),
            "บรรทัดหนึ่ง\n\"สอง\", สาม".into(),
        ])
        .unwrap();
    writer.finish().unwrap();
    let reading = read(std::str::from_utf8(&bytes).unwrap());
    assert_eq!(reading.problems, []);
    let row = &reading.rows[0];
    assert_eq!(
        (&*row.given, &*row.house_no, &*row.phone),
        ("=บุญ", "5/11", "0812345678")
    );
    assert_eq!(row.reported.unwrap().date, date(2026, 11, 5));
    assert_eq!(row.needs, ["medicine", "food_water"]);
    assert_eq!((row.urgency, row.people_count), ("critical", 4));
    assert_eq!(row.note, "บรรทัดหนึ่ง\n\"สอง\", สาม");
}

proptest! {
    #[test]
    fn every_row_is_accepted_or_set_aside_with_a_reason(
        lines in "([-0-9ก-๙a-zA-Z .,/'\"=+@\u{200b}\u{e33}]{0,60}\n){0,5}",
    ) {
        let text = format!("{HEAD},พิกัด,วันที่,จำนวนคน,เวลา,บ้านเลขที่\nก,ข,,,5,โคกสว่าง,ยา\n{lines}");
        let reading = try_read(&text).unwrap();
        prop_assert_eq!(reading.total, reading.rows.len() + reading.set_aside.len());
        for row in &reading.set_aside {
            let errors = |p: &&jitasa_exchange::Problem| p.row == *row && p.severity == Severity::Error;
            prop_assert!(reading.problems.iter().any(|p| errors(&p)));
        }
        prop_assert!(reading.rows.iter().all(|row| !row.needs.is_empty() && !row.given.is_empty()));
    }
}
