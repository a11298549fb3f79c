//! The workbook as it lies in the file: what Excel is told, sheet by sheet.
#![allow(clippy::unwrap_used)]

use jiff::civil::{date, datetime};
use jitasa_exchange::book::{BookWriter, Summary};
use jitasa_exchange::{Cell, Column, ColumnKind, Register};
use std::collections::HashMap;
use std::io::{Cursor, Read, Write};
use std::process::Command;

fn a_register() -> Register {
    let whole = |heading: &str| Column::new(heading, ColumnKind::Whole, 8.0);
    let text = |heading: &str| Column::new(heading, ColumnKind::Text, 24.0);
    let code = |heading: &str| Column::new(heading, ColumnKind::Code, 18.0);
    let day = |heading: &str| Column::new(heading, ColumnKind::Date, 14.0);
    Register {
        title_lines: vec![
            "บัญชีผู้ขอรับความช่วยเหลือ".into(),
            "อำเภอหนองพอก จังหวัดร้อยเอ็ด".into(),
            "ข้อมูล ณ วันที่ 22 พฤศจิกายน พ.ศ. 2569".into(),
        ],
        form_sheet_name: "แบบพิมพ์".into(),
        data_sheet_name: "ข้อมูล".into(),
        form_columns: vec![
            whole("ลำดับที่"),
            text("ชื่อ-สกุล"),
            day("วันที่แจ้ง"),
            code("โทรศัพท์"),
            text("หมายเหตุ").wrap(),
        ],
        data_columns: vec![
            code("รหัสรายการ").hidden(),
            text("ชื่อ"),
            code("เลขประจำตัวประชาชน"),
            code("โทรศัพท์"),
            day("วันที่แจ้ง"),
            Column::new("รับเมื่อ", ColumnKind::DateTime, 18.0),
            Column::new("ละติจูด", ColumnKind::Number, 12.0),
            whole("จำนวนคน"),
            text("หมายเหตุ").wrap(),
        ],
        signature: true,
        made_line: "พิมพ์จากจิตอาสา เดสก์ เมื่อ 22 พ.ย. 2569 09:00 น.".into(),
        made_at: datetime(2026, 11, 22, 9, 0, 0, 0),
    }
}

fn two_rows(writer: &mut BookWriter) {
    for (number, name, note) in [
        (1, "สมหมาย", "=HYPERLINK(\"http://x\")"),
        (2, "บุญมี", "ไฟดับ\u{7}\r\n<น้ำท่วม> & _x0041_"),
    ] {
        let day = date(2021, 12, 25);
        let form = [
            Cell::Whole(number),
            name.into(),
            day.into(),
            "0812345678".into(),
            note.into(),
        ];
        let data = [
            "019aa000-0000-7000-8000-00000000000a".into(),
            name.into(),
            "1101700230708".into(),
            "0812345678".into(),
            day.into(),
            datetime(2021, 12, 25, 6, 0, 0, 0).into(),
            Cell::Number(16.268_123),
            Cell::Whole(4),
            note.into(),
        ];
        writer.row(&form, &data).unwrap();
    }
}

fn made() -> Vec<u8> {
    let scratch = tempfile::tempdir().unwrap();
    let mut writer = BookWriter::create(a_register(), scratch.path()).unwrap();
    two_rows(&mut writer);
    let mut bytes = Vec::new();
    assert_eq!(
        writer.finish(&mut bytes).unwrap(),
        Summary { rows: 2, sheets: 2 }
    );
    bytes
}

fn parts(bytes: Vec<u8>) -> HashMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

#[track_caller]
fn has(part: &str, wanted: &str) {
    assert!(part.contains(wanted), "no {wanted} in {part}");
}

#[test]
fn the_form_is_ready_to_print_and_sign() {
    let parts = parts(made());
    let form = &parts["xl/worksheets/sheet1.xml"];
    has(
        form,
        "<mergeCell ref=\"A1:E1\"/><mergeCell ref=\"A2:E2\"/><mergeCell ref=\"A3:E3\"/>",
    );
    has(form, "ข้อมูล ณ วันที่ 22 พฤศจิกายน พ.ศ. 2569");
    has(form, "<pane ySplit=\"4\" topLeftCell=\"A5\"");
    has(form, "fitToHeight=\"0\"");
    has(form, "paperSize=\"9\"");
    has(form, "orientation=\"landscape\"");
    has(form, "fitToPage=\"1\"");
    has(
        form,
        "&amp;R&amp;\"TH SarabunPSK,Regular\"&amp;14หน้า &amp;P/&amp;N",
    );
    has(form, "25 ธ.ค. 2564");
    has(form, "รวม 2 รายการ");
    has(form, "ลงชื่อ ....");
    has(form, "ผู้รายงาน");
    has(form, "พิมพ์จากจิตอาสา เดสก์");
    has(
        &parts["xl/workbook.xml"],
        "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"0\">'แบบพิมพ์'!$4:$4</definedName>",
    );
    let styles = &parts["xl/styles.xml"];
    has(styles, "<name val=\"TH SarabunPSK\"/>");
    has(styles, "<sz val=\"18\"/>");
    assert!(!styles.contains("<name val=\"Calibri\"/>"), "{styles}");
    has(&parts["docProps/core.xml"], "2026-11-22T09:00:00Z");
}

#[test]
fn the_data_sheet_has_real_dates_and_text_ids_and_a_hidden_id_column() {
    let parts = parts(made());
    let data = &parts["xl/worksheets/sheet2.xml"];
    has(data, "<autoFilter ref=\"A1:I3\"");
    has(data, "<pane ySplit=\"1\" topLeftCell=\"A2\"");
    has(data, "hidden=\"1\"");
    assert!(!data.contains("mergeCell"), "{data}");
    // 25 December 2021 is day 44,555; six in the morning is a quarter more.
    has(data, "<v>44555</v>");
    has(data, "<v>44555.25</v>");
    has(data, "<v>16.268123</v>");
    has(data, "<t>1101700230708</t>");
    has(data, "<t>0812345678</t>");
    let styles = &parts["xl/styles.xml"];
    has(styles, "formatCode=\"[$-107041E]d mmm yyyy;@\"");
    has(styles, "formatCode=\"[$-107041E]d mmm yyyy hh:mm;@\"");
}

#[test]
fn what_looks_like_a_formula_is_text_and_control_characters_are_seen() {
    let parts = parts(made());
    for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        let sheet = &parts[sheet];
        assert!(!sheet.contains("<f>"), "{sheet}");
        has(sheet, "<t>=HYPERLINK(\"http://x\")</t>");
        has(sheet, "ไฟดับ\u{2407}\n&lt;น้ำท่วม&gt; &amp; _x005F_x0041_");
    }
}

#[test]
fn a_cell_that_is_too_long_is_refused_and_the_old_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("ทะเบียน.xlsx");
    std::fs::write(&target, "เดิม").unwrap();
    let mut writer = BookWriter::create(a_register(), folder.path()).unwrap();
    two_rows(&mut writer);
    let long = Cell::Text("ก".repeat(32_768));
    let refused = writer.row(&[Cell::Whole(3), long], &[]).unwrap_err();
    assert_eq!(refused.code(), "cell_too_long");
    assert_eq!(
        refused.to_string(),
        "row 3, column 2: a cell holds more than 32,767 characters"
    );
    let refused = writer.row(&vec![Cell::Empty; 6], &[]).unwrap_err();
    assert_eq!(refused.code(), "too_many_cells");
    drop(writer);
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "เดิม");

    let mut writer = BookWriter::create(a_register(), folder.path()).unwrap();
    writer
        .row(&[Cell::Whole(1), Cell::Text("ก".repeat(32_767))], &[])
        .unwrap();
    assert_eq!(writer.finish_file(&target).unwrap().rows, 1);
    assert!(std::fs::read(&target).unwrap().starts_with(b"PK"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_writer_that_fails_is_an_error() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let scratch = tempfile::tempdir().unwrap();
    let mut writer = BookWriter::create(a_register(), scratch.path()).unwrap();
    two_rows(&mut writer);
    let code = writer.finish(Full).unwrap_err().code();
    assert!(
        ["disk_full", "workbook_refused", "workbook_interrupted"].contains(&code),
        "{code}"
    );
}

#[test]
fn rows_are_as_high_as_their_text() {
    let scratch = tempfile::tempdir().unwrap();
    let mut writer = BookWriter::create(a_register(), scratch.path()).unwrap();
    let note = "น้ำท่วมถึงชั้นสอง มีผู้สูงอายุติดเตียงหนึ่งคน ขอเรือรับออกจากบ้าน";
    writer.row(&[Cell::Whole(1)], &[]).unwrap();
    let cells = [
        Cell::Whole(2),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        note.into(),
    ];
    writer.row(&cells, &[]).unwrap();
    let mut bytes = Vec::new();
    writer.finish(&mut bytes).unwrap();
    let form = &parts(bytes)["xl/worksheets/sheet1.xml"];
    has(form, "defaultRowHeight=\"24\"");
    has(form, "<row r=\"5\">");
    has(form, "<row r=\"6\" ht=\"78\" customHeight=\"1\">");
}

#[test]
fn an_empty_register_is_a_workbook_too() {
    let scratch = tempfile::tempdir().unwrap();
    let mut bytes = Vec::new();
    BookWriter::create(a_register(), scratch.path())
        .unwrap()
        .finish(&mut bytes)
        .unwrap();
    let parts = parts(bytes);
    has(&parts["xl/worksheets/sheet1.xml"], "รวม 0 รายการ");
    has(
        &parts["xl/worksheets/sheet2.xml"],
        "<autoFilter ref=\"A1:I1\"",
    );
}

/// The same file through another program's eyes. Skipped where Python has no openpyxl.
#[test]
fn openpyxl_reads_dates_numbers_and_text() {
    let python = std::env::var("JITASA_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let known = Command::new(&python)
        .args(["-c", "import openpyxl"])
        .output();
    if !known.is_ok_and(|output| output.status.success()) {
        writeln!(std::io::stderr(), "skipped: no openpyxl in {python}").unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("register.xlsx");
    std::fs::write(&target, made()).unwrap();
    let script = "import sys, openpyxl\n\
        book = openpyxl.load_workbook(sys.argv[1])\n\
        sheet = book.worksheets[1]\n\
        row = [cell.value for cell in sheet[2]]\n\
        print([type(value).__name__ for value in row])\n\
        print(row[4].isoformat(), sheet['I2'].data_type, sheet.column_dimensions['A'].hidden)\n\
        print(sheet.max_row, book.worksheets[0].print_title_rows)\n";
    let output = Command::new(&python)
        .args(["-c", script])
        .arg(&target)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        said,
        "['str', 'str', 'str', 'str', 'datetime', 'datetime', 'float', 'int', 'str']\n\
         2021-12-25T00:00:00 s True\n\
         3 $4:$4\n"
    );
}
