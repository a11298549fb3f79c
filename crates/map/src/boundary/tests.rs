use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A square area, west and south given, half a degree wide.
fn square(code: &str, west: f64, south: f64) -> Value {
    let (east, north) = (west + 0.5, south + 0.5);
    area(
        code,
        &json!({"type": "Polygon", "coordinates":
            [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}),
    )
}

fn area(code: &str, geometry: &Value) -> Value {
    json!({"type": "Feature", "geometry": geometry,
        "properties": {"ADM3_PCODE": code, "ADM3_TH": format!("ตำบล {code}")}})
}

fn read(features: &[Value]) -> Result<BoundaryLayer, BoundaryError> {
    let file = json!({"type": "FeatureCollection", "features": features});
    BoundaryLayer::read(file.to_string().as_bytes())
}

#[test]
fn a_position_finds_its_area() {
    let layer = read(&[
        square("TH450905", 104.0, 16.0),
        square("TH450909", 104.5, 16.0),
    ])
    .unwrap();
    assert_eq!(layer.code_property(), "ADM3_PCODE");
    assert_eq!(layer.name_property(), Some("ADM3_TH"));
    assert_eq!(layer.area_at(16.2, 104.2), Some("450905"));
    assert_eq!(layer.area_at(16.2, 104.7), Some("450909"));
    assert_eq!(layer.area_at(16.2, 105.2), None);
    assert_eq!(layer.area_at(f64::NAN, 104.2), None);
    assert_eq!(layer.areas()[0].name_th.as_deref(), Some("ตำบล TH450905"));
    assert_eq!(layer.bounds_of("4509"), Some(layer.bounds()));
    assert_eq!(layer.bounds_of("46"), None);
}

#[test]
fn on_a_shared_line_exactly_one_area_answers() {
    let layer = read(&[square("450905", 104.0, 16.0), square("450909", 104.5, 16.0)]).unwrap();
    let at = LatLon {
        lat: 16.2,
        lon: 104.5,
    };
    assert_eq!(layer.areas().iter().filter(|a| a.contains(at)).count(), 1);
}

#[test]
fn a_hole_does_not_belong_to_its_area() {
    let geometry = json!({"type": "MultiPolygon", "coordinates": [[
        [[104, 16], [105, 16], [105, 17], [104, 17], [104, 16]],
        [[104.4, 16.4], [104.6, 16.4], [104.6, 16.6], [104.4, 16.6], [104.4, 16.4]]]]});
    let layer = read(&[area("450905", &geometry)]).unwrap();
    assert_eq!(layer.area_at(16.5, 104.5), None);
    assert_eq!(layer.area_at(16.5, 104.3), Some("450905"));
}

#[test]
fn the_finest_level_answers_when_a_layer_holds_several() {
    let district = json!({"type": "Polygon", "coordinates":
        [[[103, 15], [106, 15], [106, 18], [103, 18], [103, 15]]]});
    let layer = read(&[area("4509", &district), square("450905", 104.0, 16.0)]).unwrap();
    assert_eq!(layer.area_at(16.2, 104.2), Some("450905"));
    assert_eq!(layer.area_at(15.5, 104.2), Some("4509"));
}

#[test]
fn an_open_ring_is_closed_and_a_corner_given_twice_is_kept_once() {
    let geometry = json!({"type": "Polygon", "coordinates":
        [[[104, 16], [105, 16], [105, 16], [105, 17, 120.5], [104, 17]]]});
    let layer = read(&[area("450905", &geometry)]).unwrap();
    let ring = &layer.areas()[0].polygons[0].rings[0];
    assert_eq!(
        ring.as_slice(),
        [
            [104.0, 16.0],
            [105.0, 16.0],
            [105.0, 17.0],
            [104.0, 17.0],
            [104.0, 16.0]
        ]
    );
    assert_eq!(layer.area_at(16.5, 104.01), Some("450905"));
}

#[test]
fn a_feature_without_code_or_geometry_is_set_aside_and_counted() {
    let no_code = json!({"type": "Feature", "properties": {"name": "อ่างเก็บน้ำ"},
        "geometry": square("x", 100.0, 15.0)["geometry"]});
    let no_geometry = area("450901", &Value::Null);
    let empty = area(
        "450902",
        &json!({"type": "MultiPolygon", "coordinates": []}),
    );
    let layer = read(&[square("450905", 104.0, 16.0), no_code, no_geometry, empty]).unwrap();
    assert_eq!((layer.areas().len(), layer.set_aside()), (1, 3));
}

#[test]
fn a_byte_order_mark_is_forgiven() {
    let file = json!({"type": "FeatureCollection", "features": [square("450905", 104.0, 16.0)]});
    let file = format!("\u{feff}{file}");
    assert!(BoundaryLayer::read(file.as_bytes()).is_ok());
}

#[test]
fn each_wrong_file_has_its_own_code() {
    let code = |file: &[u8]| BoundaryLayer::read(file).unwrap_err().code();
    assert_eq!(code(b""), "boundary.not_json");
    assert_eq!(code(b"PK\x03\x04"), "boundary.not_json");
    assert_eq!(
        code(br#"{"type":"FeatureCollection","features":[{"#),
        "boundary.not_json"
    );
    assert_eq!(code(b"[1,2]"), "boundary.not_feature_collection");
    assert_eq!(
        code(br#"{"type":"Topology","objects":{}}"#),
        "boundary.not_feature_collection"
    );
    assert_eq!(
        code(br#"{"type":"FeatureCollection","features":7}"#),
        "boundary.not_feature_collection"
    );
    assert_eq!(
        code(br#"{"type":"FeatureCollection","features":[]}"#),
        "boundary.empty"
    );
    assert_eq!(code(&vec![b' '; BYTES_MAX + 1]), "boundary.too_large");
    let bomb = format!(
        r#"{{"type":"FeatureCollection","features":[{{"geometry":{{"coordinates":{}"#,
        "[".repeat(100_000)
    );
    assert_eq!(code(bomb.as_bytes()), "boundary.not_json");
}

#[test]
fn each_wrong_geometry_is_refused_with_the_number_of_its_feature() {
    let refused = |geometry: Value| {
        read(&[square("450905", 104.0, 16.0), area("450909", &geometry)]).unwrap_err()
    };
    let polygon = |ring: Value| json!({"type": "Polygon", "coordinates": [ring]});
    let at = 2;
    assert_eq!(
        refused(json!({"type": "Point", "coordinates": [104, 16]})),
        BoundaryError::NotPolygon { feature: at }
    );
    assert_eq!(
        refused(
            json!({"type": "MultiPolygon", "coordinates": [[[104, 16], [105, 16], [105, 17]]]})
        ),
        BoundaryError::NotPolygon { feature: at }
    );
    assert_eq!(
        refused(polygon(json!([
            [104, 16],
            ["105", 16],
            [105, 17],
            [104, 16]
        ]))),
        BoundaryError::NotPolygon { feature: at }
    );
    assert_eq!(
        refused(polygon(json!([[104, 16], [105], [105, 17], [104, 16]]))),
        BoundaryError::NotPolygon { feature: at }
    );
    assert_eq!(
        refused(polygon(json!([[16, 104], [16, 105], [17, 105], [16, 104]]))),
        BoundaryError::Swapped { feature: at }
    );
    assert_eq!(
        refused(polygon(json!([
            [414857, 1803348],
            [414900, 1803348],
            [414900, 1803400]
        ]))),
        BoundaryError::NotDegrees { feature: at }
    );
    let many: Vec<Value> = (0..=VERTICES_MAX)
        .map(|i| json!([104.0 + (i % 2) as f64 / 10.0, 16.0]))
        .collect();
    assert_eq!(
        refused(polygon(Value::Array(many))),
        BoundaryError::TooManyVertices { feature: at }
    );
}

#[test]
fn a_layer_without_codes_is_refused() {
    let feature = json!({"type": "Feature", "properties": {"OBJECTID": 1, "name": "โคกสว่าง"},
        "geometry": square("x", 104.0, 16.0)["geometry"]});
    assert_eq!(read(&[feature]), Err(BoundaryError::NoCode));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(file in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = BoundaryLayer::read(&file);
    }

    #[test]
    fn any_geometry_is_read_or_refused(text in r#"[\[\]0-9.,"{}:a-]{0,60}"#) {
        let file = format!(
            r#"{{"type":"FeatureCollection","features":[{{"properties":{{"code":"450905"}},"geometry":{{"type":"Polygon","coordinates":{text}}}}}]}}"#
        );
        if let Ok(layer) = BoundaryLayer::read(file.as_bytes()) {
            let ring = &layer.areas()[0].polygons[0].rings[0];
            prop_assert!(ring.len() >= 4 && ring.first() == ring.last());
        }
    }

    #[test]
    fn tiles_of_squares_answer_by_arithmetic(lat in 14.0..16.0f64, lon in 102.0..104.0f64) {
        let squares: Vec<Value> = (0..16)
            .map(|i| square(&format!("4509{i:02}"), 102.0 + f64::from(i % 4) / 2.0, 14.0 + f64::from(i / 4) / 2.0))
            .collect();
        let layer = read(&squares).unwrap();
        let expected = ((lat - 14.0) * 2.0).floor() * 4.0 + ((lon - 102.0) * 2.0).floor();
        let expected = format!("4509{expected:02}");
        prop_assert_eq!(layer.area_at(lat, lon), Some(expected.as_str()));
    }
}
