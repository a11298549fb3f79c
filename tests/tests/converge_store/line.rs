//! A line between a desk and the province, in one process, that may lose a request or an answer.

use jitasa_protocol::{EnrolAnswer, EnrolRequest, Secret, SyncAnswer, SyncRequest};
use jitasa_server::{Province, Refusal};
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
    pub(crate) page: u32,
}

impl Transport for Line<'_> {
    fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, TransportError> {
        Ok(self.province.enrol(request, START).unwrap())
    }

    fn exchange(
        &self,
        token: &Secret,
        request: &SyncRequest,
    ) -> Result<SyncAnswer, TransportError> {
        match self.fault {
            Fault::RequestLost => return Err(TransportError::Timeout),
            Fault::NoLine => return Err(TransportError::Unreachable),
            Fault::None | Fault::AnswerLost => {}
        }
        // Everything crosses as the JSON it would be on a wire.
        let mut request: SyncRequest =
            serde_json::from_str(&serde_json::to_string(request).unwrap()).unwrap();
        request.limit = request.limit.min(self.page);
        let answer = match self.province.sync(&token.0, &request, START) {
            Ok(answer) => answer,
            Err(Refusal::Problem(problem)) => return Err(TransportError::Refused(problem)),
            Err(Refusal::Ledger(error)) => panic!("the ledger failed: {error:?}"),
        };
        if self.fault == Fault::AnswerLost {
            return Err(TransportError::Timeout);
        }
        Ok(serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap())
    }
}
