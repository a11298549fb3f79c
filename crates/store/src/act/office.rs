//! Acts on what belongs to the office itself: villages, incidents, service points, lists.

use jitasa_domain::{
    Area, Incident, Kind, KindList, Rule, ServicePoint,
    ids::{area_id, kind_id, rule_id},
    rules,
};
use uuid::Uuid;

use super::Act;
use crate::{StoreError, desk, rows};

/// A village.
#[derive(Debug, Clone)]
pub struct NewVillage {
    /// 8 digits.
    pub code: String,
    /// Without บ้าน.
    pub name: String,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
}

/// An entry of a list.
#[derive(Debug, Clone)]
pub struct NewKind {
    pub list: KindList,
    pub code: String,
    pub th: String,
    pub en: String,
    pub serves: Vec<String>,
    pub wants: Vec<String>,
    pub gravity: Option<u32>,
    pub follow_up_days: Option<u32>,
    pub position: u32,
    pub active: bool,
}

pub(super) fn save_rule(
    act: &mut Act,
    code: String,
    value: Option<String>,
) -> Result<Uuid, StoreError> {
    if rules::definition(&code).is_none() {
        return Err(StoreError::NotFound("rule"));
    }
    let id = rule_id(&act.office_code, &code);
    let stored = rows::get::<Rule>(act.conn(), id)?;
    // Put back is voided, not deleted: the other desks of the office must hear of it.
    let void_reason = value.is_none().then(|| "shipped".to_string());
    let rule = Rule {
        id,
        office_code: act.office_code.clone(),
        code,
        value: value.unwrap_or_else(|| {
            stored
                .as_ref()
                .map(|rule| rule.value.clone())
                .unwrap_or_default()
        }),
        void_reason,
    };
    match stored {
        Some(_) => {
            act.update(&rule)?;
        }
        None if rule.void_reason.is_some() => {}
        None => act.create(&rule)?,
    }
    Ok(id)
}

pub(super) fn save_village(act: &mut Act, village: NewVillage) -> Result<Uuid, StoreError> {
    let id = area_id(&village.code);
    match rows::get::<Area>(act.conn(), id)? {
        Some(area) => {
            act.update(&Area {
                name: village.name,
                lat: village.lat.or(area.lat),
                lon: village.lon.or(area.lon),
                void_reason: None,
                ..area
            })?;
        }
        None => {
            let area = Area {
                id,
                code: village.code,
                name: village.name,
                lat: village.lat,
                lon: village.lon,
                office_code: act.office_code.clone(),
                created_at: act.now,
                void_reason: None,
            };
            act.create(&area)?;
        }
    }
    Ok(id)
}

pub(super) fn save_incident(act: &mut Act, mut incident: Incident) -> Result<Uuid, StoreError> {
    if incident.name.is_empty() {
        return Err(StoreError::Invalid {
            code: "name_empty",
            field: "name",
        });
    }
    incident.office_code = act.office_code.clone();
    if incident.id.is_nil() {
        incident.id = act.new_id();
        incident.created_at = act.now;
        act.create(&incident)?;
        desk::set_current_incident(act.conn(), Some(incident.id))?;
    } else {
        let (stored, _) = act.get::<Incident>(incident.id)?;
        act.update(&Incident {
            created_at: stored.created_at,
            ..incident.clone()
        })?;
    }
    Ok(incident.id)
}

pub(super) fn save_service_point(
    act: &mut Act,
    mut point: ServicePoint,
) -> Result<Uuid, StoreError> {
    point.office_code = act.office_code.clone();
    if point.id.is_nil() {
        point.id = act.new_id();
        point.created_at = act.now;
        act.create(&point)?;
    } else {
        let (stored, _) = act.get::<ServicePoint>(point.id)?;
        act.update(&ServicePoint {
            created_at: stored.created_at,
            ..point.clone()
        })?;
    }
    Ok(point.id)
}

pub(super) fn save_kind(act: &mut Act, new: NewKind) -> Result<Uuid, StoreError> {
    if new.th.is_empty() {
        return Err(StoreError::Invalid {
            code: "name_empty",
            field: "th",
        });
    }
    let id = kind_id(&act.office_code, new.list.code(), &new.code);
    let kind = Kind {
        id,
        office_code: act.office_code.clone(),
        list: new.list,
        code: new.code,
        th: new.th,
        en: new.en,
        serves: new.serves,
        wants: new.wants,
        gravity: new.gravity,
        follow_up_days: new.follow_up_days,
        position: new.position,
        active: new.active,
        void_reason: None,
    };
    if rows::get::<Kind>(act.conn(), id)?.is_some() {
        act.update(&kind)?;
    } else {
        act.create(&kind)?;
    }
    Ok(id)
}
