//! Reads the names of people: title, given name, family name.
//!
//! It exists because a title is written onto the name (`นายสมชาย`), in a dozen short forms, and real
//! names begin with the same letters (นายก…, นางนวล, คุณากร). When in doubt the name stays whole; the
//! typed text is the caller's to keep.

use crate::text;

mod title;

/// The longest name that is taken, in characters.
pub const MAX_LETTERS: usize = 200;

/// A name in its parts. A part that was not written is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonName {
    /// The full title (`นางสาว` for `น.ส.`); several are separated by a space.
    pub title: String,
    /// The given name; the whole name when there is no space in it.
    pub given: String,
    /// Everything behind the given name (`ณ อยุธยา` keeps its space).
    pub family: String,
}

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Empty, or only dots, dashes and what cannot be seen.
    #[error("the name is empty")]
    Empty,
    /// More than [`MAX_LETTERS`] characters.
    #[error("the name is too long")]
    TooLong,
}

impl NameError {
    /// The stable code that the catalogue of words knows.
    pub fn code(&self) -> &'static str {
        match self {
            NameError::Empty => "name_empty",
            NameError::TooLong => "name_too_long",
        }
    }
}

/// The name in its parts, normalised.
///
/// A title is split off when a space or dot follows it, or when it is written onto the name, is one
/// that is usually written so, leaves two letters or more, and a family name follows.
pub fn split(text: &str) -> PersonName {
    let key = text::normalize(text);
    let mut rest: &str = &key;
    let mut titles: Vec<&'static str> = Vec::new();
    while let Some(found) = title::find(rest) {
        titles.push(found.full);
        rest = found.rest;
        if !found.may_be_followed {
            break;
        }
    }
    let (given, family) = rest.split_once(' ').unwrap_or((rest, ""));
    PersonName {
        title: titles.join(" "),
        given: given.to_owned(),
        family: family.to_owned(),
    }
}

/// The full title for a title in any of its written forms: `น.ส.`, `นส.` and `นางสาว` are `นางสาว`.
pub fn read_title(text: &str) -> Option<&'static str> {
    title::read(&text::normalize(text))
}

/// The name cleaned and normalised, if it is one.
pub fn check(text: &str) -> Result<String, NameError> {
    let name = text::normalize(text);
    if !name.chars().any(char::is_alphanumeric) {
        return Err(NameError::Empty);
    }
    if name.chars().count() > MAX_LETTERS {
        return Err(NameError::TooLong);
    }
    Ok(name)
}

#[cfg(test)]
mod tests;
