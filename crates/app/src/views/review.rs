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
        /// Code of why the headman may not judge it (`denied_own_work`): whoever reads, or the one who is known
        /// for the village. He sees it all the same; somebody else has to judge it.
        denied: Option<String>,
        entered_by: Option<String>,
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
        /// `screen` or `paper`.
        medium: String,
        tick_list: Option<String>,
        keyed_by: Option<String>,
    }

    /// Print the tick-list of a village.
    TickPrintRequest {
        area_code: String,
        /// Where to; absent answers with the bytes.
        path: Option<String>,
        /// The headman's name as it stands on the paper; absent: the one in the settings, if it is his village.
        reviewer: Option<String>,
        /// Leave out what is on another list that has not come back.
        leave_out_printed: bool,
        /// Only what the headman may not judge himself, for another reviewer, who is named.
        for_another: bool,
    }

    /// Print a list again: the same lines under the same codes.
    TickReprint {
        id: String,
        /// Where to; absent answers with the bytes.
        path: Option<String>,
    }

    /// Take a printed list out of use.
    TickVoid {
        id: String,
        reason: String,
    }

    /// Lists that were printed.
    TickListsRequest {
        area_code: Option<String>,
    }

    /// A list as printed, and how far it has come back.
    TickListView {
        id: String,
        number: String,
        area_code: String,
        village: String,
        reviewer: String,
        /// Why it was taken out of use, if it was.
        void_reason: Option<String>,
        printed_at: i64,
        lines: u32,
        answered: u32,
    }

    /// Latest first.
    TickLists {
        lists: Vec<TickListView>,
        /// Villages with something for a headman to say, and how much.
        waiting: Vec<TickWaiting>,
    }

    /// What waits in a village.
    TickWaiting {
        area_code: String,
        village: String,
        waiting: u32,
        /// How much of it is on a list that has not come back.
        printed: u32,
        /// How much of it the headman may not judge himself.
        not_his: u32,
        /// His name, where the settings or the register know it.
        headman: Option<String>,
    }

    /// Codes and answers as keyed: `12F6 ok, 3F7X ไม่พบ`, or the code and a number key.
    TickReadRequest {
        text: String,
        /// The day the headman signed (`2026-11-24`); absent: the day after each list was printed.
        signed_on: Option<String>,
        /// Codes on which the paper counts although somebody has said otherwise since.
        over: Vec<String>,
    }

    /// What was understood, before anything is applied.
    TickReading {
        entries: Vec<TickEntry>,
        ready: u32,
        problems: u32,
    }

    /// One code.
    TickEntry {
        /// The piece as typed.
        text: String,
        code: Option<String>,
        list_id: Option<String>,
        list_number: Option<String>,
        line: Option<u32>,
        /// `case` or `assignment`.
        kind: Option<String>,
        case_id: Option<String>,
        assignment_id: Option<String>,
        case_number: Option<String>,
        name: Option<String>,
        house_no: Option<String>,
        village: Option<String>,
        needs: Vec<String>,
        /// `found`, `not_found`, `amend`, `helped`, `not_helped`.
        answer: Option<String>,
        /// The answer that was keyed for this line before and that this one takes the place of.
        was: Option<String>,
        /// The headman's note, after the answer.
        note: Option<String>,
        /// What it will do (`tick::Effect`): `confirm_case`, `case_not_found`, `return_case`, `meet_case`, `confirm_help`, `return_help`,
        /// `on_the_way` (nothing is closed: somebody is going), `clerk_decides` (nothing is closed: a clerk chooses).
        effect: Option<String>,
        /// Who is on the way, where the headman says that help has come.
        going: Option<String>,
        /// The code above that asks about the same thing.
        same_as: Option<String>,
        /// A word that somebody gave on it after the headman signed.
        newer: Option<TickNewer>,
        /// Code of why it cannot be applied: `tick_code_unreadable`, `tick_check_wrong`, `tick_code_unknown`,
        /// `tick_ambiguous`, `tick_twice`, `tick_done_already`, `tick_answer_missing`, `tick_answer_unknown`,
        /// `tick_which_help`, `tick_which_case`, `tick_list_void`, `tick_signed_when`, `tick_newer_word`, `tick_unlawful`, `denied_own_work`, `text_too_long`.
        problem: Option<String>,
        /// Printed codes that are one slip of the hand from what was typed, the latest lists first.
        did_you_mean: Vec<String>,
        /// Codes of what has changed since the list was printed: `state`, `reviewed`, `closed`, `place`, `needs`.
        changed: Vec<String>,
        /// Where it stands now.
        state: Option<String>,
    }

    /// A word that is newer than the paper.
    TickNewer {
        verdict: String,
        reviewer: String,
        reviewed_at: i64,
        medium: String,
    }

    /// Apply what was understood; entries with a problem are refused and nothing is applied.
    TickApply {
        text: String,
        signed_on: Option<String>,
        over: Vec<String>,
    }
}
