//! Payloads: what is written is read, what does not fit together is refused, no bytes make the
//! reader panic.

use jitasa_protocol::{
    Hash, WireError, limits,
    payload::{Answer, BatchHead, EnrolAsk, EnrolGrant, Request, RequestHead},
};
use proptest::prelude::*;
use serde_json::json;

use crate::letters::{answer, id, request, request_head};

#[test]
fn a_batch_that_is_not_what_its_head_tells_of_is_refused() {
    let refused = |spoil: &dyn Fn(&mut Request)| {
        let mut request = request();
        spoil(&mut request);
        assert_eq!(Request::read(&request.write()), Err(WireError::Batch));
    };
    let batch = |request: &mut Request| request.head.batch.take().unwrap();
    let with = |request: &mut Request, spoil: &dyn Fn(&mut BatchHead)| {
        let mut head = batch(request);
        spoil(&mut head);
        request.head.batch = Some(head);
    };
    refused(&|request| with(request, &|head| head.count += 1));
    refused(&|request| with(request, &|head| head.count = 0));
    refused(&|request| with(request, &|head| head.first_seq += 1));
    refused(&|request| with(request, &|head| head.body = Hash::GENESIS));
    refused(&|request| request.head.batch = None);
    refused(&|request| request.changes.clear());
    refused(&|request| {
        request.changes[2].device_seq += 1;
        let changes = request.changes.clone();
        with(request, &|head| {
            *head = BatchHead::of(id(1), None, Hash::GENESIS, &changes);
        });
    });
    refused(&|request| request.changes[0].fields["people_count"] = json!(5));
}

#[test]
fn a_head_is_read_before_its_changes_are() {
    let request = request();
    assert_eq!(RequestHead::read(&request.write()), Ok(request.head));
}

#[test]
fn members_of_a_newer_program_are_passed_over_and_older_ones_have_a_default() {
    let head = json!({
        "protocol": 2, "program": "9.9", "server_id": id(1), "office_code": "450905",
        "device_id": id(2), "acked": 0, "link": Hash::GENESIS, "cursor": 0, "epoch": id(3),
        "claimed_at": 0, "lunar": { "eclipse": true },
    })
    .to_string();
    let length = u8::try_from(head.len() & 0x7f).unwrap() | 0x80;
    let more = u8::try_from(head.len() >> 7).unwrap();
    let payload = [&[length, more], head.as_bytes(), &[0]].concat();
    let request = Request::read(&payload).unwrap();
    assert_eq!(request.head.limit, limits::DELIVERED_MAX);
    assert_eq!(request.head.batch, None);
    assert_eq!(
        Request::read(&payload[..payload.len() - 1]),
        Err(WireError::CutOff)
    );
    assert_eq!(
        Request::read(&[&payload[..], &[0]].concat()),
        Err(WireError::Trailing)
    );
}

proptest! {
    #[test]
    fn every_batch_is_read_as_it_was_written(
        mut changes in prop::collection::vec(crate::made::change(), 1..8), first in 1_u64..1_000_000,
    ) {
        for (seq, change) in (first..).zip(&mut changes) {
            change.device_seq = seq;
        }
        let mut head = request_head();
        head.batch = Some(BatchHead::of(id(1), None, Hash::GENESIS, &changes));
        let request = Request { head, changes };
        prop_assert_eq!(Request::read(&request.write()), Ok(request));
    }

    #[test]
    fn every_answer_is_read_as_it_was_written(
        delivered in prop::collection::vec(crate::made::delivered(), 0..8),
    ) {
        let answer = Answer { delivered, ..answer() };
        prop_assert_eq!(Answer::read(&answer.write()), Ok(answer));
    }

    #[test]
    fn no_bytes_make_a_payload_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        at: prop::sample::Index, to: u8,
    ) {
        let _ = Request::read(&bytes);
        let _ = Answer::read(&bytes);
        let _ = EnrolAsk::read(&bytes);
        let _ = EnrolGrant::read(&bytes);
        let (mut request, mut answer) = (request().write(), answer().write());
        let (in_request, in_answer) = (at.index(request.len()), at.index(answer.len()));
        request[in_request] = to;
        answer[in_answer] = to;
        let _ = Request::read(&request);
        let _ = Answer::read(&answer);
    }
}
