//! Text being typed is there after a crash: whatever was on the disk when the power went is opened.

use std::{fs, path::Path};

use jitasa_tests::desk::{StoryDesk, a_case};
use serde_json::{Value, json};

/// The files of a desk as they lie on the disk this moment, as after a power cut.
fn copy_of(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap().flatten() {
        // The shared memory of a program that is gone is never there after a power cut.
        if !file.file_name().to_string_lossy().ends_with("-shm") {
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}

#[test]
fn a_draft_and_what_was_saved_survive_a_power_cut() {
    let folder = tempfile::tempdir().unwrap();
    let (living, after) = (folder.path().join("living"), folder.path().join("after"));
    let desk = StoryDesk::office(&living, 1);
    let id = desk.case(&a_case());
    let body = r#"{"given_name":"สมหญิง","note":"กำลังพิมพ์อยู่"}"#;
    for typed in ["{\"given_name\":\"สม\"}", body] {
        let _ = desk.ok("draft.save", json!({ "key": "case.new", "body": typed }));
    }
    // The store is open and not closed.
    copy_of(&living, &after);
    let again = StoryDesk::open(&after, 2);
    let draft = again.ok("draft.get", json!({ "key": "case.new" }))["draft"].clone();
    assert_eq!(draft["body"], body);
    assert_eq!(draft["saved_at"], jitasa_tests::desk::MORNING.0);
    assert_eq!(again.whole(&id)["number"], "450905-69-00001");
    assert_eq!(again.ok("doctor.run", json!({}))["ok"], true);
    drop(again);
    drop(desk);
    let same = StoryDesk::open(&living, 3);
    assert_eq!(
        same.ok("draft.get", json!({ "key": "case.new" }))["draft"]["body"],
        body
    );
    let _ = same.ok("draft.discard", json!({ "key": "case.new" }));
    assert_eq!(
        same.ok("draft.get", json!({ "key": "case.new" }))["draft"],
        Value::Null
    );
}

#[test]
fn a_draft_belongs_to_who_typed_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 1);
    let body = r#"{"note":"ของเสมียน"}"#;
    let _ = desk.ok("draft.save", json!({ "key": "case.new", "body": body }));
    desk.sit_down("headman");
    assert_eq!(
        desk.ok("draft.get", json!({ "key": "case.new" }))["draft"],
        Value::Null
    );
    // His own under the same name does not push the clerk's out.
    let _ = desk.ok("draft.save", json!({ "key": "case.new", "body": "{}" }));
    let _ = desk.ok("draft.discard", json!({ "key": "case.new" }));
    desk.sit_down("clerk");
    assert_eq!(
        desk.ok("draft.get", json!({ "key": "case.new" }))["draft"]["body"],
        body
    );
    let long = "ก".repeat(1 << 20);
    let refused = desk.refused("draft.save", json!({ "key": "case.new", "body": long }));
    assert_eq!(refused.code, "text_too_long");
}
