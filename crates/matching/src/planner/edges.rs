//! Which hands a want is weighed against: the cheapest of those near, whoever has a special claim, and where it would
//! go without, whoever makes the plan better.

use std::collections::BTreeMap;

use super::{KnownHand, KnownWant, Planner};
use crate::{
    flow::{Agent, Task},
    numbers::{SeenHand, SeenWant},
    weigh::{edge_m, most_worth_m, travel_m, unfit},
};

/// Candidates of a want, those with a special claim aside.
const CANDIDATES: usize = 20;
/// So many of the nearest are weighed to find them, since the nearest are not always the cheapest.
const WEIGHED: usize = 2 * CANDIDATES;

impl Planner {
    /// The candidates of a want with what each costs, and the cost of the last one.
    pub(super) fn candidates(&self, want: SeenWant) -> (Vec<(Agent, i64)>, i64) {
        let may = |agent: Agent| {
            let known = self.whose(agent);
            known.filter(|known| self.may(want, known.seen()))
        };
        let fits = |agent| self.flow.curve(agent).units > 0 && may(agent).is_some();
        let mut all = self.near.nearest(want, WEIGHED, fits);
        let claims = self.claims(want);
        all.extend(claims.iter().filter(|agent| may(**agent).is_some()));
        all.sort_unstable();
        all.dedup();
        let mut weighed: Vec<(i64, u128, Agent)> = all
            .into_iter()
            .filter_map(|agent| self.whose(agent))
            .map(|known| {
                let cost_m = edge_m(want, known.seen(), &self.weights);
                (cost_m, known.hand.id, known.agent)
            })
            .collect();
        weighed.sort_unstable();
        let last_m = weighed
            .get(CANDIDATES - 1)
            .map_or(i64::MAX, |(cost_m, ..)| *cost_m);
        let chosen = weighed
            .iter()
            .enumerate()
            .filter(|(place, (.., agent))| *place < CANDIDATES || claims.contains(agent))
            .map(|(_, (cost_m, _, agent))| (*agent, *cost_m));
        (chosen.collect(), last_m)
    }

    /// Those who are weighed however far they live.
    fn claims(&self, want: SeenWant) -> Vec<Agent> {
        let told = want.want.told.iter().map(|(hand, _)| hand);
        let ids = told.chain(&want.want.known_by).chain(&want.want.going);
        let village = want.numbers.area.village();
        let own = village.and_then(|village| self.patches.get(&village));
        ids.filter_map(|id| self.agents.get(id))
            .chain(own.into_iter().flatten())
            .copied()
            .collect()
    }

    /// Whether this hand may be given this want at all; those who hold it have theirs.
    fn may(&self, want: SeenWant, hand: SeenHand) -> bool {
        unfit(want, hand, &self.weights).is_none()
            && !want.want.held().any(|held| held == hand.hand.id)
    }

    /// Offers somebody who came, or has time again, to the wants that were there before him.
    pub(super) fn offer(&mut self, id: u128, stayed: &[u128]) {
        let Some(known_hand) = self.agents.get(&id).and_then(|agent| self.whose(*agent)) else {
            return;
        };
        let (hand, agent) = (known_hand.seen(), known_hand.agent);
        let mut found = Vec::new();
        for known in stayed.iter().filter_map(|want| self.wants.get(want)) {
            let want = known.seen();
            if self.flow.has_edge(known.task, agent) || !self.may(want, hand) {
                continue;
            }
            let cost_m = edge_m(want, hand, &self.weights);
            if cost_m < known.last_m || self.claims(want).contains(&agent) {
                found.push((known.task, cost_m));
            }
        }
        for (task, cost_m) in found {
            self.flow.set_cost(task, agent, cost_m);
        }
    }

    /// As long as a want goes without: looks at everybody with the skill for one who would make the plan better at
    /// the present prices. When there is none, no hand that was not looked at could (the proof of the flow holds for
    /// those edges too).
    pub(super) fn widen(&mut self) {
        loop {
            let mut without: Vec<&KnownWant> = self.wants.values().collect();
            without.retain(|known| self.flow.unserved(known.task) > 0);
            let mut free: BTreeMap<u32, Vec<(i64, &KnownHand)>> = BTreeMap::new();
            let mut found = Vec::new();
            for known in without {
                let kind = known.numbers.kind;
                let free = free.entry(kind).or_insert_with(|| self.free(kind));
                found.extend(self.better_hands(known, free));
            }
            if found.is_empty() {
                return;
            }
            for (task, agent, cost_m) in found {
                self.flow.set_cost(task, agent, cost_m);
            }
            self.flow.settle();
        }
    }

    /// Those with time who can serve a kind, with what a unit of theirs is worth now, the cheapest first.
    fn free(&self, kind: u32) -> Vec<(i64, &KnownHand)> {
        let skilled = self.near.skilled(kind);
        let skilled = skilled.filter_map(|agent| self.whose(agent));
        let mut free: Vec<_> = skilled
            .filter(|known| self.flow.curve(known.agent).units > 0)
            .map(|known| (self.flow.price(known.agent), known))
            .collect();
        free.sort_by_key(|(price, known)| (*price, known.agent));
        free
    }

    fn better_hands(
        &self,
        known: &KnownWant,
        free: &[(i64, &KnownHand)],
    ) -> Vec<(Task, Agent, i64)> {
        let want = known.seen();
        let pays = self.flow.pays(known.task).unwrap_or(i64::MIN);
        let most_worth_m = most_worth_m(want, &self.weights);
        let mut better: Vec<(i64, i64, Agent)> = free
            .iter()
            .take_while(|(price, _)| price - most_worth_m < pays)
            // The way alone rules nearly all of them out.
            .filter(|(price, known)| {
                price + travel_m(want, known.seen(), &self.weights) - most_worth_m < pays
            })
            .filter(|(_, hand)| !self.flow.has_edge(known.task, hand.agent))
            .filter(|(_, known)| self.may(want, known.seen()))
            .map(|(price, known)| {
                let cost_m = edge_m(want, known.seen(), &self.weights);
                (*price, cost_m, known.agent)
            })
            .filter(|(price, cost_m, _)| cost_m + price < pays)
            .map(|(price, cost_m, agent)| (cost_m + price, cost_m, agent))
            .collect();
        better.sort_unstable();
        better.truncate(CANDIDATES);
        better
            .into_iter()
            .map(|(_, cost_m, agent)| (known.task, agent, cost_m))
            .collect()
    }
}
