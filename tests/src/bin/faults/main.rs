//! Real processes and real faults: desks and the provincial server are killed under load, and every write of theirs
//! is refused in turn as by a full or broken disk. Then it is looked at what is there: no acknowledged change lost,
//! none doubled. `cargo xtask faults` starts it.

mod at_work;
mod disk;
mod judge;
mod kill;
mod ledger;
mod names;

use std::{io::Write as _, process::ExitCode};

use kill::Keeper;

/// An error is told as it is, since whoever runs this is one of us.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "\
faults [kill] [disk] [--rounds N] [--seed S] [--on KEEPER] [--every K] [--only DEED]

  kill        SIGKILL of desks and server at random moments under load, and what they hold afterwards
  disk        ENOSPC and EIO at every write of a desk and of the server (strace injects them)
              (default: both)
  --rounds N  rounds of kills; 2,000 unless told, a tenth of them with the ledger in PostgreSQL where it is installed
  --seed S    the moments, the victims and the work; 1 unless told
  --on KEEPER the ledger only in sqlite, or only in postgres
  --every K   only each K-th write, for a quick look; 1 unless told
  --only DEED only this deed of `disk`, by its name
";

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    kill: bool,
    disk: bool,
    rounds: u32,
    seed: u64,
    on: Option<Keeper>,
    every: u32,
    only: Option<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|each| each == "--help") {
        say(USAGE.trim_end());
        return ExitCode::SUCCESS;
    }
    // How a desk that is to be killed is started; not for people.
    if let Some((first, rest)) = arguments.split_first()
        && first == at_work::WORD
    {
        return ended(at_work::run(rest));
    }
    let Some(asked) = read(&arguments) else {
        let _ = std::io::stderr().write_all(USAGE.as_bytes());
        return ExitCode::from(2);
    };
    ended(run(&asked))
}

fn run(asked: &Asked) -> Outcome<()> {
    if asked.kill {
        kill::run(asked.rounds, asked.seed, asked.on)?;
    }
    if asked.disk {
        disk::run(asked.every, asked.only.as_deref())?;
    }
    Ok(())
}

fn ended(outcome: Outcome<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "faults: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A line for whoever watches.
fn say(line: &str) {
    // Who no longer reads is no reason to end.
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn read(arguments: &[String]) -> Option<Asked> {
    let mut asked = Asked {
        kill: false,
        disk: false,
        rounds: 2_000,
        seed: 1,
        on: None,
        every: 1,
        only: None,
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "kill" => asked.kill = true,
            "disk" => asked.disk = true,
            "--rounds" => asked.rounds = number(rest.next()?)?,
            "--seed" => asked.seed = rest.next()?.parse().ok()?,
            "--on" => asked.on = Some(Keeper::named(rest.next()?)?),
            "--every" => asked.every = number(rest.next()?)?,
            "--only" => asked.only = Some(rest.next()?.clone()),
            _ => return None,
        }
    }
    if !asked.kill && !asked.disk {
        (asked.kill, asked.disk) = (true, true);
    }
    Some(asked)
}

/// At least 1; may be written with commas.
fn number(text: &str) -> Option<u32> {
    let number = text.replace([',', '_'], "").parse().ok()?;
    Some(number).filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Option<Asked> {
        let words: Vec<String> = line.split_whitespace().map(ToString::to_string).collect();
        read(&words)
    }

    #[test]
    fn without_a_name_both_are_run() {
        let both = asked("--rounds 2,000").unwrap();
        assert!(both.kill && both.disk && both.rounds == 2_000);
        let one = asked("disk --every 7").unwrap();
        assert!(!one.kill && one.disk && one.every == 7);
    }

    #[test]
    fn what_is_no_number_or_no_word_is_not_understood() {
        for line in ["--rounds", "--rounds 0", "--seed x", "--on paper", "kil"] {
            assert_eq!(asked(line), None, "{line}");
        }
    }
}
