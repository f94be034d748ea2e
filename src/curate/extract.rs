//! The numbers, dates, names and quotations of a text, as a reader sees them.
//!
//! By the look of words only (capitals, digits, quotation marks), so that it works on any English article. Promise:
//! every find is a part of the text, letter by letter. Deliberately absent: what any of it means.

use crate::fact::limits::{MAX_NAME_CHARS, MAX_QUOTE_WORDS};
use crate::fact::problem::Detail;
use crate::text::function_words::is_function_word;
use crate::text::normalise::normalise;
use crate::text::tokens::{Shape, month, tokenise};

/// One find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub what: Detail,
    /// The words, as the text has them.
    pub text: String,
    /// The byte where it begins.
    pub start: usize,
}

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// More capitals in a row are a headline or a cry, and no name. A name is copied into drafts, so it is no longer than a
/// fragment may be.
const MAX_NAME_WORDS: usize = MAX_QUOTE_WORDS;

/// A word with its place; `core` is without the signs around it.
#[derive(Debug, Clone, Copy)]
struct Word<'t> {
    whole: &'t str,
    core: &'t str,
    start: usize,
    begins_sentence: bool,
}

impl Word<'_> {
    fn end(&self) -> usize {
        self.start + self.core.len()
    }

    fn is_capital(&self) -> bool {
        self.core.starts_with(char::is_uppercase)
    }

    /// Whether something that parts names stands after it.
    fn ends_run(&self) -> bool {
        let bare = self.whole.trim_end_matches(['"', '”', '\'', '’']);
        bare.ends_with([',', ';', ':', '?', '!', ')']) || self.is_possessive()
    }

    fn is_possessive(&self) -> bool {
        self.whole.ends_with("'s") || self.whole.ends_with("’s")
    }
}

/// Everything that is found, in the order of the text. A word that begins a sentence is a name only where `is_known`
/// says so, since every sentence begins with a capital.
#[must_use]
pub fn extract(text: &str, is_known: impl Fn(&str) -> bool) -> Vec<Found> {
    let words = words(text);
    let mut found = quotations(text);
    let mut at = 0;
    while at < words.len() {
        let (find, n_words) = date(text, &words[at..])
            .or_else(|| number(&words[at]))
            .or_else(|| name(text, &words[at..], &is_known))
            .unwrap_or((None, 1));
        found.extend(find);
        at += n_words;
    }
    found.sort_by_key(|found| found.start);
    found
}

/// What is found at a word, if it is anything, and how many words were looked at; `None` where nothing begins.
type Find = Option<(Option<Found>, usize)>;

fn found(what: Detail, text: &str, start: usize) -> Found {
    let text = text.to_owned();
    Found { what, text, start }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut start = 0;
    for whole in text.split(' ') {
        let at = start;
        start += whole.len() + 1;
        let is_sign = |character: char| !character.is_alphanumeric();
        let from = whole.find(|character: char| !is_sign(character) || matches!(character, '$' | '€' | '£'));
        let Some(from) = from else { continue };
        let mut core = &whole[from..];
        core = core.trim_end_matches(|character: char| is_sign(character) && character != '.' && character != '%');
        core = core
            .strip_suffix("'s")
            .or_else(|| core.strip_suffix("’s"))
            .unwrap_or(core);
        if core.ends_with('.') && !is_abbreviation(core) {
            core = core.trim_end_matches(is_sign);
        }
        let before = words.last();
        let opens_quote = whole.starts_with(['"', '“', '\'', '‘']);
        let begins_sentence = opens_quote || before.is_none_or(|before| ends_sentence(before.whole, before.core));
        words.push(Word {
            whole,
            core,
            start: at + from,
            begins_sentence,
        });
    }
    words
}

/// `Jan.`, `U.N.`, `N.`, `D.C.`: a full stop that belongs to the word.
pub(super) fn is_abbreviation(word: &str) -> bool {
    let letters = word.trim_end_matches('.');
    let is_initials = letters
        .split('.')
        .all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    let is_title = ["Mr", "Mrs", "Ms", "Dr", "St", "Gen", "Sen", "Rep", "Gov", "No"].contains(&letters);
    is_initials || is_title || (letters.len() <= 4 && letters != "May" && month(&letters.to_lowercase()).is_some())
}

fn ends_sentence(whole: &str, core: &str) -> bool {
    let bare = whole.trim_end_matches(['"', '”', '\'', '’', ')']);
    bare.ends_with(['?', '!', ':']) || (bare.ends_with('.') && !is_abbreviation(core))
}

fn quotations(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (open, close) in [('"', '"'), ('“', '”')] {
        let mut rest = 0;
        while let Some(from) = text[rest..].find(open).map(|at| rest + at + open.len_utf8()) {
            let Some(to) = text[from..].find(close).map(|at| from + at) else {
                break;
            };
            found.push((from, to));
            rest = to + close.len_utf8();
        }
    }
    found.extend(single_quotations(text));
    found
        .into_iter()
        .filter(|(from, to)| text[*from..*to].chars().any(char::is_alphanumeric))
        .map(|(from, to)| Found {
            what: Detail::Quotation,
            text: text[from..to].to_owned(),
            start: from,
        })
        .collect()
}

/// Between single marks, which are apostrophes too: they open after a space and close before one, several words apart.
fn single_quotations(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut opened: Option<usize> = None;
    for (at, character) in text.char_indices() {
        if !matches!(character, '\'' | '‘' | '’') {
            continue;
        }
        let after = at + character.len_utf8();
        let opens = character != '’' && (at == 0 || text[..at].ends_with([' ', '(']));
        let closes = text[after..].chars().next().is_none_or(|next| !next.is_alphanumeric());
        match opened {
            None if opens => opened = Some(after),
            Some(from) if closes => {
                if text[from..at].contains(' ') {
                    found.push((from, at));
                }
                opened = None;
            }
            _ => {}
        }
    }
    found
}

fn date(text: &str, words: &[Word<'_>]) -> Find {
    let first = words.first()?;
    let lower = first.core.trim_end_matches('.').to_lowercase();
    if first.is_capital() && WEEKDAYS.contains(&lower.as_str()) {
        return Some((Some(found(Detail::Date, first.core, first.start)), 1));
    }
    if !first.is_capital() || month(&lower).is_none() {
        return None;
    }
    match words.get(1) {
        Some(day) if day.core.starts_with(|character: char| character.is_ascii_digit()) => Some((
            Some(found(Detail::Date, text.get(first.start..day.end())?, first.start)),
            2,
        )),
        // Words that are something else too.
        _ if ["may", "march", "mar", "sep", "dec", "jan"].contains(&lower.as_str()) && first.begins_sentence => None,
        _ => Some((Some(found(Detail::Date, first.core, first.start)), 1)),
    }
}

fn number(word: &Word<'_>) -> Find {
    let tokens = tokenise(&normalise(word.core));
    let is_number = tokens.iter().any(|token| matches!(token.shape, Shape::Number(_)));
    // "one" counts little and stands everywhere.
    if !(is_number || is_decimal(word.core)) || word.core.eq_ignore_ascii_case("one") {
        return None;
    }
    Some((Some(found(Detail::Number, word.core, word.start)), 1))
}

/// `4.50`, `1.5%`: no whole number, which is all that a question is read for.
fn is_decimal(word: &str) -> bool {
    let digits = word.trim_matches(['$', '€', '£', '%']);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits
            .split(['.', ','])
            .all(|part| part.chars().all(|sign| sign.is_ascii_digit()))
}

fn name(text: &str, words: &[Word<'_>], is_known: &impl Fn(&str) -> bool) -> Find {
    let first = words.first()?;
    if !first.is_capital() {
        return None;
    }
    let mut n_words = 1;
    while let Some(next) = words.get(n_words) {
        if words[n_words - 1].ends_run() || next.begins_sentence || next.whole.starts_with('(') {
            break;
        }
        let is_capital = next.is_capital() && !is_day(next.core);
        let joins = matches!(next.core, "of" | "for" | "the")
            && words
                .get(n_words + 1)
                .is_some_and(|after| after.is_capital() && !is_day(after.core));
        match (is_capital, joins) {
            (true, _) => n_words += 1,
            (false, true) => n_words += 2,
            (false, false) => break,
        }
    }
    // A sentence's first word may be there for its capital only.
    let mut from = 0;
    if first.begins_sentence && !is_known(first.core) && (n_words == 1 || is_function_word(&first.core.to_lowercase()))
    {
        from = 1;
        if n_words > 1 && matches!(words[1].core, "of" | "for" | "the") {
            from = 2;
        }
    }
    if from >= n_words || (n_words - from == 1 && is_function_word(&words[from].core.to_lowercase())) {
        return Some((None, n_words));
    }
    let (start, end) = (words[from].start, words[n_words - 1].end());
    let name = text.get(start..end)?;
    let is_cry = n_words - from > MAX_NAME_WORDS || name.chars().count() > MAX_NAME_CHARS;
    Some(((!is_cry).then(|| found(Detail::Name, name, start)), n_words))
}

fn is_day(word: &str) -> bool {
    let lower = word.trim_end_matches('.').to_lowercase();
    WEEKDAYS.contains(&lower.as_str()) || (month(&lower).is_some() && word.starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &Expect) {
        let found = extract(text, |word| word == "Portgate");
        let lines: Vec<String> = found
            .iter()
            .map(|found| format!("{}: {}", found.what.name(), found.text))
            .collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn numbers_dates_names_and_quotations_are_found_as_written() {
        check(
            "The Harbour Office said on Friday, May 2, that 1,200 tonnes \"will be moved soon,\" at a cost of $3.",
            &expect![[r#"
                name: Harbour Office
                date: Friday
                date: May 2
                number: 1,200
                quotation: will be moved soon,
                number: $3"#]],
        );
    }

    #[test]
    fn a_number_need_not_be_whole() {
        check(
            "The ramp is 1.5 metres wider and cost 3.2 million, 2.5% of $4.50; version v1.2 is none.",
            &expect![[r"
                number: 1.5
                number: 3.2
                number: 2.5%
                number: $4.50"]],
        );
    }

    #[test]
    fn a_capital_at_the_beginning_of_a_sentence_is_no_name() {
        check(
            "Meanwhile, Portgate's wall held. Nobody knew. In the U.N. hall it was loud.",
            &expect![[r#"
                name: Portgate
                name: U.N."#]],
        );
        check(
            "Portgate's Society of Quay Masters met Dec. 3. 'This is a wall,' they said.",
            &expect![[r#"
                name: Portgate
                name: Society of Quay Masters
                date: Dec. 3
                quotation: This is a wall,"#]],
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_parts_of_itself(text in "[ \\PC'\"“”.A-Z0-9]{0,80}") {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for found in extract(&text, |_| false) {
                proptest::prop_assert!(text[found.start..].starts_with(&found.text));
            }
        }
    }
}
