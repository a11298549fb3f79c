//! Codes and addresses of servers that are wrong: refused with a reason, and nothing that waits is lost.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
};

use jitasa_tests::{
    line::Line,
    lists::List,
    programs::{Desk, one_time_code, province},
};
use serde_json::json;

use crate::{has_words, is_thai};

#[test]
fn a_code_that_does_not_fit_lets_nobody_in() {
    let house = tempfile::tempdir().unwrap();
    let capital = house.path().join("province");
    let line = Line::to_server(&capital, &house.path().join("server.log"));
    let desk = Desk::init(&house.path().join("desk"), "450905");
    let enrol =
        |desk: &Desk, code: &str| desk.run(&["enrol", "--server", &line.url(), "--code", code]);
    let theirs = one_time_code(&capital, "450909");
    let code = one_time_code(&capital, "450905");
    for wrong in ["AAAAAAAAAA", "", "1", &theirs] {
        let said = enrol(&desk, wrong).ended(1);
        has_words(wrong, &said.err);
    }
    assert_eq!(desk.answer("sync.status", &json!({}))["enrolled"], false);
    let _ = enrol(&desk, &code).ended(0);
    // Used once, it is of no use to another desk.
    let other = Desk::init(&house.path().join("other"), "450905");
    has_words("used", &enrol(&other, &code).ended(1).err);
    assert_eq!(other.answer("sync.status", &json!({}))["enrolled"], false);

    // The server gives codes to offices of its own province only.
    for wrong in ["45", "4509055", "abc", ""] {
        let said = province(&capital, &["enrol", "--office", wrong]);
        assert!(
            matches!(said.code, 1 | 2) && said.out.is_empty(),
            "{wrong}: {said:?}"
        );
    }
}

#[test]
fn what_answers_in_the_servers_place_is_not_believed() {
    let house = tempfile::tempdir().unwrap();
    let capital = house.path().join("province");
    let desk = Desk::init(&house.path().join("desk"), "450905");
    let file = house.path().join("list.csv");
    std::fs::write(&file, List::made_up("โคกสว่าง", 8, 10).utf8(0)).unwrap();
    let _ = desk
        .run(&["import", "cases", file.to_str().unwrap()])
        .ended(0);
    let waiting = || desk.answer("sync.status", &json!({}))["pending"].clone();
    let all = waiting();

    // Not enrolled, no such server, no https.
    assert!(is_thai(&desk.run(&["sync"]).ended(1).err));
    for url in ["http://10.0.0.1:9", "ftp://127.0.0.1", "server", ""] {
        let said = desk
            .run(&["enrol", "--server", url, "--code", "AAAAAAAAAA"])
            .ended(1);
        has_words(url, &said.err);
    }
    let line = Line::to_server(&capital, &house.path().join("server.log"));
    let code = one_time_code(&capital, "450905");
    // A captive portal answers everything with a page of its own.
    let portal = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", portal.local_addr().unwrap());
    let page = std::thread::spawn(move || {
        let (mut stream, _) = portal.accept().unwrap();
        let mut bytes = [0; 4096];
        let _ = stream.read(&mut bytes).unwrap();
        let page = "<html>กรุณาเข้าสู่ระบบไวไฟ</html>";
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length:";
        stream
            .write_all(format!("{head} {}\r\n\r\n{page}", page.len()).as_bytes())
            .unwrap();
    });
    let said = desk
        .run(&["enrol", "--server", &url, "--code", &code])
        .ended(1);
    has_words("portal", &said.err);
    page.join().unwrap();
    assert_eq!(waiting(), all);

    // Another server in the place of the one it knows: nothing is sent.
    let _ = desk
        .run(&["enrol", "--server", &line.url(), "--code", &code])
        .ended(0);
    let receipt = desk.run(&["sync", "--json"]).ended(0).json();
    assert_eq!((&receipt["sent"], &receipt["pending"]), (&all, &json!(0)));
}
