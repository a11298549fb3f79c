//! `jitasa-province`: the provincial server. Thin: reads the command line, prints, sets exit codes.

use std::{
    io::{self, Write as _},
    net::{SocketAddr, ToSocketAddrs as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use jitasa_domain::Timestamp;
use jitasa_server::{
    OfficeLine, Province,
    clock::now,
    enrol::is_office_code,
    province::{CodeTerms, NewCodeError},
};
use uuid::Uuid;

/// The provincial server of Jitasa Desk: offices' desks push their changes here and pull those of
/// others.
///
/// Exit codes: 0 done, 1 refused (a reason is printed), 2 wrong usage.
#[derive(Debug, Parser)]
#[command(name = "jitasa-province", version, arg_required_else_help = true)]
struct Cli {
    /// Folder that holds the province's ledger; made when it is not there.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
enum Command {
    /// Serves desks until it is asked to stop (SIGTERM or Ctrl-C).
    ///
    /// Prints `listening on http://ADDRESS:PORT` on one line when it is ready; logs go to stderr as
    /// one JSON object a line and name no person. It speaks plain HTTP and so listens on this
    /// machine only; a reverse proxy with TLS stands in front of it.
    #[command(version)]
    Serve {
        /// Address and port of this machine, such as 127.0.0.1:8450; port 0 takes a free one.
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8450")]
        listen: String,
    },
    /// Prints a one-time code that lets one device of an office in.
    ///
    /// Ten characters, good for 24 hours, one device and five tries. It is kept hashed, so it cannot
    /// be shown again. The first code makes this the server of the office's province.
    #[command(version)]
    Enrol {
        /// The office's code: six digits for a subdistrict, four for a district.
        #[arg(long, value_name = "CODE")]
        office: String,
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
    },
}

fn main() -> ExitCode {
    // clap ends the process itself: 0 for help and version, 2 for wrong usage.
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "jitasa-province: {error:#}");
            ExitCode::from(1)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let open = || {
        Province::open(&cli.data)
            .with_context(|| format!("the data folder {} cannot be used", cli.data.display()))
    };
    match cli.command {
        Command::Serve { listen } => {
            let address = loopback(&listen)?;
            serve(open()?, address)
        }
        Command::Enrol { office } => {
            if !is_office_code(&office) {
                // Said before anything is made on the disk.
                bail!(NewCodeError::OfficeCode);
            }
            let code = open()?.new_code(&office, CodeTerms::default(), now())?;
            writeln!(io::stdout(), "{code}")?;
            writeln!(
                io::stderr(),
                "for one device of office {office}; good for 24 hours and five tries"
            )?;
            Ok(())
        }
        Command::Offices => list(&existing(&cli.data)?.offices()?),
        Command::Revoke { device } => {
            if !existing(&cli.data)?.revoke(device, "lost")? {
                bail!("no device of that id has been let in");
            }
            writeln!(io::stdout(), "shut out {device}")?;
            Ok(())
        }
    }
}

/// A question must not make a ledger where there is none.
fn existing(dir: &Path) -> anyhow::Result<Province> {
    if !dir.join(jitasa_server::province::LEDGER_FILE).is_file() {
        bail!("there is no province's ledger in {}", dir.display());
    }
    Province::open(dir).with_context(|| format!("the ledger in {} cannot be opened", dir.display()))
}

fn list(offices: &[OfficeLine]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:<8} {:>7}  {:<16}  {:>5}",
        "office", "devices", "last heard (B.E.)", "held"
    )?;
    for office in offices {
        let heard = office
            .last_seen_at
            .map_or_else(|| "-".to_string(), in_buddhist_era);
        let (code, devices, kept) = (&office.office_code, office.devices, office.kept);
        writeln!(out, "{code:<8} {devices:>7}  {heard:<17}  {kept:>4}")?;
    }
    Ok(())
}

fn in_buddhist_era(moment: Timestamp) -> String {
    let at = moment.in_bangkok();
    let (year, month, day) = (i32::from(at.year()) + 543, at.month(), at.day());
    format!(
        "{year}-{month:02}-{day:02} {:02}:{:02}",
        at.hour(),
        at.minute()
    )
}

/// Plain HTTP must not leave the machine: names and tokens would cross the wire in the open.
fn loopback(listen: &str) -> anyhow::Result<SocketAddr> {
    let addresses: Vec<_> = listen
        .to_socket_addrs()
        .with_context(|| format!("{listen} is not an address and port, such as 127.0.0.1:8450"))?
        .collect();
    match addresses.first() {
        Some(address) if addresses.iter().all(|each| each.ip().is_loopback()) => Ok(*address),
        _ => bail!(
            "{listen} can be reached from other machines, and this server speaks plain HTTP: \
             listen on 127.0.0.1 and put a reverse proxy with TLS in front of it"
        ),
    }
}

fn serve(province: Province, address: SocketAddr) -> anyhow::Result<()> {
    province.make_whole(now())?;
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("JITASA_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info")),
        )
        .with_writer(io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}"))?;
        let bound = listener.local_addr()?;
        let mut out = io::stdout();
        writeln!(out, "listening on http://{bound}")?;
        out.flush()?;
        let stop = stop_signal()?;
        jitasa_server::serve(listener, Arc::new(province), stop).await?;
        tracing::info!("stopped");
        Ok(())
    })
}

#[cfg(unix)]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
