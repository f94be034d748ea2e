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
pub mod numbers;
pub mod postings;
pub mod rows;
pub mod spelling;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use centroids::Centroids;
use features::{Dictionary, Features, Hashes};
use joint::Joint;
use nearest::Nearest;
use spelling::Spellings;

use super::analysis::Analysis;
use super::vocabulary::{Vocabulary, WordId};
use crate::text::lanes::Lanes;
use crate::text::packed::Packed;

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
    /// What each phrasing says, as a number.
    keys: Vec<u64>,
    /// The words of each phrasing, where they are wanted.
    words: Vec<Vec<WordId>>,
    vectors: Vec<Packed>,
}

/// The models.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ranker {
    dictionary: Dictionary,
    model: Model,
    nearest: Nearest,
    /// The places of each class's phrasings, in order.
    #[serde(skip)]
    classes: Vec<Range<usize>>,
}

#[derive(Debug, Serialize, Deserialize)]
enum Model {
    Trained(Box<(Spellings, Joint)>),
    Indexed(Centroids),
}

impl Collected {
    /// Begins to collect for this many classes.
    #[must_use]
    pub fn new(n_classes: usize) -> Self {
        Self {
            is_trained: n_classes <= MAX_TRAINED,
            hashes: Vec::new(),
            keys: Vec::new(),
            words: Vec::new(),
            vectors: Vec::new(),
        }
    }

    /// Takes in the next phrasing.
    pub fn add(&mut self, phrasing: &Analysis) {
        let hashes = Hashes::new(phrasing);
        self.keys.push(hashes.key());
        self.hashes.push(hashes);
        if self.is_trained {
            let words = phrasing.terms.iter().filter_map(|term| term.word_id);
            self.words.push(words.collect());
        }
        self.vectors.push(Packed::new(&phrasing.vector));
    }
}

impl Ranker {
    /// Learns the phrasings; `classes` gives the places of each class's phrasings, in order.
    #[must_use]
    pub fn new(collected: Collected, classes: Vec<Range<usize>>, vocabulary: &Vocabulary) -> Self {
        let Collected {
            is_trained,
            hashes,
            keys,
            words,
            vectors,
        } = collected;
        let dictionary = Dictionary::new(&hashes);
        let examples: Vec<Features> = hashes.iter().map(|hashes| dictionary.features(hashes)).collect();
        drop(hashes);
        let model = if is_trained {
            let mut spellings = Spellings::new(vocabulary, &words);
            let joint = train(
                (&examples, &keys),
                &spellings,
                &words,
                &vectors,
                &classes,
                dictionary.len(),
            );
            spellings.forget_sequences();
            Model::Trained(Box::new((spellings, joint)))
        } else {
            Model::Indexed(Centroids::new(&examples, &vectors, &classes, dictionary.len()))
        };
        let nearest = Nearest::new(&examples, vectors, &classes, dictionary.len());
        Self {
            dictionary,
            model,
            nearest,
            classes,
        }
    }

    /// Takes the places of each class's phrasings, which are not kept with what was learnt. Whether all of it fits them
    /// and the vocabulary; else nothing may be ranked.
    #[must_use]
    pub(super) fn take_places(&mut self, classes: Vec<Range<usize>>, vocabulary: &Vocabulary) -> bool {
        self.classes = classes;
        // What was read was read into lists that grew.
        self.nearest.shrink_to_fit();
        if let Model::Trained(trained) = &mut self.model {
            trained.1.shrink_to_fit();
        }
        let n_features = self.dictionary.len();
        let n_words = vocabulary.words().len();
        let is_sound = match &self.model {
            Model::Trained(trained) => {
                let (spellings, joint) = &**trained;
                spellings.is_sound(n_words) && joint.is_sound(self.classes.len(), n_features, spellings)
            }
            Model::Indexed(centroids) => centroids.is_sound(self.classes.len(), n_features),
        };
        is_sound && self.dictionary.is_sound() && self.nearest.is_sound(&self.classes, n_features)
    }

    /// The best classes, best first. Where a question was put together with what it leans on, its own words speak a second
    /// time, by themselves, with this weight; where there are too many classes to train, only the whole speaks. Classes that
    /// may not answer are as if they were not there.
    #[must_use]
    pub fn rank(
        &self,
        question: &Analysis,
        own: Option<(&Analysis, f32)>,
        may_answer: impl Fn(u32) -> bool,
        limit: usize,
    ) -> Vec<Ranked> {
        let features = self.dictionary.features(&Hashes::new(question));
        let vector = Packed::new(&question.vector);
        match &self.model {
            Model::Trained(trained) => {
                let (spellings, joint) = &**trained;
                let mut scores = joint.scores(&features, &spellings.of_question(&question.terms), &vector);
                if let Some((own, weight)) = own {
                    let features = self.dictionary.features(&Hashes::new(own));
                    let spelled = spellings.of_question(&own.terms);
                    let of_own = joint.scores(&features, &spelled, &Packed::new(&own.vector));
                    for (score, of_own) in scores.iter_mut().zip(of_own) {
                        *score += weight * of_own;
                    }
                }
                for (class, score) in (0_u32..).zip(&mut scores) {
                    if !may_answer(class) {
                        // Without probability, and never among the best.
                        *score = f32::NEG_INFINITY;
                    }
                }
                self.rank_trained(&scores, &features, &vector, limit)
            }
            Model::Indexed(centroids) => {
                let found = centroids.find(&features, &vector, may_answer);
                self.rank_indexed(found, &features, &vector, limit)
            }
        }
    }

    fn rank_trained(&self, scores: &[f32], features: &Features, vector: &Packed, limit: usize) -> Vec<Ranked> {
        let sums = Sums::new(scores, Lanes::default().largest(scores));
        let order = best(scores, limit);
        let near = self.nearest(features, vector, &order);
        let ranked = order
            .into_iter()
            .zip(near)
            .map(|(class, near)| sums.ranked(class, scores[class as usize], near));
        ranked.collect()
    }

    fn nearest(&self, features: &Features, vector: &Packed, classes: &[u32]) -> Vec<nearest::Near> {
        let places = |class: u32| self.classes[class as usize].clone();
        self.nearest.nearest(features, vector, classes, places)
    }

    fn rank_indexed(&self, found: Vec<(u32, f32)>, features: &Features, vector: &Packed, limit: usize) -> Vec<Ranked> {
        let classes: Vec<u32> = found.iter().map(|(class, _)| *class).collect();
        let near = self.nearest(features, vector, &classes);
        let compared = found.into_iter().zip(near).map(|((class, score), near)| {
            let likeness = SHARPNESS * (score + near.words + near.meaning) / 2.0;
            (class, likeness, near)
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

fn train(
    (examples, keys): (&[Features], &[u64]),
    spellings: &Spellings,
    words: &[Vec<WordId>],
    vectors: &[Packed],
    classes: &[Range<usize>],
    n_features: usize,
) -> Joint {
    let labels: Vec<u32> = (0_u32..)
        .zip(classes)
        .flat_map(|(class, places)| places.clone().map(move |_| class))
        .collect();
    // Sequences are numbered behind the words, so that one table of weights holds both.
    let examples: Vec<Features> = examples
        .iter()
        .zip(words)
        .map(|(example, words)| {
            let sequences = spellings.of_text(words);
            let numbered = sequences
                .into_iter()
                .map(|(number, value)| (number + n_features as u32, value));
            example.iter().copied().chain(numbered).collect()
        })
        .collect();
    Joint::train(&examples, vectors, keys, &labels, classes.len(), n_features, spellings)
}

/// The numbers of the highest scores, highest first; among equals the lower number first.
fn best(scores: &[f32], limit: usize) -> Vec<u32> {
    let mut order: Vec<u32> = Vec::with_capacity(limit + 1);
    // The last of the best, once there are as many as are wanted: nearly every class is behind it.
    let mut last = f32::NEG_INFINITY;
    for (class, score) in (0_u32..).zip(scores) {
        if *score <= last {
            continue;
        }
        let is_better = |other: &u32| scores[*other as usize].total_cmp(score).is_ge();
        if order.len() == limit && order.last().is_none_or(is_better) {
            continue;
        }
        order.insert(order.partition_point(is_better), class);
        order.truncate(limit);
        if order.len() == limit {
            last = order.last().map_or(last, |class| scores[*class as usize]);
        }
    }
    order
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

    #[test]
    fn the_best_come_first_and_equals_keep_their_order() {
        assert_eq!(best(&[1.0, 3.0, 2.0, 3.0, -1.0], 3), [1, 3, 2]);
        assert_eq!(best(&[1.0, 3.0], 5), [1, 0]);
        assert!(best(&[1.0], 0).is_empty());
        assert!(best(&[], 2).is_empty());
    }

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
    fn classes_that_may_not_answer_are_as_if_they_were_not_there() {
        let without = ranked(&[f32::NEG_INFINITY, 1.0, 0.5]);
        assert_same(&without[1..], &ranked(&[1.0, 0.5]));
        assert_eq!(best(&[f32::NEG_INFINITY, 1.0, f32::NEG_INFINITY, 2.0], 5), [3, 1]);
        assert!(best(&[f32::NEG_INFINITY; 3], 5).is_empty());
    }
}
