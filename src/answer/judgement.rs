//! "Is it good that …?", "is it the largest of all?", "what if …?": whether a question asks for a judgement, a ranking, or
//! what would be, none of which a briefing gives.
//!
//! Whatever is said to such a question reads as a yes. Promise: a word of judgement or ranking that the fact itself has
//! ("concerning", "strongest") asks for the fact. Deliberately absent: "true", "right" and their like, which ask whether
//! something is so.

use crate::matching::analysis::{Analysis, Term};
use crate::matching::class::Class;
use crate::text::tokens::Boundary;

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

/// Words that rank.
const RANKING: &[&str] = &[
    "best",
    "biggest",
    "deadliest",
    "fastest",
    "greatest",
    "heaviest",
    "highest",
    "largest",
    "longest",
    "lowest",
    "strongest",
    "weakest",
    "worst",
];
/// "The most …" of these asks for the news.
const NEWEST: &[&str] = &[
    "important",
    "interesting",
    "likely",
    "new",
    "notable",
    "recent",
    "relevant",
];
/// What asks for what would be.
const WHAT_IF: &[&[&str]] = &[&["what", "if"], &["happen", "if"], &["happens", "if"]];
/// The same as the first word.
const SUPPOSING: &[&str] = &["imagine", "suppose", "supposing"];

/// Whether the question asks to judge or to rank what the fact says, with a word that the fact does not have, or what would
/// be if it were otherwise. Words that rank keep one of the fit sets' 5,370 from a wrong answer and none from a right one, and
/// with "what if" 3 of 945 questions made to mislead, and 2 from a good answer.
#[must_use]
pub fn asks_for_a_judgement(question: &Analysis, fact: &Class) -> bool {
    let terms = &question.terms;
    let asks_to = |term: Option<&Term>| term.is_some_and(|term| !fact.has_word(term));
    asks_to(judging(terms)) || asks_to(ranking(terms)) || asks_what_if(terms)
}

/// The word that ranks: "the largest", "the most bombed".
fn ranking(terms: &[Term]) -> Option<&Term> {
    let ranks = |&(place, term): &(usize, &Term)| {
        let next = terms.get(place + 1);
        let is_most = term.word == "most" && next.is_some_and(|next| !next.is_function);
        let asks_for_news = next.is_some_and(|next| NEWEST.contains(&next.word.as_str()));
        let is_only = term.word == "only" && place > 0 && terms[place - 1].word == "the";
        let is_ranked =
            |before: &Term| before.word.ends_with("est") || matches!(before.word.as_str(), "first" | "most");
        let is_ever = term.word == "ever" && next.is_none() && terms[..place].iter().any(is_ranked);
        RANKING.contains(&term.word.as_str()) || is_most && !asks_for_news || is_only || is_ever
    };
    terms.iter().enumerate().find(ranks).map(|(_, term)| term)
}

fn asks_what_if(terms: &[Term]) -> bool {
    let begins = |place: usize, words: &[&str]| {
        let said = terms[place..].iter().map(|term| term.word.as_str());
        let next = terms.get(place + words.len()).map_or("", |next| next.word.as_str());
        // "What, if anything, …".
        let is_aside = terms[place..]
            .iter()
            .skip(1)
            .take(1)
            .any(|term| term.boundary != Boundary::None);
        said.take(words.len()).eq(words.iter().copied()) && !is_aside && !next.starts_with("any")
    };
    let is_supposed = terms
        .first()
        .is_some_and(|first| SUPPOSING.contains(&first.word.as_str()));
    is_supposed || (0..terms.len()).any(|place| WHAT_IF.iter().any(|words| begins(place, words)))
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
    fn a_word_that_ranks_is_found_and_what_would_be() {
        let matcher = Matcher::new(&FactBase::new(Vec::new()));
        for (question, ranks, is_supposed) in [
            ("Is it the largest wall of all?", Some("largest"), false),
            ("Is it the most bombed town?", Some("most"), false),
            ("What is the most recent wall?", None, false),
            ("Do most of them agree?", None, false),
            ("Is it the only wall?", Some("only"), false),
            ("Is it only a wall?", None, false),
            ("Is it the oldest wall ever?", Some("ever"), false),
            ("Was it ever raised?", None, false),
            ("Did they meet ever?", None, false),
            ("What if anything did they say?", None, false),
            ("What, if anyone, is to blame?", None, false),
            ("What would happen if the wall broke?", None, true),
            ("what if they stop", None, true),
            ("Suppose the wall breaks, who pays?", None, true),
            ("What is asked, if anything?", None, false),
            ("I suppose the wall is raised?", None, false),
        ] {
            let analysis = matcher.analyse(&normalise(question));
            let found = ranking(&analysis.terms).map(|term| term.word.as_str());
            assert_eq!(found, ranks, "{question}");
            assert_eq!(asks_what_if(&analysis.terms), is_supposed, "{question}");
        }
    }

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
