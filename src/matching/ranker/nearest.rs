//! The phrasing of a class that is nearest to a question, by words and by meaning.
//!
//! An index from words to the classes that have them, and from there to their phrasings: a question is held against all
//! phrasings of a few classes in one walk over its own words. Promise: exact cosines of words; cosines of meaning to
//! within 0.01.

use std::ops::Range;

use super::features::Features;
use crate::text::lanes::Lanes;
use crate::text::packed::Packed;

/// The most phrasings of a class that are compared; a curator's class has some dozens.
const MAX_PHRASINGS: usize = 1_024;

/// Words and vectors of all phrasings.
#[derive(Debug, Default)]
pub struct Nearest {
    /// For each word, where its classes begin in `classes`; one more at the end.
    starts: Vec<u32>,
    /// The classes that have each word in turn, sorted, each with where its postings begin; one more at the end.
    classes: Vec<(u32, u32)>,
    /// The phrasings of a class that have a word, by place within the class, with the word's value there.
    postings: Vec<(u16, f32)>,
    vectors: Vec<Packed>,
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
    /// Indexes the phrasings of each class; `classes` gives the places of each class's phrasings, in order, and
    /// `n_words` the number of features.
    #[must_use]
    pub fn new(examples: &[Features], vectors: Vec<Packed>, classes: &[Range<usize>], n_words: usize) -> Self {
        let mut by_word: Vec<(u32, u32, u16, f32)> = Vec::new();
        for (class, places) in (0_u32..).zip(classes) {
            for (place, example) in (0_u16..).zip(&examples[places.clone()]).take(MAX_PHRASINGS) {
                by_word.extend(example.words.iter().map(|(word, value)| (*word, class, place, *value)));
            }
        }
        by_word.sort_unstable_by_key(|(word, class, place, _)| (*word, *class, *place));
        let mut nearest = Self {
            starts: Vec::with_capacity(n_words + 1),
            vectors,
            ..Self::default()
        };
        let mut before = None;
        for (word, class, place, value) in by_word {
            while nearest.starts.len() <= word as usize {
                nearest.starts.push(nearest.classes.len() as u32);
            }
            if before != Some((word, class)) {
                nearest.classes.push((class, nearest.postings.len() as u32));
                before = Some((word, class));
            }
            nearest.postings.push((place, value));
        }
        nearest.starts.resize(n_words + 1, nearest.classes.len() as u32);
        nearest.classes.push((u32::MAX, nearest.postings.len() as u32));
        nearest
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
        let mut starts = Vec::with_capacity(classes.len());
        let mut n_phrasings = 0;
        for class in classes {
            starts.push(n_phrasings);
            n_phrasings += places(*class).len().min(MAX_PHRASINGS);
        }
        let mut cosines = vec![0.0_f32; n_phrasings];
        self.add_words(words, classes, &starts, &mut cosines);
        let mut meanings: Vec<f32> = Vec::new();
        let lanes = Lanes::default();
        let nearest_of = |(class, start): (&u32, usize)| {
            let places = places(*class);
            let n_phrasings = places.len().min(MAX_PHRASINGS);
            meanings.clear();
            meanings.resize(n_phrasings, 0.0);
            lanes.dots(vector, &self.vectors[places.start..places.start + n_phrasings], &mut meanings);
            nearest_of_class(places.start, &cosines[start..start + n_phrasings], &meanings)
        };
        classes.iter().zip(starts).map(nearest_of).collect()
    }

    /// Adds to each phrasing's sum what it has in common with the question's words; `starts` says where each class's
    /// sums begin.
    fn add_words(&self, words: &[(u32, f32)], classes: &[u32], starts: &[usize], sums: &mut [f32]) {
        for (word, value) in words {
            let (from, to) = (self.starts[*word as usize], self.starts[*word as usize + 1]);
            let having = &self.classes[from as usize..to as usize];
            for (class, start) in classes.iter().zip(starts) {
                let Ok(found) = having.binary_search_by_key(class, |(class, _)| *class) else {
                    continue;
                };
                let place = from as usize + found;
                let postings = self.classes[place].1 as usize..self.classes[place + 1].1 as usize;
                for (place, other) in &self.postings[postings] {
                    sums[start + usize::from(*place)] += value * other;
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
