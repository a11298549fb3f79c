//! The change decoder: sections of changes and of deliveries, and changes in the JSON of version 1.

use std::fmt::Debug;

use jitasa_domain::change::{Change, Delivered};
use jitasa_protocol::{Hash, SyncAnswer, SyncRequest, WireError, columns, link};
use serde::de::IgnoredAny;

/// Bytes as a section of changes.
pub const OF_CHANGES: u8 = 0;
/// Bytes as a section of deliveries.
pub const OF_DELIVERED: u8 = 1;
/// Bytes as a request of version 1.
pub const OF_REQUEST_V1: u8 = 2;
/// Bytes as an answer of version 1.
pub const OF_ANSWER_V1: u8 = 3;

/// The first byte says as what the others are read.
pub fn check(bytes: &[u8]) {
    let Some((way, bytes)) = bytes.split_first() else {
        return;
    };
    match way % 4 {
        OF_CHANGES => {
            if let Ok(changes) = columns::read_changes(bytes) {
                changes_go_round(&changes);
            }
        }
        OF_DELIVERED => {
            if let Ok(delivered) = columns::read_delivered(bytes) {
                deliveries_go_round(&delivered);
            }
        }
        OF_REQUEST_V1 => {
            let Ok(request) = serde_json::from_slice::<SyncRequest>(bytes) else {
                return;
            };
            if request.check().is_ok()
                && let Some(batch) = &request.batch
            {
                // What a desk of version 1 says is told to desks of version 2.
                changes_go_round(&batch.changes);
            }
        }
        _ => {
            if let Ok(answer) = serde_json::from_slice::<SyncAnswer>(bytes) {
                let again = serde_json::to_vec(&answer).expect("an answer is JSON");
                let read: SyncAnswer = serde_json::from_slice(&again).expect("as it was written");
                assert_eq!(read, answer);
            }
        }
    }
}

/// Changes are written and read as the same, by columns and as the JSON in which they are kept and chained.
pub fn changes_go_round(changes: &[Change]) {
    goes_round(changes, columns::write_changes, columns::read_changes);
    changes.iter().for_each(is_json);
    // Of the first: all are chained alike.
    if let Some(first) = changes.first() {
        assert_ne!(link(&Hash::GENESIS, first), Hash::GENESIS);
    }
}

/// As [`changes_go_round`].
pub fn deliveries_go_round(delivered: &[Delivered]) {
    goes_round(delivered, columns::write_delivered, columns::read_delivered);
    delivered.iter().for_each(is_json);
}

/// Written, read and written again it is the same, to the byte.
fn goes_round<T: PartialEq + Debug + serde_like::Text>(
    rows: &[T],
    write: impl Fn(&[T]) -> Vec<u8>,
    read: impl Fn(&[u8]) -> Result<Vec<T>, WireError>,
) {
    let written = write(rows);
    let again = read(&written).expect("what was written is read");
    assert!(
        rows.iter().map(T::text).eq(again.iter().map(T::text)),
        "{rows:?} became {again:?}"
    );
    assert_eq!(write(&again), written);
}

/// A desk and a server keep it as JSON, inside of more JSON, and read it back.
fn is_json<T: serde_like::Text>(row: &T) {
    let inside = format!("[[[[[[[[{}]]]]]]]]", row.text());
    let value: Result<IgnoredAny, _> = serde_json::from_str(&inside);
    assert!(value.is_ok(), "JSON nests too deep to be read again");
}

mod serde_like {
    use jitasa_domain::change::{Change, Delivered};

    /// JSON tells -0.0 from 0.0 and one order of members from another, as `==` does not.
    pub trait Text {
        fn text(&self) -> String;
    }

    impl Text for Change {
        fn text(&self) -> String {
            serde_json::to_string(self).expect("a change is JSON")
        }
    }

    impl Text for Delivered {
        fn text(&self) -> String {
            serde_json::to_string(self).expect("a delivery is JSON")
        }
    }
}
