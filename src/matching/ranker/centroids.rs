//! The ranking of many classes, where training one weight a class and word would cost too much: each class is the sum
//! of its phrasings, and an index from words to classes finds those worth comparing.
//!
//! The question's rarest words are looked up first, and no more postings are read than half as many as there are classes
//! (`LEAST_POSTINGS` in any case, and the rarest word's), so that the time grows slower than the number of classes. What is
//! found is then compared phrasing by phrasing.
//! Promise: deterministic. Deliberately absent: character sequences; misspelled words are repaired before.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::features::Features;
use crate::matching::learnt::are_starts;
use crate::text::lanes::Lanes;
use crate::text::packed::Packed;
use crate::text::vectors::{DIMENSIONS, to_unit_length};

/// Postings that are read for one question however few classes there are: as many as half of the classes where there are
/// more. Chosen by `scale`: with 5,000 to 50,000 of 10,000 invented facts the right one is first as often (94.2 %), and
/// 10,000 take half the time of 50,000; of 100,000 facts it is so for 91.0 % with 10,000, and for 93.1 % with 50,000.
const LEAST_POSTINGS: usize = 10_000;
/// Classes that are compared phrasing by phrasing.
pub const MAX_FOUND: usize = 64;

/// All classes by their words and by their meaning.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Centroids {
    /// For each word, where its postings begin; one more at the end.
    starts: Vec<u32>,
    /// The classes that have a word, with its value there.
    postings: Vec<(u32, f32)>,
    #[serde(with = "crate::matching::learnt::vectors")]
    vectors: Vec<Packed>,
}

impl Centroids {
    /// Sums up each class; `classes` gives the places of each class's phrasings, in order.
    #[must_use]
    pub fn new(examples: &[Features], vectors: &[Packed], classes: &[Range<usize>], n_features: usize) -> Self {
        let mut by_word: Vec<(u32, u32, f32)> = Vec::new();
        let mut centroids = Self::default();
        let mut of_class: Vec<(u32, f32)> = Vec::new();
        for (class, places) in (0_u32..).zip(classes) {
            of_class.clear();
            of_class.extend(examples[places.clone()].iter().flatten());
            of_class.sort_by_key(|(word, _)| *word);
            of_class.dedup_by(|next, kept| {
                let is_same = next.0 == kept.0;
                if is_same {
                    kept.1 += next.1;
                }
                is_same
            });
            let length = of_class.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
            by_word.extend(of_class.iter().map(|(word, value)| (*word, class, value / length)));
            let mut sum = [0.0; DIMENSIONS];
            vectors[places.clone()]
                .iter()
                .for_each(|vector| vector.add_to(&mut sum));
            to_unit_length(&mut sum);
            centroids.vectors.push(Packed::new(&sum));
        }
        by_word.sort_unstable_by_key(|(word, class, _)| (*word, *class));
        let mut next = 0;
        for word in 0..n_features as u32 {
            centroids.starts.push(next as u32);
            while by_word.get(next).is_some_and(|(other, ..)| *other == word) {
                next += 1;
            }
        }
        centroids.starts.push(next as u32);
        centroids.postings = by_word.into_iter().map(|(_, class, value)| (class, value)).collect();
        centroids
    }

    /// Whether every place in it is one, for so many classes and features.
    pub(super) fn is_sound(&self, n_classes: usize, n_features: usize) -> bool {
        let is_sound = |(class, value): &(u32, f32)| (*class as usize) < n_classes && value.is_finite();
        self.starts.len() == n_features + 1
            && are_starts(&self.starts, self.postings.len())
            && self.postings.iter().all(is_sound)
            && self.vectors.len() == n_classes
    }

    /// The classes worth comparing of those that may answer, with how near each is, best first.
    #[must_use]
    pub fn find(&self, features: &Features, vector: &Packed, may_answer: impl Fn(u32) -> bool) -> Vec<(u32, f32)> {
        let postings = |word: u32| {
            let (from, to) = (self.starts[word as usize], self.starts[word as usize + 1]);
            &self.postings[from as usize..to as usize]
        };
        let mut words = features.clone();
        words.sort_by_key(|(word, _)| (postings(*word).len(), *word));
        let mut sums = vec![0.0_f32; self.vectors.len()];
        let mut found: Vec<u32> = Vec::new();
        let most = LEAST_POSTINGS.max(self.vectors.len() / 2);
        let mut n_read = 0;
        for (word, value) in words {
            n_read += postings(word).len();
            if n_read > most && !found.is_empty() {
                break;
            }
            for (class, other) in postings(word) {
                let sum = &mut sums[*class as usize];
                if *sum == 0.0 {
                    found.push(*class);
                }
                *sum += value * other;
            }
        }
        found.retain(|class| may_answer(*class));
        let lanes = Lanes::default();
        // A question in nothing but words that no class has is left to what it means.
        if found.is_empty() {
            lanes.dots(vector, &self.vectors, &mut sums);
            let all = (0_u32..).zip(sums);
            let mut near: Vec<(u32, f32)> = all.filter(|(class, _)| may_answer(*class)).collect();
            keep_best(&mut near, MAX_FOUND);
            return near;
        }
        let mut near: Vec<(u32, f32)> = found.into_iter().map(|class| (class, sums[class as usize])).collect();
        keep_best(&mut near, 8 * MAX_FOUND);
        for (class, sum) in &mut near {
            *sum += lanes.largest_dot(vector, &self.vectors, &[*class]);
        }
        keep_best(&mut near, MAX_FOUND);
        near
    }
}

/// Keeps the best, in order.
fn keep_best(near: &mut Vec<(u32, f32)>, limit: usize) {
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if near.len() > limit {
        near.select_nth_unstable_by(limit, order);
        near.truncate(limit);
    }
    near.sort_unstable_by(order);
}
