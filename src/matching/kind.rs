//! The kind of answer that a question asks for, read from its question words.
//!
//! A question may ask for several kinds ("when and where"), or for none that can be read ("kharkiv impact").
//! Promise: linear in the number of words; no fact is looked at.

use serde::{Deserialize, Serialize};

use crate::fact::Kind;

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Kinds(u16);

impl Kinds {
    /// The set of these kinds.
    #[must_use]
    pub fn of(kinds: &[Kind]) -> Self {
        kinds.iter().fold(Self::default(), |set, kind| set.with(*kind))
    }

    /// The set with one more kind.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind as u16)
    }

    /// Whether the kind is in it.
    #[must_use]
    pub fn has(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u16 != 0
    }

    /// Whether the sets share a kind.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds in it.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL
            .into_iter()
            .map(|(kind, _)| kind)
            .filter(move |kind| self.has(*kind))
    }
}

/// What a question asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// The kinds of answer.
    pub kinds: Kinds,
    /// Where a number is asked for: the places of the words that are counted ("how many *missiles*").
    pub counted: Option<(usize, usize)>,
    /// The place of the noun that `what`, `which` or `whose` stands before ("which *camera*").
    pub noun: Option<usize>,
    /// The place of what is asked for, however that is put ("the *range*" in "what is the range of it", "give me the
    /// range", "which range"); none where only a question word says it.
    pub head: Option<usize>,
}

/// After `what`, `which` or `on what`: nouns that make it a question of another kind.
const NOUN_KINDS: &[(&str, Kind)] = &[
    ("agency", Kind::Who),
    ("body", Kind::Who),
    ("building", Kind::Where),
    ("city", Kind::Where),
    ("country", Kind::Which),
    ("countries", Kind::Which),
    ("date", Kind::When),
    ("dates", Kind::When),
    ("day", Kind::When),
    ("days", Kind::When),
    ("governments", Kind::Which),
    ("hour", Kind::When),
    ("leader", Kind::Who),
    ("leaders", Kind::Who),
    ("location", Kind::Where),
    ("month", Kind::When),
    ("nation", Kind::Which),
    ("nations", Kind::Which),
    ("number", Kind::HowMany),
    ("official", Kind::Who),
    ("person", Kind::Who),
    ("place", Kind::Where),
    ("places", Kind::Where),
    ("reason", Kind::Why),
    ("region", Kind::Where),
    ("regions", Kind::Where),
    ("room", Kind::Where),
    ("states", Kind::Which),
    ("terms", Kind::Said),
    ("time", Kind::When),
    ("town", Kind::Where),
    ("venue", Kind::Where),
    ("weekday", Kind::When),
    ("word", Kind::Said),
    ("words", Kind::Said),
    ("year", Kind::When),
];

/// Adjectives that after `how` ask for a measure.
const MEASURES: &[&str] = &[
    "big", "deep", "far", "fast", "few", "heavy", "high", "large", "long", "many", "much", "often", "old", "sizable",
    "tall",
];

/// Verbs that open a yes-no question.
const AUXILIARIES: &[&str] = &[
    "am", "are", "can", "could", "did", "do", "does", "had", "has", "have", "is", "may", "might", "should", "was",
    "were", "will", "would",
];

/// Words that may stand before the verb of a yes-no question without changing it.
const OPENERS: &[&str] = &[
    "a", "again", "and", "anyone", "but", "btw", "dude", "guys", "hello", "hey", "hi", "hmm", "know", "like", "man",
    "ok", "okay", "or", "please", "pray", "sir", "so", "sorry", "then", "um", "wait", "well", "whether", "yo",
];

/// Reads what the words ask for.
#[must_use]
pub fn asked(words: &[&str]) -> Asked {
    let mut asked = Asked::default();
    for (index, word) in words.iter().enumerate() {
        let next = words.get(index + 1).copied().unwrap_or_default();
        match *word {
            "who" | "whom" => add(&mut asked, Kind::Who),
            "whose" => {
                asked.noun = asked.noun.or_else(|| noun_of_what(words, index));
                add(&mut asked, Kind::Who);
            }
            "when" => add(&mut asked, Kind::When),
            "where" => add(&mut asked, Kind::Where),
            "why" => add(&mut asked, Kind::Why),
            "how" if next == "come" => add(&mut asked, Kind::Why),
            "how" if matches!(next, "late" | "early" | "soon") => add(&mut asked, Kind::When),
            "how" if MEASURES.contains(&next) => {
                add(&mut asked, Kind::HowMany);
                if !matches!(next, "many" | "much" | "few" | "often") {
                    asked.noun = asked.noun.or(Some(index + 1));
                }
                if matches!(next, "many" | "much") {
                    asked.counted = asked.counted.or_else(|| noun_after(words, index + 2));
                }
            }
            "how" => add(&mut asked, Kind::How),
            "number" | "count" | "quantity" | "amount" | "total" if next == "of" || index + 1 == words.len() => {
                add(&mut asked, Kind::HowMany);
                asked.counted = asked.counted.or_else(|| noun_after(words, index + 2));
            }
            "what" | "which" => {
                asked.noun = asked.noun.or_else(|| noun_of_what(words, index));
                add(&mut asked, kind_of_what(words, index));
            }
            "say" | "said" | "quote" | "quoted" if asked.kinds.has(Kind::What) => add(&mut asked, Kind::Said),
            "called" | "stand" | "stands" | "abbreviation" | "acronym" | "meaning" | "mean" | "means" => {
                add(&mut asked, Kind::Name);
            }
            "name" | "names" | "list" if index == 0 => add(&mut asked, Kind::Which),
            _ => {}
        }
    }
    if asked.kinds.is_empty() {
        let first = words.iter().position(|word| !OPENERS.contains(word));
        if first.is_some_and(|first| AUXILIARIES.contains(&words[first])) || words.contains(&"whether") {
            add(&mut asked, Kind::Whether);
        } else if let Some((_, kind)) = words
            .iter()
            .find_map(|word| NOUN_KINDS.iter().find(|(noun, _)| noun == word))
        {
            add(&mut asked, *kind);
        }
    }
    asked.head = head(words, &asked);
    asked
}

fn add(asked: &mut Asked, kind: Kind) {
    asked.kinds = asked.kinds.with(kind);
}

/// `what day`, `which of the countries`, `on what exact date`, `what was the date`: the noun decides, but not one behind
/// another verb: `what did the leader say`.
fn kind_of_what(words: &[&str], what: usize) -> Kind {
    let is_passed_over = |word: &&&str| {
        LINKS.contains(*word) || matches!(**word, "of" | "the" | "these" | "those" | "other" | "exactly")
    };
    let noun = words[what + 1..]
        .iter()
        .skip_while(is_passed_over)
        .take(3)
        .take_while(|word| !crate::text::function_words::is_function_word(word))
        .find_map(|word| NOUN_KINDS.iter().find(|(noun, _)| noun == word));
    match noun {
        Some((_, kind)) => *kind,
        None if words[what] == "which" => Kind::Which,
        None => Kind::What,
    }
}

/// `which camera`, `what exact hour`: the next word with matter, unless a verb comes first.
fn noun_of_what(words: &[&str], what: usize) -> Option<usize> {
    let next = words[what + 1..]
        .iter()
        .take(3)
        .position(|word| !matches!(*word, "of" | "the" | "these" | "those" | "other" | "exactly"))?;
    let place = what + 1 + next;
    (!crate::text::function_words::is_function_word(words[place])).then_some(place)
}

/// Verbs between `what` and what is asked for.
const LINKS: &[&str] = &["are", "be", "is", "s", "was", "were"];
/// Verbs that order what is asked for.
const ORDERS: &[&str] = &[
    "find", "get", "give", "list", "name", "need", "quote", "state", "tell", "want",
];
/// Nouns that only say that a name is asked for, of what stands behind them.
const OF: &[&str] = &["name", "names", "kind", "kinds", "sort", "sorts", "type", "types"];

/// What is asked for: the noun of `which` or `how many`, or that of "what is the …" and "give me the …".
fn head(words: &[&str], asked: &Asked) -> Option<usize> {
    if let Some((_, end)) = asked.counted {
        return Some(end - 1);
    }
    if let Some(noun) = asked.noun {
        // The last of the words before the verb: "which *missile range*".
        let run = noun_run(words, noun);
        return behind_of(words, run.unwrap_or(noun));
    }
    let what = words.iter().position(|word| *word == "what");
    let start = match what {
        Some(what) if LINKS.contains(words.get(what + 1)?) => what + 2,
        None if ORDERS.contains(words.first()?) => 1,
        _ => return None,
    };
    let start = start
        + words
            .get(start..)?
            .iter()
            .take_while(|word| {
                matches!(
                    **word,
                    "me" | "us" | "the" | "a" | "an" | "all" | "its" | "his" | "their" | "please"
                )
            })
            .count();
    behind_of(words, noun_run(words, start)?)
}

/// The last of the words with matter that stand together from this place on.
fn noun_run(words: &[&str], start: usize) -> Option<usize> {
    let length = words
        .get(start..)?
        .iter()
        .take(4)
        .take_while(|word| !crate::text::function_words::is_function_word(word))
        .count();
    (length > 0).then(|| start + length - 1)
}

/// "The name of the *place*".
fn behind_of(words: &[&str], head: usize) -> Option<usize> {
    if !OF.contains(&words[head]) || words.get(head + 1) != Some(&"of") {
        return Some(head);
    }
    let n_articles = words[head + 2..]
        .iter()
        .take_while(|word| matches!(**word, "the" | "a" | "an" | "this" | "that"))
        .count();
    noun_run(words, head + 2 + n_articles).or(Some(head))
}

/// The words that are counted: those after the place, up to a verb-like function word.
fn noun_after(words: &[&str], start: usize) -> Option<(usize, usize)> {
    let start = start
        + words[start.min(words.len())..]
            .iter()
            .take_while(|word| matches!(**word, "of" | "the" | "these" | "those" | "all" | "exactly"))
            .count();
    let length = words
        .get(start..)?
        .iter()
        .take(4)
        .take_while(|word| !AUXILIARIES.contains(word) && !crate::text::function_words::is_function_word(word))
        .count();
    (length > 0).then_some((start, start + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(question: &str, kinds: &[Kind], counted: &str) {
        let words: Vec<&str> = question.split(' ').collect();
        let asked = asked(&words);
        assert_eq!(
            asked.kinds,
            Kinds::of(kinds),
            "{question}: {:?}",
            asked.kinds.iter().collect::<Vec<_>>()
        );
        let found = asked
            .counted
            .map_or(String::new(), |(from, to)| words[from..to].join(" "));
        assert_eq!(found, counted, "{question}");
    }

    #[test]
    fn question_words_tell_the_kind() {
        check("who raised the wall", &[Kind::Who], "");
        check("when and where was it", &[Kind::When, Kind::Where], "");
        check("on what exact day did it open", &[Kind::When], "");
        check("how many metres of wall are there", &[Kind::HowMany], "metres");
        check("what is the number of old boats", &[Kind::HowMany], "old boats");
        check("did the wall break", &[Kind::Whether], "");
        check("so is it closed", &[Kind::Whether], "");
        check("which boats sank", &[Kind::Which], "");
        check("how was it raised", &[Kind::How], "");
        check("how late does it open", &[Kind::When], "");
        check("what did the leader say", &[Kind::What, Kind::Said], "");
        check("what happened on that day", &[Kind::What], "");
        check("what was the exact date", &[Kind::When], "");
        check("which of the southern regions was it", &[Kind::Where], "");
        check("what does dhm stand for", &[Kind::What, Kind::Name], "");
        check("wall height", &[], "");
        check("opening date", &[Kind::When], "");
        check("how many", &[Kind::HowMany], "");
    }

    #[test]
    fn what_is_asked_for_is_found_however_it_is_put() {
        let head = |question: &str| {
            let words: Vec<&str> = question.split(' ').collect();
            asked(&words).head.map(|head| words[head].to_owned())
        };
        for (question, expected) in [
            ("which wall is higher", Some("wall")),
            ("how many boats are there", Some("boats")),
            ("what is the height of the wall", Some("height")),
            ("what is the name of the harbour master", Some("master")),
            ("give me the opening date", Some("date")),
            ("who raised the wall", None),
            ("what did she say", None),
            ("what is", None),
            ("what", None),
            ("name", None),
        ] {
            assert_eq!(head(question).as_deref(), expected, "{question}");
        }
    }
}
