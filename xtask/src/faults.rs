//! Starts the process faults (`tests/src/bin/faults`): the real programs are killed under load, and their writes
//! refused. They are those of the tests, with every check of a debug build.

use anyhow::Result;

use crate::process;
use crate::repository::Repository;
use crate::say;
use crate::setup::{self, Group};

/// Passes everything on to the program. Returns its exit code.
pub(crate) fn run(repository: &Repository, rest: &[&str]) -> Result<u8> {
    setup::system(&[Group::Faults])?;
    say::work("Building the programs that are to be killed");
    let programs = ["build", "-p", "jitasa-cli", "-p", "jitasa-server"];
    process::run(&mut process::cargo(&programs, repository.root()))?;
    let faults = ["run", "-p", "jitasa-tests", "--bin", "faults", "--"];
    let arguments = [&faults[..], rest].concat();
    let status = process::status(&mut process::cargo(&arguments, repository.root()))?;
    Ok(process::exit_code(status))
}
