//! The number of a case that people say on the phone: `450905-69-00123`, which is the office's
//! area, the last two digits of the Buddhist year, and a serial within that year. It is a label;
//! the key of a case is its id.

use crate::Timestamp;

/// The number of the `serial`-th case of an office in the year of `at`.
#[must_use]
pub fn format(office_code: &str, at: Timestamp, serial: u32) -> String {
    format!("{}{serial:05}", prefix(office_code, at))
}

/// What every number of this office and year begins with: `450905-69-`.
#[must_use]
pub fn prefix(office_code: &str, at: Timestamp) -> String {
    let year = (i32::from(at.date().year()) + 543).rem_euclid(100);
    format!("{office_code}-{year:02}-")
}

/// The serial of a number, when it has this form.
#[must_use]
pub fn serial(number: &str) -> Option<u32> {
    let mut parts = number.split('-');
    let (area, year, serial) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || year.len() != 2 || serial.len() < 5 {
        return None;
    }
    (digits(area) && digits(year))
        .then(|| serial.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_area_buddhist_year_and_serial() {
        let at = Timestamp(1_767_225_600_000); // 2026-01-01
        assert_eq!(format("450905", at, 123), "450905-69-00123");
        assert_eq!(serial("450905-69-00123"), Some(123));
        assert_eq!(serial("450905-69-123456"), Some(123_456));
        assert_eq!(serial("450905-x9-00123"), None);
    }
}
