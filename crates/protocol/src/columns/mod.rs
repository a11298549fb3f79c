//! Changes and deliveries as bytes.

use jitasa_domain::change::{Change, Delivered};

use crate::WireError;

/// Changes as bytes.
#[must_use]
pub fn write_changes(changes: &[Change]) -> Vec<u8> {
    serde_json::to_vec(changes).unwrap_or_default()
}

/// Changes from bytes.
///
/// # Errors
/// When they are none.
pub fn read_changes(bytes: &[u8]) -> Result<Vec<Change>, WireError> {
    serde_json::from_slice(bytes).map_err(|_| WireError::Malformed)
}

/// Deliveries as bytes.
#[must_use]
pub fn write_delivered(delivered: &[Delivered]) -> Vec<u8> {
    serde_json::to_vec(delivered).unwrap_or_default()
}

/// Deliveries from bytes.
///
/// # Errors
/// When they are none.
pub fn read_delivered(bytes: &[u8]) -> Result<Vec<Delivered>, WireError> {
    serde_json::from_slice(bytes).map_err(|_| WireError::Malformed)
}
