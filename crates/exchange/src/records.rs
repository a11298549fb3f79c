//! Text to records: quotes, delimiters, line ends. Knows nothing of headings but their number.
//!
//! Written by hand instead of with a CSV crate because rows must be numbered as a spreadsheet shows
//! them (blank lines count, a line break inside quotes does not), and because one stray quotation
//! mark must cost one row, not swallow all that follow.

/// Longest cell, in UTF-16 units: Excel's own limit.
pub(crate) const CELL_MAX: usize = 32_767;
/// Most columns that may hold anything.
pub(crate) const COLUMNS_MAX: usize = 200;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// Row as a spreadsheet counts it, from 1.
    pub(crate) number: usize,
    pub(crate) cells: Vec<String>,
    /// A quotation mark opens and never closes, or closes in the middle of a cell.
    pub(crate) unbalanced: bool,
    /// A quoted cell goes over several lines.
    pub(crate) multiline: bool,
}

impl Record {
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| is_blank(cell))
    }
}

pub(crate) fn is_blank(cell: &str) -> bool {
    cell.chars()
        .all(|c| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RecordError {
    CellTooLong { row: usize },
    TooManyColumns { row: usize },
}

/// Walks the text once.
pub(crate) struct Records<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
    number: usize,
    /// Columns of the header, 0 while unknown: tells a swallowed row from a note of many lines.
    width: usize,
}

impl<'a> Records<'a> {
    pub(crate) fn new(text: &'a str, delimiter: u8) -> Self {
        Records {
            text,
            at: 0,
            delimiter,
            number: 0,
            width: 0,
        }
    }

    /// From the next record on, rows have this many columns.
    pub(crate) fn expect_width(&mut self, width: usize) {
        self.width = width;
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The quoted cell that opens here, and where it ends; nothing when the mark is a stray one.
    fn quoted(&self) -> Option<(String, usize)> {
        let bytes = self.text.as_bytes();
        let inside = self.at + 1;
        // Four bytes are the most that a UTF-16 unit takes here; doubled marks take twice one.
        let end = bytes.len().min(inside + CELL_MAX * 4);
        let mut seen = inside;
        let close = loop {
            let mark = seen + bytes[seen..end].iter().position(|byte| *byte == b'"')?;
            if bytes.get(mark + 1) == Some(&b'"') {
                seen = mark + 2;
                if seen >= end {
                    return None;
                }
            } else {
                break mark;
            }
        };
        let blank = |byte: &u8| *byte == b' ' && *byte != self.delimiter;
        let after = close
            + 1
            + bytes[close + 1..]
                .iter()
                .take_while(|byte| blank(byte))
                .count();
        let ends_well = match bytes.get(after) {
            None | Some(b'\r' | b'\n') => true,
            Some(byte) => *byte == self.delimiter,
        };
        let content = &self.text[inside..close];
        (ends_well && !self.holds_rows(content)).then(|| (content.replace("\"\"", "\""), after))
    }

    /// Whether whole rows lie inside quotation marks: every full line looks like a record.
    fn holds_rows(&self, content: &str) -> bool {
        let lines: Vec<&str> = content.split('\n').collect();
        let Some(inner) = lines.get(1..lines.len().saturating_sub(1)) else {
            return false;
        };
        let delimiters = |line: &str| line.bytes().filter(|byte| *byte == self.delimiter).count();
        self.width > 2
            && !inner.is_empty()
            && inner.iter().all(|line| delimiters(line) + 1 >= self.width)
    }

    fn plain(&mut self) -> String {
        let bytes = &self.text.as_bytes()[self.at..];
        let delimiter = self.delimiter;
        let ends = |byte: &u8| matches!(byte, b'\r' | b'\n') || *byte == delimiter;
        let length = bytes.iter().position(ends).unwrap_or(bytes.len());
        let cell = self.text[self.at..self.at + length].to_owned();
        self.at += length;
        cell
    }

    fn record(&mut self) -> Result<Record, RecordError> {
        self.number += 1;
        let row = self.number;
        let mut record = Record {
            number: row,
            cells: Vec::new(),
            unbalanced: false,
            multiline: false,
        };
        let mut columns = 0;
        loop {
            let opened = (self.byte() == Some(b'"')).then(|| self.quoted());
            let cell = match opened {
                Some(Some((cell, after))) => {
                    record.multiline |= cell.contains(['\r', '\n']);
                    self.at = after;
                    cell
                }
                Some(None) => {
                    record.unbalanced = true;
                    self.plain()
                }
                None => self.plain(),
            };
            // Bytes first: they are counted already.
            if cell.len() > CELL_MAX && cell.encode_utf16().count() > CELL_MAX {
                return Err(RecordError::CellTooLong { row });
            }
            columns += 1;
            if columns <= COLUMNS_MAX {
                record.cells.push(cell);
            } else if !is_blank(&cell) {
                return Err(RecordError::TooManyColumns { row });
            }
            match self.byte() {
                Some(byte) if byte == self.delimiter => self.at += 1,
                Some(b'\r') => {
                    self.at += 1;
                    self.at += usize::from(self.byte() == Some(b'\n'));
                    return Ok(record);
                }
                Some(_) => {
                    self.at += 1;
                    return Ok(record);
                }
                None => return Ok(record),
            }
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, RecordError>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.at < self.text.len()).then(|| self.record())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, width: usize) -> Vec<(usize, Vec<String>, bool)> {
        let mut records = Records::new(text, b',');
        records.expect_width(width);
        records
            .map(|record| record.map(|r| (r.number, r.cells, r.unbalanced)).unwrap())
            .collect()
    }

    fn row(number: usize, cells: &[&str], unbalanced: bool) -> (usize, Vec<String>, bool) {
        (
            number,
            cells.iter().map(|cell| (*cell).to_owned()).collect(),
            unbalanced,
        )
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        assert_eq!(
            all("a,b\r\n\r\n\"x\ny\",\"1 \"\"2\"\"\" \rz,\n", 0),
            [
                row(1, &["a", "b"], false),
                row(2, &[""], false),
                row(3, &["x\ny", "1 \"2\""], false),
                row(4, &["z", ""], false),
            ]
        );
    }

    #[test]
    fn a_stray_quotation_mark_costs_one_row() {
        assert_eq!(
            all("a,b,c\n1,\"ท่อ,3\n4,5,6\n7,\"ก, ข\",9\n", 3),
            [
                row(1, &["a", "b", "c"], false),
                row(2, &["1", "\"ท่อ", "3"], true),
                row(3, &["4", "5", "6"], false),
                row(4, &["7", "ก, ข", "9"], false),
            ]
        );
    }

    #[test]
    fn rows_between_two_stray_marks_are_not_swallowed() {
        let text = "a,b,c\n1,\"ท่อ,3\n4,5,6\n7,8,9\n1,ท่อ 5\",9\n";
        let read = all(text, 3);
        assert_eq!(read.len(), 5);
        assert!(read[1].2);
        assert_eq!(read[3], row(4, &["7", "8", "9"], false));
    }

    #[test]
    fn a_mark_inside_a_cell_is_only_a_mark() {
        assert_eq!(all("ท่อ 5\",b", 0), [row(1, &["ท่อ 5\"", "b"], false)]);
    }

    #[test]
    fn a_cell_beyond_the_limit_is_refused_and_empty_columns_are_not() {
        let long = "ก".repeat(CELL_MAX + 1);
        let refused = Records::new(&long, b',').next().unwrap();
        assert_eq!(refused, Err(RecordError::CellTooLong { row: 1 }));
        let quoted = format!("\"{long}\",b");
        let refused = Records::new(&quoted, b',').next().unwrap();
        assert_eq!(refused, Err(RecordError::CellTooLong { row: 1 }));
        let wide = ",".repeat(16_000);
        assert_eq!(
            Records::new(&wide, b',')
                .next()
                .unwrap()
                .unwrap()
                .cells
                .len(),
            COLUMNS_MAX
        );
        let refused = Records::new(&format!("{wide}x"), b',').next().unwrap();
        assert_eq!(refused, Err(RecordError::TooManyColumns { row: 1 }));
    }
}
