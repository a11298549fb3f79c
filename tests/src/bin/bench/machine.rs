//! What is read from the machine: time, memory, the disk's own speed, where figures are kept.

use std::{
    fs::{self, File},
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::Outcome;

/// Carries something out and says how long it took.
#[expect(
    clippy::disallowed_methods,
    reason = "measuring time is what a bench is for"
)]
pub(crate) fn timed<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Duration)> {
    let begin = Instant::now();
    let done = work()?;
    Ok((done, begin.elapsed()))
}

/// The present moment, to measure from.
#[expect(
    clippy::disallowed_methods,
    reason = "measuring time is what a bench is for"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Waits, as a thin line or a desk that was told to come later does.
#[expect(
    clippy::disallowed_methods,
    reason = "the line is slow, and nothing else tells that the time is over"
)]
pub(crate) fn wait(how_long: Duration) {
    std::thread::sleep(how_long);
}

/// What a process has cost so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Cost {
    /// Seconds of processor.
    pub(crate) cpu_s: f64,
    /// The most memory it ever had, in MB.
    pub(crate) peak_mb: f64,
}

/// What another process has cost so far. `None` where the system does not say.
pub(crate) fn cost_of(process: u32) -> Option<Cost> {
    let read = |name: &str| fs::read_to_string(format!("/proc/{process}/{name}")).ok();
    let (status, stat) = (read("status")?, read("stat")?);
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let peak_kib: f64 = peak.trim().trim_end_matches("kB").trim().parse().ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(Cost {
        cpu_s: ticks / 100.0,
        peak_mb: peak_kib / 1024.0,
    })
}

/// `target/bench` of the workspace, whether cargo runs us or a person does.
pub(crate) fn bench_dir() -> PathBuf {
    let target = match (
        std::env::var_os("CARGO_TARGET_DIR"),
        std::env::var_os("CARGO_MANIFEST_DIR"),
    ) {
        (Some(target), _) => PathBuf::from(target),
        (None, Some(package)) => Path::new(&package).join("../target"),
        (None, None) => PathBuf::from("target"),
    };
    // The peers' programs ask for it from folders of their own.
    let bench = target.join("bench");
    std::path::absolute(&bench).unwrap_or(bench)
}

/// This process's memory in MB: now, and the most it ever was. `None` where the system does not say.
pub(crate) fn memory_mb() -> Option<(u64, u64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(kib / 1024)
    };
    Some((of("VmRSS:")?, of("VmHWM:")?))
}

/// Seconds of processor time this process has had. `None` where the system does not say.
pub(crate) fn cpu_s() -> Option<u64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // After the name, which may hold anything: the 12th and 13th fields, in hundredths of a second.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(ticks / 100)
}

/// Bytes of a file; 0 where there is none.
pub(crate) fn bytes_of(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// How long this disk takes to keep one page: 4 KiB written to one place and synced, each time in nanoseconds.
pub(crate) fn disk_sync(dir: &Path, times: usize) -> Outcome<Vec<u64>> {
    let path = dir.join("sync.tmp");
    let mut file = File::create(&path)?;
    file.write_all(&[0; 1 << 20])?;
    file.sync_all()?;
    let mut samples = Vec::with_capacity(times);
    for turn in 0..times {
        let ((), took) = timed(|| {
            file.seek(SeekFrom::Start(4096 * (turn % 256) as u64))?;
            file.write_all(&[1; 4096])?;
            Ok(file.sync_data()?)
        })?;
        samples.push(u64::try_from(took.as_nanos())?);
    }
    fs::remove_file(&path)?;
    Ok(samples)
}

/// Nanoseconds of the processor this process has had, as exactly as the system tells.
#[cfg(unix)]
pub(crate) fn cpu_ns() -> Outcome<u64> {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Ok(u64::try_from(spent.tv_sec)? * 1_000_000_000 + u64::try_from(spent.tv_nsec)?)
}

/// Elsewhere only whole seconds are known.
#[cfg(not(unix))]
pub(crate) fn cpu_ns() -> Outcome<u64> {
    Ok(cpu_s().ok_or("the system does not tell the processor's time")? * 1_000_000_000)
}
