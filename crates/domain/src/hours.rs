//! When somebody can be asked: his days and hours, his leave, whether the office has vetted him.
//! Every rule is about a moment somebody states, in Thai time. It must not know what he has to do.

use std::fmt;

use jiff::civil::Date;

use crate::{Availability, Timestamp, Vetting, Volunteer, code::codes, rules::Rules};

const DAY_MIN: u16 = 24 * 60;

/// Hours of one day of the week: `1 08:00-16:30`. A span that ends before it begins goes over
/// midnight (`5 20:00-04:00`: from Friday evening to Saturday morning).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// 1 (Monday) to 7.
    pub day: u8,
    /// Minutes from midnight.
    pub from_min: u16,
    /// Minutes from midnight, not included; 1,440 is the end of the day.
    pub until_min: u16,
}

/// An entry of somebody's hours cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("hours are a day of the week and two times, 1 08:00-16:30")]
pub struct HoursUnreadable;

impl HoursUnreadable {
    /// The stable code that the catalogue of words knows.
    pub const CODE: &'static str = "hours_unreadable";
}

impl Span {
    /// Reads `1 08:00-16:30`; Thai digits, `8.00` and `น.` are understood as well.
    ///
    /// # Errors
    /// When it is none, or from a time to the same time.
    pub fn parse(typed: &str) -> Result<Self, HoursUnreadable> {
        let key = jitasa_thai::text::normalize(typed).replace('–', "-");
        let read = || {
            let (day, times) = key.split_once(' ')?;
            let (from, until) = times.split_once('-')?;
            let day = day.parse().ok().filter(|day| (1..=7).contains(day))?;
            let (from_min, until_min) = (minutes(from)?, minutes(until)?);
            let span = Self {
                day,
                from_min,
                until_min,
            };
            (from_min != until_min && from_min < DAY_MIN).then_some(span)
        };
        read().ok_or(HoursUnreadable)
    }

    /// Whether a wall clock that shows this day and minute stands within it.
    fn holds(self, day: u8, minute: u16) -> bool {
        if self.from_min < self.until_min {
            return day == self.day && (self.from_min..self.until_min).contains(&minute);
        }
        let next = self.day % 7 + 1;
        day == self.day && minute >= self.from_min || day == next && minute < self.until_min
    }
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let [from, until] = [self.from_min, self.until_min].map(|min| (min / 60, min % 60));
        let day = self.day;
        write!(
            out,
            "{day} {:02}:{:02}-{:02}:{:02}",
            from.0, from.1, until.0, until.1
        )
    }
}

/// `08:00`, `8.00 น.`, `24:00`.
fn minutes(time: &str) -> Option<u16> {
    let time = time.trim().trim_end_matches("น.").trim_end();
    let (hour, minute) = time.split_once([':', '.'])?;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(hour) || minute.len() != 2 || !plain(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let whole = hour <= 24 && minute < 60;
    Some(hour * 60 + minute).filter(|total| whole && *total <= DAY_MIN)
}

/// Whether one of these spans is open then; without spans it always is. An entry that cannot be read
/// says nothing.
#[must_use]
pub fn is_open(hours: &[String], at: Timestamp) -> bool {
    let mut spans = hours
        .iter()
        .filter_map(|entry| Span::parse(entry).ok())
        .peekable();
    if spans.peek().is_none() {
        return true;
    }
    let clock = at.in_bangkok();
    let day = u8::try_from(clock.weekday().to_monday_one_offset()).unwrap_or(1);
    let minute =
        u16::from(clock.hour().unsigned_abs()) * 60 + u16::from(clock.minute().unsigned_abs());
    spans.any(|span| span.holds(day, minute))
}

codes! {
    /// Why somebody cannot be asked now.
    WhyAway {
        Left = "left", NotVetted = "not_vetted", Away = "away", OffHours = "off_hours",
    }
}

impl Volunteer {
    /// Whether he is there on a day: a leave that has not begun or is over does not count.
    #[must_use]
    pub fn availability_on(&self, day: Date) -> Availability {
        let begun = self.away_from.is_none_or(|from| from <= day);
        let over = self.away_until.is_some_and(|until| until < day);
        match self.availability {
            Availability::OnLeave if !begun || over => Availability::Available,
            stated => stated,
        }
    }

    /// Whether the office sends him: whoever it has vetted, and whoever it has not looked at yet unless it insists on
    /// that. Never whom it refused.
    #[must_use]
    pub fn is_trusted(&self, rules: &Rules) -> bool {
        match self.vetting {
            Vetting::Vetted => true,
            Vetting::Unvetted => !rules.flag("matching.only_vetted"),
            Vetting::Refused => false,
        }
    }

    /// Whether he can be given something to do on a day, at whatever hour: a person who gives work by hand has his
    /// reasons, and the plan for tomorrow is made in the evening.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn can_be_sent(&self, day: Date, rules: &Rules) -> Result<(), WhyAway> {
        match self.availability_on(day) {
            Availability::Left => Err(WhyAway::Left),
            _ if !self.is_trusted(rules) => Err(WhyAway::NotVetted),
            Availability::OnLeave => Err(WhyAway::Away),
            Availability::Available => Ok(()),
        }
    }

    /// Whether he can be asked at this moment. What he has to do already is not asked here.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn can_be_asked(&self, now: Timestamp, rules: &Rules) -> Result<(), WhyAway> {
        self.can_be_sent(now.date(), rules)?;
        if is_open(&self.hours, now) {
            Ok(())
        } else {
            Err(WhyAway::OffHours)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};
    use proptest::prelude::*;

    use super::*;

    /// Monday 23 November 2026 (พ.ศ. 2569).
    fn monday(hour: i8, minute: i8) -> Timestamp {
        Timestamp::from_bangkok(datetime(2026, 11, 23, hour, minute, 0, 0))
    }

    fn on(hours: &[&str], at: Timestamp) -> bool {
        let hours: Vec<String> = hours.iter().map(ToString::to_string).collect();
        is_open(&hours, at)
    }

    #[test]
    fn hours_are_those_of_a_wall_clock_in_thailand() {
        let office = ["1 08:00-16:30"];
        assert!(on(&office, monday(8, 0)));
        assert!(on(&office, monday(16, 29)));
        assert!(!on(&office, monday(16, 30)));
        assert!(!on(&office, monday(7, 59)));
        assert!(!on(&["2 08:00-16:30"], monday(8, 0)));
        assert!(on(&[], monday(3, 0)), "nothing said is at any time");
        assert!(on(&["1 00:00-24:00"], monday(23, 59)));
        assert!(on(&["1 08:00-11:30", "1 13:00-16:30"], monday(13, 0)));
        assert!(!on(&["1 08:00-11:30", "1 13:00-16:30"], monday(12, 0)));
    }

    #[test]
    fn a_night_goes_on_into_the_next_morning() {
        let sunday_night = ["7 20:00-04:00"];
        assert!(
            on(&sunday_night, monday(3, 59)),
            "Sunday is followed by Monday"
        );
        assert!(!on(&sunday_night, monday(4, 0)));
        assert!(!on(&sunday_night, monday(21, 0)));
        assert!(on(&["1 20:00-04:00"], monday(21, 0)));
        assert!(!on(&["1 20:00-04:00"], monday(3, 0)));
    }

    #[test]
    fn hours_are_read_in_the_offices_spellings() {
        for typed in ["1 8:00-16:30", "๑ ๐๘.๐๐ - ๑๖.๓๐ น.", "1 8.00 น. – 16.30 น."]
        {
            assert_eq!(
                Span::parse(typed).unwrap().to_string(),
                "1 08:00-16:30",
                "{typed}"
            );
        }
        for none in [
            "",
            "1",
            "08:00-16:30",
            "0 08:00-16:30",
            "8 08:00-16:30",
            "1 08:00",
            "1 08:00-08:00",
            "1 8-16",
            "1 08:60-09:00",
            "1 24:00-08:00",
            "1 08:00-24:01",
            "1 +8:00-16:30",
        ] {
            assert_eq!(Span::parse(none), Err(HoursUnreadable), "{none}");
        }
    }

    fn a_volunteer() -> Volunteer {
        Volunteer {
            vetting: Vetting::Vetted,
            ..Volunteer::default()
        }
    }

    #[test]
    fn a_leave_counts_from_its_first_day_to_its_last() {
        let away = Volunteer {
            availability: Availability::OnLeave,
            away_from: Some(date(2026, 11, 24)),
            away_until: Some(date(2026, 11, 26)),
            ..a_volunteer()
        };
        let asked =
            |days: i64| away.can_be_asked(monday(9, 0).plus_ms(days * 86_400_000), &shipped());
        assert_eq!(asked(0), Ok(()), "the leave has not begun");
        assert_eq!(asked(1), Err(WhyAway::Away));
        assert_eq!(asked(3), Err(WhyAway::Away));
        assert_eq!(asked(4), Ok(()), "a leave that is over counts as back");
        let open_end = Volunteer {
            away_until: None,
            ..away
        };
        assert_eq!(open_end.can_be_asked(monday(9, 0), &shipped()), Ok(()));
        assert_eq!(
            open_end.can_be_asked(monday(9, 0).plus_ms(400 * 86_400_000), &shipped()),
            Err(WhyAway::Away)
        );
    }

    fn shipped() -> Rules {
        Rules::default()
    }

    #[test]
    fn an_office_that_does_not_insist_sends_whom_it_has_not_looked_at_but_never_whom_it_refused() {
        let rules = Rules::new([("matching.only_vetted".to_string(), "no".to_string())]);
        for (vetting, asked) in [
            (Vetting::Vetted, Ok(())),
            (Vetting::Unvetted, Ok(())),
            (Vetting::Refused, Err(WhyAway::NotVetted)),
        ] {
            let one = Volunteer {
                vetting,
                ..Volunteer::default()
            };
            assert_eq!(one.can_be_asked(monday(9, 0), &rules), asked, "{vetting:?}");
        }
    }

    #[test]
    fn who_left_or_is_not_vetted_is_never_asked() {
        let left = Volunteer {
            availability: Availability::Left,
            away_until: Some(date(2020, 1, 1)),
            ..Volunteer::default()
        };
        assert_eq!(
            left.can_be_asked(monday(9, 0), &shipped()),
            Err(WhyAway::Left)
        );
        for vetting in [Vetting::Unvetted, Vetting::Refused] {
            let one = Volunteer {
                vetting,
                ..a_volunteer()
            };
            assert_eq!(
                one.can_be_asked(monday(9, 0), &shipped()),
                Err(WhyAway::NotVetted)
            );
        }
        let evening = Volunteer {
            hours: vec!["1 17:00-20:00".into()],
            ..a_volunteer()
        };
        assert_eq!(
            evening.can_be_asked(monday(9, 0), &shipped()),
            Err(WhyAway::OffHours)
        );
        assert_eq!(evening.can_be_asked(monday(17, 0), &shipped()), Ok(()));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(day in 1u8..=7, from in 0u16..1_440, until in 0u16..=1_440) {
            prop_assume!(from != until);
            let span = Span { day, from_min: from, until_min: until };
            prop_assert_eq!(Span::parse(&span.to_string()), Ok(span));
        }

        #[test]
        fn a_span_is_open_as_long_as_it_says(day in 1u8..=7, from in 0u16..1_440, until in 0u16..=1_440) {
            prop_assume!(from != until);
            let span = Span { day, from_min: from, until_min: until };
            let week = (1u8..=7).flat_map(|day| (0..DAY_MIN).map(move |minute| (day, minute)));
            let open = week.filter(|(day, minute)| span.holds(*day, *minute)).count();
            let length = (i32::from(until) - i32::from(from)).rem_euclid(1_440);
            prop_assert_eq!(open, usize::try_from(if length == 0 { 1_440 } else { length }).unwrap());
        }

        #[test]
        fn no_text_is_too_strange(entry in any::<String>()) {
            let _ = Span::parse(&entry);
        }
    }
}
