//! A PostgreSQL of the test's own: made in a temporary folder, reached by a socket in that folder, one for a test
//! process, with a database for each test. It is ended and removed when the process ends, however it ends.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// What a Debian machine needs; `cargo xtask run` and `cargo xtask test` install it.
const PACKAGE: &str = "postgresql";

/// A running server.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    made: AtomicU32,
    /// Waits for this process to end, then ends the server and removes its folder. It is never waited for: what it
    /// waits for is the closing of its input, which the system does for whoever ends.
    _keeper: Child,
}

impl Cluster {
    /// The one of this process, started when it is first asked for.
    ///
    /// # Panics
    /// When PostgreSQL is not installed, with the package that brings it, or does not start.
    pub fn of_this_process() -> &'static Self {
        static ONE: OnceLock<Cluster> = OnceLock::new();
        ONE.get_or_init(Self::start)
    }

    /// Whether this machine has PostgreSQL.
    #[must_use]
    pub fn is_installed() -> bool {
        installed().is_some()
    }

    fn start() -> Self {
        let bin = programs();
        let folder = tempfile::Builder::new()
            .prefix("jitasa-pg")
            .tempdir()
            .expect("a temporary folder")
            .keep();
        let user = own(&folder);
        let place = |name: &str| folder.join(name);
        let data = place("data");
        run(as_user(user.as_deref(), &bin.join("initdb"))
            .args([
                "--username=jitasa",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--pgdata",
            ])
            .arg(&data));
        // No port of the machine is taken: only the socket in the folder is listened at.
        let settings = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c max_connections=200",
            folder.display()
        );
        let keeper = keeper(&bin, &folder, user.as_deref());
        run(as_user(user.as_deref(), &bin.join("pg_ctl"))
            .args(["start", "-w", "-s", "-o", &settings, "-l"])
            .arg(place("log"))
            .arg("-D")
            .arg(&data));
        Self {
            folder,
            made: AtomicU32::new(0),
            _keeper: keeper,
        }
    }

    /// The URL of a database of this server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres:///{database}?host={}&user=jitasa",
            self.folder.display().to_string().replace('/', "%2F")
        )
    }

    /// A connection to a database of this server, past every ledger.
    ///
    /// # Panics
    /// When it cannot be reached.
    #[must_use]
    pub fn client(&self, database: &str) -> postgres::Client {
        postgres::Client::connect(&self.url(database), postgres::NoTls)
            .expect("the test's own server")
    }

    /// The name of a new, empty database.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn database(&self) -> String {
        let name = format!("story_{}", self.made.fetch_add(1, Ordering::Relaxed));
        let make = format!("CREATE DATABASE {name} TEMPLATE template0");
        self.client("postgres")
            .batch_execute(&make)
            .expect("a database is made");
        name
    }

    /// The name of a new database that holds what another one holds. Who is connected to that is cut off.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn copy_of(&self, database: &str) -> String {
        let name = format!("story_{}", self.made.fetch_add(1, Ordering::Relaxed));
        let cut_off = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
        let make = format!("CREATE DATABASE {name} TEMPLATE {database}");
        let mut client = self.client("postgres");
        client
            .query(cut_off, &[&database])
            .expect("others are cut off");
        client.batch_execute(&make).expect("a database is copied");
        name
    }

    /// Removes a database, whoever is connected to it.
    pub fn drop_database(&self, name: &str) {
        // The story is over either way.
        let _ = self
            .client("postgres")
            .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}

/// Ends the server when this process has ended and removes the folder: a shell that reads until its input closes.
fn keeper(bin: &Path, folder: &Path, user: Option<&str>) -> Child {
    const SCRIPT: &str = r#"
        trap '' INT TERM HUP
        while read -r _; do :; done
        "$@" stop -m immediate -s -D "$FOLDER/data"
        rm -rf "$FOLDER"
    "#;
    let stop = as_user(user, &bin.join("pg_ctl"));
    Command::new("sh")
        .args(["-c", SCRIPT, "keeper"])
        .arg(stop.get_program())
        .args(stop.get_args())
        .env("FOLDER", folder)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell")
}

fn programs() -> PathBuf {
    installed().unwrap_or_else(|| {
        panic!(
            "PostgreSQL 15 or newer is not installed, and these tests run on a real one: \
             apt-get install {PACKAGE} (cargo xtask setup does it)"
        )
    })
}

/// Debian keeps the programs of each version apart, off the path; others have them on it.
fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let newest = versions
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter_map(|version| version.file_name().to_str()?.parse::<u32>().ok())
        .filter(|version| *version >= 15)
        .max();
    if let Some(version) = newest {
        return Some(PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

/// PostgreSQL does not run as root: where the tests do, the folder is given to a user who owns nothing else.
fn own(folder: &Path) -> Option<String> {
    let id = |arguments: &[&str]| {
        let said = Command::new("id").args(arguments).output().ok()?;
        String::from_utf8(said.stdout)
            .ok()?
            .trim()
            .parse::<u32>()
            .ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let user = "nobody";
    let uid = id(&["-u", user]).expect("the user nobody");
    #[cfg(unix)]
    std::os::unix::fs::chown(folder, Some(uid), None).expect("root may give a folder away");
    #[cfg(not(unix))]
    let _ = uid;
    Some(user.to_string())
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid", user, "--regid", "nogroup", "--clear-groups"])
                .arg(program);
            command
        }
        None => Command::new(program),
    };
    // The folder cargo runs us in may be closed to that user.
    command.current_dir("/").env_remove("PGDATA");
    command
}

fn run(command: &mut Command) {
    // Not piped: the server that is started would hold the pipe open.
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .expect("PostgreSQL's programs start");
    assert!(status.success(), "{command:?} ended with {status}");
}
