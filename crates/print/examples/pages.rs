//! Writes one PDF of each form with made-up people into a folder, to look at:
//! `cargo run -p jitasa-print --example pages -- FOLDER [LINES]`.

use std::path::PathBuf;

#[path = "../tests/samples/mod.rs"]
mod samples;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let lines = arguments.next().map_or(Ok(30), |lines| lines.parse())?;
    let write = |name: &str, pdf: Vec<u8>| std::fs::write(folder.join(name), pdf);
    write(
        "tick-list.pdf",
        jitasa_print::tick_list(&samples::tick_list(lines))?,
    )?;
    write("slips.pdf", jitasa_print::slips(&samples::slips())?)?;
    write("shift.pdf", jitasa_print::shift(&samples::shift())?)?;
    write(
        "call-list.pdf",
        jitasa_print::call_list(&samples::call_list(lines))?,
    )?;
    Ok(())
}
