//! What comes round every hour in an office that is looked after, whatever the calls: the clock takes
//! further what has waited too long, the clerk looks again where it is due and rings whom nobody has
//! heard of, the supervisor takes note. A few are forgotten, as in every office. It must not know how
//! the calls came about.

use jitasa_domain::{
    CaseState, Entity, Escalation, NeedState, Timestamp,
    care::{self, Heard},
    lifecycle::case_state,
};
use jitasa_store::{
    Action, Acts, StoreError,
    act::{Looked, RecheckAnswer, RecheckWord},
    query::{
        cases::CaseLine,
        escalations,
        follow_ups::{self, DueFollowUp},
        office,
        rechecks::{self, Call as ToRing, RecheckQuery},
    },
};
use uuid::Uuid;

use super::{
    calls::{DAY_MS, DAYS, HOUR_MS, MINUTE_MS},
    fate::scale,
    perform::Stage,
    plan::{Event, Step},
    said,
};

/// Hours of the clock at which the clerk goes round.
const FIRST_ROUND: i8 = 8;
const LAST_ROUND: i8 = 16;
/// Hours at which the supervisor does.
const SUPERVISOR: [i8; 2] = [10, 15];
/// He has not looked since, so that some of what he was told is still new to him.
const NOTED_MS: i64 = 50 * MINUTE_MS;
/// What was due so many days ago is forgotten by now, so many in all for each four hundred calls.
const FORGOTTEN: [(i32, usize); 4] = [(4, 1), (3, 2), (2, 5), (1, 11)];
/// So many are still to be rung, for each four hundred calls.
const LEFT_TO_RING: usize = 6;
/// Lines read at once: more than any practice office has.
const LISTED: u32 = 10_000;
/// Between one thing the clerk does and the next.
const STEP_MS: i64 = 4 * MINUTE_MS;

/// Every hour of the month, and when the supervisor looked last.
pub(super) fn hours(now: Timestamp) -> impl Iterator<Item = Event> {
    let event = move |ago_ms: i64, step| Event {
        at: now.plus_ms(-ago_ms),
        subject: 0,
        step,
    };
    (1..DAYS * 24)
        .map(move |hours| event(hours * HOUR_MS, Step::Hour))
        .chain([event(NOTED_MS, Step::TakeNote)])
}

/// Moments for so many things that are done one after another before the next event.
fn moments(at: Timestamp, until: Timestamp, count: usize) -> impl Iterator<Item = Timestamp> {
    let count = i64::try_from(count).unwrap_or(i64::MAX - 1);
    let step_ms = ((until.0 - at.0) / (count + 1)).clamp(0, STEP_MS);
    (0..count).map(move |turn| at.plus_ms(turn * step_ms))
}

impl Stage<'_> {
    fn scale(&self) -> usize {
        scale(self.story.calls.len())
    }

    /// Whole days from a moment's date until today's.
    fn days_ago(&self, at: Timestamp) -> i32 {
        let until = self.story.now.date().since(at.date());
        until.map_or(0, |span| span.get_days())
    }

    /// Whether it is less than a day until the end.
    fn is_lately(&self, at: Timestamp) -> bool {
        self.story.now.0 - at.0 < DAY_MS
    }

    pub(super) fn hour(
        &mut self,
        acts: &mut Acts,
        at: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let office = &self.cast.timekeeper.office_code;
        if !escalations::due(acts.conn(), office, at, 1)?.is_empty() {
            acts.act(
                &self.cast.timekeeper,
                at,
                &mut self.ids,
                Action::EscalateCases,
            )?;
        }
        let clock = at.in_bangkok().hour();
        if !(FIRST_ROUND..=LAST_ROUND).contains(&clock) {
            return Ok(());
        }
        let due = self.due(acts, at, clock == FIRST_ROUND)?;
        let unheard = self.unheard(acts, at, &due)?;
        let mut todo = self.look_again_at(&due, at, clock);
        todo.extend(unheard);
        for (moment, action) in moments(at, until, todo.len()).zip(todo) {
            self.clerk_does(acts, moment, action)?;
        }
        if SUPERVISOR.contains(&clock) && !self.is_lately(at) {
            let all = self.unseen(acts)?.into_iter().map(|line| line.case.id);
            self.see(acts, until, until, all.collect())?;
        }
        Ok(())
    }

    /// What is due by today, without what was forgotten. Whatever else is forgotten today is so from the
    /// first round.
    fn due(
        &mut self,
        acts: &Acts,
        at: Timestamp,
        is_first: bool,
    ) -> Result<Vec<DueFollowUp>, StoreError> {
        let today = Some(at.date());
        let mut due = follow_ups::due_follow_ups(acts.conn(), today, None, LISTED)?;
        due.retain(|each| self.is_remembered(each.follow_up.case_id));
        if is_first {
            self.forget(&mut due, self.days_ago(at));
        }
        Ok(due)
    }

    fn is_remembered(&self, case_id: Uuid) -> bool {
        let call = self.calls_of.get(&case_id);
        call.is_some_and(|call| !self.forgotten.contains(call))
    }

    /// Those that are done this hour: an even part of what is left for today.
    fn look_again_at(&mut self, due: &[DueFollowUp], at: Timestamp, clock: i8) -> Vec<Action> {
        let rounds = usize::try_from(LAST_ROUND - clock + 1).unwrap_or(1);
        let mut count = due.len().div_ceil(rounds);
        if self.days_ago(at) == 0 {
            // The day is not over.
            count = count.min(due.len().saturating_sub(2 + due.len() / 4));
        }
        let done = due.iter().take(count).map(|each| {
            Action::FinishFollowUp(Looked {
                id: each.follow_up.id,
                outcome: self.outcome(&each.line).into(),
                no_answer: false,
            })
        });
        done.collect()
    }

    /// Some of what is due is forgotten, the least urgent first; only of calls whose story is not over.
    fn forget(&mut self, due: &mut Vec<DueFollowUp>, days_ago: i32) {
        let Some((_, most)) = FORGOTTEN.iter().find(|(days, _)| *days == days_ago) else {
            return;
        };
        let most = most * self.scale();
        for index in (0..due.len()).rev() {
            let Some(call) = self.calls_of.get(&due[index].follow_up.case_id) else {
                continue;
            };
            if self.forgotten.len() < most && self.story.fates[*call].open {
                self.forgotten.insert(*call);
                due.remove(index);
            }
        }
    }

    /// What the clerk was told, by how far help has come.
    fn outcome(&mut self, line: &CaseLine) -> &'static str {
        let states: Vec<NeedState> = line.needs.iter().map(|need| need.state).collect();
        match case_state(&states) {
            _ if states.iter().any(|state| state.wants_hands()) => {
                self.chance.pick(&said::STILL_WAITS)
            }
            CaseState::InProgress => self.chance.pick(&said::ON_THE_WAY),
            CaseState::Met => self.chance.pick(&said::HELP_CAME),
            _ => {
                let first = line.needs.first();
                said::look_again(first.map_or("other", |need| need.kind.as_str())).1
            }
        }
    }

    /// Cases that are rung this hour, because nobody has heard of them for a day. Those that are due to
    /// be looked at today need it no more.
    fn unheard(
        &mut self,
        acts: &Acts,
        at: Timestamp,
        due: &[DueFollowUp],
    ) -> Result<Vec<Action>, StoreError> {
        let rules = office::rules(acts.conn())?;
        let query = RecheckQuery {
            kinds: &[Heard::Case],
            areas: &[],
            villages: None,
            now: at,
            only_stale: false,
        };
        let listed = usize::try_from(LISTED).unwrap_or(usize::MAX);
        let mut ring: Vec<Uuid> = rechecks::list(acts.conn(), &query, &rules, listed)?
            .into_iter()
            .filter_map(|each| match each.call {
                ToRing::Case(line) => Some(line.case.id),
                ToRing::Volunteer(_) | ToRing::ServicePoint(_) => None,
            })
            .filter(|id| {
                self.is_remembered(*id) && due.iter().all(|each| each.follow_up.case_id != *id)
            })
            .collect();
        if self.is_lately(at) {
            ring.truncate(ring.len().saturating_sub(LEFT_TO_RING * self.scale()));
        }
        let answered = ring.into_iter().map(|id| {
            let word = if self.chance.percent(8) {
                RecheckWord::NoAnswer
            } else {
                RecheckWord::StillNeeded
            };
            Action::AnswerRecheck(RecheckAnswer {
                entity: Entity::Case,
                id,
                word,
                note: None,
                need_ids: Vec::new(),
                back_on: None,
            })
        });
        Ok(answered.collect())
    }

    /// The supervisor looked over what he was told, but not at the latest of it.
    pub(super) fn take_note(
        &mut self,
        acts: &mut Acts,
        at: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let mut told = self.unseen(acts)?;
        told.sort_by_key(|line| line.case.escalated_at);
        let few = 1 + self.scale() / 3;
        let mut left = [
            (Escalation::Supervisor, 2 * few),
            (Escalation::District, few),
        ];
        let mut seen = Vec::new();
        for line in told.into_iter().rev() {
            let level = left
                .iter_mut()
                .find(|(level, left)| *level == line.case.escalation && *left > 0);
            match level {
                Some((_, left)) => *left -= 1,
                None => seen.push(line.case.id),
            }
        }
        self.see(acts, at, until, seen)
    }

    /// The supervisor has seen what he was told before a moment: in an office too large for rounds.
    pub(super) fn see_older(&mut self, acts: &mut Acts, than: Timestamp) -> Result<(), StoreError> {
        let told = self.unseen(acts)?.into_iter();
        let older = told.filter(|line| line.case.escalated_at.is_some_and(|at| at < than));
        let now = self.story.now;
        let older = older.map(|line| line.case.id).collect();
        self.see(acts, now, now, older)
    }

    /// What the supervisor was told and has not seen; what came to the district is the district's to see.
    fn unseen(&self, acts: &Acts) -> Result<Vec<CaseLine>, StoreError> {
        let office = &self.cast.supervisor.office_code;
        let mut told = escalations::taken_further(acts.conn(), office, None, LISTED)?;
        told.retain(|line| {
            let case = &line.case;
            case.escalation_seen_at.is_none() && care::may_take_note(office, case.escalation)
        });
        Ok(told)
    }

    fn see(
        &mut self,
        acts: &mut Acts,
        at: Timestamp,
        until: Timestamp,
        cases: Vec<Uuid>,
    ) -> Result<(), StoreError> {
        for (moment, case_id) in moments(at, until, cases.len()).zip(cases) {
            let see = Action::SeeEscalations {
                case_ids: vec![case_id],
                note: None,
            };
            acts.act(&self.cast.supervisor, moment, &mut self.ids, see)?;
        }
        Ok(())
    }

    /// What the clock brought about by the end.
    pub(super) fn keep_time(&mut self, acts: &mut Acts) -> Result<(), StoreError> {
        for action in [Action::ExpireOffers, Action::EscalateCases] {
            acts.act(&self.cast.timekeeper, self.story.now, &mut self.ids, action)?;
        }
        Ok(())
    }
}
