use proptest::prelude::*;

use super::*;

#[test]
fn spellings_that_look_alike_have_one_key() {
    for (typed, key) in [
        ("น\u{0E4D}\u{0E49}าใจ", "น้ำใจ"),
        ("น\u{0E49}\u{0E4D}าใจ", "น้ำใจ"),
        ("น\u{0E33}\u{0E49}ใจ", "น้ำใจ"),
        ("น้ำใจ", "น้ำใจ"),
        ("ท\u{0E48}\u{0E35}", "ที่"),
        ("ท\u{0E35}\u{0E48}\u{0E35}", "ที่"),
        ("ผ\u{0E49}\u{0E39}", "ผู้"),
        ("พันธ\u{0E4C}\u{0E38}", "พันธุ์"),
        ("ก\u{0E4D}าลัง", "กำลัง"),
        ("เเก้ว", "แก้ว"),
        ("ฤๅษี", "ฤๅษี"),
        ("มๅ", "มา"),
        ("มาา", "มา"),
        ("แแก้ว", "แก้ว"),
        ("ท\u{0E35}\u{0E35}่", "ที่"),
        ("ก\u{0E49}\u{0E48}า", "ก่า"),
        ("\u{0E48}กา \u{0E49}", "กา"),
        ("ท \u{0E35}\u{0E48}", "ที่"),
        ("ต่าง ๆ นานา", "ต่างๆนานา"),
        ("ต่างๆนานา", "ต่างๆนานา"),
        ("กรุงเทพฯ", "กรุงเทพฯ"),
        ("หมู่ ๑๒", "หมู่ 12"),
        ("สม\u{200B}ชาย\u{FEFF}", "สมชาย"),
        ("  สมชาย\u{00A0}\u{00A0}ใจดี\n", "สมชาย ใจดี"),
        ("สมชาย\tใจดี", "สมชาย ใจดี"),
        ("Somchai", "Somchai"),
    ] {
        assert_eq!(normalize(typed), key, "{typed:?}");
    }
}

#[test]
fn spellings_that_differ_in_tone_or_silenced_letters_share_a_skeleton() {
    for (one, other) in [
        ("พิเชษฐ์", "พิเชษ"),
        ("กลางประพันธ์", "กลางประพัน"),
        ("จันทร์", "จันท"),
        ("พันธุ์", "พัน"),
        ("โคกสว่าง", "โคกสวาง"),
        ("เพ็ญ", "เพญ"),
        ("ด.ช. สมชาย", "ดชสมชาย"),
        ("SOMCHAI", "somchai"),
    ] {
        assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
    }
    assert_ne!(skeleton("สมชาย"), skeleton("สมชัย"));
}

#[test]
fn what_cannot_be_seen_is_not_kept_and_letters_are() {
    assert_eq!(
        clean(" น\u{0E4D}\u{0E49}า \u{00A0} ๕\u{200B}\u{0007} "),
        "น\u{0E4D}\u{0E49}า ๕"
    );
    assert_eq!(clean("บ้าน\r\nโคก\tสว่าง"), "บ้าน\nโคก สว่าง");
    assert_eq!(clean("\u{202E}กข\u{202C}\u{00AD}"), "กข");
    assert_eq!(clean("เเ"), "เเ");
}

#[test]
fn digits_go_both_ways() {
    assert_eq!(arabic_digits("๐๑๒๓๔๕๖๗๘๙ ข้อ"), "0123456789 ข้อ");
    assert_eq!(thai_digits("0123456789 ข้อ"), "๐๑๒๓๔๕๖๗๘๙ ข้อ");
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing(text in "\\PC*|[\u{0E01}-\u{0E5B} .a\u{0301}\u{200B}]*|[กนฤๆเแาำๅ\u{0E34}\u{0E38}\u{0E3A}\u{0E47}-\u{0E4D} ]*") {
        let once = normalize(&text);
        prop_assert_eq!(normalize(&once), once);
    }

    #[test]
    fn a_skeleton_is_its_own_skeleton(text in "\\PC*|[\u{0E01}-\u{0E5B} .A]*|[กนฤๆเแาำๅ\u{0E34}\u{0E38}\u{0E47}-\u{0E4D} .]*") {
        let once = skeleton(&text);
        prop_assert_eq!(skeleton(&once), once);
    }

    #[test]
    fn cleaning_twice_changes_nothing(text in any::<String>()) {
        let once = clean(&text);
        prop_assert_eq!(clean(&once), once);
    }

    #[test]
    fn cleaning_does_not_change_the_key(text in any::<String>()) {
        prop_assert_eq!(normalize(&clean(&text)), normalize(&text));
    }

    #[test]
    fn digits_written_in_thai_read_back(text in "[0-9a-zก-ฮ /-]*") {
        prop_assert_eq!(arabic_digits(&thai_digits(&text)), text);
    }
}
