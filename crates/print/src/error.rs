//! Why a page was not made. No text of the page is in an error: it may be somebody's name.

/// Why a page was not made. `code` is stable and crosses to the screen, where the catalogue has its words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// There is no line to print.
    #[error("nothing to print")]
    Nothing,
    /// More lines (or slips, needs, paragraphs, columns) than one print may have.
    #[error("{given} lines, at most {max} can be printed at once")]
    TooManyLines {
        /// How many there were.
        given: usize,
        /// How many there may be.
        max: usize,
    },
    /// A text is longer than its place may take.
    #[error("a text of {given} letters, at most {max} can be printed there")]
    TextTooLong {
        /// Its letters (code points).
        given: usize,
        /// The letters it may have.
        max: usize,
    },
    /// A row of a table has more or fewer cells than the table has columns.
    #[error("a row of {given} cells in a table of {columns} columns")]
    TableShape {
        /// Cells of the row.
        given: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// A number cannot be drawn as a QR code.
    #[error("the number does not fit a QR code")]
    Qr,
    /// Typst did not make the page: a fault of ours in the template named, at that line (0: not known).
    #[error("the template {template} failed at line {line}")]
    Layout {
        /// Which template.
        template: &'static str,
        /// Its line, from 1.
        line: usize,
    },
}

impl PrintError {
    /// The stable code for the screen and the log.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "print_nothing",
            Self::TooManyLines { .. } => "print_too_many_lines",
            Self::TextTooLong { .. } => "print_text_too_long",
            Self::TableShape { .. } => "print_table_shape",
            Self::Qr => "print_qr",
            Self::Layout { .. } => "print_layout",
        }
    }
}
