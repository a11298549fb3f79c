//! Taking an act back: each record gets its old values again, and a record the act made is voided.
//! It is itself an act, with audit and outbox. Where somebody has touched a record since, nothing
//! is taken back: his work would be lost.

use std::collections::HashMap;

use jitasa_domain::Entity;
use rusqlite::OptionalExtension;
use serde_json::Value;
use uuid::Uuid;

use super::{Act, Before};
use crate::{StoreError, rows};

/// Which records rest on which: entity, the table of what rests on it, the column that says so.
const RESTS_ON: [(Entity, &str, &str); 9] = [
    (Entity::Case, "need", "case_id"),
    (Entity::Case, "assignment", "case_id"),
    (Entity::Case, "review", "case_id"),
    (Entity::Case, "follow_up", "case_id"),
    (Entity::Need, "assignment", "need_id"),
    (Entity::Volunteer, "assignment", "volunteer_id"),
    (Entity::Assignment, "review", "assignment_id"),
    (Entity::TickList, "review", "tick_list_id"),
    (Entity::Incident, "\"case\"", "incident_id"),
];

/// Whether another act has made something that rests on a record this act made: it would be left
/// with nothing under it.
fn has_been_built_on(
    act: &Act,
    made: &Before,
    own: &HashMap<Uuid, i64>,
) -> Result<bool, StoreError> {
    for (_, table, column) in RESTS_ON
        .iter()
        .filter(|(entity, ..)| *entity == made.entity)
    {
        let sql = format!("SELECT id FROM {table} WHERE {column} = ?1 AND void_reason IS NULL");
        let mut statement = act.conn().prepare_cached(&sql)?;
        let mut found = statement.query([made.id.to_string()])?;
        while let Some(row) = found.next()? {
            let id: String = row.get(0)?;
            let id = id.parse().map_err(|_| StoreError::Row("id"))?;
            if !own.contains_key(&id) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

pub(super) fn undo(act: &mut Act, act_id: Uuid) -> Result<(), StoreError> {
    let found: Option<(String, bool, String)> = act
        .conn()
        .query_row(
            "SELECT actor_id, undone, body FROM act WHERE act_id = ?1 AND action <> 'undo'",
            [act_id.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    let Some((actor_id, undone, body)) = found else {
        return Err(StoreError::Undo("undo_unknown"));
    };
    if undone {
        return Err(StoreError::Undo("undo_done_already"));
    }
    if actor_id != act.actor.id.to_string() {
        return Err(StoreError::Undo("undo_not_yours"));
    }
    let befores: Vec<Before> = serde_json::from_str(&body).map_err(|_| StoreError::Row("act"))?;
    // A record that an act wrote twice stands in its list twice; its last version counts.
    let last: HashMap<Uuid, i64> = befores
        .iter()
        .map(|before| (before.id, before.version))
        .collect();
    for before in &befores {
        let stored = rows::read(act.conn(), before.entity, before.id)?;
        let touched = stored.is_none_or(|(_, meta)| last.get(&before.id) != Some(&meta.version));
        if touched || before.fields.is_none() && has_been_built_on(act, before, &last)? {
            return Err(StoreError::Undo("undo_touched_since"));
        }
    }
    for before in befores.into_iter().rev() {
        let Some((mut fields, _)) = rows::read(act.conn(), before.entity, before.id)? else {
            continue;
        };
        match before.fields {
            Some(old) => fields.extend(old),
            None => {
                fields.insert("void_reason".into(), Value::from("undo"));
            }
        }
        act.write(before.entity, before.id, &fields)?;
    }
    act.conn().execute(
        "UPDATE act SET undone = 1 WHERE act_id = ?1",
        [act_id.to_string()],
    )?;
    // The office works on another incident when its newest one was taken back.
    if act
        .before
        .iter()
        .any(|before| before.entity == Entity::Incident)
    {
        crate::desk::forget_void_incident(act.conn())?;
    }
    Ok(())
}
