//! The one door for change. An act is one thing a person did; it is one transaction, and in it:
//! the rows, a line of audit for each record, a change in the outbox for each record, what undo
//! needs, and what the screen must reload. A record is written only through `Act`, which asks for
//! permission each time.

mod action;
mod assignment;
mod care;
mod case;
mod correct;
mod follow_up;
mod hand_over;
mod import;
mod need;
mod offer;
mod office;
mod pair;
mod recheck;
mod review;
mod several;
mod team;
mod tick;
mod undo;
mod volunteer;

use std::collections::{BTreeSet, HashMap};

use jitasa_domain::{
    ActionKind, Actor, Case, Entity, IdSource, Record, Subject, Timestamp, authorize,
    change::Change,
    record::{changed_fields, to_fields},
};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

pub use self::{
    action::Action,
    assignment::{MoveAssignment, Propose},
    care::ESCALATED_AT_ONCE_MAX,
    case::{CaseFields, EditCase, NewCase, NewNeed, PersonFields, PlaceCase},
    correct::TickLineId,
    follow_up::{ASK_HELP_CAME, LOOK_AGAIN, Looked},
    hand_over::{HandOver, Successor},
    import::{ImportedCase, ImportedVillage, SourceFile},
    need::{CloseCase, MoveNeed},
    offer::{ReceiverSaid, Reject},
    office::{NewKind, NewVillage},
    recheck::{RecheckAnswer, RecheckWord},
    review::Decide,
    team::TeamFields,
    tick::{NewTickList, TickWord},
    volunteer::{Away, VolunteerFields},
};
use crate::{Store, StoreError, derive, desk, form, rows, rows::RowMeta};

/// The change-set of an act: what the screen reloads and can undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    /// The act.
    pub act_id: Uuid,
    /// What was done.
    pub action: ActionKind,
    /// Kinds of record that changed.
    pub changed: BTreeSet<Entity>,
    /// The record the act was about.
    pub subject: Option<Uuid>,
    /// Records the act made, in order.
    pub made: Vec<(Entity, Uuid)>,
    /// Of an act over several things, those that could not be: which (from 0), and the code of why.
    pub refused: Vec<(usize, &'static str)>,
}

/// What undo needs of one record.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Before {
    entity: Entity,
    id: Uuid,
    /// The old values of the fields that changed; absent when the act made the record.
    fields: Option<Map<String, Value>>,
    /// How the act left what it wrote of the record (`undo::imprint`); in the last of its entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left: Option<Uuid>,
}

/// An act under way.
pub(crate) struct Act<'a> {
    tx: &'a Transaction<'a>,
    actor: &'a Actor,
    now: Timestamp,
    ids: &'a mut dyn IdSource,
    action: ActionKind,
    act_id: Uuid,
    office_code: String,
    before: Vec<Before>,
    /// By record: its latest place in `before`.
    latest: HashMap<Uuid, usize>,
    changes: Vec<(Change, Option<Uuid>)>,
    touched: derive::Touched,
    refused: Vec<(usize, &'static str)>,
}

impl Store {
    /// Carries an action out, all of it or nothing.
    ///
    /// # Errors
    /// When a rule of the form, the lifecycle, permission or the disk refuses. Nothing has changed then.
    pub fn act(
        &self,
        actor: &Actor,
        now: Timestamp,
        ids: &mut dyn IdSource,
        action: Action,
    ) -> Result<Acted, StoreError> {
        self.acts(|acts| acts.act(actor, now, ids, action))
    }

    /// Carries several acts out in one transaction, each with its own audit, changes and undo: what
    /// practice data is made with, so that it is made of nothing but acts.
    ///
    /// # Errors
    /// What the closure answers; nothing has changed then.
    pub fn acts<T>(
        &self,
        carry_out: impl FnOnce(&mut Acts) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer();
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = carry_out(&mut Acts { tx: &tx })?;
        tx.commit()?;
        Ok(done)
    }
}

/// What would be read after an action, which is then given up.
impl Store {
    /// Carries an action out, reads, and takes all of it back as if it had never been.
    ///
    /// # Errors
    /// As [`Store::act`].
    pub fn rehearse<T>(
        &self,
        actor: &Actor,
        now: Timestamp,
        ids: &mut dyn IdSource,
        action: Action,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer();
        // Never committed: dropping it rolls back.
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let _ = Acts { tx: &tx }.act(actor, now, ids, action)?;
        read(&tx)
    }
}

/// A transaction in which acts are carried out.
#[derive(Debug)]
pub struct Acts<'t> {
    tx: &'t Transaction<'t>,
}

impl Acts<'_> {
    /// Carries one action out within the transaction.
    ///
    /// # Errors
    /// As [`Store::act`]; the whole transaction is then to be given up.
    pub fn act(
        &mut self,
        actor: &Actor,
        now: Timestamp,
        ids: &mut dyn IdSource,
        action: Action,
    ) -> Result<Acted, StoreError> {
        let act_id = ids.next(now);
        let mut act = Act {
            tx: self.tx,
            actor,
            now,
            ids,
            action: action.kind(),
            act_id,
            office_code: desk::office_code(self.tx)?,
            before: Vec::new(),
            latest: HashMap::new(),
            changes: Vec::new(),
            touched: derive::Touched::default(),
            refused: Vec::new(),
        };
        let subject = act.carry_out(action)?;
        act.finish(subject)
    }

    /// Reads within the transaction.
    #[must_use]
    pub fn conn(&self) -> &Connection {
        self.tx
    }
}

impl Act<'_> {
    fn carry_out(&mut self, action: Action) -> Result<Option<Uuid>, StoreError> {
        match action {
            Action::CreateCase(new) => case::create(self, new).map(Some),
            Action::EditCase(edit) => case::edit(self, edit).map(Some),
            Action::PlaceCase(place) => case::place(self, &place).map(Some),
            Action::ReferCase {
                id,
                office_code,
                note,
            } => case::refer(self, id, office_code, note).map(Some),
            Action::CloseCase(close) => need::close(self, &close).map(Some),
            Action::ReopenCase { id, note } => need::reopen(self, id, &note).map(Some),
            Action::MoveNeed(step) => need::move_need(self, &step).map(Some),
            Action::AddFollowUp {
                case_id,
                due_on,
                note,
            } => follow_up::add(self, case_id, due_on, note).map(Some),
            Action::FinishFollowUp(looked) => follow_up::finish(self, looked).map(Some),
            Action::CreateVolunteer(fields) => volunteer::create(self, fields).map(Some),
            Action::EditVolunteer {
                id,
                version,
                fields,
            } => volunteer::edit(self, id, version, fields).map(Some),
            Action::SetAway(away) => volunteer::set_away(self, &away).map(Some),
            Action::Vet { ids, vetting } => volunteer::vet(self, &ids, vetting).map(|()| None),
            Action::SaveTeam(team) => team::save(self, team).map(Some),
            Action::Propose(propose) => assignment::propose(self, propose).map(Some),
            Action::ProposeAll(all) => several::propose_all(self, all).map(|()| None),
            Action::Reject(reject) => offer::reject(self, reject).map(Some),
            Action::Reconsider {
                need_id,
                volunteer_id,
            } => offer::reconsider(self, need_id, volunteer_id).map(Some),
            Action::Claim(claim) => offer::claim(self, claim).map(Some),
            Action::MoveAssignment(step) => assignment::advance(self, &step).map(Some),
            Action::MoveAssignments(steps) => {
                for step in &steps {
                    assignment::advance(self, step)?;
                }
                Ok(None)
            }
            Action::HandOver(over) => hand_over::hand_over(self, over).map(Some),
            Action::ReceiverSaid(said) => offer::receiver_said(self, said).map(Some),
            Action::SetHands { need_id, hands } => offer::set_hands(self, need_id, hands).map(Some),
            Action::ExpireOffers => offer::expire(self).map(|()| None),
            Action::EscalateCases => care::escalate(self).map(|()| None),
            Action::SeeEscalations { case_ids, note } => {
                care::see_escalations(self, &case_ids, note.as_deref()).map(|()| None)
            }
            Action::AnswerRecheck(answer) => recheck::answer_recheck(self, &answer).map(Some),
            Action::Decide(decide) => review::decide(self, decide).map(Some),
            Action::PrintTickList(list) => tick::print(self, list).map(Some),
            Action::VoidTickList { id, reason } => tick::void(self, id, &reason).map(Some),
            Action::KeyBack(words) => tick::key_back(self, words).map(|()| None),
            Action::SaveRule { code, value } => office::save_rule(self, code, value).map(Some),
            Action::SaveVillage(village) => office::save_village(self, village).map(Some),
            Action::SaveIncident(incident) => office::save_incident(self, incident).map(Some),
            Action::SaveServicePoint(point) => office::save_service_point(self, point).map(Some),
            Action::SaveKind(kind) => office::save_kind(self, kind).map(Some),
            Action::ImportCases { file, cases } => import::cases(self, &file, cases).map(|()| None),
            Action::ImportVillages { file, villages } => {
                import::villages(self, &file, villages).map(|()| None)
            }
            Action::TakeBackLines(lines) => {
                for line in lines {
                    correct::take_back(self, line)?;
                }
                Ok(None)
            }
            Action::Undo { act_id } => undo::undo(self, act_id).map(|()| None),
        }
    }

    pub(crate) fn conn(&self) -> &Connection {
        self.tx
    }

    pub(crate) fn new_id(&mut self) -> Uuid {
        self.ids.next(self.now)
    }

    /// A record that counts, with its version.
    pub(crate) fn get<R: Record>(&self, id: Uuid) -> Result<(R, i64), StoreError> {
        let missing = || StoreError::NotFound(R::ENTITY.code());
        let (fields, meta) = rows::read(self.tx, R::ENTITY, id)?.ok_or_else(missing)?;
        if fields
            .get("void_reason")
            .is_some_and(|reason| !reason.is_null())
        {
            return Err(missing());
        }
        Ok((rows::from_fields(fields)?, meta.version))
    }

    /// Adds a new record.
    pub(crate) fn create<R: Record>(&mut self, record: &R) -> Result<(), StoreError> {
        let fields = to_fields(record).map_err(|_| StoreError::Row(R::ENTITY.code()))?;
        let blank = to_fields(&R::default()).map_err(|_| StoreError::Row(R::ENTITY.code()))?;
        self.permit(R::ENTITY, &fields)?;
        let meta = RowMeta {
            version: 1,
            server_seq: 0,
        };
        rows::insert(self.tx, R::ENTITY, &fields, meta, None)?;
        let changed = changed_fields(&blank, &fields);
        self.note(R::ENTITY, record.id(), &fields, changed, None, meta)
    }

    /// Writes a record that exists; fields that are as they were are not written. Answers whether
    /// anything was.
    pub(crate) fn update<R: Record>(&mut self, record: &R) -> Result<bool, StoreError> {
        let fields = to_fields(record).map_err(|_| StoreError::Row(R::ENTITY.code()))?;
        self.write(R::ENTITY, record.id(), &fields)
    }

    /// As [`Act::update`], for a record of any kind.
    pub(crate) fn write(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: &Map<String, Value>,
    ) -> Result<bool, StoreError> {
        let (old, meta) =
            rows::read(self.tx, entity, id)?.ok_or(StoreError::NotFound(entity.code()))?;
        let changed = changed_fields(&old, fields);
        // Whoever moves a record must be allowed where it was and where it goes. Asked also when
        // nothing is written: the answer must not depend on what the record holds.
        self.permit(entity, &old)?;
        if changed.is_empty() {
            return Ok(false);
        }
        self.permit(entity, fields)?;
        let meta = RowMeta {
            version: meta.version + i64::from(form::ages(entity, &changed)),
            ..meta
        };
        rows::update(self.tx, entity, id, &changed, meta)?;
        let before = changed
            .keys()
            .map(|name| (name.clone(), old.get(name).cloned().unwrap_or(Value::Null)))
            .collect();
        let sent = if entity == Entity::Kind && meta.server_seq == 0 && meta.version == 2 {
            // The lists that ship were never sent: the first change of an entry tells it whole, also
            // what is at its default, since other desks hold it as it shipped.
            fields.clone()
        } else {
            changed
        };
        self.note(entity, id, fields, sent, Some(before), meta)?;
        Ok(true)
    }

    fn permit(&self, entity: Entity, fields: &Map<String, Value>) -> Result<(), StoreError> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let own_case = || -> Result<Option<Case>, StoreError> {
            match text("case_id").and_then(|id| id.parse().ok()) {
                Some(id) => rows::get::<Case>(self.tx, id),
                None => Ok(None),
            }
        };
        let case = if entity == Entity::Case {
            None
        } else {
            own_case()?
        };
        let subject = match &case {
            Some(case) => case.subject(),
            None => Subject {
                office_code: text("office_code").unwrap_or(&self.office_code),
                referred_to: text("referred_to"),
                area_code: text("area_code").or_else(|| text("code")),
                entered_by: text("created_by").and_then(|id| id.parse().ok()),
                done_by: &[],
            },
        };
        let done_by = self.done_by(entity, fields)?;
        let subject = Subject {
            done_by: &done_by,
            ..subject
        };
        Ok(authorize(self.actor, self.action, &subject)?)
    }

    /// Whose work a review or an assignment is about: all who went.
    fn done_by(
        &self,
        entity: Entity,
        fields: &Map<String, Value>,
    ) -> Result<Vec<Uuid>, StoreError> {
        let id = |value: &Value| value.as_str().and_then(|id| id.parse::<Uuid>().ok());
        let of = |name: &str| fields.get(name);
        Ok(match entity {
            Entity::Assignment => {
                let along = of("companions").and_then(Value::as_array);
                let asked = of("volunteer_id").into_iter();
                asked
                    .chain(along.into_iter().flatten())
                    .filter_map(id)
                    .collect()
            }
            Entity::Review => match of("assignment_id").and_then(id) {
                Some(assignment) => rows::get::<jitasa_domain::Assignment>(self.tx, assignment)?
                    .map(|assignment| assignment.who_go().collect())
                    .unwrap_or_default(),
                None => Vec::new(),
            },
            _ => Vec::new(),
        })
    }

    fn note(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: &Map<String, Value>,
        changed: Map<String, Value>,
        before: Option<Map<String, Value>>,
        meta: RowMeta,
    ) -> Result<(), StoreError> {
        let case_id = self.touched.add(entity, id, fields);
        self.remember(entity, id, fields, before);
        let base_version = self.seen_of(id, &changed, meta)?;
        let change = Change {
            change_id: self.new_id(),
            act_id: self.act_id,
            action: self.action,
            entity,
            entity_id: id,
            base_version,
            fields: changed,
            actor_id: self.actor.id,
            actor_name: self.actor.name.clone(),
            actor_role: self.actor.role,
            device_seq: desk::next_device_seq(self.tx)?,
            claimed_at: self.now,
        };
        self.changes.push((change, case_id));
        Ok(())
    }

    /// Keeps what undo needs. A record that an act writes twice is known by how the act left it in the end.
    fn remember(
        &mut self,
        entity: Entity,
        id: Uuid,
        fields: &Map<String, Value>,
        before: Option<Map<String, Value>>,
    ) {
        self.before.push(Before {
            entity,
            id,
            fields: before,
            left: None,
        });
        let latest = self.before.len() - 1;
        let since = match self.latest.insert(id, latest) {
            None => latest,
            Some(earlier) => {
                self.before[earlier].left = None;
                0
            }
        };
        let of_record = self.before[since..].iter().filter(|each| each.id == id);
        let left = undo::imprint(id, fields, undo::written(of_record).as_ref());
        self.before[latest].left = Some(left);
    }

    /// Makes forms of cases old whose parts were written and whose own rows were not.
    fn age_cases(&self) -> Result<(), StoreError> {
        let mut aged = BTreeSet::new();
        for (change, case_id) in &self.changes {
            if let Some(case_id) = case_id.filter(|id| !self.latest.contains_key(id))
                && form::ages_case(change.entity, &change.fields)
            {
                aged.insert(case_id);
            }
        }
        aged.into_iter()
            .try_for_each(|id| form::age_case(self.tx, id))
    }

    /// A file that brought nothing new is remembered all the same, so that it is known again.
    fn keeps_an_empty_act(&self) -> bool {
        matches!(
            self.action,
            ActionKind::CasesImport | ActionKind::VillagesImport
        )
    }

    /// An act that changed nothing leaves nothing to undo. A form that was saved twice is answered
    /// with the act that made its record, so that undo takes back what the person sees.
    fn nothing_done(self, subject: Option<Uuid>) -> Result<Acted, StoreError> {
        let made_by = match subject.filter(|_| self.action == ActionKind::CaseCreate) {
            Some(id) => self
                .tx
                .prepare_cached(
                    "SELECT act_id FROM audit WHERE case_id = ?1 AND entity_id = ?1
                     AND action = 'case_create' ORDER BY pk LIMIT 1",
                )?
                .query_row([id.to_string()], |row| row.get::<_, String>(0))
                .optional()?
                .and_then(|act_id| act_id.parse().ok()),
            None => None,
        };
        Ok(Acted {
            act_id: made_by.unwrap_or(self.act_id),
            action: self.action,
            changed: BTreeSet::new(),
            subject,
            made: Vec::new(),
            refused: self.refused,
        })
    }

    /// Up to where the author has seen a record. What others wrote into a field lies hidden under a
    /// change of this desk that still waits, so whoever writes the field again has not seen it: he
    /// has seen what the waiting change had.
    fn seen_of(
        &self,
        id: Uuid,
        changed: &Map<String, Value>,
        meta: RowMeta,
    ) -> Result<u64, StoreError> {
        let delivered = u64::try_from(meta.server_seq).unwrap_or(0);
        if delivered == 0 {
            return Ok(0);
        }
        let hiding = crate::sync::waiting(self.tx, id)?;
        Ok(hiding
            .iter()
            .filter(|waiting| waiting.fields.keys().any(|name| changed.contains_key(name)))
            .map(|waiting| waiting.base_version)
            .fold(delivered, u64::min))
    }

    /// Derived columns, audit, outbox, undo: the rest of the transaction.
    fn finish(mut self, subject: Option<Uuid>) -> Result<Acted, StoreError> {
        if self.before.is_empty() && !self.keeps_an_empty_act() {
            return self.nothing_done(subject);
        }
        care::settle(&mut self)?;
        self.age_cases()?;
        let mut audit = self.tx.prepare_cached(
            "INSERT INTO audit (act_id, action, actor_id, actor_name, at, entity, entity_id, case_id, fields)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        let mut outbox = self.tx.prepare_cached(
            "INSERT INTO outbox (device_seq, entity, entity_id, body) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (change, case_id) in &self.changes {
            let names: Vec<_> = change.fields.keys().collect();
            audit.execute(rusqlite::params![
                self.act_id.to_string(),
                self.action.code(),
                self.actor.id.to_string(),
                self.actor.name,
                self.now.0,
                change.entity.code(),
                change.entity_id.to_string(),
                case_id.map(|id| id.to_string()),
                to_json(&names)?,
            ])?;
            outbox.execute(rusqlite::params![
                i64::try_from(change.device_seq).unwrap_or(i64::MAX),
                change.entity.code(),
                change.entity_id.to_string(),
                to_json(change)?,
            ])?;
        }
        self.tx.execute(
            "INSERT INTO act (act_id, action, actor_id, at, undone, body) VALUES (?1, ?2, ?3, ?4, 0, ?5)",
            rusqlite::params![
                self.act_id.to_string(),
                self.action.code(),
                self.actor.id.to_string(),
                self.now.0,
                to_json(&self.before)?,
            ],
        )?;
        desk::bump_data_version(self.tx)?;
        let made = self.before.iter().filter(|before| before.fields.is_none());
        Ok(Acted {
            act_id: self.act_id,
            action: self.action,
            changed: self.before.iter().map(|before| before.entity).collect(),
            subject,
            made: made.map(|before| (before.entity, before.id)).collect(),
            refused: self.refused,
        })
    }
}

fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Row("act"))
}
