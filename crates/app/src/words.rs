//! Thai words for a refusal, for hosts without a screen, and for what is printed. The screens use the
//! same catalogue.

use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::ApiError;

fn catalogue() -> &'static Map<String, Value> {
    static WORDS: OnceLock<Map<String, Value>> = OnceLock::new();
    WORDS.get_or_init(|| {
        serde_json::from_str(include_str!("../../../assets/words/th/error.json"))
            .unwrap_or_default()
    })
}

/// What to tell a person: what, where, and what to do next.
#[must_use]
pub fn message(error: &ApiError) -> String {
    let words = catalogue().get(&error.message_key).and_then(Value::as_str);
    if let (None, Some(message)) = (words, error.details.get("message")) {
        return message.clone();
    }
    let mut text = words.map_or_else(
        || format!("ทำรายการไม่สำเร็จ (รหัส {})", error.code),
        ToString::to_string,
    );
    for (name, value) in &error.details {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

/// Files of the catalogue that pages on paper and registers take words from.
const PRINTED: [&str; 5] = [
    include_str!("../../../assets/words/th/assignment.json"),
    include_str!("../../../assets/words/th/common.json"),
    include_str!("../../../assets/words/th/shift.json"),
    include_str!("../../../assets/words/th/recheck.json"),
    include_str!("../../../assets/words/th/sync.json"),
];

/// The catalogue's word for a page on paper; the key itself where there is none, so that it is noticed.
pub(crate) fn thai(key: &str) -> String {
    printed()
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or(key)
        .to_string()
}

/// The word for a code; `None` for anything that is none.
pub(crate) fn word(of: &str, code: &str) -> Option<String> {
    let word = printed().get(&format!("{of}.{code}"))?.as_str()?;
    Some(word.to_string())
}

fn printed() -> &'static Map<String, Value> {
    static WORDS: OnceLock<Map<String, Value>> = OnceLock::new();
    WORDS.get_or_init(|| {
        PRINTED
            .iter()
            .filter_map(|file| serde_json::from_str::<Map<String, Value>>(file).ok())
            .flatten()
            .collect()
    })
}
