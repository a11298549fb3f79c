//! Frames: what is sealed is opened, what is changed is noticed, what is too large is refused.

use jitasa_protocol::{
    DeviceKey, WireError,
    frame::{self, Compression, Kind},
};
use proptest::prelude::*;

const MAX: usize = 1024 * 1024;

fn key() -> DeviceKey {
    DeviceKey::from_secret(&[7; 32])
}

proptest! {
    #[test]
    fn what_is_sealed_is_opened_and_verified(
        payload in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300),
            prop::collection::vec(0_u8..3, 0..5000),
        ],
        compression in prop::sample::select(vec![Compression::None, Compression::Zstd, Compression::Dictionary]),
    ) {
        let sealed = frame::seal(Kind::Request, &payload, &key(), compression);
        let opened = frame::open(&sealed, MAX).unwrap();
        prop_assert_eq!(&opened.payload, &payload);
        prop_assert_eq!(opened.kind, Kind::Request);
        prop_assert_eq!(opened.verify(&key().public()), Ok(()));
        let other = DeviceKey::from_secret(&[8; 32]).public();
        prop_assert_eq!(opened.verify(&other), Err(WireError::Signature));
    }

    #[test]
    fn a_frame_with_one_byte_changed_is_refused_or_does_not_verify(
        at: prop::sample::Index, to in 1_u8..=255,
    ) {
        let payload = b"{\"protocol\":2}".repeat(9);
        let mut sealed = frame::seal(Kind::Answer, &payload, &key(), Compression::Dictionary);
        let at = at.index(sealed.len());
        sealed[at] ^= to;
        // Packing may say the same in other bytes; what was meant may not change.
        if let Ok(opened) = frame::open(&sealed, MAX) {
            let same = opened.kind == Kind::Answer && opened.payload == payload;
            prop_assert!(opened.verify(&key().public()).is_err() || same);
        }
    }

    #[test]
    fn no_bytes_make_the_opening_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0_u8..6, packed in 0_u8..4) {
        let _ = frame::open(&bytes, MAX);
        let with_head = [b"JTSA\x02", &[kind, packed][..], &bytes].concat();
        let _ = frame::open(&with_head, MAX);
    }
}

#[test]
fn a_frame_that_would_inflate_over_the_cap_is_refused() {
    let payload = vec![0; 100_000];
    let sealed = frame::seal(Kind::Request, &payload, &key(), Compression::Dictionary);
    assert!(sealed.len() < 200);
    assert_eq!(
        frame::open(&sealed, payload.len() - 1),
        Err(WireError::TooLarge)
    );
    assert!(frame::open(&sealed, payload.len()).is_ok());
}

#[test]
fn a_frame_that_lies_about_its_length_is_refused() {
    let sealed = frame::seal(Kind::Request, &[0; 100], &key(), Compression::Zstd);
    assert_eq!(sealed[7], 100);
    for length in [0, 99, 101] {
        let mut lying = sealed.clone();
        lying[7] = length;
        assert_eq!(frame::open(&lying, MAX), Err(WireError::Inflate));
    }
}

#[test]
fn nothing_may_stand_after_a_frame_nor_be_missing_from_it() {
    for compression in [
        Compression::None,
        Compression::Zstd,
        Compression::Dictionary,
    ] {
        let sealed = frame::seal(Kind::Request, &[1; 500], &key(), compression);
        for end in 0..sealed.len() {
            assert!(frame::open(&sealed[..end], MAX).is_err());
        }
        let once_more = &sealed[sealed.len() - 3..];
        for tail in [&[0][..], once_more, b"\x50\x2a\x4d\x18\0\0\0\0"] {
            assert!(frame::open(&[&sealed, tail].concat(), MAX).is_err());
        }
    }
}

#[test]
fn a_newer_frame_says_that_it_is_newer() {
    let sealed = frame::seal(Kind::Request, b"x", &key(), Compression::None);
    for (at, what) in [(4, "frame"), (5, "kind"), (6, "compression")] {
        let mut newer = sealed.clone();
        newer[at] = 99;
        assert_eq!(frame::open(&newer, MAX), Err(WireError::Unknown { what }));
    }
    assert_eq!(
        frame::open(b"PK\x03\x04 a zip", MAX),
        Err(WireError::NotAFrame)
    );
}

#[test]
fn a_small_payload_travels_as_it_is_when_that_is_smallest() {
    let sealed = frame::seal(Kind::Request, b"xyz", &key(), Compression::Dictionary);
    assert_eq!(sealed[6], Compression::None.byte());
    assert_eq!(sealed.len(), 4 + 3 + 1 + 64 + 3);
}
