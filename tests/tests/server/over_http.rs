//! The same over a real socket, and what else may be at the other end of one.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use axum_server::tls_rustls::RustlsConfig;
use jitasa_domain::change::Change;
use jitasa_protocol::{Batch, Code, SyncRequest, limits};
use jitasa_server::{Rim, Serving, province::CodeTerms};
use jitasa_sync::{HttpTransport, Transport as _, TransportError, enrol, run};
use jitasa_tests::keeper::Keeper;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::{
    desk::MemoryDesk,
    line::{House, NOW, SECRET, TERMS},
};

/// What a desk of version 1 says.
fn a_request(desk: &MemoryDesk, changes: Vec<Change>) -> SyncRequest {
    let batch_id = Uuid::from_u128(5);
    SyncRequest {
        protocol: 1,
        office_code: desk.office_code.clone(),
        device_id: desk.device_id,
        batch: Some(Batch { batch_id, changes }),
        cursor: desk.cursor_now(),
        limit: 500,
    }
}

/// A province's server on a free port.
pub(crate) struct Running {
    pub(crate) url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(crate) fn of(house: &House) -> Self {
        Self::with(house, None)
    }

    /// Under TLS, with this certificate.
    pub(crate) fn with(house: &House, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let province = Arc::clone(&house.province);
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                tell.send(address).unwrap();
                let rim = Rim::new(province, Serving::plain(format!("{scheme}://{address}")));
                let stop = async { drop(stopped.await) };
                let tls = tls.map(RustlsConfig::from_config);
                jitasa_server::serve_as(listener, rim, tls, stop)
                    .await
                    .unwrap();
            });
        });
        let url = format!("{scheme}://{}", told.recv().unwrap());
        Self {
            url,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    pub(crate) fn post(&self, path: &str, token: &str, body: &[u8]) -> (u16, Value) {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None);
        let mut answer = config
            .build()
            .new_agent()
            .post(format!("{}{path}", self.url))
            .header("Authorization", format!("Bearer {token}"))
            .content_type("application/json")
            .send(body)
            .unwrap();
        let said = answer.body_mut().read_to_vec().unwrap();
        (
            answer.status().as_u16(),
            serde_json::from_slice(&said).unwrap_or_default(),
        )
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

story!(a_desk_enrols_and_syncs_over_http);
fn a_desk_enrols_and_syncs_over_http(ledger: Keeper) {
    let house = House::on(ledger);
    let running = Running::of(&house);
    let transport = HttpTransport::new(&running.url, None).unwrap();
    let mut desk = MemoryDesk::new("450905", 1);
    // This server lives by its own clock, not by that of the story.
    let code = house
        .province
        .new_code("450905", CodeTerms::default(), jitasa_server::clock::now())
        .unwrap();
    let enrolment = enrol(&mut desk, &transport, &running.url, &code, SECRET, NOW).unwrap();
    assert_eq!(enrolment.server_url, running.url);
    for each in 0..40 {
        desk.keys_a_case(&format!("บ้านที่ {each}"));
    }
    let receipt = run(&mut desk, &transport, TERMS).unwrap();
    assert_eq!((receipt.sent, receipt.new, receipt.pending), (120, 120, 0));
}

story!(what_is_no_request_is_refused_with_a_code_and_nothing_is_applied);
fn what_is_no_request_is_refused_with_a_code_and_nothing_is_applied(ledger: Keeper) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let running = Running::of(&house);
    let (desk, token) = house.a_desk_of_version_1(desk);
    let sound = serde_json::to_value(a_request(&desk, desk.outbox.clone())).unwrap();
    let with = |name: &str, value: Value| {
        let mut request = sound.clone();
        request[name] = value;
        serde_json::to_vec(&request).unwrap()
    };
    let whole = serde_json::to_vec(&sound).unwrap();
    let deep = format!("{{\"protocol\":1,\"batch\":{}", "[".repeat(10_000));
    let huge = format!("{whole:?}{}", " ".repeat(limits::BODY_BYTES_MAX));
    let mut other_order = desk.outbox.clone();
    other_order.swap(0, 2);
    let shuffled = serde_json::to_vec(&a_request(&desk, other_order)).unwrap();
    let many = vec![desk.outbox[0].clone(); limits::CHANGES_MAX + 1];
    let many = serde_json::to_vec(&a_request(&desk, many)).unwrap();
    for (body, status, code) in [
        (b"".to_vec(), 422, "malformed"),
        (b"\xff\xfe{}".to_vec(), 422, "malformed"),
        (whole[..whole.len() / 2].to_vec(), 422, "malformed"),
        (deep.into_bytes(), 422, "malformed"),
        (
            b"{\"protocol\":1,\"cursor\":1e400}".to_vec(),
            422,
            "malformed",
        ),
        (shuffled, 422, "malformed"),
        (huge.into_bytes(), 413, "too_large"),
        (many, 413, "too_large"),
        (with("protocol", json!(3)), 426, "protocol_too_new"),
        (with("protocol", json!(2)), 422, "malformed"),
        (with("protocol", json!(0)), 426, "protocol_too_old"),
        (with("cursor", json!(999)), 409, "cursor_unknown"),
    ] {
        let (answered, problem) = running.post("/v1/sync", &token, &body);
        assert_eq!((answered, &problem["code"]), (status, &json!(code)));
    }
    let (status, problem) = running.post("/v1/sync", "0000", &whole);
    assert_eq!((status, &problem["code"]), (401, &json!("device_unknown")));
    let (status, answer) = running.post("/v1/sync", &token, &whole);
    // Nothing of what was refused had been taken.
    assert_eq!(
        (status, &answer["acked"], &answer["cursor"]),
        (200, &json!(3), &json!(3))
    );
}

story!(the_server_says_that_it_is_alive);
fn the_server_says_that_it_is_alive(ledger: Keeper) {
    let house = House::on(ledger);
    let running = Running::of(&house);
    let health: Value = ureq::get(format!("{}/healthz", running.url))
        .call()
        .unwrap()
        .body_mut()
        .read_json()
        .unwrap();
    assert_eq!(health["status"], "ok");
}

/// Answers one request with these bytes.
fn something_else(answer: &'static [u8]) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = [0; 64 * 1024];
        let _ = stream.read(&mut heard);
        let _ = stream.write_all(answer);
    });
    (url, thread)
}

#[test]
fn a_captive_portal_a_redirect_and_a_broken_answer_are_not_taken_for_the_server() {
    for answer in [
        &b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>"[..],
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ] {
        let (url, thread) = something_else(answer);
        let transport = HttpTransport::new(&url, None).unwrap();
        let got = transport.exchange(b"");
        assert_eq!(
            got,
            Err(TransportError::NotOurServer),
            "{}",
            String::from_utf8_lossy(answer)
        );
        thread.join().unwrap();
    }
}

#[test]
fn a_port_where_nobody_listens_is_unreachable_and_a_silent_one_times_out() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let transport = HttpTransport::with_timeout(&url, None, Duration::from_millis(200)).unwrap();
    let got = transport.exchange(b"");
    assert_eq!(got, Err(TransportError::Timeout));
    drop(silent);
    let got = transport.exchange(b"");
    assert_eq!(got, Err(TransportError::Unreachable));
    assert_eq!(Code::Busy.status(), 503);
}
