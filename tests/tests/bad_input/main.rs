//! What offices hand in that cannot be right: a reason in Thai each time, nothing half-applied, and
//! the desk as good as before.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod forms;
mod lists;
mod servers;
mod sync;

use std::{fs, path::Path};

use jitasa_tests::programs::Desk;
use serde_json::{Value, json};

/// Whether a text has Thai letters.
pub(crate) fn is_thai(text: &str) -> bool {
    text.chars()
        .any(|letter| ('\u{0E01}'..='\u{0E5B}').contains(&letter))
}

/// A refusal has words of its own, in Thai, and not only "it failed".
#[track_caller]
pub(crate) fn has_words(code: &str, message: &str) {
    assert!(is_thai(message), "{code}: {message}");
    assert!(
        !message.contains("(รหัส"),
        "{code} has no words of its own: {message}"
    );
    assert!(
        !message.contains('{'),
        "{code}: a detail is missing in: {message}"
    );
}

/// All that a desk has on the disk, byte for byte.
pub(crate) fn bytes_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|file| {
            (
                file.file_name().into_string().unwrap(),
                fs::read(file.path()).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

/// Runs something and sees that no byte of the desk has changed.
#[track_caller]
pub(crate) fn unchanged<T>(desk: &Desk, what: impl FnOnce() -> T) -> T {
    let before = bytes_of(desk.folder());
    let answer = what();
    let after = bytes_of(desk.folder());
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&before), names(&after));
    assert!(before == after, "a file of the desk has changed");
    answer
}

/// How many cases a desk holds, closed ones too.
#[track_caller]
pub(crate) fn total(desk: &Desk) -> Value {
    desk.answer("case.list", &json!({ "filter": { "all_states": true } }))["total"].clone()
}

#[test]
fn a_wrong_office_code_is_refused_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::at(&folder.path().join("desk"));
    // No such subdistrict, a province, no such province, too short, too long, words, nothing.
    for code in [
        "450999",
        "45",
        "990101",
        "45090",
        "45090501",
        "โคกสว่าง",
        "",
        " ",
        "-450905",
    ] {
        let said = desk.run(&[
            &format!("--data={}", desk.folder().display()),
            "init",
            &format!("--office={code}"),
        ]);
        assert!(matches!(said.code, 1 | 2), "{code}: {said:?}");
        if said.code == 1 {
            has_words(code, &said.err);
        }
        assert!(
            !desk.folder().join("store.db").exists(),
            "{code} made a store"
        );
    }
    // A code that was abolished names its successor's place in the refusal.
    let refused = desk
        .call(
            "setup.start",
            &json!({ "mode": "office", "office_code": "100205" }),
        )
        .ended(1)
        .json();
    assert_eq!(
        (&refused["code"], &refused["details"]["successors"]),
        (&json!("office_unknown"), &json!("102901"))
    );
    assert!(!desk.folder().join("store.db").exists());
    // Thai digits are the same code.
    let _ = desk.run(&["init", "--office", "๔๕๐๙๐๕"]).ended(0);
    assert_eq!(
        desk.answer("status.get", &json!({}))["office"]["code"],
        "450905"
    );
}

#[test]
fn an_office_is_never_opened_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::init(&folder.path().join("desk"), "450905");
    unchanged(&desk, || {
        for again in [&["init", "--office", "450909"][..], &["init", "--practice"]] {
            has_words("store_exists", &desk.run(again).ended(1).err);
        }
    });
}
