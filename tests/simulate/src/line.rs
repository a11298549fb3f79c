//! The line between a desk and the server: what it does to requests and answers.

use jitasa_protocol::{
    Code, DeviceKey, Problem, SyncAnswer, SyncRequest,
    frame::{self, Compression, Kind},
    limits,
};
use jitasa_sync::TransportError;
use uuid::Uuid;

use crate::{
    desk::Speaks,
    faults::Fault,
    oracle::Violation,
    world::{Late, World},
};

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Through,
    Unreachable,
    Lost,
    AnswerLost,
    Late,
    Doubled,
    DamagedThere,
    DamagedBack,
    Portal,
    Stale,
    Busy,
}

impl World {
    fn fate(&mut self) -> Fate {
        let (faults, chance) = (&self.faults, &mut self.chance);
        if faults.strikes(chance, Fault::Lost, 25) {
            return *chance.of(&[
                Fate::Unreachable,
                Fate::Lost,
                Fate::AnswerLost,
                Fate::AnswerLost,
            ]);
        }
        if faults.strikes(chance, Fault::Late, 10) {
            return Fate::Late;
        }
        if faults.strikes(chance, Fault::Doubled, 10) {
            return Fate::Doubled;
        }
        if faults.strikes(chance, Fault::Damaged, 10) {
            return *chance.of(&[Fate::DamagedThere, Fate::DamagedBack]);
        }
        if faults.strikes(chance, Fault::Portal, 8) {
            return *chance.of(&[Fate::Portal, Fate::Stale]);
        }
        if faults.strikes(chance, Fault::Busy, 8) {
            return Fate::Busy;
        }
        Fate::Through
    }

    fn server_fails(&mut self) {
        if self.faults.strikes(&mut self.chance, Fault::Server, 12) {
            let writes = u32::try_from(self.chance.below(12)).unwrap_or(0);
            self.server.ledger.disk().fails_in = Some(writes);
        }
    }

    /// The server takes a frame of protocol 2.
    pub(crate) fn takes(&mut self, frame: &[u8]) -> Result<Result<Vec<u8>, Problem>, Violation> {
        self.server_fails();
        self.server.take(frame, self.now, &mut self.oracle)
    }

    /// Carries a frame there and its answer back.
    pub(crate) fn carry(
        &mut self,
        who: usize,
        frame: &[u8],
    ) -> Result<Result<Vec<u8>, TransportError>, Violation> {
        let fate = self.fate();
        let device = self.desks[who].disk.device_id;
        self.say(
            || format!("desk {who} sends {} bytes: {fate:?}", frame.len()),
            &[device],
        );
        self.somebody_else_signs(frame, device)?;
        let timeout = Ok(Err(TransportError::Timeout));
        let reply = match fate {
            Fate::Unreachable => return Ok(Err(TransportError::Unreachable)),
            Fate::Lost => return timeout,
            Fate::Busy => return Ok(Err(TransportError::Refused(Code::Busy.into()))),
            Fate::Portal => return Ok(Ok(b"<html>hotel</html>".to_vec())),
            Fate::Stale => {
                let stale = self.desks[who].stale.clone();
                return Ok(stale.ok_or(TransportError::Unreachable));
            }
            Fate::Late => {
                self.late.push(Late::Two(frame.to_vec()));
                return timeout;
            }
            Fate::AnswerLost => {
                let _ = self.takes(frame)?;
                return timeout;
            }
            Fate::DamagedThere => {
                let damaged = self.damages(frame);
                self.takes(&damaged)?
            }
            Fate::Doubled => {
                let first = self.takes(frame)?;
                let second = self.takes(frame)?;
                if self.chance.below(2) == 0 {
                    first
                } else {
                    second
                }
            }
            Fate::DamagedBack | Fate::Through => self.takes(frame)?,
        };
        let reply = match reply {
            Ok(bytes) if fate == Fate::DamagedBack => self.damages(&bytes),
            Ok(bytes) => bytes,
            Err(problem) => return Ok(Err(TransportError::Refused(problem))),
        };
        self.desks[who].stale = Some(reply.clone());
        Ok(Ok(reply))
    }

    /// What was overheard comes once more, signed by somebody else.
    fn somebody_else_signs(&mut self, frame: &[u8], device: Uuid) -> Result<(), Violation> {
        if !self.faults.strikes(&mut self.mischief, Fault::Damaged, 10) {
            return Ok(());
        }
        let key = DeviceKey::from_secret(&self.mischief.bytes32());
        let payload = frame::open(frame, limits::BODY_BYTES_MAX).map(|opened| opened.payload);
        let payload = payload.map_err(|_| Violation::new("a desk sends no frame", [device]))?;
        let forged = frame::seal(Kind::Request, &payload, &key, Compression::None);
        match self.server.take(&forged, self.now, &mut self.oracle)? {
            Ok(_) => Err(Violation::new(
                "what somebody else signed was answered",
                [device],
            )),
            Err(_) => Ok(()),
        }
    }

    fn damages(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut damaged = bytes.to_vec();
        let at = self.chance.below(damaged.len());
        if self.chance.below(3) == 0 {
            damaged.truncate(at);
        } else if let Some(byte) = damaged.get_mut(at) {
            *byte ^= 1 << self.chance.below(8);
        }
        damaged
    }

    /// Carries a request of protocol 1.
    pub(crate) fn carry_one(
        &mut self,
        who: usize,
        request: &SyncRequest,
    ) -> Result<Result<Box<SyncAnswer>, TransportError>, Violation> {
        let fate = self.fate();
        let device = self.desks[who].disk.device_id;
        self.say(
            || format!("desk {who} sends as of protocol 1: {fate:?}"),
            &[device],
        );
        let Speaks::One { token } = &self.desks[who].speaks else {
            return Ok(Err(TransportError::Unreachable));
        };
        let token = token.clone();
        match fate {
            Fate::Unreachable => return Ok(Err(TransportError::Unreachable)),
            Fate::Lost => return Ok(Err(TransportError::Timeout)),
            Fate::Busy => return Ok(Err(TransportError::Refused(Code::Busy.into()))),
            Fate::Portal | Fate::Stale | Fate::DamagedThere => {
                return Ok(Err(TransportError::NotOurServer));
            }
            Fate::Late => {
                self.late.push(Late::One(token, Box::new(request.clone())));
                return Ok(Err(TransportError::Timeout));
            }
            Fate::Doubled => {
                let _ = self.takes_one(&token, request)?;
            }
            Fate::AnswerLost | Fate::DamagedBack | Fate::Through => {}
        }
        let answer = self.takes_one(&token, request)?;
        if matches!(fate, Fate::AnswerLost | Fate::DamagedBack) {
            return Ok(Err(TransportError::Timeout));
        }
        Ok(match answer {
            Ok(answer) => Ok(Box::new(answer)),
            Err(problem) => Err(TransportError::Refused(problem)),
        })
    }

    fn takes_one(
        &mut self,
        token: &str,
        request: &SyncRequest,
    ) -> Result<Result<SyncAnswer, Problem>, Violation> {
        self.server_fails();
        self.server
            .takes_v1(token, request, self.now, &mut self.oracle)
    }

    /// What was under way long enough arrives; nobody waits for the answer.
    pub(crate) fn late_ones_arrive(&mut self, all: bool) -> Result<(), Violation> {
        // As everything else: not before the operator has said that the server was put back.
        while !self.server.is_unsaid && !self.late.is_empty() && (all || self.chance.below(6) == 0)
        {
            let at = self.chance.below(self.late.len());
            match self.late.swap_remove(at) {
                Late::Two(frame) => {
                    let _ = self.takes(&frame)?;
                }
                Late::One(token, request) => {
                    let _ = self.takes_one(&token, &request)?;
                }
            }
        }
        Ok(())
    }
}
