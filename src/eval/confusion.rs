//! What was said instead of what: pairs of facts that are taken for each other.
//!
//! A label names paragraphs and words, not facts, so the caller says which fact would have been right.

use std::collections::BTreeMap;

use super::run::{Judged, Run};
use super::verdict::Verdict;
use crate::answer::Answer;

/// What is expected where nothing should be asserted, and what is said where nothing is.
pub const NOTHING: &str = "(nothing)";
/// What is expected where no single fact would do.
pub const NO_SINGLE_FACT: &str = "(no single fact)";

/// What was said instead of what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfusionPair {
    /// The fact that would have been right.
    pub expected: String,
    /// The facts or the gap that were said.
    pub said: String,
    /// The ids of the questions, in the order asked.
    pub questions: Vec<String>,
}

/// The pairs over everything that is not right, the most frequent first; `expected` names the fact that would have been
/// right for a question.
#[must_use]
pub fn pairs(run: &Run, expected: impl Fn(&Judged) -> String) -> Vec<ConfusionPair> {
    let mut questions: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let failed = run
        .judged
        .iter()
        .filter(|judged| judged.judgement.verdict != Verdict::Right);
    for judged in failed {
        let pair = (expected(judged), said(&judged.answer));
        questions.entry(pair).or_default().push(judged.labelled.id.clone());
    }
    let mut pairs: Vec<ConfusionPair> = questions
        .into_iter()
        .map(|((expected, said), questions)| ConfusionPair {
            expected,
            said,
            questions,
        })
        .collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.questions.len()));
    pairs
}

/// The names of the facts and of the gap that an answer says.
#[must_use]
pub fn said(answer: &Answer) -> String {
    let gap = answer.gap.as_ref().map(|gap| format!("gap {gap}"));
    let names: Vec<String> = answer.facts.iter().map(|fact| fact.fact.clone()).chain(gap).collect();
    if names.is_empty() {
        NOTHING.to_owned()
    } else {
        names.join(" + ")
    }
}
