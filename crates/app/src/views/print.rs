//! Pages on paper.

use super::views;

views! {
    /// Slips for volunteers.
    SlipsRequest {
        assignment_ids: Vec<String>,
        /// Where to; absent answers with the bytes.
        path: Option<String>,
    }

    /// The hand-over page on paper.
    ShiftPrintRequest {
        since: Option<i64>,
        path: Option<String>,
    }

    /// The list of calls on paper.
    CallListRequest {
        kinds: Vec<String>,
        areas: Vec<String>,
        path: Option<String>,
    }

    /// A page that was made.
    PrintDone {
        file_name: String,
        path: Option<String>,
        /// PDF.
        bytes_base64: Option<String>,
        pages: u32,
        lines: u32,
        /// The printed list, where there is one.
        id: Option<String>,
    }
}
