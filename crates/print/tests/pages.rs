//! The PDFs from outside: they open, have their pages, title and language, are the same each time, and refuse too much.

#![allow(clippy::unwrap_used)]

use jitasa_print::{
    FIELD_LETTERS_MAX, LINES_MAX, PrintError, ShiftPage, Slips, TickList, call_list, shift, slips,
    tick_list,
};
use lopdf::{Document, Object};

mod samples;

fn opened(pdf: &[u8]) -> Document {
    Document::load_mem(pdf).unwrap()
}

/// The Latin letters and digits of a page: what every reader of PDF takes out alike.
fn signs(document: &Document, page: u32) -> String {
    let text = document.extract_text(&[page]).unwrap();
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[test]
fn a_village_of_thirty_lines_is_three_pages_with_each_code_once() {
    let list = samples::tick_list(30);
    let document = opened(&tick_list(&list).unwrap());
    assert_eq!(document.get_pages().len(), 3);
    let signs: String = (1..=3).map(|page| signs(&document, page)).collect();
    for line in &list.lines {
        assert_eq!(
            signs.matches(&line.code).count(),
            1,
            "{} in {signs}",
            line.code
        );
    }
}

#[test]
fn a_pdf_has_a_title_and_says_it_is_thai() {
    let document = opened(&tick_list(&samples::tick_list(1)).unwrap());
    let catalog = document.catalog().unwrap();
    let Object::String(language, _) = catalog.get(b"Lang").unwrap() else {
        panic!("no language")
    };
    assert!(language.starts_with(b"th"), "{language:?}");
    let info = document
        .trailer
        .get(b"Info")
        .and_then(Object::as_reference)
        .unwrap();
    let info = document.get_dictionary(info).unwrap();
    let title = lopdf::decode_text_string(info.get(b"Title").unwrap()).unwrap();
    assert!(title.starts_with("ใบตรวจรับรองประจำหมู่บ้าน หมู่ที่ 6"), "{title}");
    for dated in [b"CreationDate".as_slice(), b"ModDate"] {
        assert!(
            info.get(dated).is_err(),
            "a PDF with a time is not the same twice"
        );
    }
}

#[test]
fn the_same_page_is_the_same_bytes_whatever_was_printed_between() {
    let list = samples::tick_list(5);
    let first = tick_list(&list).unwrap();
    slips(&samples::slips()).unwrap();
    shift(&samples::shift()).unwrap();
    assert!(tick_list(&list).unwrap() == first);
    let calls = samples::call_list(4);
    assert!(call_list(&calls).unwrap() == call_list(&calls).unwrap());
    assert!(slips(&samples::slips()).unwrap() == slips(&samples::slips()).unwrap());
}

#[test]
fn two_threads_print_at_once_and_do_not_disturb_each_other() {
    let alone = [3, 4].map(|lines| tick_list(&samples::tick_list(lines)).unwrap());
    let together = std::thread::scope(|scope| {
        [3, 4]
            .map(|lines| scope.spawn(move || tick_list(&samples::tick_list(lines)).unwrap()))
            .map(|thread| thread.join().unwrap())
    });
    assert!(alone == together);
}

#[test]
fn an_empty_hand_over_is_a_page_and_an_empty_list_is_not() {
    assert_eq!(
        opened(&shift(&ShiftPage::default()).unwrap())
            .get_pages()
            .len(),
        1
    );
    assert_eq!(tick_list(&TickList::default()), Err(PrintError::Nothing));
    assert_eq!(slips(&Slips::default()), Err(PrintError::Nothing));
    let mut without_needs = samples::slips();
    without_needs.slips[0].needs.clear();
    assert_eq!(slips(&without_needs), Err(PrintError::Nothing));
}

#[test]
fn too_much_is_refused_with_a_code_and_without_its_text() {
    let many = tick_list(&samples::tick_list(LINES_MAX + 1)).unwrap_err();
    assert_eq!(
        many,
        PrintError::TooManyLines {
            given: LINES_MAX + 1,
            max: LINES_MAX
        }
    );
    assert_eq!(many.code(), "print_too_many_lines");

    let mut list = samples::tick_list(1);
    list.lines[0].name = "ก".repeat(FIELD_LETTERS_MAX + 1);
    let long = tick_list(&list).unwrap_err();
    assert_eq!(long.code(), "print_text_too_long");
    assert!(!long.to_string().contains('ก'));

    let mut calls = samples::call_list(2);
    calls.rows[1].pop();
    assert_eq!(
        call_list(&calls),
        Err(PrintError::TableShape {
            given: 4,
            columns: 5
        })
    );

    let mut numbered = samples::slips();
    numbered.slips[0].number = "9".repeat(31);
    assert_eq!(
        slips(&numbered),
        Err(PrintError::TextTooLong { given: 31, max: 30 })
    );
}
