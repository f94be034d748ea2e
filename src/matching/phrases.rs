//! Finds multi-word expressions in a row of stems: entity aliases and synonym groups.
//!
//! Promise: the longest expression at a place wins; among equals the one that was inserted first; places do not overlap.

use rustc_hash::FxHashMap;

/// A stem's number.
type Stem = u32;

/// A dictionary of expressions, each a row of stems, with what each stands for.
///
/// A tree of stems, so that a lookup costs a step for each stem however many expressions begin alike: in a glossary of
/// thousands of offices, `the` begins most of them.
#[derive(Debug)]
pub struct Phrases<T> {
    /// What the expression that ends here stands for.
    value: Option<T>,
    /// Longer expressions, by their next stem.
    longer: FxHashMap<Stem, Phrases<T>>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            value: None,
            longer: FxHashMap::default(),
        }
    }
}

impl<T: Copy> Phrases<T> {
    /// Adds an expression; an empty one is ignored.
    pub fn insert(&mut self, stems: &[Stem], value: T) {
        let mut node = self;
        for stem in stems {
            node = node.longer.entry(*stem).or_default();
        }
        if !stems.is_empty() {
            node.value.get_or_insert(value);
        }
    }

    /// The longest expression that the stems begin with: how many stems it takes, and its value.
    #[must_use]
    pub fn longest_at(&self, stems: &[Stem]) -> Option<(usize, T)> {
        let mut longest = None;
        let mut node = self;
        for (length, stem) in (1..).zip(stems) {
            let Some(next) = node.longer.get(stem) else {
                break;
            };
            node = next;
            longest = node.value.map(|value| (length, value)).or(longest);
        }
        longest
    }

    /// All expressions in a row of stems, from left to right: where each begins, its length, and its value.
    pub fn all_in<'a>(&'a self, stems: &'a [Stem]) -> impl Iterator<Item = (usize, usize, T)> + 'a {
        let mut next = 0;
        std::iter::from_fn(move || {
            while next < stems.len() {
                let start = next;
                if let Some((length, value)) = self.longest_at(&stems[start..]) {
                    next = start + length;
                    return Some((start, length, value));
                }
                next += 1;
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HARBOUR: Stem = 1;
    const MASTER: Stem = 2;
    const SAYS: Stem = 3;
    const OF: Stem = 4;
    const PORT: Stem = 5;

    #[test]
    fn the_longest_expression_wins() {
        let mut phrases = Phrases::default();
        phrases.insert(&[HARBOUR], 'h');
        phrases.insert(&[HARBOUR, MASTER], 'm');
        phrases.insert(&[], 'n');
        phrases.insert(&[HARBOUR, MASTER], 'o');
        phrases.insert(&[HARBOUR, MASTER, OF, PORT], 'p');
        assert_eq!(phrases.longest_at(&[HARBOUR, MASTER, SAYS]), Some((2, 'm')));
        assert_eq!(phrases.longest_at(&[HARBOUR, MASTER, OF, SAYS]), Some((2, 'm')));
        assert_eq!(phrases.longest_at(&[HARBOUR, MASTER, OF, PORT, SAYS]), Some((4, 'p')));
        assert_eq!(phrases.longest_at(&[HARBOUR, SAYS]), Some((1, 'h')));
        assert_eq!(phrases.longest_at(&[SAYS]), None);
        assert_eq!(phrases.longest_at(&[]), None);
        let all: Vec<_> = phrases.all_in(&[SAYS, HARBOUR, MASTER, HARBOUR]).collect();
        assert_eq!(all, [(1, 2, 'm'), (3, 1, 'h')]);
    }
}
