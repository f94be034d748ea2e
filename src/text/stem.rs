//! Word → stem: the English Snowball algorithm, with the few repairs that news English needs.
//!
//! Promise: deterministic; words with digits or with letters of other scripts are their own stems.

use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));

/// Irregular forms that the algorithm leaves apart: the form and the word whose stem it takes.
const IRREGULAR: [(&str, &str); 57] = [
    ("gave", "give"),
    ("given", "give"),
    ("sent", "send"),
    ("shot", "shoot"),
    ("struck", "strike"),
    ("stricken", "strike"),
    ("said", "say"),
    ("told", "tell"),
    ("spoke", "speak"),
    ("spoken", "speak"),
    ("met", "meet"),
    ("meeting", "meet"),
    ("took", "take"),
    ("taken", "take"),
    ("broke", "break"),
    ("broken", "break"),
    ("went", "go"),
    ("gone", "go"),
    ("going", "go"),
    ("came", "come"),
    ("fell", "fall"),
    ("fallen", "fall"),
    ("flew", "fly"),
    ("flown", "fly"),
    ("sold", "sell"),
    ("bought", "buy"),
    ("brought", "bring"),
    ("got", "get"),
    ("gotten", "get"),
    ("held", "hold"),
    ("made", "make"),
    ("knew", "know"),
    ("known", "know"),
    ("wrote", "write"),
    ("written", "write"),
    ("threw", "throw"),
    ("thrown", "throw"),
    ("blew", "blow"),
    ("blown", "blow"),
    ("hid", "hide"),
    ("hidden", "hide"),
    ("paid", "pay"),
    ("led", "lead"),
    ("lost", "lose"),
    ("won", "win"),
    ("fought", "fight"),
    ("thought", "think"),
    ("kept", "keep"),
    ("left", "leave"),
    ("meant", "mean"),
    ("felt", "feel"),
    ("chose", "choose"),
    ("chosen", "choose"),
    ("died", "die"),
    ("dead", "die"),
    ("death", "die"),
    ("people", "person"),
];

/// The stem of a normalised word.
#[must_use]
pub fn stem(word: &str) -> String {
    if !word.bytes().all(|b| b.is_ascii_lowercase() || b == b'\'') {
        return word.to_owned();
    }
    let base = IRREGULAR
        .iter()
        .find(|(form, _)| *form == word)
        .map_or(word, |(_, base)| *base);
    ENGLISH.stem(base).to_string()
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_one_word_share_a_stem() {
        for forms in [
            &["launch", "launched", "launches", "launching"][..],
            &["give", "gave", "given", "giving"],
            &["meet", "met", "meeting", "meetings"],
            &["violate", "violated", "violates", "violating"],
            &["country", "countries"],
        ] {
            let stems: Vec<String> = forms.iter().map(|form| stem(form)).collect();
            assert!(stems.iter().all(|s| *s == stems[0]), "{forms:?} gave {stems:?}");
        }
    }

    #[test]
    fn names_with_digits_and_other_scripts_are_left_alone() {
        for word in ["kn23", "1000", "북한", "30"] {
            assert_eq!(stem(word), word);
        }
    }
}
