//! Carries requests by HTTP. It must not know what a change is; it knows how a line fails.

use std::{io, net::IpAddr, sync::Arc, time::Duration};

use jitasa_protocol::{Code, ENROL_PATH, FRAME_TYPE, Problem, SYNC_PATH, limits};
use ureq::{
    Agent,
    http::Uri,
    tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem},
};

use crate::transport::{Transport, TransportError};

const CONNECT_TIMEOUT_S: u64 = 10;
const WHOLE_TIMEOUT_S: u64 = 30;

/// A provincial server at an address.
#[derive(Debug)]
pub struct HttpTransport {
    agent: Agent,
    base: String,
}

impl HttpTransport {
    /// A server at `https://...`, or at `http://` on this very machine. With the province's own authority (PEM) only
    /// a certificate signed by that holds, and none that the machine or anybody else trusts.
    ///
    /// # Errors
    /// `BadAddress` for any other address: names must not cross a wire in the open. `Certificate` when the authority
    /// is no certificate.
    pub fn new(server_url: &str, root_certificate: Option<&str>) -> Result<Self, TransportError> {
        Self::with_timeout(
            server_url,
            root_certificate,
            Duration::from_secs(WHOLE_TIMEOUT_S),
        )
    }

    /// As [`HttpTransport::new`], with another limit on a whole exchange.
    ///
    /// # Errors
    /// As [`HttpTransport::new`].
    pub fn with_timeout(
        server_url: &str,
        root_certificate: Option<&str>,
        whole: Duration,
    ) -> Result<Self, TransportError> {
        let base = server_url.trim().trim_end_matches('/');
        let on_this_machine = is_allowed(base)?;
        let mut config = Agent::config_builder()
            .timeout_connect(Some(Duration::from_secs(CONNECT_TIMEOUT_S).min(whole)))
            .timeout_global(Some(whole))
            // A redirect would carry the token to whoever stands there.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false);
        if on_this_machine {
            config = config.proxy(None);
        }
        if let Some(pem) = root_certificate {
            let roots = RootCerts::Specific(Arc::new(certificates(pem)?));
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        Ok(Self {
            agent: config.build().new_agent(),
            base: base.to_string(),
        })
    }

    fn post(&self, path: &str, frame: &[u8]) -> Result<Vec<u8>, TransportError> {
        let call = self
            .agent
            .post(format!("{}{path}", self.base))
            .content_type(FRAME_TYPE);
        let mut response = call.send(frame).map_err(|error| why(&error))?;
        let status = response.status();
        let kind = response
            .headers()
            .get("content-type")
            .and_then(|kind| kind.to_str().ok())
            .map(|kind| kind.split(';').next().unwrap_or("").trim().to_string())
            .unwrap_or_default();
        if kind != FRAME_TYPE && kind != "application/json" {
            // A captive portal answers 200 with a page of its own; a proxy with a page of its error.
            return Err(TransportError::NotOurServer);
        }
        let body = response
            .body_mut()
            .with_config()
            .limit(limits::ANSWER_BYTES_MAX)
            .read_to_vec()
            .map_err(|error| why(&error))?;
        if kind == FRAME_TYPE {
            return Ok(body);
        }
        let problem: Problem =
            serde_json::from_slice(&body).map_err(|_| TransportError::NotOurServer)?;
        if status.is_success() || !may_be_unsigned(problem.code) {
            // Whatever would make a desk do more than try again later is believed only under the server's signature.
            return Err(TransportError::NotOurServer);
        }
        Err(TransportError::Refused(problem))
    }
}

/// What a server answers before it knows who asks, and whoever stands between may claim.
const fn may_be_unsigned(code: Code) -> bool {
    matches!(
        code,
        Code::CodeUnknown
            | Code::CodeUsed
            | Code::CodeExpired
            | Code::DeviceUnknown
            | Code::TooLarge
            | Code::Malformed
            | Code::ProtocolTooNew
            | Code::ProtocolTooOld
            | Code::Busy
            | Code::Internal
            | Code::Other
    )
}

impl Transport for HttpTransport {
    fn enrol(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.post(ENROL_PATH, frame)
    }

    fn exchange(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.post(SYNC_PATH, frame)
    }
}

fn certificates(pem: &str) -> Result<Vec<Certificate<'static>>, TransportError> {
    let found: Vec<_> = parse_pem(pem.as_bytes())
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if found.is_empty() {
        Err(TransportError::Certificate)
    } else {
        Ok(found)
    }
}

/// Whether the address may be used; true when it is on this machine.
fn is_allowed(base: &str) -> Result<bool, TransportError> {
    let uri: Uri = base.parse().map_err(|_| TransportError::BadAddress)?;
    let authority = uri.authority().ok_or(TransportError::BadAddress)?;
    if authority.as_str().contains('@') || uri.query().is_some() {
        return Err(TransportError::BadAddress);
    }
    let host = authority.host();
    let on_this_machine = host == "localhost"
        || host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback());
    match uri.scheme_str() {
        Some("https") => Ok(on_this_machine),
        Some("http") if on_this_machine => Ok(true),
        _ => Err(TransportError::BadAddress),
    }
}

fn why(error: &ureq::Error) -> TransportError {
    use ureq::Error as E;
    match error {
        E::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => TransportError::Unreachable,
        E::Timeout(_) => TransportError::Timeout,
        E::Io(error) if error.kind() == io::ErrorKind::TimedOut => TransportError::Timeout,
        E::Io(error) => match tells_of_tls(error) {
            Some(rustls::Error::InvalidCertificate(_)) => TransportError::Certificate,
            // What does not speak TLS at all, or not as servers of ours do.
            Some(_) => TransportError::NotOurServer,
            None => TransportError::Unreachable,
        },
        // What speaks another protocol, or more than anybody should have to read.
        E::Protocol(_) | E::BodyExceedsLimit(_) | E::RedirectFailed | E::TooManyRedirects => {
            TransportError::NotOurServer
        }
        E::Tls(_) | E::Rustls(_) | E::Pem(_) => TransportError::Certificate,
        E::BadUri(_) | E::Http(_) => TransportError::BadAddress,
        _ => TransportError::Unreachable,
    }
}

/// A handshake that fails comes as a failure of reading or writing, with its cause inside.
fn tells_of_tls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_allowed_to_this_machine_only() {
        for address in [
            "http://127.0.0.1:8450",
            "http://localhost:8450/",
            "http://[::1]:8450",
        ] {
            assert!(HttpTransport::new(address, None).is_ok(), "{address}");
        }
        assert!(HttpTransport::new("https://sync.example.go.th", None).is_ok());
        for address in [
            "http://10.0.0.5:8450",
            "http://127.0.0.1.example.com",
            "https://clerk:secret@sync.example.go.th",
            "ftp://127.0.0.1",
            "127.0.0.1:8450",
            "",
        ] {
            let refused = HttpTransport::new(address, None);
            assert!(
                matches!(refused, Err(TransportError::BadAddress)),
                "{address}"
            );
        }
    }
}
