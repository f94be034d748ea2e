//! The sentences of somebody's message, each with what the briefing says on it.
//!
//! Promise: each sentence is answered as if it alone had been asked, so nothing is found here that asking would not
//! find; a message of one sentence is answered as that sentence whatever it is; linear in the message.

use unicode_segmentation::UnicodeSegmentation;

use super::respond::respond;
use super::{Answer, Conversation, Reason};
use crate::fact::FactBase;
use crate::matching::Matcher;

/// So many sentences are looked at.
pub const MAX_CHECKED: usize = 5;
/// Sentences of fewer words ("So sad!") are passed over where there are others.
const MIN_WORDS: usize = 3;
/// Words that end in a full stop and no sentence, in lower case.
const ABBREVIATIONS: &[&str] = &[
    "adm", "amb", "apr", "aug", "capt", "co", "col", "corp", "dec", "dr", "e.g", "etc", "feb", "fig", "gen", "gov",
    "i.e", "inc", "jan", "jr", "lt", "ltd", "maj", "mr", "mrs", "ms", "no", "nov", "oct", "pres", "prof", "rep", "rev",
    "sen", "sept", "sgt", "sr", "st", "vs",
];

/// What was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Statements {
    /// The sentences that say or ask something, in order, at most [`MAX_CHECKED`].
    pub checked: Vec<Statement>,
    /// Whether there are more.
    pub has_more: bool,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The sentence as it was written, on one line.
    pub sentence: String,
    /// What asking it gets.
    pub answer: Answer,
}

/// Looks up each sentence of a message; `about` says which briefings count.
#[must_use]
pub fn check(base: &FactBase, matcher: &Matcher, message: &str, about: &Conversation) -> Statements {
    let sentences = sentences(message);
    let is_alone = sentences.len() == 1;
    let mut statements = Statements {
        checked: Vec::new(),
        has_more: false,
    };
    for sentence in sentences {
        if !is_alone && n_words(&sentence) < MIN_WORDS {
            continue;
        }
        let (answer, _) = respond(base, matcher, &sentence, about);
        let says_something = !matches!(
            answer.reason,
            Reason::SmallTalk | Reason::Order | Reason::Empty | Reason::OtherLanguage
        );
        if says_something && statements.checked.len() == MAX_CHECKED {
            statements.has_more = true;
            break;
        }
        if says_something {
            statements.checked.push(Statement { sentence, answer });
        }
    }
    statements
}

fn n_words(sentence: &str) -> usize {
    sentence.unicode_words().count()
}

/// Splits where Unicode says that a sentence ends, but for abbreviations and initials.
fn sentences(message: &str) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    let mut goes_on = false;
    for part in message.split_sentence_bounds() {
        let words = part.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            goes_on = false;
            continue;
        }
        let ends_line = part.ends_with(['\n', '\r', '\u{2029}']);
        let is_begun = goes_on;
        goes_on = !ends_line && ends_in_abbreviation(&words);
        // "They said no. Russia …" is no "No. 3".
        let is_number = words.starts_with(|first: char| first.is_ascii_digit());
        let goes_with = |last: &&mut String| is_begun && (is_number || !ends_in_no(last));
        match sentences.last_mut().filter(goes_with) {
            Some(last) => {
                last.push(' ');
                last.push_str(&words);
            }
            None => sentences.push(words),
        }
    }
    sentences.retain(|sentence| n_words(sentence) > 0);
    sentences
}

fn ends_in_no(sentence: &str) -> bool {
    last_word(sentence).is_some_and(|last| last == "no")
}

/// The last word in lower case, where a full stop ends it.
fn last_word(sentence: &str) -> Option<String> {
    let before = sentence.strip_suffix('.')?;
    let last = before.rsplit([' ', '(', '“', '"']).next().unwrap_or(before);
    Some(last.to_lowercase())
}

fn ends_in_abbreviation(sentence: &str) -> bool {
    let Some(last) = last_word(sentence) else { return false };
    let is_initial = last
        .split('.')
        .all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    is_initial || ABBREVIATIONS.contains(&last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn splits(message: &str, expected: &[&str]) {
        assert_eq!(sentences(message), expected, "{message}");
    }

    #[test]
    fn a_message_is_split_where_its_sentences_end() {
        splits(
            "It is high. Who paid? Nobody!",
            &["It is high.", "Who paid?", "Nobody!"],
        );
        splits("no full stop\nand another line", &["no full stop", "and another line"]);
        splits(
            "They said no. Ferry No. 3 sails. No. 4 did, they said no.",
            &["They said no.", "Ferry No. 3 sails.", "No. 4 did, they said no."],
        );
        splits("  \n\n ... \u{200b} \n", &[]);
        splits("벽이 높다. 누가 냈나?", &["벽이 높다.", "누가 냈나?"]);
    }

    #[test]
    fn abbreviations_initials_and_decimals_end_no_sentence() {
        splits(
            "Mr. Kirby of the U.S. National Council spoke.",
            &["Mr. Kirby of the U.S. National Council spoke."],
        );
        splits(
            "It opened on Jan. 4 near St. Ives. It cost 3.5 million.",
            &["It opened on Jan. 4 near St. Ives.", "It cost 3.5 million."],
        );
        splits("J. R. Smith came.", &["J. R. Smith came."]);
    }

    #[test]
    fn what_says_nothing_is_not_said_to_be_left_out() {
        let base = crate::fact::harbour::base().unwrap();
        let matcher = Matcher::new(&base);
        let five =
            "The wall will be raised. The old crane moves. The ferry keeps running. It starts in June. It costs money.";
        let has_more = |message: &str| {
            let checked = check(&base, &matcher, message, &Conversation::default());
            assert_eq!(checked.checked.len(), MAX_CHECKED, "{message}");
            checked.has_more
        };
        assert!(!has_more(&format!("{five} Thank you very much!")));
        assert!(has_more(&format!("{five} The crane is old.")));
    }

    #[test]
    fn a_line_ends_a_sentence_whatever_it_ends_in() {
        splits("the wall etc.\nThe quay is old", &["the wall etc.", "The quay is old"]);
    }

    #[test]
    fn a_message_of_four_thousand_characters_is_split_at_once() {
        assert_eq!(sentences(&"a. ".repeat(1333)).len(), 1);
        assert_eq!(sentences(&"So it is. ".repeat(400)).len(), 400);
    }
}
