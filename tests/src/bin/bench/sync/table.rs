//! The figures of a part: for a person a table, for a program a line each.

use std::io::{self, Write as _};

use crate::Outcome;

/// What is enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Goal {
    /// Ours divided by the peer's, at most.
    Ratio(f64),
    /// Ours by itself, at most.
    Most(f64),
    /// No goal: told for comparison.
    None,
}

/// One figure.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub(super) id: String,
    pub(super) unit: &'static str,
    pub(super) ours: f64,
    /// The peer's name and what it reaches; none when it is missing or has nothing like it.
    pub(super) peer: Option<(&'static str, f64)>,
    pub(super) goal: Goal,
}

impl Figure {
    pub(super) fn new(id: impl Into<String>, unit: &'static str, ours: f64) -> Self {
        Self {
            id: id.into(),
            unit,
            ours,
            peer: None,
            goal: Goal::None,
        }
    }

    pub(super) fn beside(self, name: &'static str, reaches: Option<f64>) -> Self {
        Self {
            peer: reaches.map(|reaches| (name, reaches)),
            ..self
        }
    }

    pub(super) fn goal(self, goal: Goal) -> Self {
        Self { goal, ..self }
    }

    fn ratio(&self) -> Option<f64> {
        let (_, peer) = self.peer.filter(|(_, peer)| *peer > 0.0)?;
        Some(self.ours / peer)
    }

    fn verdict(&self) -> &'static str {
        let met = match self.goal {
            Goal::None => return "",
            Goal::Most(most) => self.ours <= most,
            // A goal that nobody measured is not reached.
            Goal::Ratio(most) => self.ratio().is_some_and(|ratio| ratio <= most),
        };
        if met { "pass" } else { "short" }
    }

    fn told(&self) -> [String; 6] {
        let number = |value: f64| match value {
            value if value >= 1_000.0 => format!("{value:.0} {}", self.unit),
            value if value >= 10.0 => format!("{value:.1} {}", self.unit),
            value => format!("{value:.3} {}", self.unit),
        };
        [
            self.id.clone(),
            number(self.ours),
            self.peer.map_or_else(
                || "-".into(),
                |(name, peer)| format!("{} ({name})", number(peer)),
            ),
            self.ratio()
                .map_or_else(|| "-".into(), |ratio| format!("{ratio:.3}")),
            match self.goal {
                Goal::None => "-".into(),
                Goal::Most(most) => format!("<= {most} {}", self.unit),
                Goal::Ratio(most) => format!("ratio <= {most:.4}"),
            },
            match self.verdict() {
                "pass" => "met".into(),
                "" => "-".into(),
                other => other.into(),
            },
        ]
    }

    fn line(&self) -> String {
        let peer = self.peer.map_or_else(
            || "none".into(),
            |(name, peer)| format!("{name}:{peer:.3}{}", self.unit),
        );
        let ratio = self
            .ratio()
            .map_or_else(|| "none".into(), |ratio| format!("{ratio:.4}"));
        let goal = match self.goal {
            Goal::None => "none".into(),
            Goal::Most(most) => format!("<={most}{}", self.unit),
            Goal::Ratio(most) => format!("<={most:.4}"),
        };
        format!(
            "FIGURE {} ours={:.3}{} peer={peer} ratio={ratio} goal={goal} {}",
            self.id,
            self.ours,
            self.unit,
            self.verdict()
        )
    }
}

/// Prints a part's figures.
pub(super) fn print(title: &str, figures: &[Figure]) -> Outcome<()> {
    let mut out = io::stdout().lock();
    let head = ["figure", "ours", "peer", "ratio", "goal", "met or short"].map(str::to_string);
    let rows: Vec<[String; 6]> = std::iter::once(head)
        .chain(figures.iter().map(Figure::told))
        .collect();
    writeln!(out, "\n{title}")?;
    for row in &rows {
        write!(out, " ")?;
        for (column, cell) in row.iter().enumerate() {
            let width = rows.iter().map(|row| row[column].chars().count()).max();
            write!(out, " {cell:<width$} ", width = width.unwrap_or(0))?;
        }
        writeln!(out)?;
    }
    for figure in figures.iter().filter(|figure| figure.goal != Goal::None) {
        writeln!(out, "{}", figure.line().trim_end())?;
    }
    out.flush()?;
    Ok(())
}

/// The middle of some values; of two middles the lower.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
        .get(sorted.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_beside_a_missing_peer_is_short() {
        let figure = Figure::new("sync.x", "s", 1.0).goal(Goal::Ratio(0.5));
        assert_eq!(figure.clone().beside("pouchdb", None).verdict(), "short");
        assert_eq!(
            figure.clone().beside("pouchdb", Some(2.0)).verdict(),
            "pass"
        );
        assert_eq!(
            figure.beside("pouchdb", Some(1.5)).line(),
            "FIGURE sync.x ours=1.000s peer=pouchdb:1.500s ratio=0.6667 goal=<=0.5000 short"
        );
    }

    #[test]
    fn the_median_is_a_value_that_was_measured() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0]), 1.0);
    }
}
