//! Where help could come from, for the distance in a need's triage: places alone, no names.

use std::collections::HashMap;

use jitasa_domain::{KindList, ServicePoint, Volunteer};
use rusqlite::Connection;

use super::office;
use crate::{StoreError, rows};

/// Places (degrees north, degrees east) from which each kind of need could be served: volunteers who
/// can be asked, and service points that take people.
///
/// # Errors
/// When the file cannot be read.
pub fn places_by_need(conn: &Connection) -> Result<HashMap<String, Vec<(f64, f64)>>, StoreError> {
    let mut found: HashMap<String, Vec<(f64, f64)>> = HashMap::new();
    let kinds = office::kinds(conn, KindList::Volunteer)?;
    let villages: HashMap<String, (f64, f64)> = office::villages(conn, None)?
        .into_iter()
        .filter_map(|area| Some((area.code, (area.lat?, area.lon?))))
        .collect();
    let hands: Vec<Volunteer> = rows::select(
        conn,
        "WHERE r.void_reason IS NULL AND r.availability = 'available' AND r.vetting = 'vetted'",
        &[],
    )?;
    for hand in hands {
        // Who gave no pin lives in his village all the same.
        let home = hand.lat.zip(hand.lon);
        let Some(at) = home.or_else(|| villages.get(&hand.area_code).copied()) else {
            continue;
        };
        let by_kind = kinds
            .iter()
            .filter(|kind| hand.kinds.contains(&kind.code))
            .flat_map(|kind| &kind.serves);
        let mut serves: Vec<&String> = hand.skills.iter().chain(by_kind).collect();
        serves.sort_unstable();
        serves.dedup();
        for need in serves {
            found.entry(need.clone()).or_default().push(at);
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
            found.entry(need.clone()).or_default().push(at);
        }
    }
    Ok(found)
}
