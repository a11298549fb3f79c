//! Settling: shortest paths over reduced costs that find a place for a unit too many, or a unit for a place too many,
//! and move the prices of those they passed by just as much as keeps everybody else content.
//!
//! Paths go from agent to agent: a task that takes a unit of the first could take one of the second instead, and the
//! difference of what it would pay is the way between them. It is never negative (that is the first sentence of the
//! module above), and the tasks' own prices cancel out, so none are kept.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{Flow, NOBODY, at, number};

/// What a search writes down; kept to be used again.
#[derive(Debug, Clone, Default)]
pub(super) struct Search {
    /// By agent: how far he is, and the task whose unit comes to him (or goes from him), and from (to) whom.
    reached: Vec<Reached>,
    /// The number of the search that `reached` speaks of.
    round: u32,
    queue: BinaryHeap<Reverse<(i64, u32)>>,
    passed: Vec<(i64, u32)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Reached {
    distance: i64,
    round: u32,
    task: u32,
    /// [`NOBODY`] where a path begins.
    agent: u32,
}

impl Search {
    fn begin(&mut self, agents: usize) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.reached.clear();
            self.round = 1;
        }
        self.reached.resize(agents, Reached::default());
        self.queue.clear();
        self.passed.clear();
    }

    /// Notes a way to an agent when it is the shortest so far.
    fn reach(&mut self, to: u32, distance: i64, task: u32, agent: u32) {
        let known = &mut self.reached[at(to)];
        if known.round == self.round && known.distance <= distance {
            return;
        }
        *known = Reached {
            distance,
            round: self.round,
            task,
            agent,
        };
        self.queue.push(Reverse((distance, to)));
    }

    /// The next agent to pass, nearest first, as long as he is nearer than `limit`.
    fn pass(&mut self, limit: i64) -> Option<(i64, u32)> {
        while let Some(Reverse((distance, agent))) = self.queue.pop() {
            if distance >= limit {
                return None;
            }
            if self.reached[at(agent)].distance == distance {
                self.passed.push((distance, agent));
                return Some((distance, agent));
            }
        }
        None
    }
}

/// Where a unit too many is.
#[derive(Debug, Clone, Copy)]
enum Excess {
    /// A task lacks one.
    Task(u32),
    /// An agent has one more than he should.
    Agent(u32),
}

/// Where a search ended, and how far away that was.
#[derive(Debug, Clone, Copy)]
struct End {
    distance: i64,
    /// `None` when it is best to move nothing, only prices.
    agent: Option<u32>,
}

impl Flow {
    /// Repairs whatever was changed: afterwards every task has its units, the whole costs the least there is and
    /// [`Flow::dual_bound`] equals [`Flow::cost`].
    pub fn settle(&mut self) {
        if std::mem::take(&mut self.rough) {
            self.plane();
        }
        while let Some(task) = self.short.pop_first() {
            while self.tasks[at(task)].has < self.tasks[at(task)].wants {
                self.push_out(Excess::Task(task));
            }
        }
        let loose: Vec<u32> = self.loose.iter().copied().collect();
        for agent in &loose {
            while self.has_too_much(*agent) {
                self.push_out(Excess::Agent(*agent));
            }
        }
        for agent in &loose {
            while self.could_take_more(*agent) {
                self.pull_in(*agent);
            }
        }
        self.loose.clear();
    }

    /// The last unit costs more than the price.
    fn has_too_much(&self, agent: u32) -> bool {
        let state = &self.agents[at(agent)];
        let dear = state
            .curve
            .last(state.load)
            .is_some_and(|last| last > self.prices[at(agent)]);
        dear || state.load > state.curve.units
    }

    /// The next unit costs less than the price.
    fn could_take_more(&self, agent: u32) -> bool {
        let state = &self.agents[at(agent)];
        state
            .curve
            .next(state.load)
            .is_some_and(|next| next < self.prices[at(agent)])
    }

    /// Finds the cheapest place for a unit too many and moves it there. Prices rise.
    fn push_out(&mut self, excess: Excess) {
        self.search.begin(self.agents.len());
        let mut end = End {
            distance: i64::MAX,
            agent: None,
        };
        match excess {
            Excess::Task(task) => {
                let state = &self.tasks[at(task)];
                let price = |agent: u32| self.prices[at(agent)];
                let nearest = state.open().map(|edge| edge.cost + price(edge.agent)).min();
                let nearest = nearest.unwrap_or_default();
                for edge in state.open() {
                    let distance = edge.cost + price(edge.agent) - nearest;
                    self.search.reach(edge.agent, distance, task, NOBODY);
                }
            }
            Excess::Agent(agent) => {
                let state = &self.agents[at(agent)];
                if let Some(last) = state.curve.last(state.load)
                    && state.load <= state.curve.units
                {
                    // He may keep it when that is the cheapest, at a higher price.
                    end.distance = last - self.prices[at(agent)];
                }
                self.search.reach(agent, 0, 0, NOBODY);
            }
        }
        let source = match excess {
            Excess::Task(_) => NOBODY,
            Excess::Agent(agent) => agent,
        };
        while let Some((distance, agent)) = self.search.pass(end.distance) {
            let state = &self.agents[at(agent)];
            if agent != source
                && let Some(next) = state.curve.next(state.load)
            {
                let there = distance + (next - self.prices[at(agent)]).max(0);
                if there < end.distance {
                    end = End {
                        distance: there,
                        agent: Some(agent),
                    };
                }
            }
            if end.distance > distance {
                self.spread_out(agent, distance, end.distance);
            }
        }
        for (distance, agent) in &self.search.passed {
            self.prices[at(*agent)] += (end.distance - distance).max(0);
        }
        let mut to = end.agent;
        while let Some(agent) = to {
            let reached = self.search.reached[at(agent)];
            if agent == source {
                break;
            }
            self.take(reached.task, agent, 1);
            to = (reached.agent != NOBODY).then_some(reached.agent);
            if let Some(from) = to {
                self.take(reached.task, from, -1);
            }
        }
    }

    /// Tasks that take a unit of this agent could take one of others.
    fn spread_out(&mut self, agent: u32, distance: i64, limit: i64) {
        for task in &self.agents[at(agent)].held {
            let state = &self.tasks[at(*task)];
            let Some(taken) = state.edge_to(agent) else {
                continue;
            };
            let pays = taken.cost + self.prices[at(agent)];
            for edge in state.open() {
                let there = distance + edge.cost + self.prices[at(edge.agent)] - pays;
                if there < limit && edge.agent != agent {
                    self.search.reach(edge.agent, there, *task, agent);
                }
            }
        }
    }

    /// Finds whose unit had best come to an agent who could take one, and moves it; or lets his price fall until he
    /// wants none. Prices fall.
    fn pull_in(&mut self, taker: u32) {
        self.search.begin(self.agents.len());
        let state = &self.agents[at(taker)];
        let next = state
            .curve
            .next(state.load)
            .unwrap_or(self.prices[at(taker)]);
        let mut end = End {
            distance: self.prices[at(taker)] - next,
            agent: None,
        };
        self.search.reach(taker, 0, 0, NOBODY);
        while let Some((distance, agent)) = self.search.pass(end.distance) {
            let state = &self.agents[at(agent)];
            if agent != taker
                && let Some(last) = state.curve.last(state.load)
            {
                let there = distance + (self.prices[at(agent)] - last).max(0);
                if there < end.distance {
                    end = End {
                        distance: there,
                        agent: Some(agent),
                    };
                }
            }
            if end.distance > distance {
                self.spread_in(agent, distance, end.distance);
            }
        }
        for (distance, agent) in &self.search.passed {
            self.prices[at(*agent)] -= (end.distance - distance).max(0);
        }
        let mut from = end.agent;
        while let Some(agent) = from {
            let reached = self.search.reached[at(agent)];
            if reached.agent == NOBODY {
                break;
            }
            self.take(reached.task, agent, -1);
            self.take(reached.task, reached.agent, 1);
            from = Some(reached.agent);
        }
    }

    /// Tasks with an edge to this agent could take a unit of his instead of one of others.
    fn spread_in(&mut self, agent: u32, distance: i64, limit: i64) {
        let price = self.prices[at(agent)];
        for (task, cost) in &self.agents[at(agent)].near {
            let would_be = distance + cost + price;
            let only = self.only[at(*task)];
            if only.agent != NOBODY {
                let there = would_be - only.cost - self.prices[at(only.agent)];
                if there < limit && only.agent != agent {
                    self.search.reach(only.agent, there, *task, agent);
                }
                continue;
            }
            let state = &self.tasks[at(*task)];
            if !state.open().any(|edge| edge.agent == agent) {
                continue;
            }
            for edge in state.taken() {
                let there = would_be - edge.cost - self.prices[at(edge.agent)];
                if there < limit && edge.agent != agent {
                    self.search.reach(edge.agent, there, *task, agent);
                }
            }
        }
    }

    /// For checks: everything the module promises of a settled flow holds.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let content = self.tasks.iter().all(|task| {
            let price = |edge: &super::Edge| edge.cost + self.prices[at(edge.agent)];
            let open = task.open().map(price).min().unwrap_or(i64::MAX);
            task.has == task.wants && task.taken().map(price).max().unwrap_or(i64::MIN) <= open
        });
        let agents = 0..number(self.agents.len());
        content
            && agents
                .into_iter()
                .all(|agent| !self.has_too_much(agent) && !self.could_take_more(agent))
    }
}
