//! Clusters for one view of the map, so that the page never holds more than it can draw.
//!
//! Cells lie on one global grid, so a cluster keeps its place while the clerk pans; its symbol
//! stands at the centroid of its members, and clusters whose symbols would touch become one.
//! Nothing here knows what the classes mean.

use crate::mercator::{WORLD_BITS, box_of_cells, step_of, unit};
use crate::{BBox, LatLon};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// How many classes a cluster counts apart. Callers map their states onto `0..CLASSES`.
pub const CLASSES: usize = 16;
/// So many pins are shown one by one when zoomed in, or when none hides another.
pub const PINS_MAX: usize = 300;
/// From this zoom on a clerk wants each house, even where pins overlap.
const PINS_ZOOM: f64 = 15.0;
/// Pins closer than this hide each other.
const PIN_APART_PX: f64 = 24.0;
/// Symbols of clusters closer than this touch each other.
const CLUSTER_APART_PX: f64 = 40.0;
/// A map tile is 256 pixels: 2^8.
const TILE_BITS: u32 = 8;
/// A cell is 64 pixels: 2^6.
const CELL_BITS: u32 = 6;
/// At this level a pixel is one step of the grid; maps go no deeper.
const LEVEL_MAX: u32 = WORLD_BITS - TILE_BITS;

/// A position to show. `state` is a class the caller counts by; classes from `CLASSES` up are
/// counted in the last one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pin {
    pub id: u128,
    pub lat: f64,
    pub lon: f64,
    pub state: u8,
}

/// Two or more pins drawn as one symbol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cluster {
    /// Centroid of the members.
    pub lat: f64,
    pub lon: f64,
    pub count: u32,
    /// Members by class; adds up to `count`.
    pub states: [u32; CLASSES],
    /// Box of the members: where a click on the symbol zooms to.
    pub bounds: BBox,
}

/// What the page draws. Pins plus the counts of the clusters are `total`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct View {
    pub pins: Vec<Pin>,
    pub clusters: Vec<Cluster>,
    /// Points inside the box asked for.
    pub total: u32,
}

/// Groups the points inside `view` into at most `max_features` (taken as at least 1) symbols.
///
/// `zoom` is that of a map of 256-pixel tiles; fractions are rounded to the nearest level. Points
/// outside the box or not numbers are ignored. Ask with [`whole_tiles`] of the window: then a cell
/// is never cut by the edge of the screen, and panning moves no symbol.
pub fn cluster(
    points: impl IntoIterator<Item = Pin>,
    view: BBox,
    zoom: f64,
    max_features: usize,
) -> View {
    let max_features = max_features.max(1);
    let level = level_of(zoom);
    let pins_max = PINS_MAX.min(max_features);
    let mut shift = (LEVEL_MAX - level) + CELL_BITS;
    let mut first = Vec::new();
    let mut total: u32 = 0;
    let mut cells = Cells::default();
    for pin in points {
        if !view.contains(position(&pin)) {
            continue;
        }
        total = total.saturating_add(1);
        if first.len() <= pins_max {
            first.push(pin);
        }
        let (x, y) = step_of(position(&pin));
        let group = Group::of(pin);
        cells
            .entry((x >> shift, y >> shift))
            .and_modify(|g| g.absorb(&group))
            .or_insert(group);
        // Cells this many will be coarsened in the end; doing it now bounds memory and time.
        if cells.len() > max_features.saturating_mul(4) {
            cells = coarser(cells);
            shift += 1;
        }
    }
    let few = first.len() <= pins_max;
    if few && (zoom >= PINS_ZOOM || none_hides_another(&first, level)) {
        return View {
            pins: first,
            clusters: Vec::new(),
            total,
        };
    }
    while cells.len() > max_features {
        cells = coarser(cells);
        shift += 1;
    }
    let mut out = View {
        total,
        ..View::default()
    };
    // The touching distance follows the cell: coarsened cells stand for a coarser map.
    let apart = CLUSTER_APART_PX / f64::from(1u32 << CELL_BITS) * share_of_world(shift);
    for group in merge_near(cells, apart) {
        match group.into_cluster() {
            Ok(cluster) => out.clusters.push(cluster),
            Err(pin) => out.pins.push(pin),
        }
    }
    out
}

/// The window, widened to whole 256-pixel tiles of the global grid at this zoom.
#[must_use]
pub fn whole_tiles(window: BBox, zoom: f64) -> BBox {
    let shift = WORLD_BITS - level_of(zoom);
    let cell = |lat, lon| {
        let (x, y) = step_of(LatLon { lat, lon });
        (x >> shift, y >> shift)
    };
    box_of_cells(
        cell(window.north, window.west),
        cell(window.south, window.east),
        shift,
    )
    .union(window)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=LEVEL_MAX; a zoom that is not a number becomes 0"
)]
fn level_of(zoom: f64) -> u32 {
    zoom.round().clamp(0.0, f64::from(LEVEL_MAX)) as u32
}

fn position(pin: &Pin) -> LatLon {
    LatLon {
        lat: pin.lat,
        lon: pin.lon,
    }
}

/// Side of a cell `shift` bits coarser than a step, as a share of the world's side.
fn share_of_world(shift: u32) -> f64 {
    (f64::from(shift) - f64::from(WORLD_BITS)).exp2()
}

/// True when no two pins would be drawn on top of each other. At most `PINS_MAX` pins, so looking
/// at every pair is cheaper than an index.
fn none_hides_another(pins: &[Pin], level: u32) -> bool {
    let apart = PIN_APART_PX * share_of_world(LEVEL_MAX - level);
    let spots: Vec<_> = pins.iter().map(|p| unit(position(p))).collect();
    spots.iter().enumerate().all(|(i, a)| {
        spots[..i]
            .iter()
            .all(|b| (a.0 - b.0).hypot(a.1 - b.1) >= apart)
    })
}

type Cells = HashMap<(u32, u32), Group, BuildHasherDefault<CellHasher>>;

/// Mixes the two halves of a cell's number. Cells come from our own grid, at most a few thousand of
/// them, so the default hasher's defence against chosen keys buys nothing and costs half the time.
#[derive(Default)]
struct CellHasher(u64);

impl Hasher for CellHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u32(u32::from(byte));
        }
    }
    fn write_u32(&mut self, half: u32) {
        self.0 = (self.0.rotate_left(26) ^ u64::from(half)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// The members of a cell, added up.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// The first member: all there is to show when it stays alone.
    pin: Pin,
    count: u32,
    lat_sum: f64,
    lon_sum: f64,
    states: [u32; CLASSES],
    bounds: BBox,
}

impl Group {
    fn of(pin: Pin) -> Self {
        let mut states = [0; CLASSES];
        states[usize::from(pin.state).min(CLASSES - 1)] = 1;
        let bounds = BBox::of_point(position(&pin));
        Self {
            pin,
            count: 1,
            lat_sum: pin.lat,
            lon_sum: pin.lon,
            states,
            bounds,
        }
    }

    fn absorb(&mut self, other: &Self) {
        self.count = self.count.saturating_add(other.count);
        self.lat_sum += other.lat_sum;
        self.lon_sum += other.lon_sum;
        for (mine, theirs) in self.states.iter_mut().zip(other.states) {
            *mine = mine.saturating_add(theirs);
        }
        self.bounds = self.bounds.union(other.bounds);
    }

    fn centroid(&self) -> LatLon {
        let n = f64::from(self.count);
        LatLon {
            // Rounding must not carry the mean out of the box of its members.
            lat: (self.lat_sum / n).clamp(self.bounds.south, self.bounds.north),
            lon: (self.lon_sum / n).clamp(self.bounds.west, self.bounds.east),
        }
    }

    fn into_cluster(self) -> Result<Cluster, Pin> {
        if self.count == 1 {
            return Err(self.pin);
        }
        let LatLon { lat, lon } = self.centroid();
        let Self {
            count,
            states,
            bounds,
            ..
        } = self;
        Ok(Cluster {
            lat,
            lon,
            count,
            states,
            bounds,
        })
    }
}

/// Every four cells of the grid become one.
fn coarser(cells: Cells) -> Cells {
    let mut parents = Cells::default();
    // In cell order, so that sums and the first member do not depend on the hash table.
    for ((x, y), group) in in_order(cells) {
        parents
            .entry((x >> 1, y >> 1))
            .and_modify(|g| g.absorb(&group))
            .or_insert(group);
    }
    parents
}

fn in_order(cells: Cells) -> Vec<((u32, u32), Group)> {
    let mut list: Vec<_> = cells.into_iter().collect();
    list.sort_unstable_by_key(|(cell, _)| *cell);
    list
}

/// Joins neighbours whose centroids lie closer than `apart` (a share of the world's side). The
/// larger takes the smaller, and what has been taken takes nothing, so a change at one edge of the
/// view does not run through the whole of it.
fn merge_near(cells: Cells, apart: f64) -> Vec<Group> {
    let cells = in_order(cells);
    let at: HashMap<_, _> = cells
        .iter()
        .enumerate()
        .map(|(i, (cell, _))| (*cell, i))
        .collect();
    let spots: Vec<_> = cells
        .iter()
        .map(|(_, group)| unit(group.centroid()))
        .collect();
    let mut by_size: Vec<usize> = (0..cells.len()).collect();
    by_size.sort_by_key(|&i| std::cmp::Reverse(cells[i].1.count));
    let mut taken = vec![false; cells.len()];
    let mut merged = Vec::with_capacity(cells.len());
    for i in by_size {
        if std::mem::replace(&mut taken[i], true) {
            continue;
        }
        let ((x, y), mut group) = cells[i];
        for near in neighbours(x, y) {
            let Some(&j) = at.get(&near) else { continue };
            let gap = (spots[i].0 - spots[j].0).hypot(spots[i].1 - spots[j].1);
            if !taken[j] && gap < apart {
                taken[j] = true;
                group.absorb(&cells[j].1);
            }
        }
        merged.push(group);
    }
    merged
}

/// The eight cells around one, without those beyond the edge of the world.
fn neighbours(x: u32, y: u32) -> impl Iterator<Item = (u32, u32)> {
    let around = |v: u32| {
        [v.checked_sub(1), Some(v), v.checked_add(1)]
            .into_iter()
            .flatten()
    };
    around(x)
        .flat_map(move |nx| around(y).map(move |ny| (nx, ny)))
        .filter(move |&near| near != (x, y))
}

#[cfg(test)]
#[path = "cluster_tests.rs"]
mod tests;
