//! What sync asks of a desk. The store carries it out; here is only the shape, so that the core and
//! its stories need no database.

use std::collections::BTreeMap;

use jitasa_domain::{
    Entity, Timestamp,
    change::{Delivered, Outcome},
};
use jitasa_protocol::{DeviceKey, Hash, PublicKey};
use uuid::Uuid;

use crate::core::{Gathered, Standing};

/// Who a desk is, before and after it belongs to a province.
#[derive(Debug)]
pub struct Identity {
    /// Its own id.
    pub device_id: Uuid,
    /// What people call it, for the operator's list.
    pub device_name: String,
    /// The office it works for.
    pub office_code: String,
    /// What it signs with; none before it first asked to be let in.
    pub key: Option<DeviceKey>,
}

/// That a desk belongs to a province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Where the server is; empty when only files go between them.
    pub server_url: String,
    /// Which server it is.
    pub server_id: Uuid,
    /// Two digits.
    pub province_code: String,
    /// What the server signs with; none from protocol 1, which did not sign.
    pub server_key: Option<PublicKey>,
    /// The authority of the server's certificate (PEM), when it is the province's own.
    pub root_certificate: Option<String>,
    /// The stretch of the server's order that was present then.
    pub epoch: Uuid,
    /// The token of protocol 1, until the desk has signed for the first time.
    pub token: Option<String>,
}

/// One answer, as the desk is to take it in: wholly, in one transaction, or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Absorbed {
    /// Up to this `device_seq` the desk has the server's word on each of its changes.
    pub acked: u64,
    /// That word. A change is done when its outcome is here; a `conflict` or `held` one goes to the
    /// list a person works through, and `theirs` says what to show meanwhile.
    pub outcomes: Vec<Outcome>,
    /// The device's chain at each of them.
    pub links: Vec<(u64, Hash)>,
    /// What others changed, in the province's order. Own outcomes with a `seq` belong between these:
    /// later in that order wins, and under the same `seq` the own change comes first (it may itself
    /// have taken the record out of the office's scope).
    pub delivered: Vec<Delivered>,
    /// To be kept with the rest; none when rows were fetched again.
    pub cursor: Option<u64>,
    /// When, by the desk's own clock.
    pub at: Timestamp,
}

/// What absorbing an answer changed on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AbsorbCounts {
    /// Rows of others that were taken in.
    pub received: u64,
}

/// The desk's store failed; nothing of the answer was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the desk's store failed ({code})")]
pub struct DeskError {
    /// The store's own stable code.
    pub code: String,
}

/// What sync needs of a desk. Each call is one transaction; on an error nothing has changed.
#[expect(
    clippy::missing_errors_doc,
    reason = "one reason for all: the store fails"
)]
pub trait Desk {
    /// Who it is.
    fn identity(&self) -> Result<Identity, DeskError>;

    /// Keeps the key it signs with from now on.
    fn save_key(&mut self, secret: [u8; 32]) -> Result<(), DeskError>;

    /// Where it belongs, if anywhere.
    fn enrolment(&self) -> Result<Option<Enrolment>, DeskError>;

    /// Keeps where it belongs.
    fn save_enrolment(&mut self, enrolment: &Enrolment) -> Result<(), DeskError>;

    /// Becomes another device: a new id and key, its changes counted from 1 again. All that it still holds waits
    /// again, and its scope is fetched anew.
    fn start_anew(&mut self, device_id: Uuid, secret: [u8; 32]) -> Result<(), DeskError>;

    /// Where it stands. `program`, `claimed_at` and `compares` are the driver's to fill.
    fn standing(&self) -> Result<Standing, DeskError>;

    /// Its changes with a `device_seq` above `after`, in order, without a gap, about `limit` of them: no act is torn
    /// apart that fits.
    fn gather(&self, after: u64, limit: usize) -> Result<Gathered, DeskError>;

    /// How many changes wait for the server's word.
    fn pending_count(&self) -> Result<u64, DeskError>;

    /// Takes an answer in.
    fn absorb(&mut self, answer: &Absorbed) -> Result<AbsorbCounts, DeskError>;

    /// Goes by another epoch: changes from `expected` on wait again, and those whose word was given above `cut`; base
    /// versions count as `cut` at most, and the scope is fetched anew.
    fn rebase(&mut self, epoch: Uuid, cut: u64, expected: u64) -> Result<(), DeskError>;

    /// The checksum of each owner's records.
    fn sums(&self) -> Result<BTreeMap<String, u64>, DeskError>;

    /// What an owner answers for is exactly these records: others of his are set aside, listed with a reason.
    fn reconcile(
        &mut self,
        owner: &str,
        records: &[(Entity, Uuid)],
        at: Timestamp,
    ) -> Result<(), DeskError>;
}
