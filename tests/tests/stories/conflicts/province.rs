//! A provincial server in this process, on a port of its own, and the desks of offices enrolled with it.

use std::{sync::Arc, thread::JoinHandle};

use jitasa_server::{Province, province::CodeTerms};
use jitasa_tests::desk::StoryDesk;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;

pub(super) struct Running {
    _folder: TempDir,
    province: Arc<Province>,
    url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(super) fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let province = Arc::new(Province::open(folder.path()).unwrap());
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let serves = Arc::clone(&province);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let stop = async { drop(stopped.await) };
                jitasa_server::serve(listener, serves, stop).await.unwrap();
            });
        });
        Self {
            _folder: folder,
            province,
            url: format!("http://{}", told.recv().unwrap()),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Makes a desk known to it.
    pub(super) fn enrol(&self, desk: &StoryDesk) {
        let office = desk.ok("status.get", json!({}))["office"]["code"].clone();
        // The server's clock is this machine's.
        let now = jitasa_server::clock::now();
        let code = self
            .province
            .new_code(office.as_str().unwrap(), CodeTerms::default(), now)
            .unwrap();
        let _ = desk.ok(
            "sync.enrol",
            json!({ "server_url": self.url, "code": code }),
        );
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Pushes and pulls once; the receipt adds up.
#[track_caller]
pub(super) fn sync(desk: &StoryDesk) -> Value {
    let receipt = desk.ok("sync.now", json!({}));
    let of = |name: &str| receipt[name].as_i64().unwrap();
    assert_eq!(
        of("sent"),
        of("new") + of("merged") + of("conflicts") + of("held"),
        "{receipt}"
    );
    receipt
}

/// What is to be decided, or was.
#[track_caller]
pub(super) fn matters(desk: &StoryDesk, decided: bool) -> Vec<Value> {
    let list = desk.ok("sync.troubles", json!({ "decided": decided }));
    list["rows"].as_array().unwrap().clone()
}

/// The only matter that is to be decided, side by side.
#[track_caller]
pub(super) fn the_matter(desk: &StoryDesk) -> Value {
    let open = matters(desk, false);
    assert_eq!(open.len(), 1, "{open:?}");
    whole(desk, &open[0])
}

/// One matter as it is now.
#[track_caller]
pub(super) fn whole(desk: &StoryDesk, row: &Value) -> Value {
    desk.ok("sync.trouble", json!({ "id": row["change_id"] }))
}

/// A decision about what was shown.
pub(super) fn decision(shown: &Value, side: &str) -> Value {
    let shown = shown.get("trouble").unwrap_or(shown);
    json!({
        "matters": [{ "change_id": shown["change_id"], "seen": shown["seen"] }],
        "side": side,
    })
}

pub(super) fn pending(desk: &StoryDesk) -> i64 {
    desk.ok("sync.status", json!({}))["pending"]
        .as_i64()
        .unwrap()
}
