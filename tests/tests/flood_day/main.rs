//! A flood day at a district: 4,000 needs come in, 1,170 volunteers decline, dawdle, fall ill and come
//! back; the office takes the plan each ten minutes. The plan must be the best there is throughout, and no
//! need may grow older than its limit without somebody having been told.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod day;
mod flood;

use std::collections::BTreeMap;

use day::{Day, TICK_MIN};
use serde_json::{Value, json};

/// The last calls come in at 20:00; the rest of the day belongs to those who still work.
const TICKS: i64 = 16 * 60 / TICK_MIN;

#[test]
fn a_flood_day_is_planned_best_throughout_and_nothing_goes_quiet() {
    let folder = tempfile::tempdir().unwrap();
    let mut day = Day::begin(folder.path(), 2569);
    for tick in 0..TICKS {
        day.calls_come_in(tick);
        day.volunteers_answer();
        day.somebody_falls_ill(tick);
        day.time_passes();
        day.office_plans();
        if tick % 6 == 0 {
            day.nothing_is_quiet();
        }
        // Kept from event to event or made anew by somebody who has just started the program: the same.
        if tick % 24 == 23 {
            day.a_new_plan_costs_the_same(folder.path());
        }
        day.next_tick();
    }
    let told = &day.told;
    assert_eq!(day.needs_recorded, flood::NEEDS);
    assert!(told["declined"] > 100 && told["expired"] > 50, "{told:?}");
    assert!(told["done"] > 2_000, "{told:?}");
    assert!(told["handed_over"] > 0, "{told:?}");
    day.every_need_is_accounted_for();
}

/// The limits of the rules that ship, in minutes: how long a need may wait before the supervisor is told.
fn limits(desk: &jitasa_tests::desk::StoryDesk) -> BTreeMap<String, i64> {
    let rules = desk.ok("rule.list", json!({}));
    let groups = rules["groups"].as_array().unwrap();
    let all = groups
        .iter()
        .flat_map(|group| group["rules"].as_array().unwrap());
    all.filter_map(|rule: &Value| {
        let urgency = rule["code"].as_str()?.strip_prefix("care.supervisor_")?;
        Some((urgency.to_string(), rule["value"].as_str()?.parse().ok()?))
    })
    .collect()
}
