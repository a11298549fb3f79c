//! A desk's round of sync, one exchange or one absorbing at a time, so that people work and things break between.

use jitasa_domain::change::Outcome;
use jitasa_protocol::{
    Code, Hash,
    frame::{self, Compression, Kind},
};
use jitasa_server::book::Status;
use jitasa_sync::{
    Absorbed, Desk as _, SyncError, TransportError,
    core::{Effect, Event, State, Tally, step},
    envelope,
};

use crate::{
    desk::{Next, Round, RoundOne, Speaks, WaitsOne},
    faults::Fault,
    oracle::Violation,
    work::OF_NEXT_YEAR,
    world::World,
};

/// How a round went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Went {
    On,
    Finished(Tally),
    Ended(String),
}

impl World {
    /// The desk's round goes on by one exchange or one absorbing; begins when there is none.
    pub(crate) fn advance(&mut self, who: usize) -> Result<Went, Violation> {
        match self.desks[who].round.take() {
            None => self.begins(who),
            Some(Round::One(round)) => self.advance_one(who, round),
            Some(Round::Two { state, next }) => self.advance_two(who, state, next),
        }
    }

    fn begins(&mut self, who: usize) -> Result<Went, Violation> {
        self.desks[who].mending = None;
        self.desks[who].waits = false;
        let desk = &self.desks[who];
        if matches!(desk.speaks, Speaks::One { .. }) {
            let mut round = RoundOne::new(desk.disk.acked());
            round.waits = Some(WaitsOne::Send(round.request(&desk.disk)));
            self.desks[who].round = Some(Round::One(round));
            return Ok(Went::On);
        }
        let standing = jitasa_sync::core::Standing {
            program: "simulated".into(),
            claimed_at: desk.clock(self.now).0,
            compares: self.compares || desk.disk.must_compare,
            ..desk
                .disk
                .standing()
                .map_err(|error| broken(who, &error.code))?
        };
        self.goes_on(who, Box::new(State::new(standing)), Event::Start)
    }

    fn advance_two(
        &mut self,
        who: usize,
        state: Box<State>,
        next: Next,
    ) -> Result<Went, Violation> {
        match next {
            Next::Send { frame, name } => {
                let reply = self.carry(who, &frame)?;
                let next = Next::Reply { reply, name };
                self.desks[who].round = Some(Round::Two { state, next });
                Ok(Went::On)
            }
            Next::Reply { reply, name } => {
                let device = self.desks[who].disk.device_id;
                let opened = reply
                    .and_then(|bytes| envelope::open(&bytes, &self.server.public, device, name));
                let event = match opened {
                    Ok(answer) => Event::Answered(Box::new(answer)),
                    Err(error) => Event::Failed(error),
                };
                self.goes_on(who, state, event)
            }
            Next::Event(event) => self.goes_on(who, state, event),
        }
    }

    fn goes_on(&mut self, who: usize, state: Box<State>, event: Event) -> Result<Went, Violation> {
        let (mut state, mut event) = (state, event);
        // Whether it now holds what the server holds, if this is the end.
        let mut compared = false;
        loop {
            if self.crashes(who) {
                return Ok(Went::Ended("crash".into()));
            }
            let (next, effect) = step(*state, event);
            *state = next;
            event = match effect {
                Effect::Gather { after, limit } => {
                    let gathered = self.desks[who].disk.gather(after, limit);
                    Event::Gathered(gathered.map_err(|error| broken(who, &error.code))?)
                }
                Effect::Send(request) => {
                    let payload = request.write();
                    let key = &self.desks[who].key;
                    let next = Next::Send {
                        frame: frame::seal(Kind::Request, &payload, key, Compression::None),
                        name: Hash::of(&payload),
                    };
                    self.desks[who].round = Some(Round::Two { state, next });
                    return Ok(Went::On);
                }
                Effect::Absorb {
                    acked,
                    links,
                    answer,
                    repairs,
                } => {
                    let cursor = (!repairs).then_some(answer.head.cursor);
                    let answer = *answer;
                    let before = repairs.then(|| self.holds(who, &answer.delivered));
                    let absorbed = Absorbed {
                        acked,
                        outcomes: answer.outcomes,
                        links,
                        delivered: answer.delivered,
                        cursor,
                        at: self.desks[who].clock(self.now),
                    };
                    if self.desk_fails(who) {
                        return Ok(Went::Ended("disk".into()));
                    }
                    let received = self.absorbs(who, &absorbed)?;
                    if let Some(before) = before {
                        self.mended(who, &before, &absorbed.delivered)?;
                    }
                    let next = Next::Event(Event::Absorbed(received));
                    self.desks[who].round = Some(Round::Two { state, next });
                    return Ok(Went::On);
                }
                Effect::Rebase {
                    epoch,
                    cut,
                    expected,
                } => {
                    if self.desk_fails(who) {
                        return Ok(Went::Ended("disk".into()));
                    }
                    self.say(|| format!("desk {who} goes by a new epoch, cut {cut}, offers again from {expected}"), &[]);
                    let claimed_at = self.desks[who].clock(self.now).0;
                    let compares = self.compares || self.desks[who].disk.must_compare;
                    self.desks[who].disk.must_compare = true;
                    let disk = &mut self.desks[who].disk;
                    let rebased = disk
                        .rebase(epoch, cut, expected)
                        .and_then(|()| disk.standing());
                    Event::Rebased(Box::new(jitasa_sync::core::Standing {
                        program: "simulated".into(),
                        claimed_at,
                        compares,
                        ..rebased.map_err(|error| broken(who, &error.code))?
                    }))
                }
                Effect::Sum => {
                    let sums = self.desks[who].disk.sums();
                    self.say_sums_apart(who);
                    compared = true;
                    Event::Summed(sums.map_err(|error| broken(who, &error.code))?)
                }
                Effect::Reconcile { owner, records } => {
                    let at = self.desks[who].clock(self.now);
                    let held: Vec<_> = self.desks[who].disk.records.keys().copied().collect();
                    let done = self.desks[who].disk.reconcile(&owner, &records, at);
                    done.map_err(|error| broken(who, &error.code))?;
                    self.say(
                        || format!("desk {who} has fetched all of {owner} again"),
                        &[],
                    );
                    self.set_aside(who, &held)?;
                    self.looks_what_waits(who, &owner, &records);
                    compared = true;
                    Event::Reconciled
                }
                Effect::Finished(tally) => {
                    // What there was to explain is set aside; what differs from now on is a fault.
                    self.desks[who].disk.must_compare &= !compared || self.desks[who].waits;
                    self.has_mended(who)?;
                    return self.finished(who, tally);
                }
                Effect::GaveUp(error) => return self.gave_up(who, &error),
            };
        }
    }

    fn crashes(&mut self, who: usize) -> bool {
        let crashes = self.faults.strikes(&mut self.chance, Fault::Crash, 4);
        if crashes {
            let device = self.desks[who].disk.device_id;
            self.say(|| format!("desk {who} crashes"), &[device]);
            self.desks[who].round = None;
        }
        crashes
    }

    /// The transaction that was about to be kept is not: the disk is full, or the process ends in it.
    fn desk_fails(&mut self, who: usize) -> bool {
        let full = self.faults.strikes(&mut self.chance, Fault::Full, 10);
        if full {
            let device = self.desks[who].disk.device_id;
            self.say(
                || format!("desk {who} cannot keep what it was about to"),
                &[device],
            );
        }
        full || self.crashes(who)
    }

    fn finished(&mut self, who: usize, tally: Tally) -> Result<Went, Violation> {
        let words = tally.new + tally.merged + tally.conflicts + tally.held;
        if tally.sent != words {
            let what = format!("of {} changes sent, {words} have a verdict", tally.sent);
            return Err(Violation::new(what, [self.desks[who].disk.device_id]));
        }
        let device = self.desks[who].disk.device_id;
        self.say(
            || format!("desk {who} has finished a round: {tally:?}"),
            &[device],
        );
        Ok(Went::Finished(tally))
    }

    /// Takes an answer in, and looks at what it did.
    pub(crate) fn absorbs(&mut self, who: usize, absorbed: &Absorbed) -> Result<u64, Violation> {
        let disk = &mut self.desks[who].disk;
        let (acked, cursor) = (disk.acked(), disk.cursor);
        let counts = disk
            .absorb(absorbed)
            .map_err(|error| broken(who, &error.code))?;
        let device = disk.device_id;
        if disk.acked() < acked || disk.cursor < cursor {
            return Err(Violation::new("a desk knows less than before", [device]));
        }
        let told = absorbed.outcomes.iter().map(|outcome| outcome.change_id);
        self.oracle.acknowledged.extend(told);
        self.shows_what_waits(who)?;
        self.say_absorbed(who, absorbed);
        Ok(counts.received)
    }

    fn say_absorbed(&mut self, who: usize, absorbed: &Absorbed) {
        if self.trace.is_none() {
            return;
        }
        let said = |outcome: &Outcome| {
            let reason = outcome.reason.clone().unwrap_or_default();
            format!(
                "{}:{}{reason}@{:?}",
                outcome.device_seq,
                outcome.verdict.code(),
                outcome.seq
            )
        };
        for outcome in &absorbed.outcomes {
            let line = format!("desk {who} hears {}", said(outcome));
            self.say(|| line, &[outcome.change_id]);
        }
        for row in &absorbed.delivered {
            let line = format!(
                "desk {who} hears {} {} @{} {}{}{}",
                row.entity.code(),
                row.entity_id,
                row.seq,
                if row.whole { "whole " } else { "" },
                if row.left { "left " } else { "" },
                serde_json::Value::Object(row.fields.clone()),
            );
            self.say(|| line, &[row.entity_id]);
        }
    }

    /// What a person wrote is what he sees until the server has answered.
    fn shows_what_waits(&self, who: usize) -> Result<(), Violation> {
        let disk = &self.desks[who].disk;
        if disk.outbox.len() > 40 {
            return Ok(());
        }
        let mut covered = std::collections::BTreeSet::new();
        for change in disk.outbox.values().rev() {
            let key = (change.entity, change.entity_id);
            // What has had its word once and is offered again lies under what came since.
            let told = self.oracle.acknowledged.contains(&change.change_id);
            if told || !disk.records.contains_key(&key) {
                continue;
            }
            // A newer desk knows its own field; here it lies among those that nobody knows.
            for (name, value) in change
                .fields
                .iter()
                .filter(|(name, _)| *name != OF_NEXT_YEAR)
            {
                if covered.insert((key, name)) && disk.shown(key, name) != Some(value) {
                    let what = format!("{} {name}: what waits is not shown", key.0.code());
                    return Err(Violation::new(what, [key.1, disk.device_id]));
                }
            }
        }
        Ok(())
    }

    fn gave_up(&mut self, who: usize, error: &SyncError) -> Result<Went, Violation> {
        let device = self.desks[who].disk.device_id;
        self.say(|| format!("desk {who} gives up: {error:?}"), &[device]);
        let status = self.server.status(device);
        let wrong = |what: &str| Err(Violation::new(what, [device]));
        match error {
            SyncError::Transport(TransportError::Refused(problem)) => match problem.code {
                // A file went ahead of a request without changes that was on its way: the server says so, and believes it.
                Code::DeviceForked
                    if status == Some(Status::Confirmed) && !self.desks[who].may_fork => {}
                Code::DeviceForked if !self.desks[who].may_fork => {
                    return wrong("a device is said to be forked that is one");
                }
                Code::DeviceForked => self.desks[who].must_enrol = true,
                Code::DeviceRevoked => self.desks[who].is_lost = true,
                // A damaged request is answered so too; the operator's list says whether it is known.
                Code::DeviceUnknown if status.is_none() => self.desks[who].must_enrol = true,
                // The server was put back to before it began to sign.
                Code::DeviceUnknown if !self.server.has_key_of(device) => {
                    self.desks[who].must_enrol = true;
                }
                Code::CursorUnknown if self.server.is_unsaid => {
                    self.server.says_restored(&mut self.chance);
                }
                Code::CursorUnknown if matches!(self.desks[who].speaks, Speaks::One { .. }) => {
                    self.begins_to_sign(who)?;
                }
                // What a program of last year had sent it cannot offer again.
                Code::CursorUnknown if self.desks[who].may_lack_history => {
                    self.desks[who].must_enrol = true;
                }
                // Sent before somebody said so.
                Code::CursorUnknown if !self.is_present(who) => {}
                Code::CursorUnknown => return wrong("a desk knows more than the server"),
                Code::DeviceUnknown
                | Code::Busy
                | Code::Internal
                | Code::Malformed
                | Code::ProtocolTooNew
                | Code::TooLarge
                    if !self.is_quiet => {}
                code => return wrong(&format!("refused without a cause: {}", code.text())),
            },
            SyncError::HistoryMissing if self.desks[who].may_lack_history => {
                self.desks[who].must_enrol = true;
            }
            SyncError::Transport(
                TransportError::Timeout
                | TransportError::Unreachable
                | TransportError::NotOurServer,
            ) if !self.is_quiet => {}
            error => return wrong(&format!("a round ended without a cause: {}", error.code())),
        }
        Ok(Went::Ended(error.code().into()))
    }

    /// Whether the desk goes by the server's present epoch.
    fn is_present(&self, who: usize) -> bool {
        let disk = self.server.ledger.disk();
        let epochs = disk.rows.standing.as_ref().map(|standing| &standing.epochs);
        let present = epochs
            .and_then(|epochs| epochs.last())
            .map(|epoch| epoch.id);
        let known = self.desks[who].disk.enrolment.as_ref();
        known.map(|enrolment| enrolment.epoch) == present
    }

    fn advance_one(&mut self, who: usize, mut round: RoundOne) -> Result<Went, Violation> {
        if self.crashes(who) {
            return Ok(Went::Ended("crash".into()));
        }
        match round.waits.take() {
            Some(WaitsOne::Send(request)) => {
                let reply = self.carry_one(who, &request)?;
                round.waits = Some(WaitsOne::Reply(reply, request));
            }
            Some(WaitsOne::Reply(Ok(answer), request)) => {
                let last = request
                    .batch
                    .as_ref()
                    .and_then(|batch| batch.changes.last());
                let last = last.map(|change| change.device_seq);
                let acked = self.desks[who].disk.acked();
                round.after = round.after.max(last.unwrap_or(0));
                let links = answer.outcomes.iter();
                let absorbed = Absorbed {
                    acked: acked.max(round.after),
                    links: links.map(|each| (each.device_seq, Hash::GENESIS)).collect(),
                    outcomes: answer.outcomes,
                    delivered: answer.delivered,
                    cursor: Some(answer.cursor),
                    at: self.desks[who].clock(self.now),
                };
                if self.desk_fails(who) {
                    return Ok(Went::Ended("disk".into()));
                }
                self.absorbs(who, &absorbed)?;
                let told = absorbed.outcomes.iter().map(|outcome| outcome.change_id);
                self.oracle.told_by_v1.extend(told);
                let disk = &mut self.desks[who].disk;
                // A program of last year did not keep what it had sent.
                disk.sent.clear();
                let request = round.request(disk);
                if request.batch.is_none() && !answer.more {
                    return Ok(Went::Finished(Tally {
                        sent: absorbed.outcomes.len() as u64,
                        received: absorbed.delivered.len() as u64,
                        ..Tally::default()
                    }));
                }
                round.waits = Some(WaitsOne::Send(request));
            }
            Some(WaitsOne::Reply(Err(TransportError::Refused(problem)), _))
                if problem.code == Code::Gap && round.gap(problem) =>
            {
                round.waits = Some(WaitsOne::Send(round.request(&self.desks[who].disk)));
            }
            Some(WaitsOne::Reply(Err(error), _)) => return self.gave_up(who, &error.into()),
            None => return Ok(Went::Ended("nothing".into())),
        }
        self.desks[who].round = Some(Round::One(round));
        Ok(Went::On)
    }
}

/// What the store says it would never say.
pub(crate) fn broken(who: usize, what: &str) -> Violation {
    Violation::new(format!("desk {who}: {what}"), [])
}
