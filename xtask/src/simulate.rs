//! Starts the simulation (`tests/simulate`): in release mode with debug assertions on, so that it is fast and no slip of
//! arithmetic passes.

use anyhow::Result;

use crate::process;
use crate::repository::Repository;
use crate::say;

/// Office-days that `cargo xtask test` runs: about two minutes of one core. This seed was seen to be clean for 64,000, and then
/// meets a world that is not mended yet (`tests/simulate/open-seeds.txt`).
const DAYS_OF_A_TEST: &str = "20000";
/// Their seed.
const SEED_OF_A_TEST: &str = "1";

/// Passes everything on to the program. Returns its exit code.
pub(crate) fn run(repository: &Repository, rest: &[&str]) -> Result<u8> {
    say::work("The simulation, in release mode; the first time this compiles for some minutes");
    let status = process::status(&mut process::cargo(&arguments(rest), repository.root()))?;
    Ok(process::exit_code(status))
}

/// The share of every test: the worlds that once failed, and a fixed run.
pub(crate) fn test(repository: &Repository) -> Result<()> {
    let fixed = ["--kept", "--days", DAYS_OF_A_TEST, "--seed", SEED_OF_A_TEST];
    process::run(&mut process::cargo(&arguments(&fixed), repository.root()))
}

fn arguments<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    let program = [
        "run",
        "--quiet",
        "--profile",
        "simulate",
        "-p",
        "jitasa-simulate",
        "--",
    ];
    let strength = if rest.contains(&"--strength") {
        &["--features", "sown-bugs"][..]
    } else {
        &[]
    };
    [&program[..6], strength, &program[6..], rest].concat()
}
