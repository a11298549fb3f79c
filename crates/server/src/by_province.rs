//! Whether a statement stays within one province, read from its text: so that the ledger can be partitioned by
//! province or spread by it over machines, also where neither is at hand to try.

use std::collections::BTreeSet;

fn words(sql: &str) -> Vec<String> {
    let spaced: String = sql
        .chars()
        .flat_map(|letter| match letter {
            '(' | ')' | ',' | '=' | '<' | '>' | ';' => vec![' ', letter, ' '],
            other => vec![other],
        })
        .collect();
    spaced.split_whitespace().map(ToString::to_string).collect()
}

/// The tables a statement reads or changes with the names it calls them by, and those it adds rows to.
fn tables(words: &[String]) -> (Vec<(String, String)>, Vec<usize>) {
    const ENDS: [&str; 14] = [
        "WHERE", "SET", "JOIN", "LEFT", "ON", "ORDER", "GROUP", "LIMIT", "INDEXED", "FOR", ")",
        ",", ";", "FROM",
    ];
    let (mut touched, mut added_to) = (Vec::new(), Vec::new());
    for (place, word) in words.iter().enumerate() {
        let is_upsert = place > 0 && words[place - 1] == "DO";
        let is_distinct = place > 0 && words[place - 1] == "DISTINCT";
        let is_lock = place > 0 && words[place - 1] == "FOR";
        match word.as_str() {
            "INTO" => added_to.push(place + 1),
            "FROM" | "JOIN" | "UPDATE" if !is_upsert && !is_distinct && !is_lock => {
                let Some(table) = words.get(place + 1) else {
                    continue;
                };
                if table == "unnest" || table == "(" || table == "LATERAL" {
                    continue;
                }
                let alias = words
                    .get(place + 2)
                    .filter(|next| !ENDS.contains(&next.as_str()));
                touched.push((table.clone(), alias.cloned().unwrap_or_default()));
            }
            _ => {}
        }
    }
    (touched, added_to)
}

/// # Panics
/// When a table is touched without its province being `parameter`.
pub(crate) fn assert_is_of_one(name: &str, sql: &str, parameter: &str) {
    let words = words(sql);
    let (touched, added_to) = tables(&words);
    assert!(!touched.is_empty() || !added_to.is_empty(), "{name}: {sql}");
    // Names whose province is the parameter, or that of a name that is tied to it.
    let equal: Vec<_> = words
        .windows(3)
        .filter(|three| three[1] == "=" && three[0].ends_with("province"))
        .map(|three| (three[0].as_str(), three[2].as_str()))
        .collect();
    let mut tied = BTreeSet::from([parameter]);
    for _ in 0..equal.len() {
        tied.extend(
            equal
                .clone()
                .into_iter()
                .filter(|(_, right)| tied.contains(right))
                .map(|(left, _)| left)
                .collect::<Vec<_>>(),
        );
    }
    // A table without another name is called by its own.
    let own: Vec<_> = touched
        .iter()
        .filter(|(_, alias)| alias.is_empty())
        .map(|(table, _)| format!("{table}.province"))
        .collect();
    if tied.contains("province") {
        tied.extend(own.iter().map(String::as_str));
        let through: Vec<_> = equal
            .iter()
            .filter(|(_, right)| tied.contains(right))
            .collect();
        tied.extend(through.into_iter().map(|(left, _)| *left));
    }
    for (table, alias) in &touched {
        let column = match alias.as_str() {
            "" => "province".to_string(),
            alias => format!("{alias}.province"),
        };
        assert!(tied.contains(column.as_str()), "{name}: {table} in {sql}");
    }
    let bare = touched.iter().filter(|(_, alias)| alias.is_empty()).count();
    assert!(bare <= 1, "{name}: tables need names: {sql}");
    for place in added_to {
        assert_eq!(
            words[place + 1..place + 3],
            ["(", "province"],
            "{name}: {sql}"
        );
        let given = words
            .iter()
            .skip(place)
            .position(|word| matches!(word.as_str(), "VALUES" | "SELECT"))
            .map(|offset| place + offset + 1)
            .map(|first| &words[first..])
            .and_then(|rest| rest.iter().find(|word| *word != "("));
        let given = given.and_then(|word| word.split("::").next());
        assert_eq!(given, Some(parameter), "{name}: {sql}");
    }
}

/// # Panics
/// When one of these tables is missing, or has a key that does not begin with the province.
pub(crate) fn assert_keys_begin_with_it(ddl: &str, tables: &[&str]) {
    let bare: String = ddl
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let mut made = BTreeSet::new();
    for statement in bare.split(';').map(words) {
        let text = statement.join(" ");
        if let Some(at) = text.find("CREATE TABLE ") {
            let name = text[at + 13..].split(' ').next().unwrap_or_default();
            let has_key = text.contains("PRIMARY KEY ( province")
                || text.contains("province TEXT PRIMARY KEY");
            assert!(has_key, "{text}");
            for unique in text.match_indices("UNIQUE") {
                assert!(text[unique.0..].starts_with("UNIQUE ( province"), "{text}");
            }
            made.insert(name.to_string());
        } else if text.contains("INDEX") {
            let keyed = text.split_once(" ( ").map(|(_, columns)| columns);
            assert!(
                keyed.is_some_and(|keys| keys.starts_with("province ")),
                "{text}"
            );
        }
    }
    assert_eq!(made, tables.iter().map(ToString::to_string).collect());
}

#[test]
#[should_panic(expected = "record")]
fn a_statement_that_reads_other_provinces_is_found() {
    assert_is_of_one("x", "SELECT body FROM record WHERE entity_id = $1", "$1");
}

#[test]
#[should_panic(expected = "change_log")]
fn a_join_that_leaves_the_province_out_is_found() {
    let sql = "SELECT 1 FROM feed f JOIN change_log c ON c.seq = f.seq WHERE f.province = $1";
    assert_is_of_one("x", sql, "$1");
}

#[test]
#[should_panic(expected = "PRIMARY KEY")]
fn a_key_that_begins_otherwise_is_found() {
    assert_keys_begin_with_it(
        "CREATE TABLE a (province text, id bigint, PRIMARY KEY (id, province));",
        &["a"],
    );
}

/// The statements of the SQLite ledger, read out of its source: the strings that begin as one does.
fn statements_of(source: &str) -> Vec<String> {
    let mut statements = Vec::new();
    for piece in source.split("select_record!(").skip(1) {
        let tail = piece.split('"').nth(1).unwrap_or_default();
        statements.push(format!("SELECT body FROM record {tail}"));
    }
    statements.extend(
        source
            .split('"')
            .filter(|text| {
                ["SELECT ", "INSERT ", "UPDATE ", "DELETE "]
                    .iter()
                    .any(|word| text.starts_with(word) && text.len() > word.len())
            })
            // The head of `select_record!`; what follows it was read above.
            .filter(|text| !text.ends_with("body, versions, "))
            .map(ToString::to_string),
    );
    statements
}

#[test]
fn every_statement_of_the_sqlite_ledger_is_of_one_province_too() {
    // A file is of one province: which one it asks the file, and once, when an old one is brought up to date.
    let whole_file = |sql: &str| {
        sql.ends_with("FROM province LIMIT 1")
            || sql.ends_with("authors, sum, province FROM record")
    };
    let sources = [
        include_str!("sqlite/codes.rs"),
        include_str!("sqlite/load.rs"),
        include_str!("sqlite/read.rs"),
        include_str!("sqlite/save.rs"),
        include_str!("sqlite/mod.rs"),
    ];
    let all: Vec<_> = sources.into_iter().flat_map(statements_of).collect();
    assert!(all.len() > 30, "{}", all.len());
    for sql in all.iter().filter(|sql| !whole_file(sql)) {
        assert_is_of_one("sqlite", sql, "?1");
    }
}

#[test]
fn every_key_of_the_sqlite_ledger_begins_with_the_province() {
    let ddl = [
        include_str!("sqlite/schema.sql"),
        include_str!("sqlite/layout2.sql"),
    ]
    .join("\n");
    let tables = [
        "province",
        "device",
        "enrol_code",
        "change_log",
        "record",
        "feed",
        "held",
        "epoch",
        "enrol_use",
        "scope_sum",
    ];
    assert_keys_begin_with_it(&ddl, &tables);
}
