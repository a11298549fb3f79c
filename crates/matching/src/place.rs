//! How far it is: metres in a straight line between two places, or a fair guess by their areas. Knows no road.

use crate::area::Area;

/// A place on the earth, in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

/// Metres in a degree of latitude (mean radius 6,371,008.8 m, IUGG).
pub(crate) const DEGREE_M: f64 = 111_195.08;
/// Where a place is not known: in the same village, in the same subdistrict, beyond.
const UNKNOWN_SAME_VILLAGE_M: u32 = 500;
const UNKNOWN_SAME_SUBDISTRICT_M: u32 = 4_000;
const UNKNOWN_ELSEWHERE_M: u32 = 12_000;

impl Place {
    /// Metres to another place, by the equirectangular formula: wrong by less than one in a thousand within a province.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a distance on the earth is not negative and far below four million kilometres; `as` keeps nonsense in range"
    )]
    pub fn distance_m(self, other: Self) -> u32 {
        let middle = f64::midpoint(self.lat, other.lat).to_radians();
        let north = self.lat - other.lat;
        let east = (self.lon - other.lon) * middle.cos();
        ((north * north + east * east).sqrt() * DEGREE_M).round() as u32
    }
}

/// What to reckon with between two areas when one of the places is not known.
pub(crate) fn guess_m(one: Area, other: Area) -> u32 {
    if one.village().is_some() && one == other {
        UNKNOWN_SAME_VILLAGE_M
    } else if one.subdistrict().is_some() && one.subdistrict() == other.subdistrict() {
        UNKNOWN_SAME_SUBDISTRICT_M
    } else {
        UNKNOWN_ELSEWHERE_M
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_111_km_and_one_of_longitude_shrinks_to_the_north() {
        let here = Place {
            lat: 16.0,
            lon: 103.0,
        };
        let north = Place {
            lat: 17.0,
            lon: 103.0,
        };
        let east = Place {
            lat: 16.0,
            lon: 104.0,
        };
        assert_eq!(here.distance_m(north), 111_195);
        assert_eq!(here.distance_m(east), 106_888);
        assert_eq!(here.distance_m(here), 0);
    }

    #[test]
    fn an_unknown_place_is_reckoned_by_its_area() {
        let guess_m = |one, other| guess_m(Area::of(one), Area::of(other));
        assert_eq!(guess_m("45090505", "45090505"), 500);
        assert_eq!(guess_m("45090505", "45090506"), 4_000);
        assert_eq!(guess_m("450905", "450905"), 4_000);
        assert_eq!(guess_m("45090505", "45100101"), 12_000);
        assert_eq!(guess_m("", ""), 12_000);
    }
}
