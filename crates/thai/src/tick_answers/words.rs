//! The box as words: where each stands, what stands before it, and what was meant where the keyboard
//! was on the other language. It must not know which words belong together.

use super::{
    Fit,
    answers::{WORDS, read_answer},
};
use crate::{keyboard, text};

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    Space,
    Comma,
    Line,
}

/// A word of the box: where it stands in what was typed, and how it is read.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) gap: Gap,
    pub(super) text: String,
    /// It was typed on the other layout and stands here as it was meant.
    pub(super) mended: bool,
}

/// Answers with a comma on the keys of their letters: `w,jr[` is `ไม่พบ`. Longest first.
fn answers_with_commas() -> Vec<(String, &'static str)> {
    let mut slips: Vec<(String, &str)> = WORDS
        .iter()
        .flat_map(|(_, words)| words.iter())
        .map(|word| (keyboard::to_latin(word), *word))
        .filter(|(keys, _)| keys.contains(ENDS) && keys.len() > 2)
        .collect();
    slips.sort_by_key(|(keys, _)| std::cmp::Reverse(keys.len()));
    slips
}

/// What ends an entry within a line.
const ENDS: [char; 2] = [',', ';'];

fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || ENDS.contains(&letter)
}

/// The words of the box, each with the gap before it. A word typed on the wrong layout, where the
/// comma is a letter, may be several.
pub(super) fn words(typed: &str, fit: &dyn Fn(&str) -> Fit) -> Vec<Word> {
    let slips = answers_with_commas();
    let mut words: Vec<Word> = Vec::new();
    let (mut at, mut gap) = (0, Gap::Line);
    while let Some(letter) = typed.get(at..).and_then(|rest| rest.chars().next()) {
        if ends_word(letter) {
            gap = match letter {
                '\n' => Gap::Line,
                _ if ENDS.contains(&letter) && gap == Gap::Space => Gap::Comma,
                _ => gap,
            };
            at += letter.len_utf8();
            continue;
        }
        let (to, text) = word_at(typed, at, &slips);
        let text = text::clean(&text);
        let after_mended = words.last().is_some_and(|before| before.mended);
        if let Some(parts) = on_the_other_layout(&text, after_mended, fit) {
            // Letter for key: a part is as many letters of what was typed.
            let mut from = at;
            for part in parts {
                let ends = nth_letter(typed, from, part.chars().count()).min(to);
                if !part.is_empty() {
                    words.push(Word {
                        from,
                        to: ends,
                        gap,
                        text: part,
                        mended: true,
                    });
                    gap = Gap::Comma;
                }
                from = nth_letter(typed, ends, 1).min(to);
            }
            // The keys of comma and semicolon.
            if !typed[at..to].ends_with(['ม', 'ว']) {
                gap = Gap::Space;
            }
        } else if !text.is_empty() {
            words.push(Word {
                from: at,
                to,
                gap,
                text,
                mended: false,
            });
            gap = Gap::Space;
        }
        at = to;
    }
    words
}

/// The word that begins at `at`: where it ends, and its text with an answer mended.
fn word_at(typed: &str, at: usize, slips: &[(String, &str)]) -> (usize, String) {
    let rest = &typed[at..];
    for (offset, letter) in rest.char_indices() {
        let here = &rest[offset..];
        let slip = slips.iter().find(|(keys, _)| {
            here.strip_prefix(keys.as_str())
                .is_some_and(|after| after.chars().next().is_none_or(ends_word))
        });
        if let Some((keys, word)) = slip {
            return (
                at + offset + keys.len(),
                format!("{}{word}", &rest[..offset]),
            );
        }
        if ends_word(letter) {
            return (at + offset, rest[..offset].to_string());
        }
    }
    (typed.len(), rest.to_string())
}

/// Where the `count`-th letter from `at` on begins.
fn nth_letter(typed: &str, at: usize, count: usize) -> usize {
    typed[at..]
        .char_indices()
        .nth(count)
        .map_or(typed.len(), |(offset, _)| at + offset)
}

/// A word that begins with what no Thai word begins with: the keys of digits.
pub(super) fn begins_on_digit_keys(word: &str) -> bool {
    word.starts_with(['ๅ', '/', '-', '\u{e38}', '\u{e36}'])
}

pub(super) fn is_number_key(word: &str) -> bool {
    matches!(word, "1" | "2" | "3" | "4" | "5")
}

/// `ๅ/ฟาๅม` is `12AK1,`: its parts between commas, an empty one where it ends with a comma. Only what comes
/// out as codes and number keys throughout is taken so: Thai words stay as they are.
fn on_the_other_layout(
    word: &str,
    after_mended: bool,
    fit: &dyn Fn(&str) -> Fit,
) -> Option<Vec<String>> {
    let on_digits = begins_on_digit_keys(word);
    if !on_digits && (word.is_ascii() || read_answer(word).is_some()) {
        return None;
    }
    let parts: Vec<String> = keyboard::to_latin(word)
        .split([',', ';'])
        .map(ToString::to_string)
        .collect();
    let (mut codes, mut printed) = (0, 0);
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let glued = part
            .char_indices()
            .next_back()
            .and_then(|(at, _)| is_number_key(&part[at..]).then(|| &part[..at]));
        match (fit(part), glued.map_or(Fit::Nothing, fit)) {
            (Fit::Printed, _) | (_, Fit::Printed) => printed += 1,
            (Fit::Sound | Fit::Wrong, _) | (_, Fit::Sound | Fit::Wrong) => codes += 1,
            _ if is_number_key(part) => {}
            _ => return None,
        }
    }
    let any = parts.iter().any(|part| !part.is_empty());
    let sure = printed > 0 || on_digits && (codes > 0 || after_mended);
    (any && sure).then_some(parts)
}
