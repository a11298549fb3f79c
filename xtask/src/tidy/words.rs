//! The catalogue of words: Thai and English say the same things, with the same blanks to fill.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Finding, Tree};

const FOLDER: &str = "assets/words/";
/// Thai is what people read first; English must follow it.
const LANGUAGES: [&str; 2] = ["th", "en"];

/// A text's key (with the file inside the language's folder before it), and the blanks in the text.
type Catalogue = BTreeMap<String, BTreeSet<String>>;

/// Finds keys that one language lacks, blanks that differ, and texts that are empty.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let [thai, english] = LANGUAGES.map(|language| read(tree, language, &mut findings));
    for (have, lack, language) in [(&thai, &english, "en"), (&english, &thai, "th")] {
        for key in have.keys().filter(|key| !lack.contains_key(*key)) {
            let words = format!("`{key}` is missing in `{language}`");
            findings.push(Finding::broken(FOLDER, None, words));
        }
    }
    for (key, blanks) in &thai {
        if let Some(other) = english.get(key).filter(|other| *other != blanks) {
            let words = format!("`{key}` has the blanks {blanks:?} in th and {other:?} in en");
            findings.push(Finding::broken(FOLDER, None, words));
        }
    }
    findings
}

fn read(tree: &Tree, language: &str, findings: &mut Vec<Finding>) -> Catalogue {
    let mut catalogue = Catalogue::new();
    for (path, text) in tree.files() {
        let Some(rest) = path
            .strip_prefix(FOLDER)
            .and_then(|rest| rest.strip_prefix(language))
        else {
            continue;
        };
        let Some(name) = rest.strip_suffix(".json") else {
            continue;
        };
        match serde_json::from_str(text) {
            Ok(value) => {
                let name = name.trim_start_matches('/');
                flatten(name, &value, &mut |key, text| match text {
                    Some(text) if !text.trim().is_empty() => {
                        catalogue.insert(key.to_owned(), blanks(text));
                    }
                    _ => findings.push(Finding::broken(path, None, format!("`{key}` has no text"))),
                });
            }
            Err(error) => {
                findings.push(Finding::broken(
                    path,
                    Some(error.line()),
                    format!("{error}"),
                ));
            }
        }
    }
    catalogue
}

fn flatten(key: &str, value: &Value, each: &mut dyn FnMut(&str, Option<&str>)) {
    let below = |part: &str| match key {
        "" => part.to_owned(),
        key => format!("{key}.{part}"),
    };
    match value {
        Value::Object(parts) => {
            for (name, value) in parts {
                flatten(&below(name), value, each);
            }
        }
        Value::Array(parts) => {
            for (at, value) in parts.iter().enumerate() {
                flatten(&below(&at.to_string()), value, each);
            }
        }
        other => each(key, other.as_str()),
    }
}

/// The names between single braces.
fn blanks(text: &str) -> BTreeSet<String> {
    let mut blanks = BTreeSet::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        blanks.insert(name.to_owned());
        rest = after;
    }
    blanks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(thai: &str, english: &str) -> Vec<String> {
        let tree = Tree::of(&[
            ("assets/words/th/case.json", thai),
            ("assets/words/en/case.json", english),
        ]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn languages_that_say_the_same_are_kept_silently() {
        let thai = r#"{"case": {"wait": "รอ {days} วัน", "kinds": ["น้ำ", "อาหาร"]}}"#;
        let english = r#"{"case": {"wait": "waiting {days} days", "kinds": ["water", "food"]}}"#;
        assert_eq!(found(thai, english), Vec::<String>::new());
    }

    #[test]
    fn a_text_that_one_language_lacks_is_found_either_way() {
        assert!(found(r#"{"a": "ก"}"#, "{}")[0].contains("`case.a` is missing in `en`"));
        assert!(found("{}", r#"{"a": "x"}"#)[0].contains("`case.a` is missing in `th`"));
    }

    #[test]
    fn a_blank_that_would_stay_unfilled_is_found() {
        let found = found(
            r#"{"a": "รอ {days} วัน"}"#,
            r#"{"a": "waiting {count} days"}"#,
        );
        assert!(
            found[0].contains("days") && found[0].contains("count"),
            "{found:?}"
        );
    }

    #[test]
    fn an_empty_text_and_a_broken_file_are_found() {
        assert!(found(r#"{"a": " "}"#, r#"{"a": "x"}"#)[0].contains("has no text"));
        assert!(!found("{", "{}").is_empty());
    }
}
