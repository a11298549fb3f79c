//! Moments, sizes and places as an operator reads them: Buddhist years, ชม. ก่อน, names of areas.

use jitasa_domain::{Timestamp, gazetteer::Gazetteer};
use jitasa_thai::date::format_short;

use crate::words::Words;

/// The words of a key.
pub(crate) fn t(key: &'static str) -> &'static str {
    Words::thai().get(key)
}

/// The words of a key with blanks filled.
pub(crate) fn with(key: &str, blanks: &[(&str, &str)]) -> String {
    Words::thai().with(key, blanks)
}

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
const YEAR_MS: i64 = 365 * DAY_MS;

/// `30 พ.ย. 2569 เวลา 14:05 น.`
pub(crate) fn moment(at: Timestamp) -> String {
    let clock = at.in_bangkok();
    let time = format!("{:02}:{:02}", clock.hour(), clock.minute());
    with(
        "at_time",
        &[("date", &format_short(clock.date())), ("time", &time)],
    )
}

/// `3 ชม. ก่อน`; a moment that lies ahead is just now.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    let passed_ms = (now.0 - at.0).max(0);
    let (key, n) = match passed_ms {
        ..MINUTE_MS => return t("ago_now").to_string(),
        MINUTE_MS..HOUR_MS => ("ago_minutes", passed_ms / MINUTE_MS),
        HOUR_MS..DAY_MS => ("ago_hours", passed_ms / HOUR_MS),
        _ => ("ago_days", passed_ms / DAY_MS),
    };
    with(key, &[("n", &n.to_string())])
}

/// Whole days between two moments.
pub(crate) fn days(at: Timestamp, now: Timestamp) -> i64 {
    (now.0 - at.0).max(0) / DAY_MS
}

/// By how much a clock is off: `เร็วไป 543 ปี`.
pub(crate) fn skew(skew_ms: i64) -> String {
    let off_ms = skew_ms.saturating_abs();
    let (key, n) = match off_ms {
        ..HOUR_MS => ("much_minutes", off_ms / MINUTE_MS),
        HOUR_MS..DAY_MS => ("much_hours", off_ms / HOUR_MS),
        DAY_MS..YEAR_MS => ("much_days", off_ms / DAY_MS),
        // 400 years have 146,097 days; rounded, since 543 of them are not 542.99.
        _ => (
            "much_years",
            (off_ms / DAY_MS * 400 + 146_097 / 2) / 146_097,
        ),
    };
    let much = with(key, &[("n", &n.to_string())]);
    let direction = if skew_ms > 0 {
        "clock_ahead"
    } else {
        "clock_behind"
    };
    with(direction, &[("much", &much)])
}

/// `12,345`
pub(crate) fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `3.4 GB`, of a thousand each, as disks are sold.
pub(crate) fn bytes(count: u64) -> String {
    for (unit, name) in [
        (1_000_000_000_000, "TB"),
        (1_000_000_000, "GB"),
        (1_000_000, "MB"),
        (1_000, "kB"),
    ] {
        if count >= unit {
            return format!("{}.{} {name}", count / unit, count % unit * 10 / unit);
        }
    }
    format!("{count} B")
}

/// `ตำบลกกโพธิ์ อำเภอหนองพอก`, without the province, which is the same for all; the code where no
/// area of it is in force.
pub(crate) fn place(code: &str) -> String {
    let gazetteer = Gazetteer::bundled();
    let levels = [6, 4, 2];
    let parts: Vec<String> = levels
        .into_iter()
        .filter(|digits| *digits <= code.len() && (*digits > 2 || code.len() == 2))
        .filter_map(|digits| Some(gazetteer.get(code.get(..digits)?)?.titled()))
        .collect();
    if parts.is_empty() {
        code.to_string()
    } else {
        parts.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_counts_buddhist_years_is_543_years_ahead() {
        let years = 543 * 365 + 543 / 4 - 4;
        assert_eq!(skew(years * DAY_MS), "เร็วไป 543 ปี");
        assert_eq!(skew(-7 * MINUTE_MS), "ช้าไป 7 นาที");
    }

    #[test]
    fn how_long_ago_is_said_in_the_largest_whole_unit() {
        let now = Timestamp(100 * DAY_MS);
        for (passed_ms, words) in [
            (-5, "เมื่อครู่"),
            (59_000, "เมื่อครู่"),
            (HOUR_MS - 1, "59 นาทีก่อน"),
            (3 * HOUR_MS + 1, "3 ชม. ก่อน"),
            (8 * DAY_MS, "8 วันก่อน"),
        ] {
            assert_eq!(ago(Timestamp(now.0 - passed_ms), now), words);
        }
    }

    #[test]
    fn numbers_sizes_and_places_read_like_those_of_an_office() {
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(number(999), "999");
        assert_eq!(bytes(3_450_000_000), "3.4 GB");
        assert_eq!(place("45"), "จังหวัดร้อยเอ็ด");
        assert!(
            place("450905").ends_with("อำเภอหนองพอก"),
            "{}",
            place("450905")
        );
        assert_eq!(place("9999"), "9999");
    }
}
