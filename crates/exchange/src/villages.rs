//! An office's village list: code or ตำบล + หมู่ที่, name, and a point where there is one.
//!
//! The key of a village is its 8-digit code (6 of the subdistrict, 2 of the หมู่); the name is only
//! a label, and four หมู่ of one subdistrict may share it. Which subdistricts exist is the caller's
//! knowledge.

use crate::binding::{ColumnBinding, Columns, RowReader, longer_than};
use crate::case_row;
use crate::headings::Field;
use crate::problem::{AreaProblem, Fix, Problem};
use crate::read_cells as cells;
use crate::table::{Table, TableError};
use std::collections::HashSet;

const NAME_MAX: usize = 200;

/// What the reader must be told.
pub struct VillageRules<'a> {
    /// Whether a 6-digit code is a subdistrict this office may keep villages of.
    pub knows_subdistrict: &'a dyn Fn(&str) -> bool,
    /// Subdistrict to its 6-digit code: its name without "ตำบล", or the code itself, or empty when
    /// the file has none (an office of one subdistrict knows which).
    pub resolve_subdistrict: &'a dyn Fn(&str) -> Result<String, AreaProblem>,
}

impl std::fmt::Debug for VillageRules<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VillageRules").finish_non_exhaustive()
    }
}

/// One accepted row.
#[derive(Debug, Clone, PartialEq)]
pub struct VillageRow {
    /// Row as a spreadsheet counts it.
    pub row: usize,
    /// Eight digits.
    pub code: String,
    /// Last two digits of the code as a number, 1 to 99.
    pub moo: u8,
    /// Without "บ้าน" in front.
    pub name: String,
    /// Latitude and longitude, WGS 84 degrees, inside Thailand.
    pub point: Option<(f64, f64)>,
    pub fixes: Vec<Fix>,
}

/// All that a village list said.
#[derive(Debug, Clone, PartialEq)]
pub struct VillagesReading {
    pub columns: Vec<ColumnBinding>,
    /// Accepted rows, in the order of the file.
    pub rows: Vec<VillageRow>,
    /// Row numbers that were set aside; why stands in `problems`.
    pub set_aside: Vec<usize>,
    /// Row numbers of totals, signatures and repeated headings.
    pub skipped: Vec<usize>,
    /// Errors and warnings, by row.
    pub problems: Vec<Problem>,
    /// Accepted and set-aside rows together.
    pub total: usize,
}

const READ: &[Field] = &[
    Field::VillageCode,
    Field::VillageName,
    Field::Subdistrict,
    Field::Moo,
    Field::Lat,
    Field::Lon,
    Field::Point,
];

/// Reads every row.
///
/// # Errors
/// [`TableError::ColumnMissing`] when the file has no name, or neither code nor หมู่ที่.
pub fn read(table: &Table, rules: &VillageRules<'_>) -> Result<VillagesReading, TableError> {
    let columns = Columns::of(table, READ);
    columns.require(&[&[Field::VillageName], &[Field::VillageCode, Field::Moo]])?;
    let essential = [Field::VillageName, Field::Moo];
    let mut reading = VillagesReading {
        columns: columns.bindings(),
        rows: Vec::new(),
        set_aside: Vec::new(),
        skipped: Vec::new(),
        problems: columns.duplicates(),
        total: 0,
    };
    let mut seen = HashSet::new();
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
        let village = village(&mut reader, rules).filter(|village| {
            let new = seen.insert(village.code.clone());
            if !new {
                let field = if reader.has(Field::VillageCode) {
                    Field::VillageCode
                } else {
                    Field::Moo
                };
                reader.error(field, "village_duplicate", Some(&village.code));
            }
            new
        });
        match village {
            Some(village) => reading.rows.push(village),
            None => reading.set_aside.push(row.number),
        }
        reading.problems.append(&mut reader.problems);
        reading.total += 1;
    }
    Ok(reading)
}

fn village(reader: &mut RowReader<'_>, rules: &VillageRules<'_>) -> Option<VillageRow> {
    if reader.failed() {
        return None;
    }
    let code = code(reader, rules);
    let name = cells::village_name(&reader.text(Field::VillageName));
    if longer_than(&name, NAME_MAX) {
        reader.error(Field::VillageName, "village_name_too_long", None);
    } else if !name.chars().any(char::is_alphanumeric) {
        reader.error(Field::VillageName, "village_name_empty", None);
    }
    let (point, link) = case_row::point(reader);
    if link.is_some() {
        reader.fix(Field::Point, "village_link_unread", None);
    }
    let (code, moo) = code.filter(|_| !reader.failed())?;
    let row = reader.number();
    Some(VillageRow {
        row,
        code,
        moo,
        name,
        point,
        fixes: std::mem::take(&mut reader.fixes),
    })
}

/// Code and หมู่ of a row, from its code, or from its subdistrict and หมู่.
fn code(reader: &mut RowReader<'_>, rules: &VillageRules<'_>) -> Option<(String, u8)> {
    let written = reader.text(Field::VillageCode);
    let tambon_cell = reader.text(Field::Subdistrict);
    let moo_cell = reader.text(Field::Moo);
    let moo = match moo_cell.as_str() {
        "" => None,
        cell => match cells::moo(cell) {
            Ok(moo) => Some(moo),
            Err(code) => {
                reader.error(Field::Moo, code, Some(cell));
                return None;
            }
        },
    };
    let by_name = (rules.resolve_subdistrict)(&cells::subdistrict(&tambon_cell));
    if written.is_empty() {
        let Some(moo) = moo else {
            let field = if reader.has(Field::Moo) {
                Field::Moo
            } else {
                Field::VillageCode
            };
            reader.error(field, "area_missing", None);
            return None;
        };
        return match by_name {
            Ok(subdistrict) => Some((format!("{subdistrict}{moo:02}"), moo)),
            Err(problem) => {
                reader.error(Field::Subdistrict, problem.code(), Some(&tambon_cell));
                None
            }
        };
    }
    let Some((code, moo_of_code)) = cells::village_code(&written) else {
        reader.error(
            Field::VillageCode,
            "village_code_unreadable",
            Some(&written),
        );
        return None;
    };
    if !(rules.knows_subdistrict)(&code[..6]) {
        reader.error(Field::VillageCode, "village_code_unknown", Some(&code));
        return None;
    }
    let other_moo = moo.is_some_and(|moo| moo != moo_of_code);
    let other_subdistrict =
        !tambon_cell.is_empty() && by_name.is_ok_and(|subdistrict| subdistrict != code[..6]);
    if other_moo || other_subdistrict {
        reader.error(Field::VillageCode, "village_code_conflict", Some(&code));
        return None;
    }
    Some((code, moo_of_code))
}
