//! The real province over the ledger in memory, watched: after each exchange what arrived, what was applied over what,
//! and what was told to whom is checked apart from it.

use std::collections::BTreeSet;

use jitasa_domain::Timestamp;
use jitasa_protocol::{
    Code, DeviceKey, Hash, Problem, PublicKey, SyncAnswer, SyncRequest, WireError, check_protocol,
    frame::{self, Compression, Kind},
    limits,
    payload::{Answer, Request},
};
use jitasa_server::{
    Province, Refusal,
    book::Status,
    core::Asked,
    frames::Address,
    ledger::{Epoch, Standing},
    province::Shown,
};
use jitasa_server::{operator::Operator, register::RevokedHow};
use jitasa_sync::{Transport, TransportError};
use uuid::Uuid;

use crate::{
    chance::Chance,
    ledger::{MemoryLedger, Rows},
    oracle::{self, Oracle, Violation, may_see, owner_of},
};

/// The server, its disk, and its copies.
pub(crate) struct Server {
    pub province: Province,
    pub ledger: MemoryLedger,
    key: DeviceKey,
    pub public: PublicKey,
    /// Whether answers are packed as by HTTP; costs time, so only in some runs.
    pub packs: bool,
    copy: Option<(Rows, oracle::Standing)>,
    /// How often it was put back from a copy.
    pub restores: u32,
    /// It was put back without knowing, and nobody has said so yet.
    pub is_unsaid: bool,
    /// Devices the operator shut out: he does it again when the server was put back to before.
    revoked: BTreeSet<Uuid>,
}

/// What was asked, for the checks.
struct Heard<'a> {
    office: &'a str,
    device: Uuid,
    changes: &'a [jitasa_domain::change::Change],
}

impl Server {
    pub(crate) fn new(chance: &mut Chance) -> Self {
        let ledger = MemoryLedger::default();
        let province = Province::with_ledger(ledger.clone());
        let secret = chance.bytes32();
        let key = DeviceKey::from_secret(&secret);
        let founding = Standing {
            province_code: "45".into(),
            server_id: chance.uuid(),
            secret: Some(secret),
            head: 0,
            epochs: vec![Epoch {
                id: chance.uuid(),
                cut: 0,
            }],
            is_copy: false,
        };
        ledger.disk().rows.standing = Some(founding);
        Self {
            province,
            ledger,
            public: key.public(),
            key,
            packs: chance.per_mille(20),
            copy: None,
            restores: 0,
            is_unsaid: false,
            revoked: BTreeSet::new(),
        }
    }

    /// Takes a frame, as it came by the line or in a file.
    pub(crate) fn take(
        &mut self,
        bytes: &[u8],
        now: Timestamp,
        oracle: &mut Oracle,
    ) -> Result<Result<Vec<u8>, Problem>, Violation> {
        let before = self.ledger.disk().rows.log.len();
        let taken = if self.packs {
            self.province.take(bytes, now).map(|answered| {
                let opened = read(bytes).ok().map(|(request, _)| request);
                (answered.frame, answered.answer, opened)
            })
        } else {
            self.exchanged(bytes, now)
        };
        self.ledger.disk().fails_in = None;
        match taken {
            Ok((frame, answer, request)) => {
                let Some(request) = request else {
                    return Err(Violation::new("what was answered cannot be read", []));
                };
                let heard = Heard {
                    office: &request.head.office_code,
                    device: request.head.device_id,
                    changes: &request.changes,
                };
                self.checks(before, &heard, &answer, oracle)?;
                Ok(Ok(frame))
            }
            Err(refusal) => {
                self.unchanged(before)?;
                Ok(Err(problem_of(&refusal)))
            }
        }
    }

    /// As `Province::take`, without packing.
    fn exchanged(
        &self,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<(Vec<u8>, Answer, Option<Request>), Refusal> {
        let (request, opened) = read(bytes)?;
        check_protocol(request.head.protocol)?;
        let answer = self.province.exchange(Asked {
            in_reply_to: Hash::of(&opened.payload),
            proof: Shown::Signature(Box::new(opened)),
            request: request.clone(),
            now,
        })?;
        match answer.head.problem {
            Some(problem) if problem.code == Code::DeviceUnknown => Err(problem.into()),
            _ => {
                let payload = answer.write();
                let frame = frame::seal(Kind::Answer, &payload, &self.key, Compression::None);
                Ok((frame, answer, Some(request)))
            }
        }
    }

    /// One exchange of protocol 1.
    pub(crate) fn takes_v1(
        &mut self,
        token: &str,
        request: &SyncRequest,
        now: Timestamp,
        oracle: &mut Oracle,
    ) -> Result<Result<SyncAnswer, Problem>, Violation> {
        let before = self.ledger.disk().rows.log.len();
        let taken = self.province.sync(token, request, now);
        self.ledger.disk().fails_in = None;
        match taken {
            Ok(answer) => {
                let batch = request.batch.as_ref();
                let heard = Heard {
                    office: &request.office_code,
                    device: request.device_id,
                    changes: batch.map_or(&[], |batch| &batch.changes),
                };
                let told = Answer {
                    outcomes: answer.outcomes.clone(),
                    delivered: answer.delivered.clone(),
                    ..Answer::default()
                };
                self.checks(before, &heard, &told, oracle)?;
                Ok(Ok(answer))
            }
            Err(refusal) => {
                self.unchanged(before)?;
                Ok(Err(problem_of(&refusal)))
            }
        }
    }

    fn unchanged(&self, before: usize) -> Result<(), Violation> {
        if self.ledger.disk().rows.log.len() == before {
            return Ok(());
        }
        Err(Violation::new("what was refused was kept all the same", []))
    }

    fn checks(
        &self,
        before: usize,
        heard: &Heard<'_>,
        answer: &Answer,
        oracle: &mut Oracle,
    ) -> Result<(), Violation> {
        let disk = self.ledger.disk();
        let rows = &disk.rows;
        if let Some(broken) = disk.broken {
            return Err(Violation::new(broken, [heard.device]));
        }
        let news = &rows.log[before..];
        if answer.head.problem.is_some() && !news.is_empty() {
            return Err(Violation::new("what was refused was kept all the same", []));
        }
        oracle.logged(news)?;
        let touched: BTreeSet<_> = news
            .iter()
            .map(|line| (line.entry.change.entity, line.entry.change.entity_id))
            .collect();
        for key in touched {
            oracle.stands(key, rows)?;
        }
        let status = rows.devices.get(&heard.device).map(|device| device.status);
        let says_something = !answer.delivered.is_empty() || !answer.outcomes.is_empty();
        if status != Some(Status::Confirmed) && says_something {
            let what = "a device that was shut out was told something";
            return Err(Violation::new(what, [heard.device]));
        }
        for row in answer.delivered.iter().filter(|row| !row.left) {
            let (owner, referred) = owner_of(rows, (row.entity, row.entity_id));
            if !may_see(heard.office, &owner, referred.as_deref()) {
                let what = format!(
                    "a {} outside its scope was told to {}",
                    row.entity.code(),
                    heard.office
                );
                return Err(Violation::new(what, [row.entity_id, heard.device]));
            }
        }
        let moves = heard.changes.iter().any(|change| {
            change.fields.contains_key("office_code") || change.fields.contains_key("referred_to")
        });
        for (outcome, change) in answer.outcomes.iter().zip(heard.changes) {
            let (owner, referred) = owner_of(rows, (change.entity, change.entity_id));
            let is_news = news
                .iter()
                .any(|line| line.entry.change.change_id == change.change_id);
            let tells = !outcome.theirs.is_empty() || !outcome.since.is_empty();
            if is_news && tells && !moves && !may_see(heard.office, &owner, referred.as_deref()) {
                let what = "a refusal tells what is outside the office's scope";
                return Err(Violation::new(what, [change.entity_id, heard.device]));
            }
        }
        Ok(())
    }

    /// Makes a copy of the ledger.
    pub(crate) fn copies(&mut self, oracle: &Oracle) {
        self.copy = Some((self.ledger.disk().rows.clone(), oracle.standing()));
    }

    /// Is put back from the copy. `says`: the copy knows that it is one, and a new epoch begins at once.
    pub(crate) fn put_back(
        &mut self,
        says: bool,
        chance: &mut Chance,
        oracle: &mut Oracle,
    ) -> bool {
        let Some((copy, standing)) = self.copy.clone() else {
            return false;
        };
        {
            let mut disk = self.ledger.disk();
            let later = &disk.rows.log;
            let lost: Vec<_> = later
                .iter()
                .map(|line| line.entry.change.change_id)
                .filter(|id| copy.outcome(*id).is_none())
                .collect();
            oracle.put_back(standing, lost.into_iter());
            disk.rows = copy;
            for id in &self.revoked {
                if let Some(device) = disk.rows.devices.get_mut(id) {
                    device.status = Status::Revoked;
                }
            }
        }
        self.restores += 1;
        self.is_unsaid = true;
        // What was copied before is of no use any more: the next copy is of the new epoch.
        self.copy = None;
        if says {
            self.says_restored(chance);
        }
        true
    }

    /// The operator says that the ledger was put back.
    pub(crate) fn says_restored(&mut self, chance: &mut Chance) {
        if let Some(standing) = self.ledger.disk().rows.standing.as_mut() {
            let cut = standing.head;
            standing.epochs.push(Epoch {
                id: chance.uuid(),
                cut,
            });
        }
        self.is_unsaid = false;
    }

    pub(crate) fn revokes(&mut self, device: Uuid) {
        self.revoked.insert(device);
        let by = Operator {
            who: "ผู้ดูแล",
            now: Timestamp(0),
        };
        let _ = self.province.shut_out(device, RevokedHow::Lost, "", by);
    }

    /// Whether the server knows what a device signs with.
    pub(crate) fn has_key_of(&self, device: Uuid) -> bool {
        let disk = self.ledger.disk();
        let device = disk.rows.devices.get(&device);
        device.is_some_and(|device| device.public_key.is_some())
    }

    pub(crate) fn status(&self, device: Uuid) -> Option<Status> {
        let disk = self.ledger.disk();
        disk.rows.devices.get(&device).map(|device| device.status)
    }
}

fn read(bytes: &[u8]) -> Result<(Request, frame::Opened), Refusal> {
    let opened = frame::open(bytes, limits::BODY_BYTES_MAX).map_err(WireError::answer)?;
    if opened.kind != Kind::Request {
        return Err(Code::Malformed.into());
    }
    let request = Request::read(&opened.payload).map_err(WireError::answer)?;
    Ok((request, opened))
}

fn problem_of(refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::Problem(problem) => *problem,
        Refusal::Ledger(_) => Code::Internal.into(),
    }
}

/// The operator at the server lets devices in by hand, or one that begins to sign by its token.
pub(crate) struct Admits<'a> {
    pub server: &'a Server,
    pub now: Timestamp,
    pub by_token: bool,
}

impl Transport for Admits<'_> {
    fn enrol(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError> {
        let province = &self.server.province;
        let granted = if self.by_token {
            province.enrol_signed(frame, &Address::default(), self.now)
        } else {
            province.admit(frame, &Address::default(), self.now)
        };
        granted.map_err(|refusal| TransportError::Refused(problem_of(&refusal)))
    }

    fn exchange(&self, _: &[u8]) -> Result<Vec<u8>, TransportError> {
        Err(TransportError::Unreachable)
    }
}
