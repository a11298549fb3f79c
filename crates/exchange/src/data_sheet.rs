//! The sheet that is sorted and counted: one header row, no merges, a filter, real dates.

use crate::cell::{Cell, Register};
use crate::file::WriteError;
use crate::sheets::{
    A4, COLUMN_PIXELS, Formats, LINE_PIXELS, columns, headings, last_column, number_of, part_name,
    time_of, words_of,
};
use rust_xlsxwriter::Worksheet;

/// A data sheet being written.
pub(crate) struct DataSheet {
    sheet: Worksheet,
    next: u32,
}

impl DataSheet {
    pub(crate) fn open(
        mut sheet: Worksheet,
        part: usize,
        register: &Register,
        formats: &Formats,
    ) -> Result<DataSheet, WriteError> {
        sheet.set_default_format(&formats.default, LINE_PIXELS, COLUMN_PIXELS)?;
        sheet.set_name(part_name(&register.data_sheet_name, part))?;
        sheet
            .set_paper_size(A4)
            .set_landscape()
            .set_print_fit_to_pages(1, 0);
        columns(&mut sheet, &register.data_columns)?;
        headings(&mut sheet, 0, &register.data_columns, &formats.data_heading)?;
        sheet.set_repeat_rows(0, 0)?;
        sheet.set_freeze_panes(1, 0)?;
        Ok(DataSheet { sheet, next: 1 })
    }

    pub(crate) fn is_full(&self, rows_max: u32) -> bool {
        self.next >= rows_max
    }

    pub(crate) fn row(&mut self, cells: &[Cell], formats: &Formats) -> Result<(), WriteError> {
        let row = self.next;
        for (at, cell) in (0u16..).zip(cells) {
            if let Some(number) = number_of(cell) {
                self.sheet
                    .write_number_with_format(row, at, number, &formats.data_number)?;
            } else if let Some(time) = time_of(cell) {
                let format = match cell {
                    Cell::Date(_) => &formats.data_date,
                    _ => &formats.data_date_time,
                };
                self.sheet
                    .write_datetime_with_format(row, at, &time, format)?;
            } else if let Some(words) = words_of(cell) {
                self.sheet
                    .write_string_with_format(row, at, words, &formats.data_text)?;
            }
        }
        self.next += 1;
        Ok(())
    }

    pub(crate) fn into_sheet(mut self, register: &Register) -> Result<Worksheet, WriteError> {
        let last = last_column(&register.data_columns);
        self.sheet.autofilter(0, 0, self.next - 1, last)?;
        Ok(self.sheet)
    }
}
