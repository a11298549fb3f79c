//! What a host lends to the program: clock, randomness, the network. Below the hosts these are
//! arguments, so that a test or a simulation can lend its own.

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

/// Ids from the host's randomness.
pub(crate) struct EnvIds<'a>(pub(crate) &'a dyn Env);

impl IdSource for EnvIds<'_> {
    fn random(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.0.fill_random(&mut bytes);
        bytes
    }
}
