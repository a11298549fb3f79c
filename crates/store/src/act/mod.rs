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
mod trouble;
mod undo;
mod volunteer;
mod write;

use std::collections::{BTreeSet, HashMap};

use jitasa_domain::{ActionKind, Actor, Entity, IdSource, Timestamp, change::Change};
use rusqlite::{Connection, Transaction, TransactionBehavior};
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
    trouble::{DecideTroubles, Seen},
    volunteer::{Away, VolunteerFields},
};
use crate::{Store, StoreError, derive, desk};

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
    /// What permission is asked for and what travels.
    action: ActionKind,
    /// How the act is called here. Another than `action` where a person decides about an earlier act: the
    /// server knows that one, with its permission, and need not know of the decision.
    called: ActionKind,
    act_id: Uuid,
    office_code: String,
    before: Vec<Before>,
    /// By record: its latest place in `before`.
    latest: HashMap<Uuid, usize>,
    changes: Vec<(Change, Option<Uuid>)>,
    touched: derive::Touched,
    refused: Vec<(usize, &'static str)>,
    /// A decision was made or taken back, which stands also where no record was written.
    decided: bool,
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
            called: action.kind(),
            act_id,
            office_code: desk::office_code(self.tx)?,
            before: Vec::new(),
            latest: HashMap::new(),
            changes: Vec::new(),
            touched: derive::Touched::default(),
            refused: Vec::new(),
            decided: false,
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
            Action::DecideTroubles(decide) => trouble::decide(self, &decide),
            Action::Undo { act_id } => undo::undo(self, act_id).map(|()| None),
        }
    }
}
