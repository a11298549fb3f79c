//! Whether a change may be applied: one question for every change, against the record as it is
//! *stored*, never as the desk claims it to be. Who may do what is `jitasa-domain`'s to say.

use std::collections::BTreeSet;

use jitasa_domain::{
    ActionKind, Actor, Entity, Subject, authorize,
    change::Change,
    lifecycle::is_lawful,
    permission::office_covers,
    record::{Record, blank},
    records as r, sown,
};
use jitasa_protocol::limits;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    book::{Book, ConfirmedDevice, Scope, Stored},
    enrol::is_office_code,
};

/// Why a change is held. The code crosses the wire; words for it live in the desk's catalogue.
pub(crate) type Reason = &'static str;

pub(crate) const CASE_UNKNOWN: Reason = "case_unknown";
pub(crate) const RECORD_UNKNOWN: Reason = "record_unknown";
pub(crate) const IMMUTABLE: Reason = "immutable_field";
pub(crate) const UNLAWFUL_STATE: Reason = "unlawful_state";
pub(crate) const FOLLOWS_HELD: Reason = "follows_held";
pub(crate) const MALFORMED: Reason = "malformed_record";
pub(crate) const OFFICE_UNKNOWN: Reason = "office_unknown";
pub(crate) const DENIED_ACTION: Reason = "denied_action";
pub(crate) const DENIED_AREA: Reason = "denied_area";
pub(crate) const VOIDED: Reason = "record_voided";
pub(crate) const CHANGE_ID_TAKEN: Reason = "change_id_taken";

/// Whose a record is and where it lies, from its fields and its case.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Place {
    pub(crate) scope: Scope,
    pub(crate) area_code: Option<String>,
    pub(crate) case_id: Option<Uuid>,
    entered_by: Option<Uuid>,
}

impl Place {
    /// As its owner alone sees it. Asking oneself for help is no way to make a record in another
    /// office's name, or to leave it one's own.
    fn unreferred(&self) -> Self {
        let mut own = self.clone();
        own.scope.referred_to = None;
        own
    }
}

fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    body.get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

fn uuid(body: &Map<String, Value>, name: &str) -> Option<Uuid> {
    text(body, name).and_then(|text| text.parse().ok())
}

/// The case that a record with these fields is part of; none for a case itself.
pub(crate) fn case_of(entity: Entity, body: &Map<String, Value>) -> Option<Uuid> {
    match entity {
        Entity::Person | Entity::Need | Entity::Assignment | Entity::Review | Entity::FollowUp => {
            uuid(body, "case_id")
        }
        Entity::Case
        | Entity::Incident
        | Entity::Area
        | Entity::Kind
        | Entity::Volunteer
        | Entity::ServicePoint
        | Entity::Team
        | Entity::TickList
        | Entity::Rule => None,
    }
}

/// Whose a record with these fields would be.
pub(crate) fn place_of(
    book: &Book,
    entity: Entity,
    body: &Map<String, Value>,
) -> Result<Place, Reason> {
    let case_id = case_of(entity, body);
    if let Some(case) = case_id.and_then(|id| book.records.get(&(Entity::Case, id))) {
        // What is part of a case is seen by whoever sees the case, and lies where it lies.
        return Ok(Place {
            scope: case.scope.clone(),
            area_code: case.area_code.clone(),
            case_id,
            entered_by: uuid(&case.body, "created_by"),
        });
    }
    let owner = match entity {
        Entity::Need | Entity::Assignment | Entity::Review | Entity::FollowUp => {
            return Err(if case_id.is_some() {
                CASE_UNKNOWN
            } else {
                RECORD_UNKNOWN
            });
        }
        Entity::Area => text(body, "code"),
        // A person may arrive before the case he is recorded for; until then his office holds him.
        Entity::Person
        | Entity::Case
        | Entity::Incident
        | Entity::Kind
        | Entity::Volunteer
        | Entity::ServicePoint
        | Entity::Team
        | Entity::TickList
        | Entity::Rule => text(body, "office_code"),
    };
    let area = if entity == Entity::Area {
        "code"
    } else {
        "area_code"
    };
    let referred_to = if entity == Entity::Case {
        text(body, "referred_to")
    } else {
        None
    };
    Ok(Place {
        scope: Scope {
            office_code: owner.ok_or(RECORD_UNKNOWN)?.to_string(),
            referred_to: referred_to.map(ToString::to_string),
        },
        area_code: text(body, area).map(ToString::to_string),
        case_id,
        entered_by: uuid(body, "created_by"),
    })
}

fn is_allowed(device: &ConfirmedDevice, change: &Change, place: &Place) -> Result<(), Reason> {
    let actor = Actor {
        id: change.actor_id,
        name: String::new(),
        role: change.actor_role,
        office_code: device.office_code.clone(),
        // The server does not know yet which villages a headman answers for (people are known to
        // their desk only): it holds him to his office's scope, and takes the record's village as
        // his. With signed-in people this becomes their own list.
        villages: place.area_code.iter().cloned().collect(),
        // Nor which volunteer a headman is; his own desk has asked.
        volunteer_id: None,
    };
    let subject = Subject {
        office_code: &place.scope.office_code,
        referred_to: place.scope.referred_to.as_deref(),
        area_code: place.area_code.as_deref(),
        entered_by: place.entered_by,
        done_by: &[],
    };
    authorize(&actor, change.action, &subject).map_err(jitasa_domain::Denied::code)
}

/// Which records an act may write: a right to place a pin is not a right to edit the office's lists.
fn writes(action: ActionKind, entity: Entity) -> bool {
    use ActionKind as A;
    match action {
        // A decision travels as the act that it carries out.
        A::Read | A::ReadHistory | A::Export | A::TroubleDecide => false,
        A::Undo => true,
        A::VolunteerCreate | A::VolunteerEdit | A::VolunteerAway => entity == Entity::Volunteer,
        A::TeamSave => entity == Entity::Team,
        A::RuleSave => entity == Entity::Rule,
        A::TickListPrint | A::TickListVoid => entity == Entity::TickList,
        // A need that is free again, or met without the offer, moves what hangs on its case.
        A::OffersExpire => matches!(
            entity,
            Entity::Assignment | Entity::Need | Entity::Case | Entity::FollowUp
        ),
        A::CasesEscalate | A::EscalationSeen => entity == Entity::Case,
        A::RecheckAnswer => matches!(
            entity,
            Entity::Case
                | Entity::Need
                | Entity::Assignment
                | Entity::FollowUp
                | Entity::Volunteer
                | Entity::ServicePoint
        ),
        // Who hands over may be set away in the same act.
        A::AssignmentHandOver => matches!(
            entity,
            Entity::Assignment | Entity::Need | Entity::Case | Entity::FollowUp | Entity::Volunteer
        ),
        A::VillageSave | A::VillagesImport => entity == Entity::Area,
        A::ServicePointSave => entity == Entity::ServicePoint,
        A::IncidentSave => entity == Entity::Incident,
        A::KindSave => entity == Entity::Kind,
        A::CaseCreate
        | A::CaseEdit
        | A::CasePlace
        | A::CaseRefer
        | A::CaseClose
        | A::CaseReopen
        | A::NeedMove
        | A::AssignmentPropose
        | A::AssignmentMove
        | A::AssignmentReject
        | A::AssignmentClaim
        | A::ReceiverWord
        | A::NeedHands
        | A::TickListKeyBack
        | A::ReviewDecide
        | A::FollowUpAdd
        | A::FollowUpDone
        | A::CasesImport => matches!(
            entity,
            Entity::Case
                | Entity::Person
                | Entity::Need
                | Entity::Assignment
                | Entity::Review
                | Entity::FollowUp
                // villages may be added while keying, and learn their place from pins
                | Entity::Area
        ),
    }
}

/// Whether the change may be merged.
///
/// # Errors
/// The reason it is held.
pub(crate) fn check(book: &Book, device: &ConfirmedDevice, change: &Change) -> Result<(), Reason> {
    let stored = book.records.get(&(change.entity, change.entity_id));
    let mut after = stored.map(|stored| stored.body.clone()).unwrap_or_default();
    after.extend(change.fields.clone());

    if let Some(stored) = stored {
        let old = place_of(book, change.entity, &stored.body)?;
        if !sown!(28) {
            is_allowed(device, change, &old)?;
        }
        is_still_the_same(change, stored)?;
    }
    let new = place_of(book, change.entity, &after)?;
    is_kept_beside(change, &new)?;
    match stored {
        // Handing a record over takes an office that watches over both.
        Some(stored) if stored.scope.office_code != new.scope.office_code => {
            is_allowed(device, change, &new.unreferred())?;
        }
        Some(_) => {}
        // Else what follows on a creation that was held would make a record of the one field it wrote.
        None if !change.fields.contains_key("id") && !sown!(29) => return Err(RECORD_UNKNOWN),
        None if case_of(change.entity, &after).is_some() => is_allowed(device, change, &new)?,
        None => is_allowed(device, change, &new.unreferred())?,
    }
    if !writes(change.action, change.entity) {
        return Err(DENIED_ACTION);
    }
    if change
        .fields
        .get("id")
        .is_some_and(|id| id.as_str() != Some(&change.entity_id.to_string()))
    {
        return Err(IMMUTABLE);
    }
    places_are_lawful(book, device, change, stored, &new)?;
    states_are_lawful(change, stored)?;
    after.insert("id".into(), change.entity_id.to_string().into());
    is_readable(change.entity, &after)
}

/// Letters of a code at most: a village has eight digits.
const CODE_LETTERS_MAX: usize = 16;

/// Names and codes are kept beside the record as text, codes in indexes as well: PostgreSQL takes no NUL there, and
/// nothing long. A change that no database keeps would come again for ever.
fn is_kept_beside(change: &Change, new: &Place) -> Result<(), Reason> {
    let is_code = |code: &str| code.len() <= CODE_LETTERS_MAX && !code.contains('\0');
    let codes = [
        Some(&new.scope.office_code),
        new.scope.referred_to.as_ref(),
        new.area_code.as_ref(),
    ];
    if change.actor_name.contains('\0') || !codes.into_iter().flatten().all(|code| is_code(code)) {
        Err(MALFORMED)
    } else {
        Ok(())
    }
}

fn is_still_the_same(change: &Change, stored: &Stored) -> Result<(), Reason> {
    for name in ["case_id", "number", "created_by", "code", "list"] {
        // a kind's code and list are its key, as a village's code is
        let was = stored.body.get(name).filter(|value| !value.is_null());
        if let (Some(was), Some(now)) = (was, change.fields.get(name))
            && was != now
        {
            return Err(IMMUTABLE);
        }
    }
    let void = stored
        .body
        .get("void_reason")
        .is_some_and(|reason| !reason.is_null());
    if void && !change.fields.contains_key("void_reason") {
        Err(VOIDED)
    } else {
        Ok(())
    }
}

fn places_are_lawful(
    book: &Book,
    device: &ConfirmedDevice,
    change: &Change,
    stored: Option<&Stored>,
    new: &Place,
) -> Result<(), Reason> {
    let written = |name: &str| {
        let value = text(&change.fields, name)?;
        (stored.and_then(|stored| text(&stored.body, name)) != Some(value)).then_some(value)
    };
    if written("office_code").is_some_and(|code| !is_office_code(code)) {
        return Err(MALFORMED);
    }
    if change.entity == Entity::Area
        && written("code").is_some_and(|code| !code.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(MALFORMED);
    }
    if change.entity != Entity::Case {
        return Ok(());
    }
    // A sequence, and so a referral, stays within one province.
    if written("referred_to")
        .is_some_and(|code| !is_office_code(code) || !code.starts_with(&book.province_code))
    {
        return Err(OFFICE_UNKNOWN);
    }
    let covered = |area: &str| {
        office_covers(&device.office_code, area) || office_covers(&new.scope.office_code, area)
    };
    if written("area_code").is_some_and(|area| !covered(area)) {
        return Err(DENIED_AREA);
    }
    Ok(())
}

/// The act and the need of a change that takes an assignment a step: the need goes with it, or not at all.
pub(crate) fn step_of(book: &Book, change: &Change) -> Option<(Uuid, Uuid)> {
    if change.entity != Entity::Assignment || !change.fields.contains_key("state") {
        return None;
    }
    let stored = || book.records.get(&(change.entity, change.entity_id));
    let need_id = uuid(&change.fields, "need_id").or_else(|| uuid(&stored()?.body, "need_id"))?;
    Some((change.act_id, need_id))
}

/// Whether a need would take a step that followed from an assignment's, which was not applied: alone it would leave
/// the need given to nobody.
pub(crate) fn follows_one_of(not_taken: &BTreeSet<(Uuid, Uuid)>, change: &Change) -> bool {
    change.entity == Entity::Need
        && change.fields.contains_key("state")
        && not_taken.contains(&(change.act_id, change.entity_id))
}

/// Words that only whoever may judge them writes.
fn is_the_headmans(entity: Entity, to: &str) -> bool {
    match entity {
        Entity::Case => to != "unreviewed",
        Entity::Assignment => matches!(to, "confirmed" | "returned"),
        _ => false,
    }
}

/// How a record may begin.
fn may_begin(entity: Entity, to: &str) -> bool {
    match entity {
        Entity::Need => to == "reported",
        // Put forward, told, taken by himself, or set aside for the need.
        Entity::Assignment => matches!(to, "proposed" | "offered" | "accepted" | "revoked"),
        _ => !is_the_headmans(entity, to),
    }
}

fn states_are_lawful(change: &Change, stored: Option<&Stored>) -> Result<(), Reason> {
    let field = match change.entity {
        Entity::Need | Entity::Assignment => "state",
        Entity::Case => "review_state",
        _ => return Ok(()),
    };
    let Some(to) = text(&change.fields, field) else {
        return Ok(());
    };
    let Some(stored) = stored else {
        return if may_begin(change.entity, to) {
            Ok(())
        } else {
            Err(UNLAWFUL_STATE)
        };
    };
    let standing = standing(change.entity, &stored.body, field);
    let from = standing.as_str().unwrap_or_default();
    let undone = change.action == ActionKind::Undo;
    if !is_lawful(change.entity, from, to, undone) && !sown!(30) {
        return Err(UNLAWFUL_STATE);
    }
    if from != to
        && is_the_headmans(change.entity, to)
        && !undone
        && !matches!(
            change.action,
            ActionKind::ReviewDecide | ActionKind::TickListKeyBack
        )
    {
        return Err(DENIED_ACTION);
    }
    Ok(())
}

/// The value that stands in a field: what is stored, or the default of a field nobody wrote.
pub(crate) fn standing(entity: Entity, body: &Map<String, Value>, name: &str) -> Value {
    body.get(name)
        .or_else(|| blank(entity).get(name))
        .cloned()
        .unwrap_or(Value::Null)
}

/// Whether every desk could read the record that would result.
fn is_readable(entity: Entity, body: &Map<String, Value>) -> Result<(), Reason> {
    fn reads<R: Record>(value: Value) -> bool {
        serde_json::from_value::<R>(value).is_ok()
    }
    let value = Value::Object(body.clone());
    if value.to_string().len() > limits::RECORD_BYTES_MAX {
        return Err(MALFORMED);
    }
    let readable = match entity {
        Entity::Incident => reads::<r::Incident>(value),
        Entity::Area => reads::<r::Area>(value),
        Entity::Kind => reads::<r::Kind>(value),
        Entity::Person => reads::<r::Person>(value),
        Entity::Case => reads::<r::Case>(value),
        Entity::Need => reads::<r::Need>(value),
        Entity::Volunteer => reads::<r::Volunteer>(value),
        Entity::Assignment => reads::<r::Assignment>(value),
        Entity::Review => reads::<r::Review>(value),
        Entity::FollowUp => reads::<r::FollowUp>(value),
        Entity::ServicePoint => reads::<r::ServicePoint>(value),
        Entity::Team => reads::<r::Team>(value),
        Entity::TickList => reads::<r::TickList>(value),
        Entity::Rule => reads::<r::Rule>(value),
    };
    if readable { Ok(()) } else { Err(MALFORMED) }
}
