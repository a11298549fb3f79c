//! Areas of the gazetteer, villages and incidents of the office.

use jitasa_domain::{
    ActionKind, Area, Incident, IncidentKind,
    gazetteer::{self, Gazetteer, Level, Place},
    ids::area_id,
    permission::office_covers,
};
use jitasa_store::{Action, act::NewVillage, query};
use uuid::Uuid;

use crate::{
    ApiError, App, forms, places, status,
    views::{Acted, ById, Nothing, area::*, status::Status},
};

fn area_view(place: &Place) -> AreaView {
    AreaView {
        code: place.code.into(),
        level: match place.level {
            Level::Province => "province",
            Level::District => "district",
            Level::Subdistrict => "subdistrict",
        }
        .into(),
        name_th: place.name_th.into(),
        name_en: place.name_en.into(),
        postcodes: place.postcodes.iter().map(ToString::to_string).collect(),
        full_name: places::full_name(place.code),
    }
}

/// Answers before an office is set up: the first question asks for the office.
pub(crate) fn list(_: &App, request: AreaListRequest) -> Result<AreaList, ApiError> {
    let gazetteer = Gazetteer::bundled();
    let areas = match request.parent.filter(|code| !code.is_empty()) {
        None => gazetteer.provinces().iter().map(area_view).collect(),
        Some(code) => {
            let code = gazetteer::parse_code(&code)
                .filter(|code| gazetteer.get(code).is_some())
                .ok_or_else(|| ApiError::field("area_unknown", "parent").with("code", &code))?;
            gazetteer.children(&code).iter().map(area_view).collect()
        }
    };
    Ok(AreaList { areas })
}

pub(crate) fn find(_: &App, request: AreaFindRequest) -> Result<AreaList, ApiError> {
    let gazetteer = Gazetteer::bundled();
    let by_code = gazetteer::parse_code(&request.text).and_then(|code| gazetteer.get(&code));
    let found = match by_code {
        Some(place) => vec![place],
        None => gazetteer.find(&request.text, None),
    };
    Ok(AreaList {
        areas: found.into_iter().take(50).map(area_view).collect(),
    })
}

fn village_view(area: Area) -> VillageView {
    let subdistrict = area.code.get(..6).unwrap_or_default().to_string();
    VillageView {
        moo: places::moo_of(&area.code).unwrap_or(0),
        subdistrict: places::subdistrict(&subdistrict).into(),
        subdistrict_code: subdistrict,
        code: area.code,
        name: area.name,
        lat: area.lat,
        lon: area.lon,
    }
}

pub(crate) fn villages(app: &App, request: VillageListRequest) -> Result<VillageList, ApiError> {
    app.reader(ActionKind::Read)?;
    let within = request.subdistrict_code.as_deref();
    let villages = app
        .store()?
        .read(|conn| query::office::villages(conn, within))?;
    Ok(VillageList {
        villages: villages.into_iter().map(village_view).collect(),
    })
}

pub(crate) fn save_village(app: &App, request: VillageSave) -> Result<Acted, ApiError> {
    let subdistrict = forms::area_code(&request.subdistrict_code, "subdistrict_code")?;
    if subdistrict.len() != 6 {
        return Err(ApiError::field("area_unknown", "subdistrict_code").with("code", subdistrict));
    }
    // The server holds back a village of another office, and its own office keeps it anyway.
    if !office_covers(&app.actor()?.office_code, &subdistrict) {
        return Err(ApiError::field("area_outside_office", "subdistrict_code"));
    }
    if !(1..=99).contains(&request.moo) {
        return Err(ApiError::field("moo_unreadable", "moo"));
    }
    let point = forms::optional_point(request.lat, request.lon)?;
    let village = NewVillage {
        code: format!("{subdistrict}{:02}", request.moo),
        name: village_name(&request.name, "name")?,
        lat: point.map(|(lat, _)| lat),
        lon: point.map(|(_, lon)| lon),
    };
    let id = area_id(&village.code);
    let acted = app.act(Action::SaveVillage(village))?;
    Ok(Acted {
        id: Some(id.to_string()),
        ..acted
    })
}

/// A village's name without บ้าน, as the label is kept.
pub(crate) fn village_name(input: &str, field: &str) -> Result<String, ApiError> {
    let name = forms::required_name(input, field)?;
    Ok(name
        .strip_prefix("บ้าน")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(&name)
        .to_string())
}

pub(crate) fn incidents(app: &App, _: Nothing) -> Result<IncidentList, ApiError> {
    app.reader(ActionKind::Read)?;
    let incidents = app.store()?.read(query::office::incidents)?;
    Ok(IncidentList {
        incidents: incidents.iter().map(status::incident_view).collect(),
    })
}

pub(crate) fn save_incident(app: &App, request: IncidentSave) -> Result<Acted, ApiError> {
    let started_on = forms::optional_date(request.started_on.as_deref(), "started_on")?;
    let ended_on = forms::optional_date(request.ended_on.as_deref(), "ended_on")?;
    if let (Some(start), Some(end)) = (started_on, ended_on)
        && end < start
    {
        return Err(ApiError::field("dates_reversed", "ended_on"));
    }
    app.act(Action::SaveIncident(Incident {
        id: match &request.id {
            Some(id) => forms::id(id)?,
            None => Uuid::nil(),
        },
        name: forms::required_name(&request.name, "name")?,
        kind: forms::code(&request.kind, "kind", IncidentKind::from_code)?,
        started_on,
        ended_on,
        ..Incident::default()
    }))
}

pub(crate) fn choose_incident(app: &App, request: ById) -> Result<Status, ApiError> {
    app.reader(ActionKind::IncidentSave)?;
    app.store()?.choose_incident(forms::id(&request.id)?)?;
    status::get(app, Nothing {})
}
