//! The plainest thing that could be done instead: the rows that a batch led to, each by a prepared statement of its
//! own, in one transaction a batch. It reads nothing, checks nothing and answers nothing.

use bytes::BytesMut;
use postgres::{Client, Row, Statement, types::ToSql};

use super::{BATCH, Side};
use crate::{Outcome, machine};

/// What is copied of each table, in this order for each change: its log row, the record as it stands, its feed rows.
const TABLES: [(&str, &str, &str); 3] = [
    (
        "change_log",
        "province, seq, change_id, office_code, device, device_seq, change, outcome, received_at, link",
        "",
    ),
    (
        "record",
        "province, entity, entity_id, office_code, referred_to, case_id, area_code, body, versions, last_seq,
         only_device, last_action, last_actor, last_claimed, authors, sum",
        "ON CONFLICT (province, entity, entity_id) DO UPDATE SET body = excluded.body, versions = excluded.versions,
         last_seq = excluded.last_seq, authors = excluded.authors, sum = excluded.sum",
    ),
    (
        "feed",
        "province, office_code, seq, kind, entity, entity_id, author_device",
        "",
    ),
];

/// Copies rows from our database into its own.
pub(super) struct Peer {
    from: Client,
    to: Client,
    inserts: Vec<Statement>,
    copied: i64,
}

impl Peer {
    pub(super) fn new(from: Client, mut to: Client) -> Outcome<Self> {
        let mut inserts = Vec::new();
        for (table, columns, otherwise) in TABLES {
            let places: Vec<_> = (1..=columns.split(',').count())
                .map(|place| format!("${place}"))
                .collect();
            let places = places.join(", ");
            let insert = format!("INSERT INTO {table} ({columns}) VALUES ({places}) {otherwise}");
            inserts.push(to.prepare(&insert)?);
        }
        Ok(Self {
            from,
            to,
            inserts,
            copied: 0,
        })
    }

    /// Copies what is new, a batch a transaction; only the writing is timed.
    pub(super) fn copy(&mut self, side: &mut Side) -> Outcome<()> {
        let head: i64 = self
            .from
            .query_one("SELECT max(seq) FROM change_log WHERE province = '45'", &[])?
            .get(0);
        while self.copied < head {
            let until = head.min(self.copied + i64::try_from(BATCH)?);
            let rows = self.read(until)?;
            let count = usize::try_from(until - self.copied)?;
            side.batch(count, || self.write(&rows))?;
            self.copied = until;
        }
        Ok(())
    }

    /// The rows of each table that belong to the next changes.
    fn read(&mut self, until: i64) -> Outcome<Vec<Vec<Row>>> {
        let conditions = [
            "SELECT {} FROM change_log t WHERE t.province = '45' AND t.seq > $1 AND t.seq <= $2 ORDER BY t.seq",
            "SELECT {} FROM change_log c
             JOIN record t ON t.province = '45' AND t.entity = c.change::json->>'entity'
              AND t.entity_id = (c.change::json->>'entity_id')::uuid
             WHERE c.province = '45' AND c.seq > $1 AND c.seq <= $2 ORDER BY c.seq",
            "SELECT {} FROM feed t WHERE t.province = '45' AND t.seq > $1 AND t.seq <= $2 ORDER BY t.seq",
        ];
        let mut all = Vec::new();
        for ((_, columns, _), condition) in TABLES.iter().zip(conditions) {
            let columns: Vec<_> = columns
                .split(',')
                .map(|column| format!("t.{}", column.trim()))
                .collect();
            let sql = condition.replace("{}", &columns.join(", "));
            all.push(self.from.query(&sql, &[&self.copied, &until])?);
        }
        Ok(all)
    }

    fn write(&mut self, tables: &[Vec<Row>]) -> Outcome<()> {
        let mut transaction = self.to.transaction()?;
        for (insert, rows) in self.inserts.iter().zip(tables) {
            for row in rows {
                let values: Vec<Column> = (0..row.len()).map(|place| row.get(place)).collect();
                let values: Vec<_> = values
                    .iter()
                    .map(|value| value as &(dyn ToSql + Sync))
                    .collect();
                transaction.execute(insert, &values)?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// Seconds of processor that the database has spent on our ledger and on the rows. What was read out of our own to be
    /// copied is not among them.
    pub(super) fn databases_cpu_s(&mut self) -> Outcome<(f64, f64)> {
        let spent = |pid: i32| {
            let cost =
                machine::cost_of(u32::try_from(pid)?).ok_or("a process of the database is gone")?;
            Outcome::Ok(cost.cpu_s)
        };
        let others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND backend_type = 'client backend'";
        let mut ours = 0.0;
        for row in self.from.query(others, &[])? {
            ours += spent(row.get(0))?;
        }
        let rows = self.to.query_one("SELECT pg_backend_pid()", &[])?.get(0);
        Ok((ours, spent(rows)?))
    }

    /// Bytes a change that our tables take, with their indexes.
    pub(super) fn sizes(&mut self, changes: usize) -> Outcome<Vec<String>> {
        self.from.batch_execute("VACUUM ANALYZE")?;
        let mut lines = Vec::new();
        let sql = "SELECT relname::text, pg_relation_size(oid), pg_indexes_size(oid), pg_total_relation_size(oid)
             FROM pg_class WHERE relname IN ('change_log', 'record', 'feed') ORDER BY relname";
        let changes = i64::try_from(changes.max(1))?;
        for row in self.from.query(sql, &[])? {
            let (name, bytes): (String, [i64; 3]) =
                (row.get(0), [row.get(1), row.get(2), row.get(3)]);
            let [heap, indexes, total] = bytes.map(|bytes| bytes / changes);
            lines.push(format!(
                "{name:<12} {total} bytes a change: {heap} rows, {indexes} indexes"
            ));
        }
        Ok(lines)
    }
}

/// A value passed on as it lies on the wire.
struct Column(Option<Vec<u8>>);

impl<'a> postgres::types::FromSql<'a> for Column {
    fn from_sql(
        _: &postgres::types::Type,
        raw: &'a [u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(Some(raw.to_vec())))
    }

    fn from_sql_null(
        _: &postgres::types::Type,
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &postgres::types::Type) -> bool {
        true
    }
}

impl std::fmt::Debug for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Column")
    }
}

impl ToSql for Column {
    fn to_sql(
        &self,
        _: &postgres::types::Type,
        out: &mut BytesMut,
    ) -> Result<postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match &self.0 {
            Some(raw) => {
                out.extend_from_slice(raw);
                Ok(postgres::types::IsNull::No)
            }
            None => Ok(postgres::types::IsNull::Yes),
        }
    }

    fn accepts(_: &postgres::types::Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}
