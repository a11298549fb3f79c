//! `jitasa enrol`, `jitasa sync` and `jitasa batch`.

use std::{fs, path::Path};

use jitasa_app::{ApiError, App};
use serde_json::{Value, json};

use crate::arguments::{Batch, BatchWay, Enrol, Sync};
use crate::{Exit, Outcome, Streams};

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

pub(crate) fn enrol(app: &App, line: &Enrol, streams: &mut Streams<'_>) -> Outcome {
    if let Some(file) = &line.request {
        let written = app.call("sync.enrol_request", json!({ "path": text(file) }))?;
        let words: Vec<_> = written["words"]
            .as_array()
            .map(|words| words.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let _ = writeln!(
            streams.out,
            "เขียนคำขอแล้ว: {}\nคำยืนยันเครื่องนี้: {}",
            file.display(),
            words.join(" ")
        );
        return Ok(Exit::Done);
    }
    let status = match (&line.bundle, &line.server) {
        (Some(file), _) => app.call("sync.enrol_file", json!({ "path": text(file) }))?,
        (None, server) => {
            let root = match &line.root {
                Some(file) => {
                    Some(fs::read_to_string(file).map_err(|_| ApiError::new("file_not_read"))?)
                }
                None => None,
            };
            let code = line.code.as_deref().unwrap_or_default().trim();
            app.call(
                "sync.enrol",
                json!({ "server_url": server, "code": code, "root_certificate": root }),
            )?
        }
    };
    let server = status["server_url"].as_str().unwrap_or("-");
    let _ = writeln!(streams.out, "ลงทะเบียนกับเซิร์ฟเวอร์จังหวัดแล้ว: {server}");
    Ok(Exit::Done)
}

pub(crate) fn sync(app: &App, line: Sync, streams: &mut Streams<'_>) -> Outcome {
    let receipt = app.call("sync.now", json!({}))?;
    Ok(tell_receipt(&receipt, line.json, streams))
}

pub(crate) fn batch(app: &App, line: &Batch, streams: &mut Streams<'_>) -> Outcome {
    match &line.way {
        BatchWay::Write { file, json } => {
            let written = app.call("sync.batch_write", json!({ "path": text(file) }))?;
            if *json {
                let _ = writeln!(streams.out, "{written}");
            } else {
                let _ = writeln!(
                    streams.out,
                    "เขียนไฟล์แล้ว: {} · {} รายการ · เหลือรออีก {}",
                    file.display(),
                    written["changes"],
                    written["left"]
                );
            }
            Ok(Exit::Done)
        }
        BatchWay::Receipt { file, json } => {
            let receipt = app.call("sync.batch_receipt", json!({ "path": text(file) }))?;
            Ok(tell_receipt(&receipt, *json, streams))
        }
    }
}

fn tell_receipt(receipt: &Value, as_json: bool, streams: &mut Streams<'_>) -> Exit {
    let count = |name: &str| receipt[name].as_i64().unwrap_or_default();
    if as_json {
        let _ = writeln!(streams.out, "{receipt}");
    } else {
        let _ = writeln!(
            streams.out,
            "ส่ง {} · ใหม่ {} · รวมเข้ากัน {} · ขัดกัน {} · พักไว้ {} · รับมา {} · รอส่ง {}",
            count("sent"),
            count("new"),
            count("merged"),
            count("conflicts"),
            count("held"),
            count("received"),
            count("pending"),
        );
    }
    if count("conflicts") + count("held") > 0 {
        Exit::NeedsPerson
    } else {
        Exit::Done
    }
}
