//! Why bytes of version 2 were not understood. Nothing of what they held is told: it may be about people.

use crate::Code;

/// What is wrong with a frame, a payload or a section of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub enum WireError {
    /// The bytes do not begin as a frame does.
    NotAFrame,
    /// A version, kind, compression, entity, action or role that this program does not know: the
    /// writer is newer. `what` names which of them.
    Unknown {
        /// `frame`, `kind`, `compression`, `columns`, `entity`, `action` or `role`.
        what: &'static str,
    },
    /// The bytes end before what they promise, or promise more than they can hold.
    CutOff,
    /// Bytes are left after the end.
    Trailing,
    /// Over a limit of `limits`, or over the cap that the caller gave.
    TooLarge,
    /// The compressed bytes do not inflate to the length that was promised.
    Inflate,
    /// Text that is not UTF-8, a header that is not the JSON it should be, a reference to nothing.
    Malformed,
    /// 32 bytes that are no Ed25519 public key.
    Key,
    /// Not signed with this key, or changed since.
    Signature,
    /// The changes are not those that the header tells of: hash, count or numbers differ.
    Batch,
}

impl WireError {
    /// A stable code, for logs and for the catalogue of words.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::NotAFrame => "not_a_frame",
            Self::Unknown { .. } => "unknown",
            Self::CutOff => "cut_off",
            Self::Trailing => "trailing",
            Self::TooLarge => "too_large",
            Self::Inflate => "inflate",
            Self::Malformed => "malformed",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Batch => "batch",
        }
    }

    /// What a server answers a desk that sent such bytes. A signature that does not fit is answered
    /// like a device that is not known: neither tells which devices there are.
    #[must_use]
    pub const fn answer(self) -> Code {
        match self {
            Self::Unknown { .. } => Code::ProtocolTooNew,
            Self::TooLarge => Code::TooLarge,
            Self::Signature => Code::DeviceUnknown,
            Self::NotAFrame
            | Self::CutOff
            | Self::Trailing
            | Self::Inflate
            | Self::Malformed
            | Self::Key
            | Self::Batch => Code::Malformed,
        }
    }
}
