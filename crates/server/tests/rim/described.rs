//! The description says what is there, no more and no less; the figures can be read by Prometheus.

use std::collections::BTreeSet;

use axum::http::header;
use jitasa_server::{
    book::Status,
    http::{
        document,
        routes::{ROUTES, Verb},
    },
};
use serde_json::Value;

use crate::house::{Call, House, OURS, sync_body};

#[test]
fn every_route_is_described_and_every_description_has_a_route() {
    let house = House::new();
    let described = house.call(&Call::get("/openapi.json")).json();
    assert!(described["openapi"].as_str().unwrap().starts_with("3."));
    let mut found = BTreeSet::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(
                operation["responses"]
                    .as_object()
                    .is_some_and(|some| !some.is_empty())
            );
            found.insert((path.clone(), method.clone()));
        }
    }
    let routes: BTreeSet<_> = ROUTES
        .iter()
        .map(|route| {
            let method = match route.method {
                Verb::Get => "get",
                Verb::Post => "post",
            };
            (route.path.to_string(), method.to_string())
        })
        .collect();
    assert_eq!(found, routes);
}

/// The schema that stands behind one, by its name.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(name) => document.pointer(&name[1..]).unwrap(),
        None => schema,
    }
}

fn fits(document: &Value, schema: &Value, value: &Value, at: &str) {
    let schema = resolved(document, schema);
    if let Some(one_of) = schema["oneOf"].as_array() {
        let meant = one_of
            .iter()
            .find(|each| (each["type"] == "null") == value.is_null());
        return fits(document, meant.unwrap(), value, at);
    }
    match value {
        Value::Object(fields) if schema["properties"].is_object() => {
            let known = schema["properties"].as_object().unwrap();
            for (name, value) in fields {
                let of = known
                    .get(name)
                    .unwrap_or_else(|| panic!("{at}.{name} is not described"));
                fits(document, of, value, &format!("{at}.{name}"));
            }
            for name in schema["required"].as_array().into_iter().flatten() {
                assert!(
                    fields.contains_key(name.as_str().unwrap()),
                    "{at}: {name} is required"
                );
            }
        }
        Value::Array(items) => {
            for item in items {
                fits(document, &schema["items"], item, &format!("{at}[]"));
            }
        }
        _ => {
            let kinds = match &schema["type"] {
                Value::Array(kinds) => kinds.clone(),
                kind => vec![kind.clone()],
            };
            let kind = match value {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Number(_) => "integer",
                Value::String(_) => "string",
                Value::Array(_) => "array",
                Value::Object(_) => "object",
            };
            assert!(
                kinds.iter().any(|each| each == kind),
                "{at} is no {kind}: {schema}"
            );
        }
    }
}

#[test]
fn the_golden_messages_of_the_wire_are_what_the_description_says() {
    let document = serde_json::to_value(document()).unwrap();
    for (schema, golden) in [
        (
            "EnrolRequest",
            include_str!("../../../../tests/wire/v1/enrol-request.json"),
        ),
        (
            "EnrolAnswer",
            include_str!("../../../../tests/wire/v1/enrol-answer.json"),
        ),
        (
            "SyncRequest",
            include_str!("../../../../tests/wire/v1/sync-request.json"),
        ),
        (
            "SyncAnswer",
            include_str!("../../../../tests/wire/v1/sync-answer.json"),
        ),
        (
            "Problem",
            include_str!("../../../../tests/wire/v1/problem-busy.json"),
        ),
        (
            "Problem",
            include_str!("../../../../tests/wire/v1/problem-gap.json"),
        ),
    ] {
        let of = &document["components"]["schemas"][schema];
        assert!(of.is_object(), "{schema}");
        fits(
            &document,
            of,
            &serde_json::from_str(golden).unwrap(),
            schema,
        );
    }
}

#[test]
fn the_figures_count_what_happened_and_name_nobody() {
    let house = House::new();
    let desk = house.desk(OURS, 1, Status::Confirmed);
    let call = Call::post("/v1/sync", sync_body(OURS, desk.id, &[]))
        .with(header::AUTHORIZATION, format!("Bearer {}", desk.token));
    assert_eq!(house.call(&call).status, 200);
    house.call(&Call::get("/metrics"));
    let said = house.call(&Call::get("/metrics"));
    for line in [
        "jitasa_requests_total{route=\"/v1/sync\",status=\"200\"} 1",
        "jitasa_devices{status=\"confirmed\"} 1",
        "jitasa_devices{status=\"revoked\"} 0",
        "jitasa_office_lag_changes{office=\"450905\"} 0",
        "jitasa_head 0",
        "jitasa_backup_age_seconds -1",
        "jitasa_build_info{version=\"0.1.0\"} 1",
        "jitasa_request_seconds_count{route=\"/v1/sync\"} 1",
        "# EOF",
    ] {
        assert!(said.text.contains(line), "{line}\n{}", said.text);
    }
    assert!(!said.text.contains("โต๊ะ"), "a name of a device");
}
