//! The phrasing of a class that is nearest to a question, by words and by meaning.
//!
//! An index from words to the classes that have them, and from there to their phrasings: a question is held against all
//! phrasings of a few classes in one walk over its own words. Promise: cosines of words to within 0.0003; cosines of meaning
//! to within 0.01. Deliberately absent: how values are kept, which is `postings`'s.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::features::Features;
use super::postings::{MAX_PHRASINGS, Posting, Postings, Values};
use crate::matching::learnt::are_starts;
use crate::text::lanes::Lanes;
use crate::text::packed::Packed;

/// Words and vectors of all phrasings.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Nearest {
    /// For each word, where its classes begin in `classes`; one more at the end.
    starts: Vec<u32>,
    /// The classes that have each word in turn, sorted.
    classes: Classes,
    /// For each of them, where its values are; apart, so that looking for a class reads nothing else.
    values: Vec<Values>,
    postings: Postings,
    #[serde(with = "crate::matching::learnt::vectors")]
    vectors: Vec<Packed>,
}

/// Numbers of classes, in two bytes each where all of them can be.
#[derive(Debug, Serialize, Deserialize)]
enum Classes {
    Narrow(Vec<u16>),
    Wide(Vec<u32>),
}

impl Default for Classes {
    fn default() -> Self {
        Self::Narrow(Vec::new())
    }
}

impl Classes {
    fn new(classes: Vec<u32>) -> Self {
        let narrow: Result<Vec<u16>, _> = classes.iter().map(|class| u16::try_from(*class)).collect();
        narrow.map_or(Self::Wide(classes), Self::Narrow)
    }

    fn len(&self) -> usize {
        match self {
            Self::Narrow(classes) => classes.len(),
            Self::Wide(classes) => classes.len(),
        }
    }

    fn get(&self, place: usize) -> Option<u32> {
        match self {
            Self::Narrow(classes) => classes.get(place).map(|class| u32::from(*class)),
            Self::Wide(classes) => classes.get(place).copied(),
        }
    }

    fn shrink_to_fit(&mut self) {
        match self {
            Self::Narrow(classes) => classes.shrink_to_fit(),
            Self::Wide(classes) => classes.shrink_to_fit(),
        }
    }
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
        let mut nearest = Self {
            vectors,
            ..Self::default()
        };
        let mut having: Vec<(u32, u32, Values)> = Vec::new();
        let mut of_class: Vec<(u32, Posting)> = Vec::new();
        let mut of_word: Vec<Posting> = Vec::new();
        for (class, places) in (0_u32..).zip(classes) {
            of_class.clear();
            for (place, example) in (0_u16..).zip(&examples[places.clone()]).take(MAX_PHRASINGS) {
                of_class.extend(example.iter().map(|(word, value)| (*word, Posting::new(place, *value))));
            }
            of_class.sort_unstable_by_key(|(word, posting)| (*word, posting.place()));
            let n_phrasings = places.len().min(MAX_PHRASINGS);
            for alike in of_class.chunk_by(|a, b| a.0 == b.0) {
                of_word.clear();
                of_word.extend(alike.iter().map(|(_, posting)| *posting));
                having.push((alike[0].0, class, nearest.postings.add(&of_word, n_phrasings)));
            }
        }
        having.sort_unstable_by_key(|(word, class, _)| (*word, *class));
        let mut classes_of_words = Vec::with_capacity(having.len());
        for (word, class, values) in having {
            let n_before = classes_of_words.len() as u32;
            let n_begun = nearest.starts.len().max(word as usize + 1);
            nearest.starts.resize(n_begun, n_before);
            classes_of_words.push(class);
            nearest.values.push(values);
        }
        nearest.starts.resize(n_words + 1, classes_of_words.len() as u32);
        nearest.classes = Classes::new(classes_of_words);
        nearest.shrink_to_fit();
        nearest
    }

    /// Gives back what was reserved for more.
    pub(super) fn shrink_to_fit(&mut self) {
        self.classes.shrink_to_fit();
        self.values.shrink_to_fit();
        self.postings.shrink_to_fit();
        self.vectors.shrink_to_fit();
    }

    /// Whether every place in it is one, for these classes and so many words.
    pub(super) fn is_sound(&self, classes: &[Range<usize>], n_words: usize) -> bool {
        let is_sound = |(place, values): (usize, &Values)| {
            let class = self.classes.get(place).and_then(|class| classes.get(class as usize));
            class.is_some_and(|places| self.postings.is_sound(*values, places.len().min(MAX_PHRASINGS)))
        };
        self.starts.len() == n_words + 1
            && are_starts(&self.starts, self.classes.len())
            && self.values.len() == self.classes.len()
            && self.values.iter().enumerate().all(is_sound)
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
            nearest_of_class(first, &mut cosines[range], meanings)
        };
        classes.iter().zip(lengths).map(nearest_of).collect()
    }

    /// Adds to each phrasing's sum what it has in common with the question's words; `lengths` says how many phrasings
    /// each class has.
    fn add_words(&self, words: &[(u32, f32)], classes: &[u32], lengths: &[usize], sums: &mut [f32]) {
        match &self.classes {
            Classes::Narrow(having) => self.add_words_among(having, words, classes, lengths, sums),
            Classes::Wide(having) => self.add_words_among(having, words, classes, lengths, sums),
        }
    }

    fn add_words_among<C: Copy + Into<u32>>(
        &self,
        having: &[C],
        words: &[(u32, f32)],
        classes: &[u32],
        lengths: &[usize],
        sums: &mut [f32],
    ) {
        let starts: Vec<usize> = lengths
            .iter()
            .scan(0, |next, length| {
                let start = *next;
                *next += length;
                Some(start)
            })
            .collect();
        let mut add = |value: f32, found: usize, slot: usize| {
            let sums = &mut sums[starts[slot]..starts[slot] + lengths[slot]];
            self.postings.add_to(self.values[found], value, sums);
        };
        for (word, value) in words {
            let (from, to) = (self.starts[*word as usize], self.starts[*word as usize + 1]);
            let (from, to) = (from as usize, to as usize);
            let having = &having[from..to];
            // Most words are pairs that few classes have: then those few are looked for among the classes asked for.
            if having.len() < classes.len() {
                for (place, class) in having.iter().enumerate() {
                    if let Some(slot) = classes.iter().position(|other| *other == (*class).into()) {
                        add(*value, from + place, slot);
                    }
                }
            } else {
                for (slot, class) in classes.iter().enumerate() {
                    if let Some(place) = find(having, *class) {
                        add(*value, from + place, slot);
                    }
                }
            }
        }
    }
}

/// The place of a class in a sorted list. Classes that have a word lie about evenly, so it is looked for around where it
/// would then be, in steps that double: one line of memory instead of the handful that halving the whole list reads.
fn find<C: Copy + Into<u32>>(sorted: &[C], class: u32) -> Option<usize> {
    let at = |place: usize| -> Option<u32> { sorted.get(place).map(|class| (*class).into()) };
    let last = at(sorted.len().checked_sub(1)?)?;
    if class >= last {
        return (class == last).then_some(sorted.len() - 1);
    }
    let guess = (u64::from(class) * sorted.len() as u64 / u64::from(last)) as usize;
    let mut step = 1;
    let around = if at(guess)? <= class {
        let mut from = guess;
        while at(from + step).is_some_and(|other| other <= class) {
            from += step;
            step *= 2;
        }
        from..sorted.len().min(from + step)
    } else {
        let mut to = guess;
        while to.checked_sub(step).and_then(at).is_some_and(|other| other > class) {
            to -= step;
            step *= 2;
        }
        to.saturating_sub(step)..to
    };
    let from = around.start;
    let place = sorted[around].binary_search_by_key(&class, |other| (*other).into());
    place.ok().map(|place| from + place)
}

/// The nearest of a class's phrasings, of which the first stands at `first`, by their cosines. Adds up both in `words`.
fn nearest_of_class(first: usize, words: &mut [f32], meanings: &[f32]) -> Near {
    let lanes = Lanes::default();
    let (largest_of_words, largest_of_meanings) = (lanes.largest(words), lanes.largest(meanings));
    for (both, meaning) in words.iter_mut().zip(meanings) {
        *both += meaning;
    }
    let best = lanes.largest(words);
    let place = words.iter().position(|both| *both >= best).unwrap_or_default();
    Near {
        words: largest_of_words.max(0.0),
        meaning: largest_of_meanings.max(0.0),
        place: first + place,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_class_is_found_where_it_is(
            classes in proptest::collection::btree_set(prop_oneof![0..40_u32, 0..100_000_u32], 0..200),
            other in 0..100_000_u32,
        ) {
            let sorted: Vec<u32> = classes.into_iter().collect();
            for (place, class) in sorted.iter().enumerate() {
                prop_assert_eq!(find(&sorted, *class), Some(place));
            }
            for class in (0..45).chain([other]) {
                prop_assert_eq!(find(&sorted, class), sorted.binary_search(&class).ok());
            }
        }
    }
}
