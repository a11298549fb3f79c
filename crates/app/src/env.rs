//! What a host lends to the program: clock, randomness, the network. Below the hosts these are
//! arguments, so that a test or a simulation can lend its own.

use std::sync::{
    OnceLock,
    atomic::{AtomicU32, Ordering},
};

use jitasa_domain::{IdSource, Timestamp};

/// The outside world, as the API needs it.
pub trait Env: Send + Sync + std::fmt::Debug {
    /// The present moment by the desk's clock.
    fn now(&self) -> Timestamp;
    /// Fills with random bytes.
    fn fill_random(&self, bytes: &mut [u8]);
}

/// The real clock and the system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEnv;

impl Env for SystemEnv {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where the hosts' clock comes in"
    )]
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_millisecond())
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        // No randomness means no ids and no key: nothing could be kept safely, so stopping is right.
        #[expect(clippy::expect_used, reason = "see above")]
        getrandom::fill(bytes).expect("the system gives random bytes");
    }
}

/// Ids of one run of the program: 42 bits of the host's randomness that the run keeps, and a count
/// (RFC 9562, 6.2, method 1). So ids of one run sort in their order, and a batch of them travels in few bytes.
#[derive(Debug, Default)]
pub(crate) struct RunIds {
    prefix: OnceLock<[u8; 6]>,
    count: AtomicU32,
}

impl RunIds {
    pub(crate) fn of<'a>(&'a self, env: &'a dyn Env) -> EnvIds<'a> {
        EnvIds { env, run: self }
    }
}

/// Where the program's ids come from.
#[derive(Clone, Copy)]
pub(crate) struct EnvIds<'a> {
    env: &'a dyn Env,
    run: &'a RunIds,
}

impl IdSource for EnvIds<'_> {
    fn random(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        let prefix = self.run.prefix.get_or_init(|| {
            let mut prefix = [0; 6];
            self.env.fill_random(&mut prefix);
            prefix
        });
        let count = self.run.count.fetch_add(1, Ordering::Relaxed);
        bytes[..6].copy_from_slice(prefix);
        bytes[6..].copy_from_slice(&count.to_be_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_run_differ_in_their_count_and_sort_in_their_order() {
        let run = RunIds::default();
        let now = Timestamp(1_795_305_600_000);
        let ids: Vec<_> = (0..300).map(|_| run.of(&SystemEnv).next(now)).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(ids[0].get_version_num(), 7);
        let other = RunIds::default().of(&SystemEnv).next(now);
        assert!(!ids.contains(&other));
    }
}
