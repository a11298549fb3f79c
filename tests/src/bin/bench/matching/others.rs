//! The solvers of others: one Python process of the environment that `cargo xtask setup` makes in `target/oracle`,
//! given flows and asked to solve them.

use std::{
    io::{self, BufRead as _, BufReader, BufWriter, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// The process.
#[derive(Debug)]
pub(crate) struct Others {
    child: Child,
    requests: BufWriter<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// What one solved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Solved {
    pub(crate) cost: i64,
    pub(crate) build_ms: f64,
    pub(crate) solve_ms: f64,
    /// The most memory the process ever had.
    pub(crate) peak_mb: u64,
}

impl Others {
    /// Starts it.
    pub(crate) fn start(python: &Path) -> io::Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/min_cost_flow.py");
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let missing = || io::Error::other("no pipe to the oracle");
        let requests = BufWriter::new(child.stdin.take().ok_or_else(missing)?);
        let answers = BufReader::new(child.stdout.take().ok_or_else(missing)?);
        Ok(Self {
            child,
            requests,
            answers,
        })
    }

    /// Where flows and questions are written.
    pub(crate) fn requests(&mut self) -> &mut impl io::Write {
        &mut self.requests
    }

    /// Asks a solver about the flow given last.
    pub(crate) fn solve(&mut self, solver: &str) -> io::Result<Solved> {
        writeln!(self.requests, "solve {solver}")?;
        self.requests.flush()?;
        self.answer()
    }

    fn answer(&mut self) -> io::Result<Solved> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let read = || -> Option<Solved> {
            let [cost, build, solve, peak] = words.as_slice() else {
                return None;
            };
            Some(Solved {
                cost: cost.parse().ok()?,
                build_ms: build.parse().ok()?,
                solve_ms: solve.parse().ok()?,
                peak_mb: peak.parse().ok()?,
            })
        };
        read().ok_or_else(|| io::Error::other(format!("the oracle answered {line:?}")))
    }
}

impl Drop for Others {
    fn drop(&mut self) {
        // It ends by itself at the end of its input; one that still solves is not waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
