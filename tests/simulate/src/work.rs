//! What people do at a desk: one act is several changes, each with what its author had seen, as the store makes them.
//! Mostly lawful; now and then what only another program, another role or a race would send.

use jitasa_domain::{
    ActionKind, AssignmentState, Entity, NeedState, ReviewState, Role, Timestamp,
    change::Change,
    ids::{IdSource as _, area_id, kind_id, rule_id},
    lifecycle::{ASSIGNMENT, NEED, REVIEW, need_after},
};
use jitasa_server::book::Key;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{chance::Chance, disk::DeskDisk, oracle::Oracle};

/// The offices of the province; a district watches over its subdistricts.
pub const OFFICES: [&str; 4] = ["450905", "450909", "4509", "451203"];
/// A field of a version to come, which only some desks know.
pub const OF_NEXT_YEAR: &str = "of_next_year";

/// Somebody at a desk, in the middle of something.
pub struct Sitting<'a> {
    pub disk: &'a mut DeskDisk,
    pub chance: &'a mut Chance,
    pub oracle: &'a mut Oracle,
    /// Makes values that differ from all others.
    pub count: &'a mut u64,
    /// What the desk's clock says.
    pub now: Timestamp,
    pub actor: Uuid,
    /// Whether the desk's version knows the field of next year.
    pub is_newer: bool,
}

/// What was done, for the trace.
#[derive(Debug)]
pub struct Done {
    pub action: ActionKind,
    pub role: Role,
    pub changes: Vec<(Key, u64, Uuid)>,
}

struct Act<'a, 'b> {
    at: &'b mut Sitting<'a>,
    act_id: Uuid,
    action: ActionKind,
    role: Role,
    done: Vec<(Key, u64, Uuid)>,
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

impl Act<'_, '_> {
    /// Writes what differs from what is shown.
    fn write(&mut self, key: Key, fields: Map<String, Value>) {
        let disk = &mut *self.at.disk;
        let is_new = !disk.records.contains_key(&key);
        let blank = jitasa_domain::record::blank(key.0);
        let mut written = fields;
        written.retain(|name, value| {
            let shown = disk
                .shown(key, name)
                .or_else(|| blank.get(name).filter(|_| is_new));
            shown != Some(value) || name == "id"
        });
        if written.is_empty() || (!is_new && written.keys().all(|name| name == "id")) {
            return;
        }
        if !is_new {
            written.remove("id");
        }
        let change = Change {
            change_id: self.at.chance.0.next(self.at.now),
            act_id: self.act_id,
            action: self.action,
            entity: key.0,
            entity_id: key.1,
            base_version: disk.seen_of(key, &written),
            fields: written,
            actor_id: self.at.actor,
            actor_name: String::from("ผู้ปฏิบัติงาน"),
            actor_role: self.role,
            device_seq: disk.device_seq + 1,
            claimed_at: self.at.now,
        };
        let oracle = &mut *self.at.oracle;
        oracle.wrote(&change, &disk.made, |name| disk.shown(key, name));
        self.done.push((key, change.device_seq, change.change_id));
        disk.write(change);
    }

    fn shown(&self, key: Key, name: &str) -> Value {
        self.at
            .disk
            .shown(key, name)
            .cloned()
            .unwrap_or(Value::Null)
    }

    fn text(&self, key: Key, name: &str) -> String {
        self.shown(key, name)
            .as_str()
            .unwrap_or_default()
            .to_string()
    }

    fn new_id(&mut self) -> Uuid {
        self.at.chance.0.next(self.at.now)
    }

    /// A value, nearly always one that nobody else writes.
    fn word(&mut self) -> Value {
        if self.at.chance.per_mille(120) {
            return Value::from(*self.at.chance.of(&["ก", "ข"]));
        }
        *self.at.count += 1;
        Value::from(format!("คำ{}", self.at.count))
    }

    fn number(&mut self) -> u64 {
        *self.at.count += 1;
        *self.at.count % 100_000
    }
}

impl Sitting<'_> {
    /// A record that counts, mostly one of the first: those are the contended ones.
    fn some(&mut self, entity: Entity) -> Option<Key> {
        let from = (entity, Uuid::nil());
        let to = (entity, Uuid::max());
        let living: Vec<Key> = self
            .disk
            .records
            .range(from..=to)
            .filter(|(_, held)| held.fields.get("void_reason").is_none_or(Value::is_null))
            .map(|(key, _)| *key)
            .collect();
        if living.is_empty() {
            return None;
        }
        let among = if self.chance.per_mille(500) {
            living.len().min(4)
        } else {
            living.len()
        };
        Some(living[self.chance.below(among)])
    }

    /// Does something.
    pub fn works(&mut self) -> Option<Done> {
        let kind = self.chance.below(100);
        let has_cases = self.disk.records.keys().any(|key| key.0 == Entity::Case);
        let (action, role, what): (ActionKind, Role, fn(&mut Act) -> Option<()>) = match kind {
            _ if !has_cases => (ActionKind::CaseCreate, Role::Clerk, a_case),
            0..10 => (ActionKind::CaseCreate, Role::Clerk, a_case),
            10..32 => (ActionKind::CaseEdit, Role::Clerk, an_edit),
            32..44 => (ActionKind::NeedMove, Role::Clerk, a_need_moves),
            44..50 => (ActionKind::AssignmentPropose, Role::Clerk, an_assignment),
            50..61 => (ActionKind::AssignmentMove, Role::Clerk, an_assignment_moves),
            61..64 => (ActionKind::OffersExpire, Role::Timekeeper, an_offer_expires),
            64..69 => (ActionKind::ReviewDecide, Role::Headman, a_review),
            69..75 => (ActionKind::CaseRefer, Role::Clerk, a_referral),
            75..78 => (ActionKind::CaseRefer, Role::Clerk, a_hand_over),
            78..82 => (ActionKind::VillageSave, Role::Clerk, a_village),
            82..84 => (ActionKind::KindSave, Role::Administrator, a_kind),
            84..86 => (ActionKind::RuleSave, Role::Administrator, a_rule),
            86..89 => (ActionKind::VolunteerEdit, Role::Clerk, a_volunteer),
            89..91 => (ActionKind::FollowUpAdd, Role::Clerk, a_follow_up),
            91..93 => (ActionKind::CaseEdit, Role::Clerk, a_void),
            93..95 => (ActionKind::Undo, Role::Clerk, an_undo),
            95..97 => (ActionKind::CasePlace, Role::Clerk, a_pin),
            97 => (ActionKind::CaseEdit, Role::Auditor, an_edit),
            98 => (ActionKind::CaseEdit, Role::Clerk, out_of_bounds),
            _ => (ActionKind::CasesEscalate, Role::Timekeeper, an_escalation),
        };
        // People change their role; what they did before is judged as what they were.
        let role = match role {
            Role::Clerk if self.chance.per_mille(200) => Role::Supervisor,
            Role::Clerk if self.chance.per_mille(8) => Role::Headman,
            role => role,
        };
        let mut act = Act {
            act_id: self.chance.0.next(self.now),
            at: self,
            action,
            role,
            done: Vec::new(),
        };
        what(&mut act);
        let changes = act.done;
        (!changes.is_empty()).then_some(Done {
            action,
            role,
            changes,
        })
    }
}

fn a_case(act: &mut Act) -> Option<()> {
    let (case, person) = (act.new_id(), act.new_id());
    let office = act.at.disk.office;
    let village = format!("{office:0<6}0{}", 1 + act.at.chance.below(3));
    let (note, house) = (act.word(), act.word());
    let mut said = fields(json!({
        "id": case, "number": format!("{office}-69-{}", act.at.disk.device_seq), "office_code": office,
        "area_code": village, "note": note, "house_no": house, "person_id": person, "created_by": act.at.actor,
        "reported_at": act.at.now.0, "created_at": act.at.now.0,
    }));
    if act.at.is_newer {
        let word = act.word();
        said.insert(OF_NEXT_YEAR.into(), word);
    }
    act.write((Entity::Case, case), said);
    let word = act.word();
    act.write(
        (Entity::Person, person),
        fields(json!({ "id": person, "case_id": case, "office_code": office, "given_name": word })),
    );
    for _ in 0..1 + act.at.chance.below(2) {
        let need = act.new_id();
        let word = act.word();
        act.write(
            (Entity::Need, need),
            fields(json!({ "id": need, "case_id": case, "kind": "food_water", "detail": word })),
        );
    }
    Some(())
}

fn an_edit(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    for _ in 0..1 + act.at.chance.below(3) {
        let word = act.word();
        let said = match act.at.chance.below(8) {
            0..3 => json!({ "note": word }),
            3 => json!({ "landmark": word }),
            4 => json!({ "house_no": word, "reporter": null }),
            5 => json!({ "people_count": act.number() }),
            6 => json!({ "urgency": *act.at.chance.of(&["normal", "urgent", "critical"]) }),
            _ => json!({ "vulnerable": [word], "reporter": word }),
        };
        act.write(case, fields(said));
    }
    if act.at.is_newer {
        let word = act.word();
        act.write(case, fields(json!({ OF_NEXT_YEAR: word })));
    }
    if act.at.chance.per_mille(300)
        && let Some(person) = act.at.some(Entity::Person)
    {
        let word = act.word();
        act.write(person, fields(json!({ "given_name": word })));
    }
    Some(())
}

fn a_pin(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    let (number, more) = (act.number(), act.number());
    let degrees = |number: u64| 16.0 + f64::from(u32::try_from(number).unwrap_or(0)) / 100_000.0;
    act.write(
        case,
        fields(json!({
            "lat": degrees(number), "lon": degrees(more), "accuracy_m": number, "place_source": "pin",
        })),
    );
    Some(())
}

fn moves_need(act: &mut Act, need: Key, to: NeedState) {
    let number = act.number();
    act.write(
        need,
        fields(json!({ "state": to.code(), "state_since": act.at.now.0 + i64::try_from(number).unwrap_or(0) })),
    );
}

fn a_need_moves(act: &mut Act) -> Option<()> {
    let need = act.at.some(Entity::Need)?;
    let from = act.text(need, "state");
    let steps: Vec<_> = NEED
        .iter()
        .filter(|(state, ..)| state.code() == from)
        .collect();
    let (_, _, to) = **act.at.chance.of(&steps);
    moves_need(act, need, to);
    let word = act.word();
    if act.at.chance.per_mille(200) {
        act.write(need, fields(json!({ "detail": word })));
    }
    Some(())
}

fn an_assignment(act: &mut Act) -> Option<()> {
    let need = act.at.some(Entity::Need)?;
    let id = act.new_id();
    let case = act.text(need, "case_id");
    let word = act.word();
    let state = *act
        .at
        .chance
        .of(&["proposed", "offered", "offered", "accepted"]);
    act.write(
        (Entity::Assignment, id),
        fields(json!({
            "id": id, "case_id": case, "need_id": need.1, "volunteer_label": word, "volunteer_id": need.1,
            "state": state, "number": word, "created_at": act.at.now.0,
        })),
    );
    let stands = NeedState::from_code(&act.text(need, "state"))?;
    if state == "accepted" && matches!(stands, NeedState::Open | NeedState::PartlyMet) {
        moves_need(act, need, NeedState::Assigned);
    }
    Some(())
}

fn an_assignment_moves(act: &mut Act) -> Option<()> {
    let assignment = act.at.some(Entity::Assignment)?;
    let from = AssignmentState::from_code(&act.text(assignment, "state"))?;
    let steps: Vec<_> = ASSIGNMENT
        .iter()
        .filter(|(state, ..)| *state == from)
        .collect();
    if steps.is_empty() {
        return None;
    }
    let (_, _, to, follows) = **act.at.chance.of(&steps);
    let number = act.number();
    let word = act.word();
    act.write(
        assignment,
        fields(json!({
            "state": to.code(), "state_since": act.at.now.0 + i64::try_from(number).unwrap_or(0), "outcome": word,
        })),
    );
    let need: Uuid = act.text(assignment, "need_id").parse().ok()?;
    let need = (Entity::Need, need);
    let stands = NeedState::from_code(&act.text(need, "state"))?;
    if let Some(step) = follows
        && let Ok(next) = need_after(stands, step)
    {
        moves_need(act, need, next);
    }
    Some(())
}

fn an_offer_expires(act: &mut Act) -> Option<()> {
    let assignment = act.at.some(Entity::Assignment)?;
    if act.text(assignment, "state") != "offered" {
        return None;
    }
    act.write(
        assignment,
        fields(json!({ "state": "expired", "state_since": act.at.now.0 })),
    );
    Some(())
}

fn an_escalation(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    let to = *act.at.chance.of(&["supervisor", "district", "none"]);
    act.write(
        case,
        fields(json!({ "escalation": to, "escalated_at": act.at.now.0 })),
    );
    Some(())
}

fn a_review(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    let from = ReviewState::from_code(&act.text(case, "review_state"))?;
    let steps: Vec<_> = REVIEW
        .iter()
        .filter(|(state, to)| *state == from && *to != ReviewState::Unreviewed)
        .collect();
    if steps.is_empty() {
        return None;
    }
    let (_, to) = **act.at.chance.of(&steps);
    let review = act.new_id();
    let word = act.word();
    act.write(
        (Entity::Review, review),
        fields(json!({ "id": review, "case_id": case.1, "verdict": to.code(), "reviewer": word })),
    );
    act.write(
        case,
        fields(json!({ "review_state": to.code(), "confirmed_at": act.at.now.0, "confirmed_by": word })),
    );
    Some(())
}

/// Another office is asked to help, or need not any more.
fn a_referral(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    let to = match act.shown(case, "referred_to") {
        Value::Null => Value::from(*act.at.chance.of(&OFFICES)),
        _ => Value::Null,
    };
    let word = act.word();
    let mut said = fields(json!({ "referred_to": to }));
    if act.at.chance.per_mille(300) {
        said.insert("referral_note".into(), word);
    }
    act.write(case, said);
    Some(())
}

/// The case is another office's from now on: lawful where one office watches over both.
fn a_hand_over(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    let to = *act.at.chance.of(&OFFICES);
    if !to.starts_with(act.at.disk.office) && act.at.chance.per_mille(800) {
        return None;
    }
    let mut said = fields(json!({ "office_code": to }));
    if act.at.chance.per_mille(500) {
        said.insert("referred_to".into(), Value::Null);
    }
    act.write(case, said);
    Some(())
}

/// The same village is keyed by several desks.
fn a_village(act: &mut Act) -> Option<()> {
    let office = act.at.disk.office;
    let within = *act.at.chance.of(&OFFICES.map(|each| {
        if each.starts_with(office) {
            each
        } else {
            office
        }
    }));
    let code = format!("{within:0<6}0{}", 1 + act.at.chance.below(3));
    let id = area_id(&code);
    let word = act.word();
    act.write(
        (Entity::Area, id),
        fields(json!({ "id": id, "code": code, "name": word, "office_code": office })),
    );
    Some(())
}

fn a_kind(act: &mut Act) -> Option<()> {
    let office = act.at.disk.office;
    let code = *act.at.chance.of(&["boat", "saw"]);
    let id = kind_id(office, "need", code);
    let word = act.word();
    act.write(
        (Entity::Kind, id),
        fields(
            json!({ "id": id, "office_code": office, "list": "need", "code": code, "th": word }),
        ),
    );
    Some(())
}

fn a_rule(act: &mut Act) -> Option<()> {
    let office = act.at.disk.office;
    let code = *act.at.chance.of(&["offer_minutes", "recheck_days"]);
    let id = rule_id(office, code);
    let word = act.word();
    act.write(
        (Entity::Rule, id),
        fields(json!({ "id": id, "office_code": office, "code": code, "value": word })),
    );
    Some(())
}

fn a_volunteer(act: &mut Act) -> Option<()> {
    let word = act.word();
    match act
        .at
        .some(Entity::Volunteer)
        .filter(|_| act.at.chance.per_mille(700))
    {
        Some(volunteer) => act.write(volunteer, fields(json!({ "note": word, "phone": word }))),
        None => {
            let id = act.new_id();
            let office = act.at.disk.office;
            act.action = ActionKind::VolunteerCreate;
            act.write(
                (Entity::Volunteer, id),
                fields(json!({ "id": id, "office_code": office, "given_name": word, "skills": [word] })),
            );
        }
    }
    Some(())
}

fn a_follow_up(act: &mut Act) -> Option<()> {
    let word = act.word();
    match act
        .at
        .some(Entity::FollowUp)
        .filter(|_| act.at.chance.per_mille(500))
    {
        Some(follow_up) => {
            act.action = ActionKind::FollowUpDone;
            act.write(
                follow_up,
                fields(json!({ "outcome": word, "done_at": act.at.now.0 })),
            );
        }
        None => {
            let case = act.at.some(Entity::Case)?;
            let id = act.new_id();
            act.write(
                (Entity::FollowUp, id),
                fields(
                    json!({ "id": id, "case_id": case.1, "due_on": "2026-12-01", "note": word }),
                ),
            );
        }
    }
    Some(())
}

fn a_void(act: &mut Act) -> Option<()> {
    let entity = *act
        .at
        .chance
        .of(&[Entity::Case, Entity::Need, Entity::FollowUp]);
    let record = act.at.some(entity)?;
    let word = act.word();
    act.write(record, fields(json!({ "void_reason": word })));
    Some(())
}

/// Takes back something of this desk that still stands, field by field, as undo does.
fn an_undo(act: &mut Act) -> Option<()> {
    let latest: Vec<_> = act.at.disk.outbox.values().rev().take(6).cloned().collect();
    if latest.is_empty() {
        return None;
    }
    let change = act.at.chance.of(&latest).clone();
    let key = (change.entity, change.entity_id);
    if change.fields.contains_key("id") {
        let word = act.word();
        act.write(key, fields(json!({ "void_reason": word })));
        return Some(());
    }
    let blank = jitasa_domain::record::blank(change.entity);
    let mut before = Map::new();
    for (name, value) in &change.fields {
        if act.shown(key, name) == *value {
            let was = act.at.oracle.before(&change, name);
            let was = was.or_else(|| blank.get(name).cloned());
            before.extend(was.map(|was| (name.clone(), was)));
        }
    }
    act.write(key, before);
    Some(())
}

/// What no desk of ours would do.
fn out_of_bounds(act: &mut Act) -> Option<()> {
    let word = act.word();
    match act.at.chance.below(6) {
        0 => {
            let case = act.at.some(Entity::Case)?;
            act.write(case, fields(json!({ "review_state": "confirmed" })));
        }
        1 => {
            let need = act.at.some(Entity::Need)?;
            let to = *act.at.chance.of(&["met", "closed", "assigned"]);
            act.write(need, fields(json!({ "state": to })));
        }
        2 => {
            let case = act.at.some(Entity::Case)?;
            act.write(case, fields(json!({ "number": word })));
        }
        3 => {
            // A case in another office's name.
            let id = act.new_id();
            let office = *act.at.chance.of(&OFFICES);
            act.write(
                (Entity::Case, id),
                fields(json!({ "id": id, "office_code": office, "number": word })),
            );
        }
        4 => {
            // A part of a case that nobody knows.
            let id = act.new_id();
            let case = act.new_id();
            act.write(
                (Entity::Need, id),
                fields(json!({ "id": id, "case_id": case, "kind": "food_water" })),
            );
        }
        _ => {
            let case = act.at.some(Entity::Case)?;
            act.write(case, fields(json!({ "people_count": "many" })));
        }
    }
    Some(())
}
