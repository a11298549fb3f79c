//! A screen where there is none: an X server that paints into memory, of the size most offices have.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use crate::process::{self, Background};
use crate::repository::Repository;

/// Whether a person can see a window here.
pub(crate) fn is_present() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    set("DISPLAY") || set("WAYLAND_DISPLAY") || cfg!(windows) || cfg!(target_os = "macos")
}

/// A running X server; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Screen {
    name: String,
    _server: Background,
}

impl Screen {
    /// Starts an X server of 1366x768 on a number that the server itself finds free.
    pub(crate) fn start(repository: &Repository) -> Result<Self> {
        let arguments = [
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1366x768x24",
            "-nolisten",
            "tcp",
        ];
        let mut command = process::command("Xvfb", &arguments, repository.root());
        let mut server = Background::start(command.stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let stdout = server.stdout().context("Xvfb has no output")?;
        let mut number = String::new();
        // The number comes when the server is ready, so there is nothing to wait for after it.
        BufReader::new(stdout).read_line(&mut number)?;
        let number = number.trim();
        ensure!(
            !number.is_empty(),
            "Xvfb did not start; `Xvfb :99` by hand says why"
        );
        Ok(Self {
            name: format!(":{number}"),
            _server: server,
        })
    }

    /// What `DISPLAY` is to be set to, as in `:99`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_screens_at_once_get_different_numbers() {
        let repository = Repository::find().unwrap();
        if process::output(&mut process::command("Xvfb", &["-help"], repository.root())).is_err() {
            crate::say::detail("Xvfb is not installed; nothing to try");
            return;
        }
        let one = Screen::start(&repository).unwrap();
        let two = Screen::start(&repository).unwrap();
        assert!(one.name().starts_with(':') && one.name() != two.name());
    }
}
