//! Counts and amounts as people type them in a cell: Thai digits, thousands separators, a unit behind.
//! It exists because `str::parse` knows none of that. It must not know what is being counted.

use crate::text::arabic_digits;

/// Why a text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// No single number can be seen in the text.
    #[error("not a number")]
    Unreadable,
    /// A number, but beyond what the field can hold.
    #[error("the number is too large")]
    TooLarge,
}

impl NumberError {
    /// The stable code of the word catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "number_unreadable",
            Self::TooLarge => "number_too_large",
        }
    }
}

/// Words that multiply: "2 พัน" is not 2, and guessing is worse than asking.
const SCALES: [&str; 9] = ["สิบ", "ร้อย", "พัน", "หมื่น", "แสน", "ล้าน", "โหล", "กว่า", "ครึ่ง"];

/// Nobody types a longer number into a cell; pasted prose stops here.
const LONGEST_CHARS: usize = 80;

/// A whole number of things: `๓`, `1,200`, `1 200`, `3 คน`, `3.0`. Never negative.
pub fn read_count(text: &str) -> Result<u32, NumberError> {
    let cleaned = clean(text)?;
    let number = without_unit(&cleaned)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if fraction.is_empty() || fraction.bytes().any(|b| b != b'0') {
        return Err(NumberError::Unreadable);
    }
    ungrouped(whole)?.parse().map_err(|_| NumberError::TooLarge)
}

/// An amount: `3.5`, `3,5`, `1,200.50`, `-2`, `12 กก.`. A lone comma is the decimal mark, unless it
/// stands where Thai writing groups thousands (`1,200` is twelve hundred; `0,125` is an eighth).
pub fn read_decimal(text: &str) -> Result<f64, NumberError> {
    let cleaned = clean(text)?;
    let (sign, rest) = match cleaned.strip_prefix(['-', '−']) {
        Some(rest) => (-1.0, rest.trim_start()),
        None => (1.0, cleaned.as_str()),
    };
    let number = without_unit(rest)?;
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (ungrouped(whole)?, fraction),
        None => match number.split_once(',') {
            Some((whole, fraction)) if !fraction.contains(',') && !is_group(whole, fraction) => {
                (ungrouped(whole)?, fraction)
            }
            _ => (ungrouped(number)?, "0"),
        },
    };
    if fraction.is_empty() || !is_digits(fraction) {
        return Err(NumberError::Unreadable);
    }
    let value: f64 = format!("{whole}.{fraction}")
        .parse()
        .map_err(|_| NumberError::Unreadable)?;
    if value.is_finite() {
        Ok(sign * value)
    } else {
        Err(NumberError::TooLarge)
    }
}

fn clean(text: &str) -> Result<String, NumberError> {
    if text.chars().nth(LONGEST_CHARS).is_some() {
        return Err(NumberError::Unreadable);
    }
    let text = arabic_digits(text);
    // A leading apostrophe is how a spreadsheet marks "this is text".
    Ok(text
        .trim()
        .trim_start_matches(['\'', '’'])
        .trim_start()
        .to_owned())
}

/// The number without the word behind it. A second number, or a word that multiplies, is refused.
fn without_unit(text: &str) -> Result<&str, NumberError> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.' || c.is_whitespace()))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let starts_like_a_word = unit.chars().next().is_none_or(char::is_alphabetic);
    let number = number.trim();
    if !number.starts_with(|c: char| c.is_ascii_digit())
        || !starts_like_a_word
        || unit.contains(|c: char| c.is_ascii_digit())
        || SCALES.iter().any(|scale| unit.starts_with(scale))
        || matches!(unit.trim(), "k" | "K" | "m" | "M")
    {
        return Err(NumberError::Unreadable);
    }
    Ok(number)
}

/// Digits with the thousands separators taken out; a group of any other length is no number.
fn ungrouped(whole: &str) -> Result<String, NumberError> {
    let mut groups = whole.split(|c: char| c == ',' || c.is_whitespace());
    let first = groups.next().unwrap_or_default();
    let mut digits = first.to_owned();
    for group in groups {
        if first.len() > 3 || group.len() != 3 {
            return Err(NumberError::Unreadable);
        }
        digits.push_str(group);
    }
    if first.is_empty() || !is_digits(&digits) {
        return Err(NumberError::Unreadable);
    }
    Ok(digits)
}

fn is_group(whole: &str, fraction: &str) -> bool {
    fraction.len() == 3 && whole.len() <= 3 && !whole.starts_with('0')
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_count_is_read_in_every_spelling() {
        for (text, expected) in [
            ("3", 3),
            ("๓", 3),
            (" 3 ", 3),
            ("3 คน", 3),
            ("3คน", 3),
            ("๑๒ ครัวเรือน", 12),
            ("3.0", 3),
            ("3.00 คน", 3),
            ("1,200", 1200),
            ("1 200", 1200),
            ("1\u{a0}200", 1200),
            ("๑,๒๐๐ คน", 1200),
            ("1,200.00", 1200),
            ("1,234,567", 1_234_567),
            ("'7", 7),
            ("007", 7),
            ("0", 0),
            ("4294967295", u32::MAX),
        ] {
            assert_eq!(read_count(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_whole_number_is_not_guessed() {
        for text in [
            "",
            " ",
            "-",
            "-3",
            "3.5",
            "3,5",
            "1,20",
            "1,2000",
            "12 34",
            "1200,300",
            "3-4",
            "3 คน 2 หลัง",
            "ประมาณ 3",
            "สาม",
            "2 พัน",
            "5 แสนบาท",
            "2k",
            "3%",
            "1e5",
            ".5",
            "3.",
            "1.2.3",
            "ร้อยละ 5",
            "3 (สาม)",
            ",200",
        ] {
            assert_eq!(read_count(text), Err(NumberError::Unreadable), "{text}");
        }
        assert_eq!(read_count("4294967296"), Err(NumberError::TooLarge));
        assert_eq!(
            read_count("999,999,999,999").unwrap_err().code(),
            "number_too_large"
        );
        assert_eq!(
            read_count("ไม่ทราบ").unwrap_err().code(),
            "number_unreadable"
        );
    }

    #[test]
    fn an_amount_is_read_with_either_decimal_mark() {
        for (text, expected) in [
            ("3.5", 3.5),
            ("3,5", 3.5),
            ("๓.๕", 3.5),
            ("0,125", 0.125),
            ("1,200", 1200.0),
            ("1,200.50", 1200.5),
            ("1,234,567", 1_234_567.0),
            ("-2.5", -2.5),
            ("12 กก.", 12.0),
            ("1.50 เมตร", 1.5),
            ("7", 7.0),
            ("1200,300", 1200.3),
            ("1,20", 1.2),
            ("2.50 m²", 2.5),
        ] {
            assert_eq!(read_decimal(text), Ok(expected), "{text}");
        }
        for text in [
            "",
            "-",
            "1.2.3",
            "1,2,3",
            "1.200,50",
            "nan",
            "inf",
            "1e5",
            "3.",
            "5 ล้าน",
            "--2",
        ] {
            assert_eq!(read_decimal(text), Err(NumberError::Unreadable), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), near in "[0-9๐-๙,. 'คน-]{0,20}") {
            for text in [text, near] {
                let _ = read_count(&text);
                let _ = read_decimal(&text);
            }
        }

        #[test]
        fn a_written_number_is_read_back(count in any::<u32>(), amount in -1e9..1e9_f64) {
            prop_assert_eq!(read_count(&count.to_string()), Ok(count));
            prop_assert_eq!(read_decimal(&format!("{amount}")), Ok(amount));
        }
    }
}
