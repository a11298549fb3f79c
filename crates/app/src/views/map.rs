//! The map: pins or clusters of what lies in a box, and boundary layers.

use super::views;

views! {
    /// A box and what to show in it.
    MapViewRequest {
        west: f64,
        south: f64,
        east: f64,
        north: f64,
        zoom: f64,
        filter: super::case::CaseFilter,
        /// Also service points and volunteers.
        points: bool,
        volunteers: bool,
    }

    /// One case.
    MapPin {
        id: String,
        lat: f64,
        lon: f64,
        state: String,
        urgency: String,
        /// Its first open need.
        need_kind: String,
        number: String,
        accuracy_m: Option<u32>,
    }

    /// Many cases.
    MapCluster {
        lat: f64,
        lon: f64,
        count: u32,
        /// Cases per state: reported, open, in_progress, met, closed.
        by_state: Vec<u32>,
        /// How many of them are critical.
        critical: u32,
        /// The box of its members: west, south, east, north.
        bounds: Vec<f64>,
    }

    /// A service point or a volunteer's home.
    MapMark {
        /// `service_point` or `volunteer`.
        kind: String,
        id: String,
        lat: f64,
        lon: f64,
        label: String,
        detail: String,
    }

    /// What the map shows. `total` is the sum of pins and clusters, and equals the list's count of
    /// the same filter within the box.
    MapView {
        pins: Vec<MapPin>,
        clusters: Vec<MapCluster>,
        marks: Vec<MapMark>,
        total: i64,
        /// Cases of the filter that have no place yet.
        without_place: i64,
    }

    /// A boundary layer of the office.
    MapLayer {
        id: String,
        name: String,
        features: u32,
        /// Whether its features carry DOPA codes.
        coded: bool,
        added_at: i64,
    }

    /// Layers.
    MapLayers {
        layers: Vec<MapLayer>,
    }

    /// Add a GeoJSON boundary layer.
    MapLayerAdd {
        name: String,
        /// A path (desktop) or the bytes (browser).
        path: Option<String>,
        bytes_base64: Option<String>,
    }

    /// A layer's GeoJSON.
    MapLayerBody {
        geojson: String,
    }
}
