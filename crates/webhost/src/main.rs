//! `jitasa-webhost`: serves the pages and the API to a browser of this machine.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use jitasa_app::{App, SystemEnv};
use jitasa_webhost::{Pages, router};
use tokio::net::TcpListener;

/// The pages of Jitasa Desk and its API for a browser of this machine.
///
/// It listens on loopback only and answers only requests that name this machine as their host. When it
/// is ready it prints `listening on http://127.0.0.1:PORT`; it ends on Ctrl-C or SIGTERM.
#[derive(Debug, Parser)]
#[command(name = "jitasa-webhost", version)]
struct Arguments {
    /// Folder of the desk's data; made when it is not there.
    #[arg(long, value_name = "DIR", env = "JITASA_DATA")]
    data: PathBuf,
    /// Folder of the built pages.
    #[arg(long, value_name = "DIR", default_value = "ui/dist")]
    ui: PathBuf,
    /// Address on loopback to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match serve(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "jitasa-webhost: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(arguments: &Arguments) -> Result<()> {
    ensure!(
        arguments.listen.ip().is_loopback(),
        "--listen must be an address of loopback"
    );
    let pages = Pages::read(&arguments.ui).with_context(|| {
        format!(
            "the pages in {} cannot be read; build them first",
            arguments.ui.display()
        )
    })?;
    let app = App::open(&arguments.data, Arc::new(SystemEnv))
        .map_err(|error| anyhow::anyhow!(jitasa_app::message(&error)))?;
    let listener = TcpListener::bind(arguments.listen)
        .await
        .context("cannot listen there")?;
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "listening on http://{address}")?;
    let router = router(Arc::new(app), Arc::new(pages), address.port());
    axum::serve(listener, router)
        .with_graceful_shutdown(told_to_stop())
        .await?;
    Ok(())
}

/// Ends with Ctrl-C, or with the SIGTERM of whoever started us.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
