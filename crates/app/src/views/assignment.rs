//! Who goes where.

use super::views;

views! {
    /// Needs without hands.
    BoardRequest {
        areas: Vec<String>,
        need_kinds: Vec<String>,
        after: Option<String>,
        limit: u32,
    }

    /// A need without hands, most pressing first.
    BoardRow {
        need_id: String,
        need_kind: String,
        need_detail: String,
        need_state: String,
        case: super::case::CaseRow,
    }

    /// The left side of มอบหมาย.
    Board {
        rows: Vec<BoardRow>,
        next: Option<String>,
        total: i64,
    }

    /// Who could serve a need?
    SuggestRequest {
        need_id: String,
        limit: u32,
    }

    /// A volunteer, with reasons in codes and numbers.
    Suggestion {
        volunteer_id: String,
        name: String,
        phone: Option<String>,
        kinds: Vec<String>,
        vehicle: Option<String>,
        village: String,
        distance_m: Option<u32>,
        open_tasks: u32,
        max_open_tasks: u32,
        /// Codes: `own_patch`, `same_village`, `has_skill`, `has_vehicle`, `near`, `free_now`.
        why: Vec<String>,
    }

    /// Best first.
    Suggestions {
        suggestions: Vec<Suggestion>,
    }

    /// Give a need to a volunteer.
    ProposeRequest {
        need_id: String,
        volunteer_id: String,
        /// True: he has been told already, so that the assignment stands as offered.
        offered: bool,
    }

    /// A step of an assignment.
    AssignmentMove {
        id: String,
        /// `offer`, `accept`, `decline`, `expire`, `depart`, `arrive`, `finish`, `finish_partly`,
        /// `fail`, `revoke`, `reassign`. The headman's `confirm` and `return` go through review.
        step: String,
        reason: Option<String>,
        outcome: Option<String>,
    }

    /// What to show.
    AssignmentListRequest {
        /// Empty means those under way.
        states: Vec<String>,
        volunteer_id: Option<String>,
        after: Option<String>,
        limit: u32,
    }

    /// An assignment, with the steps open to it now.
    AssignmentView {
        id: String,
        case_id: String,
        case_number: String,
        case_name: String,
        village: String,
        house_no: String,
        need_id: String,
        need_kind: String,
        volunteer_id: String,
        volunteer: String,
        volunteer_phone: Option<String>,
        state: String,
        state_since: i64,
        reason: Option<String>,
        outcome: Option<String>,
        distance_m: Option<u32>,
        why: Vec<String>,
        created_at: i64,
        moves: Vec<String>,
    }

    /// A page, latest first.
    AssignmentList {
        rows: Vec<AssignmentView>,
        next: Option<String>,
        total: i64,
    }
}
