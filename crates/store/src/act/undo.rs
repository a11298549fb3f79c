//! Taking an act back: each record gets its old values again, and a record the act made is voided.
//! It is itself an act, with audit and outbox. Where somebody has written since what the act wrote,
//! nothing is taken back: his work would be lost. What was written and taken back again is as it was,
//! so that one goes back step by step.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jitasa_domain::{ActionKind, Assignment, AssignmentState, Entity};
use rusqlite::OptionalExtension;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Act, Before, pair};
use crate::{
    StoreError,
    form::{self, OF_THE_CLOCK},
    rows,
    sync::trouble,
};

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
    own: &HashMap<Uuid, Vec<&Before>>,
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

/// The fields that entries of one record say were written; all of them when the record was made.
pub(super) fn written<'a>(
    entries: impl IntoIterator<Item = &'a Before>,
) -> Option<BTreeSet<&'a str>> {
    let mut names = BTreeSet::new();
    for entry in entries {
        names.extend(entry.fields.as_ref()?.keys().map(String::as_str));
    }
    Some(names)
}

/// A name for the values of some of a record's fields (of all, without `names`): the same when they are the same.
/// What the clock writes is not among them.
pub(super) fn imprint(
    id: Uuid,
    fields: &Map<String, Value>,
    names: Option<&BTreeSet<&str>>,
) -> Uuid {
    let told: BTreeMap<&str, &Value> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .filter(|(name, value)| {
            !value.is_null()
                && !OF_THE_CLOCK.contains(name)
                && names.is_none_or(|names| names.contains(name))
        })
        .collect();
    form::imprint(id, &told)
}

/// Whether what an act wrote of a record stands as it left it; `entries` are those of this record.
fn stands(act: &Act, entries: &[&Before]) -> Result<bool, StoreError> {
    let found = entries.iter().find_map(|each| Some((*each, each.left?)));
    // None of an act that an earlier program wrote: what it left is not known.
    let Some((before, left)) = found else {
        return Ok(false);
    };
    let Some((fields, _)) = rows::read(act.conn(), before.entity, before.id)? else {
        return Ok(false);
    };
    let names = written(entries.iter().copied());
    Ok(imprint(before.id, &fields, names.as_ref()) == left)
}

/// Assignments that were let go by the act and are taken up again when it is undone: somebody else may have been
/// asked meanwhile, of which the assignment itself shows nothing.
fn taken_up_again(act: &Act, befores: &[Before]) -> Result<Vec<Uuid>, StoreError> {
    let is_active =
        |state: &str| AssignmentState::from_code(state).is_some_and(AssignmentState::is_active);
    let mut again = Vec::new();
    for before in befores
        .iter()
        .filter(|each| each.entity == Entity::Assignment)
    {
        let was = before
            .fields
            .as_ref()
            .and_then(|fields| fields.get("state"));
        let was_active = was.and_then(Value::as_str).is_some_and(is_active);
        if was_active && !act.get::<Assignment>(before.id)?.0.state.is_active() {
            again.push(before.id);
        }
    }
    Ok(again)
}

pub(super) fn undo(act: &mut Act, act_id: Uuid) -> Result<(), StoreError> {
    let found: Option<(String, bool, String, String)> = act
        .conn()
        .query_row(
            "SELECT actor_id, undone, body, action FROM act WHERE act_id = ?1 AND action <> 'undo'",
            [act_id.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .optional()?;
    let Some((actor_id, undone, body, action)) = found else {
        return Err(StoreError::Undo("undo_unknown"));
    };
    if undone {
        return Err(StoreError::Undo("undo_done_already"));
    }
    if actor_id != act.actor.id.to_string() {
        return Err(StoreError::Undo("undo_not_yours"));
    }
    let befores: Vec<Before> = serde_json::from_str(&body).map_err(|_| StoreError::Row("act"))?;
    all_stand(act, &befores)?;
    put_back(act, befores, "undo")?;
    act.conn().execute(
        "UPDATE act SET undone = 1 WHERE act_id = ?1",
        [act_id.to_string()],
    )?;
    if action == ActionKind::TroubleDecide.code() {
        trouble::open_again(act.conn(), act_id)?;
        act.decided = true;
    }
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

/// Refuses where somebody has written since what these entries wrote.
pub(super) fn all_stand(act: &Act, befores: &[Before]) -> Result<(), StoreError> {
    let mut of_record: HashMap<Uuid, Vec<&Before>> = HashMap::new();
    for before in befores {
        of_record.entry(before.id).or_default().push(before);
    }
    for entries in of_record.values() {
        let made = entries.iter().find(|each| each.fields.is_none());
        let built_on = |made: &&Before| has_been_built_on(act, made, &of_record);
        if !stands(act, entries)? || made.map(built_on).transpose()?.unwrap_or(false) {
            return Err(StoreError::Undo("undo_touched_since"));
        }
    }
    Ok(())
}

/// Gives each record its old values, the last first; what was made is voided, and says why. Refuses where somebody
/// else was given meanwhile what an assignment takes up again.
pub(super) fn put_back(act: &mut Act, befores: Vec<Before>, why: &str) -> Result<(), StoreError> {
    let takes_up = taken_up_again(act, &befores)?;
    for before in befores.into_iter().rev() {
        let Some((mut fields, _)) = rows::read(act.conn(), before.entity, before.id)? else {
            continue;
        };
        match before.fields {
            Some(old) => fields.extend(old),
            None => {
                fields.insert("void_reason".into(), Value::from(why));
            }
        }
        act.write(before.entity, before.id, &fields)?;
    }
    for id in takes_up {
        pair::stands_again(act, id).map_err(|error| match error {
            StoreError::Invalid { .. } => StoreError::Undo("undo_touched_since"),
            other => other,
        })?;
    }
    Ok(())
}
