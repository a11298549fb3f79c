//! Everything that can happen to a flow. Each change leaves every task's units the cheapest it could take at the
//! present prices, by taking away those that are not, and notes what is to be settled.

use super::{Agent, AgentState, Curve, Edge, Flow, Task, TaskState, at, number};

impl Flow {
    /// An agent without edges. He costs what his first unit costs.
    pub fn add_agent(&mut self, curve: Curve) -> Agent {
        let index = self.free_agents.pop().unwrap_or_else(|| {
            self.agents.push(AgentState::default());
            self.prices.push(0);
            number(self.agents.len() - 1)
        });
        self.agents[at(index)].curve = curve;
        self.prices[at(index)] = curve.first;
        Agent(index)
    }

    /// Takes an agent away, with every edge to him. He must be nobody's way out.
    pub fn remove_agent(&mut self, agent: Agent) {
        for (task, _) in self.agents[at(agent.0)].near.clone() {
            self.remove_edge(Task(task), agent);
        }
        self.agents[at(agent.0)] = AgentState::default();
        self.loose.remove(&agent.0);
        self.free_agents.push(agent.0);
    }

    /// Changes what an agent's units cost and how many there are. None at all is how one leaves for a while.
    pub fn set_curve(&mut self, agent: Agent, curve: Curve) {
        self.agents[at(agent.0)].curve = curve;
        self.loose.insert(agent.0);
    }

    /// What an agent's units cost.
    #[must_use]
    pub fn curve(&self, agent: Agent) -> Curve {
        self.agents[at(agent.0)].curve
    }

    /// A task that wants units, from agents at these costs (each agent once), and otherwise through the way out: an
    /// agent without a limit, not among the edges.
    pub fn add_task(&mut self, units: u32, way_out: (Agent, i64), edges: &[(Agent, i64)]) -> Task {
        let index = self.free_tasks.pop().unwrap_or_else(|| {
            self.tasks.push(TaskState::default());
            self.only.push(TaskState::default().only());
            number(self.tasks.len() - 1)
        });
        for (agent, cost) in std::iter::once(&way_out).chain(edges) {
            self.agents[at(agent.0)].near.push((index, *cost));
            self.tasks[at(index)].edges.push(Edge {
                cost: *cost,
                agent: agent.0,
                taken: 0,
            });
        }
        self.tasks[at(index)].wants = units;
        self.short.insert(index);
        Task(index)
    }

    /// Takes a task away: done, or closed.
    pub fn remove_task(&mut self, task: Task) {
        let edges = std::mem::take(&mut self.tasks[at(task.0)].edges);
        for edge in edges {
            let agent = &mut self.agents[at(edge.agent)];
            forget_near(&mut agent.near, task.0);
            if edge.taken > 0 {
                forget(&mut agent.held, task.0);
                agent.load -= edge.taken;
                self.loose.insert(edge.agent);
            }
        }
        self.tasks[at(task.0)] = TaskState::default();
        self.note_only(task.0);
        self.short.remove(&task.0);
        self.free_tasks.push(task.0);
    }

    /// Changes how many units a task wants.
    pub fn set_units(&mut self, task: Task, units: u32) {
        self.tasks[at(task.0)].wants = units;
        self.note_only(task.0);
        self.short.insert(task.0);
        while self.tasks[at(task.0)].has > units {
            self.give_back_dearest(task.0);
        }
        // A wider way out may be cheaper than what is taken.
        self.give_back_what_is_dear(task.0);
    }

    /// Changes what an edge costs; makes it when there is none.
    pub fn set_cost(&mut self, task: Task, agent: Agent, cost: i64) {
        let edges = &mut self.tasks[at(task.0)].edges;
        if let Some(edge) = edges.iter_mut().find(|edge| edge.agent == agent.0) {
            edge.cost = cost;
            self.note_only(task.0);
            let near = &mut self.agents[at(agent.0)].near;
            if let Some(known) = near.iter_mut().find(|(known, _)| *known == task.0) {
                known.1 = cost;
            }
        } else {
            edges.push(Edge {
                cost,
                agent: agent.0,
                taken: 0,
            });
            self.agents[at(agent.0)].near.push((task.0, cost));
        }
        if self.agents[at(agent.0)].load == 0 {
            self.raise_over(task.0, agent.0, cost);
        } else {
            self.give_back_what_is_dear(task.0);
        }
    }

    /// Takes an edge away; not the way out. Nothing happens when there is none.
    pub fn remove_edge(&mut self, task: Task, agent: Agent) {
        let edges = &self.tasks[at(task.0)].edges;
        let Some(place) = edges.iter().position(|edge| edge.agent == agent.0) else {
            return;
        };
        if edges[place].taken > 0 {
            self.take(task.0, agent.0, -1);
            self.short.insert(task.0);
            self.loose.insert(agent.0);
        }
        self.tasks[at(task.0)].edges.remove(place);
        forget_near(&mut self.agents[at(agent.0)].near, task.0);
    }

    /// Moves a task to another way out, at another cost.
    pub fn set_way_out(&mut self, task: Task, way_out: Agent, cost: i64) {
        let Some(old) = self.tasks[at(task.0)].edges.first().copied() else {
            return;
        };
        if old.agent != way_out.0 {
            for _ in 0..old.taken {
                self.take(task.0, old.agent, -1);
                self.short.insert(task.0);
                self.loose.insert(old.agent);
            }
        }
        forget_near(&mut self.agents[at(old.agent)].near, task.0);
        self.agents[at(way_out.0)].near.push((task.0, cost));
        if let Some(edge) = self.tasks[at(task.0)].edges.first_mut() {
            edge.agent = way_out.0;
            edge.cost = cost;
        }
        self.note_only(task.0);
        self.give_back_what_is_dear(task.0);
    }

    /// An agent who has nothing to give back becomes as dear as it takes that a new edge to him tempts nobody yet.
    /// Settling lets his price fall until it does: one search for each unit, not one for each whom he tempts.
    fn raise_over(&mut self, task: u32, agent: u32, cost: i64) {
        let pays = self.pays(Task(task)).unwrap_or(i64::MIN);
        if pays.saturating_sub(cost) > self.prices[at(agent)] {
            self.prices[at(agent)] = pays - cost;
            self.loose.insert(agent);
        }
    }

    /// While an edge that could take a unit is cheaper than one that has: gives the dearest back.
    pub(super) fn give_back_what_is_dear(&mut self, task: u32) {
        loop {
            let state = &self.tasks[at(task)];
            let price = |edge: &Edge| edge.cost + self.prices[at(edge.agent)];
            let cheapest_open = state.open().map(price).min();
            let dearest_taken = state.taken().map(price).max();
            let (Some(open), Some(taken)) = (cheapest_open, dearest_taken) else {
                return;
            };
            if taken <= open {
                return;
            }
            self.give_back_dearest(task);
        }
    }

    fn give_back_dearest(&mut self, task: u32) {
        let taken = self.tasks[at(task)].taken();
        let dearest =
            taken.max_by_key(|edge| (edge.cost + self.prices[at(edge.agent)], edge.agent));
        let Some(agent) = dearest.map(|edge| edge.agent) else {
            return;
        };
        self.take(task, agent, -1);
        self.short.insert(task);
        self.loose.insert(agent);
    }

    /// One unit more or less on an edge.
    pub(super) fn take(&mut self, task: u32, agent: u32, change: i8) {
        let state = &mut self.tasks[at(task)];
        let giver = &mut self.agents[at(agent)];
        let Some(edge) = state.edges.iter_mut().find(|edge| edge.agent == agent) else {
            return;
        };
        if change > 0 {
            if edge.taken == 0 {
                giver.held.push(task);
            }
            edge.taken += 1;
            state.has += 1;
            giver.load += 1;
        } else {
            edge.taken -= 1;
            state.has -= 1;
            giver.load -= 1;
            if edge.taken == 0 {
                forget(&mut giver.held, task);
            }
        }
        self.note_only(task);
    }

    pub(super) fn note_only(&mut self, task: u32) {
        self.only[at(task)] = self.tasks[at(task)].only();
    }
}

fn forget_near(list: &mut Vec<(u32, i64)>, task: u32) {
    if let Some(place) = list.iter().position(|(each, _)| *each == task) {
        list.swap_remove(place);
    }
}

fn forget(list: &mut Vec<u32>, what: u32) {
    if let Some(place) = list.iter().position(|each| *each == what) {
        list.swap_remove(place);
    }
}
