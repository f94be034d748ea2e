//! What each kind of signal is worth: the fit without it.
//!
//! Promise: each group is left out of the questions' signals and the weights are fitted anew, so that what is lost is what
//! the others cannot make up for. Deliberately absent: the ranker without its parts; that is another load, not a fit.

use super::{Bare, Question, Shares, fit};
use crate::matching::signals::NAMES;

/// What is left out together, by the beginnings of the signals' names.
const GROUPS: [(&str, &[&str]); 9] = [
    ("meaning (word vectors)", &["nearest-meaning", "soft-coverage"]),
    ("nearest phrasing by words", &["nearest-words", "exchanged"]),
    ("the trained ranker", &["likelihood", "margin", "lead"]),
    (
        "coverage of the question's words",
        &[
            "coverage",
            "soft-coverage",
            "heaviest-missing",
            "hardest-missing",
            "elsewhere",
            "rival-coverage",
        ],
    ),
    (
        "the thing asked for",
        &["noun-missing", "head-missing", "counted-other"],
    ),
    ("the kind of answer", &["kind-"]),
    (
        "names, numbers, dates",
        &[
            "entities-missing",
            "foreign-name",
            "unknown-words",
            "number-missing",
            "date-missing",
        ],
    ),
    ("opposites and roles", &["opposite", "roles-swapped"]),
    (
        "facts against gaps",
        &["rival", "margin-other", "nearest-words-ahead", "nearest-meaning-ahead"],
    ),
];

/// How a fit does without one group of signals.
#[derive(Debug, Clone, PartialEq)]
pub struct Ablated {
    /// What was left out.
    pub group: &'static str,
    /// Cross-validated over questions.
    pub over_questions: Shares,
    /// Cross-validated over facts.
    pub over_facts: Shares,
}

/// Fits again without each group in turn; a group without which nothing can be fitted is left out of the list.
#[must_use]
pub fn ablations(questions: &[Question], bare: Bare) -> Vec<Ablated> {
    let ablated = |(group, names): (&'static str, &[&str])| {
        let fitted = fit(&without(questions, names), bare)?;
        Some(Ablated {
            group,
            over_questions: fitted.over_questions,
            over_facts: fitted.over_facts,
        })
    };
    GROUPS.into_iter().filter_map(ablated).collect()
}

/// The questions with nothing in the signals that begin so.
fn without(questions: &[Question], names: &[&str]) -> Vec<Question> {
    let is_left_out = |name: &str| names.iter().any(|start| name.starts_with(start));
    let mut questions = questions.to_vec();
    let candidates = questions.iter_mut().flat_map(|question| &mut question.candidates);
    for candidate in candidates {
        for (name, signal) in NAMES.iter().zip(&mut candidate.signals) {
            if is_left_out(name) {
                *signal = 0.0;
            }
        }
    }
    questions
}

#[cfg(test)]
mod tests {
    use super::GROUPS;
    use crate::matching::signals::NAMES;

    #[test]
    fn every_group_leaves_something_out() {
        for (group, names) in GROUPS {
            for start in names {
                assert!(NAMES.iter().any(|name| name.starts_with(start)), "{group}: {start}");
            }
        }
    }
}
