//! Finds multi-word expressions in a row of stems: entity aliases and synonym groups.
//!
//! Promise: the longest expression at a place wins; among equals the one that was inserted first; places do not overlap.

use rustc_hash::FxHashMap;

/// A stem's number.
type Stem = u32;

/// A dictionary of expressions, each a row of stems, with what each stands for.
#[derive(Debug)]
pub struct Phrases<T> {
    /// First stem → the rows that begin with it, longest first, without that first stem.
    by_first: FxHashMap<Stem, Vec<(Vec<Stem>, T)>>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            by_first: FxHashMap::default(),
        }
    }
}

impl<T: Copy> Phrases<T> {
    /// Adds an expression; an empty one is ignored.
    pub fn insert(&mut self, stems: &[Stem], value: T) {
        if let Some((first, rest)) = stems.split_first() {
            let rows = self.by_first.entry(*first).or_default();
            let place = rows
                .iter()
                .position(|(other, _)| other.len() < rest.len())
                .unwrap_or(rows.len());
            rows.insert(place, (rest.to_vec(), value));
        }
    }

    /// The longest expression that the stems begin with: how many stems it takes, and its value.
    #[must_use]
    pub fn longest_at(&self, stems: &[Stem]) -> Option<(usize, T)> {
        let (first, rest) = stems.split_first()?;
        let rows = self.by_first.get(first)?;
        let found = rows.iter().find(|(row, _)| rest.starts_with(row));
        found.map(|(row, value)| (row.len() + 1, *value))
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

    #[test]
    fn the_longest_expression_wins() {
        let mut phrases = Phrases::default();
        phrases.insert(&[HARBOUR], 'h');
        phrases.insert(&[HARBOUR, MASTER], 'm');
        phrases.insert(&[], 'n');
        assert_eq!(phrases.longest_at(&[HARBOUR, MASTER, SAYS]), Some((2, 'm')));
        assert_eq!(phrases.longest_at(&[HARBOUR, SAYS]), Some((1, 'h')));
        assert_eq!(phrases.longest_at(&[SAYS]), None);
        assert_eq!(phrases.longest_at(&[]), None);
        let all: Vec<_> = phrases.all_in(&[SAYS, HARBOUR, MASTER, HARBOUR]).collect();
        assert_eq!(all, [(1, 2, 'm'), (3, 1, 'h')]);
    }
}
