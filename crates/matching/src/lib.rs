//! Suggests volunteers for a need, best first, each with its reasons. A person always decides.
//!
//! Pure: no store, no clock, no map. This is the first form, the nearest free volunteer with the
//! skill; the exact plan over all needs comes with its own solver and keeps these reasons.
#![cfg_attr(test, allow(clippy::unwrap_used))]

/// A need that wants hands.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Code of its kind; a volunteer must have it among his skills.
    pub kind: &'a str,
    /// Where it is: a village's code, or the subdistrict's.
    pub area_code: &'a str,
}

/// Somebody who could be asked.
#[derive(Debug, Clone, Default)]
pub struct Candidate {
    /// His place in the caller's list.
    pub index: usize,
    /// Kinds of need he can serve.
    pub skills: Vec<String>,
    /// Villages he answers for.
    pub patch: Vec<String>,
    /// Where he lives.
    pub area_code: String,
    /// From his home to the case, in metres in a straight line; `None` when either place is unknown.
    pub distance_m: Option<u32>,
    /// Whether he has a vehicle.
    pub has_vehicle: bool,
    /// What he has been given and has not finished.
    pub open_tasks: u32,
    /// How many of those he takes.
    pub max_open_tasks: u32,
}

/// A reason for a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The village is his to answer for.
    OwnPatch,
    /// He lives in the same village.
    SameVillage,
    /// He can serve this kind of need. Always so: it is required.
    HasSkill,
    /// He has a vehicle, and this kind of need wants one.
    HasVehicle,
    /// His home is within a kilometre and a half.
    Near,
    /// He has nothing to do at the moment.
    FreeNow,
}

impl Why {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OwnPatch => "own_patch",
            Self::SameVillage => "same_village",
            Self::HasSkill => "has_skill",
            Self::HasVehicle => "has_vehicle",
            Self::Near => "near",
            Self::FreeNow => "free_now",
        }
    }
}

/// A candidate with what speaks for him. Costs are metres: what a reason is worth is the way one
/// would go further for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The candidate's place in the caller's list.
    pub index: usize,
    /// What speaks for him.
    pub why: Vec<Why>,
    /// Metres, less what the reasons are worth; smaller is better.
    pub cost_m: i64,
}

const NEAR_M: u32 = 1_500;
/// A home that is not known is taken to be this far: in the village, in the subdistrict, beyond.
const UNKNOWN_SAME_VILLAGE_M: i64 = 500;
const UNKNOWN_SAME_SUBDISTRICT_M: i64 = 4_000;
const UNKNOWN_ELSEWHERE_M: i64 = 12_000;
const OWN_PATCH_WORTH_M: i64 = 3_000;
const SAME_VILLAGE_WORTH_M: i64 = 1_000;
const VEHICLE_WORTH_M: i64 = 2_000;
/// Each further task costs more than the one before.
const LOAD_COST_M: i64 = 700;
/// Kinds of need for which one carries somebody or something.
const WANT_VEHICLE: &[&str] = &[
    "transport",
    "food_water",
    "supplies",
    "oxygen",
    "bed",
    "shelter",
];

/// The best candidates for a need, at most `limit`, best first. Whoever lacks the skill or has his
/// hands full is never suggested. Ties go to the earlier candidate, so the answer is the same each
/// time.
#[must_use]
pub fn suggest(wanted: Wanted, candidates: &[Candidate], limit: usize) -> Vec<Suggestion> {
    let mut suggestions: Vec<Suggestion> = candidates
        .iter()
        .filter(|candidate| {
            candidate.open_tasks < candidate.max_open_tasks
                && candidate.skills.iter().any(|skill| skill == wanted.kind)
        })
        .map(|candidate| weigh(wanted, candidate))
        .collect();
    suggestions.sort_by_key(|suggestion| (suggestion.cost_m, suggestion.index));
    suggestions.truncate(limit);
    suggestions
}

fn weigh(wanted: Wanted, candidate: &Candidate) -> Suggestion {
    let is_village = wanted.area_code.len() == 8;
    let own_patch = is_village && candidate.patch.iter().any(|code| code == wanted.area_code);
    let same_village = is_village && candidate.area_code == wanted.area_code;
    let same_subdistrict = candidate.area_code.get(..6) == wanted.area_code.get(..6);
    let has_vehicle = candidate.has_vehicle && WANT_VEHICLE.contains(&wanted.kind);
    let distance_m = match candidate.distance_m {
        Some(distance_m) => i64::from(distance_m),
        None if same_village || own_patch => UNKNOWN_SAME_VILLAGE_M,
        None if same_subdistrict => UNKNOWN_SAME_SUBDISTRICT_M,
        None => UNKNOWN_ELSEWHERE_M,
    };
    let load = i64::from(candidate.open_tasks);
    let mut why = Vec::new();
    let mut cost_m = distance_m + LOAD_COST_M * load * (load + 1) / 2;
    let mut count = |holds: bool, reason: Why, worth_m: i64| {
        if holds {
            why.push(reason);
            cost_m -= worth_m;
        }
    };
    count(own_patch, Why::OwnPatch, OWN_PATCH_WORTH_M);
    count(same_village, Why::SameVillage, SAME_VILLAGE_WORTH_M);
    count(true, Why::HasSkill, 0);
    count(has_vehicle, Why::HasVehicle, VEHICLE_WORTH_M);
    count(
        candidate.distance_m.is_some_and(|metres| metres <= NEAR_M),
        Why::Near,
        0,
    );
    count(candidate.open_tasks == 0, Why::FreeNow, 0);
    Suggestion {
        index: candidate.index,
        why,
        cost_m,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEED: Wanted = Wanted {
        kind: "food_water",
        area_code: "45090505",
    };

    fn a_volunteer(index: usize) -> Candidate {
        Candidate {
            index,
            skills: vec!["food_water".into()],
            area_code: "45090506".into(),
            distance_m: Some(2_000),
            max_open_tasks: 3,
            ..Candidate::default()
        }
    }

    #[test]
    fn whoever_lacks_the_skill_or_has_his_hands_full_is_not_suggested() {
        let unskilled = Candidate {
            skills: vec!["vaccine".into()],
            ..a_volunteer(0)
        };
        let full = Candidate {
            open_tasks: 3,
            ..a_volunteer(1)
        };
        assert!(suggest(NEED, &[unskilled, full], 5).is_empty());
    }

    #[test]
    fn his_own_patch_comes_before_a_shorter_way() {
        let patch = Candidate {
            patch: vec!["45090505".into()],
            ..a_volunteer(0)
        };
        let nearer = Candidate {
            distance_m: Some(300),
            ..a_volunteer(1)
        };
        let best = suggest(NEED, &[nearer, patch], 5);
        assert_eq!(best[0].index, 0);
        assert!(best[0].why.contains(&Why::OwnPatch));
        assert!(best[1].why.contains(&Why::Near));
    }

    #[test]
    fn work_is_spread_among_those_who_live_alike() {
        let busy = Candidate {
            open_tasks: 2,
            ..a_volunteer(0)
        };
        let best = suggest(NEED, &[busy, a_volunteer(1)], 5);
        assert_eq!(best[0].index, 1);
        assert!(best[0].why.contains(&Why::FreeNow));
    }

    #[test]
    fn an_unknown_home_is_weighed_by_its_area() {
        let here = Candidate {
            distance_m: None,
            area_code: "45090505".into(),
            ..a_volunteer(0)
        };
        let far = Candidate {
            distance_m: None,
            area_code: "45090101".into(),
            ..a_volunteer(1)
        };
        assert_eq!(suggest(NEED, &[far, here], 1)[0].index, 0);
    }
}
