//! One seed decides everything.

use jitasa_domain::ids::SeededIds;

/// Draws.
#[derive(Debug, Clone)]
pub(crate) struct Chance(pub SeededIds);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        let mut ids = SeededIds(seed);
        // Seeds are small numbers that follow each other; their first draws are not to look alike.
        ids.next_u64();
        Self(ids)
    }

    pub(crate) fn below(&mut self, below: usize) -> usize {
        self.0.below(below)
    }

    /// True so many times in a thousand.
    pub(crate) fn per_mille(&mut self, often: usize) -> bool {
        often > 0 && self.0.below(1_000) < often
    }

    pub(crate) fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.0.below(all.len())]
    }

    pub(crate) fn bytes32(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for eight in bytes.chunks_exact_mut(8) {
            eight.copy_from_slice(&self.0.next_u64().to_le_bytes());
        }
        bytes
    }

    pub(crate) fn uuid(&mut self) -> uuid::Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.bytes32()[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}
