//! Web Mercator (EPSG:3857) as a square of 2^30 steps a side, counted from the north-west.
//!
//! Whole numbers make the clustering grid exact: a cell of a coarser grid is the same number with
//! its last bit dropped, on every machine.

use crate::{BBox, LatLon};
use std::f64::consts::PI;

/// Steps along a side of the world are `1 << WORLD_BITS`: 3.7 cm at the equator.
pub(crate) const WORLD_BITS: u32 = 30;
/// Where Web Mercator cuts the world off, so that it is a square.
const LAT_MAX: f64 = 85.051_128_779_806_59;
const SIDE: f64 = (1u64 << WORLD_BITS) as f64;

/// The step a position falls on. Latitudes beyond the square are drawn at its edge.
pub(crate) fn step_of(at: LatLon) -> (u32, u32) {
    let (x, y) = unit(at);
    (to_step(x), to_step(y))
}

/// Position as a share of the world's side, from the north-west corner.
pub(crate) fn unit(at: LatLon) -> (f64, f64) {
    let x = at.lon / 360.0 + 0.5;
    let lat = at.lat.clamp(-LAT_MAX, LAT_MAX).to_radians();
    let y = 0.5 - lat.tan().asinh() / (2.0 * PI);
    (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the share is clamped to 0..=1 and the product to the last step"
)]
fn to_step(share: f64) -> u32 {
    (share * SIDE).floor().clamp(0.0, SIDE - 1.0) as u32
}

/// The box of the cells, `shift` bits coarser than steps, from one corner cell to the other.
pub(crate) fn box_of_cells(first: (u32, u32), last: (u32, u32), shift: u32) -> BBox {
    let edge = |cell: u32, next: u64| ((u64::from(cell) + next) << shift) as f64 / SIDE;
    let lat = |y: f64| (PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees();
    BBox {
        west: (edge(first.0, 0) - 0.5) * 360.0,
        north: lat(edge(first.1, 0)),
        east: (edge(last.0, 1) - 0.5) * 360.0,
        south: lat(edge(last.1, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corners_of_the_world_are_the_corners_of_the_square() {
        assert_eq!(
            step_of(LatLon {
                lat: 90.0,
                lon: -180.0
            }),
            (0, 0)
        );
        let last = (1 << WORLD_BITS) - 1;
        assert_eq!(
            step_of(LatLon {
                lat: -90.0,
                lon: 180.0
            }),
            (last, last)
        );
        assert_eq!(step_of(LatLon { lat: 0.0, lon: 0.0 }), (1 << 29, 1 << 29));
    }

    #[test]
    fn nong_phok_lies_in_its_published_tile() {
        // OpenStreetMap's slippy map, zoom 12: floor of (lon + 180) / 360 * 4096 and its twin.
        let (x, y) = step_of(LatLon {
            lat: 16.3096,
            lon: 104.2030,
        });
        assert_eq!(
            (x >> (WORLD_BITS - 12), y >> (WORLD_BITS - 12)),
            (3233, 1859)
        );
    }

    #[test]
    fn the_box_of_a_cell_holds_what_fell_into_it() {
        let at = LatLon {
            lat: 16.3096,
            lon: 104.2030,
        };
        let (x, y) = step_of(at);
        let shift = WORLD_BITS - 14;
        let cell = (x >> shift, y >> shift);
        assert!(box_of_cells(cell, cell, shift).contains(at));
    }
}
