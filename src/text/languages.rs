//! Whether a text in Latin letters is in another language than English.
//!
//! Told by frequent words, since a question is too short for statistics of letters: what a model of trigrams says of five
//! words with two names among them is a guess. Promise: a text without words of another language never counts as one,
//! whatever its slips; a name alone ("Charles de Gaulle") does not make one. Deliberately absent: which language it is,
//! and other scripts, which [`super::normalise`] tells.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::function_words::is_function_word;

/// A set of languages: a bit for each line of the table.
type Languages = u16;

/// The languages that a word is one of, and those that it tells alone.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    has: Languages,
    tells: Languages,
}

static WORDS: LazyLock<FxHashMap<&'static str, Known>> = LazyLock::new(|| {
    let mut words: FxHashMap<&str, Known> = FxHashMap::default();
    for (language, (telling, others)) in lines().enumerate() {
        for word in telling.split_whitespace() {
            words.entry(word).or_default().tells |= 1 << language;
        }
        for word in telling.split_whitespace().chain(others.split_whitespace()) {
            words.entry(word).or_default().has |= 1 << language;
        }
    }
    words
});

/// The table, a language a line: the words that tell it alone, and the others.
fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("languages.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(':')?.1.split_once('|'))
}

/// Whether normalised text is in another language than English: two words of it that are none of English grammar, or
/// one that alone tells it, and fewer words of English grammar that are none of its own.
#[must_use]
pub fn is_other_language(normalised: &str) -> bool {
    let words = normalised.split(|letter: char| !letter.is_alphanumeric() && letter != '\'');
    let words: Vec<(&str, Known, bool)> = words
        .filter(|word| !word.is_empty())
        .map(|word| {
            (
                word,
                WORDS.get(word).copied().unwrap_or_default(),
                is_function_word(word),
            )
        })
        .collect();
    // Of a question in English none is left, and nothing else is to be done.
    let not_english = words.iter().filter(|(.., is_english)| !is_english);
    let met = not_english.fold(0, |met, (_, known, _)| met | known.has);
    let is_it = |language: &Languages| {
        let mut of_it: Vec<&str> = Vec::new();
        let (mut n_english, mut is_told) = (0, false);
        for (word, known, is_english) in &words {
            let is_of_it = known.has & language != 0;
            match (is_of_it, is_english) {
                (true, false) => {
                    is_told |= known.tells & language != 0;
                    if !of_it.contains(word) {
                        of_it.push(word);
                    }
                }
                (false, true) => n_english += 1,
                _ => {}
            }
        }
        (is_told || of_it.len() > 1) && of_it.len() > n_english
    };
    (0..Languages::BITS)
        .map(|place| 1 << place)
        .filter(|language| met & language != 0)
        .any(|language| is_it(&language))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::normalise::normalise;

    #[test]
    fn other_languages_are_told() {
        for question in [
            "Wer hat die Mauer gebaut?",
            "Wo ist der Hafen?",
            "Warum wurde die Mauer gebaut?",
            "Qui a construit le mur ?",
            "Combien de pierres ?",
            "¿Quién construyó el muro?",
            "¿Cuántas piedras hay?",
            "Quantas pedras foram usadas no muro?",
            "Dove si trova il porto?",
            "Hoeveel stenen zijn er?",
            "Gdzie jest port?",
            "Varför byggdes muren?",
            "Duvar nerede?",
            "Mengapa tembok itu dibangun?",
        ] {
            assert!(is_other_language(&normalise(question)), "{question}");
        }
    }

    #[test]
    fn english_stays_english() {
        for question in [
            "Who built the wall?",
            "wall height",
            "who wil bild teh wal",
            "wat did dat man say",
            "Did anyone die?",
            "What did Charles de Gaulle say?",
            "What does \"Wer hat die Mauer gebaut\" mean in English, if anything at all?",
            "Los Angeles",
            "norht koera",
            "What does the El Pais article say?",
            "coup de grace",
            "",
        ] {
            assert!(!is_other_language(&normalise(question)), "{question}");
        }
    }

    #[test]
    fn every_line_of_the_table_is_a_language() {
        let table = include_str!("languages.txt");
        let n_lines = table.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(lines().count(), n_lines);
        assert!(n_lines <= Languages::BITS as usize);
        for (telling, others) in lines() {
            assert!(!telling.trim().is_empty() && !others.trim().is_empty());
            for word in telling.split_whitespace() {
                assert!(!is_function_word(word), "{word} is English");
            }
        }
        for word in WORDS.keys() {
            assert_eq!(normalise(word), *word, "as `normalise` leaves it");
        }
    }

    proptest! {
        #[test]
        fn words_of_english_grammar_are_english(
            words in prop::collection::vec(prop::sample::select(vec!["a", "die", "do", "has", "in", "me", "no", "on", "the", "was", "who"]), 0..20)
        ) {
            prop_assert!(!is_other_language(&words.join(" ")));
        }
    }
}
