//! The lines of the UTM grid over a view: on a map without roads they are what a clerk and a rescue
//! team can both point at.

use crate::utm::{Utm, Zone, from_utm, to_utm};
use crate::{BBox, LatLon};

/// A line of the grid: all points of one easting or one northing, drawn across the view.
#[derive(Debug, Clone, PartialEq)]
pub struct GridLine {
    pub axis: Axis,
    pub value_m: u32,
    /// From south to north or from west to east.
    pub points: Vec<LatLon>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    Easting,
    Northing,
}

/// Lines of the UTM grid over a view: at most about `lines_max` each way, on round metres
/// (1, 2 or 5 times a power of ten, 100 m at the finest). Empty where the zone does not reach.
#[must_use]
pub fn grid(view: &BBox, zone: Zone, lines_max: u32) -> Vec<GridLine> {
    let corners = [
        (view.south, view.west),
        (view.south, view.east),
        (view.north, view.west),
        (view.north, view.east),
        // The middle of the north edge bulges out between its corners.
        (view.north, view.centre().lon),
        (view.south, view.centre().lon),
    ];
    let metres: Option<Vec<Utm>> = corners
        .iter()
        .map(|&(lat, lon)| to_utm(LatLon { lat, lon }, zone))
        .collect();
    let Some(metres) = metres else {
        return Vec::new();
    };
    let span = |of: fn(&Utm) -> f64| {
        let values = metres.iter().map(of);
        (
            values.clone().fold(f64::INFINITY, f64::min),
            values.fold(f64::NEG_INFINITY, f64::max),
        )
    };
    let (east, north) = (span(|u| u.easting_m), span(|u| u.northing_m));
    let widest_m = (east.1 - east.0).max(north.1 - north.0);
    let step_m = round_step(widest_m / f64::from(lines_max.max(1)));
    let line = |axis, value_m: u32| {
        let across = if axis == Axis::Easting { north } else { east };
        let points = (0..=16).filter_map(|i| {
            let along = across.0 + (across.1 - across.0) * f64::from(i) / 16.0;
            let (easting_m, northing_m) = match axis {
                Axis::Easting => (f64::from(value_m), along),
                Axis::Northing => (along, f64::from(value_m)),
            };
            from_utm(Utm {
                zone,
                easting_m,
                northing_m,
            })
        });
        GridLine {
            axis,
            value_m,
            points: points.collect(),
        }
    };
    let eastings = multiples(east, step_m).map(|v| line(Axis::Easting, v));
    let northings = multiples(north, step_m).map(|v| line(Axis::Northing, v));
    eastings.chain(northings).collect()
}

/// The smallest of 100, 200, 500, 1,000 ... metres that is not below `at_least`.
fn round_step(at_least: f64) -> u32 {
    let mut decade = 100;
    loop {
        for step in [decade, decade * 2, decade * 5] {
            if f64::from(step) >= at_least || step >= 500_000 {
                return step;
            }
        }
        decade *= 10;
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "northings end at ten million metres and negative eastings are clamped away"
)]
fn multiples((low, high): (f64, f64), step: u32) -> impl Iterator<Item = u32> {
    let first = (low.max(0.0) / f64::from(step)).ceil() as u32;
    let last = (high.max(0.0) / f64::from(step)).floor() as u32;
    (first..=last).map(move |i| i * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_of_a_district_is_on_round_metres_and_not_too_dense() {
        let view = BBox {
            west: 104.064,
            south: 16.149,
            east: 104.348,
            north: 16.452,
        };
        let lines = grid(&view, Zone::Z48, 10);
        assert!(
            lines
                .iter()
                .all(|l| l.value_m % 5000 == 0 && l.points.len() == 17)
        );
        let eastings = lines.iter().filter(|l| l.axis == Axis::Easting).count();
        assert!((4..=11).contains(&eastings), "{eastings}");
        assert!((4..=11).contains(&(lines.len() - eastings)));
    }

    #[test]
    fn a_view_outside_the_zone_has_no_grid() {
        let europe = BBox {
            west: 5.0,
            south: 45.0,
            east: 15.0,
            north: 55.0,
        };
        assert!(grid(&europe, Zone::Z48, 10).is_empty());
    }
}
