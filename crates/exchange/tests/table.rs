//! Files as offices send them: encodings, delimiters, quotes, titles, broken lines.
#![allow(clippy::unwrap_used)]

use jitasa_exchange::table::{Damage, Encoding, ROWS_MAX};
use jitasa_exchange::{Table, TableError};
use proptest::prelude::*;

const PLAIN: &str = "ชื่อ,สกุล,หมู่ที่,ความต้องการ\r\nสมหมาย,ใจดี,5,อาหารและน้ำ\r\n";

fn read(text: &str) -> Table {
    Table::read(text.as_bytes()).unwrap()
}

fn refused(bytes: &[u8]) -> &'static str {
    let error = Table::read(bytes).unwrap_err();
    assert!(error.message().contains(" · "), "{}", error.message());
    error.code()
}

fn in_874(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::WINDOWS_874.encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

fn utf16(text: &str, mark: [u8; 2], unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.into_iter()
        .chain(text.encode_utf16().flat_map(unit))
        .collect()
}

#[test]
fn every_encoding_of_thai_reads_the_same() {
    let marked = format!("\u{feff}{PLAIN}");
    let twice = format!("\u{feff}\u{feff}{PLAIN}");
    let files: [(Vec<u8>, Encoding); 6] = [
        (PLAIN.as_bytes().to_vec(), Encoding::Utf8),
        (marked.into_bytes(), Encoding::Utf8Bom),
        (twice.into_bytes(), Encoding::Utf8Bom),
        (
            utf16(PLAIN, [0xFF, 0xFE], u16::to_le_bytes),
            Encoding::Utf16Le,
        ),
        (
            utf16(PLAIN, [0xFE, 0xFF], u16::to_be_bytes),
            Encoding::Utf16Be,
        ),
        (in_874(PLAIN), Encoding::Windows874),
    ];
    for (bytes, encoding) in files {
        let table = Table::read(&bytes).unwrap();
        assert_eq!(table.encoding, encoding);
        assert_eq!(table.headings, ["ชื่อ", "สกุล", "หมู่ที่", "ความต้องการ"]);
        assert_eq!(table.rows[0].cells, ["สมหมาย", "ใจดี", "5", "อาหารและน้ำ"]);
        assert_eq!((table.header_row, table.rows[0].number), (1, 2));
        assert_eq!(table.rows[0].damage, None);
    }
}

#[test]
fn a_mark_in_the_middle_of_a_file_is_dropped() {
    let table = read("ชื่อ,สกุล\nสมหมาย,\u{feff}ใจดี\n");
    assert_eq!(table.rows[0].cells, ["สมหมาย", "ใจดี"]);
}

#[test]
fn every_delimiter_is_told() {
    for delimiter in [',', ';', '\t', '|'] {
        let table = read(&PLAIN.replace(',', &delimiter.to_string()));
        assert_eq!(table.delimiter, delimiter);
        assert_eq!(table.rows[0].cells.len(), 4);
    }
    let table = read("sep=;\r\nชื่อ;สกุล\r\nสมหมาย;ใจดี, ที่บ้าน\r\n");
    assert_eq!((table.delimiter, table.header_row), (';', 2));
    assert_eq!(table.rows[0].cells, ["สมหมาย", "ใจดี, ที่บ้าน"]);
}

#[test]
fn title_rows_and_blank_rows_are_passed_and_counted() {
    let table = read(
        "บัญชีผู้ขอรับความช่วยเหลือ,,\n\"อำเภอหนองพอก, ร้อยเอ็ด\",,\n\nลำดับ,ชื่อ,ตำบล\n1,ก,ข\n,,\n2,ค,ง\n",
    );
    assert_eq!(table.header_row, 4);
    assert_eq!(
        table.rows.iter().map(|row| row.number).collect::<Vec<_>>(),
        [5, 7]
    );
}

#[test]
fn headings_in_two_rows_are_one_header() {
    let under = read("ที่,ชื่อ - สกุล,ที่อยู่,,,ความต้องการ\n,,บ้านเลขที่,หมู่ที่,ตำบล,\n1,ก ข,7,5,โคกสว่าง,ยา\n");
    assert_eq!(
        under.headings,
        ["ที่", "ชื่อ - สกุล", "บ้านเลขที่", "หมู่ที่", "ตำบล", "ความต้องการ"]
    );
    assert_eq!((under.header_row, under.rows.len()), (2, 1));
    let over = read("ชื่อ,,ที่อยู่,,\n,สกุล,บ้านเลขที่,หมู่ที่,ตำบล\nก,ข,7,5,โคกสว่าง\n");
    assert_eq!(over.headings, ["ชื่อ", "สกุล", "บ้านเลขที่", "หมู่ที่", "ตำบล"]);
    assert_eq!((over.header_row, over.rows.len()), (2, 1));
}

#[test]
fn a_line_break_inside_quotes_is_one_row() {
    let table = read("ชื่อ,หมายเหตุ\r\n\"สมหมาย\",\"บรรทัดหนึ่ง\r\nบรรทัด \"\"สอง\"\"\"\rบุญมี,ดี\r");
    assert_eq!(table.rows[0].cells[1], "บรรทัดหนึ่ง\r\nบรรทัด \"สอง\"");
    assert_eq!(
        (table.rows[1].number, table.rows[1].cells[0].as_str()),
        (3, "บุญมี")
    );
}

#[test]
fn a_broken_row_is_marked_and_the_others_are_read() {
    let table = read(
        "ชื่อ,หมู่ที่,ตำบล,ความต้องการ\nก,1,ท,ยา\nข,\"1,ท,ยา\nค,1,ท,ยา,น้ำ\nง,1,ท,ยา\nเธ\u{e2a}เธ\u{e21}เธ\u{e2b},1,ท,ยา\n",
    );
    let damages: Vec<Option<Damage>> = table.rows.iter().map(|row| row.damage).collect();
    assert_eq!(
        damages,
        [
            None,
            Some(Damage::Unbalanced),
            Some(Damage::Misaligned),
            None,
            Some(Damage::Garbled)
        ]
    );
}

#[test]
fn bytes_without_meaning_cost_their_row() {
    let mut bytes = in_874("ชื่อ,สกุล\nสมหมาย,ใจดี\nบุญมี,มาก");
    bytes.push(0xFC);
    let table = Table::read(&bytes).unwrap();
    assert_eq!(table.rows[0].damage, None);
    assert_eq!(table.rows[1].damage, Some(Damage::Undecodable));

    // One line of Windows-874 pasted into a file of UTF-8.
    let mut bytes = PLAIN.as_bytes().to_vec();
    bytes.extend(in_874("บุญมี,มาก,5,ยา\r\n"));
    bytes.extend("แก้ว,งาม,5,ยา\r\n".as_bytes());
    let table = Table::read(&bytes).unwrap();
    assert_eq!(table.encoding, Encoding::Utf8);
    let damages: Vec<Option<Damage>> = table.rows.iter().map(|row| row.damage).collect();
    assert_eq!(damages, [None, Some(Damage::Undecodable), None]);
}

#[test]
fn spoilt_text_is_refused_with_one_code() {
    let as_874 = encoding_rs::WINDOWS_874
        .decode_without_bom_handling(PLAIN.as_bytes())
        .0;
    let as_latin = encoding_rs::WINDOWS_1252
        .decode_without_bom_handling(PLAIN.as_bytes())
        .0;
    let bytes_874 = in_874(PLAIN);
    let thai_as_latin = encoding_rs::WINDOWS_1252
        .decode_without_bom_handling(&bytes_874)
        .0;
    let marks: String = PLAIN
        .chars()
        .map(|c| if c.is_ascii() { c } else { '?' })
        .collect();
    for spoilt in [
        as_874.as_ref(),
        as_latin.as_ref(),
        thai_as_latin.as_ref(),
        &marks,
    ] {
        assert_eq!(refused(spoilt.as_bytes()), "text_garbled", "{spoilt}");
    }
}

#[test]
fn honest_thai_with_the_same_letters_is_not_called_spoilt() {
    let table = read("ชื่อ,สกุล\nเธียร,เนินงาม\nเนตร,เธอเนื่องเนย\nเน,เน\n");
    assert!(
        table.rows.iter().all(|row| row.damage.is_none()),
        "{table:?}"
    );
}

#[test]
fn what_is_no_table_is_refused_by_its_kind() {
    assert_eq!(refused(b""), "file_empty");
    assert_eq!(refused("\u{feff} \r\n\r\n".as_bytes()), "file_empty");
    assert_eq!(refused(b"PK\x03\x04\x14\x00\x06\x00"), "file_is_workbook");
    assert_eq!(
        refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 rest"),
        "file_is_workbook"
    );
    assert_eq!(
        refused(b"<html><table><tr><td>1</td></tr></table></html>"),
        "file_is_web_page"
    );
    assert_eq!(refused(b"%PDF-1.7 ..."), "file_not_text");
    assert_eq!(
        refused(&[0x00, 0x01, 0xC0, 0xFF, 0x00, 0x10]),
        "file_not_text"
    );
    assert_eq!(refused("สวัสดี,ครับ\n1,2\n".as_bytes()), "header_not_found");
    assert_eq!(refused("ชื่อ,สกุล\n,\n".as_bytes()), "no_rows");
}

#[test]
fn every_limit_has_its_code() {
    let wide = format!("{}ชื่อ,สกุล\nก,ข\n", "x,".repeat(201));
    assert_eq!(refused(wide.as_bytes()), "too_many_columns");
    let long = format!("ชื่อ,สกุล\nก,ข\nก,{}\n", "ก".repeat(32_768));
    assert_eq!(
        Table::read(long.as_bytes()),
        Err(TableError::CellTooLong { row: 3 })
    );
    let many = format!("ชื่อ,สกุล\n{}", "ก,ข\n".repeat(ROWS_MAX + 1));
    assert_eq!(refused(many.as_bytes()), "too_many_rows");
    let most = format!("ชื่อ,สกุล\n{}", "ก,ข\n".repeat(ROWS_MAX));
    assert_eq!(Table::read(most.as_bytes()).unwrap().rows.len(), ROWS_MAX);
    assert_eq!(refused(&vec![b'a'; 64 * 1024 * 1024 + 1]), "file_too_big");
}

#[test]
fn a_column_without_a_heading_pushes_nothing_out_of_place() {
    let table = read("ชื่อ,สกุล,\nก,ข,x\n");
    assert_eq!(table.headings, ["ชื่อ", "สกุล"]);
    assert_eq!(table.rows[0].cells, ["ก", "ข"]);
    assert_eq!(table.rows[0].damage, None);
}

#[test]
fn many_lone_quotation_marks_are_read_in_good_time() {
    let text = format!("ชื่อ,สกุล\n{}", "\"\n\"\"\n,\"\n".repeat(20_000));
    assert!(Table::read(text.as_bytes()).is_ok());
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Table::read(&bytes);
    }

    #[test]
    fn no_lines_under_headings_make_the_reader_panic(
        lines in "[\"',;|\t\r\n=ก-๙เธนa-z0-9\u{fffd}\u{feff} ]{0,200}",
        mark in proptest::option::of(Just([0xFFu8, 0xFE])),
    ) {
        let text = format!("{PLAIN}{lines}");
        let bytes = match mark {
            Some(mark) => utf16(&text, mark, u16::to_le_bytes),
            None => text.into_bytes(),
        };
        let _ = Table::read(&bytes);
    }
}
