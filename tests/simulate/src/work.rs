//! What people do at a desk: one act is several changes, each with what its author had seen, as the store makes them.
//! Mostly lawful; now and then what only another program, another role or a race would send.

mod deeds;

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

use self::deeds::*;

/// The offices of the province; a district watches over its subdistricts.
pub(crate) const OFFICES: [&str; 4] = ["450905", "450909", "4509", "451203"];
/// A field of a version to come, which only some desks know.
pub(crate) const OF_NEXT_YEAR: &str = "of_next_year";

/// Somebody at a desk, in the middle of something.
pub(crate) struct Sitting<'a> {
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
pub(crate) struct Done {
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
    pub(crate) fn works(&mut self) -> Option<Done> {
        let kind = self.chance.below(100);
        let has_cases = self.disk.records.keys().any(|key| key.0 == Entity::Case);
        let (action, role, what): Deed = match kind {
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

/// What is done, as what, and how.
type Deed = (ActionKind, Role, fn(&mut Act) -> Option<()>);
