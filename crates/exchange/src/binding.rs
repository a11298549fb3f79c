//! Which column is read as what, and how one row is read through that.
//!
//! Shared by cases and villages. Knows fields and problems, not what a case is.

use crate::headings::Field;
use crate::problem::{Fix, Problem, Severity};
use crate::read_cells::{is_nothing, tidy};
use crate::table::{Row, Table, TableError};
use crate::words;
use std::collections::BTreeMap;

/// Which column was read as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnBinding {
    pub heading: String,
    /// Nothing when the column is not read.
    pub field: Option<Field>,
}

/// The columns of a table that an import reads.
pub(crate) struct Columns<'t> {
    table: &'t Table,
    by_field: BTreeMap<Field, Vec<usize>>,
}

impl<'t> Columns<'t> {
    pub(crate) fn of(table: &'t Table, wanted: &[Field]) -> Columns<'t> {
        let mut by_field: BTreeMap<Field, Vec<usize>> = BTreeMap::new();
        for (at, heading) in table.headings.iter().enumerate() {
            if let Some(field) = Field::of_heading(heading).filter(|field| wanted.contains(field)) {
                by_field.entry(field).or_default().push(at);
            }
        }
        Columns { table, by_field }
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        self.by_field.contains_key(&field)
    }

    /// Refuses the file when, of any of these groups, no column is there.
    pub(crate) fn require(&self, groups: &[&[Field]]) -> Result<(), TableError> {
        let missing = groups
            .iter()
            .filter(|group| !group.iter().any(|field| self.has(*field)));
        let columns: Vec<String> = missing
            .map(|group| {
                group
                    .iter()
                    .map(|field| field.heading())
                    .collect::<Vec<_>>()
                    .join(" หรือ ")
            })
            .collect();
        if columns.is_empty() {
            Ok(())
        } else {
            Err(TableError::ColumnMissing { columns })
        }
    }

    pub(crate) fn bindings(&self) -> Vec<ColumnBinding> {
        let field_of = |at: usize| {
            self.by_field
                .iter()
                .find(|(_, columns)| columns.contains(&at))
                .map(|(field, _)| *field)
        };
        (0..)
            .zip(&self.table.headings)
            .filter(|(_, heading)| !heading.is_empty())
            .map(|(at, heading)| ColumnBinding {
                heading: heading.clone(),
                field: field_of(at),
            })
            .collect()
    }

    /// A warning for every column whose field another column has already.
    pub(crate) fn duplicates(&self) -> Vec<Problem> {
        let row = self.table.header_row;
        let spare = self
            .by_field
            .values()
            .flat_map(|columns| columns.iter().skip(1));
        spare
            .map(|at| {
                let column = self.table.headings[*at].clone();
                let code = "heading_duplicate";
                let message = words::of_problem(code, row, &column, None);
                Problem {
                    row,
                    column,
                    code,
                    message,
                    severity: Severity::Warning,
                }
            })
            .collect()
    }

    /// Heading as the file spells it, or the official one when the file has no such column.
    pub(crate) fn heading(&self, field: Field) -> &str {
        match self
            .by_field
            .get(&field)
            .and_then(|columns| columns.first())
        {
            Some(at) => &self.table.headings[*at],
            None => field.heading(),
        }
    }

    fn columns_of(&self, field: Field) -> &[usize] {
        self.by_field.get(&field).map_or(&[], Vec::as_slice)
    }

    /// Cells of a field in a row, empty ones left out.
    fn inked<'a>(&'a self, row: &'a Row, field: Field) -> impl Iterator<Item = &'a str> {
        let cells = self
            .columns_of(field)
            .iter()
            .filter_map(|at| row.cells.get(*at));
        cells.map(String::as_str).filter(|cell| !is_nothing(cell))
    }

    /// The heading line again, as registers repeat it on every page.
    pub(crate) fn is_repeated_heading(&self, row: &Row) -> bool {
        let repeats = |(field, columns): &(&Field, &Vec<usize>)| {
            let cell = columns.first().and_then(|at| row.cells.get(*at));
            cell.is_some_and(|cell| Field::of_heading(cell) == Some(**field))
        };
        self.by_field.iter().filter(repeats).count() >= 2
    }

    /// A total or a line of the signature: it begins like one, and says nothing of `essential`.
    /// `after_total` also takes rows of one or two cells, as names stand under signatures.
    pub(crate) fn is_closing(&self, row: &Row, essential: &[Field], after_total: bool) -> bool {
        const BEGINNINGS: [&str; 7] = [
            "รวม",
            "ทั้งสิ้น",
            "ยอดรวม",
            "ลงชื่อ",
            "(ลงชื่อ",
            "ตำแหน่ง",
            "ผู้รายงาน",
        ];
        let is_inked = |cell: &String| !cell.trim().is_empty();
        let Some(at) = row.cells.iter().position(is_inked) else {
            return true;
        };
        let first = tidy(&row.cells[at]);
        let begins_so = BEGINNINGS
            .iter()
            .any(|beginning| first.starts_with(beginning));
        // The word itself may stand in any column.
        let mut columns = essential.iter().flat_map(|field| self.columns_of(*field));
        let says_more = columns.any(|column| {
            let cell = row.cells.get(*column).filter(|cell| !is_nothing(cell));
            cell.is_some() && !(begins_so && *column == at)
        });
        let inked = row.cells.iter().filter(|cell| is_inked(cell)).count();
        !says_more && (begins_so || (after_total && inked <= 2))
    }
}

/// One row being read: its cells by field, and what was found wrong.
pub(crate) struct RowReader<'a> {
    columns: &'a Columns<'a>,
    row: &'a Row,
    pub(crate) problems: Vec<Problem>,
    pub(crate) fixes: Vec<Fix>,
}

impl<'a> RowReader<'a> {
    /// Starts a row; damage to the row as a whole is its first problem.
    pub(crate) fn new(columns: &'a Columns<'a>, row: &'a Row) -> Self {
        let mut reader = RowReader {
            columns,
            row,
            problems: Vec::new(),
            fixes: Vec::new(),
        };
        if let Some(damage) = row.damage {
            reader.push(String::new(), damage.code(), None, Severity::Error);
        }
        reader
    }

    pub(crate) fn number(&self) -> usize {
        self.row.number
    }

    pub(crate) fn has(&self, field: Field) -> bool {
        self.columns.has(field)
    }

    /// Text of a field without invisible characters and stray spaces; "-" and "ไม่มี" are empty.
    /// Two columns of one field must agree.
    pub(crate) fn text(&mut self, field: Field) -> String {
        let mut cells: Vec<String> = self.columns.inked(self.row, field).map(tidy).collect();
        cells.dedup();
        if cells.len() > 1 {
            self.error(field, "value_conflict", None);
        }
        cells.into_iter().next().unwrap_or_default()
    }

    pub(crate) fn failed(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }

    /// The row will be set aside. `value` is shown: never of a name, an id or a telephone.
    pub(crate) fn error(&mut self, field: Field, code: &'static str, value: Option<&str>) {
        let column = self.columns.heading(field).to_owned();
        self.push(column, code, value, Severity::Error);
    }

    /// The row is accepted with something put right or doubtful, which is listed.
    pub(crate) fn fix(&mut self, field: Field, code: &'static str, value: Option<&str>) {
        let column = self.columns.heading(field).to_owned();
        self.fixes.push(Fix {
            column: column.clone(),
            code,
        });
        self.push(column, code, value, Severity::Warning);
    }

    fn push(
        &mut self,
        column: String,
        code: &'static str,
        value: Option<&str>,
        severity: Severity,
    ) {
        let row = self.row.number;
        let message = words::of_problem(code, row, &column, value);
        self.problems.push(Problem {
            row,
            column,
            code,
            message,
            severity,
        });
    }
}

/// Text capped by characters.
pub(crate) fn longer_than(text: &str, characters_max: usize) -> bool {
    text.len() > characters_max && text.chars().count() > characters_max
}

/// `text` and, on a line of its own, what could not be kept elsewhere.
pub(crate) fn with_line(text: &str, line: &str) -> String {
    if text.is_empty() {
        line.to_owned()
    } else {
        format!("{text}\n{line}")
    }
}
