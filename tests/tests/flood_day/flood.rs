//! The calls of the day: when, where, what.

use jitasa_domain::ids::SeededIds;
use serde_json::{Value, json};

/// Needs of the whole day.
pub(crate) const NEEDS: usize = 4_000;

/// A call: the tick at which it comes in, and what is keyed.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) tick: i64,
    pub(crate) draft: Value,
    pub(crate) needs: usize,
}

/// What people lack in a flood, and how many in a hundred ask for it.
const KINDS: [(&str, usize); 9] = [
    ("food_water", 34),
    ("supplies", 18),
    ("transport", 12),
    ("medicine", 12),
    ("medical", 8),
    ("shelter", 8),
    ("oxygen", 3),
    ("repair", 3),
    ("other", 2),
];
const URGENCIES: [(&str, usize); 4] = [
    ("normal", 48),
    ("urgent", 32),
    ("very_urgent", 14),
    ("critical", 6),
];

fn pick<'a>(chance: &mut SeededIds, of: &[(&'a str, usize)]) -> &'a str {
    let mut at = chance.below(of.iter().map(|(_, share)| share).sum());
    for (what, share) in of {
        if at < *share {
            return what;
        }
        at -= share;
    }
    of[0].0
}

/// The day's calls in order: few before dawn, four times the mean in the morning.
pub(crate) fn calls(chance: &mut SeededIds, villages: &[Value], ticks: i64) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut needs_left = NEEDS;
    while needs_left > 0 {
        // Two thirds within the first third of the day.
        let span = if chance.below(3) < 2 {
            ticks / 3
        } else {
            ticks * 3 / 4
        };
        let tick = i64::try_from(chance.below(usize::try_from(span).unwrap())).unwrap();
        let needs = (1 + chance.below(3)).min(needs_left);
        needs_left -= needs;
        calls.push(Call {
            tick,
            draft: draft(chance, villages, needs, calls.len()),
            needs,
        });
    }
    calls.sort_by_key(|call| call.tick);
    calls
}

fn draft(chance: &mut SeededIds, villages: &[Value], needs: usize, serial: usize) -> Value {
    let village = &villages[chance.below(villages.len())];
    let mut off = || (f64::from(u32::try_from(chance.below(2_000)).unwrap()) - 1_000.0) / 100_000.0;
    let (lat, lon) = (village["lat"].as_f64(), village["lon"].as_f64());
    let at = lat.zip(lon).map(|(lat, lon)| (lat + off(), lon + off()));
    let mut kinds: Vec<&str> = Vec::new();
    while kinds.len() < needs {
        let kind = pick(chance, &KINDS);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let needs: Vec<Value> = kinds
        .iter()
        .map(|kind| {
            // A household to carry to safety takes two pairs of hands now and then.
            let hands = (*kind == "transport" && chance.below(5) == 0).then_some(2);
            json!({ "kind": kind, "detail": "", "hands": hands })
        })
        .collect();
    json!({
        "channel": "phone", "reporter": null, "title": "นาย", "given_name": "สมมติ",
        "family_name": format!("ฝึกหัด{serial}"), "citizen_id": null, "phone": null,
        "area_code": village["code"], "house_no": (1 + chance.below(330)).to_string(), "landmark": "",
        "lat": at.map(|at| at.0), "lon": at.map(|at| at.1), "accuracy_m": 50,
        "place_source": if at.is_some() { "pin" } else { "village" },
        "people_count": 1 + chance.below(7), "vulnerable": [], "urgency": pick(chance, &URGENCIES),
        "note": "", "needs": needs,
    })
}
