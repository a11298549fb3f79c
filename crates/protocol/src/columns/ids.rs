//! Every id of a section, once.
//!
//! Ids that one run of a program drew share their middle and count up at their end (RFC 9562,
//! section 6.2): for them a group takes a byte or two an id. Any other UUID travels as well, in a
//! group of its own.
//!
//! ```text
//! number of groups; for each: 6 bytes that its ids share (bits 48 to 95), and how many ids it has
//! then the first 48 bits of every id, a number each: the step from the id before
//! then the last 32 bits of every id: 4 bytes for the first of a group, then steps
//! ```
//!
//! The writer sorts the ids of a group, and the groups by their first id; the reader relies on neither.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::{
    WireError,
    bytes::{Input, put_number, put_step},
};

/// Where each id stands in the table of a section that is being written.
#[derive(Debug, Default)]
pub(super) struct IdIndex(HashMap<Uuid, u64>);

impl IdIndex {
    /// The place of an id that the table was written with.
    pub(super) fn of(&self, id: Uuid) -> u64 {
        self.0.get(&id).copied().unwrap_or(0)
    }
}

/// Appends the table.
pub(super) fn put_ids(out: &mut Vec<u8>, ids: &BTreeSet<Uuid>) -> IdIndex {
    let mut by_middle: BTreeMap<[u8; 6], Vec<Uuid>> = BTreeMap::new();
    for id in ids {
        by_middle.entry(parts(*id).1).or_default().push(*id);
    }
    let mut groups: Vec<_> = by_middle.into_iter().collect();
    groups.sort_by_key(|(_, ids)| ids[0]);
    put_number(out, groups.len() as u64);
    for (middle, ids) in &groups {
        out.extend_from_slice(middle);
        put_number(out, ids.len() as u64);
    }
    let mut before = 0;
    for id in groups.iter().flat_map(|(_, ids)| ids) {
        let (first, ..) = parts(*id);
        put_step(out, before, first);
        before = first;
    }
    for (_, ids) in &groups {
        let mut before = None;
        for id in ids {
            let (.., last) = parts(*id);
            match before {
                None => out.extend_from_slice(&last.to_be_bytes()),
                Some(before) => put_step(out, before, u64::from(last)),
            }
            before = Some(u64::from(last));
        }
    }
    IdIndex(
        groups
            .into_iter()
            .flat_map(|(_, ids)| ids)
            .zip(0..)
            .collect(),
    )
}

/// See [`put_ids`].
pub(super) fn read_ids(input: &mut Input) -> Result<Vec<Uuid>, WireError> {
    let mut groups = Vec::new();
    let mut total = 0_usize;
    for _ in 0..input.count()? {
        let (middle, count) = (input.array()?, input.count()?);
        total += count;
        if total > input.0.len() {
            return Err(WireError::CutOff);
        }
        groups.push((middle, count));
    }
    let mut firsts = Vec::with_capacity(total);
    let mut first = 0;
    for _ in 0..total {
        first = input.step(first)?;
        firsts.push(first);
    }
    let mut firsts = firsts.into_iter();
    let mut ids = Vec::with_capacity(total);
    for (middle, count) in groups {
        let mut last = None;
        for first in firsts.by_ref().take(count) {
            let next = match last {
                None => u32::from_be_bytes(input.array()?),
                Some(last) => u32::try_from(input.step(last)?).map_err(|_| WireError::Malformed)?,
            };
            last = Some(u64::from(next));
            ids.push(whole(first, middle, next)?);
        }
    }
    Ok(ids)
}

/// The first 48 bits, the middle 48 and the last 32.
fn parts(id: Uuid) -> (u64, [u8; 6], u32) {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *id.as_bytes();
    (
        u64::from_be_bytes([0, 0, a, b, c, d, e, f]),
        [g, h, i, j, k, l],
        u32::from_be_bytes([m, n, o, p]),
    )
}

fn whole(first: u64, middle: [u8; 6], last: u32) -> Result<Uuid, WireError> {
    let [0, 0, first @ ..] = first.to_be_bytes() else {
        return Err(WireError::Malformed);
    };
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&first);
    bytes[6..12].copy_from_slice(&middle);
    bytes[12..].copy_from_slice(&last.to_be_bytes());
    Ok(Uuid::from_bytes(bytes))
}

/// The first 48 bits of an id: of a UUIDv7 when it was drawn, in milliseconds since 1970.
pub(super) fn drawn_at(id: Uuid) -> u64 {
    parts(id).0
}

/// The id that text is, when it is written as this program writes ids.
pub(super) fn id_of(text: &str) -> Option<Uuid> {
    let canonical = text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        });
    text.parse().ok().filter(|_| canonical)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_id_is_read_as_it_was_written(ids: Vec<u128>, run: u128, length in 0_u128..40) {
            let drawn = (0..length).map(|count| run.wrapping_add(count));
            let ids: BTreeSet<Uuid> = ids.into_iter().chain(drawn).map(Uuid::from_u128).collect();
            let mut out = Vec::new();
            let index = put_ids(&mut out, &ids);
            let mut input = Input(&out);
            let read = read_ids(&mut input).unwrap();
            prop_assert_eq!(input.end(), Ok(()));
            prop_assert_eq!(read.len(), ids.len());
            for id in ids {
                prop_assert_eq!(read[usize::try_from(index.of(id)).unwrap()], id);
            }
        }
    }

    #[test]
    fn an_id_of_the_same_run_takes_two_bytes() {
        let run = 0x0192_f0a0_1111_7000_8000_1234_0000_0001_u128;
        let ids = |count| (0..count).map(|each| Uuid::from_u128(run + each)).collect();
        let (mut few, mut many) = (Vec::new(), Vec::new());
        let _ = put_ids(&mut few, &ids(10));
        let _ = put_ids(&mut many, &ids(110));
        assert_eq!(many.len() - few.len(), 200);
    }

    #[test]
    fn only_the_one_form_of_an_id_is_taken_for_an_id() {
        let text = "0192f0a0-1111-7000-8000-00000000000a";
        assert!(id_of(text).is_some());
        for other in [
            text.to_uppercase(),
            text.replace('-', ""),
            format!("{{{text}}}"),
        ] {
            assert_eq!(id_of(&other), None);
        }
    }
}
