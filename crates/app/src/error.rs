//! How a refusal crosses to people: a code that somebody branches on, the key of the words in the
//! catalogue (`assets/words/*/error.json`), and the details that fill them. Never a name, an id
//! number or a place of a person.

use std::collections::BTreeMap;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
pub struct ApiError {
    /// Stable code: `not_found`, `denied_role`, `case_no_need`, ...
    pub code: String,
    /// Key of the words: `error.<code>`.
    pub message_key: String,
    /// What fills the words: field, row, state, step.
    pub details: BTreeMap<String, String>,
}

impl ApiError {
    /// A refusal with this code.
    #[must_use]
    pub fn new(code: &str) -> Self {
        Self {
            code: code.into(),
            message_key: format!("error.{code}"),
            details: BTreeMap::new(),
        }
    }

    /// With one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.details.insert(name.into(), value.to_string());
        self
    }

    /// A refusal about one field of a form, shown beside it.
    #[must_use]
    pub fn field(code: &str, field: &str) -> Self {
        Self::new(code).with("field", field)
    }

    /// The same for somebody who may not know that the record exists.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new("not_found")
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code)
    }
}

impl std::error::Error for ApiError {}
