//! One hand for one need: may it be, what would it cost, and what speaks for it. Sees nothing of the others.

use crate::{
    Hand, Part, Told, Want, Weights, Why, WhyNot,
    numbers::{Codes, SeenHand, SeenWant},
    place::guess_m,
};

/// Nearer than this is near.
const NEAR_M: u32 = 1_500;

/// What one hand for one need comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// What speaks for it, strongest first, then what speaks against it.
    pub why: Vec<Why>,
    /// Its parts in metres, those that are not nought; what speaks for it is negative.
    pub parts: Vec<(Part, i64)>,
    /// From his home in a straight line, in metres; `None` when either place is not known.
    pub distance_m: Option<u32>,
}

impl Weighed {
    /// All parts together, in metres; less is better.
    #[must_use]
    pub fn cost_m(&self) -> i64 {
        self.parts.iter().map(|(_, metres)| metres).sum()
    }
}

/// Why this hand cannot be given this need; `None` when he can. Whoever was told already is judged like everybody
/// else: his leave began, or he was turned down, and then another is looked for.
pub(crate) fn refusal(want: SeenWant, hand: SeenHand, weights: &Weights) -> Option<WhyNot> {
    unfit(want, hand, weights).or_else(|| busy(hand.hand, further_of(want, hand)))
}

/// What he has to do besides a visit to this household.
pub(crate) fn further_of(want: SeenWant, hand: SeenHand) -> u32 {
    hand.hand
        .open_tasks
        .saturating_sub(u32::from(goes_there(want, hand)))
}

fn was_silent(want: SeenWant, hand: SeenHand) -> bool {
    want.want.silent.contains(&hand.hand.id)
}

fn goes_there(want: SeenWant, hand: SeenHand) -> bool {
    want.want.going.contains(&hand.hand.id)
}

/// What stands between this hand and this need, whatever else he has to do.
pub(crate) fn unfit(want: SeenWant, hand: SeenHand, weights: &Weights) -> Option<WhyNot> {
    if !hand.numbers.skills.contains(want.numbers.kind) {
        Some(WhyNot::NoSkill)
    } else if weights.require_vetted && !hand.hand.vetted {
        Some(WhyNot::NotVetted)
    } else if want.want.barred.contains(&hand.hand.id) {
        Some(WhyNot::Barred)
    } else if !hand.reaches(want.numbers.area) {
        Some(WhyNot::OutOfArea)
    } else {
        None
    }
}

/// What stands between this hand and any need, when he has this much to do already.
pub(crate) fn busy(hand: &Hand, open_tasks: u32) -> Option<WhyNot> {
    if !hand.available {
        Some(WhyNot::Away)
    } else if open_tasks >= hand.max_open_tasks {
        Some(WhyNot::Full)
    } else {
        None
    }
}

/// Weighs a hand for a need.
///
/// # Errors
/// The reason why it cannot be.
pub fn weigh(want: &Want, hand: &Hand, weights: &Weights) -> Result<Weighed, WhyNot> {
    let mut codes = Codes::default();
    let numbers = &codes.want(want);
    let want = SeenWant { want, numbers };
    let numbers = &codes.hand(hand);
    let seen = SeenHand { hand, numbers };
    match refusal(want, seen, weights) {
        Some(why) => Err(why),
        None => Ok(weighed(want, seen, weights, further_of(want, seen))),
    }
}

/// The same for one who can and has this much to do already.
pub(crate) fn weighed(
    want: SeenWant,
    hand: SeenHand,
    weights: &Weights,
    open_tasks: u32,
) -> Weighed {
    let mut so_far = Weighed {
        why: Vec::with_capacity(Why::ALL.len()),
        parts: Vec::with_capacity(Part::ALL.len()),
        distance_m: distance_m(want, hand),
    };
    for (reason, part, worth_m) in reasons(want, hand, weights) {
        so_far.why.push(reason);
        so_far.add(part, -worth_m);
    }
    if was_silent(want, hand) {
        so_far.why.push(Why::NoAnswer);
        so_far.add(Part::NoAnswer, Weights::no_answer_m());
    }
    so_far.why.push(Why::HasSkill);
    if so_far.distance_m.is_some_and(|metres| metres <= NEAR_M) {
        so_far.why.push(Why::Near);
    }
    if open_tasks == 0 {
        so_far.why.push(Why::FreeNow);
    }
    so_far.why.sort_unstable();
    so_far.add(Part::Travel, travel_m(want, hand, weights));
    so_far.add(Part::Load, weights.load_m() * i64::from(open_tasks));
    so_far
}

/// What it costs without the load, which hangs on what else he is given: the cost of an edge of the plan.
pub(crate) fn edge_m(want: SeenWant, hand: SeenHand, weights: &Weights) -> i64 {
    let worth_m: i64 = reasons(want, hand, weights)
        .map(|(_, _, worth_m)| worth_m)
        .sum();
    let silent_m = if was_silent(want, hand) {
        Weights::no_answer_m()
    } else {
        0
    };
    travel_m(want, hand, weights) + silent_m - worth_m
}

/// The most that reasons can be worth together: nobody's edge costs less than his way less this.
pub(crate) fn most_worth_m(want: SeenWant, weights: &Weights) -> i64 {
    weights.own_house_m()
        + weights.known_household_m()
        + weights.same_village_m()
        + weights.vehicle_m()
        + weights.equipment_m() * i64::from(want.numbers.helpful.len())
        + weights.told_m()
}

fn reasons(
    want: SeenWant,
    hand: SeenHand,
    weights: &Weights,
) -> impl Iterator<Item = (Why, Part, i64)> {
    let village = want.numbers.area.village();
    let house = want.want.house.as_str();
    // Whoever goes there anyhow is worth as much as whose house it is, and not twice.
    let going = goes_there(want, hand);
    let own_house = !going && village.is_some_and(|village| hand.answers_for_house(village, house));
    let own_patch =
        !going && !own_house && village.is_some_and(|village| hand.answers_for_village(village));
    let things = i64::from(want.numbers.helpful.shared(&hand.numbers.equipment));
    let passengers = want.want.passengers;
    let too_few = hand.hand.seats.is_some_and(|seats| seats < passengers);
    let no_stretcher = want.want.lying && !hand.numbers.equipment.contains(want.numbers.stretcher);
    let id = hand.hand.id;
    let offered = want.want.told(id) == Some(Told::Offered);
    [
        (offered, Why::ToldAlready, Part::Told, weights.told_m()),
        (
            going,
            Why::GoesThere,
            Part::Household,
            weights.own_house_m(),
        ),
        (own_house, Why::OwnHouse, Part::Patch, weights.own_house_m()),
        (own_patch, Why::OwnPatch, Part::Patch, weights.own_patch_m()),
        (
            !going && want.want.known_by.contains(&id),
            Why::KnowsHousehold,
            Part::Household,
            weights.known_household_m(),
        ),
        (
            village == Some(hand.numbers.area),
            Why::SameVillage,
            Part::Village,
            weights.same_village_m(),
        ),
        (
            hand.hand.vehicle && want.numbers.vehicle_helps,
            Why::HasVehicle,
            Part::Equipment,
            weights.vehicle_m(),
        ),
        (
            things > 0,
            Why::HasEquipment,
            Part::Equipment,
            things * weights.equipment_m(),
        ),
        // A vehicle that is too small is worth as little as none, and no vehicle still less.
        (too_few, Why::TooFewSeats, Part::Room, -weights.vehicle_m()),
        (
            no_stretcher,
            Why::NoStretcher,
            Part::Room,
            -weights.stretcher_m(),
        ),
    ]
    .into_iter()
    .filter(|(holds, ..)| *holds)
    .map(|(_, why, part, worth_m)| (why, part, worth_m))
}

fn distance_m(want: SeenWant, hand: SeenHand) -> Option<u32> {
    Some(want.want.at?.distance_m(hand.hand.at?))
}

/// What the way alone costs; nothing for whoever goes it anyhow.
pub(crate) fn travel_m(want: SeenWant, hand: SeenHand, weights: &Weights) -> i64 {
    if goes_there(want, hand) {
        return 0;
    }
    let guessed = || {
        let area = want.numbers.area;
        let at_home = area.village().filter(|village| hand.answers_in(*village));
        guess_m(at_home.unwrap_or(hand.numbers.area), area)
    };
    weights.travel_m(distance_m(want, hand).unwrap_or_else(guessed))
}

impl Weighed {
    fn add(&mut self, part: Part, metres: i64) {
        if metres == 0 {
            return;
        }
        match self.parts.iter_mut().find(|(known, _)| *known == part) {
            Some((_, sum)) => *sum += metres,
            None => self.parts.push((part, metres)),
        }
    }
}
