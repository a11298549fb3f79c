//! Reads the `coordinates` of a GeoJSON geometry straight into rings.
//!
//! A general JSON value costs some hundred bytes a corner; a 50 MB layer would fill an old PC. So
//! this visitor keeps 16 bytes a corner, stops keeping at the cap, and notes what was wrong instead
//! of failing: the reader can then say which feature it was.

use super::{Polygon, VERTICES_MAX};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// The polygons of one geometry. Polygon and MultiPolygon differ only in depth.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) polygons: Vec<Polygon>,
    /// Lists of lists: 3 for a Polygon, 4 for a MultiPolygon.
    pub(super) depth: u8,
    /// Something other than evenly nested lists of numbers.
    pub(super) malformed: bool,
    pub(super) too_many: bool,
    /// The first coordinate that cannot be longitude and latitude.
    pub(super) not_degrees: Option<[f64; 2]>,
    vertices: usize,
    rings: Vec<Vec<[f64; 2]>>,
    ring: Vec<[f64; 2]>,
    position: [f64; 2],
}

impl<'de> serde::Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut shape = Self::default();
        shape.depth = List(&mut shape).deserialize(deserializer)?.unwrap_or(0);
        Ok(shape)
    }
}

impl Shape {
    fn end_position(&mut self, numbers: usize) {
        if numbers < 2 {
            self.malformed = true;
            return;
        }
        let [lon, lat] = self.position;
        if !(-180.0..=180.0).contains(&lon) || !(-90.0..=90.0).contains(&lat) {
            self.not_degrees.get_or_insert([lon, lat]);
            return;
        }
        self.vertices += 1;
        self.too_many |= self.vertices > VERTICES_MAX;
        if !self.too_many && self.ring.last() != Some(&self.position) {
            self.ring.push(self.position);
        }
    }

    fn end_ring(&mut self) {
        let mut ring = std::mem::take(&mut self.ring);
        if let (Some(first), Some(last)) = (ring.first().copied(), ring.last())
            && first != *last
        {
            ring.push(first);
        }
        // Less than a triangle encloses nothing. An outline that is gone takes its holes along, so
        // its place is kept until the polygon ends.
        if ring.len() < 4 {
            ring.clear();
        }
        self.rings.push(ring);
    }

    fn end_polygon(&mut self) {
        let mut rings = std::mem::take(&mut self.rings);
        if rings.first().is_some_and(|outline| !outline.is_empty()) {
            rings.retain(|ring| !ring.is_empty());
            self.polygons.push(Polygon { rings });
        }
    }
}

/// A list; answers how deep it was, or nothing when it was empty.
struct List<'a>(&'a mut Shape);

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = Option<u8>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// An element of a list: a number, whose place in its position the list around it counts, or a list
/// one level down.
struct Element<'a> {
    shape: &'a mut Shape,
    index: usize,
}

impl List<'_> {
    fn wrong(self) -> Option<u8> {
        self.0.malformed = true;
        None
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = Option<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nested lists of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let shape = self.0;
        let mut depth = None;
        let mut index = 0;
        while let Some(found) = list.next_element_seed(Element {
            shape: &mut *shape,
            index,
        })? {
            match (depth, found) {
                (None, found) => depth = found,
                (Some(a), Some(b)) if a != b => shape.malformed = true,
                _ => {}
            }
            index += 1;
        }
        match depth {
            Some(0) => shape.end_position(index),
            Some(1) => shape.end_ring(),
            Some(2) => shape.end_polygon(),
            Some(_) | None => {}
        }
        Ok(depth.map(|d| d.saturating_add(1)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self.wrong())
    }
    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(self.wrong())
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(self.wrong())
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(self.wrong())
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(self.wrong())
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(self.wrong())
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(self.wrong())
    }
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = Option<u8>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Element<'_> {
    fn keep(self, value: f64) -> Option<u8> {
        // A third number is a height: read and forgotten.
        if let Some(place) = self.shape.position.get_mut(self.index) {
            *place = value;
        }
        Some(0)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = Option<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        List(self.shape).visit_seq(list)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        List(self.shape).visit_map(map)
    }
    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(List(self.shape).wrong())
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(List(self.shape).wrong())
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(List(self.shape).wrong())
    }
    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(self.keep(value))
    }
    // A whole number that a double cannot hold is no coordinate; the range check refuses it.
    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(self.keep(value as f64))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(self.keep(value as f64))
    }
}
