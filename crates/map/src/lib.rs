//! Geometry of the map: boxes, distances, clusters, boundary layers, the UTM grid.
//!
//! The page draws on a canvas without a GPU, so it may only be given what it shows; the counting
//! and the looking-up happen here. This crate must not know what a pin stands for: callers hand in
//! an id and a class, and get the same back. It does no IO and writes no wire format.
//!
//! Positions are WGS 84 degrees, latitude first; boxes are west, south, east, north; rings of
//! boundary layers keep GeoJSON's order, longitude first.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bbox;
pub mod boundary;
mod cluster;
mod distance;
mod grid;
mod mercator;
pub mod utm;

pub use bbox::{BBox, BBoxError, LatLon};
pub use cluster::{CLASSES, Cluster, PINS_MAX, Pin, View, cluster, whole_tiles};
pub use distance::distance_m;
pub use grid::{Axis, GridLine, grid};
