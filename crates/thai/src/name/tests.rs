use proptest::prelude::*;

use super::*;

fn parts(text: &str) -> (String, String, String) {
    let name = split(text);
    (name.title, name.given, name.family)
}

fn assert_split(text: &str, title: &str, given: &str, family: &str) {
    assert_eq!(
        parts(text),
        (title.to_owned(), given.to_owned(), family.to_owned()),
        "{text}"
    );
}

#[test]
fn a_name_with_a_title_is_split() {
    assert_split("นายสมชาย ใจดี", "นาย", "สมชาย", "ใจดี");
    assert_split("นาย สมชาย  ใจดี", "นาย", "สมชาย", "ใจดี");
    assert_split("นางสาวสมศรี ใจดี", "นางสาว", "สมศรี", "ใจดี");
    assert_split("น.ส.สมศรี ใจดี", "นางสาว", "สมศรี", "ใจดี");
    assert_split("น. ส. สมศรี ใจดี", "นางสาว", "สมศรี", "ใจดี");
    assert_split("นส.สมศรี", "นางสาว", "สมศรี", "");
    assert_split("นสสมศรี ใจดี", "นางสาว", "สมศรี", "ใจดี");
    assert_split("ด.ช.ก้อง ใจดี", "เด็กชาย", "ก้อง", "ใจดี");
    assert_split("ด.ญ. แก้ว ณ อยุธยา", "เด็กหญิง", "แก้ว", "ณ อยุธยา");
    assert_split("คุณ สมชาย", "คุณ", "สมชาย", "");
    assert_split("นาย สมชาย", "นาย", "สมชาย", "");
    assert_split("นายเเก้ว ใจดี", "นาย", "แก้ว", "ใจดี");
}

#[test]
fn a_rank_is_a_title() {
    assert_split("ร.ต.อ.สมชาย ใจดี", "ร้อยตำรวจเอก", "สมชาย", "ใจดี");
    assert_split("ร.ต.อ. หญิง สมศรี ใจดี", "ร้อยตำรวจเอกหญิง", "สมศรี", "ใจดี");
    assert_split("ร.ต. หญิง ใจดี", "ร้อยตรี", "หญิง", "ใจดี");
    assert_split("ร.ต. อรุณ ใจดี", "ร้อยตรี", "อรุณ", "ใจดี");
    assert_split("ว่าที่ ร.ต.สมชาย ใจดี", "ว่าที่ร้อยตรี", "สมชาย", "ใจดี");
    assert_split("ว่าที่ ร.ต.หญิงสมศรี ใจดี", "ว่าที่ร้อยตรีหญิง", "สมศรี", "ใจดี");
    assert_split("ว่าที่ร้อยตรีสมชาย ใจดี", "ว่าที่ร้อยตรี", "สมชาย", "ใจดี");
    assert_split("จ.ส.อ. สมชาย ใจดี", "จ่าสิบเอก", "สมชาย", "ใจดี");
    assert_split("พ.ต.ท.สมชาย", "พันตำรวจโท", "สมชาย", "");
}

#[test]
fn several_titles_are_all_read() {
    assert_split("ผศ.ดร.สมชาย ใจดี", "ผู้ช่วยศาสตราจารย์ ดอกเตอร์", "สมชาย", "ใจดี");
    assert_split("กำนัน นายสมชาย ใจดี", "กำนัน นาย", "สมชาย", "ใจดี");
}

#[test]
fn a_name_that_begins_like_a_title_stays_whole() {
    assert_split("นายก อบต. โคกสว่าง", "", "นายก", "อบต. โคกสว่าง");
    assert_split("นายกเทศมนตรี สมชาย", "", "นายกเทศมนตรี", "สมชาย");
    assert_split("นายกอบต. สมชาย", "", "นายกอบต.", "สมชาย");
    assert_split("นางนวล", "", "นางนวล", "");
    assert_split("คุณากร ใจดี", "", "คุณากร", "ใจดี");
    assert_split("คุณสมบัติ ใจดี", "", "คุณสมบัติ", "ใจดี");
    assert_split("พระพาย ใจดี", "", "พระพาย", "ใจดี");
    assert_split("นพดล ใจดี", "", "นพดล", "ใจดี");
    assert_split("พอใจ ใจดี", "", "พอใจ", "ใจดี");
    assert_split("ดรุณี ใจดี", "", "ดรุณี", "ใจดี");
    assert_split("นาย", "", "นาย", "");
}

#[test]
fn a_title_never_ends_before_a_mark() {
    assert_split("นางสาวิตรี ใจดี", "นาง", "สาวิตรี", "ใจดี");
    assert_split("นายาวี ใจดี", "", "นายาวี", "ใจดี");
}

#[test]
fn a_title_is_read_in_every_form() {
    for (typed, full) in [
        ("นาย", "นาย"),
        ("น.ส.", "นางสาว"),
        ("นส.", "นางสาว"),
        ("นส", "นางสาว"),
        ("น. ส.", "นางสาว"),
        ("นางสาว", "นางสาว"),
        ("ด.ช.", "เด็กชาย"),
        ("ดช", "เด็กชาย"),
        ("ด.ญ.", "เด็กหญิง"),
        ("ว่าที่ ร.ต.", "ว่าที่ร้อยตรี"),
        ("ว่าที่ ร.ต.(หญิง)", "ว่าที่ร้อยตรีหญิง"),
        ("ว่าที่ ร.ต. หญิง", "ว่าที่ร้อยตรีหญิง"),
        ("จ.ส.อ.", "จ่าสิบเอก"),
        ("ร.ต.อ.", "ร้อยตำรวจเอก"),
        ("พ.ต.ท.", "พันตำรวจโท"),
        ("จ.ส.ต.", "จ.ส.ต."),
        ("พระ", "พระ"),
        ("กำนัน", "กำนัน"),
        ("ก\u{0E4D}านัน", "กำนัน"),
        ("ผญบ.", "ผู้ใหญ่บ้าน"),
        ("ผญบ", "ผู้ใหญ่บ้าน"),
        ("อสม.", "อาสาสมัครสาธารณสุขประจำหมู่บ้าน"),
        ("ดร.", "ดอกเตอร์"),
        ("นพ.", "นายแพทย์"),
        ("พญ.", "แพทย์หญิง"),
    ] {
        assert_eq!(read_title(typed), Some(full), "{typed}");
    }
    for no_title in ["", ".", "สมชาย", "นายสมชาย", "ว่าที่", "นพ"]
    {
        assert_eq!(read_title(no_title), None, "{no_title}");
    }
}

#[test]
fn every_full_title_reads_as_itself() {
    for full in title::all_full() {
        assert_eq!(read_title(full), Some(full));
    }
}

#[test]
fn a_name_of_nothing_is_refused() {
    for nothing in [
        "",
        "  ",
        ".",
        "...",
        "-",
        "– —",
        "\u{200B}\u{FEFF}",
        "\u{0E48}",
    ] {
        assert_eq!(check(nothing), Err(NameError::Empty), "{nothing:?}");
    }
    assert_eq!(NameError::Empty.code(), "name_empty");
}

#[test]
fn the_longest_name_has_two_hundred_letters() {
    assert_eq!(check(&"ก".repeat(200)), Ok("ก".repeat(200)));
    assert_eq!(check(&"ก".repeat(201)), Err(NameError::TooLong));
    assert_eq!(NameError::TooLong.code(), "name_too_long");
    assert_eq!(
        check(" นาย\u{00A0}สมชาย\u{200B}  "),
        Ok("นาย สมชาย".to_owned())
    );
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in any::<String>()) {
        let name = split(&text);
        prop_assert_eq!(name.given.is_empty(), text::normalize(&text).is_empty());
        let _ = read_title(&text);
        if let Ok(once) = check(&text) {
            prop_assert_eq!(check(&once), Ok(once));
        }
    }

    #[test]
    fn no_letter_of_a_name_without_a_title_is_lost(
        given in "[ก-ฮ][า-ี]?[ก-ฮ]{0,5}",
        family in "[ก-ฮ]{2,6}",
    ) {
        let text = format!("{given} {family}");
        let name = split(&text);
        if name.title.is_empty() {
            prop_assert_eq!(format!("{} {}", name.given, name.family), text::normalize(&text));
        }
    }

    #[test]
    fn a_title_apart_from_the_name_is_always_split(
        at in 0usize..5,
        given in "[ก-ฮ]{2,6}",
        family in "[ก-ฮ]{2,6}",
    ) {
        let full = ["นาย", "นาง", "นางสาว", "เด็กชาย", "เด็กหญิง"][at];
        let name = split(&format!("{full} {given} {family}"));
        prop_assert_eq!(name, PersonName { title: full.to_owned(), given, family });
    }
}
