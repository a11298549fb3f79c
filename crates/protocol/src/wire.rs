//! Requests and answers. Fields that a reader does not know are passed over; fields that an older
//! writer does not send have a default, so two versions can talk.

use std::fmt;

use jitasa_domain::change::{Change, Delivered, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{Code, limits};

/// What is read of any request before anything else is: which version it speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protocol {
    /// The version.
    pub protocol: u32,
}

/// A secret that crosses the wire once and is never shown: its `Debug` prints nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// A desk asks to belong to the province, with a code its operator was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// Version of the wire.
    pub protocol: u32,
    /// Ten characters of Crockford's base 32; spaces, hyphens and lower case are forgiven.
    pub code: Secret,
    /// The desk's id for itself.
    pub device_id: Uuid,
    /// What people call the desk, for the operator's list.
    pub device_name: String,
    /// The office it works for; the code is good for this office only.
    pub office_code: String,
}

/// The desk belongs to the province.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnrolAnswer {
    /// Version of the wire.
    pub protocol: u32,
    /// Two digits.
    pub province_code: String,
    /// The server's own id; another id later means another (or a restored) server.
    pub server_id: Uuid,
    /// What the desk shows from now on.
    pub device_token: Secret,
    /// The office, as enrolled.
    pub office_code: String,
}

/// A run of a desk's changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Names the batch in logs and receipts; the same changes sent again may carry the same.
    pub batch_id: Uuid,
    /// In the order of `device_seq`, without a gap.
    pub changes: Vec<Change>,
}

/// Push, acknowledge and pull in one round trip. The device's token travels as
/// `Authorization: Bearer`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// Version of the wire.
    pub protocol: u32,
    /// The device's office.
    pub office_code: String,
    /// The device.
    pub device_id: Uuid,
    /// What it has to say, if anything.
    #[serde(default)]
    pub batch: Option<Batch>,
    /// How far it has heard: the `cursor` of the last answer it absorbed; 0 for nothing.
    pub cursor: u64,
    /// How many rows it wants at most.
    #[serde(default = "default_limit")]
    pub limit: u32,
}

const fn default_limit() -> u32 {
    limits::DELIVERED_MAX
}

/// What became of the changes, and what others did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SyncAnswer {
    /// Version of the wire.
    pub protocol: u32,
    /// The server's own id.
    pub server_id: Uuid,
    /// The highest `device_seq` up to which the server holds every change of this device.
    pub acked: u64,
    /// One for each change of the batch, in its order.
    pub outcomes: Vec<Outcome>,
    /// What others changed, in the province's order.
    pub delivered: Vec<Delivered>,
    /// To be sent with the next request, once this answer is absorbed.
    pub cursor: u64,
    /// Whether there is more to pull at once.
    pub more: bool,
}

impl EnrolRequest {
    /// Whether it keeps the limits.
    ///
    /// # Errors
    /// The code to answer.
    pub fn check(&self) -> Result<(), Code> {
        let too_long = self.code.0.len() > 64
            || self.office_code.len() > 16
            || self.device_name.chars().count() > limits::DEVICE_NAME_MAX;
        if too_long || self.device_name.contains('\0') || self.device_id.is_nil() {
            Err(Code::Malformed)
        } else {
            Ok(())
        }
    }
}

impl SyncRequest {
    /// Whether it keeps the limits and its batch counts upwards without a gap inside.
    ///
    /// # Errors
    /// The code to answer. A gap *before* the batch is the ledger's to find.
    pub fn check(&self) -> Result<(), Code> {
        let Some(batch) = &self.batch else {
            return Ok(());
        };
        if batch.changes.len() > limits::CHANGES_MAX {
            return Err(Code::TooLarge);
        }
        let counts_up = batch
            .changes
            .windows(2)
            .all(|pair| pair[0].device_seq.checked_add(1) == Some(pair[1].device_seq));
        let whole = batch.changes.iter().all(|change| {
            (1..=i64::MAX as u64).contains(&change.device_seq)
                && !change.change_id.is_nil()
                && !change.entity_id.is_nil()
                && !change
                    .fields
                    .values()
                    .any(|value| nests_over(value, limits::NESTED_MAX))
        });
        if counts_up && whole {
            Ok(())
        } else {
            Err(Code::Malformed)
        }
    }
}

/// Whether lists and objects lie in each other deeper than so many levels.
fn nests_over(value: &Value, levels: u8) -> bool {
    let mut inside: Box<dyn Iterator<Item = &Value>> = match value {
        Value::Array(values) => Box::new(values.iter()),
        Value::Object(members) => Box::new(members.values()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return false,
    };
    match levels.checked_sub(1) {
        None => true,
        Some(levels) => inside.any(|each| nests_over(each, levels)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn a_request(changes: &[Change]) -> SyncRequest {
        SyncRequest {
            protocol: 1,
            office_code: "450905".into(),
            device_id: Uuid::from_u128(1),
            batch: Some(Batch {
                batch_id: Uuid::from_u128(2),
                changes: changes.to_vec(),
            }),
            cursor: 0,
            limit: 1,
        }
    }

    fn a_change(device_seq: u64, note: &Value) -> Change {
        serde_json::from_value(json!({
            "change_id": "0192f0a0-3333-7000-8000-000000000001",
            "act_id": "0192f0a0-4444-7000-8000-000000000001",
            "action": "case_edit", "entity": "case",
            "entity_id": "0192f0a0-5555-7000-8000-000000000001",
            "base_version": 7, "fields": { "note": note },
            "actor_id": "0192f0a0-6666-7000-8000-000000000001",
            "actor_name": "นางสาวสมมุติ", "actor_role": "clerk",
            "device_seq": device_seq, "claimed_at": 1_795_305_600_000_i64,
        }))
        .unwrap()
    }

    #[test]
    fn numbers_at_the_end_of_all_numbers_are_no_run() {
        let note = json!("น้ำลด");
        let last = [u64::MAX, 0].map(|seq| a_change(seq, &note));
        assert_eq!(a_request(&last).check(), Err(Code::Malformed));
        let sound = [1, 2].map(|seq| a_change(seq, &note));
        assert_eq!(a_request(&sound).check(), Ok(()));
    }

    #[test]
    fn a_value_that_nests_deeper_than_columns_tell_is_refused_in_json_too() {
        let nested = |levels: u8| (0..levels).fold(json!(1), |inner, _| json!([{ "in": inner }]));
        let half = limits::NESTED_MAX / 2;
        assert_eq!(a_request(&[a_change(1, &nested(half))]).check(), Ok(()));
        let deeper = a_request(&[a_change(1, &json!([nested(half)]))]);
        assert_eq!(deeper.check(), Err(Code::Malformed));
    }

    #[test]
    fn a_secret_is_not_shown_in_debug_text() {
        assert!(!format!("{:?}", Secret("7K3M9QX2TD".into())).contains("7K3"));
    }

    #[test]
    fn a_request_without_batch_and_limit_asks_for_a_full_page() {
        let request: SyncRequest = serde_json::from_str(
            r#"{"protocol":1,"office_code":"450905","cursor":0,"lunar":true,
                "device_id":"0190b0f0-0000-7000-8000-000000000001"}"#,
        )
        .unwrap();
        assert_eq!(request.limit, limits::DELIVERED_MAX);
        assert_eq!(request.check(), Ok(()));
    }
}
