//! The peer: PouchDB 9 on LevelDB at both ends, express-pouchdb between them. Installed by npm into a folder outside
//! the tree when it is first asked for; the bench goes on without it when it cannot be had, and says so.

use std::{
    fs,
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::process::Process;
use crate::{Outcome, machine};

const FILES: [(&str, &str); 4] = [
    ("package.json", include_str!("peers/package.json")),
    ("server.js", include_str!("peers/server.js")),
    ("client.js", include_str!("peers/client.js")),
    ("changesets.py", include_str!("peers/changesets.py")),
];
/// The database of the server.
const DATABASE: &str = "cases";

/// Which peers there are.
#[derive(Debug)]
pub(super) struct Peers {
    folder: PathBuf,
    pouchdb: bool,
    pub(super) missing: Vec<&'static str>,
}

impl Peers {
    /// Looks for them, and installs what can be.
    pub(super) fn find() -> Outcome<Self> {
        let folder = machine::bench_dir().join("peers");
        fs::create_dir_all(&folder)?;
        for (name, text) in FILES {
            fs::write(folder.join(name), text)?;
        }
        let has = || {
            folder
                .join("node_modules/express-pouchdb/package.json")
                .is_file()
        };
        if !has() {
            writeln!(
                std::io::stdout(),
                "installing the peer: npm install into {}",
                folder.display()
            )?;
            // Without npm it stays missing, which is said below.
            let _ = Command::new("npm")
                .args(["install", "--no-audit", "--no-fund", "--loglevel=error"])
                .current_dir(&folder)
                .stdout(Stdio::null())
                .status();
        }
        let pouchdb = has() && runs("node", &["--version"]);
        let mut missing = Vec::new();
        if !pouchdb {
            missing.push("PouchDB (needs node and npm)");
        }
        if !runs("python3", &["--version"]) {
            missing.push("SQLite changesets (needs python3 and libsqlite3)");
        }
        Ok(Self {
            folder,
            pouchdb,
            missing,
        })
    }

    /// Whether PouchDB is there.
    pub(super) fn has_pouchdb(&self) -> bool {
        self.pouchdb
    }

    fn node(&self, script: &str, folder: &Path) -> Outcome<Process> {
        fs::create_dir_all(folder)?;
        Process::start(
            Command::new("node")
                .arg(self.folder.join(script))
                .arg(self.folder.join("node_modules"))
                .arg(folder),
        )
    }

    /// Its server over a folder, which may hold a filled database already.
    pub(super) fn server(&self, folder: &Path) -> Outcome<(Process, SocketAddr)> {
        let mut process = self.node("server.js", folder)?;
        let address = process.listens()?;
        Ok((process, address))
    }

    /// Its desks, all in one process.
    pub(super) fn desks(&self, folder: &Path) -> Outcome<Process> {
        self.node("client.js", folder)
    }

    /// Fills databases of a folder from files of documents, in a process of its own.
    pub(super) fn fill(&self, folder: &Path, files: &[(String, PathBuf)]) -> Outcome<()> {
        let mut desks = self.desks(folder)?;
        for (desk, file) in files {
            let order = json!({ "do": "make", "desk": desk, "file": file });
            let _ = desks.order(&order)?;
        }
        let _ = desks.order(&json!({ "do": "close" }))?;
        Ok(())
    }

    /// Fills the server's database before it serves.
    pub(super) fn fill_server(&self, folder: &Path, file: &Path) -> Outcome<()> {
        self.fill(folder, &[(DATABASE.into(), file.to_path_buf())])
    }

    /// SQLite's changesets between databases of one process; what the script says, or none when it cannot.
    pub(super) fn changesets(&self, folder: &Path, files: &[PathBuf]) -> Outcome<Option<Value>> {
        fs::create_dir_all(folder)?;
        let said = Command::new("python3")
            .arg(self.folder.join("changesets.py"))
            .arg(folder)
            .args(files)
            .stderr(Stdio::inherit())
            .output();
        match said {
            Ok(said) if said.status.success() => Ok(Some(serde_json::from_slice(&said.stdout)?)),
            Ok(_) | Err(_) => Ok(None),
        }
    }
}

/// Where the peer's desks replicate to, behind a line.
pub(super) fn database_at(line: SocketAddr) -> String {
    format!("http://{line}/{DATABASE}")
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
