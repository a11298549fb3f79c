//! The one window, as `tauri.conf.json` describes it. It shows the program's own pages and nothing
//! else: it follows no address out of them and opens no second window.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Url, WebviewWindowBuilder};

/// The window's title; dialogs carry it too.
pub(crate) const TITLE: &str = "จิตอาสา เดสก์";

/// Opens it.
pub(crate) fn open(program: &AppHandle) -> tauri::Result<()> {
    for window in &program.config().app.windows {
        WebviewWindowBuilder::from_config(program, window)?
            .on_navigation(is_ours)
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .build()?;
    }
    Ok(())
}

/// The pages inside the program; `tauri.localhost` is what Windows calls them. While developing they
/// come from the development server instead.
fn is_ours(url: &Url) -> bool {
    let inside = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    };
    inside || (tauri::is_dev() && url.host_str() == Some("localhost") && url.port() == Some(5173))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_follows_no_address_out_of_the_program() {
        for foreign in [
            "https://example.org/",
            "http://localhost.example.org/",
            "http://tauri.localhost.example.org/",
            "tauri://example.org/",
            "file:///etc/passwd",
            "data:text/html,x",
        ] {
            assert!(!is_ours(&Url::parse(foreign).unwrap()), "{foreign}");
        }
        for ours in [
            "tauri://localhost/index.html#/cases",
            "http://tauri.localhost/",
        ] {
            assert!(is_ours(&Url::parse(ours).unwrap()), "{ours}");
        }
    }
}
