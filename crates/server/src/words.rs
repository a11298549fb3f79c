//! The words of the operator's page and of `doctor`, from the one catalogue.

use std::{collections::HashMap, sync::OnceLock};

/// The words of one language.
#[derive(Debug)]
pub(crate) struct Words(HashMap<String, String>);

impl Words {
    /// Thai, which comes first.
    pub(crate) fn thai() -> &'static Self {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| Self::read(include_str!("../../../assets/words/th/province.json")))
    }

    /// English.
    pub(crate) fn english() -> &'static Self {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| Self::read(include_str!("../../../assets/words/en/province.json")))
    }

    fn read(catalogue: &str) -> Self {
        // A catalogue that cannot be read is found by the test below, not by an operator.
        Self(serde_json::from_str(catalogue).unwrap_or_default())
    }

    /// The words of `province.<key>`; the key itself when there are none.
    pub(crate) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.known(key).unwrap_or(key)
    }

    /// The same, where a missing key is an answer.
    pub(crate) fn known(&self, key: &str) -> Option<&str> {
        self.0.get(&format!("province.{key}")).map(String::as_str)
    }

    /// The words with their blanks filled.
    pub(crate) fn with(&self, key: &str, blanks: &[(&str, &str)]) -> String {
        let mut text = self.get(key).to_string();
        for (name, value) in blanks {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_that_the_pages_ask_for_is_in_the_catalogue() {
        let sources = [
            include_str!("http/operator/mod.rs"),
            include_str!("http/operator/overview.rs"),
            include_str!("http/operator/enrol.rs"),
            include_str!("http/operator/device.rs"),
            include_str!("http/operator/log.rs"),
            include_str!("http/operator/sign_in.rs"),
            include_str!("say.rs"),
        ];
        let mut asked = 0;
        for source in sources {
            let source = source.split("#[cfg(test)]").next().unwrap();
            for opening in ["with(\"", "t(\""] {
                for (at, _) in source.match_indices(opening) {
                    // `get("csrf")` is no word of ours.
                    if source[..at].ends_with(|before: char| before.is_alphanumeric()) {
                        continue;
                    }
                    let key = source[at + opening.len()..].split('"').next().unwrap();
                    assert!(Words::thai().known(key).is_some(), "{key}");
                    assert!(Words::english().known(key).is_some(), "{key}");
                    asked += 1;
                }
            }
        }
        assert!(asked > 80, "{asked}");
    }
}
