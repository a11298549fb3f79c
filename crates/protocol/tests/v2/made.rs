//! Arbitrary records: any value that JSON can say, any id, any time.

use jitasa_domain::{
    ActionKind, Entity, Role, Timestamp,
    change::{Change, Delivered},
};
use proptest::prelude::*;
use serde_json::{Map, Number, Value};
use uuid::Uuid;

/// Any id: mostly of a few runs of a program, as most ids are, else of any version, nil included.
fn id() -> impl Strategy<Value = Uuid> {
    prop_oneof![
        4 => (0_u128..3, 0_u128..40, 0_u128..40).prop_map(|(run, ms, count)| {
            let run = 0x0192_f0a0_1111_7000_8000_1234_0000_0001 + (run << 32);
            Uuid::from_u128(run + (ms << 80) + count)
        }),
        1 => any::<u128>().prop_map(Uuid::from_u128),
        1 => prop::sample::select(vec![Uuid::nil(), Uuid::max()]),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ก-๛]{0,12}",
        "[a-z_]{1,3}",
        "[0-9]{1,20}",
        "450905-69-0[0-9]{4}",
        ".{0,8}",
        id().prop_map(|id| id.to_string()),
        id().prop_map(|id| id.to_string().to_uppercase()),
    ]
}

fn number() -> impl Strategy<Value = Number> {
    let fraction = prop_oneof![
        any::<f64>(),
        (-1_000_000_i32..1_000_000).prop_map(|digits| f64::from(digits) / 10_000.0),
        prop::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
            16.301_234_567_890_12,
            9_007_199_254_740_993.0,
        ]),
    ];
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-100_i64..100).prop_map(Number::from),
        fraction.prop_filter_map("JSON has no infinities", Number::from_f64),
    ]
}

/// Any value of JSON.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number().prop_map(Value::Number),
        number().prop_map(Value::Number),
        text().prop_map(Value::String),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((text(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn fields() -> impl Strategy<Value = Map<String, Value>> {
    let name = prop_oneof![
        4 => prop::sample::select(vec!["id", "note", "lat", "number", "ชื่อ", ""]).prop_map(str::to_owned),
        1 => ".{0,4}",
    ];
    prop::collection::vec((name, value()), 0..7).prop_map(|fields| fields.into_iter().collect())
}

/// The record's own id, its maker's and its time stand in its fields as well, as they do in life.
fn leaning(mut fields: Map<String, Value>, own: Uuid, by: Uuid, at: i64) -> Map<String, Value> {
    if fields.len() > 2 {
        fields.insert("id".into(), own.to_string().into());
        fields.insert("created_by".into(), by.to_string().into());
        fields.insert("created_at".into(), at.into());
    }
    fields
}

fn claimed_at() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), 1_795_312_800_000_i64..1_795_312_900_000]
}

fn entity() -> impl Strategy<Value = Entity> {
    prop::sample::select(Entity::ALL)
}

/// Any change.
pub(crate) fn change() -> impl Strategy<Value = Change> {
    let ids = (id(), id(), id(), id());
    let who = (text(), prop::sample::select(Role::ALL));
    let what = (prop::sample::select(ActionKind::ALL), entity(), fields());
    let numbers = (any::<u64>(), any::<u64>(), claimed_at());
    (ids, who, what, numbers).prop_map(
        |(
            (change_id, act_id, entity_id, actor_id),
            (actor_name, actor_role),
            (action, entity, fields),
            (base_version, device_seq, claimed_at),
        )| Change {
            change_id,
            act_id,
            action,
            entity,
            entity_id,
            base_version,
            fields: leaning(fields, entity_id, actor_id, claimed_at),
            actor_id,
            actor_name,
            actor_role,
            device_seq,
            claimed_at: Timestamp(claimed_at),
        },
    )
}

/// Any delivery.
pub(crate) fn delivered() -> impl Strategy<Value = Delivered> {
    let what = (prop::sample::select(ActionKind::ALL), entity(), fields());
    let flags = (any::<bool>(), any::<bool>());
    (id(), text(), what, flags, any::<u64>(), claimed_at()).prop_map(
        |(entity_id, actor_name, (action, entity, fields), (whole, left), seq, claimed_at)| {
            Delivered {
                seq,
                entity,
                entity_id,
                fields: leaning(fields, entity_id, Uuid::nil(), claimed_at),
                whole,
                left,
                action,
                actor_name,
                claimed_at: Timestamp(claimed_at),
            }
        },
    )
}
