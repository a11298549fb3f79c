//! The key of the store: 32 bytes in a file beside it that only its owner can read.
//!
//! Until people sign in (a later step wraps the key with each person's password) this guards the
//! database against bit rot and a copied file, not against somebody who copies both files;
//! `doctor` says so.

use std::{fs, io::Write, path::Path};

use crate::StoreError;

/// A raw key.
#[derive(Clone)]
pub(crate) struct Key(String);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// Reads the key file.
    pub(crate) fn read(path: &Path) -> Result<Self, StoreError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::KeyMissing);
            }
            Err(error) => return Err(error.into()),
        };
        let hex = text.trim();
        if hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(hex.to_string()))
        } else {
            Err(StoreError::KeyDamaged)
        }
    }

    /// Writes a new key file; an existing one is never overwritten.
    pub(crate) fn create(path: &Path, bytes: [u8; 32]) -> Result<Self, StoreError> {
        use std::fmt::Write as _;
        let mut hex = String::with_capacity(64);
        for byte in bytes {
            let _ = write!(hex, "{byte:02x}");
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(path)?;
        file.write_all(hex.as_bytes())?;
        file.sync_all()?;
        Ok(Self(hex))
    }

    /// The statement that unlocks a connection.
    pub(crate) fn pragma(&self) -> String {
        format!("PRAGMA cipher = 'chacha20'; PRAGMA key = 'raw:{}';", self.0)
    }
}

/// Whether nobody but its owner can read the key file. `None` where the system cannot tell.
#[cfg(unix)]
pub(crate) fn is_private(path: &Path) -> Option<bool> {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path)
        .ok()
        .map(|metadata| metadata.permissions().mode().trailing_zeros() >= 6)
}

/// Whether nobody but its owner can read the key file. `None` where the system cannot tell.
#[cfg(not(unix))]
pub(crate) fn is_private(_path: &Path) -> Option<bool> {
    None
}
