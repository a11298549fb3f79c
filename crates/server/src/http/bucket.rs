//! How often one caller may ask: a bucket of tokens for each, in memory. Pure: moments are arguments.

use std::collections::HashMap;

use jitasa_domain::Timestamp;

/// Callers remembered at once; beyond that, those who have been quiet are forgotten.
const CALLERS_MAX: usize = 20_000;
/// How many seconds' worth of requests may come at once after a quiet time: a first sync, or a
/// desk that comes back with a thousand changes, asks in quick succession.
const BURST_S: u32 = 20;

/// Names a caller without keeping what he showed.
pub(super) type CallerKey = [u8; 32];

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Thousandths of a request that may still come.
    level_milli: i64,
    seen_at: Timestamp,
}

/// The buckets of all callers.
#[derive(Debug)]
pub(super) struct Buckets {
    rate_per_s: i64,
    callers: HashMap<CallerKey, Bucket>,
}

impl Buckets {
    /// Buckets that fill with so many requests a second.
    pub(super) fn new(rate_per_s: u32) -> Self {
        Self {
            rate_per_s: i64::from(rate_per_s.max(1)),
            callers: HashMap::new(),
        }
    }

    fn full_milli(&self) -> i64 {
        self.rate_per_s * i64::from(BURST_S) * 1000
    }

    /// Counts one request.
    ///
    /// # Errors
    /// The seconds after which to ask again.
    pub(super) fn take(&mut self, caller: CallerKey, now: Timestamp) -> Result<(), u64> {
        let full = self.full_milli();
        if self.callers.len() >= CALLERS_MAX && !self.callers.contains_key(&caller) {
            self.forget_the_quiet(now);
        }
        let rate = self.rate_per_s;
        let bucket = self.callers.entry(caller).or_insert(Bucket {
            level_milli: full,
            seen_at: now,
        });
        // One request a second is one thousandth a millisecond. A clock set back fills nothing.
        let passed_ms = (now.0 - bucket.seen_at.0).max(0);
        bucket.level_milli = full.min(
            bucket
                .level_milli
                .saturating_add(passed_ms.saturating_mul(rate)),
        );
        bucket.seen_at = now;
        if bucket.level_milli >= 1000 {
            bucket.level_milli -= 1000;
            Ok(())
        } else {
            let missing_ms = (1000 - bucket.level_milli) / rate;
            Err(u64::try_from(missing_ms / 1000).unwrap_or_default() + 1)
        }
    }

    /// Whoever's bucket is full again is as good as new. When all are busy at once, somebody makes
    /// up callers: all begin anew, and the requests at once are the bound that is left.
    fn forget_the_quiet(&mut self, now: Timestamp) {
        let (rate, full) = (self.rate_per_s, self.full_milli());
        self.callers.retain(|_, bucket| {
            bucket
                .level_milli
                .saturating_add((now.0 - bucket.seen_at.0).max(0).saturating_mul(rate))
                < full
        });
        if self.callers.len() >= CALLERS_MAX {
            self.callers.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_may_come_back_with_much_and_is_then_slowed_to_the_rate() {
        let mut buckets = Buckets::new(5);
        let burst = 5 * BURST_S;
        for _ in 0..burst {
            assert_eq!(buckets.take([1; 32], Timestamp(0)), Ok(()));
        }
        assert_eq!(buckets.take([1; 32], Timestamp(0)), Err(1));
        assert_eq!(buckets.take([1; 32], Timestamp(200)), Ok(()));
        assert_eq!(buckets.take([1; 32], Timestamp(200)), Err(1));
        assert_eq!(
            buckets.take([2; 32], Timestamp(200)),
            Ok(()),
            "others are not slowed"
        );
    }

    #[test]
    fn a_clock_set_back_by_543_years_fills_no_bucket_and_blocks_nobody_for_ever() {
        let mut buckets = Buckets::new(1);
        let now = Timestamp(17_000_000_000_000);
        for _ in 0..BURST_S {
            assert_eq!(buckets.take([1; 32], now), Ok(()));
        }
        let back = Timestamp(0);
        assert!(buckets.take([1; 32], back).is_err());
        assert_eq!(buckets.take([1; 32], Timestamp(1000)), Ok(()));
    }

    #[test]
    fn made_up_callers_cost_a_bounded_memory() {
        let mut buckets = Buckets::new(1);
        for each in 0..(CALLERS_MAX as u64 + 10) {
            let mut key = [0; 32];
            key[..8].copy_from_slice(&each.to_le_bytes());
            assert_eq!(buckets.take(key, Timestamp(0)), Ok(()));
        }
        assert!(buckets.callers.len() <= CALLERS_MAX);
    }
}
