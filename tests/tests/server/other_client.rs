//! `docs/sync-protocol.md` lets another team write a client: `tests/oracle/sync_client.py` was written from it, and
//! here it is one of two desks of an office. The other is ours; the server is the real program.

use std::{collections::BTreeMap, path::Path};

use jitasa_domain::{
    AssignmentState, Entity, NeedState, ReviewState, fields_of, lifecycle::is_lawful,
    record::blank, sum::fields_covered,
};
use jitasa_store::Store;
use jitasa_tests::{
    desk::{StoryDesk, a_case, text, with},
    oracle::{self, Script},
    programs::{Server, one_time_code, province},
    rows::{Fields, Records, records},
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A province, our desk and theirs, both of ตำบลโคกสว่าง.
struct Office {
    house: TempDir,
    _server: Server,
    ours: StoryDesk,
    theirs: Script,
}

impl Office {
    fn open(python: &Path) -> Self {
        let house = tempfile::tempdir().unwrap();
        let (capital, log) = (house.path().join("province"), house.path().join("log"));
        let server = Server::start(&capital, &log);
        let url = format!("http://{}", server.address());
        let ours = StoryDesk::office(&house.path().join("ours"), 1);
        let code = one_time_code(&capital, "450905");
        let _ = ours.ok("sync.enrol", json!({ "server_url": url, "code": code }));
        let mut theirs = Script::start(python, "sync_client.py");
        let code = one_time_code(&capital, "450905");
        let granted = theirs.ask(&json!(["enrol", url, code, "450905"]));
        assert_eq!(granted, json!({ "province": "45", "confirmed": true }));
        Self {
            house,
            _server: server,
            ours,
            theirs,
        }
    }

    /// Our desk pushes and pulls; its receipt.
    fn we_sync(&self) -> Value {
        self.ours.ok("sync.now", json!({}))
    }

    /// Theirs does; afterwards it holds what the server holds, by the server's own checksum.
    #[track_caller]
    fn they_sync(&mut self) -> Value {
        let told = self.theirs.ask(&json!(["sync"]));
        assert_eq!(told["sum_is_equal"], true, "{told}");
        told
    }

    /// Our clerk writes a note on a case.
    fn we_note(&self, case: &str, note: &str) {
        let version = self.ours.whole(case)["version"].clone();
        let draft = with(a_case(), &json!({ "note": note }));
        let edit = json!({ "id": case, "version": version, "draft": draft });
        let _ = self.ours.ok("case.edit", edit);
    }

    fn they_do(&mut self, question: &Value) -> Value {
        let told = self.theirs.ask(question);
        assert!(told.get("refused").is_none(), "{question}: {told}");
        told
    }

    /// What their desk shows, with the defaults of the fields that nobody wrote.
    fn their_records(&mut self) -> Records {
        let shown = self.they_do(&json!(["shown"]));
        let rows = shown.as_array().unwrap().iter().map(|row| {
            let entity = Entity::from_code(row[0].as_str().unwrap()).unwrap();
            let mut fields = blank(entity).clone();
            fields.extend(row[2].as_object().unwrap().clone());
            ((entity, row[1].as_str().unwrap().parse().unwrap()), fields)
        });
        rows.collect()
    }

    /// Both desks and the server hold the same.
    #[track_caller]
    fn ends_alike(&mut self) {
        let (_, told) = (self.we_sync(), self.they_sync());
        assert_eq!(told["conflicts"], json!([]), "{told}");
        let store = Store::open(self.ours.app.dir()).unwrap();
        let (mut ours, theirs) = (records(&store), self.their_records());
        // Lists that ship are on our desk; the server hears of an entry when somebody changes it.
        ours.retain(|key, _| key.0 != Entity::Kind || theirs.contains_key(key));
        assert!(!ours.is_empty());
        assert!(ours.keys().eq(theirs.keys()), "{ours:?} {theirs:?}");
        for (key, fields) in &ours {
            assert_eq!(&said(fields), &said(&theirs[key]), "{key:?}");
        }
        // Theirs is the server's, see `they_sync`; so ours must be.
        let all = |sums: Vec<u64>| sums.into_iter().fold(0, u64::wrapping_add);
        let sum = all(store.sums().unwrap().into_values().collect());
        assert_eq!(json!(sum), self.they_do(&json!(["sum"])));
    }
}

/// Fields that say something.
fn said(fields: &Fields) -> Fields {
    let said = fields.iter().filter(|(_, value)| !value.is_null());
    said.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

#[test]
fn a_client_written_from_the_document_reads_and_writes_the_golden_frames_and_the_examples() {
    let Some(python) = oracle::python_or_skip() else {
        return;
    };
    let mut theirs = Script::start(&python, "sync_client.py");
    let golden = theirs.ask(&json!(["golden"]));
    assert_eq!(golden, json!({ "frames": 6, "wrong": [] }));
    let examples = theirs.ask(&json!(["examples"]));
    assert_eq!(examples, json!({ "rows": true, "missing": [] }));
}

#[test]
fn a_client_written_from_the_document_and_our_desk_are_two_desks_of_one_office() {
    let Some(python) = oracle::python_or_skip() else {
        return;
    };
    let mut office = Office::open(&python);

    // What we did before they came reaches them in pages of ten.
    let mut cases: Vec<_> = (0..12)
        .map(|each| {
            let note = json!({ "note": format!("บ้านที่ {each}") });
            office.ours.case(&with(a_case(), &note))
        })
        .collect();
    let sent = office.we_sync()["sent"].as_i64().unwrap();
    let told = office.they_do(&json!(["sync", 10]));
    assert_eq!(told["sum_is_equal"], true, "{told}");
    assert!(told["pages"].as_i64().unwrap() >= sent / 10, "{told}");

    // A case of theirs, with its person and a need, reaches us.
    let case = text(&office.they_do(&json!(["case", "450905-69-90001", "น้ำถึงเอว"])));
    assert_eq!(office.they_sync()["held"], json!([]));
    let _ = office.we_sync();
    let shown = office.ours.whole(&case);
    assert_eq!(shown["note"], "น้ำถึงเอว", "{shown}");

    // Both write the same field: who comes second reads the other's value and name, and his other field is taken.
    let first = cases.remove(0);
    office.we_note(&first, "ของเรา");
    let _ = office.we_sync();
    let _ = office.they_do(&json!(["edit", first, "note", "ของเขา"]));
    let _ = office.they_do(&json!(["edit", first, "landmark", "หลังวัด"]));
    let told = office.they_sync();
    assert_eq!(told["conflicts"][0]["field"], "note", "{told}");
    assert_eq!(told["conflicts"][0]["mine"], "ของเขา");
    assert_eq!(told["conflicts"][0]["theirs"], "ของเรา");
    assert!(!text(&told["conflicts"][0]["by"]).is_empty());
    // And the other way round.
    let second = cases.remove(0);
    let _ = office.they_do(&json!(["edit", second, "note", "ของเขา"]));
    let _ = office.they_sync();
    office.we_note(&second, "ของเรา");
    assert_eq!(office.we_sync()["conflicts"], 1);
    office.ends_alike();
}

#[test]
fn a_client_written_from_the_document_stands_what_goes_wrong_on_a_line() {
    let Some(python) = oracle::python_or_skip() else {
        return;
    };
    let mut office = Office::open(&python);
    let case = office.ours.case(&a_case());
    let _ = office.we_sync();
    let _ = office.they_sync();

    // Nothing but the server's word to this very request is taken for it.
    let told = office.they_do(&json!(["tampered"]));
    assert_eq!(told["taken"], json!([]));
    assert_eq!(told["to_another_request"], false);
    assert_eq!(told["packed_anew"], true);

    // The answer is lost, meanwhile we write over it: nothing is doubled, and the later word stands.
    let _ = office.they_do(&json!(["edit", case, "note", "ของเขา"]));
    assert_eq!(office.they_do(&json!(["lost"]))["waiting"], 1);
    let _ = office.we_sync();
    office.we_note(&case, "ของเราภายหลัง");
    let _ = office.we_sync();
    assert_eq!(office.they_sync()["conflicts"], json!([]));
    office.ends_alike();

    // The same batch again: the same answer, and nothing new.
    let _ = office.they_do(&json!(["case", "450905-69-90001", "น้ำถึงเอว"]));
    let _ = office.they_sync();
    let told = office.they_do(&json!(["again"]));
    assert_eq!(
        told,
        json!({ "same_outcomes": true, "outcomes": 3, "unchanged": true })
    );

    // A batch that leaves one out is refused with the number that is missing, and they go back to it.
    let _ = office.they_do(&json!(["case", "450905-69-90002", "น้ำถึงอก"]));
    let told = office.they_do(&json!(["gap"]));
    assert_eq!(told["problem"]["code"], "gap");
    assert_eq!(told["waiting"], 0);
    office.ends_alike();

    // What its disk spoilt is found by the checksums and fetched again.
    let _ = office.they_do(&json!(["damage"]));
    assert_eq!(office.they_do(&json!(["sync"]))["sum_is_equal"], false);
    let told = office.they_do(&json!(["repair"]));
    assert_eq!(told["differ"], json!(["450905"]));
    office.ends_alike();
}

#[test]
fn a_client_written_from_the_document_sends_its_batch_by_file() {
    let Some(python) = oracle::python_or_skip() else {
        return;
    };
    let mut office = Office::open(&python);
    let _ = office.ours.case(&a_case());
    let _ = office.we_sync();
    let file = |name: &str| text(&json!(office.house.path().join(name)));
    let (batch, receipt) = (file("batch"), file("receipt"));
    let capital = office.house.path().join("province");
    let _ = office.they_do(&json!(["case", "450905-69-90001", "น้ำถึงเอว"]));
    assert_eq!(office.they_do(&json!(["write_file", batch]))["changes"], 3);
    for _ in 0..2 {
        let take = ["batch", "take", &batch, "--receipt", &receipt];
        let taken = province(&capital, &take).ended(0);
        assert!(taken.out.contains("3 new"), "{taken:?}");
        let told = office.they_do(&json!(["take_receipt", receipt]));
        assert_eq!(told, json!({ "waiting": 0, "acked": 3 }));
    }
    office.ends_alike();
}

/// From each state of a record the states that are one step on.
fn steps(entity: Entity) -> BTreeMap<&'static str, Vec<&'static str>> {
    let states: Vec<_> = match entity {
        Entity::Need => NeedState::ALL.iter().map(|state| state.code()).collect(),
        Entity::Assignment => AssignmentState::ALL.iter().map(|it| it.code()).collect(),
        Entity::Case => ReviewState::ALL.iter().map(|it| it.code()).collect(),
        _ => Vec::new(),
    };
    let onward = |from: &str| {
        let others = states.iter().filter(|to| **to != from);
        others
            .copied()
            .filter(|to| is_lawful(entity, from, to, false))
            .collect()
    };
    states.iter().map(|from| (*from, onward(from))).collect()
}

#[test]
fn the_list_of_records_that_clients_are_given_is_ours() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/records.json");
    let records = Entity::ALL.iter().map(|entity| {
        let fields = fields_of(*entity).iter().map(|field| {
            let kind = format!("{:?}", field.kind).to_lowercase();
            json!({ "name": field.name, "kind": kind, "default": blank(*entity).get(field.name) })
        });
        json!({
            "entity": entity.code(),
            "fields": fields.collect::<Vec<_>>(),
            "together": jitasa_domain::merge::groups(*entity),
            "steps": steps(*entity),
        })
    });
    let ours = json!({ "fields": fields_covered(), "records": records.collect::<Vec<_>>() });
    if std::env::var_os("JITASA_WRITE_GOLDEN").is_some() {
        std::fs::write(&file, serde_json::to_string_pretty(&ours).unwrap() + "\n").unwrap();
    }
    let told: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(
        told, ours,
        "docs/records.json: JITASA_WRITE_GOLDEN=1 writes it anew"
    );
}
