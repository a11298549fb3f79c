//! What changes and deliveries have in common, written column by column.

use std::collections::BTreeSet;

use jitasa_domain::{ActionKind, Entity};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    budget::Budget,
    ids::IdIndex,
    plain::{gather_ids, id_at},
    shapes::{Shape, Shapes},
    values::{Context, put_column, read_column},
};
use crate::{WireError, bytes::Input};

/// A row that is being written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) entity: Entity,
    pub(super) entity_id: Uuid,
    pub(super) action: ActionKind,
    pub(super) actor: Option<Uuid>,
    pub(super) claimed_at: i64,
    pub(super) fields: &'a Map<String, Value>,
}

/// Every id that rows and their values have.
pub(super) fn ids_of<'a>(rows: impl Iterator<Item = Row<'a>>) -> BTreeSet<Uuid> {
    let mut ids = BTreeSet::new();
    for row in rows {
        ids.insert(row.entity_id);
        ids.extend(row.actor);
        row.fields
            .values()
            .for_each(|value| gather_ids(value, &mut ids));
    }
    ids
}

/// Appends the values: for each entity, for each of its names, what the rows that have it hold.
pub(super) fn put_fields(out: &mut Vec<u8>, rows: &[Row], shapes: &Shapes, ids: &IdIndex) {
    for named in &shapes.entities {
        for name in &named.names {
            let column: Vec<_> = rows
                .iter()
                .filter(|row| row.entity == named.entity)
                .filter_map(|row| {
                    let context = Context {
                        own: row.entity_id,
                        place: ids.of(row.entity_id),
                        actor: row.actor,
                        claimed_at: row.claimed_at,
                    };
                    Some((row.fields.get(name)?, context))
                })
                .collect();
            put_column(out, &column, ids);
        }
    }
}

/// What stands before the values of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head<'a> {
    pub(super) shape: &'a Shape,
    pub(super) place: u64,
    pub(super) actor: Option<Uuid>,
    pub(super) claimed_at: i64,
}

/// The fields of each row; see [`put_fields`].
pub(super) fn read_fields(
    input: &mut Input,
    heads: &[Head],
    shapes: &Shapes,
    ids: &[Uuid],
    budget: &mut Budget,
) -> Result<Vec<Map<String, Value>>, WireError> {
    // Which rows have which field is known before any value is read, and paid for.
    let mut having: Vec<Vec<Vec<Context>>> = shapes
        .entities
        .iter()
        .map(|named| vec![Vec::new(); named.names.len()])
        .collect();
    for head in heads {
        let context = Context {
            own: id_at(ids, head.place)?,
            place: head.place,
            actor: head.actor,
            claimed_at: head.claimed_at,
        };
        budget.bytes(head.shape.fields.len().saturating_mul(size_of::<Context>()))?;
        for field in &head.shape.fields {
            having[head.shape.entity][*field].push(context);
        }
    }
    let mut columns = Vec::new();
    for rows in having {
        let mut of_entity = Vec::new();
        for rows in rows {
            of_entity.push(read_column(input, &rows, ids, budget)?.into_iter());
        }
        columns.push(of_entity);
    }
    heads
        .iter()
        .map(|head| {
            let names = &shapes.entities[head.shape.entity].names;
            let columns = &mut columns[head.shape.entity];
            let mut fields = Map::new();
            for field in &head.shape.fields {
                let value = columns[*field].next().ok_or(WireError::Malformed)?;
                budget.bytes(names[*field].len())?;
                if fields.insert(names[*field].clone(), value).is_some() {
                    return Err(WireError::Malformed);
                }
            }
            Ok(fields)
        })
        .collect()
}
