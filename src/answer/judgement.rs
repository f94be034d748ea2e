//! "Is it good that …?": whether a question asks for a judgement, which no briefing gives.
//!
//! Whatever is said to such a question reads as a yes. Promise: a word of judgement that the fact itself has ("concerning")
//! asks for the fact. Deliberately absent: "true", "right" and their like, which ask whether something is so.

use crate::matching::analysis::{Analysis, Term};
use crate::matching::class::Class;

/// Words that judge what is so.
const JUDGING: &[&str] = &[
    "acceptable",
    "awesome",
    "awful",
    "bad",
    "brave",
    "clever",
    "cool",
    "cowardly",
    "cruel",
    "disgusting",
    "dumb",
    "evil",
    "excellent",
    "fair",
    "fine",
    "foolish",
    "funny",
    "good",
    "great",
    "hilarious",
    "honorable",
    "horrible",
    "immoral",
    "insane",
    "just",
    "justified",
    "moral",
    "nice",
    "okay",
    "ok",
    "outrageous",
    "pathetic",
    "reasonable",
    "sad",
    "scary",
    "shameful",
    "silly",
    "smart",
    "stupid",
    "terrible",
    "unfair",
    "unjust",
    "wise",
    "wrong",
];
/// What stands between the verb and the word of judgement.
const BETWEEN: &[&str] = &[
    "a", "it", "not", "really", "so", "such", "that", "the", "thing", "this", "too", "very",
];
/// What follows a judgement of a matter.
const BEHIND: &[&str] = &["for", "how", "if", "of", "that", "thing", "to", "what", "when"];

/// Whether the question asks to judge what the fact says, with a word that the fact does not have.
#[must_use]
pub fn asks_for_a_judgement(question: &Analysis, fact: &Class) -> bool {
    judging(&question.terms).is_some_and(|term| !fact.has_word(term))
}

/// The word that judges: "is it good that …", "isn't this sad", "was that a smart thing to do".
fn judging(terms: &[Term]) -> Option<&Term> {
    let is = |place: usize, words: &[&str]| terms.get(place).is_some_and(|term| words.contains(&term.word.as_str()));
    let start =
        (0..terms.len()).find(|place| is(*place, &["is", "was"]) && is(place + 1, &["it", "that", "this", "not"]))?;
    let place = (start + 1..terms.len()).find(|place| !is(*place, BETWEEN))?;
    let is_behind = place + 1 == terms.len() || is(place + 1, BEHIND);
    (is(place, JUDGING) && is_behind).then(|| &terms[place])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::FactBase;
    use crate::matching::Matcher;
    use crate::text::normalise::normalise;

    #[test]
    fn a_word_of_judgement_is_found_where_it_judges() {
        let matcher = Matcher::new(&FactBase::new(Vec::new()));
        for (question, expected) in [
            ("Is it good that the wall is raised?", Some("good")),
            ("isn't it sad that the ferry stops", Some("sad")),
            ("Was that a smart thing to do?", Some("smart")),
            ("is this fair", Some("fair")),
            ("Is it true that the wall is raised?", None),
            ("Is it just a wall?", None),
            ("Is the wall good?", None),
            ("How good is it?", None),
        ] {
            let analysis = matcher.analyse(&normalise(question));
            let found = judging(&analysis.terms).map(|term| term.word.as_str());
            assert_eq!(found, expected, "{question}");
        }
    }
}
