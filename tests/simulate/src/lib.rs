//! The simulation: many desks and one server in one thread, every fault drawn from one seed. The merging of desks, the
//! core of sync, the frames, the plan of the server and its deliveries are the real ones; disks, line and people are
//! made up here. `cargo xtask simulate --days N --seed S`.
//!
//! A world is some offices for some days; its seed decides everything, so a violation is replayed by its seed.

mod chance;
mod desk;
mod disk;
mod faults;
mod ledger;
mod line;
mod oracle;
mod repair;
mod rest;
mod round;
mod server;
mod work;
mod world;

pub use faults::Fault;
pub use oracle::Violation;
pub use world::TraceLine;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// How a world went.
#[derive(Debug)]
pub struct Ran {
    /// Office-days it was.
    pub office_days: u64,
    /// What came out in the end.
    pub hash: u64,
}

/// A world that broke a rule.
#[derive(Debug)]
pub struct Broke {
    /// Its seed.
    pub seed: u64,
    /// When.
    pub day: usize,
    /// Within the day.
    pub step: usize,
    /// What.
    pub violation: Violation,
    /// What led to it, when it was asked for.
    pub trace: Vec<TraceLine>,
}

/// Runs one world.
///
/// # Errors
/// The rule that it broke.
pub fn world(seed: u64, faults: &[Fault], traces: bool) -> Result<Ran, Box<Broke>> {
    let broke = |violation, day, step, trace| {
        Box::new(Broke {
            seed,
            day,
            step,
            violation,
            trace,
        })
    };
    let mut world = match world::World::new(seed, faults, traces) {
        Ok(world) => world,
        Err(violation) => return Err(broke(violation, 0, 0, Vec::new())),
    };
    let ran = catch_unwind(AssertUnwindSafe(|| world.runs()));
    let (day, step) = (world.day, world.step);
    let mut trace = || world.trace.take().unwrap_or_default();
    match ran {
        Ok(Ok(office_days)) => Ok(Ran {
            office_days,
            hash: world.hash(),
        }),
        Ok(Err(violation)) => Err(broke(violation, day, step, trace())),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or_default();
            let violation = Violation::new(format!("panicked: {said}"), []);
            Err(broke(violation, day, step, trace()))
        }
    }
}
