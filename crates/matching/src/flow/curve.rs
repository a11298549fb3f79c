//! What an agent's units cost: each at least as much as the one before. Knows nothing of the flow.

/// The cost of an agent's units: the first costs `first`, each further one `step` more than the one before, and there
/// are `units` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Curve {
    /// What the first unit costs.
    pub first: i64,
    /// What each further unit costs more; never negative, so the whole is convex.
    pub step: i64,
    /// How many there are.
    pub units: u32,
}

/// As many units as anybody could want.
pub const NO_LIMIT: u32 = u32::MAX;

impl Curve {
    /// What one unit more costs for an agent that has `load` of them; `None` when he has all there are.
    #[must_use]
    pub fn next(&self, load: u32) -> Option<i64> {
        (load < self.units).then(|| self.first + self.step * i64::from(load))
    }

    /// What the last of `load` units costs; `None` for no units.
    #[must_use]
    pub fn last(&self, load: u32) -> Option<i64> {
        Some(self.first + self.step * i64::from(load.checked_sub(1)?))
    }

    /// What `load` units cost together.
    #[must_use]
    pub fn total(&self, load: u32) -> i64 {
        let load = i64::from(load);
        self.first * load + self.step * (load * (load - 1) / 2)
    }

    /// The most that selling units at `price` can earn: the sum of `price` less cost over all that cost less.
    /// `None` when it has no end: a price above what endless units cost.
    #[must_use]
    pub fn earns(&self, price: i64) -> Option<i64> {
        let above = price - self.first;
        if above <= 0 {
            return Some(0);
        }
        let gainful = match (above - 1).checked_div(self.step) {
            Some(steps) => u32::try_from(steps + 1).unwrap_or(NO_LIMIT).min(self.units),
            None => self.units,
        };
        (gainful < NO_LIMIT).then(|| i64::from(gainful) * price - self.total(gainful))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_costs_more_than_the_one_before_until_there_are_no_more() {
        let curve = Curve {
            first: 5,
            step: 3,
            units: 2,
        };
        assert_eq!(
            [curve.next(0), curve.next(1), curve.next(2)],
            [Some(5), Some(8), None]
        );
        assert_eq!(
            [curve.last(0), curve.last(1), curve.last(2)],
            [None, Some(5), Some(8)]
        );
        assert_eq!([curve.total(0), curve.total(1), curve.total(2)], [0, 5, 13]);
    }

    #[test]
    fn only_units_that_cost_less_than_the_price_earn() {
        for (first, step, units) in [(5, 3, 4), (5, 0, 4), (-5, 1, 9)] {
            let curve = Curve { first, step, units };
            for price in -10..40 {
                let sum: i64 = (0..units)
                    .filter_map(|load| curve.next(load))
                    .map(|cost| (price - cost).max(0))
                    .sum();
                assert_eq!(curve.earns(price), Some(sum), "{curve:?} at {price}");
            }
        }
    }

    #[test]
    fn endless_units_at_one_cost_bear_no_higher_price() {
        let curve = Curve {
            first: 7,
            step: 0,
            units: NO_LIMIT,
        };
        assert_eq!(curve.earns(7), Some(0));
        assert_eq!(curve.earns(8), None);
        let rising = Curve { step: 1, ..curve };
        assert_eq!(rising.earns(9), Some(3));
    }
}
