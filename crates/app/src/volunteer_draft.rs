//! Reading a volunteer as keyed: every field by its own rule, the first that fails named.

use jitasa_domain::{
    Availability, KindList, Reach, Vetting, Volunteer,
    hours::{HoursUnreadable, Span},
};
use jitasa_store::{act::VolunteerFields, query::office};
use jitasa_thai::{name, text};

use crate::{ApiError, App, forms, kinds, patches, views::volunteer::VolunteerDraft};

/// What a vehicle can carry besides people.
pub(crate) const CARRIES: [&str; 5] = ["goods", "wheelchair", "stretcher", "oxygen", "infected"];
/// Entries of hours: four a day.
const HOURS_MAX: usize = 28;
const TRAININGS_MAX: usize = 50;

/// The fields of a draft. What it says nothing of stays as `stored`.
pub(crate) fn fields_of(
    app: &App,
    draft: &VolunteerDraft,
    stored: &Volunteer,
) -> Result<VolunteerFields, ApiError> {
    kinds::check_codes(app, KindList::Volunteer, &draft.kinds, "kinds")?;
    kinds::check_codes(app, KindList::Need, &draft.skills, "skills")?;
    kinds::check_codes(app, KindList::Equipment, &draft.equipment, "equipment")?;
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
    let area_code = forms::area_code(&draft.area_code, "area_code")?;
    let vehicle = forms::optional_line(draft.vehicle.as_deref(), "vehicle", 100)?;
    check_vehicle(draft, vehicle.is_some())?;
    let (away_from, away_until) = leave(draft)?;
    Ok(VolunteerFields {
        title: name::read_title(&title).map_or(title, ToString::to_string),
        given_name: forms::required_name(&draft.given_name, "given_name")?,
        family_name: family,
        phone: forms::optional_phone(draft.phone.as_deref())?,
        kinds: once(&draft.kinds),
        skills: once(&draft.skills),
        equipment: once(&draft.equipment),
        vehicle,
        vehicle_seats: draft.vehicle_seats,
        vehicle_carries: once(&draft.vehicle_carries),
        house_no: forms::house_no(&draft.house_no)?,
        lat: point.map(|(lat, _)| lat),
        lon: point.map(|(_, lon)| lon),
        patch: patch(app, draft, &area_code)?,
        area_code,
        reach: match draft.reach.as_str() {
            "" => stored.reach,
            code => forms::code(code, "reach", Reach::from_code)?,
        },
        max_open_tasks: draft.max_open_tasks,
        availability: forms::code(&draft.availability, "availability", Availability::from_code)?,
        hours: hours(&draft.hours)?,
        away_from,
        away_until,
        vetting: match draft.vetting.as_str() {
            "" => stored.vetting,
            code => forms::code(code, "vetting", Vetting::from_code)?,
        },
        training: trainings(app, &draft.training)?,
        note: forms::note(&draft.note, "note")?,
    })
}

/// Each code once, in the order it was given.
fn once(codes: &[String]) -> Vec<String> {
    let mut once: Vec<String> = Vec::with_capacity(codes.len());
    for code in codes {
        if !once.contains(code) {
            once.push(code.clone());
        }
    }
    once
}

fn check_vehicle(draft: &VolunteerDraft, has_vehicle: bool) -> Result<(), ApiError> {
    if draft.vehicle_seats.is_some_and(|seats| seats > 100) {
        return Err(ApiError::field("vehicle_seats_wrong", "vehicle_seats"));
    }
    if !draft
        .vehicle_carries
        .iter()
        .all(|code| CARRIES.contains(&code.as_str()))
    {
        return Err(ApiError::field("code_unknown", "vehicle_carries"));
    }
    if !has_vehicle && (draft.vehicle_seats.is_some() || !draft.vehicle_carries.is_empty()) {
        return Err(ApiError::field("vehicle_missing", "vehicle"));
    }
    Ok(())
}

type Leave = (Option<jiff::civil::Date>, Option<jiff::civil::Date>);

fn leave(draft: &VolunteerDraft) -> Result<Leave, ApiError> {
    let from = forms::optional_date(draft.away_from.as_deref(), "away_from")?;
    let until = forms::optional_date(draft.away_until.as_deref(), "away_until")?;
    Ok((from, until))
}

fn patch(app: &App, draft: &VolunteerDraft, area_code: &str) -> Result<Vec<String>, ApiError> {
    let known = app
        .store()?
        .read(|conn| office::villages(conn, area_code.get(..6)))?;
    let parts = patches::read_all(&draft.patch, area_code, &known)?;
    Ok(parts.iter().map(ToString::to_string).collect())
}

/// In the order of the week, each entry once.
fn hours(typed: &[String]) -> Result<Vec<String>, ApiError> {
    let unreadable = |entry: &str| {
        let piece: String = text::clean(entry).chars().take(30).collect();
        ApiError::field(HoursUnreadable::CODE, "hours").with("piece", piece)
    };
    let mut spans = Vec::with_capacity(typed.len());
    for entry in typed.iter().filter(|entry| !entry.trim().is_empty()) {
        spans.push(Span::parse(entry).map_err(|_| unreadable(entry))?);
    }
    spans.sort_unstable();
    spans.dedup();
    if spans.len() > HOURS_MAX {
        return Err(ApiError::field("too_many", "hours").with("max", HOURS_MAX));
    }
    Ok(spans.iter().map(ToString::to_string).collect())
}

/// `2026-05-01 first_aid`, or free text behind the day; the latest first.
fn trainings(app: &App, typed: &[String]) -> Result<Vec<String>, ApiError> {
    let today = app.env().now().date();
    let mut trainings = Vec::with_capacity(typed.len());
    for entry in typed {
        let entry = forms::line(entry, "training", 120)?;
        if entry.is_empty() {
            continue;
        }
        let (day, what) = entry
            .split_once(' ')
            .ok_or_else(|| ApiError::field("training_unreadable", "training"))?;
        let day = forms::date(day, "training")?;
        if day > today {
            return Err(ApiError::field("training_in_future", "training"));
        }
        trainings.push(format!("{day} {}", what.trim()));
    }
    trainings.sort_unstable_by(|a, b| b.cmp(a));
    trainings.dedup();
    if trainings.len() > TRAININGS_MAX {
        return Err(ApiError::field("too_many", "training").with("max", TRAININGS_MAX));
    }
    Ok(trainings)
}
