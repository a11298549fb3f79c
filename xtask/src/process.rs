//! Other programs: run one to its end, or keep one in the background and be sure that it ends with us.
//!
//! A browser driver starts the program, which starts web processes; killing only the first would leave the rest.
//! Therefore a background program gets its own process group, and the group is ended on drop, on Ctrl-C and on SIGTERM.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Process ids to end when we are told to stop, and whether each leads a group of its own.
static RUNNING: Mutex<Vec<(u32, bool)>> = Mutex::new(Vec::new());

fn running() -> MutexGuard<'static, Vec<(u32, bool)>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From here on Ctrl-C, SIGTERM and SIGHUP end what we started before they end us.
pub(crate) fn stop_children_when_interrupted() {
    let outcome = ctrlc::set_handler(|| {
        for (id, group) in running().drain(..) {
            signal(id, group, "TERM");
        }
        end_at_once();
    });
    if let Err(error) = outcome {
        crate::say::problem(&format!(
            "warning: Ctrl-C may leave programs behind: {error}"
        ));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "told to stop; what must end has been ended above"
)]
fn end_at_once() {
    // What a shell shows for Ctrl-C.
    std::process::exit(130);
}

/// Builds the call of a program that works in `folder`.
pub(crate) fn command<S: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    arguments: &[S],
    folder: &Path,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    command
}

/// The cargo that runs us, so that a toolchain chosen on the command line stays chosen.
pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: &[S], folder: &Path) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = command(&cargo, arguments, folder);
    // Ours; a cargo started by us builds other packages and must not take them for its own.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
        command.env_remove(name);
    }
    command
}

/// npm is a script with another name on Windows.
pub(crate) fn npm<S: AsRef<OsStr>>(arguments: &[S], folder: &Path) -> Command {
    command(
        if cfg!(windows) { "npm.cmd" } else { "npm" },
        arguments,
        folder,
    )
}

/// Runs a program in the foreground and fails unless it answers 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    succeeded(command, status)
}

/// Runs a program in the foreground and returns how it ended.
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus> {
    crate::say::detail(&format!("$ {}", shown(command)));
    let child = command.spawn().with_context(|| cannot_start(command))?;
    Background {
        child,
        group: false,
    }
    .registered()
    .wait()
}

/// Runs a program that starts others (a driver, a browser, a window) and returns how it ended; what it left behind is ended.
pub(crate) fn status_of_group(command: &mut Command) -> Result<ExitStatus> {
    crate::say::detail(&format!("$ {}", shown(command)));
    Background::start(command)?.wait()
}

/// The same, failing unless it answers 0.
pub(crate) fn run_group(command: &mut Command) -> Result<()> {
    let status = status_of_group(command)?;
    succeeded(command, status)
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("`{}` ended with {}", shown(command), ended(status))
}

/// Runs a program quietly and returns what it printed; fails, with its last words, unless it answers 0.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| cannot_start(command))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` ended with {}\n{}",
            shown(command),
            ended(output.status),
            words.trim_end()
        );
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed something that is not text", shown(command)))
}

/// A program that runs beside us and ends with us.
#[derive(Debug)]
pub(crate) struct Background {
    child: Child,
    group: bool,
}

impl Background {
    /// Starts a program in a process group of its own, reading nothing.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null());
        own_group(command);
        let child = command.spawn().with_context(|| cannot_start(command))?;
        Ok(Self { child, group: true }.registered())
    }

    fn registered(self) -> Self {
        running().push((self.child.id(), self.group));
        self
    }

    /// What it prints, when it was started with a pipe.
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Whether it has ended, and how.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> Result<ExitStatus> {
        Ok(self.child.wait()?)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let id = self.child.id();
        running().retain(|(other, _)| *other != id);
        // One that ended and was waited for may still have left its group behind.
        if self.group || matches!(self.child.try_wait(), Ok(None)) {
            signal(id, self.group, "TERM");
            for _ in 0..100 {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    break;
                }
                pause(Duration::from_millis(30));
            }
            signal(id, self.group, "KILL");
        }
        let _ = self.child.wait();
    }
}

/// Waits a little for another program. Only for things that cannot tell us when they are ready.
#[expect(
    clippy::disallowed_methods,
    reason = "another program's port or end cannot be waited for"
)]
pub(crate) fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

/// Sends a signal; that the process is gone already is as good.
#[cfg(unix)]
fn signal(id: u32, group: bool, name: &str) {
    let target = if group {
        format!("-{id}")
    } else {
        id.to_string()
    };
    // The shell's own `kill`: a small Debian has no such program.
    let _ = Command::new("sh")
        .args(["-c", "kill -s \"$0\" -- \"$1\"", name, &target])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

#[cfg(not(unix))]
fn signal(id: u32, _: bool, _: &str) {
    let _ = Command::new("taskkill")
        .args(["/T", "/F", "/PID", &id.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// The exit code to hand on: the program's own, 1 when a signal ended it.
pub(crate) fn exit_code(status: ExitStatus) -> u8 {
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1)
}

fn ended(status: ExitStatus) -> String {
    status
        .code()
        .map_or_else(|| status.to_string(), |code| format!("exit code {code}"))
}

fn cannot_start(command: &Command) -> String {
    format!(
        "`{}` cannot be started; is it installed?",
        command.get_program().to_string_lossy()
    )
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![
        program
            .file_stem()
            .unwrap_or(program.as_os_str())
            .to_string_lossy(),
    ];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_a_background_program_started_ends_with_it() {
        use std::io::{BufRead, BufReader, Read};
        let mut shell = Command::new("sh");
        // The grandchild holds the pipe open: its end is the end of the stream.
        shell
            .args(["-c", "sleep 600 & echo ready; wait"])
            .stdout(Stdio::piped());
        let mut shell = Background::start(&mut shell).unwrap();
        let mut printed = BufReader::new(shell.stdout().unwrap());
        let mut line = String::new();
        printed.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        drop(shell);
        let mut rest = String::new();
        assert_eq!(printed.read_to_string(&mut rest).unwrap(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_is_named_with_its_exit_code() {
        let error = run(Command::new("sh").args(["-c", "exit 3"]))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("sh -c exit 3") && error.contains("exit code 3"),
            "{error}"
        );
    }

    #[test]
    fn a_program_that_is_not_there_is_said_to_be_missing() {
        let error = run(&mut Command::new("jitasa-no-such-program"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("is it installed?"), "{error}");
    }
}
