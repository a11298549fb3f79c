//! When a form that shows a record is old: somebody saved meanwhile what it would write over. A row's `version`
//! moves then, and only then: a form that is asked to give way for nothing has cost somebody his typing.

use std::collections::BTreeMap;

use jitasa_domain::Entity;
use rusqlite::Connection;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::StoreError;

/// How far a case was taken and who has taken note of it. The clock writes these while people type, no form does,
/// and what they were is in the history: so they make no form old and stand in the way of no undo.
pub(crate) const OF_THE_CLOCK: [&str; 5] = [
    "escalation",
    "escalated_at",
    "escalation_reason",
    "escalation_seen_at",
    "escalation_seen_by",
];

/// Fields of a need that the form of its case shows. Where a need stands is not among them.
const OF_A_NEED: [&str; 4] = ["kind", "detail", "hands", "void_reason"];

/// Whether writing these fields makes a form of the record itself old.
pub(crate) fn ages(entity: Entity, fields: &Map<String, Value>) -> bool {
    fields
        .keys()
        .any(|name| entity != Entity::Case || !OF_THE_CLOCK.contains(&name.as_str()))
}

/// Whether writing these fields of a case's part makes the form of the case old: who it is, and what he needs.
pub(crate) fn ages_case(entity: Entity, fields: &Map<String, Value>) -> bool {
    match entity {
        Entity::Person => !fields.is_empty(),
        Entity::Need => OF_A_NEED.iter().any(|name| fields.contains_key(*name)),
        _ => false,
    }
}

/// Makes a form that shows the case old.
pub(crate) fn age_case(conn: &Connection, id: Uuid) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE \"case\" SET version = version + 1 WHERE id = ?1")?
        .execute([id.to_string()])?;
    Ok(())
}

/// A name for values of a record: the same when they are the same. Who says what he saw says it by this.
pub(crate) fn imprint(id: Uuid, values: &BTreeMap<&str, &Value>) -> Uuid {
    let text = serde_json::to_string(values).unwrap_or_default();
    Uuid::new_v5(&id, text.as_bytes())
}
