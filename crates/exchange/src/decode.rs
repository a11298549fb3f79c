//! Bytes to text: which encoding a spreadsheet program wrote, and whether the text was already
//! spoilt before it reached us.
//!
//! Two candidates are enough for Thai offices once byte order marks are read: UTF-8, which is
//! nearly never valid by accident, and Windows-874. Spoilt text ("mojibake") is refused and not
//! repaired here: what was lost on the way cannot be told from what was not.

use crate::table::TableError;
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_874};

/// How the text was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    /// Also TIS-620 and ISO 8859-11, which are parts of it.
    Windows874,
}

impl Encoding {
    /// Name as people know it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Bom => "UTF-8 (BOM)",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Windows874 => "Windows-874",
        }
    }
}

/// Largest file, in bytes.
pub(crate) const BYTES_MAX: usize = 64 * 1024 * 1024;

/// Text of a file. Bytes that mean nothing become U+FFFD; their rows are set aside later.
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, Encoding), TableError> {
    if bytes.len() > BYTES_MAX {
        return Err(TableError::TooBig);
    }
    refuse_other_kinds(bytes)?;
    let (text, encoding) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (
            String::from_utf8_lossy(rest).into_owned(),
            Encoding::Utf8Bom,
        ),
        [0xFF, 0xFE, ..] => (UTF_16LE.decode(bytes).0.into_owned(), Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => (UTF_16BE.decode(bytes).0.into_owned(), Encoding::Utf16Be),
        _ => without_mark(bytes)?,
    };
    // Programs that add a mark to what has one already leave several.
    let text = match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.trim_start_matches('\u{feff}').to_owned(),
        None => text,
    };
    if text.trim().is_empty() {
        return Err(TableError::Empty);
    }
    refuse_web_page(&text)?;
    if is_spoilt(&text, 6) || lost_to_question_marks(&text) {
        return Err(TableError::Garbled);
    }
    Ok((text, encoding))
}

fn without_mark(bytes: &[u8]) -> Result<(String, Encoding), TableError> {
    let zeros = bytes.iter().filter(|byte| **byte == 0).count();
    if zeros > bytes.len() / 100 {
        return Err(TableError::NotText);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), Encoding::Utf8));
    }
    let census = Census::of(bytes);
    if census.in_utf8_thai > census.other_high {
        // Mostly UTF-8: the odd rows (pasted from another program) are set aside, not the file.
        return Ok((String::from_utf8_lossy(bytes).into_owned(), Encoding::Utf8));
    }
    let high = census.in_utf8_thai + census.other_high;
    if census.thai_874 * 5 < high * 4 {
        return Err(TableError::NotText);
    }
    // Never by a mark: "ï»¿" is not Thai and was looked for above.
    let (text, _) = WINDOWS_874.decode_without_bom_handling(bytes);
    // 874 leaves DB-DE and FC-FF undefined; the C1 controls it passes through mean nothing either.
    let text = text.chars().map(|c| {
        if ('\u{80}'..='\u{9f}').contains(&c) {
            '\u{fffd}'
        } else {
            c
        }
    });
    Ok((text.collect(), Encoding::Windows874))
}

/// Bytes above ASCII, by what they could be.
struct Census {
    /// Bytes that stand in a three-byte UTF-8 sequence of a Thai letter.
    in_utf8_thai: usize,
    other_high: usize,
    /// Bytes that are a Thai letter in Windows-874, or the quotes and dots that Office puts in.
    thai_874: usize,
}

impl Census {
    fn of(bytes: &[u8]) -> Census {
        let mut census = Census {
            in_utf8_thai: 0,
            other_high: 0,
            thai_874: 0,
        };
        let mut rest = bytes;
        while let [first, tail @ ..] = rest {
            if let [0xE0, 0xB8 | 0xB9, 0x80..=0xBF, after @ ..] = rest {
                census.in_utf8_thai += 3;
                rest = after;
                continue;
            }
            if !first.is_ascii() {
                census.other_high += 1;
                if matches!(first, 0x80 | 0x85 | 0x91..=0x97 | 0xA0..=0xDA | 0xDF..=0xFB) {
                    census.thai_874 += 1;
                }
            }
            rest = tail;
        }
        census
    }
}

fn refuse_other_kinds(bytes: &[u8]) -> Result<(), TableError> {
    const ZIP: &[u8] = b"PK\x03\x04";
    const EMPTY_ZIP: &[u8] = b"PK\x05\x06";
    // Old .xls, and new workbooks with a password.
    const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    if [ZIP, EMPTY_ZIP, OLE]
        .iter()
        .any(|sign| bytes.starts_with(sign))
    {
        return Err(TableError::IsWorkbook);
    }
    const PICTURES_AND_PAGES: [&[u8]; 5] = [
        b"%PDF-",
        b"\x89PNG",
        b"\xFF\xD8\xFF",
        b"{\\rtf",
        b"\x1F\x8B",
    ];
    if PICTURES_AND_PAGES
        .iter()
        .any(|sign| bytes.starts_with(sign))
    {
        return Err(TableError::NotText);
    }
    Ok(())
}

/// A web page saved as .xls or .csv, as many government systems export.
fn refuse_web_page(text: &str) -> Result<(), TableError> {
    let head: String = text
        .trim_start()
        .chars()
        .take(2_000)
        .collect::<String>()
        .to_lowercase();
    let markup = ["<html", "<table", "<!doctype html", "<?xml"];
    if head.starts_with('<') && markup.iter().any(|sign| head.contains(sign)) {
        return Err(TableError::IsWebPage);
    }
    Ok(())
}

/// Whether text is UTF-8 that was read as Windows-874 ("เธชเธกเธซ…") or as Latin-1 ("à¸ªà¸¡"), or
/// Windows-874 that was read as Latin-1 ("ÊÁËÁÒÂ"). `pairs_min` keeps short honest words out.
pub(crate) fn is_spoilt(text: &str, pairs_min: usize) -> bool {
    let (mut pairs, mut thai, mut latin, mut foreign, mut letters) = (0, 0, 0, 0, 0);
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\u{0e01}'..='\u{0e5b}' => thai += 1,
            '\u{a1}'..='\u{fb}' => latin += 1,
            _ => {}
        }
        foreign += usize::from(!c.is_ascii());
        letters += usize::from(!c.is_ascii() || c.is_ascii_alphabetic());
        let opens = matches!((before, c), ('เ', 'ธ' | 'น') | ('à', '\u{b8}' | '\u{b9}'));
        pairs += usize::from(opens);
        before = c;
    }
    // Spoilt text is nothing but triples that begin with such a pair; in honest Thai ("เธอเนื่อง")
    // they are rare, and other letters stand between.
    let in_triples = pairs >= pairs_min && pairs * 3 * 5 >= foreign * 4;
    let thai_as_latin = thai == 0 && latin >= pairs_min * 3 && latin * 2 > letters;
    in_triples || thai_as_latin
}

/// Excel on a Windows without Thai saves every Thai letter as a question mark.
fn lost_to_question_marks(text: &str) -> bool {
    let (mut marks, mut inked) = (0, 0);
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if ('\u{0e01}'..='\u{0e5b}').contains(&c) {
            return false;
        }
        inked += 1;
        marks += usize::from(c == '?');
    }
    marks >= 20 && marks * 3 > inked
}
