//! Positions and boxes in degrees. A box never crosses the 180th meridian: Thailand is far from it.

use thiserror::Error;

/// A position in WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LatLon {
    pub lat: f64,
    pub lon: f64,
}

/// A box in WGS 84 degrees. Edges belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BBox {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BBoxError {
    #[error("a side of the box is not a number in degrees")]
    NotDegrees,
    #[error("the box is inside out")]
    InsideOut,
}

impl BBoxError {
    /// Stable code for the word catalogue.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotDegrees => "bbox.not_degrees",
            Self::InsideOut => "bbox.inside_out",
        }
    }
}

impl BBox {
    /// Checks the sides: numbers, within -180..180 and -90..90, west <= east, south <= north.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, BBoxError> {
        // `contains` is false for NaN, which is what makes this one test enough.
        if ![west, east]
            .iter()
            .all(|lon| (-180.0..=180.0).contains(lon))
            || ![south, north]
                .iter()
                .all(|lat| (-90.0..=90.0).contains(lat))
        {
            return Err(BBoxError::NotDegrees);
        }
        if west > east || south > north {
            return Err(BBoxError::InsideOut);
        }
        Ok(Self {
            west,
            south,
            east,
            north,
        })
    }

    /// The box of one position.
    #[must_use]
    pub fn of_point(at: LatLon) -> Self {
        Self {
            west: at.lon,
            south: at.lat,
            east: at.lon,
            north: at.lat,
        }
    }

    /// The smallest box around some positions; `None` when there are none.
    pub fn around(points: impl IntoIterator<Item = LatLon>) -> Option<Self> {
        points.into_iter().map(Self::of_point).reduce(Self::union)
    }

    /// False for a position that is not a number.
    #[must_use]
    pub fn contains(&self, at: LatLon) -> bool {
        (self.west..=self.east).contains(&at.lon) && (self.south..=self.north).contains(&at.lat)
    }

    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// Wider by a share of its own size on every side (0.1 is a tenth), cut at the poles and the
    /// 180th meridian. A store that keeps 32-bit boxes asks with a padded box and checks again.
    #[must_use]
    pub fn padded(&self, share: f64) -> Self {
        let (dx, dy) = (
            (self.east - self.west) * share,
            (self.north - self.south) * share,
        );
        Self {
            west: (self.west - dx).max(-180.0),
            south: (self.south - dy).max(-90.0),
            east: (self.east + dx).min(180.0),
            north: (self.north + dy).min(90.0),
        }
    }

    #[must_use]
    pub fn centre(&self) -> LatLon {
        LatLon {
            lat: f64::midpoint(self.south, self.north),
            lon: f64::midpoint(self.west, self.east),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_that_is_inside_out_or_not_a_number_is_refused() {
        assert_eq!(
            BBox::new(105.0, 16.0, 104.0, 17.0),
            Err(BBoxError::InsideOut)
        );
        assert_eq!(
            BBox::new(104.0, 17.0, 105.0, 16.0),
            Err(BBoxError::InsideOut)
        );
        assert_eq!(
            BBox::new(f64::NAN, 16.0, 104.0, 17.0),
            Err(BBoxError::NotDegrees)
        );
        // UTM metres typed into the box
        assert_eq!(
            BBox::new(414_857.0, 16.0, 415_000.0, 17.0),
            Err(BBoxError::NotDegrees)
        );
        // a Thai box with latitude and longitude swapped
        assert_eq!(
            BBox::new(16.0, 104.0, 17.0, 105.0),
            Err(BBoxError::NotDegrees)
        );
    }

    #[test]
    fn the_edge_of_a_box_belongs_to_it() {
        let view = BBox::new(104.0, 16.0, 105.0, 17.0).unwrap();
        assert!(view.contains(LatLon {
            lat: 16.0,
            lon: 105.0
        }));
        assert!(!view.contains(LatLon {
            lat: 15.999,
            lon: 105.0
        }));
        assert!(!view.contains(LatLon {
            lat: f64::NAN,
            lon: 104.5
        }));
        assert!(view.intersects(&BBox::new(105.0, 17.0, 106.0, 18.0).unwrap()));
        assert!(!view.intersects(&BBox::new(105.1, 16.0, 106.0, 17.0).unwrap()));
    }

    #[test]
    fn the_box_around_no_points_is_none() {
        assert_eq!(BBox::around([]), None);
        let box_of_two = BBox::around([
            LatLon {
                lat: 16.2,
                lon: 104.3,
            },
            LatLon {
                lat: 16.4,
                lon: 104.1,
            },
        ]);
        assert_eq!(
            box_of_two,
            Some(BBox::new(104.1, 16.2, 104.3, 16.4).unwrap())
        );
    }

    #[test]
    fn a_padded_box_stays_on_the_earth() {
        let padded = BBox::new(-179.0, -89.0, 179.0, 89.0).unwrap().padded(0.5);
        assert_eq!(padded, BBox::new(-180.0, -90.0, 180.0, 90.0).unwrap());
    }
}
