//! The words of a written date: months, eras, and what may stand beside them. It must not know numbers.

use super::{DateError, MONTHS, MONTHS_SHORT};

/// The months as people say them, January first.
pub(super) const MONTHS_SPOKEN: [&str; 12] = [
    "มกรา",
    "กุมภา",
    "มีนา",
    "เมษา",
    "พฤษภา",
    "มิถุนา",
    "กรกฎา",
    "สิงหา",
    "กันยา",
    "ตุลา",
    "พฤศจิกา",
    "ธันวา",
];

pub(super) const MONTHS_ENGLISH: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words that carry nothing: "วันเสาร์ที่ 25 เดือนธันวาคม ปี พ.ศ. 2564".
const FILLERS: [&str; 13] = [
    "วัน",
    "ที่",
    "เดือน",
    "ปี",
    "เวลา",
    "อาทิตย์",
    "จันทร์",
    "อังคาร",
    "พุธ",
    "พฤหัสบดี",
    "พฤหัส",
    "ศุกร์",
    "เสาร์",
];

const BUDDHIST: [&str; 3] = ["พุทธศักราช", "พศ", "be"];
const CHRISTIAN: [&str; 4] = ["คริสต์ศักราช", "คศ", "ad", "ce"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    Buddhist,
    Christian,
}

/// What the words between the numbers said.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The month, and before which number of the text it stood.
    pub(super) month: Option<(i8, usize)>,
    pub(super) era: Option<Era>,
    pub(super) english: bool,
    /// "ปี 64": a year of two digits that is called a year.
    pub(super) year_is_named: bool,
}

/// Reads the words of one gap; a word that is not known makes the text unreadable.
pub(super) fn read_gap(
    gap: &str,
    index: usize,
    numbers: usize,
    words: &mut Words,
) -> Result<(), DateError> {
    let letters: String = gap.chars().filter(|c| is_letter(*c)).collect();
    if gap.contains(|c: char| !is_letter(c) && !is_separator(c)) {
        return Err(DateError::Unreadable);
    }
    if letters.is_empty() {
        let is_outside = index == 0 || index == numbers;
        let allowed = if is_outside {
            gap.is_empty()
        } else {
            gap.chars().count() <= 1
        };
        return if allowed {
            Ok(())
        } else {
            Err(DateError::Unreadable)
        };
    }
    let mut rest = letters.as_str();
    while !rest.is_empty() {
        rest = read_word(rest, index, words).ok_or(DateError::Unreadable)?;
    }
    Ok(())
}

/// Takes the longest known word off the front; none when it is unknown or said twice.
fn read_word<'a>(text: &'a str, index: usize, words: &mut Words) -> Option<&'a str> {
    if let Some((month, english, rest)) = take_month(text) {
        if words.month.is_some() {
            return None;
        }
        words.month = Some((month, index));
        words.english = english;
        return Some(rest);
    }
    let take = |list: &[&str]| list.iter().find_map(|word| text.strip_prefix(word));
    for (list, era) in [
        (&BUDDHIST[..], Era::Buddhist),
        (&CHRISTIAN[..], Era::Christian),
    ] {
        if let Some(rest) = take(list) {
            words.year_is_named = true;
            return words.era.replace(era).is_none().then_some(rest);
        }
    }
    let rest = take(&FILLERS)?;
    words.year_is_named |= text.starts_with("ปี");
    Some(rest)
}

/// The month at the front of letters without dots, whether it is English, and what follows.
fn take_month(text: &str) -> Option<(i8, bool, &str)> {
    for (number, index) in (1_i8..).zip(0..12) {
        let full = MONTHS[index];
        let short: String = MONTHS_SHORT[index].chars().filter(|c| *c != '.').collect();
        let english = MONTHS_ENGLISH[index];
        let thai = text
            .strip_prefix(full)
            // The silent mark of กุมภาพันธ์ is the one people leave off.
            .or_else(|| text.strip_prefix(full.trim_end_matches('์')))
            .or_else(|| text.strip_prefix(MONTHS_SPOKEN[index]))
            .or_else(|| text.strip_prefix(&short));
        if let Some(rest) = thai {
            return Some((number, false, rest));
        }
        if let Some(rest) = text
            .strip_prefix(english)
            .or_else(|| text.strip_prefix(&english[..3]))
        {
            return Some((number, true, rest));
        }
    }
    None
}

pub(super) fn is_letter(c: char) -> bool {
    c.is_ascii_lowercase() || matches!(c, 'ก'..='\u{0E3A}' | 'เ'..='\u{0E4E}')
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '/' | '-' | '.' | ',' | '\u{2010}'..='\u{2015}')
}
