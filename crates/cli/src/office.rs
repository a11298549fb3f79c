//! `jitasa init` and `jitasa doctor`.

use jitasa_app::{App, practice};
use serde_json::{Value, json};

use crate::arguments::{Doctor, Init};
use crate::{Exit, Failure, Outcome, Streams};

pub(crate) fn init(app: &App, line: &Init, streams: &mut Streams<'_>) -> Outcome {
    match (&line.office, line.practice) {
        (Some(code), true) if *code != practice_office(line) => {
            let made_for = practice_office(line);
            return Err(Failure::Usage(format!(
                "this practice data is of office {made_for}"
            )));
        }
        (_, true) => app.init_practice(line.size.code(), line.seed)?,
        (Some(code), false) => app.init_office(code, line.name.as_deref())?,
        (None, false) => return Err(Failure::Usage("--office CODE or --practice?".into())),
    }
    let status = app.call("status.get", json!({}))?;
    let office = &status["office"];
    let word = |name: &str| office[name].as_str().unwrap_or_default();
    let made_up = if line.practice {
        " (ฝึกใช้งาน ข้อมูลสมมติ)"
    } else {
        ""
    };
    let _ = writeln!(
        streams.out,
        "เปิดหน่วยงานแล้ว: {} {}{made_up}",
        word("code"),
        word("name")
    );
    Ok(Exit::Done)
}

pub(crate) fn doctor(app: &App, line: Doctor, streams: &mut Streams<'_>) -> Outcome {
    let report = app.call("doctor.run", json!({}))?;
    if line.json {
        let _ = writeln!(streams.out, "{report}");
    } else {
        for finding in report["findings"].as_array().map_or(&[][..], Vec::as_slice) {
            let _ = writeln!(streams.out, "{}", words(finding));
        }
    }
    let ok = report["ok"] == Value::Bool(true);
    Ok(if ok { Exit::Done } else { Exit::NeedsPerson })
}

/// Whose made-up people and cases these are.
fn practice_office(line: &Init) -> String {
    practice::Size::from_code(line.size.code())
        .map(|size| practice::office_of(size).code.to_string())
        .unwrap_or_default()
}

/// One finding as a line: what it is worth, its code, what it is about.
fn words(finding: &Value) -> String {
    let level = match finding["level"].as_str() {
        Some("ok") => "ปกติ",
        Some("note") => "ควรรู้",
        _ => "ต้องแก้",
    };
    let details: Vec<&str> = finding["details"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let code = finding["code"].as_str().unwrap_or_default();
    format!("{level:<8} {code}  {}", details.join(" "))
        .trim_end()
        .to_owned()
}
