//! What else may stand between a desk and its server: lines that break at any byte, that drip, that stall, that say
//! they are packed and are not, portals and proxies, servers in trouble for hours. The desk says what it is, changes
//! nothing, and goes on when the line is whole.

use std::{
    io::{self, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use jitasa_protocol::Code;
use jitasa_sync::{
    HttpTransport, Receipt, SyncError, Transport as _, TransportError, envelope, run,
};
use jitasa_tests::{keeper::Keeper, line::Message};

use crate::{
    desk::MemoryDesk,
    line::{House, TERMS, refused},
    over_http::Running,
};

/// A line that hands every answer of the server to whoever is to spoil it.
fn line_to(
    running: &Running,
    spoils: impl Fn(&[u8], &mut TcpStream) -> io::Result<()> + Send + Sync + 'static,
) -> String {
    let server = running.url.strip_prefix("http://").unwrap().to_string();
    on_a_port(move |desk| {
        let mut server = TcpStream::connect(&server)?;
        while let Some(request) = Message::read(desk)? {
            server.write_all(&request.0)?;
            let Some(answer) = Message::read(&mut server)? else {
                break;
            };
            spoils(&answer.0, desk)?;
        }
        Ok(())
    })
}

/// Somebody who gives every request this answer.
fn somebody_who_says(answer: impl Into<Vec<u8>>) -> String {
    let answer = answer.into();
    on_a_port(move |desk| {
        while Message::read(desk)?.is_some() {
            desk.write_all(&answer)?;
        }
        Ok(())
    })
}

/// Ends with the process; a line that breaks is what this is for.
fn on_a_port(serves: impl Fn(&mut TcpStream) -> io::Result<()> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serves = Arc::new(serves);
    std::thread::spawn(move || {
        for mut desk in listener.incoming().flatten() {
            let serves = Arc::clone(&serves);
            std::thread::spawn(move || drop(serves(&mut desk)));
        }
    });
    url
}

fn round(desk: &mut MemoryDesk, url: &str) -> Result<Receipt, SyncError> {
    run(desk, &HttpTransport::new(url, None).unwrap(), TERMS)
}

fn frame_of(desk: &MemoryDesk) -> Vec<u8> {
    envelope::seal(&desk.a_request(&desk.outbox), &desk.key()).frame
}

fn answer(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}")
}

#[test]
fn an_answer_cut_after_any_byte_changes_nothing_and_the_next_round_hears_it_whole() {
    let house = House::on(Keeper::Sqlite);
    let running = Running::of(&house);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let (cut, length) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(1)));
    let (cut_now, length_seen) = (Arc::clone(&cut), Arc::clone(&length));
    let url = line_to(&running, move |answer, desk| {
        length_seen.store(answer.len(), Ordering::SeqCst);
        let cut = cut_now.load(Ordering::SeqCst);
        if cut == usize::MAX {
            return desk.write_all(answer);
        }
        // No two answers are of one length: a moment takes a digit more or less when it is packed.
        desk.write_all(&answer[..cut.min(answer.len() - 1)])?;
        Err(io::ErrorKind::BrokenPipe.into())
    });
    while cut.load(Ordering::SeqCst) < length.load(Ordering::SeqCst) {
        let heard = round(&mut desk, &url).unwrap_err();
        let SyncError::Transport(why) = &heard else {
            panic!("{heard:?}")
        };
        assert!(
            matches!(
                why,
                TransportError::Unreachable | TransportError::NotOurServer
            ),
            "{why:?} after {cut:?} bytes"
        );
        assert!(desk.outcomes.is_empty() && desk.cursor_now() == 0);
        cut.fetch_add(3, Ordering::SeqCst);
    }
    cut.store(usize::MAX, Ordering::SeqCst);
    let receipt = round(&mut desk, &url).unwrap();
    assert_eq!((receipt.sent, receipt.new, receipt.pending), (3, 3, 0));
}

/// The limit is on the whole, not on the silence between two bytes: else who drips holds the desk for a day.
#[test]
fn an_answer_that_drips_or_stalls_is_given_up_and_asked_again() {
    let house = House::on(Keeper::Sqlite);
    let running = Running::of(&house);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let (over, is_over) = mpsc::channel::<()>();
    let is_over = Mutex::new(is_over);
    let drips = line_to(&running, move |answer, desk| {
        let is_over = is_over.lock().unwrap();
        for byte in answer {
            desk.write_all(&[*byte])?;
            let pace = is_over.recv_timeout(Duration::from_millis(20));
            if pace == Err(mpsc::RecvTimeoutError::Disconnected) {
                break;
            }
        }
        Ok(())
    });
    let (awake, sleeps) = mpsc::channel::<()>();
    let sleeps = Mutex::new(sleeps);
    let stalls = line_to(&running, move |answer, desk| {
        desk.write_all(&answer[..answer.len() / 2])?;
        // Until the story is over.
        let _ = sleeps.lock().unwrap().recv();
        Ok(())
    });
    for url in [drips, stalls] {
        let whole = Duration::from_millis(300);
        let transport = HttpTransport::with_timeout(&url, None, whole).unwrap();
        let given_up = transport.exchange(&frame_of(&desk));
        assert_eq!(given_up, Err(TransportError::Timeout));
    }
    drop((over, awake));
    let receipt = round(&mut desk, &running.url).unwrap();
    assert_eq!((receipt.sent, receipt.new, receipt.pending), (3, 3, 0));
}

#[test]
fn what_says_that_it_is_packed_and_is_not_or_never_ends_is_not_believed() {
    let house = House::on(Keeper::Sqlite);
    let running = Running::of(&house);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let with_head = |line: &'static str| {
        line_to(&running, move |answer, desk| {
            let end = answer.windows(2).position(|two| two == b"\r\n").unwrap() + 2;
            desk.write_all(&[&answer[..end], line.as_bytes(), &answer[end..]].concat())
        })
    };
    // Packed, and then something else; packed twice; more bytes than any answer has.
    let frame = "application/vnd.jitasa.frame";
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03".map(char::from);
    let gzip: String = gzip.iter().collect();
    let endless = on_a_port(|desk| {
        if Message::read(desk)?.is_none() {
            return Ok(());
        }
        desk.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.jitasa.frame\r\n\
              Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
        )?;
        let nothing = [b"10000\r\n".as_slice(), &[0; 0x10000], b"\r\n"].concat();
        loop {
            desk.write_all(&nothing)?;
        }
    });
    for url in [
        somebody_who_says(answer("200 OK", frame, &gzip)),
        somebody_who_says(answer("200 OK\r\nContent-Encoding: gzip", frame, "<html>")),
        somebody_who_says(answer("200 OK\r\nContent-Encoding: gzip", frame, &gzip)),
        endless,
    ] {
        let heard = round(&mut desk, &url);
        assert_eq!(heard, Err(TransportError::NotOurServer.into()));
        assert!(desk.outcomes.is_empty());
    }
    // The very answer under a header that lies: what it is, its signature says.
    let lies = with_head("Content-Encoding: gzip\r\n");
    let receipt = round(&mut desk, &lies).unwrap();
    assert_eq!((receipt.sent, receipt.new, receipt.pending), (3, 3, 0));
}

#[test]
fn portals_and_proxies_are_told_from_the_server_whatever_they_call_their_pages() {
    let house = House::on(Keeper::Sqlite);
    let running = Running::of(&house);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let page = "<html>กรุณาเข้าสู่ระบบไวไฟ</html>";
    for (status, kind) in [
        ("200 OK", "text/html; charset=utf-8"),
        ("200 OK", "application/vnd.jitasa.frame"),
        ("200 OK", "application/json"),
        ("407 Proxy Authentication Required", "text/html"),
        ("511 Network Authentication Required", "text/html"),
        ("502 Bad Gateway", "text/html"),
        ("504 Gateway Time-out", "text/html"),
    ] {
        let heard = round(&mut desk, &somebody_who_says(answer(status, kind, page)));
        assert_eq!(
            heard,
            Err(TransportError::NotOurServer.into()),
            "{status} {kind}"
        );
    }
    // A refusal that would make the desk do more than try again is believed under a signature alone.
    for code in ["device_revoked", "epoch_changed", "device_forked", "gap"] {
        let body = format!("{{\"code\":\"{code}\",\"expected\":1,\"cut\":0}}");
        let heard = round(
            &mut desk,
            &somebody_who_says(answer("409 Conflict", "application/json", &body)),
        );
        assert_eq!(heard, Err(TransportError::NotOurServer.into()), "{code}");
    }
    assert!(desk.outcomes.is_empty() && desk.cursor_now() == 0);
    assert_eq!(round(&mut desk, &running.url).unwrap().new, 3);
}

#[test]
fn a_server_in_trouble_for_hours_makes_the_queue_longer_and_loses_nothing() {
    let house = House::on(Keeper::Sqlite);
    let running = Running::of(&house);
    let mut desk = house.a_desk("450905", 1);
    let json = "application/json";
    let mut keyed = 0;
    for (status, body, code) in [
        (
            "503 Service Unavailable\r\nRetry-After: 5",
            "{\"code\":\"busy\"}",
            Code::Busy,
        ),
        (
            "500 Internal Server Error",
            "{\"code\":\"internal\"}",
            Code::Internal,
        ),
        // What is full or locked behind it may have a name of its own one day.
        (
            "507 Insufficient Storage",
            "{\"code\":\"disk_full\"}",
            Code::Other,
        ),
    ] {
        let url = somebody_who_says(answer(status, json, body));
        for _ in 0..40 {
            desk.keys_a_case("น้ำถึงเอว");
            keyed += 1;
            assert_eq!(round(&mut desk, &url), Err(refused(code)));
        }
        use jitasa_sync::Desk as _;
        assert_eq!(desk.pending_count().unwrap(), keyed * 3);
    }
    let receipt = round(&mut desk, &running.url).unwrap();
    assert_eq!(
        (receipt.sent, receipt.new, receipt.pending),
        (keyed * 3, keyed * 3, 0)
    );
}
