//! Which facts, if any, are said: answer, suggest or none.
//!
//! Reads the questions in a message, matches each alone and in the light of the conversation, and weighs facts against
//! gaps. Promise: a fact is only said with a confidence above the fitted threshold and with no name in the question
//! that it does not know. Deliberately absent: sentences, which are `compose`'s and `wording`'s.

use std::ops::Range;

use super::conversation::Conversation;
use super::follow_up::{self, Leaning};
use super::parts::{self, Parts};
use super::replacement;
use crate::fact::FactRef;
use crate::matching::analysis::{Analysis, Knowledge, Term};
use crate::matching::class::{Class, Origin};
use crate::matching::confidence::Thresholds;
use crate::matching::signals::{NEAREST_MEANING, SOFT_COVERAGE, STRICT_KINDS};
use crate::matching::{Context, Match, Matcher};

/// From this share of the best fact's probability on, another fact of its topic may be meant as well. This and the next
/// two were chosen on the fit sets by `eval`: 0.05 to 0.25, 0.4 to 0.5 and 0.5 to 1 are within a point of each other.
const TWIN_SHARE: f32 = 0.1;
/// The least confidence of a fact that is said beside another.
const TWIN_CONFIDENCE: f32 = 0.5;
/// How far the second fact makes up for what the first lacks: the two are not independent, so by half.
const TWIN_RELIEF: f32 = 0.5;

/// The confidence from which a part of a message is taken at its word, though the message as a whole is about something
/// else: people join questions that have nothing to do with each other. Chosen on the fit sets among 0.85, 0.9 and 0.95.
const SURE_ALONE: f32 = 0.9;

/// Below both of these, what is said of a gap is beside the point of the question. Chosen by reading the 60 declines of the
/// fit sets with the lowest coverage: below both, nine of ten were about something else than the gap that was nearest.
const LEAST_MEANING_OF_GAP: f32 = 0.7;
/// See [`LEAST_MEANING_OF_GAP`].
const LEAST_COVERAGE_OF_GAP: f32 = 0.4;

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
    /// Whether it leans on something and nothing was said before: "who said that?" as the first words.
    pub is_adrift: bool,
}

impl Reading {
    /// From which confidence a fact is said.
    #[must_use]
    fn threshold(&self, thresholds: &Thresholds) -> f32 {
        if self.is_follow_up {
            thresholds.follow_up
        } else {
            thresholds.answer
        }
    }
}

/// Whether a part of a question stays open beside the facts that are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// None does.
    Nothing,
    /// One does, and no gap says why.
    Part,
    /// One does that a fact may be about, but not surely.
    Unsure,
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
    // What was not meant is no matter of the question.
    let meant = before
        .as_ref()
        .and_then(|_| follow_up::without_taken_back(&message.terms));
    let message = match meant {
        Some(meant) => Analysis::of_terms(meant.to_vec(), message.repairs.clone(), matcher.vocabulary()),
        None => message,
    };
    let asks_only_who_says = before.is_some() && follow_up::asks_only_who_says(&message);
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
        .and_then(|readings| decide_several(matcher, &readings, &whole))
        .unwrap_or_else(|| decide_one(matcher, whole, context));
    if asks_only_who_says {
        who_says(matcher, decision, context)
    } else {
        decision
    }
}

/// "Who said that?": what was said before, which stands with who says it, unless a fact of the same matter answers. Where
/// nothing was said before, nothing is said now either.
fn who_says(matcher: &Matcher, decision: Decision, context: &Context) -> Decision {
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
    Decision {
        verdict: Verdict::Answer {
            facts: context.classes.clone(),
            open: Open::Nothing,
        },
        confidence: decision.confidence.max(SURE_ALONE),
        ..decision
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

fn read(matcher: &Matcher, analysis: Analysis, context: &Context) -> Reading {
    let matches = matcher.find(&analysis, context);
    Reading {
        analysis,
        matches,
        is_follow_up: false,
        is_joined: context.is_joined,
        is_adrift: false,
    }
}

/// A message that is one question: by itself, or, where it leans, joined with the turn before it.
fn read_alone(matcher: &Matcher, message: Analysis, before: Option<&Analysis>, context: &Context) -> Reading {
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
    let mut reading = if leaning == Leaning::Full || is_owned_before {
        joined
    } else {
        let substituted = replacement::substituted(&message, before, matcher.vocabulary());
        let substituted = substituted.map(|terms| {
            let analysis = Analysis::of_terms(terms, Vec::new(), matcher.vocabulary());
            read(matcher, analysis, context)
        });
        surer(surer(read(matcher, message, context), Some(joined)), substituted)
    };
    reading.is_follow_up = true;
    reading
}

/// Terms put together with what they lean on.
fn read_joined(matcher: &Matcher, terms: &[Term], ground: &Analysis, context: &Context) -> Reading {
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
        analysis,
        is_follow_up: false,
        is_joined,
        is_adrift: false,
    }
}

/// Each part alone, or, where it leans, joined with the part or the turn before it.
fn read_parts(
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
fn surer(first: Reading, second: Option<Reading>) -> Reading {
    let best = |reading: &Reading| reading.matches.first().map_or(0.0, |found| found.confidence);
    match second {
        Some(second) if best(&second) > best(&first) => second,
        _ => first,
    }
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
    let verdict = if class.is_gap() {
        let likest = likest_gap(matcher, &reading).unwrap_or(best);
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
    } else if confidence >= reading.threshold(&thresholds) && is_contested(matcher, &reading, best, context) {
        Verdict::Suggest
    } else if said_together(matcher, &reading, best) >= reading.threshold(&thresholds)
        && !names_a_stranger(&reading.analysis)
        // "What is this about?" leans on nothing where a curator wrote it so.
        && (!reading.is_adrift || best.is_in_own_words())
        && !asks_for_another_kind(&reading, class)
    {
        Verdict::Answer {
            facts: with_twin(matcher, &reading, best),
            open: Open::Nothing,
        }
    } else if context.classes.contains(&best.class) && asks_for_another_kind(&reading, class) {
        // "Why?" of what was just said: to offer the same again says nothing.
        open_of_what_was_said(matcher, &reading)
    } else if has_near_fact(matcher, &reading, thresholds.suggest)
        && !names_a_stranger(&reading.analysis)
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
    likest_gap(matcher, reading)
        .filter(is_near)
        .map_or(Verdict::None, |gap| Verdict::Gap(gap.class))
}

/// Whether a question that borrows its matter asks for a kind of answer that the fact does not give. What was borrowed
/// is like the fact whatever is asked ("why?" of a fact that says when), so the question word alone must decide.
fn asks_for_another_kind(reading: &Reading, class: &Class) -> bool {
    let asked = reading.analysis.asked.kinds;
    reading.is_joined
        // "Who said that?": whoever is cited.
        && !follow_up::asks_who_says(&reading.analysis)
        && asked.iter().any(|kind| STRICT_KINDS.contains(&kind))
        && !class.declared.is_empty()
        && !asked.meets(class.declared)
}

/// Whether another briefing would answer too, and what was said before does not tell which one is meant: then both are
/// offered, since each harbour has a harbour master.
fn is_contested(matcher: &Matcher, reading: &Reading, best: &Match, context: &Context) -> bool {
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

/// The best fact, and beside it the second best where the two can hardly be told apart: which of two neighbours was
/// meant ("on what day" the strikes came, or were made public) is for the reader to say.
fn with_twin(matcher: &Matcher, reading: &Reading, best: &Match) -> Vec<u32> {
    let twin = twin(matcher, reading, best);
    std::iter::once(best).chain(twin).map(|found| found.class).collect()
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

/// The gap that is most like the question. Labels say whether declining is right, not which gap is: so the fitted
/// confidence tells whether a gap is meant, and the ranker which.
fn likest_gap<'a>(matcher: &Matcher, reading: &'a Reading) -> Option<&'a Match> {
    let gaps = reading
        .matches
        .iter()
        .filter(|found| matcher.class(found.class).is_gap());
    gaps.max_by(|a, b| a.ranked.score.total_cmp(&b.ranked.score).then(b.class.cmp(&a.class)))
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

/// Whether the question names somebody or something well known that the briefing does not have. What is said of one
/// state is never said of another.
#[must_use]
pub fn names_a_stranger(question: &Analysis) -> bool {
    question
        .terms
        .iter()
        .any(|term| term.knowledge == Knowledge::ForeignName)
}

/// Whether every word that carries matter is one that nobody knows: to offer a fact then is to guess.
fn is_all_unknown(question: &Analysis) -> bool {
    let mut content = question.content().peekable();
    content.peek().is_some() && content.all(|term| term.knowledge == Knowledge::Unknown)
}

/// Several questions in one message: each sure fact once, at most three; `None` where no part has a sure fact.
fn decide_several(matcher: &Matcher, readings: &[Reading], whole: &Reading) -> Option<Decision> {
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
            && !names_a_stranger(&reading.analysis)
            && !asks_for_another_kind(reading, matcher.class(best.class))
        {
            if !facts.contains(&best.class) && facts.len() < super::MAX_FACTS {
                facts.push(best.class);
            }
            confidence = confidence.max(best.confidence);
        } else if is_gap && best.confidence >= thresholds.gap {
            open = Open::Gap(likest_gap(matcher, reading).unwrap_or(best).class);
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
mod tests {
    use super::*;
    use crate::answer::respond::respond;
    use crate::answer::{Answer, Outcome, Reason};
    use crate::fact::{FactBase, harbour};
    use crate::text::normalise::normalise;

    const HEIGHT: &str = "By how many metres will the wall be raised?";

    /// The tests' harbour, and so many more of the same facts under other names.
    fn harbours(n: usize) -> (FactBase, Matcher) {
        let one = &harbour::base().briefings[0];
        let named = |number: usize| {
            let mut briefing = one.clone();
            briefing.id = format!("harbour-{number}");
            briefing
        };
        let base = FactBase::new((0..n).map(named).collect());
        let matcher = Matcher::new(&base);
        (base, matcher)
    }

    /// The answers to questions of one conversation.
    fn talk(n_harbours: usize, about: &[&str], questions: &[&str]) -> Vec<Answer> {
        let (base, matcher) = harbours(n_harbours);
        let about: Vec<String> = about.iter().map(|id| (*id).to_owned()).collect();
        let mut conversation = Conversation::default().about(&about);
        let ask = |question: &&str| {
            let (answer, after) = respond(&base, &matcher, question, &conversation);
            conversation = after;
            answer
        };
        questions.iter().map(ask).collect()
    }

    fn facts(answer: &Answer) -> Vec<&str> {
        answer.facts.iter().map(|fact| fact.fact.as_str()).collect()
    }

    #[test]
    fn what_two_briefings_would_answer_is_offered_from_both() {
        let [alone] = &talk(1, &[], &[HEIGHT])[..] else {
            panic!()
        };
        assert_eq!((alone.outcome, facts(alone)), (Outcome::Answer, vec!["wall-height"]));
        let [both] = &talk(2, &[], &[HEIGHT])[..] else { panic!() };
        assert_eq!(both.outcome, Outcome::Suggest);
        let offered: Vec<&str> = both.suggestions.iter().map(|one| one.fact.briefing.as_str()).collect();
        assert!(
            offered.contains(&"harbour-0") && offered.contains(&"harbour-1"),
            "{offered:?}"
        );
    }

    #[test]
    fn the_briefing_that_is_spoken_of_answers() {
        let answers = talk(2, &["harbour-1"], &[HEIGHT]);
        assert_eq!(answers[0].outcome, Outcome::Answer);
        assert_eq!(answers[0].briefing.as_deref(), Some("harbour-1"));
    }

    #[test]
    fn a_gap_is_said_and_nothing_asserted() {
        let answers = talk(1, &[], &["What do the works cost?"]);
        assert_eq!((answers[0].outcome, answers[0].reason), (Outcome::None, Reason::Gap));
        assert_eq!(answers[0].gap.as_deref(), Some("wall-cost"));
        assert!(answers[0].facts.is_empty());
    }

    #[test]
    fn a_stranger_is_asserted_nothing_of() {
        let answers = talk(1, &[], &["By how many metres will the wall of Paris be raised?"]);
        assert_ne!(answers[0].outcome, Outcome::Answer);
        assert_eq!(answers[0].unknown_terms, ["paris"]);
    }

    #[test]
    fn a_follow_up_is_about_what_was_said() {
        let answers = talk(1, &[], &[HEIGHT, "and when does it start?"]);
        assert_eq!(facts(&answers[1]), ["works-start"]);
        // Nothing was said before.
        let answers = talk(1, &[], &["and when?"]);
        assert_ne!(answers[0].outcome, Outcome::Answer);
    }

    #[test]
    fn two_questions_get_two_facts_and_an_open_part_its_gap() {
        let answers = talk(
            1,
            &[],
            &[
                "By how many metres will the wall be raised, and when does the work on the wall start?",
                "When does the work on the wall start, and what do the works cost?",
            ],
        );
        assert_eq!(facts(&answers[0]), ["wall-height", "works-start"]);
        assert_eq!(facts(&answers[1]), ["works-start"]);
        assert_eq!(answers[1].gap.as_deref(), Some("wall-cost"));
    }

    #[test]
    fn who_said_it_is_whoever_is_cited_for_what_was_said() {
        let answers = talk(1, &[], &[HEIGHT, "who said that?"]);
        assert_eq!(facts(&answers[1]), ["wall-height"]);
        assert_ne!(talk(1, &[], &["who said that?"])[0].outcome, Outcome::Answer);
    }

    /// The class of a fact or a gap of the tests' harbour.
    fn class(base: &FactBase, matcher: &Matcher, id: &str) -> u32 {
        let briefing = &base.briefings[0];
        let fact = briefing.facts.iter().position(|fact| fact.id == id);
        let gap = briefing.gaps.iter().position(|gap| gap.id == id);
        let origin = fact.map_or_else(|| Origin::Gap(0, gap.unwrap()), |fact| Origin::Fact(0, fact));
        matcher.class_of(origin).unwrap()
    }

    /// What a question to the harbour may be about, with made-up likelihoods.
    struct Made {
        base: FactBase,
        matcher: Matcher,
    }

    impl Made {
        fn new() -> Self {
            let (base, matcher) = harbours(1);
            Self { base, matcher }
        }

        fn found(&self, id: &str, confidence: f32, score: f32) -> Match {
            let analysis = self.matcher.analyse("the wall");
            let mut found = self.matcher.find(&analysis, &Context::default())[0].clone();
            found.class = class(&self.base, &self.matcher, id);
            (found.confidence, found.context, found.ranked.score) = (confidence, 0.5, score);
            found
        }

        fn reading(&self, question: &str, matches: Vec<Match>) -> Reading {
            Reading {
                analysis: self.matcher.analyse(&normalise(question)),
                matches,
                is_follow_up: false,
                is_joined: false,
                is_adrift: false,
            }
        }
    }

    #[test]
    fn a_twin_is_of_the_same_matter_and_nearly_as_likely() {
        let made = Made::new();
        let best = made.found("wall-height", 0.9, 0.5);
        let is_said = |question: &str, other: Match| {
            let reading = made.reading(question, vec![best.clone(), other.clone()]);
            let said = with_twin(&made.matcher, &reading, &best);
            assert!(said == [best.class] || said == [best.class, other.class]);
            said.len() == 2
        };
        let other = || made.found("works-start", 0.6, 0.2);
        assert!(is_said("the wall", other()));
        assert!(is_said("when is the wall raised", other()));
        assert!(!is_said("who raises the wall", other()));
        assert!(!is_said("the wall", made.found("wall-cost", 0.6, 0.2)));
        assert!(!is_said("the wall", made.found("crane-move", 0.6, 0.2)));
        assert!(!is_said("the wall", made.found("works-start", 0.49, 0.2)));
        assert!(!is_said("the wall", made.found("works-start", 0.6, 0.049)));
        let less_spoken_of = Match {
            context: 0.0,
            ..other()
        };
        assert!(!is_said("the wall", less_spoken_of));
    }

    #[test]
    fn a_second_fact_makes_up_for_half_of_what_the_first_lacks() {
        let made = Made::new();
        let best = made.found("wall-height", 0.6, 0.5);
        let together = |others: Vec<Match>| {
            let matches = std::iter::once(best.clone()).chain(others).collect();
            said_together(&made.matcher, &made.reading("the wall", matches), &best)
        };
        assert!((together(Vec::new()) - 0.6).abs() < 1e-6);
        assert!((together(vec![made.found("works-start", 0.5, 0.4)]) - 0.7).abs() < 1e-6);
    }

    #[test]
    fn the_gap_that_is_said_is_the_likest_not_the_surest() {
        let made = Made::new();
        let gap = |score: f32, confidence: f32| made.found("wall-cost", confidence, score);
        let matches = vec![made.found("wall-height", 0.9, 0.9), gap(0.1, 0.8), gap(0.4, 0.5)];
        let reading = made.reading("the wall", matches);
        let likest = likest_gap(&made.matcher, &reading).unwrap();
        assert!((likest.confidence - 0.5).abs() < 1e-6);
        let none = made.reading("the wall", vec![made.found("wall-height", 0.9, 0.9)]);
        assert!(likest_gap(&made.matcher, &none).is_none());
    }

    #[test]
    fn a_gap_is_far_where_neither_its_meaning_nor_its_words_are_near() {
        let made = Made::new();
        let is_far = |meaning: f32, coverage: f32| {
            let mut gap = made.found("wall-cost", 0.5, 0.5);
            (gap.signals[NEAREST_MEANING], gap.signals[SOFT_COVERAGE]) = (meaning, coverage);
            is_far_from_gap(&gap)
        };
        assert!(is_far(0.69, 0.39));
        assert!(!is_far(0.7, 0.39) && !is_far(0.69, 0.4));
    }

    #[test]
    fn grammar_alone_has_no_matter_where_nothing_was_said_before() {
        let made = Made::new();
        let has_none = |question: &str, is_adrift: bool| {
            let reading = made.reading(question, Vec::new());
            has_no_matter(&Reading { is_adrift, ..reading })
        };
        assert!(has_none("and why", true));
        assert!(!has_none("and why", false));
        assert!(!has_none("why the wall", true));
    }

    #[test]
    fn facts_are_near_and_gaps_are_not() {
        let made = Made::new();
        let has_near = |found: Match| has_near_fact(&made.matcher, &made.reading("the wall", vec![found]), 0.2);
        assert!(has_near(made.found("wall-height", 0.2, 0.5)));
        assert!(!has_near(made.found("wall-height", 0.19, 0.5)));
        assert!(!has_near(made.found("wall-cost", 0.9, 0.5)));
    }
}
