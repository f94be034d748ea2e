//! What must hold for a fact to be said, however surely it is meant.
//!
//! Each condition reads the question and one fact. Promise: none of them looks at how sure this fact is; the thresholds are
//! the parent's. Deliberately absent: what holds a fact back by its signals and by whom it is about (`matching`).

use super::reading::Reading;
use crate::answer::follow_up;
use crate::answer::judgement::asks_for_a_judgement;
use crate::matching::analysis::{Analysis, Knowledge};
use crate::matching::class::Class;
use crate::matching::signals::{HeldBack, STRICT_KINDS};
use crate::matching::{Context, Match, Matcher};

/// Whether the fact, however likely it is meant, answers these words: they name nobody whom it does not know, and ask for
/// what it gives, and for no judgement.
pub(super) fn may_be_said(reading: &Reading, class: &Class) -> bool {
    !names_a_stranger(&reading.analysis, class)
        && !asks_for_another_kind(reading, class)
        && !asks_for_a_judgement(&reading.analysis, class)
}

/// Whether a fact that is likelier meant than this one is held back, since the question is about others than it is: what
/// comes next is about something else. It keeps one of the fit sets' 5,370 from a wrong answer and none from a right one.
pub(super) fn stands_in(reading: &Reading, best: &Match) -> bool {
    let is_meant = |found: &&Match| found.held_back.is_some_and(HeldBack::is_of_others);
    let meant = reading.matches.iter().filter(is_meant);
    !best.is_in_own_words
        && meant
            .map(|found| found.ranked.score)
            .any(|score| score > best.ranked.score)
}

/// "Japan too?": whether the fact is of the matter that was spoken of, and about whomever the same is asked of. That he is
/// somewhere else in the briefing reads as a yes. It costs one right answer of the fit sets' 5,370, and keeps 13 of 335
/// follow-ups that were made to mislead from such a yes.
pub(super) fn is_so_of_whom_it_is_asked(reading: &Reading, class: &Class, context: &Context) -> bool {
    let is_about = |owner: &u32| class.subjects.contains(owner);
    let is_of_the_matter = || context.topics.contains(&class.topic) && reading.asked_of.iter().any(is_about);
    reading.asked_of.is_empty() || !context.is_said || is_of_the_matter()
}

/// Whether a question that borrows its matter asks for a kind of answer that the fact does not give. What was borrowed
/// is like the fact whatever is asked ("why?" of a fact that says when), so the question word alone must decide.
pub(super) fn asks_for_another_kind(reading: &Reading, class: &Class) -> bool {
    let asked = reading.analysis.asked.kinds;
    reading.is_joined
        // "Who said that?": whoever is cited.
        && !follow_up::asks_who_says(&reading.analysis)
        && asked.iter().any(|kind| STRICT_KINDS.contains(&kind))
        && !class.declared.is_empty()
        && !asked.meets(class.declared)
}

/// Whether a question that borrows its matter says something of its own that the fact says nothing of: "will it work?" of
/// a demand that was just said.
pub(super) fn asks_more(reading: &Reading, class: &Class) -> bool {
    let asked = reading.analysis.asked.noun;
    let own = reading.analysis.terms.iter().enumerate().take(reading.n_own);
    let mut own = own
        .filter(|(place, term)| asked != Some(*place) && follow_up::has_matter(term))
        .map(|(_, term)| term)
        .peekable();
    reading.is_joined && own.peek().is_some() && !own.any(|term| class.has_word(term))
}

/// Whether another briefing would answer too, and what was said before does not tell which one is meant: then both are
/// offered, since each harbour has a harbour master.
pub(super) fn is_contested(matcher: &Matcher, reading: &Reading, best: &Match, context: &Context) -> bool {
    let briefing = matcher.class(best.class).briefing();
    let is_spoken_of = context
        .classes
        .iter()
        .any(|class| matcher.class(*class).briefing() == briefing);
    let would_answer = |found: &&Match| {
        let class = matcher.class(found.class);
        !class.is_gap() && class.briefing() != briefing && found.confidence >= matcher.weights().thresholds.answer
    };
    !is_spoken_of && reading.matches.iter().any(|found| would_answer(&found))
}

/// Whether the question names somebody or something well known that neither the glossary nor this fact has. What is said
/// of one state is never said of another.
#[must_use]
pub fn names_a_stranger(question: &Analysis, fact: &Class) -> bool {
    question
        .terms
        .iter()
        .any(|term| term.knowledge == Knowledge::ForeignName && !fact.has_word(term))
}
