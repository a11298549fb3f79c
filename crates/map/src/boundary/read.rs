//! From the bytes of a GeoJSON file to a layer, or one typed reason why not.

use super::columns::{Properties, code_of, code_property, name_of, name_property};
use super::shape::Shape;
use super::{Area, BYTES_MAX, BoundaryError, BoundaryLayer, Polygon};
use crate::{BBox, LatLon};
use serde::Deserialize;

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "type")]
    kind: Option<String>,
    features: Option<Vec<Feature>>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Option<Properties>,
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: Option<String>,
    coordinates: Option<Shape>,
}

pub(super) fn read(file: &[u8]) -> Result<BoundaryLayer, BoundaryError> {
    if file.len() > BYTES_MAX {
        return Err(BoundaryError::TooLarge { bytes: file.len() });
    }
    let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    let collection: Collection = serde_json::from_slice(file).map_err(|error| {
        if error.is_data() {
            BoundaryError::NotFeatureCollection
        } else {
            BoundaryError::NotJson {
                line: error.line(),
                column: error.column(),
            }
        }
    })?;
    let (Some("FeatureCollection"), Some(features)) =
        (collection.kind.as_deref(), collection.features)
    else {
        return Err(BoundaryError::NotFeatureCollection);
    };
    let total = features.len();
    let mut drawn = Vec::new();
    for (index, feature) in features.into_iter().enumerate() {
        let polygons = polygons_of(feature.geometry, index + 1)?;
        if let (Some(properties), false) = (feature.properties, polygons.is_empty()) {
            drawn.push((properties, polygons));
        }
    }
    layer(drawn, total)
}

/// No geometry is no polygons; a geometry that is not polygons is an error.
fn polygons_of(geometry: Option<Geometry>, feature: usize) -> Result<Vec<Polygon>, BoundaryError> {
    let Some(Geometry { kind, coordinates }) = geometry else {
        return Ok(Vec::new());
    };
    let depth = match kind.as_deref() {
        Some("Polygon") => 3,
        Some("MultiPolygon") => 4,
        _ => return Err(BoundaryError::NotPolygon { feature }),
    };
    let Some(shape) = coordinates else {
        return Err(BoundaryError::NotPolygon { feature });
    };
    if let Some([x, y]) = shape.not_degrees {
        // Thai longitudes are no latitudes, so swapped files always arrive here.
        return Err(if x.abs() <= 90.0 && y.abs() <= 180.0 {
            BoundaryError::Swapped { feature }
        } else {
            BoundaryError::NotDegrees { feature }
        });
    }
    if shape.too_many {
        return Err(BoundaryError::TooManyVertices { feature });
    }
    // An empty list is an empty geometry (RFC 7946, 3.1); its depth is not known.
    if shape.malformed || ![0, depth].contains(&shape.depth) {
        return Err(BoundaryError::NotPolygon { feature });
    }
    Ok(shape.polygons)
}

fn layer(
    drawn: Vec<(Properties, Vec<Polygon>)>,
    total: usize,
) -> Result<BoundaryLayer, BoundaryError> {
    if drawn.is_empty() {
        return Err(BoundaryError::Empty);
    }
    let rows: Vec<&Properties> = drawn.iter().map(|(properties, _)| properties).collect();
    let code_property = code_property(&rows)
        .ok_or(BoundaryError::NoCode)?
        .to_owned();
    let name_property = name_property(&rows, &code_property).map(str::to_owned);
    let mut areas = Vec::with_capacity(drawn.len());
    for (properties, polygons) in drawn {
        let Some(code) = properties.get(&code_property).and_then(code_of) else {
            continue;
        };
        let name = name_property
            .as_ref()
            .and_then(|key| properties.get(key))
            .and_then(name_of);
        let name_th = name.map(str::to_owned);
        // The outline is enough: holes lie inside it.
        let corners = polygons.iter().flat_map(|polygon| &polygon.rings[0]);
        let bounds = BBox::around(corners.map(|&[lon, lat]| LatLon { lat, lon }));
        let Some(bounds) = bounds else { continue };
        areas.push(Area {
            code,
            name_th,
            bounds,
            polygons,
        });
    }
    let bounds = areas.iter().map(|area| area.bounds).reduce(BBox::union);
    let bounds = bounds.ok_or(BoundaryError::Empty)?;
    let set_aside = total - areas.len();
    Ok(BoundaryLayer {
        areas,
        bounds,
        code_property,
        name_property,
        set_aside,
    })
}
