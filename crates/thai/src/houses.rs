//! Reads the houses somebody answers for as offices write them: `1-10, 12, 15/2 ม.5`, one village or
//! several, and writes them in one form: `1-10,12,15/2`.
//!
//! It refuses what it does not understand, with the piece; it never guesses, for a list that was
//! half understood sends somebody to the wrong door. It must not know which villages there are.
//!
//! A number with a stroke (`15/2`) is a house built later beside number 15. Whoever counts out
//! `1-20` to a volunteer means the houses along that row, so 15/2 is among them; it needs to be named
//! only when somebody answers for 15/2 and not for 15.

use std::fmt;

use crate::{place, text};

mod written;

pub use written::{Written, read};

/// Houses of one run, at most: more is a slip of the finger (`1-10000`).
pub const RUN_HOUSES_MAX: u32 = 2_000;
/// Numbers with a stroke in one list, at most.
const PARTS_MAX: usize = 500;
/// No house has a larger number.
const NUMBER_MAX: u32 = 99_999;

/// Why a list of houses was not understood, each with the piece of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HousesError {
    /// Not a house number, a run, a village or a word that goes with them.
    #[error("a piece of the list cannot be read")]
    Unreadable(String),
    /// `10-1`.
    #[error("a run of houses ends before it begins")]
    Reversed(String),
    /// `1-10000`.
    #[error("a run of too many houses")]
    TooMany(String),
    /// `ม.5, 12` or `3,4 ม.5, 6`: the houses of which village?
    #[error("it is not clear which village a piece belongs to")]
    VillageUnclear(String),
    /// A village number that is none of 1 to 99.
    #[error("the village number cannot be read")]
    MooUnreadable(String),
}

impl HousesError {
    /// The stable code that the catalogue of words knows.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "houses_unreadable",
            Self::Reversed(_) => "houses_reversed",
            Self::TooMany(_) => "houses_too_many",
            Self::VillageUnclear(_) => "houses_village_unclear",
            Self::MooUnreadable(_) => "moo_unreadable",
        }
    }

    /// What was not understood, as it was written.
    #[must_use]
    pub fn piece(&self) -> &str {
        match self {
            Self::Unreadable(piece)
            | Self::Reversed(piece)
            | Self::TooMany(piece)
            | Self::VillageUnclear(piece)
            | Self::MooUnreadable(piece) => piece,
        }
    }
}

/// A house number: `15`, `15/2`, `15ก`, `15/2ก`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HouseNo {
    /// Before the stroke; 1 to 99,999.
    pub number: u32,
    /// Behind the stroke.
    pub part: Option<u32>,
    /// A consonant at the end.
    pub letter: Option<char>,
}

impl HouseNo {
    /// A plain number.
    #[must_use]
    pub const fn plain(number: u32) -> Self {
        Self {
            number,
            part: None,
            letter: None,
        }
    }

    /// Whether it is a number without stroke and letter.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.part.is_none() && self.letter.is_none()
    }

    /// Reads the house number of an address, `บ้านเลขที่ ๔๕/๒ ก`; `None` for `ไม่มีเลขที่` and the
    /// like.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let key = place::read_house_no(typed);
        let (house, length) = Self::at_start(&key)?;
        let rest = key[length..].trim_start();
        let mut letters = rest.chars();
        match (letters.next(), letters.next()) {
            (None, _) => Some(house),
            (Some(letter @ 'ก'..='ฮ'), None) if house.letter.is_none() => Some(Self {
                letter: Some(letter),
                ..house
            }),
            _ => None,
        }
    }

    /// The number a text begins with, and its length in bytes.
    fn at_start(key: &str) -> Option<(Self, usize)> {
        let (number, mut length) = whole_at(key)?;
        let mut house = Self::plain(number);
        let behind = &key[length..];
        let stroke = behind.trim_start();
        if let Some(part) = stroke.strip_prefix('/') {
            let digits = part.trim_start();
            let (part, digits_length) = whole_at(digits)?;
            house.part = Some(part);
            length = key.len() - digits.len() + digits_length;
        }
        let mut behind = key[length..].chars();
        // ม is left to the word for a village.
        if let Some(letter @ ('ก'..='ภ' | 'ย'..='ฮ')) = behind.next()
            && behind
                .next()
                .is_none_or(|next| next != '.' && !is_thai(next) && !next.is_ascii_digit())
        {
            house.letter = Some(letter);
            length += letter.len_utf8();
        }
        Some((house, length))
    }
}

impl fmt::Display for HouseNo {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{}", self.number)?;
        if let Some(part) = self.part {
            write!(out, "/{part}")?;
        }
        self.letter.map_or(Ok(()), |letter| write!(out, "{letter}"))
    }
}

/// A number from 1 at the beginning of a text, and its length in bytes.
fn whole_at(key: &str) -> Option<(u32, usize)> {
    let length = key.bytes().take_while(u8::is_ascii_digit).count();
    let number = key[..length].parse().ok()?;
    (1..=NUMBER_MAX)
        .contains(&number)
        .then_some((number, length))
}

fn is_thai(letter: char) -> bool {
    ('\u{0E01}'..='\u{0E4E}').contains(&letter)
}

/// Houses of one village.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Houses {
    /// First and last, in order, apart from each other.
    runs: Vec<(u32, u32)>,
    /// Numbers with a stroke or a letter, in order.
    named: Vec<HouseNo>,
}

impl Houses {
    /// From runs (first and last, both included) and single numbers, in any order.
    #[must_use]
    pub fn new(runs: &[(u32, u32)], single: &[HouseNo]) -> Self {
        let plain = single.iter().filter(|house| house.is_plain());
        let mut all: Vec<_> = runs
            .iter()
            .copied()
            .filter(|(first, last)| first <= last)
            .chain(plain.map(|house| (house.number, house.number)))
            .collect();
        all.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match joined.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => {
                    before.1 = before.1.max(last);
                }
                _ => joined.push((first, last)),
            }
        }
        let mut named: Vec<_> = single
            .iter()
            .copied()
            .filter(|house| !house.is_plain())
            .collect();
        named.sort_unstable();
        named.dedup();
        Self {
            runs: joined,
            named,
        }
    }

    /// Runs of plain numbers: first and last, both included.
    #[must_use]
    pub fn runs(&self) -> &[(u32, u32)] {
        &self.runs
    }

    /// Numbers with a stroke or a letter that the list names.
    #[must_use]
    pub fn named(&self) -> &[HouseNo] {
        &self.named
    }

    /// Whether it names none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.named.is_empty()
    }

    /// How many house numbers it names.
    #[must_use]
    pub fn count(&self) -> u32 {
        let named = u32::try_from(self.named.len()).unwrap_or(u32::MAX);
        let runs = self.runs.iter().map(|(first, last)| last - first + 1);
        runs.fold(named, u32::saturating_add)
    }

    /// Whether a house is among them: named, or its number (of `15/2` and `15ก`: 15) lies in a run.
    #[must_use]
    pub fn has(&self, house: HouseNo) -> bool {
        let run = |(first, last): &(u32, u32)| (*first..=*last).contains(&house.number);
        self.named.contains(&house) || self.runs.iter().any(run)
    }

    /// These and those of another list of the same village.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self::new(
            &[self.runs.as_slice(), &other.runs].concat(),
            &[self.named.as_slice(), &other.named].concat(),
        )
    }

    /// Reads a list of one village, `1-10, 12, 15/2`, without saying which.
    ///
    /// # Errors
    /// As [`read`]; a village in the text is not understood here.
    pub fn read(typed: &str) -> Result<Self, HousesError> {
        let piece = || text::normalize(typed);
        match read(typed)?.as_slice() {
            [one] if one.moo.is_none() && one.village.is_none() => one
                .houses
                .clone()
                .ok_or_else(|| HousesError::Unreadable(piece())),
            _ => Err(HousesError::Unreadable(piece())),
        }
    }
}

impl fmt::Display for Houses {
    /// In order of number, a run of two as its two numbers.
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let mut named = self.named.iter().peekable();
        let mut comma = "";
        let mut put = |out: &mut fmt::Formatter, piece: fmt::Arguments| {
            write!(out, "{comma}{piece}")?;
            comma = ",";
            Ok(())
        };
        for (first, last) in &self.runs {
            while let Some(house) = named.next_if(|house| house.number < *first) {
                put(out, format_args!("{house}"))?;
            }
            match last - first {
                0 => put(out, format_args!("{first}"))?,
                1 => put(out, format_args!("{first},{last}"))?,
                _ => put(out, format_args!("{first}-{last}"))?,
            }
        }
        named.try_for_each(|house| put(out, format_args!("{house}")))
    }
}

#[cfg(test)]
mod tests;
