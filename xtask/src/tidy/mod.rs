//! The rules of `docs/ARCHITECTURE.md` that a program can see, kept true on every change.
//!
//! Each rule is a pure function from what was read (`Tree`, `cargo metadata`) to findings; only this file reads the
//! checkout. So a rule is tested with a forbidden import in a string, and all of them together on a small checkout.

mod documents;
mod doors;
mod house;
mod law;
mod source;
mod words;

use std::fmt;

use anyhow::{Result, bail};

use crate::process;
use crate::repository::Repository;
use crate::say;

/// Something that is not as the house has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The file, from the top folder; for a dependency, the package's manifest.
    path: String,
    /// The line, counted from 1; none when the whole file is meant.
    line: Option<usize>,
    /// Whether it fails the check, or is only said.
    grade: Grade,
    /// What is wrong and what to do instead.
    words: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grade {
    Broken,
    Warning,
}

impl Finding {
    fn broken(path: &str, line: Option<usize>, words: String) -> Self {
        Self {
            path: path.to_owned(),
            line,
            grade: Grade::Broken,
            words,
        }
    }

    fn warning(path: &str, words: String) -> Self {
        Self {
            path: path.to_owned(),
            line: None,
            grade: Grade::Warning,
            words,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.grade == Grade::Warning {
            f.write_str("warning: ")?;
        }
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.words),
            None => write!(f, "{}: {}", self.path, self.words),
        }
    }
}

/// The text files of a checkout, by their path from the top folder with `/` between.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: Vec<(String, String)>,
}

impl Tree {
    /// Reads what git tracks, and what it would track if it were added; files that are not text are left out.
    fn read(repository: &Repository) -> Result<Self> {
        let arguments = [
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ];
        let listed = process::output(&mut process::command("git", &arguments, repository.root()))?;
        let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
        paths.sort_unstable();
        paths.dedup();
        // A path listed and gone is one that was deleted and not yet committed.
        let files = paths.into_iter().filter_map(|path| {
            let text = std::fs::read_to_string(repository.path(path)).ok()?;
            Some((path.to_owned(), text))
        });
        Ok(Self {
            files: files.collect(),
        })
    }

    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self {
            files: files.iter().map(own).collect(),
        }
    }

    fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    fn get(&self, path: &str) -> Option<&str> {
        self.files()
            .find(|(other, _)| *other == path)
            .map(|(_, text)| text)
    }

    /// The Rust sources of the package in a folder, such as `crates/domain`.
    fn sources(&self, folder: &str) -> impl Iterator<Item = (&str, &str)> {
        let prefix = format!("{folder}/src/");
        self.files()
            .filter(move |(path, _)| path.starts_with(&prefix) && path.ends_with(".rs"))
    }
}

/// Checks the checkout; prints every finding and fails when one is broken.
pub(crate) fn run(repository: &Repository) -> Result<()> {
    let findings = findings(repository)?;
    for finding in &findings {
        say::detail(&finding.to_string());
    }
    match findings
        .iter()
        .filter(|finding| finding.grade == Grade::Broken)
        .count()
    {
        0 => Ok(()),
        count => bail!("tidy: {count} not as the house has it (see the lines above)"),
    }
}

fn findings(repository: &Repository) -> Result<Vec<Finding>> {
    let packages = law::packages(&repository.metadata()?)?;
    let tree = Tree::read(repository)?;
    let rules = [
        law::check(&packages),
        doors::check(&tree),
        source::check(&tree),
        house::check(&tree),
        words::check(&tree),
        documents::check(&tree),
    ];
    Ok(rules.concat())
}

#[cfg(test)]
mod tests;
