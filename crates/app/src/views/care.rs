//! That nothing goes quiet: what falls due, who must be told, who is to be rung, what a shift hands over.

use super::views;

views! {
    /// What the clock brought about.
    TimePassed {
        /// Offers nobody answered in time.
        expired: u32,
        /// Cases taken to the supervisor, and to the district.
        escalated_supervisor: u32,
        escalated_district: u32,
    }

    /// Cases that were taken further because they waited too long.
    EscalationList {
        /// At most two hundred: those nobody has taken note of first.
        rows: Vec<EscalationRow>,
        total: i64,
    }

    /// One of them.
    EscalationRow {
        case: super::case::CaseRow,
        /// `supervisor` or `district`.
        escalation: String,
        escalated_at: i64,
        /// `no_hands`, `unverified`, `follow_up_overdue`, `help_not_come`.
        reason: String,
        seen_at: Option<i64>,
        seen_by: Option<String>,
        /// The province has it: a district can know. While false nothing of it has left this desk.
        sent: bool,
    }

    /// He has taken note.
    EscalationSeen {
        /// At most two hundred, as many as are listed. One that is not taken further any more is left out.
        case_ids: Vec<String>,
        /// Added to the note of each.
        note: Option<String>,
    }

    /// Who is to be rung.
    RecheckRequest {
        /// `case`, `volunteer`, `service_point`; empty: all.
        kinds: Vec<String>,
        areas: Vec<String>,
        limit: u32,
    }

    /// One call.
    RecheckRow {
        /// `case`, `volunteer`, `service_point`.
        kind: String,
        id: String,
        /// A case's number.
        number: Option<String>,
        name: String,
        phone: Option<String>,
        village: String,
        /// Codes of needs, of kinds of volunteer, or of the kind of point.
        what: Vec<String>,
        /// Of a case: its needs that are neither met nor closed.
        needs: Vec<super::case::NeedChip>,
        urgency: Option<String>,
        last_heard_at: i64,
        last_heard_by: Option<String>,
        /// `fading` or `stale`.
        freshness: String,
        /// Tries without an answer since somebody was last heard of.
        tries: u32,
    }

    /// Most pressing first.
    RecheckList {
        rows: Vec<RecheckRow>,
        total: i64,
    }

    /// What was heard.
    RecheckAnswer {
        kind: String,
        id: String,
        /// Of a case `still_needed`, `met`, `partly`, `no_longer_wanted`, `worse`, `no_answer`; of a
        /// volunteer `still_available`, `away`, `no_answer`; of a point `open`, `full`, `closed`, `no_answer`.
        answer: String,
        note: Option<String>,
        /// Of a case: the needs that `met`, `partly` or `no_longer_wanted` is about. When more than one is
        /// open, `met` and `no_longer_wanted` must say which.
        need_ids: Vec<String>,
        /// Of a volunteer who is `away`: the day he is back. Absent: in seven days.
        back_on: Option<String>,
    }

    /// What changed since somebody last looked.
    ShiftRequest {
        /// Absent: since this person last looked; never looked: the last 12 hours.
        since: Option<i64>,
    }

    /// The hand-over page.
    ShiftPage {
        since: i64,
        until: i64,
        figures: Vec<ShiftFigure>,
        sections: Vec<ShiftSection>,
    }

    /// How much of something happened, and who did most of it.
    ShiftFigure {
        /// `case_create`, `need_met`, `assignment_done`, ...
        code: String,
        count: i64,
    }

    /// A list of the page.
    ShiftSection {
        /// `critical_new`, `sent_back`, `waiting_longest`, `offers_unanswered`, `declined`, `overdue_follow_ups`,
        /// `escalated`, `stale`, `conflicts`, `notes`.
        code: String,
        total: i64,
        rows: Vec<ShiftRow>,
    }

    /// One line.
    ShiftRow {
        case_id: Option<String>,
        number: Option<String>,
        name: String,
        village: String,
        /// Codes of needs.
        needs: Vec<String>,
        urgency: Option<String>,
        at: Option<i64>,
        note: Option<String>,
    }

    /// He has read it up to here.
    ShiftSeen {
        until: i64,
    }
}
