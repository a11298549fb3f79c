//! Acts on volunteers.

use jitasa_domain::{Availability, Volunteer};
use uuid::Uuid;

use super::Act;
use crate::StoreError;

/// A volunteer, as checked by the caller.
#[derive(Debug, Clone, Default)]
pub struct VolunteerFields {
    pub title: String,
    pub given_name: String,
    pub family_name: String,
    pub phone: Option<String>,
    pub kinds: Vec<String>,
    pub skills: Vec<String>,
    pub vehicle: Option<String>,
    pub area_code: String,
    pub house_no: String,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub patch: Vec<String>,
    pub max_open_tasks: u32,
    pub availability: Availability,
    pub note: String,
}

pub(super) fn create(act: &mut Act, fields: VolunteerFields) -> Result<Uuid, StoreError> {
    let blank = Volunteer {
        id: act.new_id(),
        office_code: act.office_code.clone(),
        created_at: act.now,
        ..Volunteer::default()
    };
    let volunteer = with_fields(blank, fields);
    act.create(&volunteer)?;
    Ok(volunteer.id)
}

pub(super) fn edit(
    act: &mut Act,
    id: Uuid,
    version: i64,
    fields: VolunteerFields,
) -> Result<Uuid, StoreError> {
    let (volunteer, stored) = act.get::<Volunteer>(id)?;
    if stored != version {
        return Err(StoreError::Clash {
            shown: version,
            stored,
        });
    }
    act.update(&with_fields(volunteer, fields))?;
    Ok(id)
}

fn with_fields(volunteer: Volunteer, fields: VolunteerFields) -> Volunteer {
    Volunteer {
        title: fields.title,
        given_name: fields.given_name,
        family_name: fields.family_name,
        phone: fields.phone,
        kinds: fields.kinds,
        skills: fields.skills,
        vehicle: fields.vehicle,
        area_code: fields.area_code,
        house_no: fields.house_no,
        lat: fields.lat,
        lon: fields.lon,
        patch: fields.patch,
        max_open_tasks: fields.max_open_tasks,
        availability: fields.availability,
        note: fields.note,
        ..volunteer
    }
}
