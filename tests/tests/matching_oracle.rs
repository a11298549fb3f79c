//! Our flow beside OR-tools' on thousands of random flows and what happens to them: the same cost, to the last digit.
//!
//! Which Python: see `jitasa_tests::oracle`. Without it nothing was compared: CI fails then, and a desk is told plainly.

#![allow(
    clippy::unwrap_used,
    reason = "a comparison that cannot go on has failed"
)]

#[path = "../src/bin/bench/matching/given.rs"]
mod given;
#[allow(dead_code, reason = "times and memory are the bench's")]
#[path = "../src/bin/bench/matching/others.rs"]
mod others;

use given::{Given, GivenTask};
use jitasa_matching::flow::{Agent, Curve, Flow, NO_LIMIT, Task};
use jitasa_tests::oracle;
use others::Others;

/// Flows, each looked at once as it is and then after every event.
const FLOWS: u64 = 2_000;
const EVENTS: usize = 6;

/// splitmix64: the number of a failing flow is enough to play it again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bits = usize::try_from((bits ^ (bits >> 31)) >> 1).unwrap();
        bits % end.max(1)
    }

    fn cost(&mut self, end: usize) -> i64 {
        i64::try_from(self.below(end)).unwrap()
    }

    fn units(&mut self, end: usize) -> u32 {
        u32::try_from(self.below(end)).unwrap()
    }
}

/// A flow of ours and the same written down plainly.
struct Day {
    dice: Dice,
    /// Few different costs make many ties.
    costs: usize,
    /// The first agents are villages, without a limit.
    villages: usize,
    given: Given,
    flow: Flow,
    agents: Vec<Agent>,
    tasks: Vec<Task>,
}

impl Day {
    fn begin(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let costs = [3, 40, 2_000, 100_000][dice.below(4)];
        let size = if seed.is_multiple_of(10) { 10 } else { 1 };
        let villages = 1 + dice.below(4);
        let mut given = Given::default();
        for _ in 0..villages {
            given.agents.push(Curve {
                first: dice.cost(5),
                step: dice.cost(costs / 4),
                units: NO_LIMIT,
            });
        }
        let mut day = Self {
            dice,
            costs,
            villages,
            given,
            flow: Flow::new(),
            agents: Vec::new(),
            tasks: Vec::new(),
        };
        for _ in 0..1 + day.dice.below(15 * size) {
            let curve = day.a_curve();
            day.given.agents.push(curve);
        }
        for _ in 0..day.dice.below(40 * size) {
            let task = day.a_task();
            day.given.tasks.push(task);
        }
        (day.flow, day.agents, day.tasks) = day.given.flow();
        day
    }

    fn a_curve(&mut self) -> Curve {
        Curve {
            first: self.dice.cost(self.costs),
            step: self.dice.cost(self.costs / 3),
            units: self.dice.units(6),
        }
    }

    fn a_task(&mut self) -> GivenTask {
        let way_out = (
            self.dice.below(self.villages),
            self.dice.cost(self.costs * 4),
        );
        let units = 1 + self.dice.units(5) / 2;
        let mut edges = Vec::new();
        for agent in self.villages..self.given.agents.len() {
            if self.dice.below(self.given.agents.len()) < 6 {
                // A known household may be worth more than the way.
                edges.push((
                    agent,
                    self.dice.cost(self.costs) - self.dice.cost(self.costs / 3),
                ));
            }
        }
        GivenTask {
            units,
            way_out,
            edges,
        }
    }

    fn something_happens(&mut self) {
        let happening = self.dice.below(10);
        let someone = self.villages + self.dice.below(self.given.agents.len() - self.villages);
        let agent = self.agents[someone];
        match happening {
            // More room, less room, away, back.
            0..=2 => {
                let curve = self.a_curve();
                self.given.agents[someone] = curve;
                self.flow.set_curve(agent, curve);
            }
            3 => {
                let curve = self.a_curve();
                self.given.agents.push(curve);
                self.agents.push(self.flow.add_agent(curve));
            }
            _ if happening == 4 || self.tasks.is_empty() => self.a_task_comes(),
            _ => self.a_task_changes(happening, someone),
        }
    }

    fn a_task_comes(&mut self) {
        let task = self.a_task();
        let edges: Vec<_> = task
            .edges
            .iter()
            .map(|(agent, cost)| (self.agents[*agent], *cost))
            .collect();
        let way_out = (self.agents[task.way_out.0], task.way_out.1);
        self.tasks
            .push(self.flow.add_task(task.units, way_out, &edges));
        self.given.tasks.push(task);
    }

    fn a_task_changes(&mut self, happening: usize, someone: usize) {
        let place = self.dice.below(self.tasks.len());
        let (task, agent) = (self.tasks[place], self.agents[someone]);
        match happening {
            5 => {
                self.flow.remove_task(task);
                self.tasks.swap_remove(place);
                self.given.tasks.swap_remove(place);
            }
            6 => {
                self.flow.remove_edge(task, agent);
                self.given.tasks[place]
                    .edges
                    .retain(|(other, _)| *other != someone);
            }
            7 => {
                let units = self.dice.units(4);
                self.flow.set_units(task, units);
                self.given.tasks[place].units = units;
            }
            8 => {
                let way_out = (
                    self.dice.below(self.villages),
                    self.dice.cost(self.costs * 4),
                );
                self.flow
                    .set_way_out(task, self.agents[way_out.0], way_out.1);
                self.given.tasks[place].way_out = way_out;
            }
            _ => {
                let cost = self.dice.cost(self.costs);
                self.flow.set_cost(task, agent, cost);
                let edges = &mut self.given.tasks[place].edges;
                edges.retain(|(other, _)| *other != someone);
                edges.push((someone, cost));
            }
        }
    }
}

#[test]
fn every_flow_costs_what_another_solver_says_also_after_every_event() {
    let Some(python) = oracle::python_or_skip() else {
        return;
    };
    let mut others = Others::start(&python).unwrap();
    let mut compared = 0;
    for seed in 0..FLOWS {
        let mut day = Day::begin(seed);
        for event in 0..=EVENTS {
            if event == 0 {
                // Both ways of beginning, in turn.
                if seed % 2 == 0 {
                    day.flow.settle_from_nothing();
                } else {
                    day.flow.settle();
                }
            } else {
                day.something_happens();
                day.flow.settle();
            }
            day.given.write(others.requests()).unwrap();
            let theirs = others.solve("ortools").unwrap();
            assert_eq!(day.flow.cost(), theirs.cost, "flow {seed}, event {event}");
            assert_eq!(
                day.flow.dual_bound(),
                theirs.cost,
                "proof of flow {seed}, event {event}"
            );
            compared += 1;
        }
    }
    assert!(compared >= 2_000);
}
