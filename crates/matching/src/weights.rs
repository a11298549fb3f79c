//! What the office finds important, in metres: how much further one would send somebody for it.
//!
//! The office sets each weight in words ([`Step`]); this file alone knows the numbers behind the words. The defaults
//! keep the order of a district office: nobody left without hands, then those who know the house, then the way, then
//! even work, then what was said already, then fairness between villages.

use crate::reason::coded;

coded! {
    /// How much a weight counts, in the office's words.
    pub enum Step {
        /// Not at all.
        None = "none",
        /// Half.
        Low = "low",
        /// As it comes.
        Normal = "normal",
        /// Twice.
        High = "high",
        /// Four times.
        VeryHigh = "very_high",
    }
}

impl Step {
    /// The step of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.code() == code)
    }

    /// So much of a default.
    const fn of(self, metres: i64) -> i64 {
        match self {
            Self::None => 0,
            Self::Low => metres / 2,
            Self::Normal => metres,
            Self::High => metres * 2,
            Self::VeryHigh => metres * 4,
        }
    }
}

/// The office's weights, in the order in which they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    /// Urgency and waiting of a need, when there are not enough hands. `None`: all needs alike.
    pub unserved: Step,
    /// Own houses, own village, known household.
    pub patch: Step,
    /// Equipment and vehicles that help.
    pub equipment: Step,
    /// The way.
    pub travel: Step,
    /// Even work: each further task costs more than the one before.
    pub load: Step,
    /// What somebody was told costs to change.
    pub stability: Step,
    /// Each further need without hands in the same village costs more.
    pub fairness: Step,
    /// Whether only vetted volunteers are sent.
    pub require_vetted: bool,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            unserved: Step::Normal,
            patch: Step::Normal,
            equipment: Step::Normal,
            travel: Step::Normal,
            load: Step::Normal,
            stability: Step::Normal,
            fairness: Step::Normal,
            require_vetted: false,
        }
    }
}

/// A need without hands, whatever it is: more than any way, load and reason together can come to within an office.
const NO_HANDS_M: i64 = 2_000_000;
/// What urgency adds for a need that was just reported: by rank, each four times the one before.
const URGENCY_M: [i64; 4] = [50_000, 200_000, 800_000, 3_200_000];
/// Waiting adds to urgency until it has doubled it, so that a need never overtakes one of a higher rank that waited as long.
const WAITING_FULL_MIN: u32 = 24 * 60;
const OWN_HOUSE_M: i64 = 8_000;
const OWN_PATCH_M: i64 = 5_000;
const KNOWN_HOUSEHOLD_M: i64 = 4_000;
const SAME_VILLAGE_M: i64 = 1_000;
const VEHICLE_M: i64 = 2_000;
const EQUIPMENT_M: i64 = 1_500;
const STRETCHER_M: i64 = 3_000;
const LOAD_M: i64 = 700;
const TOLD_M: i64 = 600;
const FAIRNESS_M: i64 = 200;
/// More than all that can speak for somebody: whoever let an offer run out comes after those nearby who were not asked.
const NO_ANSWER_M: i64 = 15_000;

impl Weights {
    /// What one missing hand costs. Waiting counts in quarters of an hour for two hours and in whole hours up to a day:
    /// an hour's waiting of all needs changes no order among those that came together, and no cost in between.
    pub(crate) fn unserved_m(&self, urgency_rank: u8, waiting_min: u32) -> i64 {
        let urgency = URGENCY_M[usize::from(urgency_rank.min(3))];
        let full = i64::from(WAITING_FULL_MIN);
        let waited = i64::from(waiting_step_min(waiting_min));
        NO_HANDS_M + self.unserved.of(urgency + urgency * waited / full)
    }

    pub(crate) fn travel_m(&self, distance_m: u32) -> i64 {
        self.travel.of(i64::from(distance_m))
    }

    pub(crate) const fn own_house_m(&self) -> i64 {
        self.patch.of(OWN_HOUSE_M)
    }

    pub(crate) const fn own_patch_m(&self) -> i64 {
        self.patch.of(OWN_PATCH_M)
    }

    pub(crate) const fn known_household_m(&self) -> i64 {
        self.patch.of(KNOWN_HOUSEHOLD_M)
    }

    pub(crate) const fn same_village_m(&self) -> i64 {
        self.patch.of(SAME_VILLAGE_M)
    }

    pub(crate) const fn vehicle_m(&self) -> i64 {
        self.equipment.of(VEHICLE_M)
    }

    pub(crate) const fn equipment_m(&self) -> i64 {
        self.equipment.of(EQUIPMENT_M)
    }

    /// What it costs to send somebody without a stretcher for one who lies.
    pub(crate) const fn stretcher_m(&self) -> i64 {
        self.equipment.of(STRETCHER_M)
    }

    /// What a task costs somebody more for each that he has already.
    pub(crate) const fn load_m(&self) -> i64 {
        self.load.of(LOAD_M)
    }

    pub(crate) const fn told_m(&self) -> i64 {
        self.stability.of(TOLD_M)
    }

    /// What it costs to ask again who did not answer; not a weight of the office's, since asking him first again
    /// would leave the need where it is.
    pub(crate) const fn no_answer_m() -> i64 {
        NO_ANSWER_M
    }

    /// What a need without hands costs more for each that its village has already.
    pub(crate) const fn fairness_m(&self) -> i64 {
        self.fairness.of(FAIRNESS_M)
    }
}

/// The waiting that counts: 15 minutes at a time for two hours, then an hour at a time, at most a day.
pub(crate) fn waiting_step_min(waiting_min: u32) -> u32 {
    let step = if waiting_min < 120 { 15 } else { 60 };
    (waiting_min - waiting_min % step).min(WAITING_FULL_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danger_to_life_comes_before_whatever_has_waited_for_a_day() {
        let weights = Weights::default();
        for rank in 0..3 {
            assert!(weights.unserved_m(rank, 100_000) < weights.unserved_m(rank + 1, 0));
            assert!(weights.unserved_m(rank, 0) < weights.unserved_m(rank, 15));
        }
    }

    #[test]
    fn a_cost_stays_until_the_next_step_of_waiting() {
        let weights = Weights::default();
        assert_eq!(weights.unserved_m(1, 30), weights.unserved_m(1, 44));
        assert_ne!(weights.unserved_m(1, 44), weights.unserved_m(1, 45));
        assert_eq!(weights.unserved_m(1, 120), weights.unserved_m(1, 179));
        assert_eq!(
            weights.unserved_m(1, 24 * 60),
            weights.unserved_m(1, u32::MAX)
        );
    }

    #[test]
    fn the_weights_keep_their_order() {
        let weights = Weights::default();
        let falling = [
            weights.unserved_m(0, 0),
            weights.own_house_m(),
            weights.own_patch_m(),
            weights.known_household_m(),
            weights.load_m(),
            weights.told_m(),
            weights.fairness_m(),
        ];
        assert!(
            falling.is_sorted_by(|more, less| more > less),
            "{falling:?}"
        );
    }

    #[test]
    fn a_step_goes_to_its_code_and_back_and_each_is_more_than_the_one_before() {
        for pair in Step::ALL.windows(2) {
            assert!(pair[0].of(LOAD_M) < pair[1].of(LOAD_M));
        }
        for step in Step::ALL {
            assert_eq!(Step::from_code(step.code()), Some(*step));
        }
        assert_eq!(Step::from_code("enormous"), None);
    }

    #[test]
    fn without_the_weight_all_needs_are_alike_but_hands_are_still_found() {
        let weights = Weights {
            unserved: Step::None,
            ..Weights::default()
        };
        assert_eq!(weights.unserved_m(0, 0), weights.unserved_m(3, 600));
        assert!(weights.unserved_m(0, 0) > weights.travel_m(200_000));
    }
}
