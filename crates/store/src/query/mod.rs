//! Reading for the screens. Each query is written out; none walks a whole table to show a page, and
//! a page goes on by the last row's key, never by an offset.

pub mod assignments;
mod case_query;
pub mod cases;
pub mod escalations;
pub mod figures;
pub mod follow_ups;
pub mod hands;
pub mod held_up;
pub mod help;
pub mod inbox;
pub mod likeness;
pub mod office;
pub mod places;
pub mod rechecks;
pub mod search;
pub mod shift;
pub mod teams;
pub mod tick_lists;
pub mod volunteers;

use rusqlite::types::Value as Cell;

/// Conditions of a query and what fills them, built together so that no value is ever part of the SQL.
#[derive(Debug, Clone, Default)]
struct Conditions {
    clauses: Vec<String>,
    cells: Vec<Cell>,
}

impl Conditions {
    fn add(&mut self, clause: impl Into<String>) {
        self.clauses.push(clause.into());
    }

    fn with(&mut self, clause: impl Into<String>, cells: impl IntoIterator<Item = Cell>) {
        self.clauses.push(clause.into());
        self.cells.extend(cells);
    }

    /// `column IN (...)`; nothing when the list is empty.
    fn one_of(&mut self, column: &str, values: impl IntoIterator<Item = String>) {
        let cells: Vec<_> = values.into_iter().map(Cell::Text).collect();
        if !cells.is_empty() {
            let marks = vec!["?"; cells.len()].join(", ");
            self.with(format!("{column} IN ({marks})"), cells);
        }
    }

    /// Areas by code or by the code of an area above.
    fn within(&mut self, column: &str, codes: &[String]) {
        if codes.is_empty() {
            return;
        }
        let mut parts = Vec::new();
        let mut cells = Vec::new();
        for code in codes {
            if code.len() >= 8 {
                parts.push(format!("{column} = ?"));
                cells.push(Cell::Text(code.clone()));
            } else {
                parts.push(format!("({column} >= ? AND {column} < ?)"));
                cells.push(Cell::Text(code.clone()));
                cells.push(Cell::Text(format!("{code}:")));
            }
        }
        self.with(format!("({})", parts.join(" OR ")), cells);
    }

    /// Cases (alias `c`) of these villages; of none, none.
    fn only(&mut self, villages: &[String]) {
        if villages.is_empty() {
            self.add("0");
        }
        self.one_of("c.area_code", villages.iter().cloned());
    }

    fn sql(&self) -> String {
        if self.clauses.is_empty() {
            String::new()
        } else {
            format!("WHERE {}", self.clauses.join(" AND "))
        }
    }
}

/// A page and where the next one begins.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Key of the next page.
    pub next: Option<String>,
    /// Rows of the whole query.
    pub total: i64,
}

/// A page's key as numbers: `1700000000000.42`.
fn read_key<const N: usize>(after: Option<&str>) -> Option<[i64; N]> {
    let mut key = [0; N];
    let mut parts = after?.split('.');
    for part in &mut key {
        *part = parts.next()?.parse().ok()?;
    }
    parts.next().is_none().then_some(key)
}
