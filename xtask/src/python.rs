//! Programs of others that come from PyPI: each set in an environment of its own below the folder that cargo builds in,
//! with the versions that its `requirements.txt` pins. Nothing of them is in the product.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process;
use crate::repository::Repository;
use crate::say;

/// The folder of an environment, made unless it is there; `what` says what is in it. One that could not be made whole
/// is taken away again.
pub(crate) fn environment(
    repository: &Repository,
    name: &str,
    what: &str,
    requirements: &str,
) -> Result<PathBuf> {
    let metadata = repository.metadata()?;
    let target = metadata["target_directory"]
        .as_str()
        .context("no target directory")?;
    let folder = Path::new(target).join(name);
    let wanted =
        std::fs::read(repository.path(requirements)).with_context(|| requirements.to_owned())?;
    // A copy of what was installed, written last: an environment that was left half made has none.
    let stamp = folder.join("installed-requirements.txt");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    say::work(&format!("Python packages ({what}) into target/{name}"));
    let made = make(repository, &folder, requirements)
        .and_then(|()| std::fs::write(&stamp, &wanted).with_context(|| name.to_owned()));
    match made {
        Ok(()) => Ok(folder),
        Err(error) => {
            let _ = std::fs::remove_dir_all(&folder);
            Err(error)
        }
    }
}

/// A program of an environment.
pub(crate) fn program(folder: &Path, name: &str) -> PathBuf {
    let inside = if cfg!(windows) { "Scripts" } else { "bin" };
    folder
        .join(inside)
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

fn make(repository: &Repository, folder: &Path, requirements: &str) -> Result<()> {
    let python = if cfg!(windows) { "python" } else { "python3" };
    let place = folder.to_string_lossy();
    let root = repository.root();
    process::run(&mut process::command(
        python,
        &["-m", "venv", "--clear", &place],
        root,
    ))?;
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        requirements,
    ];
    process::run(&mut process::command(
        program(folder, "python"),
        &install,
        root,
    ))
}
