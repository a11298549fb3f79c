//! The first sync of an office that has worked for long, on a desk that has just been let in.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use super::{
    Office,
    alike::DESKS,
    calls::OFFICE,
    desks::{Desk, folder_of, terms},
    peers::{Peers, database_at},
    process::{Place, Process, Server},
    proxy::{Counted, Proxy},
    table::{self, Figure, Goal},
};
use crate::{
    Outcome,
    machine::{self, Cost},
};

/// The peer is not asked for what would take it longer.
const PEER_S_MAX: f64 = 480.0;

/// What one first sync came to.
#[derive(Debug, Clone, Copy)]
struct Fetched {
    wall_s: f64,
    counted: Counted,
    rows: f64,
    server: Cost,
    desk: Cost,
}

/// Measures the sizes one after another, the smallest first: from it the peer's time for the next is foreseen.
pub(super) fn run(office: &Office, peers: &Peers, folder: &Path, sizes: &[usize]) -> Outcome<()> {
    let mut before: Option<(usize, f64)> = None;
    for &cases in sizes {
        let kept = Kept::make_or_take(office, cases)?;
        let here = folder.join(cases.to_string());
        let ours = ours(office, &kept, &here)?;
        let foreseen = before.map(|(size, took)| took * cases as f64 / size as f64);
        let fits = foreseen.is_none_or(|seconds| seconds <= PEER_S_MAX);
        let peer = match peers.has_pouchdb() && fits {
            true => Some(pouchdb(peers, &kept, &here)?),
            false => None,
        };
        before = peer.map(|peer| (cases, peer.wall_s)).or(before);
        print(cases, ours, peer)?;
        if let (Some(seconds), false) = (foreseen, fits) {
            writeln!(
                std::io::stdout(),
                "  PouchDB was not asked for {cases}: at its pace it would take about {seconds:.0} s. The ratio is that of the smaller size."
            )?;
        }
        fs::remove_dir_all(&here)?;
    }
    Ok(())
}

fn print(cases: usize, ours: Fetched, peer: Option<Fetched>) -> Outcome<()> {
    let figure = |id: &str, unit, value: fn(&Fetched) -> f64| {
        Figure::new(format!("sync.first.{cases}.{id}"), unit, value(&ours))
            .beside("pouchdb", peer.as_ref().map(value))
    };
    let each = |id: &str, count: f64| {
        let bytes = ours.counted.down as f64 / count;
        Figure::new(format!("sync.first.{cases}.{id}"), "B", bytes)
    };
    let of_case = |fetched: &Fetched| fetched.counted.down as f64 / cases as f64;
    table::print(
        &format!(
            "first sync of {cases} cases ({:.0} rows: cases, persons, needs, follow-ups)",
            ours.rows
        ),
        &[
            figure("time", "s", |fetched| fetched.wall_s).goal(Goal::Ratio(1.0 / 20.0)),
            each("bytes_a_row", ours.rows).goal(Goal::Most(70.0)),
            each("bytes_a_case", cases as f64).beside("pouchdb", peer.as_ref().map(of_case)),
            figure("requests", "", |fetched| fetched.counted.requests as f64),
            figure("cpu.server", "s", |fetched| fetched.server.cpu_s),
            figure("cpu.desk", "s", |fetched| fetched.desk.cpu_s),
            figure("memory.server", "MB", |fetched| fetched.server.peak_mb),
            figure("memory.desk", "MB", |fetched| fetched.desk.peak_mb),
        ],
    )
}

/// Servers of both sides that hold so many cases; making them takes minutes, so they are kept.
struct Kept {
    folder: PathBuf,
    cases: usize,
}

impl Kept {
    fn make_or_take(office: &Office, cases: usize) -> Outcome<Self> {
        let folder = machine::bench_dir().join(format!("first-{cases}"));
        let kept = Self { folder, cases };
        // Other fields are other rows.
        let stamp = format!("{cases} {}", jitasa_domain::sum::fields_covered());
        if fs::read_to_string(kept.stamp()).is_ok_and(|text| text == stamp) {
            return Ok(kept);
        }
        if kept.folder.exists() {
            fs::remove_dir_all(&kept.folder)?;
        }
        let ((), took) = machine::timed(|| kept.fill(office))?;
        writeln!(
            std::io::stdout(),
            "  {cases} cases keyed at a desk and sent to the server in {:.0} s; kept in {}",
            took.as_secs_f64(),
            kept.folder.display()
        )?;
        fs::write(kept.stamp(), stamp)?;
        Ok(kept)
    }

    fn stamp(&self) -> PathBuf {
        self.folder.join("stamp")
    }

    fn province(&self) -> PathBuf {
        self.folder.join("province")
    }

    fn documents(&self) -> PathBuf {
        self.folder.join("documents")
    }

    /// The peer's server with the same cases.
    fn pouchdb(&self, peers: &Peers) -> Outcome<PathBuf> {
        let (server, whole) = (
            self.folder.join("pouchdb"),
            self.folder.join("pouchdb-whole"),
        );
        if !whole.exists() {
            if server.exists() {
                fs::remove_dir_all(&server)?;
            }
            peers.fill_server(&server, &self.documents())?;
            fs::write(whole, "")?;
        }
        Ok(server)
    }

    fn fill(&self, office: &Office) -> Outcome<()> {
        let province = self.province();
        let place = Place::Folder(&province);
        let code = place.codes(&[OFFICE.into()], 1)?.remove(0);
        let server = Server::start(&province, &place, false)?;
        let url = server.url(server.address);
        let mut desk = Desk::new(&self.folder.join("desk"), 1, &office.kinds)?;
        desk.enrol(&url, None, &code)?;
        desk.key(office.calls[..self.cases].iter().cloned())?;
        desk.write_documents(&self.documents())?;
        let _ = desk.sync(&url, terms())?;
        let state = json!({ "cases": desk.cases()?, "sum": desk.sum()? });
        fs::write(self.folder.join("state"), state.to_string())?;
        drop(desk);
        Ok(fs::remove_dir_all(self.folder.join("desk"))?)
    }

    /// What the desk that sent it all holds.
    fn state(&self) -> Outcome<Value> {
        let text = fs::read_to_string(self.folder.join("state"))?;
        Ok(serde_json::from_str(&text)?)
    }
}

fn ours(office: &Office, kept: &Kept, here: &Path) -> Outcome<Fetched> {
    let province = kept.province();
    let place = Place::Folder(&province);
    let code = place.codes(&[OFFICE.into()], 1)?.remove(0);
    let server = Server::start(&province, &place, false)?;
    let proxy = Proxy::to(server.address, None)?;
    let url = server.url(proxy.address());
    // Another device each time, since the server remembers those that came before.
    let seed = u64::try_from(super::desks::jitasa_now().0)?;
    let desk = Desk::new(&folder_of(here, 0), seed, &office.kinds)?;
    desk.enrol(&url, None, &code)?;
    drop(desk);
    let mut desk = Process::start(
        Command::new(std::env::current_exe()?)
            .arg(DESKS)
            .arg(here)
            .arg(&url)
            .arg("1"),
    )?;
    let _ = desk.line()?;
    let fetched = fetched(&mut desk, &server.process, &proxy, &json!({ "do": "pull" }))?;
    let states = desk.order(&json!({ "do": "state" }))?;
    if states["states"][0] != kept.state()? {
        return Err(format!("the desk does not hold what was sent: {states}").into());
    }
    Ok(fetched)
}

fn pouchdb(peers: &Peers, kept: &Kept, here: &Path) -> Outcome<Fetched> {
    let (server, address) = peers.server(&kept.pouchdb(peers)?)?;
    let proxy = Proxy::to(address, None)?;
    let mut desks = peers.desks(&here.join("pouchdb"))?;
    let order = json!({ "do": "pull", "desks": ["one"], "url": database_at(proxy.address()) });
    let fetched = fetched(&mut desks, &server, &proxy, &order)?;
    let states = desks.order(&json!({ "do": "state", "desks": ["one"] }))?;
    if states["states"][0]["count"] != kept.cases {
        return Err(format!("the peer's desk does not hold all: {states}").into());
    }
    Ok(fetched)
}

fn fetched(desk: &mut Process, server: &Process, proxy: &Proxy, order: &Value) -> Outcome<Fetched> {
    let before = (server.cost(), desk.cost());
    let _ = proxy.counted();
    let (said, took) = machine::timed(|| desk.order(order))?;
    let since = |after: Cost, before: Cost| Cost {
        cpu_s: after.cpu_s - before.cpu_s,
        ..after
    };
    Ok(Fetched {
        wall_s: took.as_secs_f64(),
        counted: proxy.counted(),
        rows: said["received"].as_f64().unwrap_or_default(),
        server: since(server.cost(), before.0),
        desk: since(desk.cost(), before.1),
    })
}
