//! The ledger in one SQLite file: WAL, `synchronous=FULL`, one connection, so one writer.

mod deliver;
mod enrolment;
mod load;
mod row;
mod save;

use std::path::Path;

use jitasa_domain::{Timestamp, change::Change};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use uuid::Uuid;

use crate::{
    book::{Device, Taken},
    ledger::{Candidate, Ledger, LedgerError, NewCode, OfficeLine, Page, Refusal, Standing},
    plan,
};

/// The layout this program writes.
const LAYOUT: i64 = 1;
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
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let layout: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if layout > LAYOUT {
            return Err(LedgerError::TooNew(layout));
        }
        if layout == 0 {
            transaction.execute_batch(include_str!("schema.sql"))?;
            transaction.pragma_update(None, "user_version", LAYOUT)?;
        }
        transaction.commit()?;
        Ok(Self { connection })
    }

    fn writing(&mut self) -> Result<rusqlite::Transaction<'_>, rusqlite::Error> {
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
    }
}

impl Ledger for SqliteLedger {
    fn standing(&mut self) -> Result<Option<Standing>, LedgerError> {
        self.connection
            .prepare_cached("SELECT province, server_id, head FROM province LIMIT 1")?
            .query_row([], |row| {
                Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?))
            })
            .optional()?
            .map(|(province_code, server_id, head)| {
                Ok(Standing {
                    province_code,
                    server_id: row::uuid(&server_id)?,
                    head: row::count(head),
                })
            })
            .transpose()
    }

    fn found(&mut self, founding: &Standing, now: Timestamp) -> Result<(), LedgerError> {
        self.connection.execute(
            "INSERT INTO province (province, server_id, head, created_at)
             SELECT ?1, ?2, 0, ?3 WHERE NOT EXISTS (SELECT 1 FROM province)",
            params![
                founding.province_code,
                founding.server_id.to_string(),
                now.0
            ],
        )?;
        Ok(())
    }

    fn add_code(&mut self, province: &str, code: &NewCode) -> Result<(), LedgerError> {
        enrolment::add_code(&self.connection, province, code)
    }

    fn enrol(
        &mut self,
        province: &str,
        candidate: &Candidate,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let transaction = self.writing()?;
        let answer = enrolment::enrol(&transaction, province, candidate, now)?;
        // A wrong try is counted, so it is committed too.
        transaction.commit()?;
        answer.map_err(Refusal::from)
    }

    fn device(&mut self, province: &str, id: Uuid) -> Result<Option<Device>, LedgerError> {
        load::device(&self.connection, province, id)
    }

    fn revoke(&mut self, province: &str, id: Uuid) -> Result<bool, LedgerError> {
        let shut_out = self.connection.execute(
            "UPDATE device SET revoked = 1 WHERE province = ?1 AND device = ?2",
            params![province, id.to_string()],
        )?;
        Ok(shut_out > 0)
    }

    fn absorb(
        &mut self,
        province: &str,
        device: Uuid,
        changes: &[Change],
        now: Timestamp,
    ) -> Result<Taken, Refusal> {
        let transaction = self.writing()?;
        // Read again inside the transaction: another request of the same device may have been first.
        let device =
            load::device(&transaction, province, device)?.ok_or(LedgerError::Row("device"))?;
        let mut book = load::book(&transaction, province, &device, changes)?;
        let taken = plan::absorb(&mut book, &device, changes)?;
        save::keep(&transaction, province, &device, &book, &taken, now)?;
        transaction.commit()?;
        Ok(taken)
    }

    fn deliver(
        &mut self,
        province: &str,
        device: Uuid,
        cursor: u64,
        limit: u32,
        now: Timestamp,
    ) -> Result<Page, Refusal> {
        let transaction = self.writing()?;
        let device =
            load::device(&transaction, province, device)?.ok_or(LedgerError::Row("device"))?;
        let page = deliver::page(&transaction, province, &device, cursor, limit)?;
        enrolment::seen(&transaction, province, device.id, now)?;
        transaction.commit()?;
        Ok(page)
    }

    fn offices(&mut self, province: &str) -> Result<Vec<OfficeLine>, LedgerError> {
        enrolment::offices(&self.connection, province)
    }
}
