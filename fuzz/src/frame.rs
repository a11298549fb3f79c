//! The batch frame: opened, verified, read as what it says it carries.

use std::sync::LazyLock;

use jitasa_protocol::{
    DeviceKey, Hash, PublicKey, columns,
    frame::{self, Compression, Kind, Opened},
    limits,
    payload::{Answer, BatchHead, EnrolAsk, EnrolGrant, Request, RequestHead},
};
use uuid::Uuid;

use crate::{changes, put_number, put_piece};

/// Bytes as they lie on a stick.
pub const WHOLE: u8 = 0;
/// Bytes as the payload of a frame that is well made; the next byte says of which kind.
pub const PAYLOAD: u8 = 1;
/// Bytes as the changes of a request whose header fits them.
pub const SECTION: u8 = 2;
/// Bytes as a payload that is packed anew and signed. A signature takes a thousand times what reading takes, so there
/// is one such way among all that a byte can say.
pub const SEALED: u8 = 255;
/// Nor is a signature of nobody checked more often than for one payload in so many.
const CHECKED_EVERY: usize = 61;

static KEY: LazyLock<DeviceKey> = LazyLock::new(|| DeviceKey::from_secret(&[7; 32]));
static PUBLIC: LazyLock<PublicKey> = LazyLock::new(|| KEY.public());

/// The first byte says how the others are dressed.
pub fn check(bytes: &[u8]) {
    let Some((way, bytes)) = bytes.split_first() else {
        return;
    };
    match *way {
        SEALED => sealed(bytes),
        way if way % 4 == PAYLOAD => {
            if let Some((kind, payload)) = bytes.split_first() {
                opened(&framed(kind % 4 + 1, payload));
            }
        }
        way if way % 4 == SECTION => section(bytes),
        _ => opened(bytes),
    }
}

/// A frame around a payload, with a signature of nobody.
fn framed(kind: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![b'J', b'T', b'S', b'A', 2, kind, Compression::None.byte()];
    put_number(&mut bytes, payload.len());
    bytes.extend_from_slice(&[0; 64]);
    bytes.extend_from_slice(payload);
    bytes
}

fn opened(bytes: &[u8]) {
    let Ok(opened) = frame::open(bytes, limits::BODY_BYTES_MAX) else {
        return;
    };
    assert!(opened.payload.len() <= limits::BODY_BYTES_MAX);
    if goes_round(&opened) && opened.payload.len() % CHECKED_EVERY == 0 {
        assert!(
            opened.verify(&PUBLIC).is_err(),
            "nobody signed it with this key"
        );
    }
}

/// Whether the payload is what it says it is; then it is written and read as the same.
fn goes_round(opened: &Opened) -> bool {
    let payload = &opened.payload;
    match opened.kind {
        Kind::Request => {
            let head = RequestHead::read(payload);
            let Ok(request) = Request::read(payload) else {
                return head.is_ok();
            };
            assert_eq!(Ok(&request.head), head.as_ref());
            request_goes_round(request);
            true
        }
        Kind::Answer => {
            let Ok(answer) = Answer::read(payload) else {
                return false;
            };
            changes::deliveries_go_round(&answer.delivered);
            let written = answer.write();
            let again = Answer::read(&written).expect("what was written is read");
            assert_eq!(again, answer);
            assert_eq!(again.write(), written);
            true
        }
        Kind::EnrolRequest => {
            let Ok(ask) = EnrolAsk::read(payload) else {
                return false;
            };
            assert_eq!(EnrolAsk::read(&ask.write()), Ok(ask));
            true
        }
        Kind::EnrolAnswer => {
            let Ok(grant) = EnrolGrant::read(payload) else {
                return false;
            };
            assert_eq!(EnrolGrant::read(&grant.write()), Ok(grant));
            true
        }
    }
}

fn request_goes_round(mut request: Request) {
    changes::changes_go_round(&request.changes);
    // The hash was of the bytes as they came, which need not be the shortest.
    if let Some(batch) = &request.head.batch {
        let (id, cap, previous) = (batch.batch_id, batch.base_cap, batch.previous);
        request.head.batch = Some(BatchHead::of(id, cap, previous, &request.changes));
    }
    let written = request.write();
    let again = Request::read(&written).expect("what was written is read");
    assert_eq!(again, request);
    assert_eq!(again.write(), written);
}

/// A request with these changes; its header tells of them what is so.
fn section(bytes: &[u8]) {
    let Ok(changes) = columns::read_changes(bytes) else {
        return;
    };
    let mut batch = BatchHead::of(Uuid::nil(), None, Hash::GENESIS, &changes);
    batch.body = Hash::of(bytes);
    let head = RequestHead {
        protocol: 2,
        batch: Some(batch),
        ..RequestHead::default()
    };
    let mut payload = Vec::new();
    put_piece(
        &mut payload,
        &serde_json::to_vec(&head).expect("a header is JSON"),
    );
    put_piece(&mut payload, bytes);
    opened(&framed(Kind::Request.byte(), &payload));
}

/// What is sealed is opened as it was, verifies, and verifies no more with a bit turned.
fn sealed(bytes: &[u8]) {
    let [how, kind, turn, payload @ ..] = bytes else {
        return;
    };
    let compression = match how % 8 {
        0 => Compression::Dictionary,
        1 => Compression::Zstd,
        _ => Compression::None,
    };
    let kind = [
        Kind::Request,
        Kind::Answer,
        Kind::EnrolRequest,
        Kind::EnrolAnswer,
    ][usize::from(kind % 4)];
    let mut frame = frame::seal(kind, payload, &KEY, compression);
    let open = frame::open(&frame, payload.len()).expect("what was sealed is opened");
    assert!(open.kind == kind && open.payload == payload);
    assert_eq!(open.verify(&PUBLIC), Ok(()));
    let at = usize::from(*turn) % frame.len();
    frame[at] ^= 1 << (how >> 5);
    if let Ok(other) = frame::open(&frame, limits::BODY_BYTES_MAX)
        && other.verify(&PUBLIC).is_ok()
    {
        assert!(
            other.kind == open.kind && other.payload == open.payload,
            "packed otherwise, it says the same"
        );
    }
}
