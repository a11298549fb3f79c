//! Rows of a spreadsheet to cases: every cell understood, put right and listed, or set aside.
//!
//! A row with one bad cell is set aside whole, with one [`Problem`] for every bad cell; it is never
//! half taken and nothing is guessed unseen. What the reader may put right (swapped coordinates, a
//! telephone that lost its zero) is listed as a [`Fix`] and as a warning. It does not know which
//! villages exist: [`CaseRules::resolve_area`] does.

pub use crate::binding::ColumnBinding;
use crate::binding::{Columns, RowReader};
use crate::case_row::{self, NeedIndex};
use crate::headings::Field;
use crate::problem::{AreaProblem, Fix, Problem};
use crate::table::{Table, TableError};
use jiff::civil::{Date, Time};

/// Subdistrict and หมู่ to an area code; see [`CaseRules::resolve_area`].
pub type ResolveArea<'a> = dyn Fn(&str, Option<u8>) -> Result<String, AreaProblem> + 'a;

/// What the reader must be told.
pub struct CaseRules<'a> {
    /// Day of the import; a report of a later day is refused.
    pub today: Date,
    pub need_kinds: &'a [NeedWords],
    /// Subdistrict and หมู่ to an area code of 6 or 8 digits. The subdistrict is its name without
    /// "ตำบล", or the 6 digits of its code, or empty; the หมู่ may be missing; never both.
    pub resolve_area: &'a ResolveArea<'a>,
}

impl std::fmt::Debug for CaseRules<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaseRules")
            .field("today", &self.today)
            .finish_non_exhaustive()
    }
}

/// A kind of need and all that people call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedWords {
    pub code: String,
    /// Label and synonyms; case, spaces and spelling slips do not matter.
    pub words: Vec<String>,
}

/// When a case was reported, as far as the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported {
    pub date: Date,
    pub time: Option<Time>,
}

/// An identity number of thirteen digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitizenNumber {
    pub digits: String,
    /// False: keep it as unconfirmed, match nobody by it.
    pub checksum_ok: bool,
}

/// One accepted row.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    /// Row as a spreadsheet counts it.
    pub row: usize,
    pub reported: Option<Reported>,
    /// Empty when the file has none; so are all texts below.
    pub title: String,
    pub given: String,
    pub family: String,
    pub citizen_id: Option<CitizenNumber>,
    /// Digits only, with the leading zero.
    pub phone: String,
    pub house_no: String,
    pub moo: Option<u8>,
    /// As written, without "ตำบล" or "ต.".
    pub subdistrict: String,
    /// What `resolve_area` answered.
    pub area_code: String,
    /// Codes of [`NeedWords`], at least one, each once.
    pub needs: Vec<String>,
    /// `normal`, `urgent`, `very_urgent` or `critical`; an empty cell is `normal`.
    pub urgency: &'static str,
    /// At least 1; an empty cell is 1.
    pub people_count: u32,
    /// Latitude and longitude, WGS 84 degrees, inside Thailand.
    pub point: Option<(f64, f64)>,
    pub note: String,
    pub fixes: Vec<Fix>,
}

/// All that a file of cases said.
#[derive(Debug, Clone, PartialEq)]
pub struct CasesReading {
    pub columns: Vec<ColumnBinding>,
    /// Accepted rows, in the order of the file.
    pub rows: Vec<CaseRow>,
    /// Row numbers that were set aside; why stands in `problems`.
    pub set_aside: Vec<usize>,
    /// Row numbers of totals, signatures and repeated headings, which are no cases.
    pub skipped: Vec<usize>,
    /// Errors and warnings, by row.
    pub problems: Vec<Problem>,
    /// Accepted and set-aside rows together.
    pub total: usize,
}

const READ: &[Field] = &[
    Field::ReportedOn,
    Field::ReportedTime,
    Field::Title,
    Field::Given,
    Field::Family,
    Field::FullName,
    Field::CitizenId,
    Field::Phone,
    Field::HouseNo,
    Field::Moo,
    Field::Subdistrict,
    Field::Needs,
    Field::Urgency,
    Field::PeopleCount,
    Field::Lat,
    Field::Lon,
    Field::Point,
    Field::Note,
];

/// Reads every row.
///
/// # Errors
/// [`TableError::ColumnMissing`] when the file has no column for the name, the need, or the place.
pub fn read(table: &Table, rules: &CaseRules<'_>) -> Result<CasesReading, TableError> {
    let columns = Columns::of(table, READ);
    columns.require(&[
        &[Field::Given, Field::FullName],
        &[Field::Needs],
        &[Field::Moo, Field::Subdistrict],
    ])?;
    let needs = NeedIndex::of(rules);
    // A row that says one of these is a case, however its first cell begins.
    let essential = [Field::Needs, Field::Moo, Field::Subdistrict];
    let mut reading = CasesReading {
        columns: columns.bindings(),
        rows: Vec::new(),
        set_aside: Vec::new(),
        skipped: Vec::new(),
        problems: columns.duplicates(),
        total: 0,
    };
    let mut closed = false;
    for row in &table.rows {
        let closing = columns.is_closing(row, &essential, closed);
        if closing || columns.is_repeated_heading(row) {
            closed |= closing;
            reading.skipped.push(row.number);
            continue;
        }
        closed = false;
        let mut reader = RowReader::new(&columns, row);
        match case_row::read(&mut reader, rules, &needs) {
            Some(case) => reading.rows.push(case),
            None => reading.set_aside.push(row.number),
        }
        reading.problems.append(&mut reader.problems);
        reading.total += 1;
    }
    Ok(reading)
}
