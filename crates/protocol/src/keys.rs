//! The keys that frames are sealed with: Ed25519, as of RFC 8032.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    Hash, WireError,
    hash::{from_hex, to_hex},
    words::WORDS,
};

/// The secret half: of a device, or of the server. It is wiped from memory when it is dropped.
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// The key of these 32 secret bytes, which come from the host's randomness or from its safe.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The key of the device that this one becomes when it has to begin anew with a one-time code: the same each time
    /// the code is shown, so that an answer that was lost can be asked for again.
    #[must_use]
    pub fn successor(&self, code: &str) -> Self {
        let named = [
            b"jitasa successor\0".as_slice(),
            self.0.as_bytes(),
            code.as_bytes(),
        ]
        .concat();
        Self::from_secret(&crate::Hash::of(&named).0)
    }

    /// The 32 secret bytes, to be kept where nobody else reads them.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The half that others may know.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// The half that others know; in JSON 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// The key of these 32 bytes.
    ///
    /// # Errors
    /// [`WireError::Key`] when they are no point of the curve, or one of its few weak points.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, WireError> {
        match VerifyingKey::from_bytes(bytes) {
            Ok(key) if !key.is_weak() => Ok(Self(key)),
            _ => Err(WireError::Key),
        }
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Six easy Thai words, for a clerk and an operator to read to each other by telephone: the
    /// first six bytes of SHA-256 of the key's 32 bytes, each a word of the list of 256.
    #[must_use]
    pub fn fingerprint_words(&self) -> [&'static str; 6] {
        let Hash([a, b, c, d, e, f, ..]) = Hash::of(self.0.as_bytes());
        [a, b, c, d, e, f].map(|byte| WORDS[usize::from(byte)])
    }

    pub(crate) fn verify(&self, bytes: &[u8], signature: &[u8; 64]) -> Result<(), WireError> {
        self.0
            .verify_strict(bytes, &Signature::from_bytes(signature))
            .map_err(|_| WireError::Signature)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(self.0.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for PublicKey {
    type Err = WireError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_bytes(&from_hex(text).ok_or(WireError::Key)?)
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| D::Error::custom("an Ed25519 public key as 64 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_key_is_not_shown_in_debug_text() {
        let key = DeviceKey::from_secret(&[7; 32]);
        assert_eq!(format!("{key:?}"), "•••");
    }

    #[test]
    fn a_public_key_is_read_as_it_was_written_and_weak_ones_are_refused() {
        let key = DeviceKey::from_secret(&[7; 32]).public();
        let text = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<PublicKey>(&text).unwrap(), key);
        assert_eq!(PublicKey::from_bytes(&key.to_bytes()), Ok(key));
        let identity = {
            let mut bytes = [0; 32];
            bytes[0] = 1;
            bytes
        };
        assert_eq!(PublicKey::from_bytes(&identity), Err(WireError::Key));
        assert!(serde_json::from_str::<PublicKey>("\"00\"").is_err());
    }

    #[test]
    fn the_words_of_a_key_stay_the_same() {
        let key = DeviceKey::from_secret(&[7; 32]).public();
        assert_eq!(
            key.fingerprint_words().join(" "),
            "วุ้น วัด แพะ แครอท น้ำตาล ตะกร้า"
        );
    }
}
