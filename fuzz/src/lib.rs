//! What must hold whatever the bytes are: no panic, no more memory than there are limits for, and what was read is
//! read again as the same once it is written.
//!
//! A first byte says how the rest is dressed, so that the fuzzer is not stopped by a length, a hash or a signature
//! that no chance makes right: the same reader is met with bare bytes, and with bytes that pass its gate.

pub mod changes;
pub mod enrolment;
pub mod frame;

/// What reading bytes may take at most at one time, that of the program and its tables included: several times the
/// budget of a section (`limits::ROWS_BYTES_MAX`), which counts roughly.
pub const MEMORY_MAX: usize = 384 * 1024 * 1024;

/// The allocator of every target.
pub type Memory = cap::Cap<std::alloc::System>;

/// An allocator that gives no more than [`MEMORY_MAX`].
#[must_use]
pub const fn memory() -> Memory {
    cap::Cap::new(std::alloc::System, MEMORY_MAX)
}

/// Appends a number as the wire writes it (LEB128).
pub fn put_number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// Appends a piece with its length before it.
pub fn put_piece(out: &mut Vec<u8>, piece: &[u8]) {
    put_number(out, piece.len());
    out.extend_from_slice(piece);
}
