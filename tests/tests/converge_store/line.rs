//! A line between a desk and the province, in one process, that may lose a request or an answer.

use jitasa_server::{Province, Refusal, frames::Address};
use jitasa_sync::{Transport, TransportError};

use crate::desks::START;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    RequestLost,
    AnswerLost,
    NoLine,
}

pub(crate) struct Line<'a> {
    pub(crate) province: &'a Province,
    pub(crate) fault: Fault,
}

impl Transport for Line<'_> {
    fn enrol(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError> {
        Ok(self
            .province
            .enrol_signed(frame, &Address::default(), START)
            .unwrap())
    }

    fn exchange(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError> {
        match self.fault {
            Fault::RequestLost => return Err(TransportError::Timeout),
            Fault::NoLine => return Err(TransportError::Unreachable),
            Fault::None | Fault::AnswerLost => {}
        }
        let answered = match self.province.take(frame, START) {
            Ok(answered) => answered,
            Err(Refusal::Problem(problem)) => return Err(TransportError::Refused(problem)),
            Err(Refusal::Ledger(error)) => panic!("the ledger failed: {error:?}"),
        };
        if self.fault == Fault::AnswerLost {
            return Err(TransportError::Timeout);
        }
        Ok(answered.frame)
    }
}
