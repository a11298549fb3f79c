//! What a new case and an edit weigh on the line, and how many requests an edit takes: counted by the proxy, with the
//! frame alone beside it.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{
    Office,
    calls::{Call, OFFICE, of_a_stranger},
    desks::{Desk, Weight, terms},
    peers::{Peers, database_at},
    process::{Place, Server},
    proxy::{Counted, Proxy},
    table::{self, Figure, Goal},
};
use crate::Outcome;

/// Acts of a batch.
const BATCH: usize = 100;

/// One batch: how many changes, what the proxy counted, what the frames weigh.
struct Sent {
    changes: usize,
    counted: Counted,
    weight: Weight,
}

impl Sent {
    fn each(&self, bytes: u64) -> f64 {
        bytes as f64 / BATCH as f64
    }
}

pub(super) fn run(office: &Office, peers: &Peers, folder: &Path) -> Outcome<()> {
    let calls = &office.calls[..3 * BATCH];
    let strangers: Vec<Call> = calls.iter().map(of_a_stranger).collect();
    let plain = ours(office, calls, &folder.join("plain"), false)?;
    let tls = ours(office, calls, &folder.join("tls"), true)?;
    let strange = ours(office, &strangers, &folder.join("strangers"), false)?;
    let peer = match peers.has_pouchdb() {
        true => Some(pouchdb(office, calls, peers, &folder.join("pouchdb"))?),
        false => None,
    };
    let name = "pouchdb";
    let of = |value: fn(&Pouch) -> f64| peer.as_ref().map(value);
    let mut figures = Vec::new();
    for (id, sent, most, beside) in [
        ("case", &plain.case, 60.0, of(|peer| peer.case)),
        ("case.strangers", &strange.case, 60.0, None),
        ("edit", &plain.edit, 30.0, of(|peer| peer.edit)),
        ("edit.strangers", &strange.edit, 30.0, None),
    ] {
        figures.push(
            Figure::new(
                format!("sync.bytes.{id}.frame"),
                "B",
                sent.each(sent.weight.up),
            )
            .goal(Goal::Most(most)),
        );
        figures.push(
            Figure::new(
                format!("sync.bytes.{id}.http"),
                "B",
                sent.each(sent.counted.up),
            )
            .beside(name, beside)
            .goal(Goal::Most(most)),
        );
    }
    for (id, sent) in [("case", &tls.case), ("edit", &tls.edit)] {
        figures.push(Figure::new(
            format!("sync.bytes.{id}.https"),
            "B",
            sent.each(sent.counted.up),
        ));
    }
    for (id, sent) in [("case", &plain.case), ("edit", &plain.edit)] {
        figures.push(Figure::new(
            format!("sync.bytes.{id}.answer"),
            "B",
            sent.each(sent.counted.down),
        ));
    }
    figures.push(Figure::new(
        "sync.bytes.case.round",
        "B",
        plain.round.each(plain.round.counted.up),
    ));
    figures.push(
        Figure::new("sync.edit.requests", "", plain.one.counted.requests as f64)
            .beside(name, of(|peer| peer.one.requests as f64))
            .goal(Goal::Most(1.0)),
    );
    figures.push(
        Figure::new("sync.edit.one.bytes", "B", plain.one.counted.bytes() as f64)
            .beside(name, of(|peer| peer.one.bytes() as f64)),
    );
    figures.push(
        Figure::new("sync.edit.pull.requests", "", plain.heard.requests as f64)
            .beside(name, of(|peer| peer.heard.requests as f64)),
    );
    table::print(
        "bytes a new case and an edit, sent in one batch of 100 acts (frame: by itself; http: all that the proxy counted \
         upwards, heads and connection included; https: the same inside TLS with its handshake; answer: downwards; round: \
         100 cases as a round sends them, in batches that begin small)",
        &figures,
    )?;
    writeln!(
        std::io::stdout(),
        "  100 new cases were {} changes, 100 edits {}; the round took {} requests",
        plain.case.changes,
        plain.edit.changes,
        plain.round.counted.requests,
    )?;
    Ok(())
}

/// What one desk sent, and what another heard.
struct Ours {
    case: Sent,
    round: Sent,
    edit: Sent,
    one: Sent,
    heard: Counted,
}

/// A desk sends 100 new cases in one batch, 100 as a round does, 100 edits in one batch, and one edit.
fn ours(office: &Office, calls: &[Call], folder: &Path, tls: bool) -> Outcome<Ours> {
    let province = folder.join("province");
    let place = Place::Folder(&province);
    let code = place.codes(&[OFFICE.into()], 2)?.remove(0);
    let server = Server::start(&province, &place, tls)?;
    let proxy = Proxy::to(server.address, None)?;
    let url = server.url(proxy.address());
    let mut desk = Desk::new(&folder.join("desk"), 1, &office.kinds)?;
    let other = Desk::new(&folder.join("other"), 2, &office.kinds)?;
    for each in [&desk, &other] {
        each.enrol(&url, server.root.as_deref(), &code)?;
        let _ = each.sync(&url, terms())?;
    }
    let one_batch = |desk: &Desk| {
        let _ = proxy.counted();
        let (changes, weight) = desk.send_in_one_batch(&url)?;
        let counted = proxy.counted();
        let _ = desk.sync(&url, terms())?;
        Outcome::Ok(Sent {
            changes,
            counted,
            weight,
        })
    };
    let a_round = |desk: &Desk| {
        let _ = proxy.counted();
        let (receipt, weight) = desk.sync(&url, terms())?;
        Outcome::Ok(Sent {
            changes: usize::try_from(receipt.sent)?,
            counted: proxy.counted(),
            weight,
        })
    };
    desk.key(calls[..BATCH].iter().cloned())?;
    let case = one_batch(&desk)?;
    desk.key(calls[BATCH..2 * BATCH].iter().cloned())?;
    let round = a_round(&desk)?;
    desk.edit(BATCH)?;
    let edit = one_batch(&desk)?;
    let _ = other.sync(&url, terms())?;
    desk.edit(1)?;
    let one = a_round(&desk)?;
    let (receipt, _) = other.sync(&url, terms())?;
    let [ours, theirs] = [desk.sum()?, other.sum()?];
    if receipt.received == 0 || ours != theirs {
        return Err(format!("the other desk holds {theirs:x}, not {ours:x}: {receipt:?}").into());
    }
    Ok(Ours {
        case,
        round,
        edit,
        one,
        heard: proxy.counted(),
    })
}

/// The same of the peer: bytes upwards for each of 100, and what one edit took.
struct Pouch {
    case: f64,
    edit: f64,
    one: Counted,
    heard: Counted,
}

fn pouchdb(office: &Office, calls: &[Call], peers: &Peers, folder: &Path) -> Outcome<Pouch> {
    let mut maker = Desk::new(&folder.join("maker"), 1, &office.kinds)?;
    maker.key(calls[..BATCH].iter().cloned())?;
    let file: PathBuf = folder.join("documents");
    maker.write_documents(&file)?;
    let (_server, address) = peers.server(&folder.join("server"))?;
    let proxy = Proxy::to(address, None)?;
    let url = database_at(proxy.address());
    let mut desks = peers.desks(&folder.join("desks"))?;
    let mut order = |what: &str, desk: &str, count: usize| {
        let order = json!({ "do": what, "desk": desk, "desks": [desk], "file": file, "url": url,
            "count": count, "first": 0 });
        let _ = desks.order(&order)?;
        Outcome::Ok(proxy.counted())
    };
    let each = |counted: Counted| counted.up as f64 / BATCH as f64;
    let _ = order("make", "one", BATCH)?;
    let case = each(order("push", "one", BATCH)?);
    let _ = order("pull", "two", BATCH)?;
    let _ = order("edit", "one", BATCH)?;
    let edit = each(order("push", "one", BATCH)?);
    let _ = order("pull", "two", BATCH)?;
    let _ = order("edit", "one", 1)?;
    let one = order("push", "one", BATCH)?;
    let heard = order("pull", "two", BATCH)?;
    let states = desks.order(&json!({ "do": "state", "desks": ["one", "two"] }))?;
    if states["states"][0] != states["states"][1] {
        return Err("the peer's desks differ".into());
    }
    Ok(Pouch {
        case,
        edit,
        one,
        heard,
    })
}
