//! What members made of their answers, as far as the store knows it without their words.
//!
//! Most who get no answer pass no words on: that something near a fact is missing shows in the counts only, and that an
//! answer is of little use in the votes. Deliberately absent: a score, since few vote, and the cross ones first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::cli::store::Feedback;
use crate::fact::FactRef;
use crate::store::{FactRating, Unanswered, UnansweredCount};

/// Facts of a list that are shown; the rest is counted.
const MAX_FACTS: usize = 10;

/// Questions near a fact that were left open.
struct LeftOpen<'f> {
    /// `None`: nothing was near.
    nearest: Option<&'f FactRef>,
    n_suggested: u64,
    n_declined: u64,
}

/// A paragraph for each list that has something in it.
pub(super) fn paragraphs(feedback: &Feedback) -> Vec<String> {
    let left_open = left_open(&feedback.unanswered);
    let lists = [
        list(
            "questions without an answer, with words that were passed on or not, by the nearest fact",
            left_open.iter().map(left_open_line).collect(),
        ),
        list(
            "votes on answers, the least helpful first",
            feedback.ratings.iter().map(votes_line).collect(),
        ),
    ];
    lists.into_iter().flatten().collect()
}

fn list(title: &str, lines: Vec<String>) -> Option<String> {
    if lines.is_empty() {
        return None;
    }
    let n_more = lines.len().saturating_sub(MAX_FACTS);
    let mut shown = vec![title.to_owned()];
    shown.extend(lines.into_iter().take(MAX_FACTS));
    if n_more > 0 {
        shown.push(format!("  … and {n_more} more"));
    }
    Some(shown.join("\n"))
}

fn left_open_line(near: &LeftOpen<'_>) -> String {
    let LeftOpen {
        nearest,
        n_suggested,
        n_declined,
    } = near;
    let nearest = nearest.map_or("nothing is near".to_owned(), |fact| format!("`{}`", named(fact)));
    format!(
        "  {:>4} × {nearest}: {n_suggested} with suggestions, {n_declined} without",
        n_suggested + n_declined
    )
}

fn votes_line(rating: &FactRating) -> String {
    format!(
        "  `{}`: {} helped, {} did not",
        named(&rating.fact),
        rating.n_helpful,
        rating.n_not_helpful
    )
}

/// As `--accept` takes it.
fn named(fact: &FactRef) -> String {
    format!("{}/{}", fact.briefing, fact.fact)
}

/// By the nearest fact, the most often first.
fn left_open(counts: &[UnansweredCount]) -> Vec<LeftOpen<'_>> {
    let mut by_fact: BTreeMap<Option<&FactRef>, (u64, u64)> = BTreeMap::new();
    for count in counts {
        let (n_suggested, n_declined) = by_fact.entry(count.nearest.as_ref()).or_default();
        match count.outcome {
            Unanswered::Suggested => *n_suggested += count.n,
            Unanswered::Declined => *n_declined += count.n,
        }
    }
    let mut left_open: Vec<LeftOpen<'_>> = by_fact
        .into_iter()
        .map(|(nearest, (n_suggested, n_declined))| LeftOpen {
            nearest,
            n_suggested,
            n_declined,
        })
        .collect();
    left_open.sort_by_key(|near| Reverse(near.n_suggested + near.n_declined));
    left_open
}

#[derive(Serialize)]
pub(super) struct FeedbackJson {
    left_open: Vec<LeftOpenJson>,
    votes: Vec<VotesJson>,
}

#[derive(Serialize)]
struct LeftOpenJson {
    nearest: Option<String>,
    suggested: u64,
    declined: u64,
}

#[derive(Serialize)]
struct VotesJson {
    fact: String,
    helpful: u64,
    not_helpful: u64,
}

pub(super) fn json(feedback: &Feedback) -> FeedbackJson {
    let left_open = left_open(&feedback.unanswered);
    let left_open = left_open.iter().map(|near| LeftOpenJson {
        nearest: near.nearest.map(named),
        suggested: near.n_suggested,
        declined: near.n_declined,
    });
    let votes = feedback.ratings.iter().map(|rating| VotesJson {
        fact: named(&rating.fact),
        helpful: rating.n_helpful,
        not_helpful: rating.n_not_helpful,
    });
    FeedbackJson {
        left_open: left_open.collect(),
        votes: votes.collect(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn fact(id: &str) -> FactRef {
        FactRef {
            briefing: "harbour".to_owned(),
            fact: id.to_owned(),
        }
    }

    fn feedback(n_facts: u64) -> Feedback {
        let count = |nearest, outcome, n| UnansweredCount { nearest, outcome, n };
        let mut unanswered = vec![
            count(None, Unanswered::Declined, 4),
            count(Some(fact("pier")), Unanswered::Declined, 3),
            count(Some(fact("pier")), Unanswered::Suggested, 2),
        ];
        unanswered.extend((0..n_facts).map(|n| count(Some(fact(&format!("crane-{n}"))), Unanswered::Suggested, 1)));
        Feedback {
            unanswered,
            ratings: vec![FactRating {
                fact: fact("pier"),
                n_helpful: 1,
                n_not_helpful: 2,
            }],
        }
    }

    #[test]
    fn counts_are_added_up_by_fact_and_the_most_come_first() {
        expect![[r"
            questions without an answer, with words that were passed on or not, by the nearest fact
                 5 × `harbour/pier`: 2 with suggestions, 3 without
                 4 × nothing is near: 0 with suggestions, 4 without

            votes on answers, the least helpful first
              `harbour/pier`: 1 helped, 2 did not
        "]]
        .assert_eq(&(paragraphs(&feedback(0)).join("\n\n") + "\n"));
    }

    #[test]
    fn what_is_too_long_is_counted_and_what_is_empty_is_not_there() {
        let long = paragraphs(&feedback(10));
        assert!(long[0].ends_with("\n  … and 2 more"), "{}", long[0]);
        let nothing = Feedback {
            unanswered: Vec::new(),
            ratings: Vec::new(),
        };
        assert_eq!(paragraphs(&nothing), Vec::<String>::new());
    }
}
