//! Normalised text → tokens: words with abbreviations joined, numbers and dates in one form, chat language spelled out.
//!
//! Promise: linear time; a token is never empty; at most [`MAX_TOKENS`] of them. Deliberately absent: stems, repairs,
//! and any knowledge of the facts.

use std::borrow::Cow;

use compact_str::{CompactString, ToCompactString, format_compact};

use super::expansions;

/// Tokens past this number are dropped. 4,000 characters hold at most 2,000 one-letter words; nobody asks a question of
/// more than a few hundred, and the bound keeps the time of the worst question within its 5 ms.
pub const MAX_TOKENS: usize = 400;

/// What stands between a token and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Boundary {
    /// A space.
    None,
    /// A comma.
    Comma,
    /// A full stop, question mark, exclamation mark, colon or semicolon.
    Sentence,
}

/// One word, number or date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The word in its one form: `1000` for `1,000` and `1k`, `12-30` for `Dec. 30`, `usa` for `u.s.`.
    pub text: CompactString,
    /// What it is.
    pub shape: Shape,
    /// What stands before it.
    pub boundary: Boundary,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A word.
    Word,
    /// A whole number.
    Number(u64),
    /// A month and a day.
    Date {
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
    },
    /// Letters and digits mixed, as in `kn23` or `s300`: a name, not a word.
    Mixed,
}

/// Full month names, for the tokens of a month without a day.
const FULL_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The number that a word says by itself. `one` is left a word: it is a pronoun more often than a number.
fn number_word(word: &str) -> Option<u64> {
    let number = match word {
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        "hundred" => 100,
        "thousand" => 1000,
        _ => return None,
    };
    Some(number)
}

/// Splits normalised text into tokens.
#[must_use]
pub fn tokenise(normalised: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(normalised.len() / 5 + 1);
    let mut boundary = Boundary::None;
    for piece in join_runs(normalised) {
        split_piece(&piece, &mut boundary, &mut tokens);
        if tokens.len() >= MAX_TOKENS {
            tokens.truncate(MAX_TOKENS);
            break;
        }
    }
    join_dates(&mut tokens);
    name_the_us(&mut tokens);
    tokens
}

/// A date in words that [`tokenise`] reads as this date again: `december 30`.
#[must_use]
pub fn date_in_words(month: u8, day: u8) -> String {
    let name = usize::from(month)
        .checked_sub(1)
        .and_then(|place| FULL_MONTHS.get(place));
    format!("{} {day}", name.copied().unwrap_or_default())
}

/// The month that a word names.
#[must_use]
pub fn month(word: &str) -> Option<u8> {
    let number = match word {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    };
    Some(number)
}

/// Splits at punctuation, keeping abbreviations (`u.n.`) and numbers (`1,000`) whole.
fn split_piece(piece: &str, boundary: &mut Boundary, tokens: &mut Vec<Token>) {
    if let Some(joined) = dotted_abbreviation(piece) {
        push_word(&joined, boundary, tokens);
        // Its full stop belongs to it, but other signs behind it part what follows.
        for sign in piece.chars().rev().take_while(|c| *c != '.' && !c.is_alphanumeric()) {
            *boundary = (*boundary).max(boundary_of(sign));
        }
        return;
    }
    let bytes = piece.as_bytes();
    let mut start = 0;
    for (index, c) in piece.char_indices() {
        if c.is_alphanumeric() || c == '\'' {
            continue;
        }
        let n_digits_after = || {
            let after = bytes[index + 1..].iter();
            after.take_while(|byte| byte.is_ascii_digit()).count()
        };
        let is_within_number = index > 0
            && bytes[index - 1].is_ascii_digit()
            && match c {
                '.' => n_digits_after() > 0,
                // Thousands: `5,6` is two numbers.
                ',' => n_digits_after() == 3,
                _ => false,
            };
        if is_within_number {
            continue;
        }
        push_word(&piece[start..index], boundary, tokens);
        start = index + c.len_utf8();
        match c {
            '&' => push_word("and", boundary, tokens),
            '.' if tokens.last().is_some_and(|token| !is_abbreviated(&token.text)) => *boundary = Boundary::Sentence,
            sign => *boundary = (*boundary).max(boundary_of(sign)),
        }
    }
    push_word(&piece[start..], boundary, tokens);
}

/// What a sign parts, whatever it stands behind.
fn boundary_of(sign: char) -> Boundary {
    match sign {
        '?' | '!' | ';' | ':' => Boundary::Sentence,
        ',' => Boundary::Comma,
        _ => Boundary::None,
    }
}

/// Whether a full stop after the word more likely belongs to it than ends a sentence (`Dec. 30`, `N. Korea`, `Mr. X`).
fn is_abbreviated(word: &str) -> bool {
    const TITLES: [&str; 14] = [
        "approx", "dept", "dr", "etc", "gen", "gov", "govt", "jr", "mr", "mrs", "ms", "sen", "st", "vs",
    ];
    word.chars().nth(1).is_none() || TITLES.contains(&word) || month(word).is_some() && word.len() <= 4 && word != "may"
}

/// `u.n.`, `d.c`, `u.s.a.` → `un`, `dc`, `usa`.
fn dotted_abbreviation(piece: &str) -> Option<String> {
    let trimmed = piece.trim_end_matches(['?', '!', ',', ';', ':', '\'']);
    let trimmed = trimmed.strip_suffix("'s").unwrap_or(trimmed);
    let mut letters = String::new();
    for part in trimmed.trim_end_matches('.').split('.') {
        let mut chars = part.chars();
        match (chars.next(), chars.next()) {
            (Some(letter), None) if letter.is_ascii_lowercase() => letters.push(letter),
            _ => return None,
        }
    }
    (letters.len() >= 2).then(|| if letters == "us" { "usa".to_owned() } else { letters })
}

fn push_word(word: &str, boundary: &mut Boundary, tokens: &mut Vec<Token>) {
    let word = word.trim_matches('\'');
    if word.is_empty() {
        return;
    }
    if is_laughter(word) {
        push_plain("lol", boundary, tokens);
        return;
    }
    if let Some(long) = expansions::expand(word) {
        for part in long.split(' ') {
            push_plain(part, boundary, tokens);
        }
        return;
    }
    let base = word.strip_suffix("'s").unwrap_or(word);
    if base.contains('\'') {
        base.split('\'')
            .filter(|part| !part.is_empty())
            .for_each(|part| push_plain(part, boundary, tokens));
    } else {
        push_plain(base, boundary, tokens);
    }
}

/// `haha`, `hehehe`, `ahahahah`: as long as somebody laughs, so no list has them all.
fn is_laughter(word: &str) -> bool {
    let bytes = word.as_bytes();
    let laughs = |vowel: u8| {
        bytes.iter().all(|byte| [b'h', vowel].contains(byte)) && bytes.windows(2).all(|pair| pair[0] != pair[1])
    };
    bytes.len() >= 4 && (laughs(b'a') || laughs(b'e'))
}

fn push_plain(word: &str, boundary: &mut Boundary, tokens: &mut Vec<Token>) {
    let (text, shape) = number(word).map_or_else(
        || shaped(word),
        |value| (value.to_compact_string(), Shape::Number(value)),
    );
    if text.is_empty() {
        return;
    }
    tokens.push(Token {
        text,
        shape,
        boundary: *boundary,
    });
    *boundary = Boundary::None;
}

fn shaped(word: &str) -> (CompactString, Shape) {
    let has_digit = word.bytes().any(|b| b.is_ascii_digit());
    let text: CompactString = if word.bytes().all(|b| b.is_ascii_alphanumeric()) {
        word.into()
    } else {
        // A full stop is left within a number only: `2.5` is not 25.
        word.chars().filter(|c| c.is_alphanumeric() || *c == '.').collect()
    };
    (text, if has_digit { Shape::Mixed } else { Shape::Word })
}

/// `1,000`, `1k`, `30th`, `fifty`.
fn number(word: &str) -> Option<u64> {
    if let Some(value) = number_word(word) {
        return Some(value);
    }
    if !word.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    let (digits, factor) = match word.trim_end_matches(|c: char| c.is_ascii_alphabetic()) {
        digits if digits.len() == word.len() => (digits, 1),
        digits => match &word[digits.len()..] {
            "k" => (digits, 1000),
            "st" | "nd" | "rd" | "th" => (digits, 1),
            _ => return None,
        },
    };
    let plain: String = digits.chars().filter(|c| *c != ',').collect();
    plain.parse::<u64>().ok()?.checked_mul(factor)
}

/// `w h e r e` → `where`: four or more single letters in a row are one spaced-out word. Two spaces between such words
/// are lost to normalisation, so several run together; then nothing is understood, which is honest. And `two hundred` →
/// `200`, as [`spoken_number`] reads it.
fn join_runs(normalised: &str) -> Vec<Cow<'_, str>> {
    let pieces: Vec<&str> = normalised.split(' ').collect();
    let is_letter = |piece: &&str| {
        let mut chars = piece.chars();
        matches!((chars.next(), chars.next()), (Some(letter), None) if letter.is_alphabetic())
    };
    let mut joined = Vec::with_capacity(pieces.len());
    let mut place = 0;
    while place < pieces.len() {
        let run = pieces[place..].iter().take_while(|piece| is_letter(piece)).count();
        if run >= 4 {
            joined.push(Cow::Owned(pieces[place..place + run].concat()));
            place += run;
        } else if let Some((value, n_pieces, signs)) = spoken_number(&pieces[place..]) {
            joined.push(Cow::Owned(format!("{value}{signs}")));
            place += n_pieces;
        } else {
            joined.push(Cow::Borrowed(pieces[place]));
            place += 1;
        }
    }
    joined
}

/// A number that several words say, with how many pieces of the text they are and the signs behind the last: `twenty five`,
/// `one hundred fifty`, `a hundred thousand`, `two thousand five hundred?`. Words that say no one number, such as `two three`,
/// stay apart, and so does `one` by itself, which is more often no number.
fn spoken_number<'a>(pieces: &[&'a str]) -> Option<(u64, usize, &'a str)> {
    let (mut thousands, mut below, mut n_pieces, mut signs) = (0, 0, 0, "");
    // What may still come behind the last word: less than this.
    let mut room = u64::MAX;
    for piece in pieces {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_one = word == "one" || word == "a" && n_pieces == 0;
        match number_word(word).or(is_one.then_some(1)) {
            Some(1000) if thousands == 0 && (below > 0 || n_pieces == 0) => {
                (thousands, below, room) = (1000 * below.max(1), 0, 1000);
            }
            Some(100) if below < 10 && (below > 0 || room >= 1000) => (below, room) = (100 * below.max(1), 100),
            Some(value) if value < room.min(100) => {
                below += value;
                room = if value >= 20 && value % 10 == 0 { 10 } else { 0 };
            }
            _ => break,
        }
        n_pieces += 1;
        signs = &piece[word.len()..];
        if !signs.is_empty() {
            break;
        }
    }
    // "A" is a number before "hundred" and "thousand" only.
    let is_number = n_pieces > 1 && (pieces[0] != "a" || thousands + below >= 100);
    is_number.then_some((thousands + below, n_pieces, signs))
}

/// `dec 30`, `30 december`, `the 30 of december` → one token; a lone short month → its full name.
fn join_dates(tokens: &mut Vec<Token>) {
    let day_at = |token: Option<&Token>| match token.map(|token| token.shape) {
        Some(Shape::Number(day @ 1..=31)) => u8::try_from(day).ok(),
        _ => None,
    };
    let mut index = 0;
    while index < tokens.len() {
        let Some(month) = month(&tokens[index].text) else {
            index += 1;
            continue;
        };
        let is_verb = tokens[index].text == "may" || tokens[index].text == "march";
        // "How many, 30? May I ask": what a sign parts is no date.
        let follows = |place: &usize| tokens.get(*place).is_some_and(|token| token.boundary == Boundary::None);
        let before = index.checked_sub(1).filter(|_| follows(&index));
        let before_of = index
            .checked_sub(2)
            .filter(|_| tokens[index - 1].text == "of" && follows(&index) && follows(&(index - 1)));
        let [before, before_of] = [before, before_of].map(|place| place.and_then(|place| day_at(tokens.get(place))));
        let after = Some(index + 1)
            .filter(follows)
            .and_then(|place| day_at(tokens.get(place)));
        let (first, n, day) = match (after, before, before_of) {
            (Some(day), _, _) => (index, 2, day),
            (None, Some(day), _) => (index - 1, 2, day),
            (None, None, Some(day)) => (index - 2, 3, day),
            _ => {
                if !is_verb {
                    tokens[index].text = CompactString::const_new(FULL_MONTHS[usize::from(month) - 1]);
                }
                index += 1;
                continue;
            }
        };
        let boundary = tokens[first].boundary;
        let token = Token {
            text: format_compact!("{month:02}-{day:02}"),
            shape: Shape::Date { month, day },
            boundary,
        };
        tokens.splice(first..first + n, [token]);
        index = first + 1;
    }
}

/// `the us` is a state, `tell us` is not.
fn name_the_us(tokens: &mut [Token]) {
    const BEFORE_THE_STATE: [&str; 9] = ["the", "by", "did", "does", "will", "has", "is", "from", "would"];
    for index in 0..tokens.len() {
        if tokens[index].text == "us" {
            let is_state = match index.checked_sub(1) {
                Some(before) => BEFORE_THE_STATE.contains(&tokens[before].text.as_str()),
                None => true,
            };
            if is_state {
                tokens[index].text = CompactString::const_new("usa");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalise::normalise;
    use proptest::prelude::*;

    #[track_caller]
    fn check(raw: &str, words: &str) {
        let tokens = tokenise(&normalise(raw));
        let found: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(found.join(" "), words, "{raw}");
    }

    #[test]
    fn abbreviations_are_joined() {
        check("the U.N. and the U.S. in D.C.", "the un and the usa in dc");
        check("the U.S.'s plan", "the usa plan");
        check("N. Korea", "n korea");
    }

    #[test]
    fn numbers_take_one_form() {
        check(
            "1,000 boats, 2k tons, fifty men, the 30th",
            "1000 boats 2000 tons 50 men the 30",
        );
        check("KN-23 and s300", "kn 23 and s300");
        check("2.5 boats, 1.2.3", "2.5 boats 1.2.3");
        check("pages 5,6 and 1,000,000.", "pages 5 6 and 1000000");
        check("2½ boats, 10² piers, 1,000¹", "2 1 2 boats 10 2 piers 1000 1");
    }

    #[test]
    fn a_number_in_several_words_is_one_number() {
        check("twenty-five boats, two hundred men", "25 boats 200 men");
        check("Two thousand five hundred and fifty thousand?", "2500 and 50000");
        check("forty one, twenty five? ninety nine thousand", "41 25 99000");
        check("three hundred twenty-one thousand six hundred twelve", "321612");
        check(
            "one hundred fifty, a hundred thousand, hundred twenty",
            "150 100000 120",
        );
        check(
            "one thousand five hundred, thousand one, a hundred one",
            "1500 1001 101",
        );
        check(
            "two three, one two, thousand, a two, a one, one wall",
            "2 3 one 2 1000 a 2 a one one wall",
        );
        check("twenty twenty-one and ten one", "20 21 and 10 one");
        check("a two-storey house, five-and-ten", "a 2 storey house 5 and 10");
    }

    #[test]
    fn dates_take_one_form() {
        for raw in [
            "Dec. 30",
            "December 30th",
            "30 December",
            "the 30th of December",
            "30 dec",
            "Dec. 30,2031",
        ] {
            let tokens = tokenise(&normalise(raw));
            assert!(
                tokens
                    .iter()
                    .any(|token| token.shape == Shape::Date { month: 12, day: 30 }),
                "{raw}: {tokens:?}"
            );
        }
        check("in Oct.", "in october");
        check("it may rise", "it may rise");
        check("how many, 30? may I ask", "how many 30 may i ask");
        check("in december, 2 leaders", "in december 2 leaders");
    }

    #[test]
    fn a_date_in_words_is_read_as_the_same_date() {
        for (month, day) in (1..=12).flat_map(|month| (1..=31).map(move |day| (month, day))) {
            let tokens = tokenise(&date_in_words(month, day));
            let shapes: Vec<Shape> = tokens.iter().map(|token| token.shape).collect();
            assert_eq!(shapes, [Shape::Date { month, day }]);
        }
    }

    #[test]
    fn chat_language_is_spelled_out() {
        check("whats up w/ the wall", "what is up w the wall");
        check("the wall's height", "the wall height");
        check("haha, hehehe", "lol lol");
        check("aha, the hah", "aha the hah");
    }

    #[test]
    fn spaced_out_words_are_joined() {
        check("w h e r e is it", "where is it");
        check("a b c", "a b c");
    }

    #[test]
    fn sentences_have_boundaries() {
        let tokens = tokenise(&normalise("It opened. When? On Dec. 3, they say"));
        let starts: Vec<&str> = tokens
            .iter()
            .filter(|token| token.boundary == Boundary::Sentence)
            .map(|token| token.text.as_str())
            .collect();
        assert_eq!(starts, ["when", "on"]);
        let tokens = tokenise(&normalise("Is it in the U.N.? When, in D.C., was it"));
        let at = |word: &str| {
            tokens
                .iter()
                .find(|token| token.text == word)
                .map(|token| token.boundary)
        };
        assert_eq!(at("when"), Some(Boundary::Sentence));
        assert_eq!(at("was"), Some(Boundary::Comma));
    }

    proptest! {
        #[test]
        fn any_text_gives_few_tokens_that_are_not_empty(raw in ".{0,400}") {
            let tokens = tokenise(&normalise(&raw));
            prop_assert!(tokens.len() <= MAX_TOKENS);
            prop_assert!(tokens.iter().all(|token| !token.text.is_empty()));
        }
    }
}
