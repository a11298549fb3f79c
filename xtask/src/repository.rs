//! Where things lie in the checkout, and what cargo knows about its packages.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;

/// The checkout that this command was built from.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The folder above `xtask/`. Cargo says where that is; the folder one stands in does not matter.
    pub(crate) fn find() -> Result<Self> {
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = xtask.parent().context("xtask lies in no repository")?;
        Ok(Self::at(root))
    }

    /// A checkout at a given folder.
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// The top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the top folder.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// What `cargo metadata` says about our own packages.
    pub(crate) fn metadata(&self) -> Result<Value> {
        let arguments = ["metadata", "--format-version", "1", "--no-deps"];
        let text = process::output(&mut process::cargo(&arguments, &self.root))?;
        serde_json::from_str(&text).context("`cargo metadata` printed something else than JSON")
    }

    /// A program that cargo built, in the folder that cargo really used (`CARGO_TARGET_DIR` moves it).
    pub(crate) fn program(&self, name: &str) -> Result<PathBuf> {
        let metadata = self.metadata()?;
        let target = metadata["target_directory"]
            .as_str()
            .context("no target directory")?;
        Ok(Path::new(target)
            .join("debug")
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
    }
}
