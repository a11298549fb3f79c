//! The one place where this host asks what time it is; below it moments are arguments.
#![expect(clippy::disallowed_methods, reason = "a host has a clock")]

use std::time::{Instant, SystemTime};

use jitasa_domain::Timestamp;

/// The present moment, as this machine's clock has it.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Begins to measure how long something takes.
pub(crate) fn stopwatch() -> impl Fn() -> u64 {
    let began = Instant::now();
    move || u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}
