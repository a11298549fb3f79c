//! One cell to one value: what spreadsheets do to values, before and around `jitasa-thai`.
//!
//! How Thai is written belongs to `jitasa-thai`; what Excel makes of it (serial days, `.0` behind a
//! number, a house number turned into a date) belongs here. Answers a value or a code, never words;
//! codes of `jitasa-thai` pass through as they are.

use crate::cases::CitizenNumber;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time, date as day};
use jitasa_thai::date::{self, Precision};
use jitasa_thai::{citizen_id, coordinate, name, number, phone, place, text};

/// Text without invisible characters and stray spaces; line breaks stay.
pub(crate) fn tidy(cell: &str) -> String {
    text::clean(cell)
}

/// What offices write into a cell to say that there is nothing.
pub(crate) fn is_nothing(cell: &str) -> bool {
    const WORDS: [&str; 8] = [
        "ไม่มี",
        "ไม่ทราบ",
        "ไม่ระบุ",
        "ไม่มีข้อมูล",
        "n/a",
        "null",
        "none",
        "#n/a",
    ];
    // In bytes: a long note needs no cleaning to be told apart.
    const LONGEST_BYTES: usize = 60;
    if cell.len() > LONGEST_BYTES {
        return cell.trim().is_empty();
    }
    let key = loose_key(cell);
    key.chars()
        .all(|c| matches!(c, '-' | '–' | '—' | '.' | '_'))
        || WORDS.contains(&key.as_str())
}

/// Spelling in which two writings of one Thai word are equal.
pub(crate) fn spelling(cell: &str) -> String {
    text::normalize(cell)
}

/// [`spelling`] without spaces and capital letters, to look a word up.
pub(crate) fn loose_key(cell: &str) -> String {
    spelling(cell)
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// `25 ธ.ค. 2564`
pub(crate) fn be_date(day: Date) -> String {
    date::format_short(day)
}

/// `25 ธ.ค. 2564 06:00 น.`
pub(crate) fn be_date_time(at: DateTime) -> String {
    format!(
        "{} {:02}:{:02} น.",
        be_date(at.date()),
        at.hour(),
        at.minute()
    )
}

pub(crate) struct ReadDate {
    pub(crate) date: Date,
    pub(crate) time: Option<Time>,
    /// Code of what was put right.
    pub(crate) fix: Option<&'static str>,
}

/// A whole date, perhaps with a time: as people write it, or as Excel counts days.
pub(crate) fn date(cell: &str, today: Date) -> Result<ReadDate, &'static str> {
    if let Some((date, time)) = excel_serial(cell) {
        return Ok(ReadDate {
            date,
            time,
            fix: Some("date_serial"),
        });
    }
    let read = date::read_date_time(cell, today).map_err(|error| error.code())?;
    match read.precision {
        Precision::Day => Ok(ReadDate {
            date: read.date,
            time: read.time,
            fix: None,
        }),
        Precision::Month | Precision::Year => Err("date_not_whole"),
    }
}

/// A day by its number since 1899-12-30, as a number cell without a date format leaves the sheet.
/// A B.E. year typed into a C.E. cell gives a number six centuries high.
fn excel_serial(cell: &str) -> Option<(Date, Option<Time>)> {
    let cell = text::arabic_digits(cell);
    let (days, fraction) = cell.split_once('.').unwrap_or((&cell, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(5..=6).contains(&days.len()) || !digits(days) || !digits(fraction) {
        return None;
    }
    let counted = day(1899, 12, 30)
        .checked_add(days.parse::<i64>().ok()?.days())
        .ok()?;
    let date = match counted.year() {
        1990..=2100 => counted,
        2533..=2643 => Date::new(counted.year() - 543, counted.month(), counted.day()).ok()?,
        _ => return None,
    };
    let part: f64 = format!("0.{fraction}0").parse().ok()?;
    #[allow(clippy::cast_possible_truncation)] // below 1,441
    let minutes = (part * 1_440.0).round() as i64;
    let time = (minutes > 0 && minutes < 1_440)
        .then(|| Time::midnight().checked_add(minutes.minutes()).ok())
        .flatten();
    Some((date, time))
}

/// A time of the day in a cell of its own: `14:30`, `14.30 น.`, `14.30`.
pub(crate) fn time(cell: &str) -> Option<Time> {
    let cell = cell.trim();
    let unit = if cell.contains(':') || cell.contains('น') {
        ""
    } else {
        " น."
    };
    // The date is a crutch: the reader knows times only behind one.
    let crutch = day(2026, 1, 1);
    date::read_date_time(&format!("2026-01-01 {cell}{unit}"), crutch)
        .ok()?
        .time
}

/// A name from a cell that holds all of it, or from cells of its own. A title inside a given name
/// is taken off; one in its own column wins.
pub(crate) fn name(full: &str, title: &str, given: &str, family: &str) -> name::PersonName {
    let whole = if given.is_empty() {
        full.to_owned()
    } else {
        format!("{given} {family}")
    };
    let mut read = name::split(&whole);
    if title.is_empty() {
        return read;
    }
    let title = name::read_title(title).map_or_else(|| spelling(title), str::to_owned);
    if read.title != title && !given.is_empty() {
        // What looked like a title is how the name begins: นาง and นางนวล.
        read.given = spelling(given);
        read.family = spelling(family);
    }
    read.title = title;
    read
}

/// Thirteen digits.
pub(crate) fn citizen_number(cell: &str) -> Result<CitizenNumber, &'static str> {
    let read = citizen_id::read(cell).map_err(|error| error.code())?;
    Ok(CitizenNumber {
        digits: read.digits,
        checksum_ok: read.checksum_ok,
    })
}

/// One telephone number.
pub(crate) fn phone(cell: &str) -> Result<phone::PhoneReading, &'static str> {
    phone::read(cell).map_err(|error| error.code())
}

/// Whether Excel has turned a house number (5/11) into a date (5-Nov, 5 พ.ย., 5/11/2026).
pub(crate) fn is_like_excel_date(cell: &str) -> bool {
    const ENGLISH: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let key = loose_key(cell);
    let bare = key.replace('.', "");
    let month = date::MONTHS_SHORT
        .iter()
        .any(|month| bare.contains(&month.replace('.', "")))
        || ENGLISH.iter().any(|month| bare.contains(month));
    let parts: Vec<&str> = key.split('/').collect();
    let year = parts.len() == 3 && parts.iter().any(|part| part.len() == 4);
    key.starts_with(|c: char| c.is_ascii_digit()) && (month || year)
}

/// A house number in one form.
pub(crate) fn house_no(cell: &str) -> String {
    place::read_house_no(without_float(cell.trim_start_matches(['\'', ' '])))
}

/// A subdistrict's name without the word for it, or the digits of its code.
pub(crate) fn subdistrict(cell: &str) -> String {
    let name = spelling(cell);
    match ["ตำบล", "ต.", "แขวง"]
        .iter()
        .any(|word| name.starts_with(word))
    {
        true => place::strip_area_prefix(&name).to_owned(),
        false => name,
    }
}

/// The number of a หมู่, 1 to 99: `5`, `๕`, `ม.5`, `5.0`, `หมู่ที่ 5 บ้านแก้ง`. The name behind the
/// number is only a label.
pub(crate) fn moo(cell: &str) -> Result<u8, &'static str> {
    let bare = cell.trim_start_matches(['\'', ' ']);
    let bare = bare
        .split_once("บ้าน")
        .filter(|(number, _)| !number.is_empty() && !number.ends_with("หมู่"));
    let number = bare.map_or(cell, |(number, _)| number).trim();
    place::read_moo(without_float(number.trim_start_matches('\''))).map_err(|error| error.code())
}

/// A count of people.
pub(crate) fn count(cell: &str) -> Result<u32, &'static str> {
    number::read_count(cell).map_err(|error| error.code())
}

/// A point of two cells.
pub(crate) fn point_of(lat: &str, lon: &str) -> Result<coordinate::PointReading, &'static str> {
    coordinate::read_pair(lat, lon).map_err(|error| error.code())
}

/// A point of one cell: a pair or a map link.
pub(crate) fn point(cell: &str) -> Result<coordinate::PointReading, &'static str> {
    coordinate::read_text(cell).map_err(|error| error.code())
}

/// A village's name without "บ้าน".
pub(crate) fn village_name(cell: &str) -> String {
    let name = spelling(cell);
    match name.starts_with("บ้าน") || name.starts_with("บ.") {
        true => place::strip_area_prefix(&name).to_owned(),
        false => name,
    }
}

/// Eight digits of a village, and its หมู่.
pub(crate) fn village_code(cell: &str) -> Option<(String, u8)> {
    let cell = text::arabic_digits(cell);
    let bare = cell.trim_start_matches('\'');
    let bare = bare.strip_suffix(".0").unwrap_or(bare);
    let code: String = bare.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    if code.len() != 8 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let moo = code[6..].parse().ok().filter(|moo| *moo > 0)?;
    Some((code, moo))
}

/// Digits without the `.0` that a number cell gets on its way out of a sheet.
fn without_float(text: &str) -> &str {
    let is_digits = |whole: &&str| whole.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_suffix(".0").filter(is_digits).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_excel_makes_of_a_day_is_read() {
        let today = day(2026, 11, 22);
        let read = |cell: &str| date(cell, today).map(|read| (read.date, read.time, read.fix));
        let serial = Some("date_serial");
        assert_eq!(read("44555"), Ok((day(2021, 12, 25), None, serial)));
        assert_eq!(read("44555.0"), Ok((day(2021, 12, 25), None, serial)));
        let morning = Time::new(6, 0, 0, 0).ok();
        assert_eq!(read("44555.25"), Ok((day(2021, 12, 25), morning, serial)));
        // 25/12/2564 typed into a cell that counts C.E.
        assert_eq!(read("242882"), Ok((day(2021, 12, 25), None, serial)));
        assert_eq!(read("2564"), Err("date_not_whole"));
        assert_eq!(read("12345"), Err("date_unreadable"));
    }

    #[test]
    fn a_time_in_its_own_cell_is_read() {
        let half_past_two = Time::new(14, 30, 0, 0).ok();
        for cell in ["14:30", "14:30:00", "14.30", "14.30 น.", "๑๔.๓๐ น."] {
            assert_eq!(time(cell), half_past_two, "{cell}");
        }
        assert_eq!(time("บ่าย"), None);
        assert_eq!(time("25:00"), None);
    }

    #[test]
    fn a_moo_is_a_number_from_1_to_99() {
        for cell in [
            "5",
            "๕",
            "ม.5",
            "ม. ๕",
            "หมู่ 5",
            "หมู่ที่ 5",
            "5.0",
            "หมู่ที่ 5 บ้านแก้ง",
        ] {
            assert_eq!(moo(cell), Ok(5), "{cell}");
        }
        for cell in ["0", "100", "บ้านแก้ง", "หมู่บ้าน", "5/2", "-3"]
        {
            assert_eq!(moo(cell), Err("moo_unreadable"), "{cell}");
        }
    }

    #[test]
    fn a_title_is_found_in_its_column_or_in_the_name() {
        let parts = |full: &str, title: &str, given: &str, family: &str| {
            let read = name(full, title, given, family);
            (read.title, read.given, read.family)
        };
        let somchai = ("นาย".to_owned(), "สมชาย".to_owned(), "ใจดี".to_owned());
        assert_eq!(parts("นายสมชาย  ใจดี", "", "", ""), somchai);
        assert_eq!(parts("", "นาย", "สมชาย", "ใจดี"), somchai);
        assert_eq!(parts("", "", "นายสมชาย", "ใจดี"), somchai);
        assert_eq!(parts("", "นาย", "นายสมชาย", "ใจดี"), somchai);
        assert_eq!(parts("", "", "นายสมชาย ใจดี", ""), somchai);
        let nangnuan = ("นางสาว".to_owned(), "นางนวล".to_owned(), "ใจดี".to_owned());
        assert_eq!(parts("", "น.ส.", "นางนวล", "ใจดี"), nangnuan);
    }

    #[test]
    fn a_house_number_that_became_a_date_is_noticed() {
        for cell in ["5-Nov", "5-พ.ย.", "5 พ.ย.", "11/5/2026"] {
            assert!(is_like_excel_date(cell), "{cell}");
        }
        for cell in ["5/11", "12", "12/3 ม.5", "บ้านพักครู", "45/1-2"] {
            assert!(!is_like_excel_date(cell), "{cell}");
        }
    }

    #[test]
    fn nothing_has_many_spellings() {
        for cell in ["", " - ", "--", "ไม่มี", "N/A", "\u{200b}", "...", "ไม่ ทราบ"]
        {
            assert!(is_nothing(cell), "{cell}");
        }
        for cell in ["0", "ไม่มีข้าวกิน", "ไม่ทราบชื่อ"]
        {
            assert!(!is_nothing(cell), "{cell}");
        }
    }
}
