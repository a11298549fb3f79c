//! A store that does not open is shown, left byte for byte as it is, and never replaced.

use std::{fs, path::Path};

use jitasa_tests::desk::{StoryDesk, a_case};
use serde_json::{Value, json};

/// A desk's files with a few cases in them, closed.
fn a_closed_desk(folder: &Path) -> Vec<u8> {
    let desk = StoryDesk::office(folder, 1);
    for _ in 0..40 {
        let _ = desk.case(&a_case());
    }
    drop(desk);
    assert!(
        !folder.join("store.db-wal").exists(),
        "a closed store lies in one file"
    );
    fs::read(folder.join("store.db")).unwrap()
}

/// Opens the folder and sees that the desk says `code`, does nothing, and leaves every file alone.
#[track_caller]
fn is_shown_and_left_alone(folder: &Path, codes: &[&str]) {
    let before = files(folder);
    let desk = StoryDesk::open(folder, 2);
    let status = desk.ok("status.get", json!({}));
    let code = status["store_problem"]
        .as_str()
        .unwrap_or_else(|| panic!("opened: {status}"));
    assert!(codes.contains(&code), "{code} is none of {codes:?}");
    assert_eq!(
        status["needs_setup"], false,
        "nobody is asked to begin anew"
    );
    assert_eq!(status["office"], Value::Null);
    for (command, request) in [
        (
            "setup.start",
            json!({ "mode": "office", "office_code": "450905" }),
        ),
        ("setup.start", json!({ "mode": "practice" })),
        ("case.create", a_case()),
        ("case.list", json!({})),
        ("sync.now", json!({})),
        ("draft.save", json!({ "key": "case.new", "body": "{}" })),
    ] {
        let refused = desk.refused(command, request);
        assert_eq!(refused.code, code, "{command}");
        assert!(
            !jitasa_app::message(&refused).contains("(รหัส"),
            "{code} has no words"
        );
    }
    let report = desk.ok("doctor.run", json!({}));
    assert_eq!(
        (&report["ok"], &report["findings"][0]["code"]),
        (&json!(false), &json!(code))
    );
    drop(desk);
    let after = files(folder);
    assert!(
        before == after,
        "a file of a store that does not open has changed"
    );
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
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

#[test]
fn a_damaged_store_is_shown_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let desk = folder.path();
    let whole = a_closed_desk(desk);
    let store = desk.join("store.db");
    let shown = ["store_unreadable", "store_damaged"];

    // A bit of the first page, a page of zeros, half the file, a letter, nothing at all, other text.
    let mut flipped = whole.clone();
    flipped[2_000] ^= 1;
    let mut zeroed = whole.clone();
    zeroed[..4_096].fill(0);
    let text = "รายงานประจำวัน\n".repeat(500).into_bytes();
    for (what, bytes) in [
        ("a flipped bit", &flipped[..]),
        ("a page of zeros", &zeroed),
        ("half a page", &whole[..2_048]),
        ("one byte", &whole[..1]),
        ("no byte", &[]),
        ("another file", &text),
    ] {
        println!("{what}");
        fs::write(&store, bytes).unwrap();
        is_shown_and_left_alone(desk, &shown);
    }

    // Put back, everything is there.
    fs::write(&store, &whole).unwrap();
    let again = StoryDesk::open(desk, 3);
    assert_eq!(again.ok("case.list", json!({}))["total"], 40);
}

#[test]
fn damage_deep_in_the_file_is_found_and_is_never_shown_as_data() {
    let folder = tempfile::tempdir().unwrap();
    let whole = a_closed_desk(folder.path());
    let store = folder.path().join("store.db");
    let pages = whole.len() / 4_096;
    let right = StoryDesk::open(folder.path(), 2).ok("case.list", json!({ "limit": 500 }));
    for page in (1..pages).step_by(pages / 12 + 1) {
        let mut bytes = whole.clone();
        bytes[page * 4_096 + 1_234] ^= 0x40;
        fs::write(&store, &bytes).unwrap();
        let desk = StoryDesk::open(folder.path(), 2);
        let report = desk.app.call("doctor.run", json!({}));
        let fine = report.as_ref().is_ok_and(|report| report["ok"] == true);
        assert!(
            !fine,
            "page {page} is damaged and the doctor says {report:?}"
        );
        if let Ok(list) = desk.app.call("case.list", json!({ "limit": 500 })) {
            assert_eq!(list, right, "page {page}: damage was shown as data");
        }
        drop(desk);
        assert!(
            fs::read(&store).unwrap() == bytes,
            "page {page}: looking has changed the file"
        );
    }
}

#[test]
fn the_doctor_finds_nothing_wrong_while_people_work() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 5);
    for _ in 0..4 {
        let _ = desk.ok("search.find", json!({ "text": "สมชาย" }));
        let _ = desk.case(&a_case());
        let report = desk.ok("doctor.run", json!({}));
        assert_eq!(report["ok"], true, "{report}");
    }
}

#[test]
fn a_store_without_its_key_or_with_another_is_shown_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let desk = folder.path();
    let _ = a_closed_desk(desk);
    let key = desk.join("store.key");
    let right = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    is_shown_and_left_alone(desk, &["store_key_missing"]);
    for damaged in ["", "not a key", "zz"] {
        fs::write(&key, damaged).unwrap();
        is_shown_and_left_alone(desk, &["store_key_damaged"]);
    }
    fs::write(&key, "ab".repeat(32)).unwrap();
    is_shown_and_left_alone(desk, &["store_unreadable"]);
    fs::write(&key, right).unwrap();
    assert_eq!(
        StoryDesk::open(desk, 2).ok("case.list", json!({}))["total"],
        40
    );
}

/// Runs SQL on a closed store, as a later version of the program might leave it.
fn later(folder: &Path, sql: &str) {
    use jitasa_sqlite3mc as _;
    let key = fs::read_to_string(folder.join("store.key")).unwrap();
    let conn = rusqlite::Connection::open(folder.join("store.db")).unwrap();
    let unlock = format!("PRAGMA cipher = 'chacha20'; PRAGMA key = 'raw:{key}';");
    conn.execute_batch(&unlock).unwrap();
    conn.execute_batch(sql).unwrap();
}

#[test]
fn a_store_of_a_later_program_is_refused_untouched_unless_it_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let desk = folder.path();
    let _ = a_closed_desk(desk);
    later(
        desk,
        "UPDATE meta SET value = '4' WHERE key = 'readable_from'; PRAGMA user_version = 4;",
    );
    is_shown_and_left_alone(desk, &["store_too_new"]);
    // The file itself says which older program may still open it.
    later(
        desk,
        "UPDATE meta SET value = '3' WHERE key = 'readable_from';",
    );
    let opened = StoryDesk::open(desk, 2);
    assert_eq!(
        opened.ok("status.get", json!({}))["store_problem"],
        Value::Null
    );
    assert_eq!(opened.ok("case.list", json!({}))["total"], 40);
    drop(opened);
    later(desk, "DELETE FROM meta WHERE key = 'readable_from';");
    is_shown_and_left_alone(desk, &["store_too_new"]);
}

#[test]
fn a_store_of_nobodys_program_is_not_taken_for_ours() {
    let folder = tempfile::tempdir().unwrap();
    let desk = folder.path();
    let _ = a_closed_desk(desk);
    // A plain SQLite file of another program where ours should be.
    let store = desk.join("store.db");
    fs::remove_file(&store).unwrap();
    let other = rusqlite::Connection::open(&store).unwrap();
    other
        .execute_batch("CREATE TABLE notes (text); INSERT INTO notes VALUES ('บันทึก');")
        .unwrap();
    drop(other);
    is_shown_and_left_alone(desk, &["store_unreadable", "store_damaged"]);
}
