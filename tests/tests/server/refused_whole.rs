//! Requests that are too much or make no sense: refused before they are read, by status and code, with nothing applied
//! and the server as good as before.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use jitasa_domain::{ActionKind, Entity, change::Verdict};
use jitasa_protocol::{
    Code,
    frame::{self, Compression, Kind},
    payload::Request,
};
use jitasa_sync::{TransportError, run};
use jitasa_tests::keeper::Keeper;
use serde_json::json;

use crate::{
    desk::{MemoryDesk, fields},
    line::{House, TERMS, refused},
    over_http::Running,
};

/// A header and a section as a frame of this desk's.
fn framed(desk: &MemoryDesk, header: &[u8], section: &[u8]) -> Vec<u8> {
    let mut payload = Vec::new();
    for piece in [header, section] {
        let mut length = piece.len();
        while length >= 0x80 {
            payload.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
            length >>= 7;
        }
        payload.push(u8::try_from(length).unwrap());
        payload.extend_from_slice(piece);
    }
    frame::seal(Kind::Request, &payload, &desk.key(), Compression::Zstd)
}

/// Its header as JSON, and its section.
fn taken_apart(request: &Request) -> (String, Vec<u8>) {
    let header = serde_json::to_string(&request.head).unwrap();
    (
        header,
        jitasa_protocol::columns::write_changes(&request.changes),
    )
}

story!(what_is_too_much_or_makes_no_sense_in_a_frame_is_refused_with_a_code);
fn what_is_too_much_or_makes_no_sense_in_a_frame_is_refused_with_a_code(ledger: Keeper) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let running = Running::of(&house);
    let (header, section) = taken_apart(&desk.a_request(&desk.outbox));
    let with = |member: &str| {
        let header = format!("{{{member},{}", &header[1..]);
        framed(&desk, header.as_bytes(), &section)
    };
    let replaced = |old: &str, new: &str| {
        assert!(header.contains(old), "{old} in {header}");
        framed(&desk, header.replacen(old, new, 1).as_bytes(), &section)
    };
    let deep = format!("\"lunar\":{}", "[".repeat(10_000));
    let closed = format!("\"repair\":{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let mut not_utf8 = header.clone().into_bytes();
    let at = header.find("program").unwrap() + "program\":\"".len();
    not_utf8.splice(at..at, *b"\xff\xfe");
    let mut torn_text = section.clone();
    let at = torn_text
        .windows(4)
        .position(|name| name == b"note")
        .unwrap();
    torn_text[at] = 0x80;
    let fifty_mb = vec![0; 50_000_000];
    let inflates = frame::seal(Kind::Request, &fifty_mb, &desk.key(), Compression::Zstd);
    assert!(inflates.len() < 10_000);
    let long_program = format!("\"program\":\"{}\"", "x".repeat(65));
    for (what, body, status, code) in [
        ("a bomb of 50 MB", inflates, 413, "too_large"),
        (
            "a million changes",
            replaced("\"count\":3", "\"count\":1000000"),
            413,
            "too_large",
        ),
        (
            "10,000 lists that are not closed",
            with(&deep),
            422,
            "malformed",
        ),
        ("10,000 lists", with(&closed), 422, "malformed"),
        (
            "the same member twice",
            with("\"acked\":0"),
            422,
            "malformed",
        ),
        (
            "a number over all numbers",
            replaced("\"claimed_at\":0", "\"claimed_at\":1e400"),
            422,
            "malformed",
        ),
        (
            "a number of 65 bits",
            replaced("\"cursor\":0", "\"cursor\":18446744073709551616"),
            422,
            "malformed",
        ),
        (
            "a fraction",
            replaced("\"cursor\":0", "\"cursor\":0.5"),
            422,
            "malformed",
        ),
        (
            "less than nothing",
            replaced("\"cursor\":0", "\"cursor\":-1"),
            422,
            "malformed",
        ),
        (
            "no UTF-8 in the header",
            framed(&desk, &not_utf8, &section),
            422,
            "malformed",
        ),
        (
            "no text in the section",
            framed(&desk, header.as_bytes(), &torn_text),
            422,
            "malformed",
        ),
        (
            "a NUL in the header",
            framed(&desk, &[header.as_bytes(), b"\0"].concat(), &section),
            422,
            "malformed",
        ),
        (
            "a NUL in a name",
            replaced("\"program\":\"\"", "\"program\":\"a\\u0000\""),
            422,
            "malformed",
        ),
        (
            "a name without end",
            replaced("\"program\":\"\"", &long_program),
            422,
            "malformed",
        ),
        (
            "a newer protocol",
            replaced("\"protocol\":2", "\"protocol\":3"),
            426,
            "protocol_too_new",
        ),
        (
            "a protocol before all",
            replaced("\"protocol\":2", "\"protocol\":0"),
            426,
            "protocol_too_old",
        ),
        ("nothing", Vec::new(), 422, "malformed"),
    ] {
        let (answered, problem) = running.post("/v2/sync", "", &body);
        assert_eq!(
            (answered, &problem["code"]),
            (status, &json!(code)),
            "{what}"
        );
    }
    assert_eq!(house.sync(&mut desk).new, 3);
}

/// What is over the limit is told from its length, before a byte of it is read.
#[test]
fn fifty_megabytes_are_refused_by_their_length() {
    let house = House::on(Keeper::Sqlite);
    let running = Running::of(&house);
    for path in ["/v1/sync", "/v2/sync", "/v1/enrol", "/v2/enrol"] {
        let address = running.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer 0\r\nConnection: close\r\n\
             Content-Length: 50000000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        assert!(said.starts_with("HTTP/1.1 413"), "{path}: {said}");
        assert!(said.contains("{\"code\":\"too_large\"}"), "{path}: {said}");
    }
}

/// Columns have no way to say a field twice; JSON has, and whoever takes the last one drops the other.
#[test]
fn a_field_said_twice_in_json_is_refused_and_neither_value_is_taken() {
    let house = House::on(Keeper::Sqlite);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let running = Running::of(&house);
    let (desk, token) = house.a_desk_of_version_1(desk);
    let sound = json!({
        "protocol": 1, "office_code": desk.office_code, "device_id": desk.device_id, "cursor": 0,
        "batch": {"batch_id": desk.device_id, "changes": desk.outbox},
    })
    .to_string();
    let twice = sound.replacen("\"note\":", "\"note\":\"น้ำลด\",\"note\":", 1);
    let named_twice = sound.replacen("\"cursor\":", "\"cursor\":1,\"cursor\":", 1);
    let endless = sound.replacen("\"claimed_at\":1", "\"claimed_at\":1e400,\"x\":1", 1);
    let overflows = sound.replacen("\"claimed_at\":1", "\"claimed_at\":9999999991", 1);
    let not_a_number = sound.replacen("\"base_version\":0", "\"base_version\":NaN", 1);
    for body in [twice, named_twice, endless, overflows, not_a_number] {
        assert_ne!(body, sound);
        let (status, problem) = running.post("/v1/sync", &token, body.as_bytes());
        assert_eq!(
            (status, &problem["code"]),
            (422, &json!("malformed")),
            "{body}"
        );
    }
    let (status, answer) = running.post("/v1/sync", &token, sound.as_bytes());
    assert_eq!((status, &answer["acked"]), (200, &json!(3)));
}

story!(a_nul_is_a_sign_like_others_in_text_and_no_part_of_a_name_or_a_code);
fn a_nul_is_a_sign_like_others_in_text_and_no_part_of_a_name_or_a_code(ledger: Keeper) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    let case = desk.keys_a_case("น้ำ\0ถึงเอว");
    let area = desk.edits(case, json!({"area_code": "45090505\0"}));
    let named = desk.edits(case, json!({"landmark": "หลังวัด"}));
    desk.outbox.last_mut().unwrap().actor_name = "ผู้\0ทดสอบ".into();
    let village = jitasa_domain::ids::area_id("45090507");
    let endless = "450905".repeat(2_000);
    let village = desk.write(
        ActionKind::VillageSave,
        Entity::Area,
        village,
        fields(json!({"id": village, "code": endless, "name": "หนองใหญ่"})),
    );
    let after = desk.edits(case, json!({"people_count": 3}));
    house.sync(&mut desk);
    for change in [area, named, village] {
        let outcome = desk.outcome(change);
        assert_eq!(
            (outcome.verdict, outcome.reason.as_deref()),
            (Verdict::Held, Some("malformed_record"))
        );
    }
    assert_eq!(desk.outcome(after).verdict, Verdict::New);
    let mut other = house.a_desk("450905", 2);
    house.sync(&mut other);
    let seen = other.get(Entity::Case, case).unwrap();
    assert_eq!(
        (&seen["note"], &seen["people_count"]),
        (&json!("น้ำ\0ถึงเอว"), &json!(3))
    );
}

/// Its changes stay until one of the two is updated.
#[test]
fn a_desk_that_is_newer_than_its_server_keeps_what_it_has_to_say() {
    let house = House::on(Keeper::Sqlite);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    struct Older(House);
    impl jitasa_sync::Transport for Older {
        fn enrol(&self, _: &[u8]) -> Result<Vec<u8>, TransportError> {
            Err(TransportError::Unreachable)
        }
        fn exchange(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError> {
            let mut newer = frame.to_vec();
            newer[4] = 3;
            match self.0.province.take(&newer, crate::line::NOW) {
                Err(jitasa_server::Refusal::Problem(problem)) => {
                    Err(TransportError::Refused(problem))
                }
                other => panic!("{:?}", other.map(|answered| answered.frame.len())),
            }
        }
    }
    let before = desk.records();
    let older = Older(house);
    let told = run(&mut desk, &older, TERMS);
    assert_eq!(told, Err(refused(Code::ProtocolTooNew)));
    assert_eq!((desk.records(), desk.outcomes.len()), (before, 0));
    assert_eq!(older.0.sync(&mut desk).new, 3);
}
