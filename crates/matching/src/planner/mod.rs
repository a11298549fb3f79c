//! One plan for all open needs, kept the best there is while the day goes on.
//!
//! Turns wants and hands into a [`Flow`]: a task for each want, an agent for each hand, and an agent without a limit
//! for each village, which takes the needs that stay without hands. What is held is not in the flow: it makes the
//! want smaller and the hand busier. Each want has edges to its nearest candidates and to all who have a special claim
//! (own patch, known household, told already); where hands are so scarce that a want would go without, everybody else
//! with the skill is looked at too, so that nobody goes without who need not.
//!
//! Knows no store and no clock: the caller brings the whole picture each time, and this finds what is new in it.

mod edges;
mod near;
mod plan;
mod read;

use std::collections::{BTreeMap, BTreeSet};

pub use plan::{Because, Change, Plan, PlanLine, Unserved};

use crate::{
    Hand, Want, Weights,
    area::Area,
    flow::{Agent, Curve, Flow, NO_LIMIT, Task},
    numbers::{Codes, HandNumbers, SeenHand, SeenWant, WantNumbers},
    weigh::busy,
    weights::waiting_step_min,
};

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct Planner {
    weights: Weights,
    flow: Flow,
    codes: Codes,
    wants: BTreeMap<u128, KnownWant>,
    agents: BTreeMap<u128, Agent>,
    /// By their agents' places; a village has none.
    hands: Vec<Option<KnownHand>>,
    /// By area: where needs without hands are counted.
    villages: BTreeMap<Area, Agent>,
    near: near::Near,
    /// Who answers in a village.
    patches: BTreeMap<Area, BTreeSet<Agent>>,
}

#[derive(Debug, Clone)]
struct KnownWant {
    want: Want,
    numbers: WantNumbers,
    task: Task,
    /// The cost of its last candidate: who costs more is none. [`i64::MAX`] where there were too few.
    last_m: i64,
}

#[derive(Debug, Clone)]
struct KnownHand {
    hand: Hand,
    numbers: HandNumbers,
    agent: Agent,
    /// What he has to do whatever the plan says: his open tasks, and what he holds of the wants.
    fixed_tasks: u32,
}

impl KnownWant {
    const fn seen(&self) -> SeenWant<'_> {
        SeenWant {
            want: &self.want,
            numbers: &self.numbers,
        }
    }
}

impl KnownHand {
    const fn seen(&self) -> SeenHand<'_> {
        SeenHand {
            hand: &self.hand,
            numbers: &self.numbers,
        }
    }
}

/// Changes in more than one of so many wants and hands are a new day: it is quicker to begin again.
const NEW_DAY: usize = 3;

impl Planner {
    /// Makes the plan for a whole picture.
    #[must_use]
    pub fn new(wants: &[Want], hands: &[Hand], weights: &Weights) -> Self {
        let mut planner = Self {
            weights: *weights,
            ..Self::default()
        };
        planner.repair(wants, hands);
        planner
    }

    /// Takes the whole new picture and repairs the plan where it differs from the one before. Nothing new is nothing
    /// done; waiting is new only when it reaches its next step (a quarter of an hour, later an hour). Of two wants or
    /// hands with one id the last counts.
    pub fn update(&mut self, wants: &[Want], hands: &[Hand], weights: &Weights) {
        let known = self.wants.len() + self.agents.len();
        if self.weights != *weights || self.differing(wants, hands) * NEW_DAY > known {
            *self = Self::new(wants, hands, weights);
        } else {
            self.repair(wants, hands);
        }
    }

    fn differing(&self, wants: &[Want], hands: &[Hand]) -> usize {
        let known = |want: &&Want| {
            self.wants
                .get(&want.id)
                .is_some_and(|known| known.want.kind == want.kind)
        };
        let same = wants.iter().filter(known).count()
            + hands
                .iter()
                .filter(|hand| self.agents.contains_key(&hand.id))
                .count();
        (wants.len() + hands.len() - same)
            + (self.wants.len() + self.agents.len()).saturating_sub(same)
    }

    fn repair(&mut self, wants: &[Want], hands: &[Hand]) {
        let begins = self.wants.is_empty();
        let wants: BTreeMap<u128, &Want> = wants.iter().map(|want| (want.id, want)).collect();
        let hands: BTreeMap<u128, &Hand> = hands.iter().map(|hand| (hand.id, hand)).collect();
        self.forget(&wants, &hands);
        let came = self.meet_hands(&wants, &hands);
        let stayed = self.meet_wants(&wants);
        for hand in came {
            self.offer(hand, &stayed);
        }
        if begins {
            self.flow.settle_from_nothing();
        } else {
            self.flow.settle();
        }
        self.widen();
    }

    /// Whatever is not in the picture any more.
    fn forget(&mut self, wants: &BTreeMap<u128, &Want>, hands: &BTreeMap<u128, &Hand>) {
        let flow = &mut self.flow;
        self.wants.retain(|id, known| {
            let stays = wants.contains_key(id);
            if !stays {
                flow.remove_task(known.task);
            }
            stays
        });
        let gone: Vec<u128> = self
            .agents
            .keys()
            .filter(|id| !hands.contains_key(id))
            .copied()
            .collect();
        for id in gone {
            self.drop_hand(id);
        }
    }

    /// Whoever an agent stands for; a village is nobody.
    fn whose(&self, agent: Agent) -> Option<&KnownHand> {
        self.hands.get(agent.place())?.as_ref()
    }

    fn drop_hand(&mut self, id: u128) {
        let Some(agent) = self.agents.remove(&id) else {
            return;
        };
        self.flow.remove_agent(agent);
        let place = self.hands.get_mut(agent.place());
        let Some(known) = place.and_then(Option::take) else {
            return;
        };
        self.near.remove(known.seen());
        for village in &known.numbers.patch {
            if let Some(who) = self.patches.get_mut(village) {
                who.remove(&agent);
            }
        }
    }

    fn add_hand(&mut self, hand: &Hand, fixed_tasks: u32, curve: Curve) {
        let agent = self.flow.add_agent(curve);
        let known = KnownHand {
            hand: hand.clone(),
            numbers: self.codes.new_hand(hand),
            agent,
            fixed_tasks,
        };
        self.near.insert(known.seen(), agent);
        for village in &known.numbers.patch {
            self.patches.entry(*village).or_default().insert(agent);
        }
        if self.hands.len() <= agent.place() {
            self.hands.resize(agent.place() + 1, None);
        }
        self.hands[agent.place()] = Some(known);
        self.agents.insert(hand.id, agent);
    }

    /// Takes hands in; answers those who may be of use where they were not before.
    fn meet_hands(
        &mut self,
        wants: &BTreeMap<u128, &Want>,
        hands: &BTreeMap<u128, &Hand>,
    ) -> Vec<u128> {
        let mut held: BTreeMap<u128, u32> = BTreeMap::new();
        for hand in wants.values().flat_map(|want| want.held()) {
            *held.entry(hand).or_default() += 1;
        }
        let mut came = Vec::new();
        for (id, hand) in hands {
            let fixed_tasks = hand.open_tasks + held.get(id).copied().unwrap_or(0);
            let curve = self.curve(hand, fixed_tasks);
            let agent = self.agents.get(id);
            let known = agent.and_then(|agent| self.hands.get_mut(agent.place())?.as_mut());
            if let Some(known) = known.filter(|known| same_but_load(&known.hand, hand)) {
                let before = self.flow.curve(known.agent);
                if before != curve {
                    self.flow.set_curve(known.agent, curve);
                }
                if before.units == 0 && curve.units > 0 {
                    came.push(*id);
                }
                take_load(&mut known.hand, hand);
                known.fixed_tasks = fixed_tasks;
                continue;
            }
            self.drop_hand(*id);
            self.add_hand(hand, fixed_tasks, curve);
            came.push(*id);
        }
        came
    }

    /// Takes wants in; answers those that were there before, as they were.
    fn meet_wants(&mut self, wants: &BTreeMap<u128, &Want>) -> Vec<u128> {
        let mut stayed = Vec::new();
        for (id, want) in wants {
            let unserved_m = self.weights.unserved_m(want.urgency_rank, want.waiting_min);
            let way_out = (self.village(Area::of(&want.area_code)), unserved_m);
            if let Some(known) = self.wants.get_mut(id) {
                if same_but_waiting(&known.want, want) {
                    if waiting_step_min(known.want.waiting_min)
                        != waiting_step_min(want.waiting_min)
                    {
                        self.flow.set_way_out(known.task, way_out.0, way_out.1);
                    }
                    known.want.waiting_min = want.waiting_min;
                    stayed.push(*id);
                    continue;
                }
                self.flow.remove_task(known.task);
            }
            let numbers = self.codes.want(want);
            let seen = SeenWant {
                want,
                numbers: &numbers,
            };
            let (edges, last_m) = self.candidates(seen);
            let known = KnownWant {
                task: self.flow.add_task(want.open_hands(), way_out, &edges),
                want: (*want).clone(),
                numbers,
                last_m,
            };
            self.wants.insert(*id, known);
        }
        stayed
    }

    fn curve(&self, hand: &Hand, fixed_tasks: u32) -> Curve {
        let free = hand.max_open_tasks.saturating_sub(fixed_tasks);
        Curve {
            first: self.weights.load_m() * i64::from(fixed_tasks),
            step: self.weights.load_m(),
            units: if busy(hand, fixed_tasks).is_none() {
                free
            } else {
                0
            },
        }
    }

    fn village(&mut self, area: Area) -> Agent {
        if let Some(agent) = self.villages.get(&area) {
            return *agent;
        }
        let agent = self.flow.add_agent(Curve {
            first: 0,
            step: self.weights.fairness_m(),
            units: NO_LIMIT,
        });
        self.villages.insert(area, agent);
        agent
    }
}

/// Nothing differs but what a curve says.
fn same_but_load(one: &Hand, other: &Hand) -> bool {
    let Hand {
        id,
        skills,
        patch,
        area_code,
        at,
        reach,
        equipment,
        vehicle,
        seats,
        open_tasks: _,
        max_open_tasks: _,
        available: _,
        vetted,
    } = one;
    *id == other.id
        && *skills == other.skills
        && *patch == other.patch
        && *area_code == other.area_code
        && *at == other.at
        && *reach == other.reach
        && *equipment == other.equipment
        && *vehicle == other.vehicle
        && *seats == other.seats
        && *vetted == other.vetted
}

/// What [`same_but_load`] leaves out.
const fn take_load(known: &mut Hand, now: &Hand) {
    known.open_tasks = now.open_tasks;
    known.max_open_tasks = now.max_open_tasks;
    known.available = now.available;
}

fn same_but_waiting(one: &Want, other: &Want) -> bool {
    let Want {
        id,
        kind,
        area_code,
        house,
        at,
        urgency_rank,
        waiting_min: _,
        hands,
        helpful,
        passengers,
        lying,
        barred,
        told,
        known_by,
        silent,
        going,
    } = one;
    *id == other.id
        && *kind == other.kind
        && *area_code == other.area_code
        && *house == other.house
        && *at == other.at
        && *urgency_rank == other.urgency_rank
        && *hands == other.hands
        && *helpful == other.helpful
        && *passengers == other.passengers
        && *lying == other.lying
        && *barred == other.barred
        && *told == other.told
        && *known_by == other.known_by
        && *silent == other.silent
        && *going == other.going
}

#[cfg(test)]
mod tests;
