//! The way to the database: its URL, its password, TLS, time-outs. Nothing of the URL is ever shown.

use std::{path::PathBuf, sync::Arc, time::Duration};

use postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
};
use rustls::{
    ClientConfig, RootCertStore, pki_types::CertificateDer, pki_types::pem::PemObject as _,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{error::PostgresError, layout::is_province};

const APPLICATION: &str = "jitasa-province";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a silent server is believed to be there.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(30);
/// A statement is a batch's at most; what takes longer than a desk waits is of no use to it. Who was not waited for lets
/// go of the province. What was answered is on the disk, whatever the server's own settings say. Arrays and growing
/// tables make one plan for all a bad one, and compiling takes longer than any of these statements. Each of them reads
/// a few rows by a key: what the server believes of tables whose rows it has not counted must not make it read them whole.
const SETTINGS: &str = "-c statement_timeout=60000 -c lock_timeout=20000 \
     -c idle_in_transaction_session_timeout=60000 -c synchronous_commit=on \
     -c plan_cache_mode=force_custom_plan -c jit=off \
     -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

/// Where a ledger's database is and whose ledger is meant.
#[derive(Clone)]
pub struct Database {
    /// `postgres://user:password@host:port/database`, or `postgres:///database?host=/folder/of/the/socket`.
    pub url: String,
    /// The password, where the URL has none.
    pub password: Option<String>,
    /// A file of certificates (PEM) that the database's own is checked with, instead of the public ones.
    pub authority: Option<PathBuf>,
    /// Two digits: a database may hold the ledgers of many provinces.
    pub province: String,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database")
            .field("province", &self.province)
            .finish_non_exhaustive()
    }
}

/// What a connection is made with.
pub(super) struct Door {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Door {
    /// # Errors
    /// When the URL cannot be read, leads over a network without TLS, or the certificates cannot be read.
    pub(super) fn of(database: &Database) -> Result<Self, PostgresError> {
        if !is_province(&database.province) {
            return Err(PostgresError::Url("a province has two digits"));
        }
        // The parser's own words may quote a part of a password.
        let mut config: Config = database.url.parse().map_err(|_| {
            PostgresError::Url(
                "it must be postgres://USER@HOST/DATABASE, with other signs than letters and digits written as %XX",
            )
        })?;
        if config.get_password().is_none()
            && let Some(password) = &database.password
        {
            config.password(password);
        }
        let settings = match config.get_options() {
            Some(given) => format!("{given} {SETTINGS}"),
            None => SETTINGS.to_string(),
        };
        config
            .options(&settings)
            .application_name(APPLICATION)
            .keepalives_idle(SILENCE_TIMEOUT)
            .tcp_user_timeout(SILENCE_TIMEOUT);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        let tls = if config.get_ssl_mode() == SslMode::Require || !stays_here(&config) {
            if config.get_ssl_mode() == SslMode::Disable {
                return Err(PostgresError::Url(
                    "personal data must not cross a network without TLS; leave sslmode=disable out",
                ));
            }
            config.ssl_mode(SslMode::Require);
            Some(tls(database)?)
        } else {
            None
        };
        Ok(Self { config, tls })
    }

    pub(super) fn connect(&self) -> Result<Client, PostgresError> {
        let connected = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        // No role, no database, a wrong password: worth asking again, when somebody has put it right.
        connected.map_err(|error| match PostgresError::from(error) {
            PostgresError::Refused(why) => PostgresError::Unreachable(why),
            other => other,
        })
    }
}

/// Whether the database is on this machine.
fn stays_here(config: &Config) -> bool {
    let by_name = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    });
    let by_address = config
        .get_hostaddrs()
        .iter()
        .all(std::net::IpAddr::is_loopback);
    let is_named = !config.get_hosts().is_empty() || !config.get_hostaddrs().is_empty();
    is_named && by_name && by_address
}

fn tls(database: &Database) -> Result<MakeRustlsConnect, PostgresError> {
    let mut roots = RootCertStore::empty();
    match &database.authority {
        Some(file) => {
            let certificates = CertificateDer::pem_file_iter(file);
            for certificate in certificates.map_err(|_| PostgresError::Authority)? {
                let certificate = certificate.map_err(|_| PostgresError::Authority)?;
                roots
                    .add(certificate)
                    .map_err(|_| PostgresError::Authority)?;
            }
            if roots.is_empty() {
                return Err(PostgresError::Authority);
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| PostgresError::Authority)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(url: &str) -> Result<Door, PostgresError> {
        Door::of(&Database {
            url: url.into(),
            password: Some("from-a-file".into()),
            authority: None,
            province: "45".into(),
        })
    }

    #[test]
    fn only_what_stays_on_this_machine_goes_without_tls() {
        for here in [
            "postgres://jitasa@localhost/jitasa",
            "postgres://jitasa@127.0.0.1:5433/jitasa?sslmode=disable",
            "postgres://jitasa@[::1]/jitasa",
            "postgres:///jitasa?host=/run/postgresql&user=jitasa",
        ] {
            assert!(door(here).unwrap().tls.is_none(), "{here}");
        }
        for away in [
            "postgres://jitasa@db.example.go.th/jitasa",
            "postgres://jitasa@10.1.2.3/jitasa?sslmode=prefer",
            "postgres://jitasa@localhost,10.1.2.3/jitasa",
            "postgres://jitasa@localhost/jitasa?hostaddr=10.1.2.3",
        ] {
            let door = door(away).unwrap();
            assert!(door.tls.is_some(), "{away}");
            assert_eq!(door.config.get_ssl_mode(), SslMode::Require);
        }
        assert!(door("postgres://jitasa@10.1.2.3/jitasa?sslmode=disable").is_err());
    }

    #[test]
    fn the_urls_password_comes_before_another() {
        let with = door("postgres://jitasa:in-the-url@localhost/jitasa").unwrap();
        assert_eq!(with.config.get_password(), Some(&b"in-the-url"[..]));
        let without = door("postgres://jitasa@localhost/jitasa").unwrap();
        assert_eq!(without.config.get_password(), Some(&b"from-a-file"[..]));
    }

    #[test]
    fn nothing_of_a_url_is_in_an_error_or_in_what_is_shown_for_debugging() {
        for url in [
            "postgres://jitasa:s3cret?x=1@db/jitasa",
            "s3cret",
            "postgres://jitasa@10.1.2.3/s3cret?sslmode=disable",
            "postgres://jitasa@localhost:s3cret/x",
        ] {
            let shown = door(url).err().map(|error| format!("{error} {error:?}"));
            assert!(!shown.unwrap_or_default().contains("s3cret"));
        }
        let database = Database {
            url: "postgres://jitasa:s3cret@localhost/jitasa".into(),
            password: Some("s3cret".into()),
            authority: None,
            province: "45".into(),
        };
        assert!(!format!("{database:?}").contains("s3cret"));
    }
}
