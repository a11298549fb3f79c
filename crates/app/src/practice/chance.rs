//! Chance from a seed: the only source of surprise in practice data, so that a seed replays an
//! office. It must not know what is drawn.

use jitasa_domain::ids::SeededIds;

/// Draws from a seed.
#[derive(Debug, Clone)]
pub(super) struct Chance(SeededIds);

impl Chance {
    /// A run of draws of its own: what is drawn for one subject does not move another's.
    pub(super) fn new(seed: u64, subject: u64) -> Self {
        let mut ids = SeededIds(seed ^ subject.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        ids.next_u64();
        Self(ids)
    }

    /// A number in `0..below`.
    pub(super) fn below(&mut self, below: usize) -> usize {
        self.0.below(below)
    }

    /// A number in `low..=high`.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True so many times in a hundred.
    pub(super) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A number in `0.0..1.0`.
    pub(super) fn unit(&mut self) -> f64 {
        let bits = u32::try_from(self.0.next_u64() >> 32).unwrap_or(0);
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }

    /// Roughly a bell around 0 that ends at -1 and 1.
    pub(super) fn bell(&mut self) -> f64 {
        (self.unit() + self.unit() + self.unit()) * 2.0 / 3.0 - 1.0
    }

    /// One of a list; the default of an empty one.
    pub(super) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        list.get(self.below(list.len()))
            .copied()
            .unwrap_or_default()
    }

    /// The place in a list of weights that a draw by weight falls on.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: usize = weights.iter().map(|weight| *weight as usize).sum();
        let mut at = self.below(total);
        for (index, weight) in weights.iter().enumerate() {
            match at.checked_sub(*weight as usize) {
                Some(rest) => at = rest,
                None => return index,
            }
        }
        0
    }

    /// Puts a list in another order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            let other = self.below(end + 1);
            list.swap(end, other);
        }
    }
}

/// Cards dealt round and round: every card comes up, whatever the seed.
#[derive(Debug)]
pub(super) struct Deck<T> {
    cards: Vec<T>,
    dealt: usize,
}

impl<T: Copy> Deck<T> {
    pub(super) fn new(chance: &mut Chance, cards: &[T]) -> Self {
        let mut cards = cards.to_vec();
        chance.shuffle(&mut cards);
        Self { cards, dealt: 0 }
    }

    /// The next card. A deck has at least one.
    pub(super) fn deal(&mut self) -> T {
        let card = self.cards[self.dealt % self.cards.len()];
        self.dealt += 1;
        card
    }
}
