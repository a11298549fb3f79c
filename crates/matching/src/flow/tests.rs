//! What must hold of every flow after everything that can happen to it. A reader who wants to see it beside another
//! solver finds that in the oracle among the tests across crates.

use std::collections::BTreeMap;

use super::*;

/// A small generator with a seed (splitmix64): a failing one is a test for good.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn cost(&mut self, end: usize) -> i64 {
        i64::try_from(self.below(end)).unwrap()
    }
}

/// The same flow written down plainly, to build it again from nothing.
#[derive(Default)]
struct Plain {
    curves: BTreeMap<Agent, Curve>,
    tasks: BTreeMap<Task, PlainTask>,
}

/// Units, way out, edges.
type PlainTask = (u32, (Agent, i64), BTreeMap<Agent, i64>);

impl Plain {
    fn again(&self) -> Flow {
        let mut flow = Flow::new();
        let agents: BTreeMap<Agent, Agent> = self
            .curves
            .iter()
            .map(|(old, curve)| (*old, flow.add_agent(*curve)))
            .collect();
        for (units, (way_out, cost), edges) in self.tasks.values() {
            let edges: Vec<_> = edges
                .iter()
                .map(|(agent, cost)| (agents[agent], *cost))
                .collect();
            flow.add_task(*units, (agents[way_out], *cost), &edges);
        }
        flow
    }
}

/// A flow in the middle of its day: villages, agents and tasks that come and go.
struct Day {
    dice: Dice,
    /// Few different costs make many ties.
    costs: usize,
    flow: Flow,
    plain: Plain,
    villages: Vec<Agent>,
    agents: Vec<Agent>,
    tasks: Vec<Task>,
}

impl Day {
    fn begin(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let costs = [4, 50, 10_000][dice.below(3)];
        let mut day = Self {
            dice,
            costs,
            flow: Flow::new(),
            plain: Plain::default(),
            villages: Vec::new(),
            agents: Vec::new(),
            tasks: Vec::new(),
        };
        for _ in 0..=day.dice.below(3) {
            let curve = Curve {
                first: 0,
                step: day.dice.cost(3),
                units: NO_LIMIT,
            };
            let village = day.flow.add_agent(curve);
            day.plain.curves.insert(village, curve);
            day.villages.push(village);
        }
        for _ in 0..=day.dice.below(12) {
            day.agent_comes();
        }
        for _ in 0..day.dice.below(40) {
            day.task_comes();
        }
        day
    }

    fn a_curve(&mut self) -> Curve {
        Curve {
            first: self.dice.cost(self.costs),
            step: self.dice.cost(self.costs / 2),
            units: u32::try_from(self.dice.below(5)).unwrap(),
        }
    }

    fn agent_comes(&mut self) {
        let curve = self.a_curve();
        let agent = self.flow.add_agent(curve);
        self.plain.curves.insert(agent, curve);
        self.agents.push(agent);
        for task in self.tasks.clone() {
            if self.dice.below(3) == 0 {
                self.edge(task, agent);
            }
        }
    }

    fn edge(&mut self, task: Task, agent: Agent) {
        let cost = self.dice.cost(self.costs);
        self.flow.set_cost(task, agent, cost);
        self.plain
            .tasks
            .get_mut(&task)
            .unwrap()
            .2
            .insert(agent, cost);
    }

    fn task_comes(&mut self) {
        let units = u32::try_from(1 + self.dice.below(5) / 2).unwrap();
        let village = self.villages[self.dice.below(self.villages.len())];
        let way_out = (village, self.dice.cost(self.costs * 3));
        let mut edges = BTreeMap::new();
        for agent in self.agents.clone() {
            if self.dice.below(3) == 0 {
                edges.insert(agent, self.dice.cost(self.costs));
            }
        }
        let list: Vec<_> = edges.iter().map(|(agent, cost)| (*agent, *cost)).collect();
        let task = self.flow.add_task(units, way_out, &list);
        self.plain.tasks.insert(task, (units, way_out, edges));
        self.tasks.push(task);
    }

    fn something_happens(&mut self) {
        match self.dice.below(9) {
            0 if self.agents.len() < 15 => self.agent_comes(),
            1 if self.agents.len() > 1 => {
                let gone = self.agents.swap_remove(self.dice.below(self.agents.len()));
                self.flow.remove_agent(gone);
                self.plain.curves.remove(&gone);
                for task in self.plain.tasks.values_mut() {
                    task.2.remove(&gone);
                }
            }
            2 if self.tasks.len() < 60 => self.task_comes(),
            happening if !self.tasks.is_empty() => {
                let place = self.dice.below(self.tasks.len());
                self.a_task_changes(happening, self.tasks[place], place);
            }
            _ => {}
        }
    }

    fn a_task_changes(&mut self, happening: usize, task: Task, place: usize) {
        let agent = self.agents[self.dice.below(self.agents.len())];
        match happening {
            3 => {
                self.flow.remove_task(task);
                self.plain.tasks.remove(&task);
                self.tasks.swap_remove(place);
            }
            4 => self.edge(task, agent),
            5 => {
                self.flow.remove_edge(task, agent);
                self.plain.tasks.get_mut(&task).unwrap().2.remove(&agent);
            }
            6 => {
                let units = u32::try_from(self.dice.below(4)).unwrap();
                self.flow.set_units(task, units);
                self.plain.tasks.get_mut(&task).unwrap().0 = units;
            }
            7 => {
                let village = self.villages[self.dice.below(self.villages.len())];
                let cost = self.dice.cost(self.costs * 3);
                self.flow.set_way_out(task, village, cost);
                self.plain.tasks.get_mut(&task).unwrap().1 = (village, cost);
            }
            _ => {
                let curve = self.a_curve();
                self.flow.set_curve(agent, curve);
                self.plain.curves.insert(agent, curve);
            }
        }
    }

    /// Settled, proven, and as cheap as the same flow built from nothing.
    fn check(&mut self, from_nothing: bool) {
        assert!(self.flow.is_settled());
        assert_eq!(self.flow.cost(), self.flow.dual_bound());
        for agent in &self.agents {
            assert!(self.flow.load(*agent) <= self.flow.curve(*agent).units);
        }
        for (task, (units, _, edges)) in &self.plain.tasks {
            let serving: Vec<Agent> = self.flow.serving(*task).collect();
            assert!(serving.iter().all(|agent| edges.contains_key(agent)));
            let served = u32::try_from(serving.len()).unwrap();
            assert_eq!(served + self.flow.unserved(*task), *units);
        }
        if from_nothing {
            let mut again = self.plain.again();
            again.settle();
            assert_eq!(again.cost(), self.flow.cost());
        }
    }
}

#[test]
fn after_every_event_the_flow_is_proven_to_be_the_cheapest() {
    for seed in 0..150 {
        let mut day = Day::begin(seed);
        day.flow.settle();
        day.check(true);
        for event in 0..60 {
            day.something_happens();
            day.flow.settle();
            day.check(event % 6 == 0);
        }
    }
}

#[test]
fn many_events_may_be_settled_at_once() {
    for seed in 1_000..1_150 {
        let mut day = Day::begin(seed);
        for _ in 0..8 {
            for _ in 0..10 {
                day.something_happens();
            }
            day.flow.settle();
            day.check(true);
        }
    }
}

#[test]
fn an_approach_comes_as_near_as_it_was_asked_and_settles_to_the_cheapest() {
    for seed in 2_000..2_400 {
        let mut day = Day::begin(seed);
        let permille = [0, 1, 5, 50][day.dice.below(4)];
        day.flow.approach(permille);
        let cost = day.flow.cost();
        let gap = cost - day.flow.dual_bound();
        // The smallest raise is one a unit.
        let units: u32 = day.plain.tasks.values().map(|task| task.0).sum();
        let enough = (cost / 1_000 * permille).max(i64::from(units));
        assert!((0..=enough).contains(&gap), "{seed}: {gap} of {cost}");
        day.flow.settle();
        day.check(true);
    }
}

#[test]
fn settled_from_nothing_it_is_the_cheapest_whatever_was_there_before() {
    for seed in 4_000..4_400 {
        let mut day = Day::begin(seed);
        for _ in 0..day.dice.below(3) {
            day.something_happens();
            day.flow.settle_from_nothing();
            day.check(true);
        }
    }
}

#[test]
fn levelled_prices_never_prove_less_and_what_they_prove_is_known() {
    for seed in 3_000..3_400 {
        let mut day = Day::begin(seed);
        let raise = day.dice.cost(day.costs) + 1;
        let mut auction = auction::Auction::new(&mut day.flow);
        auction.raise = raise;
        auction.hold();
        let mut level = level::Level::new(&day.flow);
        let mut bound = day.flow.dual_bound();
        for fall in [0, raise, i64::MAX / 4] {
            assert_eq!(level.bound(&day.flow), bound, "{seed}");
            level.sweep(&mut day.flow, fall);
            let levelled = day.flow.dual_bound();
            assert!(levelled >= bound, "{seed}: {levelled} after {bound}");
            bound = levelled;
        }
        assert_eq!(level.bound(&day.flow), bound, "{seed}");
    }
}

#[test]
fn the_same_events_lead_to_the_same_units() {
    let played = |seed| {
        let mut day = Day::begin(seed);
        for _ in 0..30 {
            day.something_happens();
            day.flow.settle();
        }
        let units = |task: &Task| day.flow.serving(*task).collect::<Vec<_>>();
        day.tasks.iter().map(units).collect::<Vec<_>>()
    };
    for seed in 0..20 {
        assert_eq!(played(seed), played(seed));
    }
}

#[test]
fn one_agent_more_never_makes_it_dearer_and_one_task_more_never_cheaper() {
    for seed in 0..100 {
        let mut day = Day::begin(seed);
        day.flow.settle();
        let before = day.flow.cost();
        day.agent_comes();
        day.flow.settle();
        let with_agent = day.flow.cost();
        assert!(with_agent <= before);
        day.task_comes();
        day.flow.settle();
        assert!(day.flow.cost() >= with_agent);
    }
}

#[test]
fn what_has_gone_leaves_no_room_behind() {
    let mut day = Day::begin(7);
    for _ in 0..2_000 {
        day.something_happens();
        day.flow.settle();
    }
    assert!(day.flow.tasks.len() <= 61 && day.flow.agents.len() <= 18);
    let near: usize = day.flow.agents.iter().map(|agent| agent.near.len()).sum();
    let edges: usize = day.flow.tasks.iter().map(|task| task.edges.len()).sum();
    assert_eq!(near, edges);
}

#[test]
fn the_way_out_is_shared_fairly_when_its_steps_rise() {
    let mut flow = Flow::new();
    let rising = Curve {
        first: 0,
        step: 10,
        units: NO_LIMIT,
    };
    let [one, two] = [flow.add_agent(rising), flow.add_agent(rising)];
    let hand = flow.add_agent(Curve {
        first: 0,
        step: 0,
        units: 2,
    });
    // Three needs of the first village, one of the other, all alike: the one hand with two units goes twice to the first.
    let crowded = [0; 3].map(|_: i32| flow.add_task(1, (one, 100), &[(hand, 1)]));
    let alone = flow.add_task(1, (two, 100), &[(hand, 1)]);
    flow.settle();
    assert_eq!(
        crowded.map(|task| flow.unserved(task)).iter().sum::<u32>(),
        1
    );
    assert_eq!(flow.unserved(alone), 1);
}
