//! Sync beside PouchDB and beside the plainest things that could be done instead: the same work, in the same run and in
//! turn, through one counting proxy, and both sides must end with the same on every desk.

mod alike;
mod bytes;
mod calls;
mod desks;
mod first;
mod peers;
mod process;
mod proxy;
mod requests;
mod returning;
mod table;
mod thin;

use std::io::Write as _;

use jitasa_domain::Kind;

use self::{alike::Extent, calls::Call, peers::Peers};
use crate::Outcome;

/// How the bench is started to be the desks of one side.
pub(crate) use self::alike::{DESKS, be_desks};

/// The parts, in the order in which they run.
const PARTS: [&str; 5] = ["bytes", "thin", "returning", "alike", "first"];

/// What every desk keys in.
#[derive(Debug)]
struct Office {
    calls: Vec<Call>,
    kinds: Vec<Kind>,
}

/// How much of everything.
#[derive(Debug)]
struct Size {
    alike: Extent,
    edits: usize,
    thin_rounds: usize,
    first: Vec<usize>,
    offices: usize,
    changes: usize,
}

impl Size {
    fn whole() -> Self {
        Self {
            alike: Extent {
                desks: 10,
                cases: 1_000,
                rounds: 3,
            },
            edits: 100,
            thin_rounds: 3,
            first: vec![10_000, 100_000],
            offices: 220,
            changes: 1_000,
        }
    }

    /// Shows in a minute or two that all of it works; its figures say little.
    fn quick() -> Self {
        Self {
            alike: Extent {
                desks: 3,
                cases: 100,
                rounds: 1,
            },
            edits: 10,
            thin_rounds: 1,
            first: vec![1_000],
            offices: 8,
            changes: 500,
        }
    }
}

/// What is asked of this set on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    parts: Vec<String>,
    quick: bool,
    /// Cases of the first sync, instead of the two sizes there are.
    cases: Option<usize>,
}

/// Reads what follows the set's name.
pub(crate) fn read(arguments: &[String]) -> Option<Asked> {
    let mut asked = Asked::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--quick" => asked.quick = true,
            "--cases" => {
                let cases = rest.next()?.replace([',', '_'], "").parse().ok()?;
                asked.cases = Some(cases).filter(|cases| (1..=1_000_000).contains(cases));
                asked.cases?;
            }
            part if PARTS.contains(&part) => asked.parts.push(part.into()),
            _ => return None,
        }
    }
    Some(asked)
}

/// Runs the parts that are named, or all.
pub(crate) fn run(asked: &Asked) -> Outcome<()> {
    let mut size = if asked.quick {
        Size::quick()
    } else {
        Size::whole()
    };
    if let Some(cases) = asked.cases {
        size.first = vec![cases];
    }
    let parts = &asked.parts;
    let asked = |part: &str| parts.is_empty() || parts.iter().any(|each| each == part);
    let peers = Peers::find()?;
    for peer in &peers.missing {
        writeln!(std::io::stdout(), "missing: {peer}; its figures are short")?;
    }
    let mut most = 300.max(size.alike.desks * size.alike.cases);
    if asked("first") {
        most = size.first.iter().copied().fold(most, usize::max);
    }
    let (calls, kinds) = calls::calls(most)?;
    let office = Office { calls, kinds };
    let folder = tempfile::tempdir_in(crate::machine::bench_dir())?;
    let folder = |part: &str| folder.path().join(part);
    if asked("bytes") {
        bytes::run(&office, &peers, &folder("bytes"))?;
    }
    if asked("thin") {
        thin::run(
            &office,
            &peers,
            &folder("thin"),
            size.edits,
            size.thin_rounds,
        )?;
    }
    if asked("returning") {
        returning::run(&folder("returning"), size.offices, size.changes)?;
    }
    if asked("alike") {
        alike::run(&office, &peers, &folder("alike"), size.alike)?;
    }
    if asked("first") {
        first::run(&office, &peers, &folder("first"), &size.first)?;
    }
    Ok(())
}
