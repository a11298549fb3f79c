//! Why a request was refused, as codes. Words belong to the desk's catalogue; a code is added when
//! somebody branches on it.

use serde::{Deserialize, Serialize};

/// A stable reason. A desk that does not know a code reads it as [`Code::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// No living code of this office matches; also after five wrong tries.
    CodeUnknown,
    /// The code has enrolled a device already.
    CodeUsed,
    /// The code's 24 hours are over.
    CodeExpired,
    /// Device, office and token do not belong together.
    DeviceUnknown,
    /// The device has shown a good code; the operator has yet to confirm it.
    DevicePending,
    /// The device was shut out; it gets nothing more.
    DeviceRevoked,
    /// The signature is not the device's, or not over these bytes. Nothing more is said.
    SignatureBad,
    /// The request was meant for another server, or another one's device sent it.
    OtherServer,
    /// The device's number is known, but with another change: a cloned disk or an old backup.
    /// The device has to enrol anew under a new id; nothing of the batch was applied.
    DeviceForked,
    /// A number was left out; `expected` is the one the server waits for.
    Gap,
    /// The desk has seen more than the server holds, and the server does not know why: it was put
    /// back from an old copy without being told. The operator has to say so.
    CursorUnknown,
    /// The server was restored from a copy since: its order goes on in another way after `cut`, and it holds
    /// the device's changes before `expected`. The desk offers the others again and fetches its scope anew.
    EpochChanged,
    /// As `epoch_changed`, and the copy was older than the epoch the desk knew.
    EpochUnknown,
    /// Over a limit of `limits`.
    TooLarge,
    /// Not what the protocol says.
    Malformed,
    /// The desk is newer than the server.
    ProtocolTooNew,
    /// The desk is older than the server still serves.
    ProtocolTooOld,
    /// Ask again after `Retry-After` seconds.
    Busy,
    /// The server failed; nothing was applied.
    Internal,
    /// A code of a newer server.
    #[serde(other)]
    Other,
}

impl Code {
    /// As it crosses the wire.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::CodeUnknown => "code_unknown",
            Self::CodeUsed => "code_used",
            Self::CodeExpired => "code_expired",
            Self::DeviceUnknown => "device_unknown",
            Self::DevicePending => "device_pending",
            Self::DeviceRevoked => "device_revoked",
            Self::SignatureBad => "signature_bad",
            Self::OtherServer => "other_server",
            Self::DeviceForked => "device_forked",
            Self::Gap => "gap",
            Self::CursorUnknown => "cursor_unknown",
            Self::EpochChanged => "epoch_changed",
            Self::EpochUnknown => "epoch_unknown",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::ProtocolTooNew => "protocol_too_new",
            Self::ProtocolTooOld => "protocol_too_old",
            Self::Busy => "busy",
            Self::Internal => "internal",
            Self::Other => "other",
        }
    }

    /// The HTTP status it travels under.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::CodeUnknown | Self::CodeUsed | Self::CodeExpired | Self::DevicePending => 403,
            Self::DeviceUnknown | Self::SignatureBad => 401,
            Self::DeviceRevoked => 410,
            Self::DeviceForked
            | Self::Gap
            | Self::CursorUnknown
            | Self::EpochChanged
            | Self::EpochUnknown
            | Self::OtherServer => 409,
            Self::TooLarge => 413,
            Self::Malformed => 422,
            Self::ProtocolTooNew | Self::ProtocolTooOld => 426,
            Self::Busy => 503,
            Self::Internal | Self::Other => 500,
        }
    }
}

/// The body of every refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", code.text())]
pub struct Problem {
    /// Why.
    pub code: Code,
    /// With `gap` and a change of epoch: the `device_seq` the server waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
    /// With a change of epoch: up to this sequence both ways are the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<u64>,
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self {
            code,
            expected: None,
            cut: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_written_as_its_text_and_a_newer_one_is_read_as_other() {
        for code in [
            Code::CodeUnknown,
            Code::DeviceForked,
            Code::Gap,
            Code::ProtocolTooNew,
        ] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.text());
        }
        let newer: Problem = serde_json::from_str(r#"{"code":"lunar_eclipse"}"#).unwrap();
        assert_eq!(newer.code, Code::Other);
    }
}
