//! Starts the figures. They lie in the member `tests`, which may see every crate; here is only how to run them:
//! in release mode, one after another, with nothing else of ours running.

use anyhow::Result;

use crate::process;
use crate::repository::Repository;
use crate::say;

/// Runs one bench by its name, or all. Returns the bench's own exit code.
pub(crate) fn run(repository: &Repository, names: &[&str]) -> Result<u8> {
    if names.first() == Some(&"sync") {
        // It is measured as the process that a province runs.
        let server = ["build", "--release", "-p", "jitasa-server"];
        let status = process::status(&mut process::cargo(&server, repository.root()))?;
        if !status.success() {
            return Ok(process::exit_code(status));
        }
    }
    start(repository, "bench", names)
}

/// Learns the dictionary of the wire anew, or tells what it is worth (`bytes`).
pub(crate) fn dictionary(repository: &Repository, what: &[&str]) -> Result<u8> {
    start(repository, "dictionary", what)
}

fn start(repository: &Repository, program: &str, names: &[&str]) -> Result<u8> {
    say::work("In release mode; the first time this compiles for some minutes");
    let arguments = [
        &[
            "run",
            "--release",
            "-p",
            "jitasa-tests",
            "--bin",
            program,
            "--",
        ][..],
        names,
    ]
    .concat();
    let status = process::status(&mut process::cargo(&arguments, repository.root()))?;
    Ok(process::exit_code(status))
}
