//! The rim: HTTP in, HTTP out, and a log that names no person.
//!
//! It must not decide anything about a change; it bounds what comes in, hands it on, and words the
//! answer as the protocol lays down. Which routes there are and who may call them is one table
//! ([`routes::ROUTES`]); what stands before each of them is `guard`.

mod answer;
mod bucket;
mod connections;
mod enrol;
mod guard;
mod health;
mod metrics;
mod openapi;
mod operator;
pub mod routes;
mod serving;
mod sync;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::HeaderMap;
use jitasa_domain::Timestamp;
use tokio::sync::Semaphore;

pub use connections::{serve, serve_as};
pub use openapi::document;
pub use operator::link;
pub use routes::router;
pub use serving::Serving;

use crate::province::Province;
use operator::session::{Session, Sessions};

/// Requests under way at once; one writer serves them, so more would only wait.
const AT_ONCE_MAX: usize = 64;

/// All that the routes share.
pub struct Rim {
    province: Arc<Province>,
    serving: Serving,
    gate: Arc<Semaphore>,
    buckets: Mutex<bucket::Buckets>,
    sessions: Mutex<Sessions>,
    figures: metrics::Figures,
}

impl fmt::Debug for Rim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rim").finish_non_exhaustive()
    }
}

impl Rim {
    /// The rim of a province that is reached like this.
    #[must_use]
    pub fn new(province: Arc<Province>, serving: Serving) -> Arc<Self> {
        Arc::new(Self {
            province,
            gate: Arc::new(Semaphore::new(AT_ONCE_MAX)),
            buckets: Mutex::new(bucket::Buckets::new(serving.rate_per_s)),
            sessions: Mutex::new(Sessions::default()),
            figures: metrics::Figures::new(),
            serving,
        })
    }

    fn take_turn(&self, caller: bucket::CallerKey, now: Timestamp) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.take(caller, now)
    }

    fn session_of(&self, headers: &HeaderMap, now: Timestamp) -> Option<Session> {
        self.sessions().of(headers, now)
    }

    fn sessions(&self) -> std::sync::MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn requests_under_way(&self) -> usize {
        AT_ONCE_MAX - self.gate.available_permits()
    }
}
