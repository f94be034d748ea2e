//! How a message is read: each question in it by itself, and, where it leans, in the light of what it leans on.
//!
//! Several readings of the same words compete by the confidence of what they find. Promise: what leans on nothing is read as
//! it stands. Deliberately absent: what is said, which is the parent's.

use std::ops::Range;

use crate::answer::follow_up::{self, Leaning};
use crate::answer::replacement;
use crate::matching::analysis::{Analysis, Term};
use crate::matching::confidence::Thresholds;
use crate::matching::{Context, Match, Matcher};
use crate::text::tokens::Shape;

/// The confidence from which a part of a message is taken at its word, though the message as a whole is about something
/// else: people join questions that have nothing to do with each other. Chosen on the fit sets among 0.85, 0.9 and 0.95.
pub(super) const SURE_ALONE: f32 = 0.9;

/// A question with what it may be about, most likely first.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The question as it was matched.
    pub analysis: Analysis,
    /// What it may be about.
    pub matches: Vec<Match>,
    /// Whether it may lean on the turn before: such questions are short, and less sure to be understood.
    pub is_follow_up: bool,
    /// Whether it was put together with what it leans on.
    pub is_joined: bool,
    /// How many of the terms are its own; those that it borrows stand behind them.
    pub n_own: usize,
    /// Whether it leans on something and nothing was said before: "who said that?" as the first words.
    pub is_adrift: bool,
    /// The entities that "Japan too?" asks the same of; empty where it asks anything else.
    pub asked_of: Vec<u32>,
}

impl Reading {
    /// From which confidence a fact is said.
    #[must_use]
    pub(super) fn threshold(&self, thresholds: &Thresholds) -> f32 {
        if self.is_follow_up {
            thresholds.follow_up
        } else {
            thresholds.answer
        }
    }
}

pub(super) fn read(matcher: &Matcher, analysis: Analysis, context: &Context) -> Reading {
    let matches = matcher.find(&analysis, context);
    Reading {
        n_own: analysis.terms.len(),
        analysis,
        matches,
        is_follow_up: false,
        is_joined: context.is_joined,
        is_adrift: false,
        asked_of: Vec::new(),
    }
}

/// A message that is one question: by itself, or, where it leans, joined with the turn before it.
pub(super) fn read_alone(
    matcher: &Matcher,
    message: Analysis,
    before: Option<&Analysis>,
    context: &Context,
) -> Reading {
    let leaning = follow_up::leaning(&message.terms);
    let Some(before) = before.filter(|_| leaning > Leaning::None) else {
        return read(matcher, message, context);
    };
    let joined = read_joined(matcher, &message.terms, before, context);
    let is_sure = |reading: &Reading| {
        let best = reading.matches.first();
        best.is_some_and(|found| found.confidence >= matcher.weights().thresholds.answer)
    };
    // "His post": of whoever was spoken of, if the facts know it, however well the words fit somebody else's.
    let is_owned_before = follow_up::has_pointing_owner(&message.terms) && is_sure(&joined);
    let alone = (leaning < Leaning::Full && !is_owned_before)
        .then(|| read(matcher, message.clone(), context))
        .filter(|alone| !is_of_another(matcher, alone, before));
    let mut reading = if let Some(alone) = alone {
        let asked_of = follow_up::asked_of(&message, matcher.vocabulary()).unwrap_or_default();
        let asked_of_another = |reading: Reading| Reading {
            asked_of: asked_of.to_vec(),
            ..reading
        };
        let substituted = replacement::substituted(&message, before, matcher.vocabulary());
        let is_plain = substituted.as_ref().is_some_and(|substituted| substituted.is_plain);
        let substituted = substituted.map(|substituted| {
            let analysis = Analysis::of_terms(substituted.terms, Vec::new(), matcher.vocabulary());
            read(matcher, analysis, context)
        });
        match substituted {
            // "And Putin?" does not ask who he is.
            Some(substituted) if is_plain => surer(substituted, Some(asked_of_another(joined))),
            substituted => surer(asked_of_another(surer(alone, Some(joined))), substituted),
        }
    } else {
        joined
    };
    reading.is_follow_up = true;
    reading
}

/// "Where did it hit?" of a launch of another day than the fact's that fits these words best.
pub(super) fn is_of_another(matcher: &Matcher, alone: &Reading, before: &Analysis) -> bool {
    let Some(best) = alone.matches.first() else {
        return false;
    };
    let class = matcher.class(best.class);
    let is_the_facts = |term: &Term| match term.shape {
        Shape::Date { month, day } => class.dates.contains(&(month, day)),
        _ => class.has_word(term),
    };
    !follow_up::told_apart(&alone.analysis.terms, &before.terms).all(is_the_facts)
}

/// Terms put together with what they lean on.
pub(super) fn read_joined(matcher: &Matcher, terms: &[Term], ground: &Analysis, context: &Context) -> Reading {
    let own = Analysis::of_terms(terms.to_vec(), Vec::new(), matcher.vocabulary());
    let joined = follow_up::joined(&own, ground, matcher.vocabulary());
    let analysis = Analysis::of_terms(joined, Vec::new(), matcher.vocabulary());
    // Where all of it is replaced, nothing is borrowed.
    let is_joined = analysis.terms.len() > own.terms.len();
    let in_context = Context {
        is_joined,
        ..context.clone()
    };
    Reading {
        matches: matcher.find_leaning(&analysis, Some(&own), &in_context),
        n_own: own.terms.len(),
        analysis,
        is_follow_up: false,
        is_joined,
        is_adrift: false,
        asked_of: Vec::new(),
    }
}

/// Each part alone, or, where it leans, joined with the part or the turn before it.
pub(super) fn read_parts(
    matcher: &Matcher,
    terms: &[Term],
    asking: &[Range<usize>],
    before: Option<&Analysis>,
    context: &Context,
) -> Vec<Reading> {
    let analysis_of = |places: &Range<usize>| {
        let terms = terms[places.clone()].to_vec();
        Analysis::of_terms(terms, Vec::new(), matcher.vocabulary())
    };
    let mut readings: Vec<Reading> = Vec::with_capacity(asking.len());
    for (place, places) in asking.iter().enumerate() {
        let terms = &terms[places.clone()];
        let leaning = follow_up::leaning(terms);
        let ground = match place.checked_sub(1) {
            _ if leaning == Leaning::None => None,
            Some(previous) => readings.get(previous).map(|reading| reading.analysis.clone()),
            // "When and where did they meet": the first part leans on the second.
            None if leaning == Leaning::Full && asking.len() > 1 => Some(analysis_of(&asking[1])),
            None => before.cloned(),
        };
        let joined = ground.map(|ground| read_joined(matcher, terms, &ground, context));
        let alone = || read(matcher, analysis_of(places), context);
        let mut reading = match (joined, leaning, place) {
            (None, _, _) => alone(),
            (Some(joined), Leaning::Full, _) => joined,
            (Some(joined), _, 1..) => clause(matcher, joined, is_long(terms), readings.last(), alone),
            (Some(joined), _, _) => surer(alone(), Some(joined)),
        };
        reading.is_follow_up = place == 0 && before.is_some() && leaning > Leaning::None;
        readings.push(reading);
    }
    readings
}

/// A clause behind another: a short one is about what the clause before it is about, unless that only says again what was
/// asked before, or the facts leave that open, and the clause by itself is surely about something else.
fn clause(
    matcher: &Matcher,
    joined: Reading,
    is_long: bool,
    before: Option<&Reading>,
    alone: impl FnOnce() -> Reading,
) -> Reading {
    let class = |reading: &Reading| reading.matches.first().map(|found| found.class);
    let is_repeated = before.is_some_and(|before| class(before) == class(&joined));
    let is_open = class(&joined).is_some_and(|class| matcher.class(class).is_gap());
    if is_long {
        return surer(joined, Some(alone()));
    }
    if is_repeated || is_open {
        let alone = alone();
        if alone
            .matches
            .first()
            .is_some_and(|found| found.confidence >= SURE_ALONE)
        {
            return alone;
        }
    }
    joined
}

/// Whether a clause has enough words of its own to be about something else than the clause before it.
fn is_long(clause: &[Term]) -> bool {
    clause.iter().filter(|term| !term.is_function).count() >= 3
}

/// The reading whose best match is surer; the first where they are equal.
pub(super) fn surer(first: Reading, second: Option<Reading>) -> Reading {
    let best = |reading: &Reading| reading.matches.first().map_or(0.0, |found| found.confidence);
    match second {
        Some(second) if best(&second) > best(&first) => second,
        _ => first,
    }
}
