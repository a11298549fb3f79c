//! The frame around every screen.

use super::views;

views! {
    /// What the frame of the window shows.
    Status {
        /// True until somebody has chosen to practise or to open an office.
        needs_setup: bool,
        /// Set when the store's file is there and will not open: code of the reason. It is never
        /// deleted and never replaced by an empty one.
        store_problem: Option<String>,
        practice: bool,
        office: Option<OfficeView>,
        incident: Option<IncidentView>,
        actor: Option<ActorView>,
        actors: Vec<ActorView>,
        /// Grows with every change to the store, by this program or another.
        data_version: i64,
        sync: SyncChip,
        undo: Option<UndoView>,
        /// The desk's own clock and date in Thailand.
        now: i64,
        today: String,
        app_version: String,
    }

    /// The office of this desk.
    OfficeView {
        code: String,
        name: String,
        /// `subdistrict` or `district`.
        level: String,
        /// "ตำบลโคกสว่าง อำเภอหนองพอก จังหวัดร้อยเอ็ด".
        area_name: String,
        /// Where the map begins: degrees.
        lat: f64,
        lon: f64,
    }

    /// An event.
    IncidentView {
        id: String,
        name: String,
        kind: String,
        started_on: Option<String>,
        ended_on: Option<String>,
    }

    /// A person at this desk.
    ActorView {
        id: String,
        name: String,
        /// `clerk`, `supervisor`, `headman`, `administrator`, `auditor`.
        role: String,
        villages: Vec<String>,
        volunteer_id: Option<String>,
    }

    /// Where the data is.
    SyncChip {
        enrolled: bool,
        /// Changes not yet acknowledged by the provincial server.
        pending: i64,
        last_sync_at: Option<i64>,
        /// Changes that need a person: conflicts and held ones.
        needs_person: i64,
        /// Code of the last failure, when the last try failed.
        last_error: Option<String>,
    }

    /// What Ctrl+Z would take back.
    UndoView {
        act_id: String,
        action: String,
    }

    /// First start.
    SetupRequest {
        /// `practice` or `office`.
        mode: String,
        /// 6 digits (subdistrict) or 4 (district). For `practice`: absent.
        office_code: Option<String>,
        office_name: Option<String>,
    }

    /// Who sits at the desk now.
    ActorSwitch {
        actor_id: String,
    }

    /// Take back an act.
    UndoRequest {
        act_id: String,
    }

    /// The desk's preferences, and those of whoever sits at it.
    SettingsView {
        /// `th` or `en`.
        language: String,
        /// `light` or `dark`.
        theme: String,
        /// 100 to 150.
        text_percent: u32,
        /// True: the looped face.
        looped: bool,
        /// His columns of the list of cases, by code; none: those that ship.
        case_columns: Vec<String>,
        clerk_name: String,
        /// As many as there are villages, if need be.
        headmen: Vec<HeadmanView>,
        supervisor_name: String,
    }

    /// A headman of the office.
    HeadmanView {
        /// Absent: a new one. One that is saved without is taken off.
        id: Option<String>,
        name: String,
        /// Codes of his villages; no two headmen have the same one.
        villages: Vec<String>,
        /// Himself in the register of volunteers, so that he does not judge his own work.
        volunteer_id: Option<String>,
    }

    /// What `doctor` found.
    DoctorReport {
        ok: bool,
        findings: Vec<DoctorFinding>,
    }

    /// One finding.
    DoctorFinding {
        code: String,
        /// `ok`, `note` or `problem`.
        level: String,
        details: Vec<String>,
    }

    /// Text being typed, kept until it is saved or thrown away.
    DraftView {
        key: String,
        /// JSON, as the screen keeps it.
        body: String,
        saved_at: i64,
    }

    /// Save a draft.
    DraftSave {
        key: String,
        body: String,
    }

    /// One draft by key.
    DraftKey {
        key: String,
    }

    /// A draft, or none.
    DraftFound {
        draft: Option<DraftView>,
    }
}
