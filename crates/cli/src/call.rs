//! `jitasa call`: any command, JSON in and JSON out, refusals as well.

use std::path::Path;

use jitasa_app::ApiError;
use serde_json::{Value, json};

use crate::arguments::Call;
use crate::{Exit, Failure, Outcome, Streams, open};

pub(crate) fn call(folder: &Path, line: &Call, streams: &mut Streams<'_>) -> Outcome {
    // clap lets only `--list` go without a command.
    let command = line.command.as_deref().unwrap_or_default();
    let request = request(line.request.as_deref(), streams)?;
    match open(folder).and_then(|app| app.call(command, request)) {
        Ok(answer) => {
            let _ = writeln!(streams.out, "{answer}");
            Ok(Exit::Done)
        }
        Err(error) => {
            let _ = writeln!(streams.out, "{}", refusal(&error));
            Ok(Exit::Refused)
        }
    }
}

/// Names every command with what it does.
pub(crate) fn list(streams: &mut Streams<'_>) -> Outcome {
    for command in jitasa_app::COMMANDS {
        let _ = writeln!(streams.out, "{:<22}{}", command.name, command.doc.trim());
    }
    Ok(Exit::Done)
}

fn request(text: Option<&str>, streams: &mut Streams<'_>) -> Result<Value, Failure> {
    let text = match text {
        None => return Ok(json!({})),
        Some("-") => {
            let mut text = String::new();
            streams
                .input
                .read_to_string(&mut text)
                .map_err(|error| Failure::Usage(format!("standard input: {error}")))?;
            text
        }
        Some(text) => text.to_owned(),
    };
    serde_json::from_str(&text)
        .map_err(|error| Failure::Usage(format!("the request is not JSON: {error}")))
}

/// A refusal as scripts read it.
fn refusal(error: &ApiError) -> Value {
    json!({
        "code": error.code,
        "message": jitasa_app::message(error),
        "details": error.details,
    })
}
