//! "Who did not sign?", "who except Japan signed?": questions that ask for the rest of what a fact tells.
//!
//! All their words are the fact's, and what it says is the very opposite of what is asked for. Promise: a negated yes-no
//! question is none, since the fact answers it either way. Deliberately absent: negation in what a question takes for
//! known; there the words behind the question word are all there is to go by.

use super::analysis::{Analysis, Term};
use super::order::is_joint;
use crate::fact::Kind;

/// Words behind which stands what is left out. Not "besides" and its like: what else there is the fact may well tell.
const LEAVING_OUT: &[&str] = &["except", "excluding", "never", "not"];
/// What stands around "not" where it negates nothing that is so: "or not", "not only", "not known yet".
const BEFORE_NOT: &[&str] = &["if", "or", "why"];
const BEHIND_NOT: &[&str] = &["care", "just", "know", "mind", "only", "remember", "sure", "understand"];
/// Behind "not" these say what a fact may well tell: what was broken, is forbidden, or is open.
const NOT_SO: &[&str] = &[
    "allow",
    "allowed",
    "comply",
    "confirmed",
    "follow",
    "followed",
    "fulfil",
    "fulfilled",
    "honour",
    "honoured",
    "keep",
    "kept",
    "known",
    "obey",
    "obeyed",
    "permitted",
    "proven",
    "respect",
    "respected",
    "supposed",
    "verified",
];
/// Words that ask for one or some of many.
const ASKING: &[&str] = &["how", "what", "when", "where", "which", "who", "whom", "whose"];
/// The kinds that ask so.
const KINDS: [Kind; 6] = [
    Kind::Who,
    Kind::Which,
    Kind::What,
    Kind::Where,
    Kind::When,
    Kind::HowMany,
];

/// Whether it is asked for those of which something is not so. No answer to the fit sets hangs on it; of 945 questions made to
/// mislead it keeps 17 from an answer that reads as a yes, and one from a good one.
#[must_use]
pub fn asks_for_the_rest(question: &Analysis) -> bool {
    let asked = question.asked.kinds;
    let is_asking = |term: &Term| ASKING.contains(&term.word.as_str());
    let Some(asking) = question.terms.iter().position(is_asking) else {
        return false;
    };
    // In its own clause: "who is he, I do not know him".
    let rest = question.terms[asking + 1..].iter();
    let end = asking + 1 + rest.take_while(|term| !is_joint(term)).count();
    KINDS.iter().any(|kind| asked.has(*kind))
        && (asking + 1..end).any(|place| leaves_out(&question.terms[..end], place))
}

/// Whether the word at this place leaves something out.
fn leaves_out(terms: &[Term], place: usize) -> bool {
    let is = |place: usize, words: &[&str]| terms.get(place).is_some_and(|term| words.contains(&term.word.as_str()));
    let is_behind = |n: usize| place.checked_sub(n).is_some_and(|before| is(before, BEFORE_NOT));
    let is_yet = (place + 1..terms.len()).any(|place| is(place, &["yet"]));
    let is_not_so = (place + 1..=place + 2).any(|behind| is(behind, NOT_SO));
    let is_mere = is(place, &["not"]) && (is_not_so || (1..=3).any(is_behind) || is(place + 1, BEHIND_NOT) || is_yet);
    is(place, LEAVING_OUT) && !is_mere
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::FactBase;
    use crate::matching::Matcher;
    use crate::text::normalise::normalise;

    #[test]
    fn who_did_not_asks_for_the_rest() {
        let matcher = Matcher::new(&FactBase::new(Vec::new()));
        for (question, expected) in [
            ("Who did not sign the statement?", true),
            ("which offices didn't sign", true),
            ("Where has the wall never been raised?", true),
            ("Who signed it except the harbour office?", true),
            ("Who signed it besides the harbour office?", false),
            ("Who says it is allowed or isn't it?", false),
            ("What have they not got to the bottom of yet?", false),
            ("Who signed the statement?", false),
            ("Did the office not sign?", false),
            ("Who signed or not?", false),
            ("Who is the harbour master, I've never heard of him", false),
            ("Who signed it, wasn't it the office?", false),
            ("When did they sign if not on Tuesday?", false),
            ("Which rules did the office not respect?", false),
            ("What are they not allowed to do?", false),
            ("Who not only signed but spoke?", false),
            ("What is not yet known?", false),
            ("what's not known yet", false),
            ("I do not know who signed", false),
            ("who signed it, I do not know", false),
            ("Why did the office not sign?", false),
            ("", false),
        ] {
            let analysis = matcher.analyse(&normalise(question));
            assert_eq!(asks_for_the_rest(&analysis), expected, "{question}");
        }
    }
}
