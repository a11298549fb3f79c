//! What travels between desks and the provincial server: changes, what became of them, and what
//! others changed. Order comes from the server's sequence; a desk's time is only a claim.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{ActionKind, Entity, Role, Timestamp, code::codes};

/// Fields of one record that one act wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// UUIDv7; the same change sent twice is recognised by it.
    pub change_id: Uuid,
    /// The act it was part of.
    pub act_id: Uuid,
    /// What was done.
    pub action: ActionKind,
    /// On which kind of record.
    pub entity: Entity,
    /// Its id.
    pub entity_id: Uuid,
    /// The highest server sequence of this record that the author had seen; 0 for none.
    pub base_version: u64,
    /// Only the fields that were written, with their new values; none twice.
    #[serde(deserialize_with = "each_once")]
    pub fields: Map<String, Value>,
    /// Who did it.
    pub actor_id: Uuid,
    /// As shown to people.
    pub actor_name: String,
    /// What he is.
    pub actor_role: Role,
    /// The device's own gapless count: 1, 2, 3, ...
    pub device_seq: u64,
    /// When the desk's clock says it was done.
    pub claimed_at: Timestamp,
}

/// An object whose names are all different: of a name that comes twice, one value would be dropped.
fn each_once<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    struct EachOnce;
    impl<'de> de::Visitor<'de> for EachOnce {
        type Value = Map<String, Value>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object with each name once")
        }

        fn visit_map<A: de::MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
            let mut fields = Map::new();
            while let Some((name, value)) = members.next_entry()? {
                if fields.insert(name, value).is_some() {
                    // Which one is not told: it may be about people.
                    return Err(de::Error::custom("a name comes twice"));
                }
            }
            Ok(fields)
        }
    }
    deserializer.deserialize_map(EachOnce)
}

codes! {
    /// What became of a change at the server.
    Verdict {
        New = "new", Merged = "merged", Duplicate = "duplicate", Conflict = "conflict", Held = "held",
    }
}

/// The server's answer to one change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The change.
    pub change_id: Uuid,
    /// Its number at the device.
    pub device_seq: u64,
    /// What became of it.
    pub verdict: Verdict,
    /// Its place in the province's order, when something of it was applied.
    pub seq: Option<u64>,
    /// Why it was held.
    pub reason: Option<String>,
    /// For each field in conflict, and for each field of a held change to a record that the office
    /// may see: the value that stands at the server.
    #[serde(default)]
    pub theirs: Map<String, Value>,
    /// For each field of this change that was applied and that others have written over since: the value that stands.
    /// Only in an answer that is given again; the desk may have heard of that value before and kept its own on top.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub since: Map<String, Value>,
    /// For each field in conflict: who wrote the value that stands. A server of version 1 does not say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub theirs_by: BTreeMap<String, Author>,
}

/// Who wrote a value, and when by his desk's clock.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Author {
    /// As shown to people.
    pub actor_name: String,
    /// The office he works for.
    pub office_code: String,
    /// When his desk says.
    pub claimed_at: Timestamp,
}

/// Something that others changed (or a whole record that came into the office's scope).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivered {
    /// Its place in the province's order.
    pub seq: u64,
    /// The kind of record.
    pub entity: Entity,
    /// Its id.
    pub entity_id: Uuid,
    /// The fields written, or all of them when `whole`.
    pub fields: Map<String, Value>,
    /// True: the record as it stands, because it came into this office's scope.
    pub whole: bool,
    /// True: the record left this office's scope; `fields` is empty.
    pub left: bool,
    /// What was done, by whom and when it was claimed.
    pub action: ActionKind,
    /// As shown to people.
    pub actor_name: String,
    /// When the author's desk says it was done.
    pub claimed_at: Timestamp,
}
