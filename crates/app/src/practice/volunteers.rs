//! The made-up register: health volunteers of each village, its headman, the subdistrict's kamnan,
//! and some of every other kind; who answers for which houses, who is on leave, who goes together.
//! It must not know what they are asked to do.

use jiff::{ToSpan, civil::Date};
use jitasa_domain::{
    Availability, Kind, Reach, Timestamp, Vetting, Volunteer, full_name, patch::Patch,
};
use jitasa_map::LatLon;
use jitasa_store::act::VolunteerFields;
use jitasa_thai::houses::{HouseNo, Houses};

use super::{
    chance::{Chance, Deck},
    ground::{HOUSES, Village},
    outfit,
    people::People,
    words::Generation,
};

/// Volunteers of a subdistrict that belong to no village in particular.
const OTHERS: [(&str, usize); 8] = [
    ("civil_defence", 6),
    ("student", 5),
    ("lao_officer", 4),
    ("community_leader", 4),
    ("women_fund", 4),
    ("waste_volunteer", 3),
    ("cd_leader", 2),
    ("other", 2),
];

/// Registers that people stand on besides their first.
const SECOND_KINDS: [(&str, &[&str]); 5] = [
    ("vhv", &["women_fund", "waste_volunteer", "cd_leader"]),
    ("civil_defence", &["waste_volunteer", "community_leader"]),
    ("community_leader", &["civil_defence", "waste_volunteer"]),
    ("women_fund", &["vhv", "waste_volunteer"]),
    ("cd_leader", &["vhv", "community_leader"]),
];

/// What somebody can do whose kind cannot.
const BESIDES: [&str; 4] = ["transport", "food_water", "repair", "medicine"];

const REMARKS: [&str; 4] = [
    "ขับเรือได้",
    "ไม่รับสายช่วงเพล",
    "ยืมรถกระบะของวัดได้",
    "พูดภาษาถิ่นได้ดี",
];

/// A volunteer and where he is at home.
#[derive(Debug, Clone)]
pub(super) struct Enlisted {
    pub(super) fields: VolunteerFields,
    /// Name and first kind, as people say them.
    pub(super) label: String,
    /// Kinds of need he can serve.
    pub(super) serves: Vec<String>,
    pub(super) home: usize,
    pub(super) at: LatLon,
}

impl Enlisted {
    /// The register he stands on first.
    fn kind(&self) -> &str {
        self.fields.kinds.first().map_or("other", String::as_str)
    }

    /// Whether he is the headman of the village he lives in; the kamnan is one of them.
    pub(super) fn is_headman(&self) -> bool {
        matches!(self.kind(), "kamnan" | "village_head")
    }

    /// As it stands in the register.
    pub(super) fn full_name(&self) -> String {
        let fields = &self.fields;
        full_name(&fields.title, &fields.given_name, &fields.family_name)
    }
}

/// About `total` volunteers: what the headmen and the others leave is spread over the villages as
/// health volunteers.
pub(super) fn enlist(
    villages: &[Village],
    kinds: &[Kind],
    total: usize,
    now: Timestamp,
    people: &mut People,
    chance: &mut Chance,
) -> Vec<Enlisted> {
    let mut roll: Vec<(usize, Vec<&str>)> = Vec::new();
    let mut first_of: Vec<usize> = Vec::new();
    for (index, village) in villages.iter().enumerate() {
        let opens = first_of
            .last()
            .is_none_or(|first| villages[*first].subdistrict() != village.subdistrict());
        if opens {
            first_of.push(index);
        }
    }
    for (turn, first) in first_of.iter().enumerate() {
        let end = first_of.get(turn + 1).copied().unwrap_or(villages.len());
        // The kamnan is one of the headmen and stays headman of his village.
        let kamnan = first + chance.below(end - first);
        for village in *first..end {
            let head = if village == kamnan {
                vec!["kamnan", "village_head"]
            } else {
                vec!["village_head"]
            };
            roll.push((village, head));
        }
        for (kind, count) in OTHERS {
            for _ in 0..count {
                roll.push((first + chance.below(end - first), vec![kind]));
            }
        }
    }
    for turn in 0..total.saturating_sub(roll.len()) {
        roll.push((turn % villages.len(), vec!["vhv"]));
    }
    let mut availability = Deck::new(
        chance,
        &[
            [Availability::Available; 28].as_slice(),
            &[Availability::OnLeave; 3],
            &[Availability::Left],
        ]
        .concat(),
    );
    let mut vetting = Deck::new(
        chance,
        &[
            [Vetting::Vetted; 46].as_slice(),
            &[Vetting::Unvetted; 3],
            &[Vetting::Refused],
        ]
        .concat(),
    );
    let today = now.date();
    let mut enlisted: Vec<Enlisted> = Vec::with_capacity(roll.len());
    for (home, codes) in roll {
        let (held, looked_at) = (availability.deal(), vetting.deal());
        let mut one = enlisted_at(&villages[home], home, codes, kinds, today, people, chance);
        // A village always has its headman.
        if one.is_headman() {
            one.fields.vetting = Vetting::Vetted;
        } else {
            one.fields.vetting = looked_at;
            one.fields.availability = held;
        }
        if one.fields.availability == Availability::OnLeave {
            (one.fields.away_from, one.fields.away_until) = leave(today, chance);
        }
        enlisted.push(one);
    }
    count_out(villages, &mut enlisted, chance);
    enlisted
}

/// A leave that is under way, or over and not yet written off; some without a known end.
fn leave(today: Date, chance: &mut Chance) -> (Option<Date>, Option<Date>) {
    let days = |days: i64| Some(today.saturating_add(days.days()));
    match chance.below(4) {
        0 => (days(-chance.between(6, 9)), days(-chance.between(1, 4))),
        1 => (days(-chance.between(2, 20)), None),
        _ => (days(-chance.between(0, 6)), days(chance.between(1, 12))),
    }
}

/// Deals the houses of each village to its health volunteers in order, so that every house has one.
fn count_out(villages: &[Village], enlisted: &mut [Enlisted], chance: &mut Chance) {
    let mut of_village: Vec<Vec<usize>> = vec![Vec::new(); villages.len()];
    for (index, one) in enlisted.iter().enumerate() {
        if one.kind() == "vhv" {
            of_village[one.home].push(index);
        }
    }
    for (village, own) in villages.iter().zip(&of_village) {
        let last_of = |turn: usize| u32::try_from(HOUSES * turn / own.len()).unwrap_or(0);
        // A house across the lane goes to the one before, now and then: 1-10, 12 and 11, 13-20.
        let mut lent = None;
        for (turn, index) in own.iter().enumerate() {
            let (first, last) = (last_of(turn) + 1, last_of(turn + 1));
            let mut single: Vec<HouseNo> = Vec::new();
            let mut runs = vec![(first, last)];
            if let Some(lent) = lent.take() {
                runs = vec![(first, lent - 1), (lent + 1, last)];
            }
            let house_no = chance
                .between(i64::from(first), i64::from(last))
                .to_string();
            if turn + 1 < own.len() && last_of(turn + 2) > last + 3 && chance.percent(30) {
                lent = Some(last + 2);
                single.push(HouseNo::plain(last + 2));
            }
            let patch = Patch {
                area: village.code.into(),
                houses: Some(Houses::new(&runs, &single)),
            };
            let fields = &mut enlisted[*index].fields;
            (fields.patch, fields.house_no) = (vec![patch.to_string()], house_no);
        }
    }
}

/// Teams of the office: name, leader first, members by their place on the roll.
pub(super) fn teams(enlisted: &[Enlisted], subdistrict: &str) -> Vec<(&'static str, Vec<usize>)> {
    let of = |kind: &str, count: usize| {
        let found = enlisted.iter().enumerate().filter(|(_, one)| {
            one.kind() == kind
                && one.fields.vetting == Vetting::Vetted
                && one.fields.availability != Availability::Left
                && one.fields.area_code.starts_with(subdistrict)
        });
        found
            .map(|(index, _)| index)
            .take(count)
            .collect::<Vec<_>>()
    };
    [
        ("ชุดกู้ชีพ", of("civil_defence", 5)),
        ("ชุดเยี่ยมผู้ป่วยติดเตียง", of("vhv", 4)),
        ("ครัวสนาม", of("women_fund", 4)),
    ]
    .into_iter()
    .filter(|(_, members)| members.len() > 1)
    .collect()
}

fn enlisted_at(
    village: &Village,
    home: usize,
    mut codes: Vec<&'static str>,
    kinds: &[Kind],
    today: Date,
    people: &mut People,
    chance: &mut Chance,
) -> Enlisted {
    let first = codes.first().copied().unwrap_or("other");
    let more = SECOND_KINDS.iter().find(|(kind, _)| *kind == first);
    if let Some((_, more)) = more.filter(|_| chance.percent(22)) {
        codes.push(chance.pick(more));
    }
    let (generation, women_percent) = match first {
        "student" => (Generation::Young, 55),
        "vhv" => (middle_or_old(35, chance), 82),
        "women_fund" => (middle_or_old(40, chance), 100),
        "kamnan" | "village_head" => (middle_or_old(45, chance), 16),
        "civil_defence" => (Generation::Middle, 10),
        _ => (middle_or_old(25, chance), 45),
    };
    let name = people.name(generation, women_percent, chance);
    // Most can what their kinds can; some have learnt something besides.
    let more = chance
        .percent(15)
        .then(|| chance.pick(&BESIDES).to_string());
    let one = Volunteer {
        kinds: codes.iter().map(ToString::to_string).collect(),
        skills: more.into_iter().collect(),
        ..Volunteer::default()
    };
    let serves = one.serves(kinds);
    let at = village.house(chance);
    let said = kinds
        .iter()
        .find(|kind| kind.code == first)
        .map_or(first, |kind| kind.th.as_str());
    let has_patch = matches!(first, "kamnan" | "village_head" | "community_leader");
    let vehicle = outfit::vehicle_of(first, chance);
    let (hours, said_of_hours) = outfit::hours_of(first, chance);
    let note = match said_of_hours {
        "" if chance.percent(12) => chance.pick(&REMARKS),
        said => said,
    };
    Enlisted {
        label: format!("{}{} {} ({said})", name.title, name.given, name.family),
        fields: VolunteerFields {
            title: name.title.into(),
            given_name: name.given.into(),
            family_name: name.family.into(),
            phone: (first == "vhv" || chance.percent(92)).then(|| people.phone()),
            kinds: one.kinds,
            skills: one.skills,
            equipment: outfit::equipment_of(first, vehicle, chance),
            vehicle: vehicle.map(|vehicle| vehicle.name.into()),
            vehicle_seats: vehicle.map(|vehicle| vehicle.seats),
            vehicle_carries: vehicle
                .map(|vehicle| vehicle.carries.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
            area_code: village.code.into(),
            house_no: chance.between(1, 331).to_string(),
            lat: Some(at.lat),
            lon: Some(at.lon),
            patch: if has_patch {
                vec![village.code.into()]
            } else {
                Vec::new()
            },
            max_open_tasks: if first == "civil_defence" { 5 } else { 3 },
            reach: reach_of(first),
            hours,
            training: outfit::trainings_of(first, today, chance),
            note: note.into(),
            ..VolunteerFields::default()
        },
        serves,
        home,
        at,
    }
}

/// How far the office sends one of a kind.
fn reach_of(kind: &str) -> Reach {
    match kind {
        "civil_defence" | "student" | "lao_officer" => Reach::Office,
        "community_leader" => Reach::Village,
        _ => Reach::Subdistrict,
    }
}

fn middle_or_old(old_percent: usize, chance: &mut Chance) -> Generation {
    if chance.percent(old_percent) {
        Generation::Old
    } else {
        Generation::Middle
    }
}
