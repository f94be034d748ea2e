//! "And when?": a question that leans on the one before it, put together with what it leans on.
//!
//! Promise: a question that stands on its own is never dragged into the old topic: what leans is read from the question
//! alone, and both readings then compete by their confidence.

use crate::fact::Kind;
use crate::matching::analysis::{Analysis, Knowledge, Term};
use crate::matching::kind::Kinds;

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
    starts_leaning || terms.iter().any(|term| POINTING.contains(&term.word.as_str()))
}

/// Whether the owner of what is asked for is only pointed at: "his post", "its name".
#[must_use]
pub fn has_pointing_owner(terms: &[Term]) -> bool {
    terms.iter().any(|term| POINTING_OWNERS.contains(&term.word.as_str()))
}

/// The question's own terms followed by the matter of what it leans on. Its own question words decide what is asked: "who
/// did?" asks for another than whoever was named, where the briefing does not have him.
#[must_use]
pub fn joined(own: &[Term], before: &Analysis) -> Vec<Term> {
    let mut terms = own.to_vec();
    let asks_for_another = asks_for_another(own);
    for (place, term) in before.terms.iter().enumerate() {
        let in_alias = before
            .mentions
            .iter()
            .any(|mention| (mention.start..mention.start + mention.length).contains(&place));
        let is_new = !own.iter().any(|other| other.stem == term.stem);
        let is_replaced = asks_for_another && term.knowledge == Knowledge::ForeignName;
        if (in_alias || !term.is_function) && is_new && !is_asking_noun(&term.word) && !is_replaced {
            terms.push(Term {
                boundary: crate::text::tokens::Boundary::None,
                weight: term.weight * CONTEXT_WEIGHT,
                ..term.clone()
            });
        }
    }
    terms
}

/// "So who did?": nothing but who, so that whoever was named before is not meant. "Who said that?" is about what was said.
fn asks_for_another(own: &[Term]) -> bool {
    own.iter().any(|term| matches!(term.word.as_str(), "who" | "whom"))
        && own
            .iter()
            .all(|term| term.is_function && !matches!(term.word.as_str(), "that" | "this" | "it"))
}

/// Verbs by which somebody stands behind what a fact says: every answer names who does.
const SAYING: &[&str] = &[
    "announced",
    "claimed",
    "claims",
    "confirmed",
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

/// "Which *day* …" says what is asked, not what it is about.
fn is_asking_noun(word: &str) -> bool {
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
