//! The thirteen-digit identity number as it arrives: dashes, Thai digits, or what a spreadsheet left
//! of it. A wrong check digit is told, never refused: numbers of non-citizens may fail it. It must not
//! know whose number it is.

use crate::text::arabic_digits;

/// Which register issued the number, told by its first digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// First digit 1 to 5, 8 or 9.
    Citizen,
    /// First digit 0, 6 or 7: a resident without Thai nationality.
    Foreigner,
}

/// A number of the right length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitizenIdReading {
    /// Thirteen ASCII digits.
    pub digits: String,
    /// False is a warning for the person typing, not a refusal.
    pub checksum_ok: bool,
    /// Told by the first digit.
    pub kind: Kind,
}

/// Why a text is not an identity number. Carries no digit of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CitizenIdError {
    /// A spreadsheet turned it into `1.1017E+12`; the last digits are lost and must be asked again.
    #[error("the number was turned into scientific notation")]
    Scientific,
    /// Digits, but not thirteen.
    #[error("an identity number has thirteen digits")]
    Length,
    /// Letters, or no digits at all.
    #[error("not an identity number")]
    Unreadable,
    /// One digit thirteen times, typed to get past a required field.
    #[error("a placeholder, not an identity number")]
    Placeholder,
}

impl CitizenIdError {
    /// The stable code of the word catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Scientific => "id_scientific",
            Self::Length => "id_length",
            Self::Unreadable => "id_unreadable",
            Self::Placeholder => "id_placeholder",
        }
    }
}

/// Reads a number from a cell or an input box.
pub fn read(text: &str) -> Result<CitizenIdReading, CitizenIdError> {
    let text = arabic_digits(text);
    let text = text.trim().trim_start_matches(['\'', '’']).trim();
    if is_scientific(text) {
        return Err(CitizenIdError::Scientific);
    }
    // A number cell exported as text: 1234567890123.0
    let text = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        _ => text,
    };
    let mut digits = String::with_capacity(13);
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else if !is_separator(c) {
            return Err(CitizenIdError::Unreadable);
        }
    }
    if digits.is_empty() {
        return Err(CitizenIdError::Unreadable);
    }
    let Some((body, last)) = split_digits(&digits) else {
        return Err(CitizenIdError::Length);
    };
    if body.iter().all(|digit| *digit == last) {
        return Err(CitizenIdError::Placeholder);
    }
    let kind = if matches!(body[0], 0 | 6 | 7) {
        Kind::Foreigner
    } else {
        Kind::Citizen
    };
    Ok(CitizenIdReading {
        checksum_ok: check_digit(&body) == last,
        kind,
        digits,
    })
}

/// The thirteenth digit for the first twelve (values 0 to 9, not ASCII).
pub fn check_digit(body: &[u8; 12]) -> u8 {
    // Residues are kept below 11 at every step, so no value of the input can overflow.
    let sum = body
        .iter()
        .zip((2..=13_u8).rev())
        .fold(0_u8, |sum, (digit, weight)| {
            (sum + (digit % 10) * weight % 11) % 11
        });
    (11 - sum) % 10
}

/// `1-2345-67890-12-3`, as printed on the card. What is not thirteen digits comes back as it is.
pub fn format(digits: &str) -> String {
    if split_digits(digits).is_none() {
        return digits.to_owned();
    }
    grouped(digits)
}

/// `x-xxxx-xxxxx-12-3`: enough to tell two people of one list apart. What is not thirteen digits is
/// hidden whole.
pub fn mask(digits: &str) -> String {
    match split_digits(digits) {
        Some(_) => grouped(&format!("xxxxxxxxxx{}", &digits[10..])),
        None => grouped("xxxxxxxxxxxxx"),
    }
}

/// Thirteen ASCII characters in the groups of the card.
fn grouped(text: &str) -> String {
    [
        &text[..1],
        &text[1..5],
        &text[5..10],
        &text[10..12],
        &text[12..],
    ]
    .join("-")
}

/// The twelve digit values and the thirteenth; none when the text is not thirteen ASCII digits.
fn split_digits(digits: &str) -> Option<([u8; 12], u8)> {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (last, body) = digits.as_bytes().split_last()?;
    let body: [u8; 12] = body.try_into().ok()?;
    Some((body.map(|b| b - b'0'), last - b'0'))
}

/// `1.1017E+12`, `1,1E12`: digits, one mark, an E and an exponent.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let exponent = exponent.trim_start_matches('+');
    let is_number = |part: &str, marks: &[char]| {
        part.starts_with(|c: char| c.is_ascii_digit())
            && part
                .chars()
                .all(|c| c.is_ascii_digit() || marks.contains(&c))
    };
    is_number(mantissa, &['.', ',']) && is_number(exponent, &[])
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | ',' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        || matches!(c, '\u{200B}'..='\u{200D}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_read_in_every_spelling() {
        for text in [
            "1234567890121",
            "1-2345-67890-12-1",
            "1 2345 67890 12 1",
            "๑-๒๓๔๕-๖๗๘๙๐-๑๒-๑",
            "'1234567890121",
            "1234567890121.0",
            "1,234,567,890,121",
            " 1\u{2013}2345\u{2013}67890\u{2013}12\u{2013}1\u{200b}",
        ] {
            let reading = read(text).unwrap();
            assert_eq!(reading.digits, "1234567890121", "{text}");
            assert!(reading.checksum_ok, "{text}");
            assert_eq!(reading.kind, Kind::Citizen);
        }
    }

    #[test]
    fn a_wrong_check_digit_is_told_and_not_refused() {
        assert!(!read("1234567890123").unwrap().checksum_ok);
    }

    #[test]
    fn the_first_digit_tells_a_foreigner() {
        for (first, kind) in [
            ('0', Kind::Foreigner),
            ('1', Kind::Citizen),
            ('2', Kind::Citizen),
            ('3', Kind::Citizen),
            ('4', Kind::Citizen),
            ('5', Kind::Citizen),
            ('6', Kind::Foreigner),
            ('7', Kind::Foreigner),
            ('8', Kind::Citizen),
        ] {
            assert_eq!(
                read(&format!("{first}234567890123")).unwrap().kind,
                kind,
                "{first}"
            );
        }
    }

    #[test]
    fn what_is_no_identity_number_says_why() {
        for (text, expected) in [
            ("1.1017E+12", "id_scientific"),
            ("1.1017e12", "id_scientific"),
            ("1,1017E+12", "id_scientific"),
            ("๑.๑๐๑๗E+๑๒", "id_scientific"),
            ("123456789012", "id_length"),
            ("12345678901234", "id_length"),
            ("1-2345-67890-12", "id_length"),
            ("0.0", "id_length"),
            ("", "id_unreadable"),
            ("-", "id_unreadable"),
            ("ไม่มีบัตร", "id_unreadable"),
            ("AA1234567", "id_unreadable"),
            ("1234567890121/2", "id_unreadable"),
            ("1111111111111", "id_placeholder"),
            ("0-0000-00000-00-0", "id_placeholder"),
        ] {
            assert_eq!(read(text).unwrap_err().code(), expected, "{text}");
        }
    }

    #[test]
    fn a_number_is_written_as_on_the_card_and_masked_in_lists() {
        assert_eq!(format("1234567890123"), "1-2345-67890-12-3");
        assert_eq!(mask("1234567890123"), "x-xxxx-xxxxx-12-3");
        assert_eq!(format("12"), "12");
        assert_eq!(mask("12"), "x-xxxx-xxxxx-xx-x");
        assert_eq!(mask("เลขที่ 12 บ้านโคก"), "x-xxxx-xxxxx-xx-x");
    }

    /// The formula as the registration office prints it, written out the long way.
    fn check_digit_by_the_book(body: [u8; 12]) -> u8 {
        let sum: u32 = body
            .iter()
            .zip((2..=13_u32).rev())
            .map(|(digit, weight)| u32::from(*digit) * weight)
            .sum();
        u8::try_from((11 - sum % 11) % 10).unwrap()
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), near in "[0-9๐-๙.,eE+' -]{0,20}") {
            for text in [text, near] {
                let _ = read(&text);
                let _ = format(&text);
                let _ = mask(&text);
            }
        }

        #[test]
        fn any_values_have_a_check_digit(body in any::<[u8; 12]>()) {
            prop_assert!(check_digit(&body) < 10);
            let body = body.map(|value| value % 10);
            prop_assert_eq!(check_digit(&body), check_digit_by_the_book(body));
        }

        #[test]
        fn a_written_number_is_read_back(text in "[0-9]{13}") {
            if let Ok(reading) = read(&text) {
                prop_assert_eq!(&reading.digits, &text);
                prop_assert_eq!(read(&format(&text)), Ok(reading));
            } else {
                prop_assert!(text.chars().all(|c| text.starts_with(c)));
            }
        }

        #[test]
        fn a_mask_shows_three_digits(text in "[0-9]{13}") {
            prop_assert_eq!(mask(&text).chars().filter(char::is_ascii_digit).count(), 3);
        }
    }
}
