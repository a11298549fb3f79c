//! Backups that count: copied while the server runs, flushed, opened again and looked through, with
//! a manifest beside it that tells every table's rows. A file that bears a backup's name has been
//! verified; what fails on the way never gets the name.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use jitasa_domain::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    files::{or_here, put_in_place, read_json, write_json},
    ledger::LedgerError,
    province::LEDGER_FILE,
    sqlite::copy::{Inspection, TableDigest, copy_to, digests, hex, inspect},
};

/// In the data folder: the last backup that was verified.
const LAST_FILE: &str = "last-backup.json";
const MANIFEST_ENDING: &str = "manifest.json";
/// What a backup in a folder of backups is called: `jitasa-province-2026-11-30-140500.db`.
const NAME_BEGINS: &str = "jitasa-province-";
const NAME_ENDS: &str = ".db";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// When it was made.
    pub made_at: Timestamp,
    /// The program that made it.
    pub program: String,
    /// The ledger's layout.
    pub layout: i64,
    /// The province, once one was founded.
    pub province_code: Option<String>,
    /// The last place given.
    pub head: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Every table with its rows.
    pub tables: BTreeMap<String, TableDigest>,
}

/// The last verified backup, as the data folder remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    /// When it was made.
    pub at: Timestamp,
    /// Where it was put.
    pub file: PathBuf,
    /// The last place given then.
    pub head: u64,
}

impl LastBackup {
    /// Seconds since it was made; never negative, whatever the clock does.
    #[must_use]
    pub fn age_s(&self, now: Timestamp) -> f64 {
        let passed_s = u32::try_from((now.0 - self.at.0).max(0) / 1000).unwrap_or(u32::MAX);
        f64::from(passed_s)
    }
}

/// Why there is no backup, or why it is none.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// No ledger in the data folder.
    #[error("there is no province's ledger in {0}")]
    NoLedger(String),
    /// A file of that name is there.
    #[error("{0} is there already; nothing is overwritten")]
    Exists(String),
    /// The file or its folder.
    #[error("the backup's file cannot be used")]
    File(#[from] io::Error),
    /// The database.
    #[error("the ledger or its copy cannot be read")]
    Ledger(#[from] LedgerError),
    /// SQLite finds it damaged.
    #[error("the copy is damaged: {0}")]
    Damaged(String),
    /// The file is not the one that the manifest tells of.
    #[error("the file is not what its manifest says ({0})")]
    Differs(String),
    /// It is made and verified, and the data folder cannot be told of it.
    #[error("the backup is made and verified, but that cannot be noted in the data folder")]
    NotNoted(#[source] io::Error),
    /// No manifest beside it.
    #[error("it is whole, but there is no manifest beside it to compare it with")]
    NoManifest,
}

/// Where the manifest of a backup lies.
#[must_use]
pub fn manifest_path(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_os_string();
    name.push(".");
    name.push(MANIFEST_ENDING);
    name.into()
}

/// The last verified backup of a data folder.
#[must_use]
pub fn last(data: &Path) -> Option<LastBackup> {
    read_json(&data.join(LAST_FILE))
}

/// Makes a backup. A folder gets a file named after the moment; else the file itself is named.
///
/// # Errors
/// When it cannot be made or is not whole; then no file bears the name. `NotNoted` when it is made.
pub fn make(data: &Path, to: &Path, now: Timestamp) -> Result<(PathBuf, Manifest), BackupError> {
    let ledger = data.join(LEDGER_FILE);
    if !ledger.is_file() {
        return Err(BackupError::NoLedger(data.display().to_string()));
    }
    let file = if to.is_dir() {
        to.join(name_at(now))
    } else {
        to.to_path_buf()
    };
    if file.exists() {
        return Err(BackupError::Exists(file.display().to_string()));
    }
    let beside = file.with_extension("part");
    // What an earlier try left there is written over by this one.
    only_ours(&beside)?;
    copy_to(&ledger, &beside)?;
    File::open(&beside)?.sync_all()?;
    let manifest = tell(&beside, now)?;
    // First: a file that bears a backup's name has its manifest, whatever the disk refuses.
    write_json(&manifest_path(&file), &manifest)?;
    put_in_place(&beside, &file)?;
    let last = LastBackup {
        at: now,
        file: file.canonicalize().unwrap_or_else(|_| file.clone()),
        head: manifest.head,
    };
    write_json(&data.join(LAST_FILE), &last).map_err(BackupError::NotNoted)?;
    Ok((file, manifest))
}

/// An empty file that only its owner reads, before names of people are written into it.
fn only_ours(path: &Path) -> io::Result<()> {
    crate::files::write_whole(path, &[])
}

fn tell(file: &Path, now: Timestamp) -> Result<Manifest, BackupError> {
    let Inspection {
        damage,
        layout,
        province,
    } = inspect(file)?;
    if !damage.is_empty() {
        return Err(BackupError::Damaged(damage.join("; ")));
    }
    Ok(Manifest {
        made_at: now,
        program: env!("CARGO_PKG_VERSION").to_string(),
        layout,
        head: province.as_ref().map_or(0, |province| province.head),
        province_code: province.map(|province| province.province_code),
        bytes: fs::metadata(file)?.len(),
        sha256: file_sha256(file)?,
        tables: digests(file)?,
    })
}

/// Looks a backup through and compares it with its manifest.
///
/// # Errors
/// What is wrong with it.
pub fn verify(file: &Path) -> Result<Manifest, BackupError> {
    File::open(file)?;
    let manifest: Option<Manifest> = read_json(&manifest_path(file));
    if let Some(manifest) = &manifest
        && file_sha256(file)? != manifest.sha256
    {
        return Err(BackupError::Differs("sha256".to_string()));
    }
    let made_at = manifest.as_ref().map_or(Timestamp(0), |kept| kept.made_at);
    let found = tell(file, made_at)?;
    let manifest = manifest.ok_or(BackupError::NoManifest)?;
    for (table, digest) in &manifest.tables {
        if found.tables.get(table) != Some(digest) {
            return Err(BackupError::Differs(table.clone()));
        }
    }
    Ok(manifest)
}

/// Takes the oldest backups of a folder away, so that `keep` verified ones stay. Only files that we
/// named, with a manifest beside them, are looked at: one without was never verified, and a person
/// should see it. What is kept is verified again before anything older goes.
///
/// # Errors
/// When a backup that is to stay is not whole: then nothing is taken away.
pub fn prune(folder: &Path, keep: usize) -> Result<Vec<PathBuf>, BackupError> {
    let mut ours = Vec::new();
    for entry in fs::read_dir(or_here(folder))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let named = name.is_some_and(|n| n.starts_with(NAME_BEGINS) && n.ends_with(NAME_ENDS));
        if named && manifest_path(&path).is_file() {
            ours.push(path);
        }
    }
    // The moment is in the name, so the order of names is the order of moments.
    ours.sort();
    let stay = ours.split_off(ours.len().saturating_sub(keep.max(1)));
    if ours.is_empty() {
        return Ok(ours);
    }
    for file in &stay {
        verify(file)?;
    }
    for file in &ours {
        fs::remove_file(manifest_path(file))?;
        fs::remove_file(file)?;
    }
    Ok(ours)
}

fn name_at(now: Timestamp) -> String {
    let at = now.in_bangkok();
    format!(
        "{NAME_BEGINS}{}-{:02}-{:02}-{:02}{:02}{:02}{NAME_ENDS}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

fn file_sha256(file: &Path) -> io::Result<String> {
    let (mut from, mut hash) = (File::open(file)?, Sha256::new());
    let mut piece = vec![0; 1 << 20];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(hex(&hash.finalize())),
            read => hash.update(&piece[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Province, province::CodeTerms};

    const NOW: Timestamp = Timestamp(1_795_305_600_000);
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    fn a_province() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let province = Province::open(dir.path()).unwrap();
        province
            .new_code("450905", CodeTerms::default(), NOW)
            .unwrap();
        dir
    }

    #[test]
    fn a_backup_of_a_ledger_in_use_is_whole_says_that_it_is_a_copy_and_is_remembered() {
        let (data, shelf) = (a_province(), tempfile::tempdir().unwrap());
        let in_use = Province::open(data.path()).unwrap();
        let (file, manifest) = make(data.path(), shelf.path(), NOW).unwrap();
        assert_eq!(verify(&file).unwrap(), manifest);
        assert_eq!(manifest.tables["enrol_code"].rows, 1);
        assert_eq!(manifest.province_code.as_deref(), Some("45"));
        assert_eq!(last(data.path()).unwrap().at, NOW);
        let is_copy = |path: &Path| {
            let opened = rusqlite::Connection::open(path).unwrap();
            opened
                .query_row("SELECT is_copy FROM province", [], |row| {
                    row.get::<_, bool>(0)
                })
                .unwrap()
        };
        assert!(is_copy(&file));
        assert!(!is_copy(&data.path().join(LEDGER_FILE)));
        in_use
            .new_code("450906", CodeTerms::default(), NOW)
            .unwrap();
    }

    #[test]
    fn a_backup_overwrites_nothing_and_one_of_no_ledger_is_refused() {
        let (data, shelf) = (a_province(), tempfile::tempdir().unwrap());
        let file = shelf.path().join("a.db");
        make(data.path(), &file, NOW).unwrap();
        let again = make(data.path(), &file, NOW);
        assert!(matches!(again, Err(BackupError::Exists(_))));
        let nothing = make(shelf.path(), &shelf.path().join("b.db"), NOW);
        assert!(matches!(nothing, Err(BackupError::NoLedger(_))));
    }

    #[test]
    fn no_file_bears_a_backups_name_when_its_manifest_cannot_be_written() {
        let (data, shelf) = (a_province(), tempfile::tempdir().unwrap());
        let file = shelf.path().join("backup.db");
        let in_the_way = manifest_path(&file).with_extension("new");
        fs::create_dir(&in_the_way).unwrap();
        let refused = make(data.path(), &file, NOW).unwrap_err();
        assert!(matches!(refused, BackupError::File(_)), "{refused}");
        assert!(!file.exists());
        fs::remove_dir(&in_the_way).unwrap();
        let (made, manifest) = make(data.path(), &file, NOW).unwrap();
        assert_eq!(verify(&made).unwrap(), manifest);
    }

    #[test]
    fn one_byte_that_changed_is_found_and_a_file_without_manifest_is_said_to_have_none() {
        let (data, shelf) = (a_province(), tempfile::tempdir().unwrap());
        let file = shelf.path().join("a.db");
        make(data.path(), &file, NOW).unwrap();
        let whole = fs::read(&file).unwrap();
        let mut bytes = whole.clone();
        let last = bytes.len() - 3;
        bytes[last] ^= 1;
        fs::write(&file, &bytes).unwrap();
        assert!(matches!(verify(&file), Err(BackupError::Differs(_))));
        fs::write(&file, &whole).unwrap();
        fs::remove_file(manifest_path(&file)).unwrap();
        assert!(matches!(verify(&file), Err(BackupError::NoManifest)));
        fs::write(&file, b"not a database at all").unwrap();
        assert!(verify(&file).is_err());
    }

    #[test]
    fn old_backups_go_only_when_those_that_stay_are_whole() {
        let (data, shelf) = (a_province(), tempfile::tempdir().unwrap());
        let files: Vec<_> = (0..4)
            .map(|day| {
                make(data.path(), shelf.path(), NOW.plus_ms(day * DAY_MS))
                    .unwrap()
                    .0
            })
            .collect();
        let strange = shelf.path().join("jitasa-province-0000.db");
        fs::write(&strange, b"nobody verified it").unwrap();

        let newest = fs::read(&files[3]).unwrap();
        fs::write(&files[3], b"damaged").unwrap();
        assert!(prune(shelf.path(), 1).is_err());
        assert!(files.iter().all(|file| file.exists()));

        fs::write(&files[3], newest).unwrap();
        assert_eq!(prune(shelf.path(), 2).unwrap(), files[..2]);
        assert_eq!(prune(shelf.path(), 2).unwrap(), Vec::<PathBuf>::new());
        assert!(files[2].exists() && files[3].exists() && strange.exists());
        assert_eq!(
            prune(shelf.path(), 0).unwrap(),
            files[2..3],
            "one always stays"
        );
    }
}
