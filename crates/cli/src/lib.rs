//! `jitasa`: the API on the command line, for scripts, for the province's IT officer and for tests.
//! It must know no rules: every subcommand is one or two calls of `jitasa-app`, put into words.
//!
//! What scripts may lean on: the exit code, and the JSON of `call` and of `--json`. The sentences for
//! people are in Thai and may change.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod arguments;
mod call;
mod files;
mod office;
mod syncing;

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use clap::Parser;
use jitasa_app::{ApiError, App, SystemEnv};

use arguments::{Arguments, Subcommand};

/// Where the program reads and writes.
pub struct Streams<'a> {
    /// What `call COMMAND -` reads.
    pub input: &'a mut dyn Read,
    /// Results.
    pub out: &'a mut dyn Write,
    /// Refusals and wrong usage, in words.
    pub err: &'a mut dyn Write,
}

impl std::fmt::Debug for Streams<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Streams")
    }
}

/// How the program ended. The numbers are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Refused, with a reason that has a code.
    Refused = 1,
    /// The command line was not understood.
    Usage = 2,
    /// Done, with rows or changes that need a person.
    NeedsPerson = 3,
}

/// Why a subcommand did not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The API refused.
    Refused(ApiError),
    /// The arguments make no sense together; the words are for the person who typed them.
    Usage(String),
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

pub(crate) type Outcome = Result<Exit, Failure>;

/// Runs one command line. Never panics on what was typed, never exits by itself.
pub fn run(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    streams: &mut Streams<'_>,
) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(asked) => return explain(&asked, streams),
    };
    match carry_out(arguments, streams) {
        Ok(exit) => exit,
        Err(Failure::Refused(error)) => {
            // A reader that went away is no reason to fail a second time; so everywhere below.
            let _ = writeln!(streams.err, "{}", jitasa_app::message(&error));
            Exit::Refused
        }
        Err(Failure::Usage(words)) => {
            let _ = writeln!(streams.err, "jitasa: {words}\n\nFor more, try --help.");
            Exit::Usage
        }
    }
}

/// `--help` and `--version` are answers; anything else is wrong usage.
fn explain(asked: &clap::Error, streams: &mut Streams<'_>) -> Exit {
    let text = asked.render();
    if asked.use_stderr() {
        let _ = write!(streams.err, "{text}");
        return Exit::Usage;
    }
    let _ = write!(streams.out, "{text}");
    Exit::Done
}

fn carry_out(arguments: Arguments, streams: &mut Streams<'_>) -> Outcome {
    let folder = match (&arguments.subcommand, arguments.data) {
        // The list of commands belongs to no desk.
        (Subcommand::Call(line), _) if line.list => return call::list(streams),
        (_, Some(folder)) => folder,
        (_, None) => {
            return Err(Failure::Usage(
                "which desk? Name its folder with --data DIR, or in JITASA_DATA".into(),
            ));
        }
    };
    match &arguments.subcommand {
        // Opens by itself: what it says about a refusal is JSON, also when the store will not open.
        Subcommand::Call(line) => call::call(&folder, line, streams),
        Subcommand::Init(line) => office::init(&open(&folder)?, line, streams),
        Subcommand::Import(line) => files::import(&open(&folder)?, line, streams),
        Subcommand::Export(line) => files::export(&open(&folder)?, line, streams),
        Subcommand::Enrol(line) => syncing::enrol(&open(&folder)?, line, streams),
        Subcommand::Sync(line) => syncing::sync(&open(&folder)?, *line, streams),
        Subcommand::Batch(line) => syncing::batch(&open(&folder)?, line, streams),
        Subcommand::Doctor(line) => office::doctor(&open(&folder)?, *line, streams),
    }
}

pub(crate) fn open(folder: &Path) -> Result<App, ApiError> {
    App::open(folder, Arc::new(SystemEnv))
}

#[cfg(test)]
mod tests;
