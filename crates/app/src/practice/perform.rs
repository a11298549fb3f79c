//! Carries the planned events out as acts of the people whose acts they are: the clerk keys, asks and
//! closes, each village's headman gives his word. Nothing here writes but through the store's one
//! door. It must not know why an event was planned.

use jitasa_domain::{
    Actor, IdSource, OfferChannel, ReviewState, Timestamp,
    ids::SeededIds,
    lifecycle::{AssignmentMove, NeedMove},
};
use jitasa_store::{
    Action, Acts, StoreError,
    act::{
        CloseCase, Decide, EditCase, Looked, MoveAssignment, MoveNeed, NewCase, Propose, TeamFields,
    },
    query,
};
use uuid::Uuid;

use super::{
    calls::Call,
    chance::Chance,
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
}

/// The office at work.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub(super) calls: &'a [Call],
    pub(super) villages: &'a [Village],
    pub(super) points: &'a [jitasa_domain::ServicePoint],
    pub(super) clerk: Actor,
    /// One for each village.
    pub(super) headmen: Vec<Actor>,
    pub(super) referral_office: &'a str,
    pub(super) ids: SeededIds,
    pub(super) chance: Chance,
    hands: Vec<Hand>,
    progress: Vec<Progress>,
}

impl<'a> Stage<'a> {
    #[expect(clippy::too_many_arguments, reason = "everything that is on a stage")]
    pub(super) fn new(
        calls: &'a [Call],
        villages: &'a [Village],
        points: &'a [jitasa_domain::ServicePoint],
        clerk: Actor,
        headmen: Vec<Actor>,
        referral_office: &'a str,
        ids: SeededIds,
        chance: Chance,
    ) -> Self {
        Self {
            calls,
            villages,
            points,
            clerk,
            headmen,
            referral_office,
            ids,
            chance,
            hands: Vec::new(),
            progress: vec![Progress::default(); calls.len()],
        }
    }

    /// An act of the clerk.
    pub(super) fn clerk_does(
        &mut self,
        acts: &mut Acts,
        at: Timestamp,
        action: Action,
    ) -> Result<Option<Uuid>, StoreError> {
        Ok(acts.act(&self.clerk, at, &mut self.ids, action)?.subject)
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

    /// Carries one event out.
    pub(super) fn perform(&mut self, acts: &mut Acts, event: &Event) -> Result<(), StoreError> {
        let (at, subject) = (event.at, event.subject);
        let case_id = self
            .progress
            .get(subject)
            .map_or(Uuid::nil(), |progress| progress.id);
        match &event.step {
            Step::Create => self.key_in(acts, at, subject),
            Step::SavePoint => {
                let point = self.points[subject].clone();
                self.clerk_does(acts, at, Action::SaveServicePoint(point))
                    .map(|_| ())
            }
            Step::HearFrom => self.hear_from(acts, at, subject),
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
                    office_code: Some(self.referral_office.into()),
                    note: Some(self.chance.pick(&said::REFERRAL_NOTES).into()),
                };
                self.clerk_does(acts, at, refer).map(|_| ())
            }
            Step::FollowUp(due_on) => {
                let note = self.look_again(subject).0.into();
                let add = Action::AddFollowUp {
                    case_id,
                    due_on: *due_on,
                    note,
                };
                self.clerk_does(acts, at, add).map(|_| ())
            }
            Step::FinishFollowUp => {
                let Some(case) = query::cases::whole(acts.conn(), case_id)? else {
                    return Ok(());
                };
                // What the rule had set is done with it.
                let mut open = case.follow_ups.iter().filter(|each| each.done_at.is_none());
                let Some(follow_up) = open.next() else {
                    return Ok(());
                };
                let finish = Action::FinishFollowUp(Looked {
                    id: follow_up.id,
                    outcome: self.look_again(subject).1.into(),
                    no_answer: false,
                });
                self.clerk_does(acts, at, finish).map(|_| ())
            }
            Step::Propose { need, offered } => self.propose(acts, at, subject, *need, *offered),
            Step::Move { need, step } => self.advance(acts, at, subject, *need, *step),
            Step::Judge { need, verdict } => match self.progress[subject].held[*need] {
                Some((id, _)) => self.review(acts, at, subject, Some(id), *verdict),
                None => Ok(()),
            },
        }
    }

    /// What to look at again in a call, and what was found.
    fn look_again(&self, subject: usize) -> (&'static str, &'static str) {
        let first = self.calls[subject].needs.first();
        said::look_again(first.map_or("other", |need| need.kind.as_str()))
    }

    fn key_in(&mut self, acts: &mut Acts, at: Timestamp, subject: usize) -> Result<(), StoreError> {
        let call = &self.calls[subject];
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
        self.progress[subject] = Progress {
            id,
            held: vec![None; needs.len()],
            asked: vec![Vec::new(); needs.len()],
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
        let Some(village) = self.calls[subject].village else {
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
        acts.act(&self.headmen[village], at, &mut self.ids, decide)?;
        Ok(())
    }

    /// The clerk mends what the headman sent back: says better where the house is.
    fn mend(&mut self, acts: &mut Acts, at: Timestamp, subject: usize) -> Result<(), StoreError> {
        let Some(line) = query::cases::line(acts.conn(), self.progress[subject].id)? else {
            return Ok(());
        };
        let call = &self.calls[subject];
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
        let asked = &self.progress[subject].asked[need];
        let call = &self.calls[subject];
        let Some(chosen) = nearest(&self.hands, self.villages, call, need, asked, at) else {
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
        // Nobody was free to be asked, so nothing came of it.
        let Some((id, hand)) = self.progress[subject].held[need] else {
            return Ok(());
        };
        let kind = self.calls[subject].needs[need].kind.as_str();
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
