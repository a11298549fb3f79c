//! The sheet that is printed and signed.
//!
//! As Thai offices expect a register: A4 across, title centred over the table, heading row on every
//! page, "หน้า 1/3", the total, and a place to sign. Dates are B.E. in words.

use crate::cell::{Cell, Register};
use crate::file::WriteError;
use crate::sheets::{
    A4, COLUMN_PIXELS, FONT, Formats, LINE_PIXELS, TITLE_POINTS, columns, headings, height_points,
    last_column, legal, lines_of, number_of, part_name, thousands, words_of,
};
use rust_xlsxwriter::{Format, Worksheet};

/// Rows kept free at the end of a form: total, signature, made line.
const CLOSING_ROWS: u32 = 12;

/// The sheet that is printed.
pub(crate) struct FormSheet {
    sheet: Worksheet,
    next: u32,
}

impl FormSheet {
    pub(crate) fn open(
        mut sheet: Worksheet,
        part: usize,
        register: &Register,
        formats: &Formats,
    ) -> Result<FormSheet, WriteError> {
        sheet.set_default_format(&formats.default, LINE_PIXELS, COLUMN_PIXELS)?;
        sheet.set_name(part_name(&register.form_sheet_name, part))?;
        sheet
            .set_paper_size(A4)
            .set_landscape()
            .set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        sheet.set_print_center_horizontally(true);
        sheet.set_footer(format!("&R&\"{FONT},Regular\"&14หน้า &P/&N"));
        columns(&mut sheet, &register.form_columns)?;
        let mut form = FormSheet { sheet, next: 0 };
        let last = last_column(&register.form_columns);
        for (at, line) in register.title_lines.iter().enumerate() {
            let format = if at == 0 {
                &formats.title
            } else {
                &formats.subtitle
            };
            form.across(0, last, line, format)?;
            form.next += 1;
        }
        let heading_row = form.next;
        headings(
            &mut form.sheet,
            heading_row,
            &register.form_columns,
            &formats.heading,
        )?;
        form.sheet.set_repeat_rows(heading_row, heading_row)?;
        form.sheet.set_freeze_panes(heading_row + 1, 0)?;
        form.next += 1;
        Ok(form)
    }

    pub(crate) fn is_full(&self, rows_max: u32) -> bool {
        self.next + CLOSING_ROWS >= rows_max
    }

    pub(crate) fn row(
        &mut self,
        cells: &[Cell],
        register: &Register,
        formats: &Formats,
    ) -> Result<(), WriteError> {
        let row = self.next;
        let mut lines = 1;
        let columns = register.form_columns.iter().zip(&formats.form);
        for (at, (column, format)) in (0u16..).zip(columns) {
            let cell = cells.get(usize::from(at)).unwrap_or(&Cell::Empty);
            if let Some(number) = number_of(cell) {
                self.sheet
                    .write_number_with_format(row, at, number, format)?;
            } else if let Some(words) = words_of(cell) {
                if column.wrap && !column.hidden {
                    lines = lines.max(lines_of(&words, column.width));
                }
                self.sheet
                    .write_string_with_format(row, at, words, format)?;
            } else {
                self.sheet.write_blank(row, at, format)?;
            }
        }
        if lines > 1 {
            self.sheet.set_row_height(row, height_points(lines))?;
        }
        self.next += 1;
        Ok(())
    }

    /// Total, signature and made line.
    pub(crate) fn close(
        &mut self,
        rows: usize,
        register: &Register,
        formats: &Formats,
    ) -> Result<(), WriteError> {
        let last = last_column(&register.form_columns);
        self.across(
            0,
            last,
            &format!("รวม {} รายการ", thousands(rows)),
            &formats.total,
        )?;
        self.next += 2;
        if register.signature {
            // On the right half of the page, where an officer looks for it.
            let half = last.div_ceil(2);
            for line in [
                "ลงชื่อ ................................................ ผู้รายงาน",
                "( ................................................ )",
                "ตำแหน่ง ................................................",
                "วันที่ ........... เดือน ............................ พ.ศ. ............",
            ] {
                self.across(half, last, line, &formats.centred)?;
                self.next += 1;
            }
            self.next += 1;
        }
        if !register.made_line.is_empty() {
            self.across(0, last, &register.made_line, &formats.line)?;
        }
        Ok(())
    }

    pub(crate) fn into_sheet(self) -> Worksheet {
        self.sheet
    }

    fn across(
        &mut self,
        from: u16,
        to: u16,
        text: &str,
        format: &Format,
    ) -> Result<(), WriteError> {
        let text = legal(text);
        self.sheet.set_row_height(self.next, TITLE_POINTS)?;
        if from == to {
            self.sheet
                .write_string_with_format(self.next, from, text, format)?;
        } else {
            self.sheet
                .merge_range(self.next, from, self.next, to, &text, format)?;
        }
        Ok(())
    }
}
