//! Chat language and contractions, spelled out: `whats` → `what is`.
//!
//! The table is data beside this file, so that it is read and reviewed as such.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static TABLE: LazyLock<FxHashMap<&'static str, &'static str>> =
    LazyLock::new(|| parse(include_str!("expansions.txt")).collect());

fn parse(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(" = "))
        .map(|(short, long)| (short.trim(), long.trim()))
}

/// What the word stands for, if it is a short form.
#[must_use]
pub fn expand(word: &str) -> Option<&'static str> {
    TABLE.get(word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_pair_and_no_short_form_stands_twice() {
        let text = include_str!("expansions.txt");
        let n_lines = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
            .count();
        assert_eq!(parse(text).count(), n_lines);
        assert_eq!(TABLE.len(), n_lines);
    }

    #[test]
    fn a_long_form_holds_no_short_form_of_its_own() {
        for (short, long) in TABLE.iter() {
            for word in long.split(' ') {
                assert!(
                    expand(word).is_none_or(|again| again == word),
                    "{short}: {word} is short itself"
                );
            }
        }
    }
}
