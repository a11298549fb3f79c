//! Acts on volunteers.

use jiff::civil::Date;
use jitasa_domain::{Availability, Reach, Vetting, Volunteer};
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
    pub equipment: Vec<String>,
    pub vehicle: Option<String>,
    pub vehicle_seats: Option<u32>,
    pub vehicle_carries: Vec<String>,
    pub area_code: String,
    pub house_no: String,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    pub patch: Vec<String>,
    pub reach: Reach,
    pub max_open_tasks: u32,
    pub availability: Availability,
    pub hours: Vec<String>,
    pub away_from: Option<Date>,
    pub away_until: Option<Date>,
    pub vetting: Vetting,
    pub training: Vec<String>,
    pub note: String,
}

/// He cannot be asked for a while, has left, or is back.
#[derive(Debug, Clone)]
pub struct Away {
    pub id: Uuid,
    pub availability: Availability,
    /// The first day of leave; absent: from now on.
    pub away_from: Option<Date>,
    /// The last day of leave; absent: nobody knows.
    pub away_until: Option<Date>,
    /// Goes into his note.
    pub reason: Option<String>,
}

pub(super) fn create(act: &mut Act, fields: VolunteerFields) -> Result<Uuid, StoreError> {
    let blank = Volunteer {
        id: act.new_id(),
        office_code: act.office_code.clone(),
        created_at: act.now,
        ..Volunteer::default()
    };
    let volunteer = with_fields(act, blank, fields)?;
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
    let volunteer = with_fields(act, volunteer, fields)?;
    act.update(&volunteer)?;
    Ok(id)
}

pub(super) fn vet(act: &mut Act, ids: &[Uuid], vetting: Vetting) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Err(StoreError::Invalid {
            code: "nobody_chosen",
            field: "ids",
        });
    }
    for id in ids {
        let (volunteer, _) = act.get::<Volunteer>(*id)?;
        let volunteer = vetted(act, volunteer, vetting);
        act.update(&volunteer)?;
    }
    Ok(())
}

pub(super) fn set_away(act: &mut Act, away: &Away) -> Result<Uuid, StoreError> {
    let (mut volunteer, _) = act.get::<Volunteer>(away.id)?;
    if let Some(reason) = away.reason.as_deref().filter(|reason| !reason.is_empty()) {
        volunteer.note = format!("{}\n{reason}", volunteer.note).trim().to_string();
    }
    let volunteer = there_or_not(
        volunteer,
        away.availability,
        away.away_from,
        away.away_until,
    )?;
    act.update(&heard_from(act, volunteer))?;
    Ok(away.id)
}

/// Leave has a first day and a last, in this order; who is there or gone has neither.
fn there_or_not(
    volunteer: Volunteer,
    availability: Availability,
    from: Option<Date>,
    until: Option<Date>,
) -> Result<Volunteer, StoreError> {
    let on_leave = availability == Availability::OnLeave;
    if on_leave && from.zip(until).is_some_and(|(from, until)| until < from) {
        return Err(StoreError::Invalid {
            code: "dates_reversed",
            field: "away_until",
        });
    }
    Ok(Volunteer {
        availability,
        away_from: from.filter(|_| on_leave),
        away_until: until.filter(|_| on_leave),
        ..volunteer
    })
}

/// Who looked at him and when is kept when the answer is another one.
fn vetted(act: &Act, volunteer: Volunteer, vetting: Vetting) -> Volunteer {
    if volunteer.vetting == vetting {
        return volunteer;
    }
    Volunteer {
        vetting,
        vetted_at: Some(act.now),
        vetted_by: Some(act.actor.name.clone()),
        ..volunteer
    }
}

/// What stands in the record is so today.
fn heard_from(act: &Act, volunteer: Volunteer) -> Volunteer {
    Volunteer {
        confirmed_at: Some(act.now),
        confirmed_by: Some(act.actor.name.clone()),
        ..volunteer
    }
}

fn with_fields(
    act: &Act,
    volunteer: Volunteer,
    fields: VolunteerFields,
) -> Result<Volunteer, StoreError> {
    let volunteer = there_or_not(
        volunteer,
        fields.availability,
        fields.away_from,
        fields.away_until,
    )?;
    let volunteer = heard_from(act, vetted(act, volunteer, fields.vetting));
    Ok(Volunteer {
        title: fields.title,
        given_name: fields.given_name,
        family_name: fields.family_name,
        phone: fields.phone,
        kinds: fields.kinds,
        skills: fields.skills,
        equipment: fields.equipment,
        vehicle: fields.vehicle,
        vehicle_seats: fields.vehicle_seats,
        vehicle_carries: fields.vehicle_carries,
        area_code: fields.area_code,
        house_no: fields.house_no,
        lat: fields.lat,
        lon: fields.lon,
        patch: fields.patch,
        reach: fields.reach,
        max_open_tasks: fields.max_open_tasks,
        hours: fields.hours,
        training: fields.training,
        note: fields.note,
        ..volunteer
    })
}
