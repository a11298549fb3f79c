//! A workbook of two sheets: a form to print and sign, and the same rows as data.
//!
//! Why two: an office signs paper (merged title, B.E. dates in words, TH SarabunPSK, header on
//! every page) and also sorts and counts (one header row, real dates, ids as text). One sheet that
//! does both does neither.
//!
//! Memory stays constant: a row goes to a temporary file at once and cannot be changed again. Text
//! is always text, whatever sign it begins with; nothing is ever written as a formula.

use crate::cell::{Cell, Register};
use crate::data_sheet::DataSheet;
use crate::file::{self, WriteError};
use crate::form_sheet::FormSheet;
use crate::sheets::{COLUMN_PIXELS, Formats, LINE_PIXELS};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Rows of a sheet, by the file format.
const SHEET_ROWS_MAX: u32 = 1_048_576;
/// Longest text of a cell, in UTF-16 units.
const CELL_MAX: usize = 32_767;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Rows of the register, on each of the two kinds of sheet.
    pub rows: usize,
    /// Sheets in the workbook; more than two when the rows did not fit.
    pub sheets: usize,
}

/// Writes a [`Register`] row by row.
pub struct BookWriter {
    register: Register,
    workbook: Workbook,
    formats: Formats,
    forms: Vec<FormSheet>,
    datas: Vec<DataSheet>,
    rows: usize,
    sheet_rows_max: u32,
    broken: bool,
}

impl std::fmt::Debug for BookWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BookWriter")
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

impl BookWriter {
    /// Starts both sheets. Rows wait in unnamed temporary files of `scratch`: give the folder that
    /// the workbook will lie in, so that personal data stays on the disk that was chosen for it.
    ///
    /// # Errors
    /// A folder that cannot be written, or a register Excel would refuse (a sheet name).
    pub fn create(register: Register, scratch: &Path) -> Result<BookWriter, WriteError> {
        BookWriter::with_rows_max(register, scratch, SHEET_ROWS_MAX)
    }

    fn with_rows_max(
        register: Register,
        scratch: &Path,
        sheet_rows_max: u32,
    ) -> Result<BookWriter, WriteError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(scratch)?;
        let formats = Formats::new(&register);
        workbook.set_default_format(&formats.default, LINE_PIXELS, COLUMN_PIXELS)?;
        if let Some(made_at) = excel_time(register.made_at) {
            let title = register.title_lines.first().map_or("", String::as_str);
            workbook.set_properties(
                &DocProperties::new()
                    .set_title(title)
                    .set_creation_datetime(&made_at),
            );
        }
        let mut writer = BookWriter {
            register,
            workbook,
            formats,
            forms: Vec::new(),
            datas: Vec::new(),
            rows: 0,
            sheet_rows_max,
            broken: false,
        };
        writer.next_form()?;
        writer.next_data()?;
        Ok(writer)
    }

    /// Writes one row of the register: its cells on the form, and its cells on the data sheet.
    /// Cells that are left out at the end are empty.
    ///
    /// # Errors
    /// [`WriteError::CellTooLong`] (columns count from 1), [`WriteError::TooManyCells`], the disk.
    /// Nothing of a refused row is written.
    pub fn row(&mut self, form: &[Cell], data: &[Cell]) -> Result<(), WriteError> {
        let row = self.rows + 1;
        check(row, form, self.register.form_columns.len())?;
        check(row, data, self.register.data_columns.len())?;
        if self
            .forms
            .last()
            .is_none_or(|sheet| sheet.is_full(self.sheet_rows_max))
        {
            self.next_form()?;
        }
        if self
            .datas
            .last()
            .is_none_or(|sheet| sheet.is_full(self.sheet_rows_max))
        {
            self.next_data()?;
        }
        self.guarded(|writer| {
            if let Some(sheet) = writer.forms.last_mut() {
                sheet.row(form, &writer.register, &writer.formats)?;
            }
            if let Some(sheet) = writer.datas.last_mut() {
                sheet.row(data, &writer.formats)?;
            }
            Ok(())
        })?;
        self.rows = row;
        Ok(())
    }

    /// Finishes the workbook into anything that takes bytes.
    ///
    /// # Errors
    /// The disk, or the writer underneath.
    pub fn finish<W: Write + Send>(mut self, to: W) -> Result<Summary, WriteError> {
        self.guarded(|writer| {
            let rows = writer.rows;
            if let Some(sheet) = writer.forms.last_mut() {
                sheet.close(rows, &writer.register, &writer.formats)?;
            }
            let mut sheets: Vec<Worksheet> = Vec::new();
            sheets.extend(writer.forms.drain(..).map(FormSheet::into_sheet));
            for data in writer.datas.drain(..) {
                sheets.push(data.into_sheet(&writer.register)?);
            }
            let summary = Summary {
                rows,
                sheets: sheets.len(),
            };
            for sheet in sheets {
                writer.workbook.push_worksheet(sheet);
            }
            writer.workbook.save_to_writer(to)?;
            Ok(summary)
        })
    }

    /// Finishes the workbook as a file, whole or not at all: an older file stays until the new one
    /// is on the disk.
    ///
    /// # Errors
    /// As [`BookWriter::finish`], and those of [`file::replace_file`].
    pub fn finish_file(self, target: &Path) -> Result<Summary, WriteError> {
        file::replace_file(target, |to| self.finish(to))
    }

    fn next_form(&mut self) -> Result<(), WriteError> {
        let part = self.forms.len() + 1;
        self.guarded(|writer| {
            let sheet = writer.workbook.new_worksheet_with_constant_memory()?;
            writer.forms.push(FormSheet::open(
                sheet,
                part,
                &writer.register,
                &writer.formats,
            )?);
            Ok(())
        })
    }

    fn next_data(&mut self) -> Result<(), WriteError> {
        let part = self.datas.len() + 1;
        self.guarded(|writer| {
            let sheet = writer.workbook.new_worksheet_with_constant_memory()?;
            writer.datas.push(DataSheet::open(
                sheet,
                part,
                &writer.register,
                &writer.formats,
            )?);
            Ok(())
        })
    }

    /// The library panics when its temporary file cannot be written (a full disk, a pulled stick);
    /// for an office that is an error like any other. Once broken, always broken.
    fn guarded<T>(
        &mut self,
        act: impl FnOnce(&mut BookWriter) -> Result<T, WriteError>,
    ) -> Result<T, WriteError> {
        if self.broken {
            return Err(WriteError::Interrupted);
        }
        catch_unwind(AssertUnwindSafe(|| act(self))).unwrap_or_else(|_| {
            self.broken = true;
            Err(WriteError::Interrupted)
        })
    }
}

fn check(row: usize, cells: &[Cell], columns: usize) -> Result<(), WriteError> {
    if cells.len() > columns {
        return Err(WriteError::TooManyCells { row });
    }
    let long = cells.iter().position(|cell| match cell {
        Cell::Text(text) => text.len() > CELL_MAX && text.encode_utf16().count() > CELL_MAX,
        _ => false,
    });
    match long {
        Some(at) => Err(WriteError::CellTooLong {
            row,
            column: at + 1,
        }),
        None => Ok(()),
    }
}

/// A date and time as Excel counts; nothing before 1900, where Excel has no days.
pub(crate) fn excel_time(at: jiff::civil::DateTime) -> Option<ExcelDateTime> {
    let year = u16::try_from(at.year()).ok()?;
    let month = u8::try_from(at.month()).ok()?;
    let day = u8::try_from(at.day()).ok()?;
    let hour = u16::try_from(at.hour()).ok()?;
    let minute = u8::try_from(at.minute()).ok()?;
    let date = ExcelDateTime::from_ymd(year, month, day).ok()?;
    date.and_hms(hour, minute, f64::from(at.second())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::{Column, ColumnKind};
    use std::io::{Cursor, Read};

    #[test]
    fn rows_beyond_a_sheet_go_on_in_the_next() {
        let number = Column::new("ลำดับที่", ColumnKind::Whole, 8.0);
        let register = Register {
            title_lines: vec!["บัญชี".into()],
            form_sheet_name: "แบบพิมพ์".into(),
            data_sheet_name: "ข้อมูลที่ชื่อยาวมากจนเกือบเต็มสาม".chars().take(31).collect(),
            form_columns: vec![number.clone()],
            data_columns: vec![number],
            signature: false,
            made_line: String::new(),
            made_at: jiff::civil::datetime(2026, 11, 22, 9, 0, 0, 0),
        };
        let folder = tempfile::tempdir().unwrap();
        let mut writer = BookWriter::with_rows_max(register, folder.path(), 20).unwrap();
        for row in 1..=30 {
            writer
                .row(&[Cell::Whole(row)], &[Cell::Whole(row)])
                .unwrap();
        }
        let mut bytes = Vec::new();
        // A form of 20 rows keeps 12 for its end and 2 for its head; data keeps 1.
        assert_eq!(
            writer.finish(&mut bytes).unwrap(),
            Summary {
                rows: 30,
                sheets: 5 + 2
            }
        );
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut read = |name: &str| {
            let mut text = String::new();
            zip.by_name(name)
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
            text
        };
        let book = read("xl/workbook.xml");
        assert!(book.contains("แบบพิมพ์ (5)"), "{book}");
        assert!(book.contains(" (2)"), "{book}");
        assert!(!read("xl/worksheets/sheet1.xml").contains("รวม"));
        assert!(read("xl/worksheets/sheet5.xml").contains("รวม 30 รายการ"));
        assert!(read("xl/worksheets/sheet7.xml").contains("<v>30</v></c></row></sheetData>"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
