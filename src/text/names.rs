//! Well-known proper names: so that a question about Iran is not taken for one about another country.
//!
//! The list is data beside this file. A line's forms are one name (`iran|iranian|tehran`). What a briefing's glossary
//! knows is looked up there first; this list only says "that is a name, and the briefing does not have it".

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static NAMES: LazyLock<Names> = LazyLock::new(|| Names::parse(include_str!("names.txt")));

/// The names by their first word.
#[derive(Debug, Default)]
struct Names {
    /// First word → the other words of each name that begins with it, longest first, and the name's number.
    by_first_word: FxHashMap<&'static str, Vec<(Vec<&'static str>, u32)>>,
}

impl Names {
    fn parse(text: &'static str) -> Self {
        let mut names = Self::default();
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        for (number, line) in (0..).zip(lines) {
            for form in line.split('|') {
                let mut words = form.split_whitespace();
                if let Some(first) = words.next() {
                    names
                        .by_first_word
                        .entry(first)
                        .or_default()
                        .push((words.collect(), number));
                }
            }
        }
        for forms in names.by_first_word.values_mut() {
            forms.sort_by_key(|(words, number)| (std::cmp::Reverse(words.len()), *number));
        }
        names
    }
}

/// The longest well-known name that the words begin with: how many words it takes, and its number, which all forms of
/// one name share.
#[must_use]
pub fn name_at<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<(usize, u32)> {
    let forms = NAMES.by_first_word.get(words.next()?)?;
    let longest = forms.first().map_or(0, |(others, _)| others.len());
    let following: Vec<&str> = words.take(longest).collect();
    forms
        .iter()
        .find(|(others, _)| following.starts_with(others))
        .map(|(others, number)| (others.len() + 1, *number))
}

/// Whether the word begins a well-known name, so that it is not to be taken for a misspelling.
#[must_use]
pub fn begins_name(word: &str) -> bool {
    NAMES.by_first_word.contains_key(word)
}

#[cfg(test)]
mod tests {
    use super::name_at;

    #[test]
    fn the_longest_name_wins_and_forms_of_one_name_share_its_number() {
        let at = |text: &str| name_at(&mut text.split(' '));
        assert_eq!(at("saudi arabia said").map(|(n, _)| n), Some(2));
        assert_eq!(
            at("iran").map(|(_, number)| number),
            at("iranian").map(|(_, number)| number)
        );
        assert_ne!(
            at("iran").map(|(_, number)| number),
            at("germany").map(|(_, number)| number)
        );
        assert_eq!(at("launcher"), None);
    }
}
