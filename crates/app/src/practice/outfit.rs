//! What made-up volunteers bring along: equipment, a vehicle with its seats, courses they have been
//! through, the hours they have. It must not know where they live.

use jiff::{ToSpan, civil::Date};

use super::chance::Chance;

/// A vehicle.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Vehicle {
    pub(super) name: &'static str,
    /// People besides the driver.
    pub(super) seats: u32,
    pub(super) carries: &'static [&'static str],
}

const fn vehicle(name: &'static str, seats: u32, carries: &'static [&'static str]) -> Vehicle {
    Vehicle {
        name,
        seats,
        carries,
    }
}

const AMBULANCE: Vehicle = vehicle(
    "รถกู้ชีพ",
    3,
    &["stretcher", "wheelchair", "oxygen", "infected"],
);
const HIGH_PICKUP: Vehicle = vehicle("รถกระบะยกสูง", 4, &["goods", "wheelchair"]);
const PICKUP: Vehicle = vehicle("รถกระบะ", 4, &["goods", "wheelchair"]);
const FLAT_BOAT: Vehicle = vehicle("เรือท้องแบน", 6, &["goods", "stretcher"]);
const ROWING_BOAT: Vehicle = vehicle("เรือพาย", 2, &["goods"]);
const FARM_TRUCK: Vehicle = vehicle("รถอีแต๋น", 6, &["goods"]);
const VAN: Vehicle = vehicle("รถตู้", 10, &["wheelchair"]);
const MOTORCYCLE: Vehicle = vehicle("จักรยานยนต์", 1, &[]);
const SIDECAR: Vehicle = vehicle("จักรยานยนต์พ่วงข้าง", 2, &["goods"]);
const BICYCLE: Vehicle = vehicle("จักรยาน", 0, &[]);

/// What somebody of this kind drives, when he has anything.
pub(super) fn vehicle_of(kind: &str, chance: &mut Chance) -> Option<Vehicle> {
    let some: &[Vehicle] = match kind {
        "civil_defence" => &[AMBULANCE, HIGH_PICKUP, FLAT_BOAT, PICKUP],
        "kamnan" | "village_head" | "lao_officer" => &[PICKUP, PICKUP, FARM_TRUCK, VAN],
        "student" => &[MOTORCYCLE, BICYCLE],
        _ => &[
            MOTORCYCLE,
            SIDECAR,
            MOTORCYCLE,
            PICKUP,
            FARM_TRUCK,
            ROWING_BOAT,
        ],
    };
    chance.percent(68).then(|| chance.pick(some))
}

/// Codes that somebody of a kind has, each in so many of a hundred cases.
type Odds = &'static [(&'static str, usize)];

fn equipment_odds(kind: &str) -> Odds {
    match kind {
        "vhv" => &[
            ("blood_pressure", 70),
            ("thermometer", 60),
            ("first_aid_kit", 40),
            ("oximeter", 35),
            ("ppe", 30),
            ("cool_box", 8),
        ],
        "civil_defence" => &[
            ("life_jacket", 60),
            ("torch", 60),
            ("radio", 55),
            ("rope", 50),
            ("first_aid_kit", 40),
            ("stretcher", 25),
            ("saw", 20),
            ("pump", 15),
            ("oxygen_set", 15),
        ],
        "kamnan" | "village_head" => &[
            ("radio", 50),
            ("torch", 30),
            ("pump", 15),
            ("generator", 15),
            ("saw", 15),
        ],
        "lao_officer" => &[
            ("radio", 40),
            ("ppe", 30),
            ("pump", 20),
            ("tools", 20),
            ("tent", 20),
        ],
        "women_fund" => &[("kitchen", 60), ("cool_box", 15)],
        "cd_leader" | "community_leader" => &[("kitchen", 30), ("tools", 30), ("tent", 15)],
        "waste_volunteer" => &[("tools", 40), ("sprayer", 20), ("saw", 15)],
        _ => &[("torch", 15), ("life_jacket", 8)],
    }
}

fn training_odds(kind: &str) -> Odds {
    match kind {
        "vhv" => &[
            ("vhv_basic", 90),
            ("first_aid", 45),
            ("infection_control", 40),
            ("cpr", 25),
            ("elder_care", 15),
            ("mental_first_aid", 10),
        ],
        "civil_defence" => &[
            ("civil_defence", 85),
            ("fire", 45),
            ("cpr", 40),
            ("water_rescue", 35),
            ("first_responder", 30),
            ("patient_move", 25),
            ("chainsaw", 15),
        ],
        "kamnan" | "village_head" => &[("civil_defence", 35), ("radio", 25), ("privacy", 20)],
        "lao_officer" => &[("damage_survey", 40), ("shelter_care", 30), ("privacy", 45)],
        "student" => &[("first_aid", 30), ("cpr", 15)],
        _ => &[("first_aid", 15), ("shelter_care", 8)],
    }
}

/// Codes of his equipment; a boat goes with whoever drives one.
pub(super) fn equipment_of(
    kind: &str,
    vehicle: Option<Vehicle>,
    chance: &mut Chance,
) -> Vec<String> {
    let boat = vehicle.is_some_and(|vehicle| vehicle.name.starts_with("เรือ"));
    let drawn = equipment_odds(kind)
        .iter()
        .filter(|(_, percent)| chance.percent(*percent))
        .map(|(code, _)| *code);
    boat.then_some("boat")
        .into_iter()
        .chain(drawn)
        .map(Into::into)
        .collect()
}

/// `2026-05-01 first_aid`, latest first: courses of the last eight years, on days an office works.
pub(super) fn trainings_of(kind: &str, today: Date, chance: &mut Chance) -> Vec<String> {
    let mut trainings: Vec<String> = Vec::new();
    for (code, percent) in training_odds(kind) {
        if chance.percent(*percent) {
            let mut day = today.saturating_sub(chance.between(40, 8 * 365).days());
            while day.weekday().to_monday_one_offset() > 5 {
                day = day.saturating_sub(1.day());
            }
            trainings.push(format!("{day} {code}"));
        }
    }
    trainings.sort_unstable_by(|a, b| b.cmp(a));
    trainings
}

/// Days of the week, first and last, and the hours of each.
type Week = &'static [(i8, i8, &'static str)];

const AFTER_SCHOOL: Week = &[(1, 5, "16:30-20:00"), (6, 7, "08:00-18:00")];
const OFFICE_HOURS: Week = &[(1, 5, "08:30-16:30")];
const AFTER_WORK: Week = &[(1, 5, "17:00-21:00"), (6, 7, "06:00-21:00")];
const WEEKENDS: Week = &[(6, 7, "06:00-20:00")];
const NIGHT_WATCH: Week = &[(1, 7, "18:00-06:00")];

/// When he can be asked, and what the office noted of it. Most can be asked at any time.
pub(super) fn hours_of(kind: &str, chance: &mut Chance) -> (Vec<String>, &'static str) {
    let (week, said): (Week, &str) = match kind {
        "student" => (AFTER_SCHOOL, ""),
        "lao_officer" => (OFFICE_HOURS, ""),
        // Whoever lives there answers for his village at any hour.
        "kamnan" | "village_head" => (&[], ""),
        "civil_defence" if chance.percent(12) => (NIGHT_WATCH, "อยู่เวรกลางคืน"),
        _ => match chance.below(100) {
            0..8 => (AFTER_WORK, "ว่างหลังเลิกงาน 17.00 น."),
            8..12 => (WEEKENDS, "ว่างเฉพาะเสาร์-อาทิตย์"),
            _ => (&[], ""),
        },
    };
    let hours = week
        .iter()
        .flat_map(|(first, last, hours)| (*first..=*last).map(move |day| format!("{day} {hours}")));
    (hours.collect(), said)
}
