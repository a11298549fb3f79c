//! The ledger in one SQLite file: WAL, `synchronous=FULL`, one connection, so one writer.

mod codes;
pub mod copy;
mod load;
mod read;
mod register;
mod save;

use std::path::Path;

use jitasa_domain::{Timestamp, change::Change};
use jitasa_protocol::Hash;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use crate::{
    book::{Book, Device, Key, Scope, Stored, Taken},
    enrol::EnrolCode,
    ledger::{Epoch, FeedLine, Ledger, LedgerError, NewCode, OfficeLine, Pages, Reading, Standing},
    row,
};

/// The layouts, oldest first; the file's `user_version` says how many it has.
/// The layout this program writes.
pub const LAYOUT: i64 = LAYOUTS.len() as i64;
const LAYOUTS: [&str; 3] = [
    include_str!("schema.sql"),
    include_str!("layout2.sql"),
    include_str!("layout3.sql"),
];
const BUSY_TIMEOUT_MS: u32 = 10_000;

/// A province's ledger in a SQLite file.
#[derive(Debug)]
pub struct SqliteLedger {
    connection: Connection,
}

impl SqliteLedger {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// When it cannot be opened, is no ledger, or is newer than this program.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::from_millis(BUSY_TIMEOUT_MS.into()))?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA cell_size_check = ON;
             PRAGMA temp_store = MEMORY;",
        )?;
        to_head(&mut connection)?;
        Ok(Self { connection })
    }
}

fn to_head(connection: &mut Connection) -> Result<(), LedgerError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let layout: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if layout > LAYOUT {
        return Err(LedgerError::TooNew(layout));
    }
    let done = usize::try_from(layout).map_err(|_| LedgerError::TooNew(layout))?;
    for step in &LAYOUTS[done..] {
        transaction.execute_batch(step)?;
    }
    if (1..2).contains(&done) {
        save::sum_all(&transaction)?;
    }
    if done < LAYOUTS.len() {
        transaction.pragma_update(None, "user_version", LAYOUT)?;
    }
    transaction.commit()?;
    Ok(())
}

impl Ledger for SqliteLedger {
    fn begin(&mut self) -> Result<Box<dyn Pages + '_>, LedgerError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(Box::new(SqlitePages { transaction }))
    }
}

#[derive(Debug)]
struct SqlitePages<'a> {
    transaction: Transaction<'a>,
}

impl Pages for SqlitePages<'_> {
    fn standing(&mut self) -> Result<Option<Standing>, LedgerError> {
        codes::standing(&self.transaction)
    }

    fn found(&mut self, founding: &Standing, now: Timestamp) -> Result<(), LedgerError> {
        codes::found(&self.transaction, founding, now)
    }

    fn save_secret(&mut self, province: &str, secret: [u8; 32]) -> Result<(), LedgerError> {
        self.transaction.execute(
            "UPDATE province SET secret = ?2 WHERE province = ?1",
            params![province, secret.as_slice()],
        )?;
        Ok(())
    }

    fn begin_epoch(
        &mut self,
        province: &str,
        number: usize,
        epoch: Epoch,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        codes::begin_epoch(&self.transaction, province, number, epoch, now)
    }

    fn add_code(&mut self, province: &str, code: &NewCode) -> Result<(), LedgerError> {
        codes::add_code(&self.transaction, province, code)
    }

    fn codes(&mut self, province: &str, office_code: &str) -> Result<Vec<EnrolCode>, LedgerError> {
        codes::codes(&self.transaction, province, office_code)
    }

    fn count_try(&mut self, province: &str, office_code: &str) -> Result<(), LedgerError> {
        codes::count_try(&self.transaction, province, office_code)
    }

    fn use_code(&mut self, province: &str, code: i64, device: Uuid) -> Result<(), LedgerError> {
        codes::use_code(&self.transaction, province, code, device)
    }

    fn device(&mut self, province: &str, id: Uuid) -> Result<Option<Device>, LedgerError> {
        load::device(&self.transaction, province, id)
    }

    fn devices(&mut self, province: &str) -> Result<Vec<Device>, LedgerError> {
        load::devices(&self.transaction, province)
    }

    fn save_device(&mut self, province: &str, device: &Device) -> Result<(), LedgerError> {
        save::device(&self.transaction, province, device)
    }

    fn open(
        &mut self,
        province: &str,
        device: &Device,
        changes: &[Change],
    ) -> Result<Book, LedgerError> {
        load::book(&self.transaction, province, device, changes)
    }

    fn keep(
        &mut self,
        province: &str,
        device: &Device,
        book: &Book,
        taken: &Taken,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        save::keep(&self.transaction, province, device, book, taken, now)
    }

    fn feed(
        &mut self,
        province: &str,
        asked: Reading<'_>,
        only_left: bool,
    ) -> Result<Vec<FeedLine>, LedgerError> {
        read::feed(&self.transaction, province, asked, only_left)
    }

    fn records(
        &mut self,
        province: &str,
        asked: Reading<'_>,
    ) -> Result<Vec<(Key, Stored)>, LedgerError> {
        read::records(&self.transaction, province, asked)
    }

    fn records_of_owner(
        &mut self,
        province: &str,
        owner: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(Key, Stored)>, LedgerError> {
        read::records_of_owner(&self.transaction, province, owner, after, limit)
    }

    fn sums(
        &mut self,
        province: &str,
        office_code: &str,
    ) -> Result<Vec<(Scope, u64)>, LedgerError> {
        read::sums(&self.transaction, province, office_code)
    }

    fn link_at(
        &mut self,
        province: &str,
        device: Uuid,
        device_seq: u64,
    ) -> Result<Option<Hash>, LedgerError> {
        load::link_at(&self.transaction, province, device, device_seq)
    }

    fn offices(&mut self, province: &str) -> Result<Vec<OfficeLine>, LedgerError> {
        read::offices(&self.transaction, province)
    }

    fn commit(self: Box<Self>) -> Result<(), LedgerError> {
        Ok(self.transaction.commit()?)
    }
}
