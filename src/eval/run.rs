//! All labelled questions put to one answerer, and the counts over them.
//!
//! A run keeps every reply, so that two runs can be compared question by question. Deliberately absent: how a
//! question is answered; the caller passes that in.

use std::collections::HashMap;

use super::labelled::{Expect, LabelledConversation, LabelledQuestion};
use super::reliability::{CurvePoint, Given, Reliability, auroc, risk_coverage_curve};
use super::verdict::{Judgement, Verdict, judge};
use crate::answer::{Answer, Conversation, Outcome};

/// Every question with its reply and verdict, in the order asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The questions, dialogues flattened to their turns.
    pub judged: Vec<Judged>,
}

/// One question with its reply and verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// What was asked, and what is expected.
    pub labelled: LabelledQuestion,
    /// What was said.
    pub answer: Answer,
    /// What that is worth.
    pub judgement: Judgement,
    /// What had been said before.
    pub conversation: Conversation,
}

/// How many questions got which verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    counts: [usize; 4],
}

impl Run {
    /// Asks everything: each conversation starts afresh, each of its turns knows the earlier ones.
    pub fn of(
        conversations: Vec<LabelledConversation>,
        mut ask: impl FnMut(&str, &Conversation) -> (Answer, Conversation),
    ) -> Self {
        let mut judged = Vec::new();
        for turns in conversations {
            let mut conversation = Conversation::default();
            for labelled in turns.turns {
                let (answer, after) = ask(&labelled.question, &conversation);
                judged.push(Judged {
                    judgement: judge(&labelled.label, &answer),
                    labelled,
                    answer,
                    conversation: std::mem::replace(&mut conversation, after),
                });
            }
        }
        Self { judged }
    }

    /// The counts over everything.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut tally = Tally::default();
        for judged in &self.judged {
            tally.add(judged.judgement.verdict);
        }
        tally
    }

    /// The counts of each category, in the order in which the categories first appear.
    #[must_use]
    pub fn by_category(&self) -> Vec<(&str, Tally)> {
        let mut place = HashMap::new();
        let mut tallies: Vec<(&str, Tally)> = Vec::new();
        for judged in &self.judged {
            let category = judged.labelled.category.as_str();
            let index = *place.entry(category).or_insert(tallies.len());
            if index == tallies.len() {
                tallies.push((category, Tally::default()));
            }
            if let Some((_, tally)) = tallies.get_mut(index) {
                tally.add(judged.judgement.verdict);
            }
        }
        tallies
    }

    /// Everything that is not right, wrong ones first.
    #[must_use]
    pub fn failures(&self) -> Vec<&Judged> {
        let with = |verdict| {
            self.judged
                .iter()
                .filter(move |judged| judged.judgement.verdict == verdict)
        };
        Verdict::BY_URGENCY
            .into_iter()
            .filter(|verdict| *verdict != Verdict::Right)
            .flat_map(with)
            .collect()
    }

    /// How far the confidence of the answers given can be believed.
    #[must_use]
    pub fn reliability(&self) -> Reliability {
        Reliability::of(&self.given())
    }

    /// The share wrong among the most confident answers, for every number of them.
    #[must_use]
    pub fn risk_coverage_curve(&self) -> Vec<CurvePoint> {
        risk_coverage_curve(&self.given())
    }

    fn given(&self) -> Vec<Given> {
        self.judged
            .iter()
            .filter(|judged| judged.answer.outcome == Outcome::Answer)
            .map(|judged| Given {
                confidence: judged.answer.confidence,
                is_right: judged.judgement.verdict == Verdict::Right,
            })
            .collect()
    }

    /// How probably a question that the source answers has the higher confidence than one that it does not, whatever
    /// was decided; questions that may go either way are left out. `None` unless there are both.
    #[must_use]
    pub fn answerable_auroc(&self) -> Option<f64> {
        let scored = self.judged.iter().filter_map(|judged| {
            let is_answerable = match judged.labelled.label.expect {
                Expect::Answer => true,
                Expect::Decline => false,
                Expect::Either => return None,
            };
            Some((judged.answer.confidence, is_answerable))
        });
        auroc(scored)
    }
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict) {
        self.counts[verdict as usize] += 1;
    }

    /// How many got this verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.counts[verdict as usize]
    }

    /// How many there are.
    #[must_use]
    pub fn n_questions(&self) -> usize {
        self.counts.iter().sum()
    }

    /// The share with this verdict among all; `None` where there are no questions.
    #[must_use]
    pub fn share(&self, verdict: Verdict) -> Option<f64> {
        let n_questions = self.n_questions();
        (n_questions > 0).then(|| self.count(verdict) as f64 / n_questions as f64)
    }
}
