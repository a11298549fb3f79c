//! What the two kinds of sheet share: formats, widths, names, and what a cell says.
//!
//! The font is the national one, TH SarabunPSK (Cabinet resolution of 7 September 2553), at 16
//! points. It is named, not embedded: where it is missing the spreadsheet program chooses another.

use crate::book::excel_time;
use crate::cell::{Cell, Column, ColumnKind, Register};
use crate::file::WriteError;
use crate::read_cells::{be_date, be_date_time};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet};
use std::borrow::Cow;

pub(crate) const FONT: &str = "TH SarabunPSK";
/// Western digits, Buddhist calendar, Thai: the calendar tag, because `bbbb` is not reliable.
const DATE: &str = "[$-107041E]d mmm yyyy;@";
const DATE_TIME: &str = "[$-107041E]d mmm yyyy hh:mm;@";
/// One line of 16 points of TH SarabunPSK, in pixels and in points. Heights are always given: not
/// every program finds them from the text of a file that says none.
pub(crate) const LINE_PIXELS: u32 = 32;
const LINE_POINTS: u32 = 24;
/// The fonts that stand in where TH SarabunPSK is missing are taller.
const NEXT_LINE_POINTS: u32 = 27;
/// Enough for a title of 18 points.
pub(crate) const TITLE_POINTS: u32 = 27;
/// Tallest row Excel knows is 409 points.
const LINES_MAX: u32 = 15;
/// Width of a column in the library's own pixels.
pub(crate) const COLUMN_PIXELS: u32 = 64;
pub(crate) const A4: u8 = 9;
const SHEET_NAME_MAX: usize = 31;

/// All formats of a workbook, made once.
pub(crate) struct Formats {
    pub(crate) default: Format,
    pub(crate) title: Format,
    pub(crate) subtitle: Format,
    pub(crate) heading: Format,
    pub(crate) line: Format,
    pub(crate) centred: Format,
    pub(crate) total: Format,
    /// One for each column of the form.
    pub(crate) form: Vec<Format>,
    pub(crate) data_heading: Format,
    /// The text format keeps ids and "=..." text when somebody edits the cell.
    pub(crate) data_text: Format,
    pub(crate) data_number: Format,
    pub(crate) data_date: Format,
    pub(crate) data_date_time: Format,
}

impl Formats {
    pub(crate) fn new(register: &Register) -> Formats {
        let base = Format::new().set_font_name(FONT).set_font_size(16);
        let middle = || base.clone().set_align(FormatAlign::VerticalCenter);
        let bordered = || base.clone().set_border(FormatBorder::Thin);
        let form = |column: &Column| {
            let format = bordered()
                .set_align(FormatAlign::Top)
                .set_align(match column.kind {
                    ColumnKind::Text => FormatAlign::Left,
                    ColumnKind::Code | ColumnKind::Whole => FormatAlign::Center,
                    ColumnKind::Date | ColumnKind::DateTime => FormatAlign::Center,
                    ColumnKind::Number => FormatAlign::Right,
                });
            if column.wrap {
                format.set_text_wrap()
            } else {
                format
            }
        };
        let top = || base.clone().set_align(FormatAlign::Top);
        Formats {
            title: middle()
                .set_align(FormatAlign::Center)
                .set_bold()
                .set_font_size(18),
            subtitle: middle().set_align(FormatAlign::Center),
            heading: bordered()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            line: middle(),
            centred: middle().set_align(FormatAlign::Center),
            total: middle().set_bold(),
            form: register.form_columns.iter().map(form).collect(),
            data_text: top().set_num_format("@"),
            data_number: top(),
            data_date: top().set_num_format(DATE),
            data_date_time: top().set_num_format(DATE_TIME),
            data_heading: base
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_border_bottom(FormatBorder::Thin),
            default: base,
        }
    }
}

/// A cell that is a number to Excel, which keeps 15 digits: a longer whole number stays text.
pub(crate) fn number_of(cell: &Cell) -> Option<f64> {
    const WHOLE_MAX: u64 = 999_999_999_999_999;
    match cell {
        #[allow(clippy::cast_precision_loss)] // 15 digits fit
        Cell::Whole(number) if number.unsigned_abs() <= WHOLE_MAX => Some(*number as f64),
        Cell::Number(number) if number.is_finite() => Some(*number),
        _ => None,
    }
}

/// A cell that is a real date to Excel, which has none before 1900.
pub(crate) fn time_of(cell: &Cell) -> Option<ExcelDateTime> {
    match cell {
        Cell::Date(date) => excel_time(date.at(0, 0, 0, 0)),
        Cell::DateTime(at) => excel_time(*at),
        _ => None,
    }
}

/// What a cell says in words; dates in B.E.
pub(crate) fn words_of(cell: &Cell) -> Option<Cow<'_, str>> {
    match cell {
        Cell::Empty | Cell::Number(_) => None,
        Cell::Text(text) => Some(legal(text)),
        Cell::Whole(number) => Some(Cow::Owned(number.to_string())),
        Cell::Date(date) => Some(Cow::Owned(be_date(*date))),
        Cell::DateTime(at) => Some(Cow::Owned(be_date_time(*at))),
    }
}

pub(crate) fn columns(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), WriteError> {
    for (at, column) in (0u16..).zip(columns) {
        sheet.set_column_width(at, column.width)?;
        if column.hidden {
            sheet.set_column_hidden(at)?;
        }
    }
    Ok(())
}

pub(crate) fn headings(
    sheet: &mut Worksheet,
    row: u32,
    columns: &[Column],
    format: &Format,
) -> Result<(), WriteError> {
    let mut lines = 1;
    for (at, column) in (0u16..).zip(columns) {
        sheet.write_string_with_format(row, at, legal(&column.heading), format)?;
        if !column.hidden {
            lines = lines.max(lines_of(&column.heading, column.width));
        }
    }
    sheet.set_row_height(row, height_points(lines))?;
    Ok(())
}

pub(crate) fn last_column(columns: &[Column]) -> u16 {
    u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX)
}

/// "ข้อมูล", then "ข้อมูล (2)", within Excel's 31 characters.
pub(crate) fn part_name(name: &str, part: usize) -> String {
    if part == 1 {
        return name.to_owned();
    }
    let number = format!(" ({part})");
    let room = SHEET_NAME_MAX - number.len();
    name.chars().take(room).chain(number.chars()).collect()
}

/// Characters that XML has no place for become visible ones (U+2400 "␀" and its neighbours), so that
/// nothing vanishes; a line end is one newline.
pub(crate) fn legal(text: &str) -> Cow<'_, str> {
    let illegal =
        |c: char| (c < ' ' && !matches!(c, '\t' | '\n')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    if !text.contains(illegal) {
        return Cow::Borrowed(text);
    }
    let visible = |c: char| match c {
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c if illegal(c) => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        c => c,
    };
    Cow::Owned(
        text.replace("\r\n", "\n")
            .replace('\r', "\n")
            .chars()
            .map(visible)
            .collect(),
    )
}

pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Lines a text takes in a wrapped cell, at most as many as a row can hold. An estimate: one that
/// does not fit a line breaks at words, so its lines are taken to be filled to seven eighths; marks
/// above and below take no room.
pub(crate) fn lines_of(text: &str, width: f64) -> u32 {
    let is_mark =
        |c: char| matches!(c, '\u{0e31}' | '\u{0e34}'..='\u{0e3a}' | '\u{0e47}'..='\u{0e4e}');
    let of_line = |line: &str| {
        let seen = line.chars().filter(|c| !is_mark(*c)).count();
        let seen = f64::from(u32::try_from(seen).unwrap_or(u32::MAX));
        if seen <= width {
            return 1;
        }
        let needed = seen / (width.max(1.0) * 0.875);
        (2..LINES_MAX)
            .find(|lines| needed <= f64::from(*lines))
            .unwrap_or(LINES_MAX)
    };
    let lines = text.lines().map(of_line);
    lines
        .fold(0, |all, lines| (all + lines).min(LINES_MAX))
        .max(1)
}

/// Height of a row of so many lines.
pub(crate) fn height_points(lines: u32) -> u32 {
    LINE_POINTS + NEXT_LINE_POINTS * lines.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_given_room() {
        assert_eq!(lines_of("", 10.0), 1);
        assert_eq!(lines_of("น้ำท่วม", 10.0), 1);
        assert_eq!(lines_of("น้ำท่วมถึงชั้นสอง", 10.0), 2);
        assert_eq!(lines_of("หนึ่ง\nสอง", 10.0), 2);
        assert_eq!(lines_of(&"ก".repeat(30_000), 10.0), LINES_MAX);
    }

    #[test]
    fn a_second_sheet_keeps_within_the_length_of_a_name() {
        assert_eq!(part_name("ข้อมูล", 1), "ข้อมูล");
        assert_eq!(part_name("ข้อมูล", 2), "ข้อมูล (2)");
        assert_eq!(part_name(&"ก".repeat(31), 12).chars().count(), 31);
    }

    #[test]
    fn totals_have_separators() {
        assert_eq!(
            [999, 1_000, 1_234_567].map(thousands),
            ["999", "1,000", "1,234,567"]
        );
    }
}
