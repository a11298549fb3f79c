//! The key of the store: 32 bytes in a file beside it that only its owner can read.
//!
//! Until people sign in (a later step wraps the key with each person's password) this guards the
//! database against bit rot and a copied file, not against somebody who copies both files;
//! `doctor` says so.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

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

    /// Writes a new key file; an existing one is never overwritten. It gets its name when it is whole: a disk that is
    /// full leaves no half a key, which would be taken for a damaged one.
    pub(crate) fn create(path: &Path, bytes: [u8; 32]) -> Result<Self, StoreError> {
        use std::fmt::Write as _;
        let mut hex = String::with_capacity(64);
        for byte in bytes {
            let _ = write!(hex, "{byte:02x}");
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let beside = path.with_extension("key.new");
        let mut file = options.open(&beside)?;
        file.write_all(hex.as_bytes())?;
        file.sync_all()?;
        if path.exists() {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
        }
        fs::rename(&beside, path)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_key_that_was_left_is_written_over_and_a_whole_one_never() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.key");
        let unfinished = dir.path().join("store.key.new");
        fs::write(&unfinished, "0707").unwrap();
        let key = Key::create(&path, [7; 32]).unwrap();
        assert_eq!(Key::read(&path).unwrap().0, key.0);
        assert!(!unfinished.exists());
        assert!(Key::create(&path, [8; 32]).is_err());
        assert_eq!(Key::read(&path).unwrap().0, key.0);
    }
}
