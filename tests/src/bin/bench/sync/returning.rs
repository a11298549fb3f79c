//! A province's offices come back at the same moment, each with a thousand changes. What is measured is the server: how
//! long each answer takes, and how long all of it, on SQLite and on PostgreSQL.
//!
//! The desks here are as thin as they can be (a key, a chain, frames that are not packed), since they share the machine
//! with the server that is measured.

use std::{
    path::Path,
    sync::{Barrier, Mutex, PoisonError},
    thread,
    time::Duration,
};

use jitasa_domain::change::Change;
use jitasa_protocol::{
    Code, DeviceKey, Hash, PROTOCOL, PublicKey,
    frame::{self, Compression, Kind},
    link,
    payload::{BatchHead, EnrolAsk, Request, RequestHead},
};
use jitasa_server::postgres::Database;
use jitasa_sync::{HttpTransport, Transport as _, TransportError, envelope};
use jitasa_tests::postgres::Cluster;
use uuid::Uuid;

use super::{
    desks::jitasa_now,
    process::{Place, Server},
    table::{self, Figure},
};
use crate::{
    Outcome,
    figure::{millis, percentile},
    machine::{self, Cost},
    sync_postgres::{self, BATCH},
};

/// How long a desk waits that was told that the server is busy.
const LATER: Duration = Duration::from_secs(1);

/// What all offices together met.
#[derive(Debug, Default)]
struct Met {
    answers_ns: Vec<u64>,
    busy: u64,
    /// Answers that did not come within the desk's patience; the same batch was sent again.
    timeouts: u64,
}

pub(super) fn run(folder: &Path, offices: usize, each: usize) -> Outcome<()> {
    let (sqlite, on_sqlite) = returned(folder, None, offices, each)?;
    let cluster = Cluster::of_this_process();
    let database = Database {
        url: cluster.url(&cluster.database()),
        password: None,
        authority: None,
        province: "45".into(),
    };
    let (postgres, on_postgres) = returned(&folder.join("pg"), Some(&database), offices, each)?;
    let mut figures = Vec::new();
    for (name, (met, wall, cost)) in [
        ("sqlite", (sqlite, on_sqlite.0, on_sqlite.1)),
        ("postgres", (postgres, on_postgres.0, on_postgres.1)),
    ] {
        let figure =
            |id: &str, unit, value| Figure::new(format!("sync.returning.{name}.{id}"), unit, value);
        figures.extend([
            figure("total", "s", wall),
            figure("changes_a_second", "/s", (offices * each) as f64 / wall),
            figure("answer.p50", "ms", millis(percentile(&met.answers_ns, 50))),
            figure("answer.p99", "ms", millis(percentile(&met.answers_ns, 99))),
            figure("busy", "", met.busy as f64),
            figure("timeouts", "", met.timeouts as f64),
            figure("cpu.server", "s", cost.cpu_s),
            figure("memory.server", "MB", cost.peak_mb),
        ]);
    }
    table::print(
        &format!(
            "{offices} offices come back at once with {each} changes each, batches of {BATCH}, over HTTP"
        ),
        &figures,
    )?;
    // The ledger alone, in process, beside rows that are written one by one.
    sync_postgres::run(offices, each)
}

fn returned(
    folder: &Path,
    database: Option<&Database>,
    offices: usize,
    each: usize,
) -> Outcome<(Met, (f64, Cost))> {
    let province = folder.join("returning");
    let place = match database {
        Some(database) => Place::Database(database),
        None => Place::Folder(&province),
    };
    let codes: Vec<String> = (0..offices).map(sync_postgres::office_code).collect();
    let one_time = place.codes(&codes, 1)?;
    std::fs::create_dir_all(&province)?;
    let server = Server::start(&province, &place, false)?;
    let url = server.url(server.address);
    let mut outboxes = sync_postgres::outboxes(&codes, each).into_iter();
    let mut desks = Vec::new();
    for (number, (office, code)) in codes.iter().zip(&one_time).enumerate() {
        let changes = outboxes.next().ok_or("no changes")?;
        desks.push(Returning::enrol(number, office, code, &url, changes)?);
    }
    let before = server.process.cost();
    let begin = Barrier::new(offices);
    let met = Mutex::new(Met::default());
    let (failed, took) = machine::timed(|| {
        Ok(thread::scope(|scope| {
            let sending: Vec<_> = desks
                .iter_mut()
                .map(|desk| {
                    let (begin, met) = (&begin, &met);
                    scope.spawn(move || {
                        begin.wait();
                        desk.send(met).map_err(|error| error.to_string())
                    })
                })
                .collect();
            sending
                .into_iter()
                .filter_map(|desk| {
                    desk.join()
                        .map_or_else(|_| Some("it panicked".into()), Result::err)
                })
                .next()
        }))
    })?;
    if let Some(error) = failed {
        return Err(format!("an office was not taken: {error}").into());
    }
    let after = server.process.cost();
    let cost = Cost {
        cpu_s: after.cpu_s - before.cpu_s,
        ..after
    };
    let met = met.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok((met, (took.as_secs_f64(), cost)))
}

/// An office's desk with all it did while it had no line.
struct Returning {
    line: HttpTransport,
    key: DeviceKey,
    server_key: PublicKey,
    head: RequestHead,
    changes: Vec<Change>,
}

impl Returning {
    fn enrol(
        number: usize,
        office_code: &str,
        code: &str,
        url: &str,
        changes: Vec<Change>,
    ) -> Outcome<Self> {
        let line = HttpTransport::new(url, None)?;
        let mut secret = [3; 32];
        secret[..8].copy_from_slice(&(number as u64).to_le_bytes());
        let key = DeviceKey::from_secret(&secret);
        let device_id = Uuid::new_v5(&Uuid::NAMESPACE_OID, office_code.as_bytes());
        let ask = EnrolAsk {
            protocol: PROTOCOL,
            program: jitasa_sync::round::PROGRAM.into(),
            code: Some(jitasa_protocol::Secret(code.into())),
            token: None,
            device_id,
            device_name: "โต๊ะรับเรื่อง".into(),
            office_code: office_code.into(),
            public_key: key.public(),
            claimed_at: jitasa_now().0,
        };
        let grant = envelope::open_grant(&line.enrol(&envelope::seal_ask(&ask, &key))?)?;
        Ok(Self {
            line,
            key,
            server_key: grant.server_key,
            head: RequestHead {
                protocol: PROTOCOL,
                program: jitasa_sync::round::PROGRAM.into(),
                server_id: grant.server_id,
                office_code: office_code.into(),
                device_id,
                epoch: grant.epoch,
                limit: jitasa_sync::core::PAGE_FIRST,
                ..RequestHead::default()
            },
            changes,
        })
    }

    fn send(&mut self, met: &Mutex<Met>) -> Outcome<()> {
        let changes = std::mem::take(&mut self.changes);
        for batch in changes.chunks(BATCH) {
            let chain = batch
                .iter()
                .fold(self.head.link, |chain: Hash, change| link(&chain, change));
            let name = Uuid::new_v5(&self.head.device_id, &self.head.acked.to_le_bytes());
            let request = Request {
                head: RequestHead {
                    batch: Some(BatchHead::of(name, None, self.head.link, batch)),
                    ..self.head.clone()
                },
                changes: batch.to_vec(),
            };
            let payload = request.write();
            let sealed = frame::seal(Kind::Request, &payload, &self.key, Compression::None);
            let (bytes, took) = machine::timed(|| self.patiently(&sealed, met))?;
            let device = self.head.device_id;
            let answer = envelope::open(&bytes, &self.server_key, device, Hash::of(&payload))?;
            let taken = answer.outcomes.iter().filter(|word| word.reason.is_none());
            if answer.head.problem.is_some() || taken.count() != batch.len() {
                return Err("a batch was not taken".into());
            }
            self.head.acked = answer.head.acked;
            self.head.link = chain;
            self.head.cursor = answer.head.cursor;
            let mut met = met.lock().unwrap_or_else(PoisonError::into_inner);
            met.answers_ns.push(u64::try_from(took.as_nanos())?);
        }
        Ok(())
    }

    /// Asks until the server is no longer busy and answers in time; the waiting is part of the answer's time.
    fn patiently(&self, sealed: &[u8], met: &Mutex<Met>) -> Outcome<Vec<u8>> {
        loop {
            match self.line.exchange(sealed) {
                Err(TransportError::Refused(problem)) if problem.code == Code::Busy => {
                    met.lock().unwrap_or_else(PoisonError::into_inner).busy += 1;
                    machine::wait(LATER);
                }
                Err(TransportError::Timeout) => {
                    met.lock().unwrap_or_else(PoisonError::into_inner).timeouts += 1;
                }
                other => return Ok(other?),
            }
        }
    }
}
