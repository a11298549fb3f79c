//! The UI's command types, written from the one command list of `crates/app`. The generated file is committed, so that
//! a reader sees it in a change; the check in CI makes a stale one fail.

use anyhow::{Context, Result, bail, ensure};

use crate::process;
use crate::repository::Repository;
use crate::say;

/// The only generated file of the UI.
pub(crate) const GENERATED: &str = "ui/src/lib/backend/commands.ts";

/// Writes the file when it differs.
pub(crate) fn write(repository: &Repository) -> Result<()> {
    say::work(&format!("Writing {GENERATED} from the command list"));
    let text = generate(repository)?;
    if is_current(repository, &text) {
        say::detail("it was up to date");
        return Ok(());
    }
    let path = repository.path(GENERATED);
    std::fs::create_dir_all(path.parent().context("no folder")?)?;
    std::fs::write(&path, text).with_context(|| format!("{GENERATED} cannot be written"))?;
    say::detail("written");
    Ok(())
}

/// Fails when the file is not what the command list says.
pub(crate) fn check(repository: &Repository) -> Result<()> {
    if is_current(repository, &generate(repository)?) {
        return Ok(());
    }
    bail!(
        "{GENERATED} is stale: the command list changed; run `cargo xtask codegen` and commit the file"
    )
}

fn generate(repository: &Repository) -> Result<String> {
    let arguments = ["run", "-q", "-p", "jitasa-app", "--example", "codegen"];
    let text = process::output(&mut process::cargo(&arguments, repository.root()))?;
    ensure!(!text.trim().is_empty(), "the command list printed nothing");
    Ok(text)
}

fn is_current(repository: &Repository, text: &str) -> bool {
    std::fs::read_to_string(repository.path(GENERATED)).is_ok_and(|now| now == text)
}
