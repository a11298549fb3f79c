//! What a frame carries, before it is compressed: a header of JSON and the sections of its kind.
//!
//! ```text
//! header length   number (LEB128), then so many bytes of JSON: an object
//! then for each section of the kind, in order:
//! section length  number, then so many bytes
//! ```
//!
//! | kind | header | sections |
//! |---|---|---|
//! | request | [`RequestHead`] | the changes as [`columns`](crate::columns) |
//! | answer | [`AnswerHead`] | the outcomes as a JSON array of `Outcome`; the delivered rows as columns |
//! | enrolment asked | [`EnrolAsk`] | none |
//! | enrolment granted | [`EnrolGrant`] | none |
//!
//! A section of nothing is no bytes. Members of a header that a reader does not know are passed
//! over. Ids travel as hyphenated lower-case text, times as milliseconds since 1970 UTC.

mod answer;
mod enrol;
mod request;

use serde::{Serialize, de::DeserializeOwned};

pub use answer::{Answer, AnswerHead, OwnerSum};
pub use enrol::{EnrolAsk, EnrolGrant};
pub use request::{BatchHead, Repair, Request, RequestHead};

use crate::{
    WireError,
    bytes::{Input, put_piece},
};

/// A header and its sections as bytes.
fn join<const N: usize>(head: &impl Serialize, sections: [&[u8]; N]) -> Vec<u8> {
    let mut out = Vec::new();
    // Headers are objects of text and numbers: there is nothing in them that JSON cannot say.
    put_piece(&mut out, &serde_json::to_vec(head).unwrap_or_default());
    for section in sections {
        put_piece(&mut out, section);
    }
    out
}

/// A header and its sections from bytes; there are exactly `N`.
fn split<H: DeserializeOwned, const N: usize>(
    payload: &[u8],
) -> Result<(H, [&[u8]; N]), WireError> {
    let mut input = Input(payload);
    let head = read_json(input.piece()?)?;
    let mut sections = [&[][..]; N];
    for section in &mut sections {
        *section = input.piece()?;
    }
    input.end()?;
    Ok((head, sections))
}

fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    serde_json::from_slice(bytes).map_err(|_| WireError::Malformed)
}
