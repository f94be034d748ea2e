//! Fits the weights that turn signals into a calibrated confidence, and the thresholds of the decision.
//!
//! Labelled questions are asked; every candidate that the ranker brings becomes an example: its signals, and whether an
//! answer made of it would have been judged right. A logistic model for facts and one for gaps are fitted to them, then
//! calibrated on what cross-validation predicts for the best candidate of each question, so that the confidence means
//! what it says. Promise: deterministic. Deliberately absent: files; the command is `cli::fit`.

mod ablation;
mod examples;
mod left_out;
mod logistic;

pub use ablation::{Ablated, ablations};
pub use examples::{Candidate, Question, Use, questions};
pub use left_out::{Bare, bare};

use crate::matching::confidence::{CONFIDENCE_OF_FAR, Thresholds, Weights};
use crate::matching::signals::{FACT_SIGNS, N_SIGNALS, Sign, Signals};
use logistic::Logistic;

/// Parts that questions (or facts) are divided into for cross-validation.
const N_FOLDS: u64 = 5;
/// How many right answers one wrong answer costs when the threshold is chosen. The goals (at least 92 % right, at most
/// 2 % wrong on ordinary questions) weigh a wrong answer about this much.
const COST_OF_WRONG: f64 = 2.5;
/// The confidence from which a fact is offered, but never more than half of what it is said from. Set by hand: an offer
/// asserts nothing, so no label says where offers begin.
const SUGGEST: f32 = 0.15;
/// The confidence from which a gap's sentence is said. Set by hand: below it the bot declines or offers facts, which the
/// labels judge alike.
const GAP: f32 = 0.35;
/// The thresholds that are tried, in hundredths. The least lies above the confidence of a fact that may only be offered.
const TRIED: std::ops::RangeInclusive<u8> = 31..=90;
const _: () = assert!(*TRIED.start() as f32 / 100.0 > CONFIDENCE_OF_FAR);
/// Best candidates of a question, in the ranker's order, that become examples: farther ones only repeat what is easy.
const N_EXAMPLES: usize = 5;

/// What came of a fit.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The weights to use.
    pub weights: Weights,
    /// How the weights do on questions that they were not fitted on.
    pub over_questions: Shares,
    /// How they do where the candidates' own facts and gaps were left out of the fit.
    pub over_facts: Shares,
}

/// Shares of questions under a policy that says the best fact alone; conversations and several facts are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Shares {
    /// Right, 0 to 1.
    pub right: f64,
    /// Wrong, 0 to 1.
    pub wrong: f64,
}

/// One confidence for each candidate of each question.
type Confidences = Vec<Vec<f32>>;

/// Fits weights to questions, beside those for bare facts; `None` where there is too little to fit: both a right and a wrong fact and gap are needed.
#[must_use]
pub fn fit(questions: &[Question], bare: Bare) -> Option<Fitted> {
    let full = Pair::fit(questions, |_, _| true)?;
    let by_question = cross_validate(questions, |question, _, fold| question.fold(N_FOLDS) == fold)?;
    let by_fact = cross_validate(questions, |_, candidate, fold| candidate.fold(N_FOLDS) == fold)?;
    let calibration = Calibration::fit(questions, &by_question)?;
    let calibrated = |raw: &Confidences| -> Confidences {
        let apply = |(question, row): (&Question, &Vec<f32>)| {
            row.iter()
                .zip(&question.candidates)
                .map(|(raw, candidate)| calibration.apply(*raw, candidate.is_gap))
                .collect()
        };
        questions.iter().zip(raw).map(apply).collect()
    };
    let (over_questions, over_facts) = (calibrated(&by_question), calibrated(&by_fact));
    let alone = |question: &Question| !question.is_follow_up;
    let answer = best_threshold(questions, &over_questions, alone);
    let follow_up = best_threshold(questions, &over_questions, |question| question.is_follow_up);
    let thresholds = Thresholds {
        answer,
        follow_up,
        suggest: SUGGEST.min(answer / 2.0),
        gap: GAP,
    };
    Some(Fitted {
        weights: Weights {
            fact: calibration.fact.fold_into(&full.fact),
            gap: calibration.gap.fold_into(&full.gap),
            bare,
            thresholds,
        },
        over_questions: shares(questions, &over_questions, &thresholds, |_| true),
        over_facts: shares(questions, &over_facts, &thresholds, |_| true),
    })
}

/// A model for facts and one for gaps.
struct Pair {
    fact: Logistic,
    gap: Logistic,
}

impl Pair {
    fn fit(questions: &[Question], is_used: impl Fn(&Question, &Candidate) -> bool) -> Option<Self> {
        let of_sort = |is_gap: bool| -> Vec<(Signals, bool)> {
            let used = questions.iter().flat_map(|question| {
                question
                    .candidates
                    .iter()
                    .take(N_EXAMPLES)
                    .filter(|candidate| is_used(question, candidate))
            });
            used.filter(|candidate| candidate.is_gap == is_gap)
                .map(|candidate| (candidate.signals, candidate.is_right))
                .collect()
        };
        Some(Self {
            fact: Logistic::fit(&of_sort(false), &FACT_SIGNS)?,
            gap: Logistic::fit(&of_sort(true), &[Sign::Either; N_SIGNALS])?,
        })
    }

    fn predict(&self, candidate: &Candidate) -> f32 {
        let model = if candidate.is_gap { &self.gap } else { &self.fact };
        model.predict(&candidate.signals)
    }
}

/// Predicts each candidate by a model that was fitted without it; `is_left_out` says which fold it belongs to.
fn cross_validate(
    questions: &[Question],
    is_left_out: impl Fn(&Question, &Candidate, u64) -> bool,
) -> Option<Confidences> {
    let mut confidences: Confidences = questions
        .iter()
        .map(|question| vec![0.0; question.candidates.len()])
        .collect();
    for fold in 0..N_FOLDS {
        let pair = Pair::fit(questions, |question, candidate| !is_left_out(question, candidate, fold))?;
        for (question, row) in questions.iter().zip(&mut confidences) {
            for (candidate, confidence) in question.candidates.iter().zip(row) {
                if is_left_out(question, candidate, fold) {
                    *confidence = pair.predict(candidate);
                }
            }
        }
    }
    Some(confidences)
}

/// Platt scaling: the best of several candidates looks better than it is, and this takes that back.
struct Calibration {
    fact: Platt,
    gap: Platt,
}

/// A straight line through log-odds.
#[derive(Clone, Copy)]
struct Platt {
    slope: f32,
    offset: f32,
}

impl Calibration {
    fn fit(questions: &[Question], confidences: &Confidences) -> Option<Self> {
        let mut pairs: [Vec<(f32, bool)>; 2] = [Vec::new(), Vec::new()];
        for (question, row) in usual(questions, confidences) {
            if let Some((best, confidence)) = best(question, row) {
                pairs[usize::from(best.is_gap)].push((log_odds(confidence), best.is_right));
            }
        }
        Some(Self {
            fact: Platt::fit(&pairs[0])?,
            gap: Platt::fit(&pairs[1])?,
        })
    }

    fn apply(&self, raw: f32, is_gap: bool) -> f32 {
        let platt = if is_gap { self.gap } else { self.fact };
        1.0 / (1.0 + (-(platt.slope * log_odds(raw) + platt.offset)).exp())
    }
}

impl Platt {
    fn fit(pairs: &[(f32, bool)]) -> Option<Self> {
        let (slope, offset) = logistic::line(pairs)?;
        Some(Self { slope, offset })
    }

    fn fold_into(self, model: &Logistic) -> [f32; N_SIGNALS + 1] {
        let mut weights = model.weights();
        weights.iter_mut().for_each(|weight| *weight *= self.slope);
        weights[N_SIGNALS] += self.offset;
        weights
    }
}

/// The questions that are like what people ask, with their confidences.
fn usual<'a>(
    questions: &'a [Question],
    confidences: &'a Confidences,
) -> impl Iterator<Item = (&'a Question, &'a Vec<f32>)> {
    questions
        .iter()
        .zip(confidences)
        .filter(|(question, _)| question.used_for == Use::All)
}

fn log_odds(confidence: f32) -> f32 {
    let bounded = confidence.clamp(1e-4, 1.0 - 1e-4);
    (bounded / (1.0 - bounded)).ln()
}

fn best<'a>(question: &'a Question, confidences: &[f32]) -> Option<(&'a Candidate, f32)> {
    let pairs = question.candidates.iter().zip(confidences.iter().copied());
    pairs.max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The threshold under which right answers less the cost of wrong ones are the most, in steps of 0.01, for these
/// questions alone.
fn best_threshold(
    questions: &[Question],
    confidences: &Confidences,
    is_meant: impl Fn(&Question) -> bool + Copy,
) -> f32 {
    let worth = |threshold: f32| {
        let thresholds = Thresholds {
            answer: threshold,
            follow_up: threshold,
            suggest: 0.0,
            gap: 0.0,
        };
        let shares = shares(questions, confidences, &thresholds, is_meant);
        shares.right - COST_OF_WRONG * shares.wrong
    };
    let steps = TRIED.map(|step| f32::from(step) / 100.0);
    steps.max_by(|a, b| worth(*a).total_cmp(&worth(*b))).unwrap_or(0.9)
}

fn shares(
    questions: &[Question],
    confidences: &Confidences,
    thresholds: &Thresholds,
    is_meant: impl Fn(&Question) -> bool,
) -> Shares {
    let (mut right, mut wrong, mut all) = (0_u32, 0_u32, 0_u32);
    for (question, row) in usual(questions, confidences).filter(|(question, _)| is_meant(question)) {
        all += 1;
        let threshold = if question.is_follow_up {
            thresholds.follow_up
        } else {
            thresholds.answer
        };
        match best(question, row) {
            Some((fact, confidence)) if !fact.is_gap && confidence >= threshold && !fact.names_a_stranger => {
                right += u32::from(fact.is_right);
                wrong += u32::from(!fact.is_right);
            }
            _ => right += u32::from(question.may_decline),
        }
    }
    let n = f64::from(all.max(1));
    Shares {
        right: f64::from(right) / n,
        wrong: f64::from(wrong) / n,
    }
}

#[cfg(test)]
mod tests;
