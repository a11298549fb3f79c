//! What a plan says: who is suggested for what, what changes by it, and what stays without hands and why.

use crate::{Part, Told, Why, WhyNot, reason::coded};

/// One plan for all that is open. Suggestions: nothing is done by it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Hands for needs, by need and then by hand. What is held already is not among them.
    pub lines: Vec<PlanLine>,
    /// Needs that lack hands, most pressing first.
    pub unserved: Vec<Unserved>,
    /// What all of it costs, in metres, needs without hands included.
    pub cost_m: i64,
    /// What no plan over the same candidates can cost less than.
    pub bound_m: i64,
}

impl Plan {
    /// What a better plan could save at most: nought when this is proven to be the best.
    #[must_use]
    pub const fn gap_m(&self) -> i64 {
        self.cost_m - self.bound_m
    }
}

/// One hand for one need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// The need.
    pub want: u128,
    /// The volunteer.
    pub hand: u128,
    /// What speaks for him, strongest first.
    pub why: Vec<Why>,
    /// What he costs by part, in metres; what speaks for him is negative.
    pub parts: Vec<(Part, i64)>,
    /// From his home in a straight line; `None` when either place is not known.
    pub distance_m: Option<u32>,
    /// His tasks when all of the plan is taken, this one and those he has included.
    pub tasks: u32,
    /// How many tasks he takes.
    pub max_open_tasks: u32,
    /// What would change.
    pub change: Change,
}

/// What a line of the plan would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// Nothing: he was told already, this firmly.
    Keep(Told),
    /// Another hand for the need.
    New,
    /// He instead of this one, who was told.
    Instead(u128),
}

impl Change {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Keep(_) => "keep",
            Self::New => "new",
            Self::Instead(_) => "instead",
        }
    }
}

/// A need that lacks hands in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unserved {
    /// The need.
    pub want: u128,
    /// How many hands it lacks.
    pub hands: u32,
    /// Why.
    pub because: Because,
    /// How many of those with the skill cannot come, by reason: whom to ask first for more hands.
    pub refused: Vec<(WhyNot, u32)>,
}

coded! {
    /// Why a need lacks hands. The first that holds, in this order.
    pub enum Because {
        /// Nobody can serve this kind of need.
        NobodyWithSkill = "nobody_with_skill",
        /// Those who can are not vetted, may not be sent there, or declined.
        NobodyAllowed = "nobody_allowed",
        /// Of those who may, nobody can be asked now.
        AllAway = "all_away",
        /// Those who are here have as many tasks as they take, this plan left aside.
        AllFull = "all_full",
        /// Those who could are given to needs that come first.
        AllNeededElsewhere = "all_needed_elsewhere",
    }
}
