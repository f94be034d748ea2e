//! What holds a fact back, whatever the weights say: such a fact may be offered, but is not said.
//!
//! Each guard reads a signal or two and the question. The weights cannot learn them, since the labelled questions have
//! too few of the kind; how many right and wrong answers each holds back is said beside it. Those that look at who does what
//! (`sayers`, `subject`, `roles`, `negation`) are asked in `held_back` of the matcher; `docs/EVAL.md` says what all rules
//! together do to questions that are made to mislead.

use super::Signals;
use super::table::{
    COUNTED_OTHER, COVERAGE, DATE_MISSING, ENTITIES_MISSING, JOINED, NEAREST_MEANING, NUMBER_MISSING, SOFT_COVERAGE,
};
use crate::fact::Kind;
use crate::matching::analysis::Analysis;

/// Under this nearness of meaning, or under the soft coverage below, lie 1 in 200 of the right answers to the fit sets:
/// the weights have seen too little there, and in a small fact base any question is nearest to something.
const LEAST_MEANING: f32 = 0.29;
/// See [`LEAST_MEANING`].
const LEAST_COVERAGE: f32 = 0.2;

/// Where the class's own words account for less of the question than this, its meaning must be nearer than the bound
/// below: 2 in 1,000 right answers to the fit sets lie beyond both, and all sorts of questions about something else.
const LEAST_OWN_WORDS: f32 = 0.25;
/// See [`LEAST_OWN_WORDS`].
const LEAST_MEANING_OF_OTHER_WORDS: f32 = 0.5;
/// From this share of the question's entities on that the fact does not have, it is about others: 3 in 1,000 right
/// answers to the fit sets lie there, and 26 in 1,000 wrong ones.
const MOST_OTHER_ENTITIES: f32 = 0.4;

/// Why a fact may be offered at most, however sure it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldBack {
    /// The question is hardly about it.
    Far,
    /// The question counts something else, or names others.
    Others,
    /// The question takes for known that it was at another time.
    OtherTime,
    /// The question reckons with numbers of nobody.
    Arithmetic,
    /// The question puts it into the mouth of somebody else.
    OtherSayer,
    /// The question asks it of somebody else.
    OtherSubject,
    /// The question has who did it to whom the other way round, or names another.
    OtherRoles,
    /// The question asks for all but what the fact tells.
    Rest,
}

impl HeldBack {
    /// Whether what the question asks is this fact's matter, of somebody or something else: then no other fact is, either.
    #[must_use]
    pub fn is_of_others(self) -> bool {
        matches!(self, Self::OtherRoles | Self::Rest)
    }
}

/// Why the fact may be offered at most, as far as its signals say so.
#[must_use]
pub fn held_back(question: &Analysis, signals: &Signals) -> Option<HeldBack> {
    if is_far(signals) {
        Some(HeldBack::Far)
    } else if is_about_others(signals) {
        Some(HeldBack::Others)
    } else if is_of_another_time(question, signals) {
        Some(HeldBack::OtherTime)
    } else if is_arithmetic(question, signals) {
        Some(HeldBack::Arithmetic)
    } else {
        None
    }
}

/// Whether the question is hardly about the fact, whatever else speaks for it.
fn is_far(signals: &Signals) -> bool {
    let [meaning, hard, soft] = [NEAREST_MEANING, COVERAGE, SOFT_COVERAGE].map(|place| signals[place]);
    let says_it_otherwise = hard < LEAST_OWN_WORDS && meaning < LEAST_MEANING_OF_OTHER_WORDS;
    meaning < LEAST_MEANING || soft < LEAST_COVERAGE || says_it_otherwise
}

/// Whether the question counts something else than the fact does, or names others: such a fact may be offered, but is
/// not said. On the fit sets 5 right answers and 6 wrong ones of 1,400 are held back by it.
fn is_about_others(signals: &Signals) -> bool {
    let [entities_missing, counted_other] = [ENTITIES_MISSING, COUNTED_OTHER].map(|place| signals[place]);
    counted_other > 0.0 || entities_missing > MOST_OTHER_ENTITIES
}

/// Whether the question names a time of something ("how many in January") that the fact does not have. Where it is asked
/// when or whether it was then, the fact's own time is the answer. On the fit sets 2 wrong answers and no right one of
/// 3,668 are held back by it.
fn is_of_another_time(question: &Analysis, signals: &Signals) -> bool {
    let [date_missing, joined] = [DATE_MISSING, JOINED].map(|place| signals[place]);
    let asked = question.asked.kinds;
    let takes_time_for_known = !asked.is_empty() && !asked.has(Kind::When) && !asked.has(Kind::Whether);
    date_missing > 0.0 && joined == 0.0 && takes_time_for_known
}

/// Whether the question names nobody whom the facts know, and numbers that the fact does not have: "what is 5 times 7".
fn is_arithmetic(question: &Analysis, signals: &Signals) -> bool {
    let [numbers_missing, joined] = [NUMBER_MISSING, JOINED].map(|place| signals[place]);
    numbers_missing > 1.0 && joined == 0.0 && question.mentions.is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::{N_SIGNALS, place};
    use super::*;

    /// The signals of a fact that is what the question asks for, but for these.
    fn signals_but(changed: &[(&str, f32)]) -> Signals {
        let mut signals = [0.0; N_SIGNALS];
        let usual = [("nearest-meaning", 0.9), ("coverage", 1.0), ("soft-coverage", 1.0)];
        for (name, value) in usual.iter().chain(changed) {
            signals[place(name)] = *value;
        }
        signals
    }

    #[test]
    fn what_the_question_is_hardly_about_is_far() {
        assert!(!is_far(&signals_but(&[])));
        assert!(is_far(&signals_but(&[("nearest-meaning", 0.2)])));
        assert!(is_far(&signals_but(&[("soft-coverage", 0.1)])));
        assert!(!is_far(&signals_but(&[("coverage", 0.1)])));
        assert!(is_far(&signals_but(&[("coverage", 0.1), ("nearest-meaning", 0.4)])));
    }

    #[test]
    fn what_counts_or_names_others_is_about_others() {
        assert!(!is_about_others(&signals_but(&[])));
        assert!(is_about_others(&signals_but(&[("counted-other", 1.0)])));
        assert!(is_about_others(&signals_but(&[("entities-missing", 0.5)])));
        assert!(!is_about_others(&signals_but(&[("entities-missing", 0.34)])));
    }

    fn analysis(question: &str) -> Analysis {
        crate::matching::Matcher::new(&crate::fact::FactBase::new(Vec::new())).analyse(question)
    }

    #[test]
    fn a_time_that_is_taken_for_known_must_be_the_facts() {
        let other_time = signals_but(&[("date-missing", 1.0)]);
        assert!(is_of_another_time(&analysis("who came on dec 31"), &other_time));
        assert!(!is_of_another_time(&analysis("who came on dec 31"), &signals_but(&[])));
        // The fact's own time is what these ask for.
        assert!(!is_of_another_time(&analysis("when was it, on dec 31"), &other_time));
        assert!(!is_of_another_time(&analysis("was it on dec 31"), &other_time));
        let leaning = signals_but(&[("date-missing", 1.0), ("joined", 1.0)]);
        assert!(!is_of_another_time(&analysis("who came on dec 31"), &leaning));
    }

    #[test]
    fn numbers_of_nobody_are_arithmetic() {
        let question = analysis("what is 5 times 7");
        assert!(is_arithmetic(&question, &signals_but(&[("number-missing", 2.0)])));
        assert!(!is_arithmetic(&question, &signals_but(&[("number-missing", 1.0)])));
        let leaning = signals_but(&[("number-missing", 2.0), ("joined", 1.0)]);
        assert!(!is_arithmetic(&question, &leaning));
    }
}
