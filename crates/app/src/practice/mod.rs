//! A made-up office to practise on: believable, marked as practice, the same for the same seed and
//! moment. It is made of acts, so that it has history, outbox and undo like any office; only what is
//! too much for acts is loaded as rows. It must not know the wire or the screens.

mod bulk;
mod calls;
mod chance;
mod fate;
mod ground;
mod hands;
mod outfit;
mod people;
mod perform;
mod plan;
mod points;
mod said;
#[cfg(test)]
mod tests;
mod volunteers;
mod words;

use std::collections::BTreeMap;

use jitasa_domain::{
    Actor, Incident, IncidentKind, Kind, KindList, Office, Role, Timestamp, care,
    gazetteer::Gazetteer,
    ids::{SeededIds, area_id},
};
use jitasa_store::{
    Action, DeskUser, Store,
    act::NewVillage,
    desk::reading,
    query::{escalations, office},
};

use self::{
    bulk::Bulk,
    calls::{Call, Calls, DAY_MS, DAYS, HOUR_MS},
    chance::Chance,
    ground::Village,
    people::People,
    perform::Stage,
    plan::{Event, Step},
    words::Words,
};
use crate::ApiError;

/// The headman who sits at the practice desk answers for this village.
const HEADMANS_VILLAGE: &str = "45090505";
/// The office that calls are passed to.
const REFERRAL_OFFICE: &str = "450909";
/// The supervisor looks at what came to him within so long, and at so many cases in one go.
const SEEN_AFTER_MS: i64 = 20 * HOUR_MS;
const SEEN_AT_ONCE: u32 = 2_000;
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
                acted: 420,
                loaded: 0,
                volunteers: 140,
            },
            Self::Amphoe => Extent {
                acted: 4_000,
                loaded: 0,
                volunteers: 1_170,
            },
            Self::Province => Extent {
                acted: 2_000,
                loaded: 18_000,
                volunteers: 1_170,
            },
            Self::Million => Extent {
                acted: 2_000,
                loaded: 998_000,
                volunteers: 1_170,
            },
            Self::Cases(cases) => {
                let acted = if cases < 2_000 { cases } else { 2_000 };
                Extent {
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
    let begin = now.plus_ms(-DAYS * DAY_MS);
    let villages = ground::lay_out(&own.code, seed);
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
    let mut calls: Vec<Call> = Calls::new(
        &mut people,
        &villages,
        &need_kinds,
        extent.acted,
        now,
        chance(3),
    )
    .collect();
    let fates = fate::decide(&mut calls, villages.len(), now, &mut chance(4));
    let mut events = plan::events(&calls, &fates, now, &mut chance(5));
    events.extend(points.iter().enumerate().map(|(subject, point)| Event {
        at: point.confirmed_at.unwrap_or(now),
        subject,
        step: Step::SavePoint,
    }));
    let mut heard_chance = chance(9);
    events.extend((0..enlisted.len()).filter_map(|subject| {
        let ago_ms = heard_chance.between(HOUR_MS, (DAYS - 1) * DAY_MS);
        heard_chance.percent(55).then_some(Event {
            at: now.plus_ms(-ago_ms),
            subject,
            step: Step::HearFrom,
        })
    }));
    events.sort_by_key(|event| event.at);

    let clerk = actor_of(users, own, Role::Clerk);
    let headmen = villages
        .iter()
        .map(|village| headman_of(village, users, own))
        .collect();
    let clerk_id = clerk.id;
    let mut stage = Stage::new(
        &calls,
        &villages,
        &points,
        clerk,
        headmen,
        REFERRAL_OFFICE,
        SeededIds(seed ^ 0x6A69_7461_7361),
        chance(6),
    );
    let incident_id = store.acts(|acts| {
        let incident = stage.clerk_does(acts, begin, flood(begin, now))?;
        for village in &villages {
            stage.clerk_does(acts, begin, known(village))?;
        }
        for (index, one) in enlisted.iter().enumerate() {
            let seconds = i64::try_from(index).unwrap_or(0);
            stage.enlist(acts, begin.plus_ms(seconds * 1_000), one)?;
        }
        let enlisted_at = begin.plus_ms(i64::try_from(enlisted.len()).unwrap_or(0) * 1_000);
        let subdistrict = villages.first().map_or("", Village::subdistrict);
        for (name, members) in volunteers::teams(&enlisted, subdistrict) {
            stage.team_up(acts, enlisted_at, name, &members)?;
        }
        Ok(incident)
    })?;
    if extent.loaded > 0 {
        // Before the acts, so that the numbers of the acts go on from these.
        let mut bulk = Bulk {
            office_code: own.code.clone(),
            incident_id,
            clerk_id,
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
            extent.loaded,
            now,
            chance(8),
        );
        store.load_practice(more.map(|call| bulk.records(call)))?;
    }
    for events in events.chunks(ACTS_A_TRANSACTION) {
        store.acts(|acts| {
            events
                .iter()
                .try_for_each(|event| stage.perform(acts, event))
        })?;
    }
    keep_time(store, own, users, now, seed)
}

/// What the clock brought about in those days; the supervisor has seen all but the latest of it.
fn keep_time(
    store: &Store,
    own: &Office,
    users: &[DeskUser],
    now: Timestamp,
    seed: u64,
) -> Result<(), ApiError> {
    let timekeeper = Actor::timekeeper(&own.code);
    let supervisor = actor_of(users, own, Role::Supervisor);
    let mut ids = SeededIds(seed ^ 0x7469_6D65);
    store.acts(|acts| {
        for action in [Action::ExpireOffers, Action::EscalateCases] {
            acts.act(&timekeeper, now, &mut ids, action)?;
        }
        let told = escalations::taken_further(acts.conn(), &own.code, None, SEEN_AT_ONCE)?;
        for line in told {
            let case = line.case;
            if care::may_take_note(&own.code, case.escalation)
                && case
                    .escalated_at
                    .is_some_and(|at| at < now.plus_ms(-SEEN_AFTER_MS))
            {
                let seen = Action::SeeEscalations {
                    case_ids: vec![case.id],
                    note: None,
                };
                acts.act(&supervisor, now, &mut ids, seen)?;
            }
        }
        Ok(())
    })?;
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

fn actor_of(users: &[DeskUser], own: &Office, role: Role) -> Actor {
    let user = users.iter().find(|user| user.role == role);
    Actor {
        id: user.map(|user| user.id).unwrap_or_default(),
        name: user.map(|user| user.name.clone()).unwrap_or_default(),
        role,
        office_code: own.code.clone(),
        villages: user.map(|user| user.villages.clone()).unwrap_or_default(),
        volunteer_id: None,
    }
}

/// The desk's headman for his village; for another, one who does not sit at this desk.
fn headman_of(village: &Village, users: &[DeskUser], own: &Office) -> Actor {
    let at_desk = actor_of(users, own, Role::Headman);
    if at_desk.villages.iter().any(|code| code == village.code) {
        return at_desk;
    }
    let subdistrict = Gazetteer::bundled().get(village.subdistrict());
    let name = match subdistrict.filter(|_| own.code.len() == 4) {
        Some(place) => format!("ผญบ. ม.{} ต.{}", village.moo(), place.name_th),
        None => format!("ผญบ. ม.{}", village.moo()),
    };
    Actor {
        // Made from the village's id, so that he is the same person on every practice desk.
        id: uuid::Uuid::new_v5(&area_id(village.code), b"headman"),
        name,
        villages: vec![village.code.into()],
        ..at_desk
    }
}
