//! Text: one byte a letter when all of it is ASCII or Thai, as in TIS-620; UTF-8 otherwise.

use crate::{
    WireError,
    bytes::{Input, put_number},
};

const THAI_BLOCK: char = '\u{0e00}';
const FIRST_THAI_BYTE: u8 = 0xa0;

/// Appends text: a number, which is twice the length in bytes, and one more when UTF-8 follows; then the bytes.
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    let narrow: Option<Vec<u8>> = text.chars().map(to_byte).collect();
    let (bytes, utf8) = match &narrow {
        Some(narrow) => (&narrow[..], 0),
        None => (text.as_bytes(), 1),
    };
    put_number(out, (bytes.len() as u64) << 1 | utf8);
    out.extend_from_slice(bytes);
}

/// See [`put_text`].
pub(super) fn read_text(input: &mut Input) -> Result<String, WireError> {
    let head = input.number()?;
    let length = usize::try_from(head >> 1).map_err(|_| WireError::CutOff)?;
    let bytes = input.take(length)?;
    if head & 1 == 1 {
        return match str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(WireError::Malformed),
        };
    }
    bytes
        .iter()
        .map(|byte| to_letter(*byte).ok_or(WireError::Malformed))
        .collect()
}

fn to_byte(letter: char) -> Option<u8> {
    let code = u32::from(letter);
    match letter {
        '\0'..='\x7f' => u8::try_from(code).ok(),
        '\u{0e00}'..='\u{0e5f}' => {
            u8::try_from(code - u32::from(THAI_BLOCK) + u32::from(FIRST_THAI_BYTE)).ok()
        }
        _ => None,
    }
}

fn to_letter(byte: u8) -> Option<char> {
    match byte {
        0..=0x7f => Some(char::from(byte)),
        FIRST_THAI_BYTE.. => {
            char::from_u32(u32::from(THAI_BLOCK) + u32::from(byte - FIRST_THAI_BYTE))
        }
        0x80..FIRST_THAI_BYTE => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn thai_letters_are_the_bytes_of_tis_620() {
        let mut out = Vec::new();
        put_text(&mut out, "กฮ๛A");
        assert_eq!(out, [8, 0xa1, 0xce, 0xfb, b'A']);
    }

    proptest! {
        #[test]
        fn every_text_is_read_as_it_was_written(text in "[ -~ก-๛]{0,9}|.{0,9}") {
            let mut out = Vec::new();
            put_text(&mut out, &text);
            let mut input = Input(&out);
            prop_assert_eq!(read_text(&mut input), Ok(text));
            prop_assert_eq!(input.end(), Ok(()));
        }
    }
}
