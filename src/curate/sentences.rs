//! An article's blocks and sentences, and who speaks in them.
//!
//! By the look of the text, as in [`super::extract`]. Deliberately absent: grammar. What is guessed here a curator reads
//! and mends.

use super::extract::is_abbreviation;

/// Verbs after or before which a speaker is named.
const SPEECH: [&str; 24] = [
    "said",
    "says",
    "told",
    "tells",
    "announced",
    "added",
    "warned",
    "confirmed",
    "stated",
    "wrote",
    "claimed",
    "noted",
    "revealed",
    "disclosed",
    "reported",
    "explained",
    "argued",
    "promised",
    "urged",
    "admitted",
    "estimated",
    "denied",
    "read",
    "reads",
];
/// Words that stand for a speaker named before.
const PRONOUNS: [&str; 4] = ["he", "she", "they", "it"];
/// A speaker's title has no more words than this.
const MAX_SPEAKER_WORDS: usize = 5;

/// The sentences of a text, each as it is written.
#[must_use]
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let words: Vec<(usize, &str)> = text
        .split(' ')
        .scan(0, |start, word| {
            let at = *start;
            *start += word.len() + 1;
            Some((at, word))
        })
        .collect();
    let mut sentences = Vec::new();
    let mut from = 0;
    for pair in words.windows(2) {
        let ((_, word), (next_at, next)) = (pair[0], pair[1]);
        let bare = word.trim_end_matches(['"', '”', '\'', '’', ')']);
        let ends =
            bare.ends_with(['?', '!']) || (bare.ends_with('.') && !is_abbreviation(bare.trim_matches(['"', '“', '('])));
        let begins = next
            .trim_start_matches(['"', '“', '\'', '‘', '('])
            .starts_with(|character: char| character.is_uppercase() || character.is_numeric());
        if ends && begins {
            sentences.push(text[from..next_at].trim());
            from = next_at;
        }
    }
    sentences.push(text[from..].trim());
    sentences.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    sentences
}

/// Who is said to say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Speaker {
    /// A name or a title, as it is written, without `the`.
    Named(String),
    /// A pronoun: whoever spoke before.
    Earlier,
}

/// The speaker of a sentence, where it names one.
#[must_use]
pub(super) fn speaker(sentence: &str) -> Option<Speaker> {
    let unquoted = unquoted(sentence);
    let words: Vec<&str> = unquoted.split_whitespace().collect();
    let bare = |word: &str| {
        word.trim_matches(|character: char| !character.is_alphanumeric())
            .to_lowercase()
    };
    if let Some(place) = words
        .windows(2)
        .position(|pair| bare(pair[0]) == "according" && bare(pair[1]) == "to")
    {
        return named(&phrase_after(&words[place + 2..]));
    }
    let verb = words.iter().position(|word| SPEECH.contains(&bare(word).as_str()))?;
    if let Some(subject) = before_apposition(&words[..verb]) {
        return named(subject);
    }
    let before = phrase_before(&words[..verb]);
    if before.len() == 1 && PRONOUNS.contains(&bare(before[0]).as_str()) {
        return Some(Speaker::Earlier);
    }
    named(&before).or_else(|| named(&phrase_after(&words[verb + 1..])))
}

/// `Ann Smith, the head of the office, told …`: the name that such an addition stands after.
fn before_apposition<'w, 's>(before: &'s [&'w str]) -> Option<&'s [&'w str]> {
    let ends = |word: &&str| word.ends_with(',');
    before.last().filter(|word| ends(word))?;
    let name = &before[..=before.iter().position(ends)?];
    let is_name = name.iter().all(|word| word.starts_with(char::is_uppercase));
    (is_name && name.len() < before.len() && name.len() <= MAX_SPEAKER_WORDS).then_some(name)
}

fn named(words: &[&str]) -> Option<Speaker> {
    let strip = |word: &&str| {
        let word = word.trim_matches(|character: char| !character.is_alphanumeric() && character != '.');
        if is_abbreviation(word) {
            word.to_owned()
        } else {
            word.trim_end_matches('.').to_owned()
        }
    };
    let mut words: Vec<String> = words.iter().map(strip).filter(|word| !word.is_empty()).collect();
    if words
        .first()
        .is_some_and(|first| ["the", "a", "an"].contains(&first.to_lowercase().as_str()))
    {
        words.remove(0);
    }
    let is_whole = !words.is_empty() && words.len() <= MAX_SPEAKER_WORDS;
    let is_nothing =
        words.len() == 1 && ["that", "who", "which", "and", "also"].contains(&words[0].to_lowercase().as_str());
    (is_whole && !is_nothing).then(|| Speaker::Named(words.join(" ")))
}

/// Back to `the`, a comma, or the first word that cannot be part of a title.
fn phrase_before<'w>(words: &[&'w str]) -> Vec<&'w str> {
    let mut phrase = Vec::new();
    let mut words: Vec<&'w str> = words.to_vec();
    while words
        .last()
        .is_some_and(|word| ["also", "later", "has", "had", "have"].contains(&word.to_lowercase().as_str()))
    {
        words.pop();
    }
    for word in words.into_iter().rev() {
        if !phrase.is_empty() && word.ends_with([',', ';', ':', '"', '”']) {
            break;
        }
        phrase.push(word);
        if word.eq_ignore_ascii_case("the") || phrase.len() > MAX_SPEAKER_WORDS {
            break;
        }
    }
    phrase.reverse();
    phrase
}

/// On to the first sign, or to the end.
fn phrase_after<'w>(words: &[&'w str]) -> Vec<&'w str> {
    let mut phrase = Vec::new();
    for word in words.iter().take(MAX_SPEAKER_WORDS + 1) {
        let lower = word.to_lowercase();
        if ["that", "on", "in", "at", "it", "he", "she", "they", "to", "a"].contains(&lower.as_str()) {
            break;
        }
        phrase.push(*word);
        if word.ends_with([',', '.', ';', ':', '"']) {
            break;
        }
    }
    phrase
}

/// The text outside double quotation marks.
fn unquoted(text: &str) -> String {
    let mut is_quoted = false;
    text.chars()
        .map(|character| match character {
            '"' => {
                is_quoted = !is_quoted;
                ','
            }
            '“' => {
                is_quoted = true;
                ','
            }
            '”' => {
                is_quoted = false;
                ','
            }
            _ if is_quoted => ' ',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_at_full_stops_that_are_no_abbreviations() {
        let text = "The wall stood on Jan. 4 in the U.N. hall. \"It holds,\" the office said. Will it? Yes.";
        assert_eq!(
            sentences(text),
            [
                "The wall stood on Jan. 4 in the U.N. hall.",
                "\"It holds,\" the office said.",
                "Will it?",
                "Yes."
            ]
        );
        assert_eq!(sentences(""), Vec::<&str>::new());
    }

    #[track_caller]
    fn check(sentence: &str, expected: Option<&str>) {
        let found = speaker(sentence).map(|speaker| match speaker {
            Speaker::Named(name) => name,
            Speaker::Earlier => "(earlier)".to_owned(),
        });
        assert_eq!(found.as_deref(), expected, "{sentence}");
    }

    #[test]
    fn a_speaker_stands_before_or_after_the_verb() {
        check("The harbour master said the wall holds.", Some("harbour master"));
        check("\"It holds,\" said the harbour master.", Some("harbour master"));
        check("\"It holds,\" he added.", Some("(earlier)"));
        check("The wall holds, according to the port office.", Some("port office"));
        check("On Friday, the Port Office announced the works.", Some("Port Office"));
        check("The wall is two metres high.", None);
        check(
            "Ann Smith, the head of the port office, disclosed the harbour's new plans on Monday.",
            Some("Ann Smith"),
        );
        check("\"It undermines the quay,\" the statement read.", Some("statement"));
    }
}
