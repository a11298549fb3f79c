//! Volunteers.

use super::views;

views! {
    /// A volunteer as keyed.
    VolunteerDraft {
        title: String,
        given_name: String,
        family_name: String,
        phone: Option<String>,
        kinds: Vec<String>,
        /// Kinds of need he can serve besides those that his kinds can.
        skills: Vec<String>,
        /// Codes of the list of equipment.
        equipment: Vec<String>,
        vehicle: Option<String>,
        vehicle_seats: Option<u32>,
        /// `goods`, `wheelchair`, `stretcher`, `oxygen`, `infected`.
        vehicle_carries: Vec<String>,
        area_code: String,
        house_no: String,
        lat: Option<f64>,
        lon: Option<f64>,
        /// Whole villages (`45090505`), houses of one (`45090505:1-10,12,15/2`), or as people write it
        /// (`1-10, 12, 15/2 ม.5`), which is read within the subdistrict he lives in.
        patch: Vec<String>,
        /// How far he is sent by suggestions: `village`, `subdistrict`, `office`; empty: as it was.
        reach: String,
        max_open_tasks: u32,
        /// `available`, `on_leave`, `left`.
        availability: String,
        /// `1 08:00-16:30`: a day of the week (Monday is 1) and hours; none: at any time.
        hours: Vec<String>,
        /// First and last day of leave (`2026-11-23`).
        away_from: Option<String>,
        away_until: Option<String>,
        /// `unvetted`, `vetted`, `refused`.
        vetting: String,
        /// `2026-05-01 first_aid`.
        training: Vec<String>,
        note: String,
    }

    /// A correction.
    VolunteerEdit {
        id: String,
        version: i64,
        draft: VolunteerDraft,
    }

    /// What to show.
    VolunteerListRequest {
        text: Option<String>,
        kinds: Vec<String>,
        areas: Vec<String>,
        availability: Option<String>,
        equipment: Vec<String>,
        vetting: Option<String>,
        /// Only those who can be asked at this hour.
        free_now: bool,
        after: Option<String>,
        limit: u32,
    }

    /// One line of the register.
    VolunteerRow {
        id: String,
        name: String,
        phone: Option<String>,
        kinds: Vec<String>,
        /// Kinds of need he can serve: what his kinds can, and his own.
        serves: Vec<String>,
        equipment: Vec<String>,
        vehicle: Option<String>,
        vehicle_seats: Option<u32>,
        village: String,
        area_code: String,
        patch: Vec<String>,
        /// The same as one says it: "ม.5 บ้านเหล่าหม้อ เลขที่ 1-10, 12".
        patch_labels: Vec<String>,
        reach: String,
        availability: String,
        away_until: Option<String>,
        vetting: String,
        /// Whether he can be asked at this hour; if not, the code of the reason (`away`, `off_hours`,
        /// `not_vetted`, `full`).
        free_now: bool,
        why_not: Option<String>,
        teams: Vec<String>,
        confirmed_at: Option<i64>,
        /// `fresh`, `fading`, `stale`.
        freshness: String,
        open_tasks: u32,
        max_open_tasks: u32,
        lat: Option<f64>,
        lon: Option<f64>,
    }

    /// A page of the register, sorted the Thai way.
    VolunteerList {
        rows: Vec<VolunteerRow>,
        next: Option<String>,
        total: i64,
    }

    /// A volunteer, whole.
    VolunteerDetail {
        id: String,
        version: i64,
        draft: VolunteerDraft,
        name: String,
        village: String,
        /// Kinds of need he can serve: what his kinds can, and his own.
        serves: Vec<String>,
        /// Today: a leave that has not begun or is over counts as available.
        availability: String,
        open_tasks: u32,
        free_now: bool,
        why_not: Option<String>,
        vetted_at: Option<i64>,
        vetted_by: Option<String>,
        confirmed_at: Option<i64>,
        confirmed_by: Option<String>,
        freshness: String,
        teams: Vec<String>,
        /// Time he has given, in minutes, and how many assignments he finished.
        minutes_given: i64,
        tasks_done: i64,
        patch: Vec<PatchPlace>,
        assignments: Vec<super::assignment::AssignmentView>,
        history: Vec<super::case::HistoryLine>,
    }

    /// A part of a volunteer's patch, for the map.
    PatchPlace {
        area_code: String,
        label: String,
        /// `1-10,12,15/2`; absent: the whole village.
        houses: Option<String>,
        /// The village's point.
        lat: Option<f64>,
        lon: Option<f64>,
        /// Open cases within it.
        cases: Vec<super::case::CaseRow>,
    }

    /// A patch as it is typed.
    PatchReadRequest {
        text: String,
        /// The subdistrict (or village) he lives in.
        area_code: String,
    }

    /// What was understood.
    PatchRead {
        parts: Vec<PatchPart>,
        /// Code of the reason when something was not understood, and the piece.
        problem: Option<String>,
        piece: Option<String>,
    }

    /// A village or houses of one.
    PatchPart {
        /// As stored: `45090505:1-10,12,15/2`.
        value: String,
        label: String,
        /// How many house numbers it names; absent for a whole village.
        houses: Option<u32>,
    }

    /// He cannot be asked for a while, has left, or is back.
    VolunteerAway {
        id: String,
        /// `available`, `on_leave`, `left`.
        availability: String,
        away_from: Option<String>,
        away_until: Option<String>,
        reason: Option<String>,
    }

    /// The office has looked at who they are: several at once.
    VolunteerVet {
        ids: Vec<String>,
        /// `unvetted`, `vetted`, `refused`.
        vetting: String,
    }

    /// A team as keyed; without an id a new one.
    TeamSave {
        id: Option<String>,
        name: String,
        leader_id: Option<String>,
        members: Vec<String>,
        note: String,
        /// True: the team is no more.
        disband: bool,
    }

    /// A team.
    TeamView {
        id: String,
        name: String,
        leader_id: Option<String>,
        leader: Option<String>,
        members: Vec<TeamMember>,
        note: String,
        /// Needs it goes to now.
        open_tasks: u32,
    }

    /// Somebody of a team.
    TeamMember {
        id: String,
        name: String,
        phone: Option<String>,
        free_now: bool,
    }

    /// All teams, sorted the Thai way.
    TeamList {
        teams: Vec<TeamView>,
    }
}
