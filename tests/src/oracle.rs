//! Programs of others that ours are held against: the scripts of `tests/oracle`, run by the Python that
//! `cargo xtask setup` puts into `target/oracle`.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value;

/// Where the environment's Python is; `None` when nobody made it.
#[must_use]
pub fn python() -> Option<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = tests.join("../target");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(beside.clone(), PathBuf::from);
    let inside = if cfg!(windows) {
        "oracle/Scripts/python.exe"
    } else {
        "oracle/bin/python"
    };
    let mut places = [target, beside]
        .into_iter()
        .map(|folder| folder.join(inside));
    places.find(|python| python.exists())
}

/// The same for a test, which says plainly when it compared nothing.
///
/// # Panics
/// In CI, when nobody made it.
#[must_use]
#[expect(
    clippy::print_stderr,
    reason = "a test that compared nothing says so where its reader looks"
)]
pub fn python_or_skip() -> Option<PathBuf> {
    let python = python();
    if python.is_none() {
        let missing =
            "no oracle in target/oracle: `cargo xtask setup` makes it; nothing was compared";
        assert!(std::env::var_os("CI").is_none(), "{missing}");
        eprintln!("skipped: {missing}");
    }
    python
}

/// A script under way that is asked in lines of JSON and answers in such.
#[derive(Debug)]
pub struct Script {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Script {
    /// Starts a script of `tests/oracle`.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(python: &Path, name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle");
        let mut child = Command::new(python)
            .arg("-B")
            .arg(folder.join(name))
            .env("PYTHONUTF8", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the script starts");
        let questions = child.stdin.take().expect("its input is piped");
        let answers = child.stdout.take().expect("its output is piped");
        Self {
            child,
            questions,
            answers: BufReader::new(answers),
        }
    }

    /// Asks, and waits for the answer.
    ///
    /// # Panics
    /// When it has ended, or answers no JSON; what it had to say stands on standard error.
    #[track_caller]
    pub fn ask(&mut self, question: &Value) -> Value {
        let mut line = String::new();
        writeln!(self.questions, "{question}").expect("the script reads");
        self.answers
            .read_line(&mut line)
            .expect("the script answers");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{question}: {line:?}, {error}"))
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
