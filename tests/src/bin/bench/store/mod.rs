//! An office's store at a million cases, beside the plainest thing that could be done instead: the same
//! rows in one table of an unencrypted SQLite file without an index, read through by the same SQLite.

mod desk;
mod plain;
mod questions;
mod samples;

use std::io::Write as _;

use jitasa_store::Store;

use self::{desk::Kept, plain::Plain, samples::Samples};
use crate::{
    Outcome,
    figure::{self, Measured, Turns, millis, percentile},
    machine,
};

/// Where both sides answer: enough for a 99th percentile of ours; the peer takes a second an answer.
const READING: Turns = Turns {
    rounds: 40,
    warm_up: 3,
    ours_a_round: 25,
};
/// Every answer begins with a closed file.
const OPENING: Turns = Turns {
    rounds: 30,
    warm_up: 2,
    ours_a_round: 1,
};
/// Both sides wait for the disk, one save after another.
const SAVING: Turns = Turns {
    rounds: 200,
    warm_up: 20,
    ours_a_round: 1,
};
/// Pages written and synced to know the disk.
const DISK_SYNCS: usize = 200;

/// Makes the desk when there is none of this size, then asks both sides.
pub(crate) fn run(rows: usize) -> Outcome<()> {
    let mut out = std::io::stdout();
    let dir = machine::bench_dir().join(format!("store-{rows}"));
    let kept = Kept::make_or_take(&dir, rows)?;
    writeln!(out, "{kept}")?;
    let plain = Plain::make_or_take(&kept)?;
    writeln!(out, "{plain}")?;
    let samples = Samples::draw(&kept)?;
    writeln!(
        out,
        "disk: 4 KiB written and synced in {:.2} ms (median of {DISK_SYNCS})",
        millis(percentile(&machine::disk_sync(&dir, DISK_SYNCS)?, 50))
    )?;

    let mut measured = Vec::new();
    let mut ask = |question, turns| {
        let answered: Measured = figure::measure(question, turns)?;
        // Minutes pass; whoever waits sees how far it is.
        writeln!(std::io::stdout(), "{answered}")?;
        measured.push(answered);
        Outcome::Ok(())
    };
    ask(questions::opening(&kept, &plain), OPENING)?;

    let app = kept.open()?;
    let store = Store::open(&kept.desk_dir())?;
    let plain = plain.open()?;
    for question in questions::reading(&store, &app, &plain, &samples) {
        ask(question, READING)?;
    }
    for question in questions::saving(&store, &app, &plain, &samples)? {
        ask(question, SAVING)?;
    }
    questions::screens(&app, &mut out)?;
    if let Some((now_mb, most_mb)) = machine::memory_mb() {
        writeln!(
            out,
            "memory of this process: {now_mb} MB, at most {most_mb} MB"
        )?;
    }
    let raw = machine::bench_dir().join(format!("store-{rows}.json"));
    writeln!(out, "raw samples: {}", raw.display())?;
    figure::report(&measured, &raw)
}
