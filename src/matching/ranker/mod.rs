//! Orders classes by how much a question is like their phrasings.
//!
//! A model trained at load ([`joint`]) gives every class a score from words, characters and meaning; where there are too
//! many classes to train, an index ([`centroids`]) finds the nearest. The best are then compared phrasing by phrasing
//! ([`nearest`]), which is too dear for all of them.
//! A score only orders classes against each other; whether the best is good enough is not said here.
//! Promise: training and ranking are deterministic. Deliberately absent: entities' and numbers' agreement, thresholds.

pub mod centroids;
pub mod features;
pub mod joint;
pub mod nearest;

use std::ops::Range;

use centroids::Centroids;
use features::{Dictionary, Features, Hashes};
use joint::Joint;
use nearest::Nearest;

use super::analysis::Analysis;
use crate::text::packed::Packed;
use crate::text::vectors::DIMENSIONS;

/// More classes than this are not trained but indexed: the time of training and asking grows with their number.
pub const MAX_TRAINED: usize = 2_000;
/// How sharply likelihood falls with nearness where classes are indexed; puts the leads in the range of the trained
/// model's.
const SHARPNESS: f32 = 12.0;
/// Classes that are this far behind the best in score have a probability of zero in any precision that counts.
const HOPELESS: f32 = 16.0;

/// One class with what the ranker says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// The class.
    pub class: u32,
    /// The probability over all classes, for ordering.
    pub score: f32,
    /// The logarithm of the probability at twice the temperature: unlike the probability, it still tells far ahead from
    /// very far ahead, which is what separates questions in scope from those out of it.
    pub lead: f32,
    /// Cosine of words with the nearest phrasing by words.
    pub nearest_words: f32,
    /// Cosine of meaning with the nearest phrasing by meaning.
    pub nearest_meaning: f32,
    /// The place of the phrasing that is nearest by both together.
    pub nearest: usize,
}

/// The phrasings as they are collected, before the models are made.
#[derive(Debug)]
pub struct Collected {
    is_trained: bool,
    hashes: Vec<Hashes>,
    vectors: Vec<Packed>,
}

/// The models.
#[derive(Debug)]
pub struct Ranker {
    dictionary: Dictionary,
    model: Model,
    nearest: Nearest,
    classes: Vec<Range<usize>>,
}

#[derive(Debug)]
enum Model {
    Trained(Joint),
    Indexed(Centroids),
}

impl Collected {
    /// Begins to collect for this many classes.
    #[must_use]
    pub fn new(n_classes: usize) -> Self {
        Self {
            is_trained: n_classes <= MAX_TRAINED,
            hashes: Vec::new(),
            vectors: Vec::new(),
        }
    }

    /// Takes in the next phrasing.
    pub fn add(&mut self, phrasing: &Analysis) {
        self.hashes.push(Hashes::new(phrasing, self.is_trained));
        self.vectors.push(Packed::new(&phrasing.vector));
    }
}

impl Ranker {
    /// Learns the phrasings; `classes` gives the places of each class's phrasings, in order.
    #[must_use]
    pub fn new(collected: Collected, classes: Vec<Range<usize>>) -> Self {
        let Collected {
            is_trained,
            hashes,
            vectors,
        } = collected;
        let dictionary = Dictionary::new(&hashes);
        let examples: Vec<Features> = hashes.iter().map(|hashes| dictionary.features(hashes)).collect();
        drop(hashes);
        let model = if is_trained {
            let labels: Vec<u32> = (0_u32..)
                .zip(&classes)
                .flat_map(|(class, places)| places.clone().map(move |_| class))
                .collect();
            Model::Trained(Joint::train(
                &examples,
                &vectors,
                &labels,
                dictionary.len(),
                classes.len(),
            ))
        } else {
            Model::Indexed(Centroids::new(&examples, &vectors, &classes, dictionary.len()))
        };
        let nearest = Nearest::new(&examples, vectors, &classes);
        Self {
            dictionary,
            model,
            nearest,
            classes,
        }
    }

    /// The best classes, best first.
    #[must_use]
    pub fn rank(&self, question: &Analysis, limit: usize) -> Vec<Ranked> {
        let features = self
            .dictionary
            .features(&Hashes::new(question, matches!(self.model, Model::Trained(_))));
        let vector = Packed::new(&question.vector);
        match &self.model {
            Model::Trained(joint) => self.rank_trained(joint, &features, &question.vector, &vector, limit),
            Model::Indexed(centroids) => self.rank_indexed(centroids, &features, &vector, limit),
        }
    }

    fn rank_trained(
        &self,
        joint: &Joint,
        features: &Features,
        vector: &[f32; DIMENSIONS],
        packed: &Packed,
        limit: usize,
    ) -> Vec<Ranked> {
        let mut scores = Vec::new();
        joint.score(features, vector, &mut scores);
        let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sums = Sums::new(&scores, top);
        let mut order: Vec<u32> = (0..scores.len() as u32).collect();
        let by_score = |a: &u32, b: &u32| scores[*b as usize].total_cmp(&scores[*a as usize]).then(a.cmp(b));
        if order.len() > limit {
            order.select_nth_unstable_by(limit, by_score);
            order.truncate(limit);
        }
        order.sort_unstable_by(by_score);
        let ranked = order.into_iter().map(|class| {
            let places = self.classes[class as usize].clone();
            let near = self.nearest.nearest(&features.words, packed, class, places);
            sums.ranked(class, scores[class as usize], near)
        });
        ranked.collect()
    }

    fn rank_indexed(&self, centroids: &Centroids, features: &Features, vector: &Packed, limit: usize) -> Vec<Ranked> {
        let found = centroids.find(features, vector);
        let compared = found.into_iter().map(|(class, score)| {
            let places = self.classes[class as usize].clone();
            let near = self.nearest.nearest(&features.words, vector, class, places);
            (class, SHARPNESS * (score + near.words + near.meaning) / 2.0, near)
        });
        let mut compared: Vec<(u32, f32, nearest::Near)> = compared.collect();
        compared.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let scores: Vec<f32> = compared.iter().map(|(_, score, _)| *score).collect();
        let sums = Sums::new(&scores, scores.first().copied().unwrap_or_default());
        compared
            .into_iter()
            .take(limit)
            .map(|(class, score, near)| sums.ranked(class, score, near))
            .collect()
    }
}

/// What turns a score into a probability and a lead.
struct Sums {
    top: f32,
    all: f32,
    all_of_halves: f32,
}

impl Sums {
    fn new(scores: &[f32], top: f32) -> Self {
        let mut sums = Self {
            top,
            all: 0.0,
            all_of_halves: 0.0,
        };
        for score in scores {
            let half = (0.5 * (score - top)).exp();
            sums.all += half * half;
            sums.all_of_halves += half;
        }
        sums
    }

    fn ranked(&self, class: u32, score: f32, near: nearest::Near) -> Ranked {
        Ranked {
            class,
            score: (score - self.top).exp() / self.all,
            lead: 0.5 * (score - self.top) - self.all_of_halves.ln(),
            nearest_words: near.words,
            nearest_meaning: near.meaning,
            nearest: near.place,
        }
    }
}

/// What the ranker would say of these classes if there were no others: the same order, with the probability of all
/// shared out among them.
pub fn share_out(ranked: &mut [Ranked]) {
    let top = ranked
        .iter()
        .map(|candidate| candidate.lead)
        .fold(f32::NEG_INFINITY, f32::max);
    let (mut all, mut all_of_halves) = (0.0, 0.0);
    for candidate in ranked.iter() {
        let half = (candidate.lead - top).exp();
        all += half * half;
        all_of_halves += half;
    }
    for candidate in ranked {
        let behind = candidate.lead - top;
        candidate.score = (2.0 * behind).exp() / all;
        candidate.lead = behind - f32::ln(all_of_halves);
    }
}

/// Softmax, in place; the hopeless get nothing, which spares most of the exponentials.
fn to_probabilities(scores: &mut [f32]) {
    let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for score in scores.iter_mut() {
        let behind = top - *score;
        *score = if behind > HOPELESS { 0.0 } else { (-behind).exp() };
        total += *score;
    }
    scores.iter_mut().for_each(|score| *score /= total);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(scores: &[f32]) -> Vec<Ranked> {
        let near = || nearest::Near {
            words: 0.0,
            meaning: 0.0,
            place: 0,
        };
        let sums = Sums::new(scores, scores.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        let classes = (0_u32..).zip(scores);
        classes
            .map(|(class, score)| sums.ranked(class, *score, near()))
            .collect()
    }

    #[track_caller]
    fn assert_same(shared: &[Ranked], expected: &[Ranked]) {
        assert_eq!(shared.len(), expected.len());
        for (shared, expected) in shared.iter().zip(expected) {
            assert!((shared.score - expected.score).abs() < 1e-5, "{shared:?} {expected:?}");
            assert!((shared.lead - expected.lead).abs() < 1e-5, "{shared:?} {expected:?}");
        }
    }

    #[test]
    fn classes_among_themselves_are_as_likely_as_if_there_were_no_others() {
        let mut shared = ranked(&[3.0, 1.0, 0.5, -2.0]);
        shared.truncate(3);
        share_out(&mut shared);
        assert_same(&shared, &ranked(&[3.0, 1.0, 0.5]));
        // Far behind a class that is left out, the rest is shared out all the same.
        let mut shared = ranked(&[200.0, 1.0, 0.0]);
        shared.remove(0);
        share_out(&mut shared);
        assert_same(&shared, &ranked(&[1.0, 0.0]));
        share_out(&mut []);
    }
}
