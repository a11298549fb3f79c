//! Cases, their people and needs.

use super::views;

views! {
    /// A call for help as keyed.
    CaseDraft {
        channel: String,
        /// When it came in; absent means now.
        reported_at: Option<i64>,
        reporter: Option<String>,
        title: String,
        given_name: String,
        family_name: String,
        citizen_id: Option<String>,
        phone: Option<String>,
        /// 8 digits (village) or 6.
        area_code: String,
        house_no: String,
        landmark: String,
        lat: Option<f64>,
        lon: Option<f64>,
        accuracy_m: Option<u32>,
        /// `none`, `village`, `landmark`, `imported`, `pasted`, `pin`.
        place_source: String,
        people_count: u32,
        vulnerable: Vec<String>,
        urgency: String,
        note: String,
        needs: Vec<NeedDraft>,
        /// Made by the form when it opened: the same key saved twice is one case.
        client_key: Option<String>,
    }

    /// A need as keyed.
    NeedDraft {
        kind: String,
        detail: String,
        /// How many volunteers it takes; absent: one.
        hands: Option<u32>,
    }

    /// A correction: the fields that are present are written.
    CaseEdit {
        id: String,
        /// The `version` of the case the screen shows; a later one on disk is answered as a clash.
        version: i64,
        draft: CaseDraft,
    }

    /// What to show.
    CaseFilter {
        /// Case states: `reported`, `open`, `in_progress`, `met`, `closed`. Empty means all but closed.
        states: Vec<String>,
        urgencies: Vec<String>,
        need_kinds: Vec<String>,
        /// 6- or 8-digit codes.
        areas: Vec<String>,
        review_states: Vec<String>,
        /// Only what a figure of the first screen counts: `new_today`, `met_today`, `stale`.
        only: Option<String>,
        incident_id: Option<String>,
        /// Words of a search.
        text: Option<String>,
        /// Only cases without a place.
        no_place: bool,
        /// Include closed when `states` is empty.
        all_states: bool,
    }

    /// A page of cases.
    CaseListRequest {
        filter: CaseFilter,
        /// `newest` (reported last first), `waiting` (urgent first, then longest waiting) or `number`.
        sort: String,
        /// `next` of the page before.
        after: Option<String>,
        /// 1 to 500.
        limit: u32,
    }

    /// One line of the list.
    CaseRow {
        id: String,
        number: String,
        name: String,
        phone: Option<String>,
        house_no: String,
        area_code: String,
        /// "ม.5 บ้านเหล่าหม้อ".
        village: String,
        needs: Vec<NeedChip>,
        people_count: u32,
        urgency: String,
        state: String,
        review_state: String,
        reported_at: i64,
        confirmed_at: Option<i64>,
        confirmed_by: Option<String>,
        /// `fresh`, `fading`, `stale`.
        freshness: String,
        /// `none`, `supervisor`, `district`.
        escalation: String,
        /// 0 to 100, of its most pressing need; see `Triage`.
        score: u32,
        /// How long its longest waiting need has been without hands; absent when each has some.
        waiting_min: Option<i64>,
        /// Days its earliest follow-up is late; 0 when none is.
        overdue_days: i64,
        has_place: bool,
        referred_to: Option<String>,
        office_code: String,
    }

    /// A need in a list.
    NeedChip {
        id: String,
        kind: String,
        state: String,
        /// How many volunteers it takes.
        hands: u32,
    }

    /// A page.
    CaseList {
        rows: Vec<CaseRow>,
        next: Option<String>,
        /// Of the whole filter.
        total: i64,
    }

    /// A case, whole.
    CaseDetail {
        id: String,
        version: i64,
        number: String,
        incident_id: Option<String>,
        office_code: String,
        office_name: String,
        referred_to: Option<String>,
        referred_to_name: Option<String>,
        referral_note: Option<String>,
        channel: String,
        reported_at: i64,
        reporter: Option<String>,
        person: PersonView,
        area_code: String,
        area_name: String,
        village: String,
        house_no: String,
        landmark: String,
        lat: Option<f64>,
        lon: Option<f64>,
        accuracy_m: Option<u32>,
        place_source: String,
        people_count: u32,
        vulnerable: Vec<String>,
        urgency: String,
        note: String,
        state: String,
        review_state: String,
        confirmed_at: Option<i64>,
        confirmed_by: Option<String>,
        freshness: String,
        triage: super::assignment::Triage,
        escalation: String,
        escalated_at: Option<i64>,
        escalation_reason: Option<String>,
        escalation_seen_at: Option<i64>,
        escalation_seen_by: Option<String>,
        /// The province has it; see `EscalationRow`.
        escalation_sent: bool,
        needs: Vec<NeedView>,
        assignments: Vec<super::assignment::AssignmentView>,
        reviews: Vec<super::review::ReviewView>,
        follow_ups: Vec<FollowUpView>,
        history: Vec<HistoryLine>,
        /// Not yet acknowledged by the provincial server.
        pending: bool,
    }

    /// Somebody in need.
    PersonView {
        id: Option<String>,
        title: String,
        given_name: String,
        family_name: String,
        full_name: String,
        citizen_id: Option<String>,
        citizen_id_valid: bool,
        phone: Option<String>,
    }

    /// A need, with the steps open to it now.
    NeedView {
        id: String,
        kind: String,
        detail: String,
        state: String,
        state_since: i64,
        closing_reason: Option<String>,
        closing_note: Option<String>,
        hands: u32,
        hands_held: u32,
        moves: Vec<String>,
    }

    /// A date to look again.
    FollowUpView {
        id: String,
        case_id: String,
        case_number: String,
        name: String,
        due_on: String,
        note: String,
        done_at: Option<i64>,
        outcome: Option<String>,
        /// Set by the office's rule rather than by a person; then `why` says what for.
        by_rule: bool,
        /// `look_again` (the rule's day has come), `ask_help_came` (help is said to have come); empty: the
        /// note says it.
        why: String,
        /// Days it is late; 0 when it is not.
        overdue_days: i64,
        phone: Option<String>,
        village: String,
        urgency: String,
    }

    /// One line of a record's history.
    HistoryLine {
        at: i64,
        actor: String,
        action: String,
        entity: String,
        fields: Vec<String>,
    }

    /// Close a case: all its needs that are still open.
    CaseClose {
        id: String,
        reason: String,
        note: Option<String>,
    }

    /// Open a closed case again.
    CaseReopen {
        id: String,
        note: String,
    }

    /// Put a case's pin.
    CasePlace {
        id: String,
        lat: f64,
        lon: f64,
        accuracy_m: Option<u32>,
        /// Required when the point lies outside the stated subdistrict.
        reason: Option<String>,
    }

    /// Ask another office to help.
    CaseRefer {
        id: String,
        /// Absent takes the referral back.
        office_code: Option<String>,
        note: Option<String>,
    }

    /// A step of a need.
    NeedMove {
        id: String,
        step: String,
        reason: Option<String>,
        note: Option<String>,
    }

    /// Cases that may be the one being keyed: phone first.
    CaseLikeRequest {
        phone: Option<String>,
        citizen_id: Option<String>,
        given_name: Option<String>,
        family_name: Option<String>,
        house_no: Option<String>,
        area_code: Option<String>,
    }

    /// An earlier case, with why it looks alike.
    CaseLike {
        row: CaseRow,
        /// Codes: `phone`, `citizen_id`, `name`, `house`.
        why: Vec<String>,
    }

    /// Earlier cases, likeliest first.
    CaseLikeList {
        likely: Vec<CaseLike>,
    }

    /// A date to look again at a case.
    FollowUpAdd {
        case_id: String,
        due_on: String,
        note: String,
    }

    /// Done.
    FollowUpDone {
        id: String,
        outcome: String,
        /// Nobody was reached: it counts as a try, makes nothing fresh, and is tried again the next day.
        no_answer: bool,
    }

    /// Follow-ups of the office.
    FollowUpListRequest {
        /// Only those due by this date.
        due_by: Option<String>,
    }

    /// Follow-ups, earliest first.
    FollowUpList {
        follow_ups: Vec<FollowUpView>,
        total: i64,
    }

    /// A text pasted by a clerk that may hold a place.
    PlaceReadRequest {
        text: String,
    }

    /// The place that was read.
    PlaceRead {
        lat: Option<f64>,
        lon: Option<f64>,
        /// True: latitude and longitude had been swapped and were put right.
        swapped: bool,
        /// Code of the reason when nothing was read.
        problem: Option<String>,
    }
}
