//! Tables of given columns: how wide each column is, so that words stay whole where they can and nothing runs off.

use typst::foundations::{Array, Value, dict};

use crate::PrintError;
use crate::fonts::Face;
use crate::page::{PARTS_MAX, TITLE_LETTERS_MAX, WHOLE_LETTERS_MAX, Words, at_most};

/// A heading, a count, and some of its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// `รอนานที่สุด`.
    pub title: String,
    /// How many there are in all; printed beside the title.
    pub count: u32,
    /// At most twelve; none if there are no rows to show.
    pub columns: Vec<Column>,
    /// Each with a cell for each column.
    pub rows: Vec<Vec<String>>,
    /// How many more there are that are not listed; printed under the rows unless 0.
    pub more: u32,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// What its cells are.
    pub cells: Cells,
}

/// How the cells of a column may break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    /// Between any words: needs, reasons, notes.
    Prose,
    /// At spaces only: names, house numbers, telephone numbers, case numbers, dates.
    Whole,
    /// Nowhere, where there is room for it: `23 พ.ย. 13:41`.
    Line,
}

/// Columns of one table.
pub(crate) const COLUMNS_MAX: usize = 12;
/// White at each side of a cell, in millimetres; the prelude has the same.
const INSET_MM: f64 = 1.4;
/// A column is never narrower, whatever it holds.
const NARROWEST_MM: f64 = 8.0;
/// Letters of a table's cells.
const SIZE_PT: f64 = 12.0;

/// The columns' widths in millimetres and the cells as values, for a table that is `room_mm` wide.
pub(crate) fn table(
    columns: &[Column],
    rows: &[Vec<String>],
    room_mm: f64,
) -> Result<Value, PrintError> {
    at_most(columns.len(), COLUMNS_MAX)?;
    for row in rows {
        if row.len() != columns.len() {
            return Err(PrintError::TableShape {
                given: row.len(),
                columns: columns.len(),
            });
        }
    }
    let widths = widths(columns, rows, room_mm);
    let words = |column: usize| Words {
        face: Face::Sarabun,
        size_pt: SIZE_PT,
        room_mm: widths[column] - 2.0 * INSET_MM,
    };
    let titles = columns
        .iter()
        .enumerate()
        .map(|(at, column)| words(at).long(&column.title, TITLE_LETTERS_MAX));
    let titles = titles.collect::<Result<Array, _>>()?;
    let rows = rows.iter().map(|row| {
        let cells = row
            .iter()
            .enumerate()
            .map(|(at, cell)| match columns[at].cells {
                Cells::Prose => words(at).prose(cell),
                Cells::Whole => words(at).name(cell),
                Cells::Line => words(at).line(cell),
            });
        let letters = row
            .iter()
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0);
        // A narrow column makes a tall row of few letters.
        let whole = letters <= WHOLE_LETTERS_MAX / 4;
        Ok(Value::Dict(
            dict! { "cells" => cells.collect::<Result<Array, PrintError>>()?, "whole" => whole },
        ))
    });
    Ok(Value::Dict(dict! {
        "titles" => titles,
        "rows" => rows.collect::<Result<Array, PrintError>>()?,
        "widths" => widths.iter().map(|width| Value::Float(*width)).collect::<Array>(),
    }))
}

/// The section as a value.
pub(crate) fn section(section: &Section, room_mm: f64) -> Result<Value, PrintError> {
    let title = Words {
        face: Face::Sarabun,
        size_pt: 14.0,
        room_mm: room_mm - 30.0,
    };
    Ok(Value::Dict(dict! {
        "title" => title.prose(&section.title)?,
        "count" => i64::from(section.count),
        "more" => i64::from(section.more),
        "table" => table(&section.columns, &section.rows, room_mm)?,
    }))
}

/// All rows of the sections together are within the limit, and so are the sections.
pub(crate) fn within_limits(sections: &[Section]) -> Result<(), PrintError> {
    at_most(sections.len(), PARTS_MAX)?;
    at_most(
        sections.iter().map(|section| section.rows.len()).sum(),
        crate::LINES_MAX,
    )
}

/// What a column asks for, in millimetres with the white around it.
#[derive(Debug, Clone, Copy)]
struct Wish {
    /// What its widest unbreakable part needs.
    least: f64,
    /// What its longest cell takes in one line.
    likes: f64,
}

impl Wish {
    /// The width at which its longest cell takes that many lines; words that do not fill a line want some more.
    fn in_lines(self, lines: f64) -> f64 {
        let loose = if lines > 1.0 { 1.15 } else { 1.0 };
        (self.likes * loose / lines).max(self.least)
    }
}

/// Widths that add up to the room.
fn widths(columns: &[Column], rows: &[Vec<String>], room_mm: f64) -> Vec<f64> {
    let words = Words {
        face: Face::Sarabun,
        size_pt: SIZE_PT,
        room_mm,
    };
    // Half a millimetre for what kerning and rounding add.
    let around = |width: f64| (width + 0.5).max(NARROWEST_MM) + 2.0 * INSET_MM;
    let wishes = |titles: Cells| -> Vec<Wish> {
        let wish = |(at, column): (usize, &Column)| {
            let mut least = words.widest_piece_mm(&column.title, titles);
            let mut likes = words.width_mm(&column.title);
            for row in rows {
                least = least.max(words.widest_piece_mm(&row[at], column.cells));
                likes = likes.max(words.width_mm(&row[at]));
            }
            Wish {
                least: around(least),
                likes: around(likes),
            }
        };
        columns.iter().enumerate().map(wish).collect()
    };
    // Headings stay whole if there is room for it.
    let whole = wishes(Cells::Whole);
    if whole.iter().map(|wish| wish.least).sum::<f64>() <= room_mm {
        return shared(&whole, room_mm);
    }
    shared(&wishes(Cells::Prose), room_mm)
}

/// Shares the room: the tallest cell gets as few lines as can be, then what is left is given out evenly until a column
/// has its longest cell in one line. If the columns cannot all have their least, the widest of them give way and their
/// words break.
fn shared(wishes: &[Wish], room_mm: f64) -> Vec<f64> {
    const LINES_TALLEST: u16 = 400;
    let sum = |widths: &[f64]| widths.iter().sum::<f64>();
    let least: Vec<f64> = wishes.iter().map(|wish| wish.least).collect();
    if sum(&least) >= room_mm {
        return evenly(&least, room_mm);
    }
    let in_lines = |lines: u16| -> Vec<f64> {
        wishes
            .iter()
            .map(|wish| wish.in_lines(f64::from(lines)))
            .collect()
    };
    let mut widths = (1..LINES_TALLEST)
        .map(in_lines)
        .find(|widths| sum(widths) <= room_mm)
        .unwrap_or(least);
    let gaps: Vec<f64> = wishes
        .iter()
        .zip(&widths)
        .map(|(wish, width)| (wish.likes - width).max(0.0))
        .collect();
    let rest = room_mm - sum(&widths);
    for (width, more) in widths.iter_mut().zip(evenly(&gaps, rest)) {
        *width += more;
    }
    // Everything is in one line and there is room left: it goes to all by their width.
    let wider = room_mm / sum(&widths);
    widths.iter().map(|width| width * wider).collect()
}

/// Gives each what it wants, or as much as the others get.
fn evenly(wants: &[f64], room: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wants.len()).collect();
    order.sort_by(|a, b| wants[*a].total_cmp(&wants[*b]));
    let mut given = vec![0.0; wants.len()];
    let mut rest = room;
    for (done, at) in order.into_iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "at most twelve columns")]
        let share = wants[at].min(rest / (wants.len() - done) as f64);
        given[at] = share;
        rest -= share;
    }
    given
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn column(title: &str, cells: Cells) -> Column {
        Column {
            title: title.into(),
            cells,
        }
    }

    #[test]
    fn a_name_has_its_room_before_prose_takes_the_rest() {
        let columns = [column("ชื่อ", Cells::Whole), column("เหตุ", Cells::Prose)];
        let rows = [vec![
            "นางสาวประกายดาว พงษ์วัฒนาสวรรค์".to_owned(),
            "น้ำท่วมสูง ".repeat(30),
        ]];
        let widths = widths(&columns, &rows, 180.0);
        let words = Words {
            face: Face::Sarabun,
            size_pt: SIZE_PT,
            room_mm: 180.0,
        };
        assert!(widths[0] - 2.0 * INSET_MM > words.width_mm("พงษ์วัฒนาสวรรค์"));
        assert!(widths[1] > 100.0, "{widths:?}");
    }

    #[test]
    fn a_row_that_does_not_match_its_columns_is_refused() {
        let refused = table(&[column("ชื่อ", Cells::Whole)], &[vec![]], 100.0);
        assert_eq!(
            refused.unwrap_err(),
            PrintError::TableShape {
                given: 0,
                columns: 1
            }
        );
    }

    proptest! {
        #[test]
        fn widths_fill_the_room_and_no_more(cells in prop::collection::vec(("[ก-ฮ ]{0,60}", any::<bool>()), 1..12)) {
            let columns: Vec<Column> = cells.iter()
                .map(|(_, whole)| column("หัวข้อ", if *whole { Cells::Whole } else { Cells::Prose }))
                .collect();
            let row: Vec<String> = cells.iter().map(|(cell, _)| cell.clone()).collect();
            let widths = widths(&columns, &[row], 180.0);
            prop_assert!((widths.iter().sum::<f64>() - 180.0).abs() < 0.01, "{:?}", widths);
            prop_assert!(widths.iter().all(|width| *width > 2.0 * INSET_MM));
        }
    }
}
