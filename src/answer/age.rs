//! How old a briefing is that an answer cites.
//!
//! The core has no clock, so today is passed in by whoever has one, and what is said of it is added to a finished
//! answer. Promise: nothing is said of a day that the source gives no year for, or that is not long past; where the day
//! or the month is not known, the latest that it may be counts.

use super::{Answer, Outcome, Reason, wording};
use crate::fact::{Briefing, FactBase, PartialDate};

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
    for briefing in &base.briefings {
        if !cites(&answer, briefing) {
            continue;
        }
        if let Some(line) = line_of(briefing, today) {
            answer.message.push('\n');
            answer.message.push_str(&line);
        }
    }
    answer
}

/// What is said of a briefing that is long past on this day.
#[must_use]
pub fn line_of(briefing: &Briefing, today: PartialDate) -> Option<String> {
    let day = briefing.source.as_of.as_ref()?.date;
    age(day, today).map(|age| wording::age_line(day, age))
}

/// Whether the answer has news of the briefing: its facts, or what a gap gives of it beside what it leaves open.
fn cites(answer: &Answer, briefing: &Briefing) -> bool {
    if answer.outcome == Outcome::Answer {
        return answer.facts.iter().any(|fact| fact.briefing == briefing.id);
    }
    let gap = answer.gap.as_ref().filter(|_| answer.reason == Reason::Gap);
    answer.briefing.as_ref() == Some(&briefing.id)
        && gap
            .and_then(|gap| briefing.gap(gap))
            .is_some_and(|gap| !gap.citations.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::compose;
    use crate::fact::{AsOf, harbour};

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
    fn a_gap_is_old_news_where_it_cites_what_is_known() {
        let mut briefing = harbour::base().unwrap().briefings[0].clone();
        briefing.source.as_of = Some(AsOf {
            date: PartialDate::parse("2031-05-02").unwrap(),
            weekday: None,
            inferred_from: None,
        });
        let today = PartialDate::parse("2033-05-02").unwrap();
        let said = |briefing: &Briefing, reason| {
            let base = FactBase::new(vec![briefing.clone()]);
            let mut answer = compose::plain(&base, reason, "It does not say.".to_owned());
            answer.briefing = Some(briefing.id.clone());
            answer.gap = Some(briefing.gaps[0].id.clone());
            read_on(answer, &base, today).message
        };
        let old = format!("It does not say.\n{}", line_of(&briefing, today).unwrap());
        assert_eq!(said(&briefing, Reason::Gap), old);
        assert_eq!(said(&briefing, Reason::NothingNear), "It does not say.");
        briefing.gaps[0].citations.clear();
        assert_eq!(said(&briefing, Reason::Gap), "It does not say.");
    }

    #[test]
    fn a_day_to_come_has_no_age() {
        check("2033-05-02", "2031-05-02", None);
    }
}
