//! Edits over a line of 20 kbit/s and 700 ms.

use std::path::Path;

use serde_json::json;

use super::{
    Office,
    calls::OFFICE,
    desks::{Desk, terms},
    peers::{Peers, database_at},
    process::{Place, Process, Server},
    proxy::{Counted, Proxy, THIN},
    table::{self, Figure, Goal, median},
};
use crate::{Outcome, machine};

pub(super) fn run(
    office: &Office,
    peers: &Peers,
    folder: &Path,
    edits: usize,
    rounds: usize,
) -> Outcome<()> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut desk = Ours::new(office, &folder.join("ours"), edits)?;
    let mut peer = match peers.has_pouchdb() {
        true => Some(Pouch::new(office, peers, &folder.join("pouchdb"), edits)?),
        false => None,
    };
    for _ in 0..rounds {
        ours.push(desk.edits(edits)?);
        if let Some(peer) = &mut peer {
            theirs.push(peer.edits(edits)?);
        }
    }
    let name = "pouchdb";
    let of = |sides: &[(f64, Counted)], value: fn(&(f64, Counted)) -> f64| {
        let values: Vec<f64> = sides.iter().map(value).collect();
        Some(median(&values)).filter(|_| !values.is_empty())
    };
    let figure = |id: &str, unit, value: fn(&(f64, Counted)) -> f64| {
        Figure::new(id, unit, of(&ours, value).unwrap_or(0.0)).beside(name, of(&theirs, value))
    };
    table::print(
        &format!(
            "{edits} edits over a line of 20 kbit/s and 700 ms there and back, median of {rounds}"
        ),
        &[
            figure("sync.thin.time", "s", |(time, _)| *time).goal(Goal::Ratio(1.0 / 8.0)),
            figure("sync.thin.up", "B", |(_, counted)| counted.up as f64),
            figure("sync.thin.down", "B", |(_, counted)| counted.down as f64),
            figure("sync.thin.requests", "", |(_, counted)| {
                counted.requests as f64
            }),
            figure("sync.thin.connections", "", |(_, counted)| {
                counted.connections as f64
            }),
        ],
    )
}

struct Ours {
    desk: Desk,
    line: Proxy,
    url: String,
    _server: Server,
}

impl Ours {
    fn new(office: &Office, folder: &Path, cases: usize) -> Outcome<Self> {
        let province = folder.join("province");
        let place = Place::Folder(&province);
        let code = place.codes(&[OFFICE.into()], 1)?.remove(0);
        let server = Server::start(&province, &place, false)?;
        let near = Proxy::to(server.address, None)?;
        let line = Proxy::to(server.address, Some(THIN))?;
        let url = server.url(line.address());
        let mut desk = Desk::new(&folder.join("desk"), 1, &office.kinds)?;
        desk.key(office.calls[..cases].iter().cloned())?;
        let near = server.url(near.address());
        desk.enrol(&near, None, &code)?;
        let _ = desk.sync(&near, terms())?;
        Ok(Self {
            desk,
            line,
            url,
            _server: server,
        })
    }

    fn edits(&mut self, count: usize) -> Outcome<(f64, Counted)> {
        self.desk.edit(count)?;
        let _ = self.line.counted();
        let ((receipt, _), took) = machine::timed(|| self.desk.sync(&self.url, terms()))?;
        if usize::try_from(receipt.sent)? != count {
            return Err(format!("{} edits arrived, not {count}", receipt.sent).into());
        }
        Ok((took.as_secs_f64(), self.line.counted()))
    }
}

struct Pouch {
    desks: Process,
    line: Proxy,
    url: String,
    _server: Process,
}

impl Pouch {
    fn new(office: &Office, peers: &Peers, folder: &Path, cases: usize) -> Outcome<Self> {
        let mut maker = Desk::new(&folder.join("maker"), 1, &office.kinds)?;
        maker.key(office.calls[..cases].iter().cloned())?;
        let file = folder.join("documents");
        maker.write_documents(&file)?;
        let (server, address) = peers.server(&folder.join("server"))?;
        let near = Proxy::to(address, None)?;
        let line = Proxy::to(address, Some(THIN))?;
        let mut desks = peers.desks(&folder.join("desks"))?;
        let _ = desks.order(&json!({ "do": "make", "desk": "one", "file": file }))?;
        let near = database_at(near.address());
        let _ = desks.order(&json!({ "do": "push", "desks": ["one"], "url": near }))?;
        Ok(Self {
            desks,
            url: database_at(line.address()),
            line,
            _server: server,
        })
    }

    fn edits(&mut self, count: usize) -> Outcome<(f64, Counted)> {
        let edit = json!({ "do": "edit", "desk": "one", "count": count, "first": 0 });
        let _ = self.desks.order(&edit)?;
        let _ = self.line.counted();
        let push = json!({ "do": "push", "desks": ["one"], "url": self.url });
        let (said, took) = machine::timed(|| self.desks.order(&push))?;
        if said["written"] != count {
            return Err(format!("{} edits arrived, not {count}", said["written"]).into());
        }
        Ok((took.as_secs_f64(), self.line.counted()))
    }
}
