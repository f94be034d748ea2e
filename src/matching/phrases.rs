//! Finds multi-word expressions in a row of stems: entity aliases and synonym groups.
//!
//! Promise: the longest expression at a place wins; among equals the one that was inserted first; places do not overlap.

use rustc_hash::FxHashMap;

/// A dictionary of expressions, each a row of stems, with what each stands for.
#[derive(Debug)]
pub struct Phrases<T> {
    /// First stem → the rows that begin with it, longest first, without that first stem.
    by_first: FxHashMap<Box<str>, Vec<(Row, T)>>,
}

/// The stems of an expression behind its first.
type Row = Vec<Box<str>>;

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self {
            by_first: FxHashMap::default(),
        }
    }
}

impl<T: Copy> Phrases<T> {
    /// Adds an expression; an empty one is ignored.
    pub fn insert(&mut self, stems: &[String], value: T) {
        if let Some((first, rest)) = stems.split_first() {
            let rows = self.by_first.entry(first.as_str().into()).or_default();
            let rest: Vec<Box<str>> = rest.iter().map(|stem| stem.as_str().into()).collect();
            let place = rows
                .iter()
                .position(|(other, _)| other.len() < rest.len())
                .unwrap_or(rows.len());
            rows.insert(place, (rest, value));
        }
    }

    /// The longest expression that the stems begin with: how many stems it takes, and its value.
    pub fn longest_at<'a>(&self, stems: &[impl AsRef<str> + 'a]) -> Option<(usize, T)> {
        let (first, rest) = stems.split_first()?;
        let rows = self.by_first.get(first.as_ref())?;
        let found = rows.iter().find(|(row, _)| {
            row.len() <= rest.len()
                && row
                    .iter()
                    .zip(rest)
                    .all(|(expected, stem)| **expected == *stem.as_ref())
        });
        found.map(|(row, value)| (row.len() + 1, *value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_expression_wins() {
        let mut phrases = Phrases::default();
        let row = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        phrases.insert(&row("harbour"), 1);
        phrases.insert(&row("harbour master"), 2);
        phrases.insert(&[], 3);
        assert_eq!(phrases.longest_at(&row("harbour master says")), Some((2, 2)));
        assert_eq!(phrases.longest_at(&row("harbour says")), Some((1, 1)));
        assert_eq!(phrases.longest_at(&row("says")), None);
        assert_eq!(phrases.longest_at(&[] as &[String]), None);
    }
}
