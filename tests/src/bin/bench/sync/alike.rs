//! Ten desks with a thousand new cases each, until all of them hold all: beside PouchDB, and beside SQLite's changesets
//! in one process as the floor.

use std::{
    io::{self, BufRead as _, Write as _},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use super::{
    Office,
    calls::OFFICE,
    desks::{Desk, folder_of, terms},
    peers::{Peers, database_at},
    process::{Place, Process, Server},
    proxy::{Counted, Proxy},
    table::{self, Figure, Goal, median},
};
use crate::{Outcome, machine, machine::Cost};

/// How the bench is started to be the desks of one side.
pub(crate) const DESKS: &str = "sync-desks";

/// How many desks, with how many new cases each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) desks: usize,
    pub(super) cases: usize,
    pub(super) rounds: usize,
}

/// What one run of one side came to.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    push_s: f64,
    pull_s: f64,
    push: Counted,
    pull: Counted,
    server: Cost,
    desks: Cost,
}

impl Side {
    fn wall_s(&self) -> f64 {
        self.push_s + self.pull_s
    }

    fn bytes_mb(&self) -> f64 {
        (self.push.bytes() + self.pull.bytes()) as f64 / 1e6
    }

    fn peak_mb(&self) -> f64 {
        self.server.peak_mb + self.desks.peak_mb
    }

    fn cpu_s(&self) -> f64 {
        self.server.cpu_s + self.desks.cpu_s
    }
}

pub(super) fn run(office: &Office, peers: &Peers, folder: &Path, extent: Extent) -> Outcome<()> {
    let mut out = io::stdout();
    let (mut ours, mut theirs, mut floor) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..extent.rounds {
        let here = folder.join(format!("round-{round}"));
        let files = make(office, &here, extent)?;
        ours.push(one_of_ours(&here, extent)?);
        if peers.has_pouchdb() {
            theirs.push(one_of_pouchdb(peers, &here, &files, extent)?);
        }
        if let Some(said) = peers.changesets(&here.join("changesets"), &files)? {
            floor.push(one_of_floor(&said, &here.join("changesets"), extent)?);
        }
        // A round leaves a gigabyte.
        std::fs::remove_dir_all(&here)?;
    }
    let peer = |value: fn(&Side) -> f64| {
        let values: Vec<f64> = theirs.iter().map(value).collect();
        Some(median(&values)).filter(|_| !values.is_empty())
    };
    let figure = |id: &str, unit, value: fn(&Side) -> f64| {
        let values: Vec<f64> = ours.iter().map(value).collect();
        Figure::new(id, unit, median(&values)).beside("pouchdb", peer(value))
    };
    let Extent {
        desks,
        cases,
        rounds,
    } = extent;
    table::print(
        &format!("{desks} desks x {cases} new cases, all converge; median of {rounds}, in turn"),
        &[
            figure("sync.alike.wall", "s", Side::wall_s).goal(Goal::Ratio(1.0 / 8.0)),
            figure("sync.alike.memory", "MB", Side::peak_mb).goal(Goal::Ratio(1.0 / 4.0)),
            figure("sync.alike.bytes", "MB", Side::bytes_mb).goal(Goal::Ratio(1.0 / 5.0)),
            figure("sync.alike.push", "s", |side| side.push_s),
            figure("sync.alike.pull", "s", |side| side.pull_s),
            figure("sync.alike.cpu", "s", Side::cpu_s),
            figure("sync.alike.cpu.server", "s", |side| side.server.cpu_s),
            figure("sync.alike.cpu.desks", "s", |side| side.desks.cpu_s),
            figure("sync.alike.memory.server", "MB", |side| side.server.peak_mb),
            figure("sync.alike.memory.desks", "MB", |side| side.desks.peak_mb),
            figure("sync.alike.push.up", "MB", |side| side.push.up as f64 / 1e6),
            figure("sync.alike.push.down", "MB", |side| {
                side.push.down as f64 / 1e6
            }),
            figure("sync.alike.pull.up", "MB", |side| side.pull.up as f64 / 1e6),
            figure("sync.alike.pull.down", "MB", |side| {
                side.pull.down as f64 / 1e6
            }),
            figure("sync.alike.requests", "", |side| {
                (side.push.requests + side.pull.requests) as f64
            }),
        ],
    )?;
    for said in &floor {
        writeln!(out, "  the floor, SQLite changesets in one process: {said}")?;
    }
    Ok(())
}

/// Makes the desks with their cases, and the same cases as documents.
fn make(office: &Office, folder: &Path, extent: Extent) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for number in 0..extent.desks {
        let mut desk = Desk::new(&folder_of(folder, number), number as u64, &office.kinds)?;
        let own = office.calls.iter().skip(number).step_by(extent.desks);
        desk.key(own.take(extent.cases).cloned())?;
        let file = folder.join(format!("documents-{number}"));
        desk.write_documents(&file)?;
        files.push(file);
    }
    Ok(files)
}

fn one_of_ours(folder: &Path, extent: Extent) -> Outcome<Side> {
    let province = folder.join("province");
    let place = Place::Folder(&province);
    let devices = u32::try_from(extent.desks)?;
    let code = place.codes(&[OFFICE.into()], devices)?.remove(0);
    let server = Server::start(&province, &place, false)?;
    let proxy = Proxy::to(server.address, None)?;
    let url = server.url(proxy.address());
    for number in 0..extent.desks {
        Desk::open(&folder_of(folder, number), number as u64)?.enrol(&url, None, &code)?;
    }
    let mut desks = Process::start(
        Command::new(std::env::current_exe()?)
            .arg(DESKS)
            .arg(folder)
            .arg(&url)
            .arg(extent.desks.to_string()),
    )?;
    let _ = desks.line()?;
    let side = measured(&mut desks, &server.process, &proxy, &json!({}))?;
    let states = desks.order(&json!({ "do": "state" }))?;
    let all = json!({ "cases": extent.desks * extent.cases });
    same_everywhere(&states, |state| state["cases"] == all["cases"])?;
    Ok(side)
}

fn one_of_pouchdb(
    peers: &Peers,
    folder: &Path,
    files: &[PathBuf],
    extent: Extent,
) -> Outcome<Side> {
    let names: Vec<String> = (0..files.len()).map(|n| format!("desk{n}")).collect();
    let at = folder.join("pouchdb");
    let made: Vec<_> = names.iter().cloned().zip(files.iter().cloned()).collect();
    peers.fill(&at.join("desks"), &made)?;
    let (server, address) = peers.server(&at.join("server"))?;
    let proxy = Proxy::to(address, None)?;
    let url = database_at(proxy.address());
    let mut desks = peers.desks(&at.join("desks"))?;
    let terms = json!({ "desks": names, "url": url });
    let side = measured(&mut desks, &server, &proxy, &terms)?;
    let states = desks.order(&json!({ "do": "state", "desks": names }))?;
    let count = extent.desks * extent.cases;
    same_everywhere(&states, |state| state["count"] == count)?;
    Ok(side)
}

/// Push, then pull; what each took, and what the processes have cost by then.
fn measured(desks: &mut Process, server: &Process, proxy: &Proxy, terms: &Value) -> Outcome<Side> {
    let before = (desks.cost(), server.cost());
    let _ = proxy.counted();
    let mut told = |what: &str| {
        let mut order = terms.clone();
        order["do"] = what.into();
        let (_, took): (Value, Duration) = machine::timed(|| desks.order(&order))?;
        Outcome::Ok((took.as_secs_f64(), proxy.counted()))
    };
    let (push_s, push) = told("push")?;
    let (pull_s, pull) = told("pull")?;
    let since = |after: Cost, before: Cost| Cost {
        cpu_s: after.cpu_s - before.cpu_s,
        ..after
    };
    Ok(Side {
        push_s,
        pull_s,
        push,
        pull,
        server: since(server.cost(), before.1),
        desks: since(desks.cost(), before.0),
    })
}

/// Every desk holds the same, and all of it.
fn same_everywhere(said: &Value, is_whole: impl Fn(&Value) -> bool) -> Outcome<()> {
    let states = said["states"].as_array().ok_or("no states")?;
    let first = states.first().ok_or("no desks")?;
    if !is_whole(first) || states.iter().any(|state| state != first) {
        return Err(format!("the desks do not hold the same: {said}").into());
    }
    Ok(())
}

fn one_of_floor(said: &Value, folder: &Path, extent: Extent) -> Outcome<String> {
    let count = extent.desks * extent.cases;
    let counts = said["counts"].as_array().ok_or("no counts")?;
    if counts.iter().any(|held| *held != count) {
        return Err(format!("the changesets were not all applied: {said}").into());
    }
    let (mut raw, mut packed) = (0, 0);
    for number in 0..extent.desks {
        let set = std::fs::read(folder.join(format!("changesets-{number}.bin")))?;
        raw += set.len();
        packed += zstd::bulk::compress(&set, 19)?.len();
    }
    let of = |name: &str| said[name].as_f64().unwrap_or_default();
    Ok(format!(
        "{:.2} s ({:.2} s of processor), {:.0} MB, {:.0} B a case raw and {:.0} B with zstd",
        of("wall_s"),
        of("cpu_s"),
        of("peak_mb"),
        raw as f64 / count as f64,
        packed as f64 / count as f64,
    ))
}

/// The desks of our side in a process of their own: takes orders by the line until its input closes.
pub(crate) fn be_desks(arguments: &[String]) -> Outcome<()> {
    let [folder, url, count] = arguments else {
        return Err("FOLDER URL COUNT".into());
    };
    let folder = PathBuf::from(folder);
    let desks: Vec<Desk> = (0..count.parse::<usize>()?)
        .map(|number| Desk::open(&folder_of(&folder, number), number as u64))
        .collect::<Outcome<_>>()?;
    let mut out = io::stdout();
    writeln!(out, "ready")?;
    for line in io::stdin().lock().lines() {
        let order: Value = serde_json::from_str(&line?)?;
        let answer = match order["do"].as_str() {
            // A round pushes all that waits and pulls all there is by then; so both orders are the same.
            Some("push" | "pull") => all_sync(&desks, url),
            Some("state") => states(&desks),
            _ => Err("no such order".into()),
        };
        let answer = answer.unwrap_or_else(|error| json!({ "error": error.to_string() }));
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn all_sync(desks: &[Desk], url: &str) -> Outcome<Value> {
    let received: Result<Vec<u64>, String> = thread::scope(|scope| {
        let rounds: Vec<_> = desks
            .iter()
            .map(|desk| scope.spawn(|| desk.sync(url, terms()).map_err(|error| error.to_string())))
            .collect();
        rounds
            .into_iter()
            .map(|round| match round.join() {
                Ok(done) => done.map(|(receipt, _)| receipt.received),
                Err(_) => Err("a desk panicked".into()),
            })
            .collect()
    });
    Ok(json!({ "received": received?.iter().sum::<u64>() }))
}

fn states(desks: &[Desk]) -> Outcome<Value> {
    let mut states = Vec::new();
    for desk in desks {
        states.push(json!({ "cases": desk.cases()?, "sum": desk.sum()? }));
    }
    Ok(json!({ "states": states }))
}
