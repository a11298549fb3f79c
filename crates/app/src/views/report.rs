//! วันนี้ and the figures of the situation report.

use super::views;

views! {
    /// The first screen.
    Today {
        date: String,
        /// Since the beginning of today in Thailand.
        new_cases: i64,
        met_needs: i64,
        open_cases: i64,
        critical_open: i64,
        needs_without_hands: i64,
        offers_unanswered: i64,
        awaiting_review: i64,
        /// Open cases the headman sent back, did not find or called untrue: the office has to mend them.
        sent_back: i64,
        without_place: i64,
        overdue_follow_ups: i64,
        /// Not confirmed by anybody for as long as the office's rule says (`freshness.case_stale`).
        stale_cases: i64,
        pending_changes: i64,
        needs_person: i64,
        /// Taken to the supervisor or the district, and nobody there has taken note.
        escalated: i64,
        /// Offers that expire within the hour.
        offers_expiring: i64,
        /// Tasks that were taken and do not go on: whoever took them is not there, or has not begun.
        held_up: i64,
        /// Cases, volunteers and service points to ring.
        to_recheck: i64,
        /// Cases others did something with since this person last looked at the hand-over page; 1,001: more
        /// than a thousand.
        since_last_look: i64,
        last_look_at: Option<i64>,
        escalations: Vec<super::case::CaseRow>,
        waiting_longest: Vec<super::case::CaseRow>,
        follow_ups: Vec<super::case::FollowUpView>,
        /// What others did since the start of today, latest first.
        recent: Vec<super::case::HistoryLine>,
    }

    /// Figures of a span of days.
    ReportRequest {
        from: String,
        to: String,
    }

    /// The situation report: cumulative, new in the span, and change against the span before.
    Report {
        /// The incident the desk works on; its cases only. Absent: all cases of the office.
        incident: Option<super::status::IncidentView>,
        from: String,
        to: String,
        cases_total: i64,
        cases_new: i64,
        cases_before: i64,
        people_total: i64,
        needs_by_kind: Vec<ReportLine>,
        cases_by_village: Vec<ReportLine>,
        cases_by_urgency: Vec<ReportLine>,
        cases_by_state: Vec<ReportLine>,
        /// One per day of the span.
        new_by_day: Vec<ReportDay>,
    }

    /// A line of the report.
    ReportLine {
        code: String,
        label: String,
        total: i64,
        open: i64,
        met: i64,
    }

    /// A day.
    ReportDay {
        date: String,
        new: i64,
        met: i64,
    }
}
