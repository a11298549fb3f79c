//! A CSV that Excel opens in Thai: UTF-8 with BOM, CRLF, formulas disarmed.
//!
//! Dates are ISO 8601 and Christian (`2026-11-05`, `2026-11-05 14:30`): a B.E. date written as text
//! would be taken by Excel for a date of the year 2569 C.E. An officer's B.E. text column, where
//! wanted, is one more [`Cell::Text`] of the caller.
//!
//! Text that begins with `= + - @`, a tab or a line break gets an apostrophe in front; our own
//! reader ([`crate::table`]) takes it off again.

use crate::cell::Cell;
use crate::file::WriteError;
use crate::guard;
use std::io::Write;

/// Writes rows to anything that takes bytes.
#[derive(Debug)]
pub struct CsvWriter<W: Write> {
    to: W,
    rows: usize,
    line: String,
}

impl<W: Write> CsvWriter<W> {
    /// Starts the file with the byte order mark and the headings.
    ///
    /// # Errors
    /// Those of the writer underneath.
    pub fn create<S: AsRef<str>>(mut to: W, headings: &[S]) -> Result<Self, WriteError> {
        to.write_all("\u{feff}".as_bytes())?;
        let mut writer = CsvWriter {
            to,
            rows: 0,
            line: String::new(),
        };
        let cells: Vec<Cell> = headings
            .iter()
            .map(|heading| Cell::text(heading.as_ref()))
            .collect();
        writer.line(&cells)?;
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Those of the writer underneath.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        self.rows += 1;
        self.line(cells)
    }

    /// Flushes; answers the number of rows below the headings.
    ///
    /// # Errors
    /// Those of the writer underneath.
    pub fn finish(mut self) -> Result<usize, WriteError> {
        self.to.flush()?;
        Ok(self.rows)
    }

    fn line(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        self.line.clear();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.line.push(',');
            }
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => quote(&guard::put_on(text), &mut self.line),
                other => self.line.push_str(&plain(other)),
            }
        }
        // A row of one empty cell would be a blank line, which readers skip.
        if self.line.is_empty() {
            self.line.push_str("\"\"");
        }
        self.line.push_str("\r\n");
        self.to.write_all(self.line.as_bytes())?;
        Ok(())
    }
}

/// A cell that is not text, as machines write it; also used for GeoJSON dates.
pub(crate) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        // Infinities and not-a-number have no place in a register.
        Cell::Number(number) if !number.is_finite() => String::new(),
        Cell::Number(number) => number.to_string(),
        Cell::Whole(number) => number.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::DateTime(at) => {
            format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())
        }
    }
}

fn quote(text: &str, line: &mut String) {
    let edge_space = text.starts_with(' ') || text.ends_with(' ');
    if edge_space || text.contains([',', '"', '\r', '\n', ';', '\t', '|']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    fn written(headings: &[&str], rows: &[Vec<Cell>]) -> String {
        let mut bytes = Vec::new();
        let mut writer = CsvWriter::create(&mut bytes, headings).unwrap();
        for row in rows {
            writer.row(row).unwrap();
        }
        assert_eq!(writer.finish().unwrap(), rows.len());
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_csv_has_a_mark_crlf_and_plain_values() {
        let text = written(
            &["ชื่อ", "จำนวนคน", "ละติจูด", "วันที่แจ้ง", "รับเมื่อ"],
            &[vec![
                "สมหมาย".into(),
                Cell::Whole(-4),
                Cell::Number(16.268),
                date(2026, 11, 5).into(),
                datetime(2026, 11, 5, 8, 5, 9, 0).into(),
            ]],
        );
        assert_eq!(
            text,
            "\u{feff}ชื่อ,จำนวนคน,ละติจูด,วันที่แจ้ง,รับเมื่อ\r\n\
             สมหมาย,-4,16.268,2026-11-05,2026-11-05 08:05\r\n"
        );
    }

    #[test]
    fn quotes_commas_and_newlines_are_quoted_and_formulas_disarmed() {
        let text = written(
            &["ก", "ข"],
            &[
                vec!["เขา\"พูด\", ว่า\nช่วย".into(), "=1+1".into()],
                vec![Cell::Empty],
            ],
        );
        assert_eq!(
            text,
            "\u{feff}ก,ข\r\n\"เขา\"\"พูด\"\", ว่า\nช่วย\",'=1+1\r\n\"\"\r\n"
        );
    }
}
