//! The apostrophe that keeps text from being read as a formula, put on and taken off.
//!
//! A spreadsheet that opens a CSV runs what begins with `=`, `+`, `-` or `@` (also after a tab, a
//! line break, or in full-width form). OWASP's advice is an apostrophe in front. To be exactly
//! reversible, text that already is an apostrophe (or several) before such a sign gets one more:
//! taking one off always gives back what was there.

use std::borrow::Cow;

const RISKY: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

fn is_risky(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(RISKY)
}

/// Text as it may stand in a CSV.
pub(crate) fn put_on(text: &str) -> Cow<'_, str> {
    if is_risky(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Text as it was before [`put_on`].
pub(crate) fn take_off(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_risky(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_formula_gets_an_apostrophe_and_plain_text_does_not() {
        assert_eq!(put_on("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(put_on("-"), "'-");
        assert_eq!(put_on("นาง=ก"), "นาง=ก");
        assert_eq!(put_on("'081"), "'081");
        assert_eq!(take_off("'081"), "'081");
    }

    proptest! {
        #[test]
        fn what_is_put_on_comes_off(text in "['=+@\\-\t\r\nก-ฮa]{0,8}") {
            let guarded = put_on(&text).into_owned();
            prop_assert!(!guarded.starts_with(RISKY));
            prop_assert_eq!(take_off(&guarded), text);
        }
    }
}
