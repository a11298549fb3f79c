//! The sync wire: versioned types, limits and codes, shared by both ends.
//!
//! It must not know how a desk keeps its changes, how a server keeps its ledger, or what carries
//! the bytes: the same JSON is to travel by HTTPS and, later, as a file on a stick. What a field
//! means is told in `docs/sync-protocol.md`; golden files in `tests/wire/` keep it so.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod bundle;
mod bytes;
pub mod columns;
mod error;
pub mod frame;
mod hash;
mod keys;
pub mod limits;
pub mod payload;
mod problem;
mod wire;
mod words;

pub use bundle::Bundle;
pub use error::WireError;
pub use hash::{Hash, link};
pub use keys::{DeviceKey, PublicKey};
pub use problem::{Code, Problem};
pub use wire::{Batch, EnrolAnswer, EnrolRequest, Protocol, Secret, SyncAnswer, SyncRequest};

/// The version of the wire this program speaks.
pub const PROTOCOL: u32 = 2;
/// The oldest version it still understands.
pub const PROTOCOL_OLDEST: u32 = 1;

/// Where a desk enrols, with a signed frame.
pub const ENROL_PATH: &str = "/v2/enrol";
/// Where a desk pushes and pulls in one round trip, with a signed frame.
pub const SYNC_PATH: &str = "/v2/sync";
/// What a frame is called by HTTP.
pub const FRAME_TYPE: &str = "application/vnd.jitasa.frame";
/// Where a desk of version 1 enrols, in JSON.
pub const ENROL_PATH_V1: &str = "/v1/enrol";
/// Where a desk of version 1 pushes and pulls, in JSON.
pub const SYNC_PATH_V1: &str = "/v1/sync";
/// Where anybody may ask whether the server is alive.
pub const HEALTH_PATH: &str = "/healthz";

/// Whether a version of the wire is understood.
///
/// # Errors
/// The code to answer.
pub const fn check_protocol(protocol: u32) -> Result<(), Code> {
    if protocol > PROTOCOL {
        Err(Code::ProtocolTooNew)
    } else if protocol < PROTOCOL_OLDEST {
        Err(Code::ProtocolTooOld)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_versions_between_the_oldest_and_the_present_are_understood() {
        assert_eq!(check_protocol(PROTOCOL), Ok(()));
        assert_eq!(check_protocol(PROTOCOL + 1), Err(Code::ProtocolTooNew));
        assert_eq!(
            check_protocol(PROTOCOL_OLDEST - 1),
            Err(Code::ProtocolTooOld)
        );
    }
}
