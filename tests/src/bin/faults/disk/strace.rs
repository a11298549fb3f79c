//! Runs a program under strace, which lets its n-th write fail.

use std::{
    fmt, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use jitasa_tests::programs::program;

use super::{
    deeds::{Deed, SERVES},
    scene::Scene,
};
use crate::Outcome;

/// What writes to a disk, and makes the names on it.
const WRITES: [&str; 13] = [
    "write",
    "writev",
    "pwrite64",
    "pwritev",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fallocate",
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
];

/// Which write is refused, and how. strace counts each kind of call, and each thread's calls, by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refused {
    pub(super) call: &'static str,
    pub(super) error: &'static str,
    pub(super) nth: u32,
    pub(super) from_then_on: bool,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let then = if self.from_then_on { "+" } else { "" };
        write!(f, "{} at {} {}{then}", self.error, self.call, self.nth)
    }
}

/// What a deed writes when nothing is refused.
#[derive(Debug)]
pub(super) struct Written {
    /// The files of the scene.
    paths: Vec<PathBuf>,
    /// The kinds of calls.
    pub(super) calls: Vec<&'static str>,
}

/// How the program ended.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) code: i32,
    out: String,
    err: String,
    /// Whether a write was refused.
    pub(super) fired: bool,
    /// The call that was refused first.
    call: String,
}

impl Said {
    /// It ended by itself, with a code that says something and words for people.
    pub(super) fn is_decent(&self, deed: &Deed) -> Outcome<()> {
        let words = format!("{}{}", self.out, self.err);
        let is_thai = words.chars().any(|letter| ('ก'..='๙').contains(&letter));
        let wrong = if words.contains("panicked") {
            "it panicked"
        } else if !matches!(self.code, 0 | 1 | 3) {
            "it ended with a code that says nothing"
        } else if self.code == 1 && deed.program == "jitasa" && !is_thai {
            "it was refused without a word"
        } else if self.code == 1 && self.err.is_empty() && self.out.is_empty() {
            "it was refused in silence"
        } else if self.code == 1 && self.out.contains("\"code\":\"store_damaged\"") {
            "a full disk was called a damaged file"
        } else {
            return Ok(());
        };
        Err(format!("{wrong}: {self:?}").into())
    }
}

/// Says so when strace is not installed.
pub(super) fn is_there() -> Outcome<()> {
    let version = Command::new("strace").arg("--version").output();
    if version.is_ok_and(|said| said.status.success()) {
        return Ok(());
    }
    Err("strace is not installed, and it is what refuses the writes (Debian: strace; cargo xtask setup installs it)".into())
}

/// The deed, with a write refused.
pub(super) fn refusing(
    scene: &Scene,
    deed: &Deed,
    how: &Refused,
    written: &Written,
) -> Outcome<Said> {
    let then = if how.from_then_on { "+" } else { "" };
    let mut line = vec![
        "-e".to_string(),
        format!(
            "inject={}:error={}:when={}{then}",
            how.call, how.error, how.nth
        ),
    ];
    for path in &written.paths {
        line.extend(["-P".into(), path.display().to_string()]);
    }
    let mut said = traced(scene, deed, &line)?;
    let log = fs::read_to_string(scene.log())?;
    let refused = log.lines().find(|line| line.contains("(INJECTED)"));
    said.fired = refused.is_some();
    said.call = refused.unwrap_or_default().to_string();
    Ok(said)
}

/// The deed as it is.
pub(super) fn plainly(scene: &Scene, deed: &Deed) -> Outcome<Said> {
    let (program_name, arguments) = (deed.program, (deed.arguments)(scene));
    let mut command = Command::new(program(program_name));
    command.args(&arguments);
    if deed.name == SERVES {
        return served(scene, command);
    }
    finished(command)
}

/// Does the deed as it goes when nothing is refused, and looks what it writes.
pub(super) fn written_by(scene: &Scene, deed: &Deed) -> Outcome<Written> {
    scene.again()?;
    let said = traced(scene, deed, &["-y".to_string()])?;
    if said.code != 0 || !(deed.done)(scene)? {
        return Err(format!("{}: it does not go: {said:?}", deed.name).into());
    }
    let house = scene.folder().display().to_string();
    let log = fs::read_to_string(scene.log())?;
    let mut paths = Vec::new();
    let mut calls = Vec::new();
    for line in log.lines().filter(|line| line.contains(&house)) {
        // "PID CALL(ARGUMENTS"
        let name = line.split(['(', ' ']).find(|word| WRITES.contains(word));
        let call = WRITES.into_iter().find(|call| Some(*call) == name);
        calls.extend(call.filter(|call| !calls.contains(call)));
        for (at, _) in line.match_indices(&house) {
            let path = line[at..].split(['"', '>']).next().unwrap_or_default();
            let path = PathBuf::from(path.trim_end_matches(" (deleted)"));
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    if paths.is_empty() {
        return Err(format!("{}: strace saw no write", deed.name).into());
    }
    Ok(Written { paths, calls })
}

fn traced(scene: &Scene, deed: &Deed, more: &[String]) -> Outcome<Said> {
    let mut command = Command::new("strace");
    command
        .args(["-f", "-qq", "--seccomp-bpf", "-e"])
        // A name that this machine does not have is passed over.
        .arg(format!("trace=?{}", WRITES.join(",?")))
        .arg("-e")
        .arg("signal=none")
        .arg("-o")
        .arg(scene.log())
        .args(more)
        .arg(program(deed.program))
        .args((deed.arguments)(scene));
    if deed.name == SERVES {
        return served(scene, command);
    }
    finished(command)
}

fn finished(mut command: Command) -> Outcome<Said> {
    let said = command
        .env_remove("JITASA_DATA")
        .env_remove("JITASA_LOG")
        .stdin(Stdio::null())
        .output()?;
    Ok(Said {
        code: said.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&said.stdout).into_owned(),
        err: String::from_utf8_lossy(&said.stderr).into_owned(),
        fired: false,
        call: String::new(),
    })
}

/// A server that serves a desk once and is then asked to stop. Its code is that of the desk's exchange: 0 when the
/// desk was answered.
fn served(scene: &Scene, mut command: Command) -> Outcome<Said> {
    let log = fs::File::create(scene.server_log())?;
    let mut child = command
        .env_remove("JITASA_LOG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()?;
    let mut line = String::new();
    let pipe = child.stdout.take().ok_or("its output is piped")?;
    let mut pipe = BufReader::new(pipe);
    pipe.read_line(&mut line)?;
    let (mut code, mut out) = (1, String::new());
    if line.starts_with("listening on") {
        match scene.sync("desk") {
            Ok(()) => code = 0,
            Err(error) => out = error.to_string(),
        }
        stop(child.id())?;
    }
    let ended = child.wait()?;
    let err = fs::read_to_string(scene.server_log())?;
    if line.starts_with("listening on") && !ended.success() {
        return Err(format!("the server did not stop as it should: {ended}: {err}").into());
    }
    Ok(Said {
        code,
        out,
        err,
        fired: false,
        call: String::new(),
    })
}

/// Asks the server to stop: the process itself, or the one that strace started.
fn stop(pid: u32) -> Outcome<()> {
    let children =
        fs::read_to_string(Path::new("/proc").join(format!("{pid}/task/{pid}/children")))
            .unwrap_or_default();
    let pid = children
        .split_whitespace()
        .next()
        .map_or_else(|| pid.to_string(), ToString::to_string);
    let status = Command::new("kill").args(["-TERM", &pid]).status()?;
    if status.success() {
        return Ok(());
    }
    Err("the server cannot be asked to stop".into())
}
