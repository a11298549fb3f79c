//! The built pages, read once into memory: a few megabytes. A path that was not read at the start
//! cannot be asked for, so there is no path to climb out of.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use axum::body::Bytes;

/// The files of `ui/dist`.
#[derive(Debug, Default)]
pub struct Pages {
    files: HashMap<String, (&'static str, Bytes)>,
}

impl Pages {
    /// Reads a folder and what lies in it.
    ///
    /// # Errors
    /// When the folder or a file in it cannot be read, or there is no `index.html`.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut pages = Self::default();
        pages.add(folder, "")?;
        if pages.get("/").is_none() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "no index.html in it",
            ));
        }
        Ok(pages)
    }

    fn add(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let url = format!("{prefix}/{name}");
            if path.is_dir() {
                self.add(&path, &url)?;
            } else {
                let body = Bytes::from(std::fs::read(&path)?);
                self.files.insert(url, (content_type(name), body));
            }
        }
        Ok(())
    }

    /// Content type and body of a path of ours; `/` is the first page.
    pub(crate) fn get(&self, path: &str) -> Option<(&'static str, Bytes)> {
        self.files
            .get(if path == "/" { "/index.html" } else { path })
            .cloned()
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" | "geojson" => "application/json; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
