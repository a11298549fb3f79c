//! A flow written down plainly, for ours and for solvers of others alike.

use std::io;

use jitasa_matching::flow::{Agent, Curve, Flow, NO_LIMIT, Task};

/// Agents by their place in the list; tasks with their way out and edges, each an agent and a cost.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    pub(crate) agents: Vec<Curve>,
    pub(crate) tasks: Vec<GivenTask>,
}

/// One task.
#[derive(Debug, Clone)]
pub(crate) struct GivenTask {
    pub(crate) units: u32,
    pub(crate) way_out: (usize, i64),
    pub(crate) edges: Vec<(usize, i64)>,
}

impl Given {
    /// Ours, not settled yet, with the handles in the order of the lists.
    pub(crate) fn flow(&self) -> (Flow, Vec<Agent>, Vec<Task>) {
        let mut flow = Flow::new();
        let agents: Vec<Agent> = self
            .agents
            .iter()
            .map(|curve| flow.add_agent(*curve))
            .collect();
        let mut edges = Vec::new();
        let mut tasks = Vec::with_capacity(self.tasks.len());
        for task in &self.tasks {
            edges.clear();
            edges.extend(
                task.edges
                    .iter()
                    .map(|(agent, cost)| (agents[*agent], *cost)),
            );
            let way_out = (agents[task.way_out.0], task.way_out.1);
            tasks.push(flow.add_task(task.units, way_out, &edges));
        }
        (flow, agents, tasks)
    }

    /// For the others, as `tests/oracle/min_cost_flow.py` reads it.
    pub(crate) fn write(&self, out: &mut impl io::Write) -> io::Result<()> {
        writeln!(out, "given {} {}", self.agents.len(), self.tasks.len())?;
        for Curve { first, step, units } in &self.agents {
            let units = if *units == NO_LIMIT {
                -1
            } else {
                i64::from(*units)
            };
            writeln!(out, "{first} {step} {units}")?;
        }
        for task in &self.tasks {
            write!(out, "{} {} {}", task.units, task.way_out.0, task.way_out.1)?;
            for (agent, cost) in &task.edges {
                write!(out, " {agent} {cost}")?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}
