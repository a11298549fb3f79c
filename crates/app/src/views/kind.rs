//! The office's lists: kinds of need, of volunteer, of service point.

use super::views;

views! {
    /// One list.
    KindListRequest {
        /// `need`, `volunteer`, `service_point`.
        list: String,
    }

    /// An entry.
    KindView {
        list: String,
        code: String,
        th: String,
        en: String,
        serves: Vec<String>,
        position: u32,
        active: bool,
    }

    /// Entries in the office's order.
    KindList {
        kinds: Vec<KindView>,
    }

    /// Change an entry, or add one under a new code.
    KindSave {
        list: String,
        code: String,
        th: String,
        en: String,
        serves: Vec<String>,
        position: u32,
        active: bool,
    }
}
