//! The practice desk that is measured. Making it takes minutes, so it is kept between runs, with a stamp
//! of what it was made of: another size, seed or schema makes a new one.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jitasa_app::{App, Env, SystemEnv};
use jitasa_domain::{IdSource, Timestamp};
use jitasa_store::{Store, StoreFiles};
use serde_json::{Value, json};

use crate::{Outcome, machine};

/// The same made-up people in every run.
const SEED: u64 = 2_569;
/// The moment at which the thirty days of practice end: 22 พ.ย. 2569, noon.
const NOW: Timestamp = Timestamp(1_795_323_600_000);

/// A clock that goes on by a millisecond each time it is looked at, so that rows do not depend on the day.
#[derive(Debug)]
struct BenchEnv(AtomicI64);

impl Env for BenchEnv {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        // Not from a seed: what a second run saves must not bear the ids of the first.
        SystemEnv.fill_random(bytes);
    }
}

/// Ids for acts that go past the API.
#[derive(Debug)]
pub(super) struct FreshIds;

impl IdSource for FreshIds {
    fn random(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        SystemEnv.fill_random(&mut bytes);
        bytes
    }
}

/// A desk of the size asked for, closed.
#[derive(Debug)]
pub(super) struct Kept {
    dir: PathBuf,
    rows: usize,
    /// How long loading took, now or when it was made.
    loading: Duration,
    /// Processor time of it, in seconds.
    loading_cpu_s: Option<u64>,
    /// The most memory the loading process had, in MB.
    loading_mb: Option<u64>,
    is_new: bool,
}

impl Kept {
    /// The desk that lies in this folder when its stamp is right, else a new one.
    pub(super) fn make_or_take(dir: &Path, rows: usize) -> Outcome<Self> {
        let stamp = json!({ "rows": rows, "seed": SEED, "now": NOW.0, "schema": schema()? });
        let kept = Self {
            dir: dir.to_path_buf(),
            rows,
            loading: Duration::ZERO,
            loading_cpu_s: None,
            loading_mb: None,
            is_new: false,
        };
        if let Some(kept) = kept.take(&stamp)? {
            return Ok(kept);
        }
        if dir.exists() {
            fs::remove_dir_all(dir)?;
        }
        fs::create_dir_all(kept.desk_dir())?;
        let (app, loading) = machine::timed(|| {
            let app = kept.open()?;
            app.init_practice(&rows.to_string(), SEED)?;
            Ok(app)
        })?;
        drop(app);
        let loading_cpu_s = machine::cpu_s();
        let loading_mb = machine::memory_mb().map(|(_, most)| most);
        let made = json!({
            "of": stamp,
            "loading_ms": u64::try_from(loading.as_millis())?,
            "loading_cpu_s": loading_cpu_s,
            "loading_mb": loading_mb,
        });
        fs::write(kept.stamp_file(), made.to_string())?;
        Ok(Self {
            loading,
            loading_cpu_s,
            loading_mb,
            is_new: true,
            ..kept
        })
    }

    fn take(&self, stamp: &Value) -> Outcome<Option<Self>> {
        let Ok(text) = fs::read_to_string(self.stamp_file()) else {
            return Ok(None);
        };
        let made: Value = serde_json::from_str(&text).unwrap_or_default();
        if made["of"] != *stamp {
            return Ok(None);
        }
        // Each run saves some cases; one day they would be what is measured.
        let count = "SELECT count(*) FROM \"case\"";
        let store = Store::open(&self.desk_dir())?;
        let cases: i64 = store.read(|conn| Ok(conn.query_row(count, [], |row| row.get(0))?))?;
        if usize::try_from(cases)? > self.rows + self.rows / 10 {
            return Ok(None);
        }
        Ok(Some(Self {
            dir: self.dir.clone(),
            rows: self.rows,
            loading: Duration::from_millis(made["loading_ms"].as_u64().unwrap_or(0)),
            loading_cpu_s: made["loading_cpu_s"].as_u64(),
            loading_mb: made["loading_mb"].as_u64(),
            is_new: false,
        }))
    }

    /// The folder of both sides.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether it was made in this run.
    pub(super) fn is_new(&self) -> bool {
        self.is_new
    }

    /// The folder of the desk.
    pub(super) fn desk_dir(&self) -> PathBuf {
        self.dir.join("desk")
    }

    fn stamp_file(&self) -> PathBuf {
        self.dir.join("stamp.json")
    }

    /// The API over it.
    pub(super) fn open(&self) -> Outcome<App> {
        let env = BenchEnv(AtomicI64::new(NOW.0));
        Ok(App::open(&self.desk_dir(), Arc::new(env))?)
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = |number: Option<u64>| number.map_or_else(|| "?".into(), |n| n.to_string());
        write!(
            f,
            "desk: {} cases, {} MB, loaded {} in {:.0} s ({} s of processor, {} MB of memory at most)",
            self.rows,
            machine::bytes_of(&StoreFiles::in_dir(&self.desk_dir()).database) >> 20,
            if self.is_new { "now" } else { "before" },
            self.loading.as_secs_f64(),
            known(self.loading_cpu_s),
            known(self.loading_mb),
        )
    }
}

/// The tables and indexes that this build makes, as one text.
fn schema() -> Outcome<String> {
    let dir = tempfile::tempdir()?;
    let store = Store::create(dir.path(), [7; 32])?;
    let sql = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
    Ok(store.read(|conn| Ok(conn.query_row(sql, [], |row| row.get(0))?))?)
}
