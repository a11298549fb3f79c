//! What a province's ledger is kept in, so that one story is played on each: a SQLite file, PostgreSQL, PostgreSQL
//! partitioned by province.

use jitasa_server::{
    Province,
    postgres::{Database, Spread, layout},
};
use tempfile::TempDir;

use crate::postgres::Cluster;

/// What keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// A file in a folder.
    Sqlite,
    /// A database, its tables made by the program.
    Postgres,
    /// A database, its tables made by its administrator, a partition a province.
    Partitioned,
}

/// The place of one ledger. When it goes, the ledger goes.
#[derive(Debug)]
pub struct Place(Inside);

#[derive(Debug)]
enum Inside {
    Folder(TempDir),
    Database(String),
}

impl Place {
    /// A new, empty one.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn new(keeper: Keeper) -> Self {
        if keeper == Keeper::Sqlite {
            return Self(Inside::Folder(tempfile::tempdir().expect("a folder")));
        }
        let name = Cluster::of_this_process().database();
        if keeper == Keeper::Partitioned {
            let partitions = Spread::Partitioned(vec!["45".into(), "46".into()]);
            Cluster::of_this_process()
                .client(&name)
                .batch_execute(&layout(&partitions))
                .expect("the tables are made");
        }
        Self(Inside::Database(name))
    }

    /// The province in it, of ร้อยเอ็ด.
    ///
    /// # Panics
    /// When it cannot be opened.
    #[must_use]
    pub fn open(&self) -> Province {
        match &self.0 {
            Inside::Folder(folder) => Province::open(folder.path()),
            Inside::Database(name) => Province::connect(&database(name)),
        }
        .expect("the ledger opens")
    }

    /// What it holds now, in a place of its own; marked as a copy, as `backup` does it, or not.
    ///
    /// # Panics
    /// When it cannot be copied.
    #[must_use]
    pub fn copy(&self, marked: bool) -> Self {
        let mark = format!("UPDATE province SET is_copy = {}", i32::from(marked));
        match &self.0 {
            Inside::Folder(folder) => {
                let copy = tempfile::tempdir().expect("a folder");
                let file = jitasa_server::province::LEDGER_FILE;
                let to = copy.path().join(file);
                rusqlite::Connection::open(folder.path().join(file))
                    .and_then(|from| from.execute("VACUUM INTO ?1", [to.to_string_lossy()]))
                    .expect("a copy");
                rusqlite::Connection::open(&to)
                    .and_then(|copied| copied.execute(&mark, []))
                    .expect("a mark");
                Self(Inside::Folder(copy))
            }
            Inside::Database(name) => {
                let copy = Cluster::of_this_process().copy_of(name);
                let marked = Cluster::of_this_process()
                    .client(&copy)
                    .batch_execute(&mark);
                marked.expect("a mark");
                Self(Inside::Database(copy))
            }
        }
    }

    /// The database's name; none for a folder.
    #[must_use]
    pub fn database(&self) -> Option<&str> {
        match &self.0 {
            Inside::Folder(_) => None,
            Inside::Database(name) => Some(name),
        }
    }

    /// What a statement finds that has one text in each row, and is the same for both kinds of database.
    ///
    /// # Panics
    /// When it cannot be asked.
    #[must_use]
    pub fn column(&self, sql: &str) -> Vec<Option<String>> {
        match &self.0 {
            Inside::Folder(folder) => {
                let file = folder.path().join(jitasa_server::province::LEDGER_FILE);
                let connection = rusqlite::Connection::open(file).expect("the file opens");
                let mut statement = connection.prepare(sql).expect("a statement");
                let rows = statement.query_map([], |row| row.get(0)).expect("rows");
                rows.collect::<Result<_, _>>().expect("texts")
            }
            Inside::Database(name) => {
                let mut client = Cluster::of_this_process().client(name);
                let rows = client.query(sql, &[]).expect("rows");
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }
}

/// A database of this process's server, of province 45.
#[must_use]
pub fn database(name: &str) -> Database {
    Database {
        url: Cluster::of_this_process().url(name),
        password: None,
        authority: None,
        province: "45".into(),
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Inside::Database(name) = &self.0 {
            Cluster::of_this_process().drop_database(name);
        }
    }
}
