//! `serve`: opens the ledger, finds the certificate, listens, and stops when it is asked to.

use std::{
    io::{self, Write as _},
    net::{SocketAddr, ToSocketAddrs as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, bail};
use axum_server::tls_rustls::RustlsConfig;
use clap::Args;
use jitasa_server::{
    Rim, Serving, certificate, clock::now, own_root::OwnRoot, serving_file::ServingNow,
};

use super::Place;

/// How often it is asked whether the certificate is to be renewed, or was by others.
const RENEWAL_CHECK_S: u64 = 12 * 60 * 60;

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address and port, such as 127.0.0.1:8450; port 0 takes a free one. Addresses that other
    /// machines reach need a certificate.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8450")]
    listen: String,
    /// Certificate chain in PEM, the server's own first. Read again twice a day.
    #[arg(
        long,
        value_name = "FILE",
        requires = "key",
        conflicts_with = "own_root"
    )]
    certificate: Option<PathBuf>,
    /// Its private key in PEM.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// Makes a root certificate of its own in the data folder, once, and below it a certificate for
    /// the names of --name, renewed by itself.
    #[arg(long, requires = "name")]
    own_root: bool,
    /// A name or address under which desks reach this server. The first stands on the slips with
    /// codes.
    #[arg(long, value_name = "HOST")]
    name: Vec<String>,
    /// Requests a second that one device may keep up; it is told to wait beyond that.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    device_rate: u32,
    /// Connections open at once.
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..=65_535))]
    connections: u32,
}

/// Where the certificate comes from.
#[derive(Debug, Clone)]
enum Source {
    Files { certificate: PathBuf, key: PathBuf },
    Own { root: OwnRoot, names: Vec<String> },
}

impl Source {
    fn certificate(&self) -> PathBuf {
        match self {
            Self::Files { certificate, .. } => certificate.clone(),
            Self::Own { root, .. } => root.leaf(),
        }
    }

    /// What is to be shown now; made anew when it is near its end.
    fn config(&self) -> anyhow::Result<Arc<rustls::ServerConfig>> {
        let (certificate, key) = match self {
            Self::Files { certificate, key } => (certificate.clone(), key.clone()),
            Self::Own { root, names } => {
                if root.renew(names, now())? {
                    tracing::info!("a certificate was made");
                }
                (root.leaf(), root.leaf_key())
            }
        };
        let read = |path: &Path| {
            std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
        };
        Ok(certificate::config(&read(&certificate)?, &read(&key)?)?)
    }
}

impl Serve {
    pub(super) fn run(self, data: &Place) -> anyhow::Result<ExitCode> {
        let is_secure = self.own_root || self.certificate.is_some();
        let address = address(&self.listen, is_secure)?;
        // Held here as well: a ledger must not be dropped inside the runtime, which its connection may wait in.
        let province = Arc::new(super::open(data)?);
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
        let source = self.source(data)?;
        let config = source.as_ref().map(Source::config).transpose()?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind(address)
                .await
                .with_context(|| format!("cannot listen on {address}"))?;
            let bound = listener.local_addr()?;
            let serving = self.serving(data, bound, source.as_ref())?;
            let now_serving = ServingNow {
                url: serving.url.clone(),
                certificate: source.as_ref().map(Source::certificate),
                root_certificate: serving.root_certificate.clone(),
            };
            now_serving
                .tell(data)
                .with_context(|| format!("the data folder {} cannot be written", data.display()))?;
            let stop = stop_signal()?;
            let tls = config.map(RustlsConfig::from_config);
            if let (Some(tls), Some(source)) = (&tls, source) {
                tokio::spawn(renewed(tls.clone(), source));
            }
            let mut out = io::stdout();
            let scheme = if serving.secure { "https" } else { "http" };
            writeln!(out, "listening on {scheme}://{bound}")?;
            out.flush()?;
            let rim = Rim::new(Arc::clone(&province), serving);
            jitasa_server::serve_as(listener, rim, tls, stop).await?;
            tracing::info!("stopped");
            Ok(ExitCode::SUCCESS)
        })
    }

    fn source(&self, data: &Place) -> anyhow::Result<Option<Source>> {
        if self.own_root {
            let root = OwnRoot::of(data, now())?;
            writeln!(
                io::stderr(),
                "the root certificate that desks are given: {}",
                root.root().display()
            )?;
            let names = self.name.clone();
            return Ok(Some(Source::Own { root, names }));
        }
        Ok(match (&self.certificate, &self.key) {
            (Some(certificate), Some(key)) => Some(Source::Files {
                certificate: certificate.clone(),
                key: key.clone(),
            }),
            _ => None,
        })
    }

    fn serving(
        &self,
        data: &Place,
        bound: SocketAddr,
        source: Option<&Source>,
    ) -> anyhow::Result<Serving> {
        let scheme = if source.is_some() { "https" } else { "http" };
        let host = match self.name.first() {
            Some(name) if name.contains(':') => format!("[{name}]:{}", bound.port()),
            Some(name) => format!("{name}:{}", bound.port()),
            None => bound.to_string(),
        };
        let root_certificate = match source {
            Some(Source::Own { root, .. }) => Some(std::fs::read_to_string(root.root())?),
            Some(Source::Files { .. }) | None => None,
        };
        Ok(Serving {
            folder: Some(data.to_path_buf()),
            secure: source.is_some(),
            root_certificate,
            rate_per_s: self.device_rate,
            connections_max: usize::try_from(self.connections)?,
            ..Serving::plain(format!("{scheme}://{host}"))
        })
    }
}

/// Looks twice a day whether the certificate is to be renewed, or was by others, and shows the new
/// one to whoever connects from then on. One that cannot be used leaves the old one in place.
async fn renewed(tls: RustlsConfig, source: Source) {
    let mut clock = tokio::time::interval(Duration::from_secs(RENEWAL_CHECK_S));
    // The first tick is at once, and what is shown is fresh.
    clock.tick().await;
    loop {
        clock.tick().await;
        let source = source.clone();
        match tokio::task::spawn_blocking(move || source.config()).await {
            Ok(Ok(config)) => tls.reload_from_config(config),
            Ok(Err(error)) => tracing::error!(error = %error, "the certificate was not renewed"),
            Err(_) => tracing::error!("the certificate was not renewed"),
        }
    }
}

/// Plain HTTP must not leave the machine: names and tokens would cross the wire in the open.
fn address(listen: &str, is_secure: bool) -> anyhow::Result<SocketAddr> {
    let addresses: Vec<_> = listen
        .to_socket_addrs()
        .with_context(|| format!("{listen} is not an address and port, such as 127.0.0.1:8450"))?
        .collect();
    match addresses.first() {
        Some(address) if is_secure || addresses.iter().all(|each| each.ip().is_loopback()) => {
            Ok(*address)
        }
        _ => bail!(
            "{listen} can be reached from other machines, and without a certificate this server \
             speaks plain HTTP: give --certificate and --key, or --own-root and --name, or listen \
             on 127.0.0.1 and put a reverse proxy with TLS in front of it"
        ),
    }
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
