//! The made-up register: health volunteers of each village, its headman, the subdistrict's kamnan,
//! and some of every other kind. It must not know what they are asked to do.

use jitasa_domain::{Availability, Kind};
use jitasa_map::LatLon;
use jitasa_store::act::VolunteerFields;

use super::{
    chance::{Chance, Deck},
    ground::Village,
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

const REMARKS: [&str; 6] = [
    "ว่างหลังเลิกงาน 17.00 น.",
    "ขับเรือได้",
    "ไม่รับสายช่วงเพล",
    "ผ่านอบรมปฐมพยาบาลแล้ว",
    "ว่างเฉพาะเสาร์-อาทิตย์",
    "ยืมรถกระบะของวัดได้",
];

/// A volunteer and where he is at home.
#[derive(Debug, Clone)]
pub(super) struct Enlisted {
    pub(super) fields: VolunteerFields,
    /// Name and first kind, as people say them.
    pub(super) label: String,
    pub(super) home: usize,
    pub(super) at: LatLon,
}

/// About `total` volunteers: what the headmen and the others leave is spread over the villages as
/// health volunteers.
pub(super) fn enlist(
    villages: &[Village],
    kinds: &[Kind],
    total: usize,
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
    roll.into_iter()
        .map(|(home, codes)| {
            let held = availability.deal();
            let mut one = enlisted(&villages[home], home, &codes, kinds, people, chance);
            // A village always has its headman.
            if !codes.contains(&"village_head") {
                one.fields.availability = held;
            }
            one
        })
        .collect()
}

fn enlisted(
    village: &Village,
    home: usize,
    codes: &[&str],
    kinds: &[Kind],
    people: &mut People,
    chance: &mut Chance,
) -> Enlisted {
    let first = codes.first().copied().unwrap_or("other");
    let (generation, women_percent) = match first {
        "student" => (Generation::Young, 55),
        "vhv" => (middle_or_old(35, chance), 82),
        "women_fund" => (middle_or_old(40, chance), 100),
        "kamnan" | "village_head" => (middle_or_old(45, chance), 16),
        "civil_defence" => (Generation::Middle, 10),
        _ => (middle_or_old(25, chance), 45),
    };
    let name = people.name(generation, women_percent, chance);
    let serves: Vec<&String> = kinds
        .iter()
        .filter(|kind| codes.contains(&kind.code.as_str()))
        .flat_map(|kind| &kind.serves)
        .collect();
    let mut skills: Vec<String> = Vec::new();
    for (index, skill) in serves.iter().enumerate() {
        let kept = index == 0 || chance.percent(72);
        if kept && !skills.contains(skill) {
            skills.push((*skill).clone());
        }
    }
    let at = village.house(chance);
    let said = kinds
        .iter()
        .find(|kind| kind.code == first)
        .map_or(first, |kind| kind.th.as_str());
    let has_patch = matches!(
        first,
        "vhv" | "kamnan" | "village_head" | "community_leader"
    );
    Enlisted {
        label: format!("{}{} {} ({said})", name.title, name.given, name.family),
        fields: VolunteerFields {
            title: name.title.into(),
            given_name: name.given.into(),
            family_name: name.family.into(),
            phone: (first == "vhv" || chance.percent(92)).then(|| people.phone()),
            kinds: codes.iter().map(ToString::to_string).collect(),
            skills,
            vehicle: vehicle(first, chance).map(Into::into),
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
            availability: Availability::Available,
            note: if chance.percent(12) {
                chance.pick(&REMARKS).into()
            } else {
                String::new()
            },
        },
        home,
        at,
    }
}

fn middle_or_old(old_percent: usize, chance: &mut Chance) -> Generation {
    if chance.percent(old_percent) {
        Generation::Old
    } else {
        Generation::Middle
    }
}

fn vehicle(kind: &str, chance: &mut Chance) -> Option<&'static str> {
    let cars: &[&'static str] = match kind {
        "civil_defence" => &["รถกู้ชีพ", "รถกระบะยกสูง", "เรือท้องแบน", "รถกระบะ"],
        "kamnan" | "village_head" | "lao_officer" => &["รถกระบะ", "รถกระบะ", "รถอีแต๋น", "รถตู้"],
        "student" => &["จักรยานยนต์", "จักรยาน"],
        _ => &[
            "จักรยานยนต์",
            "จักรยานยนต์พ่วงข้าง",
            "จักรยานยนต์",
            "รถกระบะ",
            "รถอีแต๋น",
            "เรือพาย",
        ],
    };
    chance.percent(68).then(|| chance.pick(cars))
}
