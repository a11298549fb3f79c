//! The headman's tick-list (ใบตรวจรับรองประจำหมู่บ้าน): one line a case or an assignment of his village, four boxes to
//! tick, a line for his note. It comes back to the office and is keyed by its codes.

use typst::foundations::{Array, Dict, Value, dict};

use crate::PrintError;
use crate::engine::{self, Template};
use crate::fonts::Face;
use crate::page::{
    HEAD_LETTERS_MAX, Head, LINES_MAX, NUMBER_LETTERS_MAX, PARTS_MAX, WHOLE_LETTERS_MAX, Words,
    at_most, plain,
};

/// One village's list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TickList {
    /// Office, incident, when printed.
    pub head: Head,
    /// The list's own number, on each page: `450905-69-ต0012`.
    pub number: String,
    /// `หมู่ที่ 5 บ้านโนนสวรรค์ ตำบลโคกสว่าง อำเภอหนองพอก`.
    pub village: String,
    /// The headman with his title; empty leaves dots to fill in.
    pub headman: String,
    /// 1 to [`LINES_MAX`] lines, in the order they are to be asked: by house.
    pub lines: Vec<TickLine>,
}

/// One line: a case or an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickLine {
    /// The code to read aloud and to key back, without spaces: `12F6`.
    pub code: String,
    /// The person or household as the village calls them.
    pub name: String,
    /// House number, and what finds the house: `45/2 (หลังวัดโนนสวรรค์)`.
    pub house: String,
    /// Names of the needs, nothing of anybody's health beyond them.
    pub needs: Vec<String>,
    /// What the headman is asked.
    pub asks: Asks,
}

/// What the headman is asked about a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asks {
    /// A case was reported: is it true?
    Report {
        /// `แจ้งเมื่อ 20 พ.ย. 2569 ทางโทรศัพท์`; may be empty.
        told: String,
    },
    /// An assignment is said to be done: has help arrived?
    Help {
        /// Who went: `นายสมชาย ใจดี (อสม.)`.
        who: String,
        /// When: `22 พ.ย. 2569 เวลา 14:00 น.`.
        when: String,
    },
}

/// Room for name, house, needs and question, left of the boxes; the template is told it.
const LEFT_MM: f64 = 92.0;

/// Name, house and needs.
const LARGE: Words = Words {
    face: Face::Looped,
    size_pt: 16.0,
    room_mm: LEFT_MM,
};
/// One need with the comma after it, left of the white before the boxes.
const NEED: Words = Words {
    room_mm: LEFT_MM - 4.0,
    ..LARGE
};
/// The question and what was told.
const SMALL: Words = Words {
    face: Face::Looped,
    size_pt: 13.0,
    room_mm: LEFT_MM,
};
/// The lines of the head; the headman also signs, on a third of the page.
const ACROSS: Words = Words {
    face: Face::Looped,
    size_pt: 14.0,
    room_mm: 54.0,
};

/// The list as the bytes of a PDF: A4 upright, 16 pt looped letters, about ten lines a page.
///
/// # Errors
/// [`PrintError::Nothing`] without lines; a number of lines or a length above the limits.
pub fn tick_list(list: &TickList) -> Result<Vec<u8>, PrintError> {
    engine::print(Template::TickList, values(list)?)
}

pub(crate) fn values(list: &TickList) -> Result<Dict, PrintError> {
    if list.lines.is_empty() {
        return Err(PrintError::Nothing);
    }
    at_most(list.lines.len(), LINES_MAX)?;
    let lines = list.lines.iter().map(line).collect::<Result<Array, _>>()?;
    Ok(dict! {
        "head" => list.head.value()?,
        "number" => ACROSS.short(&list.number, NUMBER_LETTERS_MAX)?,
        "village" => ACROSS.short(&list.village, HEAD_LETTERS_MAX)?,
        "headman" => ACROSS.name(&list.headman)?,
        "title" => plain(&list.village)?,
        "left" => LEFT_MM,
        "lines" => lines,
    })
}

fn line(line: &TickLine) -> Result<Value, PrintError> {
    at_most(line.needs.len(), PARTS_MAX)?;
    let mut letters = line.name.chars().count() + line.house.chars().count();
    letters += line
        .needs
        .iter()
        .map(|need| need.chars().count() + 2)
        .sum::<usize>();
    let (asks, who, when) = match &line.asks {
        Asks::Report { told } => ("report", "", told.as_str()),
        Asks::Help { who, when } => ("help", who.as_str(), when.as_str()),
    };
    letters += who.chars().count() + when.chars().count();
    let needs = line
        .needs
        .iter()
        .map(|need| NEED.line(need))
        .collect::<Result<Array, _>>()?;
    Ok(Value::Dict(dict! {
        "code" => in_pairs(&line.code)?,
        "name" => LARGE.name(&line.name)?,
        "house" => LARGE.name(&line.house)?,
        "needs" => needs,
        "asks" => asks,
        "who" => SMALL.name(who)?,
        "when" => SMALL.name(when)?,
        "whole" => letters <= WHOLE_LETTERS_MAX,
    }))
}

/// A code in groups of two. Thais read numbers aloud in pairs (telephones, number plates), two signs are said in one
/// breath and kept in mind together, and a lost one is noticed because its pair limps; `12A K` would hang the last sign
/// alone, the one that is forgotten. The gap is drawn and is no letter; the key-back box takes a code with or without it.
fn in_pairs(code: &str) -> Result<Array, PrintError> {
    const CODE_LETTERS_MAX: usize = 8;
    let signs: Vec<char> = code.chars().filter(|c| c.is_alphanumeric()).collect();
    if signs.len() > CODE_LETTERS_MAX {
        return Err(PrintError::TextTooLong {
            given: signs.len(),
            max: CODE_LETTERS_MAX,
        });
    }
    signs
        .chunks(2)
        .map(|pair| plain(&pair.iter().collect::<String>()))
        .collect()
}
