//! A made-up office to practise on: believable, marked as practice, the same for the same seed and
//! moment. It is made of acts, so that it has history, outbox and undo like any office; only what is
//! too much for acts is loaded as rows. It must not know the wire or the screens.

mod bulk;
mod calls;
mod cast;
mod chance;
mod decks;
mod fate;
mod ground;
mod hands;
mod outfit;
mod people;
mod perform;
mod plan;
mod points;
mod rounds;
mod said;
#[cfg(test)]
mod tests;
mod volunteers;
mod wave;
mod words;

use std::collections::BTreeMap;

use jitasa_domain::{Incident, IncidentKind, Kind, KindList, Office, Timestamp, ids::SeededIds};
use jitasa_store::{Action, DeskUser, Store, act::NewVillage, desk::reading, query::office};
use uuid::Uuid;

use self::{
    bulk::Bulk,
    calls::{Calls, DAY_MS, DAYS, HOUR_MS},
    cast::Cast,
    chance::Chance,
    ground::Village,
    people::People,
    perform::{Stage, Story},
    plan::{Event, Step},
    volunteers::Enlisted,
    wave::Wave,
    words::Words,
};
use crate::ApiError;

/// The headman who sits at the practice desk answers for this village.
const HEADMANS_VILLAGE: &str = "45090505";
/// The office that calls are passed to.
const REFERRAL_OFFICE: &str = "450909";
/// In an office too large for rounds, the supervisor has seen what is older than this.
const SEEN_AFTER_MS: i64 = 20 * HOUR_MS;
/// So many in a hundred volunteers have said within the month that what the office knows is still so.
const HEARD_PERCENT: usize = 94;
/// Acts of one transaction: large enough to be quick, small enough to bound memory.
const ACTS_A_TRANSACTION: usize = 4_000;

/// How much there is to practise on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// A subdistrict's month: about 420 cases and 140 volunteers.
    Office,
    /// A district's month: 4,000 cases and 1,170 volunteers.
    Amphoe,
    /// A bad flood: 20,000 cases.
    Province,
    /// A million cases, to measure with.
    Million,
    /// As many cases as asked for, to measure with.
    Cases(usize),
}

/// What a size amounts to.
#[derive(Debug, Clone, Copy)]
struct Extent {
    wave: Wave,
    /// Cases made act by act.
    acted: usize,
    /// Cases loaded as rows.
    loaded: usize,
    volunteers: usize,
}

impl Size {
    /// The size with this code: `office`, `amphoe`, `province`, `million`, or a number of cases.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "office" => Some(Self::Office),
            "amphoe" => Some(Self::Amphoe),
            "province" => Some(Self::Province),
            "million" => Some(Self::Million),
            _ => code.parse().ok().map(Self::Cases),
        }
    }

    const fn extent(self) -> Extent {
        match self {
            Self::Office => Extent {
                wave: wave::SUBDISTRICT,
                acted: 420,
                loaded: 0,
                volunteers: 140,
            },
            Self::Amphoe => Extent {
                wave: wave::DISTRICT,
                acted: 4_000,
                loaded: 0,
                volunteers: 1_170,
            },
            Self::Province => Extent {
                wave: wave::MEASURED,
                acted: 2_000,
                loaded: 18_000,
                volunteers: 1_170,
            },
            Self::Million => Extent {
                wave: wave::MEASURED,
                acted: 2_000,
                loaded: 998_000,
                volunteers: 1_170,
            },
            Self::Cases(cases) => {
                let acted = if cases < 2_000 { cases } else { 2_000 };
                Extent {
                    wave: wave::MEASURED,
                    acted,
                    loaded: cases - acted,
                    volunteers: 1_170,
                }
            }
        }
    }
}

/// The office of a size: one subdistrict's, or the district's.
#[must_use]
pub fn office_of(size: Size) -> Office {
    let (code, name) = match size {
        Size::Office => ("450905", "องค์การบริหารส่วนตำบลโคกสว่าง (ฝึกหัด)"),
        Size::Amphoe | Size::Province | Size::Million | Size::Cases(_) => {
            ("4509", "ที่ว่าการอำเภอหนองพอก (ฝึกหัด)")
        }
    };
    Office {
        code: code.into(),
        name: name.into(),
    }
}

/// The middle of a subdistrict of the practice district, or of the district: latitude, longitude.
/// `None` elsewhere.
#[must_use]
pub fn centre_of(code: &str) -> Option<(f64, f64)> {
    words::centre_of(code)
}

/// The villages of the headman at the practice desk.
#[must_use]
pub fn headman_villages(office: &Office) -> Vec<String> {
    let own = !office.code.is_empty() && HEADMANS_VILLAGE.starts_with(&office.code);
    if own {
        vec![HEADMANS_VILLAGE.into()]
    } else {
        Vec::new()
    }
}

/// Fills a new practice desk with the thirty days that end `now`.
///
/// # Errors
/// `not_practice` when the desk is somebody's real office; else what the store refuses.
pub fn fill(store: &Store, now: Timestamp, size: Size, seed: u64) -> Result<(), ApiError> {
    let (is_practice, own, users, kinds) = store.read(|conn| {
        let list = |list| office::kinds(conn, list);
        let kinds = [
            list(KindList::Need)?,
            list(KindList::Volunteer)?,
            list(KindList::ServicePoint)?,
        ];
        Ok((
            reading::is_practice(conn)?,
            reading::office(conn)?,
            reading::desk_users(conn)?,
            kinds,
        ))
    })?;
    let Some(own) = own.filter(|_| is_practice) else {
        return Err(ApiError::new("not_practice"));
    };
    fill_desk(store, &own, &users, kinds, now, size.extent(), seed)
}

fn fill_desk(
    store: &Store,
    own: &Office,
    users: &[DeskUser],
    [needs, helpers, places]: [Vec<Kind>; 3],
    now: Timestamp,
    extent: Extent,
    seed: u64,
) -> Result<(), ApiError> {
    let chance = |subject| Chance::new(seed, subject);
    let villages = ground::lay_out(&own.code, seed);
    let own_village = villages
        .iter()
        .position(|village| village.code == HEADMANS_VILLAGE);
    let need_kinds: Vec<String> = needs.into_iter().map(|kind| kind.code).collect();
    let mut people = People::new(Words::read());
    let enlisted = volunteers::enlist(
        &villages,
        &helpers,
        extent.volunteers,
        now,
        &mut people,
        &mut chance(1),
    );
    let mut place_chance = chance(2);
    let points: Vec<_> = villages
        .chunk_by(|a, b| a.subdistrict() == b.subdistrict())
        .flat_map(|own| points::points(own, &places, now, &mut people, &mut place_chance))
        .collect();
    let mut calls: Vec<_> = Calls::new(
        &mut people,
        &villages,
        &need_kinds,
        (extent.wave, extent.acted),
        now,
        chance(3),
    )
    .hitting(own_village)
    .collect();
    let fates = fate::decide(&mut calls, villages.len(), own_village, now, &mut chance(4));
    let story = Story {
        calls: &calls,
        fates: &fates,
        villages: &villages,
        points: &points,
        now,
    };
    let mut events = plan::events(&calls, &fates, now, &mut chance(5));
    events.extend(besides(&story, enlisted.len(), &mut chance(9)));
    let has_rounds = extent.loaded == 0;
    if has_rounds {
        events.extend(rounds::hours(now));
    }
    events.sort_by_key(|event| event.at);

    let cast = Cast::new(users, own);
    let ids = SeededIds(seed ^ 0x6A69_7461_7361);
    let mut stage = Stage::new(story, cast, ids, chance(6));
    let incident_id = open(store, &mut stage, &enlisted)?;
    stage.cast.headmen = cast::headmen(store, &stage, &enlisted, users, own)?;
    if extent.loaded > 0 {
        // Before the acts, so that the numbers of the acts go on from these.
        let mut bulk = Bulk {
            office_code: own.code.clone(),
            incident_id,
            clerk_id: stage.cast.clerk.id,
            now,
            digits: (extent.acted + extent.loaded).to_string().len().max(5),
            ids: SeededIds(seed ^ 0x6275_6C6B),
            chance: chance(7),
            serials: BTreeMap::new(),
        };
        let more = Calls::new(
            &mut people,
            &villages,
            &need_kinds,
            (extent.wave, extent.loaded),
            now,
            chance(8),
        );
        store.load_practice(more.map(|call| bulk.records(call)))?;
    }
    perform(store, &mut stage, &events)?;
    store.acts(|acts| {
        stage.keep_time(acts)?;
        if !has_rounds {
            stage.see_older(acts, now.plus_ms(-SEEN_AFTER_MS))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// What happened besides the calls: places were rung, volunteers told of themselves.
fn besides(story: &Story, volunteers: usize, chance: &mut Chance) -> Vec<Event> {
    let points = story
        .points
        .iter()
        .enumerate()
        .map(|(subject, point)| Event {
            at: point.confirmed_at.unwrap_or(story.now),
            subject,
            step: Step::SavePoint,
        });
    let heard = (0..volunteers).filter_map(|subject| {
        let ago_ms = chance.between(HOUR_MS, (DAYS - 1) * DAY_MS);
        chance.percent(HEARD_PERCENT).then_some(Event {
            at: story.now.plus_ms(-ago_ms),
            subject,
            step: Step::HearFrom,
        })
    });
    points.chain(heard).collect()
}

/// The first day: the flood has a name, the villages and the register are there. Answers the incident.
fn open(store: &Store, stage: &mut Stage, enlisted: &[Enlisted]) -> Result<Option<Uuid>, ApiError> {
    let (villages, now) = (stage.story.villages, stage.story.now);
    let begin = now.plus_ms(-DAYS * DAY_MS);
    let incident = store.acts(|acts| {
        let incident = stage.clerk_does(acts, begin, flood(begin, now))?;
        for village in villages {
            stage.clerk_does(acts, begin, known(village))?;
        }
        for (index, one) in enlisted.iter().enumerate() {
            let seconds = i64::try_from(index).unwrap_or(0);
            stage.enlist(acts, begin.plus_ms(seconds * 1_000), one)?;
        }
        let enlisted_at = begin.plus_ms(i64::try_from(enlisted.len()).unwrap_or(0) * 1_000);
        let subdistrict = villages.first().map_or("", Village::subdistrict);
        for (name, members) in volunteers::teams(enlisted, subdistrict) {
            stage.team_up(acts, enlisted_at, name, &members)?;
        }
        Ok(incident)
    })?;
    Ok(incident)
}

/// Carries the events out, many in a transaction.
fn perform(store: &Store, stage: &mut Stage, events: &[Event]) -> Result<(), ApiError> {
    let now = stage.story.now;
    let ends = events.iter().skip(1).map(|next| next.at).chain([now]);
    let mut events = events.iter().zip(ends).peekable();
    while events.peek().is_some() {
        store.acts(|acts| {
            let mut together = events.by_ref().take(ACTS_A_TRANSACTION);
            together.try_for_each(|(event, until)| stage.perform(acts, event, until))
        })?;
    }
    Ok(())
}

fn flood(begin: Timestamp, now: Timestamp) -> Action {
    let year = i32::from(now.date().year()) + 543;
    Action::SaveIncident(Incident {
        name: format!("น้ำท่วมสมมุติ พ.ศ. {year} (ฝึกหัด)"),
        kind: IncidentKind::Flood,
        started_on: Some(begin.date()),
        ..Incident::default()
    })
}

fn known(village: &Village) -> Action {
    Action::SaveVillage(NewVillage {
        code: village.code.into(),
        name: village.name.into(),
        lat: Some(village.at.lat),
        lon: Some(village.at.lon),
    })
}
