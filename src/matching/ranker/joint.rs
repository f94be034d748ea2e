//! Multinomial logistic regression over sparse features and word vectors together, trained at load.
//!
//! One pass after another over the phrasings, each moving the classes' weights by the gradient of its log-likelihood
//! (stochastic gradient descent with a step that falls to zero). The vector tells what is meant, the sparse features how
//! it is said, and training them together lets each explain what the other does not.
//! Promise: deterministic (the order of examples is a fixed shuffle); sparse weights are kept as bytes.

use super::features::Features;
use crate::text::vectors::DIMENSIONS;

/// Passes over the examples; accuracy on CLINC150's validation set is flat from here on.
const PASSES: usize = 8;
/// The first step; it falls to zero linearly. Chosen on the same set among 0.5, 0.8, 1, 1.5 and 3.
const FIRST_STEP: f32 = 0.8;
/// How much the vector counts beside each block of sparse features, which have length 1.
const VECTOR_SCALE: f32 = 1.2;
/// Classes whose gradient is smaller are not moved: nearly all of them, after the first pass.
const MIN_GRADIENT: f32 = 1e-3;
/// An example that was this sure in one pass is left out of the next one.
const SURE: f32 = 0.98;
/// Classes past this number are not trained: the time of training and asking grows with it.
pub const MAX_CLASSES: usize = 2_000;

/// The trained weights.
#[derive(Debug, Default)]
pub struct Joint {
    /// For each sparse feature one byte a class, to be multiplied by the feature's scale.
    rows: Vec<i8>,
    scales: Vec<f32>,
    /// For each dimension one weight a class.
    dimensions: Vec<f32>,
    biases: Vec<f32>,
}

/// The scores of all classes, apart by what they come from; their sum orders.
#[derive(Debug, Clone, Default)]
pub struct Scores {
    /// From words and characters.
    pub words: Vec<f32>,
    /// From meaning.
    pub meaning: Vec<f32>,
}

/// Weights while they are trained.
struct Training {
    n_classes: usize,
    sparse: Vec<f32>,
    dimensions: Vec<f32>,
    biases: Vec<f32>,
    scores: Vec<f32>,
    moved: Vec<(usize, f32)>,
}

impl Joint {
    /// Trains on examples with their vectors and classes.
    #[must_use]
    pub fn train(
        examples: &[Features],
        vectors: &[&[f32; DIMENSIONS]],
        labels: &[u32],
        n_features: usize,
        n_classes: usize,
    ) -> Self {
        if n_classes == 0 || n_classes > MAX_CLASSES {
            return Self {
                biases: vec![0.0; n_classes],
                ..Self::default()
            };
        }
        let mut training = Training {
            n_classes,
            sparse: vec![0.0; n_features * n_classes],
            dimensions: vec![0.0; DIMENSIONS * n_classes],
            biases: vec![0.0; n_classes],
            scores: vec![0.0; n_classes],
            moved: Vec::with_capacity(n_classes),
        };
        let n_steps = (PASSES * examples.len()) as f32;
        let mut n_done = 0.0_f32;
        let mut was_sure = vec![false; examples.len()];
        for pass in 0..PASSES {
            for place in shuffled(examples.len(), pass) {
                let step = FIRST_STEP * (1.0 - n_done / n_steps);
                n_done += 1.0;
                if std::mem::take(&mut was_sure[place]) {
                    continue;
                }
                let probability = training.learn(&examples[place], vectors[place], labels[place] as usize, step);
                was_sure[place] = probability > SURE;
            }
        }
        training.finish()
    }

    /// The score of every class; zeros where the model was not trained.
    #[must_use]
    pub fn scores(&self, features: &Features, vector: &[f32; DIMENSIONS]) -> Scores {
        let n_classes = self.biases.len();
        let mut scores = Scores {
            words: self.biases.clone(),
            meaning: vec![0.0; n_classes],
        };
        if self.dimensions.is_empty() {
            return scores;
        }
        for (feature, value) in features.iter() {
            let start = feature as usize * n_classes;
            let factor = value * self.scales[feature as usize];
            for (score, weight) in scores.words.iter_mut().zip(&self.rows[start..start + n_classes]) {
                *score += factor * f32::from(*weight);
            }
        }
        for (component, row) in vector.iter().zip(self.dimensions.chunks_exact(n_classes)) {
            add_scaled(&mut scores.meaning, row, component * VECTOR_SCALE);
        }
        scores
    }
}

impl Training {
    /// One step; gives the probability that the example's class had before it.
    fn learn(&mut self, example: &Features, vector: &[f32; DIMENSIONS], label: usize, step: f32) -> f32 {
        let n_classes = self.n_classes;
        self.scores.copy_from_slice(&self.biases);
        for (feature, value) in example.iter() {
            let start = feature as usize * n_classes;
            add_scaled(&mut self.scores, &self.sparse[start..start + n_classes], value);
        }
        for (component, row) in vector.iter().zip(self.dimensions.chunks_exact(n_classes)) {
            add_scaled(&mut self.scores, row, component * VECTOR_SCALE);
        }
        super::to_probabilities(&mut self.scores);
        let probability = self.scores[label];
        self.moved.clear();
        for (class, score) in self.scores.iter().enumerate() {
            let gradient = if class == label { score - 1.0 } else { *score };
            if gradient.abs() > MIN_GRADIENT {
                self.moved.push((class, gradient));
            }
        }
        for (feature, value) in example.iter() {
            let start = feature as usize * n_classes;
            descend(&mut self.sparse[start..start + n_classes], &self.moved, step * value);
        }
        for (component, row) in vector.iter().zip(self.dimensions.chunks_exact_mut(n_classes)) {
            descend(row, &self.moved, step * component * VECTOR_SCALE);
        }
        descend(&mut self.biases, &self.moved, 0.1 * step);
        probability
    }

    fn finish(self) -> Joint {
        let mut rows = Vec::with_capacity(self.sparse.len());
        let mut scales = Vec::with_capacity(self.sparse.len() / self.n_classes);
        for row in self.sparse.chunks_exact(self.n_classes) {
            let largest = row.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
            scales.push(largest / 127.0);
            let factor = if largest > 0.0 { 127.0 / largest } else { 0.0 };
            rows.extend(row.iter().map(|weight| (weight * factor).round() as i8));
        }
        Joint {
            rows,
            scales,
            dimensions: self.dimensions,
            biases: self.biases,
        }
    }
}

fn add_scaled(sums: &mut [f32], row: &[f32], factor: f32) {
    for (sum, weight) in sums.iter_mut().zip(row) {
        *sum += factor * weight;
    }
}

fn descend(row: &mut [f32], moved: &[(usize, f32)], step: f32) {
    for (class, gradient) in moved {
        row[*class] -= step * gradient;
    }
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
