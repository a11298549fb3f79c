//! Boundary layers the office dropped in. They belong to the desk and do not travel.

use jitasa_domain::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::{Store, StoreError, desk};

/// A layer without its shapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    pub id: String,
    pub name: String,
    pub features: u32,
    /// Whether its features carry DOPA codes.
    pub coded: bool,
    pub added_at: Timestamp,
}

/// A layer to keep.
#[derive(Debug, Clone)]
pub struct NewLayer {
    pub layer: Layer,
    /// As it was read, checked.
    pub geojson: String,
}

impl Store {
    /// Keeps a layer.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn add_layer(&self, new: &NewLayer) -> Result<(), StoreError> {
        let writer = self.writer();
        writer.execute(
            "INSERT INTO map_layer VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                new.layer.id,
                new.layer.name,
                new.layer.features,
                new.layer.coded,
                new.layer.added_at.0,
                new.geojson
            ],
        )?;
        desk::bump_data_version(&writer)
    }

    /// Takes a layer away.
    ///
    /// # Errors
    /// When there is none.
    pub fn remove_layer(&self, id: &str) -> Result<(), StoreError> {
        let writer = self.writer();
        if writer.execute("DELETE FROM map_layer WHERE id = ?1", [id])? == 0 {
            return Err(StoreError::NotFound("map_layer"));
        }
        desk::bump_data_version(&writer)
    }

    /// The layers, in the order they came.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn layers(&self) -> Result<Vec<Layer>, StoreError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, name, features, coded, added_at FROM map_layer ORDER BY added_at, id",
            )?;
            let layers = statement.query_map([], |row| {
                Ok(Layer {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    features: row.get(2)?,
                    coded: row.get(3)?,
                    added_at: Timestamp(row.get(4)?),
                })
            })?;
            Ok(layers.collect::<Result<_, _>>()?)
        })
    }

    /// A layer's shapes.
    ///
    /// # Errors
    /// When there is none.
    pub fn layer_geojson(&self, id: &str) -> Result<String, StoreError> {
        self.read(|conn| {
            conn.query_row("SELECT geojson FROM map_layer WHERE id = ?1", [id], |row| {
                row.get(0)
            })
            .optional()?
            .ok_or(StoreError::NotFound("map_layer"))
        })
    }
}
