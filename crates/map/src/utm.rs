//! WGS 84 degrees to and from the UTM grid of Thailand (zones 47 and 48, north), for the grid on
//! the map (`grid`) and the read-out of a position. Land papers and rescue teams speak in these metres.
//!
//! Formulas: Krüger's series to the fourth order as given by Kawase, Bulletin of the Geospatial
//! Information Authority of Japan 59 (2011); below a millimetre wherever this module answers.

use crate::LatLon;

const A_M: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;
const SCALE: f64 = 0.9996;
const FALSE_EASTING_M: f64 = 500_000.0;
/// Third flattening.
const N: f64 = FLATTENING / (2.0 - FLATTENING);
const N2: f64 = N * N;
const N3: f64 = N2 * N;
const N4: f64 = N2 * N2;
/// Radius of the rectifying sphere, scaled.
const RECTIFYING_M: f64 = SCALE * A_M / (1.0 + N) * (1.0 + N2 / 4.0 + N4 / 64.0);
const ALPHA: [f64; 4] = [
    N / 2.0 - 2.0 / 3.0 * N2 + 5.0 / 16.0 * N3 + 41.0 / 180.0 * N4,
    13.0 / 48.0 * N2 - 3.0 / 5.0 * N3 + 557.0 / 1440.0 * N4,
    61.0 / 240.0 * N3 - 103.0 / 140.0 * N4,
    49_561.0 / 161_280.0 * N4,
];
const BETA: [f64; 4] = [
    N / 2.0 - 2.0 / 3.0 * N2 + 37.0 / 96.0 * N3 - N4 / 360.0,
    N2 / 48.0 + N3 / 15.0 - 437.0 / 1440.0 * N4,
    17.0 / 480.0 * N3 - 37.0 / 840.0 * N4,
    4397.0 / 161_280.0 * N4,
];
/// Offices use zone 47 for the whole country, up to 9 degrees from its middle: that far we answer.
const REACH_DEG: f64 = 10.0;

/// The two zones Thailand lies in. Offices often use 47 for the whole country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    Z47,
    Z48,
}

impl Zone {
    /// The zone a longitude belongs to: 47 west of 102 E.
    #[must_use]
    pub fn of(lon: f64) -> Self {
        if lon < 102.0 { Self::Z47 } else { Self::Z48 }
    }

    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Z47 => 47,
            Self::Z48 => 48,
        }
    }

    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        match number {
            47 => Some(Self::Z47),
            48 => Some(Self::Z48),
            _ => None,
        }
    }

    fn central_meridian(self) -> f64 {
        f64::from(self.number()) * 6.0 - 183.0
    }
}

/// A position on the grid, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Utm {
    pub zone: Zone,
    pub easting_m: f64,
    pub northing_m: f64,
}

impl Utm {
    /// As a rescue team reads it out, to the metre: `48Q 414858 1803348`.
    #[must_use]
    pub fn read_out(&self) -> String {
        let band = match from_utm(*self) {
            Some(at) if at.lat < 8.0 => 'N',
            Some(at) if at.lat < 16.0 => 'P',
            Some(at) if at.lat < 24.0 => 'Q',
            // No band is better than a wrong one; the digits still say it all.
            _ => {
                return format!(
                    "{} {:.0} {:.0}",
                    self.zone.number(),
                    self.easting_m,
                    self.northing_m
                );
            }
        };
        format!(
            "{}{band} {:.0} {:.0}",
            self.zone.number(),
            self.easting_m,
            self.northing_m
        )
    }
}

/// `None` south of the equator, beyond 84 N, or more than 10 degrees from the zone's middle.
#[must_use]
pub fn to_utm(at: LatLon, zone: Zone) -> Option<Utm> {
    let dlon = at.lon - zone.central_meridian();
    if !(0.0..=84.0).contains(&at.lat) || !(-REACH_DEG..=REACH_DEG).contains(&dlon) {
        return None;
    }
    let (sin_lat, dlon) = (at.lat.to_radians().sin(), dlon.to_radians());
    let e = eccentricity();
    let t = (sin_lat.atanh() - e * (e * sin_lat).atanh()).sinh();
    let xi = t.atan2(dlon.cos());
    let eta = (dlon.sin() / t.hypot(1.0)).atanh();
    let (dxi, deta) = series(&ALPHA, xi, eta);
    Some(Utm {
        zone,
        easting_m: FALSE_EASTING_M + RECTIFYING_M * (eta + deta),
        northing_m: RECTIFYING_M * (xi + dxi),
    })
}

/// `None` when the metres cannot be of this zone, on the same terms as [`to_utm`].
#[must_use]
pub fn from_utm(at: Utm) -> Option<LatLon> {
    let xi = at.northing_m / RECTIFYING_M;
    let eta = (at.easting_m - FALSE_EASTING_M) / RECTIFYING_M;
    // Far outside, the series would run away instead of answering badly: 0.2 rad is 11.5 degrees.
    if !(0.0..1.5).contains(&xi) || !(-0.2..0.2).contains(&eta) {
        return None;
    }
    let (dxi, deta) = series(&BETA, xi, eta);
    let (xi, eta) = (xi - dxi, eta - deta);
    let conformal = (xi.sin() / eta.cosh()).asin();
    let lat = geographic(conformal).to_degrees();
    let dlon = eta.sinh().atan2(xi.cos()).to_degrees();
    (0.0..=84.0).contains(&lat).then_some(())?;
    (-REACH_DEG..=REACH_DEG).contains(&dlon).then_some(())?;
    Some(LatLon {
        lat,
        lon: zone_lon(at.zone, dlon),
    })
}

fn zone_lon(zone: Zone, dlon: f64) -> f64 {
    zone.central_meridian() + dlon
}

fn eccentricity() -> f64 {
    (FLATTENING * (2.0 - FLATTENING)).sqrt()
}

fn series(coefficients: &[f64; 4], xi: f64, eta: f64) -> (f64, f64) {
    let mut sum = (0.0, 0.0);
    let mut twice_j = 0.0;
    for c in coefficients {
        twice_j += 2.0;
        sum.0 += c * (twice_j * xi).sin() * (twice_j * eta).cosh();
        sum.1 += c * (twice_j * xi).cos() * (twice_j * eta).sinh();
    }
    sum
}

/// Geographic from conformal latitude, both in radians: a fixed point that gains two digits a round.
fn geographic(conformal: f64) -> f64 {
    let e = eccentricity();
    let isometric = conformal.sin().atanh();
    let mut lat = conformal;
    for _ in 0..12 {
        lat = (isometric + e * (e * lat.sin()).atanh()).tanh().asin();
    }
    lat
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The district office of Nong Phok.
    const OFFICE: LatLon = LatLon {
        lat: 16.3096,
        lon: 104.2030,
    };

    #[test]
    fn the_district_office_has_its_published_metres_in_both_zones() {
        for (zone, easting_m, northing_m) in [
            (Zone::Z48, 414_857.93, 1_803_348.40),
            (Zone::Z47, 1_056_460.59, 1_810_291.56),
        ] {
            let there = to_utm(OFFICE, zone).unwrap();
            assert!((there.easting_m - easting_m).abs() < 0.01, "{there:?}");
            assert!((there.northing_m - northing_m).abs() < 0.01, "{there:?}");
        }
    }

    #[test]
    fn the_middle_of_a_zone_on_the_equator_is_the_origin() {
        let there = to_utm(
            LatLon {
                lat: 0.0,
                lon: 105.0,
            },
            Zone::Z48,
        )
        .unwrap();
        assert_eq!((there.easting_m, there.northing_m), (500_000.0, 0.0));
    }

    #[test]
    fn the_read_out_names_zone_and_band() {
        assert_eq!(
            to_utm(OFFICE, Zone::of(OFFICE.lon)).unwrap().read_out(),
            "48Q 414858 1803348"
        );
        let phuket = LatLon {
            lat: 7.88,
            lon: 98.39,
        };
        assert!(
            to_utm(phuket, Zone::of(phuket.lon))
                .unwrap()
                .read_out()
                .starts_with("47N ")
        );
    }

    #[test]
    fn a_position_far_from_the_zone_has_no_metres() {
        assert_eq!(
            to_utm(
                LatLon {
                    lat: -1.0,
                    lon: 105.0
                },
                Zone::Z48
            ),
            None
        );
        assert_eq!(
            to_utm(
                LatLon {
                    lat: 16.0,
                    lon: 120.0
                },
                Zone::Z48
            ),
            None
        );
        assert_eq!(
            to_utm(
                LatLon {
                    lat: f64::NAN,
                    lon: 105.0
                },
                Zone::Z48
            ),
            None
        );
        // degrees typed where metres belong
        assert_eq!(
            from_utm(Utm {
                zone: Zone::Z48,
                easting_m: 9e9,
                northing_m: 16.0
            }),
            None
        );
        assert_eq!(
            from_utm(Utm {
                zone: Zone::Z48,
                easting_m: f64::NAN,
                northing_m: 16.0
            }),
            None
        );
    }

    proptest! {
        #[test]
        fn metres_and_degrees_round_trip_all_over_thailand(
            lat in 5.0..21.0f64, lon in 97.0..106.0f64, z47: bool,
        ) {
            let zone = if z47 { Zone::Z47 } else { Zone::Z48 };
            let back = from_utm(to_utm(LatLon { lat, lon }, zone).unwrap()).unwrap();
            prop_assert!((back.lat - lat).abs() < 1e-9 && (back.lon - lon).abs() < 1e-9);
        }
    }
}
