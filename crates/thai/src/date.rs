//! Dates as Thai papers write them, in and out: Buddhist years, Thai digits, Thai months. It exists
//! because no date library reads `๒๕ ธ.ค. ๖๔`. It must not know what the date is of: whether a date may
//! lie in the future is the caller's.
//!
//! Years are plain B.E. = C.E. + 543. Before B.E. 2484 the official year began on 1 April; papers that
//! old are read by a person.

mod words;

use crate::text::{arabic_digits, thai_digits};
use jiff::civil::{Date, Time};
use words::{Era, Words, is_letter, read_gap};

/// The months, January first.
pub const MONTHS: [&str; 12] = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
];

/// The months as forms abbreviate them, January first.
pub const MONTHS_SHORT: [&str; 12] = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
];

/// B.E. minus C.E.
const ERA_YEARS: i16 = 543;
/// A longer cell is prose, not a date.
const LONGEST_CHARS: usize = 120;

/// How much of the date was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// The whole date.
    Day,
    /// Month and year; the date is the first of the month.
    Month,
    /// The year only; the date is 1 January.
    Year,
}

/// A date and how much of it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateReading {
    /// The day in the C.E. calendar.
    pub date: Date,
    /// Which parts of it are true.
    pub precision: Precision,
}

/// A date and, where one was written behind it, the time of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTimeReading {
    /// The day in the C.E. calendar.
    pub date: Date,
    /// Thai local time; only with a date of `Precision::Day`.
    pub time: Option<Time>,
    /// Which parts of the date are true.
    pub precision: Precision,
}

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// No known way of writing a date.
    #[error("not a date")]
    Unreadable,
    /// Written like a date, but the calendar (or the clock) has no such moment: 31/11, 29/02/2569.
    #[error("no such day")]
    Impossible,
    /// The year fits neither era, or contradicts the era written beside it.
    #[error("the year is neither B.E. nor C.E.")]
    YearUnclear,
}

impl DateError {
    /// The stable code of the word catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "date_unreadable",
            Self::Impossible => "date_impossible",
            Self::YearUnclear => "date_year_unclear",
        }
    }
}

/// Reads a date; a time of the day behind it is accepted and left out. Always day before month.
/// `today` only gives the century of a year of two digits: in B.E. 2500 to 2599 they are 25yy.
pub fn read(text: &str, today: Date) -> Result<DateReading, DateError> {
    let DateTimeReading {
        date, precision, ..
    } = read_date_time(text, today)?;
    Ok(DateReading { date, precision })
}

/// Reads a date with an optional time behind it: `10:32`, `10:32:05`, `10.32 น.`.
pub fn read_date_time(text: &str, today: Date) -> Result<DateTimeReading, DateError> {
    if text.chars().nth(LONGEST_CHARS).is_some() {
        return Err(DateError::Unreadable);
    }
    let text: String = arabic_digits(text)
        .to_lowercase()
        .chars()
        .filter(|c| !is_invisible(*c))
        .collect();
    let text = text.trim().trim_start_matches(['\'', '’']).trim_start();
    let (date_text, time) = split_time(text)?;
    let DateReading { date, precision } = read_day(date_text, today)?;
    if time.is_some() && precision != Precision::Day {
        return Err(DateError::Unreadable);
    }
    Ok(DateTimeReading {
        date,
        time,
        precision,
    })
}

/// `25 ธันวาคม 2564`
pub fn format_long(date: Date) -> String {
    format!(
        "{} {} {}",
        date.day(),
        month_name(&MONTHS, date),
        buddhist_year(date)
    )
}

/// `25 ธ.ค. 2564`
pub fn format_short(date: Date) -> String {
    format!(
        "{} {} {}",
        date.day(),
        month_name(&MONTHS_SHORT, date),
        buddhist_year(date)
    )
}

/// `๒๕ ธันวาคม ๒๕๖๔`, for official letters.
pub fn format_long_thai_digits(date: Date) -> String {
    thai_digits(&format_long(date))
}

/// The B.E. year of a date.
pub fn buddhist_year(date: Date) -> i16 {
    date.year() + ERA_YEARS
}

fn month_name(names: &[&'static str; 12], date: Date) -> &'static str {
    let index = usize::try_from(date.month() - 1).unwrap_or_default();
    names[index % 12]
}

/// Parts the time from the date before it. The dotted form needs its `น.`, or it is part of a date.
fn split_time(text: &str) -> Result<(&str, Option<Time>), DateError> {
    let text = text.strip_suffix("+07:00").unwrap_or(text);
    let bare = ["น.", "น", "นาฬิกา"].iter().find_map(|word| {
        let before = text.strip_suffix(word)?.trim_end();
        before
            .ends_with(|c: char| c.is_ascii_digit())
            .then_some(before)
    });
    let body = bare.unwrap_or(text);
    let start = body
        .trim_end_matches(|c: char| c.is_ascii_digit() || c == ':' || c == '.')
        .len();
    let (before, clock) = body.split_at(start);
    if !clock.contains(':') && bare.is_none() {
        return Ok((text, None));
    }
    let time = read_time(clock)?;
    let before = before.trim_end();
    let before = before
        .strip_suffix("เวลา")
        .or_else(|| before.strip_suffix('t'));
    let before = before.unwrap_or_else(|| body[..start].trim_end());
    Ok((
        before.trim_end_matches(|c: char| c == ',' || c.is_whitespace()),
        Some(time),
    ))
}

fn read_time(clock: &str) -> Result<Time, DateError> {
    let mut parts = [0_i8; 3];
    let mut count = 0;
    for part in clock.split([':', '.']) {
        // 10:32:05.000 - what is finer than a second is left out.
        if count == 3 && clock.contains(':') && is_digits(part) {
            break;
        }
        if count == 3 || part.len() > 2 || !is_digits(part) {
            return Err(DateError::Unreadable);
        }
        parts[count] = part.parse().map_err(|_| DateError::Unreadable)?;
        count += 1;
    }
    if count < 2 {
        return Err(DateError::Unreadable);
    }
    Time::new(parts[0], parts[1], parts[2], 0).map_err(|_| DateError::Impossible)
}

fn read_day(text: &str, today: Date) -> Result<DateReading, DateError> {
    let text = text.trim_end_matches(['.', ',']);
    // A year in a number cell, exported as text: 2564.0
    let text = text
        .strip_suffix(".0")
        .filter(|year| is_digits(year))
        .unwrap_or(text);
    let (numbers, gaps) = split_numbers(text);
    let mut words = Words::default();
    for (index, gap) in gaps.iter().enumerate() {
        read_gap(gap, index, numbers.len(), &mut words)?;
    }
    let year_of = |written: &str| read_year(written, &words, today);
    let reading = |year: i16, month: i8, day: i8, precision| {
        let date = Date::new(year, month, day).map_err(|_| DateError::Impossible)?;
        Ok(DateReading { date, precision })
    };

    match (words.month, numbers.as_slice()) {
        (Some((month, 1)), [day, year]) => {
            reading(year_of(year)?, month, read_part(day)?, Precision::Day)
        }
        (Some((month, 0)), [year]) => reading(year_of(year)?, month, 1, Precision::Month),
        // A day and a month, and no year to go with them.
        (Some((_, 1)), [day]) if day.len() <= 2 => Err(DateError::YearUnclear),
        (None, [day, month, year]) if same_separator(gaps[1], gaps[2]) => {
            // 2021-12-25, and what a Thai keyboard makes of it: 2564-12-25.
            let (day, year) = if day.len() == 4 {
                (year, day)
            } else {
                (day, year)
            };
            let (month, day) = (read_part(month)?, read_part(day)?);
            reading(year_of(year)?, month, day, Precision::Day)
        }
        (None, [month, year]) if year.len() == 4 && is_joined(gaps[1]) => {
            reading(year_of(year)?, read_part(month)?, 1, Precision::Month)
        }
        (None, [year, month]) if year.len() == 4 && gaps[1] == "-" => {
            reading(year_of(year)?, read_part(month)?, 1, Precision::Month)
        }
        (None, [year]) if year.len() == 4 || words.year_is_named => {
            reading(year_of(year)?, 1, 1, Precision::Year)
        }
        _ => Err(DateError::Unreadable),
    }
}

/// The runs of digits, and the text before, between and behind them (one more than the runs).
fn split_numbers(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut numbers, mut gaps) = (Vec::new(), Vec::new());
    let mut rest = text;
    loop {
        let start = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        gaps.push(rest[..start].trim());
        rest = &rest[start..];
        if rest.is_empty() {
            return (numbers, gaps);
        }
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        numbers.push(&rest[..end]);
        rest = &rest[end..];
    }
}

/// The C.E. year of what was written.
fn read_year(written: &str, words: &Words, today: Date) -> Result<i16, DateError> {
    let value: i16 = written.parse().map_err(|_| DateError::Unreadable)?;
    match (written.len(), words.era) {
        // 25-Dec-21 comes from an English spreadsheet: 2521 is as wrong as 2021 is a guess.
        (2, Some(Era::Christian)) => Err(DateError::YearUnclear),
        (2, _) if words.english => Err(DateError::YearUnclear),
        (2, _) => Ok(buddhist_year(today).div_euclid(100) * 100 + value - ERA_YEARS),
        (4, None | Some(Era::Buddhist)) if value >= 2400 => Ok(value - ERA_YEARS),
        (4, None | Some(Era::Christian)) if (1900..=2100).contains(&value) => Ok(value),
        (4, _) => Err(DateError::YearUnclear),
        _ => Err(DateError::Unreadable),
    }
}

/// A day or a month: one or two digits.
fn read_part(written: &str) -> Result<i8, DateError> {
    if written.len() > 2 {
        return Err(DateError::Unreadable);
    }
    written.parse().map_err(|_| DateError::Unreadable)
}

/// `25/12/2564` and `25 12 2564`, but not `25-12 64`; where words stand between, they separate.
fn same_separator(first: &str, second: &str) -> bool {
    first == second || first.contains(is_letter) || second.contains(is_letter)
}

/// `12/2564`, `12-2564`, `เดือน 12 ปี 2564`; not `12.2564`, which is a decimal number.
fn is_joined(gap: &str) -> bool {
    matches!(gap, "/" | "-") || gap.contains(is_letter)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200D}' | '\u{FEFF}')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
