//! The project's own commands, behind `cargo xtask`. They live in Rust so that a fresh checkout needs
//! nothing but Rust and Node to begin, and so that a developer, the CI and the README run the same steps.
//!
//! Nothing of the product is linked here: the product is built and started as programs, the way a user would.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bench;
mod codegen;
mod data;
mod display;
mod faults;
mod fuzz;
mod make;
mod oracle;
mod process;
mod python;
mod report;
mod repository;
mod run;
mod say;
mod schemathesis;
mod setup;
mod simulate;
mod suite;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::repository::Repository;

const USAGE: &str = "\
cargo xtask COMMAND

  run [--build-only] [--tour]   set up, build and open the program on practice data; without a display
                                (or with --tour) play the tour instead and leave its pictures in target/tour/
  setup                         install what all of this needs, and nothing else
  test                          everything CI runs; ends with `N passed, N failed`
  check                         what needs no running program: fmt, clippy, tidy, codegen, svelte-check, eslint, doc
  tidy                          the rules of docs/ARCHITECTURE.md that a program can see
  codegen [--check]             write ui/src/lib/backend/commands.ts from the command list (or fail when it is stale)
  bench [NAME]                  the figures, in release mode
  dictionary [learn] [bytes] [--kilobytes N]
                                learn crates/protocol/dictionaries/v2.dict anew; what a case takes on the wire
  simulate [--days N] [--seed S].. [--faults a,b] [--world SEED] [--strength [--bugs 1,2]]
                                many desks and one server from one seed, under every fault; --world replays one;
                                --strength tells which of the bugs sown on purpose are found
  faults [kill] [disk] [--rounds N] [--seed S] [--every K]
                                the real programs: killed at random moments under load (2,000 rounds), and every write
                                of theirs refused in turn; tells whether anything acknowledged was lost or doubled
  fuzz [TARGET] [--runs N]      bytes that nobody of ours wrote, for what reads the wire: frame, changes, enrolment;
                                10,000,000 runs of each
  schemathesis [--cases N] [--seed S]
                                5,000 made-up requests to a provincial server, held against its own description
  seed --size office|amphoe|province|million [--seed N] --out DIR
                                a made-up office to try things on
  gazetteer [ARGS]              rebuild data/gazetteer from its source (xtask/gazetteer.py)

Exit codes: 0 done, 1 something failed (it says what), 2 the command was not understood.
";

/// The command was not understood; told apart from a failure by its exit code.
const EXIT_USAGE: u8 = 2;

fn main() -> ExitCode {
    process::stop_children_when_interrupted();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&arguments) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            say::problem(&format!("error: {error:#}"));
            ExitCode::from(if error.is::<Usage>() { EXIT_USAGE } else { 1 })
        }
    }
}

fn dispatch(arguments: &[&str]) -> Result<u8> {
    let (command, rest) = match arguments.split_first() {
        None => bail!(Usage::new("no command given")),
        Some((&("help" | "-h" | "--help"), _)) => {
            say::line(USAGE.trim_end());
            return Ok(0);
        }
        Some((command, rest)) => (*command, rest),
    };
    let repository = Repository::find()?;
    match command {
        "run" => run::run(&repository, run::Options::parse(rest)?),
        "setup" => no_more(rest)
            .and_then(|()| setup::everything(&repository))
            .map(|()| 0),
        "test" => no_more(rest).and_then(|()| suite::test(&repository)),
        "check" => no_more(rest).and_then(|()| suite::check(&repository)),
        "tidy" => no_more(rest)
            .and_then(|()| tidy::run(&repository))
            .map(|()| 0),
        "codegen" => match rest {
            [] => codegen::write(&repository),
            ["--check"] => codegen::check(&repository),
            _ => bail!(Usage::new("codegen takes nothing but --check")),
        }
        .map(|()| 0),
        "bench" => bench::run(&repository, rest),
        "dictionary" => bench::dictionary(&repository, rest),
        "simulate" => simulate::run(&repository, rest),
        "faults" => faults::run(&repository, rest),
        "fuzz" => fuzz::Options::parse(rest)?.run(&repository),
        "schemathesis" => schemathesis::Options::parse(rest)?.run(&repository),
        "seed" => data::Seed::parse(rest)?.run(&repository),
        "gazetteer" => data::gazetteer(&repository, rest),
        other => bail!(Usage::new(&format!("no command `{other}`"))),
    }
}

fn no_more(rest: &[&str]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(extra) => bail!(Usage::new(&format!("`{extra}` was not expected"))),
    }
}

/// A call that was not understood; the usage follows the reason.
#[derive(Debug)]
struct Usage(String);

impl Usage {
    fn new(reason: &str) -> Self {
        Self(reason.to_owned())
    }
}

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n\n{USAGE}", self.0)
    }
}

impl std::error::Error for Usage {}
