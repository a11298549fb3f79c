//! What the flow costs, and the proof that it cannot cost less.

use super::{Edge, Flow, NO_LIMIT, TaskState, at};

impl Flow {
    /// What all edges and units cost, with every task that still lacks units taken to go through its way out. Settled,
    /// it is the least there is.
    #[must_use]
    pub fn cost(&self) -> i64 {
        let mut loads: Vec<u32> = self.agents.iter().map(|agent| agent.load).collect();
        let mut sum = 0;
        for task in &self.tasks {
            let taken = task
                .edges
                .iter()
                .map(|edge| edge.cost * i64::from(edge.taken));
            sum += taken.sum::<i64>();
            if let Some(way_out) = task.edges.first() {
                let lacking = task.wants - task.has;
                sum += way_out.cost * i64::from(lacking);
                loads[at(way_out.agent)] += lacking;
            }
        }
        let units = self.agents.iter().zip(loads);
        sum + units
            .map(|(agent, load)| agent.curve.total(load))
            .sum::<i64>()
    }

    /// What nothing can cost less than, by the present prices (weak duality): each task buys its cheapest edges, each
    /// agent sells what he gains by. Equal to [`Flow::cost`] exactly when both are right; settled, they are.
    /// [`i64::MIN`] when the prices prove nothing.
    #[must_use]
    pub fn dual_bound(&self) -> i64 {
        let Some(earned) = self.earns() else {
            return i64::MIN;
        };
        let bought = self.tasks.iter().map(|task| self.buys(task));
        bought.sum::<i64>() - earned
    }

    /// What a task's units cost where they are the cheapest.
    pub(super) fn buys(&self, task: &TaskState) -> i64 {
        let price = |edge: &Edge| edge.cost + self.prices[at(edge.agent)];
        if task.wants == 1 {
            // Nearly all are; no need to put their offers in order.
            return task.edges.iter().map(price).min().unwrap_or(0);
        }
        let offers = task.edges.iter().enumerate();
        let mut offers: Vec<(i64, u32)> = offers
            .map(|(place, edge)| (price(edge), if place == 0 { NO_LIMIT } else { 1 }))
            .collect();
        offers.sort_unstable();
        let (mut sum, mut lacking) = (0, task.wants);
        for (price, units) in offers {
            let bought = lacking.min(units);
            sum += price * i64::from(bought);
            lacking -= bought;
        }
        sum
    }

    /// What all agents gain by selling; `None` when it has no end.
    pub(super) fn earns(&self) -> Option<i64> {
        let agents = self.agents.iter().zip(&self.prices);
        agents.map(|(agent, price)| agent.curve.earns(*price)).sum()
    }
}
