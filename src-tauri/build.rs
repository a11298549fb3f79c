//! Tauri reads `tauri.conf.json` here: pages, icons, capabilities.

fn main() {
    tauri_build::build();
}
