//! What is wrong with a row, and what was put right, in words an officer can act on.
//!
//! Codes are stable; they may gain members, never change meaning. Words stay in Thai here because a
//! problem is also written into files (a list of set-aside rows) where no catalogue is at hand.
//! A message never holds a name, an id number or a telephone number.

/// One bad or doubtful cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Row as a spreadsheet counts it (the first line of the file is 1).
    pub row: usize,
    /// Heading as the file spells it; empty when the whole row is meant.
    pub column: String,
    pub code: &'static str,
    /// Thai: what, where, what to do next.
    pub message: String,
    pub severity: Severity,
}

/// Whether the row went in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The row is accepted; somebody should look.
    Warning,
    /// The row is set aside.
    Error,
}

impl Severity {
    /// `warning` or `error`, as JSON and tables spell it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Something the reader put right in an accepted row. Every fix is also listed as a
/// [`Severity::Warning`] problem, so that nothing is changed unseen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Heading as the file spells it.
    pub column: String,
    pub code: &'static str,
}

/// Why the caller could not turn a place into an area code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaProblem {
    /// No subdistrict of that name in the office's reach.
    SubdistrictUnknown,
    /// More than one subdistrict of that name.
    SubdistrictAmbiguous,
    /// The subdistrict is known but has no such หมู่.
    VillageUnknown,
    /// A real place, of another office.
    OutsideOffice,
    /// The row does not say enough to tell which place it is.
    NotEnough,
}

impl AreaProblem {
    /// Stable code of the problem.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            AreaProblem::SubdistrictUnknown => "subdistrict_unknown",
            AreaProblem::SubdistrictAmbiguous => "subdistrict_ambiguous",
            AreaProblem::VillageUnknown => "village_unknown",
            AreaProblem::OutsideOffice => "area_outside_office",
            AreaProblem::NotEnough => "area_missing",
        }
    }
}
