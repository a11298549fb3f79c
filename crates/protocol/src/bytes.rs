//! Numbers and pieces as bytes, and a reader of them that no input can make panic or allocate.

use crate::WireError;

/// Appends a number: seven bits a byte, the lowest first, the high bit set on all but the last (LEB128).
pub(crate) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// Appends the way from one number to another, so that small steps either way are small numbers:
/// 0, -1, 1, -2, 2 travel as 0, 1, 2, 3, 4. Steps wrap around, so every pair of numbers has one.
pub(crate) fn put_step(out: &mut Vec<u8>, from: u64, to: u64) {
    put_number(out, zigzag(to.wrapping_sub(from).cast_signed()));
}

/// Appends a piece with its length before it.
pub(crate) fn put_piece(out: &mut Vec<u8>, piece: &[u8]) {
    put_number(out, piece.len() as u64);
    out.extend_from_slice(piece);
}

/// A signed number as an unsigned one, small ones small.
pub(crate) const fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)).cast_unsigned()
}

const fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// Bytes that are still to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a>(pub(crate) &'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn byte(&mut self) -> Result<u8, WireError> {
        let (first, rest) = self.0.split_first().ok_or(WireError::CutOff)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], WireError> {
        let (piece, rest) = self.0.split_at_checked(length).ok_or(WireError::CutOff)?;
        self.0 = rest;
        Ok(piece)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let (piece, rest) = self.0.split_first_chunk().ok_or(WireError::CutOff)?;
        self.0 = rest;
        Ok(*piece)
    }

    /// See [`put_number`]; a number over 64 bits is refused, a longer form than needed is not.
    pub(crate) fn number(&mut self) -> Result<u64, WireError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(WireError::Malformed)
    }

    /// See [`put_step`].
    pub(crate) fn step(&mut self, from: u64) -> Result<u64, WireError> {
        Ok(from.wrapping_add(unzigzag(self.number()?).cast_unsigned()))
    }

    /// A count of things of which each takes at least a byte of what is left.
    pub(crate) fn count(&mut self) -> Result<usize, WireError> {
        match usize::try_from(self.number()?) {
            Ok(count) if count <= self.0.len() => Ok(count),
            _ => Err(WireError::CutOff),
        }
    }

    /// A place among so many things.
    pub(crate) fn place(&mut self, among: usize) -> Result<usize, WireError> {
        match usize::try_from(self.number()?) {
            Ok(place) if place < among => Ok(place),
            _ => Err(WireError::Malformed),
        }
    }

    /// See [`put_piece`].
    pub(crate) fn piece(&mut self) -> Result<&'a [u8], WireError> {
        let length = self.count()?;
        self.take(length)
    }

    /// That nothing is left.
    pub(crate) const fn end(self) -> Result<(), WireError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(WireError::Trailing)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_number_and_every_step_is_read_as_it_was_written(from: u64, to: u64) {
            let mut out = Vec::new();
            put_number(&mut out, to);
            put_step(&mut out, from, to);
            let mut input = Input(&out);
            prop_assert_eq!(input.number(), Ok(to));
            prop_assert_eq!(input.step(from), Ok(to));
            prop_assert_eq!(input.end(), Ok(()));
        }
    }

    #[test]
    fn a_small_step_either_way_is_one_byte() {
        for (from, to) in [(0, 63), (63, 0), (7, 7), (u64::MAX, 0)] {
            let mut out = Vec::new();
            put_step(&mut out, from, to);
            assert_eq!(out.len(), 1, "{from} to {to}");
        }
    }

    #[test]
    fn a_number_of_more_than_64_bits_is_refused() {
        assert_eq!(Input(&[0xff; 11]).number(), Err(WireError::Malformed));
        assert_eq!(
            Input(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]).number(),
            Err(WireError::Malformed)
        );
        assert_eq!(Input(&[0x80]).number(), Err(WireError::CutOff));
    }

    #[test]
    fn a_count_of_more_than_there_are_bytes_is_refused_before_anything_is_made() {
        assert_eq!(Input(&[200, 1, 0]).count(), Err(WireError::CutOff));
    }
}
