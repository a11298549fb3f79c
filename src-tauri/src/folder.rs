//! Where this desk keeps its data, and that only one window works on it: two windows would each show
//! the other's work late and each hold drafts of the same form.
//!
//! A lock on a file, not a message bus: an office PC may have none running. The system takes the lock
//! back when the program ends, however it ends.

use std::fs::{DirBuilder, File, TryLockError};
use std::path::{Path, PathBuf};

use jitasa_app::ApiError;
use tauri::{AppHandle, Manager};

const LOCK_FILE: &str = "desk.lock";

/// The folder named in `JITASA_DATA`, or the system's place for a program's data.
pub(crate) fn chosen(program: &AppHandle) -> Result<PathBuf, ApiError> {
    match std::env::var_os("JITASA_DATA") {
        Some(folder) if !folder.is_empty() => Ok(PathBuf::from(folder)),
        _ => program
            .path()
            .app_data_dir()
            .map_err(|_| ApiError::new("data_folder_unusable")),
    }
}

/// A data folder that no other window works on.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder when it is not there, and takes it for this program.
    pub(crate) fn take(path: PathBuf) -> Result<Self, ApiError> {
        make(&path).map_err(|error| unusable(&error))?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join(LOCK_FILE))
            .map_err(|error| unusable(&error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(ApiError::new("already_open")),
            Err(TryLockError::Error(error)) => Err(unusable(&error)),
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

fn unusable(error: &std::io::Error) -> ApiError {
    ApiError::new("data_folder_unusable").with("why", error.kind())
}

/// Names, phones and illnesses lie in it: nobody but its owner looks inside.
fn make(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_window_on_the_same_folder_is_refused_until_the_first_ends() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("desk");
        let first = DataFolder::take(path.clone()).unwrap();
        assert_eq!(
            DataFolder::take(path.clone()).unwrap_err().code,
            "already_open"
        );
        drop(first);
        assert!(DataFolder::take(path).is_ok());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_refused_with_a_reason() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = DataFolder::take(file.join("desk")).unwrap_err();
        assert_eq!(error.code, "data_folder_unusable");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_but_the_owner_looks_into_a_new_folder() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let folder = DataFolder::take(place.path().join("desk")).unwrap();
        let mode = std::fs::metadata(folder.path())
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0);
    }
}
