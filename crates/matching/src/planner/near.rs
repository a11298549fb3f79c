//! Who lives near a place, by skill. Knows who somebody is, his place and his area; weighs nothing.

use std::ops::Range;

use crate::{
    Place,
    area::Area,
    flow::Agent,
    numbers::{SeenHand, SeenWant},
    place::DEGREE_M,
};

/// Hands by what they can serve.
#[derive(Debug, Clone, Default)]
pub(super) struct Near {
    /// By the number of a kind.
    by_kind: Vec<Skilled>,
}

/// Those who can serve one kind of need.
#[derive(Debug, Clone, Default)]
struct Skilled {
    /// From south to north. Nearest is found by looking both ways from a latitude until the way north or south alone is
    /// too far: a belt of a few hundred even in a province, and nothing to tune as a grid has.
    belt: Vec<(Place, u128, Agent)>,
    /// By area and id: those whose home is known, and those whose home is not.
    placed: Vec<(Area, u128, Agent)>,
    unplaced: Vec<(Area, u128, Agent)>,
}

impl Near {
    pub(super) fn insert(&mut self, hand: SeenHand, agent: Agent) {
        let (home, id) = (hand.hand.at, hand.hand.id);
        for kind in hand.numbers.skills.iter() {
            let kind = kind as usize;
            if self.by_kind.len() <= kind {
                self.by_kind.resize_with(kind + 1, Skilled::default);
            }
            let skilled = &mut self.by_kind[kind];
            if let Some(at) = home {
                let belt = &mut skilled.belt;
                let place = belt.partition_point(|(home, ..)| home.lat < at.lat);
                belt.insert(place, (at, id, agent));
            }
            let by_area = skilled.by_area(home);
            let row = (hand.numbers.area, id, agent);
            let place = by_area.partition_point(|known| *known < row);
            by_area.insert(place, row);
        }
    }

    pub(super) fn remove(&mut self, hand: SeenHand) {
        let is_other = |id: &u128| *id != hand.hand.id;
        for kind in hand.numbers.skills.iter() {
            if let Some(skilled) = self.by_kind.get_mut(kind as usize) {
                skilled.belt.retain(|(_, id, _)| is_other(id));
                let by_area = skilled.by_area(hand.hand.at);
                by_area.retain(|(_, id, _)| is_other(id));
            }
        }
    }

    /// All who can serve a kind, in no order that means anything but always the same.
    pub(super) fn skilled(&self, kind: u32) -> impl Iterator<Item = Agent> + '_ {
        let skilled = self.by_kind.get(kind as usize).into_iter();
        skilled.flat_map(|skilled| {
            let all = skilled.placed.iter().chain(&skilled.unplaced);
            all.map(|(.., agent)| *agent)
        })
    }

    /// At least the nearest `count` who can serve this kind and are fit, some more where areas stand for places.
    pub(super) fn nearest(
        &self,
        want: SeenWant,
        count: usize,
        fit: impl Fn(Agent) -> bool,
    ) -> Vec<Agent> {
        let Some(skilled) = self.by_kind.get(want.numbers.kind as usize) else {
            return Vec::new();
        };
        let area = want.numbers.area;
        let mut found = match want.want.at {
            Some(at) => nearest_in_belt(&skilled.belt, at, count, &fit),
            None => nearest_by_area(&skilled.placed, area, count, &fit),
        };
        found.extend(nearest_by_area(&skilled.unplaced, area, count, &fit));
        found
    }
}

impl Skilled {
    fn by_area(&mut self, home: Option<Place>) -> &mut Vec<(Area, u128, Agent)> {
        match home {
            Some(_) => &mut self.placed,
            None => &mut self.unplaced,
        }
    }
}

fn nearest_in_belt(
    belt: &[(Place, u128, Agent)],
    at: Place,
    count: usize,
    fit: impl Fn(Agent) -> bool,
) -> Vec<Agent> {
    let middle = belt.partition_point(|(home, ..)| home.lat < at.lat);
    let (south, north) = belt.split_at(middle);
    let (mut south, mut north) = (south.iter().rev().peekable(), north.iter().peekable());
    // The nearest so far, farthest last.
    let mut found: Vec<(u32, u128, Agent)> = Vec::with_capacity(count + 1);
    loop {
        let below = south.peek().map(|(home, ..)| at.lat - home.lat);
        let above = north.peek().map(|(home, ..)| home.lat - at.lat);
        let (away, next) = match (below, above) {
            (Some(below), Some(above)) if below <= above => (below, south.next()),
            (Some(below), None) => (below, south.next()),
            (_, Some(above)) => (above, north.next()),
            (None, None) => break,
        };
        let farthest = found.last().filter(|_| found.len() == count);
        if farthest.is_some_and(|(farthest, ..)| away * DEGREE_M > f64::from(*farthest)) {
            break;
        }
        if let Some((home, id, agent)) = next.copied() {
            let candidate = (at.distance_m(home), id, agent);
            let nearer = found.len() < count || found.last().is_some_and(|last| candidate < *last);
            if nearer && fit(agent) {
                let place = found.partition_point(|known| *known < candidate);
                found.insert(place, candidate);
                found.truncate(count);
            }
        }
    }
    found.into_iter().map(|(.., agent)| agent).collect()
}

/// First the same village, then the subdistrict, then the others.
fn nearest_by_area(
    by_area: &[(Area, u128, Agent)],
    area: Area,
    count: usize,
    fit: impl Fn(Agent) -> bool,
) -> Vec<Agent> {
    let within = |area: Area| {
        let begin = by_area.partition_point(|(each, ..)| *each < area);
        let inside = by_area[begin..].partition_point(|(each, ..)| area.holds(*each));
        begin..begin + inside
    };
    let village = within(area);
    let subdistrict = within(area.subdistrict().unwrap_or(area));
    let around = |inner: &Range<usize>, outer: Range<usize>| {
        (outer.start..inner.start).chain(inner.end..outer.end)
    };
    let others = around(&subdistrict, 0..by_area.len());
    village
        .clone()
        .chain(around(&village, subdistrict))
        .chain(others)
        .map(|place| by_area[place].2)
        .filter(|agent| fit(*agent))
        .take(count)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Hand, Want,
        flow::{Curve, Flow},
        numbers::Codes,
    };

    /// Hands with their ids, and the flow that gives out their handles.
    #[derive(Default)]
    struct Village {
        flow: Flow,
        codes: Codes,
        near: Near,
        ids: Vec<u128>,
    }

    impl Village {
        fn comes(&mut self, hand: &Hand) {
            let agent = self.flow.add_agent(Curve::default());
            let numbers = &self.codes.new_hand(hand);
            self.near.insert(SeenHand { hand, numbers }, agent);
            self.ids.push(hand.id);
        }

        fn leaves(&mut self, hand: &Hand) {
            let numbers = &self.codes.hand(hand);
            self.near.remove(SeenHand { hand, numbers });
        }

        fn nearest(
            &mut self,
            kind: &str,
            at: Option<(f64, f64)>,
            count: usize,
            fit: impl Fn(u128) -> bool,
        ) -> Vec<u128> {
            let want = &Want {
                kind: kind.into(),
                area_code: "45090501".into(),
                at: at.map(|(lat, lon)| Place { lat, lon }),
                ..Want::default()
            };
            let numbers = &self.codes.want(want);
            let id = |agent: Agent| self.ids[agent.place()];
            let seen = SeenWant { want, numbers };
            let agents = self.near.nearest(seen, count, |agent| fit(id(agent)));
            agents.into_iter().map(id).collect()
        }
    }

    fn a_hand(id: u128, at: Option<(f64, f64)>, area_code: &str) -> Hand {
        Hand {
            id,
            skills: vec!["food".into()],
            at: at.map(|(lat, lon)| Place { lat, lon }),
            area_code: area_code.into(),
            ..Hand::default()
        }
    }

    #[test]
    fn the_nearest_are_those_that_looking_at_everybody_finds() {
        let mut village = Village::default();
        let mut places = Vec::new();
        for id in 0..400_u32 {
            // A scatter that repeats itself nowhere.
            let part = |by: u32| f64::from((id * by) % 1_009) / 1_009.0;
            let (lat, lon) = (16.0 + part(331), 103.0 + part(577));
            places.push((u128::from(id), Place { lat, lon }));
            village.comes(&a_hand(id.into(), Some((lat, lon)), "45090501"));
        }
        let even = |id: u128| id.is_multiple_of(2);
        for step in 0..50 {
            let (lat, lon) = (
                15.9 + 0.024 * f64::from(step),
                103.9 - 0.017 * f64::from(step),
            );
            let at = Place { lat, lon };
            let mut all: Vec<_> = places
                .iter()
                .filter(|(id, _)| even(*id))
                .map(|(id, place)| (at.distance_m(*place), *id))
                .collect();
            all.sort_unstable();
            let nearest: Vec<u128> = all.iter().take(7).map(|(_, id)| *id).collect();
            assert_eq!(village.nearest("food", Some((lat, lon)), 7, even), nearest);
        }
    }

    #[test]
    fn without_a_place_the_village_comes_first_and_then_the_subdistrict() {
        let mut village = Village::default();
        for (id, area) in [
            (1, "45100101"),
            (2, "45090502"),
            (3, "45090501"),
            (4, "450905"),
        ] {
            village.comes(&a_hand(id, None, area));
        }
        let mut nearest = |kind, count| village.nearest(kind, None, count, |_| true);
        assert_eq!(nearest("food", 1), [3]);
        assert_eq!(nearest("food", 3), [3, 4, 2]);
        assert_eq!(nearest("food", 9), [3, 4, 2, 1]);
        assert!(nearest("boat", 3).is_empty());
    }

    #[test]
    fn whoever_was_taken_out_is_not_found() {
        let mut village = Village::default();
        let hands = [
            a_hand(1, Some((16.0, 103.0)), "45090501"),
            a_hand(2, None, "45090501"),
        ];
        for hand in &hands {
            village.comes(hand);
        }
        let kind = village.codes.learn("food");
        assert_eq!(village.near.skilled(kind).count(), 2);
        for hand in &hands {
            village.leaves(hand);
        }
        assert_eq!(village.near.skilled(kind).count(), 0);
        let at = Some((16.0, 103.0));
        assert!(village.nearest("food", at, 5, |_| true).is_empty());
    }
}
