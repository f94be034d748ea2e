//! Labelled questions → examples to fit on.

use sha2::{Digest, Sha256};

use crate::answer::compose::compose;
use crate::answer::decide::{Decision, Open, Verdict as Say, names_a_stranger};
use crate::answer::respond::Read;
use crate::answer::{Answer, Conversation};
use crate::engine::Snapshot;
use crate::eval::{Expect, LabelledConversation, LabelledQuestion, Verdict, judge};
use crate::matching::Match;
use crate::matching::signals::Signals;

/// What a question is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Everything.
    All,
    /// The weights of signals: it is harder than what people ask, so no calibration and no threshold is taken from it.
    WeightsOnly,
}

/// A labelled question with its candidates, in the ranker's order.
#[derive(Debug, Clone)]
pub struct Question {
    /// The label's id.
    pub id: String,
    /// Whether declining would be right.
    pub may_decline: bool,
    /// What it is used for.
    pub used_for: Use,
    /// Whether it may lean on the turn before.
    pub is_follow_up: bool,
    /// What it may be about.
    pub candidates: Vec<Candidate>,
}

/// One fact or gap that may be what a question is about.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The fact's or gap's id.
    pub id: String,
    /// Whether it is a gap.
    pub is_gap: bool,
    /// Whether a reply made of it is judged right.
    pub is_right: bool,
    /// Whether the question names something well known that neither the glossary nor this has.
    pub names_a_stranger: bool,
    /// What spoke for and against it.
    pub signals: Signals,
}

impl Question {
    /// The fold that it belongs to. Pairs that differ in one word (`a` and `b`) and turns of one dialogue go together.
    #[must_use]
    pub fn fold(&self, n_folds: u64) -> u64 {
        let stem = self
            .id
            .split('.')
            .next()
            .unwrap_or_default()
            .trim_end_matches(['a', 'b']);
        fold_of(stem, n_folds)
    }
}

impl Candidate {
    /// The fold that its fact or gap belongs to.
    #[must_use]
    pub fn fold(&self, n_folds: u64) -> u64 {
        fold_of(&self.id, n_folds)
    }
}

/// A hash that is the same on every machine and in every version.
fn fold_of(text: &str, n_folds: u64) -> u64 {
    let hash = Sha256::digest(text);
    u64::from(hash[0]) % n_folds
}

/// Asks all questions and collects their candidates. Messages that no fact is looked up for are left out.
#[must_use]
pub fn questions(snapshot: &Snapshot, conversations: &[LabelledConversation], used_for: Use) -> Vec<Question> {
    let mut questions = Vec::new();
    for turns in conversations {
        let mut conversation = Conversation::default();
        for labelled in &turns.turns {
            let read = snapshot.read(&labelled.question, &conversation);
            if let Read::Question(decision) = &read {
                questions.push(question(snapshot, labelled, decision, used_for));
            }
            conversation = snapshot.answer(&read, &conversation).1;
        }
    }
    questions
}

fn question(snapshot: &Snapshot, labelled: &LabelledQuestion, decision: &Decision, used_for: Use) -> Question {
    let mut matches: Vec<&Match> = decision.reading.matches.iter().collect();
    matches.sort_by(|a, b| b.ranked.score.total_cmp(&a.ranked.score).then(a.class.cmp(&b.class)));
    Question {
        id: labelled.id.clone(),
        may_decline: labelled.label.expect != Expect::Answer,
        used_for,
        is_follow_up: decision.reading.is_follow_up,
        candidates: matches
            .into_iter()
            .map(|found| candidate(snapshot, labelled, decision, found))
            .collect(),
    }
}

fn candidate(snapshot: &Snapshot, labelled: &LabelledQuestion, decision: &Decision, found: &Match) -> Candidate {
    let is_gap = snapshot.matcher().class(found.class).is_gap();
    let verdict = if is_gap {
        Say::Gap(found.class)
    } else {
        Say::Answer {
            facts: vec![found.class],
            open: Open::Nothing,
        }
    };
    let alone = Decision {
        verdict,
        confidence: found.confidence,
        reading: decision.reading.clone(),
    };
    let answer: Answer = compose(snapshot.base(), snapshot.matcher(), &alone).0;
    let id = answer
        .facts
        .first()
        .map(|fact| fact.fact.clone())
        .or_else(|| answer.gap.clone())
        .unwrap_or_default();
    Candidate {
        id,
        is_gap,
        is_right: judge(&labelled.label, &answer).verdict == Verdict::Right,
        names_a_stranger: names_a_stranger(&decision.reading.analysis, snapshot.matcher().class(found.class)),
        signals: found.signals,
    }
}
