//! The ledger in PostgreSQL 15 or newer: one connection, one transaction at a time, a handful of statements a batch.
//!
//! A database may hold the ledgers of many provinces; this one is opened for one of them, and every statement names it.

mod codes;
mod connect;
mod error;
mod layout;
mod load;
mod read;
mod register;
mod save;
mod statements;

use std::collections::{HashMap, HashSet};

use jitasa_domain::{Timestamp, change::Change};
use jitasa_protocol::Hash;
use postgres::{Client, Row, binary_copy::BinaryCopyInWriter, types::ToSql};
use uuid::Uuid;

pub use self::{
    connect::Database,
    error::PostgresError,
    layout::{Spread, layout},
};
use self::{connect::Door, statements as s, statements::Statement};
use crate::{
    book::{Book, Device, Key, Scope, Stored, Taken},
    enrol::EnrolCode,
    ledger::{Epoch, FeedLine, Ledger, LedgerError, NewCode, OfficeLine, Pages, Reading, Standing},
    row::{hash, number},
};

/// A province's ledger in a PostgreSQL database.
pub struct PostgresLedger {
    door: Door,
    province: String,
    /// None after it was lost; the next transaction connects anew.
    session: Option<Session>,
    fell_victim: bool,
}

impl std::fmt::Debug for PostgresLedger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresLedger")
            .field("province", &self.province)
            .finish_non_exhaustive()
    }
}

impl PostgresLedger {
    /// Connects, and makes the tables where there are none. A database that is to be partitioned or spread over machines
    /// has its tables made before ([`layout`]).
    ///
    /// # Errors
    /// When the URL cannot be used, the database cannot be reached, or holds no ledger or one of a newer program.
    pub fn open(database: &Database) -> Result<Self, LedgerError> {
        let door = Door::of(database)?;
        let mut client = door.connect()?;
        layout::to_head(&mut client)?;
        Ok(Self {
            door,
            province: database.province.clone(),
            session: Some(Session::of(client)),
            fell_victim: false,
        })
    }

    /// The connection with a transaction begun. One that was lost shows itself here, and is made anew once.
    fn begun(&mut self) -> Result<&mut Session, LedgerError> {
        const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
        let begun = self
            .session
            .as_mut()
            .map(|session| session.client.batch_execute(BEGIN));
        if !matches!(begun, Some(Ok(()))) {
            self.session = None;
            let mut client = self.door.connect()?;
            client.batch_execute(BEGIN)?;
            self.session = Some(Session::of(client));
        }
        self.session
            .as_mut()
            .ok_or_else(|| PostgresError::Unreachable("connection closed".into()).into())
    }
}

/// A connection with the statements it has prepared.
struct Session {
    client: Client,
    prepared: HashMap<Statement, postgres::Statement>,
}

impl Session {
    fn of(client: Client) -> Self {
        Self {
            client,
            prepared: HashMap::new(),
        }
    }

    fn prepared(&mut self, statement: Statement) -> Result<postgres::Statement, postgres::Error> {
        if let Some(prepared) = self.prepared.get(&statement) {
            return Ok(prepared.clone());
        }
        let prepared = self.client.prepare(statement.text())?;
        self.prepared.insert(statement, prepared.clone());
        Ok(prepared)
    }
}

impl Ledger for PostgresLedger {
    fn begin(&mut self) -> Result<Box<dyn Pages + '_>, LedgerError> {
        self.fell_victim = false;
        self.begun()?;
        let Some(session) = self.session.as_mut() else {
            return Err(PostgresError::Unreachable("connection closed".into()).into());
        };
        let mut pages = PostgresPages {
            session,
            fell_victim: &mut self.fell_victim,
            province: self.province.clone(),
            sought: HashSet::new(),
            met: HashSet::new(),
            is_over: false,
        };
        // Alone in its province, as SQLite's one writer is in its file: nobody can deadlock with nobody.
        pages.rows(s::LOCK, &[])?;
        Ok(Box::new(pages))
    }

    fn fell_victim(&self) -> bool {
        self.fell_victim
    }
}

type Given<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A transaction under way.
struct PostgresPages<'a> {
    session: &'a mut Session,
    fell_victim: &'a mut bool,
    province: String,
    /// Ids of records that were looked for in this transaction, and the records that were found. What was looked for and
    /// not found is new when it is kept: nobody else writes in this province meanwhile.
    sought: HashSet<Uuid>,
    met: HashSet<Key>,
    /// Committed; else it is rolled back when it is dropped.
    is_over: bool,
}

impl PostgresPages<'_> {
    /// Asks, of this province.
    fn rows(&mut self, statement: Statement, given: Given<'_>) -> Result<Vec<Row>, LedgerError> {
        let answered = self.asked(statement, given);
        answered.map_err(|error| self.failed(error))
    }

    /// Carries out, in this province.
    fn run(&mut self, statement: Statement, given: Given<'_>) -> Result<(), LedgerError> {
        self.rows(statement, given).map(drop)
    }

    /// Adds rows to this province as they are given, while the database already takes in those before.
    fn add(
        &mut self,
        rows: s::Rows,
        give: impl FnOnce(&mut Adding<'_>) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let mut given = Ok(());
        let added = self.copied(rows, |adding| {
            given = give(adding);
            given.is_ok()
        });
        given?;
        added.map_err(|error| self.failed(error))
    }

    /// Adds what is given, when it was given whole.
    fn copied(
        &mut self,
        rows: s::Rows,
        give: impl FnOnce(&mut Adding<'_>) -> bool,
    ) -> Result<(), postgres::Error> {
        let prepared = self.session.prepared(rows.statement)?;
        let writer = self.session.client.copy_in(&prepared)?;
        let mut adding = Adding {
            writer: BinaryCopyInWriter::new(writer, rows.types),
            province: &self.province,
        };
        if give(&mut adding) {
            let _ = adding.writer.finish()?;
        }
        Ok(())
    }

    /// Founds it. Who finds that another one did so at the same time looks again.
    fn found(&mut self, given: Given<'_>) -> Result<(), LedgerError> {
        match self.asked(s::FOUND, given) {
            Ok(_) => Ok(()),
            Err(error) => {
                *self.fell_victim |= error::is_taken(&error);
                Err(self.failed(error))
            }
        }
    }

    fn asked(
        &mut self,
        statement: Statement,
        given: Given<'_>,
    ) -> Result<Vec<Row>, postgres::Error> {
        let prepared = self.session.prepared(statement)?;
        let mut all: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(given.len() + 1);
        all.push(&self.province);
        all.extend_from_slice(given);
        self.session.client.query(&prepared, &all)
    }

    fn failed(&mut self, error: postgres::Error) -> LedgerError {
        *self.fell_victim |= error::is_victim(&error);
        error.into()
    }

    fn is_of(&self, province: &str) -> Result<(), LedgerError> {
        if province == self.province {
            Ok(())
        } else {
            Err(PostgresError::OtherProvince(self.province.clone()).into())
        }
    }
}

/// Rows on their way into one table.
struct Adding<'a> {
    writer: BinaryCopyInWriter<'a>,
    province: &'a str,
}

impl Adding<'_> {
    /// One more, its columns after the province.
    fn row(&mut self, given: Given<'_>) -> Result<(), LedgerError> {
        let mut all: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(given.len() + 1);
        all.push(&self.province);
        all.extend_from_slice(given);
        Ok(self.writer.write(&all)?)
    }
}

impl Drop for PostgresPages<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            // A connection that is gone has rolled back by itself, and shows itself at the next beginning.
            let _ = self.session.client.batch_execute("ROLLBACK");
        }
    }
}

impl Pages for PostgresPages<'_> {
    fn standing(&mut self) -> Result<Option<Standing>, LedgerError> {
        codes::standing(self)
    }

    fn found(&mut self, founding: &Standing, now: Timestamp) -> Result<(), LedgerError> {
        codes::found(self, founding, now)
    }

    fn save_secret(&mut self, province: &str, secret: [u8; 32]) -> Result<(), LedgerError> {
        self.is_of(province)?;
        self.run(s::SAVE_SECRET, &[&secret.as_slice()])
    }

    fn begin_epoch(
        &mut self,
        province: &str,
        number: usize,
        epoch: Epoch,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        self.is_of(province)?;
        codes::begin_epoch(self, number, epoch, now)
    }

    fn add_code(&mut self, province: &str, code: &NewCode) -> Result<(), LedgerError> {
        self.is_of(province)?;
        codes::add_code(self, code)
    }

    fn codes(&mut self, province: &str, office_code: &str) -> Result<Vec<EnrolCode>, LedgerError> {
        self.is_of(province)?;
        codes::codes(self, office_code)
    }

    fn count_try(&mut self, province: &str, office_code: &str) -> Result<(), LedgerError> {
        self.is_of(province)?;
        codes::count_try(self, office_code)
    }

    fn use_code(&mut self, province: &str, code: i64, device: Uuid) -> Result<(), LedgerError> {
        self.is_of(province)?;
        codes::use_code(self, code, device)
    }

    fn device(&mut self, province: &str, id: Uuid) -> Result<Option<Device>, LedgerError> {
        self.is_of(province)?;
        let rows = self.rows(s::DEVICE, &[&id])?;
        rows.first().map(load::device).transpose()
    }

    fn devices(&mut self, province: &str) -> Result<Vec<Device>, LedgerError> {
        self.is_of(province)?;
        let rows = self.rows(s::DEVICES, &[])?;
        rows.iter().map(load::device).collect()
    }

    fn save_device(&mut self, province: &str, device: &Device) -> Result<(), LedgerError> {
        self.is_of(province)?;
        save::device(self, device)
    }

    fn open(
        &mut self,
        province: &str,
        device: &Device,
        changes: &[Change],
    ) -> Result<Book, LedgerError> {
        self.is_of(province)?;
        load::book(self, device, changes)
    }

    fn keep(
        &mut self,
        province: &str,
        device: &Device,
        book: &Book,
        taken: &Taken,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        self.is_of(province)?;
        save::keep(self, device, book, taken, now)
    }

    fn feed(
        &mut self,
        province: &str,
        asked: Reading<'_>,
        only_left: bool,
    ) -> Result<Vec<FeedLine>, LedgerError> {
        self.is_of(province)?;
        read::feed(self, asked, only_left)
    }

    fn records(
        &mut self,
        province: &str,
        asked: Reading<'_>,
    ) -> Result<Vec<(Key, Stored)>, LedgerError> {
        self.is_of(province)?;
        read::records(self, asked)
    }

    fn records_of_owner(
        &mut self,
        province: &str,
        owner: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(Key, Stored)>, LedgerError> {
        self.is_of(province)?;
        read::records_of_owner(self, owner, after, limit)
    }

    fn sums(
        &mut self,
        province: &str,
        office_code: &str,
    ) -> Result<Vec<(Scope, u64)>, LedgerError> {
        self.is_of(province)?;
        read::sums(self, office_code)
    }

    fn link_at(
        &mut self,
        province: &str,
        device: Uuid,
        device_seq: u64,
    ) -> Result<Option<Hash>, LedgerError> {
        self.is_of(province)?;
        let rows = self.rows(s::LINKS, &[&device, &vec![number(device_seq)]])?;
        let link = match rows.first() {
            Some(row) => Some(Hash(hash(row.try_get(1)?)?)),
            None => None,
        };
        // Zeroes: it came by protocol 1.
        Ok(link.filter(|link| *link != Hash::GENESIS))
    }

    fn offices(&mut self, province: &str) -> Result<Vec<OfficeLine>, LedgerError> {
        self.is_of(province)?;
        read::offices(self)
    }

    fn commit(mut self: Box<Self>) -> Result<(), LedgerError> {
        let committed = self.session.client.batch_execute("COMMIT");
        self.is_over = committed.is_ok();
        committed.map_err(|error| self.failed(error))
    }
}
