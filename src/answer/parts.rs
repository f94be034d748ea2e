//! One message → the questions in it.
//!
//! "Who met there, and when?" is two questions, the second of which borrows its matter from the first. A sentence that
//! asks nothing ("my uncle says …") is no part, but stays the ground of the whole. Promise: at least one part
//! where there is a word; at most [`MAX_PARTS`].

use std::ops::Range;

use crate::matching::analysis::{Analysis, Term};
use crate::matching::kind;
use crate::text::tokens::Boundary;

/// Parts past this number are left with the last one: no more facts than this answer one message anyway.
pub const MAX_PARTS: usize = 4;

/// Words that may stand between a joint and the question word behind it.
const LEADS: &[&str] = &[
    "about", "also", "and", "as", "at", "by", "for", "from", "if", "in", "of", "on", "or", "plus", "so", "then", "to",
    "under", "with",
];
const QUESTION_WORDS: &[&str] = &["how", "what", "when", "where", "which", "who", "whom", "whose", "why"];
const VERBS: &[&str] = &[
    "are", "can", "could", "did", "do", "does", "had", "has", "have", "is", "was", "were", "will", "would",
];

/// The questions in a message, each as the places of its terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// Sentences that ask something, in order, or the whole where none does.
    pub asking: Vec<Range<usize>>,
    /// Whether sentences were left out that ask nothing.
    pub has_ground: bool,
}

/// Splits a message into its questions.
#[must_use]
pub fn split(message: &Analysis) -> Parts {
    let mut asking: Vec<Range<usize>> = Vec::new();
    let mut has_ground = false;
    for sentence in sentences(&message.terms) {
        if has_cue(&message.terms[sentence.clone()]) {
            asking.extend(clauses(&message.terms, sentence));
        } else {
            has_ground = true;
        }
    }
    if asking.is_empty() {
        asking.push(0..message.terms.len());
        has_ground = false;
    }
    let end = asking.last().map_or(0, |last| last.end);
    asking.truncate(MAX_PARTS);
    if let Some(last) = asking.last_mut() {
        last.end = end;
    }
    Parts { asking, has_ground }
}

fn sentences(terms: &[Term]) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (index, term) in terms.iter().enumerate().skip(1) {
        if term.boundary == Boundary::Sentence {
            sentences.push(start..index);
            start = index;
        }
    }
    if start < terms.len() {
        sentences.push(start..terms.len());
    }
    sentences
}

/// Splits a sentence where a comma or "and" stands before another question word or verb of asking.
fn clauses(terms: &[Term], sentence: Range<usize>) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = sentence.start;
    for index in sentence.start + 1..sentence.end {
        let is_joint = terms[index].boundary == Boundary::Comma || matches!(terms[index].word.as_str(), "and" | "plus");
        // The cheaper test first: what stands before is read only where a question may begin.
        if is_joint
            && begins_question(&terms[index..sentence.end], &terms[start..index])
            && has_cue(&terms[start..index])
        {
            clauses.push(start..index);
            start = index;
        }
    }
    clauses.push(start..sentence.end);
    clauses
}

fn has_cue(terms: &[Term]) -> bool {
    let words: Vec<&str> = terms.iter().map(|term| term.word.as_str()).collect();
    !kind::asked(&words).kinds.is_empty()
}

/// A verb begins a question only behind a clause that has its own verb: "which of them, in your view, is …" is one clause.
fn begins_question(terms: &[Term], before: &[Term]) -> bool {
    let mut rest = terms
        .iter()
        .map(|term| term.word.as_str())
        .skip_while(|word| LEADS.contains(word));
    match rest.next() {
        Some(word) if QUESTION_WORDS.contains(&word) => true,
        Some(word) if VERBS.contains(&word) => {
            rest.next().is_some() && before.iter().any(|term| VERBS.contains(&term.word.as_str()))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::FactBase;
    use crate::matching::Matcher;
    use crate::text::normalise::normalise;

    #[track_caller]
    fn check(message: &str, parts: &[&str]) {
        let matcher = Matcher::new(&FactBase::new(Vec::new()));
        let analysis = matcher.analyse(&normalise(message));
        let found: Vec<String> = split(&analysis)
            .asking
            .iter()
            .map(|places| {
                analysis.terms[places.clone()]
                    .iter()
                    .map(|term| term.word.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        assert_eq!(found, parts, "{message}");
    }

    #[test]
    fn questions_are_told_apart() {
        check("Who raised the wall, and when?", &["who raised the wall", "and when"]);
        check("When and where did it open?", &["when", "and where did it open"]);
        check("How high is it? Who paid?", &["how high is it", "who paid"]);
        check("My aunt saw it. Is it closed?", &["is it closed"]);
        check(
            "Which wall, in your view, is higher?",
            &["which wall in your view is higher"],
        );
        check("wall height", &["wall height"]);
        check("Who owns the boats and the wall?", &["who owns the boats and the wall"]);
    }
}
