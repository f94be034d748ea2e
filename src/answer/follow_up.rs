//! "And when?": a question that leans on the one before it, put together with what it leans on.
//!
//! Promise: a question that stands on its own is never dragged into the old topic: what leans is read from the question
//! alone, and both readings then compete by their confidence.

use super::replacement;
use crate::fact::{EntityKind, Kind};
use crate::matching::analysis::{Analysis, Knowledge, Term};
use crate::matching::kind::Kinds;
use crate::matching::signals::says_when;
use crate::matching::vocabulary::Vocabulary;
use crate::text::tokens::Boundary;

/// Words that point back at what was said before.
const POINTING: &[&str] = &[
    "he", "her", "him", "his", "it", "its", "she", "that", "their", "them", "there", "these", "they", "this", "those",
    "one", "ones", "others", "other", "same", "latter", "former", "else",
];
/// Words that point back at an owner.
const POINTING_OWNERS: &[&str] = &["her", "his", "its", "their"];
/// Ways to begin that lean on what came before.
const LEANING_STARTS: &[&str] = &[
    "and",
    "but",
    "so",
    "also",
    "no",
    "or",
    "then",
    "what about",
    "how about",
    "i mean",
    "any",
    "exactly",
];
/// Words that may stand before "not the photo" and "I mean": "did it not" takes nothing back.
const OPENERS: &[&str] = &[
    "actually", "and", "but", "hm", "hmm", "nah", "no", "nope", "oh", "ok", "okay", "so", "sorry", "um", "wait", "well",
];
/// As many of them.
const MAX_OPENERS: usize = 3;
/// Content words up to which a question may be too short to stand alone.
const FEW_WORDS: usize = 3;

/// How much a word counts that was not said in the question itself: what is new in a follow-up decides.
/// Chosen among 0.25, 0.4, 0.6 and 1 by the share of dialogue turns of the fit set that are answered wrong.
const CONTEXT_WEIGHT: f32 = 0.4;

/// How much a question leans on what was said before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leaning {
    /// It stands on its own.
    None,
    /// It may lean: it is short, or points back.
    Maybe,
    /// It has nothing of its own to go by.
    Full,
}

/// Reads how much the terms lean on what was said before.
#[must_use]
pub fn leaning(terms: &[Term]) -> Leaning {
    let own: Vec<&Term> = terms
        .iter()
        .filter(|term| !term.is_function && !is_asking_noun(&term.word))
        .collect();
    if own.is_empty() {
        return Leaning::Full;
    }
    let is_short = own.len() <= FEW_WORDS;
    if is_short || is_marked(terms) && own.len() <= 2 * FEW_WORDS {
        Leaning::Maybe
    } else {
        Leaning::None
    }
}

/// Whether the words themselves say that the question leans: by how it begins, or by a word that points back.
fn is_marked(terms: &[Term]) -> bool {
    let starts_leaning = LEANING_STARTS.iter().any(|start| {
        let mut words = terms.iter().map(|term| term.word.as_str());
        start.split(' ').all(|expected| words.next() == Some(expected))
    });
    starts_leaning || points_back(terms)
}

fn points_back(terms: &[Term]) -> bool {
    terms.iter().any(|term| POINTING.contains(&term.word.as_str()))
}

/// Words that tell one thing from others of its sort.
const TELLING_APART: &[&str] = &[
    "before", "earlier", "earliest", "first", "last", "latest", "newest", "previous", "prior", "recent", "second",
    "third",
];

/// What tells the thing apart that a question points at: "where did it hit?" of "the launch on Jan. 2", of "the first
/// launch". Nothing where the question says itself which one it means, or points at somebody.
pub fn told_apart<'a>(terms: &[Term], before: &'a [Term]) -> impl Iterator<Item = &'a Term> {
    let tells_apart = |term: &Term| says_when(term) || TELLING_APART.contains(&term.word.as_str());
    let is_of_somebody = |term: &Term| matches!(term.word.as_str(), "he" | "her" | "him" | "his" | "she");
    let is_pointed_at = points_back(terms) && !terms.iter().any(|term| tells_apart(term) || is_of_somebody(term));
    before.iter().filter(move |term| is_pointed_at && tells_apart(term))
}

/// Whether the owner of what is asked for is only pointed at: "his post", "its name".
#[must_use]
pub fn has_pointing_owner(terms: &[Term]) -> bool {
    terms.iter().any(|term| POINTING_OWNERS.contains(&term.word.as_str()))
}

/// The question's own terms followed by the matter of what it leans on. Its own question words decide what is asked: "who
/// did?" asks for another than whoever was named, where the briefing does not have him, and "on Tuesday?" for no other day.
/// What the question replaces is left out, and a name that the briefing does not have where it names another.
#[must_use]
pub fn joined(own: &Analysis, before: &Analysis, vocabulary: &Vocabulary) -> Vec<Term> {
    let replaced = replacement::replacement(own, before, vocabulary).map(|found| found.replaced);
    let own_terms = &own.terms;
    let mut terms = own_terms.clone();
    let asks_for_another = asks_for_another(own_terms);
    let names_another = replacement::names_another(own) && !points_back(own_terms);
    let has_own_time = own_terms.iter().any(says_when);
    for (place, term) in before.terms.iter().enumerate() {
        let in_alias = before
            .mentions
            .iter()
            .any(|mention| (mention.start..mention.start + mention.length).contains(&place));
        let is_new = !own_terms.iter().any(|other| other.stem == term.stem);
        let is_replaced = replaced.as_ref().is_some_and(|replaced| replaced.contains(&place))
            || asks_for_another && term.knowledge == Knowledge::ForeignName
            || names_another && !in_alias && replacement::is_unknown_name(term)
            || has_own_time && says_when(term);
        if (in_alias || !term.is_function) && is_new && !is_asking_noun(&term.word) && !is_replaced {
            terms.push(Term {
                // It does not stand where it stood.
                boundary: Boundary::Comma,
                weight: term.weight * CONTEXT_WEIGHT,
                ..term.clone()
            });
        }
    }
    terms
}

/// "Not the photo, the strikes", "no, I mean the October one": what was meant, without what is taken back and the words that
/// take it back; `None` where nothing is.
#[must_use]
pub fn without_taken_back(terms: &[Term]) -> Option<&[Term]> {
    let is = |place: usize, words: &[&str]| terms.get(place).is_some_and(|term| words.contains(&term.word.as_str()));
    let takes_back = |place: &usize| is(*place, &["not"]) || is(*place, &["i"]) && is(place + 1, &["mean", "meant"]);
    let start = (0..=MAX_OPENERS).find(takes_back)?;
    let meant = if is(start, &["i"]) {
        &terms[start + 2..]
    } else {
        let taken = terms[start + 1..].iter();
        let end = taken
            .take_while(|term| term.boundary == Boundary::None && term.word != "but")
            .count();
        &terms[start + 1 + end..]
    };
    let is_opened = terms[..start].iter().all(|term| OPENERS.contains(&term.word.as_str()));
    (is_opened && meant.iter().any(|term| !term.is_function)).then_some(meant)
}

/// "So who did?": nothing but who, so that whoever was named before is not meant. "Who said that?" is about what was said.
fn asks_for_another(own: &[Term]) -> bool {
    own.iter().any(|term| matches!(term.word.as_str(), "who" | "whom"))
        && own
            .iter()
            .all(|term| term.is_function && !matches!(term.word.as_str(), "that" | "this" | "it"))
}

/// Words that ask whether what was said is so of another as well.
const AS_WELL: &[&str] = &["also", "either", "instead", "too", "well"];
/// Ways to begin that ask the same of another.
const OF_ANOTHER: &[&str] = &["and", "but", "or"];

/// "Japan too?", "and Kirby?": the person or state that is all that is asked of, so that the rest is what was asked before.
#[must_use]
pub fn asked_of<'a>(own: &'a Analysis, vocabulary: &Vocabulary) -> Option<&'a [u32]> {
    let [name] = own.mentions.as_slice() else { return None };
    let is_somebody = |owner: &u32| {
        let kind = vocabulary.entity_kind(*owner);
        matches!(kind, Some(EntityKind::Person | EntityKind::State))
    };
    let is_of_the_name = |place: usize| (name.start..name.start + name.length).contains(&place);
    let is_as_well = |term: &Term| AS_WELL.contains(&term.word.as_str());
    let mut terms = own.terms.iter().enumerate();
    let says_no_more = terms.all(|(place, term)| is_of_the_name(place) || term.is_function || is_as_well(term));
    let begins_so = own
        .terms
        .first()
        .is_some_and(|term| OF_ANOTHER.contains(&term.word.as_str()));
    let is_marked = begins_so || own.terms.iter().any(is_as_well);
    (says_no_more && is_marked && own.asked.kinds.is_empty() && name.owners.iter().any(is_somebody))
        .then_some(name.owners.as_slice())
}

/// Verbs by which somebody stands behind what a fact says: every answer names who does.
const SAYING: &[&str] = &[
    "announced",
    "called",
    "calls",
    "claimed",
    "claims",
    "confirmed",
    "describes",
    "disclosed",
    "reported",
    "reports",
    "revealed",
    "said",
    "say",
    "says",
    "stated",
    "told",
    "wrote",
];

/// Whether it is asked who says something.
#[must_use]
pub fn asks_who_says(question: &Analysis) -> bool {
    question.asked.kinds == Kinds::of(&[Kind::Who]) && question.terms.iter().any(is_saying)
}

fn is_saying(term: &Term) -> bool {
    SAYING.contains(&term.word.as_str())
}

/// "Who said that?", and nothing of what: whoever is cited for what was said before.
#[must_use]
pub fn asks_only_who_says(question: &Analysis) -> bool {
    asks_who_says(question) && question.content().all(is_saying)
}

/// Words that doubt what was said, and say nothing else.
const DOUBTING: &[&str] = &[
    "certain",
    "correct",
    "honestly",
    "legit",
    "real",
    "really",
    "right",
    "seriously",
    "sure",
    "true",
];

/// Whether a word says what a question is about, and not only what is asked of it or how.
#[must_use]
pub fn has_matter(term: &Term) -> bool {
    !term.is_function && !is_asking_noun(&term.word) && !doubts(term)
}

fn doubts(term: &Term) -> bool {
    DOUBTING.contains(&term.word.as_str())
}

/// "Are you sure?", "really?": whether what was said before is so, and nothing of what.
#[must_use]
pub fn only_doubts(question: &Analysis) -> bool {
    question.terms.iter().any(doubts) && question.terms.iter().all(|term| term.is_function || doubts(term))
}

/// "Which *day* …" says what is asked, not what it is about.
pub(super) fn is_asking_noun(word: &str) -> bool {
    matches!(
        word,
        "day"
            | "date"
            | "dates"
            | "days"
            | "weekday"
            | "month"
            | "year"
            | "number"
            | "name"
            | "names"
            | "list"
            | "time"
            | "place"
            | "places"
            | "reason"
            | "country"
            | "countries"
            | "person"
            | "exact"
            | "amount"
            | "venue"
            | "location"
            | "quantity"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{FactBase, harbour};
    use crate::matching::Matcher;
    use crate::text::normalise::normalise;

    fn analysis(text: &str) -> Analysis {
        Matcher::new(&FactBase::new(Vec::new())).analyse(&normalise(text))
    }

    fn words(terms: &[Term]) -> String {
        let words: Vec<&str> = terms.iter().map(|term| term.word.as_str()).collect();
        words.join(" ")
    }

    #[test]
    fn what_was_not_meant_is_taken_away() {
        let left = |text: &str| without_taken_back(&analysis(text).terms).map(words);
        for (text, expected) in [
            ("Not the wall, the gate.", Some("the gate")),
            (
                "no, not the wall. When was the gate built?",
                Some("when was the gate built"),
            ),
            ("not the wall but the gate", Some("but the gate")),
            ("no, I mean the old gate", Some("the old gate")),
            ("Sorry, I meant the boats", Some("the boats")),
            ("not the wall", None),
            ("not the wall, gates", Some("gates")),
            ("not the wall, and you?", None),
            ("Did it not sink, or was it raised?", None),
            ("When did it, I mean the boat, sink?", None),
            ("The gate.", None),
        ] {
            assert_eq!(left(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_day_that_is_named_takes_the_place_of_the_day_before() {
        let before = analysis("What did the harbour master say on Thursday about the wall?");
        let matcher = Matcher::new(&FactBase::new(Vec::new()));
        let together = |own: &str| words(&joined(&analysis(own), &before, matcher.vocabulary()));
        assert_eq!(together("and on Tuesday?"), "and on tuesday harbor master say wall");
        assert_eq!(
            together("and the gate?"),
            "and the gate harbor master say thursday wall"
        );
    }

    #[test]
    fn a_name_that_the_facts_have_takes_the_place_of_one_that_they_do_not_have_unless_it_points_back() {
        let matcher = Matcher::new(&harbour::base().unwrap());
        let read = |text: &str| matcher.analyse(&normalise(text));
        let before = read("What did Okonkwo do with the old crane?");
        let has_okonkwo = |own: &str| {
            let terms = joined(&read(own), &before, matcher.vocabulary());
            terms.iter().any(|term| term.word == "okonkwo")
        };
        assert!(has_okonkwo("and when?"));
        assert!(!has_okonkwo("and Gull Island?"));
        assert!(has_okonkwo("did he go to Gull Island?"));
    }

    #[test]
    fn how_much_of_its_own_a_question_has_says_whether_it_may_lean() {
        for (text, expected) in [
            ("and when?", Leaning::Full),
            ("harbour wall gate", Leaning::Maybe),
            ("harbour wall gate boat", Leaning::None),
            ("and the harbour wall gate boat crane pier?", Leaning::Maybe),
            ("and the harbour wall gate boat crane pier quarry?", Leaning::None),
        ] {
            assert_eq!(leaning(&analysis(text).terms), expected, "{text}");
        }
    }

    #[test]
    fn what_is_pointed_at_may_have_been_told_apart_from_others() {
        for (own, before, expected) in [
            ("where did it end", "What happened on Jan. 2?", vec!["01-02"]),
            (
                "where did that one end",
                "When was the first boat raised?",
                vec!["first"],
            ),
            ("where did it end on Jan. 3", "What happened on Jan. 2?", vec![]),
            ("and the last one", "When was the first boat raised?", vec![]),
            ("where did the boat end", "What happened on Jan. 2?", vec![]),
            ("how did he rate it", "What happened on Jan. 2?", vec![]),
            ("where did it end", "Was the boat raised?", vec![]),
        ] {
            let before = analysis(before);
            let own = analysis(own);
            let found: Vec<&str> = told_apart(&own.terms, &before.terms)
                .map(|term| term.word.as_str())
                .collect();
            assert_eq!(found, expected, "{}", words(&own.terms));
        }
    }

    #[test]
    fn only_what_was_said_is_doubted() {
        for (text, expected) in [
            ("Are you sure?", true),
            ("really?", true),
            ("is that really true", true),
            ("Is it true that the wall is high?", false),
            ("and when?", false),
        ] {
            assert_eq!(only_doubts(&analysis(text)), expected, "{text}");
        }
    }

    #[test]
    fn a_borrowed_name_weighs_no_more_than_other_borrowed_words() {
        let matcher = Matcher::new(&FactBase::new(Vec::new()));
        let before = analysis("Did Germany pay for the wall?");
        let terms = joined(&analysis("and when?"), &before, matcher.vocabulary());
        let joined = Analysis::of_terms(terms, Vec::new(), matcher.vocabulary());
        let name = joined.terms.iter().find(|term| term.word == "germany").unwrap();
        assert_eq!(name.knowledge, Knowledge::ForeignName);
        assert!((name.weight - CONTEXT_WEIGHT).abs() < 1e-6, "{}", name.weight);
    }

    #[test]
    fn only_who_says_so_is_asked() {
        for (text, expected) in [
            ("Who said that?", true),
            ("and who told you so?", true),
            ("Who calls it that?", true),
            ("Who said that the wall is high?", false),
            ("When did they say so?", false),
            ("Who?", false),
        ] {
            assert_eq!(asks_only_who_says(&analysis(text)), expected, "{text}");
        }
    }
}
