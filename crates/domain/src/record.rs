//! What all records have in common: an entity name, named fields of five plain kinds, an id.
//!
//! A record's field names are its column names in the store and its keys on the wire. The list of
//! fields stands beside each record; a test keeps it equal to what serde writes.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::code::codes;

codes! {
    /// The kinds of record that travel between offices.
    Entity {
        Incident = "incident",
        Area = "area",
        Kind = "kind",
        Person = "person",
        Case = "case",
        Need = "need",
        Volunteer = "volunteer",
        Assignment = "assignment",
        Review = "review",
        FollowUp = "follow_up",
        ServicePoint = "service_point",
        Team = "team",
        TickList = "tick_list",
        Rule = "rule",
    }
}

/// How a field is kept in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Text, a code, an id or a date (`2026-11-22`).
    Text,
    /// A whole number, or a moment in milliseconds.
    Whole,
    /// A number with a fraction (degrees, metres).
    Real,
    /// Yes or no.
    Flag,
    /// A list of texts.
    List,
}

/// One field of a record.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in the record, the row and the wire.
    pub name: &'static str,
    /// How it is kept.
    pub kind: FieldKind,
}

/// A record of an office.
pub trait Record: Serialize + DeserializeOwned + Clone + Default + std::fmt::Debug {
    /// Which kind of record this is.
    const ENTITY: Entity;
    /// Its fields, `id` first.
    const FIELDS: &'static [Field];

    /// Its id.
    fn id(&self) -> Uuid;

    /// The case it belongs to, when it is part of one.
    fn case_id(&self) -> Option<Uuid> {
        None
    }
}

/// The fields of each entity, for code that works on any record.
#[must_use]
pub fn fields_of(entity: Entity) -> &'static [Field] {
    use crate::records as r;
    match entity {
        Entity::Incident => r::Incident::FIELDS,
        Entity::Area => r::Area::FIELDS,
        Entity::Kind => r::Kind::FIELDS,
        Entity::Person => r::Person::FIELDS,
        Entity::Case => r::Case::FIELDS,
        Entity::Need => r::Need::FIELDS,
        Entity::Volunteer => r::Volunteer::FIELDS,
        Entity::Assignment => r::Assignment::FIELDS,
        Entity::Review => r::Review::FIELDS,
        Entity::FollowUp => r::FollowUp::FIELDS,
        Entity::ServicePoint => r::ServicePoint::FIELDS,
        Entity::Team => r::Team::FIELDS,
        Entity::TickList => r::TickList::FIELDS,
        Entity::Rule => r::Rule::FIELDS,
    }
}

/// The fields of a record nobody has written yet: what a field that was never written means.
#[must_use]
pub fn blank(entity: Entity) -> &'static Map<String, Value> {
    use crate::records as r;
    static BLANK: LazyLock<BTreeMap<Entity, Map<String, Value>>> = LazyLock::new(|| {
        fn of<R: Record>() -> Map<String, Value> {
            to_fields(&R::default()).unwrap_or_default()
        }
        let blank = |entity| match entity {
            Entity::Incident => of::<r::Incident>(),
            Entity::Area => of::<r::Area>(),
            Entity::Kind => of::<r::Kind>(),
            Entity::Person => of::<r::Person>(),
            Entity::Case => of::<r::Case>(),
            Entity::Need => of::<r::Need>(),
            Entity::Volunteer => of::<r::Volunteer>(),
            Entity::Assignment => of::<r::Assignment>(),
            Entity::Review => of::<r::Review>(),
            Entity::FollowUp => of::<r::FollowUp>(),
            Entity::ServicePoint => of::<r::ServicePoint>(),
            Entity::Team => of::<r::Team>(),
            Entity::TickList => of::<r::TickList>(),
            Entity::Rule => of::<r::Rule>(),
        };
        Entity::ALL
            .iter()
            .map(|entity| (*entity, blank(*entity)))
            .collect()
    });
    &BLANK[&entity]
}

/// A record as its map of fields.
///
/// # Errors
/// When serde cannot write the record, which a record of plain fields never meets.
pub fn to_fields<R: Record>(record: &R) -> Result<Map<String, Value>, serde_json::Error> {
    match serde_json::to_value(record)? {
        Value::Object(map) => Ok(map),
        other => Err(serde::ser::Error::custom(format!(
            "a record is an object, not {other}"
        ))),
    }
}

/// The fields that differ between two versions, with their new values. `before` is the default
/// record for a new one, so a field nobody wrote is never in the answer.
#[must_use]
pub fn changed_fields(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Map<String, Value> {
    after
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(*value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Declares a record: its struct, its field list and its place among the entities.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $name:ident $(, case_of = $case_of:expr;)? {
            $( $(#[$fmeta:meta])* $field:ident : $ty:ty => $kind:ident, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            /// UUIDv7, or UUIDv5 of a code where the code is the key.
            pub id: uuid::Uuid,
            $( $(#[$fmeta])* pub $field: $ty, )*
            /// Why the record no longer counts; records are voided, never deleted.
            pub void_reason: Option<String>,
        }

        impl $crate::record::Record for $name {
            const ENTITY: $crate::record::Entity = $crate::record::Entity::$name;
            const FIELDS: &'static [$crate::record::Field] = &[
                $crate::record::Field { name: "id", kind: $crate::record::FieldKind::Text },
                $( $crate::record::Field {
                    name: stringify!($field), kind: $crate::record::FieldKind::$kind,
                }, )*
                $crate::record::Field { name: "void_reason", kind: $crate::record::FieldKind::Text },
            ];

            fn id(&self) -> uuid::Uuid {
                self.id
            }

            $( fn case_id(&self) -> Option<uuid::Uuid> {
                let case_of: fn(&Self) -> Option<uuid::Uuid> = $case_of;
                case_of(self)
            } )?
        }
    };
}
pub(crate) use record;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::*;

    fn the_list_is_what_serde_writes<R: Record>() {
        let written: Vec<_> = to_fields(&R::default())
            .unwrap()
            .keys()
            .map(ToString::to_string)
            .collect();
        let listed: Vec<_> = R::FIELDS
            .iter()
            .map(|field| field.name.to_string())
            .collect();
        assert_eq!(written, listed, "{:?}", R::ENTITY);
        let from_nothing: R = serde_json::from_value(Value::Object(Map::new())).unwrap();
        assert_eq!(
            to_fields(&from_nothing).unwrap(),
            to_fields(&R::default()).unwrap()
        );
    }

    #[test]
    fn each_records_field_list_is_what_it_writes_and_a_missing_field_is_its_default() {
        the_list_is_what_serde_writes::<Incident>();
        the_list_is_what_serde_writes::<Area>();
        the_list_is_what_serde_writes::<Kind>();
        the_list_is_what_serde_writes::<Person>();
        the_list_is_what_serde_writes::<Case>();
        the_list_is_what_serde_writes::<Need>();
        the_list_is_what_serde_writes::<Volunteer>();
        the_list_is_what_serde_writes::<Assignment>();
        the_list_is_what_serde_writes::<Review>();
        the_list_is_what_serde_writes::<FollowUp>();
        the_list_is_what_serde_writes::<ServicePoint>();
        the_list_is_what_serde_writes::<Team>();
        the_list_is_what_serde_writes::<TickList>();
        the_list_is_what_serde_writes::<Rule>();
    }

    #[test]
    fn only_written_fields_count_as_changed() {
        let before = Need::default();
        let after = Need {
            detail: "น้ำดื่ม 2 แพ็ก".into(),
            ..before.clone()
        };
        let changed = changed_fields(&to_fields(&before).unwrap(), &to_fields(&after).unwrap());
        assert_eq!(changed.keys().collect::<Vec<_>>(), ["detail"]);
    }
}
