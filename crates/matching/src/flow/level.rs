//! Levelling: prices that prove more, for units that stay where they are. An auction drives prices up by whole raises,
//! so the bound they prove lags several times as far behind as the units it found. Here each agent in turn takes the
//! price at which as many of his units are wanted as he gives, others' prices as they are (coordinate ascent of the
//! dual; Bertsekas, *Network Optimization*, ch. 6). One sweep takes most of what a raise put in, the next ones little.
//!
//! Knows no bids and no loads: only what edges cost.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{AgentState, Flow, NO_LIMIT, TaskState, at, auction::NOBODY_PAYS};

/// What is known of the tasks while prices are levelled.
pub(super) struct Level {
    /// By task.
    pays: Vec<Pays>,
    /// What each unit of an agent is worth to those near him; kept to be used again.
    worth: Vec<i64>,
    /// What those he sells to would pay at most, lowest first; kept to be used again.
    sold: BinaryHeap<Reverse<i64>>,
}

/// Of all units offered to a task, prices added: the dearest it takes, and the cheapest it leaves.
#[derive(Clone, Copy)]
struct Pays {
    taken: i64,
    left: i64,
}

impl Level {
    pub(super) fn new(flow: &Flow) -> Self {
        let pays = flow.tasks.iter().map(|task| Pays::of(task, &flow.prices));
        Self {
            pays: pays.collect(),
            worth: Vec::new(),
            sold: BinaryHeap::new(),
        }
    }

    /// What [`Flow::dual_bound`] says, without looking at all edges again.
    pub(super) fn bound(&self, flow: &Flow) -> i64 {
        let tasks = flow.tasks.iter().zip(&self.pays);
        let bought = tasks.map(|(task, pays)| match task.wants {
            1 => pays.taken,
            _ => flow.buys(task),
        });
        flow.earns()
            .map_or(i64::MIN, |earned| bought.sum::<i64>() - earned)
    }

    /// Levels each agent once; the bound never falls. Most prices are expected to fall by less than `fall`: that saves
    /// work where it is so, and changes nothing where it is not.
    pub(super) fn sweep(&mut self, flow: &mut Flow, fall: i64) {
        for agent in 0..flow.agents.len() {
            let before = flow.prices[agent];
            let state = &flow.agents[agent];
            if state.curve.units == 0 {
                continue;
            }
            self.weigh(flow, agent);
            let price = self.level(state, before - fall);
            if price == before {
                continue;
            }
            flow.prices[agent] = price;
            for (task, cost) in &state.near {
                let pays = &mut self.pays[at(*task)];
                if cost + before.min(price) > pays.left {
                    continue;
                }
                let task = &flow.tasks[at(*task)];
                if task.wants != 1 || !pays.changes(cost + before, cost + price) {
                    *pays = Pays::of(task, &flow.prices);
                }
            }
        }
    }

    /// Finds what an agent's units are worth: how dear each may be before the task would rather have another.
    fn weigh(&mut self, flow: &Flow, agent: usize) {
        let price = flow.prices[agent];
        let AgentState { near, curve, .. } = &flow.agents[agent];
        self.worth.clear();
        self.worth.extend(near.iter().map(|(task, cost)| {
            let pays = self.pays[at(*task)];
            let instead = if cost + price <= pays.taken {
                pays.left
            } else {
                pays.taken
            };
            instead - cost
        }));
        if curve.units < NO_LIMIT {
            return;
        }
        // A way out may give a task more than one.
        for (place, (task, cost)) in near.iter().enumerate() {
            let task = &flow.tasks[at(*task)];
            let way_out = task.edges.first().map(|edge| at(edge.agent));
            if task.wants > 1 && way_out == Some(agent) {
                let others = task.edges.iter().filter(|edge| at(edge.agent) != agent);
                let mut others: Vec<i64> = others
                    .map(|edge| edge.cost + flow.prices[at(edge.agent)])
                    .collect();
                others.sort_unstable();
                others.resize(at(task.wants), NOBODY_PAYS);
                self.worth[place] = others[0] - cost;
                self.worth
                    .extend(others[1..].iter().map(|other| other - cost));
            }
        }
    }

    /// The middle between the lowest that is paid and the highest that is not, by what units are worth.
    fn level(&mut self, state: &AgentState, guess: i64) -> i64 {
        let curve = &state.curve;
        self.sold.clear();
        let mut load = 0;
        let mut next = curve.first;
        let (mut lowest, mut refused) = (i64::MAX, i64::MIN);
        for worth in &self.worth {
            if *worth <= lowest.min(next).max(guess) {
                refused = refused.max(*worth);
                continue;
            }
            if lowest > next {
                load += 1;
                next = curve.next(load).unwrap_or(i64::MAX);
                self.sold.push(Reverse(*worth));
            } else {
                refused = refused.max(lowest);
                if let Some(mut last) = self.sold.peek_mut() {
                    *last = Reverse(*worth);
                }
            }
            lowest = self.sold.peek().map_or(i64::MAX, |lowest| lowest.0);
        }
        if refused > next {
            // The guess was too high.
            return self.level(state, i64::MIN);
        }
        curve.last(load).map_or(next, |last| {
            let (low, high) = (refused.max(last), lowest.min(next));
            low + (high - low) / 2
        })
    }
}

impl Pays {
    fn of(task: &TaskState, prices: &[i64]) -> Self {
        let offers = task.edges.iter();
        let offers = offers.map(|edge| edge.cost + prices[at(edge.agent)]);
        let (mut taken, mut left) = (NOBODY_PAYS, NOBODY_PAYS);
        if task.wants == 1 {
            for offer in offers {
                left = left.min(offer.max(taken));
                taken = taken.min(offer);
            }
            return Self { taken, left };
        }
        let mut offers: Vec<(i64, u32)> = offers
            .enumerate()
            .map(|(place, offer)| (offer, if place == 0 { NO_LIMIT } else { 1 }))
            .collect();
        offers.sort_unstable();
        let mut lacking = task.wants;
        for (offer, units) in offers {
            if lacking > 0 {
                taken = offer;
            }
            if units > lacking {
                left = offer;
                break;
            }
            lacking -= units;
        }
        Self { taken, left }
    }

    /// Of a task that wants one unit: an offer that is, or was, among the two cheapest changes. `false` when it takes a
    /// look at all the others to know what they are then.
    fn changes(&mut self, from: i64, to: i64) -> bool {
        if from > self.taken && to < self.taken {
            self.left = self.taken;
            self.taken = to;
        } else if to > self.left {
            return false;
        } else if from <= self.taken {
            self.taken = to;
        } else {
            self.left = to;
        }
        true
    }
}
