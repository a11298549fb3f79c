//! A province's desks sending their changes to the ledger in PostgreSQL, beside the rows that this led to written one
//! by one into the same tables on the same server, and beside the ledger in SQLite.
//!
//! In process: no network and no frame, so that what is measured is the ledger. The server is one of the bench's own,
//! with PostgreSQL's defaults: what is answered is on the disk.

mod desks;
mod row_by_row;

use std::io::Write as _;

use jitasa_domain::change::Change;
use jitasa_server::{Province, postgres::Database};
use jitasa_tests::postgres::Cluster;

use self::desks::Desks;
use crate::{
    Outcome,
    figure::{millis, percentile},
    machine,
};

/// Changes a batch, as a desk sends them at most.
pub(crate) const BATCH: usize = 500;
/// Ours has to take at least so many times as many changes in a second.
const GOAL: f64 = 3.0;

/// How long each batch took on one side, in nanoseconds.
#[derive(Debug, Default)]
struct Side {
    batches: Vec<u64>,
    changes: usize,
    /// Seconds of processor: of this process, and of the database's for this side.
    cpu_s: [f64; 2],
}

impl Side {
    /// Carries a batch out and counts it.
    fn batch<T>(&mut self, changes: usize, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        let before = machine::cpu_ns()?;
        let (done, took) = machine::timed(work)?;
        self.cpu_s[0] += millis(machine::cpu_ns()? - before) / 1e3;
        self.batches.push(u64::try_from(took.as_nanos())?);
        self.changes += changes;
        Ok(done)
    }

    /// Changes in a second of processor, both processes together.
    fn rate_of_cpu(&self) -> Outcome<f64> {
        Ok(f64::from(u32::try_from(self.changes)?) / (self.cpu_s[0] + self.cpu_s[1]))
    }

    fn seconds(&self) -> f64 {
        millis(self.batches.iter().sum()) / 1e3
    }

    /// Changes in a second.
    fn rate(&self) -> Outcome<f64> {
        Ok(f64::from(u32::try_from(self.changes)?) / self.seconds())
    }

    fn told(&self, name: &str) -> Outcome<String> {
        Ok(format!(
            "{name:<12} {} changes in {:.1} s ({:.1} s of processor here, {:.1} s in the database): {:.0} changes/s; a batch {:.1} / {:.1} ms (median / p99)",
            self.changes,
            self.seconds(),
            self.cpu_s[0],
            self.cpu_s[1],
            self.rate()?,
            millis(percentile(&self.batches, 50)),
            millis(percentile(&self.batches, 99)),
        ))
    }
}

/// The code of one of many offices of the province.
pub(crate) fn office_code(number: usize) -> String {
    format!("45{:02}{:02}", 1 + number / 16, 1 + number % 16)
}

/// What each office did while it had no line, as the desks here make it.
pub(crate) fn outboxes(codes: &[String], each: usize) -> Vec<Vec<Change>> {
    let mut desks = Desks::new();
    codes.iter().map(|code| desks.keyed(code, each)).collect()
}

/// Sends `offices` times `each` changes to every side in turn, office by office.
pub(crate) fn run(offices: usize, each: usize) -> Outcome<()> {
    let mut out = std::io::stdout();
    writeln!(
        out,
        "sync-postgres: {offices} offices x {each} changes, batches of {BATCH}"
    )?;
    let cluster = Cluster::of_this_process();
    let [ours_db, rows_db] = [cluster.database(), cluster.database()];
    let of = |name: &str| Database {
        url: cluster.url(name),
        password: None,
        authority: None,
        province: "45".into(),
    };
    let postgres = Province::connect(&of(&ours_db))?;
    // Makes the same tables.
    drop(Province::connect(&of(&rows_db))?);
    let folder = tempfile::tempdir()?;
    let sqlite = Province::open(folder.path())?;

    let (mut ours, mut file, mut rows) = (Side::default(), Side::default(), Side::default());
    let (mut our_desks, mut file_desks) = (Desks::new(), Desks::new());
    let mut by_row = row_by_row::Peer::new(cluster.client(&ours_db), cluster.client(&rows_db))?;
    for office in 0..offices {
        let code = office_code(office);
        our_desks.send(&postgres, &code, each, &mut ours)?;
        by_row.copy(&mut rows)?;
        file_desks.send(&sqlite, &code, each, &mut file)?;
    }
    (ours.cpu_s[1], rows.cpu_s[1]) = by_row.databases_cpu_s()?;
    for (name, side) in [
        ("postgres", &ours),
        ("row by row", &rows),
        ("sqlite", &file),
    ] {
        writeln!(out, "{}", side.told(name)?)?;
    }
    for line in by_row.sizes(ours.changes)? {
        writeln!(out, "{line}")?;
    }
    let sqlite_bytes = machine::bytes_of(&folder.path().join("province.db"));
    writeln!(
        out,
        "sqlite: {} bytes a change",
        sqlite_bytes / ours.changes.max(1) as u64
    )?;

    let (our_rate, peer_rate, file_rate) = (ours.rate()?, rows.rate()?, file.rate()?);
    let verdict = if our_rate / peer_rate >= GOAL {
        "pass"
    } else {
        "short"
    };
    writeln!(
        out,
        "FIGURE sync-postgres.changes ours={our_rate:.0}/s peer=row_by_row:{peer_rate:.0}/s ratio={:.4} goal=>={GOAL} {verdict}",
        our_rate / peer_rate
    )?;
    writeln!(
        out,
        "a second of processor, here and in the database: {:.0} changes and {:.0}, ratio {:.2}",
        ours.rate_of_cpu()?,
        rows.rate_of_cpu()?,
        ours.rate_of_cpu()? / rows.rate_of_cpu()?
    )?;
    writeln!(
        out,
        "FIGURE sync-postgres.batch.p99 ours={:.1}ms peer=row_by_row:{:.1}ms ratio={:.4} goal=<=1 {}",
        millis(percentile(&ours.batches, 99)),
        millis(percentile(&rows.batches, 99)),
        millis(percentile(&ours.batches, 99)) / millis(percentile(&rows.batches, 99)),
        if percentile(&ours.batches, 99) <= percentile(&rows.batches, 99) {
            "pass"
        } else {
            "short"
        },
    )?;
    writeln!(
        out,
        "beside sqlite: {our_rate:.0}/s and {file_rate:.0}/s, {:.2} of it",
        our_rate / file_rate
    )?;
    Ok(())
}
