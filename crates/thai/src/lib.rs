//! Reads and writes Thai: spelling, search terms, names, places, dates, numbers, identities, phones,
//! coordinates.
//!
//! It exists because none of this is done right by Unicode normalisation, by SQLite or by a general
//! library. Pure: no IO, no clock, no files; it must not know what a case or a volunteer is.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod citizen_id;
pub mod coordinate;
pub mod date;
pub mod houses;
pub mod keyboard;
pub mod name;
pub mod number;
pub mod phone;
pub mod place;
pub mod search;
pub mod text;
pub mod tick_answers;
