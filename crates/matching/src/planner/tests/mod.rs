//! The plan of a whole picture: what it must say of pictures small enough to see through ([`picture`]), and what must
//! hold all day long ([`day`]).

mod day;
mod picture;

use super::*;
use crate::Place;

const VILLAGE: &str = "45090505";

fn a_want(id: u128) -> Want {
    Want {
        id,
        kind: "food_water".into(),
        area_code: VILLAGE.into(),
        at: Some(Place {
            lat: 16.0,
            lon: 103.0,
        }),
        urgency_rank: 1,
        hands: 1,
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
        max_open_tasks: 2,
        available: true,
        vetted: true,
        ..Hand::default()
    }
}

fn pairs(plan: &Plan) -> Vec<(u128, u128)> {
    plan.lines
        .iter()
        .map(|line| (line.want, line.hand))
        .collect()
}

fn planned(wants: &[Want], hands: &[Hand]) -> Plan {
    Planner::new(wants, hands, &Weights::default()).plan()
}
