//! A day of an office: whatever is new, the plan is proven, keeps every hard rule, and is what planning again from
//! nothing would cost.

use super::*;
use crate::{Houses, Patch, Told, WhyNot, weigh::unfit};

#[test]
fn nothing_new_is_nothing_done_and_a_minute_is_nothing_new() {
    let hands: Vec<Hand> = (1..=5).map(a_hand).collect();
    let mut wants: Vec<Want> = (10..20).map(a_want).collect();
    let mut planner = Planner::new(&wants, &hands, &Weights::default());
    let before = planner.plan();
    for want in &mut wants {
        want.waiting_min += 14;
    }
    planner.update(&wants, &hands, &Weights::default());
    assert_eq!(planner.plan(), before);
}

/// splitmix64, for days that can be played again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((bits ^ (bits >> 31)) % u64::from(end.max(1))).unwrap()
    }

    fn place(&mut self) -> Option<Place> {
        let part = |dice: &mut Self| f64::from(dice.below(1_000)) / 10_000.0;
        let at = Place {
            lat: 16.0 + part(self),
            lon: 103.0 + part(self),
        };
        (self.below(5) > 0).then_some(at)
    }

    fn kind(&mut self) -> String {
        ["food_water", "medicine", "transport"][self.below(3) as usize].into()
    }

    fn area(&mut self) -> String {
        format!("4509{:02}{:02}", 1 + self.below(3), 1 + self.below(4))
    }

    fn want(&mut self, id: u128) -> Want {
        let told = [Told::Proposed, Told::Offered, Told::Held][self.below(3) as usize];
        Want {
            id,
            kind: self.kind(),
            area_code: self.area(),
            house: self.below(20).to_string(),
            at: self.place(),
            urgency_rank: u8::try_from(self.below(4)).unwrap(),
            waiting_min: self.below(2_000),
            hands: u8::try_from(self.below(4)).unwrap(),
            helpful: vec!["vehicle".into(), "boat".into()],
            passengers: u8::try_from(self.below(4)).unwrap(),
            lying: self.below(3) == 0,
            barred: vec![self.below(40).into()],
            told: if self.below(3) == 0 {
                vec![(self.below(40).into(), told)]
            } else {
                vec![]
            },
            known_by: vec![self.below(40).into()],
            silent: vec![self.below(40).into()],
            going: vec![self.below(40).into()],
        }
    }

    fn hand(&mut self, id: u128) -> Hand {
        Hand {
            id,
            skills: vec![self.kind(), self.kind()],
            patch: vec![Patch {
                village: self.area(),
                houses: (self.below(2) == 0).then(|| Houses::new(&[(1, 10)], &["15/2"])),
            }],
            area_code: self.area(),
            at: self.place(),
            reach: (self.below(6) == 0).then(|| vec![self.area()[..6].to_owned()]),
            equipment: vec!["boat".into()],
            vehicle: self.below(2) == 0,
            seats: Some(u8::try_from(self.below(5)).unwrap()),
            open_tasks: self.below(2),
            max_open_tasks: self.below(5),
            available: self.below(5) > 0,
            vetted: self.below(5) > 0,
        }
    }
}

/// Why he may not be given it, whatever else he has to do.
fn refused(want: &Want, hand: &Hand, weights: &Weights) -> Option<WhyNot> {
    let mut codes = Codes::default();
    let want = SeenWant {
        want,
        numbers: &codes.want(want),
    };
    let hand = SeenHand {
        hand,
        numbers: &codes.hand(hand),
    };
    unfit(want, hand, weights)
}

/// Every line is allowed, nobody has more than he takes, and lines and needs without hands make up what is wanted.
fn check(plan: &Plan, wants: &[Want], hands: &[Hand], weights: &Weights) {
    assert_eq!(plan.gap_m(), 0);
    let hands: BTreeMap<u128, &Hand> = hands.iter().map(|hand| (hand.id, hand)).collect();
    let mut tasks: BTreeMap<u128, u32> = BTreeMap::new();
    for want in wants {
        let mut chosen = BTreeSet::new();
        for line in plan.lines.iter().filter(|line| line.want == want.id) {
            let hand = hands[&line.hand];
            assert_eq!(refused(want, hand, weights), None);
            assert!(
                hand.available
                    && chosen.insert(line.hand)
                    && want.told(line.hand) != Some(Told::Held)
            );
            *tasks.entry(line.hand).or_default() += 1;
        }
        let without: u32 = plan
            .unserved
            .iter()
            .filter(|each| each.want == want.id)
            .map(|each| each.hands)
            .sum();
        assert_eq!(
            u32::try_from(chosen.len()).unwrap() + without,
            want.open_hands()
        );
    }
    for (hand, planned) in tasks {
        let held = wants
            .iter()
            .flat_map(Want::held)
            .filter(|held| *held == hand)
            .count();
        let all = planned + hands[&hand].open_tasks + u32::try_from(held).unwrap();
        assert!(all <= hands[&hand].max_open_tasks);
    }
}

#[test]
fn all_day_long_the_plan_is_proven_and_lawful() {
    for seed in 0..25 {
        let mut dice = Dice(seed);
        let weights = Weights {
            require_vetted: seed % 2 == 0,
            ..Weights::default()
        };
        let mut hands: Vec<Hand> = (0..40).map(|id| dice.hand(id)).collect();
        let mut wants: Vec<Want> = (100..160).map(|id| dice.want(id)).collect();
        let mut planner = Planner::new(&wants, &hands, &weights);
        check(&planner.plan(), &wants, &hands, &weights);
        for event in 0..40_u32 {
            let (want, hand) = (
                dice.below(60) as usize % wants.len(),
                dice.below(40) as usize % hands.len(),
            );
            match dice.below(7) {
                0 => wants.push(dice.want(1_000 + u128::from(event))),
                1 if wants.len() > 30 => drop(wants.swap_remove(want)),
                2 => wants[want].barred.push(hands[hand].id),
                3 => wants[want].told = vec![(hands[hand].id, Told::Held)],
                4 => hands[hand] = dice.hand(hands[hand].id),
                5 => hands[hand].available = !hands[hand].available,
                _ => hands[hand].max_open_tasks = dice.below(5),
            }
            planner.update(&wants, &hands, &weights);
            check(&planner.plan(), &wants, &hands, &weights);
        }
        assert_eq!(planner.wants.len(), wants.len());
    }
}

#[test]
fn the_same_picture_makes_the_same_plan_in_whatever_order_it_comes() {
    let mut dice = Dice(5);
    let mut hands: Vec<Hand> = (0..30).map(|id| dice.hand(id)).collect();
    let mut wants: Vec<Want> = (100..150).map(|id| dice.want(id)).collect();
    let one = planned(&wants, &hands);
    hands.reverse();
    wants.reverse();
    assert_eq!(planned(&wants, &hands), one);
}
