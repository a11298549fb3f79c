//! The map: pins or clusters of a box, marks, boundary layers.

use std::collections::HashMap;

use jitasa_domain::{ActionKind, CaseState, IdSource, Urgency};
use jitasa_map::{BBox, Pin, boundary::BoundaryLayer, cluster};
use jitasa_store::{
    Layer, NewLayer,
    query::{
        cases::{self, CaseQuery},
        office, places,
        places::Point,
        volunteers,
    },
};

use crate::{
    ApiError, App, case_views, forms, imports,
    places::Villages,
    views::{ById, Nothing, map::*},
};

/// The page never holds more than this many features of cases.
const FEATURES_MAX: usize = 1_500;
const MARKS_MAX: usize = 500;

/// A cluster counts its cases by class: the states, then the states again for critical cases.
const STATES: usize = CaseState::ALL.len();
const CRITICAL_FROM: u8 = 5;
const _: () = assert!(CRITICAL_FROM as usize == STATES);
const _: () = assert!(
    2 * STATES <= jitasa_map::CLASSES,
    "a class for each state, critical or not"
);

fn class_of(point: &Point) -> u8 {
    let state = point.state as u8;
    if point.urgency == Urgency::Critical {
        state + CRITICAL_FROM
    } else {
        state
    }
}

pub(crate) fn view(app: &App, request: MapViewRequest) -> Result<MapView, ApiError> {
    let actor = app.reader(ActionKind::Read)?;
    let window = BBox::new(request.west, request.south, request.east, request.north)
        .map_err(|error| ApiError::new(error.code()))?;
    let query = case_views::query_of(app, &actor, &request.filter)?;
    let store = app.store()?;
    let boxed = CaseQuery {
        within_box: Some((window.west, window.south, window.east, window.north)),
        ..query.clone()
    };
    let without = CaseQuery {
        no_place: true,
        ..query
    };
    let (points, without_place) =
        store.read(|conn| Ok((places::points(conn, &boxed)?, cases::count(conn, &without)?)))?;
    let pins = points.iter().map(|point| Pin {
        id: u128::try_from(point.pk).unwrap_or(0),
        lat: point.lat,
        lon: point.lon,
        state: class_of(point),
    });
    let seen = cluster(pins, window, request.zoom, FEATURES_MAX);
    let by_pk: HashMap<u128, &Point> = points
        .iter()
        .map(|point| (u128::try_from(point.pk).unwrap_or(0), point))
        .collect();
    let pks: Vec<i64> = seen
        .pins
        .iter()
        .filter_map(|pin| by_pk.get(&pin.id).map(|point| point.pk))
        .collect();
    let details = store.read(|conn| places::pin_details(conn, &pks))?;
    let pins = details
        .into_iter()
        .filter_map(|detail| {
            let point = by_pk.get(&u128::try_from(detail.pk).unwrap_or(0))?;
            Some(MapPin {
                id: detail.id.to_string(),
                lat: point.lat,
                lon: point.lon,
                state: point.state.code().into(),
                urgency: point.urgency.code().into(),
                need_kind: detail.need_kind,
                number: detail.number,
                accuracy_m: detail.accuracy_m,
            })
        })
        .collect();
    let clusters = seen
        .clusters
        .iter()
        .map(|cluster| MapCluster {
            lat: cluster.lat,
            lon: cluster.lon,
            count: cluster.count,
            by_state: (0..STATES)
                .map(|n| cluster.states[n] + cluster.states[n + STATES])
                .collect(),
            critical: cluster.states[STATES..2 * STATES].iter().sum(),
            bounds: vec![
                cluster.bounds.west,
                cluster.bounds.south,
                cluster.bounds.east,
                cluster.bounds.north,
            ],
        })
        .collect();
    Ok(MapView {
        pins,
        clusters,
        marks: marks(app, &window, request.points, request.volunteers)?,
        total: i64::from(seen.total),
        without_place,
    })
}

fn marks(
    app: &App,
    window: &BBox,
    points: bool,
    with_volunteers: bool,
) -> Result<Vec<MapMark>, ApiError> {
    let store = app.store()?;
    let inside = |lat: Option<f64>, lon: Option<f64>| match (lat, lon) {
        (Some(lat), Some(lon)) if window.contains(jitasa_map::LatLon { lat, lon }) => {
            Some((lat, lon))
        }
        _ => None,
    };
    let mut marks = Vec::new();
    if points {
        let kinds: HashMap<String, String> = store
            .read(|conn| office::kinds(conn, jitasa_domain::KindList::ServicePoint))?
            .into_iter()
            .map(|kind| (kind.code, kind.th))
            .collect();
        for point in store.read(office::service_points)? {
            if let Some((lat, lon)) = inside(point.lat, point.lon) {
                marks.push(MapMark {
                    kind: "service_point".into(),
                    id: point.id.to_string(),
                    lat,
                    lon,
                    label: point.name,
                    detail: kinds.get(&point.kind).cloned().unwrap_or(point.kind),
                });
            }
        }
    }
    // Where a volunteer lives is the office's to see, not the headman's of another village.
    if with_volunteers && app.reader(ActionKind::VolunteerEdit).is_ok() {
        let villages = Villages::of(&store)?;
        let now = app.env().now();
        for line in store.read(|conn| volunteers::available(conn, now))? {
            if let Some((lat, lon)) = inside(line.volunteer.lat, line.volunteer.lon) {
                marks.push(MapMark {
                    kind: "volunteer".into(),
                    id: line.volunteer.id.to_string(),
                    lat,
                    lon,
                    label: line.volunteer.full_name(),
                    detail: villages.label(&line.volunteer.area_code),
                });
            }
        }
    }
    marks.truncate(MARKS_MAX);
    Ok(marks)
}

pub(crate) fn layers(app: &App, _: Nothing) -> Result<MapLayers, ApiError> {
    app.reader(ActionKind::Read)?;
    let layers = app
        .store()?
        .layers()?
        .into_iter()
        .map(|layer| MapLayer {
            id: layer.id,
            name: layer.name,
            features: layer.features,
            coded: layer.coded,
            added_at: layer.added_at.0,
        })
        .collect();
    Ok(MapLayers { layers })
}

pub(crate) fn add_layer(app: &App, request: MapLayerAdd) -> Result<MapLayers, ApiError> {
    app.reader(ActionKind::VillageSave)?;
    let bytes = imports::bytes_of(request.path.as_deref(), request.bytes_base64.as_deref())?;
    let layer = BoundaryLayer::read(&bytes).map_err(|error| ApiError::new(error.code()))?;
    let geojson = String::from_utf8(bytes).map_err(|_| ApiError::new("boundary.not_json"))?;
    let now = app.env().now();
    let new = NewLayer {
        layer: Layer {
            id: app.ids().next(now).to_string(),
            name: forms::required_name(&request.name, "name")?,
            features: u32::try_from(layer.areas().len()).unwrap_or(u32::MAX),
            coded: !layer.code_property().is_empty(),
            added_at: now,
        },
        geojson,
    };
    app.store()?.add_layer(&new)?;
    layers(app, Nothing {})
}

pub(crate) fn remove_layer(app: &App, request: ById) -> Result<MapLayers, ApiError> {
    app.reader(ActionKind::VillageSave)?;
    app.store()?.remove_layer(&request.id)?;
    layers(app, Nothing {})
}

pub(crate) fn get_layer(app: &App, request: ById) -> Result<MapLayerBody, ApiError> {
    app.reader(ActionKind::Read)?;
    Ok(MapLayerBody {
        geojson: app.store()?.layer_geojson(&request.id)?,
    })
}

/// The subdistrict a point lies in, where a boundary layer of the office tells.
pub(crate) fn subdistrict_at(app: &App, lat: f64, lon: f64) -> Result<Option<String>, ApiError> {
    let store = app.store()?;
    for layer in store.layers()?.into_iter().filter(|layer| layer.coded) {
        let Ok(layer) = BoundaryLayer::read(store.layer_geojson(&layer.id)?.as_bytes()) else {
            continue;
        };
        if let Some(code) = layer.area_at(lat, lon).filter(|code| code.len() >= 6) {
            return Ok(code.get(..6).map(ToString::to_string));
        }
    }
    Ok(None)
}
