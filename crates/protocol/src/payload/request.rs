//! What a desk says: what it did, and how far it has heard.

use jitasa_domain::change::Change;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{join, split};
use crate::{Hash, WireError, columns, limits, link};

/// The header of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RequestHead {
    /// Version of the wire: 2.
    pub protocol: u32,
    /// Version of the program, for the operator's list.
    pub program: String,
    /// The server it is meant for.
    pub server_id: Uuid,
    /// The device's office.
    pub office_code: String,
    /// The device.
    pub device_id: Uuid,
    /// The highest `device_seq` that the device knows the server holds; 0 for none.
    pub acked: u64,
    /// The device's chain at `acked`.
    pub link: Hash,
    /// How far it has heard: the `cursor` of the last answer it absorbed; 0 for nothing.
    pub cursor: u64,
    /// The stretch of the order that `cursor` counts in, as the grant or the last change of it named it.
    pub epoch: Uuid,
    /// How many rows it wants at most.
    #[serde(default = "default_limit")]
    pub limit: u32,
    /// Changes that wait at the desk, those of this batch included.
    #[serde(default)]
    pub waiting: u64,
    /// What the desk's clock says.
    pub claimed_at: i64,
    /// Of which changes the section is; absent when it has none to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<BatchHead>,
    /// Which fields the desk's checksums cover (`domain::sum::fields_covered`); the server tells its own only when it
    /// covers the same.
    #[serde(default)]
    pub fields: u64,
    /// Whether the sums of every owner are asked for, to find where a sum differs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub want_sums: bool,
    /// What is to be delivered whole, because its sum differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<Repair>,
}

const fn default_limit() -> u32 {
    limits::DELIVERED_MAX
}

/// Of which changes a batch is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BatchHead {
    /// Names the batch in logs and receipts; the same changes sent again may carry the same.
    pub batch_id: Uuid,
    /// The first change's `device_seq`.
    pub first_seq: u64,
    /// How many changes; 1 at least.
    pub count: u32,
    /// The device's chain before the first change.
    pub previous: Hash,
    /// The device's chain after the last change.
    pub link: Hash,
    /// SHA-256 of the section of changes.
    pub body: Hash,
    /// A `base_version` above this counts as this: it was seen in an epoch that is over, and what came after is not
    /// known to the present one. Absent when all of them count in the present epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_cap: Option<u64>,
}

/// Rows of one owner that are to be delivered whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// The owner, as [`super::OwnerSum`] names it.
    pub owner: String,
    /// Go on after this place in the province's order; 0 at first.
    #[serde(default)]
    pub after: u64,
}

/// Push, acknowledge and pull in one round trip.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Request {
    /// Who asks for what.
    pub head: RequestHead,
    /// In the order of `device_seq`, without a gap. Empty exactly when the head has no batch.
    pub changes: Vec<Change>,
}

impl RequestHead {
    /// The header alone, from a request's payload: who asks, so that the signature can be checked
    /// before anything else of it is read.
    ///
    /// # Errors
    /// When it is no request.
    pub fn read(payload: &[u8]) -> Result<Self, WireError> {
        split::<_, 1>(payload).map(|(head, _)| head)
    }
}

impl BatchHead {
    /// The head of a batch; `previous` is the device's chain before its first change.
    #[must_use]
    pub fn of(batch_id: Uuid, base_cap: Option<u64>, previous: Hash, changes: &[Change]) -> Self {
        Self {
            batch_id,
            first_seq: changes.first().map_or(0, |change| change.device_seq),
            count: u32::try_from(changes.len()).unwrap_or(u32::MAX),
            previous,
            link: changes
                .iter()
                .fold(previous, |before, change| link(&before, change)),
            body: Hash::of(&section(changes)),
            base_cap,
        }
    }
}

impl Request {
    /// The payload.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        join(&self.head, [&section(&self.changes)])
    }

    /// From a payload. The chain is the ledger's to check ([`link`]), as is who asks.
    ///
    /// # Errors
    /// When it is no request; [`WireError::TooLarge`] for more than [`limits::CHANGES_MAX`] changes;
    /// [`WireError::Batch`] when the changes are not those that the header tells of, or their numbers
    /// do not count up by one.
    pub fn read(payload: &[u8]) -> Result<Self, WireError> {
        let (head, [body]) = split::<RequestHead, 1>(payload)?;
        let Some(batch) = &head.batch else {
            return if body.is_empty() {
                Ok(Self {
                    head,
                    changes: Vec::new(),
                })
            } else {
                Err(WireError::Batch)
            };
        };
        if batch.count as usize > limits::CHANGES_MAX {
            return Err(WireError::TooLarge);
        }
        if batch.count == 0 || batch.first_seq == 0 || Hash::of(body) != batch.body {
            return Err(WireError::Batch);
        }
        let changes = columns::read_changes(body)?;
        let counts_up = (batch.first_seq..=i64::MAX as u64)
            .zip(&changes)
            .filter(|(number, change)| *number == change.device_seq)
            .count();
        if changes.len() == batch.count as usize && counts_up == changes.len() {
            Ok(Self { head, changes })
        } else {
            Err(WireError::Batch)
        }
    }
}

fn section(changes: &[Change]) -> Vec<u8> {
    if changes.is_empty() {
        Vec::new()
    } else {
        columns::write_changes(changes)
    }
}
