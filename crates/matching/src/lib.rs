//! Suggests hands for needs: who could serve this one, best first, and one plan for all that are open, each with
//! its reasons. A person always decides.
//!
//! Is given everything and reads nothing: no store, no clock, no map, no words for the screen. Names and what is
//! open come in as [`Want`] and [`Hand`]; codes and numbers go out.
//!
//! Five layers, each knowing only those before it:
//!
//! - [`flow`]: needs and hands as a sparse min-cost flow, solved exactly and kept exact event by event;
//! - [`weights`](Weights): what the office finds important, in metres one would go further for it;
//! - `numbers`: wants and hands with codes as numbers, as they are weighed;
//! - [`weigh`]: one hand for one need: may it be, what does it cost, and why;
//! - [`Planner`]: the whole picture, and what changed in it, as events of the flow.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod flow;

mod area;
mod hand;
mod numbers;
mod place;
mod planner;
mod reason;
mod suggest;
mod want;
mod weigh;
mod weights;

pub use crate::{
    hand::{Hand, Houses, Patch},
    place::Place,
    planner::{Because, Change, Plan, PlanLine, Planner, Unserved},
    reason::{Part, Why, WhyNot},
    suggest::{Suggestion, hands_for, why_not},
    want::{Told, Want},
    weigh::{Weighed, weigh},
    weights::{Step, Weights},
};
