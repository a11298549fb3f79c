//! Where the headings are: under title rows, perhaps in two rows, behind one of four delimiters.
//!
//! A row is as good a header as it holds different known headings. Knows no values.

use crate::headings::Field;
use crate::records::{Record, Records};
use std::collections::HashSet;

/// Rows with something in them that are looked at.
const ROWS_LOOKED_AT: usize = 15;

/// The headings of a table and where they stand.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// Row of the (lower) heading line, as a spreadsheet counts it.
    pub(crate) row: usize,
    pub(crate) headings: Vec<String>,
    /// Cells of the heading line, empty ones after the last heading included.
    pub(crate) width: usize,
    /// Different known headings.
    pub(crate) score: usize,
}

/// Delimiter and header of a text; nothing when no row looks like headings. A delimiter is the one
/// under which most headings are known; a comma before the others when they are level.
pub(crate) fn find(text: &str) -> Option<(u8, Header)> {
    let mut best: Option<(u8, Header)> = None;
    for delimiter in [b',', b';', b'\t', b'|'] {
        let Some(header) = under(text, delimiter) else {
            continue;
        };
        if best
            .as_ref()
            .is_none_or(|(_, other)| header.score > other.score)
        {
            best = Some((delimiter, header));
        }
    }
    best
}

fn under(text: &str, delimiter: u8) -> Option<Header> {
    let rows: Vec<Record> = Records::new(text, delimiter)
        .map_while(Result::ok)
        // Blank rows at the top of a million lines must not be walked for ever.
        .take(ROWS_LOOKED_AT * 4)
        .filter(|record| !record.is_blank())
        .take(ROWS_LOOKED_AT)
        .collect();
    let scores: Vec<usize> = rows.iter().map(|row| known(&row.cells).len()).collect();
    let most = *scores.iter().max()?;
    if most < 2 {
        return None;
    }
    let at = scores.iter().position(|score| *score == most)?;
    let mut headings: Vec<String> = rows[at].cells.iter().map(|cell| tidy(cell)).collect();
    let mut row = rows[at].number;
    // A second heading line, under or over: group captions ("ที่อยู่") with the headings apart.
    if let Some(below) = rows
        .get(at + 1)
        .filter(|below| is_second_line(&headings, &below.cells))
    {
        fill_gaps(&mut headings, &below.cells);
        row = below.number;
    } else if let Some(above) = at.checked_sub(1).map(|above| &rows[above])
        && !known(&above.cells).is_empty()
    {
        fill_gaps(&mut headings, &above.cells);
    }
    let width = headings.len();
    while headings.last().is_some_and(String::is_empty) {
        headings.pop();
    }
    let score = known(&headings).len();
    Some(Header {
        row,
        headings,
        width,
        score,
    })
}

fn known(cells: &[String]) -> HashSet<Field> {
    cells
        .iter()
        .filter_map(|cell| Field::of_heading(cell))
        .collect()
}

fn tidy(cell: &str) -> String {
    let visible = cell.replace(['\u{feff}', '\u{200b}'], "");
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A row of nothing but known headings, of which at least one stands under a gap or a caption.
fn is_second_line(headings: &[String], cells: &[String]) -> bool {
    let mut inked = cells
        .iter()
        .filter(|cell| !cell.trim().is_empty())
        .peekable();
    inked.peek().is_some()
        && inked.all(|cell| Field::of_heading(cell).is_some())
        && cells.iter().enumerate().all(|(at, cell)| {
            cell.trim().is_empty()
                || headings
                    .get(at)
                    .is_none_or(|heading| Field::of_heading(heading).is_none())
        })
}

/// Takes a heading from the other line where this one has none that is known.
fn fill_gaps(headings: &mut Vec<String>, other: &[String]) {
    if headings.len() < other.len() {
        headings.resize(other.len(), String::new());
    }
    for (heading, cell) in headings.iter_mut().zip(other) {
        if Field::of_heading(heading).is_none() && Field::of_heading(cell).is_some() {
            *heading = tidy(cell);
        }
    }
}
