//! What desks and server hold, held against what was acknowledged. Read from the files themselves, by other statements
//! than the program's.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use jitasa_domain::{Entity, sum::record_sum};
use jitasa_store::{Connection, Store};
use serde_json::{Map, Value};

use crate::{Outcome, ledger::Ledger};

/// A change as the judge knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    change_id: String,
    act_id: String,
}

/// What a desk holds of its own past, at one moment.
#[derive(Debug)]
struct Past {
    device: String,
    /// By their number: those that wait and those that have the server's word, from a number on.
    changes: BTreeMap<u64, Known>,
    /// The last that has the server's word.
    acked: u64,
    troubles: Vec<String>,
}

/// What a desk is held to.
#[derive(Debug)]
pub(crate) struct Look<'a> {
    pub(crate) folder: &'a Path,
    /// Up to this number it was looked at before.
    pub(crate) from: u64,
    /// Acts that were answered as done.
    pub(crate) acts: &'a [String],
    /// Cases that were, by their mark and id.
    pub(crate) cases: &'a [(String, String)],
    /// Whether the whole file is looked through.
    pub(crate) whole: bool,
}

/// One look at a desk and at what the server holds of it. Answers up to which number it has the server's word.
pub(crate) fn look(look: &Look<'_>, ledger: &Ledger) -> Outcome<u64> {
    let past = {
        let store = Store::open(look.folder)?;
        if look.whole {
            let found = store.check()?;
            if !found.is_empty() {
                return Err(format!("the store is damaged: {found:?}").into());
            }
            store.read(|conn| Ok(none_twice(conn)))??;
        }
        store.read(|conn| Ok(acknowledged(conn, look.acts, look.cases)))??;
        store.read(|conn| Ok(past(conn, look.from)))??
    };
    server_has(&past, ledger, look.from)?;
    Ok(past.acked)
}

/// The desk's own count is without a gap and without a double, in what waits and what was sent together.
fn past(conn: &Connection, from: u64) -> Outcome<Past> {
    let meta = |key: &str| -> Outcome<String> {
        Ok(conn
            .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| {
                row.get(0)
            })
            .unwrap_or_default())
    };
    let mut changes = BTreeMap::new();
    let mut ids = BTreeSet::new();
    let mut acked = from;
    for (table, is_sent) in [("sent", true), ("outbox", false)] {
        let mut statement = conn.prepare(&format!(
            "SELECT device_seq, body ->> 'change_id', body ->> 'act_id' FROM {table}
             WHERE device_seq > ?1 ORDER BY device_seq"
        ))?;
        let mut rows = statement.query([i64::try_from(from)?])?;
        while let Some(row) = rows.next()? {
            let seq = u64::try_from(row.get::<_, i64>(0)?)?;
            let known = Known {
                change_id: row.get(1)?,
                act_id: row.get(2)?,
            };
            if !ids.insert(known.change_id.clone()) || changes.insert(seq, known).is_some() {
                return Err(format!("change {seq} is there twice").into());
            }
            if is_sent {
                acked = seq;
            } else if seq <= acked {
                return Err(format!("change {seq} waits behind {acked}, which was sent").into());
            }
        }
    }
    let last: u64 = meta("device_seq")?.parse().unwrap_or(0);
    if !changes.keys().copied().eq(from + 1..=last) {
        return Err(format!(
            "the desk counted to {last}, and {} changes are there from {from} on",
            changes.len()
        )
        .into());
    }
    let mut statement = conn.prepare("SELECT change_id FROM trouble")?;
    let troubles = statement.query_map([], |row| row.get(0))?;
    Ok(Past {
        device: meta("device_id")?,
        changes,
        acked,
        troubles: troubles.collect::<Result<_, _>>()?,
    })
}

/// Every act that was answered is there once, and so is every case under its mark.
fn acknowledged(conn: &Connection, acts: &[String], cases: &[(String, String)]) -> Outcome<()> {
    let mut of_act = conn.prepare("SELECT count(*) FROM act WHERE act_id = ?1")?;
    for act in acts {
        let count: i64 = of_act.query_row([act], |row| row.get(0))?;
        if count != 1 {
            return Err(format!("act {act} was acknowledged and is there {count} times").into());
        }
    }
    let mut of_case = conn.prepare("SELECT landmark FROM \"case\" WHERE id = ?1")?;
    for (mark, id) in cases {
        let found: Vec<String> = of_case
            .query_map([id], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        if found != [mark.as_str()] {
            return Err(format!("case {mark} was acknowledged and is not there").into());
        }
    }
    Ok(())
}

/// No case was made twice.
fn none_twice(conn: &Connection) -> Outcome<()> {
    let mut statement = conn.prepare(
        "SELECT landmark FROM \"case\" WHERE landmark <> '' GROUP BY landmark HAVING count(*) > 1",
    )?;
    let twice: Vec<String> = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if twice.is_empty() {
        return Ok(());
    }
    Err(format!("cases that are there twice: {twice:?}").into())
}

/// What has the server's word is at the server, once and as it was; what it holds beyond that is the desk's own too.
/// What it did not apply is listed at the desk.
fn server_has(past: &Past, ledger: &Ledger, from: u64) -> Outcome<()> {
    let device = &past.device;
    let rows = ledger.rows(
        &["device_seq", "change_id", "change", "outcome"],
        &format!(
            "FROM change_log WHERE device = '{device}' AND device_seq > {from} ORDER BY device_seq"
        ),
    )?;
    let troubles: BTreeMap<&str, usize> =
        past.troubles
            .iter()
            .fold(BTreeMap::new(), |mut counts, id| {
                *counts.entry(id.as_str()).or_default() += 1;
                counts
            });
    let mut last = from;
    for row in &rows {
        let [seq, change_id, change, outcome] = row.as_slice() else {
            return Err("a row of another shape".into());
        };
        let seq: u64 = seq.parse()?;
        if seq != last + 1 {
            return Err(format!("the server holds change {seq} after {last}").into());
        }
        last = seq;
        let change: Value = serde_json::from_str(change)?;
        let theirs = Known {
            change_id: change_id.clone(),
            act_id: change["act_id"].as_str().unwrap_or_default().to_string(),
        };
        // Made since the desk was looked at.
        let Some(ours) = past.changes.get(&seq) else {
            break;
        };
        if *ours != theirs {
            return Err(format!("change {seq} is another at the server").into());
        }
        let outcome: Value = serde_json::from_str(outcome)?;
        let verdict = outcome["verdict"].as_str().unwrap_or_default();
        let listed = troubles.get(change_id.as_str()).copied().unwrap_or(0);
        let is_trouble = matches!(verdict, "conflict" | "held");
        if seq <= past.acked && listed != usize::from(is_trouble) {
            return Err(format!("change {seq} ({verdict}) is listed {listed} times").into());
        }
    }
    if last < past.acked {
        return Err(format!(
            "the desk has the server's word up to {}, and the server holds {last}",
            past.acked
        )
        .into());
    }
    Ok(())
}

/// The server's own order is without a gap, and no change is in it twice; each device's count is the count of its
/// changes.
pub(crate) fn order(ledger: &Ledger) -> Outcome<u64> {
    let one = |columns: &[&str], rest: &str| -> Outcome<Vec<u64>> {
        let rows = ledger.rows(columns, rest)?;
        let row = rows.first().ok_or("nothing there")?;
        Ok(row
            .iter()
            .map(|text| text.parse())
            .collect::<Result<_, _>>()?)
    };
    let counts = one(
        &[
            "count(*)",
            "count(DISTINCT change_id)",
            "coalesce(max(seq), 0)",
        ],
        "FROM change_log",
    )?;
    let head = one(&["head"], "FROM province")?;
    if counts.iter().any(|count| *count != head[0]) {
        return Err(format!("the server counted to {head:?} and holds {counts:?}").into());
    }
    let uneven = ledger.rows(
        &["d.device"],
        "FROM device d WHERE d.last_seq <> (SELECT count(*) FROM change_log c WHERE c.device = d.device)",
    )?;
    if !uneven.is_empty() {
        return Err(format!("devices whose count is not that of their changes: {uneven:?}").into());
    }
    ledger.check()?;
    Ok(head[0])
}

/// The checksums of what the server holds, of each owner, from its rows.
pub(crate) fn sums(ledger: &Ledger) -> Outcome<BTreeMap<String, u64>> {
    let mut sums = BTreeMap::new();
    for row in ledger.rows(
        &["entity", "entity_id", "office_code", "body"],
        "FROM record",
    )? {
        let [entity, id, owner, body] = row.as_slice() else {
            return Err("a row of another shape".into());
        };
        let entity = Entity::from_code(entity).ok_or("a record of no kind")?;
        let fields: Map<String, Value> = serde_json::from_str(body)?;
        let sum: &mut u64 = sums.entry(owner.clone()).or_default();
        *sum = sum.wrapping_add(record_sum(entity, id.parse()?, &fields));
    }
    Ok(sums)
}

/// The same of a desk.
pub(crate) fn sums_of(folder: &Path) -> Outcome<BTreeMap<String, u64>> {
    Ok(Store::open(folder)?.sums()?)
}

#[cfg(test)]
mod tests {
    use std::{fs, sync::Arc};

    use jitasa_app::{App, SystemEnv};
    use jitasa_server::{Province, clock, frames::Address};
    use rusqlite::Connection as Direct;
    use serde_json::json;
    use tempfile::TempDir;

    use super::{look as look_at, *};
    use crate::names::{OFFICE, marked_case, open_office};

    const CASE: &str = "01920000-0000-7000-8000-000000000001";

    /// A desk that has told the province what it did, and has done something since.
    struct Told {
        folder: TempDir,
        acts: Vec<String>,
    }

    impl Told {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name).display().to_string();
            let app = App::open(&folder.path().join("desk"), Arc::new(SystemEnv)).unwrap();
            open_office(&app, OFFICE).unwrap();
            let call =
                |name: &str, file: &str| app.call(name, json!({ "path": at(file) })).unwrap();
            let province = Province::open(&folder.path().join("province")).unwrap();
            let _ = call("sync.enrol_request", "wish");
            let wish = fs::read(at("wish")).unwrap();
            let grant = province.admit(&wish, &Address::default(), clock::now());
            fs::write(at("grant"), grant.unwrap()).unwrap();
            let _ = call("sync.enrol_file", "grant");
            let saved = app.call("case.create", marked_case("ก", CASE)).unwrap();
            let _ = call("sync.batch_write", "batch");
            let batch = fs::read(at("batch")).unwrap();
            let answered = province.take(&batch, clock::now()).unwrap();
            fs::write(at("receipt"), answered.frame).unwrap();
            let _ = call("sync.batch_receipt", "receipt");
            let other = marked_case("ข", "01920000-0000-7000-8000-000000000002");
            let later = app.call("case.create", other).unwrap();
            let acts = [saved, later].map(|acted| acted["act_id"].as_str().unwrap().to_string());
            Self {
                folder,
                acts: acts.into(),
            }
        }

        fn ledger(&self) -> Ledger {
            Ledger::Folder(self.folder.path().join("province"))
        }

        fn look(&self) -> Outcome<u64> {
            let look = Look {
                folder: &self.folder.path().join("desk"),
                from: 0,
                acts: &self.acts,
                cases: &[("ก".into(), CASE.into())],
                whole: true,
            };
            look_at(&look, &self.ledger())
        }

        /// What the judge says of a desk in which this was done, in a transaction that is given up.
        fn with(&self, tampering: &str) -> Result<(), String> {
            let store = Store::open(&self.folder.path().join("desk")).unwrap();
            let said = store.read(|conn| {
                conn.pragma_update(None, "query_only", false)?;
                conn.execute_batch(tampering)?;
                let cases = [("ก".to_string(), CASE.to_string())];
                Ok(acknowledged(conn, &self.acts, &cases)
                    .and_then(|()| none_twice(conn))
                    .and_then(|()| past(conn, 0).map(drop))
                    .map_err(|error| error.to_string()))
            });
            said.unwrap()
        }

        fn at_the_server(&self, tampering: &str) {
            let file = self.folder.path().join("province").join("province.db");
            Direct::open(file)
                .unwrap()
                .execute_batch(tampering)
                .unwrap();
        }
    }

    #[test]
    fn what_a_desk_lost_or_doubled_is_found() {
        let told = Told::new();
        assert!(told.look().unwrap() > 10);
        told.with("SELECT 1").unwrap();
        for tampering in [
            "DELETE FROM act WHERE pk = (SELECT max(pk) FROM act)",
            "DELETE FROM outbox WHERE device_seq = (SELECT min(device_seq) FROM outbox) + 1",
            "DELETE FROM outbox WHERE device_seq = (SELECT max(device_seq) FROM outbox)",
            "DELETE FROM sent WHERE device_seq = 3",
            "UPDATE outbox SET body = (SELECT body FROM sent WHERE device_seq = 2)
             WHERE device_seq = (SELECT max(device_seq) FROM outbox)",
            "DELETE FROM \"case\" WHERE landmark = 'ก'",
            "UPDATE \"case\" SET landmark = 'ก'",
        ] {
            assert!(told.with(tampering).is_err(), "{tampering}");
        }
    }

    #[test]
    fn what_the_server_lost_or_took_for_another_is_found() {
        for tampering in [
            "DELETE FROM change_log WHERE device_seq = 3",
            "DELETE FROM change_log WHERE seq = (SELECT max(seq) FROM change_log)",
            "UPDATE change_log SET change_id = '01920000-0000-7000-8000-0000000000ff' WHERE device_seq = 2",
            "UPDATE change_log SET outcome = replace(outcome, 'new', 'held') WHERE device_seq = 2",
        ] {
            let told = Told::new();
            let _ = order(&told.ledger()).unwrap();
            told.at_the_server(tampering);
            assert!(told.look().is_err(), "{tampering}");
        }
        let told = Told::new();
        told.at_the_server("UPDATE province SET head = head + 1");
        assert!(order(&told.ledger()).is_err());
        assert!(!sums(&told.ledger()).unwrap().is_empty());
    }
}
