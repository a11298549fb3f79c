//! A person decides about what the server did not apply. What he puts is written as the act that it was, over what
//! stands now: permission and lifecycle are asked as ever, it travels, and undo opens the matter again. What he leaves
//! as it stands writes no record and travels nowhere; that he decided is in the history.

use jitasa_domain::{
    ActionKind, AssignmentState, ClosingReason, Entity, NeedState, OfferChannel, ReviewState,
    Subject, authorize,
    change::Change,
    lifecycle::{self, ASSIGNMENT, NEED, is_lawful},
    merge::groups,
    record::blank,
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    Act,
    assignment::{self, MoveAssignment},
    need::{self, MoveNeed},
};
use crate::{
    StoreError, derive, rows,
    sync::trouble::{self, Decision, Side, Standing, Trouble},
};

/// What a person decides.
#[derive(Debug, Clone)]
pub struct DecideTroubles {
    /// Which. Several only where what stands stays: what is put is looked at one by one.
    pub matters: Vec<Seen>,
    pub side: Side,
    /// Fields of the one that is decided; those that belong with them are too. None named: all.
    pub fields: Vec<String>,
}

/// A matter as it was shown.
#[derive(Debug, Clone)]
pub struct Seen {
    /// A change of it.
    pub change_id: Uuid,
    /// The name of what stood (`sync::trouble::seen`).
    pub seen: Uuid,
}

const fn refused(code: &'static str) -> StoreError {
    StoreError::Invalid { code, field: "id" }
}

pub(super) fn decide(act: &mut Act, decide: &DecideTroubles) -> Result<Option<Uuid>, StoreError> {
    if decide.matters.is_empty() || (decide.matters.len() > 1 && decide.side != Side::Stands) {
        return Err(refused("trouble_one_by_one"));
    }
    let mut subject = None;
    for shown in &decide.matters {
        let matter = trouble::matter(act.conn(), shown.change_id)?;
        if matter.is_empty() {
            return Err(StoreError::NotFound("trouble"));
        }
        for each in &matter {
            may_decide(act, each)?;
        }
        if trouble::seen(act.conn(), &matter)? != shown.seen {
            return Err(refused("trouble_moved_on"));
        }
        for each in &matter {
            carry_out(act, each, decide)?;
        }
        subject = matter.first().map(|first| first.change.entity_id);
    }
    act.decided = true;
    Ok(subject)
}

/// Whoever may decide about the record as it stands; where it is not here any more, whoever may at this office, and
/// the author himself.
fn may_decide(act: &mut Act, trouble: &Trouble) -> Result<(), StoreError> {
    act.action = ActionKind::TroubleDecide;
    let change = &trouble.change;
    match trouble::standing(act.conn(), change.entity, change.entity_id)?.fields() {
        Some(fields) => act.permit(change.entity, fields),
        None if change.actor_id == act.actor.id => Ok(()),
        None => {
            let of_the_office = Subject {
                office_code: &act.office_code,
                ..Subject::default()
            };
            Ok(authorize(act.actor, act.action, &of_the_office)?)
        }
    }
}

fn carry_out(act: &mut Act, trouble: &Trouble, decide: &DecideTroubles) -> Result<(), StoreError> {
    let change = &trouble.change;
    let fields: Vec<String> = trouble
        .groups()
        .into_iter()
        .filter(|group| {
            decide.fields.is_empty()
                || group
                    .iter()
                    .any(|name| decide.fields.iter().any(|each| each == name))
        })
        .flatten()
        .map(ToString::to_string)
        .collect();
    if fields.is_empty() {
        return Err(StoreError::Invalid {
            code: "field_unknown",
            field: "fields",
        });
    }
    let of = |values: &Map<String, Value>| -> Map<String, Value> {
        let named = values.iter().filter(|(name, _)| fields.contains(*name));
        named
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    };
    let was = match decide.side {
        Side::Ours => what_stands(act, change, &fields)?,
        Side::Stands | Side::Theirs => Map::new(),
    };
    // Asked and told as the act that it was.
    act.action = change.action;
    let wrote = act.changes.len();
    match decide.side {
        Side::Stands => act.action = ActionKind::TroubleDecide,
        Side::Ours if trouble.is_conflict() => put(act, change, of(&change.fields))?,
        Side::Ours => do_again(act, trouble)?,
        Side::Theirs => put(act, change, as_it_stood(trouble, of(&trouble.theirs)))?,
    }
    if act.changes.len() == wrote {
        tell_history(act, change)?;
    }
    trouble::decide(
        act.conn(),
        trouble,
        Decision {
            act_id: act.act_id,
            side: decide.side,
            fields,
            was,
            by: act.actor.name.clone(),
            at: act.now,
        },
    )
}

/// What stands in fields, and in those that belong with them.
fn what_stands(
    act: &Act,
    change: &Change,
    fields: &[String],
) -> Result<Map<String, Value>, StoreError> {
    let standing = trouble::standing(act.conn(), change.entity, change.entity_id)?;
    let belongs = |name: &str| {
        let named = |each: &str| fields.iter().any(|field| field == each);
        let group = groups(change.entity)
            .iter()
            .find(|group| group.contains(&name));
        named(name) || group.is_some_and(|group| group.iter().any(|each| named(each)))
    };
    let row = standing.fields().into_iter().flatten();
    Ok(row
        .filter(|(name, _)| belongs(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect())
}

/// What stood at the server, with what was said with it there (a reason, when the change itself wrote none): known
/// from when this desk's own was put over it.
fn as_it_stood(trouble: &Trouble, mut values: Map<String, Value>) -> Map<String, Value> {
    let put = trouble
        .decisions
        .iter()
        .rev()
        .find(|each| each.side == Side::Ours);
    let Some(put) = put else { return values };
    if values
        .iter()
        .all(|(name, value)| put.was.get(name) == Some(value))
    {
        for (name, value) in &put.was {
            values.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    values
}

/// Writes values over what stands.
fn put(act: &mut Act, change: &Change, mut values: Map<String, Value>) -> Result<(), StoreError> {
    let (entity, id) = (change.entity, change.entity_id);
    let row = match trouble::standing(act.conn(), entity, id)? {
        Standing::Gone => return Err(refused("trouble_record_gone")),
        Standing::Voided(_) if !values.contains_key("void_reason") => {
            return Err(refused("trouble_record_voided"));
        }
        Standing::Voided(row) | Standing::Here(row) => row,
    };
    if let Some((from, to)) = step(entity, &row, &values) {
        take(act, change, &from, &to, &values)?;
        if entity != Entity::Case {
            // With its state went what is said with it.
            values.retain(|name, _| !goes_with_state(entity, name));
        }
    }
    let (mut fields, _) =
        rows::read(act.conn(), entity, id)?.ok_or(refused("trouble_record_gone"))?;
    fields.extend(values);
    act.write(entity, id, &fields)?;
    Ok(())
}

/// The field of a record whose values a lifecycle leads through.
const fn state_field(entity: Entity) -> Option<&'static str> {
    match entity {
        Entity::Need | Entity::Assignment => Some("state"),
        Entity::Case => Some("review_state"),
        _ => None,
    }
}

fn goes_with_state(entity: Entity, name: &str) -> bool {
    let group = groups(entity).iter().find(|group| group.contains(&"state"));
    group.is_some_and(|group| group.contains(&name))
}

/// The states that values lead from and to, where they do.
fn step(
    entity: Entity,
    row: &Map<String, Value>,
    values: &Map<String, Value>,
) -> Option<(String, String)> {
    let field = state_field(entity)?;
    let text = |fields: &Map<String, Value>| fields.get(field)?.as_str().map(ToString::to_string);
    let (from, to) = (text(row)?, text(values)?);
    (from != to).then_some((from, to))
}

/// Takes a record the step that its state asks for, with all that follows from it.
fn take(
    act: &mut Act,
    change: &Change,
    from: &str,
    to: &str,
    values: &Map<String, Value>,
) -> Result<(), StoreError> {
    let (entity, id) = (change.entity, change.entity_id);
    let text = |name: &str| values.get(name).and_then(Value::as_str);
    let unlawful = || refused("trouble_unlawful");
    if !is_lawful(entity, from, to, act.action == ActionKind::Undo) {
        return Err(unlawful());
    }
    match entity {
        Entity::Need => {
            let to_state = NeedState::from_code(to).ok_or_else(unlawful)?;
            if matches!(to_state, NeedState::Assigned | NeedState::InProgress)
                && !assignment::of_need(act, id)?
                    .iter()
                    .any(|each| each.state.is_held())
            {
                // Alone it would leave the need given to nobody.
                return Err(refused("trouble_no_hands"));
            }
            let steps = NEED.iter();
            let step = steps
                .filter(|(before, _, after)| before.code() == from && *after == to_state)
                .map(|(_, step, _)| *step)
                .next()
                .ok_or_else(unlawful)?;
            need::move_need(
                act,
                &MoveNeed {
                    id,
                    step,
                    reason: text("closing_reason").and_then(ClosingReason::from_code),
                    note: text("closing_note").map(ToString::to_string),
                },
            )?;
        }
        Entity::Assignment => {
            let to_state = AssignmentState::from_code(to).ok_or_else(unlawful)?;
            let step = ASSIGNMENT
                .iter()
                .find(|(before, _, after, _)| before.code() == from && *after == to_state)
                .map(|(_, step, ..)| *step)
                .ok_or_else(unlawful)?;
            assignment::take(
                act,
                &MoveAssignment {
                    id,
                    step,
                    reason: text("reason").map(ToString::to_string),
                    outcome: text("outcome").map(ToString::to_string),
                    channel: text("offered_by").and_then(OfferChannel::from_code),
                    minutes_given: values
                        .get("minutes_given")
                        .and_then(Value::as_u64)
                        .and_then(|minutes| u32::try_from(minutes).ok()),
                },
            )?;
        }
        _ => {
            let of = |code: &str| ReviewState::from_code(code).ok_or_else(unlawful);
            lifecycle::review_after(of(from)?, of(to)?)?;
        }
    }
    Ok(())
}

/// Does again what was held. What stands here already, because the server had no word on it, is told again.
fn do_again(act: &mut Act, trouble: &Trouble) -> Result<(), StoreError> {
    let change = &trouble.change;
    let (entity, id) = (change.entity, change.entity_id);
    let made = change.fields.contains_key("id");
    let (row, _) = match rows::read(act.conn(), entity, id)? {
        Some(found) => found,
        None if made => return make_again(act, change),
        None => return Err(refused("trouble_record_gone")),
    };
    if trouble::is_void(&row) && !change.fields.contains_key("void_reason") {
        return Err(refused("trouble_record_voided"));
    }
    let stands = |(name, value): (&String, &Value)| row.get(name) == Some(value);
    if made {
        // As it stands by now: what was corrected since must not come back.
        let told = change
            .fields
            .keys()
            .filter_map(|name| Some((name.clone(), row.get(name)?.clone())));
        return act.tell_again(entity, id, told.collect());
    }
    if change.fields.iter().all(stands) {
        return act.tell_again(entity, id, change.fields.clone());
    }
    let mut values = change.fields.clone();
    if step(entity, &row, &values).is_none() {
        // A step of the same act has taken it there.
        values.retain(|name, _| {
            state_field(entity) == Some("review_state") || !goes_with_state(entity, name)
        });
    }
    put(act, change, values)
}

/// Makes a record again that did not stay on this desk.
fn make_again(act: &mut Act, change: &Change) -> Result<(), StoreError> {
    let case_id = change.fields.get("case_id").and_then(Value::as_str);
    if change.entity != Entity::Person
        && let Some(case_id) = case_id.and_then(|id| id.parse().ok())
        && !matches!(
            trouble::standing(act.conn(), Entity::Case, case_id)?,
            Standing::Here(_)
        )
    {
        return Err(refused("trouble_record_gone"));
    }
    let mut fields = blank(change.entity).clone();
    fields.extend(change.fields.clone());
    act.make_again(
        change.entity,
        change.entity_id,
        &fields,
        change.fields.clone(),
    )
}

/// A decision that writes no record has a line in the history all the same.
fn tell_history(act: &Act, change: &Change) -> Result<(), StoreError> {
    let case_id = match trouble::standing(act.conn(), change.entity, change.entity_id)?.fields() {
        Some(row) => derive::Touched::default().add(change.entity, change.entity_id, row),
        None => None,
    };
    act.conn()
        .prepare_cached(
            "INSERT INTO audit (act_id, action, actor_id, actor_name, at, entity, entity_id, case_id, fields)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '[]')",
        )?
        .execute(rusqlite::params![
            act.act_id.to_string(),
            act.called.code(),
            act.actor.id.to_string(),
            act.actor.name,
            act.now.0,
            change.entity.code(),
            change.entity_id.to_string(),
            case_id.map(|id| id.to_string()),
        ])?;
    Ok(())
}
