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
        /// How many volunteers it takes, and how many hold it or are being asked.
        hands: u32,
        hands_held: u32,
        waiting_min: i64,
        triage: Triage,
        case: super::case::CaseRow,
    }

    /// How pressing, 0 to 100, and why. It orders; it never hides.
    Triage {
        score: u32,
        parts: Vec<TriagePart>,
    }

    /// What one consideration adds.
    TriagePart {
        /// `need_kind`, `urgency`, `severity_words`, `people`, `vulnerable`, `waiting`, `distance`.
        code: String,
        points: u32,
        /// The most it could add with the office's weights.
        most: u32,
        /// What it was reckoned from: a count, minutes, metres, or the words that were found.
        detail: Option<String>,
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
        /// A name or telephone: answers with these people, suited or not.
        text: Option<String>,
        /// When he is to come, absent: now.
        at: Option<i64>,
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
        equipment: Vec<String>,
        vehicle_seats: Option<u32>,
        /// What this need wants and he has: equipment, and what his vehicle can carry.
        brings: Vec<String>,
        carries: Vec<String>,
        teams: Vec<String>,
        /// Codes: `goes_there`, `own_house`, `own_patch`, `knows_household`, `same_village`, `has_skill`,
        /// `has_vehicle`, `has_equipment`, `near`, `free_now`, `told_already`; and against him, without forbidding it,
        /// `too_few_seats`, `no_stretcher`.
        why: Vec<String>,
        /// What the order was reckoned from, in metres; smaller is better.
        parts: Vec<CostPart>,
        /// Code of why he is not suited: `no_skill`, `full`, `away`, `out_of_area`, `not_vetted`, `barred`;
        /// `has_need` when he has it already.
        why_not: Option<String>,
        /// The reason that was given, when he declined or the office set him aside for this need.
        why_not_note: Option<String>,
    }

    /// One consideration in metres: what one would go further for it.
    CostPart {
        code: String,
        metres: i64,
    }

    /// How many are not suited, and why.
    WhyNotCount {
        code: String,
        count: u32,
    }

    /// Best first.
    Suggestions {
        triage: Triage,
        suggestions: Vec<Suggestion>,
        not_suited: Vec<WhyNotCount>,
        /// Who declined, or was set aside for this need.
        set_aside: Vec<Suggestion>,
    }

    /// A need and a volunteer.
    Pair {
        need_id: String,
        volunteer_id: String,
        /// When pairs are given: an assignment of the need, proposed or offered, that makes room for this one. A
        /// plan's line that says `instead` names it.
        #[ts(optional)]
        replaces: Option<String>,
    }

    /// Hands for all open needs at once.
    PlanRequest {
        areas: Vec<String>,
        need_kinds: Vec<String>,
        /// These stay as they are.
        pins: Vec<Pair>,
        /// These not.
        without: Vec<Pair>,
        /// When they are to come, absent: now. Whoever can be asked then is planned with.
        at: Option<i64>,
    }

    /// The plan: the least cost over all needs; nothing is assigned until a person accepts.
    Plan {
        lines: Vec<PlanLine>,
        unserved: Vec<Unserved>,
        needs: u32,
        volunteers: u32,
        volunteers_used: u32,
        /// Metres of way.
        distance_m: i64,
        cost: i64,
        /// No plan costs less than this; equal to `cost`: the plan is the best there is.
        bound: i64,
        villages: Vec<VillageShare>,
        /// Needs beyond what one plan takes, the least pressing ones; always said, never dropped silently.
        left_out: u32,
    }

    /// One need with its hands.
    PlanLine {
        need_id: String,
        need_kind: String,
        case_id: String,
        case_number: String,
        name: String,
        village: String,
        urgency: String,
        score: u32,
        lat: Option<f64>,
        lon: Option<f64>,
        volunteer_id: String,
        volunteer: String,
        volunteer_lat: Option<f64>,
        volunteer_lon: Option<f64>,
        distance_m: Option<u32>,
        open_tasks: u32,
        max_open_tasks: u32,
        why: Vec<String>,
        /// `new`, `keep` (told already) or `instead` (of somebody told already).
        change: String,
        instead_of: Option<String>,
        /// An assignment that stands already.
        assignment_id: Option<String>,
        pinned: bool,
    }

    /// A need for which no hands were found.
    Unserved {
        need_id: String,
        need_kind: String,
        case_id: String,
        case_number: String,
        name: String,
        village: String,
        urgency: String,
        score: u32,
        /// `nobody_with_skill`, `nobody_allowed`, `all_away`, `all_full`, `more_pressing_first`.
        because: String,
    }

    /// How a village fares in the plan.
    VillageShare {
        area_code: String,
        label: String,
        served: u32,
        unserved: u32,
    }

    /// Give several needs to volunteers, in one act.
    ProposeAllRequest {
        pairs: Vec<Pair>,
        /// True: they have been told already.
        offered: bool,
        channel: Option<String>,
        pinned: bool,
        team_id: Option<String>,
        /// One visit serves them all.
        one_visit: bool,
    }

    /// What was made, and which pairs could not be, each with its reason; the others were.
    ProposedAll {
        acted: Option<super::Acted>,
        ids: Vec<String>,
        refused: Vec<PairRefused>,
    }

    /// A pair that was refused.
    PairRefused {
        need_id: String,
        volunteer_id: String,
        code: String,
    }

    /// Not him, for this need: why. It says nothing about any other need.
    RejectRequest {
        need_id: String,
        volunteer_id: String,
        reason: String,
    }

    /// A volunteer takes a need himself.
    ClaimRequest {
        need_id: String,
        volunteer_id: String,
        /// The team that goes along with him.
        #[ts(optional)]
        team_id: Option<String>,
    }

    /// What the person in need says.
    ReceiverWordRequest {
        id: String,
        /// `came`, `partly`, `not_come`.
        word: String,
        note: Option<String>,
    }

    /// The same step for several assignments, in one act (all or none).
    AssignmentMoveAll {
        ids: Vec<String>,
        step: String,
        reason: Option<String>,
        outcome: Option<String>,
        channel: Option<String>,
        minutes_given: Option<u32>,
    }

    /// Who could take over from somebody who leaves?
    ReplacementsRequest {
        volunteer_id: String,
        /// This one of his assignments only.
        #[ts(optional)]
        assignment_id: Option<String>,
    }

    /// An assignment of his, and who could take it over, best first.
    Replacement {
        assignment: AssignmentView,
        /// The one of them to whom all that he holds can go together: what is one visit to one person, nobody more than
        /// he takes. Nobody where there is none left.
        chosen: Option<String>,
        suggestions: Vec<Suggestion>,
    }

    /// All he holds.
    Replacements {
        volunteer: String,
        rows: Vec<Replacement>,
    }

    /// Hand over what somebody holds, in one act.
    HandOverRequest {
        volunteer_id: String,
        reason: String,
        to: Vec<HandOverLine>,
        /// Set him away in the same act.
        away: Option<super::volunteer::VolunteerAway>,
        /// True: the successors have been told already.
        offered: bool,
        channel: Option<String>,
    }

    /// One of his assignments and who takes it; nobody: the need waits for hands again.
    HandOverLine {
        assignment_id: String,
        volunteer_id: Option<String>,
    }

    /// Texts to send.
    MessageRequest {
        assignment_ids: Vec<String>,
    }

    /// One message a volunteer, from the office's template; never with a citizen id.
    Message {
        volunteer_id: String,
        name: String,
        phone: Option<String>,
        text: String,
        assignment_ids: Vec<String>,
    }

    /// Messages to copy into LINE.
    Messages {
        messages: Vec<Message>,
    }

    /// How many volunteers a need takes.
    NeedHands {
        id: String,
        hands: u32,
    }

    /// Give a need to a volunteer.
    ProposeRequest {
        need_id: String,
        volunteer_id: String,
        /// True: he has been told already, so that the assignment stands as offered.
        offered: bool,
        /// How he was told: `phone`, `in_person`, `slip`, `message`.
        channel: Option<String>,
        /// A new plan leaves it as it is.
        pinned: bool,
        team_id: Option<String>,
    }

    /// A step of an assignment.
    AssignmentMove {
        id: String,
        /// `offer`, `accept`, `decline`, `depart`, `arrive`, `finish`, `finish_partly`, `fail`, `revoke`. The headman's
        /// `confirm` and `return` go through review; `expire` is the clock's, and `reassign` needs a successor
        /// (`assignment.hand_over`).
        step: String,
        reason: Option<String>,
        outcome: Option<String>,
        /// With `offer`: how he was told.
        channel: Option<String>,
        /// With `finish`, `finish_partly` and `fail`: minutes that all who went gave.
        minutes_given: Option<u32>,
    }

    /// What to show.
    AssignmentListRequest {
        /// Empty means those under way.
        states: Vec<String>,
        volunteer_id: Option<String>,
        /// Only those that were taken and do not go on, the most urgent first; states and volunteer are not asked then.
        held_up: bool,
        after: Option<String>,
        limit: u32,
    }

    /// An assignment, with the steps open to it now.
    AssignmentView {
        id: String,
        number: String,
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
        /// In a list of those that do not go on, why: `holder_left`, `holder_away`, `not_begun`.
        held_up: Option<String>,
        state_since: i64,
        reason: Option<String>,
        outcome: Option<String>,
        distance_m: Option<u32>,
        why: Vec<String>,
        created_at: i64,
        /// `reassign` names its successor, so it is taken by `assignment.hand_over`.
        moves: Vec<String>,
        team: Option<String>,
        /// Names of those of the team who go along; empty for one whom the register does not know any more.
        companions: Vec<String>,
        /// The number of the assignment it took over, and whose that was.
        replaces: Option<String>,
        replaces_whose: Option<String>,
        /// Assignments of one visit share it.
        visit_id: Option<String>,
        pinned: bool,
        offered_by: Option<String>,
        offered_at: Option<i64>,
        expires_at: Option<i64>,
        minutes_given: Option<u32>,
        receiver_word: Option<String>,
        receiver_note: Option<String>,
        receiver_said_at: Option<i64>,
        urgency: String,
    }

    /// A page, latest first.
    AssignmentList {
        rows: Vec<AssignmentView>,
        next: Option<String>,
        total: i64,
    }
}
