//! Whether one reply is right, and if not, why not.
//!
//! Every rule of the labelled questions' format is here and nowhere else. Promise: every fault of a reply is named,
//! not only the first. Deliberately absent: confidence. A verdict judges what was said, not how sure the bot was.

use std::collections::BTreeSet;

use super::labelled::{Expect, Label};
use crate::answer::{Answer, Outcome};
use crate::fact::Paragraph;

/// So long may an asserted answer's text be for each fact that it gives.
pub const MAX_CHARS_PER_FACT: usize = 350;
/// So long may an asserted answer's text be in all.
pub const MAX_ANSWER_CHARS: usize = 700;

/// What a reply is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Right,
    /// Something was said that should not have been: the harm.
    Wrong,
    /// An answerable question got suggestions only.
    Helped,
    /// An answerable question was declined.
    Silent,
}

impl Verdict {
    /// Every verdict, the most urgent failure first and right last: the order in which failures are read.
    pub const BY_URGENCY: [Self; 4] = [Self::Wrong, Self::Helped, Self::Silent, Self::Right];

    /// The name it has in tables and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Helped => "helped",
            Self::Silent => "silent",
        }
    }
}

/// A verdict with its grounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What the reply is worth.
    pub verdict: Verdict,
    /// Everything that is wrong with it; empty when it is right.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong with a reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The source does not state it, and yet something was asserted.
    #[error("asserted an answer where the source states none")]
    Asserted,
    /// Something was said that must not be.
    #[error("says `{0}`, which must not be said")]
    Forbidden(String),
    /// A group of which nothing was said.
    #[error("says none of {}", in_backticks(.0))]
    Missing(Vec<String>),
    /// None of the paragraphs that state it is cited.
    #[error("cites {}; expected one of {}", listed(.cited), listed(.expected))]
    CitedElsewhere {
        /// What is cited.
        cited: Vec<Paragraph>,
        /// What states it.
        expected: Vec<Paragraph>,
    },
    /// Most of what is cited does not state it.
    #[error("cites {}; fewer than half of them are among {}", listed(.cited), listed(.expected))]
    CitedTooWidely {
        /// What is cited.
        cited: Vec<Paragraph>,
        /// What states it.
        expected: Vec<Paragraph>,
    },
    /// The text buries the answer.
    #[error("the answer has {n_chars} characters; at most {limit} for the facts given")]
    TooLong {
        /// The text's length.
        n_chars: usize,
        /// What is allowed for so many facts.
        limit: usize,
    },
    /// Nothing was asserted, though the source states it.
    #[error("only suggested questions, though the source states it")]
    OnlySuggested,
    /// Declined, though the source states it.
    #[error("declined, though the source states it")]
    Declined,
}

/// Judges one reply by its question's label.
#[must_use]
pub fn judge(label: &Label, answer: &Answer) -> Judgement {
    let mut faults = forbidden(label, answer);
    let verdict = match (answer.outcome, label.expect) {
        (Outcome::Answer, Expect::Decline) => {
            faults.push(Fault::Asserted);
            Verdict::Wrong
        }
        (Outcome::Answer, Expect::Answer | Expect::Either) => {
            faults.extend(assertion_faults(label, answer));
            Verdict::Right
        }
        (Outcome::Suggest | Outcome::None, _) if !faults.is_empty() => Verdict::Wrong,
        (Outcome::Suggest | Outcome::None, Expect::Decline | Expect::Either) => Verdict::Right,
        (Outcome::Suggest, Expect::Answer) => {
            faults.push(Fault::OnlySuggested);
            Verdict::Helped
        }
        (Outcome::None, Expect::Answer) => {
            faults.push(Fault::Declined);
            Verdict::Silent
        }
    };
    let verdict = match verdict {
        Verdict::Right if !faults.is_empty() => Verdict::Wrong,
        verdict => verdict,
    };
    Judgement { verdict, faults }
}

fn forbidden(label: &Label, answer: &Answer) -> Vec<Fault> {
    let said = searchable(said_as_answer(answer).chain([answer.message.as_str()]));
    label
        .must_not
        .iter()
        .filter(|words| said.contains(&sought(words)))
        .map(|words| Fault::Forbidden(words.clone()))
        .collect()
}

fn assertion_faults(label: &Label, answer: &Answer) -> Vec<Fault> {
    let said = searchable(said_as_answer(answer));
    let mut faults: Vec<Fault> = label
        .must
        .iter()
        .filter(|group| !group.iter().any(|words| said.contains(&sought(words))))
        .map(|group| Fault::Missing(group.clone()))
        .collect();
    faults.extend(citation_fault(label, answer));
    let n_chars = answer.text.as_deref().map_or(0, |text| text.chars().count());
    let limit = (MAX_CHARS_PER_FACT * answer.facts.len()).min(MAX_ANSWER_CHARS);
    if n_chars > limit {
        faults.push(Fault::TooLong { n_chars, limit });
    }
    faults
}

fn citation_fault(label: &Label, answer: &Answer) -> Option<Fault> {
    let cited: BTreeSet<Paragraph> = answer.citations.iter().map(|citation| citation.paragraph).collect();
    let n_expected = cited
        .iter()
        .filter(|paragraph| label.paragraphs.contains(paragraph))
        .count();
    let n_cited = cited.len();
    let cited = || cited.iter().copied().collect();
    let expected = label.paragraphs.clone();
    if n_expected == 0 {
        Some(Fault::CitedElsewhere {
            cited: cited(),
            expected,
        })
    } else if 2 * n_expected < n_cited {
        Some(Fault::CitedTooWidely {
            cited: cited(),
            expected,
        })
    } else {
        None
    }
}

/// What an answer asserts: its text and its fragments. The speaker's field is left out on purpose, so that an answer
/// itself says who claims it.
fn said_as_answer(answer: &Answer) -> impl Iterator<Item = &str> {
    let quotes = answer.citations.iter().filter_map(|citation| citation.quote.as_deref());
    answer.text.as_deref().into_iter().chain(quotes)
}

/// One lower-case line with a space at either end: alternatives such as ` US ` carry spaces as word boundaries.
fn searchable<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut line = String::from(" ");
    for word in parts.flat_map(str::split_whitespace) {
        line.push_str(&word.to_lowercase());
        line.push(' ');
    }
    line
}

/// Words as they stand in a [`searchable`] line: spaces at their ends stay, each run of white space is one space.
fn sought(words: &str) -> String {
    let mut sought = String::new();
    for character in words.to_lowercase().chars() {
        if !character.is_whitespace() {
            sought.push(character);
        } else if !sought.ends_with(' ') {
            sought.push(' ');
        }
    }
    sought
}

fn in_backticks(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|words| format!("`{words}`")).collect();
    quoted.join(", ")
}

fn listed(paragraphs: &[Paragraph]) -> String {
    if paragraphs.is_empty() {
        return "nothing".to_owned();
    }
    let names: Vec<String> = paragraphs
        .iter()
        .map(|paragraph| match paragraph {
            Paragraph::Headline | Paragraph::Caption => format!("the {paragraph}"),
            Paragraph::Number(number) => format!("paragraph {number}"),
        })
        .collect();
    names.join(", ")
}
