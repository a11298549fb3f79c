//! Lines between a desk and a province, in one process: one that holds, and ones that do not.

use std::{cell::Cell, sync::Arc};

use jitasa_domain::Timestamp;
use jitasa_protocol::{Code, EnrolAnswer, EnrolRequest, Problem, Secret, SyncAnswer, SyncRequest};
use jitasa_server::province::CodeTerms;
use jitasa_server::{Province, Refusal};
use jitasa_sync::{Receipt, SyncError, Transport, TransportError, enrol, run};
use tempfile::TempDir;

use crate::desk::MemoryDesk;

pub(crate) const NOW: Timestamp = Timestamp(1_795_305_600_000);
/// Where the desks of these stories believe their server to be.
pub(crate) const SERVER: &str = "http://127.0.0.1:8450";

pub(crate) struct House {
    dir: TempDir,
    pub(crate) province: Arc<Province>,
}

impl House {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let province = Arc::new(Province::open(dir.path()).unwrap());
        Self { dir, province }
    }

    /// The server is gone, and comes back from its files.
    pub(crate) fn restarts(&mut self) {
        self.province = Arc::new(Province::open(self.dir.path()).unwrap());
    }

    pub(crate) fn line(&self) -> Line {
        Line {
            province: Arc::clone(&self.province),
            hold: Cell::new(0),
            lose_answer: Cell::new(0),
            page: Cell::new(500),
        }
    }

    /// A desk of an office, enrolled.
    pub(crate) fn a_desk(&self, office_code: &str, seed: u64) -> MemoryDesk {
        let mut desk = MemoryDesk::new(office_code, seed);
        let code = self
            .province
            .new_code(office_code, CodeTerms::default(), NOW)
            .unwrap();
        enrol(&mut desk, &self.line(), SERVER, &code).unwrap();
        desk
    }

    pub(crate) fn sync(&self, desk: &mut MemoryDesk) -> Receipt {
        let receipt = self.try_sync(desk).unwrap();
        assert_eq!(
            receipt.sent,
            receipt.new + receipt.merged + receipt.conflicts + receipt.held,
            "a receipt reconciles"
        );
        receipt
    }

    pub(crate) fn try_sync(&self, desk: &mut MemoryDesk) -> Result<Receipt, SyncError> {
        run(desk, &self.line(), NOW)
    }
}

/// A line that holds for a while and then loses the answers of the next few exchanges, after the
/// server has worked on them.
pub(crate) struct Line {
    province: Arc<Province>,
    pub(crate) hold: Cell<u32>,
    pub(crate) lose_answer: Cell<u32>,
    /// Rows in an answer at most.
    pub(crate) page: Cell<u32>,
}

impl Line {
    fn carry<T>(&self, answer: Result<T, Refusal>) -> Result<T, TransportError> {
        if self.hold.get() > 0 {
            self.hold.set(self.hold.get() - 1);
        } else if self.lose_answer.get() > 0 {
            self.lose_answer.set(self.lose_answer.get() - 1);
            return Err(TransportError::Timeout);
        }
        answer.map_err(|refusal| match refusal {
            Refusal::Problem(problem) => TransportError::Refused(problem),
            Refusal::Ledger(error) => panic!("the ledger failed: {error:?}"),
        })
    }
}

impl Transport for Line {
    fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, TransportError> {
        self.carry(self.province.enrol(request, NOW))
    }

    fn exchange(
        &self,
        token: &Secret,
        request: &SyncRequest,
    ) -> Result<SyncAnswer, TransportError> {
        // Everything crosses as the JSON it would be on a wire.
        let mut request: SyncRequest =
            serde_json::from_str(&serde_json::to_string(request).unwrap()).unwrap();
        request.limit = request.limit.min(self.page.get());
        self.carry(self.province.sync(&token.0, &request, NOW))
    }
}

pub(crate) fn refused(code: Code) -> SyncError {
    TransportError::Refused(Problem::from(code)).into()
}
