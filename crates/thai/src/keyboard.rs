//! What was meant when the keyboard was in the other language: Kedmanee on QWERTY keys.
//!
//! Clerks type a whole name before they look up. The table is the Kedmanee layout of the Thai
//! keyboards sold in Thailand (TIS 820). It must not guess whether a text was a slip; callers ask
//! for it when a search without Thai letters finds nothing.

/// The keys in the order of the keyboard, four rows, without and with shift.
const LATIN: [&str; 8] = [
    "`1234567890-=",
    "~!@#$%^&*()_+",
    "qwertyuiop[]\\",
    "QWERTYUIOP{}|",
    "asdfghjkl;'",
    "ASDFGHJKL:\"",
    "zxcvbnm,./",
    "ZXCVBNM<>?",
];

const THAI: [&str; 8] = [
    "_ๅ/-ภถ\u{0E38}\u{0E36}คตจขช",
    "%+๑๒๓๔\u{0E39}฿๕๖๗๘๙",
    "ๆไ\u{0E33}พะ\u{0E31}\u{0E35}รนยบลฃ",
    "๐\"ฎฑธ\u{0E4D}\u{0E4A}ณฯญฐ,ฅ",
    "ฟหกดเ\u{0E49}\u{0E48}าสวง",
    "ฤฆฏโฌ\u{0E47}\u{0E4B}ษศซ.",
    "ผปแอ\u{0E34}\u{0E37}ทมใฝ",
    "()ฉฮ\u{0E3A}\u{0E4C}?ฒฬฦ",
];

/// The Thai letters on the keys that give `text` in English: `l,=kp` is `สมชาย`.
pub fn to_thai(text: &str) -> String {
    text.chars()
        .map(|letter| same_key(letter, &LATIN, &THAI))
        .collect()
}

/// The Latin letters on the keys that give `text` in Thai.
pub fn to_latin(text: &str) -> String {
    text.chars()
        .map(|letter| same_key(letter, &THAI, &LATIN))
        .collect()
}

/// The letter on the same key of the other layout; a letter that is on no key stays.
fn same_key(letter: char, from: &[&str], to: &[&str]) -> char {
    for (from_row, to_row) in from.iter().zip(to) {
        if let Some(at) = from_row.chars().position(|key| key == letter) {
            return to_row.chars().nth(at).unwrap_or(letter);
        }
    }
    letter
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_typed_on_the_wrong_layout_is_read() {
        assert_eq!(to_thai("l,=kp"), "สมชาย");
        assert_eq!(to_thai("fkc"), "ดาแ");
        assert_eq!(to_thai("ohe"), "น้ำ");
        assert_eq!(to_thai("s,^jmuj"), "หมู่ที่");
        assert_eq!(to_latin("สมชาย"), "l,=kp");
    }

    #[test]
    fn letters_on_no_key_stay() {
        assert_eq!(to_thai("ก é\n"), "ก é\n");
        assert_eq!(to_latin("abc ไทย"), "abc wmp");
    }

    #[test]
    fn every_key_has_its_own_letter_in_both_layouts() {
        for (latin, thai) in LATIN.iter().zip(THAI) {
            assert_eq!(latin.chars().count(), thai.chars().count(), "{latin}");
        }
        let mut thai: Vec<char> = THAI.iter().flat_map(|row| row.chars()).collect();
        thai.sort_unstable();
        thai.dedup();
        assert_eq!(thai.len(), 94);
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same(text in "[ -~]*") {
            prop_assert_eq!(to_latin(&to_thai(&text)), text);
        }

        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            prop_assert_eq!(to_thai(&text).chars().count(), text.chars().count());
            prop_assert_eq!(to_latin(&text).chars().count(), text.chars().count());
        }
    }
}
