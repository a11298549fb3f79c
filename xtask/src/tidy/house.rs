//! House style that a program can see: the length of a file, what its first line says, and words that belong to one
//! machine and must not travel with the source.

use super::{Finding, Tree};
use crate::codegen::GENERATED;

/// From here on a file probably has two subjects.
const LINES_WARN: usize = 400;
/// From here on nobody reads it.
const LINES_MAX: usize = 600;

const MEASURED: &[&str] = &["crates/", "src-tauri/", "ui/src/", "tests/", "xtask/"];
const SOURCE_ENDINGS: &[&str] = &[".rs", ".ts", ".svelte", ".css", ".mjs"];

/// Paths of one machine. Written in two parts, so that this file keeps its own rule.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("C:\\U", "sers\\"),
];

/// Settings that bind the source to one package registry. Which registry is the machine's business.
const REGISTRIES: &[(&str, &[&str])] = &[
    ("package-lock.json", &["\"resolved\": \"http"]),
    (".npmrc", &["registry=", "registry =", "_auth"]),
    ("Cargo.toml", &["[source", "[registries", "registry ="]),
    ("config.toml", &["[source", "[registries", "replace-with"]),
    ("pip.conf", &["index-url"]),
    ("requirements.txt", &["index-url"]),
];

/// Finds files that are too long, do not say why they exist, or name a machine.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.files() {
        findings.extend(length(path, text));
        findings.extend(machine(path, text));
        findings.extend(head(path, text));
    }
    findings
}

fn length(path: &str, text: &str) -> Option<Finding> {
    let measured = MEASURED.iter().any(|place| path.starts_with(place))
        && SOURCE_ENDINGS.iter().any(|ending| path.ends_with(ending))
        && path != GENERATED;
    let lines = text.lines().count();
    if !measured || lines <= LINES_WARN {
        return None;
    }
    if lines <= LINES_MAX {
        return Some(Finding::warning(
            path,
            format!("{lines} lines; over {LINES_WARN} it may have two subjects"),
        ));
    }
    let words =
        format!("{lines} lines; over {LINES_MAX} it has two subjects: give each its own file");
    Some(Finding::broken(path, None, words))
}

fn machine(path: &str, text: &str) -> Vec<Finding> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let registries = REGISTRIES.iter().filter(|(file, _)| *file == name);
    let settings = registries.flat_map(|(_, words)| {
        words
            .iter()
            .map(|word| (*word, "binds to one package registry"))
    });
    let paths = MACHINE_PATHS
        .iter()
        .map(|word| (*word, "a path of one machine"));
    let mut findings = Vec::new();
    for (word, why) in settings.chain(paths) {
        for (at, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| stands_in(line, word))
        {
            // A comment may speak of what a setting must not do.
            if !line.trim_start().starts_with('#') {
                findings.push(Finding::broken(
                    path,
                    Some(at + 1),
                    format!("`{word}`: {why}"),
                ));
            }
        }
    }
    findings
}

/// Whether the word stands in the line and a path does not merely end like it (`/api/tmp/` is no path of a machine).
fn stands_in(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !word.starts_with('/')
            || !before.is_some_and(|c| c.is_alphanumeric() || "-_.})".contains(c))
    })
}

/// The root file of a crate opens with why the crate exists.
fn head(path: &str, text: &str) -> Option<Finding> {
    let root = path.ends_with("/src/lib.rs") || path.ends_with("/src/main.rs");
    let ours = path.starts_with("crates/")
        || ["src-tauri/src", "tests/src", "xtask/src"]
            .iter()
            .any(|place| path.starts_with(place));
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with("#!["));
    let says_why = first.is_some_and(|line| line.starts_with("//!"));
    (root && ours && !says_why).then(|| {
        let words = "does not open with `//!`: say why it exists and what it must not know";
        Finding::broken(path, Some(1), words.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::Grade;

    fn found(path: &str, text: &str) -> Vec<Finding> {
        check(&Tree::of(&[(path, text)]))
    }

    #[test]
    fn a_long_file_is_warned_of_and_a_very_long_one_is_broken() {
        let lines = |count: usize| "x\n".repeat(count);
        assert!(found("crates/app/src/a.rs", &lines(400)).is_empty());
        assert_eq!(
            found("crates/app/src/a.rs", &lines(401))[0].grade,
            Grade::Warning
        );
        assert_eq!(
            found("ui/src/a.svelte", &lines(601))[0].grade,
            Grade::Broken
        );
        assert!(found(GENERATED, &lines(5000)).is_empty());
        assert!(found("data/names.csv", &lines(5000)).is_empty());
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        for path in MACHINE_PATHS {
            assert_eq!(
                found("docs/a.md", &format!("see {path}x")).len(),
                1,
                "{path}"
            );
        }
        assert!(found("docs/a.md", &format!("GET /api{}x", MACHINE_PATHS[0])).is_empty());
    }

    #[test]
    fn a_lock_file_that_names_a_registry_is_found() {
        let line = "\"resolved\": \"https://registry.example/svelte.tgz\"";
        assert_eq!(found("ui/package-lock.json", line).len(), 1);
        assert!(found("ui/src/a.ts", line).is_empty());
        assert!(found("ui/.npmrc", "save-exact=true\nomit-lockfile-note=1\n").is_empty());
        assert_eq!(
            found("ui/.npmrc", "registry=https://registry.example/").len(),
            1
        );
    }

    #[test]
    fn a_crate_that_does_not_say_why_it_exists_is_found() {
        assert_eq!(found("crates/app/src/lib.rs", "pub mod a;\n").len(), 1);
        assert!(found("crates/app/src/lib.rs", "//! The API.\n").is_empty());
        assert!(found("crates/app/src/lib.rs", "#![cfg(x)]\n\n//! The API.\n").is_empty());
    }
}
