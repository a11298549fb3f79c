//! The command line: one variant a command, one function each.

mod carry;
mod database;
mod keep;
mod people;
mod serve;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand, ValueEnum};
use jitasa_server::{
    Province, files::make_folder, postgres::Database, province::CodeTerms, register::RevokedHow,
};
use uuid::Uuid;

use self::database::{Postgres, in_full};

/// The provincial server of Jitasa Desk: offices' desks push their changes here and pull those of
/// others.
///
/// Exit codes: 0 done, 1 refused (a reason is printed), 2 wrong usage, 3 `doctor` or `verify` found
/// something.
#[derive(Debug, Parser)]
#[command(name = "jitasa-province", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// Folder that holds the province's ledger, its certificates and what the server says of itself; made when it is
    /// not there.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    postgres: Postgres,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
enum Command {
    /// Serves desks until it is asked to stop (SIGTERM or Ctrl-C).
    ///
    /// Prints `listening on https://ADDRESS:PORT` (or http) on one line when it is ready; logs go to
    /// stderr as one JSON object a line and name no person. Without a certificate it speaks plain
    /// HTTP and so listens on this machine only.
    #[command(version)]
    Serve(serve::Serve),
    /// Prints a one-time link that opens the operator's page, good for ten minutes.
    #[command(version)]
    Operator {
        /// Who signs in, as the list of acts is to show; the account of this machine if not given.
        #[arg(long, value_name = "NAME")]
        who: Option<String>,
    },
    /// Prints a one-time code that lets devices of an office in.
    ///
    /// Ten characters, good for 24 hours and five tries. It is kept hashed, so it cannot be shown
    /// again. The first code makes this the server of the office's province.
    #[command(version)]
    Enrol {
        /// The office's code: six digits for a subdistrict, four for a district.
        #[arg(long, value_name = "CODE")]
        office: String,
        /// How many devices it lets in.
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
        devices: u32,
        /// Each device waits until the operator has compared its six words.
        #[arg(long)]
        compare: bool,
        /// Writes an enrolment file besides: where the server is, how it is trusted, and the code.
        #[arg(long, value_name = "FILE")]
        bundle: Option<PathBuf>,
    },
    /// Lets in a device whose request came in a file (`jitasa enrol --request FILE`), and writes the grant.
    ///
    /// Prints the six words of its key: read them to the office by telephone before the grant goes back.
    #[command(version)]
    Admit {
        /// The device's file.
        request: PathBuf,
        /// Where the grant goes.
        #[arg(long, value_name = "FILE")]
        bundle: PathBuf,
    },
    /// Changes that come by file.
    #[command(version)]
    Batch {
        #[command(subcommand)]
        way: BatchWay,
    },
    /// Says that this ledger was put back from an old copy: a new epoch begins, and desks offer again what is not here.
    ///
    /// Not needed for a copy that `backup` made: it knows. What desks had seen is then not believed to be shared,
    /// so more of what waits there becomes a conflict for a person.
    #[command(version)]
    Restored {
        /// Nothing was served since it was put back: what it holds now is what the copy held.
        #[arg(long)]
        fresh: bool,
    },
    /// Prints the statements that make the tables in PostgreSQL, for its administrator.
    ///
    /// Without a flag all provinces of the database lie together, as `serve` makes them by itself where it may.
    #[command(version)]
    Layout {
        /// Partitions the tables by province, with a partition for this one (two digits); more than once for more.
        #[arg(long, value_name = "CODE", conflicts_with = "citus")]
        partition: Vec<String>,
        /// Spreads the tables over the machines of Citus by province.
        #[arg(long)]
        citus: bool,
    },
    /// Lists the offices that have been let in: devices, when last heard, changes held.
    #[command(version)]
    Offices,
    /// Shuts a device out: from its next request it gets nothing more.
    #[command(version)]
    Revoke {
        /// The device's id, as its desk shows it.
        #[arg(long, value_name = "ID")]
        device: Uuid,
        /// What happened to it.
        #[arg(long, value_enum, default_value_t = How::Lost)]
        how: How,
        /// Why, for the list of acts.
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Makes a verified backup while the server runs.
    ///
    /// The file is copied, flushed, looked through and hashed before it gets its name; a manifest is
    /// written beside it. Nothing is overwritten.
    #[command(version)]
    Backup {
        /// A file that is not there yet, or a folder: then the file is named after the moment.
        file: PathBuf,
        /// In a folder: how many verified backups stay; older ones are taken away.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        keep: Option<u16>,
    },
    /// Looks a backup through and compares it with its manifest.
    #[command(version)]
    Verify {
        /// The backup.
        file: PathBuf,
    },
    /// Looks after the server: folder, disk, ledger, certificate, clock, devices, codes, backups.
    ///
    /// Says each thing in Thai and English; exit code 3 when something needs a look. It reads only.
    #[command(version)]
    Doctor,
}

#[derive(Debug, Subcommand)]
enum BatchWay {
    /// Takes a desk's file (`jitasa batch write FILE`) and writes the answer: the same as by the line. Twice is once.
    Take {
        /// The desk's file.
        file: PathBuf,
        /// Where the answer goes.
        #[arg(long, value_name = "FILE")]
        receipt: PathBuf,
    },
}

/// What happened to a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum How {
    /// Lost or stolen.
    Lost,
    /// Retired in order, after it had sent everything.
    Retired,
}

impl From<How> for RevokedHow {
    fn from(how: How) -> Self {
        match how {
            How::Lost => Self::Lost,
            How::Retired => Self::Retired,
        }
    }
}

/// Does what was asked.
///
/// # Errors
/// What is printed before exit code 1.
pub(crate) fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let place = Place {
        database: cli.postgres.database()?,
        folder: cli.data,
    };
    let data = &place;
    match cli.command {
        Command::Serve(serve) => serve.run(data),
        Command::Operator { who } => people::operator(data, who),
        Command::Enrol {
            office,
            devices,
            compare,
            bundle,
        } => {
            let terms = CodeTerms {
                devices_max: devices,
                confirms: !compare,
            };
            people::enrol(data, &office, terms, bundle.as_deref())
        }
        Command::Admit { request, bundle } => carry::admit(data, &request, &bundle),
        Command::Batch {
            way: BatchWay::Take { file, receipt },
        } => carry::take(data, &file, &receipt),
        Command::Restored { fresh } => carry::restored(data, fresh),
        Command::Layout { partition, citus } => keep::layout(partition, citus),
        Command::Offices => people::offices(data),
        Command::Revoke {
            device,
            how,
            reason,
        } => people::revoke(data, device, how.into(), &reason),
        Command::Backup { file, keep } => keep::backup(data, &file, keep),
        Command::Verify { file } => keep::verify(&file),
        Command::Doctor => keep::doctor(data),
    }
}

/// Where the ledger and what belongs to it are.
#[derive(Debug)]
struct Place {
    folder: PathBuf,
    /// None when the ledger is in the folder.
    database: Option<Database>,
}

impl std::ops::Deref for Place {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.folder
    }
}

/// The ledger that was named; in a folder it is made when it is not there.
fn open(place: &Place) -> anyhow::Result<Province> {
    if let Some(database) = &place.database {
        // What the server says of itself and its certificates lie here all the same.
        make_folder(place)
            .with_context(|| format!("the data folder {} cannot be used", place.display()))?;
        return Province::connect(database)
            .map_err(in_full)
            .context("the ledger's database cannot be used");
    }
    Province::open(place)
        .with_context(|| format!("the data folder {} cannot be used", place.display()))
}

/// A question must not make a ledger where there is none.
fn existing(place: &Place) -> anyhow::Result<Province> {
    if place.database.is_some() {
        return open(place);
    }
    if !place.join(jitasa_server::province::LEDGER_FILE).is_file() {
        bail!("there is no province's ledger in {}", place.display());
    }
    Province::open(place)
        .with_context(|| format!("the ledger in {} cannot be opened", place.display()))
}

/// The account that runs the command: who answers for it in the list of acts.
fn account() -> String {
    ["SUDO_USER", "USER", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_else(number_of_account)
}

#[cfg(unix)]
fn number_of_account() -> String {
    format!("uid {}", rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
fn number_of_account() -> String {
    "-".to_string()
}
