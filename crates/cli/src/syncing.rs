//! `jitasa enrol` and `jitasa sync`.

use jitasa_app::App;
use serde_json::json;

use crate::arguments::{Enrol, Sync};
use crate::{Exit, Outcome, Streams};

pub(crate) fn enrol(app: &App, line: &Enrol, streams: &mut Streams<'_>) -> Outcome {
    let status = app.call(
        "sync.enrol",
        json!({ "server_url": line.server, "code": line.code.trim() }),
    )?;
    let server = status["server_url"].as_str().unwrap_or(&line.server);
    let _ = writeln!(streams.out, "ลงทะเบียนกับเซิร์ฟเวอร์จังหวัดแล้ว: {server}");
    Ok(Exit::Done)
}

pub(crate) fn sync(app: &App, line: Sync, streams: &mut Streams<'_>) -> Outcome {
    let receipt = app.call("sync.now", json!({}))?;
    let count = |name: &str| receipt[name].as_i64().unwrap_or_default();
    if line.json {
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
    let needs_person = count("conflicts") + count("held") > 0;
    Ok(if needs_person {
        Exit::NeedsPerson
    } else {
        Exit::Done
    })
}
