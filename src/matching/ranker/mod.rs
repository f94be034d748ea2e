//! Orders classes by how much a question is like their phrasings.
//!
//! A model trained at load ([`joint`]) gives every class a score from words, characters and meaning. The best classes
//! are then compared phrasing by phrasing ([`nearest`]), which is too dear for all of them.
//! A score only orders classes against each other; whether the best is good enough is not said here.
//! Promise: training and ranking are deterministic. Deliberately absent: entities' and numbers' agreement, thresholds.

pub mod features;
pub mod joint;
pub mod nearest;

use features::Dictionary;
use joint::Joint;
use nearest::Nearest;

use super::analysis::Analysis;
use super::class::Phrasing;

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
    /// The part of the score that words and characters make.
    pub linear: f32,
    /// The part of the score that meaning makes.
    pub meaning: f32,
    /// Cosine of words with the nearest phrasing by words.
    pub nearest_words: f32,
    /// Cosine of meaning with the nearest phrasing by meaning.
    pub nearest_meaning: f32,
    /// The place of the phrasing that is nearest by both together.
    pub nearest: usize,
}

/// The trained models.
#[derive(Debug)]
pub struct Ranker {
    dictionary: Dictionary,
    joint: Joint,
    nearest: Nearest,
}

impl Ranker {
    /// Learns the phrasings.
    #[must_use]
    pub fn new(phrasings: &[Phrasing], n_classes: usize) -> Self {
        let dictionary = Dictionary::new(phrasings.iter().map(|phrasing| &phrasing.analysis));
        let examples: Vec<features::Features> = phrasings
            .iter()
            .map(|phrasing| dictionary.features(&phrasing.analysis))
            .collect();
        let labels: Vec<u32> = phrasings.iter().map(|phrasing| phrasing.class).collect();
        let vectors: Vec<_> = phrasings.iter().map(|phrasing| &phrasing.analysis.vector).collect();
        let joint = Joint::train(&examples, &vectors, &labels, dictionary.len(), n_classes);
        let nearest = Nearest::new(&examples, phrasings);
        Self {
            dictionary,
            joint,
            nearest,
        }
    }

    /// The best classes, best first.
    #[must_use]
    pub fn rank(
        &self,
        question: &Analysis,
        phrasings_of: impl Fn(u32) -> std::ops::Range<usize>,
        limit: usize,
    ) -> Vec<Ranked> {
        let features = self.dictionary.features(question);
        let parts = self.joint.scores(&features, &question.vector);
        let mut scores: Vec<f32> = parts
            .words
            .iter()
            .zip(&parts.meaning)
            .map(|(words, meaning)| words + meaning)
            .collect();
        let leads = leads(&scores);
        to_probabilities(&mut scores);
        let mut order: Vec<u32> = (0..scores.len() as u32).collect();
        let by_score = |a: &u32, b: &u32| scores[*b as usize].total_cmp(&scores[*a as usize]).then(a.cmp(b));
        if order.len() > limit {
            order.select_nth_unstable_by(limit, by_score);
            order.truncate(limit);
        }
        order.sort_unstable_by(by_score);
        let probe = self.nearest.probe(&features, &question.vector);
        order
            .into_iter()
            .map(|class| {
                let near = self.nearest.nearest(&probe, phrasings_of(class));
                Ranked {
                    class,
                    score: scores[class as usize],
                    lead: leads[class as usize],
                    linear: parts.words[class as usize],
                    meaning: parts.meaning[class as usize],
                    nearest_words: near.words,
                    nearest_meaning: near.meaning,
                    nearest: near.place,
                }
            })
            .collect()
    }
}

/// The logarithm of the softmax of half the scores.
fn leads(scores: &[f32]) -> Vec<f32> {
    let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let total: f32 = scores.iter().map(|score| (0.5 * (score - top)).exp()).sum();
    scores.iter().map(|score| 0.5 * (score - top) - total.ln()).collect()
}

/// Softmax, in place.
fn to_probabilities(scores: &mut [f32]) {
    let top = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.iter_mut().for_each(|score| *score = (*score - top).exp());
    let total: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= total);
}
