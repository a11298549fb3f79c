//! A client that trusts the server's own root connects, one that does not is refused, and the old
//! versions of TLS are not spoken.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::Arc,
};

use jitasa_domain::Timestamp;
use jitasa_server::{certificate, clock::now, own_root::OwnRoot};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
    version::{TLS12, TLS13},
};

use crate::bounds::Running;

struct Made {
    own: OwnRoot,
    _data: tempfile::TempDir,
}

impl Made {
    fn at(now: Timestamp) -> Self {
        let data = tempfile::tempdir().unwrap();
        let own = OwnRoot::of(data.path(), now).unwrap();
        own.renew(&["localhost".to_string(), "127.0.0.1".to_string()], now)
            .unwrap();
        Self { own, _data: data }
    }

    fn running(&self) -> Running {
        let read = |path| std::fs::read(path).unwrap();
        let (leaf, key) = (read(self.own.leaf()), read(self.own.leaf_key()));
        let config = certificate::config(&leaf, &key).unwrap();
        Running::with(Some(config), |serving| serving.secure = true)
    }
}

/// Asks for its health, trusting this root only.
fn asks(
    running: &Running,
    trusted: &OwnRoot,
    name: &'static str,
    version: &'static rustls::SupportedProtocolVersion,
) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(&std::fs::read(trusted.root()).unwrap()).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection =
        ClientConnection::new(Arc::new(config), ServerName::try_from(name).unwrap()).unwrap();
    let socket = TcpStream::connect(running.address)?;
    let mut stream = StreamOwned::new(connection, socket);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut said = String::new();
    stream.read_to_string(&mut said)?;
    Ok(said)
}

#[test]
fn a_client_that_trusts_the_root_is_served_by_name_and_address_in_both_versions() {
    let made = Made::at(now());
    let running = made.running();
    for version in [&TLS12, &TLS13] {
        for name in ["localhost", "127.0.0.1"] {
            let said = asks(&running, &made.own, name, version).unwrap();
            assert!(said.contains("\"status\":\"ok\""), "{said}");
        }
    }
}

#[test]
fn a_client_that_trusts_another_root_or_asks_for_another_name_refuses_the_server() {
    let (made, other) = (Made::at(now()), Made::at(now()));
    let running = made.running();
    let refused = asks(&running, &other.own, "localhost", &TLS13).unwrap_err();
    let refused = refused.to_string();
    assert!(refused.contains("invalid peer certificate"), "{refused}");
    let refused = asks(&running, &made.own, "evil.example", &TLS13).unwrap_err();
    assert!(refused.to_string().contains("not valid for"), "{refused}");
}

#[test]
fn a_certificate_that_is_over_is_refused() {
    let years = 2 * 365 * 24 * 60 * 60 * 1000;
    let made = Made::at(now().plus_ms(-years));
    let running = made.running();
    let refused = asks(&running, &made.own, "localhost", &TLS13).unwrap_err();
    assert!(refused.to_string().contains("expired"), "{refused}");
}

#[test]
fn who_speaks_plain_http_to_a_port_of_tls_gets_nothing() {
    let running = Made::at(now()).running();
    let mut stream = TcpStream::connect(running.address).unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said);
    assert!(!String::from_utf8_lossy(&said).contains("HTTP/1.1 200"));
}
