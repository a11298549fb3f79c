//! `cargo xtask simulate`: runs worlds until so many office-days have passed, and says what broke.

use std::{
    io::{self, Write as _},
    process::ExitCode,
    time::Instant,
};

#[cfg(feature = "sown-bugs")]
mod strength;

use jitasa_domain::ids::SeededIds;
use jitasa_simulate::{Broke, Fault, TraceLine, world};

const USAGE: &str = "\
simulate [--days N] [--seed S].. [--faults a,b,..] [--world SEED] [--kept] [--strength [--bugs 1,2,..]]

  --days N       office-days altogether (1000)
  --seed S       the seed of them all (1); of several each has its share of the days
  --faults LIST  only these kinds; `none` for none
  --kept         first the worlds that once broke a rule (kept-seeds.txt)
  --world SEED   one world by its own seed, with a trace of what led to a violation
  --strength     wakes the bugs that are sown (all, or those of --bugs) one after another, and fails when more than one
                 of thirty is not found within the office-days of each
";
/// Worlds that once broke a rule: the seed, and its faults.
const KEPT: &str = include_str!("../kept-seeds.txt");
/// Office-days after which a long run says how far it is.
const TOLD_EVERY: u64 = 10_000;
/// Lines of a trace that are shown.
const TRACE_MAX: usize = 160;

pub(crate) struct Asked {
    days: u64,
    /// At least one.
    seeds: Vec<u64>,
    faults: Vec<Fault>,
    world: Option<u64>,
    kept: bool,
    #[cfg(feature = "sown-bugs")]
    strength: bool,
    /// Only these sown bugs; none for all.
    #[cfg(feature = "sown-bugs")]
    bugs: Vec<u32>,
}

fn main() -> ExitCode {
    let mut out = io::stdout().lock();
    let asked = match read(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(asked) => asked,
        Err(wrong) => {
            let _ = writeln!(out, "{wrong}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    // A panic is a violation like any other: it is told with its world.
    std::panic::set_hook(Box::new(|_| {}));
    let done = match asked.world {
        #[cfg(feature = "sown-bugs")]
        _ if asked.strength => strength::strength(&mut out, &asked),
        Some(seed) => one(&mut out, seed, &asked.faults),
        None => many(&mut out, &asked),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

fn read(arguments: &[String]) -> Result<Asked, String> {
    let mut asked = Asked {
        days: 1_000,
        seeds: Vec::new(),
        faults: Fault::ALL.to_vec(),
        world: None,
        kept: false,
        #[cfg(feature = "sown-bugs")]
        strength: false,
        #[cfg(feature = "sown-bugs")]
        bugs: Vec::new(),
    };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        #[cfg(feature = "sown-bugs")]
        if name == "--strength" {
            asked.strength = true;
            continue;
        }
        if name == "--kept" {
            asked.kept = true;
            continue;
        }
        let value = rest.next().ok_or(format!("`{name}` wants a value"))?;
        let number = || value.parse().map_err(|_| format!("`{value}` is no number"));
        match name.as_str() {
            "--days" => asked.days = number()?,
            "--seed" => asked.seeds.push(number()?),
            "--world" => asked.world = Some(number()?),
            "--faults" => asked.faults = faults(value)?,
            #[cfg(feature = "sown-bugs")]
            "--bugs" => {
                let numbers = value.split(',').map(str::parse);
                let numbers = numbers.collect::<Result<_, _>>();
                asked.bugs = numbers.map_err(|_| format!("`{value}` is no list of bugs"))?;
            }
            _ => return Err(format!("`{name}` was not expected")),
        }
    }
    if asked.seeds.is_empty() {
        asked.seeds.push(1);
    }
    Ok(asked)
}

fn faults(list: &str) -> Result<Vec<Fault>, String> {
    if list == "none" {
        return Ok(Vec::new());
    }
    let of = |name: &str| {
        let found = Fault::ALL.iter().find(|fault| fault.text() == name);
        found.copied().ok_or(format!("there is no fault `{name}`"))
    };
    list.split(',').map(of).collect()
}

/// The seeds of the worlds.
fn seeds(seed: u64) -> impl Iterator<Item = u64> {
    let mut ids = SeededIds(seed);
    std::iter::repeat_with(move || ids.next_u64() >> 16)
}

fn many(out: &mut impl io::Write, asked: &Asked) -> io::Result<bool> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long it took is told to whoever started it"
    )]
    let began = Instant::now();
    let told = |days: u64, worlds: u64| {
        let a_second =
            f64::from(u32::try_from(days).unwrap_or(u32::MAX)) / began.elapsed().as_secs_f64();
        format!("{days} office-days in {worlds} worlds without a violation, {a_second:.0} a second")
    };
    let (mut days, mut worlds, mut hash) = (0, 0u64, 0u64);
    let kept = KEPT.lines().filter_map(|line| {
        let (seed, list) = line.split_once(' ')?;
        Some((seed.parse().ok()?, faults(list).ok()?))
    });
    let mut kept: Vec<_> = kept.filter(|_| asked.kept).collect();
    let share = asked.days / asked.seeds.len() as u64;
    for (place, seed) in (1..).zip(&asked.seeds) {
        let kept = std::mem::take(&mut kept).into_iter();
        let fresh = seeds(*seed).map(|seed| (seed, asked.faults.clone()));
        for (seed, faults) in kept.chain(fresh) {
            if days >= share * place {
                break;
            }
            match world(seed, &faults, false) {
                Ok(ran) => {
                    let thousands = days / TOLD_EVERY;
                    days += ran.office_days;
                    worlds += 1;
                    hash = hash.rotate_left(1) ^ ran.hash;
                    if days / TOLD_EVERY > thousands {
                        writeln!(out, "  {}", told(days, worlds))?;
                        out.flush()?;
                    }
                }
                Err(broke) => {
                    writeln!(out, "  {}", told(days, worlds))?;
                    tell(out, &broke)?;
                    if let Err(replayed) = world(seed, &faults, true) {
                        tell_trace(out, &replayed)?;
                    }
                    return Ok(false);
                }
            }
        }
    }
    writeln!(
        out,
        "{}; seeds {:?}, hash {hash:016x}",
        told(days, worlds),
        asked.seeds
    )?;
    Ok(true)
}

fn one(out: &mut impl io::Write, seed: u64, faults: &[Fault]) -> io::Result<bool> {
    match world(seed, faults, true) {
        Ok(ran) => {
            writeln!(
                out,
                "{} office-days, hash {:016x}",
                ran.office_days, ran.hash
            )?;
            Ok(true)
        }
        Err(broke) => {
            tell(out, &broke)?;
            tell_trace(out, &broke)?;
            Ok(false)
        }
    }
}

fn tell(out: &mut impl io::Write, broke: &Broke) -> io::Result<()> {
    writeln!(
        out,
        "violation: {}\n  world {}, day {}, step {}, about {:?}\n  again: cargo xtask simulate --world {}",
        broke.violation.what, broke.seed, broke.day, broke.step, broke.violation.about, broke.seed
    )
}

/// The lines about what was broken, and those about no record.
fn tell_trace(out: &mut impl io::Write, broke: &Broke) -> io::Result<()> {
    let about = &broke.violation.about;
    let concerns =
        |line: &&TraceLine| line.1.is_empty() || line.1.iter().any(|id| about.contains(id));
    let lines: Vec<_> = broke.trace.iter().filter(concerns).collect();
    for (line, _) in &lines[lines.len().saturating_sub(TRACE_MAX)..] {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}
