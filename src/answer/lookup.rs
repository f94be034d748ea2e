//! Finds what a name means: an entity of the glossary, or a topic.
//!
//! For `/who` and `/facts`, where a member types a name and no question. A name is known by its letters: whole, by its
//! beginning, by one of its words, or with a typing error or two, the fewer the shorter it is, so that nothing short
//! finds what it is not. Promise: equal names, equal order. Deliberately absent: the matcher; a name is not understood.

use strsim::damerau_levenshtein;

use crate::fact::{Briefing, Entity, Topic};
use crate::text::normalise::normalise;

/// At least so alike, and so much more than the next, and it is what was meant. Set by hand, with what `likeness` counts; the
/// tests below hold what they decide.
const SURE: f32 = 0.58;
const SURE_BY: f32 = 0.08;

/// A thing of the base that a name may mean, and how alike the name is.
#[derive(Debug, PartialEq)]
pub struct Found<'b, T> {
    /// Where it is.
    pub briefing: &'b Briefing,
    /// What it is.
    pub thing: &'b T,
    /// 0 to 1.
    pub likeness: f32,
}

/// The entities that a name may mean, the likeliest first; the most talked of where nothing was typed.
#[must_use]
pub fn entities<'b>(briefings: &[&'b Briefing], typed: &str) -> Vec<Found<'b, Entity>> {
    let all = briefings
        .iter()
        .flat_map(|&briefing| briefing.entities.iter().map(move |entity| (briefing, entity)));
    let name = key(typed);
    if name.is_empty() {
        let mut most: Vec<(usize, Found<'b, Entity>)> = all
            .map(|(briefing, thing)| (n_facts_about(briefing, thing), found(briefing, thing, 0.0)))
            .collect();
        most.sort_by_key(|(n_facts, _)| std::cmp::Reverse(*n_facts));
        return most.into_iter().map(|(_, found)| found).collect();
    }
    ordered(all.map(|(briefing, entity)| {
        let names = std::iter::once(&entity.name).chain(&entity.aliases);
        let likeness = names.map(|known| likeness(&name, &key(known))).fold(0.0, f32::max);
        found(briefing, entity, likeness)
    }))
}

/// The topics that a title may mean, the likeliest first; all, in their order, where nothing was typed.
#[must_use]
pub fn topics<'b>(briefings: &[&'b Briefing], typed: &str) -> Vec<Found<'b, Topic>> {
    let all = briefings
        .iter()
        .flat_map(|&briefing| briefing.topics.iter().map(move |topic| (briefing, topic)));
    let name = key(typed);
    if name.is_empty() {
        return all.map(|(briefing, topic)| found(briefing, topic, 0.0)).collect();
    }
    ordered(all.map(|(briefing, topic)| {
        let likeness = likeness(&name, &key(&topic.title)).max(likeness(&name, &key(&topic.id)));
        found(briefing, topic, likeness)
    }))
}

/// The first, where it is sure to be what was meant.
#[must_use]
pub fn sure<'f, 'b, T>(found: &'f [Found<'b, T>]) -> Option<&'f Found<'b, T>> {
    let (first, next) = (found.first()?, found.get(1).map_or(0.0, |next| next.likeness));
    (first.likeness >= SURE && first.likeness - next >= SURE_BY).then_some(first)
}

/// How many facts are about an entity.
#[must_use]
pub fn n_facts_about(briefing: &Briefing, entity: &Entity) -> usize {
    let facts = briefing.facts.iter();
    facts.filter(|fact| fact.entities.contains(&entity.id)).count()
}

fn found<'b, T>(briefing: &'b Briefing, thing: &'b T, likeness: f32) -> Found<'b, T> {
    Found {
        briefing,
        thing,
        likeness,
    }
}

/// Those that are alike at all, the likeliest first, else in the order of the files.
fn ordered<'b, T>(all: impl Iterator<Item = Found<'b, T>>) -> Vec<Found<'b, T>> {
    let mut alike: Vec<Found<'b, T>> = all.filter(|found| found.likeness > 0.0).collect();
    alike.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    alike
}

/// A name as names are compared: without case, accents and article. Names of signs alone stay as they are.
fn key(name: &str) -> String {
    let normal = normalise(name);
    if normal.is_empty() {
        return name.trim().to_lowercase();
    }
    let words: Vec<&str> = normal
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let without_article = match words.as_slice() {
        ["the" | "a" | "an", rest @ ..] if !rest.is_empty() => rest,
        all => all,
    };
    without_article.join(" ")
}

/// How alike what was typed is to a name; both as [`key`] leaves them.
fn likeness(typed: &str, known: &str) -> f32 {
    if typed.is_empty() || known.is_empty() {
        return 0.0;
    }
    if typed == known {
        return 1.0;
    }
    let (n_typed, n_known) = (typed.chars().count(), known.chars().count());
    let share = n_typed.min(n_known) as f32 / n_typed.max(n_known) as f32;
    if known.starts_with(typed) {
        return 0.8 + 0.1 * share;
    }
    if is_at_a_word(known, typed) {
        return 0.7 + 0.1 * share;
    }
    // The name within a whole question: "who is John Kirby".
    if n_known >= 3 && format!(" {typed} ").contains(&format!(" {known} ")) {
        return 0.66 + 0.1 * share;
    }
    misspelt(typed, known).map_or(0.0, |n_errors| 0.7 - 0.05 * n_errors as f32)
}

/// Whether one of the words of the name begins what was typed.
fn is_at_a_word(known: &str, typed: &str) -> bool {
    known
        .match_indices(' ')
        .any(|(at, _)| known[at + 1..].starts_with(typed))
}

/// How many typing errors there are in what was typed, where they are few: against the whole name, as much of it as
/// was typed so far, and each of its words.
fn misspelt(typed: &str, known: &str) -> Option<usize> {
    let n_typed = typed.chars().count();
    let n_allowed = match n_typed {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    let so_far: String = known.chars().take(n_typed).collect();
    let words = known.split(' ').filter(|word| word.chars().count() >= 4);
    // Each letter more or less is an error at least, and to compare costs time with both lengths.
    let may_be_near = |name: &&str| name.chars().count().abs_diff(n_typed) <= n_allowed;
    let n_errors = std::iter::once(known)
        .chain([so_far.as_str()])
        .chain(words)
        .filter(may_be_near)
        .map(|name| damerau_levenshtein(typed, name))
        .min()?;
    (n_errors <= n_allowed).then_some(n_errors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{EntityKind, Source};

    fn briefing(names: &[(&str, &[&str])]) -> Briefing {
        let entity = |(index, (name, aliases)): (usize, &(&str, &[&str]))| Entity {
            id: format!("entity-{index}"),
            name: (*name).to_owned(),
            kind: EntityKind::Thing,
            about: None,
            paragraphs: Vec::new(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        };
        Briefing {
            id: "harbour".to_owned(),
            source: Source {
                title: "Harbour".to_owned(),
                agencies: Vec::new(),
                publisher: None,
                published: None,
                url: None,
                as_of: None,
                paragraphs: Vec::new(),
            },
            topics: vec![Topic {
                id: "works".to_owned(),
                title: "The works at the wall".to_owned(),
            }],
            facts: Vec::new(),
            gaps: Vec::new(),
            entities: names.iter().enumerate().map(entity).collect(),
            synonyms: Vec::new(),
        }
    }

    #[track_caller]
    fn check(typed: &str, expected: Option<&str>) {
        let briefing = briefing(&[
            ("the harbour office", &["port authority"]),
            ("the harbour wall", &["sea wall"]),
            ("Zoë Marchetti", &["the mayor", "Ms. Marchetti"]),
            ("김항구", &["항구"]),
            ("⚓", &[]),
            ("מרים", &[]),
        ]);
        let found = entities(&[&briefing], typed);
        let meant = sure(&found).map(|found| found.thing.name.as_str());
        assert_eq!(meant, expected, "{typed}: {found:?}");
    }

    #[test]
    fn a_name_is_known_whole_by_an_alias_by_a_word_and_with_an_error() {
        check("the harbour office", Some("the harbour office"));
        check("Port Authority", Some("the harbour office"));
        check("office", Some("the harbour office"));
        check("marchetti", Some("Zoë Marchetti"));
        check("Zoe marcheti", Some("Zoë Marchetti"));
        check("mayro", Some("Zoë Marchetti"));
        check("who is the mayor?", Some("Zoë Marchetti"));
        check("김항구", Some("김항구"));
        check("⚓", Some("⚓"));
        check("מרים", Some("מרים"));
    }

    #[test]
    fn what_could_be_two_or_none_is_not_sure() {
        check("harbour", None);
        check("wal", Some("the harbour wall"));
        check("may", Some("Zoë Marchetti"));
        check("mxy", None);
        check("zorblatt", None);
        check("", None);
    }

    #[test]
    fn a_topic_is_found_by_its_title_and_by_its_id() {
        let briefing = briefing(&[]);
        for typed in ["works", "the works", "wroks at the wall", "The works at the wall"] {
            let found = topics(&[&briefing], typed);
            assert!(sure(&found).is_some(), "{typed}: {found:?}");
        }
        assert_eq!(topics(&[&briefing], "").len(), 1);
        assert_eq!(topics(&[&briefing], "money"), []);
    }
}
