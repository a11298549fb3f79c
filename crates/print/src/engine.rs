//! Typst as a library: the world it sees (our templates, our fonts, one set of values) and the way to a PDF.
//!
//! It is given no disk, no packages, no clock. A template reads its values from `sys.inputs`.

use std::sync::OnceLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt, comemo};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::PrintError;
use crate::fonts;

/// The forms there are, and what they share (last).
const TEMPLATES: [(&str, &str); 5] = [
    (
        "tick-list.typ",
        include_str!("../../../assets/print/tick-list.typ"),
    ),
    ("slips.typ", include_str!("../../../assets/print/slips.typ")),
    ("shift.typ", include_str!("../../../assets/print/shift.typ")),
    (
        "call-list.typ",
        include_str!("../../../assets/print/call-list.typ"),
    ),
    (
        "prelude.typ",
        include_str!("../../../assets/print/prelude.typ"),
    ),
];

/// A form, by its place in [`TEMPLATES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Template {
    TickList = 0,
    Slips = 1,
    Shift = 2,
    CallList = 3,
}

/// Prints a form with its values.
pub(crate) fn print(template: Template, values: Dict) -> Result<Vec<u8>, PrintError> {
    work(template, values, |document| {
        let options = PdfOptions {
            creator: Smart::Custom(Some("Jitasa Desk".into())),
            // The pages are for paper: tags of boxes and dots would be three quarters of the file and tell a reader nothing.
            tagged: false,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(document, &options)
    })
}

/// Lays a form out and makes something of it.
pub(crate) fn work<T>(
    template: Template,
    values: Dict,
    make: impl FnOnce(&PagedDocument) -> Result<T, EcoVec<SourceDiagnostic>>,
) -> Result<T, PrintError> {
    let desk = Desk {
        template,
        library: LazyHash::new(Library::builder().with_inputs(values).build()),
    };
    let made = typst::compile(&desk)
        .output
        .and_then(|document| make(&document));
    // What Typst remembers between two prints is somebody's list: memory that grows, and names that stay.
    comemo::evict(0);
    made.map_err(|problems| desk.blame(&problems))
}

/// What Typst may see during one print.
struct Desk {
    template: Template,
    library: LazyHash<Library>,
}

impl Desk {
    /// Says where a template failed. Typst's words stay out: they may quote a value.
    fn blame(&self, problems: &[SourceDiagnostic]) -> PrintError {
        let line = problems.first().and_then(|problem| {
            let id = problem.span.id()?;
            let source = self.source(id).ok()?;
            let place = self.range(problem.span)?;
            Some((id, source.lines().byte_to_line(place.start)? + 1))
        });
        #[cfg(test)]
        for problem in problems {
            eprintln!("{:?} {}", line, problem.message);
        }
        let template = line
            .and_then(|(id, _)| sources().iter().position(|source| source.id() == id))
            .unwrap_or(self.template as usize);
        PrintError::Layout {
            template: TEMPLATES[template].0,
            line: line.map_or(0, |(_, line)| line),
        }
    }
}

/// The templates, parsed at the first print.
fn sources() -> &'static [Source] {
    static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();
    SOURCES.get_or_init(|| {
        let source = |(name, text): (&str, &str)| {
            let path = VirtualPath::new(name).ok()?;
            let id = RootedPath::new(VirtualRoot::Project, path).intern();
            Some(Source::new(id, text.to_owned()))
        };
        TEMPLATES.into_iter().filter_map(source).collect()
    })
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &fonts::case().book
    }

    fn main(&self) -> FileId {
        sources()[self.template as usize].id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = sources().iter().find(|source| source.id() == id);
        found.cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts::case().fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
