//! Points in time as the store keeps them.
//!
//! Whole seconds and whole days, in UTC: finer than that nothing here is told apart, and a member should not be found by
//! the millisecond of a question.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::fact::PartialDate;

const SECONDS_A_DAY: i64 = 86_400;
/// The Julian day of 1970-01-01.
const UNIX_EPOCH_JULIAN_DAY: i64 = 2_440_588;

/// Seconds since 1970-01-01, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The system's clock. Only shells that start a record look at it; everything below is handed a time.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "a shell; the one place where the store's users look at the clock"
    )]
    pub fn now() -> Self {
        Self::of(SystemTime::now())
    }

    /// That moment.
    #[must_use]
    pub fn of(time: SystemTime) -> Self {
        let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Self(i64::try_from(seconds).unwrap_or(i64::MAX))
    }

    /// So many days earlier.
    #[must_use]
    pub fn days_before(self, n_days: u32) -> Self {
        Self(self.0.saturating_sub(i64::from(n_days) * SECONDS_A_DAY))
    }

    /// So many seconds earlier.
    #[must_use]
    pub fn seconds_before(self, n_seconds: u32) -> Self {
        Self(self.0.saturating_sub(i64::from(n_seconds)))
    }

    /// So many seconds later.
    #[must_use]
    pub fn seconds_after(self, n_seconds: u32) -> Self {
        Self(self.0.saturating_add(i64::from(n_seconds)))
    }

    /// Its day, in UTC.
    #[must_use]
    pub fn day(self) -> Day {
        let julian = self.0.div_euclid(SECONDS_A_DAY).saturating_add(UNIX_EPOCH_JULIAN_DAY);
        // Dates go as far as the year 9999; a clock that is past it is broken, and its records go to that day.
        let date = i32::try_from(julian)
            .ok()
            .and_then(|day| ::time::Date::from_julian_day(day).ok());
        Day(date.unwrap_or(::time::Date::MAX).to_string())
    }
}

impl std::fmt::Display for Timestamp {
    /// To the second, in UTC.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let second = self.0.rem_euclid(SECONDS_A_DAY);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{} {hour:02}:{minute:02}:{second:02} UTC", self.day())
    }
}

/// A day in UTC, written `2031-05-02`; days compare as their texts do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(String);

impl Day {
    /// As the store gave it.
    pub(super) fn from_store(text: String) -> Self {
        Self(text)
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a date of the kind that facts have; without any part where the store gave no day.
    #[must_use]
    pub fn date(&self) -> PartialDate {
        PartialDate::parse(&self.0).unwrap_or(PartialDate {
            year: None,
            month: None,
            day: None,
        })
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_utc() {
        // `date -u -d @1935446399` and one second later.
        assert_eq!(Timestamp(1_935_446_399).day().as_str(), "2031-05-01");
        assert_eq!(Timestamp(1_935_446_400).day().as_str(), "2031-05-02");
        assert_eq!(
            Timestamp(1_935_446_400).day().date(),
            PartialDate::parse("2031-05-02").unwrap()
        );
        assert_eq!(Timestamp(0).day().as_str(), "1970-01-01");
        assert_eq!(Timestamp(-1).day().as_str(), "1969-12-31");
    }

    #[test]
    fn a_time_reads_to_the_second() {
        let texts = [1_935_446_399, 0, -1].map(|at| Timestamp(at).to_string());
        let expected = [
            "2031-05-01 23:59:59 UTC",
            "1970-01-01 00:00:00 UTC",
            "1969-12-31 23:59:59 UTC",
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn a_broken_clock_breaks_nothing() {
        assert_eq!(Timestamp(i64::MAX).day().as_str(), "9999-12-31");
        assert_eq!(Timestamp(i64::MIN).days_before(u32::MAX), Timestamp(i64::MIN));
        assert_eq!(
            Timestamp::of(UNIX_EPOCH - std::time::Duration::from_secs(5)),
            Timestamp(0)
        );
    }
}
