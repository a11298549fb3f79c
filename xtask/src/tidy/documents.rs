//! Documents that must not fall behind: every choice is listed, every crate is on the code map.

use std::collections::BTreeMap;

use super::{Finding, Tree};

const CHOICES: &str = "docs/adr/";
const CHOICES_LIST: &str = "docs/adr/README.md";
const ARCHITECTURE: &str = "docs/ARCHITECTURE.md";
const DICTIONARY: &str = "docs/data-dictionary.md";
const RECORDS: &str = "crates/domain/src/records.rs";

/// Finds choices without a line in the list, doubled numbers, and crates that the code map does not show.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let list = tree.get(CHOICES_LIST).unwrap_or_default();
    let mut numbers = BTreeMap::new();
    for (path, _) in tree.files() {
        let Some(name) = path.strip_prefix(CHOICES) else {
            continue;
        };
        if path == CHOICES_LIST {
            continue;
        }
        let number = name
            .get(..4)
            .filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        match number {
            None => findings.push(Finding::broken(
                path,
                None,
                "a choice is named NNNN-title.md".to_owned(),
            )),
            Some(number) => {
                if let Some(other) = numbers.insert(number, name) {
                    findings.push(Finding::broken(
                        path,
                        None,
                        format!("has the number of {other}"),
                    ));
                }
            }
        }
        if !list.contains(&format!("({name})")) {
            findings.push(Finding::broken(
                path,
                None,
                format!("is not listed in {CHOICES_LIST}"),
            ));
        }
    }
    let map = tree.get(ARCHITECTURE).unwrap_or_default();
    for folder in crates(tree) {
        if !map.contains(&format!("`{folder}`")) {
            let words = format!("the code map does not show `{folder}`");
            findings.push(Finding::broken(ARCHITECTURE, None, words));
        }
    }
    findings.extend(undescribed_fields(tree));
    findings
}

/// A field of a record is told in the dictionary of the section of that record.
fn undescribed_fields(tree: &Tree) -> Vec<Finding> {
    let dictionary = tree.get(DICTIONARY).unwrap_or_default();
    let mut findings = Vec::new();
    for block in tree
        .get(RECORDS)
        .unwrap_or_default()
        .split("record! {")
        .skip(1)
    {
        let mut lines = block
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with("///"));
        let head = lines.next().unwrap_or_default();
        let record = head
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default();
        let section = dictionary
            .split("\n## ")
            .find(|section| section.split_whitespace().next() == Some(record));
        for field in lines
            .take_while(|line| *line != "}")
            .filter_map(|line| line.split_once(": "))
        {
            let (name, _) = field;
            if !section.is_some_and(|section| section.contains(&format!("`{name}`"))) {
                let words = format!("does not tell `{name}` of {record}");
                findings.push(Finding::broken(DICTIONARY, None, words));
            }
        }
    }
    findings
}

fn crates(tree: &Tree) -> impl Iterator<Item = &str> {
    tree.files().filter_map(|(path, _)| {
        let folder = path.strip_suffix("/Cargo.toml")?;
        (folder.starts_with("crates/") && folder.matches('/').count() == 1).then_some(folder)
    })
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
    fn a_choice_that_is_not_listed_or_shares_its_number_is_found() {
        let list = (CHOICES_LIST, "- [One](0001-one.md)\n- [Uno](0001-uno.md)\n");
        let one = ("docs/adr/0001-one.md", "");
        assert!(found(&[list, one]).is_empty());
        assert!(found(&[list, one, ("docs/adr/0002-two.md", "")])[0].contains("is not listed"));
        assert!(found(&[list, one, ("docs/adr/0001-uno.md", "")])[0].contains("has the number of"));
    }

    #[test]
    fn a_crate_that_the_code_map_does_not_show_is_found() {
        let manifest = ("crates/print/Cargo.toml", "");
        assert!(found(&[manifest, (ARCHITECTURE, "crates")])[0].contains("`crates/print`"));
        assert!(found(&[manifest, (ARCHITECTURE, "- `crates/print`: pages")]).is_empty());
    }

    #[test]
    fn a_field_that_the_dictionary_does_not_tell_is_found() {
        let records = "record! {\n    /// A village.\n    Area {\n        code: String => Text,\n        \
                       /// A label: no more.\n        name: String => Text,\n    }\n}\n";
        let told = "# Dictionary\n\n## Case · เคส\n`name`\n\n## Area · หมู่บ้าน\n`code`\n";
        let found = found(&[(RECORDS, records), (DICTIONARY, told)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("`name` of Area"), "{found:?}");
    }
}
