//! Lists that come in as files.

use super::views;

views! {
    /// What to read.
    ImportRequest {
        /// `cases` or `villages`.
        kind: String,
        path: Option<String>,
        file_name: Option<String>,
        bytes_base64: Option<String>,
        /// True: read and say what would happen; change nothing.
        dry_run: bool,
        /// True: store the rows that passed although others were set aside.
        accept_valid: bool,
    }

    /// What was read and stored.
    ImportReport {
        kind: String,
        file_name: String,
        dry_run: bool,
        stored: bool,
        encoding: String,
        header_row: u32,
        rows: i64,
        accepted: i64,
        set_aside: i64,
        /// Set when this very file was imported before: when.
        imported_before_at: Option<i64>,
        columns: Vec<ImportColumn>,
        problems: Vec<ImportProblem>,
        /// Notes on rows that were accepted: a zero put back, coordinates swapped.
        fixes: Vec<ImportProblem>,
        act: Option<super::Acted>,
    }

    /// How a column was understood.
    ImportColumn {
        heading: String,
        field: Option<String>,
    }

    /// One cell that needs a person, or was put right. Rows as a person sees them: 1 is the first line.
    ImportProblem {
        row: u32,
        column: String,
        code: String,
        message: String,
    }
}
