//! The solvers of others that `crates/matching` is held against: a Python environment in `target/oracle` with the
//! versions that `tests/oracle/requirements.txt` pins. Nothing of it is in the product.

use std::path::Path;

use anyhow::{Context, Result};

use crate::process;
use crate::repository::Repository;
use crate::say;

const REQUIREMENTS: &str = "tests/oracle/requirements.txt";

/// Makes the environment unless it is there. Where the packages cannot be had this is said, and the tests that need
/// them say so again; the CI has a network, so there it is a failure.
pub(crate) fn ready(repository: &Repository) -> Result<()> {
    let metadata = repository.metadata()?;
    let target = metadata["target_directory"]
        .as_str()
        .context("no target directory")?;
    let folder = Path::new(target).join("oracle");
    let wanted = std::fs::read(repository.path(REQUIREMENTS)).context(REQUIREMENTS)?;
    // A copy of what was installed, written last: an environment that was left half made has none.
    let stamp = folder.join("installed-requirements.txt");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say::work("Python packages of the oracle (OR-tools, SciPy) into target/oracle");
    let made = make(repository, &folder)
        .and_then(|()| std::fs::write(&stamp, &wanted).context("target/oracle"));
    let Err(error) = made else {
        return Ok(());
    };
    let _ = std::fs::remove_dir_all(&folder);
    if std::env::var_os("CI").is_some() {
        return Err(error);
    }
    say::detail(&format!(
        "skipped: without them our matching is compared with nobody's. {error:#}"
    ));
    Ok(())
}

fn make(repository: &Repository, folder: &Path) -> Result<()> {
    let (python, inside) = if cfg!(windows) {
        ("python", "Scripts/python.exe")
    } else {
        ("python3", "bin/python")
    };
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
        REQUIREMENTS,
    ];
    process::run(&mut process::command(folder.join(inside), &install, root))
}
