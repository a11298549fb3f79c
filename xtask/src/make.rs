//! Builds what is started: the pages, the desktop program, the command line, the servers.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::process;
use crate::repository::Repository;
use crate::setup;

/// The programs that a run or a window spec starts.
#[derive(Debug)]
pub(crate) struct Programs {
    /// The desktop program.
    pub(crate) desk: PathBuf,
    /// The command line.
    pub(crate) cli: PathBuf,
    /// The provincial server.
    pub(crate) province: PathBuf,
    /// The pages over HTTP, for the browser.
    pub(crate) webhost: PathBuf,
}

impl Programs {
    /// Where they are, or will be once built.
    pub(crate) fn find(repository: &Repository) -> Result<Self> {
        Ok(Self {
            desk: repository.program("jitasa-desk")?,
            cli: repository.program("jitasa")?,
            province: repository.program("jitasa-province")?,
            webhost: repository.program("jitasa-webhost")?,
        })
    }
}

/// Builds the pages into `ui/dist`.
pub(crate) fn ui(repository: &Repository) -> Result<()> {
    setup::npm(repository, "ui")?;
    process::run(&mut process::npm(&["run", "build"], &repository.path("ui")))
}

/// Runs a script of `ui/package.json`.
pub(crate) fn ui_script(repository: &Repository, name: &str) -> Result<()> {
    setup::npm(repository, "ui")?;
    process::run(&mut process::npm(&["run", name], &repository.path("ui")))
}

/// Builds the desktop program with the pages inside; `ui/dist` must be there.
pub(crate) fn desk(repository: &Repository) -> Result<()> {
    ensure!(
        repository.path("ui/dist/index.html").exists(),
        "ui/dist is missing; the program carries the pages inside, so they are built first"
    );
    // Without the feature the window would look for a development server.
    let arguments = [
        "build",
        "-p",
        "jitasa-desk",
        "--features",
        "custom-protocol",
    ];
    process::run(&mut process::cargo(&arguments, repository.root()))
}

/// Builds the programs without a window.
pub(crate) fn hosts(repository: &Repository) -> Result<()> {
    let arguments = [
        "build",
        "-p",
        "jitasa-cli",
        "-p",
        "jitasa-server",
        "-p",
        "jitasa-webhost",
    ];
    process::run(&mut process::cargo(&arguments, repository.root()))
}
