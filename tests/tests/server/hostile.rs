//! Frames as no desk sends them: cut, altered, signed by another, meant for another, again and again.

use std::sync::Arc;

use jitasa_domain::change::Verdict;
use jitasa_protocol::{
    Code, DeviceKey,
    frame::{self, Compression, Kind},
    limits,
};
use jitasa_server::Refusal;
use jitasa_sync::envelope;
use jitasa_tests::keeper::Keeper;

use crate::{
    desk::MemoryDesk,
    line::{House, NOW},
};

fn frame_of(desk: &MemoryDesk) -> Vec<u8> {
    envelope::seal(&desk.a_request(&desk.outbox), &desk.key()).frame
}

/// What is said without a signature to bytes that are refused.
fn refusal(house: &House, frame: &[u8]) -> Code {
    match house.province.take(frame, NOW) {
        Err(Refusal::Problem(problem)) => problem.code,
        other => panic!("{other:?}"),
    }
}

story!(a_batch_that_comes_a_hundred_times_at_once_is_applied_once);
fn a_batch_that_comes_a_hundred_times_at_once_is_applied_once(ledger: Keeper) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    for each in 0..5 {
        desk.keys_a_case(&format!("บ้านที่ {each}"));
    }
    let frame = Arc::new(frame_of(&desk));
    let threads: Vec<_> = (0..100)
        .map(|_| {
            let (province, frame) = (Arc::clone(&house.province), Arc::clone(&frame));
            std::thread::spawn(move || province.take(&frame, NOW).unwrap().answer)
        })
        .collect();
    let answers: Vec<_> = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    assert!(
        answers
            .iter()
            .all(|answer| answer.outcomes == answers[0].outcomes)
    );
    let outcomes = &answers[0].outcomes;
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.verdict == Verdict::New)
    );
    assert_eq!(
        house.sync(&mut desk).new,
        15,
        "the desk hears the same word"
    );
    let mut other = house.a_desk("450905", 2);
    assert_eq!(house.sync(&mut other).received, 15);
}

#[test]
fn a_frame_cut_at_any_byte_or_longer_than_it_should_be_is_refused_and_changes_nothing() {
    let house = House::on(Keeper::Sqlite);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let whole = frame_of(&desk);
    for end in 0..whole.len() {
        let code = refusal(&house, &whole[..end]);
        assert!(
            matches!(code, Code::Malformed | Code::TooLarge),
            "{end}: {code:?}"
        );
    }
    assert_eq!(
        refusal(&house, &[whole.as_slice(), b"\0"].concat()),
        Code::Malformed
    );
    assert_eq!(house.sync(&mut desk).new, 3);
}

/// What was signed is what is meant, not how it was packed: the packing has a bit or two that say nothing.
#[test]
fn a_frame_with_any_bit_turned_is_refused_or_says_the_very_same() {
    let house = House::on(Keeper::Sqlite);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let whole = frame_of(&desk);
    for place in 0..whole.len() {
        let mut turned = whole.clone();
        turned[place] ^= 1 << (place % 8);
        if house.province.take(&turned, NOW).is_ok() {
            let [sound, taken] = [&whole, &turned]
                .map(|bytes| frame::open(bytes, limits::BODY_BYTES_MAX).unwrap().payload);
            assert_eq!(sound, taken, "byte {place}");
        }
    }
    assert_eq!(house.sync(&mut desk).new, 3);
}

#[test]
fn what_another_signed_or_what_is_no_request_is_answered_as_if_nobody_were_known() {
    let house = House::on(Keeper::Sqlite);
    let mut desk = house.a_desk("450905", 1);
    let other = house.a_desk("450905", 2);
    desk.keys_a_case("น้ำถึงเอว");
    let request = desk.a_request(&desk.outbox);
    for key in [other.key(), DeviceKey::from_secret(&[99; 32])] {
        let frame = envelope::seal(&request, &key).frame;
        assert_eq!(refusal(&house, &frame), Code::DeviceUnknown);
    }
    // The signature covers what kind of frame it is.
    let answer = frame::seal(
        Kind::Answer,
        &request.write(),
        &desk.key(),
        Compression::None,
    );
    assert_eq!(refusal(&house, &answer), Code::Malformed);
    let mut as_request = answer;
    as_request[5] = Kind::Request.byte();
    assert_eq!(refusal(&house, &as_request), Code::DeviceUnknown);
    assert_eq!(house.sync(&mut desk).new, 3);
}

#[test]
fn a_request_for_another_server_is_refused_under_the_signature_of_this_one() {
    let house = House::on(Keeper::Sqlite);
    let elsewhere = House::on(Keeper::Sqlite);
    let desk = house.a_desk("450905", 1);
    let there = elsewhere.a_desk("450905", 1);
    // The very same device is known in both; what it said to one is brought to the other.
    assert_eq!(desk.key().public(), there.key().public());
    let answer = elsewhere.says(&there, &desk.a_request(&[]));
    assert_eq!(answer.head.problem, Some(Code::OtherServer.into()));
}

#[test]
fn what_would_inflate_over_the_limit_is_refused_before_it_does() {
    let house = House::on(Keeper::Sqlite);
    let desk = house.a_desk("450905", 1);
    let nothing = vec![0; limits::BODY_BYTES_MAX + 1];
    let bomb = frame::seal(Kind::Request, &nothing, &desk.key(), Compression::Zstd);
    assert!(
        bomb.len() < 1_000,
        "{} bytes that say they are a mebibyte",
        bomb.len()
    );
    assert_eq!(refusal(&house, &bomb), Code::TooLarge);
}
