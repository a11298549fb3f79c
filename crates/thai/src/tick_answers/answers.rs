//! The words people put for each box of a line.

use super::Tick;
use crate::{keyboard, text};

/// Words for each box; compared without spaces, in small letters.
pub(super) const WORDS: [(Tick, &[&str]); 4] = [
    (
        Tick::Found,
        &[
            "1",
            "ok",
            "okay",
            "โอเค",
            "มี",
            "มีจริง",
            "จริง",
            "ใช่",
            "พบ",
            "พบแล้ว",
            "เจอ",
            "ถูก",
            "ถูกต้อง",
            "yes",
            "found",
            "true",
            "✓",
            "ยังไม่ได้รับ",
            "ไม่ได้รับ",
        ],
    ),
    (
        Tick::NotFound,
        &[
            "2",
            "ไม่พบ",
            "ไม่มี",
            "ไม่เจอ",
            "ไม่จริง",
            "ไม่ใช่",
            "ไม่มีจริง",
            "no",
            "notfound",
            "none",
        ],
    ),
    (
        Tick::Amend,
        &[
            "3",
            "แก้",
            "แก้ไข",
            "ผิด",
            "ตีกลับ",
            "ไม่ถูก",
            "ไม่ถูกต้อง",
            "fix",
            "wrong",
            "amend",
        ],
    ),
    (
        Tick::Helped,
        &[
            "4",
            "ช่วยแล้ว",
            "ช่วยเสร็จแล้ว",
            "เสร็จ",
            "เสร็จแล้ว",
            "ได้รับแล้ว",
            "ได้แล้ว",
            "ได้รับ",
            "done",
            "helped",
        ],
    ),
];

/// The answer a word is, also with the keyboard on the other language.
#[must_use]
pub fn read_answer(word: &str) -> Option<Tick> {
    let key = |word: &str| {
        text::normalize(word)
            .to_lowercase()
            .replace([' ', '.', ':', '=', '(', ')', '-'], "")
    };
    let same = |typed: &str| {
        let all = WORDS.iter();
        all.flat_map(|(tick, words)| words.iter().map(move |word| (*tick, *word)))
            .find(|(_, word)| text::normalize(word) == typed)
            .map(|(tick, _)| tick)
    };
    let plain = key(word);
    if plain.is_empty() {
        return None;
    }
    same(&plain).or_else(|| {
        if plain.is_ascii() {
            same(&key(&keyboard::to_thai(word)))
        } else {
            same(&key(&keyboard::to_latin(word)))
        }
    })
}
