//! The office's own rules: weights in words, times, limits, texts.

use super::views;

views! {
    /// All rules, in groups.
    RuleList {
        groups: Vec<RuleGroup>,
    }

    /// `matching`, `offers`, `care`, `freshness`, `triage`, `texts`.
    RuleGroup {
        code: String,
        rules: Vec<RuleView>,
    }

    /// One rule.
    RuleView {
        code: String,
        /// `step` (none, low, normal, high, very_high), `minutes`, `hours`, `days`, `count`, `points`, `flag`, `text`, `words`.
        kind: String,
        value: String,
        /// As the program ships it.
        shipped: String,
        least: Option<i64>,
        most: Option<i64>,
        /// For a text: the fields it may name.
        fields: Vec<String>,
    }

    /// Set a rule; without a value it goes back to what the program ships.
    RuleSave {
        code: String,
        value: Option<String>,
    }

    /// How a text would read.
    TextPreviewRequest {
        code: String,
        value: String,
    }

    /// With made-up people.
    TextPreview {
        text: String,
        /// Code of what is wrong with it (`text_field_unknown`, `text_brace_open`, `text_empty`), the piece, and on which
        /// line.
        problem: Option<String>,
        piece: Option<String>,
        line: Option<u32>,
    }
}
