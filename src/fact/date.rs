//! A date of which the source may say only a part: no year, or no day.
//!
//! Why not a calendar crate's date: the shipped article names no year, so most of its dates are no dates to such a
//! crate. Promise: what parses is a day that exists in some year. Deliberately absent: the current date, weekdays.

/// A date with at least one of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    /// The year, 1 to 9999, where known.
    pub year: Option<u16>,
    /// The month, 1 to 12, where known.
    pub month: Option<u8>,
    /// The day, 1 to 31, where known; only with a month.
    pub day: Option<u8>,
}

/// Month names as the shipped kind of article writes them, with the days of the longest such month.
const MONTHS: [(&str, u8); 12] = [
    ("Jan.", 31),
    ("Feb.", 29),
    ("March", 31),
    ("April", 30),
    ("May", 31),
    ("June", 30),
    ("July", 31),
    ("Aug.", 31),
    ("Sept.", 30),
    ("Oct.", 31),
    ("Nov.", 30),
    ("Dec.", 31),
];

impl PartialDate {
    /// Reads `YYYY-MM-DD`, `MM-DD`, `YYYY-MM`, `YYYY` or `MM`; `None` for anything else and for days that never exist.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits_only = text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        if !digits_only {
            return None;
        }
        let parts: Vec<&str> = text.split('-').collect();
        let (year, month, day) = match parts.as_slice() {
            [y, m, d] if y.len() == 4 && m.len() == 2 && d.len() == 2 => (Some(*y), Some(*m), Some(*d)),
            [y, m] if y.len() == 4 && m.len() == 2 => (Some(*y), Some(*m), None),
            [m, d] if m.len() == 2 && d.len() == 2 => (None, Some(*m), Some(*d)),
            [y] if y.len() == 4 => (Some(*y), None, None),
            [m] if m.len() == 2 => (None, Some(*m), None),
            _ => return None,
        };
        let date = Self {
            year: year.and_then(|y| y.parse().ok()),
            month: month.and_then(|m| m.parse().ok()),
            day: day.and_then(|d| d.parse().ok()),
        };
        date.exists().then_some(date)
    }

    fn exists(self) -> bool {
        if self.year == Some(0) {
            return false;
        }
        let Some(month) = self.month else { return true };
        let Some((_, longest)) = usize::from(month).checked_sub(1).and_then(|index| MONTHS.get(index)) else {
            return false;
        };
        let longest = match (month, self.year) {
            (2, Some(year)) if !is_leap_year(year) => 28,
            _ => *longest,
        };
        self.day.is_none_or(|day| (1..=longest).contains(&day))
    }
}

fn is_leap_year(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

impl std::fmt::Display for PartialDate {
    /// As an English-language agency writes it: `Jan. 9`, `Oct. 2031`, `2031`, `Jan. 9, 2031`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let month = self
            .month
            .and_then(|month| MONTHS.get(usize::from(month) - 1))
            .map(|(name, _)| *name);
        match (month, self.day, self.year) {
            (Some(month), Some(day), Some(year)) => write!(f, "{month} {day}, {year}"),
            (Some(month), Some(day), None) => write!(f, "{month} {day}"),
            (Some(month), None, Some(year)) => write!(f, "{month} {year}"),
            (Some(month), None, None) => f.write_str(month),
            (None, _, Some(year)) => write!(f, "{year}"),
            (None, _, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, shown: Option<&str>) {
        assert_eq!(
            PartialDate::parse(text).map(|date| date.to_string()).as_deref(),
            shown,
            "{text}"
        );
    }

    #[test]
    fn partial_dates_are_read_and_shown_as_agencies_write_them() {
        check("2031-05-02", Some("May 2, 2031"));
        check("01-09", Some("Jan. 9"));
        check("2031-10", Some("Oct. 2031"));
        check("2031", Some("2031"));
        check("10", Some("Oct."));
    }

    #[test]
    fn days_that_never_exist_are_refused() {
        for text in [
            "02-30",
            "13",
            "00",
            "2031-02-29",
            "04-31",
            "1-9",
            "0000",
            "2031-5-2",
            "May 2",
            "",
            "-",
            "2031-05-02-01",
        ] {
            check(text, None);
        }
        check("02-29", Some("Feb. 29"));
        check("2028-02-29", Some("Feb. 29, 2028"));
    }
}
