//! The rim as callers meet it: who may do what, what is described, what is bounded, and TLS.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod authority;
mod bounds;
mod changes;
mod described;
mod house;
mod tls;
