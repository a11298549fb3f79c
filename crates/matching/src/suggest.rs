//! Hands for one need: a ranked list, with reasons. The whole plan is [`crate::Planner`]'s.

use crate::{
    Hand, Part, Want, Weights, Why, WhyNot,
    numbers::{Codes, SeenHand, SeenWant},
    weigh::{edge_m, further_of, refusal, weigh, weighed},
};

/// A hand that could be given a need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The volunteer.
    pub hand: u128,
    /// His place in the list that was given.
    pub index: usize,
    /// What speaks for him, strongest first.
    pub why: Vec<Why>,
    /// What he costs by part, in metres; what speaks for him is negative.
    pub parts: Vec<(Part, i64)>,
    /// All parts together; less is better.
    pub cost_m: i64,
    /// From his home in a straight line; `None` when either place is not known.
    pub distance_m: Option<u32>,
    /// What he has to do already.
    pub open_tasks: u32,
    /// How many tasks he takes.
    pub max_open_tasks: u32,
}

/// The best hands for a need, at most `limit`, best first. Those who hold it already are left out. Ties go to the
/// smaller id, so the answer is the same each time, in whatever order the hands come.
#[must_use]
pub fn hands_for(want: &Want, hands: &[Hand], weights: &Weights, limit: usize) -> Vec<Suggestion> {
    let mut codes = Codes::default();
    let seen = SeenWant {
        want,
        numbers: &codes.want(want),
    };
    let mut best: Vec<(i64, u128, usize)> = Vec::new();
    for (index, hand) in hands.iter().enumerate() {
        let numbers = &codes.hand(hand);
        let seen_hand = SeenHand { hand, numbers };
        if refusal(seen, seen_hand, weights).is_none() && !want.held().any(|held| held == hand.id) {
            let load_m = weights.load_m() * i64::from(further_of(seen, seen_hand));
            best.push((edge_m(seen, seen_hand, weights) + load_m, hand.id, index));
        }
    }
    best.sort_unstable();
    best.truncate(limit);
    best.into_iter()
        .map(|(cost_m, id, index)| {
            let hand = &hands[index];
            let numbers = &codes.hand(hand);
            let seen_hand = SeenHand { hand, numbers };
            let further = further_of(seen, seen_hand);
            let weighed = weighed(seen, seen_hand, weights, further);
            Suggestion {
                hand: id,
                index,
                why: weighed.why,
                parts: weighed.parts,
                cost_m,
                distance_m: weighed.distance_m,
                open_tasks: hand.open_tasks,
                max_open_tasks: hand.max_open_tasks,
            }
        })
        .collect()
}

/// Why somebody a clerk looks for is not suggested; `None` when he could be.
#[must_use]
pub fn why_not(want: &Want, hand: &Hand, weights: &Weights) -> Option<WhyNot> {
    weigh(want, hand, weights).err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Houses, Patch, Place, Told};

    fn a_want() -> Want {
        Want {
            id: 9,
            kind: "food_water".into(),
            area_code: "45090505".into(),
            house: "7".into(),
            at: Some(Place {
                lat: 16.0,
                lon: 103.0,
            }),
            helpful: vec!["vehicle".into(), "boat".into(), "pump".into()],
            ..Want::default()
        }
    }

    fn a_hand(id: u128) -> Hand {
        Hand {
            id,
            skills: vec!["food_water".into()],
            area_code: "45090506".into(),
            at: Some(Place {
                lat: 16.02,
                lon: 103.0,
            }),
            max_open_tasks: 3,
            available: true,
            vetted: true,
            ..Hand::default()
        }
    }

    fn order(want: &Want, hands: &[Hand]) -> Vec<u128> {
        let suggestions = hands_for(want, hands, &Weights::default(), 10);
        suggestions
            .iter()
            .map(|suggestion| suggestion.hand)
            .collect()
    }

    #[test]
    fn his_houses_come_before_the_household_he_knows_and_that_before_the_shorter_way() {
        let his_houses = Hand {
            patch: vec![Patch {
                village: "45090505".into(),
                houses: Some(Houses::new(&[(1, 10)], &[])),
            }],
            ..a_hand(1)
        };
        let nearer = Hand {
            at: Some(Place {
                lat: 16.01,
                lon: 103.0,
            }),
            ..a_hand(3)
        };
        let want = Want {
            known_by: vec![2],
            ..a_want()
        };
        assert_eq!(order(&want, &[nearer, a_hand(2), his_houses]), [1, 2, 3]);
    }

    #[test]
    fn who_lies_is_taken_by_a_vehicle_with_room_and_a_stretcher_and_the_rest_say_what_they_lack() {
        let want = Want {
            helpful: vec!["vehicle".into(), "stretcher".into()],
            passengers: 2,
            lying: true,
            ..a_want()
        };
        let with_vehicle = |id, seats, carries: &[&str]| Hand {
            vehicle: true,
            seats,
            equipment: carries.iter().map(ToString::to_string).collect(),
            ..a_hand(id)
        };
        let on_foot = Hand {
            seats: Some(0),
            ..a_hand(1)
        };
        let motorcycle = with_vehicle(2, Some(1), &[]);
        let unsaid = with_vehicle(3, None, &[]);
        let pickup = with_vehicle(4, Some(4), &["stretcher"]);
        let hands = [on_foot, motorcycle, unsaid, pickup];
        assert_eq!(order(&want, &hands), [4, 3, 2, 1], "nobody is refused");
        let lacks = |index: usize| {
            let weighed = weigh(&want, &hands[index], &Weights::default()).unwrap();
            let lacks = [Why::TooFewSeats, Why::NoStretcher];
            lacks.map(|why| weighed.why.contains(&why))
        };
        assert_eq!(
            [lacks(0), lacks(1), lacks(2), lacks(3)],
            [[true, true], [true, true], [false, true], [false, false]]
        );
        // Where nobody is to be taken along, it does not matter.
        assert_eq!(order(&a_want(), &hands), [2, 3, 4, 1]);
    }

    #[test]
    fn the_parts_add_up_to_the_cost_and_the_reasons_stand_strongest_first() {
        let hand = Hand {
            open_tasks: 2,
            vehicle: true,
            equipment: vec!["pump".into(), "boat".into()],
            ..a_hand(1)
        };
        let suggestion = &hands_for(&a_want(), &[hand], &Weights::default(), 1)[0];
        let sum: i64 = suggestion.parts.iter().map(|(_, metres)| metres).sum();
        assert_eq!(sum, suggestion.cost_m);
        assert_eq!(
            suggestion.why,
            [Why::HasSkill, Why::HasVehicle, Why::HasEquipment]
        );
        assert_eq!(suggestion.distance_m, Some(2_224));
        assert!(suggestion.parts.contains(&(Part::Load, 1_400)));
        assert!(suggestion.parts.contains(&(Part::Equipment, -5_000)));
    }

    #[test]
    fn whoever_cannot_be_sent_is_not_suggested_and_it_is_said_why() {
        let want = Want {
            barred: vec![3],
            ..a_want()
        };
        let cases = [
            (
                WhyNot::NoSkill,
                Hand {
                    skills: vec![],
                    ..a_hand(1)
                },
            ),
            (
                WhyNot::NotVetted,
                Hand {
                    vetted: false,
                    ..a_hand(2)
                },
            ),
            (WhyNot::Barred, a_hand(3)),
            (
                WhyNot::OutOfArea,
                Hand {
                    reach: Some(vec!["450906".into()]),
                    ..a_hand(4)
                },
            ),
            (
                WhyNot::Away,
                Hand {
                    available: false,
                    ..a_hand(5)
                },
            ),
            (
                WhyNot::Full,
                Hand {
                    open_tasks: 3,
                    ..a_hand(6)
                },
            ),
        ];
        let weights = Weights {
            require_vetted: true,
            ..Weights::default()
        };
        for (why, hand) in cases {
            assert_eq!(why_not(&want, &hand, &weights), Some(why));
            assert!(hands_for(&want, &[hand], &weights, 1).is_empty());
        }
        assert_eq!(why_not(&want, &a_hand(7), &weights), None);
    }

    #[test]
    fn whoever_holds_it_is_not_suggested_again_and_ties_go_to_the_smaller_id() {
        let want = Want {
            told: vec![(2, Told::Held)],
            ..a_want()
        };
        assert_eq!(
            order(&want, &[a_hand(4), a_hand(2), a_hand(1), a_hand(3)]),
            [1, 3, 4]
        );
    }

    #[test]
    fn work_is_spread_among_those_who_live_alike() {
        let busy = Hand {
            open_tasks: 1,
            ..a_hand(1)
        };
        assert_eq!(order(&a_want(), &[busy, a_hand(2)]), [2, 1]);
    }
}
