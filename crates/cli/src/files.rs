//! `jitasa import` and `jitasa export`.

use std::path::Path;

use jitasa_app::{ApiError, App};
use serde_json::{Map, Value, json};

use crate::arguments::{Export, Import};
use crate::{Exit, Failure, Outcome, Streams};

/// More lines than this nobody reads in a terminal; `--json` has them all.
const PROBLEMS_SHOWN_MAX: usize = 50;

pub(crate) fn import(app: &App, line: &Import, streams: &mut Streams<'_>) -> Outcome {
    let report = app.call(
        "import.run",
        json!({
            "kind": line.kind.code(),
            "path": text_of(&line.file)?,
            "file_name": null,
            "bytes_base64": null,
            "dry_run": line.dry_run,
            "accept_valid": line.accept_valid,
        }),
    )?;
    if line.json {
        let _ = writeln!(streams.out, "{report}");
    } else {
        let _ = streams.out.write_all(summary(&report).as_bytes());
    }
    Ok(if number(&report, "set_aside") > 0 {
        Exit::NeedsPerson
    } else {
        Exit::Done
    })
}

/// What was read and what became of it, for a person.
fn summary(report: &Value) -> String {
    let mut lines = vec![format!(
        "อ่าน {} แถว · ใช้ได้ {} · ต้องแก้ {}",
        number(report, "rows"),
        number(report, "accepted"),
        number(report, "set_aside"),
    )];
    let problems = report["problems"].as_array().map_or(&[][..], Vec::as_slice);
    for problem in problems.iter().take(PROBLEMS_SHOWN_MAX) {
        let column = problem["column"].as_str().unwrap_or_default();
        let message = problem["message"].as_str().unwrap_or_default();
        let column = if column.is_empty() {
            String::new()
        } else {
            format!(" ช่อง “{column}”")
        };
        lines.push(format!(
            "  แถวที่ {}{column}: {message}",
            number(problem, "row")
        ));
    }
    if problems.len() > PROBLEMS_SHOWN_MAX {
        let more = problems.len() - PROBLEMS_SHOWN_MAX;
        lines.push(format!("  และอีก {more} จุด ดูทั้งหมดด้วย --json"));
    }
    lines.push(what_became_of_it(report));
    lines.push(String::new());
    lines.join("\n")
}

fn what_became_of_it(report: &Value) -> String {
    let is = |name: &str| report[name] == Value::Bool(true);
    let accepted = number(report, "accepted");
    if is("dry_run") {
        "ลองอ่านเท่านั้น ยังไม่บันทึกอะไร".into()
    } else if is("stored") {
        format!("บันทึกแล้ว {accepted} แถว")
    } else if number(report, "set_aside") > 0 {
        "ยังไม่บันทึกอะไร แก้แถวข้างบนแล้วนำเข้าใหม่ หรือใช้ --accept-valid เพื่อบันทึกเฉพาะแถวที่ใช้ได้".into()
    } else {
        "ไม่มีแถวใหม่ให้บันทึก".into()
    }
}

pub(crate) fn export(app: &App, line: &Export, streams: &mut Streams<'_>) -> Outcome {
    let done = app.call(
        "export.run",
        json!({
            "kind": line.kind.code(),
            "format": format_of(&line.out)?,
            "filter": filter(line.filter.as_deref())?,
            "path": text_of(&line.out)?,
            "unmasked": line.unmasked,
            "reason": line.reason,
        }),
    )?;
    let _ = writeln!(
        streams.out,
        "เขียนแล้ว {} แถว: {}",
        number(&done, "rows"),
        done["path"].as_str().unwrap_or_default(),
    );
    Ok(Exit::Done)
}

fn format_of(out: &Path) -> Result<&'static str, Failure> {
    let ending = out
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "xlsx" => Ok("xlsx"),
        "csv" => Ok("csv"),
        "geojson" => Ok("geojson"),
        _ => Err(Failure::Usage(
            "--out must end in .xlsx, .csv or .geojson".into(),
        )),
    }
}

/// The API wants every field of a filter; what was not typed is left open.
fn filter(typed: Option<&str>) -> Result<Value, Failure> {
    let mut filter = serde_json::to_value(jitasa_app::views::case::CaseFilter {
        all_states: true,
        ..Default::default()
    })
    .map_err(|_| ApiError::new("internal"))?;
    let typed: Map<String, Value> = serde_json::from_str(typed.unwrap_or("{}"))
        .map_err(|error| Failure::Usage(format!("the filter is not a JSON object: {error}")))?;
    for (name, value) in typed {
        filter[name] = value;
    }
    Ok(filter)
}

/// Paths travel as text inside the call.
fn text_of(path: &Path) -> Result<&str, Failure> {
    path.to_str()
        .ok_or_else(|| Failure::Usage("the file's name is not readable text".into()))
}

fn number(report: &Value, name: &str) -> i64 {
    report[name].as_i64().unwrap_or_default()
}
