//! What of others ours is held against: the solvers beside `crates/matching`, and what another team's client of the sync
//! protocol is made of. A Python environment in `target/oracle` with the versions that `tests/oracle/requirements.txt`
//! pins. Nothing of it is in the product.

use anyhow::Result;

use crate::python;
use crate::repository::Repository;
use crate::say;

const REQUIREMENTS: &str = "tests/oracle/requirements.txt";

/// Makes the environment unless it is there. Where the packages cannot be had this is said, and the tests that need
/// them say so again; the CI has a network, so there it is a failure.
pub(crate) fn ready(repository: &Repository) -> Result<()> {
    let what = "the oracle's: solvers, and what the other client of the sync is made of";
    let Err(error) = python::environment(repository, "oracle", what, REQUIREMENTS) else {
        return Ok(());
    };
    if std::env::var_os("CI").is_some() {
        return Err(error);
    }
    say::detail(&format!(
        "skipped: without them our matching and our sync are compared with nobody's. {error:#}"
    ));
    Ok(())
}
