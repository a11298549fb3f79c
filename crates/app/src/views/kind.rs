//! The office's lists: kinds of need, of volunteer, of service point.

use super::views;

views! {
    /// One list.
    KindListRequest {
        /// `need`, `volunteer`, `service_point`, `equipment`, `training`.
        list: String,
    }

    /// An entry.
    KindView {
        list: String,
        code: String,
        th: String,
        en: String,
        serves: Vec<String>,
        /// Equipment that helps with this kind of need.
        wants: Vec<String>,
        /// How grave it is to be without, 0 to 100.
        gravity: Option<u32>,
        /// Days until somebody must look again.
        follow_up_days: Option<u32>,
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
        wants: Vec<String>,
        gravity: Option<u32>,
        follow_up_days: Option<u32>,
        position: u32,
        active: bool,
    }
}
