//! Reading what a person keyed: every field of a form by its own rule, the first that fails named.

use jitasa_domain::{Timestamp, gazetteer::Gazetteer};
use jitasa_store::act::PersonFields;
use jitasa_thai::{citizen_id, coordinate, name, phone, place, text};
use uuid::Uuid;

use crate::ApiError;

/// The longest note: about ten pages.
pub(crate) const NOTE_LETTERS_MAX: usize = 20_000;

/// A record's id.
pub(crate) fn id(text: &str) -> Result<Uuid, ApiError> {
    text.parse().map_err(|_| ApiError::not_found())
}

/// A code of one of the fixed lists (urgency, channel, ...).
pub(crate) fn code<T>(
    text: &str,
    field: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, ApiError> {
    read(text).ok_or_else(|| ApiError::field("code_unknown", field))
}

/// A list of codes.
pub(crate) fn codes<T>(
    texts: &[String],
    field: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, ApiError> {
    texts.iter().map(|text| code(text, field, &read)).collect()
}

/// A text of at most `letters_max` letters, cleaned of what cannot be seen.
pub(crate) fn line(input: &str, field: &str, letters_max: usize) -> Result<String, ApiError> {
    let cleaned = text::clean(input);
    if cleaned.chars().count() > letters_max {
        return Err(ApiError::field("text_too_long", field).with("max", letters_max));
    }
    Ok(cleaned)
}

/// As [`line`], absent when nothing is left.
pub(crate) fn optional_line(
    input: Option<&str>,
    field: &str,
    letters_max: usize,
) -> Result<Option<String>, ApiError> {
    let text = line(input.unwrap_or_default(), field, letters_max)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A note in several lines.
pub(crate) fn note(input: &str, field: &str) -> Result<String, ApiError> {
    line(input, field, NOTE_LETTERS_MAX)
}

/// A name that must be there.
pub(crate) fn required_name(input: &str, field: &str) -> Result<String, ApiError> {
    name::check(input).map_err(|error| ApiError::field(error.code(), field))
}

/// A phone number, or nothing.
pub(crate) fn optional_phone(input: Option<&str>) -> Result<Option<String>, ApiError> {
    match input.map(text::clean).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(typed) => phone::read(&typed)
            .map(|reading| Some(reading.digits))
            .map_err(|error| ApiError::field(error.code(), "phone")),
    }
}

/// A person as keyed. A citizen id whose check digit fails is kept and marked as unconfirmed.
pub(crate) fn person(
    title: &str,
    given: &str,
    family: &str,
    id: Option<&str>,
    phone: Option<&str>,
) -> Result<PersonFields, ApiError> {
    let family = if text::clean(family).is_empty() {
        String::new()
    } else {
        required_name(family, "family_name")?
    };
    let title = line(title, "title", 60)?;
    let citizen_id = match id.map(text::clean).filter(|text| !text.is_empty()) {
        None => None,
        Some(typed) => Some(
            citizen_id::read(&typed)
                .map_err(|error| ApiError::field(error.code(), "citizen_id"))?,
        ),
    };
    Ok(PersonFields {
        title: name::read_title(&title).map_or(title, ToString::to_string),
        given_name: required_name(given, "given_name")?,
        family_name: family,
        citizen_id_valid: citizen_id
            .as_ref()
            .is_some_and(|reading| reading.checksum_ok),
        citizen_id: citizen_id.map(|reading| reading.digits),
        phone: optional_phone(phone)?,
    })
}

/// A place as degrees, or none.
pub(crate) fn optional_point(
    lat: Option<f64>,
    lon: Option<f64>,
) -> Result<Option<(f64, f64)>, ApiError> {
    match (lat, lon) {
        (None, None) => Ok(None),
        (Some(lat), Some(lon)) => point(lat, lon).map(Some),
        _ => Err(ApiError::field("coordinate_unreadable", "lat")),
    }
}

/// A place in Thailand. Swapped degrees are refused here: a form shows what was understood before.
pub(crate) fn point(lat: f64, lon: f64) -> Result<(f64, f64), ApiError> {
    let reading =
        coordinate::check(lat, lon).map_err(|error| ApiError::field(error.code(), "lat"))?;
    if reading.swapped {
        return Err(ApiError::field("coordinate_swapped", "lat"));
    }
    Ok((reading.lat, reading.lon))
}

/// A subdistrict (6 digits) or a village of one (8 digits).
pub(crate) fn area_code(input: &str, field: &str) -> Result<String, ApiError> {
    let unknown = || ApiError::field("area_unknown", field).with("code", text::clean(input));
    let digits = text::arabic_digits(&text::clean(input));
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(digits.len(), 6 | 8) {
        return Err(unknown());
    }
    let subdistrict = digits.get(..6).unwrap_or_default();
    if Gazetteer::bundled().get(subdistrict).is_none()
        || digits.ends_with("00") && digits.len() == 8
    {
        return Err(unknown());
    }
    Ok(digits)
}

/// A house number, cleaned.
pub(crate) fn house_no(input: &str) -> Result<String, ApiError> {
    line(&place::read_house_no(input), "house_no", 60)
}

/// A date of the form `2026-11-22`.
pub(crate) fn date(input: &str, field: &str) -> Result<jiff::civil::Date, ApiError> {
    input
        .parse()
        .map_err(|_| ApiError::field("date_unreadable", field))
}

/// A date that may be absent.
pub(crate) fn optional_date(
    input: Option<&str>,
    field: &str,
) -> Result<Option<jiff::civil::Date>, ApiError> {
    input
        .filter(|text| !text.is_empty())
        .map(|text| date(text, field))
        .transpose()
}

/// Midnight of a date in Thailand.
pub(crate) fn midnight(date: jiff::civil::Date) -> Timestamp {
    Timestamp::from_bangkok(date.at(0, 0, 0, 0))
}

/// How far ahead hands are looked for.
const AHEAD_DAYS: i64 = 14;

/// The moment hands are wanted for: now, or one within a fortnight.
pub(crate) fn moment_ahead(at: Option<i64>, now: Timestamp) -> Result<Timestamp, ApiError> {
    let Some(at) = at.map(Timestamp) else {
        return Ok(now);
    };
    let last = now.plus_ms(AHEAD_DAYS * 24 * 3_600_000);
    // A request is a moment older than the clock that reads it.
    if at < now.plus_ms(-3_600_000) || at > last {
        return Err(ApiError::field("moment_not_ahead", "at"));
    }
    Ok(at.max(now))
}

/// Page sizes stay within bounds.
pub(crate) fn page_size(limit: u32) -> u32 {
    if limit == 0 { 100 } else { limit.min(500) }
}
