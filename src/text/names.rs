//! Well-known proper names: so that a question about Iran is not taken for one about another country.
//!
//! The list is data beside this file. A line's forms are one name (`iran|iranian|tehran`). What a briefing's glossary
//! knows is looked up there first; this list only says "that is a name, and the briefing does not have it", and whether
//! news is heard from it.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static NAMES: LazyLock<Names> = LazyLock::new(|| Names::parse(include_str!("names.txt")));

/// The names by their first word.
#[derive(Debug, Default)]
struct Names {
    /// First word → where the names that begin with it are in `forms`.
    by_first_word: FxHashMap<&'static str, Range<u32>>,
    /// Those that begin alike together, longest first.
    forms: Vec<Form>,
}

/// One way to write a name; its first word is known by where it stands.
#[derive(Debug)]
struct Form {
    others: &'static str,
    n_others: usize,
    number: u32,
    is_medium: bool,
}

impl Names {
    fn parse(text: &'static str) -> Self {
        let mut forms: Vec<(&str, Form)> = Vec::new();
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        for (number, line) in (0..).zip(lines) {
            let (is_medium, line) = line.strip_prefix('@').map_or((false, line), |line| (true, line));
            for form in line.split('|').map(str::trim).filter(|form| !form.is_empty()) {
                let (first, others) = form.split_once(char::is_whitespace).unwrap_or((form, ""));
                let n_others = others.split_whitespace().count();
                let form = Form {
                    others,
                    n_others,
                    number,
                    is_medium,
                };
                forms.push((first, form));
            }
        }
        forms.sort_by_key(|(first, form)| (*first, Reverse(form.n_others), form.number));
        let mut by_first_word = FxHashMap::default();
        let mut start = 0;
        for alike in forms.chunk_by(|(a, _), (b, _)| a == b) {
            let end = start + alike.len() as u32;
            by_first_word.insert(alike[0].0, start..end);
            start = end;
        }
        by_first_word.shrink_to_fit();
        Self {
            by_first_word,
            forms: forms.into_iter().map(|(_, form)| form).collect(),
        }
    }

    /// The names that begin with this word.
    fn beginning_with(&self, first: &str) -> &[Form] {
        let places = self.by_first_word.get(first);
        let forms = places.and_then(|places| self.forms.get(places.start as usize..places.end as usize));
        forms.unwrap_or_default()
    }
}

/// The longest well-known name that the words begin with: how many words it takes, and its number, which all forms of
/// one name share.
#[must_use]
pub fn name_at<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<(usize, u32)> {
    form_at(words).map(|form| (form.n_others + 1, form.number))
}

/// The longest well-known name that the words begin with, where news is heard from it (a paper, an agency, a social
/// network): how many words it takes.
#[must_use]
pub fn medium_at<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<usize> {
    let form = form_at(words).filter(|form| form.is_medium)?;
    Some(form.n_others + 1)
}

fn form_at<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<&'static Form> {
    let forms = NAMES.beginning_with(words.next()?);
    let longest = forms.first()?.n_others;
    let following: Vec<&str> = words.take(longest).collect();
    let is_there = |form: &&Form| {
        let following = following.get(..form.n_others);
        following.is_some_and(|following| form.others.split_whitespace().eq(following.iter().copied()))
    };
    forms.iter().find(is_there)
}

/// Whether the word begins a well-known name, so that it is not to be taken for a misspelling.
#[must_use]
pub fn begins_name(word: &str) -> bool {
    NAMES.by_first_word.contains_key(word)
}

#[cfg(test)]
mod tests {
    use super::{medium_at, name_at};

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

    #[test]
    fn news_is_heard_from_papers_and_not_from_states() {
        let at = |text: &str| medium_at(&mut text.split(' '));
        assert_eq!(at("new york times says"), Some(3));
        assert_eq!(at("reddit"), Some(1));
        assert_eq!(at("new york"), None);
        assert_eq!(at("germany says"), None);
    }
}
