//! What every printed page has in common: its head, and how it leaves the program.

use std::{io::Write as _, path::Path};

use jitasa_exchange::file::replace_file;
use jitasa_print::{HEAD_LETTERS_MAX, Head, PrintError};
use jitasa_store::{desk, query::office};
use jitasa_thai::date;

use crate::{ApiError, App, views::print::PrintDone};

/// Office, incident and when.
pub(crate) fn head(app: &App) -> Result<Head, ApiError> {
    let (office, incident) = app.store()?.read(|conn| {
        let incident = match desk::reading::incident_id(conn)? {
            Some(id) => office::incident(conn, id)?,
            None => None,
        };
        Ok((desk::reading::office(conn)?, incident))
    })?;
    Ok(Head {
        office: short(
            &office.map(|office| office.name).unwrap_or_default(),
            HEAD_LETTERS_MAX,
        ),
        incident: short(
            &incident.map(|incident| incident.name).unwrap_or_default(),
            HEAD_LETTERS_MAX,
        ),
        printed: moment(app.env().now()),
    })
}

/// `23 พฤศจิกายน 2569 เวลา 16:05 น.`
pub(crate) fn moment(at: jitasa_domain::Timestamp) -> String {
    let at = at.in_bangkok();
    let day = date::format_long(at.date());
    format!("{day} เวลา {:02}:{:02} น.", at.hour(), at.minute())
}

/// `23 พ.ย. 2569 เวลา 16:05 น.`
pub(crate) fn short_moment(at: jitasa_domain::Timestamp) -> String {
    let at = at.in_bangkok();
    let day = date::format_short(at.date());
    format!("{day} เวลา {:02}:{:02} น.", at.hour(), at.minute())
}

/// `2569-11-23`, in the name of a file.
pub(crate) fn file_day(day: jiff::civil::Date) -> String {
    let year = date::buddhist_year(day);
    format!("{year}-{:02}-{:02}", day.month(), day.day())
}

/// A text of at most `letters_max` letters: a page refuses what is too long, and somebody's long
/// landmark is no reason to print nothing.
pub(crate) fn short(text: &str, letters_max: usize) -> String {
    if text.chars().count() <= letters_max {
        return text.to_string();
    }
    let cut: String = text.chars().take(letters_max.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

/// A name on paper: one that nobody knows is said to be so, and is no empty line.
pub(crate) fn known(name: &str) -> String {
    match name.trim() {
        "" => "(ไม่ทราบชื่อ)".into(),
        name => name.into(),
    }
}

impl From<PrintError> for ApiError {
    fn from(error: PrintError) -> Self {
        Self::new(error.code())
    }
}

/// Puts the bytes of a page where the request wants them: into a file, whole or not at all, or into
/// the answer.
pub(crate) fn done(
    file_name: String,
    bytes: &[u8],
    path: Option<&str>,
    lines: usize,
) -> Result<PrintDone, ApiError> {
    let path = path.filter(|path| !path.is_empty());
    let bytes_base64 = match path {
        Some(path) => {
            replace_file(Path::new(path), |file| Ok(file.write_all(bytes)?))
                .map_err(|error| ApiError::new(error.code()))?;
            None
        }
        None => {
            use base64::Engine as _;
            Some(base64::engine::general_purpose::STANDARD.encode(bytes))
        }
    };
    Ok(PrintDone {
        file_name,
        path: path.map(ToString::to_string),
        bytes_base64,
        pages: pages_of(bytes),
        lines: u32::try_from(lines).unwrap_or(u32::MAX),
        id: None,
    })
}

/// Pages of a PDF as the printing crate writes it: one tree of pages, not packed away.
fn pages_of(pdf: &[u8]) -> u32 {
    const TREE: &[u8] = b"/Type/Pages/Count ";
    let Some(at) = pdf.windows(TREE.len()).position(|window| window == TREE) else {
        return 0;
    };
    let digits = pdf.iter().skip(at + TREE.len());
    digits
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0, |count, byte| count * 10 + u32::from(byte - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_where_the_tree_says_so() {
        assert_eq!(
            pages_of(b"%PDF-1.7 1 0 obj<</Type/Pages/Count 12/Kids[]>>"),
            12
        );
        assert_eq!(pages_of(b"%PDF-1.7"), 0);
    }

    #[test]
    fn a_long_text_is_cut_with_a_mark() {
        assert_eq!(short("หลังวัด", 7), "หลังวัด");
        assert_eq!(short("หลังวัดโนนสวรรค์", 5), "หลัง…");
    }
}
