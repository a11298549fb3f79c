//! The register of volunteers.

use std::collections::HashMap;

use jitasa_domain::{
    ActionKind, Availability, Kind, KindList, Timestamp, Vetting, Volunteer,
    care::{self, Heard},
    patch::Patch,
    rules::Rules,
};
use jitasa_store::{
    Action, Store,
    act::Away,
    query::{
        assignments,
        cases::{self, CaseQuery, CaseSort},
        office, teams, volunteers,
        volunteers::{VolunteerLine, VolunteerQuery},
    },
};
use jitasa_thai::phone;
use uuid::Uuid;

use crate::{
    ApiError, App, assignments as assignment_api,
    case_views::{self, Rows},
    forms, patches,
    places::Villages,
    views::{Acted, ById, volunteer::*},
    volunteer_draft,
};

/// Volunteers that are vetted in one act.
const VET_MAX: usize = 2_000;
/// Cases that the map of a patch shows of one village.
const CASES_SHOWN: u32 = 200;

pub(crate) fn create(app: &App, draft: VolunteerDraft) -> Result<Acted, ApiError> {
    let fields = volunteer_draft::fields_of(app, &draft, &Volunteer::default())?;
    app.act(Action::CreateVolunteer(fields))
}

pub(crate) fn edit(app: &App, request: VolunteerEdit) -> Result<Acted, ApiError> {
    let id = forms::id(&request.id)?;
    let stored = app.store()?.read(|conn| volunteers::line(conn, id))?;
    let stored = stored.ok_or_else(ApiError::not_found)?;
    let fields = volunteer_draft::fields_of(app, &request.draft, &stored.volunteer)?;
    let acted = app.act(Action::EditVolunteer {
        id,
        version: request.version,
        fields,
    })?;
    assignment_api::with_what_he_holds(app, acted, id)
}

pub(crate) fn set_away(app: &App, request: VolunteerAway) -> Result<Acted, ApiError> {
    let availability = forms::code(
        &request.availability,
        "availability",
        Availability::from_code,
    )?;
    let id = forms::id(&request.id)?;
    let acted = app.act(Action::SetAway(Away {
        id,
        availability,
        away_from: forms::optional_date(request.away_from.as_deref(), "away_from")?,
        away_until: forms::optional_date(request.away_until.as_deref(), "away_until")?,
        reason: forms::optional_line(request.reason.as_deref(), "reason", 500)?,
    }))?;
    assignment_api::with_what_he_holds(app, acted, id)
}

pub(crate) fn vet(app: &App, request: VolunteerVet) -> Result<Acted, ApiError> {
    if request.ids.len() > VET_MAX {
        return Err(ApiError::field("too_many", "ids").with("max", VET_MAX));
    }
    let ids = request.ids.iter().map(|id| forms::id(id));
    app.act(Action::Vet {
        ids: ids.collect::<Result<_, _>>()?,
        vetting: forms::code(&request.vetting, "vetting", Vetting::from_code)?,
    })
}

/// What the rows of one answer have in common.
pub(crate) struct Register {
    pub(crate) now: Timestamp,
    rules: Rules,
    /// The office's kinds of volunteer.
    kinds: Vec<Kind>,
    villages: Villages,
    /// Names of teams by member.
    teams: HashMap<Uuid, Vec<String>>,
}

impl Register {
    pub(crate) fn of(app: &App, store: &Store) -> Result<Self, ApiError> {
        let (rules, kinds, teams) = store.read(|conn| {
            Ok((
                office::rules(conn)?,
                office::kinds(conn, KindList::Volunteer)?,
                teams::names_by_member(conn)?,
            ))
        })?;
        Ok(Self {
            now: app.env().now(),
            rules,
            kinds,
            villages: Villages::of(store)?,
            teams,
        })
    }

    /// The code of why somebody cannot be given a task now.
    pub(crate) fn why_not(&self, line: &VolunteerLine) -> Option<&'static str> {
        match line.volunteer.can_be_asked(self.now, &self.rules) {
            Err(why) => Some(why.code()),
            Ok(()) => line.is_full().then_some("full"),
        }
    }

    fn freshness(&self, volunteer: &Volunteer) -> String {
        let heard = volunteer.confirmed_at.unwrap_or(volunteer.created_at);
        care::freshness(Heard::Volunteer, heard, self.now, &self.rules)
            .code()
            .into()
    }

    fn teams_of(&self, id: Uuid) -> Vec<String> {
        self.teams.get(&id).cloned().unwrap_or_default()
    }

    fn row(&self, line: &VolunteerLine) -> VolunteerRow {
        let volunteer = &line.volunteer;
        let why_not = self.why_not(line);
        let availability = volunteer.availability_on(self.now.date());
        VolunteerRow {
            id: volunteer.id.to_string(),
            name: volunteer.full_name(),
            phone: volunteer.phone.as_deref().map(phone::format),
            kinds: volunteer.kinds.clone(),
            serves: volunteer.serves(&self.kinds),
            equipment: volunteer.equipment.clone(),
            vehicle: volunteer.vehicle.clone(),
            vehicle_seats: volunteer.vehicle_seats,
            village: self.villages.label(&volunteer.area_code),
            area_code: volunteer.area_code.clone(),
            patch: volunteer.patch.clone(),
            reach: volunteer.reach.code().into(),
            patch_labels: volunteer
                .patch
                .iter()
                .map(|value| patches::label_of(value, &self.villages))
                .collect(),
            availability: availability.code().into(),
            away_until: volunteer
                .away_until
                .filter(|_| availability == Availability::OnLeave)
                .map(|day| day.to_string()),
            vetting: volunteer.vetting.code().into(),
            free_now: why_not.is_none(),
            why_not: why_not.map(Into::into),
            teams: self.teams_of(volunteer.id),
            confirmed_at: volunteer.confirmed_at.map(|at| at.0),
            freshness: self.freshness(volunteer),
            open_tasks: line.open_tasks,
            max_open_tasks: volunteer.max_open_tasks,
            lat: volunteer.lat,
            lon: volunteer.lon,
        }
    }
}

pub(crate) fn list(app: &App, request: VolunteerListRequest) -> Result<VolunteerList, ApiError> {
    app.reader(ActionKind::VolunteerEdit)?;
    let store = app.store()?;
    let register = Register::of(app, &store)?;
    let query = VolunteerQuery {
        text: request.text,
        kinds: request.kinds,
        equipment: request.equipment,
        areas: request.areas,
        availability: request
            .availability
            .filter(|code| !code.is_empty())
            .map(|code| forms::code(&code, "availability", Availability::from_code))
            .transpose()?,
        vetting: request
            .vetting
            .filter(|code| !code.is_empty())
            .map(|code| forms::code(&code, "vetting", Vetting::from_code))
            .transpose()?,
        free_now: request.free_now,
        now: register.now,
    };
    let limit = forms::page_size(request.limit);
    let page =
        store.read(|conn| volunteers::page(conn, &query, request.after.as_deref(), limit))?;
    Ok(VolunteerList {
        rows: page.rows.iter().map(|line| register.row(line)).collect(),
        next: page.next,
        total: page.total,
    })
}

pub(crate) fn get(app: &App, request: ById) -> Result<VolunteerDetail, ApiError> {
    app.reader(ActionKind::VolunteerEdit)?;
    let id = forms::id(&request.id)?;
    let store = app.store()?;
    let register = Register::of(app, &store)?;
    let (line, work, given, history) = store.read(|conn| {
        Ok((
            volunteers::line(conn, id)?,
            assignments::page(conn, &[], Some(id), None, 100)?,
            volunteers::given_by(conn, id)?,
            volunteers::history(conn, id, 100)?,
        ))
    })?;
    let line = line.ok_or_else(ApiError::not_found)?;
    let row = register.row(&line);
    let volunteer = &line.volunteer;
    Ok(VolunteerDetail {
        id: row.id,
        version: line.version,
        name: row.name,
        village: row.village,
        serves: row.serves,
        availability: row.availability,
        open_tasks: line.open_tasks,
        free_now: row.free_now,
        why_not: row.why_not,
        vetted_at: volunteer.vetted_at.map(|at| at.0),
        vetted_by: volunteer.vetted_by.clone(),
        confirmed_at: row.confirmed_at,
        confirmed_by: volunteer.confirmed_by.clone(),
        freshness: row.freshness,
        teams: row.teams,
        minutes_given: given.minutes,
        tasks_done: given.tasks,
        patch: patch_places(&store, volunteer, &Rows::of(app)?)?,
        assignments: work
            .rows
            .iter()
            .map(|line| assignment_api::view(line, &register.villages))
            .collect(),
        history: history.into_iter().map(case_views::history_line).collect(),
        draft: draft_of(line.volunteer),
    })
}

fn draft_of(volunteer: Volunteer) -> VolunteerDraft {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    VolunteerDraft {
        title: volunteer.title,
        given_name: volunteer.given_name,
        family_name: volunteer.family_name,
        phone: volunteer.phone.as_deref().map(phone::format),
        kinds: volunteer.kinds,
        skills: volunteer.skills,
        equipment: volunteer.equipment,
        vehicle: volunteer.vehicle,
        vehicle_seats: volunteer.vehicle_seats,
        vehicle_carries: volunteer.vehicle_carries,
        area_code: volunteer.area_code,
        house_no: volunteer.house_no,
        lat: volunteer.lat,
        lon: volunteer.lon,
        patch: volunteer.patch,
        reach: volunteer.reach.code().into(),
        max_open_tasks: volunteer.max_open_tasks,
        availability: volunteer.availability.code().into(),
        hours: volunteer.hours,
        away_from: day(volunteer.away_from),
        away_until: day(volunteer.away_until),
        vetting: volunteer.vetting.code().into(),
        training: volunteer.training,
        note: volunteer.note,
    }
}

/// The parts of a patch with the open cases that lie in them, most pressing first.
fn patch_places(
    store: &Store,
    volunteer: &Volunteer,
    shown: &Rows,
) -> Result<Vec<PatchPlace>, ApiError> {
    let mut places = Vec::with_capacity(volunteer.patch.len());
    for part in volunteer
        .patch
        .iter()
        .filter_map(|value| Patch::parse(value).ok())
    {
        let query = CaseQuery {
            areas: vec![part.area.clone()],
            ..CaseQuery::default()
        };
        let (village, open) = store.read(|conn| {
            Ok((
                office::village(conn, &part.area)?,
                cases::page(conn, &query, CaseSort::Waiting, None, CASES_SHOWN)?,
            ))
        })?;
        let within = open.rows.iter().filter(|line| {
            part.covers(&line.case.area_code, &line.case.house_no)
                .is_some()
        });
        places.push(PatchPlace {
            label: patches::label(&part, &shown.villages),
            houses: part.houses.as_ref().map(ToString::to_string),
            lat: village.as_ref().and_then(|area| area.lat),
            lon: village.as_ref().and_then(|area| area.lon),
            cases: within.map(|line| shown.row(line)).collect(),
            area_code: part.area,
        });
    }
    Ok(places)
}
