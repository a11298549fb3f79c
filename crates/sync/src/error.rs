//! Why a round of sync ended early. The codes are stable; words for them live in the catalogue.

use jitasa_protocol::{Code, Problem};

use crate::{desk_side::DeskError, transport::TransportError};

/// Why a round of sync ended early. What was absorbed until then stays absorbed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    /// The desk does not belong to a province yet.
    #[error("the desk is not enrolled")]
    NotEnrolled,
    /// The line or what is at its end.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The address now leads to another server, or to one restored under a new id. Nothing changed.
    #[error("the address leads to another server than the one the desk belongs to")]
    OtherServer,
    /// The server asks for a change that the desk no longer has.
    #[error("the server lacks changes that the desk no longer holds")]
    HistoryMissing,
    /// The desk belongs to a province already.
    #[error("the desk is enrolled already")]
    Enrolled,
    /// The answer in a file is for another desk.
    #[error("the answer is for another desk")]
    OtherDesk,
    /// The answer in a file is to a later file than the one whose answer is still awaited.
    #[error("the answer to an earlier file has to be taken in first")]
    AnswerTooEarly,
    /// The desk's store.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl SyncError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotEnrolled => "sync_not_enrolled",
            Self::OtherServer => "sync_other_server",
            Self::HistoryMissing => "sync_history_missing",
            Self::Enrolled => "sync_enrolled",
            Self::OtherDesk => "sync_other_desk",
            Self::AnswerTooEarly => "sync_answer_too_early",
            Self::Desk(_) => "sync_desk_failed",
            Self::Transport(error) => match error {
                TransportError::Unreachable => "sync_unreachable",
                TransportError::Certificate => "sync_certificate",
                TransportError::Timeout => "sync_timeout",
                TransportError::NotOurServer => "sync_not_our_server",
                TransportError::BadAddress => "sync_bad_address",
                TransportError::Refused(problem) => refused(problem.code),
            },
        }
    }

    /// What the server said, when it was the server that refused.
    #[must_use]
    pub const fn problem(&self) -> Option<Problem> {
        match self {
            Self::Transport(TransportError::Refused(problem)) => Some(*problem),
            _ => None,
        }
    }
}

/// Refusals that a clerk can do something about have a code of their own.
const fn refused(code: Code) -> &'static str {
    match code {
        Code::CodeUnknown => "sync_code_unknown",
        Code::CodeUsed => "sync_code_used",
        Code::CodeExpired => "sync_code_expired",
        Code::DeviceUnknown | Code::SignatureBad => "sync_device_unknown",
        Code::DevicePending => "sync_device_pending",
        Code::OtherServer => "sync_other_server",
        Code::DeviceRevoked => "sync_device_revoked",
        Code::DeviceForked => "sync_device_forked",
        Code::CursorUnknown => "sync_server_restored",
        Code::ProtocolTooNew => "sync_protocol_too_new",
        Code::ProtocolTooOld => "sync_protocol_too_old",
        Code::Busy => "sync_busy",
        Code::EpochChanged
        | Code::EpochUnknown
        | Code::Gap
        | Code::TooLarge
        | Code::Malformed
        | Code::Internal
        | Code::Other => "sync_refused",
    }
}
