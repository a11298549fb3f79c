//! Where the made-up villages and houses lie: villages one to three kilometres from their next
//! neighbour around the real middle of their subdistrict, houses in a few clusters (คุ้ม) around the
//! village's point. It must not know who lives in a house.

use jitasa_map::{LatLon, distance_m};

use super::{
    chance::Chance,
    words::{centre_of, villages_of},
};

/// Metres of one degree of latitude.
const DEGREE_M: f64 = 111_195.0;
/// Villages lie at least this far apart.
const APART_M: f64 = 1_000.0;
/// Houses of a village are numbered to here, before those with a stroke.
pub(super) const HOUSES: usize = 331;
/// How far from the middle of its subdistrict a village may lie, before room runs out.
const REACH_M: f64 = 3_400.0;

/// A village on the ground.
#[derive(Debug, Clone)]
pub(super) struct Village {
    /// 8 digits.
    pub(super) code: &'static str,
    /// Without บ้าน.
    pub(super) name: &'static str,
    pub(super) at: LatLon,
    /// Middles of its clusters of houses.
    hamlets: Vec<LatLon>,
    /// How many of the calls come from here, beside the others.
    pub(super) weight: u32,
}

impl Village {
    /// The code of its subdistrict.
    pub(super) fn subdistrict(&self) -> &'static str {
        &self.code[..6]
    }

    /// Its number.
    pub(super) fn moo(&self) -> u32 {
        self.code[6..].parse().unwrap_or(0)
    }

    /// A house of it.
    pub(super) fn house(&self, chance: &mut Chance) -> LatLon {
        let hamlet = self.hamlets[chance.below(self.hamlets.len())];
        let (north_m, east_m) = (chance.bell() * 120.0, chance.bell() * 120.0);
        moved(hamlet, north_m, east_m)
    }
}

/// A point so many metres away, to the millionth of a degree.
pub(super) fn moved(from: LatLon, north_m: f64, east_m: f64) -> LatLon {
    let lat = from.lat + north_m / DEGREE_M;
    let lon = from.lon + east_m / (DEGREE_M * from.lat.to_radians().cos());
    LatLon {
        lat: (lat * 1e6).round() / 1e6,
        lon: (lon * 1e6).round() / 1e6,
    }
}

/// The villages of an office's area. One seed lays a subdistrict out the same way for every office.
pub(super) fn lay_out(area: &str, seed: u64) -> Vec<Village> {
    let mut laid: Vec<Village> = Vec::new();
    for (code, name) in villages_of(area) {
        let subdistrict = &code[..6];
        let number: u64 = code.parse().unwrap_or(0);
        let mut chance = Chance::new(seed, number);
        let middle = centre_of(subdistrict).unwrap_or((16.3, 104.2));
        let middle = LatLon {
            lat: middle.0,
            lon: middle.1,
        };
        let own: Vec<LatLon> = laid
            .iter()
            .filter(|village| village.subdistrict() == subdistrict)
            .map(|village| village.at)
            .collect();
        let at = spot(middle, &own, &mut chance);
        let hamlets = (0..chance.between(2, 4))
            .map(|_| around(at, 60.0, 190.0, &mut chance))
            .collect();
        let weight = u32::try_from(chance.between(7, 14)).unwrap_or(10);
        laid.push(Village {
            code,
            name,
            at,
            hamlets,
            weight,
        });
    }
    laid
}

/// A place for one more village: near one that is there, not too near any, not too far out.
fn spot(middle: LatLon, others: &[LatLon], chance: &mut Chance) -> LatLon {
    if others.is_empty() {
        return around(middle, 0.0, 500.0, chance);
    }
    let mut reach_m = REACH_M;
    loop {
        let near = others[chance.below(others.len())];
        let at = around(near, APART_M * 1.05, 2_400.0, chance);
        if distance_m(at, middle) <= reach_m
            && others.iter().all(|other| distance_m(at, *other) >= APART_M)
        {
            return at;
        }
        // A subdistrict of twenty villages fills up; it grows rather than the search never ending.
        reach_m += 20.0;
    }
}

fn around(from: LatLon, nearest_m: f64, farthest_m: f64, chance: &mut Chance) -> LatLon {
    let away_m = nearest_m + (farthest_m - nearest_m) * chance.unit();
    let bearing = chance.unit() * std::f64::consts::TAU;
    moved(from, away_m * bearing.cos(), away_m * bearing.sin())
}
