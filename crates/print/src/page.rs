//! What all pages share: the head, the limits, and how a text becomes a value for a template.

use typst::foundations::{Dict, Str, Value, dict};

use crate::PrintError;
use crate::fonts::{self, Face};
use crate::table::Cells;
use crate::thai_lines;

/// Lines, slips or rows that one print may have: about 200 pages.
pub const LINES_MAX: usize = 2_000;
/// Letters (code points) of one field.
pub const FIELD_LETTERS_MAX: usize = 400;
/// Letters (code points) of what stands in a head or foot: office, incident, date, village, title.
pub const HEAD_LETTERS_MAX: usize = 100;
/// Letters (code points) of a number of a list or an assignment.
pub const NUMBER_LETTERS_MAX: usize = 30;
/// Letters (code points) of one paragraph or note.
pub const PARAGRAPH_LETTERS_MAX: usize = 2_000;
/// Letters (code points) of a column's title or a box's word, which stand on each page.
pub const TITLE_LETTERS_MAX: usize = 60;
/// Needs of one line or slip, paragraphs, columns, figures, sections.
pub(crate) const PARTS_MAX: usize = 40;
/// Letters of one line above which it may go over a page's end: it could be taller than a page.
pub(crate) const WHOLE_LETTERS_MAX: usize = 600;

/// What stands at the head of a page. Strings as they are to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The office: `ที่ว่าการอำเภอหนองพอก`.
    pub office: String,
    /// The incident: `อุทกภัย ตุลาคม 2569`; may be empty.
    pub incident: String,
    /// When it was printed, B.E.: `23 พฤศจิกายน 2569 เวลา 16:05 น.`. No clock is asked.
    pub printed: String,
}

/// The narrower half of a head; the templates have the same.
const HEAD_RIGHT_MM: f64 = 84.0;

impl Head {
    pub(crate) fn value(&self) -> Result<Dict, PrintError> {
        // The larger of the two faces and sizes that heads are set in.
        let words = Words {
            face: Face::Looped,
            size_pt: 14.0,
            room_mm: HEAD_RIGHT_MM,
        };
        Ok(dict! {
            "office" => words.short(&self.office, HEAD_LETTERS_MAX)?,
            "incident" => words.short(&self.incident, HEAD_LETTERS_MAX)?,
            "printed" => words.short(&self.printed, HEAD_LETTERS_MAX)?,
        })
    }
}

/// How a place on a page is written: the face, its size in points, and the room of one line in millimetres.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    pub(crate) face: Face,
    pub(crate) size_pt: f64,
    pub(crate) room_mm: f64,
}

impl Words {
    /// A field that may break between words.
    pub(crate) fn prose(self, text: &str) -> Result<Value, PrintError> {
        self.long(text, FIELD_LETTERS_MAX)
    }

    /// A field whose words stay whole: a name, a house number, a telephone number.
    pub(crate) fn name(self, text: &str) -> Result<Value, PrintError> {
        self.short(text, FIELD_LETTERS_MAX)
    }

    /// A field that is one line, if its place has room for it.
    pub(crate) fn line(self, text: &str) -> Result<Value, PrintError> {
        let line = one_line(text, FIELD_LETTERS_MAX)?;
        if !line.is_empty() && self.fits(&line) {
            return Ok(pieces(vec![line]));
        }
        self.prose(text)
    }

    /// The same of at most so many letters: what stands on each page must leave room for the page.
    pub(crate) fn short(self, text: &str, letters_max: usize) -> Result<Value, PrintError> {
        let text = one_line(text, letters_max)?;
        Ok(pieces(thai_lines::name(&text, &|piece| self.fits(piece))))
    }

    /// The same of at most so many letters.
    pub(crate) fn long(self, text: &str, letters_max: usize) -> Result<Value, PrintError> {
        let text = one_line(text, letters_max)?;
        Ok(pieces(thai_lines::prose(&text, &|piece| self.fits(piece))))
    }

    pub(crate) fn width_mm(self, text: &str) -> f64 {
        fonts::width_mm(self.face, self.size_pt, text)
    }

    /// The widest part of a text that is not to be broken.
    pub(crate) fn widest_piece_mm(self, text: &str, cells: Cells) -> f64 {
        let pieces = match cells {
            Cells::Prose => thai_lines::prose(text, &|_| true),
            Cells::Whole => thai_lines::name(text, &|_| true),
            Cells::Line => vec![text.to_owned()],
        };
        pieces
            .iter()
            .map(|piece| self.width_mm(piece))
            .fold(0.0, f64::max)
    }

    fn fits(self, piece: &str) -> bool {
        self.width_mm(piece) <= self.room_mm
    }
}

/// A text in one piece: for the PDF's own title and for what is spelled.
pub(crate) fn plain(text: &str) -> Result<Value, PrintError> {
    Ok(Value::Str(Str::from(one_line(text, FIELD_LETTERS_MAX)?)))
}

/// Pieces as the prelude's `thai` wants them.
fn pieces(pieces: Vec<String>) -> Value {
    Value::Array(
        pieces
            .into_iter()
            .map(|piece| Value::Str(Str::from(piece)))
            .collect(),
    )
}

/// The text with each run of spaces, breaks and control signs as one space, and nothing that is not seen.
fn one_line(text: &str, letters_max: usize) -> Result<String, PrintError> {
    let given = text.chars().count();
    if given > letters_max {
        return Err(PrintError::TextTooLong {
            given,
            max: letters_max,
        });
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Unseen: zero-width signs and the signs that turn the direction of what follows.
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{ad}' => {}
            c if c.is_whitespace() || c.is_control() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    Ok(out.trim().to_owned())
}

/// Refuses more than `max` of something.
pub(crate) fn at_most(given: usize, max: usize) -> Result<(), PrintError> {
    if given > max {
        return Err(PrintError::TooManyLines { given, max });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_one_line_of_what_can_be_seen() {
        assert_eq!(
            one_line(" ก\r\n\tข\u{0}ค\u{200b}\u{202e}ง ", 99).unwrap(),
            "ก ข คง"
        );
    }

    #[test]
    fn a_text_too_long_is_refused_not_cut() {
        assert!(one_line(&"ก".repeat(400), FIELD_LETTERS_MAX).is_ok());
        assert_eq!(
            one_line(&"ก".repeat(401), FIELD_LETTERS_MAX),
            Err(PrintError::TextTooLong {
                given: 401,
                max: 400
            })
        );
    }
}
