//! The words that carry grammar and not matter: they never count as unknown, and never decide alone.
//!
//! Written for this project. Question words are among them: what is asked for is read by `matching::kind`.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Function words and the words that questions are wrapped in ("please", "tell", "anyone"), sorted.
#[rustfmt::skip]
const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "above", "actually", "after", "again", "ah", "all", "already", "also", "although", "always", "am",
    "an", "and", "another", "any", "anybody", "anyone", "anything", "apart", "are", "as", "ask", "asking", "at",
    "aye", "b", "be", "because", "been", "before", "being", "between", "both", "bro", "but", "by", "c", "can",
    "cannot", "could", "d", "dear", "did", "do", "does", "doing", "done", "down", "during", "e", "each", "eh",
    "either", "else", "er", "even", "ever", "every", "everybody", "everyone", "everything", "exactly", "f", "few",
    "folks", "for", "from", "g", "get", "got", "guys", "h", "had", "has", "have", "having", "he", "hello", "her",
    "here", "hers", "hey", "hi", "him", "himself", "his", "hm", "hmm", "how", "however", "i", "if", "in", "into",
    "is", "it", "its", "itself", "j", "just", "k", "kind", "know", "l", "let", "like", "literally", "lmao", "lol",
    "m", "ma'am", "made", "make", "many", "maybe", "me", "might", "mine", "more", "most", "much", "must", "my",
    "myself", "n", "nah", "need", "no", "nor", "not", "now", "o", "of", "off", "oh", "ok", "okay", "omg", "on", "one",
    "ones", "only", "or", "other", "our", "out", "over", "own", "p", "per", "perhaps", "please", "precisely", "q",
    "question", "quick", "quite", "r", "rather", "really", "s", "same", "she", "should", "simply", "sir", "so",
    "some", "somebody", "someone", "something", "sorry", "still", "such", "t", "tell", "than", "thank", "thanks",
    "that", "the", "their", "theirs", "them", "themselves", "then", "there", "these", "they", "thing", "things",
    "this", "those", "though", "through", "to", "too", "u", "uh", "um", "under", "until", "up", "upon", "us", "v",
    "very", "via", "w", "want", "was", "we", "well", "were", "what", "whatever", "when", "where", "whether", "which",
    "while", "who", "whom", "whose", "why", "will", "with", "within", "without", "wonder", "wondering", "would", "x",
    "y", "yeah", "yep", "yes", "yet", "yo", "you", "your", "yours", "z",
];

static SET: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| FUNCTION_WORDS.iter().copied().collect());

/// Whether the word carries grammar only.
#[must_use]
pub fn is_function_word(word: &str) -> bool {
    SET.contains(word)
}

#[cfg(test)]
mod tests {
    use super::FUNCTION_WORDS;

    #[test]
    fn the_list_is_sorted_and_has_no_word_twice() {
        assert!(FUNCTION_WORDS.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
