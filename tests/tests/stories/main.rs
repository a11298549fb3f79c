//! Stories over the API of one desk, in this process, on real files: what a clerk and a headman do,
//! and what must hold whatever they do.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod able;
mod any_order;
mod assignments;
mod commands;
mod conflicts;
mod damaged;
mod drafts;
mod forms;
mod hands;
mod headman;
mod headmen;
mod heard;
mod late;
mod lists;
mod one_case;
mod paper;
mod paper_again;
mod paper_meaning;
mod paper_refused;
mod plans;
mod quiet;
mod rechecks;
mod sent_back;
mod shift;
mod successors;
mod taken_further;
mod teams;
mod told;
mod triage;
mod undo;
mod volunteers;
