//! A file is written beside its target and then renamed, so that a failure leaves the old file.
//!
//! Knows nothing of formats.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Why a file could not be written. Holds no cell text.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Excel takes 32,767 characters in a cell; a longer text is never cut.
    #[error("row {row}, column {column}: a cell holds more than 32,767 characters")]
    CellTooLong { row: usize, column: usize },
    /// A row has more cells than the register has columns.
    #[error("row {row} has more cells than the register has columns")]
    TooManyCells { row: usize },
    /// The target is open in another program, or may not be written.
    #[error("the file may not be written (open in another program?)")]
    Locked(#[source] io::Error),
    #[error("no space left on the disk")]
    DiskFull(#[source] io::Error),
    #[error("the folder is not there")]
    NoFolder(#[source] io::Error),
    #[error("the file could not be written")]
    Io(#[source] io::Error),
    /// The workbook writer refused what it was given (a sheet name, a width).
    #[error("the workbook could not be made")]
    Workbook(#[source] rust_xlsxwriter::XlsxError),
    /// The workbook writer stopped while writing to its temporary file.
    #[error("the workbook's temporary file could not be written")]
    Interrupted,
}

impl WriteError {
    /// Stable code of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            WriteError::CellTooLong { .. } => "cell_too_long",
            WriteError::TooManyCells { .. } => "too_many_cells",
            WriteError::Locked(_) => "file_locked",
            WriteError::DiskFull(_) => "disk_full",
            WriteError::NoFolder(_) => "folder_missing",
            WriteError::Io(_) => "file_not_written",
            WriteError::Workbook(_) => "workbook_refused",
            WriteError::Interrupted => "workbook_interrupted",
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => WriteError::Locked(error),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                WriteError::DiskFull(error)
            }
            io::ErrorKind::NotFound => WriteError::NoFolder(error),
            _ => WriteError::Io(error),
        }
    }
}

impl From<rust_xlsxwriter::XlsxError> for WriteError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        match error {
            rust_xlsxwriter::XlsxError::IoError(error)
            | rust_xlsxwriter::XlsxError::TempFileError(_, error) => error.into(),
            other => WriteError::Workbook(other),
        }
    }
}

/// Folder a target lies in; the current folder when the path is a bare name.
#[must_use]
pub fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Writes `target` whole or not at all: into a temporary file of the same folder, to the disk,
/// then renamed over the old file. Whatever `write` answers is handed back.
///
/// # Errors
/// Whatever `write` fails with, or the disk; the old file is then as it was and no half file stays.
pub fn replace_file<T>(
    target: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<T, WriteError>,
) -> Result<T, WriteError> {
    let beside = tempfile::Builder::new()
        .prefix(".jitasa-")
        .suffix(".part")
        .tempfile_in(folder_of(target))?;
    let (file, path) = beside.into_parts();
    let mut writer = BufWriter::new(file);
    let answer = write(&mut writer)?;
    writer.flush()?;
    let file = writer
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    // Windows will not rename a file that is open.
    drop(file);
    path.persist(target).map_err(|failed| failed.error)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_half_file() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("ทะเบียน.csv");
        std::fs::write(&target, "เดิม").unwrap();
        let failed = replace_file(&target, |writer| -> Result<(), WriteError> {
            writer.write_all(b"half")?;
            Err(WriteError::CellTooLong { row: 2, column: 1 })
        });
        assert_eq!(failed.unwrap_err().code(), "cell_too_long");
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "เดิม");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_finished_write_replaces_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.csv");
        std::fs::write(&target, "old").unwrap();
        let count = replace_file(&target, |writer| {
            writer.write_all(b"new")?;
            Ok(3)
        });
        assert_eq!(count.unwrap(), 3);
        assert_eq!(std::fs::read(&target).unwrap(), b"new");
    }

    #[test]
    fn a_missing_folder_is_named_by_its_code() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("none").join("a.csv");
        let failed = replace_file(&target, |_| Ok(()));
        assert_eq!(failed.unwrap_err().code(), "folder_missing");
    }
}
