//! Between requests and answers and the signed bytes that travel, by a line or as a file alike.
//!
//! It must not know what carries them.

use jitasa_protocol::{
    DeviceKey, Hash, PublicKey,
    frame::{self, Compression, Kind},
    limits,
    payload::{Answer, EnrolAsk, EnrolGrant, Request},
};
use uuid::Uuid;

use crate::transport::TransportError;

/// A request as it travels, and what its answer has to name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The bytes.
    pub frame: Vec<u8>,
    /// Hash of what was signed.
    pub name: Hash,
}

/// Signs a request.
#[must_use]
pub fn seal(request: &Request, key: &DeviceKey) -> Sealed {
    let payload = request.write();
    Sealed {
        frame: frame::seal(Kind::Request, &payload, key, Compression::Dictionary),
        name: Hash::of(&payload),
    }
}

/// Signs the wish to be let in.
#[must_use]
pub fn seal_ask(ask: &EnrolAsk, key: &DeviceKey) -> Vec<u8> {
    frame::seal(
        Kind::EnrolRequest,
        &ask.write(),
        key,
        Compression::Dictionary,
    )
}

/// The answer to a request, when it is the server's, to this device, and to this very request.
///
/// # Errors
/// `NotOurServer` for anything else: a captive portal's page, another server, an answer to another request.
pub fn open(
    bytes: &[u8],
    server_key: &PublicKey,
    device_id: Uuid,
    name: Hash,
) -> Result<Answer, TransportError> {
    let answer = open_any(bytes, server_key)?;
    if answer.head.to_device == device_id && answer.head.in_reply_to == name {
        Ok(answer)
    } else {
        Err(TransportError::NotOurServer)
    }
}

/// The server's answer, to whatever it is one; its head says to what.
///
/// # Errors
/// `NotOurServer` when it is none of this server's.
pub fn open_any(bytes: &[u8], server_key: &PublicKey) -> Result<Answer, TransportError> {
    let most = usize::try_from(limits::ANSWER_BYTES_MAX).unwrap_or(usize::MAX);
    let opened = frame::open(bytes, most).map_err(|_| TransportError::NotOurServer)?;
    if opened.kind != Kind::Answer || opened.verify(server_key).is_err() {
        return Err(TransportError::NotOurServer);
    }
    Answer::read(&opened.payload).map_err(|_| TransportError::NotOurServer)
}

/// What the server grants, signed by the key that it names itself: who brought it vouches for that key, the line's
/// certificate or whoever carried the file.
///
/// # Errors
/// `NotOurServer` when it is no grant.
pub fn open_grant(bytes: &[u8]) -> Result<EnrolGrant, TransportError> {
    let opened =
        frame::open(bytes, limits::BODY_BYTES_MAX).map_err(|_| TransportError::NotOurServer)?;
    let grant = EnrolGrant::read(&opened.payload).map_err(|_| TransportError::NotOurServer)?;
    if opened.kind == Kind::EnrolAnswer && opened.verify(&grant.server_key).is_ok() {
        Ok(grant)
    } else {
        Err(TransportError::NotOurServer)
    }
}
