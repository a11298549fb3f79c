//! One spelling for one word: what is kept of a typed text, and the keys that are compared.
//!
//! Unicode normalisation does not unify Thai (`น้ำ` and `นํ้า` differ under NFC and NFKC; `แ` may be
//! typed as two `เ`), so every comparison, sort and search goes through the keys made here. Nothing
//! here knows whether a text is a name, a village or a note.
//!
//! Latin letters with separate accents are not composed: the keys are for Thai, and composing needs
//! the whole Unicode table. The Thai part of NFC (the order of marks) is done below.

const SARA_AA: char = 'า';
const SARA_AM: char = 'ำ';
const NIKHIT: char = '\u{0E4D}';
const MAITAIKHU: char = '\u{0E47}';
const THANTHAKHAT: char = '\u{0E4C}';
const LAKKHANGYAO: char = 'ๅ';
const MAIYAMOK: char = 'ๆ';

/// What is kept of what a person typed: letters and digits as they are, without what cannot be seen.
///
/// Control characters (except the line break), bidirectional controls, zero-width characters, the
/// byte order mark and the soft hyphen go; tabs and every kind of space become one plain space.
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => out.push('\n'),
            _ if letter.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            _ if letter.is_control() || is_invisible(letter) => {}
            _ => out.push(letter),
        }
    }
    out.trim().to_owned()
}

/// The key under which two spellings of the same word are equal. Idempotent.
///
/// One line; Thai digits become 0-9; the case of Latin letters is kept.
pub fn normalize(text: &str) -> String {
    settle(text, Dangling::Drop)
}

/// The looser key for finding likely spellings: [`normalize`] without tone marks, silenced letters
/// (`์` and its consonant), `็`, spaces and dots, in lower case. Idempotent.
pub fn skeleton(text: &str) -> String {
    let mut out: Vec<char> = Vec::new();
    for letter in normalize(text).chars() {
        match letter {
            THANTHAKHAT => {
                while out.last().is_some_and(|last| is_mark(*last)) {
                    out.pop();
                }
                if out.last().is_some_and(|last| is_consonant(*last)) {
                    out.pop();
                }
            }
            MAITAIKHU | ' ' | '.' => {}
            _ if is_tone(letter) => {}
            _ => out.extend(letter.to_lowercase()),
        }
    }
    // Letters that were apart have met: two `เ` across a space are one `แ` now.
    normalize(&out.into_iter().collect::<String>())
}

/// `๐`-`๙` written as 0-9; everything else as it is.
pub fn arabic_digits(text: &str) -> String {
    text.chars().map(arabic_digit).collect()
}

/// 0-9 written as `๐`-`๙`; everything else as it is.
pub fn thai_digits(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '0' => '๐',
            '1' => '๑',
            '2' => '๒',
            '3' => '๓',
            '4' => '๔',
            '5' => '๕',
            '6' => '๖',
            '7' => '๗',
            '8' => '๘',
            '9' => '๙',
            _ => letter,
        })
        .collect()
}

/// What becomes of a mark that has no letter to sit on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dangling {
    /// A stored text: the mark is a slip of the finger.
    Drop,
    /// A searched text: the letter before it may simply not have been typed.
    Keep,
}

/// The whole pipeline, letter by letter: `out` is a finished key after every step, which is why
/// running it a second time changes nothing.
pub(crate) fn settle(text: &str, dangling: Dangling) -> String {
    let mut out: Vec<char> = Vec::with_capacity(text.len() / 2);
    for letter in text.chars() {
        // Line breaks and tabs are controls and white space; here they separate words.
        if letter.is_whitespace() {
            // The space around `ๆ` is free in Thai.
            if out
                .last()
                .is_some_and(|last| *last != ' ' && *last != MAIYAMOK)
            {
                out.push(' ');
            }
            continue;
        }
        if letter.is_control() || is_invisible(letter) {
            continue;
        }
        let last = out.last().copied();
        match arabic_digit(letter) {
            LAKKHANGYAO if matches!(last, Some('ฤ' | 'ฦ')) => out.push(LAKKHANGYAO),
            LAKKHANGYAO | SARA_AA => add_sara_aa(&mut out),
            'เ' if last == Some('เ') => {
                out.pop();
                if out.last() != Some(&'แ') {
                    out.push('แ');
                }
            }
            vowel @ ('แ' | 'โ' | 'ใ' | 'ไ' | 'ะ') if last == Some(vowel) => {}
            MAIYAMOK => {
                if last == Some(' ') {
                    out.pop();
                }
                out.push(MAIYAMOK);
            }
            mark if is_mark(mark) || mark == SARA_AM => {
                if last == Some(' ') && out.len() > 1 && carries_mark(out[out.len() - 2]) {
                    out.pop();
                }
                if dangling == Dangling::Keep || !matches!(out.last(), None | Some(' ')) {
                    add_mark(&mut out, mark);
                }
            }
            other => out.push(other),
        }
    }
    if out.last() == Some(&' ') {
        out.pop();
    }
    out.into_iter().collect()
}

/// Adds a mark to the marks already at the end, in the one order they are written in: vowels by code
/// point, the tone (the last one typed), `์`, and `ำ` behind them all.
fn add_mark(out: &mut Vec<char>, mark: char) {
    let start = out
        .iter()
        .rposition(|letter| !is_in_run(*letter))
        .map_or(0, |at| at + 1);
    let mut run = out.split_off(start);
    if is_tone(mark) {
        run.retain(|other| !is_tone(*other));
    }
    if mark == SARA_AM {
        run.retain(|other| *other != NIKHIT);
    }
    let already_there = run.contains(&mark) || (mark == NIKHIT && run.contains(&SARA_AM));
    if !already_there {
        run.push(mark);
    }
    run.sort_unstable_by_key(|letter| (rank(*letter), *letter));
    out.append(&mut run);
}

/// `า` behind a nikhit is the other spelling of `ำ`.
fn add_sara_aa(out: &mut Vec<char>) {
    let in_run = out.iter().rev().take_while(|letter| is_in_run(**letter));
    if in_run.into_iter().any(|letter| *letter == NIKHIT) {
        add_mark(out, SARA_AM);
    } else if out.last() != Some(&SARA_AA) {
        out.push(SARA_AA);
    }
}

fn rank(mark: char) -> u8 {
    match mark {
        // Phinthu first: so it stays in canonical order (its class is below that of the vowels).
        '\u{0E3A}' => 0,
        '\u{0E48}'..='\u{0E4B}' => 2,
        THANTHAKHAT | '\u{0E4E}' => 3,
        SARA_AM => 4,
        _ => 1,
    }
}

fn arabic_digit(letter: char) -> char {
    match letter {
        '๐' => '0',
        '๑' => '1',
        '๒' => '2',
        '๓' => '3',
        '๔' => '4',
        '๕' => '5',
        '๖' => '6',
        '๗' => '7',
        '๘' => '8',
        '๙' => '9',
        _ => letter,
    }
}

/// `ก`-`ฮ`, with `ฤ` and `ฦ`, which carry marks in misspelt words and stand like consonants.
pub(crate) fn is_consonant(letter: char) -> bool {
    matches!(letter, 'ก'..='ฮ')
}

/// A Thai sign above or below a letter.
pub(crate) fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{0E31}' | '\u{0E34}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}')
}

fn is_tone(letter: char) -> bool {
    matches!(letter, '\u{0E48}'..='\u{0E4B}')
}

fn is_in_run(letter: char) -> bool {
    is_mark(letter) || letter == SARA_AM
}

fn carries_mark(letter: char) -> bool {
    is_consonant(letter) || is_in_run(letter)
}

/// Soft hyphen, zero-width characters, bidirectional controls, byte order mark.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{00AD}'
            | '\u{061C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
    )
}

/// Whether a written word can begin with this letter: no mark, no vowel that follows its consonant.
pub(crate) fn begins_word(letter: char) -> bool {
    letter.is_alphanumeric() && !is_in_run(letter) && !matches!(letter, 'ะ' | 'า' | 'ๅ' | 'ๆ' | 'ฯ')
}

/// A letter that stands on the line, not a mark on another.
pub(crate) fn is_base(letter: char) -> bool {
    letter.is_alphanumeric() && !is_mark(letter)
}

#[cfg(test)]
mod tests;
