//! What is done while a write is refused: each a whole process with an end.

use std::fs;

use jitasa_tests::lists::List;
use serde_json::json;

use super::scene::{Scene, key};
use crate::{
    Outcome,
    names::{OFFICE, marked_case},
};

/// One deed of a program.
pub(super) struct Deed {
    pub(super) name: &'static str,
    pub(super) program: &'static str,
    /// What is made ready before.
    pub(super) prepare: fn(&Scene) -> Outcome<()>,
    pub(super) arguments: fn(&Scene) -> Vec<String>,
    /// Whether what it acknowledges is there.
    pub(super) done: fn(&Scene) -> Outcome<bool>,
    /// How many cases there are more, once it is done.
    pub(super) adds: usize,
}

/// The server under a line: it has no end of its own, a desk's exchange is the deed.
pub(super) const SERVES: &str = "serves";

const NEW: usize = 9;
const LISTED: usize = 20;

pub(super) const DEEDS: &[Deed] = &[
    Deed {
        name: "case-saved",
        program: "jitasa",
        prepare: nothing,
        arguments: |scene| {
            let draft = marked_case("ที่ใหม่", &key(NEW)).to_string();
            desk(scene, &["call", "case.create", &draft])
        },
        done: |scene| {
            Ok(scene
                .ask("desk", "case.get", json!({ "id": key(NEW) }))
                .is_ok())
        },
        adds: 1,
    },
    Deed {
        name: "case-corrected",
        program: "jitasa",
        prepare: nothing,
        arguments: |scene| {
            let mut draft = marked_case("ที่ 2", &key(2));
            draft["note"] = json!("น้ำลดแล้ว");
            // As it was recorded: nobody has written it since.
            let edit = json!({ "id": key(2), "version": 1, "draft": draft }).to_string();
            desk(scene, &["call", "case.edit", &edit])
        },
        done: |scene| {
            let case = scene.ask("desk", "case.get", json!({ "id": key(2) }))?;
            Ok(case["note"] == "น้ำลดแล้ว")
        },
        adds: 0,
    },
    Deed {
        name: "list-read-in",
        program: "jitasa",
        prepare: |scene| {
            let list = List::made_up("โคกสว่าง", 1, LISTED);
            Ok(fs::write(scene.at("list.csv"), list.utf8(0))?)
        },
        arguments: |scene| {
            let list = scene.text("list.csv");
            desk(scene, &["import", "cases", &list, "--accept-valid"])
        },
        done: |scene| scene.has_cases("desk", 3 + LISTED),
        adds: LISTED,
    },
    Deed {
        name: "office-opened",
        program: "jitasa",
        prepare: nothing,
        arguments: |scene| {
            let folder = scene.text("new");
            strings(&["--data", &folder, "init", "--office", OFFICE])
        },
        done: |scene| {
            let status = scene.ask("new", "status.get", json!({}))?;
            Ok(status["office"]["code"] == OFFICE)
        },
        adds: 0,
    },
    Deed {
        name: "report-written",
        program: "jitasa",
        prepare: nothing,
        arguments: |scene| {
            let out = scene.text("report.csv");
            desk(scene, &["export", "cases", "--out", &out])
        },
        done: |scene| {
            let text = fs::read_to_string(scene.at("report.csv")).unwrap_or_default();
            Ok(text.lines().count() == 4)
        },
        adds: 0,
    },
    Deed {
        name: "batch-written",
        program: "jitasa",
        prepare: nothing,
        arguments: |scene| {
            let file = scene.text("desk.batch");
            desk(scene, &["batch", "write", &file])
        },
        done: |scene| {
            // The province would take it: on a copy of nothing, that it can be read is enough.
            let Ok(bytes) = fs::read(scene.at("desk.batch")) else {
                return Ok(false);
            };
            let taken = scene.province()?.take(&bytes, jitasa_server::clock::now());
            Ok(taken.is_ok_and(|answered| !answered.answer.outcomes.is_empty()))
        },
        adds: 0,
    },
    Deed {
        name: "batch-taken",
        program: "jitasa-province",
        prepare: written,
        arguments: |scene| {
            let (file, receipt) = (scene.text("desk.batch"), scene.text("desk.receipt"));
            province(scene, &["batch", "take", &file, "--receipt", &receipt])
        },
        // Taken in at the desk, it leaves nothing that waits: looked at where everything converges.
        done: |scene| Ok(scene.at("desk.receipt").is_file()),
        adds: 0,
    },
    Deed {
        name: "receipt-taken-in",
        program: "jitasa",
        prepare: |scene| {
            written(scene)?;
            let bytes = fs::read(scene.at("desk.batch"))?;
            let answered = scene
                .province()?
                .take(&bytes, jitasa_server::clock::now())
                .map_err(|refusal| format!("{refusal:?}"))?;
            Ok(fs::write(scene.at("desk.receipt"), &answered.frame)?)
        },
        arguments: |scene| {
            let receipt = scene.text("desk.receipt");
            desk(scene, &["batch", "receipt", &receipt])
        },
        done: |scene| Ok(scene.waiting("desk")? == 0 && scene.has_cases("desk", 5)?),
        adds: 0,
    },
    Deed {
        name: SERVES,
        program: "jitasa-province",
        prepare: nothing,
        arguments: |scene| province(scene, &["serve", "--listen", &scene.address()]),
        done: |scene| Ok(scene.waiting("desk")? == 0 && scene.has_cases("desk", 5)?),
        adds: 0,
    },
    Deed {
        name: "office-let-in",
        program: "jitasa-province",
        prepare: nothing,
        arguments: |scene| province(scene, &["enrol", "--office", "450909"]),
        done: |_| Ok(true),
        adds: 0,
    },
    Deed {
        name: "backup-made",
        program: "jitasa-province",
        prepare: nothing,
        arguments: |scene| {
            let file = scene.text("backup.db");
            province(scene, &["backup", &file])
        },
        done: |scene| Ok(jitasa_server::backup::verify(&scene.at("backup.db")).is_ok()),
        adds: 0,
    },
];

fn nothing(_: &Scene) -> Outcome<()> {
    Ok(())
}

fn written(scene: &Scene) -> Outcome<()> {
    let file = json!({ "path": scene.text("desk.batch") });
    scene.ask("desk", "sync.batch_write", file).map(drop)
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

fn desk(scene: &Scene, words: &[&str]) -> Vec<String> {
    [&["--data", &scene.text("desk")], words]
        .concat()
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn province(scene: &Scene, words: &[&str]) -> Vec<String> {
    [&["--data", &scene.text("province")], words]
        .concat()
        .iter()
        .map(ToString::to_string)
        .collect()
}
