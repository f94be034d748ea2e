//! The phrasing of a class that is nearest to a question, by words and by meaning.

use super::features::Features;
use crate::matching::class::Phrasing;
use crate::text::vectors::{DIMENSIONS, dot};

/// Words and vectors of all phrasings.
#[derive(Debug)]
pub struct Nearest {
    words: Vec<Vec<(u32, f32)>>,
    vectors: Vec<[f32; DIMENSIONS]>,
}

/// A question prepared for comparison.
#[derive(Debug)]
pub struct Probe<'a> {
    words: &'a [(u32, f32)],
    vector: &'a [f32; DIMENSIONS],
}

/// The nearest phrasing of a class.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Near {
    /// The best cosine of words.
    pub words: f32,
    /// The best cosine of meaning.
    pub meaning: f32,
    /// The place of the phrasing that is nearest by both together.
    pub place: usize,
}

impl Nearest {
    /// Keeps the phrasings' words and vectors.
    #[must_use]
    pub fn new(examples: &[Features], phrasings: &[Phrasing]) -> Self {
        Self {
            words: examples.iter().map(|example| example.words.clone()).collect(),
            vectors: phrasings.iter().map(|phrasing| phrasing.analysis.vector).collect(),
        }
    }

    /// Prepares a question.
    #[must_use]
    pub fn probe<'a>(&self, features: &'a Features, vector: &'a [f32; DIMENSIONS]) -> Probe<'a> {
        Probe {
            words: &features.words,
            vector,
        }
    }

    /// The nearest of the phrasings at these places.
    #[must_use]
    pub fn nearest(&self, probe: &Probe<'_>, places: std::ops::Range<usize>) -> Near {
        let mut near = Near {
            place: places.start,
            ..Near::default()
        };
        let mut best = f32::NEG_INFINITY;
        for place in places {
            let words = sparse_dot(probe.words, &self.words[place]);
            let meaning = dot(probe.vector, &self.vectors[place]);
            near.words = near.words.max(words);
            near.meaning = near.meaning.max(meaning);
            if words + meaning > best {
                best = words + meaning;
                near.place = place;
            }
        }
        near
    }
}

/// The dot product of two lists that are sorted by number.
fn sparse_dot(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a[i].1 * b[j].1;
                i += 1;
                j += 1;
            }
        }
    }
    sum
}
