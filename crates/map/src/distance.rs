//! How far two positions lie apart, as the crow flies.

use crate::LatLon;

/// Mean radius of the Earth, IUGG (2R1 + R2)/3 of GRS 80.
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Great-circle distance in metres by the haversine formula. It takes the Earth as a sphere, so it
/// is up to 0.56 % off the ellipsoid: enough to rank volunteers, not to measure a plot.
#[must_use]
pub fn distance_m(from: LatLon, to: LatLon) -> f64 {
    let (lat_a, lat_b) = (from.lat.to_radians(), to.lat.to_radians());
    let half_lat = ((lat_b - lat_a) / 2.0).sin();
    let half_lon = ((to.lon - from.lon).to_radians() / 2.0).sin();
    let chord = half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lon * half_lon;
    // Rounding may carry opposite points a hair over 1, where asin is not a number.
    2.0 * EARTH_RADIUS_M * chord.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NONG_PHOK: LatLon = LatLon {
        lat: 16.3096,
        lon: 104.2030,
    };
    const KHOK_SAWANG: LatLon = LatLon {
        lat: 16.268,
        lon: 104.275,
    };

    #[test]
    fn one_degree_of_latitude_is_111_kilometres() {
        let north = LatLon {
            lat: 17.3096,
            ..NONG_PHOK
        };
        assert!((distance_m(NONG_PHOK, north) - 111_195.08).abs() < 0.01);
    }

    #[test]
    fn a_degree_of_longitude_shrinks_with_the_cosine_of_latitude() {
        let a = LatLon {
            lat: 60.0,
            lon: 10.0,
        };
        let b = LatLon {
            lat: 60.0,
            lon: 10.01,
        };
        assert!((distance_m(a, b) - 555.975).abs() < 0.01);
    }

    #[test]
    fn opposite_ends_of_the_earth_are_half_its_girth_apart() {
        let a = LatLon {
            lat: 16.3,
            lon: 104.2,
        };
        let b = LatLon {
            lat: -16.3,
            lon: -75.8,
        };
        assert!((distance_m(a, b) - std::f64::consts::PI * EARTH_RADIUS_M).abs() < 1.0);
    }

    #[test]
    fn the_grid_and_the_sphere_agree_within_a_district() {
        let [a, b] =
            [NONG_PHOK, KHOK_SAWANG].map(|p| crate::utm::to_utm(p, crate::utm::Zone::Z48).unwrap());
        let plane_m = (a.easting_m - b.easting_m).hypot(a.northing_m - b.northing_m);
        assert!((distance_m(NONG_PHOK, KHOK_SAWANG) / plane_m - 1.0).abs() < 0.006);
    }

    fn anywhere() -> impl Strategy<Value = LatLon> {
        (-90.0..=90.0, -180.0..=180.0).prop_map(|(lat, lon)| LatLon { lat, lon })
    }

    proptest! {
        #[test]
        fn distance_is_a_distance(a in anywhere(), b in anywhere(), c in anywhere()) {
            prop_assert!((distance_m(a, b) - distance_m(b, a)).abs() < 1e-6);
            prop_assert_eq!(distance_m(a, a), 0.0);
            prop_assert!(distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 1e-3);
        }
    }
}
