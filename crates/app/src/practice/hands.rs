//! Whom a made-up office asks: the nearest free volunteer who can, his own houses first. It must not
//! know what comes of it.

use jitasa_domain::{
    Timestamp, Volunteer,
    patch::{Cover, Patch},
    rules::Rules,
};
use jitasa_map::{LatLon, distance_m};
use uuid::Uuid;

use super::{calls::Call, ground::Village, volunteers::Enlisted};

/// A volunteer as he is asked.
#[derive(Debug)]
pub(super) struct Hand {
    pub(super) id: Uuid,
    pub(super) enlisted: Enlisted,
    patch: Vec<Patch>,
    pub(super) open_tasks: u32,
}

/// Who is asked, how far he lives, and the reasons for him.
#[derive(Debug)]
pub(super) struct Asked {
    /// His place on the roll.
    pub(super) hand: usize,
    pub(super) distance_m: Option<u32>,
    pub(super) why: Vec<String>,
}

impl Hand {
    pub(super) fn new(id: Uuid, enlisted: &Enlisted) -> Self {
        let patch = enlisted.fields.patch.iter();
        Self {
            id,
            enlisted: enlisted.clone(),
            patch: patch.filter_map(|value| Patch::parse(value).ok()).collect(),
            open_tasks: 0,
        }
    }

    /// How a house is his to answer for.
    fn cover(&self, area_code: &str, house_no: &str) -> Option<Cover> {
        let parts = self.patch.iter();
        parts
            .filter_map(|part| part.covers(area_code, house_no))
            .max()
    }

    /// Whether the office could ask him then.
    fn can_be_asked(&self, at: Timestamp) -> bool {
        let fields = &self.enlisted.fields;
        let volunteer = Volunteer {
            availability: fields.availability,
            away_from: fields.away_from,
            away_until: fields.away_until,
            vetting: fields.vetting,
            hours: fields.hours.clone(),
            ..Volunteer::default()
        };
        volunteer.can_be_asked(at, &Rules::default()).is_ok()
    }
}

/// The nearest free volunteer of the subdistrict who can serve a need and has not been asked.
pub(super) fn nearest(
    hands: &[Hand],
    villages: &[Village],
    call: &Call,
    need: usize,
    asked: &[usize],
    at: Timestamp,
) -> Option<Asked> {
    let village = call.village?;
    let ground = &villages[village];
    let kind = &call.needs[need].kind;
    let point = match (call.fields.lat, call.fields.lon) {
        (Some(lat), Some(lon)) => Some(LatLon { lat, lon }),
        _ => None,
    };
    let from = point.unwrap_or(ground.at);
    let cover = |hand: &Hand| hand.cover(ground.code, &call.fields.house_no);
    let (hand, away_m) = hands
        .iter()
        .enumerate()
        .filter(|(index, hand)| {
            let fields = &hand.enlisted.fields;
            hand.open_tasks < fields.max_open_tasks
                && hand.enlisted.serves.contains(kind)
                && villages[hand.enlisted.home].subdistrict() == ground.subdistrict()
                && !asked.contains(index)
                // It is he who says whether help came, and of his own he may not.
                && !(hand.enlisted.home == village && hand.enlisted.is_headman())
                && hand.can_be_asked(at)
        })
        .map(|(index, hand)| {
            let away_m = distance_m(from, hand.enlisted.at);
            // A house in his own patch and an idle evening count for a kilometre each.
            let own = match cover(hand) {
                Some(Cover::House) => -500.0,
                Some(Cover::Village) => 0.0,
                None if hand.enlisted.home == village => 300.0,
                None => 1_000.0,
            };
            let load = 1_000.0 * f64::from(hand.open_tasks);
            (index, away_m, away_m + own + load)
        })
        .min_by(|a, b| a.2.total_cmp(&b.2))
        .map(|(index, away_m, _)| (index, away_m))?;
    let chosen = &hands[hand];
    let why = [
        ("own_house", cover(chosen) == Some(Cover::House)),
        ("own_patch", cover(chosen) == Some(Cover::Village)),
        ("same_village", chosen.enlisted.home == village),
        ("has_skill", true),
        ("has_vehicle", chosen.enlisted.fields.vehicle.is_some()),
        ("near", point.is_some() && away_m < 1_500.0),
        ("free_now", chosen.open_tasks == 0),
    ];
    let why = why.iter().filter(|(_, holds)| *holds);
    Some(Asked {
        hand,
        distance_m: point.map(|_| whole_metres(away_m)),
        why: why.map(|(code, _)| (*code).into()).collect(),
    })
}

/// A distance within a district in whole metres.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a distance is not negative, and the cast saturates"
)]
fn whole_metres(away_m: f64) -> u32 {
    away_m.round() as u32
}
