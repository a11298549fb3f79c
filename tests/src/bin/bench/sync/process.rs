//! The programs of both sides as processes of their own, so that what each costs is the system's word and not ours.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use jitasa_server::{Province, postgres::Database, province::CodeTerms};
use serde_json::Value;

use super::desks::jitasa_now;
use crate::{
    Outcome,
    machine::{self, Cost},
};

/// A process that takes orders by the line and answers by the line. It is killed when it is dropped.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Process {
    /// Starts it. What it says besides goes to the bench's own error output when that is asked for by `JITASA_LOG`.
    pub(super) fn start(command: &mut Command) -> Outcome<Self> {
        let quiet = std::env::var_os("JITASA_LOG").is_none();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(if quiet {
                Stdio::null()
            } else {
                Stdio::inherit()
            })
            .spawn()?;
        let (orders, answers) = (child.stdin.take(), child.stdout.take());
        Ok(Self {
            child,
            orders: orders.ok_or("no input")?,
            answers: BufReader::new(answers.ok_or("no output")?),
        })
    }

    /// Its next line.
    pub(super) fn line(&mut self) -> Outcome<String> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("a process ended; JITASA_LOG=info shows what it said".into());
        }
        Ok(line.trim().to_string())
    }

    /// Gives an order and waits for its answer.
    pub(super) fn order(&mut self, order: &Value) -> Outcome<Value> {
        writeln!(self.orders, "{order}")?;
        self.orders.flush()?;
        let answer: Value = serde_json::from_str(&self.line()?)?;
        match answer.get("error") {
            Some(error) => Err(format!("{} failed: {error}", order["do"]).into()),
            None => Ok(answer),
        }
    }

    /// What it has cost so far.
    pub(super) fn cost(&self) -> Cost {
        machine::cost_of(self.child.id()).unwrap_or_default()
    }

    /// Where it listens, from its first line.
    pub(super) fn listens(&mut self) -> Outcome<SocketAddr> {
        let line = self.line()?;
        let (_, address) = line.split_once("://").ok_or("it says no address")?;
        Ok(address.parse()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The provincial server with the program that an office's IT staff would start.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) process: Process,
    pub(super) address: SocketAddr,
    /// The authority of its certificate, when it speaks TLS.
    pub(super) root: Option<String>,
}

/// Where a ledger lies.
#[derive(Debug)]
pub(super) enum Place<'a> {
    Folder(&'a Path),
    Database(&'a Database),
}

impl Place<'_> {
    /// One-time codes for so many devices of each office; all must be made before the server starts.
    pub(super) fn codes(&self, offices: &[String], devices_max: u32) -> Outcome<Vec<String>> {
        let province = match self {
            Self::Folder(folder) => Province::open(folder)?,
            Self::Database(database) => Province::connect(database)?,
        };
        let terms = CodeTerms {
            devices_max,
            confirms: true,
        };
        let codes = offices
            .iter()
            .map(|office| province.new_code(office, terms, jitasa_now()));
        Ok(codes.collect::<Result<_, _>>()?)
    }
}

impl Server {
    /// Starts it on a free port; `folder` is its data folder, also when the ledger is elsewhere.
    pub(super) fn start(folder: &Path, place: &Place<'_>, tls: bool) -> Outcome<Self> {
        let mut command = Command::new(program("jitasa-province")?);
        command.arg("--data").arg(folder);
        if let Place::Database(database) = place {
            command.args([
                "--database",
                &database.url,
                "--province",
                &database.province,
            ]);
        }
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        if tls {
            command.args(["--own-root", "--name", "localhost"]);
        }
        let mut process = Process::start(&mut command)?;
        let address = process.listens()?;
        let root = if tls {
            Some(std::fs::read_to_string(
                jitasa_server::own_root::OwnRoot::of(folder, jitasa_now())?.root(),
            )?)
        } else {
            None
        };
        Ok(Self {
            process,
            address,
            root,
        })
    }

    /// The URL of this server behind a line.
    pub(super) fn url(&self, line: SocketAddr) -> String {
        match self.root {
            Some(_) => format!("https://localhost:{}", line.port()),
            None => format!("http://{line}"),
        }
    }
}

/// A built program beside this one.
fn program(name: &str) -> Outcome<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::current_exe()?.with_file_name(file);
    if path.is_file() {
        return Ok(path);
    }
    Err(format!(
        "{name} is not built; `cargo xtask bench` builds it, or: cargo build --release -p jitasa-server"
    )
    .into())
}
