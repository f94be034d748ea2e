//! Short texts in one piece of memory: each by itself would take as much again as its letters, and a fact has some dozens
//! of example questions.
//!
//! Promise: they are the texts that they were made of, in that order. Deliberately absent: changing them; who wants other
//! texts makes others.

use std::ops::Range;

/// Texts, one right after the other.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Texts {
    joined: Box<str>,
    /// Where each ends in `joined`.
    ends: Box<[u32]>,
}

impl Texts {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text at this place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(place)? as usize;
        let before = place.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.map_or(0, |start| *start as usize);
        self.joined.get(start..end)
    }

    /// The first text.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        self.get(0)
    }

    /// All of them, in order.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            texts: self,
            places: 0..self.len(),
        }
    }
}

impl std::fmt::Debug for Texts {
    /// As a list of texts.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut joined = String::new();
        let end_after = |text: T| {
            joined.push_str(text.as_ref());
            joined.len() as u32
        };
        let ends = texts.into_iter().map(end_after).collect();
        Self {
            ends,
            joined: joined.into_boxed_str(),
        }
    }
}

impl<'a> IntoIterator for &'a Texts {
    type Item = &'a str;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Texts one by one, from either end.
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    texts: &'a Texts,
    places: Range<usize>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.texts.get(self.places.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.texts.get(self.places.next_back()?)
    }
}

impl ExactSizeIterator for Iter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_what_they_were_made_of() {
        let written = ["How high is the wall?", "", "Wie hoch ist die Mauer – genau?", "wall"];
        let texts: Texts = written.into_iter().collect();
        assert_eq!(texts.iter().collect::<Vec<_>>(), written);
        assert_eq!(
            texts.iter().rev().collect::<Vec<_>>(),
            [written[3], written[2], "", written[0]]
        );
        assert_eq!((texts.len(), texts.iter().len()), (4, 4));
        assert_eq!(texts.first(), Some(written[0]));
        assert_eq!(texts.get(4), None);
        assert_eq!(format!("{texts:?}"), format!("{:?}", written.to_vec()));
    }

    #[test]
    fn no_texts_are_none() {
        let texts = Texts::default();
        assert!(texts.is_empty());
        assert_eq!(texts.first(), None);
        assert_eq!(texts, [""; 0].into_iter().collect::<Texts>());
        assert_ne!(texts, [""].into_iter().collect::<Texts>());
    }
}
