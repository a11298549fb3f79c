//! The same pages and the same API as the desktop window, over HTTP on this machine only. Today it is
//! what browser specs drive; later the headman's phone on the office network.
//!
//! Who may call is decided here (`gate`), what a call does is not: that is `jitasa-app`. It has no
//! file dialogs and takes no paths from the page; bytes travel in the call.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod gate;
mod pages;
mod router;

pub use pages::Pages;
pub use router::router;

/// What the pages may load and whom they may call. The desktop window's own policy is in
/// `tauri.conf.json`; a test below keeps the two alike.
pub const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'none'; frame-src 'none'; frame-ancestors 'none'";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_and_the_window_live_under_one_policy() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tauri.conf.json");
        let config: serde_json::Value =
            serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let window = config
            .pointer("/app/security/csp")
            .unwrap()
            .as_str()
            .unwrap();
        // The window's calls travel by Tauri's own scheme.
        assert_eq!(
            window.replace(" ipc: http://ipc.localhost", ""),
            CONTENT_POLICY
        );
    }
}
