//! A CSV file as a table: told encoding, told delimiter, headings, rows by their number.
//!
//! Everything that can be wrong with a whole file is a [`TableError`]; what is wrong with one row
//! stays with the row ([`Row::damage`]), so that one bad line costs one line. Nothing here knows
//! what a column means.

use crate::decode;
pub use crate::decode::Encoding;
use crate::guard;
use crate::layout;
use crate::records::{COLUMNS_MAX, Record, RecordError, Records};
use crate::words;

/// Most rows below the headings.
pub const ROWS_MAX: usize = 200_000;

/// Why a file is refused whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("the file is empty")]
    Empty,
    #[error("the file is larger than 64 MB")]
    TooBig,
    /// An Excel file under another name, or one with a password.
    #[error("the file is a workbook, not a CSV")]
    IsWorkbook,
    #[error("the file is a web page, not a CSV")]
    IsWebPage,
    #[error("the file is not text")]
    NotText,
    /// Thai that was spoilt by a program before (mojibake, question marks).
    #[error("the text of the file was spoilt before it came here")]
    Garbled,
    #[error("row {row}: a cell holds more than 32,767 characters")]
    CellTooLong { row: usize },
    #[error("row {row} has more than {COLUMNS_MAX} columns")]
    TooManyColumns { row: usize },
    #[error("the file has more than {ROWS_MAX} rows")]
    TooManyRows,
    #[error("no row of known headings was found")]
    HeaderNotFound,
    /// Headings, and nothing below them.
    #[error("the file has headings but no rows")]
    NoRows,
    /// Official headings of what is missing; alternatives are joined by " หรือ ".
    #[error("a required column is missing")]
    ColumnMissing { columns: Vec<String> },
}

impl TableError {
    /// Stable code of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            TableError::Empty => "file_empty",
            TableError::TooBig => "file_too_big",
            TableError::IsWorkbook => "file_is_workbook",
            TableError::IsWebPage => "file_is_web_page",
            TableError::NotText => "file_not_text",
            TableError::Garbled => "text_garbled",
            TableError::CellTooLong { .. } => "cell_too_long",
            TableError::TooManyColumns { .. } => "too_many_columns",
            TableError::TooManyRows => "too_many_rows",
            TableError::HeaderNotFound => "header_not_found",
            TableError::NoRows => "no_rows",
            TableError::ColumnMissing { .. } => "column_missing",
        }
    }

    /// Thai for the clerk: what, where, what to do next.
    #[must_use]
    pub fn message(&self) -> String {
        words::of_table(self)
    }
}

/// Something wrong with the writing of a row, whatever its columns mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// Bytes that are no letter in the file's encoding.
    Undecodable,
    /// Letters of another encoding.
    Garbled,
    /// A quotation mark without its other half; the row may hold parts of the next.
    Unbalanced,
    /// More filled cells than headings: a delimiter inside a cell without quotation marks.
    Misaligned,
}

impl Damage {
    /// Stable code of the problem.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Damage::Undecodable => "text_damaged",
            Damage::Garbled => "text_garbled",
            Damage::Unbalanced => "quote_unbalanced",
            Damage::Misaligned => "row_misaligned",
        }
    }
}

/// One row below the headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet counts: the first line of the file is 1, blank rows count, a line break
    /// inside quotation marks does not.
    pub number: usize,
    /// As many as there are headings.
    pub cells: Vec<String>,
    pub damage: Option<Damage>,
}

/// A file of rows under headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub encoding: Encoding,
    pub delimiter: char,
    /// Row of the headings (the lower of two), as a spreadsheet counts.
    pub header_row: usize,
    /// As the file spells them, spaces tidied; a gap is empty.
    pub headings: Vec<String>,
    /// Without blank rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// Reads a CSV file.
    ///
    /// # Errors
    /// Everything that makes the whole file unusable; see [`TableError`].
    pub fn read(bytes: &[u8]) -> Result<Table, TableError> {
        let (text, encoding) = decode::decode(bytes)?;
        let (delimiter, header) = layout::find(&text).ok_or_else(|| {
            // A file that breaks a limit in its first rows should say so.
            match Records::new(&text, b',').take(20).find_map(Result::err) {
                Some(refused) => refused.into(),
                None => TableError::HeaderNotFound,
            }
        })?;
        let width = header.headings.len();
        let mut rows = Vec::new();
        let mut records = Records::new(&text, delimiter);
        while let Some(record) = records.next() {
            let record = record?;
            if record.number == header.row {
                records.expect_width(width);
            }
            if record.number <= header.row || record.is_blank() {
                continue;
            }
            if rows.len() == ROWS_MAX {
                return Err(TableError::TooManyRows);
            }
            rows.push(row(record, width, header.width));
        }
        if rows.is_empty() {
            return Err(TableError::NoRows);
        }
        Ok(Table {
            encoding,
            delimiter: char::from(delimiter),
            header_row: header.row,
            headings: header.headings,
            rows,
        })
    }
}

/// `width` counts the headings, `line_width` also the empty cells after the last of them: a column
/// without a heading is not read, but it does not push the others out of place.
fn row(record: Record, width: usize, line_width: usize) -> Row {
    let damage = damage(&record, width, line_width);
    let mut cells = record.cells;
    cells.resize(width, String::new());
    for cell in &mut cells {
        let plain = guard::take_off(cell);
        if plain.len() != cell.len() || plain.contains('\u{feff}') {
            *cell = plain.replace('\u{feff}', "");
        }
    }
    Row {
        number: record.number,
        cells,
        damage,
    }
}

fn damage(record: &Record, width: usize, line_width: usize) -> Option<Damage> {
    let any = |bad: &dyn Fn(&String) -> bool| record.cells.iter().any(bad);
    if any(&|cell| cell.contains(['\u{fffd}', '\0'])) {
        return Some(Damage::Undecodable);
    }
    if any(&|cell| decode::is_spoilt(cell, 3)) {
        return Some(Damage::Garbled);
    }
    let short = record.cells.len() < width;
    if record.unbalanced || (record.multiline && short) {
        return Some(Damage::Unbalanced);
    }
    let beyond = record.cells.get(line_width..).unwrap_or_default();
    let misaligned = beyond.iter().any(|cell| !crate::records::is_blank(cell));
    misaligned.then_some(Damage::Misaligned)
}

impl From<RecordError> for TableError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::CellTooLong { row } => TableError::CellTooLong { row },
            RecordError::TooManyColumns { row } => TableError::TooManyColumns { row },
        }
    }
}
