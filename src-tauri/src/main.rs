//! The program that the desk's icon starts. Everything lies in the library, so that tests can link it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    without_dmabuf();
    jitasa_desk_lib::run()
}

/// WebKitGTK's DMABUF renderer shows an empty window with some graphics drivers (NVIDIA's above all),
/// and the page cannot tell. WebKit reads the switch from the environment, which a program may not
/// change safely once it has threads; so we start ourselves again with it, before anything else.
/// Somebody who wants the renderer sets the variable to 0.
#[cfg(target_os = "linux")]
fn without_dmabuf() {
    use std::os::unix::process::CommandExt;

    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(SWITCH).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        // Comes back only when it failed; then the window is tried as it is.
        let _ = std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(SWITCH, "1")
            .exec();
    }
}
