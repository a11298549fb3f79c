//! What is carried by hand when a desk joins: the file of a province, the wish of a desk, the grant.

use jitasa_protocol::{
    Bundle, EnrolAnswer, EnrolRequest,
    payload::{EnrolAsk, EnrolGrant},
};

use crate::put_piece;

/// Bytes as the file that a province gives an office.
pub const BUNDLE: u8 = 0;
/// Bytes as the header of what a desk asks.
pub const ASK: u8 = 1;
/// Bytes as the header of what it is granted.
pub const GRANT: u8 = 2;
/// Bytes as the payload of either.
pub const PAYLOAD: u8 = 3;
/// Bytes as what a desk of version 1 asks, and is answered.
pub const VERSION_1: u8 = 4;

/// The first byte says as what the others are read.
pub fn check(bytes: &[u8]) {
    let Some((way, bytes)) = bytes.split_first() else {
        return;
    };
    let headed = || {
        let mut payload = Vec::new();
        put_piece(&mut payload, bytes);
        payload
    };
    match way % 5 {
        BUNDLE => {
            if let Ok(bundle) = Bundle::read(bytes) {
                let written = bundle.write();
                let again = Bundle::read(written.as_bytes());
                assert_eq!(again.as_ref(), Ok(&bundle));
                assert_eq!(again.map(|again| again.write()), Ok(written));
                assert!(
                    bundle.code.0.is_empty() || !format!("{bundle:?}").contains(&quoted(&bundle)),
                    "a code is in no debug text"
                );
            }
        }
        ASK => ask(&headed()),
        GRANT => grant(&headed()),
        PAYLOAD => {
            ask(bytes);
            grant(bytes);
        }
        _ => {
            if let Ok(request) = serde_json::from_slice::<EnrolRequest>(bytes) {
                let _ = request.check();
                let written = serde_json::to_vec(&request).expect("a request is JSON");
                assert_eq!(serde_json::from_slice(&written).ok(), Some(request));
            }
            if let Ok(answer) = serde_json::from_slice::<EnrolAnswer>(bytes) {
                let written = serde_json::to_vec(&answer).expect("an answer is JSON");
                assert_eq!(serde_json::from_slice(&written).ok(), Some(answer));
            }
        }
    }
}

/// The code as debug text would show it; one that is a word of the file's own is not looked for.
fn quoted(bundle: &Bundle) -> String {
    format!("code: {:?}", bundle.code.0)
}

fn ask(payload: &[u8]) {
    if let Ok(ask) = EnrolAsk::read(payload) {
        let written = ask.write();
        let again = EnrolAsk::read(&written).expect("what was written is read");
        assert_eq!(again, ask);
        assert_eq!(again.write(), written);
    }
}

fn grant(payload: &[u8]) {
    if let Ok(grant) = EnrolGrant::read(payload) {
        let written = grant.write();
        let again = EnrolGrant::read(&written).expect("what was written is read");
        assert_eq!(again, grant);
        assert_eq!(again.write(), written);
    }
}
