//! A province for some days: offices at work, desks that sync now and then, and whatever befalls them.

use std::rc::Rc;

use jitasa_domain::{Timestamp, ids::IdSource as _};
use jitasa_protocol::{DeviceKey, EnrolRequest, Secret, SyncRequest};
use jitasa_server::province::CodeTerms;
use jitasa_sync::{Enrolment, SyncError, TransportError, by_file, core::Tally, round::enrol};
use uuid::Uuid;

use crate::{
    chance::Chance,
    desk::{Desk, Speaks, Stick},
    disk::DeskDisk,
    faults::{Fault, Faults},
    oracle::{Oracle, Violation},
    round::{Went, broken},
    server::{Admits, Server},
    work::{OFFICES, Sitting},
};

const START: i64 = 1_795_305_600_000;
const YEARS_543: i64 = 543 * 31_556_952_000;
/// Desks of one world at most, clones and replacements among them.
const DESKS_MAX: usize = 9;
/// Rounds in which a quiet province has to come to rest.
const QUIET_MAX: usize = 14;

/// What is still under way when nobody waits for it any more.
pub(crate) enum Late {
    Two(Vec<u8>),
    One(String, Box<SyncRequest>),
}

/// One line of a trace, and what it is about.
pub type TraceLine = (String, Vec<Uuid>);

/// The province.
pub(crate) struct World {
    pub chance: Chance,
    /// Whatever others do with what they overheard: draws of its own, so that a world stays what its seed made it.
    pub mischief: Chance,
    pub faults: Faults,
    pub server: Server,
    pub desks: Vec<Desk>,
    pub oracle: Oracle,
    pub now: Timestamp,
    pub late: Vec<Late>,
    /// Desks compare checksums at the end of a round.
    pub compares: bool,
    /// Nothing goes wrong any more.
    pub is_quiet: bool,
    pub trace: Option<Vec<TraceLine>>,
    pub day: usize,
    pub step: usize,
    offices: Vec<&'static str>,
    days: usize,
    count: u64,
    names: u64,
}

impl World {
    /// A province as a seed has it.
    pub(crate) fn new(seed: u64, asked: &[Fault], traces: bool) -> Result<Self, Violation> {
        let mut chance = Chance::new(seed);
        let faults = Faults::draw(&mut chance, asked);
        let now = Timestamp(START);
        let server = Server::new(&mut chance);
        let offices = OFFICES[..2 + chance.below(3)].to_vec();
        let mut world = Self {
            compares: chance.below(2) == 0,
            days: 3 + chance.below(6),
            chance,
            mischief: Chance::new(!seed),
            faults,
            server,
            desks: Vec::new(),
            oracle: Oracle::default(),
            now,
            late: Vec::new(),
            is_quiet: false,
            trace: traces.then(Vec::new),
            day: 0,
            step: 0,
            offices: offices.clone(),
            count: 0,
            names: 0,
        };
        for office in offices {
            for _ in 0..1 + world.chance.below(2) {
                world.a_desk(office)?;
            }
        }
        Ok(world)
    }

    /// Adds to the trace.
    pub(crate) fn say(&mut self, line: impl FnOnce() -> String, about: &[Uuid]) {
        if let Some(trace) = self.trace.as_mut() {
            let line = format!("day {} step {}: {}", self.day, self.step, line());
            trace.push((line, about.to_vec()));
        }
    }

    fn a_desk(&mut self, office: &'static str) -> Result<(), Violation> {
        let device = self.chance.0.next(self.now);
        let secret = self.chance.bytes32();
        let actor = self.chance.0.next(self.now);
        let who = self.desks.len();
        let disk = DeskDisk::new(device, secret, office);
        let is_old = self.faults.strikes(&mut self.chance, Fault::Old, 60);
        let mut desk = Desk::new(disk, Speaks::Two, actor);
        desk.is_newer = self.faults.strikes(&mut self.chance, Fault::Newer, 60);
        if self.faults.strikes(&mut self.chance, Fault::Clock, 60) {
            desk.skew = *self
                .chance
                .of(&[YEARS_543, -YEARS_543, 86_400_000, -300_000]);
        }
        if is_old {
            desk.speaks = self.enrols_v1(&mut desk.disk)?;
            // Last year's program kept nothing of what it had sent.
            desk.may_lack_history = true;
        }
        self.desks.push(desk);
        self.say(
            || {
                format!(
                    "desk {who} of {office}, protocol {}",
                    if is_old { 1 } else { 2 }
                )
            },
            &[device],
        );
        if is_old { Ok(()) } else { self.enrols(who) }
    }

    fn enrols_v1(&mut self, disk: &mut DeskDisk) -> Result<Speaks, Violation> {
        let refused = |_| broken(0, "a device of protocol 1 is not let in");
        let province = &self.server.province;
        let code = province
            .new_code(disk.office, CodeTerms::default(), self.now)
            .map_err(|_| broken(0, "no code for a device of protocol 1"))?;
        let asked = EnrolRequest {
            protocol: 1,
            code: Secret(code),
            device_id: disk.device_id,
            device_name: String::new(),
            office_code: disk.office.into(),
        };
        let granted = province.enrol(&asked, self.now).map_err(refused)?;
        disk.enrolment = Some(Enrolment {
            server_url: String::new(),
            server_id: granted.server_id,
            province_code: granted.province_code,
            server_key: None,
            root_certificate: None,
            epoch: Uuid::nil(),
            token: Some(granted.device_token.0.clone()),
        });
        Ok(Speaks::One {
            token: granted.device_token.0,
        })
    }

    /// The desk is let in, or begins anew as another device.
    pub(crate) fn enrols(&mut self, who: usize) -> Result<(), Violation> {
        self.names += 1;
        let code = format!("CODE{}", self.names);
        let secret = self.chance.bytes32();
        let admits = Admits {
            server: &self.server,
            now: self.now,
            by_token: false,
        };
        let disk = &mut self.desks[who].disk;
        let begins_anew = disk.enrolment.is_some();
        let secret = if begins_anew { secret } else { disk.secret };
        enrol(disk, &admits, "", &code, secret, self.now)
            .map_err(|error| broken(who, error.code()))?;
        let desk = &mut self.desks[who];
        desk.key = Rc::new(DeviceKey::from_secret(&desk.disk.secret));
        desk.must_enrol = false;
        desk.disk.must_compare |= begins_anew;
        desk.may_fork = false;
        desk.may_lack_history = false;
        desk.speaks = Speaks::Two;
        desk.round = None;
        desk.stale = None;
        let device = desk.disk.device_id;
        self.say(|| format!("desk {who} is let in as {device}"), &[device]);
        Ok(())
    }

    /// A desk of protocol 1 was given this year's program.
    pub(crate) fn begins_to_sign(&mut self, who: usize) -> Result<(), Violation> {
        let secret = self.desks[who].disk.secret;
        let admits = Admits {
            server: &self.server,
            now: self.now,
            by_token: true,
        };
        let disk = &mut self.desks[who].disk;
        let done = jitasa_sync::begin_to_sign(disk, &admits, secret, self.now);
        self.say(|| format!("desk {who} begins to sign: {done:?}"), &[]);
        match done {
            Ok(()) => {
                let desk = &mut self.desks[who];
                desk.speaks = Speaks::Two;
                desk.round = None;
                Ok(())
            }
            Err(SyncError::Transport(TransportError::Refused(_))) => {
                // It was shut out, or the server was put back to before it came.
                let device = self.desks[who].disk.device_id;
                self.desks[who].must_enrol = self.server.status(device).is_none();
                Ok(())
            }
            Err(error) => Err(broken(who, error.code())),
        }
    }

    /// Lives through its days and comes to rest. Answers how many office-days it was.
    pub(crate) fn runs(&mut self) -> Result<u64, Violation> {
        for day in 0..self.days {
            self.day = day;
            let steps = self.desks.len() * 22;
            for step in 0..steps {
                self.step = step;
                self.steps()?;
            }
            self.now = self.now.plus_ms(36_000_000);
        }
        self.comes_to_rest()?;
        Ok((self.offices.len() * self.days) as u64)
    }

    fn steps(&mut self) -> Result<(), Violation> {
        self.now = self
            .now
            .plus_ms(60_000 + i64::try_from(self.chance.below(120_000)).unwrap_or(0));
        self.befalls()?;
        self.late_ones_arrive(false)?;
        let who = self.chance.below(self.desks.len());
        if self.desks[who].is_lost {
            return Ok(());
        }
        if self.desks[who].must_enrol {
            if self.chance.per_mille(300) {
                self.enrols(who)?;
            }
        } else if self.server.is_unsaid && !self.would_notice(who) {
            // The operator says it before somebody who would not notice comes.
            self.server.says_restored(&mut self.chance);
        } else if self.chance.per_mille(600)
            && (self.desks[who].round.is_some() || self.chance.per_mille(350))
        {
            let _ = self.advance(who)?;
            return Ok(());
        }
        if self.chance.per_mille(500) {
            self.works(who);
        }
        Ok(())
    }

    /// Whether the server refuses this desk until somebody says that it was put back.
    fn would_notice(&self, who: usize) -> bool {
        let disk = &self.desks[who].disk;
        let rows = &self.server.ledger.disk().rows;
        let head = rows.standing.as_ref().map_or(0, |standing| standing.head);
        disk.cursor > head
    }

    fn works(&mut self, who: usize) {
        let desk = &mut self.desks[who];
        let mut sitting = Sitting {
            now: desk.clock(self.now),
            actor: desk.actor,
            is_newer: desk.is_newer,
            disk: &mut desk.disk,
            chance: &mut self.chance,
            oracle: &mut self.oracle,
            count: &mut self.count,
        };
        let Some(done) = sitting.works() else {
            return;
        };
        if self.trace.is_none() {
            return;
        }
        for (key, number, change) in done.changes {
            let written = self.desks[who].disk.outbox[&number].clone();
            let line = format!(
                "desk {who} {} as {}: {number} {} {} base {} {}",
                done.action.code(),
                done.role.code(),
                key.0.code(),
                key.1,
                written.base_version,
                serde_json::Value::Object(written.fields.clone())
            );
            self.say(|| line, &[key.1, change]);
        }
    }

    /// What happens rarely.
    fn befalls(&mut self) -> Result<(), Violation> {
        let who = self.chance.below(self.desks.len());
        let is_old = matches!(self.desks[who].speaks, Speaks::One { .. });
        let is_lost = self.desks[who].is_lost;
        if self.faults.strikes(&mut self.chance, Fault::Crash, 2) {
            self.desks[who].round = None;
        }
        if self.faults.strikes(&mut self.chance, Fault::Clock, 1) {
            let jump = i64::try_from(self.chance.below(200_000)).unwrap_or(0) - 100_000;
            self.desks[who].skew = jump * 1_000;
        }
        if self.faults.strikes(&mut self.chance, Fault::Restore, 3) && !is_old && !is_lost {
            self.desk_is_put_back(who);
        }
        if self.faults.strikes(&mut self.chance, Fault::Clone, 1)
            && !is_old
            && !is_lost
            && self.desks.len() < DESKS_MAX
        {
            self.desk_is_cloned(who);
        }
        if self.faults.strikes(&mut self.chance, Fault::Province, 4) {
            self.server_is_put_back();
        }
        if self.faults.strikes(&mut self.chance, Fault::Revoke, 1)
            && !is_lost
            && self.desks.len() < DESKS_MAX
        {
            let device = self.desks[who].disk.device_id;
            self.say(|| format!("desk {who} is stolen"), &[device]);
            self.server.revokes(device);
            // Whoever has it goes on trying.
            if self.chance.below(2) == 0 {
                self.desks[who].is_lost = true;
            }
            self.a_desk(self.desks[who].disk.office)?;
        }
        if is_old
            && self.faults.strikes(&mut self.chance, Fault::Old, 2)
            && self.desks[who].round.is_none()
        {
            self.begins_to_sign(who)?;
        }
        if self.faults.strikes(&mut self.chance, Fault::File, 8) && !is_old && !is_lost {
            self.by_stick(who)?;
        }
        Ok(())
    }

    fn desk_is_put_back(&mut self, who: usize) {
        match self.desks[who].backup.clone() {
            Some(disk) if self.chance.below(2) == 0 => {
                let (device, acked) = (disk.device_id, disk.acked());
                self.say(
                    || format!("desk {who} is put back to {acked} as {device}"),
                    &[device],
                );
                let desk = &mut self.desks[who];
                desk.disk = disk;
                desk.key = Rc::new(desk.disk.key());
                desk.round = None;
                desk.may_fork = true;
                desk.may_lack_history = true;
                desk.must_enrol = false;
                desk.sticks.clear();
                desk.speaks = Speaks::Two;
            }
            _ => self.desks[who].backup = Some(self.desks[who].disk.clone()),
        }
    }

    fn desk_is_cloned(&mut self, who: usize) {
        let actor = self.chance.0.next(self.now);
        let twin = self.desks.len();
        let desk = &mut self.desks[who];
        desk.may_fork = true;
        let mut clone = Desk::new(desk.disk.clone(), Speaks::Two, actor);
        clone.may_fork = true;
        clone.may_lack_history = desk.may_lack_history;
        clone.is_newer = desk.is_newer;
        let device = clone.disk.device_id;
        self.desks.push(clone);
        self.say(
            || format!("desk {twin} is a clone of desk {who}"),
            &[device],
        );
    }

    fn server_is_put_back(&mut self) {
        if self.chance.below(3) > 0 {
            self.server.copies(&self.oracle);
            return;
        }
        let says = self.chance.below(3) > 0;
        if !self.server.is_unsaid
            && self
                .server
                .put_back(says, &mut self.chance, &mut self.oracle)
        {
            let head = self
                .server
                .ledger
                .disk()
                .rows
                .standing
                .as_ref()
                .map_or(0, |each| each.head);
            self.say(
                || format!("the server is put back to {head}, says so: {says}"),
                &[],
            );
            for desk in &mut self.desks {
                // A desk of protocol 1 has no copy of what the server lost.
                desk.may_lack_history |= matches!(desk.speaks, Speaks::One { .. });
            }
        }
    }

    /// Files go one way or the other, some of them twice.
    fn by_stick(&mut self, who: usize) -> Result<(), Violation> {
        if self.desks[who].must_enrol || self.server.is_unsaid {
            return Ok(());
        }
        let sticks = self.desks[who].sticks.len();
        match self.chance.below(3) {
            0 if sticks < 3 => {
                let disk = &self.desks[who].disk;
                let written = by_file::write(disk, self.desks[who].clock(self.now));
                let written = written.map_err(|error| broken(who, error.code()))?;
                self.say(
                    || format!("desk {who} writes a file: {:?}", written.run),
                    &[],
                );
                self.desks[who].sticks.push(Stick {
                    frame: written.frame,
                    answers: Vec::new(),
                });
            }
            1 if sticks > 0 => {
                let at = self.chance.below(sticks);
                let frame = self.desks[who].sticks[at].frame.clone();
                let answer = self.takes(&frame)?;
                self.say(
                    || format!("the server takes a file of desk {who}: {}", answer.is_ok()),
                    &[],
                );
                if let Ok(answer) = answer {
                    self.desks[who].sticks[at].answers.push(answer);
                }
            }
            2 if sticks > 0 => {
                let at = self.chance.below(sticks);
                let answers = self.desks[who].sticks[at].answers.clone();
                if answers.is_empty() {
                    return Ok(());
                }
                let answer = self.chance.of(&answers).clone();
                self.takes_in(who, &answer)?;
                if self.chance.below(2) == 0 {
                    self.desks[who].sticks.swap_remove(at);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn takes_in(&mut self, who: usize, answer: &[u8]) -> Result<(), Violation> {
        let at = self.desks[who].clock(self.now);
        let disk = &mut self.desks[who].disk;
        let waited: Vec<_> = disk.outbox.values().cloned().collect();
        let taken = by_file::take_in(disk, answer, at);
        // A round that is under way does not know what a file brought.
        self.desks[who].round = None;
        self.say(
            || format!("desk {who} takes in the answer of a file: {taken:?}"),
            &[],
        );
        match taken {
            Ok(_) => {
                let outbox = &self.desks[who].disk.outbox;
                let told = waited
                    .into_iter()
                    .filter(|change| !outbox.contains_key(&change.device_seq));
                self.oracle
                    .acknowledged
                    .extend(told.map(|change| change.change_id));
                Ok(())
            }
            Err(
                SyncError::OtherDesk
                | SyncError::AnswerTooEarly
                | SyncError::Transport(TransportError::Refused(_)),
            ) => Ok(()),
            Err(error) => Err(broken(who, error.code())),
        }
    }

    /// No fault any more: everybody syncs until nobody has anything to say.
    fn comes_to_rest(&mut self) -> Result<(), Violation> {
        if self.server.is_unsaid {
            self.server.says_restored(&mut self.chance);
        }
        self.late_ones_arrive(true)?;
        self.faults = Faults::none();
        self.is_quiet = true;
        for desk in &mut self.desks {
            desk.round = None;
        }
        if self.server.is_unsaid {
            self.server.says_restored(&mut self.chance);
        }
        let mut moving = Vec::new();
        for pass in 0..QUIET_MAX {
            self.step = pass;
            moving.clear();
            for who in 0..self.desks.len() {
                if !self.syncs(who)? {
                    moving.push(self.desks[who].disk.device_id);
                }
            }
            if moving.is_empty() {
                return self.at_rest();
            }
        }
        Err(Violation::new("the province does not come to rest", moving))
    }

    /// A whole round. Answers whether nothing moved.
    fn syncs(&mut self, who: usize) -> Result<bool, Violation> {
        if self.desks[who].is_lost {
            return Ok(true);
        }
        if self.desks[who].must_enrol {
            self.enrols(who)?;
        }
        loop {
            match self.advance(who)? {
                Went::On => {}
                Went::Finished(tally) => {
                    let nothing = Tally {
                        compared: tally.compared,
                        ..Tally::default()
                    };
                    return Ok(tally == nothing);
                }
                Went::Ended(_) => return Ok(self.desks[who].is_lost),
            }
        }
    }
}
