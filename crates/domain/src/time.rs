//! Moments. A desk's clock is only a claim (order comes from the server), so a moment is a plain
//! number that somebody stated, and this module never asks for the present one.

use jiff::{civil, tz};
use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01 00:00 UTC.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// Thailand has kept one offset since 1920 and no summer time.
pub const BANGKOK_OFFSET: tz::Offset = tz::offset(7);

impl Timestamp {
    /// The date and time on a wall clock in Thailand.
    #[must_use]
    pub fn in_bangkok(self) -> civil::DateTime {
        let moment =
            jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        BANGKOK_OFFSET.to_datetime(moment)
    }

    /// The date in Thailand.
    #[must_use]
    pub fn date(self) -> civil::Date {
        self.in_bangkok().date()
    }

    /// The moment at which a wall clock in Thailand shows this.
    #[must_use]
    pub fn from_bangkok(moment: civil::DateTime) -> Self {
        BANGKOK_OFFSET
            .to_timestamp(moment)
            .map_or(Self(0), |timestamp| Self(timestamp.as_millisecond()))
    }

    /// This moment plus a number of milliseconds.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_late_in_the_evening_of_utc_is_the_next_day_in_thailand() {
        let moment = Timestamp(1_640_390_400_000); // 2021-12-25 00:00 UTC
        assert_eq!(moment.in_bangkok().to_string(), "2021-12-25T07:00:00");
        assert_eq!(moment.plus_ms(-7_200_000).date(), civil::date(2021, 12, 25));
        assert_eq!(Timestamp::from_bangkok(moment.in_bangkok()), moment);
    }
}
