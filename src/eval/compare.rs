//! Two runs over the same questions: what got better, what worse, and whether that can be chance.
//!
//! Questions are paired by id and words, so that a run over more questions can still be compared on those that it
//! shares. Promise: equal runs give no change and no figure. Deliberately absent: reading the earlier run.

use std::collections::{HashMap, VecDeque};

use super::run::{Judged, Run};
use super::verdict::Verdict;

/// One question of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The question's id in its file.
    pub id: String,
    /// Its words.
    pub question: String,
    /// What its reply was worth.
    pub verdict: Verdict,
}

/// A question whose verdict is another one now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Changed<'r> {
    /// What the reply was worth.
    pub before: Verdict,
    /// The reply of now.
    pub now: &'r Judged,
}

/// How often a property was won and lost, and how probably so uneven a split comes about by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// Questions that have it now and had it not.
    pub n_won: usize,
    /// Questions that had it and have it not now.
    pub n_lost: usize,
    /// The two-sided p of `McNemar`'s exact test; `None` where nothing changed.
    pub p: Option<f64>,
}

/// What differs between two runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison<'r> {
    /// Questions that both runs have.
    pub n_shared: usize,
    /// Questions of the earlier run that this one does not have.
    pub n_gone: usize,
    /// Questions of this run that the earlier one did not have.
    pub n_new: usize,
    /// Questions that are answered better.
    pub better: Vec<Changed<'r>>,
    /// Questions that are answered worse, wrong ones first.
    pub worse: Vec<Changed<'r>>,
    /// Of being right.
    pub right: Paired,
    /// Of being wrong: here winning it is the harm.
    pub wrong: Paired,
}

impl<'r> Comparison<'r> {
    /// Compares a run with an earlier one.
    #[must_use]
    pub fn of(earlier: &[Earlier], run: &'r Run) -> Self {
        let mut before: HashMap<(&str, &str), VecDeque<Verdict>> = HashMap::new();
        for one in earlier {
            let key = (one.id.as_str(), one.question.as_str());
            before.entry(key).or_default().push_back(one.verdict);
        }
        let mut shared = Vec::new();
        for now in &run.judged {
            let key = (now.labelled.id.as_str(), now.labelled.question.as_str());
            if let Some(before) = before.get_mut(&key).and_then(VecDeque::pop_front) {
                shared.push(Changed { before, now });
            }
        }
        let is_better = |change: &&Changed<'r>| worth(change.now.judgement.verdict) > worth(change.before);
        let is_worse = |change: &&Changed<'r>| worth(change.now.judgement.verdict) < worth(change.before);
        let mut worse: Vec<_> = shared.iter().filter(is_worse).copied().collect();
        // The order of the verdicts has the wrong ones before those that assert nothing.
        worse.sort_by_key(|change| change.now.judgement.verdict);
        Self {
            n_shared: shared.len(),
            n_gone: earlier.len() - shared.len(),
            n_new: run.judged.len() - shared.len(),
            better: shared.iter().filter(is_better).copied().collect(),
            worse,
            right: Paired::of(&shared, Verdict::Right),
            wrong: Paired::of(&shared, Verdict::Wrong),
        }
    }
}

impl Paired {
    fn of(shared: &[Changed<'_>], verdict: Verdict) -> Self {
        let count = |before: bool, now: bool| {
            shared
                .iter()
                .filter(|change| {
                    (change.before == verdict) == before && (change.now.judgement.verdict == verdict) == now
                })
                .count()
        };
        let (n_won, n_lost) = (count(false, true), count(true, false));
        Self {
            n_won,
            n_lost,
            p: mcnemar(n_won, n_lost),
        }
    }
}

/// Of two failures the one that asserts nothing is the better one, and suggestions are better than silence.
fn worth(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Wrong => 0,
        Verdict::Silent => 1,
        Verdict::Helped => 2,
        Verdict::Right => 3,
    }
}

/// Twice the probability that of so many fair coins no more than the smaller number show one side; 1 at most.
fn mcnemar(n_won: usize, n_lost: usize) -> Option<f64> {
    let n = n_won + n_lost;
    let fewer = n_won.min(n_lost);
    // Logarithms, since 2 to the power of -n is no number for a large n.
    let mut log_chance = -(n as f64) * std::f64::consts::LN_2;
    let mut sum = log_chance.exp();
    for k in 1..=fewer {
        log_chance += ((n - k + 1) as f64).ln() - (k as f64).ln();
        sum += log_chance.exp();
    }
    (n > 0).then_some((2.0 * sum).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(n_won: usize, n_lost: usize, expected: f64) {
        let found = mcnemar(n_won, n_lost).unwrap();
        assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
        assert_eq!(mcnemar(n_won, n_lost), mcnemar(n_lost, n_won));
    }

    #[test]
    fn the_exact_test_gives_the_binomial_tail_twice() {
        assert_eq!(mcnemar(0, 0), None);
        check(1, 0, 1.0);
        check(5, 0, 0.0625);
        check(6, 0, 0.03125);
        // 2 * (1 + 10 + 45) / 1024
        check(8, 2, 0.109_375);
        check(10, 10, 1.0);
        check(2_000, 2_000, 1.0);
        check(3_000, 1, 0.0);
    }
}
