//! Stories over the API of one desk, in this process, on real files: what a clerk and a headman do,
//! and what must hold whatever they do.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod any_order;
mod commands;
mod damaged;
mod drafts;
mod forms;
mod headman;
mod lists;
mod one_case;
mod undo;
