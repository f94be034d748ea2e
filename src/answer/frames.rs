//! "Twitter says …, is it true?", "hi, I am Anna from Toronto", "quote the part about …": where the asker heard it, who is
//! asking, and that the very words are wanted, which every answer cites.
//!
//! All of it stands around the question and is no matter of it, but has names that the briefing does not have, and words
//! that its gaps have. Promise: nothing is taken away that is asked about ("what does the BBC say?"), and never all of the
//! matter. Deliberately absent: states and persons that say something; what they are said to say is a claim of theirs, and
//! a true claim in the wrong mouth is a false one.

use std::ops::Range;

use crate::matching::analysis::{Analysis, Knowledge, Term};
use crate::matching::vocabulary::Vocabulary;
use crate::text::names;
use crate::text::tokens::Boundary;

/// Words that may stand before a frame.
const OPENERS: &[&str] = &[
    "also", "and", "because", "but", "hello", "hey", "hi", "just", "ok", "okay", "so", "um", "well", "yo",
];
/// Verbs with which a medium is cited, in the forms that are used.
const TELLING: &[&str] = &[
    "claim",
    "claimed",
    "claims",
    "mentioned",
    "mentions",
    "posted",
    "posts",
    "report",
    "reported",
    "reports",
    "said",
    "say",
    "saying",
    "says",
    "showed",
    "shows",
    "tell",
    "telling",
    "tells",
    "told",
    "tweeted",
    "write",
    "writes",
    "wrote",
];
/// Words that may stand between a medium, or its readers, and the verb.
const BEFORE_TELLING: &[&str] = &[
    "all", "also", "are", "has", "have", "is", "just", "keep", "keeps", "now",
];
/// Verbs with which one comes by news.
const HEARING: &[&str] = &["found", "heard", "noticed", "read", "saw", "see", "seen", "watched"];
/// What one comes by, and small words around it.
const HEARD: &[&str] = &[
    "a",
    "an",
    "article",
    "clip",
    "headline",
    "it",
    "one",
    "piece",
    "post",
    "report",
    "some",
    "something",
    "somewhere",
    "story",
    "the",
    "this",
    "thread",
    "tweet",
    "video",
];
/// Where it stood.
const AT: &[&str] = &["at", "by", "from", "in", "on", "over", "per", "via"];
/// What may stand before a medium.
const ARTICLES: &[&str] = &["a", "an", "my", "some", "the"];
/// What may stand behind it.
const PARTS_OF_A_MEDIUM: &[&str] = &[
    "account", "article", "comment", "headline", "news", "page", "people", "post", "thread", "user", "users", "video",
];
/// Who speaks there.
const READERS: &[&str] = &[
    "everybody",
    "everyone",
    "folks",
    "people",
    "someone",
    "somebody",
    "they",
];
/// What joins a frame to what was heard.
const JOINTS: &[&str] = &["about", "that"];
/// How one says who one is, or where.
const INTRODUCTIONS: &[&[&str]] = &[
    &["i", "am"],
    &["we", "are"],
    &["my", "name", "is"],
    &["i", "live"],
    &["i", "work"],
    &["greetings", "from"],
    &["writing", "from"],
    &["as", "a"],
    &["as", "an"],
    &["as", "the"],
];
/// What ends an introduction, beside a comma: the rest is the matter.
const AFTER_AN_INTRODUCTION: &[&str] = &[
    "and", "but", "can", "could", "did", "do", "does", "has", "have", "here", "how", "is", "may", "please", "so",
    "was", "were", "what", "when", "where", "which", "who", "why",
];
/// How it is said that words are wanted.
const WANTING: &[&str] = &[
    "a", "actual", "an", "can", "could", "direct", "exact", "get", "give", "i", "is", "literal", "me", "need",
    "please", "precise", "show", "the", "us", "verbatim", "want", "what", "would", "you",
];
const QUOTES: &[&str] = &["quotation", "quote", "quotes", "wording"];
/// Of whom, or of what.
const QUOTED: &[&str] = &[
    "bit", "her", "him", "it", "line", "part", "passage", "sentence", "the", "them",
];
const ABOUT: &[&str] = &["about", "concerning", "for", "of", "on", "regarding", "with"];
/// A longer one says more than who one is.
const MAX_INTRODUCTION: usize = 9;
/// A longer beginning is no mere "some guy in my class told me".
const MAX_TELLER: usize = 7;
/// Words that point at a place or a people: whoever says where he is may ask about there.
const POINTING_HERE: &[&str] = &["here", "it", "our", "there", "us"];
/// What makes a question of a clause, so that it is no frame.
const ASKING: &[&str] = &[
    "are", "did", "do", "does", "has", "have", "how", "is", "was", "were", "what", "when", "where", "which", "who",
    "whom", "whose", "why", "will", "would",
];

/// The message without such frames; `None` where there are none, or where too little would be left.
#[must_use]
pub fn without_frames(message: &Analysis, vocabulary: &Vocabulary) -> Option<Analysis> {
    let terms = &message.terms;
    let mut left: Vec<Term> = Vec::with_capacity(terms.len());
    let mut place = 0;
    while place < terms.len() {
        let begins = place == 0 || terms[place].boundary != Boundary::None;
        if let Some(end) = begins.then(|| frame(terms, place)).flatten() {
            place = end;
        } else {
            left.push(terms[place].clone());
            place += 1;
        }
    }
    let has_matter = left
        .iter()
        .any(|term| !term.is_function && term.knowledge == Knowledge::Own);
    (left.len() < terms.len() && has_matter).then(|| Analysis::of_terms(left, message.repairs.clone(), vocabulary))
}

/// Where the frame ends that begins at this place, if one does.
fn frame(terms: &[Term], start: usize) -> Option<usize> {
    let opened = skip(terms, start, OPENERS);
    let end = medium_tells(terms, opened)
        .or_else(|| heard_at(terms, opened))
        .or_else(|| readers_tell(terms, opened))
        .or_else(|| according_to(terms, opened))
        .or_else(|| somebody_told(terms, opened))
        .or_else(|| introduction(terms, opened))
        .or_else(|| quotation(terms, opened))?;
    Some(skip_joint(terms, end))
}

/// "Twitter says", "a Reddit thread claims", ", says CNN".
fn medium_tells(terms: &[Term], start: usize) -> Option<usize> {
    if is(terms, start, TELLING) {
        return medium(terms, start + 1).filter(|end| is_clause_end(terms, *end));
    }
    let verb = skip(terms, medium(terms, start)?, BEFORE_TELLING);
    let end = is(terms, verb, TELLING).then(|| skip(terms, verb + 1, &["me", "us", "it", "this"]))?;
    // "The BBC says what?" asks what it says.
    (!is(terms, end, ASKING)).then_some(end)
}

/// "I read something on Reddit", "saw on Twitter".
fn heard_at(terms: &[Term], start: usize) -> Option<usize> {
    let verb = skip(terms, start, &["i", "we", "have", "just"]);
    let heard = is(terms, verb, HEARING).then(|| skip(terms, verb + 1, HEARD))?;
    let at = is(terms, heard, AT).then(|| skip(terms, heard, AT))?;
    medium(terms, at)
}

/// "On Twitter they say".
fn readers_tell(terms: &[Term], start: usize) -> Option<usize> {
    let at = is(terms, start, AT).then(|| skip(terms, start, AT))?;
    let readers = skip(terms, medium(terms, at)?, READERS);
    let verb = skip(terms, readers, BEFORE_TELLING);
    is(terms, verb, TELLING).then_some(verb + 1)
}

/// "According to CNN", "via Reuters".
fn according_to(terms: &[Term], start: usize) -> Option<usize> {
    let at = if is(terms, start, &["according"]) && is(terms, start + 1, &["to"]) {
        start + 2
    } else if is(terms, start, &["per", "via"]) {
        start + 1
    } else {
        return None;
    };
    medium(terms, at)
}

/// "My uncle told me", "some NATO guy told us": whom the briefing does not know.
fn somebody_told(terms: &[Term], start: usize) -> Option<usize> {
    let clause = clause(terms, start);
    let verb = (start + 1..clause.end.min(start + MAX_TELLER)).find(|place| is(terms, *place, &["told", "tells"]))?;
    let teller = &terms[start..verb];
    let is_known = teller
        .iter()
        .any(|term| ASKING.contains(&term.word.as_str()) || !term.is_function && term.knowledge == Knowledge::Own);
    (!is_known && is(terms, verb + 1, &["me", "us"])).then_some(verb + 2)
}

/// "I am Anna from Toronto and", "as a journalist at Le Monde,": names that the briefing does not have, and no question.
fn introduction(terms: &[Term], start: usize) -> Option<usize> {
    let begun = INTRODUCTIONS.iter().find(|words| {
        (start..)
            .zip(words.iter())
            .all(|(place, word)| is(terms, place, &[word]))
    })?;
    let from = start + begun.len();
    let clause = clause(terms, start);
    // "Greetings, from where …": a comma stands within.
    if from > clause.end {
        return None;
    }
    let end = (from..clause.end)
        .find(|place| is(terms, *place, AFTER_AN_INTRODUCTION))
        .unwrap_or(clause.end);
    let said = &terms[from..end];
    let names = |term: &Term| matches!(term.knowledge, Knowledge::ForeignName | Knowledge::Unknown);
    let points_here = terms[end..]
        .iter()
        .any(|term| POINTING_HERE.contains(&term.word.as_str()));
    (said.len() <= MAX_INTRODUCTION && said.iter().any(names) && !points_here)
        .then(|| skip(terms, end, &["and", "here"]))
}

/// "Can you quote the part about", "the exact quote on": what follows is the matter.
fn quotation(terms: &[Term], start: usize) -> Option<usize> {
    let quote = skip(terms, start, WANTING);
    let quoted = is(terms, quote, QUOTES).then(|| skip(terms, quote + 1, QUOTED))?;
    let about = skip(terms, quoted, ABOUT);
    // "Did he quote …?" asks who quotes.
    (quoted > quote + 1 || about > quoted).then_some(about)
}

/// Where a medium ends that begins here: a well-known one, and none that a briefing has.
fn medium(terms: &[Term], start: usize) -> Option<usize> {
    let start = skip(terms, start, ARTICLES);
    let rest = terms.get(start..)?;
    let length = names::medium_at(&mut rest.iter().map(|term| term.word.as_str()))?;
    let is_foreign = rest[..length]
        .iter()
        .all(|term| term.knowledge == Knowledge::ForeignName);
    is_foreign.then(|| skip(terms, start + length, PARTS_OF_A_MEDIUM))
}

/// From here to the next comma or end of a sentence.
fn clause(terms: &[Term], start: usize) -> Range<usize> {
    let rest = terms.get(start + 1..).unwrap_or_default();
    let length = rest.iter().take_while(|term| term.boundary == Boundary::None).count();
    start..(start + 1 + length).min(terms.len())
}

fn is_clause_end(terms: &[Term], place: usize) -> bool {
    terms.get(place).is_none_or(|term| term.boundary != Boundary::None)
}

fn is(terms: &[Term], place: usize, words: &[&str]) -> bool {
    terms.get(place).is_some_and(|term| words.contains(&term.word.as_str()))
}

fn skip(terms: &[Term], start: usize, words: &[&str]) -> usize {
    let rest = terms.get(start..).unwrap_or_default();
    let is_skipped = |term: &&Term| words.contains(&term.word.as_str());
    start + rest.iter().take_while(is_skipped).count()
}

/// "That" or "about" behind a frame; behind a comma "that" may as well begin the question.
fn skip_joint(terms: &[Term], end: usize) -> usize {
    if is_clause_end(terms, end) {
        end
    } else {
        end + usize::from(is(terms, end, JOINTS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::harbour;
    use crate::matching::Matcher;
    use crate::text::normalise::normalise;

    #[track_caller]
    fn check(message: &str, left: Option<&str>) {
        let matcher = Matcher::new(&harbour::base().unwrap());
        let found = without_frames(&matcher.analyse(&normalise(message)), matcher.vocabulary());
        let words = |analysis: &Analysis| {
            let words: Vec<&str> = analysis.terms.iter().map(|term| term.word.as_str()).collect();
            words.join(" ")
        };
        assert_eq!(found.as_ref().map(words).as_deref(), left, "{message}");
    }

    #[test]
    fn where_it_was_heard_is_no_matter() {
        check(
            "Twitter says the wall is raised, true?",
            Some("the wall is raised true"),
        );
        check(
            "so the BBC just reported that the wall is raised",
            Some("the wall is raised"),
        );
        check("I read something on a Reddit thread about the wall", Some("the wall"));
        check("saw it on TikTok: is the wall raised?", Some("is the wall raised"));
        check(
            "On YouTube they say that the wall is raised",
            Some("the wall is raised"),
        );
        check("Is the wall raised, according to CNN?", Some("is the wall raised"));
        check("Is the wall raised, says Reuters", Some("is the wall raised"));
        check("my uncle told me that the wall is raised", Some("the wall is raised"));
        check(
            "some guy from Germany told me the wall is raised",
            Some("the wall is raised"),
        );
    }

    #[test]
    fn who_asks_is_no_matter() {
        check(
            "hi I am Zelda from Toronto, how high is the wall?",
            Some("how high is the wall"),
        );
        check(
            "I'm in Toronto and my boss wants to know how high the wall is",
            Some("my boss wants to know how high the wall is"),
        );
        check(
            "As a journalist at Le Monde, I ask how high the wall is",
            Some("i ask how high the wall is"),
        );
    }

    #[test]
    fn that_the_very_words_are_wanted_is_no_matter() {
        check("can you quote the part about the wall", Some("the wall"));
        check("exact quote on the wall please", Some("the wall please"));
        check("quote him on the height of the wall", Some("the height of the wall"));
        check("Did the harbour master quote the wall?", None);
        check("What was quoted about the wall?", None);
    }

    #[test]
    fn what_is_asked_about_stays() {
        for message in [
            "What does the BBC say about the wall?",
            "Did Twitter say that the wall is raised?",
            "The BBC says what about the wall?",
            "Is the wall on Twitter?",
            "Germany says the wall is raised, true?",
            "The harbour master told me that the wall is raised",
            "Who told us that the wall is raised?",
            "I am sure that the wall is raised",
            "I am in Toronto, will the wall be raised here?",
            "Twitter says it is so",
            "Greetings, from Toronto! Will the wall be raised?",
            "I, am Zelda, is the wall raised?",
            "As, a journalist, I ask how high the wall is",
            "How high is the wall?",
        ] {
            check(message, None);
        }
    }
}
