//! What an office's work consists of, and its rules: records, lifecycles, permissions, merge rules.
//!
//! Pure: no clock, no randomness, no disk, no network. Times and ids are arguments. It must not know
//! how a record is stored, shown or sent; it only fixes the *names* of a record's fields, once, so
//! that the row, the wire and the difference between two versions cannot drift apart.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod code;

pub mod action;
pub mod care;
pub mod case_number;
pub mod change;
pub mod gazetteer;
pub mod hours;
pub mod ids;
pub mod lifecycle;
pub mod merge;
pub mod patch;
pub mod permission;
pub mod record;
pub mod records;
pub mod replica;
pub mod rules;
pub mod sown;
pub mod sum;
pub mod tick;
pub mod time;
pub mod triage;
mod volunteer;

pub use action::ActionKind;
pub use hours::WhyAway;
pub use ids::IdSource;
pub use permission::{Actor, Denied, Role, Subject, authorize};
pub use record::{Entity, Field, FieldKind, Record, fields_of};
pub use records::*;
pub use time::Timestamp;
pub use volunteer::HeldUp;
