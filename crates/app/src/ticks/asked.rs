//! What the clerk gives with the keyed text: the day the headman signed, and the lines on which the
//! paper counts although somebody has said otherwise since.

use jiff::civil::{Date, Time};
use jitasa_domain::{TickList, Timestamp, tick::Code};

use crate::{ApiError, forms};

pub(super) struct Asked {
    pub(super) text: String,
    signed_on: Option<Date>,
    over: Vec<Code>,
}

impl Asked {
    pub(super) fn of(
        text: String,
        signed_on: Option<&str>,
        over: &[String],
    ) -> Result<Self, ApiError> {
        Ok(Self {
            text,
            signed_on: forms::optional_date(signed_on, "signed_on")?,
            over: over
                .iter()
                .filter_map(|code| Code::parse(code).ok())
                .collect(),
        })
    }

    /// Whether the paper counts on this line all the same.
    pub(super) fn is_over(&self, code: Code) -> bool {
        self.over.contains(&code)
    }

    /// When the headman signed a list. Where nobody says, the day after it was printed: he has been
    /// round by then, and what is a week old does not look as if it were of today. Nothing when the
    /// day cannot be: before the print, or still to come.
    pub(super) fn signed_at(&self, list: &TickList, now: Timestamp) -> Option<Timestamp> {
        let today = now.date();
        let printed = list.created_at.date().min(today);
        let next = printed.tomorrow().unwrap_or(printed).min(today);
        let day = self.signed_on.unwrap_or(next);
        if day < printed || day > today {
            return None;
        }
        if day == today {
            return Some(now);
        }
        let noon = Timestamp::from_bangkok(day.to_datetime(Time::constant(12, 0, 0, 0)));
        Some(noon.max(list.created_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(on: Option<&str>, printed: i64, now: i64) -> Option<String> {
        let list = TickList {
            created_at: Timestamp(printed),
            ..TickList::default()
        };
        let asked = Asked::of(String::new(), on, &[]).unwrap();
        let at = asked.signed_at(&list, Timestamp(now))?;
        Some(at.in_bangkok().to_string())
    }

    #[test]
    fn a_list_counts_from_the_day_after_its_print_unless_a_day_is_said() {
        // 23 November 2026, 16:00 in Bangkok, and a week later.
        let (printed, now) = (1_795_424_400_000, 1_796_029_200_000);
        let noon = |day: &str| Some(format!("{day}T12:00:00"));
        assert_eq!(signed(None, printed, now), noon("2026-11-24"));
        assert_eq!(signed(Some("2026-11-26"), printed, now), noon("2026-11-26"));
        assert_eq!(
            signed(Some("2026-11-23"), printed, now).as_deref(),
            Some("2026-11-23T16:00:00"),
            "not before it was printed"
        );
        assert_eq!(
            signed(Some("2026-11-30"), printed, now).as_deref(),
            Some("2026-11-30T16:00:00")
        );
        for never in ["2026-11-22", "2026-12-01"] {
            assert_eq!(signed(Some(never), printed, now), None, "{never}");
        }
        assert_eq!(
            signed(None, printed, printed + 60_000).as_deref(),
            Some("2026-11-23T16:01:00"),
            "on the day of the print it is today"
        );
    }
}
