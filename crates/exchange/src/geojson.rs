//! A FeatureCollection for map programs, written feature by feature.
//!
//! RFC 7946: WGS 84, longitude first. Coordinates are rounded to 6 decimals (about 0.1 m): more is
//! noise. A record without a place is kept, with `geometry: null`.

use crate::cell::Cell;
use crate::csv_out::plain;
use crate::file::WriteError;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Writes features to anything that takes bytes.
#[derive(Debug)]
pub struct GeoJsonWriter<W: Write> {
    to: W,
    features: usize,
}

impl<W: Write> GeoJsonWriter<W> {
    /// Starts the collection.
    ///
    /// # Errors
    /// Those of the writer underneath.
    pub fn create(mut to: W) -> Result<Self, WriteError> {
        to.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(GeoJsonWriter { to, features: 0 })
    }

    /// Writes one feature. `point` is latitude, longitude in degrees; properties keep their order,
    /// dates are ISO 8601 text.
    ///
    /// # Errors
    /// Those of the writer underneath.
    pub fn feature(
        &mut self,
        point: Option<(f64, f64)>,
        properties: &[(&str, Cell)],
    ) -> Result<(), WriteError> {
        let geometry = match point {
            Some((lat, lon)) if lat.is_finite() && lon.is_finite() => {
                json!({"type": "Point", "coordinates": [six_decimals(lon), six_decimals(lat)]})
            }
            _ => Value::Null,
        };
        let properties: Map<String, Value> = properties
            .iter()
            .map(|(name, cell)| ((*name).to_owned(), value(cell)))
            .collect();
        let feature = json!({"type": "Feature", "geometry": geometry, "properties": properties});
        self.to
            .write_all(if self.features == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut self.to, &feature).map_err(io::Error::from)?;
        self.features += 1;
        Ok(())
    }

    /// Closes the collection; answers the number of features.
    ///
    /// # Errors
    /// Those of the writer underneath.
    pub fn finish(mut self) -> Result<usize, WriteError> {
        self.to.write_all(b"\n]}\n")?;
        self.to.flush()?;
        Ok(self.features)
    }
}

fn six_decimals(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Whole(number) => json!(number),
        // Not-a-number becomes null: JSON has no word for it.
        Cell::Number(number) => json!(number),
        Cell::Text(_) | Cell::Date(_) | Cell::DateTime(_) => Value::String(plain(cell)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn points_are_longitude_first_and_rounded_and_placeless_records_stay() {
        let mut bytes = Vec::new();
        let mut writer = GeoJsonWriter::create(&mut bytes).unwrap();
        writer
            .feature(
                Some((16.309_612_34, 104.203_000_09)),
                &[
                    ("เลขที่", "450905-69-00001".into()),
                    ("จำนวนคน", Cell::Whole(4)),
                ],
            )
            .unwrap();
        writer
            .feature(None, &[("วันที่แจ้ง", date(2026, 11, 5).into())])
            .unwrap();
        assert_eq!(writer.finish().unwrap(), 2);
        let read: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(read["type"], "FeatureCollection");
        assert_eq!(
            read["features"][0]["geometry"],
            json!({"type": "Point", "coordinates": [104.203, 16.309_612]})
        );
        assert_eq!(read["features"][0]["properties"]["จำนวนคน"], 4);
        assert_eq!(read["features"][1]["geometry"], Value::Null);
        assert_eq!(read["features"][1]["properties"]["วันที่แจ้ง"], "2026-11-05");
    }

    #[test]
    fn a_collection_without_features_is_still_valid() {
        let mut bytes = Vec::new();
        GeoJsonWriter::create(&mut bytes).unwrap().finish().unwrap();
        let read: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(read["features"], json!([]));
    }
}
