//! Finds multi-word expressions in a row of stems: entity aliases and synonym groups.
//!
//! Promise: the longest expression at a place wins; among equals the one that was inserted first; places do not overlap.

use rustc_hash::FxHashMap;

/// A dictionary of expressions, each a row of stems, with what each stands for.
///
/// A tree of stems, so that a lookup costs a step for each stem however many expressions begin alike: in a glossary of
/// thousands of offices, `the` begins most of them.
#[derive(Debug)]
pub struct Phrases<T> {
    /// What the expression that ends here stands for.
    value: Option<T>,
    /// Longer expressions, by their next stem.
    longer: FxHashMap<Box<str>, Phrases<T>>,
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
    pub fn insert(&mut self, stems: &[String], value: T) {
        let mut node = self;
        for stem in stems {
            node = node.longer.entry(stem.as_str().into()).or_default();
        }
        if !stems.is_empty() {
            node.value.get_or_insert(value);
        }
    }

    /// The longest expression that the stems begin with: how many stems it takes, and its value.
    pub fn longest_at(&self, stems: &[impl AsRef<str>]) -> Option<(usize, T)> {
        let mut longest = None;
        let mut node = self;
        for (length, stem) in (1..).zip(stems) {
            let Some(next) = node.longer.get(stem.as_ref()) else {
                break;
            };
            node = next;
            longest = node.value.map(|value| (length, value)).or(longest);
        }
        longest
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
        phrases.insert(&row("harbour master"), 4);
        phrases.insert(&row("harbour master of the port"), 5);
        assert_eq!(phrases.longest_at(&row("harbour master says")), Some((2, 2)));
        assert_eq!(phrases.longest_at(&row("harbour master of the town")), Some((2, 2)));
        assert_eq!(
            phrases.longest_at(&row("harbour master of the port says")),
            Some((5, 5))
        );
        assert_eq!(phrases.longest_at(&row("harbour says")), Some((1, 1)));
        assert_eq!(phrases.longest_at(&row("says")), None);
        assert_eq!(phrases.longest_at(&[] as &[String]), None);
    }
}
