//! Looking at Rust and TypeScript the way the rules need it: without comments, strings and tests, whole words only.
//! And the rules about imports: serde, SQL, Tauri.

use super::{Finding, Tree};

/// Rust source with comments and the insides of strings blanked, line for line, and cut where its tests begin.
pub(super) fn code(text: &str) -> String {
    let blanked = blank(text);
    // House style: tests stand last in a file.
    let starts = ["mod ", "#[path", "pub(crate) mod "];
    let tests = blanked.match_indices(TESTS).find(|(at, _)| {
        let rest = &blanked[at + TESTS.len()..];
        starts.iter().any(|start| rest.starts_with(start))
    });
    match tests {
        Some((at, _)) => blanked[..at].to_owned(),
        None => blanked,
    }
}

const TESTS: &str = "#[cfg(test)]\n";

/// Blanks comments, strings and character literals; keeps every line break, so that lines keep their numbers.
pub(super) fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = skipped(text, at).unwrap_or(at);
        if end == at {
            out.push(bytes[at]);
            at += 1;
        } else {
            out.extend(
                bytes[at..end]
                    .iter()
                    .map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }),
            );
            at = end;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Where the comment or literal that begins here ends; nothing when none begins here.
fn skipped(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let rest = &bytes[at..];
    let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
    if rest.starts_with(b"//") {
        return Some(find(bytes, at, b"\n").unwrap_or(bytes.len()));
    }
    if rest.starts_with(b"/*") {
        return Some(block_comment(bytes, at));
    }
    if rest.starts_with(b"\"") {
        return Some(quoted(bytes, at + 1, b'"'));
    }
    if rest.starts_with(b"r") && !is_word(before) || rest.starts_with(b"r") && before == b'b' {
        let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
        if rest.get(1 + hashes) == Some(&b'"') {
            let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
            let body = at + hashes + 2;
            return Some(find(bytes, body, &close).map_or(bytes.len(), |end| end + close.len()));
        }
    }
    // 'a' and '\n' are characters; 'a alone is a lifetime.
    if rest.starts_with(b"'\\") {
        return Some(quoted(bytes, at + 1, b'\''));
    }
    if rest.starts_with(b"'") {
        let character = text[at + 1..].chars().next()?;
        let close = at + 1 + character.len_utf8();
        return (bytes.get(close) == Some(&b'\'')).then_some(close + 1);
    }
    None
}

fn block_comment(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn quoted(bytes: &[u8], mut at: usize, close: u8) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == close => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    bytes
        .get(from..)?
        .windows(wanted.len())
        .position(|seen| seen == wanted)
        .map(|at| at + from)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The lines, counted from 1, on which a word stands that is no part of a longer one.
pub(super) fn lines_with(code: &str, word: &str) -> Vec<usize> {
    let whole = |line: &str| {
        line.match_indices(word).any(|(at, found)| {
            let before = line[..at].bytes().next_back().is_some_and(is_word);
            let after = line[at + found.len()..].bytes().next().is_some_and(is_word);
            let open_end = !word.bytes().next_back().is_some_and(is_word);
            !before && (open_end || !after)
        })
    };
    code.lines()
        .enumerate()
        .filter(|(_, line)| whole(line))
        .map(|(at, _)| at + 1)
        .collect()
}

const BACKEND: &str = "ui/src/lib/backend/";
const WITHOUT_SERDE: &[&str] = &["crates/thai", "crates/map", "crates/matching"];
/// Reads GeoJSON, a format of others, ring by ring: a layer of 50 MB as general JSON would fill an old PC.
const READS_GEOJSON: &str = "crates/map/src/boundary/";
const MAY_WRITE_SQL: &[&str] = &[
    "crates/store/",
    "crates/server/",
    "crates/sqlite3mc/",
    "tests/",
];

/// Finds imports that stand where they must not.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for folder in WITHOUT_SERDE {
        for (path, text) in tree.sources(folder) {
            let forbidden: &[&str] = match path.starts_with(READS_GEOJSON) {
                true => &["Serialize"],
                false => &["serde", "Serialize", "Deserialize"],
            };
            for word in forbidden {
                for line in lines_with(&code(text), word) {
                    let words = format!("`{word}` in {folder}: serialisation happens at the rims");
                    findings.push(Finding::broken(path, Some(line), words));
                }
            }
        }
    }
    for (path, text) in tree.files().filter(|(path, _)| path.ends_with(".rs")) {
        if MAY_WRITE_SQL.iter().any(|place| path.starts_with(place)) {
            continue;
        }
        for line in lines_with(&blank(text), "rusqlite") {
            let words = "`rusqlite` outside the crates that keep rows".to_owned();
            findings.push(Finding::broken(path, Some(line), words));
        }
    }
    findings.extend(unsafe_commits(tree));
    findings.extend(tauri_in_pages(tree));
    findings.extend(tauri_commands(tree));
    findings
}

/// "Saved" is said after a commit that waited for the disk; any other setting would make it a lie.
fn unsafe_commits(tree: &Tree) -> Vec<Finding> {
    let keeps_rows =
        |path: &str| path.starts_with("crates/store/") || path.starts_with("crates/server/");
    let mut findings = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| keeps_rows(path)) {
        for (at, line) in text.lines().enumerate() {
            let setting = line.to_ascii_lowercase();
            let weak = setting.contains("synchronous")
                && ["normal", "off"]
                    .iter()
                    .any(|value| !lines_with(&setting, value).is_empty());
            if weak && !line.trim_start().starts_with("//") && !line.trim_start().starts_with("--")
            {
                let words = "a commit that does not wait for the disk: `synchronous=FULL`, always";
                findings.push(Finding::broken(path, Some(at + 1), words.to_owned()));
            }
        }
    }
    findings
}

/// Only the backend folder of the UI knows which host it runs in.
fn tauri_in_pages(tree: &Tree) -> Vec<Finding> {
    let is_source = |path: &str| {
        path.starts_with("ui/")
            && !path.starts_with(BACKEND)
            && [".ts", ".js", ".mjs", ".svelte"]
                .iter()
                .any(|ending| path.ends_with(ending))
    };
    let mut findings = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| is_source(path)) {
        for (at, line) in text.lines().enumerate() {
            let imports = ["from", "import"].iter().any(|word| line.contains(word))
                && ["'@tauri-apps", "\"@tauri-apps", "`@tauri-apps"]
                    .iter()
                    .any(|name| line.contains(name));
            if imports || line.contains("__TAURI") {
                let words = format!("Tauri outside {BACKEND}; ask the backend folder instead");
                findings.push(Finding::broken(path, Some(at + 1), words));
            }
        }
    }
    findings
}

/// The window host has one command, `rpc`; everything else goes through the list of `crates/app`.
fn tauri_commands(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut rpc = 0;
    for (path, text) in tree.files().filter(|(path, _)| path.ends_with(".rs")) {
        let code = code(text);
        // Elsewhere `#[command]` is the command line's.
        let words: &[&str] = match path.starts_with("src-tauri/") {
            true => &["#[tauri::command", "#[command"],
            false => &["#[tauri::command"],
        };
        for word in words {
            for line in lines_with(&code, word) {
                match function_after(&code, line) {
                    Some("rpc") => rpc += 1,
                    name => findings.push(Finding::broken(
                        path,
                        Some(line),
                        format!(
                            "command `{}`: the one Tauri command is `rpc`; add to the list of crates/app instead",
                            name.unwrap_or("?")
                        ),
                    )),
                }
            }
        }
    }
    let has_window = tree.sources("src-tauri").next().is_some();
    if has_window && rpc != 1 {
        let words = format!("there must be exactly one Tauri command `rpc`; there are {rpc}");
        findings.push(Finding::broken("src-tauri", None, words));
    }
    findings
}

fn function_after(code: &str, line: usize) -> Option<&str> {
    let rest = code
        .lines()
        .skip(line - 1)
        .find_map(|line| line.split_once("fn "))?
        .1;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn comments_strings_and_characters_are_blanked_and_lines_kept() {
        let text = "a // b\n/* c\n /* d */ e */ f \"g\\\"h\" r#\"i\"j\"# 'k' '\\'' 'l\n";
        let blanked = blank(text);
        assert_eq!(
            blanked.split_whitespace().collect::<Vec<_>>(),
            ["a", "f", "'l"]
        );
        assert_eq!(blanked.lines().count(), text.lines().count());
    }

    #[test]
    fn thai_characters_and_an_unended_string_do_not_break_the_reading() {
        assert_eq!(blank("'ก' x \"ข").trim(), "x");
        assert_eq!(blank("br\"ab\" y").split_whitespace().last(), Some("y"));
    }

    #[test]
    fn a_word_inside_a_longer_word_is_another_word() {
        assert_eq!(
            lines_with("brand::x\nrand::x\nstd::fs::y\nstd::fsx", "rand::"),
            [2]
        );
        assert_eq!(lines_with("std::fs::y\nstd::fsx", "std::fs"), [1]);
    }

    #[test]
    fn serde_in_a_crate_without_a_serialised_form_is_found() {
        let file = (
            "crates/map/src/lib.rs",
            "//! Serialize nothing.\nuse serde::Serialize;\n",
        );
        let said = found(&[file]);
        assert!(
            said[0].starts_with("crates/map/src/lib.rs:2: `serde`"),
            "{said:?}"
        );
        let reading = ("crates/map/src/boundary/read.rs", "use serde::Deserialize;");
        assert!(found(&[reading]).is_empty());
        let writing = ("crates/map/src/boundary/read.rs", "use serde::Serialize;");
        assert_eq!(found(&[writing]).len(), 1);
    }

    #[test]
    fn sql_outside_the_crates_that_keep_rows_is_found() {
        assert_eq!(
            found(&[("crates/app/src/a.rs", "use rusqlite::Connection;")]).len(),
            1
        );
        assert!(found(&[("crates/store/src/a.rs", "use rusqlite::Connection;")]).is_empty());
    }

    #[test]
    fn a_commit_that_does_not_wait_for_the_disk_is_found() {
        let open = |value: &str| format!("db.pragma_update(None, \"synchronous\", \"{value}\")?;");
        assert_eq!(
            found(&[("crates/store/src/open.rs", &open("NORMAL"))]).len(),
            1
        );
        assert_eq!(
            found(&[("crates/server/src/a.rs", "PRAGMA synchronous=off;")]).len(),
            1
        );
        assert!(found(&[("crates/store/src/open.rs", &open("FULL"))]).is_empty());
        assert!(
            found(&[("crates/store/src/open.rs", "// synchronous=NORMAL may lose")]).is_empty()
        );
    }

    #[test]
    fn a_page_that_imports_tauri_is_found_unless_it_is_the_backend() {
        let import = "import { invoke } from '@tauri-apps/api/core';\n";
        assert_eq!(
            found(&[("ui/src/features/case/Case.svelte", import)]).len(),
            1
        );
        assert_eq!(
            found(&[("ui/src/a.ts", "window.__TAURI_INTERNALS__")]).len(),
            1
        );
        assert!(found(&[("ui/src/lib/backend/tauri.ts", import)]).is_empty());
        assert!(found(&[("ui/eslint.config.js", "patterns: ['@tauri-apps/*']")]).is_empty());
    }

    #[test]
    fn a_second_tauri_command_is_found() {
        let rpc = "#[tauri::command]\nasync fn rpc(name: String) {}\n";
        assert!(found(&[("src-tauri/src/lib.rs", rpc)]).is_empty());
        let second = format!("{rpc}#[tauri::command(async)]\npub fn pick_file() {{}}\n");
        let found = found(&[("src-tauri/src/lib.rs", &second)]);
        assert!(found[0].contains("command `pick_file`"), "{found:?}");
        let line = (
            "crates/cli/src/main.rs",
            "#[command(version)]\nstruct Line {}\n",
        );
        assert!(check(&Tree::of(&[line])).is_empty());
    }

    #[test]
    fn a_window_without_rpc_or_with_two_of_them_is_found() {
        assert!(found(&[("src-tauri/src/lib.rs", "fn x() {}")])[0].contains("there are 0"));
        let rpc = "#[tauri::command]\nfn rpc() {}\n";
        let two = format!("{rpc}{rpc}");
        assert!(found(&[("src-tauri/src/lib.rs", &two)])[0].contains("there are 2"));
    }
}
