//! Reads the parts of an address as people write them: village number, house number, area names.
//!
//! It must not know which areas exist; whether ตำบลโคกสว่าง is one of ours is the caller's matter.

use crate::text;

/// Why a part of an address could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// Not a village number from 1 to 99.
    #[error("the village number cannot be read")]
    MooUnreadable,
}

impl PlaceError {
    /// The stable code that the catalogue of words knows.
    pub fn code(&self) -> &'static str {
        match self {
            PlaceError::MooUnreadable => "moo_unreadable",
        }
    }
}

/// Longest first: `หมู่` begins them all.
const MOO_PREFIXES: [&str; 5] = ["หมู่บ้านที่", "หมู่ที่", "หมู่", "ม.", "ม"];

/// The village number (หมู่ที่) of `ม.5`, `หมู่ที่ ๕`, `หมู่ 5`, `05`: 1 to 99, for an area code has
/// two digits for it.
pub fn read_moo(text: &str) -> Result<u8, PlaceError> {
    let key = text::normalize(text);
    let rest = MOO_PREFIXES
        .iter()
        .find_map(|prefix| key.strip_prefix(prefix))
        .unwrap_or(&key);
    let digits = rest.trim();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PlaceError::MooUnreadable);
    }
    match digits.parse::<u8>() {
        Ok(moo @ 1..=99) => Ok(moo),
        Ok(_) | Err(_) => Err(PlaceError::MooUnreadable),
    }
}

/// A house number in one form: 0-9, no `บ้านเลขที่` before it, no spaces beside `/` and `-`.
///
/// Never an error: houses have been numbered `45/2 ก` and `ไม่มีเลขที่` as well.
pub fn read_house_no(text: &str) -> String {
    let key = text::normalize(text);
    let mut number: &str = &key;
    while let Some(rest) = ["บ้านเลขที่", "เลขที่"]
        .iter()
        .find_map(|prefix| number.strip_prefix(prefix))
    {
        number = rest.trim_start_matches([' ', '.', ':']);
    }
    let mut out = String::with_capacity(number.len());
    for letter in number.chars() {
        match letter {
            ' ' if out.ends_with(['/', '-']) => {}
            '/' | '-' => {
                if out.ends_with(' ') {
                    out.pop();
                }
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    out
}

/// Words for a kind of area, `ำ` in both spellings because the text is not rewritten here. Short
/// forms need their dot: `อ` is also the first letter of อ่างทอง.
const AREA_PREFIXES: [&str; 13] = [
    "ตำบล",
    "ต\u{0E4D}าบล",
    "แขวง",
    "อำเภอ",
    "อ\u{0E4D}าเภอ",
    "เขต",
    "จังหวัด",
    "บ้าน",
    "ต.",
    "อ.",
    "จ.",
    "บ.",
    "ม.",
];

/// The name without the word for its kind: `ต.โคกสว่าง` and `ตำบล โคกสว่าง` are `โคกสว่าง`.
///
/// One word is taken off, and never the whole text. A caller that knows the level should try the
/// whole name first: some districts are really called บ้านแพง.
pub fn strip_area_prefix(text: &str) -> &str {
    let text = text.trim();
    AREA_PREFIXES
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .map(str::trim_start)
        .filter(|rest| rest.chars().next().is_some_and(text::begins_word))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_village_number_is_read_in_every_form() {
        for typed in [
            "ม.5",
            "ม. ๕",
            "ม 5",
            "หมู่ที่ ๕",
            "หมู่ที่5",
            "หมู่ 5",
            "หม\u{0E48}\u{0E39} 5",
            "5",
            "05",
            " ๐๕ ",
        ] {
            assert_eq!(read_moo(typed), Ok(5), "{typed}");
        }
        assert_eq!(read_moo("หมู่ที่ 12"), Ok(12));
    }

    #[test]
    fn what_is_no_village_number_is_refused() {
        for typed in [
            "",
            "0",
            "ม.0",
            "หมู่",
            "ห้า",
            "5/1",
            "-5",
            "100",
            "256",
            "5 บ้านโคก",
            "1.5",
        ] {
            let refused = read_moo(typed);
            assert_eq!(refused, Err(PlaceError::MooUnreadable), "{typed}");
        }
        assert_eq!(PlaceError::MooUnreadable.code(), "moo_unreadable");
    }

    #[test]
    fn a_house_number_has_one_form() {
        for (typed, read) in [
            ("๔๕/๒", "45/2"),
            ("45 / 2", "45/2"),
            ("บ้านเลขที่ 45/2", "45/2"),
            ("เลขที่ ๑๒", "12"),
            ("45/2 ก", "45/2 ก"),
            ("ไม่มีเลขที่", "ไม่มีเลขที่"),
            ("", ""),
        ] {
            assert_eq!(read_house_no(typed), read, "{typed}");
        }
    }

    #[test]
    fn the_word_for_the_kind_of_area_is_taken_off() {
        for (typed, name) in [
            ("ต.โคกสว่าง", "โคกสว่าง"),
            ("ต. โคกสว่าง", "โคกสว่าง"),
            ("ตำบลโคกสว่าง", "โคกสว่าง"),
            ("ต\u{0E4D}าบล โคกสว่าง", "โคกสว่าง"),
            ("แขวงบางรัก", "บางรัก"),
            ("อ.หนองพอก", "หนองพอก"),
            ("อำเภอ หนองพอก", "หนองพอก"),
            ("เขตบางรัก", "บางรัก"),
            ("จ.ร้อยเอ็ด", "ร้อยเอ็ด"),
            ("จังหวัดร้อยเอ็ด", "ร้อยเอ็ด"),
            ("บ้านโคกสว่าง", "โคกสว่าง"),
            ("บ.โคกสว่าง", "โคกสว่าง"),
            ("ม.5", "5"),
        ] {
            assert_eq!(strip_area_prefix(typed), name, "{typed}");
        }
    }

    #[test]
    fn a_name_that_only_begins_like_one_stays_whole() {
        for name in [
            "อ่างทอง",
            "ตาก",
            "จันทบุรี",
            "บึงงาม",
            "มหาสารคาม",
            "บ้าน",
            "ต.",
            "",
        ] {
            assert_eq!(strip_area_prefix(name), name);
        }
    }

    proptest! {
        #[test]
        fn every_village_number_reads_back(moo in 1u8..=99) {
            prop_assert_eq!(read_moo(&format!("หมู่ที่ {moo}")), Ok(moo));
            prop_assert_eq!(read_moo(&text::thai_digits(&format!("ม.{moo:02}"))), Ok(moo));
        }

        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            if let Ok(moo) = read_moo(&text) {
                prop_assert!((1..=99).contains(&moo));
            }
            let once = read_house_no(&text);
            prop_assert_eq!(read_house_no(&once), once);
            prop_assert!(text.contains(strip_area_prefix(&text)));
        }

        #[test]
        fn a_house_number_read_twice_is_the_same(text in "(บ้าน)?(เลขที่)?[0-9๐-๙ก-ค /.-]*") {
            let once = read_house_no(&text);
            prop_assert_eq!(read_house_no(&once), once);
        }
    }
}
