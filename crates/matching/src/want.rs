//! A need that wants hands, as the caller tells it. Knows nothing of the record behind it.

use crate::Place;

/// A need that wants hands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Want {
    /// The bits of its UUID.
    pub id: u128,
    /// Code of its kind; whoever serves it has it among his skills.
    pub kind: String,
    /// Where it is: a village's 8 digits, or the subdistrict's 6.
    pub area_code: String,
    /// The house's number as it is written (`15/2`); empty when it is not known.
    pub house: String,
    /// Its place, when it is known.
    pub at: Option<Place>,
    /// 0 can wait, 1 ordinary, 2 urgent, 3 danger to life. More counts as 3.
    pub urgency_rank: u8,
    /// Minutes since it was reported. Counted in steps (see [`crate::Weights`]), so that a plan does not change each minute.
    pub waiting_min: u32,
    /// How many volunteers it wants in all, those told included; 0 counts as 1.
    pub hands: u8,
    /// Codes of equipment that help, `vehicle` for a vehicle.
    pub helpful: Vec<String>,
    /// People who are to be taken along; 0 for none.
    pub passengers: u8,
    /// Whether one of them has to lie.
    pub lying: bool,
    /// Volunteers who declined it, or whom the office turned down for it.
    pub barred: Vec<u128>,
    /// Volunteers who have an assignment of it that is not over.
    pub told: Vec<(u128, Told)>,
    /// Volunteers who have helped this household before.
    pub known_by: Vec<u128>,
    /// Volunteers who were asked for it and did not answer: still possible, after others.
    pub silent: Vec<u128>,
    /// Volunteers who go to this household anyhow, for another need of it: one visit serves both.
    pub going: Vec<u128>,
}

/// How firmly a need is given to a volunteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Told {
    /// Put forward only, nobody was told: free to change.
    Proposed,
    /// He was asked and has not answered: to change it costs a word.
    Offered,
    /// He took it, or a person pinned it: it counts and is never changed.
    Held,
}

/// The code that stands for a vehicle among what helps.
pub(crate) const VEHICLE: &str = "vehicle";
/// The code of what somebody lies on.
pub(crate) const STRETCHER: &str = "stretcher";

impl Want {
    /// Hands still to be found: what it wants, less what is held.
    #[must_use]
    pub fn open_hands(&self) -> u32 {
        u32::from(self.hands.max(1))
            .saturating_sub(u32::try_from(self.held().count()).unwrap_or(u32::MAX))
    }

    /// Volunteers who hold it for good.
    pub fn held(&self) -> impl Iterator<Item = u128> + '_ {
        self.told
            .iter()
            .filter(|(_, told)| *told == Told::Held)
            .map(|(hand, _)| *hand)
    }

    /// How firmly it is given to this volunteer; `None` when it is not.
    #[must_use]
    pub fn told(&self, hand: u128) -> Option<Told> {
        let of_his = self.told.iter().filter(|(id, _)| *id == hand);
        of_his.map(|(_, told)| *told).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_hand_is_one_less_to_find() {
        let want = Want {
            hands: 3,
            told: vec![(1, Told::Held), (2, Told::Offered), (1, Told::Proposed)],
            ..Want::default()
        };
        assert_eq!(want.open_hands(), 2);
        assert_eq!(want.told(1), Some(Told::Held));
        assert_eq!(want.told(3), None);
        assert_eq!(Want::default().open_hands(), 1);
    }
}
