//! Wants and hands with their codes as numbers: the only form in which they are weighed, made once for each and then
//! compared without reading a text. Knows no rule and no cost.

use std::collections::BTreeMap;

use crate::{
    Hand, Houses, Want,
    area::Area,
    want::{STRETCHER, VEHICLE},
};

/// Which number stands for which code, of kinds and equipment alike.
#[derive(Debug, Clone, Default)]
pub(crate) struct Codes {
    numbers: BTreeMap<String, u32>,
}

/// Codes by their numbers. The first 64, which are mostly all, need no memory of their own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CodeSet {
    first: u64,
    rest: Vec<u64>,
}

/// What of a want is a number.
#[derive(Debug, Clone)]
pub(crate) struct WantNumbers {
    pub(crate) kind: u32,
    pub(crate) area: Area,
    /// Equipment that helps, a vehicle left out.
    pub(crate) helpful: CodeSet,
    pub(crate) vehicle_helps: bool,
    pub(crate) stretcher: u32,
}

/// What of a hand is a number.
#[derive(Debug, Clone)]
pub(crate) struct HandNumbers {
    pub(crate) skills: CodeSet,
    pub(crate) equipment: CodeSet,
    pub(crate) area: Area,
    /// The village of each of his patches, in their order.
    pub(crate) patch: Vec<Area>,
    pub(crate) reach: Option<Vec<Area>>,
}

/// A want as weighing sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeenWant<'a> {
    pub(crate) want: &'a Want,
    pub(crate) numbers: &'a WantNumbers,
}

/// A hand as weighing sees him. His numbers are by the same codes as the want's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeenHand<'a> {
    pub(crate) hand: &'a Hand,
    pub(crate) numbers: &'a HandNumbers,
}

impl Codes {
    /// The number of a code, a new one for a new code.
    pub(crate) fn learn(&mut self, code: &str) -> u32 {
        if let Some(number) = self.numbers.get(code) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(code.to_owned(), number);
        number
    }

    /// Those of the codes that were learnt.
    fn known<'a>(&self, codes: impl IntoIterator<Item = &'a String>) -> CodeSet {
        let mut set = CodeSet::default();
        for number in codes.into_iter().filter_map(|code| self.numbers.get(code)) {
            set.insert(*number);
        }
        set
    }

    /// Learns a want's codes.
    pub(crate) fn want(&mut self, want: &Want) -> WantNumbers {
        for code in &want.helpful {
            self.learn(code);
        }
        WantNumbers {
            kind: self.learn(&want.kind),
            area: Area::of(&want.area_code),
            helpful: self.known(want.helpful.iter().filter(|code| *code != VEHICLE)),
            vehicle_helps: want.helpful.iter().any(|code| code == VEHICLE),
            stretcher: self.learn(STRETCHER),
        }
    }

    /// A hand by the codes learnt so far: enough for the wants they were learnt from.
    pub(crate) fn hand(&self, hand: &Hand) -> HandNumbers {
        let areas = |codes: &Vec<String>| codes.iter().map(|code| Area::of(code)).collect();
        HandNumbers {
            skills: self.known(&hand.skills),
            equipment: self.known(&hand.equipment),
            area: Area::of(&hand.area_code),
            patch: hand
                .patch
                .iter()
                .map(|patch| Area::of(&patch.village))
                .collect(),
            reach: hand.reach.as_ref().map(areas),
        }
    }

    /// Learns a hand's codes too, for wants that are yet to come.
    pub(crate) fn new_hand(&mut self, hand: &Hand) -> HandNumbers {
        for code in hand.skills.iter().chain(&hand.equipment) {
            self.learn(code);
        }
        self.hand(hand)
    }
}

impl CodeSet {
    fn insert(&mut self, number: u32) {
        let bit = 1 << (number % 64);
        match (number as usize / 64).checked_sub(1) {
            None => self.first |= bit,
            Some(word) => {
                if self.rest.len() <= word {
                    self.rest.resize(word + 1, 0);
                }
                self.rest[word] |= bit;
            }
        }
    }

    pub(crate) fn contains(&self, number: u32) -> bool {
        let word = match (number as usize / 64).checked_sub(1) {
            None => self.first,
            Some(word) => self.rest.get(word).copied().unwrap_or(0),
        };
        word >> (number % 64) & 1 == 1
    }

    /// How many are in both.
    pub(crate) fn shared(&self, other: &Self) -> u32 {
        let rest = self.rest.iter().zip(&other.rest);
        let both = |(one, other): (&u64, &u64)| (one & other).count_ones();
        both((&self.first, &other.first)) + rest.map(both).sum::<u32>()
    }

    pub(crate) fn len(&self) -> u32 {
        self.shared(self)
    }

    /// All numbers in it, rising.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let end = 64 * (1 + u32::try_from(self.rest.len()).unwrap_or(0));
        (0..end).filter(|number| self.contains(*number))
    }
}

impl<'a> SeenHand<'a> {
    /// Whether the whole village, or a house in it, is his to answer for.
    pub(crate) fn answers_in(self, village: Area) -> bool {
        self.numbers.patch.contains(&village)
    }

    /// Whether the whole village is his to answer for.
    pub(crate) fn answers_for_village(self, village: Area) -> bool {
        self.houses(village).any(|houses| houses.is_none())
    }

    /// Whether this house is among those counted out to him; a whole village is no count of houses.
    pub(crate) fn answers_for_house(self, village: Area, house: &str) -> bool {
        self.houses(village)
            .flatten()
            .any(|houses| houses.include(house))
    }

    /// Whether he may be sent there.
    pub(crate) fn reaches(self, area: Area) -> bool {
        let reach = self.numbers.reach.as_ref();
        reach.is_none_or(|areas| areas.iter().any(|each| each.holds(area)))
    }

    /// What is his in a village, patch by patch: counted houses, or `None` for all.
    fn houses(self, village: Area) -> impl Iterator<Item = Option<&'a Houses>> {
        let patches = self.numbers.patch.iter().zip(&self.hand.patch);
        let here = patches.filter(move |(area, _)| **area == village);
        here.map(|(_, patch)| patch.houses.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_however_many_codes_there_are() {
        let mut codes = Codes::default();
        let names: Vec<String> = (0..200).map(|number| format!("kind_{number}")).collect();
        for name in &names {
            codes.learn(name);
        }
        let some = codes.known(names.iter().step_by(7));
        let others = codes.known(names.iter().step_by(5));
        assert!(some.iter().eq((0..200).step_by(7)));
        assert_eq!((some.len(), others.len()), (29, 40));
        // 0, 35, 70, 105, 140 and 175.
        assert_eq!((some.shared(&others), others.shared(&some)), (6, 6));
        assert!(some.contains(196) && !some.contains(197) && !some.contains(2_000));
        assert_eq!(codes.known([&"unheard_of".to_owned()]), CodeSet::default());
    }

    #[test]
    fn reach_is_by_the_beginning_of_a_code_and_nothing_said_is_everywhere() {
        let reaches = |reach: Option<Vec<String>>, area: &str| {
            let hand = &Hand {
                reach,
                ..Hand::default()
            };
            let numbers = &Codes::default().hand(hand);
            SeenHand { hand, numbers }.reaches(Area::of(area))
        };
        let one = Some(vec!["450905".to_owned()]);
        assert!(reaches(one.clone(), "45090503"));
        assert!(!reaches(one, "45090603"));
        assert!(reaches(None, "45090603"));
        assert!(!reaches(Some(vec![]), "45090603"));
    }
}
