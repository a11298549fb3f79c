//! Finds which property of a boundary file carries the area code and which the Thai name.
//!
//! Every publisher names them differently (`ADM3_PCODE`, `tam_code`, `รหัสตำบล`), so the values
//! decide and the names only break ties.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};

pub(super) type Properties = Map<String, Value>;

/// The DOPA code in a property: 4, 6 or 8 digits, as text or number, or `TH` and 2 to 8 digits.
pub(super) fn code_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        // A number written 450905.0 by a tool that knows no whole numbers is let through as well.
        Value::Number(number) => number.to_string().trim_end_matches(".0").to_owned(),
        _ => return None,
    };
    let digits = text.strip_prefix("TH").or_else(|| text.strip_prefix("th"));
    let lengths: &[usize] = if digits.is_some() {
        &[2, 4, 6, 8]
    } else {
        &[4, 6, 8]
    };
    let digits = digits.unwrap_or(&text);
    let fits = lengths.contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        // Province codes run from 10 to 96. This keeps most running numbers and years out.
        && ("10"..="96").contains(&&digits[..2]);
    fits.then(|| digits.to_owned())
}

pub(super) fn name_of(value: &Value) -> Option<&str> {
    let text = value.as_str()?.trim();
    text.chars()
        .any(|c| ('ก'..='๎').contains(&c))
        .then_some(text)
}

/// The property that most likely holds each area's own code; `None` when none holds one in at
/// least half of the features.
pub(super) fn code_property<'a>(rows: &'a [&'a Properties]) -> Option<&'a str> {
    best(rows, code_of, |key, distinct, sample| {
        let lower = key.to_lowercase();
        let named = lower.contains("code") || lower.contains("รหัส") || lower.contains("dopa");
        // Among province, district and subdistrict codes of one row the finest tells rows apart.
        (named, distinct, sample.len())
    })
}

/// The property that most likely holds each area's own Thai name.
pub(super) fn name_property<'a>(rows: &'a [&'a Properties], code_key: &str) -> Option<&'a str> {
    let family = code_key.split('_').next().unwrap_or_default();
    best(
        rows,
        |value| name_of(value).map(str::to_owned),
        |key, distinct, _| {
            // ADM3_PCODE goes with ADM3_TH, not with the longer full address beside it.
            (
                key.split('_').next() == Some(family),
                distinct,
                usize::MAX - key.len(),
            )
        },
    )
}

fn best<'a, Rank: Ord>(
    rows: &'a [&'a Properties],
    read: impl Fn(&Value) -> Option<String>,
    rank: impl Fn(&str, usize, &str) -> Rank,
) -> Option<&'a str> {
    // In order of the key, so that a tie is decided the same way every time.
    let mut columns: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in rows {
        for (key, value) in row.iter() {
            if let Some(found) = read(value) {
                columns.entry(key).or_default().push(found);
            }
        }
    }
    columns
        .into_iter()
        .filter(|(_, found)| found.len() * 2 >= rows.len())
        .max_by_key(|(key, found)| {
            let distinct = found.iter().collect::<HashSet<_>>().len();
            rank(key, distinct, &found[0])
        })
        .map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn codes_are_read_from_text_numbers_and_pcodes() {
        assert_eq!(code_of(&json!("450905")).as_deref(), Some("450905"));
        assert_eq!(code_of(&json!(450905)).as_deref(), Some("450905"));
        assert_eq!(code_of(&json!(450905.0)).as_deref(), Some("450905"));
        assert_eq!(code_of(&json!("TH45")).as_deref(), Some("45"));
        assert_eq!(code_of(&json!(" th45090501 ")).as_deref(), Some("45090501"));
        for other in [
            json!("45"),
            json!("45210"),
            json!("1.5e5"),
            json!(null),
            json!("ตำบล"),
            json!("099999"),
        ] {
            assert_eq!(code_of(&other), None, "{other}");
        }
    }

    #[test]
    fn the_finest_code_and_its_own_name_are_chosen() {
        let rows: Vec<Properties> = [("TH450905", "โคกสว่าง"), ("TH450909", "ท่าสีดา")]
            .map(|(code, name)| {
                let row = json!({
                    "OBJECTID": 4711, "ADM1_PCODE": "TH45", "ADM1_TH": "ร้อยเอ็ด",
                    "ADM3_PCODE": code, "ADM3_TH": name, "full": format!("ต.{name} อ.หนองพอก"),
                });
                row.as_object().unwrap().clone()
            })
            .to_vec();
        let rows: Vec<&Properties> = rows.iter().collect();
        assert_eq!(code_property(&rows), Some("ADM3_PCODE"));
        assert_eq!(name_property(&rows, "ADM3_PCODE"), Some("ADM3_TH"));
    }
}
