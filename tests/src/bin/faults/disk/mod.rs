//! Every write of a desk and of the province is refused in turn, as by a full disk or a broken one: once, or from then
//! on. Whatever the program answered then, what it had acknowledged is there once, and done again it succeeds.
//!
//! strace injects the errors (Debian: strace), into the real programs, at their system calls: what is refused is a
//! write of SQLite's as well as one of ours.

mod deeds;
mod scene;
mod strace;

use std::{
    path::Path,
    sync::atomic::{AtomicU32, AtomicUsize, Ordering},
};

use self::{
    deeds::{DEEDS, Deed},
    scene::Scene,
    strace::{Refused, Written, refusing},
};
use crate::{Outcome, say};

/// A desk or a province that answers more than so many refused writes without ending is not looked at further.
const WRITES_MAX: u32 = 5_000;
/// Deeds that are looked at side by side.
const SIDE_BY_SIDE: usize = 3;

pub(crate) fn run(every: u32, only: Option<&str>) -> Outcome<()> {
    strace::is_there()?;
    let deeds: Vec<_> = DEEDS
        .iter()
        .filter(|deed| only.is_none_or(|name| name == deed.name))
        .collect();
    let (next, tried) = (AtomicUsize::new(0), AtomicU32::new(0));
    let worked = || {
        let mut failed = Vec::new();
        while let Some(deed) = deeds.get(next.fetch_add(1, Ordering::Relaxed)) {
            match sweep(deed, every) {
                Ok(swept) => drop(tried.fetch_add(swept, Ordering::Relaxed)),
                Err(error) => failed.push(error.to_string()),
            }
        }
        failed
    };
    let failed: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..SIDE_BY_SIDE.min(deeds.len()))
            .map(|_| scope.spawn(worked))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|_| vec!["it panicked".into()]))
            .collect()
    });
    if !failed.is_empty() {
        return Err(failed.join("\n").into());
    }
    say(&format!(
        "{} times a write was refused: nothing acknowledged was lost, nothing was doubled, and done again it succeeded",
        tried.into_inner()
    ));
    Ok(())
}

/// In memory where the system has a place for it: what is looked at is what the programs do with a refusal, and a flush
/// that is not refused only takes time.
fn a_house() -> Outcome<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    let mut house = tempfile::Builder::new();
    house.prefix("jitasa-faults");
    Ok(if memory.is_dir() {
        house.tempdir_in(memory)?
    } else {
        house.tempdir()?
    })
}

/// One deed with each of its writes refused: answers how often one was.
fn sweep(deed: &Deed, every: u32) -> Outcome<u32> {
    let house = a_house()?;
    let scene = Scene::made(house.path(), deed)?;
    let written = strace::written_by(&scene, deed)?;
    let mut lines = Vec::new();
    let mut tried = 0;
    for error in ["ENOSPC", "EIO"] {
        for from_then_on in [false, true] {
            let (mut writes, mut refused) = (0, 0);
            for call in &written.calls {
                for nth in (1..=WRITES_MAX).step_by(every.try_into()?) {
                    let how = Refused {
                        call,
                        error,
                        nth,
                        from_then_on,
                    };
                    match one(&scene, deed, &how, &written) {
                        Ok(None) => break,
                        Ok(Some(code)) => {
                            writes += 1;
                            refused += u32::from(code != 0);
                        }
                        Err(error) => {
                            let kept = house.keep();
                            let name = deed.name;
                            return Err(format!(
                                "{name}: {how}: {error}\nits files: {}",
                                kept.display()
                            )
                            .into());
                        }
                    }
                }
            }
            tried += writes;
            let how = if from_then_on { "from then on" } else { "once" };
            lines.push(format!(
                "{error} {how} {writes}, {refused} answered as refused"
            ));
        }
    }
    say(&format!("{}: {}", deed.name, lines.join("; ")));
    Ok(tried)
}

/// One try: none when there are no more writes than that, else what the program ended with.
fn one(scene: &Scene, deed: &Deed, how: &Refused, written: &Written) -> Outcome<Option<i32>> {
    scene.again()?;
    let said = refusing(scene, deed, how, written)?;
    if !said.fired {
        return Ok(None);
    }
    said.is_decent(deed)?;
    if said.code == 0 && !(deed.done)(scene)? {
        return Err(format!("it was acknowledged, and is not there: {said:?}").into());
    }
    scene.is_sound()?;
    let stands = (deed.done)(scene)?;
    let again = strace::plainly(scene, deed)?;
    // Who did it already may be told so; else it is done now.
    if again.code != 0 && !stands {
        return Err(format!("done again it is refused: {again:?}; at first: {said:?}").into());
    }
    if !(deed.done)(scene)? {
        return Err(format!("done again it is not there: {again:?}").into());
    }
    scene.converges(deed)?;
    Ok(Some(said.code))
}
