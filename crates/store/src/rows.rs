//! Records as rows. A record's fields are its columns, so one piece of code reads and writes all of
//! them; queries that join or filter are written out in `query/`.

use std::{collections::BTreeMap, fmt::Write as _, sync::LazyLock};

use jitasa_domain::{Entity, Field, FieldKind, Record, fields_of};
use rusqlite::{
    Connection, OptionalExtension, Row, ToSql, params_from_iter,
    types::{Value as Cell, ValueRef},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::StoreError;

/// A record's fields, and what the store keeps beside them.
pub(crate) type StoredFields = (Map<String, Value>, RowMeta);

/// What the store keeps beside a record's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RowMeta {
    /// Changes this desk has seen.
    pub(crate) version: i64,
    /// Highest server sequence absorbed.
    pub(crate) server_seq: i64,
}

/// A record's table; `case` is a word of SQL.
pub(crate) fn table(entity: Entity) -> &'static str {
    match entity {
        Entity::Case => "\"case\"",
        other => other.code(),
    }
}

/// The columns of an entity with an alias, for a hand-written query.
pub(crate) fn columns(entity: Entity, alias: &str) -> String {
    let names: Vec<_> = fields_of(entity)
        .iter()
        .map(|field| format!("{alias}.{}", field.name))
        .collect();
    names.join(", ")
}

/// A statement for each kind of record, written once: a fetch of a whole scope reads and adds each of its rows.
type Statements = LazyLock<BTreeMap<&'static str, String>>;

fn statements(written: fn(Entity) -> String) -> BTreeMap<&'static str, String> {
    let all = Entity::ALL.iter();
    all.map(|entity| (entity.code(), written(*entity)))
        .collect()
}

static READ: Statements = LazyLock::new(|| {
    statements(|entity| {
        format!(
            "SELECT {}, r.version, r.server_seq FROM {} r WHERE r.id = ?1",
            columns(entity, "r"),
            table(entity)
        )
    })
});

static INSERT: Statements = LazyLock::new(|| {
    statements(|entity| {
        let listed = fields_of(entity);
        let names: Vec<_> = listed.iter().map(|field| field.name).collect();
        format!(
            "INSERT INTO {} ({}, version, server_seq, extra) VALUES ({}?)",
            table(entity),
            names.join(", "),
            "?, ".repeat(listed.len() + 2)
        )
    })
});

/// Reads a record's fields from columns that begin at `first`.
pub(crate) fn fields_at(
    row: &Row,
    fields: &[Field],
    first: usize,
) -> rusqlite::Result<Map<String, Value>> {
    let mut map = Map::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        map.insert(
            field.name.to_string(),
            to_json(field.kind, row.get_ref(first + index)?),
        );
    }
    Ok(map)
}

/// Reads a typed record from columns that begin at `first`.
pub(crate) fn record_at<R: Record>(row: &Row, first: usize) -> Result<R, StoreError> {
    from_fields(fields_at(row, R::FIELDS, first)?)
}

/// A typed record from its fields.
pub(crate) fn from_fields<R: Record>(fields: Map<String, Value>) -> Result<R, StoreError> {
    serde_json::from_value(Value::Object(fields)).map_err(|_| StoreError::Row(R::ENTITY.code()))
}

/// The fields of a record, and what the store keeps beside them.
pub(crate) fn read(
    conn: &Connection,
    entity: Entity,
    id: Uuid,
) -> Result<Option<StoredFields>, StoreError> {
    let fields = fields_of(entity);
    let found = conn
        .prepare_cached(&READ[entity.code()])?
        .query_row([id.to_string()], |row| {
            let meta = RowMeta {
                version: row.get(fields.len())?,
                server_seq: row.get(fields.len() + 1)?,
            };
            Ok((fields_at(row, fields, 0)?, meta))
        })
        .optional()?;
    Ok(found)
}

/// The case that a record is part of; none of a record that is no part of any.
pub(crate) fn case_of(
    conn: &Connection,
    entity: Entity,
    id: &str,
) -> Result<Option<String>, StoreError> {
    if !fields_of(entity)
        .iter()
        .any(|field| field.name == "case_id")
    {
        return Ok(None);
    }
    let sql = format!("SELECT case_id FROM {} WHERE id = ?1", table(entity));
    let found = conn
        .prepare_cached(&sql)?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(found.flatten())
}

/// A typed record.
pub(crate) fn get<R: Record>(conn: &Connection, id: Uuid) -> Result<Option<R>, StoreError> {
    read(conn, R::ENTITY, id)?
        .map(|(fields, _)| from_fields(fields))
        .transpose()
}

/// Typed records that meet a condition (`WHERE ... ORDER BY ...`, the record's alias is `r`).
pub(crate) fn select<R: Record>(
    conn: &Connection,
    condition: &str,
    params: &[&dyn ToSql],
) -> Result<Vec<R>, StoreError> {
    let sql = format!(
        "SELECT {} FROM {} r {condition}",
        columns(R::ENTITY, "r"),
        table(R::ENTITY)
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params)?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(record_at(row, 0)?);
    }
    Ok(records)
}

/// Adds a record with all its fields; `extra` are fields this version does not know.
pub(crate) fn insert(
    conn: &Connection,
    entity: Entity,
    fields: &Map<String, Value>,
    meta: RowMeta,
    extra: Option<&Map<String, Value>>,
) -> Result<(), StoreError> {
    let listed = fields_of(entity);
    let mut cells: Vec<Cell> = Vec::with_capacity(listed.len() + 3);
    for field in listed {
        cells.push(to_cell(
            field.kind,
            fields.get(field.name).unwrap_or(&Value::Null),
        ));
    }
    cells.push(Cell::Integer(meta.version));
    cells.push(Cell::Integer(meta.server_seq));
    cells.push(extra.map_or(Cell::Null, |extra| {
        Cell::Text(Value::Object(extra.clone()).to_string())
    }));
    conn.prepare_cached(&INSERT[entity.code()])?
        .execute(params_from_iter(cells))?;
    Ok(())
}

/// Writes some fields of a record.
pub(crate) fn update(
    conn: &Connection,
    entity: Entity,
    id: Uuid,
    changed: &Map<String, Value>,
    meta: RowMeta,
) -> Result<(), StoreError> {
    let mut sql = format!("UPDATE {} SET ", table(entity));
    let mut cells: Vec<Cell> = Vec::with_capacity(changed.len() + 3);
    for field in fields_of(entity) {
        if let Some(value) = changed.get(field.name) {
            let _ = write!(sql, "{} = ?, ", field.name);
            cells.push(to_cell(field.kind, value));
        }
    }
    sql.push_str("version = ?, server_seq = ? WHERE id = ?");
    cells.push(Cell::Integer(meta.version));
    cells.push(Cell::Integer(meta.server_seq));
    cells.push(Cell::Text(id.to_string()));
    conn.prepare_cached(&sql)?
        .execute(params_from_iter(cells))?;
    Ok(())
}

fn to_json(kind: FieldKind, cell: ValueRef) -> Value {
    match (kind, cell) {
        (_, ValueRef::Null | ValueRef::Blob(_)) => Value::Null,
        (FieldKind::Flag, ValueRef::Integer(number)) => Value::Bool(number != 0),
        (_, ValueRef::Integer(number)) => Value::from(number),
        (_, ValueRef::Real(number)) => Value::from(number),
        (FieldKind::List, ValueRef::Text(text)) => {
            serde_json::from_slice(text).unwrap_or(Value::Array(Vec::new()))
        }
        (_, ValueRef::Text(text)) => Value::String(String::from_utf8_lossy(text).into_owned()),
    }
}

pub(crate) fn to_cell(kind: FieldKind, value: &Value) -> Cell {
    match (kind, value) {
        (FieldKind::List, list @ Value::Array(_)) => Cell::Text(list.to_string()),
        (FieldKind::List, _) => Cell::Text("[]".into()),
        (FieldKind::Flag, Value::Bool(flag)) => Cell::Integer(i64::from(*flag)),
        (FieldKind::Real, Value::Number(number)) => number.as_f64().map_or(Cell::Null, Cell::Real),
        (_, Value::Number(number)) => number
            .as_i64()
            .map(Cell::Integer)
            .or_else(|| number.as_f64().map(Cell::Real))
            .unwrap_or(Cell::Null),
        (_, Value::String(text)) => Cell::Text(text.clone()),
        (_, Value::Bool(flag)) => Cell::Integer(i64::from(*flag)),
        _ => Cell::Null,
    }
}

#[cfg(test)]
mod tests {
    use jitasa_domain::*;

    use super::*;

    #[test]
    fn every_field_of_every_record_has_a_column() {
        let conn = Connection::open_in_memory().unwrap();
        conn.create_collation("thai", Ord::cmp).unwrap();
        conn.execute_batch(include_str!("schema/v1.sql")).unwrap();
        conn.execute_batch(include_str!("schema/v2.sql")).unwrap();
        for entity in Entity::ALL {
            let sql = format!(
                "SELECT {}, version, server_seq, extra FROM {} r",
                columns(*entity, "r"),
                table(*entity)
            );
            conn.prepare(&sql).unwrap();
        }
    }

    #[test]
    fn a_record_comes_back_from_its_row_as_it_was() {
        let conn = Connection::open_in_memory().unwrap();
        conn.create_collation("thai", Ord::cmp).unwrap();
        conn.execute_batch(include_str!("schema/v1.sql")).unwrap();
        conn.execute_batch(include_str!("schema/v2.sql")).unwrap();
        let case = Case {
            id: Uuid::from_u128(1),
            number: "450905-69-00001".into(),
            lat: Some(16.0),
            accuracy_m: Some(30),
            vulnerable: vec!["elderly".into(), "bedridden".into()],
            reported_at: Timestamp(1_700_000_000_000),
            urgency: Urgency::Critical,
            note: "= ไม่ใช่สูตร".into(),
            ..Case::default()
        };
        let fields = record::to_fields(&case).unwrap();
        insert(
            &conn,
            Entity::Case,
            &fields,
            RowMeta {
                version: 1,
                server_seq: 0,
            },
            None,
        )
        .unwrap();
        assert_eq!(get::<Case>(&conn, case.id).unwrap().unwrap(), case);
        let changed = [("note".to_string(), Value::from("แก้แล้ว"))]
            .into_iter()
            .collect();
        update(
            &conn,
            Entity::Case,
            case.id,
            &changed,
            RowMeta {
                version: 2,
                server_seq: 7,
            },
        )
        .unwrap();
        let (fields, meta) = read(&conn, Entity::Case, case.id).unwrap().unwrap();
        assert_eq!(fields["note"], "แก้แล้ว");
        assert_eq!(fields["urgency"], "critical");
        assert_eq!(
            meta,
            RowMeta {
                version: 2,
                server_seq: 7
            }
        );
    }
}
