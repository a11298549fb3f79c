//! `jitasa-province`: the provincial server. Desks push their changes here and pull those of others;
//! the order in which they arrive is the order that counts.
//!
//! It must not know how a desk keeps its records (`jitasa-store`), nor what a screen looks like.
//! What a change may do is decided by `jitasa-domain` alone. The parts: [`plan`] decides what a
//! batch leads to and [`core`] what an exchange does (both pure), [`ledger`] says what has to be kept, [`sqlite`] or
//! [`postgres`] keeps it, [`province`] puts clock and chance to them, [`http`] is the rim.
#![cfg_attr(test, allow(clippy::unwrap_used))]

extern crate jitasa_sqlite3mc as _;

pub mod backup;
pub mod book;
#[cfg(test)]
mod by_province;
pub mod certificate;
mod check;
pub mod clock;
pub mod core;
pub mod deliver;
pub mod doctor;
pub mod enrol;
pub mod files;
pub mod frames;
pub mod http;
pub mod ledger;
pub mod operator;
pub mod own_root;
pub mod plan;
pub mod postgres;
pub mod province;
pub mod register;
mod row;
mod say;
mod secret;
pub mod serving_file;
pub mod sqlite;
mod together;
mod words;

pub use http::{Rim, Serving, router, serve, serve_as};
pub use ledger::{Ledger, LedgerError, OfficeLine, Refusal};
pub use province::Province;
