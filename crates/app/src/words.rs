//! Thai words for a refusal, for hosts without a screen. The screens use the same catalogue.

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
