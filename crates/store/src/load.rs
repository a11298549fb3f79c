//! Practice data by the million. Acts are made for people: each leaves history, a change to send and
//! an undo, which a desk to measure with has no use for. Here rows and what follows from them
//! are written at once. Only a practice desk may be filled so; a real office's records have one door.

use jitasa_domain::{
    Case, CaseState, Entity, Need, NeedState, Person, Record, care, fields_of, lifecycle,
    record::to_fields,
};
use jitasa_thai::search;
use rusqlite::{
    Connection, Transaction, TransactionBehavior, params, params_from_iter, types::Value as Cell,
};

use crate::{Store, StoreError, derive, desk, rows};

/// Cases of one transaction: commits are rare, and what waits in the log stays below 200 MB.
const CASES_A_TRANSACTION: usize = 20_000;
/// Pages held while loading, in KiB: the indexes on names and phones are written in no order.
const LOADING_CACHE_KIB: i64 = 131_072;
/// What `open` holds.
const USUAL_CACHE_KIB: i64 = 32_768;

impl Store {
    /// Adds finished cases to a practice desk, without audit, outbox or undo; answers how many. Ids
    /// and numbers are the caller's and must be new. Memory does not grow with the number of cases.
    ///
    /// # Errors
    /// `not_practice` on any other desk. What was committed before an error stays.
    pub fn load_practice(
        &self,
        cases: impl Iterator<Item = (Case, Person, Vec<Need>)>,
    ) -> Result<u64, StoreError> {
        let mut writer = self.writer();
        if !desk::reading::is_practice(&writer)? {
            return Err(StoreError::Invalid {
                code: "not_practice",
                field: "practice",
            });
        }
        writer.pragma_update(None, "cache_size", -LOADING_CACHE_KIB)?;
        let loaded = load(&mut writer, cases);
        writer.pragma_update(None, "cache_size", -USUAL_CACHE_KIB)?;
        loaded
    }
}

fn load(
    writer: &mut Connection,
    mut cases: impl Iterator<Item = (Case, Person, Vec<Need>)>,
) -> Result<u64, StoreError> {
    let sql = Inserts::new();
    let mut loaded = 0_u64;
    loop {
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before = loaded;
        for (case, person, needs) in cases.by_ref().take(CASES_A_TRANSACTION) {
            sql.case(&tx, &case, &person, &needs)?;
            loaded += 1;
        }
        if loaded == before {
            return Ok(loaded);
        }
        desk::bump_data_version(&tx)?;
        tx.commit()?;
    }
}

/// The statements, written once.
struct Inserts {
    case: String,
    person: String,
    need: String,
}

impl Inserts {
    fn new() -> Self {
        Self {
            case: insert(Entity::Case, "state, is_open, urgency_rank, waits_since"),
            person: insert(Entity::Person, ""),
            need: insert(Entity::Need, ""),
        }
    }

    /// A case with its parts, and what `derive` would make of them.
    fn case(
        &self,
        tx: &Transaction,
        case: &Case,
        person: &Person,
        needs: &[Need],
    ) -> Result<(), StoreError> {
        let states: Vec<NeedState> = needs.iter().map(|need| need.state).collect();
        let state = lifecycle::case_state(&states);
        let mut cells = cells(case)?;
        cells.push(Cell::Text(state.code().into()));
        cells.push(Cell::Integer(i64::from(state != CaseState::Closed)));
        cells.push(Cell::Integer(derive::urgency_rank(case.urgency)));
        let (waits_since, _) = care::waiting(case.reported_at, needs);
        cells.push(waits_since.map_or(Cell::Null, |at| Cell::Integer(at.0)));
        tx.prepare_cached(&self.case)?
            .execute(params_from_iter(cells))?;
        let person_cells = self::cells(person)?;
        tx.prepare_cached(&self.person)?
            .execute(params_from_iter(person_cells))?;
        for need in needs {
            tx.prepare_cached(&self.need)?
                .execute(params_from_iter(self::cells(need)?))?;
        }
        tx.prepare_cached("INSERT INTO search_doc (kind, record_id) VALUES ('case', ?1)")?
            .execute([case.id.to_string()])?;
        let doc = tx.last_insert_rowid();
        tx.prepare_cached("INSERT INTO search_words (rowid, words) VALUES (?1, ?2)")?
            .execute(params![
                doc,
                search::index_terms(&derive::case_words(case, person))
            ])?;
        Ok(())
    }
}

/// An insert of all fields, version 1, never synced, and some derived columns.
fn insert(entity: Entity, derived: &str) -> String {
    let fields = fields_of(entity);
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    let more = derived.split(", ").filter(|name| !name.is_empty());
    let marks = "?, ".repeat(fields.len() + more.clone().count());
    let more: String = more.map(|name| format!("{name}, ")).collect();
    format!(
        "INSERT INTO {} ({}, {more}version, server_seq) VALUES ({marks}1, 0)",
        rows::table(entity),
        names.join(", "),
    )
}

fn cells<R: Record>(record: &R) -> Result<Vec<Cell>, StoreError> {
    let fields = to_fields(record).map_err(|_| StoreError::Row(R::ENTITY.code()))?;
    Ok(R::FIELDS
        .iter()
        .map(|field| {
            rows::to_cell(
                field.kind,
                fields.get(field.name).unwrap_or(&serde_json::Value::Null),
            )
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use jitasa_domain::{Office, Timestamp, Urgency};
    use uuid::Uuid;

    use super::*;
    use crate::{Setup, derive::Touched, query};

    fn a_desk(practice: bool) -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create(dir.path(), [7; 32]).unwrap();
        let office = Office {
            code: "450905".into(),
            name: "ฝึกหัด".into(),
        };
        let setup = Setup {
            office,
            practice,
            device_id: Uuid::from_u128(1),
            users: Vec::new(),
            kinds: Vec::new(),
            centre: (16.3, 104.2),
        };
        store.set_up(&setup).unwrap();
        (dir, store)
    }

    fn a_case(number: u128, state: NeedState) -> (Case, Person, Vec<Need>) {
        let id = Uuid::from_u128(number * 10 + 1);
        let person_id = Uuid::from_u128(number * 10 + 2);
        let case = Case {
            id,
            number: format!("450905-69-{number:05}"),
            office_code: "450905".into(),
            person_id: Some(person_id),
            area_code: "45090505".into(),
            urgency: Urgency::VeryUrgent,
            lat: Some(16.25),
            lon: Some(104.25),
            reported_at: Timestamp(1_790_000_000_000),
            ..Case::default()
        };
        let person = Person {
            id: person_id,
            case_id: Some(id),
            given_name: "บัวลา".into(),
            phone: Some("0800123456".into()),
            ..Person::default()
        };
        let need = Need {
            id: Uuid::from_u128(number * 10 + 3),
            case_id: id,
            kind: "food_water".into(),
            state,
            ..Need::default()
        };
        (case, person, vec![need])
    }

    /// Everything that is derived, as one text.
    fn derived(conn: &Connection) -> Vec<String> {
        let mut all = Vec::new();
        for sql in [
            "SELECT pk || state || is_open || urgency_rank || coalesce(waits_since, '-') FROM \"case\" ORDER BY pk",
            "SELECT area_code || state || urgency || has_place || n FROM case_count WHERE n <> 0",
            "SELECT area_code || review_state || is_open || n FROM review_count WHERE n <> 0",
            "SELECT kind || state || n FROM need_count WHERE n <> 0",
            "SELECT pk || kind || record_id FROM search_doc ORDER BY pk",
            "SELECT rowid || 'found' FROM search_words WHERE words MATCH '\"บั ัว วล ลา\"' ORDER BY rowid",
        ] {
            let mut statement = conn.prepare(sql).unwrap();
            let lines = statement
                .query_map([], |row| row.get::<_, String>(0))
                .unwrap();
            all.extend(lines.map(Result::unwrap));
        }
        all
    }

    #[test]
    fn loaded_cases_are_as_if_they_had_been_derived() {
        let (_dir, store) = a_desk(true);
        let states = [
            NeedState::Reported,
            NeedState::Open,
            NeedState::PartlyMet,
            NeedState::Closed,
        ];
        let cases = (1..)
            .zip(states)
            .map(|(number, state)| a_case(number, state));
        assert_eq!(store.load_practice(cases).unwrap(), 4);
        let writer = store.writer();
        let before = derived(&writer);
        let mut touched = Touched::default();
        for number in 1..=4 {
            let (case, ..) = a_case(number, NeedState::Open);
            touched.add(Entity::Case, case.id, &serde_json::Map::new());
        }
        derive::refresh(&writer, &touched).unwrap();
        assert_eq!(derived(&writer), before);
        let line = query::cases::by_number(&writer, "450905-69-00003")
            .unwrap()
            .unwrap();
        let (case, person, needs) = a_case(3, NeedState::PartlyMet);
        assert_eq!((line.case, line.person, line.needs), (case, person, needs));
        assert_eq!(line.version, 1);
    }

    #[test]
    fn a_real_offices_desk_is_not_loaded() {
        let (_dir, store) = a_desk(false);
        let refused = store.load_practice([a_case(1, NeedState::Open)].into_iter());
        assert_eq!(refused.unwrap_err().code(), "not_practice");
        assert_eq!(derived(&store.writer()), Vec::<String>::new());
    }
}
