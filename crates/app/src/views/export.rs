//! Reports that leave as files.

use super::views;

views! {
    /// What to write.
    ExportRequest {
        /// `cases`, `volunteers`, `assignments`, `troubles` (what the province did not apply; not as `geojson`).
        kind: String,
        /// `xlsx`, `csv`, `geojson`.
        format: String,
        filter: super::case::CaseFilter,
        /// Where to; absent answers with the bytes.
        path: Option<String>,
        /// True: citizen ids whole; asks for a reason. Phones are always whole: a register is for calling.
        unmasked: bool,
        /// Why it leaves the office.
        reason: Option<String>,
    }

    /// What was written.
    ExportDone {
        kind: String,
        file_name: String,
        path: Option<String>,
        bytes_base64: Option<String>,
        rows: i64,
    }
}
