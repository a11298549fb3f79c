//! The dictionary of version 2 of the wire: learnt from made-up offices, and what it is worth, measured
//! on another that it has not seen. `cargo xtask dictionary` starts it.

mod made;
mod samples;
mod table;

use std::{fs, io::Write as _, path::Path, process::ExitCode};

/// An error is told as it is, since whoever runs this is one of us.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "\
dictionary [learn] [bytes] [--kilobytes N]

  learn          write crates/protocol/dictionaries/v2.dict; the same bytes every time
  bytes          what a new case and an edit take with the dictionary that is there
  --kilobytes N  size of the dictionary to learn; 64 unless told
";
const LEARNT_FROM: [u64; 4] = [11, 12, 13, 14];
const MEASURED_ON: u64 = 99;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "dictionary: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Outcome<()> {
    let mut rest = arguments.iter();
    let (mut learn, mut bytes, mut kilobytes) = (false, false, 64);
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "learn" => learn = true,
            "bytes" => bytes = true,
            "--kilobytes" => kilobytes = rest.next().ok_or(USAGE)?.parse()?,
            _ => return Err(USAGE.into()),
        }
    }
    if learn {
        let mut payloads = Vec::new();
        for seed in LEARNT_FROM {
            payloads.extend(samples::payloads(&made::office(seed)?, seed));
        }
        let dictionary = learnt(&payloads, kilobytes)?;
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/protocol/dictionaries/v2.dict");
        fs::write(path, &dictionary)?;
        let all: usize = payloads.iter().map(Vec::len).sum();
        writeln!(
            std::io::stdout(),
            "{} bytes learnt from {} payloads of {all} bytes",
            dictionary.len(),
            payloads.len(),
        )?;
    }
    if bytes {
        table::print(&made::office(MEASURED_ON)?)?;
    }
    Ok(())
}

/// A dictionary of at most so many kilobytes.
pub(crate) fn learnt(payloads: &[Vec<u8>], kilobytes: usize) -> Outcome<Vec<u8>> {
    Ok(zstd::dict::from_samples(payloads, kilobytes * 1024)?)
}
