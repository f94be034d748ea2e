//! Whether two texts are the same words: letter case, punctuation and spacing make no difference.
//!
//! Much less than the matcher's normalisation, on purpose: two phrasings that clash here are the same to any reader.

/// Two texts have the same key if they are the same words; empty where there is no letter or digit.
pub(crate) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            key.push(character);
        } else if !matches!(character, '.' | '\'' | '’' | '‘') && !key.ends_with(' ') && !key.is_empty() {
            // Full stops and apostrophes join (`U.N.` is `UN`), everything else parts.
            key.push(' ');
        }
    }
    key.truncate(key.trim_end().len());
    key
}

/// As [`key`], without an article before it: `the White House` and `White House` are one name.
pub(crate) fn name_key(text: &str) -> String {
    let key = key(text);
    match key.strip_prefix("the ") {
        Some(rest) => rest.to_owned(),
        None => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_punctuation_and_spacing_make_no_difference() {
        for text in [
            "What did the U.N. say?",
            "what did the UN say",
            " What did  the “un” say…",
        ] {
            assert_eq!(key(text), "what did the un say");
        }
        assert_eq!(key("non-proliferation"), key("Non proliferation"));
        assert_ne!(key("who said it"), key("who said"));
        assert_eq!(key("?! …"), "");
        assert_eq!(name_key("The White House"), name_key("white house"));
    }
}
