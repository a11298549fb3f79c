//! What may be typed, what it answers, and what its exit code says.

use std::fs;

use jitasa_tests::{
    lists::{HEADING_SETS, List},
    programs::{Desk, Said, jitasa, province},
};
use serde_json::json;

use crate::{every_case, says_the_same};

#[test]
fn every_heading_of_an_office_is_understood_in_both_encodings() {
    let folder = tempfile::tempdir().unwrap();
    let list = List::made_up("โคกสว่าง", 3, 12);
    for set in 0..HEADING_SETS {
        for (name, bytes) in [
            ("UTF-8 (BOM)", list.utf8(set)),
            ("Windows-874", list.windows_874(set)),
        ] {
            let desk = Desk::init(&folder.path().join(format!("{name}-{set}")), "450905");
            let file = folder.path().join(format!("{name}-{set}.csv"));
            fs::write(&file, bytes).unwrap();
            let report = desk
                .run(&["import", "cases", file.to_str().unwrap(), "--json"])
                .ended(0)
                .json();
            assert_eq!(report["accepted"], 12, "{name}, headings {set}: {report}");
            assert_eq!(report["encoding"], name);
            let unknown: Vec<_> = report["columns"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|column| column["field"].is_null())
                .map(|column| column["heading"].as_str().unwrap())
                .collect();
            // A running number says nothing about a case.
            assert!(unknown.len() <= 1, "{name}, headings {set}: {unknown:?}");
            for (case, row) in every_case(&desk).iter().rev().zip(&list.rows) {
                says_the_same(case, row, "450905");
            }
        }
    }
}

#[test]
fn the_help_of_every_subcommand_is_complete() {
    let help = jitasa(&["--help"]).ended(0).out;
    for subcommand in [
        "init", "call", "import", "export", "enrol", "sync", "doctor",
    ] {
        let line = help
            .lines()
            .find(|line| line.trim_start().starts_with(subcommand))
            .unwrap();
        assert!(
            line.trim().len() > subcommand.len() + 10,
            "says what it does: {line}"
        );
        let own = jitasa(&[subcommand, "--help"]).ended(0).out;
        assert!(
            own.contains(&format!("Usage: jitasa {subcommand}")),
            "{own}"
        );
        assert!(own.contains("--data"), "{own}");
        every_argument_is_explained(&own);
        assert!(!jitasa(&[subcommand, "--version"]).ended(0).out.is_empty());
    }
    for code in 0..4 {
        assert!(
            help.contains(&format!("\n  {code}  ")),
            "exit code {code} is explained"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    for subcommand in ["serve", "enrol", "offices", "revoke"] {
        let own = province(folder.path(), &[subcommand, "--help"])
            .ended(0)
            .out;
        every_argument_is_explained(&own);
    }
}

/// Each option and argument of a help text is followed by words about it.
fn every_argument_is_explained(help: &str) {
    let lines: Vec<&str> = help.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let names = ["--", "-h", "-V", "<", "["]
            .iter()
            .any(|start| trimmed.starts_with(start));
        if !line.starts_with("  ")
            || !names
            || trimmed.starts_with("[env")
            || trimmed.starts_with("[default")
        {
            continue;
        }
        let beside = trimmed.split_once("  ").map(|(_, words)| words.trim());
        let below = lines.get(at + 1).map(|next| next.trim());
        let words = beside
            .filter(|words| !words.is_empty())
            .or(below)
            .unwrap_or_default();
        assert!(words.len() > 5, "{trimmed} is not explained in:\n{help}");
    }
}

#[test]
fn the_commands_are_listed_with_what_each_does() {
    let list = jitasa(&["call", "--list"]).ended(0).out;
    assert_eq!(list.lines().count(), jitasa_app::COMMANDS.len());
    for (line, command) in list.lines().zip(jitasa_app::COMMANDS) {
        assert!(
            line.starts_with(command.name) && line.ends_with(command.doc.trim()),
            "{line}"
        );
    }
}

#[test]
fn the_exit_code_says_how_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::at(&folder.path().join("desk"));
    let json_refusal = |said: Said, code: &str| {
        let refusal = said.ended(1).json();
        assert_eq!(refusal["code"], code, "{refusal}");
        assert!(is_thai(refusal["message"].as_str().unwrap()), "{refusal}");
        assert!(refusal["details"].is_object(), "{refusal}");
    };

    // 2: not understood. Nothing has been made by asking.
    for wrong in [
        &[][..],
        &["init"],
        &["fly"],
        &["import", "cats", "a.csv"],
        &["export", "cases"],
    ] {
        let said = desk.run(wrong).ended(2);
        assert!(said.out.is_empty() && !said.err.is_empty(), "{said:?}");
    }
    assert_eq!(jitasa(&["doctor"]).code, 2, "a desk must be named");
    assert_eq!(desk.run(&["call", "case.list", "{not json"]).code, 2);
    assert!(!folder.path().join("desk").join("store.db").exists());

    // 1: refused, with a code and a reason in Thai.
    json_refusal(desk.call("case.list", &json!({})), "not_set_up");
    assert!(is_thai(&desk.run(&["sync"]).ended(1).err));

    // 0: done.
    let _ = desk
        .run(&["init", "--office", "450905", "--name", "อบต.โคกสว่าง"])
        .ended(0);
    assert_eq!(
        desk.answer("status.get", &json!({}))["office"]["name"],
        "อบต.โคกสว่าง"
    );
    assert!(
        is_thai(&desk.run(&["init", "--office", "450905"]).ended(1).err),
        "an office is there"
    );
    json_refusal(desk.call("case.fly", &json!({})), "command_unknown");
    json_refusal(
        desk.call("case.get", &json!({ "id": "450905-69-99999" })),
        "not_found",
    );
    json_refusal(
        desk.call("case.list", &json!({ "limt": 5 })),
        "request_unreadable",
    );
    json_refusal(desk.call("sync.now", &json!({})), "sync_not_enrolled");
    assert!(is_thai(
        &desk.run(&["import", "cases", "nowhere.csv"]).ended(1).err
    ));
    let _ = desk.run(&["doctor"]).ended(0);

    // 3: done, and somebody must look.
    let file = folder.path().join("list.csv");
    fs::write(&file, "ชื่อ,หมู่ที่,ความต้องการ\nสมชาย,5,ยา\n,5,ยา\n").unwrap();
    let said = desk
        .run(&["import", "cases", file.to_str().unwrap()])
        .ended(3);
    assert!(said.out.contains("แถวที่ 3"), "{said:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let key = desk.folder().join("store.key");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
        let report = desk.run(&["doctor", "--json"]).ended(3).json();
        assert!(
            report.to_string().contains("key_readable_by_others"),
            "{report}"
        );
    }
}

fn is_thai(text: &str) -> bool {
    text.chars()
        .any(|letter| ('\u{0E01}'..='\u{0E5B}').contains(&letter))
}
