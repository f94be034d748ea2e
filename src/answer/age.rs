//! How old a briefing is that an answer cites.
//!
//! The core has no clock, so today is passed in by whoever has one, and what is said of it is added to a finished
//! answer. Promise: nothing is said of a day that the source gives no year for, or that is not long past; where the day
//! or the month is not known, the latest that it may be counts.

use super::{Answer, Outcome, wording};
use crate::fact::{FactBase, PartialDate};

/// From so many months on a briefing is old.
const LONG_PAST_MONTHS: u32 = 3;
/// From so many months on its age is told in years.
const IN_YEARS_MONTHS: u32 = 24;

/// How long ago something was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// So many whole months.
    Months(u32),
    /// So many whole years.
    Years(u32),
}

/// The age of this day on that day; `None` where it is not known or not long.
#[must_use]
pub fn age(day: PartialDate, today: PartialDate) -> Option<Age> {
    let (Some(year), Some(year_now), Some(month_now), Some(day_now)) = (day.year, today.year, today.month, today.day)
    else {
        return None;
    };
    let months = |year: u16, month: u8| i32::from(year) * 12 + i32::from(month);
    let mut past = months(year_now, month_now) - months(year, day.month.unwrap_or(12));
    if day_now < day.day.unwrap_or(31) {
        past -= 1;
    }
    match u32::try_from(past).ok()? {
        ..LONG_PAST_MONTHS => None,
        past @ ..IN_YEARS_MONTHS => Some(Age::Months(past)),
        past => Some(Age::Years(past / 12)),
    }
}

/// The answer as it is read on this day: a line more for every briefing that it cites and that is long past.
#[must_use]
pub fn read_on(mut answer: Answer, base: &FactBase, today: PartialDate) -> Answer {
    if answer.outcome != Outcome::Answer {
        return answer;
    }
    let cited = base
        .briefings
        .iter()
        .filter(|briefing| answer.facts.iter().any(|fact| fact.briefing == briefing.id));
    for briefing in cited {
        let Some(as_of) = &briefing.source.as_of else { continue };
        if let Some(age) = age(as_of.date, today) {
            answer.message.push('\n');
            answer.message.push_str(&wording::age_line(as_of.date, age));
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(day: &str, today: &str, expected: Option<Age>) {
        let [day, today] = [day, today].map(|text| PartialDate::parse(text).unwrap());
        assert_eq!(age(day, today), expected, "{day} on {today}");
    }

    #[test]
    fn a_day_is_long_past_after_three_months_and_its_age_is_in_years_after_two() {
        check("2031-05-02", "2031-05-02", None);
        check("2031-05-02", "2031-08-01", None);
        check("2031-05-02", "2031-08-02", Some(Age::Months(3)));
        check("2031-05-02", "2033-05-01", Some(Age::Months(23)));
        check("2031-05-02", "2033-05-02", Some(Age::Years(2)));
        check("2031-05-02", "2041-05-01", Some(Age::Years(9)));
    }

    #[test]
    fn what_is_not_known_makes_nothing_older() {
        check("05-02", "2033-05-02", None);
        check("2031", "2032-03-30", None);
        check("2031", "2032-03-31", Some(Age::Months(3)));
        check("2031-05", "2031-08-30", None);
        check("2031-05", "2031-08-31", Some(Age::Months(3)));
    }

    #[test]
    fn a_day_to_come_has_no_age() {
        check("2033-05-02", "2031-05-02", None);
    }
}
