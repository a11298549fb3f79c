//! Sends and fetches every few minutes while the window is open, so that nobody has to think of it.
//! What went wrong is kept by the API and shown in the sync chip; here it is of no interest.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use jitasa_app::App;
use serde_json::{Value, json};

const EVERY: Duration = Duration::from_secs(5 * 60);

/// The rounds; they end when this is dropped.
#[derive(Debug)]
pub(crate) struct Rounds {
    _stop: Sender<()>,
}

impl Rounds {
    /// Begins. The first round comes after the first pause: the start belongs to the clerk.
    pub(crate) fn begin(app: Arc<App>) -> Self {
        let (stop, stopped) = channel::<()>();
        std::thread::spawn(move || {
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                round(&app);
            }
        });
        Self { _stop: stop }
    }
}

fn round(app: &App) {
    let status = app.call("status.get", json!({})).unwrap_or_default();
    if status.pointer("/sync/enrolled") == Some(&Value::Bool(true)) {
        let _ = app.call("sync.now", json!({}));
    }
}
