//! Lines between a desk and a province, in one process: one that holds, and ones that do not.

use std::{cell::Cell, sync::Arc};

use jitasa_domain::Timestamp;
use jitasa_protocol::{
    Code, EnrolRequest, Problem, Secret,
    payload::{Answer, Request},
};
use jitasa_server::province::CodeTerms;
use jitasa_server::{Province, Refusal, frames::Address};
use jitasa_sync::{Receipt, SyncError, Terms, Transport, TransportError, enrol, envelope, run};
use jitasa_tests::keeper::{Keeper, Place};
use uuid::Uuid;

use crate::desk::MemoryDesk;

pub(crate) const NOW: Timestamp = Timestamp(1_795_305_600_000);
/// A round whose desk makes sure at the end that it holds what the server holds.
pub(crate) const TERMS: Terms = Terms {
    now: NOW,
    compares: true,
    page: 500,
};
/// What a desk signs with that does not say otherwise.
pub(crate) const SECRET: [u8; 32] = [7; 32];
/// Where the desks of these stories believe their server to be.
pub(crate) const SERVER: &str = "http://127.0.0.1:8450";

pub(crate) struct House {
    pub(crate) province: Arc<Province>,
    pub(crate) place: Place,
}

impl House {
    pub(crate) fn on(keeper: Keeper) -> Self {
        let place = Place::new(keeper);
        let province = Arc::new(place.open());
        Self { province, place }
    }

    /// The server is gone, and comes back from what it kept.
    pub(crate) fn restarts(&mut self) {
        self.province = Arc::new(self.place.open());
    }

    /// Another desk with the same things to say, which speaks version 1: its token.
    pub(crate) fn a_desk_of_version_1(&self, mut desk: MemoryDesk) -> (MemoryDesk, String) {
        let office_code = desk.office_code.clone();
        let code = self
            .province
            .new_code(&office_code, CodeTerms::default(), NOW)
            .unwrap();
        let device_id = Uuid::from_u128(0x5eed);
        let answer = self.province.enrol(
            &EnrolRequest {
                protocol: 1,
                code: Secret(code),
                device_id,
                device_name: "เครื่องเก่า".into(),
                office_code,
            },
            NOW,
        );
        desk.device_id = device_id;
        (desk, answer.unwrap().device_token.0)
    }

    /// The server lost its ledger, and goes on with a copy.
    pub(crate) fn puts_back(&mut self, copy: Place) {
        self.place = copy;
        self.restarts();
        self.province.make_whole(NOW).unwrap();
    }

    pub(crate) fn line(&self) -> Line {
        Line {
            province: Arc::clone(&self.province),
            hold: Cell::new(0),
            lose_answer: Cell::new(0),
        }
    }

    /// A desk of an office, enrolled.
    pub(crate) fn a_desk(&self, office_code: &str, seed: u64) -> MemoryDesk {
        let mut desk = MemoryDesk::new(office_code, seed);
        let code = self
            .province
            .new_code(office_code, CodeTerms::default(), NOW)
            .unwrap();
        let secret = [u8::try_from(seed % 256).unwrap(); 32];
        enrol(&mut desk, &self.line(), SERVER, &code, secret, NOW).unwrap();
        desk
    }

    /// What the server answers to just this request, signed by the desk.
    pub(crate) fn says(&self, desk: &MemoryDesk, request: &Request) -> Answer {
        let frame = envelope::seal(request, &desk.key()).frame;
        self.province.take(&frame, NOW).unwrap().answer
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
        run(desk, &self.line(), TERMS)
    }
}

/// A line that holds for a while and then loses the answers of the next few exchanges, after the
/// server has worked on them.
pub(crate) struct Line {
    province: Arc<Province>,
    pub(crate) hold: Cell<u32>,
    pub(crate) lose_answer: Cell<u32>,
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
    fn enrol(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError> {
        let address = Address::default();
        self.carry(self.province.enrol_signed(frame, &address, NOW))
    }

    fn exchange(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError> {
        let answered = self.province.take(frame, NOW);
        self.carry(answered.map(|answered| answered.frame))
    }
}

pub(crate) fn refused(code: Code) -> SyncError {
    TransportError::Refused(Problem::from(code)).into()
}
