//! Terms for full-text search in Thai, where words have no spaces between them.
//!
//! The usual tokenizers throw vowels and tones away or cannot find two letters; pairs of letters
//! asked for as a phrase find exactly what a substring search finds. Both sides are made here, so
//! that they cannot drift apart. Tone marks do not count on either side: clerks leave them out and
//! put them wrong. It must not know which columns are searched.

use crate::text::{self, Dangling};

/// The terms to store for `text`: the pairs of neighbouring letters of every word and then its last
/// letter, separated by spaces, so that one letter alone is found wherever it stands.
///
/// `45/2` is two words; a phone number is one only if it is passed as digits alone.
pub fn index_terms(text: &str) -> String {
    words(text)
        .iter()
        .map(|word| match word.as_slice() {
            [.., _, last] => format!("{} {last}", pairs(word)),
            _ => pairs(word),
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The FTS5 `MATCH` expression for what a person typed: every word must occur somewhere inside a
/// word of the stored text. `None` when there is nothing to search for.
pub fn query(text: &str) -> Option<String> {
    let phrases: Vec<String> = words(text)
        .iter()
        .map(|word| {
            let quoted = format!("\"{}\"", pairs(word));
            // One letter is the beginning of a pair, or the last of a word.
            if word.len() == 1 {
                format!("{quoted}*")
            } else {
                quoted
            }
        })
        .collect();
    if phrases.is_empty() {
        None
    } else {
        Some(phrases.join(" AND "))
    }
}

fn pairs(word: &[char]) -> String {
    if word.len() == 1 {
        return word.iter().collect();
    }
    word.windows(2)
        .map(|pair| pair.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The words of the normalised text in lower case. Marks without a letter are kept: a search may
/// begin in the middle of a syllable.
fn words(text: &str) -> Vec<Vec<char>> {
    // Letter by letter: the lower case of a whole text depends on where a word ends (final sigma).
    // `ๅ` is one with `า` here: a search that begins with it would not see the `ฤ` before it.
    let lower: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .replace('ๅ', "า");
    let mut settled = text::settle(&lower, Dangling::Keep);
    settled.retain(|letter| !is_tone(letter));
    // Marks that a tone stood between are neighbours now.
    text::settle(&settled, Dangling::Keep)
        .split(|letter: char| !is_searchable(letter))
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().collect())
        .collect()
}

const fn is_tone(letter: char) -> bool {
    matches!(letter, '\u{0E48}'..='\u{0E4B}')
}

fn is_searchable(letter: char) -> bool {
    letter.is_alphanumeric() || text::is_mark(letter) || matches!(letter, '\u{0300}'..='\u{036F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_word_becomes_its_pairs() {
        assert_eq!(index_terms("สมชาย"), "สม มช ชา าย ย");
        assert_eq!(index_terms("ส ใจ"), "ส ใจ จ");
        assert_eq!(index_terms("๔๕/2"), "45 5 2");
        assert_eq!(index_terms("ที่ ABC"), "ที ี ab bc c");
        assert_eq!(index_terms(" -/. "), "");
    }

    #[test]
    fn a_search_is_a_phrase_for_every_word() {
        assert_eq!(query("สมช ใจ").as_deref(), Some("\"สม มช\" AND \"ใจ\""));
        assert_eq!(query("ส").as_deref(), Some("\"ส\"*"));
        assert_eq!(query("45/2").as_deref(), Some("\"45\" AND \"2\"*"));
        assert_eq!(query("  \" * ( "), None);
        assert_eq!(query(""), None);
    }

    #[test]
    fn spellings_that_look_alike_are_searched_alike() {
        assert_eq!(query("น\u{0E4D}\u{0E49}าย้อย"), query("น้ำย้อย"));
        assert_eq!(query("เเก้ว"), query("แก้ว"));
    }

    #[test]
    fn a_forgotten_or_misplaced_tone_mark_is_forgiven() {
        assert_eq!(query("เหลาทองมา"), query("เหล่าทองมา"));
        assert_eq!(index_terms("ค้ำคูณ"), index_terms("คำคูณ"));
    }

    #[test]
    fn a_search_may_begin_in_the_middle_of_a_syllable() {
        assert_eq!(query("\u{0E49}อย").as_deref(), Some("\"อย\""));
        assert_eq!(index_terms("ฤๅษี"), "ฤา าษ ษ\u{0E35} \u{0E35}");
        assert_eq!(query("ๅษี").as_deref(), Some("\"าษ ษ\u{0E35}\""));
        assert_eq!(query("ำนวย").as_deref(), Some("\"ำน นว วย\""));
    }

    fn contains_in_a_row(stored: &str, searched: &str) -> bool {
        let stored: Vec<&str> = stored.split(' ').collect();
        let searched: Vec<&str> = searched.split(' ').collect();
        stored
            .windows(searched.len())
            .any(|window| window == searched)
    }

    proptest! {
        #[test]
        fn any_part_of_a_word_is_found_in_it(
            text in "\\PC*|[\u{0E01}-\u{0E5B} ]*|[กนฤๆเแาำๅ\u{0E34}\u{0E38}\u{0E47}-\u{0E4D} ]*",
            from in any::<prop::sample::Index>(),
            to in any::<prop::sample::Index>(),
        ) {
            for word in words(&text).iter().filter(|word| word.len() >= 2) {
                let from = from.index(word.len() - 1);
                let to = from + 2 + to.index(word.len() - from - 1);
                let part: String = word[from..to].iter().collect();
                let asked = query(&part);
                prop_assert!(asked.is_some(), "{part:?}");
                let phrase = asked.unwrap_or_default();
                prop_assert!(contains_in_a_row(&pairs(word), phrase.trim_matches('"')), "{part:?}");
            }
        }

        #[test]
        fn what_was_typed_and_what_is_kept_of_it_have_the_same_terms(text in any::<String>()) {
            prop_assert_eq!(index_terms(&text::clean(&text)), index_terms(&text));
        }

        #[test]
        fn no_text_breaks_out_of_its_quotes(text in any::<String>()) {
            if let Some(asked) = query(&text) {
                for phrase in asked.split(" AND ") {
                    let inside = phrase.trim_end_matches('*');
                    let inside = inside.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                    prop_assert!(inside.is_some_and(|inside| !inside.contains('"')));
                }
            }
        }
    }
}
