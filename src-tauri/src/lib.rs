//! The desktop host: one window over the API of `jitasa-app`, the system's file dialogs, a sync every
//! few minutes. Thin on purpose: it must not know what a case is, and it offers the page exactly one
//! command (`rpc`), so that whatever the desk can do, the command line and the browser can do as well.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod folder;
mod picker;
mod rounds;
mod rpc;
mod window;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use jitasa_app::{ApiError, App, SystemEnv};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

use folder::DataFolder;
use rounds::Rounds;
use rpc::Desk;

/// Opens the window and stays until it is closed.
#[must_use]
pub fn run() -> ExitCode {
    let program = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .setup(|program| {
            let program = program.handle();
            if let Err(error) = begin(program) {
                refuse(program, &error);
            }
            Ok(())
        })
        .build(context());
    match program {
        Ok(program) => match program.run_return(|_, _| {}) {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        },
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// What the build script made of `tauri.conf.json`: the pages, the policy, the window's shape.
#[expect(
    clippy::disallowed_methods,
    reason = "Tauri's own code, written here by its macro"
)]
fn context() -> tauri::Context {
    tauri::generate_context!()
}

/// Opens the data folder, then the window. The order matters: a window of a second program must not
/// even begin.
fn begin(program: &AppHandle) -> Result<(), ApiError> {
    let folder = DataFolder::take(folder::chosen(program)?)?;
    let app = Arc::new(App::open(folder.path(), Arc::new(SystemEnv))?);
    program.manage(Rounds::begin(Arc::clone(&app)));
    program.manage(Arc::new(Desk::new(app, picker::for_desk(program))));
    // Held until the end of the program: this is what keeps a second one out.
    program.manage(folder);
    window::open(program).map_err(|error| ApiError::new("window_failed").with("why", error))
}

/// Says why there is no window, and ends.
fn refuse(program: &AppHandle, error: &ApiError) {
    let words = jitasa_app::message(error);
    let _ = writeln!(std::io::stderr(), "{words}");
    let ending = program.clone();
    program
        .dialog()
        .message(words)
        .title(window::TITLE)
        .kind(MessageDialogKind::Error)
        .show(move |_| ending.exit(1));
}
