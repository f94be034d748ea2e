//! Phrasings and answers one by one: thin facts, kinds of question that nobody asks, words that age.

use std::collections::BTreeSet;

use super::{about, remark};
use crate::fact::marks::{Part, Remark};
use crate::fact::problem::Advice;
use crate::fact::{Briefing, Fact, Kind, Texts};
use crate::matching::Matcher;
use crate::text::normalise::normalise;

/// A fact with fewer phrasings is found by luck. Of the shipped facts' held-out questions, those of facts with so many
/// phrasings find theirs.
const MIN_FACT_PHRASINGS: usize = 6;
/// A gap is asked for in fewer ways.
const MIN_GAP_PHRASINGS: usize = 3;
/// Of the phrasings so large a share at least must differ in words with matter.
const MIN_SHARE_OF_WORDINGS: f64 = 0.5;

/// Kinds that a question word tells for sure.
const PLAIN_KINDS: [Kind; 5] = [Kind::Who, Kind::When, Kind::Where, Kind::HowMany, Kind::Why];

/// Words that mean another day on another day; longer ones first, since the first that fits is named.
const DATED_WORDS: [&str; 26] = [
    "at the moment",
    "later this",
    "earlier this",
    "last night",
    "last week",
    "last month",
    "last year",
    "next week",
    "next month",
    "next year",
    "this morning",
    "this week",
    "this month",
    "this year",
    "days ago",
    "weeks ago",
    "tomorrow",
    "yesterday",
    "today",
    "tonight",
    "recently",
    "currently",
    "nowadays",
    "so far",
    "soon",
    "now",
];

pub(super) fn remarks(briefing: &Briefing, matcher: &Matcher) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let asked: Vec<BTreeSet<Kind>> = briefing.facts.iter().map(|fact| kinds_asked(fact, matcher)).collect();
    for (place, fact) in briefing.facts.iter().enumerate() {
        let about = about("fact", &fact.id);
        let mut add = |part: Part, advice| remarks.push(remark(&briefing.id, part, about.clone(), advice));
        let entry = || Part::Entry(fact.id.clone());
        if let Some(advice) = thin(&fact.phrasings, MIN_FACT_PHRASINGS, matcher) {
            add(entry(), advice);
        }
        for advice in kinds_not_asked(place, &briefing.facts, &asked) {
            add(entry(), advice);
        }
        if let Some(word) = dated_word(&fact.answer) {
            add(Part::Answer(fact.id.clone()), Advice::DatedWord { word });
        }
    }
    for gap in &briefing.gaps {
        let about = about("gap", &gap.id);
        let mut add = |part: Part, advice| remarks.push(remark(&briefing.id, part, about.clone(), advice));
        if let Some(advice) = thin(&gap.phrasings, MIN_GAP_PHRASINGS, matcher) {
            add(Part::Entry(gap.id.clone()), advice);
        }
        if let Some(word) = dated_word(&gap.answer) {
            add(Part::Answer(gap.id.clone()), Advice::DatedWord { word });
        }
    }
    remarks
}

fn thin(phrasings: &Texts, least: usize, matcher: &Matcher) -> Option<Advice> {
    let n_phrasings = phrasings.len();
    if n_phrasings < least {
        return Some(Advice::FewPhrasings { n_phrasings, least });
    }
    let wordings: BTreeSet<BTreeSet<String>> = phrasings.iter().map(|text| matter(text, matcher)).collect();
    let (n_wordings, least) = (
        wordings.len(),
        (n_phrasings as f64 * MIN_SHARE_OF_WORDINGS).ceil() as usize,
    );
    (n_wordings < least).then_some(Advice::AlikePhrasings {
        n_phrasings,
        n_wordings,
        least,
    })
}

/// The stems with matter, and the question words, since "who" and "when" ask for different things.
fn matter(text: &str, matcher: &Matcher) -> BTreeSet<String> {
    let analysis = matcher.analyse(&normalise(text));
    let kinds = analysis.asked.kinds.iter().map(|kind| kind.name().to_owned());
    analysis
        .content()
        .map(|term| term.stem.to_string())
        .chain(kinds)
        .collect()
}

fn kinds_asked(fact: &Fact, matcher: &Matcher) -> BTreeSet<Kind> {
    let asked = fact
        .phrasings
        .iter()
        .map(|text| matcher.analyse(&normalise(text)).asked.kinds);
    asked.flat_map(|kinds| kinds.iter().collect::<Vec<_>>()).collect()
}

/// The kinds that neither the fact nor a neighbour is asked for: its answer may name who and when while the questions
/// for that belong to the fact beside it, and given to both they would take them from each other.
fn kinds_not_asked(place: usize, facts: &[Fact], asked: &[BTreeSet<Kind>]) -> Vec<Advice> {
    let Some(fact) = facts.get(place) else {
        return Vec::new();
    };
    let is_near =
        |other: &Fact| other.topic == fact.topic && other.entities.iter().any(|entity| fact.entities.contains(entity));
    let is_asked = |kind: Kind| {
        // Its own first: they nearly always do.
        asked.get(place).is_some_and(|own| own.contains(&kind))
            || facts
                .iter()
                .zip(asked)
                .any(|(near, asked)| asked.contains(&kind) && is_near(near))
    };
    let mut advice: Vec<Advice> = fact
        .gives
        .iter()
        .filter(|kind| PLAIN_KINDS.contains(kind) && !is_asked(**kind))
        .map(|kind| Advice::KindNotAsked { kind: kind.name() })
        .collect();
    if fact.date.is_some() && !fact.gives.contains(&Kind::When) && !is_asked(Kind::When) {
        advice.push(Advice::DateNotAsked);
    }
    advice
}

/// A word that ages, outside quotation marks: within them somebody else said it.
fn dated_word(answer: &str) -> Option<String> {
    let unquoted = unquoted(answer).to_lowercase();
    let is_edge = |character: Option<char>| character.is_none_or(|character| !character.is_alphanumeric());
    DATED_WORDS
        .into_iter()
        .find(|word| {
            unquoted.match_indices(word).any(|(at, _)| {
                is_edge(unquoted[..at].chars().next_back()) && is_edge(unquoted[at + word.len()..].chars().next())
            })
        })
        .map(str::to_owned)
}

fn unquoted(text: &str) -> String {
    let mut is_quoted = false;
    text.chars()
        .filter(|character| {
            match character {
                '"' => is_quoted = !is_quoted,
                '“' => is_quoted = true,
                '”' => is_quoted = false,
                _ => {}
            }
            !is_quoted
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_ages_is_found_outside_quotation_marks_only() {
        assert_eq!(dated_word("It was recently sent."), Some("recently".to_owned()));
        assert_eq!(dated_word("It arrives Tomorrow"), Some("tomorrow".to_owned()));
        assert_eq!(dated_word("He spoke of \"tomorrow\", on Tuesday."), None);
        assert_eq!(dated_word("“Soon”, he said; nobody knows."), None);
        assert_eq!(dated_word("It is known."), None);
    }
}
