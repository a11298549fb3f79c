//! Needs and hands as a sparse min-cost flow with convex costs, kept exactly optimal while it changes.
//!
//! *Tasks* want units, at most one from each *agent* they have an edge to. An agent's units cost more the more of them
//! are taken ([`Curve`]) and may be few. A task's first edge is its *way out*: as many units as it wants, to an agent
//! without a limit, so that everything can always be met. (Here the way out is an unserved need, and that agent
//! its village.) The sum of what edges and units cost is the least there is. All numbers are integers.
//!
//! Beside the units it keeps a price for each agent. Once [`settled`](Flow::settle):
//!
//! - a task pays for its units at most what any other edge of it would cost, the agents' prices added;
//! - an agent's last unit costs at most his price, the next one at least that.
//!
//! This is complementary slackness: prices like these prove that nothing is cheaper, and [`Flow::dual_bound`] adds up
//! the proof. Every change keeps the first sentence by taking units away, and notes whose second one may be broken;
//! settling then repairs what was noted by shortest paths over reduced costs, each ending at the first place that
//! takes or gives a unit, so that a small change touches little. (Ahuja, Magnanti, Orlin, *Network Flows*, ch. 9;
//! Bertsekas, *Network Optimization*, ch. 7, for the auction that begins.)
//!
//! Knows no need, no volunteer, no metres. Ties are broken by the order in which things were added.

mod approach;
mod auction;
mod bound;
mod change;
mod curve;
mod level;
mod search;

use std::collections::BTreeSet;

pub use curve::{Curve, NO_LIMIT};

/// A task's handle. Taken again by a later one when its task is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Task(u32);

/// An agent's handle. Taken again by a later one when its agent is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Agent(u32);

impl Agent {
    /// His place in a list that the caller keeps beside the flow: small, and taken again with the handle.
    #[must_use]
    pub const fn place(self) -> usize {
        at(self.0)
    }
}

/// The flow. See the module.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    tasks: Vec<TaskState>,
    agents: Vec<AgentState>,
    /// By agent, apart from the rest of his state: every search reads these and little else.
    prices: Vec<i64>,
    /// By task, for the searches that ask hundreds at a time what they pay: the edge by which it has all it wants.
    only: Vec<Only>,
    free_tasks: Vec<u32>,
    free_agents: Vec<u32>,
    /// Tasks that may lack units, and agents whose price may not fit their load.
    short: BTreeSet<u32>,
    loose: BTreeSet<u32>,
    /// An auction left everything nearly right: what is promised above does not hold yet.
    rough: bool,
    search: search::Search,
}

#[derive(Debug, Clone, Default)]
struct TaskState {
    wants: u32,
    has: u32,
    /// The way out is the first.
    edges: Vec<Edge>,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    cost: i64,
    agent: u32,
    /// Units taken: at most one, but for the way out.
    taken: u32,
}

#[derive(Debug, Clone, Default)]
struct AgentState {
    curve: Curve,
    load: u32,
    /// Tasks with an edge to him, and what it costs.
    near: Vec<(u32, i64)>,
    /// Those of them that take units of his.
    held: Vec<u32>,
}

/// The edge of a task that wants one unit and has it; [`NOBODY`]'s for others.
#[derive(Debug, Clone, Copy)]
struct Only {
    cost: i64,
    agent: u32,
}

/// No agent.
const NOBODY: u32 = u32::MAX;

impl TaskState {
    fn only(&self) -> Only {
        let edge = self.taken().next().filter(|_| self.wants == 1);
        edge.map_or(
            Only {
                cost: 0,
                agent: NOBODY,
            },
            |edge| Only {
                cost: edge.cost,
                agent: edge.agent,
            },
        )
    }

    /// Edges that could take a unit more.
    fn open(&self) -> impl Iterator<Item = &Edge> {
        let wants = self.wants;
        let mut edges = self.edges.iter();
        let way_out = edges.next().filter(move |edge| edge.taken < wants);
        way_out
            .into_iter()
            .chain(edges.filter(|edge| edge.taken == 0))
    }

    fn taken(&self) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(|edge| edge.taken > 0)
    }

    fn edge_to(&self, agent: u32) -> Option<&Edge> {
        self.edges.iter().find(|edge| edge.agent == agent)
    }
}

impl Flow {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Agents a task takes units of, the way out left out, in the order of their edges.
    pub fn serving(&self, task: Task) -> impl Iterator<Item = Agent> + '_ {
        let edges = self.tasks[at(task.0)].edges.iter().skip(1);
        edges
            .filter(|edge| edge.taken > 0)
            .map(|edge| Agent(edge.agent))
    }

    /// Units that a task takes through its way out.
    #[must_use]
    pub fn unserved(&self, task: Task) -> u32 {
        self.tasks[at(task.0)]
            .edges
            .first()
            .map_or(0, |edge| edge.taken)
    }

    /// How many units of an agent are taken.
    #[must_use]
    pub fn load(&self, agent: Agent) -> u32 {
        self.agents[at(agent.0)].load
    }

    /// What a further unit of an agent is worth at present.
    #[must_use]
    pub fn price(&self, agent: Agent) -> i64 {
        self.prices[at(agent.0)]
    }

    /// What the dearest unit of a task costs it, prices added: an edge that costs less with its agent's price added
    /// would make the whole cheaper. `None` for a task that takes nothing.
    #[must_use]
    pub fn pays(&self, task: Task) -> Option<i64> {
        let taken = self.tasks[at(task.0)].taken();
        taken
            .map(|edge| edge.cost + self.prices[at(edge.agent)])
            .max()
    }

    /// Whether a task has an edge to an agent.
    #[must_use]
    pub fn has_edge(&self, task: Task, agent: Agent) -> bool {
        self.tasks[at(task.0)].edge_to(agent.0).is_some()
    }
}

/// A handle as a place in a list.
const fn at(index: u32) -> usize {
    index as usize
}

/// A place in a list as a handle's number.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
