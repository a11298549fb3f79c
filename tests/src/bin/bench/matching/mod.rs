//! Hands for needs: our solver beside OR-tools and SciPy on the same flows, in the same run, in turn; and what the
//! whole plan of an office takes.
//!
//! Times are the processor's, not the clock's: others may be at work on the machine.

mod api;
mod events;
mod given;
mod made_up;
mod office;
mod others;

use std::io::{self, Write as _};

use self::{
    made_up::MadeUp,
    others::{Others, Solved},
};
use crate::{Outcome, machine};

/// A size: its name in the figures, needs, volunteers, rounds, and SciPy's solvers that end within a minute.
struct Size {
    name: &'static str,
    needs: usize,
    volunteers: u32,
    rounds: usize,
    scipy: &'static [&'static str],
}

const SIZES: &[Size] = &[
    Size {
        name: "1k_200",
        needs: 1_000,
        volunteers: 200,
        rounds: 21,
        scipy: &["scipy_matching", "scipy_highs"],
    },
    Size {
        name: "10k_1k",
        needs: 10_000,
        volunteers: 1_000,
        rounds: 9,
        scipy: &["scipy_matching", "scipy_highs"],
    },
    Size {
        name: "10k_2500",
        needs: 10_000,
        volunteers: 2_500,
        rounds: 9,
        scipy: &["scipy_matching"],
    },
    Size {
        name: "100k_10k",
        needs: 100_000,
        volunteers: 10_000,
        rounds: 3,
        scipy: &[],
    },
];

/// Of a thousand parts of the cost: near enough to begin with.
const NEAR_PERMILLE: i64 = 5;
/// The figure asked for: a fifth of OR-tools' time to come near, twice its time to be exact.
const GOAL_NEAR: f64 = 0.2;
const GOAL_EXACT: f64 = 2.0;

/// What ours took for one size, in milliseconds of the processor, one sample a round.
#[derive(Default)]
struct Ours {
    build: Vec<f64>,
    near: Vec<f64>,
    exact: Vec<f64>,
    /// What the near one could still save, of what it costs, and what it really could.
    proven_gap: f64,
    true_gap: f64,
}

/// Runs the set.
pub(crate) fn run() -> Outcome<()> {
    let mut out = io::stdout();
    let mut others = match jitasa_tests::oracle::python() {
        Some(python) => Some(Others::start(&python)?),
        None => {
            writeln!(
                out,
                "no solvers of others: `cargo xtask setup` puts them into target/oracle"
            )?;
            None
        }
    };
    let mut figures = Vec::new();
    for size in SIZES {
        figures.extend(one_size(size, others.as_mut())?);
    }
    office::run()?;
    api::run()?;
    for figure in figures {
        writeln!(out, "{figure}")?;
    }
    Ok(())
}

fn one_size(size: &Size, mut others: Option<&mut Others>) -> Outcome<Vec<String>> {
    let made_up = MadeUp::new(size.needs, size.volunteers, events::COUNT, 1);
    let given = &made_up.given;
    if let Some(others) = others.as_deref_mut() {
        given.write(others.requests())?;
    }
    // First, while the process keeps no memory of earlier rounds to use again.
    let peak_mb = peak_mb(|| {
        let (mut flow, ..) = given.flow();
        flow.settle_from_nothing();
    });
    let mut ours = Ours::default();
    let mut theirs: Vec<Solved> = Vec::new();
    for _ in 0..size.rounds {
        if let Some(others) = others.as_deref_mut() {
            theirs.push(others.solve("ortools")?);
        }
        let cost = ours.round(given)?;
        if theirs.last().is_some_and(|solved| solved.cost != cost) {
            return Err(format!(
                "{}: ours costs {cost}, OR-tools' {:?}",
                size.name,
                theirs.last()
            )
            .into());
        }
    }
    let mut out = io::stdout();
    writeln!(
        out,
        "{}: built in {:.1} ms (OR-tools {:.1}), near by {:.2} % proven ({:.2} % in truth), memory {} MB (OR-tools' process {})",
        size.name,
        median(&ours.build),
        median_of(&theirs, |solved| solved.build_ms).unwrap_or(f64::NAN),
        ours.proven_gap * 100.0,
        ours.true_gap * 100.0,
        peak_mb.map_or("?".to_owned(), |mb| mb.to_string()),
        theirs.last().map_or(0, |solved| solved.peak_mb),
    )?;
    let solve_ms = median_of(&theirs, |solved| solved.solve_ms);
    let ortools = solve_ms.map(|ms| ("ortools", ms));
    let id = |what: &str| format!("matching.{}.{what}", size.name);
    let mut figures = vec![
        figure(&id("near"), median(&ours.near), ortools, GOAL_NEAR),
        figure(&id("exact"), median(&ours.exact), ortools, GOAL_EXACT),
    ];
    for name in size.scipy {
        // Seconds each: once is enough to see how far away it is.
        let solved = others
            .as_deref_mut()
            .map(|others| others.solve(name))
            .transpose()?;
        let peer = solved.map(|solved| (*name, solved.solve_ms));
        figures.push(figure(
            &id(&format!("exact_{name}")),
            median(&ours.exact),
            peer,
            1.0,
        ));
    }
    figures.extend(events::figures(size.name, &made_up, ortools)?);
    Ok(figures)
}

impl Ours {
    /// Solves once, near and then from nothing exactly; answers what it costs.
    fn round(&mut self, given: &given::Given) -> Outcome<i64> {
        let ((mut flow, ..), ms) = cpu_ms(|| given.flow())?;
        self.build.push(ms);
        let mut near = flow.clone();
        let ((), ms) = cpu_ms(|| near.approach(NEAR_PERMILLE))?;
        self.near.push(ms);
        let ((), ms) = cpu_ms(|| flow.settle_from_nothing())?;
        self.exact.push(ms);
        let (cost, near_cost) = (flow.cost(), near.cost());
        if flow.dual_bound() != cost {
            return Err("the exact one is not proven".into());
        }
        self.proven_gap = part(near_cost - near.dual_bound(), near_cost);
        self.true_gap = part(near_cost - cost, near_cost);
        Ok(cost)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share, for reading")]
fn part(of: i64, whole: i64) -> f64 {
    of as f64 / whole as f64
}

/// Carries something out and says how much of the processor it took.
fn cpu_ms<T>(work: impl FnOnce() -> T) -> Outcome<(T, f64)> {
    let before = machine::cpu_ns()?;
    let done = work();
    let took = std::time::Duration::from_nanos(machine::cpu_ns()? - before);
    Ok((done, took.as_secs_f64() * 1e3))
}

/// The most memory that something needed beside what was there before; `None` where the system does not say.
fn peak_mb(work: impl FnOnce()) -> Option<u64> {
    let (before, _) = machine::memory_mb()?;
    // Makes the system forget the most there was.
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    work();
    let (_, most) = machine::memory_mb()?;
    Some(most.saturating_sub(before))
}

fn median(samples: &[f64]) -> f64 {
    percentile(samples, 50)
}

/// By nearest rank: always a value that was measured.
fn percentile(samples: &[f64], percent: usize) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}

fn median_of(solved: &[Solved], what: impl Fn(&Solved) -> f64) -> Option<f64> {
    let samples: Vec<f64> = solved.iter().map(what).collect();
    (!samples.is_empty()).then(|| median(&samples))
}

/// The line that a program reads.
fn figure(id: &str, ours_ms: f64, peer: Option<(&str, f64)>, goal: f64) -> String {
    let Some((name, peer_ms)) = peer else {
        return format!("FIGURE {id} ours={ours_ms:.3}ms peer=none ratio=none goal=<={goal} short");
    };
    let ratio = ours_ms / peer_ms;
    let verdict = if ratio <= goal { "pass" } else { "short" };
    format!(
        "FIGURE {id} ours={ours_ms:.3}ms peer={name}:{peer_ms:.3}ms ratio={ratio:.4} goal=<={goal} {verdict}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_short_without_a_peer_and_where_the_ratio_is_too_large() {
        let line = figure("matching.x.near", 2.0, Some(("ortools", 10.0)), 0.2);
        assert!(line.ends_with("ratio=0.2000 goal=<=0.2 pass"), "{line}");
        assert!(figure("x", 3.0, Some(("ortools", 10.0)), 0.2).ends_with("short"));
        assert!(figure("x", 3.0, None, 0.2).contains("peer=none"));
    }

    #[test]
    fn the_same_seed_makes_the_same_office() {
        let written = |seed| {
            let mut text = Vec::new();
            MadeUp::new(50, 20, 3, seed).given.write(&mut text).unwrap();
            text
        };
        assert_eq!(written(1), written(1));
        assert_ne!(written(1), written(2));
    }
}
