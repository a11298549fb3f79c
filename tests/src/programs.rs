//! The built programs as processes: `jitasa` and `jitasa-province`, run the way an office and a
//! province run them.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

/// Where a built program lies: beside the program that asks, or beside the folder of the test that does.
///
/// # Panics
/// When it has not been built, with the command that builds it.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it lies");
    let folder = test
        .ancestors()
        .skip(1)
        .find(|folder| !folder.ends_with("deps"))
        .expect("a test lies in target/*/deps");
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "the program {name} is not built; build it with: cargo build -p jitasa-cli -p jitasa-server"
    );
    program
}

/// What a program said and how it ended.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its exit code; -1 when it was killed.
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// The answer, which is JSON.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The same, when the program ended with this code.
    ///
    /// # Panics
    /// When it did not.
    #[must_use]
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

fn run(command: &mut Command, input: Option<&str>) -> Said {
    command.stdin(if input.is_some() {
        Stdio::piped()
    } else {
        Stdio::null()
    });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    // A desk of whoever runs the tests is none of theirs.
    command.env_remove("JITASA_DATA").env_remove("JITASA_LOG");
    let mut child = command.spawn().expect("the program starts");
    if let (Some(text), Some(mut pipe)) = (input, child.stdin.take()) {
        pipe.write_all(text.as_bytes())
            .expect("the program reads its input");
    }
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes| String::from_utf8(bytes).expect("a program writes UTF-8");
    Said {
        code: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// Runs `jitasa` with nothing but these arguments.
#[must_use]
pub fn jitasa(arguments: &[&str]) -> Said {
    run(Command::new(program("jitasa")).args(arguments), None)
}

/// A desk's folder and the command line on it.
#[derive(Debug, Clone)]
pub struct Desk(PathBuf);

impl Desk {
    /// The desk of a folder; nothing is made yet.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self(folder.to_path_buf())
    }

    /// A desk that has just opened an office.
    ///
    /// # Panics
    /// When `init` is refused.
    #[must_use]
    pub fn init(folder: &Path, office_code: &str) -> Self {
        let desk = Self::at(folder);
        let _ = desk.run(&["init", "--office", office_code]).ended(0);
        desk
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Runs `jitasa --data FOLDER ...`.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Said {
        run(
            Command::new(program("jitasa"))
                .arg("--data")
                .arg(&self.0)
                .args(arguments),
            None,
        )
    }

    /// `jitasa call COMMAND -` with the request on standard input.
    #[must_use]
    pub fn call(&self, command: &str, request: &Value) -> Said {
        let mut line = Command::new(program("jitasa"));
        line.arg("--data").arg(&self.0).args(["call", command, "-"]);
        run(&mut line, Some(&request.to_string()))
    }

    /// As [`Desk::call`]: the answer of a command that is not refused.
    ///
    /// # Panics
    /// When it is refused.
    #[must_use]
    #[track_caller]
    pub fn answer(&self, command: &str, request: &Value) -> Value {
        self.call(command, request).ended(0).json()
    }
}

/// A one-time code for an office, of the ledger that these arguments name.
///
/// # Panics
/// When the server gives none.
#[must_use]
pub fn one_time_code_from(place: &[String], office_code: &str) -> String {
    run(
        Command::new(program("jitasa-province")).args(place).args([
            "enrol",
            "--office",
            office_code,
        ]),
        None,
    )
    .ended(0)
    .out
    .trim()
    .to_string()
}

/// Runs `jitasa-province --data FOLDER ...`.
#[must_use]
pub fn province(folder: &Path, arguments: &[&str]) -> Said {
    run(
        Command::new(program("jitasa-province"))
            .arg("--data")
            .arg(folder)
            .args(arguments),
        None,
    )
}

/// A one-time code for an office.
///
/// # Panics
/// When the server gives none.
#[must_use]
pub fn one_time_code(province_folder: &Path, office_code: &str) -> String {
    let place = ["--data".to_string(), province_folder.display().to_string()];
    one_time_code_from(&place, office_code)
}

/// A provincial server under way. It is killed, as by a power cut, when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts it on a free port and waits for its word that it listens. What it logs is added to
    /// `log`.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(folder: &Path, log: &Path) -> Self {
        let place = ["--data".to_string(), folder.display().to_string()];
        Self::start_at(&place, "127.0.0.1:0", log).expect("the server says where it listens")
    }

    /// The same on the ledger that `place` names, at an address. None when it ends before it listens; `log` tells why.
    ///
    /// # Panics
    /// When it cannot be started at all.
    #[must_use]
    pub fn start_at(place: &[String], listen: &str, log: &Path) -> Option<Self> {
        let mut child = Self::spawn_at(place, listen, log);
        let mut line = String::new();
        let pipe = child.stdout.take().expect("its output is piped");
        BufReader::new(pipe)
            .read_line(&mut line)
            .expect("what it says is text");
        let address = line.trim().strip_prefix("listening on http://");
        match address.and_then(|address| address.parse().ok()) {
            Some(address) => Some(Self { child, address }),
            None => {
                drop(child.kill());
                drop(child.wait());
                None
            }
        }
    }

    /// Only begins to start it.
    ///
    /// # Panics
    /// When it cannot be started at all.
    #[must_use]
    pub fn spawn_at(place: &[String], listen: &str, log: &Path) -> Child {
        let log = File::options()
            .create(true)
            .append(true)
            .open(log)
            .expect("a log");
        Command::new(program("jitasa-province"))
            .args(place)
            .args(["serve", "--listen", listen])
            .env_remove("JITASA_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the server starts")
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// SIGKILL, and waits until it is gone.
    pub fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
