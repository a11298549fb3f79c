//! The words people put for each box of a line.

use super::Tick;
use crate::{keyboard, text};

/// Words for each answer; compared without spaces, in small letters.
pub(super) const WORDS: [(Tick, &[&str]); 7] = [
    (
        Tick::Found,
        &["1", "มี", "มีอยู่", "พบ", "พบแล้ว", "เจอ", "found"],
    ),
    (
        Tick::Yes,
        &[
            "ok",
            "okay",
            "โอเค",
            "มีจริง",
            "จริง",
            "ใช่",
            "ถูก",
            "ถูกต้อง",
            "yes",
            "true",
            "✓",
        ],
    ),
    (Tick::NotFound, &["2", "ไม่พบ", "ไม่เจอ", "notfound"]),
    (Tick::No, &["no", "none", "ไม่มี", "ไม่จริง", "ไม่ใช่", "ไม่มีจริง"]),
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
            "ถึงแล้ว",
            "done",
            "helped",
        ],
    ),
    (
        Tick::NotHelped,
        &[
            "5",
            "ยัง",
            "ยังไม่ได้",
            "ยังไม่ได้รับ",
            "ไม่ได้รับ",
            "ไม่ได้",
            "ไม่ถึง",
            "ยังไม่ถึง",
            "ไม่ครบ",
            "ได้ไม่ครบ",
            "ไม่มา",
            "ยังไม่มา",
            "บางส่วน",
            "nothelped",
            "notcome",
        ],
    ),
];

/// Words that are themselves worth keeping: they say how it did not come.
const SAY_MORE: [&str; 6] = ["ไม่ถึง", "ยังไม่ถึง", "ไม่ครบ", "ได้ไม่ครบ", "ไม่มา", "บางส่วน"];

/// Whether the word of an answer says more than the box.
pub(super) fn says_more(word: &str) -> bool {
    SAY_MORE
        .iter()
        .any(|more| text::normalize(more) == text::normalize(word))
}

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
