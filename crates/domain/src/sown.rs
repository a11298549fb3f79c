//! Bugs sown on purpose, so that the simulation can show that it finds them (`cargo xtask simulate --strength`). Each
//! stands where it breaks its rule, and is awake only with the feature `sown-bugs`; without it nothing is left of it.

#[cfg(feature = "sown-bugs")]
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// The one that is awake; 0 for none.
#[cfg(feature = "sown-bugs")]
static AWAKE: AtomicU32 = AtomicU32::new(0);

/// Wakes one, and puts the others to sleep.
#[cfg(feature = "sown-bugs")]
pub fn wake(number: u32) {
    AWAKE.store(number, Relaxed);
}

/// Whether this one is awake.
#[cfg(feature = "sown-bugs")]
#[must_use]
pub fn is_awake(number: u32) -> bool {
    AWAKE.load(Relaxed) == number
}

/// Whether this one is awake: never, without the feature `sown-bugs`.
#[cfg(not(feature = "sown-bugs"))]
#[must_use]
pub const fn is_awake(_: u32) -> bool {
    false
}

/// Whether a sown bug is awake.
#[macro_export]
macro_rules! sown {
    ($number:literal) => {
        $crate::sown::is_awake($number)
    };
}
