//! What the running server says of itself to the other commands of this machine, in the data folder.

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    files::{read_json, write_json},
    frames::Address,
};

const FILE: &str = "serving.json";

/// How the server was started last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServingNow {
    /// As a browser of this machine, or a desk, reaches it.
    pub url: String,
    /// The certificate it shows, when it speaks TLS.
    pub certificate: Option<PathBuf>,
    /// The authority that signed it, when it is the province's own (PEM).
    #[serde(default)]
    pub root_certificate: Option<String>,
}

impl ServingNow {
    /// What a data folder says; nothing when no server was started on it.
    #[must_use]
    pub fn of(data: &Path) -> Option<Self> {
        read_json(&data.join(FILE))
    }

    /// What a desk is told of it that is let in by file.
    #[must_use]
    pub fn address(&self) -> Address {
        Address {
            server_url: Some(self.url.clone()),
            root_certificate: self.root_certificate.clone(),
        }
    }

    /// Says it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn tell(&self, data: &Path) -> io::Result<()> {
        write_json(&data.join(FILE), self)
    }
}
