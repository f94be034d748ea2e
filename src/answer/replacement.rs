//! "And Putin?", "on Saturday then?", "no, the October one": the question before, asked of something else.
//!
//! What replaces and what is replaced are of one sort: a person for a person, a state for a state, a day for a day.
//! Promise: where it is not plain what is replaced (two states before, none of the sort), nothing is. Deliberately
//! absent: whether the reading that comes of it is the right one, which its confidence decides.

use std::ops::Range;

use super::follow_up::is_asking_noun;
use crate::fact::EntityKind;
use crate::matching::analysis::{Analysis, Knowledge, Term};
use crate::matching::kind;
use crate::matching::signals::says_when;
use crate::matching::vocabulary::Vocabulary;

/// Ways to begin that put something else in the place of what was asked about.
const STARTS: &[&[&str]] = &[
    &["and"],
    &["but"],
    &["no"],
    &["sorry"],
    &["the"],
    &["what", "about"],
    &["how", "about"],
    &["or"],
];
/// Question words, and what they measure.
const ASKING: &[&str] = &[
    "how", "many", "much", "often", "what", "when", "where", "which", "who", "whom", "whose", "why",
];
/// Words that say what somebody or something is to the rest: "to Japan" replaces "to Russia", not "Russia".
const RELATIONS: &[&str] = &["against", "at", "by", "from", "in", "into", "to", "with"];

/// What the question before is asked of now: the places there that the question's own words stand in for, and those words.
#[derive(Debug, Clone, PartialEq)]
pub struct Replacement {
    /// The terms of the question before that are meant no more.
    pub replaced: Range<usize>,
    /// The terms of the question that stand for them.
    pub by: Range<usize>,
}

/// A name in a question.
#[derive(Debug, Clone, PartialEq)]
struct Name<'a> {
    /// Where it stands.
    places: Range<usize>,
    /// The entities that it may be of; none where the facts do not have it.
    owners: &'a [u32],
    /// The word before it that says what it is to the rest.
    relation: Option<&'a str>,
}

/// What of the question before is replaced, where that is plain: somebody or something of the same sort, or a time. A
/// name before that the facts do not have is the first to be meant no more.
#[must_use]
pub fn replacement(own: &Analysis, before: &Analysis, vocabulary: &Vocabulary) -> Option<Replacement> {
    let by_name = || {
        let name = only(names(own))?;
        let fitting = || {
            let all = names(before).into_iter();
            all.filter(|other| name.relation == other.relation && is_same_sort(&name, other, vocabulary))
        };
        let replaced = only(fitting().filter(Name::is_stranger)).or_else(|| only(fitting()))?;
        Some(Replacement {
            replaced: replaced.places,
            by: name.places,
        })
    };
    let by_time = || {
        Some(Replacement {
            replaced: only(runs(before, says_when))?,
            by: only(runs(own, says_when))?,
        })
    };
    by_name().or_else(by_time)
}

/// Whether the question names somebody or something that the facts have, and not in relation to what was asked before:
/// then a name before it that they do not have is meant no more.
#[must_use]
pub fn names_another(own: &Analysis) -> bool {
    own.mentions
        .iter()
        .any(|mention| relation(own, mention.start).is_none())
}

/// A question with what it is asked of now.
#[derive(Debug, Clone, PartialEq)]
pub struct Substituted {
    /// Its words.
    pub terms: Vec<Term>,
    /// Whether the question itself says that this is what it asks, and nothing else: "and Putin?".
    pub is_plain: bool,
}

/// The question before with what replaces its matter, where the question says nothing else; failing that its question
/// words, followed by what it is asked of now. `None` where the words ask something themselves, or do not say that they
/// replace anything.
#[must_use]
pub fn substituted(own: &Analysis, before: &Analysis, vocabulary: &Vocabulary) -> Option<Substituted> {
    let words: Vec<&str> = own.terms.iter().map(|term| term.word.as_str()).collect();
    let n_starting = words
        .iter()
        .take_while(|word| matches!(**word, "what" | "how" | "about"))
        .count();
    if !kind::asked(&words[n_starting..]).kinds.is_empty() || own.content().next().is_none() {
        return None;
    }
    let is_replacing = STARTS.iter().any(|start| words.starts_with(start));
    if let Some(Replacement { replaced, by }) = replacement(own, before, vocabulary)
        && own
            .terms
            .iter()
            .enumerate()
            .all(|(place, term)| by.contains(&place) || term.is_function)
    {
        let (start, end) = (&before.terms[..replaced.start], &before.terms[replaced.end..]);
        return Some(Substituted {
            terms: [start, &own.terms[by], end].concat(),
            is_plain: is_replacing,
        });
    }
    let mut terms: Vec<Term> = before
        .terms
        .iter()
        .filter(|term| ASKING.contains(&term.word.as_str()))
        .cloned()
        .collect();
    if !is_replacing || terms.is_empty() {
        return None;
    }
    terms.extend(own.terms.iter().cloned());
    Some(Substituted { terms, is_plain: false })
}

impl Name<'_> {
    fn is_stranger(&self) -> bool {
        self.owners.is_empty()
    }
}

/// The names in a question that the facts have, and the well-known ones that they do not have.
fn names(question: &Analysis) -> Vec<Name<'_>> {
    let known = question.mentions.iter().map(|mention| Name {
        places: mention.start..mention.start + mention.length,
        owners: &mention.owners,
        relation: relation(question, mention.start),
    });
    let strangers = runs(question, |term| term.knowledge == Knowledge::ForeignName);
    let strangers = strangers.into_iter().map(|places| Name {
        relation: relation(question, places.start),
        places,
        owners: &[],
    });
    known.chain(strangers).collect()
}

/// Whether two names are of different somebodies or somethings of one sort. One that the facts do not have may be of any
/// sort that is somebody or some place.
fn is_same_sort(name: &Name<'_>, other: &Name<'_>, vocabulary: &Vocabulary) -> bool {
    let kinds = |name: &Name<'_>| -> Vec<EntityKind> {
        let owners = name.owners.iter();
        owners.filter_map(|owner| vocabulary.entity_kind(*owner)).collect()
    };
    let is_somebody = |kind: &EntityKind| !matches!(kind, EntityKind::Event | EntityKind::Thing);
    match (name.is_stranger(), other.is_stranger()) {
        (true, true) => true,
        (true, false) => kinds(other).iter().any(is_somebody),
        (false, true) => kinds(name).iter().any(is_somebody),
        (false, false) => {
            let others = kinds(other);
            !name.owners.iter().any(|owner| other.owners.contains(owner))
                && kinds(name).iter().any(|kind| others.contains(kind))
        }
    }
}

/// The word before a name that says what it is to the rest.
fn relation(question: &Analysis, start: usize) -> Option<&str> {
    let mut before = question.terms[..start].iter().map(|term| term.word.as_str()).rev();
    let word = before.find(|word| !matches!(*word, "the" | "a" | "an"))?;
    RELATIONS.contains(&word).then_some(word)
}

/// The runs of words like these.
fn runs(question: &Analysis, is_one: impl Fn(&Term) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (place, _) in question.terms.iter().enumerate().filter(|(_, term)| is_one(term)) {
        match runs.last_mut() {
            Some(run) if run.end == place => run.end += 1,
            _ => runs.push(place..place + 1),
        }
    }
    runs
}

/// The only one; `None` where there are none or several.
fn only<T>(all: impl IntoIterator<Item = T>) -> Option<T> {
    let mut all = all.into_iter();
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// Whether a name is one that the facts do not have.
#[must_use]
pub fn is_unknown_name(term: &Term) -> bool {
    matches!(term.knowledge, Knowledge::ForeignName | Knowledge::Unknown) && !is_asking_noun(&term.word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::harbour;
    use crate::matching::Matcher;
    use crate::text::normalise::normalise;

    #[track_caller]
    fn check(own: &str, before: &str, expected: Option<&str>) {
        let matcher = Matcher::new(&harbour::base().unwrap());
        let [own_read, before_read] = [own, before].map(|text| matcher.analyse(&normalise(text)));
        let terms = substituted(&own_read, &before_read, matcher.vocabulary());
        let words = terms.map(|found| found.terms.iter().map(|term| term.word.to_string()).collect::<Vec<_>>());
        assert_eq!(words.map(|words| words.join(" ")).as_deref(), expected, "{own}");
    }

    #[test]
    fn one_of_a_sort_takes_the_place_of_the_other() {
        let before = "When was the harbour wall built?";
        check("and the old crane?", before, Some("when was the old crane built"));
        check("the ferry then?", before, Some("when was ferry built"));
        check("gull island", before, Some("when was gull island built"));
        check(
            "and the harbour master?",
            "Who is Napoleon?",
            Some("who is the harbor master"),
        );
        check("and Napoleon?", "Who is the harbour master?", Some("who is napoleon"));
        // A person is no wall.
        check("and the harbour master?", before, Some("when and the harbor master"));
        check("and the same wall?", before, Some("when and the same wall"));
        // Which of the two is not plain.
        check("and the ferry?", "Is the harbour wall older than the old crane?", None);
    }

    #[test]
    fn a_day_takes_the_place_of_a_day() {
        let before = "What did the harbour office say on Jan. 2 about it?";
        check(
            "and on saturday?",
            before,
            Some("what did the harbor office say on saturday about it"),
        );
        check(
            "on Tuesday then",
            before,
            Some("what did the harbor office say on tuesday about it"),
        );
    }

    #[test]
    fn what_stands_in_another_relation_replaces_nothing() {
        let before = "Who sails to Gull Island?";
        check("and from the old crane?", before, Some("who and from the old crane"));
        check("and to the old crane?", before, Some("who sails to the old crane"));
    }

    #[test]
    fn other_matter_is_asked_with_the_same_question_words() {
        for (own, before, expected) in [
            ("and the gate?", "When was the quay built?", Some("when and the gate")),
            (
                "what about the boats?",
                "How many quays are there?",
                Some("how many what about the boats"),
            ),
            ("and who built the gate?", "When was the quay built?", None),
            ("gate", "When was the quay built?", None),
            ("and then?", "When was the quay built?", None),
            ("and the gate?", "Is the quay high?", None),
        ] {
            check(own, before, expected);
        }
    }

    #[test]
    fn whoever_is_named_in_no_relation_is_another() {
        let matcher = Matcher::new(&harbour::base().unwrap());
        let names_another = |text: &str| names_another(&matcher.analyse(&normalise(text)));
        assert!(names_another("and the harbour master?"));
        assert!(!names_another("and to the harbour master?"));
        assert!(!names_another("and when?"));
    }
}
