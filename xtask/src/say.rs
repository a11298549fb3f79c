//! What the person at the terminal reads. One place, so that every command sounds the same:
//! `==>` opens a piece of work, an indented line belongs to it, a problem goes to the error stream.

use std::io::Write;

/// Opens a piece of work.
pub(crate) fn work(text: &str) {
    line(&format!("==> {text}"));
}

/// Says something about the work under way.
pub(crate) fn detail(text: &str) {
    for text in text.lines() {
        line(&format!("    {text}"));
    }
}

/// Prints a line as it is. A closed pipe is not worth failing for.
pub(crate) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}

/// Says what went wrong, on the error stream.
pub(crate) fn problem(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
