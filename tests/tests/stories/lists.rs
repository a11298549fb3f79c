//! An import is one act: it shows as one, and is taken back as one.

use base64::Engine as _;
use jitasa_tests::{
    desk::{StoryDesk, a_case},
    lists::List,
};
use serde_json::{Value, json};

fn import(desk: &StoryDesk, bytes: &[u8]) -> Value {
    desk.ok(
        "import.run",
        json!({
            "kind": "cases", "file_name": "รายชื่อ.csv",
            "bytes_base64": base64::engine::general_purpose::STANDARD.encode(bytes),
        }),
    )
}

fn total(desk: &StoryDesk) -> Value {
    desk.ok("case.list", json!({ "filter": { "all_states": true } }))["total"].clone()
}

/// Ten people, all of หมู่ that [`StoryDesk::office`] knows.
fn ten() -> List {
    let mut list = List::made_up("โคกสว่าง", 9, 10);
    for (row, moo) in list.rows.iter_mut().zip([1, 5, 9].into_iter().cycle()) {
        row.moo = moo;
    }
    list
}

#[test]
fn an_import_is_taken_back_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 1);
    let own = desk.case(&a_case());
    let bytes = ten().utf8(0);
    let report = import(&desk, &bytes);
    assert_eq!(
        (&report["stored"], total(&desk)),
        (&json!(true), json!(11)),
        "{report}"
    );
    let acted = report["act"].clone();
    assert_eq!(
        desk.ok("status.get", json!({}))["undo"]["action"],
        acted["action"]
    );
    let _ = desk.undo(&acted);
    assert_eq!(total(&desk), 1);
    assert_eq!(desk.whole(&own)["state"], "reported");
    for row in &ten().rows {
        let text = format!("{} {}", row.given, row.family);
        let hits = desk.ok("search.find", json!({ "text": text }))["hits"].clone();
        let others = hits
            .as_array()
            .unwrap()
            .iter()
            .filter(|hit| hit["id"] != own.as_str());
        assert_eq!(others.count(), 0, "{text}: {hits}");
    }
    // After it was taken back, the same file may come again.
    let again = import(&desk, &bytes);
    assert_eq!(
        (&again["stored"], &again["imported_before_at"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(total(&desk), 11);
}

#[test]
fn an_import_that_was_worked_on_stays_whole() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 2);
    let report = import(&desk, &ten().windows_874(2));
    let list = desk.ok("case.list", json!({}));
    let touched = list["rows"][4]["id"].clone();
    let _ = desk.ok(
        "case.place",
        json!({ "id": touched, "lat": 16.31, "lon": 104.21 }),
    );
    let refused = desk.refused("undo.run", json!({ "act_id": report["act"]["act_id"] }));
    assert_eq!(refused.code, "undo_touched_since");
    assert_eq!(total(&desk), 10, "all or nothing");
}

#[test]
fn columns_of_the_list_of_cases_are_each_persons_own() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 3);
    let settings = || desk.ok("settings.get", json!({}));
    let chosen = |columns: Value| {
        let mut settings = settings();
        settings["case_columns"] = columns;
        settings
    };
    assert_eq!(settings()["case_columns"], json!([]));
    let his = json!(["score", "number", "name"]);
    let saved = desk.ok("settings.save", chosen(his.clone()));
    assert_eq!(saved["case_columns"], his);
    desk.sit_down("supervisor");
    assert_eq!(settings()["case_columns"], json!([]));
    desk.sit_down("clerk");
    assert_eq!(settings()["case_columns"], his);
    for wrong in ["", "Score", "a,b", "คะแนน"] {
        let refused = desk.refused("settings.save", chosen(json!([wrong])));
        assert_eq!(refused.code, "code_unknown", "{wrong}");
    }
    assert_eq!(settings()["case_columns"], his);
    let _ = desk.ok("settings.save", chosen(json!([])));
    assert_eq!(settings()["case_columns"], json!([]));
}
