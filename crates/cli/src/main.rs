//! `jitasa`, the program. The library does the work, so that tests can call it without a process.

use std::process::ExitCode;

fn main() -> ExitCode {
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let mut streams = jitasa_cli::Streams {
        input: &mut std::io::stdin(),
        out: &mut out,
        err: &mut err,
    };
    ExitCode::from(jitasa_cli::run(std::env::args_os(), &mut streams) as u8)
}
