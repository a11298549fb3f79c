//! Small pictures, each with one thing to see.

use super::*;
use crate::{Houses, Patch, Told, Why, WhyNot};

#[test]
fn whoever_answers_for_the_house_goes_though_another_lives_nearer() {
    let his = Hand {
        patch: vec![Patch {
            village: VILLAGE.into(),
            houses: Some(Houses::new(&[(1, 10)], &[])),
        }],
        ..a_hand(1)
    };
    let nearer = Hand {
        at: Some(Place {
            lat: 16.001,
            lon: 103.0,
        }),
        ..a_hand(2)
    };
    let want = Want {
        house: "7".into(),
        ..a_want(10)
    };
    let plan = planned(std::slice::from_ref(&want), &[his.clone(), nearer.clone()]);
    assert_eq!(pairs(&plan), [(10, 1)]);
    assert!(plan.lines[0].why.contains(&Why::OwnHouse));
    let elsewhere = Want {
        house: "11".into(),
        ..want
    };
    assert_eq!(pairs(&planned(&[elsewhere], &[his, nearer])), [(10, 2)]);
}

#[test]
fn the_more_pressing_need_gets_the_only_hand_and_the_other_says_why_it_has_none() {
    let pressing = Want {
        urgency_rank: 3,
        ..a_want(11)
    };
    let only = Hand {
        max_open_tasks: 1,
        ..a_hand(1)
    };
    let plan = planned(&[a_want(10), pressing], &[only]);
    assert_eq!(pairs(&plan), [(11, 1)]);
    assert_eq!(plan.unserved.len(), 1);
    assert_eq!((plan.unserved[0].want, plan.unserved[0].hands), (10, 1));
    assert_eq!(plan.unserved[0].because, Because::AllNeededElsewhere);
}

#[test]
fn a_need_without_hands_says_what_stands_in_the_way() {
    let because = |hands: &[Hand], want: Want| {
        let plan = planned(&[want], hands);
        plan.unserved
            .first()
            .map(|unserved| (unserved.because, unserved.refused.clone()))
    };
    let away = Hand {
        available: false,
        ..a_hand(1)
    };
    let full = Hand {
        open_tasks: 2,
        ..a_hand(2)
    };
    let barred = Want {
        barred: vec![3],
        ..a_want(10)
    };
    assert_eq!(
        because(&[], a_want(10)),
        Some((Because::NobodyWithSkill, vec![]))
    );
    assert_eq!(
        because(&[a_hand(3)], barred),
        Some((Because::NobodyAllowed, vec![(WhyNot::Barred, 1)]))
    );
    assert_eq!(
        because(std::slice::from_ref(&away), a_want(10)),
        Some((Because::AllAway, vec![(WhyNot::Away, 1)]))
    );
    assert_eq!(
        because(&[away, full], a_want(10)),
        Some((Because::AllFull, vec![(WhyNot::Away, 1), (WhyNot::Full, 1)]))
    );
    assert_eq!(because(&[a_hand(1)], a_want(10)), None);
}

#[test]
fn what_is_held_stays_and_fills_its_hands() {
    let held = Want {
        told: vec![(1, Told::Held)],
        hands: 2,
        ..a_want(10)
    };
    let one_task = Hand {
        max_open_tasks: 1,
        ..a_hand(1)
    };
    let plan = planned(&[held.clone(), a_want(11)], std::slice::from_ref(&one_task));
    assert_eq!(pairs(&plan), []);
    assert_eq!(plan.unserved.iter().map(|each| each.hands).sum::<u32>(), 2);
    let plan = planned(&[held], &[one_task, a_hand(2)]);
    assert_eq!(pairs(&plan), [(10, 2)]);
}

#[test]
fn an_offer_is_not_taken_back_for_a_little_and_a_proposal_is() {
    let told = |how| Want {
        told: vec![(1, how)],
        ..a_want(10)
    };
    // 330 m nearer.
    let nearer = Hand {
        at: Some(Place {
            lat: 16.017,
            lon: 103.0,
        }),
        ..a_hand(2)
    };
    let hands = [a_hand(1), nearer];
    let offered = planned(&[told(Told::Offered)], &hands);
    assert_eq!(pairs(&offered), [(10, 1)]);
    assert_eq!(offered.lines[0].change, Change::Keep(Told::Offered));
    let proposed = planned(&[told(Told::Proposed)], &hands);
    assert_eq!(pairs(&proposed), [(10, 2)]);
    assert_eq!(proposed.lines[0].change, Change::Instead(1));
}

#[test]
fn several_hands_of_one_need_are_several_people() {
    let want = Want {
        hands: 3,
        ..a_want(10)
    };
    let hands: Vec<Hand> = (1..=5).map(a_hand).collect();
    let plan = planned(std::slice::from_ref(&want), &hands);
    let chosen: BTreeSet<u128> = plan.lines.iter().map(|line| line.hand).collect();
    assert_eq!((plan.lines.len(), chosen.len()), (3, 3));
    assert!(plan.lines.iter().all(|line| line.tasks == 1));
    let plan = planned(&[want], &hands[..2]);
    assert_eq!((plan.lines.len(), plan.unserved[0].hands), (2, 1));
}

#[test]
fn nobody_goes_without_while_somebody_far_away_has_time() {
    // More needs at one place than its twenty nearest can take.
    let near = (1..=30).map(|id| Hand {
        max_open_tasks: 1,
        ..a_hand(id)
    });
    let far = (31..=60).map(|id| Hand {
        at: Some(Place {
            lat: 16.5,
            lon: 103.5,
        }),
        max_open_tasks: 1,
        ..a_hand(id)
    });
    let hands: Vec<Hand> = near.chain(far).collect();
    let wants: Vec<Want> = (100..160).map(a_want).collect();
    let plan = planned(&wants, &hands);
    assert_eq!(
        (plan.lines.len(), plan.unserved.len(), plan.gap_m()),
        (60, 0, 0)
    );
}

#[test]
fn weights_that_change_make_another_plan() {
    let at_home = Hand {
        area_code: VILLAGE.into(),
        ..a_hand(1)
    };
    let nearer = Hand {
        at: Some(Place {
            lat: 16.015,
            lon: 103.0,
        }),
        ..a_hand(2)
    };
    let (wants, hands) = ([a_want(10)], [at_home, nearer]);
    let mut planner = Planner::new(&wants, &hands, &Weights::default());
    assert_eq!(pairs(&planner.plan()), [(10, 1)]);
    let without = Weights {
        patch: crate::Step::None,
        ..Weights::default()
    };
    planner.update(&wants, &hands, &without);
    assert_eq!(pairs(&planner.plan()), [(10, 2)]);
}
