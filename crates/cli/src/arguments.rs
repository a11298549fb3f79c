//! What may be typed. The texts here are the manual: `jitasa --help` and each subcommand's `--help`.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

/// The desk of a district or subdistrict office on the command line: the same office, rules and records
/// as in the window, for scripts and for whoever looks after the computers.
#[derive(Debug, Parser)]
#[command(name = "jitasa", version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Folder of the desk's data; made by `init` when it is not there.
    #[arg(long, value_name = "DIR", env = "JITASA_DATA", global = true)]
    pub(crate) data: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) subcommand: Subcommand,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  refused; the reason has a code
  2  the command line was not understood
  3  done, with rows or changes that need a person

Examples:
  jitasa --data desk init --office 450905
  jitasa --data desk import cases calls.csv --dry-run
  jitasa --data desk call search.find '{\"text\":\"สมชาย\",\"limit\":10}'
  jitasa --data desk export cases --out report.xlsx";

// Each is explained at its own arguments, which clap reads.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Subcommand {
    Init(Init),
    Call(Call),
    Import(Import),
    Export(Export),
    Enrol(Enrol),
    Sync(Sync),
    Batch(Batch),
    Doctor(Doctor),
}

/// Open an office on an empty folder: a real one, or a made-up one to practise on.
///
/// A folder that already holds an office is refused and left as it is.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
pub(crate) struct Init {
    /// The office: DOPA code of its subdistrict (6 digits) or district (4 digits).
    #[arg(long, value_name = "CODE", group = "what")]
    pub(crate) office: Option<String>,
    /// What the office calls itself; without it, the name is made from its area.
    #[arg(
        long,
        value_name = "TEXT",
        requires = "office",
        conflicts_with = "practice"
    )]
    pub(crate) name: Option<String>,
    /// Fill it with made-up people and cases of อำเภอหนองพอก. With --office, that must be the office of
    /// the practice data.
    #[arg(long, group = "what")]
    pub(crate) practice: bool,
    /// How much practice data.
    #[arg(long, requires = "practice", default_value = "office")]
    pub(crate) size: Size,
    /// The same number makes the same people and cases again.
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "practice",
        default_value_t = 1
    )]
    pub(crate) seed: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Size {
    /// One subdistrict over a month: enough to try everything.
    Office,
    /// All subdistricts of the district.
    Amphoe,
    /// As much as a province collects.
    Province,
    /// A million cases, to measure with.
    Million,
}

impl Size {
    /// As the API calls it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Amphoe => "amphoe",
            Self::Province => "province",
            Self::Million => "million",
        }
    }
}

/// Call any command of the API and print its answer as JSON.
///
/// A refusal is printed as JSON too, {"code", "message", "details"}, and ends with exit code 1.
/// `jitasa call --list` names the commands.
#[derive(Debug, Args)]
pub(crate) struct Call {
    /// Name of the command, like case.list.
    #[arg(value_name = "COMMAND", required_unless_present = "list")]
    pub(crate) command: Option<String>,
    /// The request; `-` reads it from standard input. Without it, an empty request is sent.
    #[arg(value_name = "JSON")]
    pub(crate) request: Option<String>,
    /// Print the names of all commands with what each does, and end.
    #[arg(long, conflicts_with_all = ["command", "request"])]
    pub(crate) list: bool,
}

/// Read a list of cases or villages from a CSV file (UTF-8 or Windows-874).
///
/// Columns may stand in any order under their Thai headings. When a row has something wrong nothing is
/// stored: mend the file and read it again, or say --accept-valid to store the good rows and set the
/// others aside. Ends with exit code 3 when rows were set aside, stored or not.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// What the file lists.
    #[arg(value_name = "KIND")]
    pub(crate) kind: ImportKind,
    /// The file.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Read and report only; store nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Store the good rows although others are set aside.
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) accept_valid: bool,
    /// Print the report as JSON: rows, accepted, set_aside, problems [{row, column, code, message}], ...
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportKind {
    /// ลำดับ, วันที่แจ้ง, คำนำหน้า, ชื่อ, สกุล, เลขประจำตัวประชาชน, โทรศัพท์, บ้านเลขที่, หมู่ที่, ตำบล, ความต้องการ,
    /// ความเร่งด่วน, จำนวนคน, ละติจูด, ลองจิจูด, หมายเหตุ
    Cases,
    /// รหัสหมู่บ้าน (or ตำบล and หมู่ที่), ชื่อหมู่บ้าน
    Villages,
}

impl ImportKind {
    /// As the API calls it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Cases => "cases",
            Self::Villages => "villages",
        }
    }
}

/// Write cases, volunteers or assignments to a file. Its ending says the format: .xlsx, .csv or .geojson.
///
/// Citizen ids and phones are masked unless --unmasked is said with the reason why they must leave the
/// office; every export is kept in the office's audit.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// What to write.
    #[arg(value_name = "KIND")]
    pub(crate) kind: ExportKind,
    /// Where to.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Which cases, as JSON: the filter of case.list, e.g. {"urgencies":["critical"],"areas":["450905"]}.
    /// Without it, all of them, closed ones too.
    #[arg(long, value_name = "JSON")]
    pub(crate) filter: Option<String>,
    /// Write citizen ids and phones whole.
    #[arg(long, requires = "reason")]
    pub(crate) unmasked: bool,
    /// Why the list leaves the office; kept with the export.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ExportKind {
    /// People in need and what became of it.
    Cases,
    /// The register of volunteers.
    Volunteers,
    /// Who was sent where.
    Assignments,
    /// What the province did not apply, with both values and what was decided (.xlsx, .csv).
    Troubles,
}

impl ExportKind {
    /// As the API calls it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Cases => "cases",
            Self::Volunteers => "volunteers",
            Self::Assignments => "assignments",
            Self::Troubles => "troubles",
        }
    }
}

/// Make this desk known to the provincial server, with the one-time code that the province gave.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("how").required(true))]
pub(crate) struct Enrol {
    /// Address of the provincial server, like https://sync.example.go.th.
    #[arg(long, value_name = "URL", group = "how", requires = "code")]
    pub(crate) server: Option<String>,
    /// The one-time code (`jitasa-province enrol --office CODE` prints one).
    #[arg(long, value_name = "CODE", requires = "server")]
    pub(crate) code: Option<String>,
    /// The authority that signed the server's certificate (PEM), when it is the province's own.
    #[arg(long, value_name = "FILE", requires = "server")]
    pub(crate) root: Option<PathBuf>,
    /// The province's enrolment file, or its grant to a request.
    #[arg(long, value_name = "FILE", group = "how")]
    pub(crate) bundle: Option<PathBuf>,
    /// Write a request for a province that this desk has no line to (`jitasa-province admit FILE` answers it).
    #[arg(long, value_name = "FILE", group = "how")]
    pub(crate) request: Option<PathBuf>,
}

/// Send and fetch by file, where there is no line: the same bytes, the same answer.
#[derive(Debug, Args)]
pub(crate) struct Batch {
    #[command(subcommand)]
    pub(crate) way: BatchWay,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum BatchWay {
    /// Write what waits to a file for the province (`jitasa-province batch take FILE --receipt FILE`).
    Write {
        /// The file to write.
        file: PathBuf,
        /// Print what it holds as JSON: path, changes, bytes, first_seq, last_seq, left.
        #[arg(long)]
        json: bool,
    },
    /// Take in the province's receipt. Taken in twice, it changes nothing.
    ///
    /// Ends with exit code 3 when changes need a person.
    Receipt {
        /// The province's file.
        file: PathBuf,
        /// Print the receipt as JSON: sent, new, merged, conflicts, held, received, pending.
        #[arg(long)]
        json: bool,
    },
}

/// Send what is waiting and fetch what is new, once.
///
/// Ends with exit code 3 when changes need a person: two offices wrote the same field, or the server
/// holds a change back.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Sync {
    /// Print the receipt as JSON: sent, new, merged, conflicts, held, received, pending.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Look the desk's store over: file, key, integrity, sync. Changes nothing.
///
/// Ends with exit code 3 when something needs a person.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Doctor {
    /// Print the findings as JSON: ok, findings [{code, level, details}].
    #[arg(long)]
    pub(crate) json: bool,
}
