//! Version 2 as files: every kind of frame in `tests/wire/v2`, with what is in it as JSON beside it.
//!
//! `JITASA_WRITE_GOLDEN=1 cargo test -p jitasa-protocol --test v2` writes files that are missing;
//! a file that is there is never written anew, because others have built upon it.

use std::{fs, path::PathBuf};

use jitasa_protocol::{
    frame::{self, Compression, Kind, Opened},
    limits,
    payload::{Answer, EnrolAsk, EnrolGrant, Request},
};
use serde_json::{Value, json};

use crate::letters::{answer, ask, device_key, grant, pull, refusal, request, server_key};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/wire/v2")
        .join(name)
}

fn golden(name: &str, kind: Kind, payload: &[u8], readable: &Value) {
    let by_device = matches!(kind, Kind::Request | Kind::EnrolRequest);
    let key = if by_device {
        device_key()
    } else {
        server_key()
    };
    let (sealed, told) = (
        path(&format!("{name}.frame")),
        path(&format!("{name}.json")),
    );
    if std::env::var_os("JITASA_WRITE_GOLDEN").is_some() && !sealed.exists() {
        fs::write(
            &sealed,
            frame::seal(kind, payload, &key, Compression::Dictionary),
        )
        .unwrap();
        let text = serde_json::to_string_pretty(readable).unwrap() + "\n";
        fs::write(&told, text).unwrap();
    }
    let opened = frame::open(&fs::read(sealed).unwrap(), limits::BODY_BYTES_MAX).unwrap();
    assert_eq!(opened.kind, kind, "{name}");
    assert_eq!(opened.verify(&key.public()), Ok(()), "{name}");
    let promised: Value = serde_json::from_str(&fs::read_to_string(told).unwrap()).unwrap();
    assert_eq!(read(&opened), promised, "{name}: read as it was written");
    assert_eq!(opened.payload, payload, "{name}: written as it was");
}

/// What is in a frame, as JSON.
fn read(opened: &Opened) -> Value {
    let payload = &opened.payload;
    match opened.kind {
        Kind::Request => request_as_json(&Request::read(payload).unwrap()),
        Kind::Answer => answer_as_json(&Answer::read(payload).unwrap()),
        Kind::EnrolRequest => serde_json::to_value(EnrolAsk::read(payload).unwrap()).unwrap(),
        Kind::EnrolAnswer => serde_json::to_value(EnrolGrant::read(payload).unwrap()).unwrap(),
    }
}

fn request_as_json(request: &Request) -> Value {
    json!({ "head": request.head, "changes": request.changes })
}

fn answer_as_json(answer: &Answer) -> Value {
    json!({ "head": answer.head, "outcomes": answer.outcomes, "delivered": answer.delivered })
}

#[test]
fn every_frame_of_version_2_is_read_and_written_as_its_golden_file() {
    for (name, request) in [("request", request()), ("request-pull", pull())] {
        let readable = request_as_json(&request);
        golden(name, Kind::Request, &request.write(), &readable);
    }
    for (name, answer) in [("answer", answer()), ("answer-refusal", refusal())] {
        let readable = answer_as_json(&answer);
        golden(name, Kind::Answer, &answer.write(), &readable);
    }
    let (ask, grant) = (ask(), grant());
    let readable = serde_json::to_value(&ask).unwrap();
    golden("enrol-ask", Kind::EnrolRequest, &ask.write(), &readable);
    let readable = serde_json::to_value(&grant).unwrap();
    golden("enrol-grant", Kind::EnrolAnswer, &grant.write(), &readable);
}

#[test]
fn the_chain_of_the_golden_batch_stays_the_same() {
    let batch = request().head.batch.unwrap();
    assert_eq!(
        batch.link.to_string(),
        "8ae0405de13ef11e9faecf081f9e219cea08149f6787d8d3d5f6def50f72c310"
    );
}
