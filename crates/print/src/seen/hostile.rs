//! What somebody might write, or send, to break a page.

use std::collections::BTreeSet;

use super::{Page, laid_out, nothing_leaves_the_paper, packed};
use crate::engine::Template;
use crate::{Asks, Cells, Column, Section, samples};

/// What somebody might write, or send, to break a page.
fn hostile() -> Vec<String> {
    let mut texts = vec![
        r##"#panic("x") *หนา* [กล่อง] "อัญประกาศ" \ $x^2$ @ref <label> // /* `raw` _ต่ำ_ ~ #read("/etc/passwd")"##.to_owned(),
        "#{ while true {} }".to_owned(),
        "A".repeat(400),
        "ก".repeat(400),
        "กี่".repeat(133),
        "W/-".repeat(133),
        "ก".to_owned() + &"้".repeat(200),
        "น้ำท่วม".repeat(57),
        "https://example.test/".to_owned() + &"a".repeat(300),
    ];
    texts.push("\u{202e}กลับ\r\nบรรทัด\u{0}".to_owned());
    texts
}

#[test]
fn nothing_in_a_field_is_a_command() {
    let text = &hostile()[0];
    let mut list = samples::tick_list(1);
    list.lines[0].name.clone_from(text);
    list.lines[0].needs = vec![text.clone()];
    list.lines[0].asks = Asks::Help {
        who: text.clone(),
        when: text.clone(),
    };
    list.village.clone_from(text);
    let pages = laid_out(Template::TickList, crate::tick_list::values(&list).unwrap());
    let seen: String = pages.iter().map(Page::packed).collect();
    // Village, name, need, who, when; and the village again at the foot of each page.
    assert_eq!(
        seen.matches(&packed(text)).count(),
        5 + pages.len(),
        "{seen}"
    );
}

#[test]
fn no_text_runs_off_a_form_or_is_lost() {
    let texts = hostile();
    let shown: String = texts.concat().replace(['\u{202e}', '\u{0}'], "");
    // A row may go on overleaf, so each letter is counted, not the whole.
    let all_there = |pages: &[Page], margin_mm: f64| {
        nothing_leaves_the_paper(pages, margin_mm);
        let seen: String = pages.iter().map(Page::packed).collect();
        for letter in packed(&shown).chars().collect::<BTreeSet<char>>() {
            let count = |text: &str| text.matches(letter).count();
            assert!(count(&seen) >= count(&shown), "{letter}: {seen}");
        }
    };

    let mut list = samples::tick_list(texts.len() * 2);
    for (line, text) in list.lines.iter_mut().zip(&texts) {
        line.name.clone_from(text);
        line.house.clone_from(text);
    }
    for (line, text) in list.lines[texts.len()..].iter_mut().zip(&texts) {
        line.needs = vec![text.clone(); 2];
    }
    all_there(
        &laid_out(Template::TickList, crate::tick_list::values(&list).unwrap()),
        12.0,
    );

    let mut slips = samples::slips();
    slips.slips = (0..texts.len()).map(samples::slip).collect();
    for (slip, text) in slips.slips.iter_mut().zip(&texts) {
        slip.person.clone_from(text);
        slip.paragraphs = vec![text.clone(); 3];
    }
    all_there(
        &laid_out(Template::Slips, crate::slips::values(&slips).unwrap()),
        12.0,
    );

    let mut page = samples::shift();
    page.notes.clone_from(&texts);
    page.sections = vec![samples::section("ทดลอง", 99, texts.len(), "")];
    for (row, text) in page.sections[0].rows.iter_mut().zip(&texts) {
        row[1].clone_from(text);
        row[5].clone_from(text);
    }
    all_there(
        &laid_out(Template::Shift, crate::shift::values(&page).unwrap()),
        14.0,
    );

    let mut calls = samples::call_list(texts.len());
    for (row, text) in calls.rows.iter_mut().zip(&texts) {
        row[3].clone_from(text);
    }
    all_there(
        &laid_out(
            Template::CallList,
            crate::call_list::values(&calls).unwrap(),
        ),
        14.0,
    );
}

#[test]
fn heads_and_feet_hold_the_longest_words_there_can_be() {
    for long in ["A".repeat(400), "ที่".repeat(133), "หมู่บ้าน ".repeat(44)] {
        let cut = |letters| long.chars().take(letters).collect::<String>();
        let title = cut(crate::TITLE_LETTERS_MAX);
        let (short, number) = (cut(crate::HEAD_LETTERS_MAX), cut(crate::NUMBER_LETTERS_MAX));
        let head = crate::Head {
            office: short.clone(),
            incident: short.clone(),
            printed: short.clone(),
        };
        let list = crate::TickList {
            head: head.clone(),
            number: number.clone(),
            village: short.clone(),
            headman: long.clone(),
            ..samples::tick_list(1)
        };
        let pages = laid_out(Template::TickList, crate::tick_list::values(&list).unwrap());
        nothing_leaves_the_paper(&pages, 12.0);

        let mut slips = samples::slips();
        slips.head = head.clone();
        slips.call_back.clone_from(&long);
        slips.slips[0].number.clone_from(&number);
        let slip = &mut slips.slips[0];
        for field in [
            &mut slip.volunteer,
            &mut slip.house,
            &mut slip.village,
            &mut slip.landmark,
            &mut slip.deadline,
        ] {
            field.clone_from(&long);
        }
        slip.needs[0].name.clone_from(&long);
        let pages = laid_out(Template::Slips, crate::slips::values(&slips).unwrap());
        nothing_leaves_the_paper(&pages, 12.0);

        let mut page = crate::ShiftPage {
            head: head.clone(),
            from: long.clone(),
            to: long.clone(),
            hands_over: long.clone(),
            takes_over: long.clone(),
            ..samples::shift()
        };
        page.figures[0] = crate::Figure {
            name: long.clone(),
            value: long.clone(),
            change: long.clone(),
        };
        page.sections[0].title.clone_from(&long);
        page.sections[0].columns[0].title.clone_from(&title);
        let pages = laid_out(Template::Shift, crate::shift::values(&page).unwrap());
        nothing_leaves_the_paper(&pages, 14.0);

        let calls = crate::CallList {
            head,
            title: short.clone(),
            asks: long.clone(),
            caller: long.clone(),
            ticks: vec![title; 5],
            ..samples::call_list(1)
        };
        let pages = laid_out(
            Template::CallList,
            crate::call_list::values(&calls).unwrap(),
        );
        nothing_leaves_the_paper(&pages, 14.0);
    }
}

#[test]
fn a_line_taller_than_a_page_goes_on_overleaf() {
    let mut list = samples::tick_list(2);
    list.lines[0].needs = vec!["น้ำท่วม".repeat(57); 12];
    let pages = laid_out(Template::TickList, crate::tick_list::values(&list).unwrap());
    nothing_leaves_the_paper(&pages, 12.0);
    let seen: String = pages.iter().map(Page::packed).collect();
    assert_eq!(seen.matches("ท่วม").count(), 57 * 12);
}

#[test]
fn twelve_narrow_columns_still_hold_their_words() {
    let mut page = samples::shift();
    page.sections = vec![Section {
        title: "ตารางกว้าง".into(),
        count: 1,
        columns: (0..12)
            .map(|_| Column {
                title: "ความต้องการ".into(),
                cells: Cells::Whole,
            })
            .collect(),
        rows: vec![vec![
            "นางสาวประกายดาว พงษ์วัฒนาสวรรค์".into();
            12
        ]],
        more: 0,
    }];
    let pages = laid_out(Template::Shift, crate::shift::values(&page).unwrap());
    nothing_leaves_the_paper(&pages, 14.0);
}
