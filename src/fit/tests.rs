//! Fitting to questions whose right weights are known.

use super::*;
use crate::matching::confidence::Sort;
use crate::matching::signals::N_SIGNALS;

fn candidate(id: &str, is_gap: bool, is_right: bool, signal: f32) -> Candidate {
    let mut signals = [0.0; N_SIGNALS];
    signals[0] = signal;
    Candidate {
        id: id.to_owned(),
        is_gap,
        is_right,
        names_a_stranger: false,
        signals,
    }
}

/// Questions of which the candidate with the larger signal is right, nine times in ten.
fn invented() -> Vec<Question> {
    (0..200)
        .map(|number| {
            let is_odd = number % 20 < 2;
            let is_answered = number % 2 == 0;
            let (fact, gap) = if is_answered ^ is_odd { (0.9, 0.2) } else { (0.2, 0.9) };
            Question {
                id: format!("q{number}"),
                may_decline: !is_answered,
                used_for: Use::All,
                is_follow_up: false,
                candidates: vec![
                    candidate(&format!("fact-{}", number % 7), false, is_answered, fact),
                    candidate(&format!("gap-{}", number % 5), true, !is_answered, gap),
                ],
            }
        })
        .collect()
}

#[test]
fn a_fit_follows_the_signal_and_its_confidence_is_calibrated() {
    let fitted = fit(&invented(), [0.0; 3]).unwrap();
    assert!(fitted.over_questions.right > 0.85, "{:?}", fitted.over_questions);
    let mut signals = [0.0; N_SIGNALS];
    signals[0] = 0.9;
    let confidence = fitted.weights.confidence(&signals, Sort::Fact);
    assert!(
        (0.85..0.95).contains(&confidence),
        "nine in ten are right, but the confidence is {confidence}"
    );
}

#[test]
fn nothing_is_fitted_to_examples_of_one_outcome() {
    let mut questions = invented();
    questions
        .iter_mut()
        .flat_map(|question| &mut question.candidates)
        .for_each(|candidate| candidate.is_right = true);
    assert!(fit(&questions, [0.0; 3]).is_none());
}
