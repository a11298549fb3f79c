//! The yardstick: the same cases, each with its person and needs, as the rows of one table without an
//! index, in a file without encryption. Every question is answered by reading the table through.

use std::{fmt, fs, path::PathBuf, time::Duration};

use jitasa_domain::{Entity, fields_of};
use jitasa_store::Store;
use rusqlite::{
    Connection, Params,
    types::{ToSqlOutput, ValueRef},
};

use super::desk::Kept;
use crate::{Outcome, machine};

/// Its name in the figures, where it reads.
pub(super) const SCAN: &str = "plain_scan";
/// Its name in the figures, where it writes.
pub(super) const INSERT: &str = "plain_insert";

/// What a list shows of the person and the needs.
const BESIDE: &str = "title, given_name, family_name, citizen_id, phone, state, is_open, needs";

/// The plain file, closed.
#[derive(Debug)]
pub(super) struct Plain {
    path: PathBuf,
    making: Option<Duration>,
}

/// The plain file, open.
#[derive(Debug)]
pub(super) struct OpenPlain(Connection);

impl Plain {
    /// Copies the desk's cases, unless the file that belongs to this desk is there.
    pub(super) fn make_or_take(kept: &Kept) -> Outcome<Self> {
        let path = kept.dir().join("plain.db");
        if path.exists() && !kept.is_new() {
            return Ok(Self { path, making: None });
        }
        // Renamed when it is whole, so that a run that was cut short leaves nothing to be taken for it.
        let unfinished = kept.dir().join("plain.part");
        if unfinished.exists() {
            fs::remove_file(&unfinished)?;
        }
        let ((), making) = machine::timed(|| {
            let store = Store::open(&kept.desk_dir())?;
            let mut plain = Connection::open(&unfinished)?;
            copy(&store, &mut plain)
        })?;
        fs::rename(&unfinished, &path)?;
        Ok(Self {
            path,
            making: Some(making),
        })
    }

    /// Opens it as the store opens its own, but for the key.
    pub(super) fn open(&self) -> Outcome<OpenPlain> {
        let conn = Connection::open(&self.path)?;
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -32768; PRAGMA mmap_size = 0;",
        )?;
        Ok(OpenPlain(conn))
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mb = machine::bytes_of(&self.path) >> 20;
        write!(f, "plain: {mb} MB, ")?;
        match self.making {
            Some(making) => write!(f, "copied in {:.0} s", making.as_secs_f64()),
            None => f.write_str("kept"),
        }
    }
}

fn case_columns() -> Vec<&'static str> {
    fields_of(Entity::Case)
        .iter()
        .map(|field| field.name)
        .collect()
}

fn copy(store: &Store, plain: &mut Connection) -> Outcome<()> {
    let own = case_columns();
    let count = 1 + own.len() + BESIDE.split(", ").count();
    plain.execute_batch(&format!(
        "CREATE TABLE cases (pk INTEGER PRIMARY KEY, {}, {BESIDE})",
        own.join(", ")
    ))?;
    let tx = plain.transaction()?;
    let marks = vec!["?"; count].join(", ");
    let mut insert = tx.prepare(&format!("INSERT INTO cases VALUES ({marks})"))?;
    let sql = format!(
        "SELECT c.pk, c.{}, p.title, p.given_name, p.family_name, p.citizen_id, p.phone, c.state, c.is_open,
            (SELECT group_concat(n.id || ' ' || n.kind || ' ' || n.state, ',') FROM need n WHERE n.case_id = c.id)
         FROM \"case\" c LEFT JOIN person p ON p.id = c.person_id ORDER BY c.pk",
        own.join(", c.")
    );
    store.read(|conn| {
        let mut statement = conn.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for at in 0..count {
                insert.raw_bind_parameter(at + 1, ToSqlOutput::Borrowed(row.get_ref(at)?))?;
            }
            insert.raw_execute()?;
        }
        Ok(())
    })?;
    drop(insert);
    tx.commit()?;
    Ok(())
}

impl OpenPlain {
    /// Reads every column of every row that answers, as a list would; says how many.
    pub(super) fn ask(&self, condition: &str, params: impl Params) -> Outcome<usize> {
        self.read(&format!("SELECT * FROM cases {condition}"), params)
    }

    /// The same for some columns.
    pub(super) fn read(&self, sql: &str, params: impl Params) -> Outcome<usize> {
        let mut statement = self.0.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params)?;
        let (mut seen, mut bytes) = (0, 0);
        while let Some(row) = rows.next()? {
            for at in 0..columns {
                if let ValueRef::Text(text) = row.get_ref(at)? {
                    bytes += text.len();
                }
            }
            seen += 1;
        }
        // What is not used might not be read.
        std::hint::black_box(bytes);
        Ok(seen)
    }

    /// Writes a copy of a row: one insert, one transaction, on the disk when it returns.
    pub(super) fn save_copy(&self, pk: i64) -> Outcome<()> {
        let columns = format!("{}, {BESIDE}", case_columns().join(", "));
        let sql =
            format!("INSERT INTO cases ({columns}) SELECT {columns} FROM cases WHERE pk = ?1");
        let written = self.0.prepare_cached(&sql)?.execute([pk])?;
        (written == 1).then_some(()).ok_or("no such row".into())
    }
}
