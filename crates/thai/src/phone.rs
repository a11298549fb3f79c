//! Thai telephone numbers in their national form, read from what people type and spreadsheets lose.
//! It must not know whose number it is, nor whether anybody answers.

use crate::text::arabic_digits;

/// A number that can be dialled within Thailand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneReading {
    /// ASCII digits starting with 0: nine of a landline, ten of a mobile.
    pub digits: String,
    /// The leading zero was lost (a spreadsheet's number cell) and has been put back.
    pub repaired: bool,
    /// The extension as written behind `ต่อ`: digits, perhaps `12-15`.
    pub ext: Option<String>,
}

/// Why a text is not one telephone number. Carries no digit of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Two numbers, or a range of lines: a person chooses.
    #[error("more than one telephone number")]
    Several,
    /// Not a Thai landline or mobile number; short hotlines too.
    #[error("not a telephone number")]
    Unreadable,
}

impl PhoneError {
    /// The stable code of the word catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Several => "phone_several",
            Self::Unreadable => "phone_unreadable",
        }
    }
}

/// A cell longer than this is prose, not a number.
const LONGEST_CHARS: usize = 120;
const LABELS: [&str; 10] = [
    "หมายเลข",
    "โทรศัพท์",
    "โทร",
    "มือถือ",
    "เบอร์",
    "telephone",
    "phone",
    "mobile",
    "tel",
    "fax",
];
const EXTENSION_WORDS: [&str; 5] = ["ต่อ", "กด", "ext", "#", "x"];
const BETWEEN_WORDS: [&str; 4] = ["หรือ", "และ", "กับ", "ถึง"];

/// Reads one number: `081-234-5678`, `๐ ๔๓๕๓ ๙๐๓๑`, `+66 81 234 5678`, `43539031`, `… ต่อ 12`.
pub fn read(text: &str) -> Result<PhoneReading, PhoneError> {
    if text.chars().nth(LONGEST_CHARS).is_some() {
        return Err(PhoneError::Unreadable);
    }
    let mut text = arabic_digits(text).to_lowercase();
    for label in LABELS {
        text = text.replace(label, " ");
    }
    for word in BETWEEN_WORDS {
        text = text.replace(word, "/");
    }
    let text = without_remarks(&text);
    let (text, ext) = split_extension(&text)?;
    let text = text.trim().trim_start_matches(['\'', '’', '.', ':']).trim();
    // A number cell exported as text: 812345678.0
    let text = text.strip_suffix(".0").unwrap_or(text);

    let parts: Vec<&str> = text
        .split([',', ';', '/', '\n'])
        .filter(|part| part.contains(|c: char| c.is_ascii_digit()))
        .collect();
    if parts.len() > 1 && national(parts[0]).is_ok() {
        return Err(PhoneError::Several);
    }
    let (digits, repaired) = national(&parts.join(" "))?;
    if text.contains(|c: char| !is_between(c) && !c.is_ascii_digit()) {
        return Err(PhoneError::Unreadable);
    }
    Ok(PhoneReading {
        digits,
        repaired,
        ext,
    })
}

/// `081-234-5678`, `043-539-031`, `02-123-4567`. Anything else comes back as it is.
pub fn format(digits: &str) -> String {
    match groups(digits) {
        Some(groups) => groups.join("-"),
        None => digits.to_owned(),
    }
}

/// The last group only: `xxx-xxx-5678`. What is not a number in its national form is hidden whole.
pub fn mask(digits: &str) -> String {
    match groups(digits) {
        Some([a, b, last]) => format!("{}-{}-{last}", "x".repeat(a.len()), "x".repeat(b.len())),
        None => "xxx-xxx-xxxx".to_owned(),
    }
}

fn groups(digits: &str) -> Option<[&str; 3]> {
    if !is_national(digits) {
        return None;
    }
    let first = if digits.starts_with("02") { 2 } else { 3 };
    Some([
        &digits[..first],
        &digits[first..first + 3],
        &digits[first + 3..],
    ])
}

/// Landlines have nine digits (02, 03x, 04x, 05x, 07x), mobiles ten (06x, 08x, 09x).
fn is_national(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() > 1
        && bytes.iter().all(u8::is_ascii_digit)
        && bytes[0] == b'0'
        && match bytes[1] {
            b'2'..=b'5' | b'7' => bytes.len() == 9,
            b'6' | b'8' | b'9' => bytes.len() == 10,
            _ => false,
        }
}

/// The digits of one number in national form, and whether the zero had to be put back.
fn national(text: &str) -> Result<(String, bool), PhoneError> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if is_national(&digits) {
        return Ok((digits, false));
    }
    let abroad = match text.trim_start().strip_prefix('+') {
        Some(_) => Some(digits.strip_prefix("66").ok_or(PhoneError::Unreadable)?),
        None => digits
            .strip_prefix("0066")
            .or_else(|| digits.strip_prefix("66")),
    };
    if let Some(rest) = abroad {
        // +66 (0) 81 …: the zero is written by many and dialled by none.
        let rest = format!("0{}", rest.strip_prefix('0').unwrap_or(rest));
        if is_national(&rest) {
            return Ok((rest, false));
        }
    }
    let restored = format!("0{digits}");
    if is_national(&restored) {
        return Ok((restored, true));
    }
    if digits.len() >= 16 || is_range_of_lines(text) {
        return Err(PhoneError::Several);
    }
    Err(PhoneError::Unreadable)
}

/// `0-4353-9031-2` is the lines 9031 and 9032: a whole landline and one or two digits behind a dash.
fn is_range_of_lines(text: &str) -> bool {
    let Some((line, until)) = text.trim().rsplit_once('-') else {
        return false;
    };
    let line: String = line.chars().filter(char::is_ascii_digit).collect();
    let until = until.trim();
    (1..=2).contains(&until.len())
        && until.bytes().all(|b| b.is_ascii_digit())
        && is_national(&line)
}

/// Takes out `(ลูกสาว)`, a remark without digits; `(081)` stays.
fn without_remarks(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((inside, behind)) = after.split_once(')') else {
            break;
        };
        kept.push_str(before);
        kept.push(' ');
        if inside.contains(|c: char| c.is_ascii_digit()) {
            kept.push_str(inside);
        }
        kept.push(' ');
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

fn split_extension(text: &str) -> Result<(&str, Option<String>), PhoneError> {
    let found = EXTENSION_WORDS
        .iter()
        .filter_map(|word| text.find(word).map(|at| (at, at + word.len())))
        .min();
    let Some((start, end)) = found else {
        return Ok((text, None));
    };
    let ext = text[end..].trim_matches(|c: char| c.is_whitespace() || c == '.' || c == ':');
    let digits = ext.chars().filter(char::is_ascii_digit).count();
    if digits >= 8 {
        return Err(PhoneError::Several);
    }
    if digits == 0 || ext.contains(|c: char| !is_between(c) && !c.is_ascii_digit()) {
        return Err(PhoneError::Unreadable);
    }
    Ok((&text[..start], Some(ext.to_owned())))
}

/// What may stand between the digits of one number.
fn is_between(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '.' | ',' | '/' | ';' | '+' | '(' | ')')
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
        || matches!(c, '\u{200B}'..='\u{200D}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn digits(text: &str) -> Result<(String, bool), &'static str> {
        read(text)
            .map(|r| (r.digits, r.repaired))
            .map_err(|e| e.code())
    }

    #[test]
    fn one_number_is_read_in_every_spelling() {
        for (text, expected) in [
            ("0812345678", "0812345678"),
            ("081-234-5678", "0812345678"),
            ("081 234 5678", "0812345678"),
            ("๐๘๑-๒๓๔-๕๖๗๘", "0812345678"),
            ("+66812345678", "0812345678"),
            ("+66 81 234 5678", "0812345678"),
            ("66812345678", "0812345678"),
            ("+66 (0) 81 234 5678", "0812345678"),
            ("0066812345678", "0812345678"),
            ("โทร. 081-234-5678", "0812345678"),
            ("โทร 0812345678", "0812345678"),
            ("Tel: 081.234.5678", "0812345678"),
            ("(081) 234-5678", "0812345678"),
            ("081-234-5678 (ลูกสาว)", "0812345678"),
            ("'0812345678", "0812345678"),
            ("081,234,5678", "0812345678"),
            ("043-539031", "043539031"),
            ("๐ ๔๓๕๓ ๙๐๓๑", "043539031"),
            ("0-4353-9031", "043539031"),
            ("02-123-4567", "021234567"),
            ("+6643539031", "043539031"),
            ("6643539031", "043539031"),
            ("06-1234-5678", "0612345678"),
        ] {
            assert_eq!(digits(text), Ok((expected.to_owned(), false)), "{text}");
        }
    }

    #[test]
    fn a_zero_lost_in_a_spreadsheet_is_put_back_and_told() {
        for (text, expected) in [
            ("812345678", "0812345678"),
            ("43539031", "043539031"),
            ("๔๓๕๓-๙๐๓๑", "043539031"),
            ("21234567", "021234567"),
            ("812345678.0", "0812345678"),
            ("661234567", "0661234567"),
        ] {
            assert_eq!(digits(text), Ok((expected.to_owned(), true)), "{text}");
        }
    }

    #[test]
    fn an_extension_is_kept_apart() {
        for (text, expected) in [
            ("043-539031 ต่อ 12", "12"),
            ("043539031 ต่อ ๑๒", "12"),
            ("0-4353-9031 ต่อ. 12-15", "12-15"),
            ("02-123-4567 ext. 101", "101"),
            ("02-123-4567#101", "101"),
            ("02-123-4567 กด 0", "0"),
        ] {
            assert_eq!(read(text).unwrap().ext.as_deref(), Some(expected), "{text}");
        }
        assert_eq!(read("043-539031 ต่อ 12").unwrap().digits, "043539031");
        assert_eq!(read("043-539031").unwrap().ext, None);
    }

    #[test]
    fn two_numbers_in_a_cell_are_not_one() {
        for text in [
            "081-234-5678, 089-876-5432",
            "0812345678/0898765432",
            "0812345678 0898765432",
            "043-539031 หรือ 081-234-5678",
            "043539031 043539032",
            "0-4353-9031-2",
            "043-539031-40",
            "043-539031/2",
            "043-539031 ถึง 35",
            "081-234-5678\n089-876-5432",
            "043-539031 ต่อ 12, 081-234-5678",
        ] {
            assert_eq!(digits(text), Err("phone_several"), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_dialled_as_a_number_is_unreadable() {
        for text in [
            "",
            "-",
            "ไม่มี",
            "191",
            "1669",
            "1784",
            "มท. ๕๐๑๘๘",
            "50188",
            "081-234-567",
            "08123456789",
            "0435390312",
            "1800123456",
            "+1 202 555 0123",
            "8.12E+08",
            "o81-234-5678",
            "081-234-5678 สมชาย",
            "0112345678",
            "043-539031 ต่อ",
            "212345678",
        ] {
            assert_eq!(digits(text), Err("phone_unreadable"), "{text}");
        }
    }

    #[test]
    fn a_number_is_written_in_its_groups_and_masked_in_lists() {
        for (text, written, masked) in [
            ("0812345678", "081-234-5678", "xxx-xxx-5678"),
            ("043539031", "043-539-031", "xxx-xxx-031"),
            ("021234567", "02-123-4567", "xx-xxx-4567"),
            ("191", "191", "xxx-xxx-xxxx"),
        ] {
            assert_eq!(format(text), written);
            assert_eq!(mask(text), masked);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), near in "([0-9๐-๙+() .,/-]|ต่อ|โทร|หรือ|x){0,24}") {
            for text in [text, near] {
                let _ = format(&text);
                let _ = mask(&text);
                if let Ok(reading) = read(&text) {
                    prop_assert!(is_national(&reading.digits));
                }
            }
        }

        #[test]
        fn a_written_number_is_read_back(text in "0([689][0-9]{8}|[23457][0-9]{7})") {
            let reading = PhoneReading { digits: text.clone(), repaired: false, ext: None };
            prop_assert_eq!(read(&text), Ok(reading.clone()));
            prop_assert_eq!(read(&format(&text)), Ok(reading.clone()));
            prop_assert_eq!(read(&format!("+66{}", &text[1..])), Ok(reading.clone()));
            prop_assert_eq!(read(&text[1..]), Ok(PhoneReading { repaired: true, ..reading }));
        }
    }
}
