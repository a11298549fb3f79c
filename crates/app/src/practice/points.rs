//! Made-up service points: at least one of every kind the office knows. It must not know who is sent
//! there.

use jitasa_domain::{Kind, PointState, ServicePoint, Timestamp};

use super::{
    calls::HOUR_MS,
    chance::Chance,
    ground::{Village, moved},
    people::People,
};

/// How a point of each kind is named, what it holds and how often it is met in a subdistrict.
const KNOWN: [(&str, &str, u32, &str, usize); 10] = [
    ("screening", "จุดตรวจคัดกรองบ้าน", 120, "08.30-16.30 น.", 1),
    ("vaccination", "จุดฉีดวัคซีนบ้าน", 200, "08.30-15.00 น.", 1),
    ("hospital", "โรงพยาบาลสมมุติบ้าน", 30, "ตลอด 24 ชั่วโมง", 1),
    ("field_hospital", "โรงพยาบาลสนามบ้าน", 60, "ตลอด 24 ชั่วโมง", 1),
    ("waiting_centre", "ศูนย์พักคอยบ้าน", 25, "ตลอด 24 ชั่วโมง", 1),
    ("oxygen", "จุดยืมออกซิเจนบ้าน", 12, "08.30-20.00 น.", 1),
    ("shelter", "ศูนย์พักพิงโรงเรียนบ้าน", 150, "ตลอด 24 ชั่วโมง", 2),
    ("relief_store", "คลังถุงยังชีพบ้าน", 300, "08.30-18.00 น.", 1),
    ("temple", "วัดบ้าน", 80, "05.00-21.00 น.", 2),
    ("health_centre", "รพ.สต.บ้าน", 40, "08.30-16.30 น.", 1),
];

/// The service points of a subdistrict's villages.
pub(super) fn points(
    villages: &[Village],
    kinds: &[Kind],
    now: Timestamp,
    people: &mut People,
    chance: &mut Chance,
) -> Vec<ServicePoint> {
    let mut made = Vec::new();
    for kind in kinds {
        let known = KNOWN.iter().find(|(code, ..)| *code == kind.code);
        let (said, capacity, hours, count) = known.map_or(
            (format!("{}บ้าน", kind.th), 20, "08.30-16.30 น.", 1),
            |(_, said, capacity, hours, count)| ((*said).to_string(), *capacity, *hours, *count),
        );
        let first = chance.below(villages.len());
        for turn in 0..count {
            let village = &villages[(first + turn * 3) % villages.len()];
            let at = moved(village.at, chance.bell() * 90.0, chance.bell() * 90.0);
            let state = [PointState::Open, PointState::Full, PointState::Closed]
                [chance.weighted(&[7, 2, 1])];
            let free = match state {
                PointState::Open => u32::try_from(chance.between(1, i64::from(capacity))).ok(),
                PointState::Full | PointState::Closed => Some(0),
            };
            // Places that people are sent to are rung every day; one or two were forgotten.
            let hours_ago = if chance.percent(84) {
                chance.between(1, 20)
            } else {
                chance.between(26, 60)
            };
            made.push(ServicePoint {
                kind: kind.code.clone(),
                name: format!("{said}{} (สมมุติ)", village.name),
                area_code: village.code.into(),
                lat: Some(at.lat),
                lon: Some(at.lon),
                phone: chance.percent(85).then(|| people.phone()),
                capacity: Some(capacity),
                free,
                state,
                hours: hours.into(),
                confirmed_at: Some(now.plus_ms(-hours_ago * HOUR_MS)),
                confirmed_by: Some(format!("ผญบ. ม.{}", village.moo())),
                ..ServicePoint::default()
            });
        }
    }
    made
}
