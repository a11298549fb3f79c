//! The workbook in other people's programs.

use std::{fs, path::Path};

use jitasa_tests::{lists::List, programs::Desk};
use serde_json::{Value, json};

/// What openpyxl makes of a workbook, as JSON.
const READ_WORKBOOK: &str = r#"
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
def cell(c):
    # What lies under a merged cell is no cell of its own.
    if type(c).__name__ == "MergedCell": return ["n", None, "", False, ""]
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

pub(crate) fn the_workbook_opens(desk: &Desk, list: &List, out: &Path) {
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
    // "ข้อมูล ณ วันที่ ๒๒ พฤศจิกายน ๒๕๖๙": the year of the Buddhist era in Thai digits.
    let dated = |row: &Value| {
        row[0][1]
            .as_str()
            .is_some_and(|text| text.contains("วันที่") && text.contains("๒๕"))
    };
    assert!(rows.iter().take(4).any(dated), "{:?}", &rows[..4]);
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
        // As a CSV LibreOffice writes a real date in its own way; a text would stay as it was.
        let day = row.reported_on.strftime("%d/%m/%Y 00:00:00").to_string();
        assert_eq!(line.split(',').nth(2), Some(day.as_str()), "{line}");
    }
    assert!(
        text.contains("=HYPERLINK"),
        "what begins with = is still that text"
    );
}
