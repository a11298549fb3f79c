//! What the flow costs, and the proof that it cannot cost less.

use super::{Flow, NO_LIMIT, at};

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
        let mut sum = 0;
        let mut offers = Vec::new();
        for task in &self.tasks {
            if task.wants == 1 {
                // Nearly all are; no need to put their offers in order.
                let prices = task
                    .edges
                    .iter()
                    .map(|edge| edge.cost + self.prices[at(edge.agent)]);
                sum += prices.min().unwrap_or(0);
                continue;
            }
            offers.clear();
            let prices = task.edges.iter().enumerate().map(|(place, edge)| {
                let units = if place == 0 { NO_LIMIT } else { 1 };
                (edge.cost + self.prices[at(edge.agent)], units)
            });
            offers.extend(prices);
            offers.sort_unstable();
            let mut lacking = task.wants;
            for (price, units) in &offers {
                let bought = lacking.min(*units);
                sum += price * i64::from(bought);
                lacking -= bought;
            }
        }
        for (agent, price) in self.agents.iter().zip(&self.prices) {
            let Some(earned) = agent.curve.earns(*price) else {
                return i64::MIN;
            };
            sum -= earned;
        }
        sum
    }
}
