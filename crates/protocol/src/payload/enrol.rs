//! A desk asks to belong to a province, and the server lets it in.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{join, split};
use crate::{PublicKey, Secret, WireError};

/// A desk asks to belong to the province, with a code that its operator was given, or with the token
/// of version 1 that it has. The frame is signed with the key that it brings: whoever asks holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolAsk {
    /// Version of the wire: 2.
    pub protocol: u32,
    /// Version of the program, for the operator's list.
    pub program: String,
    /// The code: ten characters of Crockford's base 32; spaces, hyphens and lower case are forgiven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// The token of a device that enrolled under version 1 and becomes one of version 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
    /// The desk's id for itself.
    pub device_id: Uuid,
    /// What people call the desk.
    pub device_name: String,
    /// The office it works for.
    pub office_code: String,
    /// The key that its frames are signed with from now on.
    pub public_key: PublicKey,
    /// What the desk's clock says.
    pub claimed_at: i64,
}

/// The desk belongs to the province. Signed by the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolGrant {
    /// Version of the wire: 2.
    pub protocol: u32,
    /// Two digits.
    pub province_code: String,
    /// The server's own id.
    pub server_id: Uuid,
    /// The life of the server's ledger; another one later means that it was restored from a copy.
    pub epoch: Uuid,
    /// The office, as enrolled.
    pub office_code: String,
    /// The device, as enrolled.
    pub device_id: Uuid,
    /// The key that the server's frames are signed with.
    pub server_key: PublicKey,
    /// Where the server is reached, when the grant came as a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_url: Option<String>,
    /// PEM of the authority that signed the server's certificate, when it is the province's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_certificate: Option<String>,
    /// Whether the operator has compared the words of the device's key.
    #[serde(default)]
    pub confirmed: bool,
}

impl EnrolAsk {
    /// The payload.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        join(self, [])
    }

    /// From a payload.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(payload: &[u8]) -> Result<Self, WireError> {
        split(payload).map(|(head, [])| head)
    }
}

impl EnrolGrant {
    /// The payload.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        join(self, [])
    }

    /// From a payload.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(payload: &[u8]) -> Result<Self, WireError> {
        split(payload).map(|(head, [])| head)
    }
}
