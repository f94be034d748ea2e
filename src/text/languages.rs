//! Whether a text in Latin letters is in another language than English.
//!
//! Told by frequent words, since a question is too short for statistics of letters: what a model of trigrams says of five
//! words with two names among them is a guess. Promise: a text without words of another language never counts as one,
//! whatever its slips; a name alone ("Charles de Gaulle") does not make one. Deliberately absent: which language it is,
//! and other scripts, which [`super::normalise`] tells.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::function_words::is_function_word;

/// Words of one language.
struct Language {
    /// Those that tell it alone.
    telling: FxHashSet<&'static str>,
    /// All.
    words: FxHashSet<&'static str>,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| read(include_str!("languages.txt")));

fn read(table: &'static str) -> Vec<Language> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let language = |line: &'static str| {
        let (_, words) = line.split_once(':')?;
        let (telling, others) = words.split_once('|')?;
        let telling: FxHashSet<&str> = telling.split_whitespace().collect();
        Some(Language {
            words: telling.iter().copied().chain(others.split_whitespace()).collect(),
            telling,
        })
    };
    lines.filter_map(language).collect()
}

/// Whether normalised text is in another language than English: two words of it that are none of English grammar, or
/// one that alone tells it, and fewer words of English grammar that are none of its own.
#[must_use]
pub fn is_other_language(normalised: &str) -> bool {
    let words: Vec<&str> = normalised
        .split(|letter: char| !letter.is_alphanumeric() && letter != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let is_it = |language: &Language| {
        let of_it: FxHashSet<&str> = words
            .iter()
            .copied()
            .filter(|word| language.words.contains(word) && !is_function_word(word))
            .collect();
        let n_english = words
            .iter()
            .filter(|word| is_function_word(word) && !language.words.contains(*word))
            .count();
        let is_told = of_it.len() > 1 || of_it.iter().any(|word| language.telling.contains(word));
        is_told && of_it.len() > n_english
    };
    LANGUAGES.iter().any(is_it)
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
        let n_lines = include_str!("languages.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .count();
        assert_eq!(LANGUAGES.len(), n_lines);
        for language in LANGUAGES.iter() {
            assert!(!language.telling.is_empty());
            for word in &language.words {
                assert_eq!(normalise(word), *word, "as `normalise` leaves it");
            }
            for word in &language.telling {
                assert!(!is_function_word(word), "{word} is English");
            }
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
