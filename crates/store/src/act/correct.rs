//! One line of a list was keyed wrong: what its word did to its case is taken back, and nothing else
//! of the thirty lines that were keyed with it. It must not know what is keyed in its place.

use jitasa_domain::{Entity, Review};
use rusqlite::OptionalExtension;
use uuid::Uuid;

use super::{Act, Before, undo};
use crate::{StoreError, rows};

/// The line of a list whose word is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TickLineId {
    pub tick_list_id: Uuid,
    pub case_id: Uuid,
    pub assignment_id: Option<Uuid>,
}

/// Where this is refused the word stays, and the line says that it is done already: it was keyed at
/// another desk, or with another word on the same house, or somebody has gone on from it.
pub(super) fn take_back(act: &mut Act, line: TickLineId) -> Result<(), StoreError> {
    let refused = || StoreError::Undo("undo_touched_since");
    let reviews = rows::select::<Review>(
        act.conn(),
        "WHERE r.tick_list_id = ?1 AND r.case_id = ?2 AND r.void_reason IS NULL",
        &[&line.tick_list_id.to_string(), &line.case_id.to_string()],
    )?;
    let word = reviews
        .iter()
        .find(|review| review.assignment_id == line.assignment_id);
    let word = word.ok_or_else(refused)?;
    let body: Option<String> = act
        .conn()
        .prepare_cached(
            "SELECT act.body FROM audit JOIN act ON act.act_id = audit.act_id
             WHERE audit.case_id = ?1 AND audit.entity = 'review' AND audit.entity_id = ?2
                 AND act.undone = 0
             ORDER BY audit.pk LIMIT 1",
        )?
        .query_row([line.case_id.to_string(), word.id.to_string()], |row| {
            row.get(0)
        })
        .optional()?;
    let body = body.ok_or_else(refused)?;
    let all: Vec<Before> = serde_json::from_str(&body).map_err(|_| StoreError::Row("act"))?;
    let mut befores = Vec::new();
    for before in all {
        if is_of(act, &before, line.case_id)? {
            befores.push(before);
        }
    }
    let words = befores
        .iter()
        .filter(|each| each.entity == Entity::Review && each.fields.is_none());
    if words.count() != 1 {
        return Err(refused());
    }
    undo::all_stand(act, &befores)?;
    undo::put_back(act, befores, "corrected")
}

/// Whether a record is the case or of it.
fn is_of(act: &Act, before: &Before, case_id: Uuid) -> Result<bool, StoreError> {
    if before.entity == Entity::Case {
        return Ok(before.id == case_id);
    }
    let found = rows::read(act.conn(), before.entity, before.id)?;
    let of = found.and_then(|(fields, _)| Some(fields.get("case_id")?.as_str()?.to_string()));
    Ok(of == Some(case_id.to_string()))
}
