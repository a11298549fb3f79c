//! Volunteers' slips (ใบมอบหมายงานจิตอาสา): three on a page to cut apart; a visit with several needs takes more room.
//! A slip carries a QR of the assignment's number and nothing else that a stranger's telephone could read.

use typst::foundations::{Array, Bytes, Dict, Value, dict};

use crate::PrintError;
use crate::engine::{self, Template};
use crate::fonts::Face;
use crate::page::{
    Head, LINES_MAX, NUMBER_LETTERS_MAX, PARAGRAPH_LETTERS_MAX, PARTS_MAX, Words, at_most,
};
use crate::qr;

/// Slips printed together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slips {
    /// Office, incident, when printed.
    pub head: Head,
    /// Telephone of the office to call back, as it is read: `043-579-123`.
    pub call_back: String,
    /// 1 to [`LINES_MAX`] slips, in the order they are to be handed out.
    pub slips: Vec<Slip>,
}

/// One visit of one volunteer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slip {
    /// The assignment's number, the first of the visit: printed, and the whole content of the QR code: `450905-69-00123`.
    pub number: String,
    /// Who goes, with kind or team: `นายสมชาย ใจดี (อสม. ม.5)`.
    pub volunteer: String,
    /// Who is helped.
    pub person: String,
    /// House number: `45/2`.
    pub house: String,
    /// `หมู่ที่ 5 บ้านโนนสวรรค์ ตำบลโคกสว่าง`.
    pub village: String,
    /// What finds the house; may be empty.
    pub landmark: String,
    /// At least one.
    pub needs: Vec<SlipNeed>,
    /// Until when, B.E.: `24 พ.ย. 2569 เวลา 12:00 น.`; may be empty.
    pub deadline: String,
    /// The office's text from its template, its places already filled; may be empty.
    pub paragraphs: Vec<String>,
}

/// One need of a visit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlipNeed {
    /// The number of its own assignment, where the visit serves several; may be empty.
    pub number: String,
    /// The need's name, and how much: `น้ำดื่ม 2 แพ็ก`.
    pub name: String,
    /// Hands wanted, 0 when it is not said.
    pub hands: u32,
}

const FIELD: Words = Words {
    face: Face::Sarabun,
    size_pt: 13.0,
    room_mm: 110.0,
};
const BODY: Words = Words {
    face: Face::Sarabun,
    size_pt: 12.0,
    room_mm: 170.0,
};

/// The slips as the bytes of a PDF: A4 upright, with lines to cut along.
///
/// # Errors
/// [`PrintError::Nothing`] without slips or for a slip without needs; a number that fits no QR code; a number of slips
/// or a length above the limits.
pub fn slips(slips: &Slips) -> Result<Vec<u8>, PrintError> {
    engine::print(Template::Slips, values(slips)?)
}

pub(crate) fn values(slips: &Slips) -> Result<Dict, PrintError> {
    if slips.slips.is_empty() {
        return Err(PrintError::Nothing);
    }
    at_most(slips.slips.len(), LINES_MAX)?;
    let list = slips.slips.iter().map(slip).collect::<Result<Array, _>>()?;
    Ok(dict! {
        "head" => slips.head.value()?,
        "call-back" => FIELD.name(&slips.call_back)?,
        "slips" => list,
    })
}

fn slip(slip: &Slip) -> Result<Value, PrintError> {
    if slip.needs.is_empty() {
        return Err(PrintError::Nothing);
    }
    at_most(slip.needs.len(), PARTS_MAX)?;
    at_most(slip.paragraphs.len(), PARTS_MAX)?;
    // A longer number would be a code too fine to print at this size.
    let number = FIELD.short(&slip.number, NUMBER_LETTERS_MAX)?;
    let squares = qr::squares(slip.number.trim())?;
    let needs = slip.needs.iter().map(|need| {
        Ok(Value::Dict(dict! {
            "name" => FIELD.prose(&need.name)?,
            "hands" => i64::from(need.hands),
            "number" => FIELD.short(&need.number, NUMBER_LETTERS_MAX)?,
        }))
    });
    let paragraphs = slip
        .paragraphs
        .iter()
        .filter(|text| !text.trim().is_empty());
    let paragraphs = paragraphs.map(|text| BODY.long(text, PARAGRAPH_LETTERS_MAX));
    Ok(Value::Dict(dict! {
        "number" => number,
        "qr" => Bytes::from_string(qr::svg(&squares)),
        "volunteer" => FIELD.name(&slip.volunteer)?,
        "person" => FIELD.name(&slip.person)?,
        "house" => FIELD.name(&slip.house)?,
        "village" => FIELD.name(&slip.village)?,
        "landmark" => FIELD.prose(&slip.landmark)?,
        "needs" => needs.collect::<Result<Array, PrintError>>()?,
        "deadline" => FIELD.name(&slip.deadline)?,
        "paragraphs" => paragraphs.collect::<Result<Array, _>>()?,
    }))
}
