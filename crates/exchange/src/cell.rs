//! What a register is made of: columns and cells, before any file format.
//!
//! The caller (the app) decides which columns there are and what the cells say; the writers decide
//! how a date or an id looks in their format. Nothing here knows a case.

use jiff::civil::{Date, DateTime};

/// One value of one row. The variant, not the column, decides how it is written: an id is
/// [`Cell::Text`] even when it is all digits, so that no spreadsheet turns it into a number.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    Whole(i64),
    Date(Date),
    DateTime(DateTime),
}

impl Cell {
    /// Text, or [`Cell::Empty`] when there is none.
    #[must_use]
    pub fn text(value: impl Into<String>) -> Cell {
        let value = value.into();
        if value.is_empty() {
            Cell::Empty
        } else {
            Cell::Text(value)
        }
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Cell::text(value)
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Cell::text(value)
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Cell::Whole(value)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Cell::Number(value)
    }
}

impl From<Date> for Cell {
    fn from(value: Date) -> Self {
        Cell::Date(value)
    }
}

impl From<DateTime> for Cell {
    fn from(value: DateTime) -> Self {
        Cell::DateTime(value)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Empty, Into::into)
    }
}

/// How a column is aligned and formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColumnKind {
    /// Names, notes, places: left.
    #[default]
    Text,
    /// Ids, phones, house numbers, short codes: text, centred on the form.
    Code,
    /// Counts and running numbers: right on the data sheet, centred on the form.
    Whole,
    /// Coordinates and measures.
    Number,
    Date,
    DateTime,
}

/// One column of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub heading: String,
    pub kind: ColumnKind,
    /// In characters of the default font, as Excel counts.
    pub width: f64,
    pub hidden: bool,
    /// On the form, long text goes on in the next line of the same cell; data rows stay one line.
    pub wrap: bool,
}

impl Column {
    #[must_use]
    pub fn new(heading: impl Into<String>, kind: ColumnKind, width: f64) -> Column {
        Column {
            heading: heading.into(),
            kind,
            width,
            hidden: false,
            wrap: false,
        }
    }

    #[must_use]
    pub fn hidden(mut self) -> Column {
        self.hidden = true;
        self
    }

    #[must_use]
    pub fn wrap(mut self) -> Column {
        self.wrap = true;
        self
    }
}

/// A register (บัญชี) that leaves as a workbook: a form to print and sign, and the same rows as
/// data to sort and count.
#[derive(Debug, Clone, PartialEq)]
pub struct Register {
    /// Centred above the form: title, office, "ข้อมูล ณ วันที่ ...". The first is the largest.
    pub title_lines: Vec<String>,
    pub form_sheet_name: String,
    pub data_sheet_name: String,
    /// The first is ลำดับที่ by custom; the caller fills it.
    pub form_columns: Vec<Column>,
    pub data_columns: Vec<Column>,
    /// Whether the form ends with lines for the reporting officer's signature.
    pub signature: bool,
    /// Last line of the form ("จัดทำโดย ... เมื่อ ..."); empty for none.
    pub made_line: String,
    /// Written into the file's properties; the crate reads no clock.
    pub made_at: DateTime,
}
