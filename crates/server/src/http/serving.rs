//! How this server is reached and what it may spend: told by the command line, fixed while it runs.

use std::{path::PathBuf, time::Duration};

use axum::http::{HeaderMap, header};

use super::guard::names_loopback;
use crate::frames::Address;

/// How the server is reached.
#[derive(Debug, Clone)]
pub struct Serving {
    /// The data folder; none in tests that keep everything in memory.
    pub folder: Option<PathBuf>,
    /// As desks are to write it: `https://jitasa.example.go.th:8450`.
    pub url: String,
    /// Whether it speaks TLS.
    pub secure: bool,
    /// The server's own root certificate in PEM, when it made one.
    pub root_certificate: Option<String>,
    /// Requests a second that one caller may keep up.
    pub rate_per_s: u32,
    /// Connections open at once; one more is closed at once.
    pub connections_max: usize,
    /// How long a connection may take over the head of a request, or be silent between two.
    pub head_timeout: Duration,
}

impl Serving {
    /// Plain HTTP on this machine, with the limits that are usual.
    #[must_use]
    pub fn plain(url: String) -> Self {
        Self {
            folder: None,
            url,
            secure: false,
            root_certificate: None,
            rate_per_s: 50,
            connections_max: 1024,
            head_timeout: Duration::from_secs(20),
        }
    }

    /// What a device is granted with.
    pub(super) fn address(&self) -> Address {
        Address {
            server_url: Some(self.url.clone()),
            root_certificate: self.root_certificate.clone(),
        }
    }

    /// Whether a page was asked for under a name of ours. Under TLS the certificate has seen to it.
    pub(super) fn is_named_in(&self, headers: &HeaderMap) -> bool {
        self.secure || names_loopback(headers)
    }

    /// Whether a form was sent by a page of this server.
    pub(super) fn is_from_our_page(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let scheme = if self.secure { "https" } else { "http" };
        match (text(header::ORIGIN), text(header::HOST)) {
            (Some(origin), Some(host)) => origin == format!("{scheme}://{host}"),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(of: &[(header::HeaderName, &str)]) -> HeaderMap {
        of.iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_form_counts_only_when_the_page_it_comes_from_is_ours() {
        let serving = Serving::plain("http://127.0.0.1:8450".into());
        let host = (header::HOST, "127.0.0.1:8450");
        for (origin, ours) in [
            ("http://127.0.0.1:8450", true),
            ("https://127.0.0.1:8450", false),
            ("http://127.0.0.1:1", false),
            ("http://evil.example", false),
            ("null", false),
        ] {
            let sent = headers(&[host.clone(), (header::ORIGIN, origin)]);
            assert_eq!(serving.is_from_our_page(&sent), ours, "{origin}");
        }
        assert!(!serving.is_from_our_page(&headers(&[host])));
    }

    #[test]
    fn over_plain_http_a_foreign_name_that_points_here_is_not_ours() {
        let mut serving = Serving::plain("http://127.0.0.1:8450".into());
        for (name, ours) in [
            ("localhost:8450", true),
            ("[::1]:8450", true),
            ("evil.example:8450", false),
            ("127.0.0.1.evil.example", false),
        ] {
            let sent = headers(&[(header::HOST, name)]);
            assert_eq!(serving.is_named_in(&sent), ours, "{name}");
        }
        serving.secure = true;
        assert!(serving.is_named_in(&headers(&[(header::HOST, "jitasa.example.go.th")])));
    }
}
