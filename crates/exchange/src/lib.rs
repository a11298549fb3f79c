//! Spreadsheets in and out: reading CSV, writing workbooks, CSV and GeoJSON. Formats only.
//!
//! Why it exists: offices live in spreadsheets, and every bad habit of a spreadsheet (lost zeros,
//! Buddhist years in Christian cells, two header rows, three encodings) must be met in one place.
//! What it must not know: the store, the sync, who may do what. A place name is turned into an area
//! code by a closure that the caller gives; a register is described by the caller's columns.
//!
//! | out | in |
//! |---|---|
//! | [`book`]: print form and data sheet (.xlsx) | [`table`]: bytes to headings and rows |
//! | [`csv_out`]: UTF-8 with BOM, CRLF | [`cases`]: rows to cases, each bad cell a [`problem`] |
//! | [`geojson`]: points with properties | [`villages`]: an office's village list |
//! | [`mod@file`]: write beside, then rename | [`headings`]: the words columns go by |
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod book;
pub mod cases;
pub mod cell;
pub mod csv_out;
pub mod file;
pub mod geojson;
pub mod headings;
pub mod problem;
pub mod table;
pub mod villages;

mod binding;
mod case_row;
mod data_sheet;
mod decode;
mod form_sheet;
mod guard;
mod layout;
mod read_cells;
mod records;
mod sheets;
mod words;

pub use cell::{Cell, Column, ColumnKind, Register};
pub use file::WriteError;
pub use problem::{AreaProblem, Fix, Problem, Severity};
pub use table::{Table, TableError};
