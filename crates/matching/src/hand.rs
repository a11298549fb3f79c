//! Somebody who could be asked, and the houses he answers for. Knows no form and reads no free text.

use crate::Place;

/// A volunteer, as the caller sees him at this moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hand {
    /// The bits of his UUID.
    pub id: u128,
    /// Kinds of need he can serve: his own skills and those of the kinds of volunteer that he is.
    pub skills: Vec<String>,
    /// What he answers for.
    pub patch: Vec<Patch>,
    /// Where he lives: a village's 8 digits, or the subdistrict's 6.
    pub area_code: String,
    /// His home, when it is known.
    pub at: Option<Place>,
    /// Areas he may be sent to, by the beginning of their codes; `None` for wherever the office works.
    pub reach: Option<Vec<String>>,
    /// Codes of what he has, and of what his vehicle can carry.
    pub equipment: Vec<String>,
    /// Whether he has a vehicle.
    pub vehicle: bool,
    /// People it takes besides him, 0 without one; `None` when nobody said.
    pub seats: Option<u8>,
    /// What he has to do already. For a plan: without what its wants say he was told, which is counted there.
    pub open_tasks: u32,
    /// How many tasks he takes at a time.
    pub max_open_tasks: u32,
    /// Whether he can be asked now: his days, hours and leave.
    pub available: bool,
    /// Whether the office has vetted him.
    pub vetted: bool,
}

/// A village, or houses of a village, that a volunteer answers for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patch {
    /// The village's 8 digits.
    pub village: String,
    /// His houses there; `None` for all of them.
    pub houses: Option<Houses>,
}

/// Numbers of houses: runs, and single ones with a stroke.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Houses {
    runs: Vec<(u32, u32)>,
    odd: Vec<String>,
}

impl Houses {
    /// From runs (first and last number, both included) and numbers that are no plain number (`15/2`).
    #[must_use]
    pub fn new(runs: &[(u32, u32)], odd: &[&str]) -> Self {
        let mut runs = runs.to_vec();
        runs.sort_unstable();
        let mut odd: Vec<String> = odd.iter().map(|house| house.trim().to_owned()).collect();
        odd.sort_unstable();
        Self { runs, odd }
    }

    /// Whether a house, as its number is written, is one of them. `15/2` is a house of its own, not number 15.
    #[must_use]
    pub fn include(&self, house: &str) -> bool {
        let house = house.trim();
        match house.parse::<u32>() {
            Ok(number) => self
                .runs
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&number)),
            Err(_) => self.odd.iter().any(|odd| odd == house),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_is_in_a_run_or_stands_alone() {
        let houses = Houses::new(&[(1, 10), (12, 12)], &["15/2"]);
        for his in ["1", "10", " 12 ", "15/2"] {
            assert!(houses.include(his), "{his}");
        }
        for other in ["0", "11", "15", "1/1", ""] {
            assert!(!houses.include(other), "{other}");
        }
    }
}
