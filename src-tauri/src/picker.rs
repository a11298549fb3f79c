//! Choosing files with the system's own dialog. Behind a trait, because no test can see that dialog.

use std::path::PathBuf;

use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};

/// What the page asks for.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct PickRequest {
    /// Over the dialog, in the language of the screen.
    pub(crate) title: String,
    /// Without dots; empty means any file.
    pub(crate) extensions: Vec<String>,
    /// Where to save: the name to begin with.
    pub(crate) suggested_name: Option<String>,
}

/// Asks a person for a file. Blocks until there is an answer; `None` when he thinks better of it.
pub(crate) trait FilePicker: Send + Sync {
    /// A file to read.
    fn open(&self, request: &PickRequest) -> Option<PathBuf>;
    /// A file to write.
    fn save(&self, request: &PickRequest) -> Option<PathBuf>;
}

/// The picker of this run: the system's dialog, or in debug builds the answer that a spec left in
/// `JITASA_E2E_PICK`.
pub(crate) fn for_desk(program: &AppHandle) -> Box<dyn FilePicker> {
    #[cfg(debug_assertions)]
    if let Some(answer) = std::env::var_os("JITASA_E2E_PICK") {
        return Box::new(Answered(PathBuf::from(answer)));
    }
    Box::new(SystemDialog(program.clone()))
}

struct SystemDialog(AppHandle);

impl SystemDialog {
    fn about(&self, request: &PickRequest) -> FileDialogBuilder<tauri::Wry> {
        let mut dialog = self.0.dialog().file().set_title(&request.title);
        if !request.extensions.is_empty() {
            let extensions: Vec<&str> = request.extensions.iter().map(String::as_str).collect();
            dialog = dialog.add_filter(extensions.join(", "), &extensions);
        }
        dialog
    }
}

impl FilePicker for SystemDialog {
    fn open(&self, request: &PickRequest) -> Option<PathBuf> {
        self.about(request).blocking_pick_file().and_then(on_disk)
    }

    fn save(&self, request: &PickRequest) -> Option<PathBuf> {
        let mut dialog = self.about(request);
        if let Some(name) = &request.suggested_name {
            dialog = dialog.set_file_name(name);
        }
        let chosen = dialog.blocking_save_file().and_then(on_disk)?;
        Some(with_extension(chosen, request))
    }
}

fn on_disk(chosen: FilePath) -> Option<PathBuf> {
    chosen.into_path().ok()
}

/// People type "รายงาน" and mean "รายงาน.xlsx".
fn with_extension(chosen: PathBuf, request: &PickRequest) -> PathBuf {
    let wanted = request
        .suggested_name
        .as_deref()
        .and_then(|name| name.rsplit_once('.'));
    match wanted {
        Some((_, extension)) if chosen.extension().is_none() => chosen.with_extension(extension),
        _ => chosen,
    }
}

/// Answers as a spec said: with a file, or out of a folder: a save goes into it under the suggested
/// name, an open takes its file that begins with `open.`.
#[cfg(debug_assertions)]
struct Answered(PathBuf);

#[cfg(debug_assertions)]
impl FilePicker for Answered {
    fn open(&self, _: &PickRequest) -> Option<PathBuf> {
        if self.0.is_file() {
            return Some(self.0.clone());
        }
        std::fs::read_dir(&self.0)
            .ok()?
            .flatten()
            .map(|entry| entry.path())
            .find(|path| {
                path.file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("open."))
            })
    }

    fn save(&self, request: &PickRequest) -> Option<PathBuf> {
        if self.0.is_dir() {
            return request
                .suggested_name
                .as_ref()
                .map(|name| self.0.join(name));
        }
        Some(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saving(name: &str) -> PickRequest {
        PickRequest {
            suggested_name: Some(name.into()),
            ..PickRequest::default()
        }
    }

    #[test]
    fn a_name_without_an_ending_gets_the_one_that_was_suggested() {
        let typed = with_extension(PathBuf::from("รายงาน"), &saving("เคส.xlsx"));
        assert_eq!(typed, PathBuf::from("รายงาน.xlsx"));
        let own = with_extension(PathBuf::from("รายงาน.csv"), &saving("เคส.xlsx"));
        assert_eq!(own, PathBuf::from("รายงาน.csv"));
    }

    #[cfg(debug_assertions)]
    #[test]
    fn a_folder_answers_a_save_with_the_suggested_name_and_an_open_with_its_file() {
        let place = tempfile::tempdir().unwrap();
        let picker = Answered(place.path().to_owned());
        assert_eq!(picker.open(&PickRequest::default()), None);
        assert_eq!(
            picker.save(&saving("เคส.xlsx")),
            Some(place.path().join("เคส.xlsx"))
        );
        let list = place.path().join("open.csv");
        std::fs::write(&list, "").unwrap();
        assert_eq!(picker.open(&PickRequest::default()), Some(list));
    }
}
