//! A district's office as the program meets it: 1,170 volunteers, hands for one need, the plan for 2,000 needs. There
//! is no peer for these, so they are no figures.

use std::io::Write as _;

use jitasa_matching::{Hand, Place, Planner, Want, Weights, hands_for};

use super::{cpu_ms, made_up::Dice, median, percentile};
use crate::Outcome;

const VOLUNTEERS: u128 = 1_170;
const NEEDS: u128 = 2_000;
const KINDS: [&str; 6] = [
    "food_water",
    "medicine",
    "transport",
    "shelter",
    "visit",
    "clean_up",
];

/// Measures and prints.
pub(super) fn run() -> Outcome<()> {
    let mut dice = Dice(3);
    let hands: Vec<Hand> = (0..VOLUNTEERS).map(|id| a_hand(&mut dice, id)).collect();
    let mut wants: Vec<Want> = (0..NEEDS).map(|id| a_want(&mut dice, id)).collect();
    let weights = Weights::default();
    let mut out = std::io::stdout();

    let mut samples = Vec::new();
    for want in &wants {
        let (found, ms) = cpu_ms(|| hands_for(want, &hands, &weights, 10))?;
        samples.push(ms);
        drop(found);
    }
    say(&mut out, "hands for one need among 1,170", &samples)?;

    let mut samples = Vec::new();
    for _ in 0..5 {
        let (planner, ms) = cpu_ms(|| Planner::new(&wants, &hands, &weights))?;
        samples.push(ms);
        drop(planner);
    }
    say(&mut out, "plan for 2,000 needs, from nothing", &samples)?;

    let mut planner = Planner::new(&wants, &hands, &weights);
    let plan = planner.plan();
    writeln!(
        out,
        "  {} lines, {} needs without all their hands, gap {}",
        plan.lines.len(),
        plan.unserved.len(),
        plan.gap_m()
    )?;
    let (mut repaired, mut read) = (Vec::new(), Vec::new());
    for event in 0..200 {
        let place = dice.place(wants.len());
        match event % 3 {
            0 => wants.push(a_want(&mut dice, NEEDS + event)),
            1 => drop(wants.swap_remove(place)),
            _ => wants[place].barred.push(u128::from(dice.below(1_170))),
        }
        let ((), ms) = cpu_ms(|| planner.update(&wants, &hands, &weights))?;
        repaired.push(ms);
        let (plan, ms) = cpu_ms(|| planner.plan())?;
        read.push(ms);
        if plan.gap_m() != 0 {
            return Err(format!("the plan after event {event} is not proven").into());
        }
    }
    say(
        &mut out,
        "the whole picture again with one thing new",
        &repaired,
    )?;
    say(&mut out, "reading the plan with its reasons", &read)
}

fn say(out: &mut impl std::io::Write, what: &str, samples: &[f64]) -> Outcome<()> {
    let [p50, p99] = [median(samples), percentile(samples, 99)];
    Ok(writeln!(out, "{what}: {p50:.2} / {p99:.2} ms")?)
}

fn somewhere(dice: &mut Dice) -> (String, Place) {
    let village = dice.below(85);
    let near = |dice: &mut Dice| f64::from(dice.below(1_000)) / 50_000.0;
    let at = Place {
        lat: 16.0 + f64::from(village / 9) * 0.05 + near(dice),
        lon: 103.5 + f64::from(village % 9) * 0.05 + near(dice),
    };
    (
        format!("4509{:02}{:02}", 1 + village / 10, 1 + village % 10),
        at,
    )
}

fn a_hand(dice: &mut Dice, id: u128) -> Hand {
    let (area_code, at) = somewhere(dice);
    Hand {
        id,
        skills: KINDS
            .iter()
            .filter(|_| dice.below(3) == 0)
            .map(|kind| (*kind).to_owned())
            .collect(),
        area_code,
        at: (dice.below(10) > 0).then_some(at),
        vehicle: dice.below(3) == 0,
        max_open_tasks: 1 + dice.below(4),
        available: dice.below(10) > 0,
        vetted: true,
        ..Hand::default()
    }
}

fn a_want(dice: &mut Dice, id: u128) -> Want {
    let (area_code, at) = somewhere(dice);
    Want {
        id: (1 << 64) | id,
        kind: KINDS[dice.place(KINDS.len())].to_owned(),
        area_code,
        at: (dice.below(5) > 0).then_some(at),
        urgency_rank: [0, 0, 1, 1, 1, 2, 2, 3][dice.place(8)],
        waiting_min: dice.below(3_000),
        hands: [1, 1, 1, 1, 2, 3][dice.place(6)],
        ..Want::default()
    }
}
