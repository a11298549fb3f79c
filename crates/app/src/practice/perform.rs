//! Carries the planned events out as acts of the people whose acts they are: the clerk keys, asks and
//! closes, each village's headman gives his word. Nothing here writes but through the store's one
//! door. It must not know why an event was planned.

use std::collections::{BTreeSet, HashMap};

use jitasa_domain::{
    ClosingReason, IdSource, OfferChannel, ReviewState, ServicePoint, Timestamp,
    ids::SeededIds,
    lifecycle::{AssignmentMove, NeedMove},
};
use jitasa_store::{
    Action, Acts, StoreError,
    act::{CloseCase, Decide, EditCase, MoveAssignment, MoveNeed, NewCase, Propose, TeamFields},
    query,
};
use uuid::Uuid;

use super::{
    REFERRAL_OFFICE,
    calls::Call,
    cast::Cast,
    chance::Chance,
    fate::Fate,
    ground::Village,
    hands::{Hand, nearest},
    plan::{Event, Step},
    said,
    volunteers::Enlisted,
};

/// What has come of a call so far.
#[derive(Debug, Clone, Default)]
struct Progress {
    id: Uuid,
    needs: Vec<Uuid>,
    /// For each need, the assignment spoken of last and who has it.
    held: Vec<Option<(Uuid, usize)>>,
    /// For each need, who has been asked: nobody is asked twice.
    asked: Vec<Vec<usize>>,
    /// For each need, whether it was passed on to others.
    over: Vec<bool>,
}

/// Everything that happened, as it was decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Story<'a> {
    pub(super) calls: &'a [Call],
    pub(super) fates: &'a [Fate],
    pub(super) villages: &'a [Village],
    pub(super) points: &'a [ServicePoint],
    /// When it ends.
    pub(super) now: Timestamp,
}

/// The office at work.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub(super) story: Story<'a>,
    pub(super) cast: Cast,
    pub(super) ids: SeededIds,
    pub(super) chance: Chance,
    pub(super) hands: Vec<Hand>,
    progress: Vec<Progress>,
    /// Which call a case is of.
    pub(super) calls_of: HashMap<Uuid, usize>,
    /// Calls the clerk has forgotten to look at again.
    pub(super) forgotten: BTreeSet<usize>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(story: Story<'a>, cast: Cast, ids: SeededIds, chance: Chance) -> Self {
        Self {
            story,
            cast,
            ids,
            chance,
            hands: Vec::new(),
            progress: vec![Progress::default(); story.calls.len()],
            calls_of: HashMap::new(),
            forgotten: BTreeSet::new(),
        }
    }

    /// An act of the clerk.
    pub(super) fn clerk_does(
        &mut self,
        acts: &mut Acts,
        at: Timestamp,
        action: Action,
    ) -> Result<Option<Uuid>, StoreError> {
        Ok(acts
            .act(&self.cast.clerk, at, &mut self.ids, action)?
            .subject)
    }

    /// Adds a volunteer to the register.
    pub(super) fn enlist(
        &mut self,
        acts: &mut Acts,
        at: Timestamp,
        enlisted: &Enlisted,
    ) -> Result<(), StoreError> {
        let action = Action::CreateVolunteer(enlisted.fields.clone());
        let id = self.clerk_does(acts, at, action)?.unwrap_or_default();
        self.hands.push(Hand::new(id, enlisted));
        Ok(())
    }

    /// Makes a team of volunteers; the first leads it.
    pub(super) fn team_up(
        &mut self,
        acts: &mut Acts,
        at: Timestamp,
        name: &str,
        members: &[usize],
    ) -> Result<(), StoreError> {
        let members: Vec<Uuid> = members.iter().map(|index| self.hands[*index].id).collect();
        let team = TeamFields {
            name: name.into(),
            leader_id: members.first().copied(),
            members,
            ..TeamFields::default()
        };
        self.clerk_does(acts, at, Action::SaveTeam(team))
            .map(|_| ())
    }

    /// A volunteer tells the office that what it knows of him is still so.
    fn hear_from(&mut self, acts: &mut Acts, at: Timestamp, hand: usize) -> Result<(), StoreError> {
        let (id, fields) = (
            self.hands[hand].id,
            self.hands[hand].enlisted.fields.clone(),
        );
        let Some(line) = query::volunteers::line(acts.conn(), id)? else {
            return Ok(());
        };
        let edit = Action::EditVolunteer {
            id,
            version: line.version,
            fields,
        };
        self.clerk_does(acts, at, edit).map(|_| ())
    }

    /// Carries one event out; what it holds of several acts is done `until` the next one.
    pub(super) fn perform(
        &mut self,
        acts: &mut Acts,
        event: &Event,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let (at, subject) = (event.at, event.subject);
        let case_id = self
            .progress
            .get(subject)
            .map_or(Uuid::nil(), |progress| progress.id);
        match &event.step {
            Step::Create => self.key_in(acts, at, subject),
            Step::SavePoint => {
                let point = self.story.points[subject].clone();
                self.clerk_does(acts, at, Action::SaveServicePoint(point))
                    .map(|_| ())
            }
            Step::HearFrom => self.hear_from(acts, at, subject),
            Step::Hour => self.hour(acts, at, until),
            Step::TakeNote => self.take_note(acts, at, until),
            Step::Verify => {
                for id in self.progress[subject].needs.clone() {
                    let step = NeedMove::Verify;
                    let step = MoveNeed {
                        id,
                        step,
                        reason: None,
                        note: None,
                    };
                    self.clerk_does(acts, at, Action::MoveNeed(step))?;
                }
                Ok(())
            }
            Step::Review(verdict) => self.review(acts, at, subject, None, *verdict),
            Step::Mend => self.mend(acts, at, subject),
            Step::Close(reason) => {
                let note = self.chance.pick(said::closing_notes(*reason));
                let note = Some(note.to_string()).filter(|note| !note.is_empty());
                let close = CloseCase {
                    id: case_id,
                    reason: *reason,
                    note,
                };
                self.clerk_does(acts, at, Action::CloseCase(close))
                    .map(|_| ())
            }
            Step::Refer => {
                let refer = Action::ReferCase {
                    id: case_id,
                    office_code: Some(REFERRAL_OFFICE.into()),
                    note: Some(self.chance.pick(&said::REFERRAL_NOTES).into()),
                };
                self.clerk_does(acts, at, refer).map(|_| ())
            }
            Step::FollowUp(due_on) => {
                let note = self.look_again(subject).into();
                let add = Action::AddFollowUp {
                    case_id,
                    due_on: *due_on,
                    note,
                };
                self.clerk_does(acts, at, add).map(|_| ())
            }
            Step::Propose { need, offered } => self.propose(acts, at, subject, *need, *offered),
            Step::Move { need, step } => self.advance(acts, at, subject, *need, *step),
            Step::Judge { need, verdict } => match self.progress[subject].held[*need] {
                Some((id, _)) => self.review(acts, at, subject, Some(id), *verdict),
                None => Ok(()),
            },
        }
    }

    /// What to look at again in a call.
    fn look_again(&self, subject: usize) -> &'static str {
        let first = self.story.calls[subject].needs.first();
        said::look_again(first.map_or("other", |need| need.kind.as_str())).0
    }

    fn key_in(&mut self, acts: &mut Acts, at: Timestamp, subject: usize) -> Result<(), StoreError> {
        let call = &self.story.calls[subject];
        let id = self.ids.next(at);
        let new = NewCase {
            id: Some(id),
            person: call.person.clone(),
            fields: call.fields.clone(),
            needs: call.needs.clone(),
            import_id: None,
        };
        self.clerk_does(acts, at, Action::CreateCase(new))?;
        let needs: Vec<Uuid> = query::cases::line(acts.conn(), id)?
            .map(|line| line.needs.iter().map(|need| need.id).collect())
            .unwrap_or_default();
        self.calls_of.insert(id, subject);
        self.progress[subject] = Progress {
            id,
            held: vec![None; needs.len()],
            asked: vec![Vec::new(); needs.len()],
            over: vec![false; needs.len()],
            needs,
        };
        Ok(())
    }

    /// The headman's word, on the case or on an assignment of it.
    fn review(
        &mut self,
        acts: &mut Acts,
        at: Timestamp,
        subject: usize,
        assignment_id: Option<Uuid>,
        verdict: ReviewState,
    ) -> Result<(), StoreError> {
        let Some(village) = self.story.calls[subject].village else {
            return Ok(());
        };
        let reasons = said::review_reasons(verdict, assignment_id.is_some());
        let reason = (verdict != ReviewState::Confirmed).then(|| self.chance.pick(reasons).into());
        let case_id = self.progress[subject].id;
        let decide = Action::Decide(Decide {
            case_id,
            assignment_id,
            verdict,
            reason,
        });
        acts.act(&self.cast.headmen[village], at, &mut self.ids, decide)?;
        Ok(())
    }

    /// The clerk mends what the headman sent back: says better where the house is.
    fn mend(&mut self, acts: &mut Acts, at: Timestamp, subject: usize) -> Result<(), StoreError> {
        let Some(line) = query::cases::line(acts.conn(), self.progress[subject].id)? else {
            return Ok(());
        };
        let call = &self.story.calls[subject];
        let mut fields = call.fields.clone();
        fields.note = format!("{}\n{}", fields.note, self.chance.pick(&said::MENDINGS))
            .trim()
            .to_string();
        let edit = EditCase {
            id: line.case.id,
            version: line.version,
            person: call.person.clone(),
            fields,
            needs: Vec::new(),
        };
        self.clerk_does(acts, at, Action::EditCase(edit))
            .map(|_| ())
    }

    fn propose(
        &mut self,
        acts: &mut Acts,
        at: Timestamp,
        subject: usize,
        need: usize,
        offered: bool,
    ) -> Result<(), StoreError> {
        self.progress[subject].held[need] = None;
        if self.progress[subject].over[need] {
            return Ok(());
        }
        let asked = &self.progress[subject].asked[need];
        let call = &self.story.calls[subject];
        let Some(chosen) = nearest(&self.hands, self.story.villages, call, need, asked, at) else {
            return Ok(());
        };
        let hand = chosen.hand;
        let propose = Propose {
            need_id: self.progress[subject].needs[need],
            volunteer_id: self.hands[hand].id,
            volunteer_label: self.hands[hand].enlisted.label.clone(),
            distance_m: chosen.distance_m,
            why: chosen.why,
            offered,
            channel: offered.then(|| self.channel()),
            ..Propose::default()
        };
        let id = self
            .clerk_does(acts, at, Action::Propose(propose))?
            .unwrap_or_default();
        self.hands[hand].open_tasks += 1;
        self.progress[subject].held[need] = Some((id, hand));
        self.progress[subject].asked[need].push(hand);
        Ok(())
    }

    fn advance(
        &mut self,
        acts: &mut Acts,
        at: Timestamp,
        subject: usize,
        need: usize,
        step: AssignmentMove,
    ) -> Result<(), StoreError> {
        use AssignmentMove as M;
        let Some((id, hand)) = self.progress[subject].held[need] else {
            return match step {
                M::Accept | M::Finish | M::FinishPartly => self.pass_on(acts, at, subject, need),
                _ => Ok(()),
            };
        };
        let kind = self.story.calls[subject].needs[need].kind.as_str();
        let reasons = said::step_reasons(step);
        let reason = (!reasons.is_empty()).then(|| self.chance.pick(reasons).into());
        let outcome = matches!(step, M::Finish | M::FinishPartly)
            .then(|| said::outcome(kind, step == M::FinishPartly).into());
        let step_taken = MoveAssignment {
            id,
            step,
            reason,
            outcome,
            channel: (step == M::Offer).then(|| self.channel()),
            minutes_given: matches!(step, M::Finish | M::FinishPartly).then(|| self.minutes(kind)),
        };
        self.clerk_does(acts, at, Action::MoveAssignment(step_taken))?;
        if !matches!(step, M::Offer | M::Accept | M::Depart | M::Arrive) {
            self.hands[hand].open_tasks = self.hands[hand].open_tasks.saturating_sub(1);
        }
        Ok(())
    }

    /// Nobody of ours was free to be asked: others are, and for this office the need is over.
    fn pass_on(
        &mut self,
        acts: &mut Acts,
        at: Timestamp,
        subject: usize,
        need: usize,
    ) -> Result<(), StoreError> {
        if std::mem::replace(&mut self.progress[subject].over[need], true) {
            return Ok(());
        }
        let reason = ClosingReason::ReferredOut;
        let close = MoveNeed {
            id: self.progress[subject].needs[need],
            step: NeedMove::Close,
            reason: Some(reason),
            note: Some(self.chance.pick(said::closing_notes(reason)).into()),
        };
        self.clerk_does(acts, at, Action::MoveNeed(close))
            .map(|_| ())
    }

    /// How a volunteer is told.
    fn channel(&mut self) -> OfferChannel {
        use OfferChannel as C;
        [C::Phone, C::Message, C::InPerson, C::Slip][self.chance.weighted(&[55, 28, 12, 5])]
    }

    /// How long a visit takes, in minutes as people say them.
    fn minutes(&mut self, kind: &str) -> u32 {
        let (least, most) = match kind {
            "transport" | "bed" | "shelter" => (60, 180),
            "repair" | "funeral" => (90, 300),
            _ => (20, 90),
        };
        u32::try_from(self.chance.between(least / 5, most / 5) * 5).unwrap_or(30)
    }
}
