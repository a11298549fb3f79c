//! Shared by the stories: made-up lists, the programs as processes, a line that fails when told to,
//! and a desk in this process with a clock that a story sets.
//!
//! Everything here is made up or made in a temporary folder; nothing needs a network beyond this
//! machine, and nothing waits for time to pass.

pub mod desk;
pub mod keeper;
pub mod line;
pub mod lists;
pub mod oracle;
pub mod postgres;
pub mod programs;
pub mod rows;
