//! The picture in the words of matching: needs as wants, people as hands with what they have to do at this moment.

use std::collections::{BTreeSet, HashMap, HashSet};

use jitasa_domain::{
    Assignment, AssignmentState, Availability, Kind, Timestamp, Vetting, Volunteer, hours,
    patch::Patch as StatedPatch,
};
use jitasa_matching::{Hand, Houses, Patch, Place, Told, Want};
use jitasa_store::query::hands::{Given, WantLine};
use jitasa_thai::houses::HouseNo;
use uuid::Uuid;

use super::{Load, Picture};

impl Picture {
    /// What everybody has to do.
    pub(crate) fn loads(&self) -> HashMap<Uuid, Load> {
        let mut loads: HashMap<Uuid, Load> = HashMap::new();
        let mut visits = BTreeSet::new();
        for each in self
            .given
            .values()
            .flatten()
            .filter(|each| each.state.is_active())
        {
            let visit = each.visit_id.unwrap_or(each.id);
            for goes in each.who_go() {
                let load = loads.entry(goes).or_default();
                load.assignments += 1;
                load.visits += u32::from(visits.insert((goes, visit)));
            }
        }
        loads
    }

    /// Everybody as matching sees him, for one need at a time.
    pub(crate) fn hands(&self, now: Timestamp) -> Vec<Hand> {
        let loads = self.loads();
        let of = |id: &Uuid| loads.get(id).copied().unwrap_or_default();
        self.hands_with(now, |id, hand| hand.open_tasks = of(id).visits)
    }

    /// Everybody as the plan over these needs sees him at a moment: what it is told of them is counted there, need by
    /// need, so that a visit to several gives him room for the others.
    fn hands_for_plan(&self, at: Timestamp, wants: &[Want]) -> Vec<Hand> {
        let loads = self.loads();
        let planned: HashSet<u128> = wants.iter().map(|want| want.id).collect();
        let mut of_wants: HashMap<Uuid, u32> = HashMap::new();
        for each in self.given.values().flatten() {
            if each.state.is_active() && planned.contains(&each.need_id.as_u128()) {
                for goes in each.who_go() {
                    *of_wants.entry(goes).or_default() += 1;
                }
            }
        }
        self.hands_with(at, |id, hand| {
            let load = loads.get(id).copied().unwrap_or_default();
            let of_wants = of_wants.get(id).copied().unwrap_or_default();
            hand.open_tasks = load.assignments.saturating_sub(of_wants);
            hand.max_open_tasks += load.shared();
        })
    }

    fn hands_with(&self, now: Timestamp, load: impl Fn(&Uuid, &mut Hand)) -> Vec<Hand> {
        let today = now.date();
        self.people
            .iter()
            .filter(|(_, each)| {
                self.weights.require_vetted || each.volunteer.vetting != Vetting::Refused
            })
            .map(|(id, each)| {
                let volunteer = &each.volunteer;
                let mut hand = each.hand.clone();
                hand.available = volunteer.availability_on(today) == Availability::Available
                    && hours::is_open(&volunteer.hours, now);
                load(id, &mut hand);
                hand
            })
            .collect()
    }

    /// A need as matching sees it. Whoever is asked or at work is `Held` where `firm`, so that nobody is suggested
    /// for what he has.
    pub(crate) fn want(&self, line: &WantLine, now: Timestamp, firm: bool) -> Want {
        let helpful = self.helpful.get(&line.kind).cloned().unwrap_or_default();
        let (passengers, lying) = taken_along(line, &helpful);
        let mut want = Want {
            id: line.need_id.as_u128(),
            kind: line.kind.clone(),
            area_code: line.area_code.clone(),
            house: self.house(line),
            at: place(line.lat, line.lon),
            urgency_rank: line.urgency as u8,
            waiting_min: minutes(line.waiting_since, now),
            hands: u8::try_from(line.hands).unwrap_or(u8::MAX),
            helpful,
            passengers,
            lying,
            known_by: self
                .known_by
                .get(&line.case_id)
                .cloned()
                .unwrap_or_default(),
            going: self.going_to(line),
            ..Want::default()
        };
        for each in self.given_to(line) {
            let volunteer = each.volunteer_id.as_u128();
            if was_silent(each) {
                want.silent.push(volunteer);
            }
            match told(each, firm || self.stays(each, now)) {
                Some(told) => {
                    let all = each.who_go().map(|id| (id.as_u128(), told));
                    want.told.extend(all);
                }
                // They have done their part: so many hands less are wanted, and not theirs.
                None if is_on(line, each) => {
                    for goes in each.who_go() {
                        want.hands = want.hands.saturating_sub(1).max(1);
                        want.barred.push(goes.as_u128());
                    }
                }
                None if is_barred(each) => want.barred.push(volunteer),
                None => {}
            }
        }
        want
    }

    /// Whether a plan is to leave an offer as it is: it waits for an answer while he is not asked anything new (his
    /// hours are over, not his readiness), a team goes, or it is part of a visit to several needs.
    fn stays(&self, given: &Given, now: Timestamp) -> bool {
        let is_shared = || {
            given.visit_id.is_some_and(|visit| {
                let all = self.given.values().flatten();
                let of_visit = all.filter(|each| each.visit_id == Some(visit));
                of_visit.filter(|each| each.state.is_active()).count() > 1
            })
        };
        let is_off = || {
            self.people.get(&given.volunteer_id).is_some_and(|each| {
                let volunteer = &each.volunteer;
                volunteer.availability_on(now.date()) == Availability::Available
                    && !hours::is_open(&volunteer.hours, now)
            })
        };
        !given.companions.is_empty()
            || given.state == AssignmentState::Offered && is_off()
            || is_shared()
    }

    /// Who goes to the household for another need of the case.
    fn going_to(&self, line: &WantLine) -> Vec<u128> {
        let of_case = self.given.get(&line.case_id).into_iter().flatten();
        let others = of_case.filter(|each| each.need_id != line.need_id);
        let mut going: Vec<u128> = others
            .filter(|each| each.state.is_active() && each.state != AssignmentState::Proposed)
            .flat_map(Given::who_go)
            .map(|id| id.as_u128())
            .collect();
        going.sort_unstable();
        going.dedup();
        going
    }

    /// A house as matching compares it. `15/2` was built beside 15 and belongs to whoever has 15, unless somebody
    /// has it by itself.
    fn house(&self, line: &WantLine) -> String {
        let Some(house) = HouseNo::read(&line.house_no) else {
            return String::new();
        };
        let own = (line.area_code.clone(), house.to_string());
        if self.counted_out.contains(&own) {
            own.1
        } else {
            house.number.to_string()
        }
    }

    /// The plan over these needs, as changed by the request, with those who can come at a moment.
    pub(crate) fn plan(&mut self, at: Timestamp, wants: &[Want]) -> jitasa_matching::Plan {
        let hands = self.hands_for_plan(at, wants);
        let weights = self.weights;
        self.planner.update(wants, &hands, &weights);
        self.planner.plan()
    }
}

fn told(given: &Given, firm: bool) -> Option<Told> {
    use jitasa_domain::AssignmentState as S;
    match given.state {
        state if !state.is_active() => None,
        _ if firm || given.pinned => Some(Told::Held),
        S::Proposed => Some(Told::Proposed),
        S::Offered => Some(Told::Offered),
        _ => Some(Told::Held),
    }
}

/// Whether he was asked for the need and nothing was heard of him.
fn was_silent(given: &Given) -> bool {
    use jitasa_domain::AssignmentState as S;
    let no_answer = || given.reason.as_deref() == Some("no_answer");
    given.state == S::Expired || matches!(given.state, S::Revoked | S::Reassigned) && no_answer()
}

/// Whether he is not to be given the need again.
pub(crate) const fn is_barred(given: &Given) -> bool {
    Assignment::bars(given.state, given.set_aside)
}

pub(super) fn is_on(line: &WantLine, given: &Given) -> bool {
    use jitasa_domain::NeedState as N;
    let others_at_it = matches!(line.state, N::Assigned | N::InProgress);
    given.state.is_active()
        || others_at_it && given.state.is_finished() && given.state_since >= line.state_since
}

fn minutes(since: Timestamp, now: Timestamp) -> u32 {
    u32::try_from(crate::triage::minutes(since, now)).unwrap_or(u32::MAX)
}

fn place(lat: Option<f64>, lon: Option<f64>) -> Option<Place> {
    let (lat, lon) = lat.zip(lon)?;
    Some(Place { lat, lon })
}

/// How many people a need wants taken along, and whether one of them lies. What wants a vehicle and a stretcher takes
/// people along, whatever an office calls it.
fn taken_along(line: &WantLine, helpful: &[String]) -> (u8, bool) {
    let wants = |code: &str| helpful.iter().any(|each| each == code);
    if !wants("vehicle") || !wants("stretcher") {
        return (0, false);
    }
    let lying = line.vulnerable.iter().any(|code| code == "bedridden");
    (
        u8::try_from(line.people_count.max(1)).unwrap_or(u8::MAX),
        lying,
    )
}

pub(super) fn hand_of(volunteer: &Volunteer, kinds: &[Kind], villages: &[String]) -> Hand {
    let vehicle = volunteer.vehicle.is_some() || volunteer.vehicle_seats.is_some();
    let equipment = volunteer.equipment.iter().chain(&volunteer.vehicle_carries);
    Hand {
        id: volunteer.id.as_u128(),
        skills: volunteer.serves(kinds),
        patch: volunteer
            .patch
            .iter()
            .flat_map(|each| patches(each, villages))
            .collect(),
        area_code: volunteer.area_code.clone(),
        at: place(volunteer.lat, volunteer.lon),
        reach: volunteer.sent_to(),
        equipment: equipment.cloned().collect(),
        vehicle,
        seats: match volunteer.vehicle_seats {
            Some(seats) => Some(u8::try_from(seats).unwrap_or(u8::MAX)),
            None => (!vehicle).then_some(0),
        },
        open_tasks: 0,
        max_open_tasks: volunteer.max_open_tasks,
        available: true,
        vetted: volunteer.vetting == Vetting::Vetted,
    }
}

/// A patch as matching takes it: villages one by one, houses as runs and numbers with a stroke.
fn patches(stated: &str, villages: &[String]) -> Vec<Patch> {
    let Ok(stated) = StatedPatch::parse(stated) else {
        return Vec::new();
    };
    let Some(houses) = stated.houses else {
        let within = villages
            .iter()
            .filter(|code| code.starts_with(&stated.area));
        let whole = |village: &String| Patch {
            village: village.clone(),
            houses: None,
        };
        return match stated.area.len() {
            8 => vec![whole(&stated.area)],
            _ => within.map(whole).collect(),
        };
    };
    let written = houses.to_string();
    let (mut runs, mut odd) = (Vec::new(), Vec::new());
    for piece in written.split(',') {
        let (from, to) = piece.split_once('-').unwrap_or((piece, piece));
        match (from.parse(), to.parse()) {
            (Ok(from), Ok(to)) => runs.push((from, to)),
            _ => odd.push(piece),
        }
    }
    vec![Patch {
        village: stated.area,
        houses: Some(Houses::new(&runs, &odd)),
    }]
}

/// Numbers with a stroke that somebody counted out by themselves: village and number.
pub(super) fn counted_out(volunteer: &Volunteer) -> impl Iterator<Item = (String, String)> {
    let stated = volunteer
        .patch
        .iter()
        .filter_map(|each| StatedPatch::parse(each).ok());
    stated.flat_map(|patch| {
        let houses = patch
            .houses
            .map(|houses| houses.to_string())
            .unwrap_or_default();
        let odd = houses
            .split(',')
            .filter(|piece| piece.contains('/') && !piece.contains('-'));
        odd.map(|piece| (patch.area.clone(), piece.to_string()))
            .collect::<Vec<_>>()
    })
}
