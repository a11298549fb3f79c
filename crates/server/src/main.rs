//! `jitasa-province`: the provincial server. Thin: reads the command line, prints, sets exit codes.

mod cli;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Parser as _;

fn main() -> ExitCode {
    // clap ends the process itself: 0 for help and version, 2 for wrong usage.
    let cli = cli::Cli::parse();
    match cli::run(cli) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "jitasa-province: {error:#}");
            ExitCode::from(1)
        }
    }
}
