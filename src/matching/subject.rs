//! Whom a question is about: the first person or state that it names, "did *North Korea* sign what South Korea signed?"
//!
//! No grammar is parsed: of several names the first is taken for the one that the rest is said of. A fact's own phrasings
//! are read in the same way, so that what is misread is misread alike on both sides. Promise: a fact has a subject only
//! where its phrasings agree on one. Deliberately absent: what the subject does, which is `order`'s.

use rustc_hash::FxHashMap;

use super::analysis::{Analysis, Mention, Term};
use super::order::{is_adjective, is_article};
use super::vocabulary::Vocabulary;
use crate::fact::EntityKind;

/// As many phrasings must name the same one first for it to be the fact's.
const LEAST_PHRASINGS: u32 = 5;
/// And such a share of those that name anybody. Chosen by `eval` on the fit sets between 0.5 and 0.8: with 0.5, two more wrong
/// answers are held back, and one right one gives way to a wrong one.
const LEAST_SHARE: f32 = 0.5;
/// Whoever is named first in fewer is there by a turn of phrase ("Pyongyang's southern neighbour").
const LEAST_TIMES: u32 = 2;
/// Words that ask for the subject.
const ASKING: &[&str] = &["which", "who", "whom", "whose"];
/// Behind these stands somebody whom it concerns, and no subject.
const RELATIONS: &[&str] = &[
    "about", "against", "at", "between", "by", "for", "from", "in", "into", "of", "on", "to", "with",
];

/// The entities that the first person or state in the text may be; none where it names neither, asks for it, or only says
/// whom it concerns, or whose something is.
#[must_use]
pub fn subject<'a>(text: &'a Analysis, vocabulary: &Vocabulary) -> Option<&'a [u32]> {
    let is_somebody = |owner: &u32| {
        let kind = vocabulary.entity_kind(*owner);
        matches!(kind, Some(EntityKind::Person | EntityKind::State))
    };
    let is_one = |mention: &&Mention| mention.owners.iter().any(is_somebody);
    let first = text.mentions.iter().find(is_one)?;
    let is_asked_for = text.terms[..first.start]
        .iter()
        .any(|term| ASKING.contains(&term.word.as_str()));
    (!is_asked_for && is_subject(text, first)).then_some(first.owners.as_slice())
}

/// Whether the name may be that of whoever does something: it is no adjective, and stands neither behind a verb nor behind
/// a word that says whom it concerns.
#[must_use]
pub(super) fn is_subject(text: &Analysis, name: &Mention) -> bool {
    let before = &text.terms[..name.start];
    let is = |term: &Term, words: &[&str]| words.contains(&term.word.as_str());
    // "A North Korean", "an NK missile".
    let is_behind_one = before.last().is_some_and(|term| is(term, &["a", "an"]));
    let last = before.iter().rev().find(|term| !is_article(term));
    let is_concerned = last.is_some_and(|term| !term.is_function || is(term, RELATIONS));
    !is_concerned && !is_behind_one && !is_adjective(text, name)
}

/// Counts whom a fact's phrasings name first.
#[derive(Debug, Default)]
pub(super) struct Counted {
    n_phrasings: u32,
    named_first: FxHashMap<u32, u32>,
}

impl Counted {
    /// Takes in one phrasing.
    pub(super) fn add(&mut self, phrasing: &Analysis, vocabulary: &Vocabulary) {
        let Some(owners) = subject(phrasing, vocabulary) else {
            return;
        };
        self.n_phrasings += 1;
        for owner in owners {
            *self.named_first.entry(*owner).or_default() += 1;
        }
    }

    /// All that are named first more than once, sorted, where the phrasings agree on one; else none.
    pub(super) fn settled(&self) -> Vec<u32> {
        let most = self.named_first.values().copied().max().unwrap_or_default();
        if most < LEAST_PHRASINGS || (most as f32) < LEAST_SHARE * self.n_phrasings as f32 {
            return Vec::new();
        }
        let named = self.named_first.iter().filter(|(_, times)| **times >= LEAST_TIMES);
        let mut subjects: Vec<u32> = named.map(|(owner, _)| *owner).collect();
        subjects.sort_unstable();
        subjects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Briefing, FactBase, harbour};
    use crate::matching::Matcher;
    use crate::matching::class::Origin;
    use crate::text::normalise::normalise;

    /// A harbour whose office is a state.
    fn briefings() -> Vec<Briefing> {
        let mut briefings = harbour::base().unwrap().briefings;
        for entity in &mut briefings[0].entities {
            if entity.id == "harbour-office" {
                entity.kind = EntityKind::State;
            }
        }
        briefings
    }

    /// The first fact's subjects where it is asked for like this.
    #[track_caller]
    fn check(phrasings: &[&str], expected: &[&str]) {
        let mut briefings = briefings();
        briefings[0].facts[0].phrasings = phrasings.iter().map(|text| (*text).to_owned()).collect();
        let matcher = Matcher::new(&FactBase::new(briefings));
        let class = matcher.class(matcher.class_of(Origin::Fact(0, 0)).unwrap());
        let mut expected: Vec<u32> = expected
            .iter()
            .map(|id| matcher.vocabulary().entity(0, id).unwrap())
            .collect();
        expected.sort_unstable();
        assert_eq!(class.subjects, expected, "{phrasings:?}");
    }

    #[test]
    fn the_first_somebody_is_the_subject() {
        let matcher = Matcher::new(&FactBase::new(briefings()));
        let office = matcher.vocabulary().entity(0, "harbour-office").unwrap();
        for (text, expected) in [
            ("Did the harbour office warn the harbour master?", Some(office)),
            // A wall is nobody.
            ("Of the harbour wall, did the harbour office speak?", Some(office)),
            ("Does the harbour wall protect the harbour office?", None),
            ("Was the harbour wall raised by the harbour office?", None),
            ("Is it allowed for the harbour office?", None),
            ("What warned the harbour office?", None),
            ("Who warned the harbour office?", None),
            ("How high is the harbour wall?", None),
        ] {
            let analysis = matcher.analyse(&normalise(text));
            let found = subject(&analysis, matcher.vocabulary());
            assert_eq!(found.map(<[u32]>::to_vec), expected.map(|id| vec![id]), "{text}");
        }
    }

    #[test]
    fn phrasings_that_agree_settle_it() {
        let office = [
            "Did the harbour office sign?",
            "Has the harbour office signed?",
            "Was the harbour office part of it?",
            "Is the harbour office in it?",
            "the harbour office signed?",
            "Who signed it?",
        ];
        check(&office, &["harbour-office"]);
        check(&office[1..], &[]);
        let master = "Did the harbour master sign with the harbour office?";
        check(&[&office[..], &[master]].concat(), &["harbour-office"]);
        let other = "Is the harbour master a signer?";
        check(
            &[&office[..], &[master, other]].concat(),
            &["harbour-office", "harbour-master"],
        );
        let more = [
            "And the harbour master?",
            "the harbour master too?",
            "the harbour master: signed?",
            "Has the harbour master signed?",
        ];
        check(
            &[&office[..4], &more[..], &[master]].concat(),
            &["harbour-office", "harbour-master"],
        );
        check(&[&office[..4], &more[..]].concat(), &[]);
    }
}
