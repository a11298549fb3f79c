//! The office's database: one encrypted SQLite file, one door for change, many readers.
//!
//! Everything an office does to its records goes through [`Store::act`]: rows, audit, outbox,
//! undo and the change-set for the screen in one transaction. What others did comes in through
//! [`Store::absorb`]. This crate must not know the wire, the screens or the clock.
#![cfg_attr(test, allow(clippy::unwrap_used))]

// Links the encrypted SQLite that rusqlite calls.
extern crate jitasa_sqlite3mc as _;

pub mod act;
mod derive;
pub mod desk;
mod draft;
mod error;
mod form;
mod key;
mod layer;
mod load;
mod migrate;
mod open;
pub mod query;
mod rows;
mod shipped;
pub mod sync;

pub use act::{Acted, Action, Acts};
pub use desk::{DeskUser, Enrolment, ImportFile, Setup};
pub use draft::Draft;
pub use error::StoreError;
pub use layer::{Layer, NewLayer};
pub use migrate::SCHEMA_VERSION;
pub use open::{Store, StoreFiles};
/// A reading connection, as [`Store::read`] lends it.
pub use rusqlite::Connection;
pub use sync::{Absorbed, BatchLine, OutboxEntry, Received, Trouble};
