//! The one command of the page, and the two calls that only a desktop can answer.
//!
//! The page is not trusted with paths: a file is read or written only where a person pointed in a
//! dialog of this run.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jitasa_app::{ApiError, App};
use serde_json::{Value, json};
use tauri::State;

use crate::picker::{FilePicker, PickRequest};

/// What the page talks to.
pub(crate) struct Desk {
    app: Arc<App>,
    picker: Box<dyn FilePicker>,
    picked: Mutex<HashSet<PathBuf>>,
}

impl Desk {
    /// A desk over this API.
    pub(crate) fn new(app: Arc<App>, picker: Box<dyn FilePicker>) -> Self {
        Self {
            app,
            picker,
            picked: Mutex::default(),
        }
    }

    /// Answers a call. Blocks: a dialog may stay open for minutes.
    pub(crate) fn call(&self, name: &str, request: Value) -> Result<Value, ApiError> {
        match name {
            "host.pick_open" => Ok(self.picked(self.picker.open(&pick_request(request)?))),
            "host.pick_save" => Ok(self.picked(self.picker.save(&pick_request(request)?))),
            _ => {
                self.check_path(&request)?;
                self.app.call(name, request)
            }
        }
    }

    fn picked(&self, chosen: Option<PathBuf>) -> Value {
        let Some(path) = chosen else {
            return Value::Null;
        };
        let answer = json!({ "path": path.to_string_lossy() });
        self.allowed().insert(path);
        answer
    }

    fn check_path(&self, request: &Value) -> Result<(), ApiError> {
        match request.get("path") {
            Some(Value::String(path)) if !self.allowed().contains(&PathBuf::from(path)) => {
                Err(ApiError::new("denied_path"))
            }
            _ => Ok(()),
        }
    }

    fn allowed(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        // A set of paths is whole after every step, also when a call panicked.
        self.picked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pick_request(request: Value) -> Result<PickRequest, ApiError> {
    serde_json::from_value(request)
        .map_err(|error| ApiError::new("request_unreadable").with("why", error))
}

/// Every call of the page. On a thread of its own, so that a long one does not hold the window.
#[tauri::command]
pub(crate) async fn rpc(
    name: String,
    request: Value,
    desk: State<'_, Arc<Desk>>,
) -> Result<Value, ApiError> {
    let desk = Arc::clone(&desk);
    tauri::async_runtime::spawn_blocking(move || desk.call(&name, request))
        .await
        // The call panicked; its transaction is rolled back and the desk goes on.
        .unwrap_or_else(|_| Err(ApiError::new("internal")))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Points(Option<PathBuf>);

    impl FilePicker for Points {
        fn open(&self, _: &PickRequest) -> Option<PathBuf> {
            self.0.clone()
        }

        fn save(&self, _: &PickRequest) -> Option<PathBuf> {
            self.0.clone()
        }
    }

    fn desk_that_picks(path: Option<PathBuf>) -> (tempfile::TempDir, Desk) {
        let place = tempfile::tempdir().unwrap();
        let app = App::open(place.path(), Arc::new(jitasa_app::SystemEnv)).unwrap();
        (place, Desk::new(Arc::new(app), Box::new(Points(path))))
    }

    #[test]
    fn a_path_nobody_pointed_at_is_refused() {
        let (place, desk) = desk_that_picks(None);
        let target = place.path().join("stolen.xlsx");
        let error = desk
            .call("export.run", json!({ "path": target }))
            .unwrap_err();
        assert_eq!(error.code, "denied_path");
    }

    #[test]
    fn a_path_that_was_picked_reaches_the_api() {
        let (_place, desk) = desk_that_picks(Some(PathBuf::from("report.xlsx")));
        let answer = desk
            .call("host.pick_save", json!({ "title": "ส่งออก" }))
            .unwrap();
        assert_eq!(answer, json!({ "path": "report.xlsx" }));
        let error = desk
            .call("export.run", json!({ "path": "report.xlsx" }))
            .unwrap_err();
        assert_ne!(error.code, "denied_path");
    }

    #[test]
    fn a_dialog_that_was_closed_answers_null() {
        let (_place, desk) = desk_that_picks(None);
        assert_eq!(desk.call("host.pick_open", json!({})).unwrap(), Value::Null);
    }
}
