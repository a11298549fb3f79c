//! The list of commands: every one is explained, and answers whatever it is asked.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jitasa_app::COMMANDS;
use jitasa_tests::desk::StoryDesk;
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn every_command_has_a_name_a_line_and_types() {
    let config = Default::default();
    for (at, command) in COMMANDS.iter().enumerate() {
        let (noun, verb) = command.name.split_once('.').unwrap();
        let plain = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        assert!(plain(noun) && plain(verb), "{}", command.name);
        let doc = command.doc.trim();
        assert!(
            doc.len() > 10 && doc.ends_with('.'),
            "{}: {doc}",
            command.name
        );
        assert!(!doc.contains('\n'), "{}", command.name);
        assert!(
            COMMANDS[..at]
                .iter()
                .all(|other| other.name != command.name),
            "{}",
            command.name
        );
        let (request, response) = (command.types)(&config);
        assert!(!request.is_empty() && !response.is_empty());
    }
}

/// Calls a command and sees that it answers: with a value, or a code.
fn answers(desk: &StoryDesk, name: &str, request: &Value) {
    let answer = catch_unwind(AssertUnwindSafe(|| desk.app.call(name, request.clone())))
        .unwrap_or_else(|_| panic!("{name} panicked at {request}"));
    match answer {
        Ok(value) => assert!(value.is_object(), "{name}: {value}"),
        Err(refusal) => {
            assert!(
                !refusal.code.is_empty() && refusal.message_key.starts_with("error."),
                "{name}"
            );
            let words = jitasa_app::message(&refusal);
            assert!(
                !words.contains("(รหัส"),
                "{name}: {} has no words",
                refusal.code
            );
            assert_ne!(
                refusal.code, "store_failed",
                "{name} {request}: the database refused"
            );
            assert_ne!(refusal.code, "internal", "{name} {request}");
        }
    }
}

#[test]
fn every_command_answers_nothing_with_a_value_or_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let nobody = StoryDesk::open(&folder.path().join("empty"), 1);
    let desk = StoryDesk::office(&folder.path().join("office"), 2);
    for command in COMMANDS {
        for request in [
            json!({}),
            Value::Null,
            json!([]),
            json!("x"),
            json!({ "unheard_of": 1 }),
        ] {
            answers(&nobody, command.name, &request);
            answers(&desk, command.name, &request);
        }
    }
    desk.sit_down("headman");
    for command in COMMANDS {
        answers(&desk, command.name, &json!({}));
    }
    assert_eq!(desk.refused("case.fly", json!({})).code, "command_unknown");
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("450905")),
        Just(json!("019aa000-0000-7000-8000-00000000000a")),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[a-z_]{1,8}", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

/// Names of fields that requests have, so that many of them are reached.
const FIELDS: [&str; 26] = [
    "id",
    "text",
    "limit",
    "after",
    "filter",
    "sort",
    "code",
    "key",
    "body",
    "case_id",
    "need_id",
    "volunteer_id",
    "step",
    "reason",
    "lat",
    "lon",
    "west",
    "south",
    "east",
    "north",
    "zoom",
    "name",
    "kind",
    "list",
    "parent",
    "subdistrict_code",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_request_makes_a_command_panic(
        values in proptest::collection::vec((0..FIELDS.len(), any_value()), 1..6),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let desk = StoryDesk::office(folder.path(), 3);
        let request: serde_json::Map<String, Value> =
            values.into_iter().map(|(at, value)| (FIELDS[at].to_string(), value)).collect();
        for command in COMMANDS {
            // A request is refused at its first unknown field, so each field goes alone as well.
            for (field, value) in &request {
                answers(&desk, command.name, &json!({ field: value }));
            }
            answers(&desk, command.name, &Value::Object(request.clone()));
        }
    }
}
