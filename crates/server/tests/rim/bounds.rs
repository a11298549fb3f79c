//! Limits, over real sockets where the socket is what is limited. Nothing here sleeps: each waits for
//! the server to close, which is the thing itself.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use axum::http::header;
use jitasa_server::{Province, Rim, Serving, book::Status, serve_as};
use tokio::sync::oneshot;

use crate::house::{Call, House, OURS, sync_body};

/// A server on a free port.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    _data: tempfile::TempDir,
}

impl Running {
    pub(crate) fn with(
        tls: Option<Arc<rustls::ServerConfig>>,
        change: impl FnOnce(&mut Serving),
    ) -> Self {
        let data = tempfile::tempdir().unwrap();
        let province = Arc::new(Province::open(data.path()).unwrap());
        let mut serving = Serving::plain("http://127.0.0.1".into());
        change(&mut serving);
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let tls = tls.map(axum_server::tls_rustls::RustlsConfig::from_config);
                let stop = async { drop(stopped.await) };
                serve_as(listener, Rim::new(province, serving), tls, stop)
                    .await
                    .unwrap();
            });
        });
        Self {
            address: told.recv().unwrap(),
            stop: Some(stop),
            thread: Some(thread),
            _data: data,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Sends, and reads the head of the answer; empty when the server closed instead.
fn heads(stream: &mut TcpStream, request: &[u8]) -> String {
    if stream.write_all(request).is_err() {
        return String::new();
    }
    let mut piece = [0; 4096];
    let read = stream.read(&mut piece).unwrap_or_default();
    String::from_utf8_lossy(&piece[..read]).into_owned()
}

/// All that comes until the server closes.
fn until_closed(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn one_connection_too_many_is_closed_and_those_inside_go_on() {
    let running = Running::with(None, |serving| serving.connections_max = 3);
    let mut inside: Vec<_> = (0..3)
        .map(|_| TcpStream::connect(running.address).unwrap())
        .collect();
    for stream in &mut inside {
        assert!(heads(stream, HEALTH).starts_with("HTTP/1.1 200"));
    }
    let mut outside = TcpStream::connect(running.address).unwrap();
    assert_eq!(heads(&mut outside, HEALTH), "");
    assert!(heads(&mut inside[0], HEALTH).starts_with("HTTP/1.1 200"));
}

#[test]
fn a_head_that_never_ends_and_a_connection_that_is_silent_are_closed() {
    let running = Running::with(None, |serving| {
        serving.head_timeout = Duration::from_millis(100);
    });
    let mut slow = TcpStream::connect(running.address).unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: loc")
        .unwrap();
    until_closed(&mut slow);
    let mut silent = TcpStream::connect(running.address).unwrap();
    assert!(heads(&mut silent, HEALTH).starts_with("HTTP/1.1 200"));
    until_closed(&mut silent);
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let running = Running::with(None, |_| ());
    let long = format!(
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n",
        "a".repeat(64 * 1024)
    );
    let many = format!(
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\n{}\r\n",
        "X-Many: a\r\n".repeat(200)
    );
    for request in [long, many] {
        let mut stream = TcpStream::connect(running.address).unwrap();
        let said = heads(&mut stream, request.as_bytes());
        assert!(
            said.is_empty() || said.starts_with("HTTP/1.1 431"),
            "{said}"
        );
    }
}

#[test]
fn a_caller_who_asks_too_often_is_told_when_to_ask_again_and_others_are_served() {
    let house = House::serving(|serving| serving.rate_per_s = 1);
    let desk = house.desk(OURS, 1, Status::Confirmed);
    let other = house.desk(OURS, 2, Status::Confirmed);
    let asks = |desk: &crate::house::Desk| {
        house.call(
            &Call::post("/v1/sync", sync_body(OURS, desk.id, &[]))
                .with(header::AUTHORIZATION, format!("Bearer {}", desk.token)),
        )
    };
    // More than the burst; the clock may give one or two back meanwhile.
    let said = (0..200)
        .map(|_| asks(&desk))
        .find(|said| said.status == 503);
    let said = said.expect("nobody was slowed");
    assert_eq!(said.json()["code"], "busy");
    let after: u64 = said.headers[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=2).contains(&after));
    assert_eq!(asks(&other).status, 200);
    let afar = (0..200)
        .map(|_| house.call(&Call::get("/healthz").coming_from_afar()))
        .find(|said| said.status == 503);
    assert!(afar.is_some(), "an address without a token is not slowed");
}

#[test]
fn a_body_over_its_routes_limit_is_refused() {
    let house = House::new();
    let (cookie, csrf) = house.signed_in();
    let fields = format!("csrf={csrf}&reason={}", "a".repeat(32 * 1024));
    let call = crate::house::form("/operator/revoke", &fields)
        .with(header::COOKIE, cookie)
        .with(header::ORIGIN, format!("http://{}", crate::house::HOST));
    assert!(house.call(&call).status.is_client_error());
    let desk = house.desk(OURS, 1, Status::Confirmed);
    let huge = Call::post("/v1/sync", " ".repeat(2 << 20))
        .with(header::AUTHORIZATION, format!("Bearer {}", desk.token));
    assert_eq!(house.call(&huge).status, 413);
}
