//! Made-up calls for help over thirty days: quiet, then a flood. One after another in time, so that a
//! million of them never lie in memory together. It must not know what the office does about them.

use jitasa_domain::{Channel, PlaceSource, Timestamp, Urgency};
use jitasa_map::LatLon;
use jitasa_store::act::{CaseFields, NewNeed, PersonFields};

use super::{
    chance::Chance,
    ground::{HOUSES, Village},
    people::People,
    said,
    wave::{JUST_NOW_MIN, Wave},
    words::Generation,
};

pub(super) const MINUTE_MS: i64 = 60_000;
pub(super) const HOUR_MS: i64 = 60 * MINUTE_MS;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;
/// How many days an office has worked.
pub(super) const DAYS: i64 = 30;

/// The village that was hit hardest calls so many times as often as it otherwise would.
const HARDEST_HIT: u32 = 3;

/// How often each kind of need is asked for in a flood; a kind the office added is rare.
const COMMON: [(&str, u32); 13] = [
    ("food_water", 24),
    ("supplies", 20),
    ("medicine", 13),
    ("medical", 11),
    ("transport", 9),
    ("shelter", 8),
    ("repair", 8),
    ("other", 4),
    ("vaccine", 2),
    ("test", 2),
    ("oxygen", 2),
    ("bed", 2),
    ("funeral", 1),
];

/// Kinds that do not wait as long as others.
const PRESSING: [&str; 4] = ["medical", "oxygen", "transport", "shelter"];

/// A call for help, as the clerk keyed it.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) entered_at: Timestamp,
    /// Its place in the list of villages; absent when the caller's village is not known.
    pub(super) village: Option<usize>,
    /// The same household as the village's call before it.
    pub(super) repeated: bool,
    pub(super) person: PersonFields,
    pub(super) fields: CaseFields,
    pub(super) needs: Vec<NewNeed>,
}

impl Call {
    /// Whether it may be a matter of life.
    pub(super) fn is_grave(&self) -> bool {
        is_grave(&self.needs)
    }
}

fn is_grave(needs: &[NewNeed]) -> bool {
    let said = |note: &str| said::GRAVE.iter().any(|sign| note.contains(sign));
    needs.iter().any(|need| said(&need.detail))
}

/// A household that called.
#[derive(Debug, Clone)]
struct Household {
    person: PersonFields,
    generation: Generation,
    house_no: String,
    at: LatLon,
    people: u32,
}

/// The calls, earliest first.
#[derive(Debug)]
pub(super) struct Calls<'a> {
    people: &'a mut People,
    villages: &'a [Village],
    weights: Vec<u32>,
    kinds: &'a [String],
    notes: Vec<Vec<&'static str>>,
    kind_weights: Vec<u32>,
    chance: Chance,
    now: Timestamp,
    total: usize,
    wave: Wave,
    day: usize,
    /// Moments of the day under way, latest first.
    moments: Vec<i64>,
    made: usize,
    /// How many households of each village have called, and the latest of them.
    homes: Vec<(usize, Option<Household>)>,
}

impl<'a> Calls<'a> {
    /// `total` calls of the thirty days that end `now`.
    pub(super) fn new(
        people: &'a mut People,
        villages: &'a [Village],
        kinds: &'a [String],
        (wave, total): (Wave, usize),
        now: Timestamp,
        chance: Chance,
    ) -> Self {
        let common = |kind: &String| {
            COMMON
                .iter()
                .find(|(code, _)| code == kind)
                .map_or(1, |(_, weight)| *weight)
        };
        Self {
            weights: villages.iter().map(|village| village.weight).collect(),
            notes: kinds
                .iter()
                .map(|kind| people.words().notes(kind))
                .collect(),
            kind_weights: kinds.iter().map(common).collect(),
            homes: vec![(0, None); villages.len()],
            people,
            villages,
            kinds,
            chance,
            now,
            total,
            wave,
            day: 0,
            moments: Vec::new(),
            made: 0,
        }
    }

    /// The same calls, of which more come from the village that was hit hardest.
    pub(super) fn hitting(mut self, hardest: Option<usize>) -> Self {
        if let Some(weight) = hardest.and_then(|village| self.weights.get_mut(village)) {
            *weight *= HARDEST_HIT;
        }
        self
    }

    /// Fills the moments of the next day.
    fn dawn(&mut self) {
        let days = self.wave.days;
        let all: usize = days.iter().sum();
        let until = |day: usize| days[..day].iter().sum::<usize>() * self.total / all;
        let count = until(self.day + 1) - until(self.day);
        let just_now = if self.day + 1 == days.len() {
            count * self.wave.just_now_percent / 100
        } else {
            0
        };
        let days_left = DAYS - i64::try_from(self.day).unwrap_or(0);
        let start = self.now.0 - days_left * DAY_MS;
        let clock = (start + 7 * HOUR_MS).rem_euclid(DAY_MS);
        self.moments = (0..count)
            .map(|turn| {
                if turn < just_now {
                    return self.now.0 - self.chance.between(3, JUST_NOW_MIN) * MINUTE_MS;
                }
                // People call by day: most around noon, few before six or after nine.
                let minute = self.chance.between(0, 150)
                    + self.chance.between(0, 350)
                    + self.chance.between(0, 390)
                    + 360;
                let second = self.chance.between(0, 59);
                let at = minute * MINUTE_MS + second * 1_000;
                start + (at - clock).rem_euclid(DAY_MS)
            })
            .collect();
        self.moments.sort_unstable_by(|a, b| b.cmp(a));
        self.day += 1;
    }

    fn call(&mut self, reported_at: i64) -> Call {
        let number = self.made;
        self.made += 1;
        let village = self.chance.weighted(&self.weights);
        let chance = &mut self.chance;
        let repeated = self.homes[village].1.is_some() && chance.percent(5);
        let home = match &self.homes[village].1 {
            Some(home) if repeated => {
                // The same people call again; nobody asks for the number of their card twice.
                let mut home = home.clone();
                home.person.citizen_id = None;
                home.person.citizen_id_valid = false;
                home
            }
            _ => self.settle(village),
        };
        let needs = self.needs(number);
        let chance = &mut self.chance;
        let mut fields = CaseFields {
            channel: channel(chance),
            reported_at: Timestamp(reported_at),
            house_no: home.house_no.clone(),
            people_count: needs
                .iter()
                .filter_map(|need| said_people(&need.detail))
                .fold(home.people, u32::max),
            vulnerable: vulnerable(&needs, home.generation, chance),
            urgency: urgency(&needs, chance),
            note: if chance.percent(22) {
                chance.pick(&said::REMARKS).into()
            } else {
                String::new()
            },
            ..CaseFields::default()
        };
        let moo = self.villages[village].moo();
        fields.reporter = match fields.channel {
            Channel::Headman => Some(format!("ผู้ใหญ่บ้าน ม.{moo}")),
            Channel::Volunteer => Some(format!("อสม. ม.{moo}")),
            _ if chance.percent(14) => Some(
                chance
                    .pick(&["ลูกสาว", "ลูกชาย", "เพื่อนบ้าน", "หลาน", "ญาติ"])
                    .into(),
            ),
            _ => None,
        };
        let landmarks = &self.people.words().landmarks;
        if chance.percent(35) {
            fields.landmark = chance.pick(landmarks).into();
        }
        let village = self.place(village, &home, &mut fields);
        let delay = self.chance.between(1, 25) * MINUTE_MS;
        Call {
            entered_at: Timestamp((reported_at + delay).min(self.now.0)),
            village,
            repeated,
            person: home.person,
            fields,
            needs,
        }
    }

    /// A household that has not called before.
    fn settle(&mut self, village: usize) -> Household {
        let chance = &mut self.chance;
        let generation = [Generation::Old, Generation::Middle, Generation::Young]
            [chance.weighted(&[45, 40, 15])];
        let (with_id, with_phone) = (chance.percent(42), chance.percent(78));
        let person = self.people.person(generation, with_id, with_phone, chance);
        let count = self.homes[village].0;
        // A prime: house numbers come in no order and never twice.
        let number = (count * 37 + village * 11) % HOUSES + 1;
        let house_no = match count / HOUSES {
            0 if chance.percent(72) => number.to_string(),
            0 => format!("{number}/{}", chance.between(1, 9)),
            more => format!("{number}/{}", more + 9),
        };
        let home = Household {
            person,
            generation,
            house_no,
            at: self.villages[village].house(chance),
            people: [1, 2, 3, 4, 5, 6, 7, 9][chance.weighted(&[12, 22, 20, 19, 14, 8, 4, 1])],
        };
        self.homes[village] = (count + 1, Some(home.clone()));
        home
    }

    fn needs(&mut self, number: usize) -> Vec<NewNeed> {
        let chance = &mut self.chance;
        let wanted = [1, 2, 3][chance.weighted(&[54, 33, 13])];
        let mut chosen: Vec<usize> = Vec::new();
        if number % 20 == 3 {
            // Every kind is asked for now and then, however rare.
            chosen.push(number / 20 % self.kinds.len());
        }
        while chosen.len() < wanted.min(self.kinds.len()) {
            let kind = chance.weighted(&self.kind_weights);
            if !chosen.contains(&kind) {
                chosen.push(kind);
            }
        }
        chosen
            .into_iter()
            .map(|kind| NewNeed {
                kind: self.kinds[kind].clone(),
                detail: chance.pick(&self.notes[kind]).into(),
                ..NewNeed::default()
            })
            .collect()
    }

    /// What is known of the place. Eight in a hundred callers have none yet, and of those some do
    /// not even have a village.
    fn place(
        &mut self,
        village: usize,
        home: &Household,
        fields: &mut CaseFields,
    ) -> Option<usize> {
        let chance = &mut self.chance;
        let ground = &self.villages[village];
        fields.area_code = ground.code.into();
        let (source, at, accuracy_m) = match chance.weighted(&[2, 6, 10, 14, 12, 56]) {
            0 => {
                fields.area_code = ground.subdistrict().into();
                return None;
            }
            1 => return Some(village),
            2 => (PlaceSource::Village, ground.at, 500),
            3 => {
                if fields.landmark.is_empty() {
                    fields.landmark = chance.pick(&self.people.words().landmarks).into();
                }
                (PlaceSource::Landmark, home.at, 150)
            }
            4 => (PlaceSource::Pasted, home.at, 30),
            _ => (PlaceSource::Pin, home.at, 20),
        };
        (fields.lat, fields.lon) = (Some(at.lat), Some(at.lon));
        (fields.place_source, fields.accuracy_m) = (source, Some(accuracy_m));
        Some(village)
    }
}

impl Iterator for Calls<'_> {
    type Item = Call;

    fn next(&mut self) -> Option<Call> {
        while self.moments.is_empty() {
            if self.day >= self.wave.days.len() {
                return None;
            }
            self.dawn();
        }
        let reported_at = self.moments.pop()?;
        Some(self.call(reported_at))
    }
}

fn channel(chance: &mut Chance) -> Channel {
    [
        Channel::Phone,
        Channel::Line,
        Channel::Headman,
        Channel::Volunteer,
        Channel::WalkIn,
        Channel::Other,
    ][chance.weighted(&[38, 24, 14, 12, 9, 3])]
}

/// "มีเด็กเล็ก 2 คน" is about two people at least.
fn said_people(note: &str) -> Option<u32> {
    let before = note
        .split(" คน")
        .next()
        .filter(|before| before.len() < note.len())?;
    before.rsplit(' ').next()?.parse().ok()
}

fn vulnerable(needs: &[NewNeed], generation: Generation, chance: &mut Chance) -> Vec<String> {
    let mut tags: Vec<&str> = said::SIGNS
        .iter()
        .filter(|(sign, _)| needs.iter().any(|need| need.detail.contains(sign)))
        .map(|(_, tag)| *tag)
        .collect();
    match generation {
        Generation::Old => tags.push("elderly"),
        Generation::Middle if chance.percent(18) => tags.push("chronic"),
        Generation::Young if chance.percent(30) => tags.push("infant"),
        Generation::Middle | Generation::Young => {}
    }
    if chance.percent(5) {
        tags.push("disabled");
    }
    let mut once: Vec<String> = Vec::new();
    for tag in tags {
        if !once.iter().any(|known| known == tag) {
            once.push(tag.into());
        }
    }
    once
}

fn urgency(needs: &[NewNeed], chance: &mut Chance) -> Urgency {
    let pressing = needs
        .iter()
        .any(|need| PRESSING.contains(&need.kind.as_str()));
    let weights = match (is_grave(needs), pressing) {
        (true, _) => [6, 40, 36, 18],
        (false, true) => [34, 48, 18, 0],
        (false, false) => [66, 28, 6, 0],
    };
    Urgency::ALL[chance.weighted(&weights)]
}
