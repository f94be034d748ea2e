//! Which facts, if any, are said: answer, suggest or none.
//!
//! Reads the questions in a message, matches each alone and in the light of the conversation, and weighs facts against
//! gaps. Promise: a fact is only said with no name in the question that it does not know, and where it is above the fitted
//! threshold, by itself or together with its neighbour of the same topic; "who said that?" says again what was just said.
//! Deliberately absent: sentences, which are `compose`'s and `wording`'s.

use std::ops::Range;

use super::conversation::Conversation;
use super::follow_up::{self, Leaning};
use super::frames;
use super::judgement::asks_for_a_judgement;
use super::parts::{self, Parts};
use super::replacement;
use crate::fact::{FactRef, Kind};
use crate::matching::analysis::{Analysis, Knowledge, Term};
use crate::matching::class::{Class, Origin};
use crate::matching::confidence::Thresholds;
use crate::matching::signals::{HeldBack, NEAREST_MEANING, SOFT_COVERAGE, STRICT_KINDS};
use crate::matching::{Context, Match, Matcher};
use crate::text::tokens::Shape;

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

fn read(matcher: &Matcher, analysis: Analysis, context: &Context) -> Reading {
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
    let alone = (leaning < Leaning::Full && !is_owned_before)
        .then(|| read(matcher, message.clone(), context))
        .filter(|alone| !is_of_another(matcher, alone, before));
    let mut reading = if let Some(alone) = alone {
        if only_declines_again(matcher, &joined, &alone, context) {
            return Reading {
                is_follow_up: true,
                ..alone
            };
        }
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

/// "And launchers?" behind "did they send tanks?": together they get what was just said, that the briefing does not say,
/// while a fact surely answers the words by themselves.
fn only_declines_again(matcher: &Matcher, joined: &Reading, alone: &Reading, context: &Context) -> bool {
    let is_the_gap = |found: &Match| Some(found.class) == context.gap;
    let is_sure_fact = |found: &Match| !matcher.class(found.class).is_gap() && found.confidence >= SURE_ALONE;
    joined.matches.first().is_some_and(is_the_gap) && alone.matches.first().is_some_and(is_sure_fact)
}

/// "Where did it hit?" of a launch of another day than the fact's that fits these words best.
fn is_of_another(matcher: &Matcher, alone: &Reading, before: &Analysis) -> bool {
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
        n_own: own.terms.len(),
        analysis,
        is_follow_up: false,
        is_joined,
        is_adrift: false,
        asked_of: Vec::new(),
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
    let is_said_of_more = context.classes.contains(&best.class) && asks_more(&reading, class);
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
    likest_gap(matcher, reading)
        .filter(is_near)
        .map_or(Verdict::None, |gap| Verdict::Gap(gap.class))
}

/// "Japan too?": whether the fact is of the matter that was spoken of, and about whomever the same is asked of. That he is
/// somewhere else in the briefing reads as a yes.
fn is_so_of_whom_it_is_asked(reading: &Reading, class: &Class, context: &Context) -> bool {
    let is_about = |owner: &u32| class.subjects.contains(owner);
    let is_of_the_matter = || context.topics.contains(&class.topic) && reading.asked_of.iter().any(is_about);
    reading.asked_of.is_empty() || !context.is_said || is_of_the_matter()
}

/// Whether a fact that is likelier meant than this one is held back, since the question is about others than it is: what
/// comes next is about something else.
fn stands_in(reading: &Reading, best: &Match) -> bool {
    let is_meant = |found: &&Match| found.held_back.is_some_and(HeldBack::is_of_others);
    let meant = reading.matches.iter().filter(is_meant);
    !best.is_in_own_words
        && meant
            .map(|found| found.ranked.score)
            .any(|score| score > best.ranked.score)
}

/// Whether the fact, however likely it is meant, answers these words: they name nobody whom it does not know, and ask for
/// what it gives, and for no judgement.
fn may_be_said(reading: &Reading, class: &Class) -> bool {
    !names_a_stranger(&reading.analysis, class)
        && !asks_for_another_kind(reading, class)
        && !asks_for_a_judgement(&reading.analysis, class)
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

/// Whether a question that borrows its matter says something of its own that the fact says nothing of: "will it work?" of
/// a demand that was just said.
fn asks_more(reading: &Reading, class: &Class) -> bool {
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

/// Whether the question names somebody or something well known that neither the glossary nor this fact has. What is said
/// of one state is never said of another.
#[must_use]
pub fn names_a_stranger(question: &Analysis, fact: &Class) -> bool {
    question
        .terms
        .iter()
        .any(|term| term.knowledge == Knowledge::ForeignName && !fact.has_word(term))
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
mod tests;
