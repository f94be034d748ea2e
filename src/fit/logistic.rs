//! Logistic regression by Newton's method, with a ridge: small, exact, deterministic.
//!
//! Why not a crate: a few dozen weights need one linear solve a step, and the fit must give the same bytes everywhere.

use crate::matching::signals::{N_SIGNALS, Sign, Signals};

/// The ridge on weights of standardised signals. Signals that are differences of others go together, so a strong one
/// predicts best: cross-validated over questions, 30 is better than 1 and 10 by half a point, and as good as 100.
const RIDGE: f64 = 30.0;
/// The ridge on the slope of a line through log-odds: as much as a few dozen undecided questions. Hundreds of questions
/// with log-odds that differ outweigh it; without it, noise between folds could turn the slope round.
const RIDGE_OF_SLOPE: f64 = 20.0;
/// Newton's method has converged long before.
const MAX_STEPS: usize = 30;

/// What weights are pulled towards, and how strongly.
#[derive(Clone, Copy)]
struct Ridge {
    centre: f64,
    strength: f64,
}

/// A fitted model over raw signals.
#[derive(Debug, Clone)]
pub(super) struct Logistic {
    weights: [f32; N_SIGNALS + 1],
}

impl Logistic {
    /// Fits to examples; `None` unless both outcomes occur. A signal whose weight would have the wrong sign gets none.
    #[must_use]
    pub(super) fn fit(examples: &[(Signals, bool)], signs: &[Sign; N_SIGNALS]) -> Option<Self> {
        let n = examples.len() as f64;
        let mut means = [0.0_f64; N_SIGNALS];
        let mut deviations = [0.0_f64; N_SIGNALS];
        for (signals, _) in examples {
            (0..N_SIGNALS).for_each(|place| means[place] += f64::from(signals[place]) / n);
        }
        for (signals, _) in examples {
            (0..N_SIGNALS)
                .for_each(|place| deviations[place] += (f64::from(signals[place]) - means[place]).powi(2) / n);
        }
        deviations
            .iter_mut()
            .for_each(|deviation| *deviation = deviation.sqrt());
        let is_constant = |place: usize| deviations[place] < 1e-6;
        let mut is_used: Vec<bool> = (0..N_SIGNALS).map(|place| !is_constant(place)).collect();
        let fitted = loop {
            let rows: Vec<(Vec<f64>, bool)> = examples
                .iter()
                .map(|(signals, is_right)| {
                    let standard = |place: usize| {
                        if is_used[place] {
                            (f64::from(signals[place]) - means[place]) / deviations[place]
                        } else {
                            0.0
                        }
                    };
                    ((0..N_SIGNALS).map(standard).collect(), *is_right)
                })
                .collect();
            let ridge = Ridge {
                centre: 0.0,
                strength: RIDGE,
            };
            let fitted = newton(&rows, N_SIGNALS, ridge)?;
            let worst = (0..N_SIGNALS)
                .filter(|place| is_used[*place] && !signs[*place].allows(fitted[*place]))
                .max_by(|a, b| fitted[*a].abs().total_cmp(&fitted[*b].abs()));
            match worst {
                // One at a time: what one signal loses, another that goes with it may gain.
                Some(place) => is_used[place] = false,
                None => break fitted,
            }
        };
        let mut weights = [0.0_f32; N_SIGNALS + 1];
        let mut intercept = fitted[N_SIGNALS];
        for place in (0..N_SIGNALS).filter(|place| is_used[*place]) {
            let weight = fitted[place] / deviations[place];
            weights[place] = weight as f32;
            intercept -= weight * means[place];
        }
        weights[N_SIGNALS] = intercept as f32;
        Some(Self { weights })
    }

    /// One weight a signal, then the intercept.
    #[must_use]
    pub(super) fn weights(&self) -> [f32; N_SIGNALS + 1] {
        self.weights
    }

    /// How likely it is right.
    #[must_use]
    pub(super) fn predict(&self, signals: &Signals) -> f32 {
        let sum: f32 = signals
            .iter()
            .zip(&self.weights)
            .map(|(signal, weight)| signal * weight)
            .sum();
        1.0 / (1.0 + (-(sum + self.weights[N_SIGNALS])).exp())
    }
}

/// Slope and offset of a logistic line through log-odds; `None` unless both outcomes occur. The ridge pulls the slope
/// towards 1, which leaves log-odds as they are: where they hardly differ, noise would turn it anywhere.
#[must_use]
pub(super) fn line(pairs: &[(f32, bool)]) -> Option<(f32, f32)> {
    let rows: Vec<(Vec<f64>, bool)> = pairs
        .iter()
        .map(|(value, is_right)| (vec![f64::from(*value)], *is_right))
        .collect();
    let fitted = newton(
        &rows,
        1,
        Ridge {
            centre: 1.0,
            strength: RIDGE_OF_SLOPE,
        },
    )?;
    Some((fitted[0] as f32, fitted[1] as f32))
}

/// The weights of few signals, as they are, and the intercept last; `None` unless both outcomes occur.
#[must_use]
pub(super) fn plain<const SIGNALS: usize, const WEIGHTS: usize>(
    examples: &[([f32; SIGNALS], bool)],
) -> Option<[f32; WEIGHTS]> {
    let rows: Vec<(Vec<f64>, bool)> = examples
        .iter()
        .map(|(signals, is_right)| (signals.iter().map(|signal| f64::from(*signal)).collect(), *is_right))
        .collect();
    let ridge = Ridge {
        centre: 0.0,
        strength: 1.0,
    };
    let fitted = newton(&rows, SIGNALS, ridge)?;
    let mut weights = [0.0; WEIGHTS];
    weights
        .iter_mut()
        .zip(fitted)
        .for_each(|(weight, value)| *weight = value as f32);
    Some(weights)
}

/// The weights, which the ridge pulls towards its centre, and, last, the intercept, which it leaves alone.
fn newton(rows: &[(Vec<f64>, bool)], n_weights: usize, ridge: Ridge) -> Option<Vec<f64>> {
    let n_right = rows.iter().filter(|(_, is_right)| *is_right).count();
    if n_right == 0 || n_right == rows.len() {
        return None;
    }
    let size = n_weights + 1;
    let mut weights = vec![0.0_f64; size];
    for _ in 0..MAX_STEPS {
        let mut gradient = vec![0.0_f64; size];
        let mut curvature = vec![vec![0.0_f64; size]; size];
        for (values, is_right) in rows {
            let at = |place: usize| values.get(place).copied().unwrap_or(1.0);
            let sum: f64 = (0..size).map(|place| weights[place] * at(place)).sum();
            let predicted = 1.0 / (1.0 + (-sum).exp());
            let miss = f64::from(u8::from(*is_right)) - predicted;
            let bend = (predicted * (1.0 - predicted)).max(1e-9);
            for row in 0..size {
                gradient[row] += miss * at(row);
                for (column, cell) in curvature[row].iter_mut().enumerate() {
                    *cell += bend * at(row) * at(column);
                }
            }
        }
        for place in 0..n_weights {
            gradient[place] -= ridge.strength * (weights[place] - ridge.centre);
            curvature[place][place] += ridge.strength;
        }
        let step = solve(curvature, gradient)?;
        let largest = step.iter().fold(0.0_f64, |largest, part| largest.max(part.abs()));
        weights.iter_mut().zip(&step).for_each(|(weight, part)| *weight += part);
        if largest < 1e-9 {
            break;
        }
    }
    weights.iter().all(|weight| weight.is_finite()).then_some(weights)
}

/// Gaussian elimination with pivots; `None` for a singular matrix.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for column in 0..size {
        let pivot = (column..size).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        if matrix[pivot][column].abs() < 1e-12 {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..size {
            let factor = matrix[row][column] / matrix[column][column];
            if factor == 0.0 {
                continue;
            }
            let (above, below) = matrix.split_at_mut(row);
            below[0]
                .iter_mut()
                .zip(&above[column])
                .skip(column)
                .for_each(|(cell, other)| *cell -= factor * other);
            right[row] -= factor * right[column];
        }
    }
    let mut solution = vec![0.0; size];
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size)
            .map(|column| matrix[row][column] * solution[column])
            .sum();
        solution[row] = (right[row] - known) / matrix[row][row];
    }
    Some(solution)
}
