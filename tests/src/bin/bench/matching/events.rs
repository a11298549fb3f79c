//! One thing after another happens to a settled flow, and each is settled exactly before the next. The peer can only
//! solve the whole again.

use jitasa_matching::flow::{Agent, Curve, Flow, Task};

use super::{
    cpu_ms, figure,
    made_up::{Dice, MadeUp},
    median, percentile,
};
use crate::Outcome;

/// Events a size: enough for a 99th percentile.
pub(super) const COUNT: usize = 2_000;
/// An event is to take a fiftieth of what solving again takes.
const GOAL: f64 = 0.02;

struct Day<'a> {
    dice: Dice,
    made_up: &'a MadeUp,
    come: usize,
    flow: Flow,
    agents: Vec<Agent>,
    tasks: Vec<Task>,
    /// Volunteers who left, with what they had.
    left: Vec<(Agent, Curve)>,
}

/// Median and 99th percentile of an event beside one solution of the peer.
pub(super) fn figures(
    size: &str,
    made_up: &MadeUp,
    peer: Option<(&str, f64)>,
) -> Outcome<Vec<String>> {
    let (mut flow, agents, tasks) = made_up.given.flow();
    flow.settle_from_nothing();
    let mut day = Day {
        dice: Dice(7),
        made_up,
        come: 0,
        flow,
        agents,
        tasks,
        left: Vec::new(),
    };
    let mut samples = Vec::with_capacity(COUNT);
    for event in 0..COUNT {
        let ((), ms) = cpu_ms(|| {
            day.something_happens();
            day.flow.settle();
        })?;
        samples.push(ms);
        if event % 200 == 0 && day.flow.cost() != day.flow.dual_bound() {
            return Err(format!("event {event} is not proven").into());
        }
    }
    let [p50, p99] = [median(&samples), percentile(&samples, 99)];
    Ok(vec![
        figure(&format!("matching.{size}.event.p50"), p50, peer, GOAL),
        figure(&format!("matching.{size}.event.p99"), p99, peer, GOAL),
    ])
}

impl Day<'_> {
    fn something_happens(&mut self) {
        let place = self.dice.place(self.tasks.len());
        let task = self.tasks[place];
        let volunteers = self.agents.len() - self.made_up.villages;
        let agent = self.agents[self.made_up.villages + self.dice.place(volunteers)];
        match self.dice.below(8) {
            0 | 1 => {
                self.flow.remove_task(task);
                self.tasks.swap_remove(place);
            }
            2 | 3 => self.a_need_comes(),
            4 => {
                // Declined: by whoever was asked, or by one who was not.
                let asked = self.flow.serving(task).next().unwrap_or(agent);
                self.flow.remove_edge(task, asked);
            }
            5 => {
                let curve = self.flow.curve(agent);
                let units = if self.dice.below(2) == 0 {
                    curve.units + 1
                } else {
                    curve.units.saturating_sub(1)
                };
                self.flow.set_curve(agent, Curve { units, ..curve });
            }
            6 => {
                let curve = self.flow.curve(agent);
                self.left.push((agent, curve));
                self.flow.set_curve(agent, Curve { units: 0, ..curve });
            }
            _ => {
                if let Some((agent, curve)) = self.left.pop() {
                    self.flow.set_curve(agent, curve);
                }
            }
        }
    }

    fn a_need_comes(&mut self) {
        let Some(need) = self.made_up.to_come.get(self.come) else {
            return;
        };
        self.come += 1;
        let edges: Vec<_> = need
            .edges
            .iter()
            .map(|(agent, cost)| (self.agents[*agent], *cost))
            .collect();
        let way_out = (self.agents[need.way_out.0], need.way_out.1);
        self.tasks
            .push(self.flow.add_task(need.units, way_out, &edges));
    }
}
