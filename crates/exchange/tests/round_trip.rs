//! What our writers write, our readers read back.
#![allow(clippy::unwrap_used)]

use jitasa_exchange::csv_out::CsvWriter;
use jitasa_exchange::headings::{CASE_FIELDS, Field};
use jitasa_exchange::{Cell, Table};
use proptest::prelude::*;

fn written(rows: &[Vec<String>]) -> Vec<u8> {
    let headings: Vec<&str> = CASE_FIELDS.iter().map(|field| field.heading()).collect();
    let mut bytes = Vec::new();
    let mut writer = CsvWriter::create(&mut bytes, &headings).unwrap();
    for row in rows {
        let cells: Vec<Cell> = row.iter().map(|text| Cell::text(text.as_str())).collect();
        writer.row(&cells).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

/// The first cell says the row's number, so that no row is blank or looks like the heading.
fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    let text = "[-=+@'\"\t ,;|\r\n.0-9a-zก-๙😀]{0,12}";
    proptest::collection::vec(proptest::collection::vec(text, CASE_FIELDS.len()), 1..6).prop_map(
        |mut rows| {
            for (number, row) in rows.iter_mut().enumerate() {
                row[0] = (number + 1).to_string();
            }
            rows
        },
    )
}

#[test]
fn a_formula_in_a_name_comes_back_as_it_was() {
    let mut row = vec![String::new(); CASE_FIELDS.len()];
    row[3] = "=HYPERLINK(\"http://x\",\"กด\")".to_owned();
    row[4] = "'=1".to_owned();
    row[15] = "-".to_owned();
    let bytes = written(std::slice::from_ref(&row));
    assert!(String::from_utf8_lossy(&bytes).contains("'=HYPERLINK"));
    assert_eq!(Table::read(&bytes).unwrap().rows[0].cells, row);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]
    #[test]
    fn any_text_comes_back_as_it_was(rows in rows()) {
        let table = Table::read(&written(&rows)).unwrap();
        let fields: Vec<Option<Field>> =
            table.headings.iter().map(|heading| Field::of_heading(heading)).collect();
        prop_assert_eq!(fields, CASE_FIELDS.map(Some).to_vec());
        let read: Vec<Vec<String>> = table.rows.iter().map(|row| row.cells.clone()).collect();
        prop_assert_eq!(read, rows);
        prop_assert!(table.rows.iter().enumerate().all(|(at, row)| row.number == at + 2));
    }
}
