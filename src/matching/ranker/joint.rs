//! Multinomial logistic regression over sparse features and word vectors together, trained at load.
//!
//! One pass after another over the phrasings, each moving the classes' weights by the gradient of its log-likelihood
//! (stochastic gradient descent with a step that falls to zero). The vector tells what is meant, the sparse features how
//! it is said, and training them together lets each explain what the other does not.
//! Promise: deterministic (the order of examples follows from what they say, sums are over whole rows, so that no instruction
//! set changes their order); weights are kept as bytes.

use serde::{Deserialize, Serialize};

use super::MAX_TRAINED;
use super::features::Features;
use super::rows::Rows;
use super::spelling::{Spelled, Spellings};
use crate::matching::learnt::are_finite;
use crate::text::lanes::Lanes;
use crate::text::packed::Packed;
use crate::text::vectors::DIMENSIONS;

/// Passes over the examples; three more change the accuracy on CLINC150 and BANKING77 by less than 0.2 points.
const PASSES: usize = 5;
/// The first step; it falls to zero linearly. Chosen on the same set among 0.5, 0.8, 1, 1.5 and 3.
const FIRST_STEP: f32 = 0.8;
/// How much the vector counts beside each block of sparse features, which have length 1. Set by hand.
const VECTOR_SCALE: f32 = 1.2;
/// Classes whose gradient is smaller are not moved: nearly all of them, after the first pass.
const MIN_GRADIENT: f32 = 1e-3;
/// An example that was this sure in one pass is left out of the next ones.
const SURE: f32 = 0.95;
/// How many passes a sure example is left out of.
const RESTS: u8 = 2;
/// Where more than one in this many classes moves, whole rows are moved.
const MOST_OF: usize = 12;
/// How much slower the biases learn.
const BIAS_RATE: f32 = 0.1;
/// Rows are padded to a multiple of this many classes, so that they are read in whole vectors.
const LANES: usize = 16;

/// The trained weights.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Joint {
    n_classes: usize,
    /// The number of classes, padded.
    stride: usize,
    /// The weights of features.
    features: Rows,
    /// The weights of character sequences.
    sequences: Rows,
    /// The weights of each word's sequences, added up.
    words: Rows,
    /// For each class its weights of the vector's dimensions.
    #[serde(with = "crate::matching::learnt::vectors")]
    dimensions: Vec<Packed>,
    biases: Vec<f32>,
}

/// Weights while they are trained.
struct Training {
    lanes: Lanes,
    n_classes: usize,
    stride: usize,
    sparse: Vec<f32>,
    dimensions: Vec<f32>,
    biases: Vec<f32>,
    scores: Vec<f32>,
    /// The classes that an example moves, with their gradients.
    moved: Vec<(usize, f32)>,
    /// The same for all classes, where that is faster.
    gradients: Vec<f32>,
}

impl Joint {
    /// Trains on examples with their vectors, what they say as a number, and their classes; in an example, the sequences of
    /// `spellings` are numbered from `n_features` on.
    #[must_use]
    pub fn train(
        examples: &[Features],
        vectors: &[Packed],
        keys: &[u64],
        labels: &[u32],
        n_classes: usize,
        n_features: usize,
        spellings: &Spellings,
    ) -> Self {
        let stride = n_classes.next_multiple_of(LANES);
        let mut training = Training {
            lanes: Lanes::default(),
            n_classes,
            stride,
            sparse: vec![0.0; (n_features + spellings.len()) * stride],
            dimensions: vec![0.0; DIMENSIONS * stride],
            biases: vec![0.0; stride],
            scores: vec![0.0; stride],
            moved: Vec::with_capacity(n_classes),
            gradients: vec![0.0; stride],
        };
        let n_steps = (PASSES * examples.len()) as f32;
        let mut n_done = 0.0_f32;
        let mut rests = vec![0_u8; examples.len()];
        for pass in 0..PASSES {
            for place in shuffled(keys, pass) {
                let step = FIRST_STEP * (1.0 - n_done / n_steps);
                n_done += 1.0;
                if rests[place] > 0 {
                    rests[place] -= 1;
                    continue;
                }
                let label = labels[place] as usize;
                let probability = training.learn(&examples[place], &vectors[place].unpacked(), label, step);
                if probability > SURE {
                    rests[place] = RESTS;
                }
            }
        }
        training.finish(n_features, spellings)
    }

    /// Gives back what was reserved for more.
    pub(super) fn shrink_to_fit(&mut self) {
        for rows in [&mut self.features, &mut self.sequences, &mut self.words] {
            rows.shrink_to_fit();
        }
    }

    /// Whether it has weights for so many classes and features, and for these spellings.
    pub(super) fn is_sound(&self, n_classes: usize, n_features: usize, spellings: &Spellings) -> bool {
        self.n_classes == n_classes
            && n_classes <= MAX_TRAINED
            && self.stride == n_classes.next_multiple_of(LANES)
            && self.features.is_sound(n_features, self.stride)
            && self.sequences.is_sound(spellings.len(), self.stride)
            && self.words.is_sound(spellings.n_words(), self.stride)
            && self.dimensions.len() == n_classes
            && self.biases.len() == self.stride
            && are_finite(&self.biases)
    }

    /// The score of every class.
    #[must_use]
    pub fn scores(&self, features: &Features, spelled: &Spelled, vector: &Packed) -> Vec<f32> {
        let lanes = Lanes::default();
        let mut scores = vec![0.0; self.stride];
        lanes.dots(vector, &self.dimensions, &mut scores);
        for (score, bias) in scores.iter_mut().zip(&self.biases) {
            *score = *score * VECTOR_SCALE + bias;
        }
        for (feature, value) in features {
            self.features.add_to(&mut scores, lanes, *feature, *value);
        }
        for word in &spelled.words {
            self.words.add_to(&mut scores, lanes, *word, spelled.scale);
        }
        for (sequence, value) in &spelled.sequences {
            self.sequences
                .add_to(&mut scores, lanes, *sequence, value * spelled.scale);
        }
        scores.truncate(self.n_classes);
        scores
    }
}

impl Training {
    /// One step; gives the probability that the example's class had before it.
    fn learn(&mut self, example: &Features, vector: &[f32; DIMENSIONS], label: usize, step: f32) -> f32 {
        let (stride, lanes) = (self.stride, self.lanes);
        self.scores.copy_from_slice(&self.biases);
        for (feature, value) in example {
            let start = *feature as usize * stride;
            lanes.add_scaled(&mut self.scores, &self.sparse[start..start + stride], *value);
        }
        for (component, row) in vector.iter().zip(self.dimensions.chunks_exact(stride)) {
            lanes.add_scaled(&mut self.scores, row, component * VECTOR_SCALE);
        }
        super::to_probabilities(&mut self.scores[..self.n_classes]);
        let probability = self.scores[label];
        self.moved.clear();
        for (class, score) in self.scores[..self.n_classes].iter().enumerate() {
            let gradient = if class == label { score - 1.0 } else { *score };
            if gradient.abs() > MIN_GRADIENT {
                self.moved.push((class, gradient));
            }
        }
        if self.moved.len() * MOST_OF > stride {
            self.descend_all(example, vector, step);
        } else {
            self.descend_few(example, vector, step);
        }
        probability
    }

    /// Moves few classes: each by itself.
    fn descend_few(&mut self, example: &Features, vector: &[f32; DIMENSIONS], step: f32) {
        let stride = self.stride;
        let descend = |row: &mut [f32], step: f32| {
            for (class, gradient) in &self.moved {
                row[*class] -= step * gradient;
            }
        };
        for (feature, value) in example {
            let start = *feature as usize * stride;
            descend(&mut self.sparse[start..start + stride], step * value);
        }
        for (component, row) in vector.iter().zip(self.dimensions.chunks_exact_mut(stride)) {
            descend(row, step * component * VECTOR_SCALE);
        }
        descend(&mut self.biases, BIAS_RATE * step);
    }

    /// Moves many classes: whole rows, with nothing for those that do not move.
    fn descend_all(&mut self, example: &Features, vector: &[f32; DIMENSIONS], step: f32) {
        let (stride, lanes) = (self.stride, self.lanes);
        self.gradients.fill(0.0);
        for (class, gradient) in &self.moved {
            self.gradients[*class] = *gradient;
        }
        for (feature, value) in example {
            let start = *feature as usize * stride;
            lanes.add_scaled(&mut self.sparse[start..start + stride], &self.gradients, -step * value);
        }
        for (component, row) in vector.iter().zip(self.dimensions.chunks_exact_mut(stride)) {
            lanes.add_scaled(row, &self.gradients, -step * component * VECTOR_SCALE);
        }
        lanes.add_scaled(&mut self.biases, &self.gradients, -BIAS_RATE * step);
    }

    fn finish(self, n_features: usize, spellings: &Spellings) -> Joint {
        let stride = self.stride.max(1);
        let mut joint = Joint {
            n_classes: self.n_classes,
            stride: self.stride,
            biases: self.biases,
            ..Joint::default()
        };
        let (features, sequences) = self.sparse.split_at(n_features * self.stride);
        features.chunks_exact(stride).for_each(|row| joint.features.push(row));
        sequences.chunks_exact(stride).for_each(|row| joint.sequences.push(row));
        let mut sum = vec![0.0; self.stride];
        for sequences_of_word in spellings.sequences() {
            sum.fill(0.0);
            for (sequence, value) in sequences_of_word {
                let start = *sequence as usize * self.stride;
                self.lanes
                    .add_scaled(&mut sum, &sequences[start..start + self.stride], *value);
            }
            joint.words.push(&sum);
        }
        joint.shrink_to_fit();
        let weights_of = |class: usize| {
            let mut weights = [0.0; DIMENSIONS];
            for (weight, row) in weights.iter_mut().zip(self.dimensions.chunks_exact(stride)) {
                *weight = row[class];
            }
            Packed::new(&weights)
        };
        joint.dimensions = (0..self.n_classes).map(weights_of).collect();
        joint
    }
}

/// The places of the examples in an order that is another one for each pass, and that an edit hardly changes: each example
/// is put by a hash of what it says (splitmix64's mixing), wherever it stands and however many there are. In an order
/// that every edit would shuffle anew, each would also move the weights of all other classes by chance.
fn shuffled(keys: &[u64], pass: usize) -> Vec<usize> {
    let mixed = |key: u64| {
        let mut mixed = key.wrapping_add((pass as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    };
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_cached_key(|place| mixed(keys[*place]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_leaves_the_order_of_the_others_as_it_is() {
        let keys: Vec<u64> = (0..500).map(|number: u64| number * number).collect();
        let mut edited = keys.clone();
        edited.remove(77);
        edited.insert(13, 1_000_001);
        for pass in 0..PASSES {
            let order_of_others = |all: &[u64]| -> Vec<u64> {
                let in_order = shuffled(all, pass).into_iter().map(|place| all[place]);
                in_order.filter(|key| *key != keys[77] && *key != 1_000_001).collect()
            };
            let before = order_of_others(&keys);
            assert_eq!(before, order_of_others(&edited));
            assert!(!before.is_sorted());
        }
        assert_ne!(shuffled(&keys, 0), shuffled(&keys, 1));
    }
}
