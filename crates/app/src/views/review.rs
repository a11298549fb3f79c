//! The headman's word.

use super::views;

views! {
    /// The headman's inbox.
    InboxRequest {
        after: Option<String>,
        limit: u32,
    }

    /// One thing to look at: a case that was reported, or help that is said to have come.
    InboxItem {
        /// `case` or `assignment`.
        kind: String,
        case: super::case::CaseRow,
        note: String,
        landmark: String,
        lat: Option<f64>,
        lon: Option<f64>,
        assignment: Option<super::assignment::AssignmentView>,
    }

    /// Oldest first.
    Inbox {
        items: Vec<InboxItem>,
        next: Option<String>,
        total: i64,
    }

    /// His word.
    ReviewDecide {
        case_id: String,
        /// Present: the word is on whether this help came.
        assignment_id: Option<String>,
        /// `confirmed`, `returned`, `not_found`, `rejected`; for an assignment the first two.
        verdict: String,
        /// Required unless confirmed.
        reason: Option<String>,
    }

    /// A word that was given.
    ReviewView {
        id: String,
        assignment_id: Option<String>,
        verdict: String,
        reason: Option<String>,
        reviewer: String,
        reviewed_at: i64,
    }
}
