//! The register of volunteers.

use jitasa_domain::{ActionKind, Availability, KindList};
use jitasa_store::{
    Action,
    act::VolunteerFields,
    query::{
        assignments, volunteers,
        volunteers::{VolunteerLine, VolunteerQuery},
    },
};
use jitasa_thai::{name, phone};

use crate::{
    ApiError, App, assignments as assignment_api, forms, kinds,
    places::Villages,
    views::{Acted, ById, volunteer::*},
};

fn fields_of(app: &App, draft: &VolunteerDraft) -> Result<VolunteerFields, ApiError> {
    kinds::check_codes(app, KindList::Volunteer, &draft.kinds, "kinds")?;
    kinds::check_codes(app, KindList::Need, &draft.skills, "skills")?;
    if draft.kinds.is_empty() {
        return Err(ApiError::field("volunteer_no_kind", "kinds"));
    }
    if !(1..=1_000).contains(&draft.max_open_tasks) {
        return Err(ApiError::field("max_open_tasks_wrong", "max_open_tasks"));
    }
    let point = forms::optional_point(draft.lat, draft.lon)?;
    let title = forms::line(&draft.title, "title", 60)?;
    let family = if draft.family_name.trim().is_empty() {
        String::new()
    } else {
        forms::required_name(&draft.family_name, "family_name")?
    };
    Ok(VolunteerFields {
        title: name::read_title(&title).map_or(title, ToString::to_string),
        given_name: forms::required_name(&draft.given_name, "given_name")?,
        family_name: family,
        phone: forms::optional_phone(draft.phone.as_deref())?,
        kinds: draft.kinds.clone(),
        skills: draft.skills.clone(),
        vehicle: forms::optional_line(draft.vehicle.as_deref(), "vehicle", 100)?,
        area_code: forms::area_code(&draft.area_code, "area_code")?,
        house_no: forms::house_no(&draft.house_no)?,
        lat: point.map(|(lat, _)| lat),
        lon: point.map(|(_, lon)| lon),
        patch: draft
            .patch
            .iter()
            .map(|code| forms::area_code(code, "patch"))
            .collect::<Result<_, _>>()?,
        max_open_tasks: draft.max_open_tasks,
        availability: forms::code(&draft.availability, "availability", Availability::from_code)?,
        note: forms::note(&draft.note, "note")?,
    })
}

pub(crate) fn create(app: &App, draft: VolunteerDraft) -> Result<Acted, ApiError> {
    let fields = fields_of(app, &draft)?;
    app.act(Action::CreateVolunteer(fields))
}

pub(crate) fn edit(app: &App, request: VolunteerEdit) -> Result<Acted, ApiError> {
    let fields = fields_of(app, &request.draft)?;
    app.act(Action::EditVolunteer {
        id: forms::id(&request.id)?,
        version: request.version,
        fields,
    })
}

pub(crate) fn list(app: &App, request: VolunteerListRequest) -> Result<VolunteerList, ApiError> {
    app.reader(ActionKind::VolunteerEdit)?;
    let query = VolunteerQuery {
        text: request.text,
        kinds: request.kinds,
        areas: request.areas,
        availability: request
            .availability
            .filter(|code| !code.is_empty())
            .map(|code| forms::code(&code, "availability", Availability::from_code))
            .transpose()?,
    };
    let store = app.store()?;
    let villages = Villages::of(&store)?;
    let limit = forms::page_size(request.limit);
    let page =
        store.read(|conn| volunteers::page(conn, &query, request.after.as_deref(), limit))?;
    Ok(VolunteerList {
        rows: page
            .rows
            .iter()
            .map(|line| row_of(line, &villages))
            .collect(),
        next: page.next,
        total: page.total,
    })
}

fn row_of(line: &VolunteerLine, villages: &Villages) -> VolunteerRow {
    let volunteer = &line.volunteer;
    VolunteerRow {
        id: volunteer.id.to_string(),
        name: volunteer.full_name(),
        phone: volunteer.phone.as_deref().map(phone::format),
        kinds: volunteer.kinds.clone(),
        skills: volunteer.skills.clone(),
        vehicle: volunteer.vehicle.clone(),
        village: villages.label(&volunteer.area_code),
        area_code: volunteer.area_code.clone(),
        patch: volunteer.patch.clone(),
        availability: volunteer.availability.code().into(),
        open_tasks: line.open_tasks,
        max_open_tasks: volunteer.max_open_tasks,
        lat: volunteer.lat,
        lon: volunteer.lon,
    }
}

pub(crate) fn get(app: &App, request: ById) -> Result<VolunteerDetail, ApiError> {
    app.reader(ActionKind::VolunteerEdit)?;
    let id = forms::id(&request.id)?;
    let store = app.store()?;
    let villages = Villages::of(&store)?;
    let (line, history) = store.read(|conn| {
        let line = volunteers::line(conn, id)?;
        Ok((line, assignments::page(conn, &[], Some(id), None, 100)?))
    })?;
    let line = line.ok_or_else(ApiError::not_found)?;
    let row = row_of(&line, &villages);
    let VolunteerLine {
        volunteer,
        version,
        open_tasks,
    } = line;
    Ok(VolunteerDetail {
        id: row.id,
        version,
        name: row.name,
        village: row.village,
        open_tasks,
        assignments: history
            .rows
            .iter()
            .map(|line| assignment_api::view(line, &villages))
            .collect(),
        draft: VolunteerDraft {
            title: volunteer.title,
            given_name: volunteer.given_name,
            family_name: volunteer.family_name,
            phone: row.phone,
            kinds: volunteer.kinds,
            skills: volunteer.skills,
            vehicle: volunteer.vehicle,
            area_code: volunteer.area_code,
            house_no: volunteer.house_no,
            lat: volunteer.lat,
            lon: volunteer.lon,
            patch: volunteer.patch,
            max_open_tasks: volunteer.max_open_tasks,
            availability: volunteer.availability.code().into(),
            note: volunteer.note,
        },
    })
}
