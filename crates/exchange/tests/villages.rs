//! Village lists as offices keep them.
#![allow(clippy::unwrap_used)]

use jitasa_exchange::villages::{self, VillageRules, VillagesReading};
use jitasa_exchange::{AreaProblem, Table, TableError};

fn try_read(text: &str) -> Result<VillagesReading, TableError> {
    let knows = |code: &str| code == "450905";
    let resolve = |name: &str| match name {
        "" | "โคกสว่าง" => Ok("450905".to_owned()),
        _ => Err(AreaProblem::SubdistrictUnknown),
    };
    let rules = VillageRules {
        knows_subdistrict: &knows,
        resolve_subdistrict: &resolve,
    };
    villages::read(&Table::read(text.as_bytes())?, &rules)
}

fn codes(reading: &VillagesReading) -> Vec<(usize, &'static str)> {
    reading
        .problems
        .iter()
        .map(|problem| (problem.row, problem.code))
        .collect()
}

#[test]
fn villages_are_read_by_code_with_or_without_thai_digits() {
    let reading =
        try_read("รหัสหมู่บ้าน,ชื่อหมู่บ้าน,ละติจูด,ลองจิจูด\n45090501,บ้านนาโคก,16.26,104.27\n๔๕๐๙๐๕๐๒,แก้ง,,\n")
            .unwrap();
    assert_eq!(codes(&reading), []);
    let [first, second] = &reading.rows[..] else {
        panic!("{reading:?}")
    };
    assert_eq!(
        (&*first.code, first.moo, &*first.name),
        ("45090501", 1, "นาโคก")
    );
    assert_eq!(first.point, Some((16.26, 104.27)));
    assert_eq!(
        (&*second.code, &*second.name, second.point),
        ("45090502", "แก้ง", None)
    );
}

#[test]
fn villages_are_read_by_subdistrict_and_moo() {
    let reading =
        try_read("หมู่ที่,บ้าน,ตำบล\nหมู่ 3,บ้านหาญไพรวัลย์,ต.โคกสว่าง\nม.๔,บ้านหนองเม็ก,\nรวม,,\n").unwrap();
    assert_eq!(codes(&reading), []);
    let found: Vec<&str> = reading.rows.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(found, ["45090503", "45090504"]);
    assert_eq!((reading.total, &reading.skipped[..]), (2, &[4][..]));
}

#[test]
fn a_bad_village_is_set_aside_with_its_reason() {
    let reading = try_read(
        "รหัสหมู่บ้าน,หมู่ที่,ตำบล,ชื่อหมู่บ้าน\n\
         45090501,1,โคกสว่าง,นาโคก\n\
         45090501,,,นาโคกใหม่\n\
         4509050,,,ก\n\
         45090500,,,ก\n\
         45099901,,,ก\n\
         45090503,4,,ก\n\
         ,4,ไกลบ้าน,ก\n\
         ,ห้า,โคกสว่าง,ก\n\
         ,,โคกสว่าง,ก\n\
         45090506,,,\n",
    )
    .unwrap();
    assert_eq!(
        codes(&reading),
        [
            (3, "village_duplicate"),
            (4, "village_code_unreadable"),
            (5, "village_code_unreadable"),
            (6, "village_code_unknown"),
            (7, "village_code_conflict"),
            (8, "subdistrict_unknown"),
            (9, "moo_unreadable"),
            (10, "area_missing"),
            (11, "village_name_empty"),
        ]
    );
    assert_eq!(
        (reading.rows.len(), reading.set_aside.len(), reading.total),
        (1, 9, 10)
    );
    assert!(
        reading.problems[0]
            .message
            .starts_with("หมู่บ้าน “45090501” มีอยู่แล้วในแถวก่อนหน้า · แถว 3")
    );
}

#[test]
fn a_list_without_names_is_refused() {
    let refused = try_read("รหัสหมู่บ้าน,ตำบล\n45090501,โคกสว่าง\n").unwrap_err();
    assert_eq!(
        refused,
        TableError::ColumnMissing {
            columns: vec!["ชื่อหมู่บ้าน".to_owned()]
        }
    );
}
