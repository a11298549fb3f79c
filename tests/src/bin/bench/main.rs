//! The figures: what the program reaches, beside what somebody else reaches on the same work, in the same run, in turn.
//!
//! Each set lies in a module of its own. This file knows only which sets there are and how they are asked for.
//! No test depends on a figure: a slow machine is not a broken program.

mod figure;
mod machine;
mod matching;
mod store;
mod sync;
mod sync_postgres;

use std::{io::Write as _, process::ExitCode};

/// What a set answers: an error is told as it is, since whoever measures is one of us.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Changes that each office sends.
const CHANGES_EACH: usize = 1_000;

const USAGE: &str = "\
bench [store] [matching] [sync-postgres] [--rows N] [--offices N]
bench sync [bytes] [thin] [returning] [alike] [first] [--quick] [--cases N]

  matching    hands for needs: our solver beside OR-tools and SciPy, and the plan of an office
  store       an office's store: lists, counts, one case, a save, the map (default: every set there is)
  sync-postgres  a province's desks into PostgreSQL, beside rows written one by one, and SQLite
  sync        desks and their server beside PouchDB through a counting proxy: all of its parts, or those named;
              only when it is asked for by its name
  --quick     a small size of `sync`, to see that it works
  --cases N   cases of its first sync, instead of 10,000 and 100,000
  --offices N offices that send 1,000 changes each; 220 unless told
  --rows N    cases in the store; 1,000,000 unless told, at least 2,000
";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    store: bool,
    matching: bool,
    sync_postgres: bool,
    rows: usize,
    offices: usize,
}

impl Asked {
    fn run(&self) -> Outcome<()> {
        if self.matching {
            matching::run()?;
        }
        if self.store {
            store::run(self.rows)?;
        }
        if self.sync_postgres {
            sync_postgres::run(self.offices, CHANGES_EACH)?;
        }
        Ok(())
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((first, rest)) = arguments.split_first() {
        if first == sync::DESKS {
            return told(sync::be_desks(rest));
        }
        if let (true, Some(asked)) = (first == "sync", sync::read(rest)) {
            return told(sync::run(&asked));
        }
    }
    if arguments.iter().any(|each| each == "--help") {
        let _ = std::io::stdout().write_all(USAGE.as_bytes());
        return ExitCode::SUCCESS;
    }
    let Some(asked) = read(&arguments) else {
        let _ = std::io::stderr().write_all(USAGE.as_bytes());
        return ExitCode::from(2);
    };
    told(asked.run())
}

fn told(outcome: Outcome<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn read(arguments: &[String]) -> Option<Asked> {
    let mut asked = Asked {
        store: false,
        matching: false,
        sync_postgres: false,
        rows: 1_000_000,
        offices: 220,
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "store" => asked.store = true,
            "matching" => asked.matching = true,
            "sync-postgres" => asked.sync_postgres = true,
            "--offices" => {
                let offices = rest.next()?.parse().ok()?;
                asked.offices = Some(offices).filter(|offices| (1..=1_000).contains(offices))?;
            }
            "--rows" => {
                let rows = rest.next()?.replace([',', '_'], "").parse().ok()?;
                asked.rows = Some(rows).filter(|rows| *rows >= 2_000)?;
            }
            _ => return None,
        }
    }
    if !asked.store && !asked.matching && !asked.sync_postgres {
        (asked.store, asked.matching, asked.sync_postgres) = (true, true, true);
    }
    Some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_rows_may_be_written_with_commas() {
        let rows = |text: &str| read(&["store".into(), "--rows".into(), text.into()]);
        assert_eq!(rows("20,000").map(|asked| asked.rows), Some(20_000));
        assert_eq!(rows("20"), None);
        assert_eq!(rows("many"), None);
    }

    #[test]
    fn sync_takes_the_names_of_its_parts_and_nothing_else() {
        let read = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            sync::read(&words)
        };
        assert_eq!(read(&[]), Some(sync::Asked::default()));
        assert!(read(&["bytes", "first", "--quick", "--cases", "10,000"]).is_some());
        assert_eq!(read(&["byte"]), None);
        assert_eq!(read(&["--cases", "0"]), None);
    }

    #[test]
    fn without_a_name_every_set_runs() {
        let sets = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            read(&names).map(|asked| (asked.store, asked.matching, asked.sync_postgres))
        };
        assert_eq!(sets(&[]), Some((true, true, true)));
        assert_eq!(sets(&["store"]), Some((true, false, false)));
        assert_eq!(sets(&["matching"]), Some((false, true, false)));
        assert_eq!(sets(&["sync-postgres"]), Some((false, false, true)));
        assert_eq!(sets(&["stores"]), None);
    }
}
