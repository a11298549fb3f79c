//! Opening and creating the store, and the two ways in: one writer, a few readers.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use icu_collator::{CollatorBorrowed, options::CollatorOptions};
use rusqlite::{Connection, OpenFlags};

use crate::{
    StoreError,
    key::{self, Key},
    migrate,
};

/// Where the parts of a store lie.
#[derive(Debug, Clone)]
pub struct StoreFiles {
    /// The database.
    pub database: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl StoreFiles {
    /// The files of a store in this folder.
    #[must_use]
    pub fn in_dir(dir: &Path) -> Self {
        Self {
            database: dir.join("store.db"),
            key: dir.join("store.key"),
        }
    }

    /// Whether there is a store (or what is left of one).
    #[must_use]
    pub fn exist(&self) -> bool {
        self.database.exists()
    }

    /// Whether only its owner can read the key; `None` where the system cannot tell.
    #[must_use]
    pub fn key_is_private(&self) -> Option<bool> {
        key::is_private(&self.key)
    }
}

/// An open store.
#[derive(Debug)]
pub struct Store {
    files: StoreFiles,
    key: Key,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

/// The size of a page of the database.
const PAGE_BYTES: u64 = 4_096;
/// How many idle readers are kept open.
const READERS_KEPT: usize = 4;
/// How long one process waits for another's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

impl Store {
    /// Makes a new, empty store. `key` is 32 random bytes.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where a database lies already, whatever its state.
    pub fn create(dir: &Path, key: [u8; 32]) -> Result<Self, StoreError> {
        let files = StoreFiles::in_dir(dir);
        if files.exist() {
            return Err(StoreError::Exists);
        }
        std::fs::create_dir_all(dir)?;
        // A key without a database is what a crash between the two steps leaves: it guards nothing
        // yet, so it serves.
        let key = match Key::read(&files.key) {
            Err(StoreError::KeyMissing) => Key::create(&files.key, key)?,
            other => other?,
        };
        make_database(&files.database, &key)?;
        Self::open_with(files, key)
    }

    /// Opens the store of a folder.
    ///
    /// # Errors
    /// When the key is missing or wrong, the file is damaged or newer. The files stay as they are.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let files = StoreFiles::in_dir(dir);
        if !files.exist() {
            return Err(StoreError::NotFound("store"));
        }
        // To SQLite a file of no bytes, or of hardly any, is a new database. A store has a page at
        // least: what lay here is lost, and an empty one must not take its place unseen.
        if std::fs::metadata(&files.database)?.len() < PAGE_BYTES {
            return Err(StoreError::Unreadable);
        }
        let key = Key::read(&files.key)?;
        Self::open_with(files, key)
    }

    fn open_with(files: StoreFiles, key: Key) -> Result<Self, StoreError> {
        let mut writer = connect(&files.database, &key, true)?;
        migrate::to_head(&mut writer)?;
        Ok(Self {
            files,
            key,
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
        })
    }

    /// Where its files lie.
    #[must_use]
    pub fn files(&self) -> &StoreFiles {
        &self.files
    }

    /// Reads. Readers do not wait for the writer, and see one moment of the store.
    ///
    /// # Errors
    /// What the reading answers, or that no connection opens.
    pub fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let idle = lock(&self.readers).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => connect(&self.files.database, &self.key, false)?,
        };
        let answer = conn
            .unchecked_transaction()
            .map_err(StoreError::from)
            .and_then(|moment| query(&moment));
        let mut readers = lock(&self.readers);
        if readers.len() < READERS_KEPT {
            readers.push(conn);
        }
        answer
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        lock(&self.writer)
    }

    /// Looks over the whole file; empty when it is sound.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        // On a connection of its own: one that has searched before keeps what it knew of the search
        // index, and its check would call the words written since then corruption.
        let conn = connect(&self.files.database, &self.key, false)?;
        let mut statement = conn.prepare("PRAGMA integrity_check(20)")?;
        let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
        let mut found: Vec<String> = lines.collect::<Result<_, _>>()?;
        found.retain(|line| line != "ok");
        Ok(found)
    }
}

/// Makes an empty database under another name and gives it its own when it is whole, so that a crash
/// leaves either a store or none.
fn make_database(path: &Path, key: &Key) -> Result<(), StoreError> {
    // What an earlier crash left here is empty as well, and is walked on from where it stands.
    let unfinished = path.with_extension("new");
    let mut conn = connect(&unfinished, key, true)?;
    migrate::to_head(&mut conn)?;
    write_back(&conn)?;
    conn.close().map_err(|(_, error)| error)?;
    if path.exists() {
        return Err(StoreError::Exists);
    }
    std::fs::rename(&unfinished, path)?;
    Ok(())
}

/// Writes the log back into the file. Closing the last connection does it too, and says nothing when the disk is full or
/// somebody else has the file open: what is only in the log would be lost when the file gets another name.
fn write_back(conn: &Connection) -> Result<(), StoreError> {
    conn.busy_timeout(Duration::ZERO)?;
    let is_held: bool = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if is_held {
        let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
        return Err(rusqlite::Error::SqliteFailure(busy, None).into());
    }
    Ok(())
}

/// A writer that panicked has rolled its transaction back, so the connection is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, key: &Key, writes: bool) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_READ_WRITE
        | if writes {
            OpenFlags::SQLITE_OPEN_CREATE
        } else {
            OpenFlags::empty()
        };
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.execute_batch(&key.pragma())?;
    match conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())) {
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            return Err(StoreError::Unreadable);
        }
        other => other?,
    }
    // FULL: "บันทึกแล้ว" is shown only after the disk has it.
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;
         PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -32768; PRAGMA mmap_size = 0;",
    )?;
    if !writes {
        conn.pragma_update(None, "query_only", true)?;
    }
    conn.set_prepared_statement_cache_capacity(128);
    let collator = thai_collator().ok_or(StoreError::Row("collation"))?;
    conn.create_collation("thai", move |left, right| {
        // Code points break ties, so that two texts that differ are never equal to an index.
        collator.compare(left, right).then_with(|| left.cmp(right))
    })?;
    Ok(conn)
}

/// Thai dictionary order with numbers by value: หมู่ 2 before หมู่ ๓ before หมู่ 10. Root rather
/// than `th`, which ignores spaces and punctuation.
fn thai_collator() -> Option<CollatorBorrowed<'static>> {
    let mut preferences = icu_collator::CollatorPreferences::default();
    preferences.numeric_ordering = Some(icu_collator::preferences::CollationNumericOrdering::True);
    icu_collator::Collator::try_new(preferences, CollatorOptions::default()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_store_gets_its_name_only_when_all_of_it_is_in_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let files = StoreFiles::in_dir(dir.path());
        let unfinished = files.database.with_extension("new");
        let key = Key::create(&files.key, [7; 32]).unwrap();
        // Somebody else looks at the unfinished file, so that its log cannot be taken away.
        let other = connect(&unfinished, &key, true).unwrap();
        let first = "BEGIN; SELECT count(*) FROM sqlite_schema";
        other.execute_batch(first).unwrap();
        let refused = Store::create(dir.path(), [7; 32]).unwrap_err();
        assert_eq!(refused.code(), "store_busy");
        assert!(!files.exist(), "what is half a store is none");
        drop(other);
        let store = Store::create(dir.path(), [7; 32]).unwrap();
        assert_eq!(store.check().unwrap(), Vec::<String>::new());
    }
}
