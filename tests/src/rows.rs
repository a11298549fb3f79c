//! What a desk's file holds, record by record.

use std::collections::BTreeMap;

use jitasa_domain::{Entity, FieldKind, fields_of};
use jitasa_store::{Connection, Store, StoreError};
use rusqlite::types::ValueRef;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Fields of a record by their names.
pub type Fields = Map<String, Value>;
/// Records by what they are.
pub type Records = BTreeMap<(Entity, Uuid), Fields>;

/// All records of a desk, every field of them.
///
/// # Panics
/// When the file cannot be read.
#[must_use]
pub fn records(store: &Store) -> Records {
    let read = |conn: &Connection| -> Result<Records, StoreError> {
        let mut records = Records::new();
        for entity in Entity::ALL {
            let fields = fields_of(*entity);
            let names: Vec<_> = fields.iter().map(|field| field.name).collect();
            let sql = format!("SELECT {} FROM \"{}\"", names.join(", "), entity.code());
            let mut statement = conn.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let mut record = Fields::new();
                for (index, field) in fields.iter().enumerate() {
                    let value = value_of(row.get_ref(index)?, field.kind);
                    record.insert(field.name.into(), value);
                }
                let id = record["id"].as_str().and_then(|id| id.parse().ok());
                records.insert((*entity, id.expect("a record has an id")), record);
            }
        }
        Ok(records)
    };
    store.read(read).expect("the file can be read")
}

fn value_of(value: ValueRef<'_>, kind: FieldKind) -> Value {
    match value {
        ValueRef::Integer(n) if kind == FieldKind::Flag => Value::from(n != 0),
        ValueRef::Integer(n) => Value::from(n),
        ValueRef::Real(n) => Value::from(n),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).expect("text is UTF-8");
            match kind {
                FieldKind::List => serde_json::from_str(text).expect("a list is JSON"),
                _ => Value::from(text),
            }
        }
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}
