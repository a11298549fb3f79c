//! A4 pages as PDF: the headman's tick-list, volunteers' slips, the shift hand-over page, the call list.
//!
//! Why it exists: an office works on paper where there is no screen, and a page must come out of every PC the same,
//! without a browser's dialog. Typst is the layout language; its templates (`assets/print`) and fonts (`assets/fonts`)
//! are inside the program. What it must not know: the store, lifecycles, permissions, the clock, the disk. It is given
//! strings that the app has already put into Thai (names, dates of the Buddhist era, words of the catalogue) and gives
//! back the bytes of a PDF; same strings, same bytes.
//!
//! What a page says beside those strings (headings of boxes, where to sign) belongs to the form and stands in Thai in
//! its template. Text reaches Typst as values, never as markup: a name with `#` prints with `#`.
//!
//! Every field is one line of plain text (a line break in it becomes a space), at most [`FIELD_LETTERS_MAX`] letters
//! (in heads and feet [`HEAD_LETTERS_MAX`]); an empty string leaves its place out. Nothing is cut: what does not fit wraps, what is too much is refused.
#![cfg_attr(test, allow(clippy::unwrap_used))]

// The made-up pages of `tests/samples` name the crate as its users do.
#[cfg(test)]
extern crate self as jitasa_print;

mod call_list;
mod engine;
mod error;
mod fonts;
mod page;
mod qr;
mod shift;
mod slips;
mod table;
mod thai_lines;
mod tick_list;

#[cfg(test)]
#[path = "../tests/samples/mod.rs"]
mod samples;
#[cfg(test)]
mod seen;

pub use call_list::{CallList, call_list};
pub use error::PrintError;
pub use page::{
    FIELD_LETTERS_MAX, HEAD_LETTERS_MAX, Head, LINES_MAX, NUMBER_LETTERS_MAX,
    PARAGRAPH_LETTERS_MAX, TITLE_LETTERS_MAX,
};
pub use shift::{Figure, ShiftPage, shift};
pub use slips::{Slip, SlipNeed, Slips, slips};
pub use table::{Cells, Column, Section};
pub use tick_list::{Asks, TickLine, TickList, tick_list};
