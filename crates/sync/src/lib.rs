//! The desk's side of sync: a sans-IO core ([`core`]), the transports that carry its signed frames
//! ([`transport`], [`http`], [`by_file`]), and the round that drives both for a [`Desk`] ([`run`]).
//!
//! The core must not know a clock, a network or a database, so that thousands of office-days can be
//! run from one seed. What the wire means is told in `docs/sync-protocol.md`.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod by_file;
pub mod core;
mod desk;
mod desk_side;
pub mod envelope;
mod error;
pub mod http;
pub mod round;
pub mod transport;

pub use desk::StoreDesk;
pub use desk_side::{AbsorbCounts, Absorbed, Desk, DeskError, Enrolment, Identity};
pub use error::SyncError;
pub use http::HttpTransport;
pub use round::{
    Receipt, Terms, Trust, begin_to_sign, enrol, enrol_by_bundle, enrol_trusting, run,
};
pub use transport::{Transport, TransportError};
