//! Two sides in turn, their samples, and the lines that are printed of them.

use std::{
    collections::BTreeMap,
    fmt, fs,
    io::{self, Write as _},
    path::Path,
    time::Duration,
};

use serde_json::json;

use crate::{Outcome, machine};

/// How often each side is asked. Rounds alternate, so that whatever else the machine does meets both.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turns {
    /// Rounds that count.
    pub(crate) rounds: usize,
    /// Rounds before them that do not.
    pub(crate) warm_up: usize,
    /// How often ours is asked in a round; the peer, who takes long, once.
    pub(crate) ours_a_round: usize,
}

/// One question put to both sides. The number a side is given says which of the question's cases is asked:
/// both meet the same ones.
pub(crate) struct Question<'a> {
    id: &'static str,
    ours: Asking<'a>,
    /// The peer's name and how it answers; `None` when it is missing.
    peer: Option<(&'static str, Asking<'a>)>,
    /// After each side's answer, and not counted.
    afterwards: Box<dyn FnMut() + 'a>,
    /// The ratio that is enough, of the median and of the 99th percentile.
    goals: [f64; 2],
}

type Asking<'a> = Box<dyn FnMut(usize) -> Outcome<()> + 'a>;

impl<'a> Question<'a> {
    /// A question by its id (`store.page_first`) and how ours answers it.
    pub(crate) fn new(
        id: &'static str,
        goals: [f64; 2],
        ours: impl FnMut(usize) -> Outcome<()> + 'a,
    ) -> Self {
        Self {
            id,
            ours: Box::new(ours),
            peer: None,
            afterwards: Box::new(|| {}),
            goals,
        }
    }

    /// Puts a peer beside it.
    pub(crate) fn beside(
        self,
        name: &'static str,
        peer: impl FnMut(usize) -> Outcome<()> + 'a,
    ) -> Self {
        Self {
            peer: Some((name, Box::new(peer))),
            ..self
        }
    }

    /// What to put away after each answer.
    pub(crate) fn afterwards(self, put_away: impl FnMut() + 'a) -> Self {
        Self {
            afterwards: Box::new(put_away),
            ..self
        }
    }
}

/// What was measured of one question, in nanoseconds.
#[derive(Debug)]
pub(crate) struct Measured {
    id: &'static str,
    ours: Vec<u64>,
    peer: Option<(&'static str, Vec<u64>)>,
    goals: [f64; 2],
}

/// Asks both sides in turn.
pub(crate) fn measure(mut question: Question, turns: Turns) -> Outcome<Measured> {
    let mut measured = Measured {
        id: question.id,
        ours: Vec::new(),
        peer: question.peer.as_ref().map(|(name, _)| (*name, Vec::new())),
        goals: question.goals,
    };
    for round in 0..turns.warm_up + turns.rounds {
        let counts = round >= turns.warm_up;
        for turn in 0..turns.ours_a_round {
            let ((), took) = machine::timed(|| (question.ours)(round * turns.ours_a_round + turn))?;
            (question.afterwards)();
            if counts {
                measured.ours.push(u64::try_from(took.as_nanos())?);
            }
        }
        if let (Some((_, ask)), Some((_, samples))) = (&mut question.peer, &mut measured.peer) {
            let ((), took) = machine::timed(|| ask(round * turns.ours_a_round))?;
            (question.afterwards)();
            if counts {
                samples.push(u64::try_from(took.as_nanos())?);
            }
        }
    }
    Ok(measured)
}

/// The nearest-rank percentile: a value that was measured, never one between two.
pub(crate) fn percentile(samples: &[u64], percent: usize) -> u64 {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(0)
}

fn ms(ns: u64) -> String {
    let ms = millis(ns);
    if ms < 10.0 {
        format!("{ms:.3}")
    } else {
        format!("{ms:.1}")
    }
}

/// Nanoseconds as milliseconds.
pub(crate) fn millis(ns: u64) -> f64 {
    Duration::from_nanos(ns).as_secs_f64() * 1e3
}

impl Measured {
    /// The two lines that a program reads.
    fn lines(&self) -> [String; 2] {
        let line = |percent: usize, goal: f64| {
            let id = format!("{}.p{percent}", self.id);
            let ours = percentile(&self.ours, percent);
            let Some((name, peer)) = &self.peer else {
                // Without a peer there is no ratio, and a goal that nobody measured is not reached.
                return format!(
                    "FIGURE {id} ours={}ms peer=none ratio=none goal=<={goal} short",
                    ms(ours)
                );
            };
            let peer = percentile(peer, percent);
            let ratio = millis(ours) / millis(peer.max(1));
            let verdict = if ratio <= goal { "pass" } else { "short" };
            format!(
                "FIGURE {id} ours={}ms peer={name}:{}ms ratio={ratio:.4} goal=<={goal} {verdict}",
                ms(ours),
                ms(peer)
            )
        };
        [line(50, self.goals[0]), line(99, self.goals[1])]
    }
}

/// For a reader: how often each side was asked, its median and 99th percentile.
impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |f: &mut fmt::Formatter<'_>, name: &str, samples: &[u64]| {
            let [p50, p99] = [50, 99].map(|percent| ms(percentile(samples, percent)));
            write!(f, "  {name} x{}: {p50} / {p99} ms", samples.len())
        };
        write!(f, "{:<18}", self.id)?;
        side(f, "ours", &self.ours)?;
        match &self.peer {
            Some((name, samples)) => side(f, name, samples),
            None => f.write_str("  no peer"),
        }
    }
}

/// Prints the figures and keeps the raw samples.
pub(crate) fn report(measured: &[Measured], raw: &Path) -> Outcome<()> {
    let mut out = io::stdout().lock();
    for line in measured.iter().flat_map(Measured::lines) {
        writeln!(out, "{line}")?;
    }
    let samples: BTreeMap<_, _> = measured
        .iter()
        .map(|each| {
            let peer = each.peer.as_ref();
            let sides = json!({
                "ours_ns": each.ours,
                "peer": peer.map(|(name, _)| name),
                "peer_ns": peer.map(|(_, samples)| samples),
            });
            (each.id, sides)
        })
        .collect();
    fs::write(raw, serde_json::to_string(&samples)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        let samples: Vec<u64> = (1..=200).rev().collect();
        assert_eq!(percentile(&samples, 50), 100);
        assert_eq!(percentile(&samples, 99), 198);
        assert_eq!(percentile(&[7], 99), 7);
        assert_eq!(percentile(&[], 50), 0);
    }

    #[test]
    fn a_figure_says_ours_the_peers_the_ratio_and_whether_it_is_enough() {
        let measured = Measured {
            id: "store.count",
            ours: vec![2_000_000],
            peer: Some(("plain_scan", vec![400_000_000])),
            goals: [0.01, 0.001],
        };
        assert_eq!(
            measured.lines(),
            [
                "FIGURE store.count.p50 ours=2.000ms peer=plain_scan:400.0ms ratio=0.0050 goal=<=0.01 pass",
                "FIGURE store.count.p99 ours=2.000ms peer=plain_scan:400.0ms ratio=0.0050 goal=<=0.001 short",
            ]
        );
    }

    #[test]
    fn a_missing_peer_is_said() {
        let measured = Measured {
            id: "store.count",
            ours: vec![2_000_000],
            peer: None,
            goals: [0.01, 0.01],
        };
        assert!(measured.lines()[0].contains("peer=none"));
        assert!(measured.lines()[0].ends_with("short"));
    }

    #[test]
    fn both_sides_are_asked_in_turn_and_the_warm_up_does_not_count() {
        let asked = std::cell::RefCell::new(String::new());
        let question = Question::new("x", [1.0, 1.0], |_| {
            asked.borrow_mut().push('a');
            Ok(())
        })
        .beside("peer", |_| {
            asked.borrow_mut().push('b');
            Ok(())
        });
        let turns = Turns {
            rounds: 2,
            warm_up: 1,
            ours_a_round: 2,
        };
        let measured = measure(question, turns).unwrap();
        let (_, peer) = measured.peer.unwrap();
        assert_eq!((measured.ours.len(), peer.len()), (4, 2));
        assert_eq!(*asked.borrow(), "aabaabaab");
    }
}
