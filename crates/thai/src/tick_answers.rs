//! What a clerk keys from a ticked list: codes and answers in one box, in whatever way it comes.
//!
//! `12AK ok, 12CT ไม่พบ`, `12AK1 12CT2`, a code a line with a note after it, small letters, gaps, Thai
//! digits, the keyboard on the other language: a hand that keys thirty lines does not stop for the
//! form. It must not know what a code is: the caller says of a word whether it is one. Nothing is
//! guessed silently; what was understood is shown before anything is done, so whatever is odd comes
//! out as an entry with something missing and never as part of another one.

mod answers;
mod words;

pub use self::answers::read_answer;
use self::{
    answers::says_more,
    words::{Gap, Word, begins_on_digit_keys, is_number_key},
};
use crate::keyboard;

/// What a word of an answer is. Which box that is depends on what the line asks: `ใช่` to "is it true?"
/// is another box than `ใช่` to "has help come?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    /// มี: he is there.
    Found,
    NotFound,
    Amend,
    /// Help has come.
    Helped,
    /// Help has not come, or not all of it.
    NotHelped,
    /// Yes, to whatever is asked.
    Yes,
    /// No, to whatever is asked.
    No,
}

/// What a word is to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The number of a list: what follows is about that list.
    List,
    /// A code that stands on some list.
    Printed,
    /// A code whose check holds.
    Sound,
    /// The signs of a code with a check that does not hold.
    Wrong,
    /// Anything else.
    Nothing,
}

/// What stands where the answer belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    Tick(Tick),
    Missing,
    /// Words that are no answer, or two answers.
    Unknown,
}

/// One line as keyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// The piece as typed, to the letter.
    pub text: String,
    /// The list that was named before it.
    pub list: Option<String>,
    /// The code as understood, for the caller to read; or what stood in its place.
    pub code: String,
    pub answer: Answered,
    /// The rest: the headman's note.
    pub note: Option<String>,
}

/// Reads the whole box. `fit` is asked about words without gaps, as typed or as they are on the
/// other layout of the keyboard.
#[must_use]
pub fn read(typed: &str, fit: &dyn Fn(&str) -> Fit) -> Vec<Keyed> {
    let words = words::words(typed, fit);
    let mut reader = Reader {
        typed,
        fit,
        words: &words,
        at: 0,
        from: 0,
        list: None,
        keyed: Vec::new(),
    };
    while reader.at < words.len() {
        reader.step();
    }
    reader.keyed
}

impl Keyed {
    /// Its answer, and the word of it where that says more than the box.
    fn answered(&mut self, tick: Tick, word: &Word) {
        self.answer = Answered::Tick(tick);
        if says_more(&word.text) {
            self.note = Some(word.text.clone());
        }
    }
}

struct Reader<'a> {
    typed: &'a str,
    fit: &'a dyn Fn(&str) -> Fit,
    words: &'a [Word],
    at: usize,
    /// Where the entry that is being read begins.
    from: usize,
    list: Option<String>,
    keyed: Vec<Keyed>,
}

/// A code found in the words.
struct Found {
    words: usize,
    code: String,
    /// What was glued to it.
    glued: Option<Tick>,
    fit: Fit,
    /// It was typed on the other layout.
    mended: bool,
}

impl Reader<'_> {
    /// Reads on from one word.
    fn step(&mut self) {
        let word = &self.words[self.at];
        let starts = word.gap != Gap::Space || self.keyed.is_empty();
        if starts && self.heading() {
            return;
        }
        let last = self.keyed.last();
        let open = last.is_some_and(|last| last.answer == Answered::Missing);
        // `12AK, ok`: the answer of the code before.
        if open && let Some((tick, words)) = self.answer() {
            self.take(words, |last, word| last.answered(tick, word));
            return;
        }
        if let Some(found) = self.code(!starts) {
            self.begin(found);
            return;
        }
        let last = self.keyed.last();
        let goes_on = match word.gap {
            Gap::Space => last.is_some(),
            // A comma inside the headman's note.
            Gap::Comma => !open && last.is_some() && begins_in_thai(&word.text),
            Gap::Line => false,
        };
        if goes_on {
            self.take(1, add_to_rest);
        } else {
            self.open(word.text.clone(), Answered::Unknown);
            self.take(1, |_, _| ());
        }
    }

    /// `ม.5-69-012:` or `ใบ ม.5-69-012`.
    fn heading(&mut self) -> bool {
        let named = |at: usize| -> Option<String> {
            let word = self.words.get(at)?.text.trim_matches([':', '(', ')']);
            ((self.fit)(word) == Fit::List).then(|| word.to_string())
        };
        let leads = ["ใบ", "ใบที่", "เลขที่", "รายการ"].contains(&self.words[self.at].text.as_str());
        let (number, words) = match (named(self.at), leads) {
            (Some(number), _) => (number, 1),
            (None, true) => match named(self.at + 1) {
                Some(number) => (number, 2),
                None => return false,
            },
            (None, false) => return false,
        };
        self.list = Some(number);
        self.at += words;
        // What follows the number begins anew, also after a mere space.
        if self.at < self.words.len()
            && let Some(found) = self.code(false)
        {
            self.begin(found);
        }
        true
    }

    fn begin(&mut self, found: Found) {
        self.open(
            found.code,
            found.glued.map_or(Answered::Missing, Answered::Tick),
        );
        self.take(found.words, |_, _| ());
        let next = self.words.get(self.at);
        let Some(next) = next.filter(|next| found.glued.is_none() && next.gap == Gap::Space) else {
            return;
        };
        let answer = self.answer().or_else(|| {
            let key = keyboard::to_latin(&next.text);
            let tick = (found.mended && is_number_key(&key)).then(|| read_answer(&key));
            Some((tick.flatten()?, 1))
        });
        if let Some((tick, words)) = answer {
            self.take(words, |last, word| last.answered(tick, word));
        }
    }

    /// Begins an entry at the next word.
    fn open(&mut self, code: String, answer: Answered) {
        self.from = self
            .words
            .get(self.at)
            .map_or(self.typed.len(), |word| word.from);
        self.keyed.push(Keyed {
            text: String::new(),
            list: self.list.clone(),
            code,
            answer,
            note: None,
        });
    }

    /// Gives the next words to the entry that is being read.
    fn take(&mut self, words: usize, with: impl Fn(&mut Keyed, &Word)) {
        for word in self.words.iter().skip(self.at).take(words) {
            if let Some(last) = self.keyed.last_mut() {
                last.text = self.typed[self.from..word.to].to_string();
                with(last, word);
            }
        }
        self.at += words;
    }

    /// Words from here on with nothing but spaces between, at most `max`, run together.
    fn joined(&self, max: usize) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for (index, word) in self.words.iter().skip(self.at).take(max).enumerate() {
            if index > 0 && word.gap != Gap::Space {
                break;
            }
            let before = all.last().map_or("", String::as_str);
            all.push(format!("{before}{}", word.text));
        }
        all
    }

    /// The answer that begins here, and how many words it is: `ไม่ พบ`, `not found`.
    fn answer(&self) -> Option<(Tick, usize)> {
        let joined = self.joined(3).into_iter().enumerate().rev();
        joined
            .filter(|(_, text)| text.len() <= LETTERS_MAX)
            .find_map(|(index, text)| Some((read_answer(&text)?, index + 1)))
    }

    /// The code that begins here. Within a note, only what can hardly be anything else.
    fn code(&self, in_note: bool) -> Option<Found> {
        let mut unsure = None;
        for (index, joined) in self.joined(4).into_iter().enumerate() {
            if joined.len() > LETTERS_MAX {
                break;
            }
            let last = &self.words[self.at + index];
            let swallows_answer = index > 0 && read_answer(&last.text).is_some();
            for (code, glued, mended) in splits(&joined) {
                let found = Found {
                    words: index + 1,
                    fit: (self.fit)(&code),
                    code,
                    glued,
                    mended: mended || last.mended,
                };
                match found.fit {
                    Fit::Printed => return Some(found),
                    _ if mended || swallows_answer => {}
                    Fit::Sound if !in_note => return Some(found),
                    Fit::Sound | Fit::Wrong if unsure.is_none() => unsure = Some(found),
                    _ => {}
                }
            }
        }
        let found = unsure?;
        let digits = found.code.chars().any(char::is_numeric);
        let next = self.words.get(self.at + found.words);
        let answered = found.glued.is_some()
            || next.is_some_and(|next| next.gap == Gap::Space && read_answer(&next.text).is_some());
        let surely = if found.words == 1 {
            digits || answered
        } else {
            digits && answered
        };
        (surely || found.words == 1 && !in_note).then_some(found)
    }
}

/// No code with an answer is longer than this many bytes.
const LETTERS_MAX: usize = 120;

/// A word as a code, as a code with an answer glued to it (`12AK1`, `12AK=ok`, `12AKไม่พบ`), and the
/// same as it is on the other layout (`true`).
fn splits(word: &str) -> Vec<(String, Option<Tick>, bool)> {
    let mut splits = Vec::new();
    let latin = keyboard::to_latin(word);
    let other = (!word.is_ascii() || begins_on_digit_keys(word)) && latin != word;
    for (text, mended) in [(word, false), (latin.as_str(), true)] {
        if mended && !other {
            continue;
        }
        let bare = text.trim_matches([':', '(', ')', '=', '.', '-']);
        splits.push((bare.to_string(), None, mended));
        let cut = bare
            .char_indices()
            .filter(|(_, letter)| letter.is_alphanumeric())
            .nth(4)
            .map(|(at, _)| at);
        if let Some(cut) = cut
            && let Some(tick) = read_answer(&bare[cut..])
        {
            let code = bare[..cut].trim_end_matches([':', '=', '-', '(', '.']);
            splits.push((code.to_string(), Some(tick), mended));
        }
    }
    splits
}

fn add(text: &mut String, word: &Word) {
    if !text.is_empty() {
        text.push_str(if word.gap == Gap::Comma { ", " } else { " " });
    }
    text.push_str(&word.text);
}

/// What two answers on one line come to, where they are the same one: `ใช่ ได้รับแล้ว`.
fn both(one: Tick, other: Tick) -> Option<Tick> {
    let said = |plain: Tick, clear: &[Tick]| {
        let named = [one, other].into_iter().find(|tick| clear.contains(tick));
        named.filter(|_| one == plain || other == plain)
    };
    if one == other {
        return Some(one);
    }
    said(Tick::Yes, &[Tick::Found, Tick::Helped])
        .or_else(|| said(Tick::No, &[Tick::NotFound, Tick::NotHelped]))
}

/// A word after the code and the answer: the note, or what is not understood where the answer
/// belongs.
fn add_to_rest(last: &mut Keyed, word: &Word) {
    match last.answer {
        Answered::Missing => last.answer = Answered::Unknown,
        // A second box ticked on one line is for the clerk to look at.
        Answered::Tick(tick) if last.note.is_none() => {
            if let Some(other) = read_answer(&word.text) {
                let both = both(tick, other);
                last.answer = both.map_or(Answered::Unknown, Answered::Tick);
                if both.is_some() {
                    return;
                }
            }
        }
        _ => {}
    }
    add(last.note.get_or_insert_default(), word);
}

fn begins_in_thai(word: &str) -> bool {
    word.chars()
        .next()
        .is_some_and(|first| ('ก'..='ฮ').contains(&first) || ('เ'..='ไ').contains(&first))
}

#[cfg(test)]
mod tests;
