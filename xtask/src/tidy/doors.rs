//! Clock, ids, randomness, network and disk are arguments below the hosts. A rule that asks the clock itself cannot be
//! tested for midnight, and a simulation that meets one cannot be played again from its seed.
//! And nothing that an office keeps is deleted. What must do either stands on the list of doors, with its reason.

use super::source::{code, lines_with};
use super::{Finding, Tree};

/// Crates of rules: they touch nothing.
const PURE: &[&str] = &[
    "crates/thai",
    "crates/domain",
    "crates/protocol",
    "crates/matching",
    "crates/map",
];

/// Crates that work on disk or network because that is their job, and are given time and chance.
const GIVEN_TIME: &[&str] = &[
    "crates/store",
    "crates/sync",
    "crates/app",
    "crates/exchange",
    "crates/server",
];

const TIME: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "Timestamp::now",
    "Zoned::now",
    "Uuid::now_v7",
    "new_v4",
];
const CHANCE: &[&str] = &["getrandom", "rand::", "thread_rng"];
const OUTSIDE: &[&str] = &["std::fs", "std::net", "std::env", "std::process"];

/// Crates that hold an office's or a province's files.
const KEEPING: &[&str] = &[
    "crates/store",
    "crates/app",
    "crates/cli",
    "crates/webhost",
    "crates/server",
    "src-tauri",
];
const DELETING: &[&str] = &["remove_file", "remove_dir", "remove_dir_all"];

/// Places where something comes in that is an argument everywhere below, each with its reason.
/// An entry whose file no longer does it is a finding too, so the list cannot outgrow the truth.
const DOORS: &[Door] = &[
    Door {
        path: "crates/app/src/env.rs",
        word: "Timestamp::now",
        reason: "the real clock that a host lends; everything else asks `Env`",
    },
    Door {
        path: "crates/app/src/env.rs",
        word: "getrandom",
        reason: "the system's randomness that a host lends; everything else asks `Env`",
    },
    // The province's server is a host as well: its rim tells the time, the plan and the ledger are given it.
    Door {
        path: "crates/server/src/clock.rs",
        word: "SystemTime::now",
        reason: "the clock of the command line and of requests",
    },
    Door {
        path: "crates/server/src/clock.rs",
        word: "Instant::now",
        reason: "how long a request took, for the log",
    },
    Door {
        path: "crates/server/src/province.rs",
        word: "getrandom",
        reason: "one-time codes and tokens must not be guessable",
    },
    Door {
        path: "crates/server/src/backup.rs",
        word: "remove_file",
        reason: "backups have names of people in them and must end; those that stay are verified first",
    },
];

struct Door {
    path: &'static str,
    word: &'static str,
    reason: &'static str,
}

/// Folders in which some words must not stand, and what to do instead.
struct Rule {
    folders: &'static [&'static str],
    words: &'static [&'static [&'static str]],
    instead: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        folders: PURE,
        words: &[TIME, CHANCE, OUTSIDE],
        instead: "take it as an argument; the host knows it",
    },
    Rule {
        folders: GIVEN_TIME,
        words: &[TIME, CHANCE],
        instead: "take it as an argument; the host knows it",
    },
    Rule {
        folders: KEEPING,
        words: &[DELETING],
        instead: "what an office keeps is set aside, never deleted",
    },
];

/// Finds a crate that asks the world itself, or deletes.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    check_with(tree, DOORS)
}

fn check_with(tree: &Tree, doors: &[Door]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut used = vec![false; doors.len()];
    for rule in RULES {
        let sources = rule.folders.iter().flat_map(|folder| tree.sources(folder));
        for (path, text) in sources.filter(|(path, _)| !is_test(path)) {
            let code = code(text);
            for word in rule.words.concat() {
                let lines = asking(&code, word);
                let door = doors
                    .iter()
                    .position(|door| door.path == path && door.word == word);
                match door {
                    Some(door) => used[door] |= !lines.is_empty(),
                    None => findings.extend(lines.into_iter().map(|line| {
                        let words = format!("`{word}`: {}", rule.instead);
                        Finding::broken(path, Some(line), words)
                    })),
                }
            }
        }
    }
    let stale = doors
        .iter()
        .zip(used)
        .filter(|(_, used)| !used)
        .map(|(door, _)| door);
    for door in stale.filter(|door| has_crate_of(tree, door.path)) {
        let words = format!(
            "`{}` is allowed ({}) and not used; take it off the list",
            door.word, door.reason
        );
        findings.push(Finding::broken(door.path, None, words));
    }
    findings
}

/// A checkout without the crate (a small one in a test) does not need its doors.
fn has_crate_of(tree: &Tree, path: &str) -> bool {
    let folder = path.split_once("/src/").map_or(path, |(folder, _)| folder);
    tree.sources(folder).next().is_some()
}

/// Tests in a file of their own may read what they like.
fn is_test(path: &str) -> bool {
    path.ends_with("tests.rs") || path.contains("/tests/")
}

/// Lines that use a word, also as a part of `use std::{fs, net};`.
fn asking(code: &str, word: &str) -> Vec<usize> {
    let mut lines = lines_with(code, word);
    if let Some(module) = word.strip_prefix("std::") {
        for (at, _) in code.match_indices("std::{") {
            let group = &code[at + "std::{".len()..];
            if named_in_group(group, module) {
                lines.push(code[..at].matches('\n').count() + 1);
            }
        }
    }
    lines
}

/// Whether `module` is named at the first level of a group whose opening brace was just read.
fn named_in_group(group: &str, module: &str) -> bool {
    let mut depth = 0;
    let mut first_level = String::new();
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ if depth == 0 => first_level.push(character),
            _ => {}
        }
    }
    let head = |name: &str| name.trim().split([':', ' ']).next() == Some(module);
    first_level.split(',').any(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)]))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_rule_that_asks_the_clock_is_found_with_its_line() {
        let text = "//! No clock: never SystemTime::now.\n\nfn now() { jiff::Timestamp::now(); }\n";
        let found = found("crates/domain/src/x.rs", text);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("crates/domain/src/x.rs:3: `Timestamp::now`"),
            "{found:?}"
        );
    }

    #[test]
    fn each_way_to_ask_the_world_is_found_in_a_crate_of_rules() {
        for text in [
            "let a = SystemTime::now();",
            "let a = std::time::Instant::now();",
            "let a = Uuid::now_v7();",
            "let a = Uuid::new_v4();",
            "getrandom::fill(&mut a);",
            "use rand::Rng;",
            "use std::fs;",
            "use std::{collections::BTreeMap, fs};",
            "use std::{fmt, net::{IpAddr, TcpStream}};",
            "let a = std::env::var(\"HOME\");",
        ] {
            assert_eq!(found("crates/matching/src/lib.rs", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn words_that_only_look_alike_are_left_alone() {
        for text in [
            "let a = brand::x();",
            "use std::{collections::BTreeMap, fmt};",
            "// std::fs is for the store",
            "let a = \"getrandom\";",
            "let a = env!(\"CARGO_PKG_VERSION\");",
            "fn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }",
        ] {
            assert!(found("crates/thai/src/lib.rs", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_store_may_touch_the_disk_and_not_the_clock() {
        assert!(found("crates/store/src/open.rs", "use std::fs;").is_empty());
        assert_eq!(
            found("crates/store/src/open.rs", "Timestamp::now()").len(),
            1
        );
        assert!(found("crates/cli/src/main.rs", "Timestamp::now()").is_empty());
    }

    #[test]
    fn a_database_that_is_deleted_is_found() {
        let text = "fn open() { std::fs::remove_file(path)?; }";
        for path in [
            "crates/store/src/open.rs",
            "src-tauri/src/lib.rs",
            "crates/cli/src/main.rs",
        ] {
            assert!(found(path, text)[0].contains("never deleted"), "{path}");
        }
        assert!(found("crates/store/src/open.rs", "fs::rename(path, aside)?;").is_empty());
    }

    #[test]
    fn a_door_lets_one_word_through_in_one_file_and_must_be_used() {
        let door = || {
            [Door {
                path: "crates/app/src/clock.rs",
                word: "Timestamp::now",
                reason: "the clock",
            }]
        };
        let used = Tree::of(&[(
            "crates/app/src/clock.rs",
            "Timestamp::now(); Instant::now();",
        )]);
        let found = check_with(&used, &door());
        assert!(
            found.len() == 1 && found[0].words.contains("Instant::now"),
            "{found:?}"
        );
        let unused = check_with(
            &Tree::of(&[("crates/app/src/lib.rs", "//! The API.")]),
            &door(),
        );
        assert!(unused[0].words.contains("not used"), "{unused:?}");
        assert!(check_with(&Tree::default(), &door()).is_empty());
    }
}
