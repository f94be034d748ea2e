//! Which facts, if any, are said: answer, suggest or none.
//!
//! Reads the questions in a message, matches each alone and in the light of the conversation, and weighs facts against
//! gaps. Promise: a fact is only said with no name in the question that it does not know, and where it is above the fitted
//! threshold, by itself or together with its neighbour of the same topic; "who said that?" says again what was just said.
//! Deliberately absent: sentences, which are `compose`'s and `wording`'s.

mod conditions;
mod reading;

pub use conditions::names_a_stranger;
pub use reading::Reading;

use conditions::{asks_for_another_kind, asks_more, is_contested, is_so_of_whom_it_is_asked, may_be_said, stands_in};
use reading::{SURE_ALONE, read, read_alone, read_parts, surer};

use super::conversation::Conversation;
use super::follow_up::{self, Leaning};
use super::frames;
use super::parts::{self, Parts};
use crate::fact::{FactRef, Kind};
use crate::matching::analysis::{Analysis, Knowledge, Term};
use crate::matching::class::{Class, Origin};
use crate::matching::signals::{NEAREST_MEANING, SOFT_COVERAGE};
use crate::matching::{Context, Match, Matcher};

/// From this share of the best fact's probability on, another fact of its topic may be meant as well. This and the next
/// two were chosen on the fit sets by `eval`: 0.05 to 0.25, 0.4 to 0.5 and 0.5 to 1 are within a point of each other.
const TWIN_SHARE: f32 = 0.1;
/// The least confidence of a fact that is said beside another.
const TWIN_CONFIDENCE: f32 = 0.5;
/// How far the second fact makes up for what the first lacks: the two are not independent, so by half.
const TWIN_RELIEF: f32 = 0.5;

/// Below both of these, what is said of a gap is beside the point of the question. Chosen by reading the 60 declines of the
/// fit sets with the lowest coverage: below both, nine of ten were about something else than the gap that was nearest.
const LEAST_MEANING_OF_GAP: f32 = 0.7;
/// See [`LEAST_MEANING_OF_GAP`].
const LEAST_COVERAGE_OF_GAP: f32 = 0.4;

/// Whether a part of a question stays open beside the facts that are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// None does.
    Nothing,
    /// One does, and no gap says why.
    Part,
    /// One does that a fact may be about, but not surely.
    Unsure,
    /// One does that was joined on with "and".
    Half,
    /// One does that a fact is about, and as many as one message may have are said.
    More,
    /// One does, and this gap (a class number) says why.
    Gap(u32),
}

/// What is to be said.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// These facts; and the gap of a part that stays open, if it has one.
    Answer {
        /// Class numbers.
        facts: Vec<u32>,
        /// Whether a part of the question stays open.
        open: Open,
    },
    /// Offer facts.
    Suggest,
    /// This gap's sentence.
    Gap(u32),
    /// The briefing does not say.
    None,
}

/// Everything that was decided about one message.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What is to be said.
    pub verdict: Verdict,
    /// The confidence of the best fact, whatever is said.
    pub confidence: f32,
    /// The reading that decided; of several questions, the whole's.
    pub reading: Reading,
}

/// Decides about a message that is a question.
#[must_use]
pub fn decide(matcher: &Matcher, message: Analysis, conversation: &Conversation, context: &Context) -> Decision {
    let before: Option<Analysis> = conversation
        .latest_first()
        .next()
        .map(|turn| matcher.analyse(&turn.question));
    let message = frames::without_frames(&message, matcher.vocabulary()).unwrap_or(message);
    // What was not meant is no matter of the question.
    let meant = before
        .as_ref()
        .and_then(|_| follow_up::without_taken_back(&message.terms));
    let message = match meant {
        Some(meant) => Analysis::of_terms(meant.to_vec(), message.repairs.clone(), matcher.vocabulary()),
        None => message,
    };
    let asks_only_who_says = follow_up::asks_only_who_says(&message);
    let only_doubts = context.is_said && follow_up::only_doubts(&message);
    let mut parts = parts::split(&message);
    leave_out_who_says(matcher, &message, &mut parts);
    let (mut whole, several) = if parts.asking.len() == 1 && !parts.has_ground {
        (read_alone(matcher, message, before.as_ref(), context), None)
    } else {
        let readings = read_parts(matcher, &message.terms, &parts.asking, before.as_ref(), context);
        let whole = read(matcher, message, context);
        if readings.len() > 1 {
            (whole, Some(readings))
        } else {
            // A sentence that asks nothing may be what the question is about, or mere noise around it.
            (surer(whole, readings.into_iter().next()), None)
        }
    };
    let leaning = follow_up::leaning(&whole.analysis.terms);
    whole.is_follow_up |= before.is_some() && leaning > Leaning::None;
    whole.is_adrift = before.is_none() && leaning == Leaning::Full;
    let decision = several
        .and_then(|readings| decide_several(matcher, &readings, &whole, context))
        .unwrap_or_else(|| decide_one(matcher, whole, context));
    match before {
        Some(before) if only_doubts => said_again(matcher, &decision, before, context),
        Some(before) if asks_only_who_says => who_says(matcher, decision, before, context),
        _ => decision,
    }
}

/// "Who said that?": what was said before, which stands with who says it, unless a fact of the same matter answers. Where
/// nothing was said before, nothing is said now either.
fn who_says(matcher: &Matcher, decision: Decision, before: Analysis, context: &Context) -> Decision {
    let is_answered = matches!(decision.verdict, Verdict::Answer { .. });
    if !context.is_said {
        let verdict = if is_answered {
            Verdict::Suggest
        } else {
            decision.verdict
        };
        return Decision { verdict, ..decision };
    }
    let is_of_the_matter = |class: &u32| context.topics.contains(&matcher.class(*class).topic);
    if let Verdict::Answer { facts, .. } = &decision.verdict
        && facts.iter().all(is_of_the_matter)
    {
        return decision;
    }
    said_again(matcher, &decision, before, context)
}

/// What was said before, which stands with its citation: the question before is asked once more, so that what follows leans
/// on that.
fn said_again(matcher: &Matcher, decision: &Decision, before: Analysis, context: &Context) -> Decision {
    let reading = read(matcher, before, context);
    let said = reading
        .matches
        .iter()
        .filter(|found| context.classes.contains(&found.class));
    Decision {
        confidence: said.map(|found| found.confidence).fold(decision.confidence, f32::max),
        verdict: Verdict::Answer {
            facts: context.classes.clone(),
            open: Open::Nothing,
        },
        reading,
    }
}

/// "…, and who said so?" behind a question: its answer names whoever says it.
fn leave_out_who_says(matcher: &Matcher, message: &Analysis, parts: &mut Parts) {
    let n_parts = parts.asking.len();
    let mut place = 0;
    parts.asking.retain(|part| {
        place += 1;
        let terms = message.terms[part.clone()].to_vec();
        place == 1 || !follow_up::asks_only_who_says(&Analysis::of_terms(terms, Vec::new(), matcher.vocabulary()))
    });
    parts.has_ground |= parts.asking.len() < n_parts;
}

fn decide_one(matcher: &Matcher, reading: Reading, context: &Context) -> Decision {
    let thresholds = matcher.weights().thresholds;
    let Some(best) = reading.matches.first() else {
        return Decision {
            verdict: Verdict::None,
            confidence: 0.0,
            reading,
        };
    };
    let class = matcher.class(best.class);
    let confidence = best.confidence;
    let best_fact = reading
        .matches
        .iter()
        .find(|found| !matcher.class(found.class).is_gap());
    let confidence_of_fact = best_fact.map_or(0.0, |found| found.confidence);
    let is_said_of_more = context.classes.contains(&best.class) && asks_more(&reading, class);
    let verdict = if class.is_gap() {
        let likest = matcher.likest_gap(&reading.matches).unwrap_or(best);
        if confidence >= thresholds.gap {
            if is_far_from_gap(likest) || has_no_matter(&reading) {
                Verdict::None
            } else {
                Verdict::Gap(likest.class)
            }
        } else if has_near_fact(matcher, &reading, thresholds.suggest) && !is_all_unknown(&reading.analysis) {
            Verdict::Suggest
        } else {
            Verdict::None
        }
    } else if said_together(matcher, &reading, best) >= reading.threshold(&thresholds)
        && is_contested(matcher, &reading, best, context)
    {
        Verdict::Suggest
    } else if said_together(matcher, &reading, best) >= reading.threshold(&thresholds)
        && may_be_said(&reading, class)
        && !stands_in(&reading, best)
        && is_so_of_whom_it_is_asked(&reading, class, context)
        // "What is this about?" leans on nothing where a curator wrote it so.
        && (!reading.is_adrift || best.is_in_own_words)
        && !is_said_of_more
    {
        let facts = with_twin(matcher, &reading, best);
        Verdict::Answer {
            open: open_half(matcher, &reading, &facts),
            facts,
        }
    } else if is_said_of_more || context.classes.contains(&best.class) && asks_for_another_kind(&reading, class) {
        // "Why?" of what was just said: to offer the same again says nothing.
        open_of_what_was_said(matcher, &reading)
    } else if has_near_fact(matcher, &reading, thresholds.suggest)
        && !names_a_stranger(&reading.analysis, class)
        && !is_all_unknown(&reading.analysis)
    {
        Verdict::Suggest
    } else {
        Verdict::None
    };
    Decision {
        verdict,
        confidence: confidence_of_fact,
        reading,
    }
}

/// What is said where the fact that was just said does not answer what is asked of it now: the likest gap's sentence, if
/// it is near enough.
fn open_of_what_was_said(matcher: &Matcher, reading: &Reading) -> Verdict {
    let is_near = |gap: &&Match| gap.confidence >= matcher.weights().thresholds.suggest && !is_far_from_gap(gap);
    matcher
        .likest_gap(&reading.matches)
        .filter(is_near)
        .map_or(Verdict::None, |gap| Verdict::Gap(gap.class))
}

/// The best fact, and beside it the second best where the two can hardly be told apart: which of two neighbours was
/// meant ("on what day" the strikes came, or were made public) is for the reader to say.
fn with_twin(matcher: &Matcher, reading: &Reading, best: &Match) -> Vec<u32> {
    let twin = twin(matcher, reading, best);
    std::iter::once(best).chain(twin).map(|found| found.class).collect()
}

/// "Did they send missiles and soldiers?": whether the facts that are said have nothing of what a yes-no question joins on.
/// That they tell of the first half alone reads as a yes to both.
fn open_half(matcher: &Matcher, reading: &Reading, facts: &[u32]) -> Open {
    let terms = &reading.analysis.terms[..reading.n_own.min(reading.analysis.terms.len())];
    let is_joint = |term: &Term| matches!(term.word.as_str(), "and" | "plus");
    let joint = terms.iter().rposition(is_joint).filter(|joint| *joint > 0);
    let Some(joint) = joint.filter(|_| reading.analysis.asked.kinds.has(Kind::Whether)) else {
        return Open::Nothing;
    };
    let is_told = |term: &Term| facts.iter().any(|fact| matcher.class(*fact).has_word(term));
    let is_of_place = |term: &&Term| matches!(term.word.as_str(), "around" | "near" | "nearby");
    let joined_on = terms[joint + 1..]
        .iter()
        .find(|term| !term.is_function && !is_of_place(term));
    if joined_on.is_some_and(|term| !is_told(term)) {
        Open::Half
    } else {
        Open::Nothing
    }
}

/// Another fact of the same topic that is nearly as likely meant.
fn twin<'a>(matcher: &Matcher, reading: &'a Reading, best: &Match) -> Option<&'a Match> {
    let asked = reading.analysis.asked.kinds;
    let is_twin = |found: &&Match| {
        let class = matcher.class(found.class);
        !class.is_gap()
            && class.topic == matcher.class(best.class).topic
            && found.confidence >= TWIN_CONFIDENCE
            && found.ranked.score >= TWIN_SHARE * best.ranked.score
            && found.context >= best.context
            && !names_a_stranger(&reading.analysis, class)
            && (asked.is_empty() || class.declared.is_empty() || asked.meets(class.declared))
    };
    reading.matches.iter().skip(1).find(is_twin)
}

/// How likely one of the facts that would be said is right.
fn said_together(matcher: &Matcher, reading: &Reading, best: &Match) -> f32 {
    match twin(matcher, reading, best) {
        Some(twin) => best.confidence + TWIN_RELIEF * (1.0 - best.confidence) * twin.confidence,
        None => best.confidence,
    }
}

/// Whether the question is about something else than even the likest gap, whose sentence would be beside the point: that
/// the briefing does not say is right all the same.
fn is_far_from_gap(likest: &Match) -> bool {
    let [meaning, coverage] = [NEAREST_MEANING, SOFT_COVERAGE].map(|place| likest.signals[place]);
    meaning < LEAST_MEANING_OF_GAP && coverage < LEAST_COVERAGE_OF_GAP
}

/// Whether the first words said are nothing but grammar: "why?".
fn has_no_matter(reading: &Reading) -> bool {
    reading.is_adrift && reading.analysis.content().next().is_none()
}

fn has_near_fact(matcher: &Matcher, reading: &Reading, threshold: f32) -> bool {
    reading
        .matches
        .iter()
        .any(|found| found.confidence >= threshold && !matcher.class(found.class).is_gap())
}

/// Whether every word that carries matter is one that nobody knows: to offer a fact then is to guess.
fn is_all_unknown(question: &Analysis) -> bool {
    let mut content = question.content().peekable();
    content.peek().is_some() && content.all(|term| term.knowledge == Knowledge::Unknown)
}

/// Several questions in one message: each sure fact once, at most three; `None` where no part has a sure fact.
fn decide_several(matcher: &Matcher, readings: &[Reading], whole: &Reading, context: &Context) -> Option<Decision> {
    let thresholds = matcher.weights().thresholds;
    let mut facts: Vec<u32> = Vec::new();
    let mut open = Open::Nothing;
    let mut confidence = 0.0_f32;
    for reading in readings {
        let Some(best) = reading.matches.first() else { continue };
        let is_gap = matcher.class(best.class).is_gap();
        // What a part is about must also be near to the message as a whole, or beyond doubt: a clause alone is little to
        // go by.
        let is_near_whole = whole.matches.iter().any(|found| found.class == best.class);
        if !is_gap
            && (is_near_whole || best.confidence >= SURE_ALONE && !reading.is_joined)
            && best.confidence >= reading.threshold(&thresholds)
            && may_be_said(reading, matcher.class(best.class))
            && !stands_in(reading, best)
            && !is_contested(matcher, reading, best, context)
        {
            if facts.contains(&best.class) {
                // Said once.
            } else if facts.len() < super::MAX_FACTS {
                facts.push(best.class);
            } else if open == Open::Nothing {
                open = Open::More;
            }
            confidence = confidence.max(best.confidence);
        } else if is_gap && best.confidence >= thresholds.gap {
            open = Open::Gap(matcher.likest_gap(&reading.matches).unwrap_or(best).class);
        } else if open == Open::Nothing {
            // That the briefing does not say it would be false where a fact does.
            open = if is_gap { Open::Part } else { Open::Unsure };
        }
    }
    (!facts.is_empty()).then(|| Decision {
        verdict: Verdict::Answer { facts, open },
        confidence,
        reading: whole.clone(),
    })
}

/// The reference of a fact's class; `None` for a gap.
#[must_use]
pub fn fact_ref(base: &crate::fact::FactBase, class: &Class) -> Option<FactRef> {
    match class.origin {
        Origin::Fact(briefing, fact) => {
            let briefing = base.briefings.get(briefing)?;
            Some(FactRef {
                briefing: briefing.id.clone(),
                fact: briefing.facts.get(fact)?.id.clone(),
            })
        }
        Origin::Gap(..) => None,
    }
}

#[cfg(test)]
mod tests;
