//! The shift hand-over page (ใบส่งเวร): figures that moved, what the next shift must look at first, notes, signatures.

use typst::foundations::{Array, Dict, Value, dict};

use crate::PrintError;
use crate::engine::{self, Template};
use crate::fonts::Face;
use crate::page::{Head, PARAGRAPH_LETTERS_MAX, PARTS_MAX, Words, at_most};
use crate::table::{self, Section};

/// One hand-over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShiftPage {
    /// Office, incident, when printed.
    pub head: Head,
    /// Start of the shift, B.E.: `22 พ.ย. 2569 เวลา 20:00 น.`.
    pub from: String,
    /// Its end.
    pub to: String,
    /// Who hands over; empty leaves dots.
    pub hands_over: String,
    /// Who takes over; empty leaves dots.
    pub takes_over: String,
    /// The figures at the end of the shift, at most forty, four in a row.
    pub figures: Vec<Figure>,
    /// What to look at, most pressing first. Sections without rows print their count alone.
    pub sections: Vec<Section>,
    /// What the shift wrote for the next one, a paragraph each.
    pub notes: Vec<String>,
}

/// A figure and how it moved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figure {
    /// `ความต้องการที่ยังไม่มีคน`.
    pub name: String,
    /// `42`.
    pub value: String,
    /// Since the shift began: `+12`; may be empty.
    pub change: String,
}

/// The width between the margins; the prelude's page has the same.
const ROOM_MM: f64 = 182.0;

/// The page (or pages) as the bytes of a PDF.
///
/// # Errors
/// A number of lines or a length above the limits; a row that does not match its columns.
pub fn shift(page: &ShiftPage) -> Result<Vec<u8>, PrintError> {
    engine::print(Template::Shift, values(page)?)
}

pub(crate) fn values(page: &ShiftPage) -> Result<Dict, PrintError> {
    table::within_limits(&page.sections)?;
    at_most(page.figures.len(), PARTS_MAX)?;
    at_most(page.notes.len(), PARTS_MAX)?;
    let name = Words {
        face: Face::Sarabun,
        size_pt: 13.0,
        room_mm: 50.0,
    };
    let figure = Words {
        face: Face::Sarabun,
        size_pt: 18.0,
        room_mm: 42.0,
    };
    let label = Words {
        face: Face::Sarabun,
        size_pt: 11.0,
        room_mm: 42.0,
    };
    let note = Words {
        face: Face::Sarabun,
        size_pt: 13.0,
        room_mm: ROOM_MM,
    };
    let figures = page.figures.iter().map(|f| {
        Ok(Value::Dict(dict! {
            "name" => label.prose(&f.name)?,
            "value" => figure.name(&f.value)?,
            "change" => label.name(&f.change)?,
        }))
    });
    let sections = page
        .sections
        .iter()
        .map(|section| table::section(section, ROOM_MM));
    let notes = page.notes.iter().filter(|text| !text.trim().is_empty());
    Ok(dict! {
        "head" => page.head.value()?,
        "from" => name.name(&page.from)?,
        "to" => name.name(&page.to)?,
        "hands-over" => name.name(&page.hands_over)?,
        "takes-over" => name.name(&page.takes_over)?,
        "figures" => figures.collect::<Result<Array, PrintError>>()?,
        "sections" => sections.collect::<Result<Array, _>>()?,
        "notes" => notes.map(|text| note.long(text, PARAGRAPH_LETTERS_MAX)).collect::<Result<Array, _>>()?,
    })
}
