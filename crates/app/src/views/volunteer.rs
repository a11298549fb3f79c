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
        skills: Vec<String>,
        vehicle: Option<String>,
        area_code: String,
        house_no: String,
        lat: Option<f64>,
        lon: Option<f64>,
        patch: Vec<String>,
        max_open_tasks: u32,
        /// `available`, `on_leave`, `left`.
        availability: String,
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
        after: Option<String>,
        limit: u32,
    }

    /// One line of the register.
    VolunteerRow {
        id: String,
        name: String,
        phone: Option<String>,
        kinds: Vec<String>,
        skills: Vec<String>,
        vehicle: Option<String>,
        village: String,
        area_code: String,
        patch: Vec<String>,
        availability: String,
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
        open_tasks: u32,
        assignments: Vec<super::assignment::AssignmentView>,
    }
}
