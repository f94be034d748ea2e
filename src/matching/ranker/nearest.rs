//! The phrasing of a class that is nearest to a question, by words and by meaning.
//!
//! An index from words to the classes that have them, and from there to their phrasings: a question is held against all
//! phrasings of a few classes in one walk over its own words. Promise: exact cosines of words; cosines of meaning to
//! within 0.01.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::features::Features;
use crate::matching::learnt::{are_finite, are_starts};
use crate::text::lanes::Lanes;
use crate::text::packed::Packed;

/// The most phrasings of a class that are compared; a curator's class has some dozens.
const MAX_PHRASINGS: usize = 1_024;

/// Words and vectors of all phrasings.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Nearest {
    /// For each word, where its classes begin in `classes`; one more at the end.
    starts: Vec<u32>,
    /// The classes that have each word in turn, sorted, each with where its values are.
    classes: Vec<(u32, Values)>,
    /// The phrasings of a class that have a word, by place within the class.
    postings: Vec<u16>,
    /// The word's value in each of them; apart, since together each would take two bytes more.
    values: Vec<f32>,
    /// The values of a word in all phrasings of a class, where many have it: adding a row is faster than looking each up.
    rows: Vec<f32>,
    #[serde(with = "crate::matching::learnt::vectors")]
    vectors: Vec<Packed>,
}

/// Where the values of one word in one class are.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Values {
    /// That many postings from there on.
    Postings(u32, u16),
    /// A row of the class's length from there on.
    Row(u32),
}

/// From this share of a class's phrasings on (one in so many), a word's values are kept as a row.
const ROW_FROM: usize = 4;

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
    /// Indexes the phrasings of each class; `classes` gives the places of each class's phrasings, in order, and
    /// `n_words` the number of features.
    #[must_use]
    pub fn new(examples: &[Features], vectors: Vec<Packed>, classes: &[Range<usize>], n_words: usize) -> Self {
        let mut by_word: Vec<(u32, u32, u16, f32)> = Vec::new();
        for (class, places) in (0_u32..).zip(classes) {
            for (place, example) in (0_u16..).zip(&examples[places.clone()]).take(MAX_PHRASINGS) {
                by_word.extend(example.iter().map(|(word, value)| (*word, class, place, *value)));
            }
        }
        by_word.sort_unstable_by_key(|(word, class, place, _)| (*word, *class, *place));
        let mut nearest = Self {
            starts: Vec::with_capacity(n_words + 1),
            vectors,
            ..Self::default()
        };
        for of_class in by_word.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (word, class, ..) = of_class[0];
            while nearest.starts.len() <= word as usize {
                nearest.starts.push(nearest.classes.len() as u32);
            }
            let n_phrasings = classes[class as usize].len().min(MAX_PHRASINGS);
            let values = of_class.iter().map(|(.., place, value)| (*place, *value));
            let values = if of_class.len() * ROW_FROM >= n_phrasings {
                let start = nearest.rows.len();
                nearest.rows.resize(start + n_phrasings, 0.0);
                values.for_each(|(place, value)| nearest.rows[start + usize::from(place)] = value);
                Values::Row(start as u32)
            } else {
                let start = nearest.postings.len() as u32;
                let (places, values): (Vec<u16>, Vec<f32>) = values.unzip();
                nearest.postings.extend(places);
                nearest.values.extend(values);
                Values::Postings(start, of_class.len() as u16)
            };
            nearest.classes.push((class, values));
        }
        nearest.starts.resize(n_words + 1, nearest.classes.len() as u32);
        nearest.shrink_to_fit();
        nearest
    }

    /// Gives back what was reserved for more.
    pub(super) fn shrink_to_fit(&mut self) {
        self.classes.shrink_to_fit();
        self.postings.shrink_to_fit();
        self.values.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.vectors.shrink_to_fit();
    }

    /// Whether every place in it is one, for these classes and so many words.
    pub(super) fn is_sound(&self, classes: &[Range<usize>], n_words: usize) -> bool {
        let is_sound = |(class, values): &(u32, Values)| {
            let Some(places) = classes.get(*class as usize) else {
                return false;
            };
            let n_phrasings = places.len().min(MAX_PHRASINGS);
            match *values {
                Values::Row(start) => self.rows.len().checked_sub(start as usize) >= Some(n_phrasings),
                Values::Postings(start, n) => {
                    let start = start as usize;
                    let postings = self.postings.get(start..start + usize::from(n));
                    postings.is_some_and(|places| places.iter().all(|place| usize::from(*place) < n_phrasings))
                }
            }
        };
        self.starts.len() == n_words + 1
            && are_starts(&self.starts, self.classes.len())
            && self.classes.iter().all(is_sound)
            && self.values.len() == self.postings.len()
            && are_finite(&self.values)
            && are_finite(&self.rows)
            && self.vectors.len() == classes.last().map_or(0, |places| places.end)
    }

    /// The nearest phrasing of each of these classes; `places` gives where the phrasings of a class stand.
    #[must_use]
    pub fn nearest(
        &self,
        words: &[(u32, f32)],
        vector: &Packed,
        classes: &[u32],
        places: impl Fn(u32) -> Range<usize>,
    ) -> Vec<Near> {
        let lengths: Vec<usize> = classes
            .iter()
            .map(|class| places(*class).len().min(MAX_PHRASINGS))
            .collect();
        let n_phrasings = lengths.iter().sum();
        let mut cosines = vec![0.0_f32; n_phrasings];
        self.add_words(words, classes, &lengths, &mut cosines);
        let mut meanings = vec![0.0_f32; n_phrasings];
        let lanes = Lanes::default();
        let mut start = 0;
        let nearest_of = |(class, length): (&u32, usize)| {
            let first = places(*class).start;
            let range = start..start + length;
            start = range.end;
            let meanings = &mut meanings[range.clone()];
            lanes.dots(vector, &self.vectors[first..first + length], meanings);
            nearest_of_class(first, &cosines[range], meanings)
        };
        classes.iter().zip(lengths).map(nearest_of).collect()
    }

    /// Adds to each phrasing's sum what it has in common with the question's words; `lengths` says how many phrasings
    /// each class has.
    fn add_words(&self, words: &[(u32, f32)], classes: &[u32], lengths: &[usize], sums: &mut [f32]) {
        let lanes = Lanes::default();
        for (word, value) in words {
            let (from, to) = (self.starts[*word as usize], self.starts[*word as usize + 1]);
            let having = &self.classes[from as usize..to as usize];
            let mut rest = &mut *sums;
            for (class, length) in classes.iter().zip(lengths) {
                let (sums, after) = rest.split_at_mut(*length);
                rest = after;
                let Ok(found) = having.binary_search_by_key(class, |(class, _)| *class) else {
                    continue;
                };
                match having[found].1 {
                    Values::Row(start) => {
                        let row = &self.rows[start as usize..start as usize + length];
                        lanes.add_scaled(sums, row, *value);
                    }
                    Values::Postings(start, n) => {
                        let start = start as usize;
                        let range = start..start + usize::from(n);
                        let places = &self.postings[range.clone()];
                        for (place, other) in places.iter().zip(&self.values[range]) {
                            sums[usize::from(*place)] += value * other;
                        }
                    }
                }
            }
        }
    }
}

/// The nearest of a class's phrasings, of which the first stands at `first`, by their cosines.
fn nearest_of_class(first: usize, words: &[f32], meanings: &[f32]) -> Near {
    let mut near = Near {
        place: first,
        ..Near::default()
    };
    let mut best = f32::NEG_INFINITY;
    for (place, (words, meaning)) in words.iter().zip(meanings).enumerate() {
        near.words = near.words.max(*words);
        near.meaning = near.meaning.max(*meaning);
        if words + meaning > best {
            best = words + meaning;
            near.place = first + place;
        }
    }
    near
}
