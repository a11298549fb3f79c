//! Boundary layers that an office imports: which area does a position lie in?
//!
//! No boundary file may ship with the program, so offices bring their own, made by many hands.
//! The reader (`read`) therefore trusts nothing and finds the code and name columns by their
//! contents (`columns`). Lines are years old and village lines are disputed: an answer from here is
//! a hint beside the chosen area, never a reason to refuse a case.

mod columns;
mod read;
mod shape;

use crate::{BBox, LatLon};
use thiserror::Error;

/// Largest file that is read.
pub const BYTES_MAX: usize = 50 * 1024 * 1024;
/// Most corners one area may have.
pub const VERTICES_MAX: usize = 200_000;

/// Why a file is not a boundary layer. `feature` counts from 1, as people do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BoundaryError {
    #[error("the file has {bytes} bytes, more than {BYTES_MAX}")]
    TooLarge { bytes: usize },
    #[error("the file is not JSON: line {line}, column {column}")]
    NotJson { line: usize, column: usize },
    #[error("the file is JSON but not a GeoJSON FeatureCollection")]
    NotFeatureCollection,
    #[error("feature {feature} is not a Polygon or MultiPolygon of numbers")]
    NotPolygon { feature: usize },
    #[error("feature {feature} has more than {VERTICES_MAX} corners")]
    TooManyVertices { feature: usize },
    #[error("feature {feature} has coordinates that are not degrees")]
    NotDegrees { feature: usize },
    #[error("feature {feature} seems to have latitude before longitude")]
    Swapped { feature: usize },
    #[error("no property holds area codes")]
    NoCode,
    #[error("the file holds no areas")]
    Empty,
}

impl BoundaryError {
    /// Stable code for the word catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "boundary.too_large",
            Self::NotJson { .. } => "boundary.not_json",
            Self::NotFeatureCollection => "boundary.not_feature_collection",
            Self::NotPolygon { .. } => "boundary.not_polygon",
            Self::TooManyVertices { .. } => "boundary.too_many_vertices",
            Self::NotDegrees { .. } => "boundary.not_degrees",
            Self::Swapped { .. } => "boundary.swapped",
            Self::NoCode => "boundary.no_code",
            Self::Empty => "boundary.empty",
        }
    }
}

/// Areas with their outlines. An area may occur more than once (an island as a feature of its own).
#[derive(Debug, Clone, PartialEq)]
pub struct BoundaryLayer {
    areas: Vec<Area>,
    bounds: BBox,
    code_property: String,
    name_property: Option<String>,
    set_aside: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// DOPA code: 2, 4, 6 or 8 digits, without `TH`.
    pub code: String,
    pub name_th: Option<String>,
    pub bounds: BBox,
    pub polygons: Vec<Polygon>,
}

/// An outline and its holes. Rings are closed; corners are GeoJSON's `[longitude, latitude]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    pub rings: Vec<Vec<[f64; 2]>>,
}

impl BoundaryLayer {
    /// Reads a GeoJSON FeatureCollection (RFC 7946, also with a byte order mark).
    ///
    /// Repaired without a word: rings left open, corners given twice. Set aside and counted:
    /// features without a code or without a geometry. Everything else that is wrong refuses the
    /// whole file, because half a layer would answer wrongly in silence.
    pub fn read(file: &[u8]) -> Result<Self, BoundaryError> {
        read::read(file)
    }

    #[must_use]
    pub fn areas(&self) -> &[Area] {
        &self.areas
    }

    /// The box of the whole layer.
    #[must_use]
    pub fn bounds(&self) -> BBox {
        self.bounds
    }

    /// The property the codes were found in, to show to the clerk.
    #[must_use]
    pub fn code_property(&self) -> &str {
        &self.code_property
    }

    /// The property the Thai names were found in.
    #[must_use]
    pub fn name_property(&self) -> Option<&str> {
        self.name_property.as_deref()
    }

    /// Features that had no code or no geometry.
    #[must_use]
    pub fn set_aside(&self) -> usize {
        self.set_aside
    }

    /// The area a position lies in; the finest one when the layer holds several levels. On a line
    /// between two areas exactly one of them answers.
    #[must_use]
    pub fn area_at(&self, lat: f64, lon: f64) -> Option<&str> {
        let at = LatLon { lat, lon };
        self.areas
            .iter()
            .filter(|area| area.bounds.contains(at) && area.contains(at))
            .map(|area| area.code.as_str())
            .max_by_key(|code| code.len())
    }

    /// The box of an area and all areas below it, by the start of their codes.
    #[must_use]
    pub fn bounds_of(&self, code: &str) -> Option<BBox> {
        let below = self.areas.iter().filter(|area| area.code.starts_with(code));
        below.map(|area| area.bounds).reduce(BBox::union)
    }
}

impl Area {
    /// Does the position lie inside one of the polygons and in none of that polygon's holes?
    #[must_use]
    pub fn contains(&self, at: LatLon) -> bool {
        self.polygons.iter().any(|polygon| polygon.contains(at))
    }
}

impl Polygon {
    /// Even-odd rule over all rings: each crossing of a ray to the east flips the answer, and a hole
    /// flips it back. Half-open in latitude, so a corner is crossed once, not twice.
    fn contains(&self, at: LatLon) -> bool {
        let mut inside = false;
        for ring in &self.rings {
            for edge in ring.windows(2) {
                let ([x1, y1], [x2, y2]) = (edge[0], edge[1]);
                if (y1 > at.lat) != (y2 > at.lat)
                    && at.lon < (x2 - x1) * (at.lat - y1) / (y2 - y1) + x1
                {
                    inside = !inside;
                }
            }
        }
        inside
    }
}

#[cfg(test)]
mod tests;
