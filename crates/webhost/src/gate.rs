//! Who may call. The host listens on loopback, but every page of every site that a browser of this
//! machine has open can send requests there too. Two things keep those out: the name they must use for
//! us (against rebinding a foreign name to 127.0.0.1), and a header that a foreign page cannot set
//! without asking first, which we never grant.

use axum::http::{HeaderMap, header};

/// The header every call carries.
pub(crate) const CALL_HEADER: &str = "x-jitasa";

/// Whether the request names this machine itself, at our port.
pub(crate) fn names_us(headers: &HeaderMap, port: u16) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    host.is_some_and(|host| {
        ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .any(|name| host == format!("{name}:{port}"))
    })
}

/// Whether it was sent by our own pages.
pub(crate) fn is_ours(headers: &HeaderMap) -> bool {
    headers.get(CALL_HEADER).is_some_and(|value| value == "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, name.parse().unwrap())])
    }

    #[test]
    fn only_our_own_names_with_our_port_are_answered() {
        for good in ["127.0.0.1:4180", "localhost:4180", "[::1]:4180"] {
            assert!(names_us(&host(good), 4180), "{good}");
        }
        for bad in [
            "127.0.0.1",
            "127.0.0.1:80",
            "evil.example:4180",
            "localhost.evil.example:4180",
        ] {
            assert!(!names_us(&host(bad), 4180), "{bad}");
        }
        assert!(!names_us(&HeaderMap::new(), 4180));
    }
}
