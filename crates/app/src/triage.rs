//! Triage of what the screens show: the rules, the office's words on its kinds and the places help
//! could come from, read once for a page. It puts lists in order; it hides nothing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::civil::Date;
use jitasa_domain::{
    KindList, Need, NeedState, Timestamp,
    triage::{Help, Scale, Triage, TriageInput},
};
use jitasa_map::{LatLon, distance_m};
use jitasa_store::{
    Store, desk,
    query::{cases::CaseLine, hands::WantLine, help, help::HelpPlace, office},
};

use crate::{ApiError, App, views::assignment as view};

/// What triage needs to know of the office.
#[derive(Debug)]
struct Known {
    scale: Scale,
    gravity: HashMap<String, u32>,
    help: HashMap<String, Vec<HelpPlace>>,
}

/// How pressing things are at a moment.
#[derive(Debug)]
pub(crate) struct Pressing {
    known: Arc<Known>,
    now: Timestamp,
}

/// The store's version, and the day.
type Read = (i64, Date);

/// What was read last, and the store's version and the day it was read at: a list asked for again is not read again,
/// and a leave that begins or ends is seen.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Option<(Read, Arc<Known>)>>);

impl App {
    /// How pressing things are now.
    pub(crate) fn pressing(&self) -> Result<Pressing, ApiError> {
        let store = self.store()?;
        let now = self.env().now();
        let version = (store.read(desk::reading::data_version)?, now.date());
        let mut kept = self.known.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match kept.take().filter(|(at, _)| *at == version) {
            Some((_, known)) => known,
            None => Arc::new(Known::of(&store, now)?),
        };
        *kept = Some((version, Arc::clone(&known)));
        Ok(Pressing { known, now })
    }
}

impl Known {
    fn of(store: &Store, now: Timestamp) -> Result<Self, ApiError> {
        Ok(store.read(|conn| {
            Ok(Self {
                scale: Scale::of(&office::rules(conn)?),
                gravity: office::kinds(conn, KindList::Need)?
                    .into_iter()
                    .filter_map(|kind| Some((kind.code, kind.gravity?)))
                    .collect(),
                help: help::places_by_need(conn, now.date())?,
            })
        })?)
    }
}

impl Pressing {
    /// Of the office as it stands at a moment.
    pub(crate) fn of(store: &Store, now: Timestamp) -> Result<Self, ApiError> {
        Ok(Self {
            known: Arc::new(Known::of(store, now)?),
            now,
        })
    }

    /// How pressing one need of a case is.
    pub(crate) fn need(&self, line: &CaseLine, need: &Need) -> Triage {
        let case = &line.case;
        let since = need.waiting_since.unwrap_or(case.reported_at);
        self.known.scale.score(&TriageInput {
            urgency: case.urgency,
            need_kind: &need.kind,
            gravity: self.known.gravity.get(&need.kind).copied(),
            texts: [&case.note, &need.detail],
            people_count: case.people_count,
            vulnerable: &case.vulnerable,
            waiting_min: minutes(since, self.now),
            help: self.help_for(case.lat.zip(case.lon), &case.area_code, &need.kind),
        })
    }

    /// The same of a row of the picture.
    pub(crate) fn want(&self, line: &WantLine) -> Triage {
        self.known.scale.score(&TriageInput {
            urgency: line.urgency,
            need_kind: &line.kind,
            gravity: self.known.gravity.get(&line.kind).copied(),
            texts: [&line.note, &line.detail],
            people_count: line.people_count,
            vulnerable: &line.vulnerable,
            waiting_min: minutes(line.waiting_since, self.now),
            help: self.help_for(line.lat.zip(line.lon), &line.area_code, &line.kind),
        })
    }

    /// How pressing a case is: as its most pressing need that is not met. Nothing presses in a case
    /// that has none.
    pub(crate) fn case(&self, line: &CaseLine) -> Triage {
        line.needs
            .iter()
            .filter(|need| !matches!(need.state, NeedState::Met | NeedState::Closed))
            .map(|need| self.need(line, need))
            .reduce(|most, other| {
                if other.score > most.score {
                    other
                } else {
                    most
                }
            })
            .unwrap_or_default()
    }

    /// The nearest place from which a need of this kind could be served in this area.
    fn help_for(&self, at: Option<(f64, f64)>, area_code: &str, need_kind: &str) -> Help {
        let Some((lat, lon)) = at else {
            return Help::PlaceUnknown;
        };
        let places = self.known.help.get(need_kind).map(Vec::as_slice);
        // Squares of degrees, east ones shrunk, put places in order; only the nearest is measured.
        let shrink = lat.to_radians().cos();
        let far = |at: &(f64, f64)| (at.0 - lat).powi(2) + ((at.1 - lon) * shrink).powi(2);
        let mut nearest: Option<(f64, (f64, f64))> = None;
        for place in places.unwrap_or_default() {
            let far = far(&place.at);
            if nearest.is_none_or(|(least, _)| far < least) && place.serves(area_code) {
                nearest = Some((far, place.at));
            }
        }
        nearest.map_or(Help::NoneKnown, |(_, (north, east))| {
            let from = LatLon { lat, lon };
            let to = LatLon {
                lat: north,
                lon: east,
            };
            Help::At(whole_m(distance_m(from, to)))
        })
    }
}

/// Minutes from one moment to the other; none when it has not come yet.
pub(crate) fn minutes(since: Timestamp, now: Timestamp) -> i64 {
    (now.0.saturating_sub(since.0) / 60_000).max(0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a distance on the earth is not negative and below thirty thousand kilometres"
)]
fn whole_m(metres: f64) -> u32 {
    metres.round().clamp(0.0, 1e9) as u32
}

/// As the screens show it.
pub(crate) fn view(triage: &Triage) -> view::Triage {
    view::Triage {
        score: triage.score,
        parts: triage
            .parts
            .iter()
            .map(|part| view::TriagePart {
                code: part.code.code().into(),
                points: part.points,
                most: part.most,
                detail: part.detail.clone(),
            })
            .collect(),
    }
}
