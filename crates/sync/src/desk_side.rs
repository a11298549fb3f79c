//! What sync asks of a desk. The store carries it out; here is only the shape, so that the core and
//! its stories need no database.

use jitasa_domain::{
    Timestamp,
    change::{Change, Delivered, Outcome},
};
use jitasa_protocol::Secret;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who a desk is, before and after it belongs to a province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its own id.
    pub device_id: Uuid,
    /// What people call it, for the operator's list.
    pub device_name: String,
    /// The office it works for.
    pub office_code: String,
}

/// That a desk belongs to a province. The token is a secret: it is kept in the encrypted store and
/// its `Debug` shows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Where the server is.
    pub server_url: String,
    /// Which server it was then.
    pub server_id: Uuid,
    /// Two digits.
    pub province_code: String,
    /// What the desk shows.
    pub device_token: Secret,
}

/// One answer, as the desk is to take it in: wholly, in one transaction, or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Absorbed {
    /// Up to this `device_seq` the desk has the server's word on each of its changes.
    pub acked: u64,
    /// That word. A change is done when its outcome is here; a `conflict` or `held` one goes to the
    /// list a person works through, and `theirs` says what to show meanwhile.
    pub outcomes: Vec<Outcome>,
    /// What others changed, in the province's order. Own outcomes with a `seq` belong between these:
    /// later in that order wins, and under the same `seq` the own change comes first (it may itself
    /// have taken the record out of the office's scope).
    pub delivered: Vec<Delivered>,
    /// To be kept with the rest.
    pub cursor: u64,
    /// Which server spoke.
    pub server_id: Uuid,
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

/// What sync needs of a desk.
pub trait Desk {
    /// Who it is.
    ///
    /// # Errors
    /// When the store fails.
    fn identity(&self) -> Result<Identity, DeskError>;

    /// Where it belongs, if anywhere.
    ///
    /// # Errors
    /// When the store fails.
    fn enrolment(&self) -> Result<Option<Enrolment>, DeskError>;

    /// Keeps where it belongs.
    ///
    /// # Errors
    /// When the store fails.
    fn save_enrolment(&mut self, enrolment: &Enrolment) -> Result<(), DeskError>;

    /// The highest `device_seq` up to which it has the server's word (the last `Absorbed::acked`).
    ///
    /// # Errors
    /// When the store fails.
    fn acked(&self) -> Result<u64, DeskError>;

    /// Its changes with a `device_seq` above `after`, in order, without a gap, at most `limit`. Also
    /// those that were acknowledged, as far as they are kept: a server that was restored asks again.
    ///
    /// # Errors
    /// When the store fails.
    fn pending(&self, after: u64, limit: usize) -> Result<Vec<Change>, DeskError>;

    /// How many changes wait for the server's word.
    ///
    /// # Errors
    /// When the store fails.
    fn pending_count(&self) -> Result<u64, DeskError>;

    /// How far it has heard (the last `Absorbed::cursor`; 0 for nothing).
    ///
    /// # Errors
    /// When the store fails.
    fn cursor(&self) -> Result<u64, DeskError>;

    /// Takes an answer in, in one transaction.
    ///
    /// # Errors
    /// When the store fails; then nothing of the answer was kept.
    fn absorb(&mut self, answer: &Absorbed) -> Result<AbsorbCounts, DeskError>;
}
