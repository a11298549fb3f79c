//! The list to re-check by telephone: a table, boxes to tick for what was heard, a line for a note under each row.

use typst::foundations::{Array, Dict, dict};

use crate::PrintError;
use crate::engine::{self, Template};
use crate::fonts::Face;
use crate::page::{HEAD_LETTERS_MAX, Head, LINES_MAX, TITLE_LETTERS_MAX, Words, at_most, plain};
use crate::table::{self, Column};

/// One list for one caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallList {
    /// Office, incident, when printed.
    pub head: Head,
    /// `รายการโทรยืนยันสภาพ`; the page's heading and the PDF's title.
    pub title: String,
    /// One line that says what to ask; may be empty.
    pub asks: String,
    /// Who calls; empty leaves dots.
    pub caller: String,
    /// At most twelve columns.
    pub columns: Vec<Column>,
    /// 1 to [`LINES_MAX`] rows, each with a cell for each column.
    pub rows: Vec<Vec<String>>,
    /// What may be heard, a box each, at most five short words: `ยังต้องการ`, `ไม่รับสาย`.
    pub ticks: Vec<String>,
    /// How many more there are that are not listed; printed under the rows unless 0.
    pub more: u32,
}

/// Boxes beside a row.
const TICKS_MAX: usize = 5;
/// The width between the margins of a page on its side; the prelude's page has the same.
const ROOM_MM: f64 = 269.0;
/// The running number's column.
const NUMBER_MM: f64 = 9.0;
/// The column of one box.
const TICK_MM: f64 = 18.0;

/// The list as the bytes of a PDF: A4 on its side, about ten rows a page.
///
/// # Errors
/// [`PrintError::Nothing`] without rows or columns; a number of rows or a length above the limits; a row that does not
/// match its columns.
pub fn call_list(list: &CallList) -> Result<Vec<u8>, PrintError> {
    engine::print(Template::CallList, values(list)?)
}

pub(crate) fn values(list: &CallList) -> Result<Dict, PrintError> {
    if list.rows.is_empty() || list.columns.is_empty() {
        return Err(PrintError::Nothing);
    }
    at_most(list.rows.len(), LINES_MAX)?;
    at_most(list.ticks.len(), TICKS_MAX)?;
    let tick = Words {
        face: Face::Sarabun,
        size_pt: 11.0,
        room_mm: TICK_MM - 1.0,
    };
    let line = Words {
        face: Face::Sarabun,
        size_pt: 13.0,
        room_mm: 110.0,
    };
    let boxes: f64 = list.ticks.iter().map(|_| TICK_MM).sum();
    Ok(dict! {
        "head" => list.head.value()?,
        "title" => line.short(&list.title, HEAD_LETTERS_MAX)?,
        "plain-title" => plain(&list.title)?,
        "asks" => line.prose(&list.asks)?,
        "caller" => line.name(&list.caller)?,
        "number-mm" => NUMBER_MM,
        "tick-mm" => TICK_MM,
        "ticks" => list.ticks.iter().map(|text| tick.long(text, TITLE_LETTERS_MAX)).collect::<Result<Array, _>>()?,
        "more" => i64::from(list.more),
        "table" => table::table(&list.columns, &list.rows, ROOM_MM - NUMBER_MM - boxes)?,
    })
}
