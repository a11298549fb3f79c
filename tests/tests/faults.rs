//! A minute of `cargo xtask faults`: real desks and the real server killed at moments that a seed chooses, and some of
//! their writes refused. The whole of it, 2,000 rounds and every write, is a run of its own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use std::process::Command;

#[track_caller]
fn faults(line: &str) {
    let ended = Command::new(env!("CARGO_BIN_EXE_faults"))
        .args(line.split_whitespace())
        .output()
        .unwrap();
    assert!(
        ended.status.success(),
        "faults {line}: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

#[test]
fn desks_and_a_server_that_are_killed_at_work_lose_nothing_acknowledged_and_double_nothing() {
    faults("kill --rounds 15 --seed 2569 --on sqlite");
}

#[test]
fn nor_do_they_when_the_ledger_is_in_postgresql() {
    faults("kill --rounds 5 --seed 2569 --on postgres");
}

/// Some containers let no program look into another. Where strace is missing the test fails and says so.
fn strace_may_not_look() -> bool {
    Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "true"])
        .status()
        .is_ok_and(|ended| !ended.success())
}

#[test]
fn a_write_that_is_refused_by_a_full_or_broken_disk_loses_and_doubles_nothing() {
    if strace_may_not_look() {
        eprintln!("skipped: this machine lets strace look into no program; no write was refused");
        return;
    }
    faults("disk --every 200");
}
