//! Where help could come from, for the distance in a need's triage: places alone, no names.

use std::collections::HashMap;

use jiff::civil::Date;
use jitasa_domain::{KindList, ServicePoint, Volunteer};
use rusqlite::Connection;

use super::office;
use crate::{StoreError, rows};

/// A place help could come from.
#[derive(Debug, Clone, PartialEq)]
pub struct HelpPlace {
    /// Degrees north, degrees east.
    pub at: (f64, f64),
    /// Areas it goes to, by the beginning of their codes; `None` for wherever the office works.
    pub sent_to: Option<Vec<String>>,
}

impl HelpPlace {
    /// Whether it goes to an area.
    #[must_use]
    pub fn serves(&self, area_code: &str) -> bool {
        self.sent_to
            .as_ref()
            .is_none_or(|areas| areas.iter().any(|area| area_code.starts_with(area)))
    }
}

/// From where each kind of need could be served: volunteers who can be sent today, and service points that take
/// people.
///
/// # Errors
/// When the file cannot be read.
pub fn places_by_need(
    conn: &Connection,
    today: Date,
) -> Result<HashMap<String, Vec<HelpPlace>>, StoreError> {
    let mut found: HashMap<String, Vec<HelpPlace>> = HashMap::new();
    let rules = office::rules(conn)?;
    let kinds = office::kinds(conn, KindList::Volunteer)?;
    let villages: HashMap<String, (f64, f64)> = office::villages(conn, None)?
        .into_iter()
        .filter_map(|area| Some((area.code, (area.lat?, area.lon?))))
        .collect();
    let hands: Vec<Volunteer> = rows::select(
        conn,
        "WHERE r.void_reason IS NULL AND r.availability <> 'left'",
        &[],
    )?;
    for hand in hands
        .iter()
        .filter(|hand| hand.can_be_sent(today, &rules).is_ok())
    {
        // Who gave no pin lives in his village all the same.
        let home = hand.lat.zip(hand.lon);
        let Some(at) = home.or_else(|| villages.get(&hand.area_code).copied()) else {
            continue;
        };
        let sent_to = hand.sent_to();
        for need in hand.serves(&kinds) {
            let sent_to = sent_to.clone();
            let place = HelpPlace { at, sent_to };
            found.entry(need).or_default().push(place);
        }
    }
    let kinds = office::kinds(conn, KindList::ServicePoint)?;
    let points: Vec<ServicePoint> = rows::select(
        conn,
        "WHERE r.void_reason IS NULL AND r.state = 'open' AND r.lat IS NOT NULL",
        &[],
    )?;
    for point in points {
        let Some(at) = point.lat.zip(point.lon) else {
            continue;
        };
        let serves = kinds.iter().find(|kind| kind.code == point.kind);
        for need in serves
            .map(|kind| kind.serves.as_slice())
            .unwrap_or_default()
        {
            let sent_to = None;
            let place = HelpPlace { at, sent_to };
            found.entry(need.clone()).or_default().push(place);
        }
    }
    Ok(found)
}
