//! Reads the plan out of the flow, with reasons.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{Because, Change, KnownHand, KnownWant, Plan, PlanLine, Planner, Unserved};
use crate::{
    Told, Want, WhyNot,
    area::Area,
    numbers::SeenWant,
    weigh::{busy, unfit, weighed},
};

impl Planner {
    /// The plan as it is.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan {
            lines: self
                .wants
                .values()
                .flat_map(|known| self.lines(known))
                .collect(),
            unserved: self.unserved(),
            cost_m: self.flow.cost(),
            bound_m: self.flow.dual_bound(),
        }
    }

    fn lines(&self, known: &KnownWant) -> impl Iterator<Item = PlanLine> {
        let want = &known.want;
        let serving = self.flow.serving(known.task);
        let mut chosen: Vec<&KnownHand> = serving.filter_map(|agent| self.whose(agent)).collect();
        chosen.sort_unstable_by_key(|known| known.hand.id);
        let is_chosen = |id: u128| chosen.iter().any(|known| known.hand.id == id);
        let mut dropped: Vec<u128> = want
            .told
            .iter()
            .filter(|(hand, told)| *told != Told::Held && !is_chosen(*hand))
            .map(|(hand, _)| *hand)
            .collect();
        dropped.sort_unstable();
        let mut dropped = dropped.into_iter();
        chosen.into_iter().map(move |known_hand| {
            let hand = &known_hand.hand;
            let fixed_tasks = known_hand.fixed_tasks;
            let weighed = weighed(known.seen(), known_hand.seen(), &self.weights, fixed_tasks);
            let change = match want.told(hand.id) {
                Some(told) => Change::Keep(told),
                None => dropped.next().map_or(Change::New, Change::Instead),
            };
            PlanLine {
                want: want.id,
                hand: hand.id,
                why: weighed.why,
                parts: weighed.parts,
                distance_m: weighed.distance_m,
                tasks: fixed_tasks + self.flow.load(known_hand.agent),
                max_open_tasks: hand.max_open_tasks,
                change,
            }
        })
    }

    fn unserved(&self) -> Vec<Unserved> {
        let mut without: Vec<&KnownWant> = self
            .wants
            .values()
            .filter(|known| self.flow.unserved(known.task) > 0)
            .collect();
        let pressing = |want: &Want| self.weights.unserved_m(want.urgency_rank, want.waiting_min);
        without.sort_by_cached_key(|known| (Reverse(pressing(&known.want)), known.want.id));
        // Hundreds of needs of one kind in one area are refused by the same people for the same reasons.
        let mut asked: BTreeMap<(u32, Area), Vec<(WhyNot, u32)>> = BTreeMap::new();
        let of = |known: &'_ KnownWant, refused: Vec<(WhyNot, u32)>| Unserved {
            want: known.want.id,
            hands: self.flow.unserved(known.task),
            because: self.because(known.numbers.kind, &refused),
            refused,
        };
        without
            .into_iter()
            .map(|known| {
                let want = known.seen();
                if !known.want.barred.is_empty() {
                    return of(known, self.refused(want));
                }
                let key = (known.numbers.kind, known.numbers.area);
                let refused = asked.entry(key).or_insert_with(|| self.refused(want));
                of(known, refused.clone())
            })
            .collect()
    }

    /// How many of those with the skill cannot come, by reason.
    fn refused(&self, want: SeenWant) -> Vec<(WhyNot, u32)> {
        let mut count: BTreeMap<WhyNot, u32> = BTreeMap::new();
        let skilled = self.near.skilled(want.numbers.kind);
        for known in skilled.filter_map(|agent| self.whose(agent)) {
            let why = unfit(want, known.seen(), &self.weights)
                .or_else(|| busy(&known.hand, known.fixed_tasks));
            if let Some(why) = why {
                *count.entry(why).or_default() += 1;
            }
        }
        count.into_iter().collect()
    }

    fn because(&self, kind: u32, refused: &[(WhyNot, u32)]) -> Because {
        let skilled = u32::try_from(self.near.skilled(kind).count()).unwrap_or(u32::MAX);
        let of = |why: WhyNot| {
            refused
                .iter()
                .find(|(each, _)| *each == why)
                .map_or(0, |(_, count)| *count)
        };
        let allowed = skilled - of(WhyNot::NotVetted) - of(WhyNot::Barred) - of(WhyNot::OutOfArea);
        if skilled == 0 {
            Because::NobodyWithSkill
        } else if allowed == 0 {
            Because::NobodyAllowed
        } else if allowed == of(WhyNot::Away) {
            Because::AllAway
        } else if allowed == of(WhyNot::Away) + of(WhyNot::Full) {
            Because::AllFull
        } else {
            Because::AllNeededElsewhere
        }
    }
}
