//! What the server says: what became of the changes, and what others did.

use jitasa_domain::change::{Delivered, Outcome};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{join, read_json, split};
use crate::{Hash, Problem, WireError, columns};

/// The header of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AnswerHead {
    /// Version of the wire: 2.
    pub protocol: u32,
    /// The server's own id.
    pub server_id: Uuid,
    /// The stretch of the server's order that was not broken by a restore; another one than before means that it was
    /// put back from a copy.
    pub epoch: Uuid,
    /// The device it is meant for.
    pub to_device: Uuid,
    /// SHA-256 of the payload of the request that it answers.
    pub in_reply_to: Hash,
    /// Why the request was refused; then nothing of it was applied and both sections are empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// The highest `device_seq` up to which the server holds every change of this device.
    pub acked: u64,
    /// To be sent with the next request, once this answer is absorbed.
    pub cursor: u64,
    /// Whether there is more to pull at once.
    #[serde(default)]
    pub more: bool,
    /// What the server's clock says.
    pub server_now: i64,
    /// The sum over all that the office may see, as it stands at `cursor`; absent while there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<u64>,
    /// The sum of each owner, when they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sums: Vec<OwnerSum>,
    /// The highest place in the province's order that there is.
    #[serde(default)]
    pub head: u64,
    /// How many changes the server would take in the next batch, when it has a wish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_max: Option<u32>,
}

/// The sum over the rows of one owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerSum {
    /// The owner.
    pub owner: String,
    /// Its sum.
    pub sum: u64,
}

/// What became of the changes, and what others did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// To whom, and how far it goes.
    pub head: AnswerHead,
    /// One for each change of the batch, in its order.
    pub outcomes: Vec<Outcome>,
    /// What others changed, in the province's order.
    pub delivered: Vec<Delivered>,
}

impl Answer {
    /// The payload.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let outcomes = match &self.outcomes[..] {
            [] => Vec::new(),
            // Outcomes are objects of text, numbers and JSON values: JSON can say all of it.
            outcomes => serde_json::to_vec(outcomes).unwrap_or_default(),
        };
        let delivered = match &self.delivered[..] {
            [] => Vec::new(),
            delivered => columns::write_delivered(delivered),
        };
        join(&self.head, [&outcomes, &delivered])
    }

    /// From a payload. Whether it answers the request that was sent is the caller's to check.
    ///
    /// # Errors
    /// When it is no answer.
    pub fn read(payload: &[u8]) -> Result<Self, WireError> {
        let (head, [outcomes, delivered]) = split(payload)?;
        Ok(Self {
            head,
            outcomes: match outcomes {
                [] => Vec::new(),
                outcomes => read_json(outcomes)?,
            },
            delivered: match delivered {
                [] => Vec::new(),
                delivered => columns::read_delivered(delivered)?,
            },
        })
    }
}
