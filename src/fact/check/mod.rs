//! Checks of one briefing across its files: what no single value shows.
//!
//! Works on the files as written, since their values still know their places. Promise: what was lost of a file (a
//! syntax error, say) leads to no complaint about what refers to it. Deliberately absent: what the reading of a value
//! shows already, and the article.

mod entry;
mod reference;
mod shared;
pub(super) mod words;

use std::collections::{HashMap, HashSet};

use super::Paragraph;
use super::PartialDate;
use super::parse::raw::{RawFact, RawGap};
use super::parse::reader::{Located, entry_name};
use super::parse::value::{Id, WEEKDAYS};
use super::parse::{Part, RawBriefing};
use super::problem::{Collector, Fault, Place};

/// Reports everything that is wrong with a briefing's parts taken together.
pub(super) fn check(briefing: &RawBriefing, collector: &mut Collector) {
    for (about, fact) in facts(briefing) {
        entry::check_fact(&about, fact, collector);
    }
    for (about, gap) in gaps(briefing) {
        entry::check_gap(&about, gap, collector);
    }
    ids(briefing, collector);
    reference::check(briefing, collector);
    shared::check(briefing, collector);
    whole(briefing, collector);
    todo(briefing, collector);
}

/// What the curator noted as still to be done.
fn todo(briefing: &RawBriefing, collector: &mut Collector) {
    let of_source = briefing.source.todo.iter().map(|todo| (String::new(), todo));
    let of_facts = facts(briefing).filter_map(|(about, fact)| Some((about, fact.todo.as_ref()?)));
    let of_gaps = gaps(briefing).filter_map(|(about, gap)| Some((about, gap.todo.as_ref()?)));
    let of_entities = briefing
        .glossary
        .entity
        .iter()
        .filter_map(|entity| Some((name("entity", entity.id.as_ref()), entity.todo.as_ref()?)));
    for (about, todo) in of_source.chain(of_facts).chain(of_gaps).chain(of_entities) {
        let what = todo.value.0.clone();
        collector.warning(todo.place, &about, Fault::Todo { what });
    }
}

/// Every fact, with how messages name it.
fn facts(briefing: &RawBriefing) -> impl Iterator<Item = (String, &RawFact)> {
    let facts = briefing.topics.iter().flat_map(|topic| &topic.facts.fact);
    facts.map(|fact| (name("fact", fact.id.as_ref()), fact))
}

/// Every gap, with how messages name it.
fn gaps(briefing: &RawBriefing) -> impl Iterator<Item = (String, &RawGap)> {
    let gaps = briefing.topics.iter().flat_map(|topic| &topic.facts.gap);
    gaps.map(|gap| (name("gap", gap.id.as_ref()), gap))
}

fn name(kind: &str, id: Option<&Located<Id>>) -> String {
    id.map_or_else(|| kind.to_owned(), |id| entry_name(kind, &id.value.0))
}

/// Ids that are taken: facts and gaps share their names, the others have their own.
fn ids(briefing: &RawBriefing, collector: &mut Collector) {
    let answers = facts(briefing)
        .map(|(_, fact)| &fact.id)
        .chain(gaps(briefing).map(|(_, gap)| &gap.id));
    unique("fact or gap", located(answers), collector);
    unique(
        "entity",
        located(briefing.glossary.entity.iter().map(|entity| &entity.id)),
        collector,
    );
    unique(
        "group",
        located(briefing.synonyms.group.iter().map(|group| &group.id)),
        collector,
    );
    let topics = briefing.topics.iter().map(|topic| (topic.id.as_str(), topic.place));
    unique("topic", topics, collector);
}

fn located<'b>(ids: impl Iterator<Item = &'b Option<Located<Id>>>) -> impl Iterator<Item = (&'b str, Place)> {
    ids.flatten().map(|id| (id.value.0.as_str(), id.place))
}

fn unique<'b>(what: &'static str, ids: impl Iterator<Item = (&'b str, Place)>, collector: &mut Collector) {
    let mut first_places = HashMap::new();
    for (id, place) in ids {
        if let Some(first) = first_places.get(id) {
            let id = id.to_owned();
            collector.clash(place, *first, "", Fault::DuplicateId { what, id });
        } else {
            first_places.insert(id, place);
        }
    }
}

/// What concerns the briefing as a whole.
fn whole(briefing: &RawBriefing, collector: &mut Collector) {
    let lost = &briefing.lost;
    if facts(briefing).next().is_none() {
        if !lost.any_of(Part::Facts) {
            collector.error(briefing.place, "", Fault::NoFact);
        }
        return;
    }
    // Where a citation is broken, the paragraph that it was to cite may only seem to be left out.
    if !collector.has_errors() {
        let citations = facts(briefing).flat_map(|(_, fact)| &fact.citation);
        let cited: HashSet<Paragraph> = citations
            .filter_map(|citation| citation.paragraph.as_ref())
            .map(|paragraph| paragraph.value)
            .collect();
        for (paragraph, _) in &briefing.source.paragraphs {
            if !cited.contains(&paragraph.value) {
                let fault = Fault::NotCited {
                    paragraph: paragraph.value,
                };
                collector.warning(paragraph.place, "", fault);
            }
        }
    }
    check_weekday(briefing, collector);
}

/// A full date has one weekday only.
fn check_weekday(briefing: &RawBriefing, collector: &mut Collector) {
    let as_of = briefing.source.as_of.as_ref();
    let date = as_of.and_then(|as_of| as_of.date.as_ref());
    let weekday = as_of.and_then(|as_of| as_of.weekday.as_ref());
    if let (Some(date), Some(weekday)) = (date, weekday)
        && let Some(right) = weekday_of(date.value)
        && right != weekday.value.0
    {
        let fault = Fault::WrongWeekday {
            weekday: weekday.value.0.to_owned(),
            date: date.value.to_string(),
            right,
        };
        collector.error(weekday.place, "", fault);
    }
}

/// The day's name, of a date with year, month and day, by Sakamoto's method.
fn weekday_of(date: PartialDate) -> Option<&'static str> {
    const MONTH_SHIFTS: [usize; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let (year, month, day) = (
        usize::from(date.year?),
        usize::from(date.month?),
        usize::from(date.day?),
    );
    let year = if month < 3 { year - 1 } else { year };
    let shift = MONTH_SHIFTS.get(month - 1)?;
    let from_sunday = (year + year / 4 - year / 100 + year / 400 + shift + day) % 7;
    WEEKDAYS.get((from_sunday + 6) % 7).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_date_has_its_weekday() {
        let weekday = |text: &str| PartialDate::parse(text).and_then(weekday_of);
        assert_eq!(weekday("2024-01-09"), Some("Tuesday"));
        assert_eq!(weekday("2031-05-02"), Some("Friday"));
        assert_eq!(weekday("2000-02-29"), Some("Tuesday"));
        assert_eq!(weekday("0001-01-01"), Some("Monday"));
        assert_eq!(weekday("01-09"), None);
    }
}
