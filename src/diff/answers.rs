//! Which questions get another answer from another fact base.

use std::collections::HashSet;

use crate::answer::{Answer, Conversation};
use crate::engine::Snapshot;
use crate::fact::FactBase;

/// A question whose answer changed.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedAnswer {
    /// What is asked.
    pub question: String,
    /// What was said.
    pub before: Said,
    /// What is said now.
    pub after: Said,
}

/// What is said to a question, as far as a change of it matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// `answer`, `suggest` or `none`.
    pub outcome: &'static str,
    /// The facts that answer.
    pub facts: Vec<String>,
    /// The gap that matched.
    pub gap: Option<String>,
    /// The claims, or the message where nothing is asserted.
    pub text: String,
    /// 0 to 1.
    pub confidence: f32,
}

impl Said {
    fn of(answer: &Answer) -> Self {
        Self {
            outcome: answer.outcome.name(),
            facts: answer.facts.iter().map(|fact| fact.fact.clone()).collect(),
            gap: answer.gap.clone(),
            text: answer.text.clone().unwrap_or_else(|| answer.message.clone()),
            confidence: answer.confidence,
        }
    }

    /// The names of what is said: the facts', the gap's, or the outcome's where there is neither.
    #[must_use]
    pub fn names(&self) -> String {
        let gap = self.gap.as_ref().map(|gap| format!("gap {gap}"));
        let names: Vec<String> = self.facts.iter().cloned().chain(gap).collect();
        if names.is_empty() {
            self.outcome.to_owned()
        } else {
            names.join(" + ")
        }
    }

    /// Whether another thing is said: a fact that reads otherwise is another thing, other suggestions are not.
    fn differs_from(&self, other: &Self) -> bool {
        let is_asserted = self.outcome == "answer" || self.gap.is_some();
        (self.outcome, &self.facts, &self.gap) != (other.outcome, &other.facts, &other.gap)
            || (is_asserted && self.text != other.text)
    }
}

/// The questions that get another answer from the new facts, in the order given; each is asked by itself, without a
/// conversation.
pub fn answers<'q>(old: &Snapshot, new: &Snapshot, questions: impl IntoIterator<Item = &'q str>) -> Vec<ChangedAnswer> {
    let alone = Conversation::default();
    let mut changed = Vec::new();
    for question in questions {
        let [before, after] = [old, new].map(|snapshot| Said::of(&snapshot.ask(question, &alone).0));
        if after.differs_from(&before) {
            changed.push(ChangedAnswer {
                question: question.to_owned(),
                before,
                after,
            });
        }
    }
    changed
}

/// Every phrasing of both bases, once: the questions to ask where there is no other set.
#[must_use]
pub fn own_questions<'b>(old: &'b FactBase, new: &'b FactBase) -> Vec<&'b str> {
    let mut seen = HashSet::new();
    [old, new]
        .into_iter()
        .flat_map(|base| &base.briefings)
        .flat_map(|briefing| {
            let of_facts = briefing.facts.iter().flat_map(|fact| &fact.phrasings);
            of_facts.chain(briefing.gaps.iter().flat_map(|gap| &gap.phrasings))
        })
        .filter(|question| seen.insert(*question))
        .collect()
}
