//! One number of every row.
//!
//! A byte that says where steps start, then a number for each row: 0 the number itself, no step;
//! 1 a step from the row before (at first from 0); 2 a step from another number of the same row,
//! which the section names.

use crate::{
    WireError,
    bytes::{Input, put_number, put_step},
};

const ITSELF: u8 = 0;
const FROM_BEFORE: u8 = 1;
const FROM_ANCHOR: u8 = 2;

/// Appends the numbers in whichever way is smallest and most even; `anchors` are what the section
/// names, one for each row.
pub(super) fn put_numbers(out: &mut Vec<u8>, numbers: &[u64], anchors: &[u64]) {
    let best = [ITSELF, FROM_BEFORE, FROM_ANCHOR]
        .into_iter()
        .map(|way| written(way, numbers, anchors))
        .min_by_key(|bytes| {
            // Bytes that repeat cost next to nothing once they are compressed.
            let uneven = bytes.windows(2).skip(1).filter(|pair| pair[0] != pair[1]);
            bytes.len() + 2 * uneven.count()
        });
    out.extend(best.unwrap_or_default());
}

fn written(way: u8, numbers: &[u64], anchors: &[u64]) -> Vec<u8> {
    let mut out = vec![way];
    let mut before = 0;
    for (number, anchor) in numbers.iter().zip(anchors) {
        match way {
            ITSELF => put_number(&mut out, *number),
            FROM_BEFORE => put_step(&mut out, before, *number),
            _ => put_step(&mut out, *anchor, *number),
        }
        before = *number;
    }
    out
}

/// See [`put_numbers`].
pub(super) fn read_numbers(input: &mut Input, anchors: &[u64]) -> Result<Vec<u64>, WireError> {
    let way = input.byte()?;
    let mut before = 0;
    anchors
        .iter()
        .map(|anchor| {
            before = match way {
                ITSELF => input.number()?,
                FROM_BEFORE => input.step(before)?,
                FROM_ANCHOR => input.step(*anchor)?,
                _ => return Err(WireError::Malformed),
            };
            Ok(before)
        })
        .collect()
}
