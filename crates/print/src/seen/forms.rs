//! What must stand on each form.

use std::sync::OnceLock;

use super::{Page, laid_out, nothing_leaves_the_paper, packed};
use crate::engine::Template;
use crate::{Asks, samples};

/// The list of thirty lines, which several tests look at.
fn thirty_lines() -> &'static [Page] {
    static PAGES: OnceLock<Vec<Page>> = OnceLock::new();
    PAGES.get_or_init(|| {
        laid_out(
            Template::TickList,
            crate::tick_list::values(&samples::tick_list(30)).unwrap(),
        )
    })
}

#[test]
fn a_row_of_the_tick_list_is_whole_on_one_page() {
    let list = samples::tick_list(30);
    let pages = thirty_lines();
    assert_eq!(pages.len(), 3);
    for line in &list.lines {
        let asked = match &line.asks {
            Asks::Report { told } => format!("เดือดร้อนจริงหรือไม่{told}"),
            Asks::Help { who, when } => format!("ได้รับความช่วยเหลือแล้วหรือยังโดย{who}{when}"),
        };
        let row = format!(
            "{}{}บ้าน{}·{}{asked}",
            line.code,
            line.name,
            line.house,
            line.needs.join(",")
        );
        let homes = pages
            .iter()
            .filter(|page| page.packed().contains(&packed(&row)));
        assert_eq!(homes.count(), 1, "{row}");
    }
}

#[test]
fn each_page_of_the_tick_list_says_what_its_boxes_are_and_whose_list_it_is() {
    let pages = thirty_lines();
    for (at, page) in pages.iter().enumerate() {
        for words in ["มี", "ไม่พบ", "แก้ไข", "ช่วยแล้ว", "450905-69-0012"]
        {
            assert!(page.has(words), "{words} on page {}", at + 1);
        }
        let foot = format!("หน้า{}จาก3", at + 1);
        assert!(page.packed().contains(&foot), "{foot} in {}", page.packed());
    }
    for words in ["ผู้ใหญ่บ้าน", "เจ้าหน้าที่ผู้รับใบ", "เจ้าหน้าที่ผู้บันทึก"]
    {
        assert!(pages[2].has(words), "{words} at the end");
    }
    assert!(!pages[0].has("เจ้าหน้าที่ผู้รับใบ"));
}

#[test]
fn names_house_numbers_and_codes_are_not_cut_where_they_fit() {
    let list = samples::tick_list(30);
    let pages = thirty_lines();
    let calls = samples::call_list(12);
    let called = laid_out(
        Template::CallList,
        crate::call_list::values(&calls).unwrap(),
    );
    let whole = |pages: &[Page], text: &str| {
        for part in text.split(' ') {
            assert!(pages.iter().any(|page| page.has(part)), "{part}");
        }
    };
    for line in &list.lines {
        whole(pages, &line.name);
        whole(pages, &line.house);
    }
    for row in &calls.rows {
        for cell in [0, 1, 2, 4] {
            whole(&called, &row[cell]);
        }
    }
}

#[test]
fn a_moment_and_a_need_are_in_one_line_and_a_need_too_wide_for_it_breaks() {
    let shift = laid_out(
        Template::Shift,
        crate::shift::values(&samples::shift()).unwrap(),
    );
    assert!(shift[0].has("23 พ.ย. 23:41"));

    let mut list = samples::tick_list(2);
    list.lines[0].needs = ["ขนย้ายสิ่งของ", "อาหารและน้ำดื่ม", "ยาประจำตัว"]
        .map(Into::into)
        .to_vec();
    list.lines[1].needs = vec!["อาหารและน้ำดื่ม".repeat(6)];
    let pages = laid_out(Template::TickList, crate::tick_list::values(&list).unwrap());
    nothing_leaves_the_paper(&pages, 12.0);
    for need in ["ขนย้ายสิ่งของ,", "อาหารและน้ำดื่ม,", "ยาประจำตัว"]
    {
        assert!(pages[0].has(need), "{need}");
    }
    assert!(!pages[0].has(&list.lines[1].needs[0]));
}

#[test]
fn prose_breaks_between_words_and_stays_in_its_column() {
    let mut page = samples::shift();
    let words = "ถนนเข้าหมู่บ้านถูกน้ำตัดขาดรถเล็กผ่านไม่ได้ชาวบ้านกำลังช่วยกันทำสะพานชั่วคราว".repeat(3);
    page.notes = vec![words.clone()];
    let pages = laid_out(Template::Shift, crate::shift::values(&page).unwrap());
    nothing_leaves_the_paper(&pages, 14.0);
    let lines = pages
        .iter()
        .flat_map(|page| &page.runs)
        .filter(|run| words.contains(run.text.trim()));
    assert!(lines.count() > 1);
    assert!(
        pages
            .iter()
            .any(|page| page.packed().contains(&packed(&words)))
    );
}

#[test]
fn three_slips_are_on_a_page_and_a_visit_with_many_needs_has_more_room() {
    let pages = laid_out(
        Template::Slips,
        crate::slips::values(&samples::slips()).unwrap(),
    );
    assert_eq!(pages.len(), 2);
    for (page, slips) in [(0, 0..3), (1, 3..4)] {
        for slip in slips {
            let number = format!("450905-69-{:05}", 120 + slip);
            assert!(pages[page].has(&number), "{number}");
        }
    }
    // A visit to several needs names the number of each.
    for serial in 1..=7 {
        let number = format!("450905-69-00123-{serial:02}");
        assert!(pages[1].has(&number), "{number}");
    }
    nothing_leaves_the_paper(&pages, 12.0);
    let apart = pages[0].y_of("450905-69-00121") - pages[0].y_of("450905-69-00120");
    assert!((apart - 99.0).abs() < 0.1, "{apart}");
}

#[test]
fn every_letter_of_the_forms_has_a_drawing() {
    let forms = [
        laid_out(
            Template::TickList,
            crate::tick_list::values(&samples::tick_list(3)).unwrap(),
        ),
        laid_out(
            Template::Slips,
            crate::slips::values(&samples::slips()).unwrap(),
        ),
        laid_out(
            Template::Shift,
            crate::shift::values(&samples::shift()).unwrap(),
        ),
        laid_out(
            Template::CallList,
            crate::call_list::values(&samples::call_list(3)).unwrap(),
        ),
    ];
    for run in forms.iter().flatten().flat_map(|page| &page.runs) {
        assert!(run.drawn, "{run:?}");
    }
}
