//! How long things may be, and of what an id is made. Each limit exists once: the parser, the check and the JSON
//! Schema take it from here.
//!
//! Lengths count Unicode code points, as Discord does (discord/discord-api-docs#1315).

/// A custom id of Discord (100) carries a verb, a briefing's id and a fact's: 40 each leave 20.
pub const MAX_ID_CHARS: usize = 40;
/// An embed's description (4,096) less the room that citations' markers and the heading take.
pub const MAX_ANSWER_CHARS: usize = 3_900;
/// Two sentences; longer answers are not read on a phone.
pub const ADVISED_ANSWER_CHARS: usize = 350;
/// A question that a person would type; longer ones train the matcher on noise.
pub const MAX_PHRASING_CHARS: usize = 300;
/// A choice of autocomplete, the label of a select option (100); a button's (80) is cut by the shell.
pub const MAX_SHOWN_PHRASING_CHARS: usize = 100;
/// A fragment proves, it does not copy.
pub const MAX_QUOTE_WORDS: usize = 8;
/// Eight words of the longest kind.
pub const MAX_QUOTE_CHARS: usize = 200;
/// An embed's title.
pub const MAX_TITLE_CHARS: usize = 256;
/// The label of a select option: topics, entities and agencies are listed in one.
pub const MAX_NAME_CHARS: usize = 100;
/// One sentence (what the source says of an entity, from what something was inferred), well within an embed's field.
pub const MAX_SENTENCE_CHARS: usize = 500;
/// A link button.
pub const MAX_URL_CHARS: usize = 512;
/// A word or a short expression.
pub const MAX_WORD_CHARS: usize = 60;
/// The hash of a paragraph: 64 bits of SHA-256 as hex digits; it tells a changed text, it guards against nobody.
pub const PARAGRAPH_HASH_CHARS: usize = 16;

/// What an id is made of, for the JSON Schema; [`is_id`] is the same rule.
pub const ID_PATTERN: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// Whether it is lower-case words joined by single hyphens, of [`MAX_ID_CHARS`] at most.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() <= MAX_ID_CHARS
        && text.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_lower_case_words_joined_by_hyphens() {
        for id in ["a", "strike-kharkiv", "unsc-1718", "0", &"a".repeat(MAX_ID_CHARS)] {
            assert!(is_id(id), "{id}");
        }
        for id in [
            "",
            "-",
            "a-",
            "-a",
            "a--b",
            "A",
            "a_b",
            "a b",
            "é",
            "a\n",
            &"a".repeat(MAX_ID_CHARS + 1),
        ] {
            assert!(!is_id(id), "{id}");
        }
    }
}
