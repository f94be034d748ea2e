//! A linear model over sparse features, one row of weights a feature, trained at load.
//!
//! Training is the multi-class passive-aggressive algorithm (Crammer et al. 2006, PA-I) with averaging: each example
//! whose class is not ahead of the best other one by a margin of 1 moves the two classes apart, just far enough. It
//! needs a few passes only, touches two classes an update, and has no learning rate to tune.
//! Promise: deterministic (the order of examples is a fixed shuffle); weights are kept as bytes.

use super::features::Features;

/// Passes over the examples. More than this changes no answer of the fit set.
const PASSES: usize = 6;
/// The largest step (PA-I's C): bounds what one odd phrasing can do.
const MAX_STEP: f32 = 0.3;
/// Classes past this number are not trained: the time of training and asking grows with it.
pub const MAX_CLASSES: usize = 2_000;

/// The trained weights: one row of `n_classes` bytes a feature, and the row's scale.
#[derive(Debug, Default)]
pub struct Linear {
    rows: Vec<i8>,
    scales: Vec<f32>,
    n_classes: usize,
}

impl Linear {
    /// Trains on examples with their classes.
    #[must_use]
    pub fn train(examples: &[Features], labels: &[u32], n_features: usize, n_classes: usize) -> Self {
        if n_classes == 0 || n_classes > MAX_CLASSES {
            return Self { rows: Vec::new(), scales: Vec::new(), n_classes };
        }
        let mut weights = vec![0.0_f32; n_features * n_classes];
        // The sum over time of all weights, kept lazily: each change counts for the steps that are still to come.
        let mut summed = vec![0.0_f32; n_features * n_classes];
        let n_steps = (PASSES * examples.len()) as f32;
        let mut step = 0.0_f32;
        let mut scores = vec![0.0_f32; n_classes];
        for pass in 0..PASSES {
            for place in shuffled(examples.len(), pass) {
                step += 1.0;
                let (example, label) = (&examples[place], labels[place] as usize);
                score_dense(&weights, example, &mut scores);
                let Some(rival) = best_other(&scores, label) else { continue };
                let loss = 1.0 - scores[label] + scores[rival];
                if loss <= 0.0 {
                    continue;
                }
                let squares: f32 = example.iter().map(|(_, value)| value * value).sum();
                if squares <= 0.0 {
                    continue;
                }
                let size = (loss / (2.0 * squares)).min(MAX_STEP);
                let remaining = (n_steps - step) / n_steps;
                for (feature, value) in example.iter() {
                    let row = feature as usize * n_classes;
                    let change = size * value;
                    weights[row + label] += change;
                    weights[row + rival] -= change;
                    summed[row + label] += change * remaining;
                    summed[row + rival] -= change * remaining;
                }
            }
        }
        Self::quantised(&summed, n_classes)
    }

    fn quantised(weights: &[f32], n_classes: usize) -> Self {
        let mut rows = Vec::with_capacity(weights.len());
        let mut scales = Vec::with_capacity(weights.len() / n_classes);
        for row in weights.chunks_exact(n_classes) {
            let largest = row.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
            let scale = largest / 127.0;
            scales.push(scale);
            let factor = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            rows.extend(row.iter().map(|weight| (weight * factor).round() as i8));
        }
        Self { rows, scales, n_classes }
    }

    /// The score of every class; zeros where the model was not trained.
    #[must_use]
    pub fn scores(&self, features: &Features) -> Vec<f32> {
        let mut scores = vec![0.0; self.n_classes];
        if self.scales.is_empty() {
            return scores;
        }
        for (feature, value) in features.iter() {
            let start = feature as usize * self.n_classes;
            let factor = value * self.scales[feature as usize];
            for (score, weight) in scores.iter_mut().zip(&self.rows[start..start + self.n_classes]) {
                *score += factor * f32::from(*weight);
            }
        }
        scores
    }
}

fn score_dense(weights: &[f32], example: &Features, scores: &mut [f32]) {
    let n_classes = scores.len();
    scores.fill(0.0);
    for (feature, value) in example.iter() {
        let start = feature as usize * n_classes;
        for (score, weight) in scores.iter_mut().zip(&weights[start..start + n_classes]) {
            *score += value * weight;
        }
    }
}

fn best_other(scores: &[f32], label: usize) -> Option<usize> {
    let others = scores.iter().enumerate().filter(|(class, _)| *class != label);
    others.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0))).map(|(class, _)| class)
}

/// A fixed shuffle of `0..n`, another for each pass (Fisher-Yates with splitmix64).
fn shuffled(n: usize, pass: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    let mut state = 0x5EED_u64.wrapping_add(pass as u64);
    for place in (1..n).rev() {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        order.swap(place, ((mixed ^ (mixed >> 31)) % (place as u64 + 1)) as usize);
    }
    order
}
