//! The phrasing of a class that is nearest to a question, by words and by meaning.
//!
//! For each class an index from words to the phrasings that have them, so that a question is held against all of a
//! class's phrasings in one walk over its own words. Promise: exact cosines of words; cosines of meaning to within 0.01.

use std::ops::Range;

use super::features::Features;
use crate::text::lanes::Lanes;
use crate::text::packed::Packed;

/// The most phrasings of a class that are compared; a curator's class has some dozens.
const MAX_PHRASINGS: usize = 1_024;

/// Words and vectors of all phrasings.
#[derive(Debug, Default)]
pub struct Nearest {
    /// For each class, where its words begin in `words`; one more at the end.
    starts: Vec<u32>,
    /// The words of each class in turn, sorted, each with where its postings begin.
    words: Vec<(u32, u32)>,
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
    /// Indexes the phrasings of each class; `classes` gives the places of each class's phrasings, in order.
    #[must_use]
    pub fn new(examples: &[Features], vectors: Vec<Packed>, classes: &[Range<usize>]) -> Self {
        let mut nearest = Self {
            starts: Vec::with_capacity(classes.len() + 1),
            vectors,
            ..Self::default()
        };
        let mut of_class: Vec<(u32, u16, f32)> = Vec::new();
        for places in classes {
            nearest.starts.push(nearest.words.len() as u32);
            of_class.clear();
            for (place, example) in (0_u16..).zip(&examples[places.clone()]).take(MAX_PHRASINGS) {
                of_class.extend(example.words.iter().map(|(word, value)| (*word, place, *value)));
            }
            of_class.sort_unstable_by_key(|(word, place, _)| (*word, *place));
            for (word, place, value) in &of_class {
                let is_new = nearest.words.len() as u32 == nearest.starts[nearest.starts.len() - 1]
                    || nearest.words.last().is_none_or(|(last, _)| last != word);
                if is_new {
                    nearest.words.push((*word, nearest.postings.len() as u32));
                }
                nearest.postings.push((*place, *value));
            }
        }
        nearest.starts.push(nearest.words.len() as u32);
        nearest
    }

    /// The nearest of a class's phrasings, which stand at these places.
    #[must_use]
    pub fn nearest(&self, words: &[(u32, f32)], vector: &Packed, class: u32, places: Range<usize>) -> Near {
        let mut sums = [0.0_f32; MAX_PHRASINGS];
        let n_phrasings = places.len().min(MAX_PHRASINGS);
        let sums = &mut sums[..n_phrasings];
        self.add_words(words, class, sums);
        let mut near = Near {
            place: places.start,
            ..Near::default()
        };
        let mut best = f32::NEG_INFINITY;
        let mut meanings = [0.0_f32; MAX_PHRASINGS];
        let meanings = &mut meanings[..n_phrasings];
        Lanes::default().dots(vector, &self.vectors[places.clone()], meanings);
        for (place, (words, meaning)) in sums.iter().zip(meanings).enumerate() {
            near.words = near.words.max(*words);
            near.meaning = near.meaning.max(*meaning);
            let (words, meaning) = (*words, *meaning);
            if words + meaning > best {
                best = words + meaning;
                near.place = places.start + place;
            }
        }
        near
    }

    /// Adds to each phrasing's sum what it has in common with the question's words.
    fn add_words(&self, words: &[(u32, f32)], class: u32, sums: &mut [f32]) {
        let (from, to) = (self.starts[class as usize], self.starts[class as usize + 1]);
        let own = &self.words[from as usize..to as usize];
        for (word, value) in words {
            let Ok(found) = own.binary_search_by_key(word, |(word, _)| *word) else {
                continue;
            };
            let next = from as usize + found + 1;
            let end = self
                .words
                .get(next)
                .map_or(self.postings.len(), |(_, start)| *start as usize);
            for (place, other) in &self.postings[own[found].1 as usize..end] {
                sums[usize::from(*place)] += value * other;
            }
        }
    }
}
