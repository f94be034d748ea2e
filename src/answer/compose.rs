//! What was decided → the [`Answer`] that a member gets: texts, citations, suggestions.
//!
//! Promise: a fact's text is the fact base's own, whole and unchanged, and stands with its citations.

use std::collections::HashSet;

use super::conversation::Turn;
use super::decide::{Decision, Open, Verdict, fact_ref, names_a_stranger};
use super::{Answer, CitationLine, MAX_SUGGESTIONS, Outcome, Reason, Suggestion, wording};
use crate::fact::{Briefing, Correction, Fact, FactBase, FactRef, Gap, Standing};
use crate::matching::analysis::{Analysis, Knowledge};
use crate::matching::class::Origin;
use crate::matching::{Match, Matcher};
use crate::text::tokens::Boundary;

/// Facts offered under a decline.
const MAX_NEARBY: usize = 3;

/// Builds the answer, and the turn that the conversation remembers.
#[must_use]
pub fn compose(base: &FactBase, matcher: &Matcher, decision: &Decision) -> (Answer, Turn) {
    let mut answer = blank(base, matcher, decision);
    match &decision.verdict {
        Verdict::Answer { facts, open } => {
            let is_turned_round = !decision.reading.is_joined
                && facts
                    .iter()
                    .any(|class| matcher.is_turned_round(&decision.reading.analysis, *class));
            let facts: Vec<(&Briefing, &Fact)> = facts
                .iter()
                .filter_map(|class| fact_of(base, matcher, *class))
                .collect();
            let open = match open {
                Open::Nothing => OpenPart::Nothing,
                Open::Part => OpenPart::Unsaid,
                Open::Unsure => OpenPart::Unsure,
                Open::More => OpenPart::More,
                Open::Half => OpenPart::Half,
                Open::Gap(class) => {
                    gap_of(base, matcher, *class).map_or(OpenPart::Unsaid, |(_, gap)| OpenPart::Said(gap))
                }
            };
            assert_facts(&mut answer, &facts, &open, is_turned_round);
        }
        Verdict::Suggest => {
            answer.outcome = Outcome::Suggest;
            answer.reason = Reason::Unsure;
            answer.suggestions = suggestions(base, matcher, decision, MAX_SUGGESTIONS);
            answer.message = with_list(wording::unsure(), &answer.suggestions);
        }
        Verdict::Gap(class) => {
            if let Some((briefing, gap)) = gap_of(base, matcher, *class) {
                answer.reason = Reason::Gap;
                answer.gap = Some(gap.id.clone());
                answer.briefing = Some(briefing.id.clone());
                answer.suggestions = suggestions(base, matcher, decision, MAX_NEARBY);
                answer.message = gap_message(briefing, gap);
            }
        }
        Verdict::None => decline(&mut answer, base, matcher, decision),
    }
    let turn = turn(base, matcher, decision, &answer);
    (answer, turn)
}

/// A reply that asserts nothing: small talk, another language, no words.
#[must_use]
pub fn plain(base: &FactBase, reason: Reason, message: String) -> Answer {
    Answer {
        outcome: Outcome::None,
        reason,
        confidence: 0.0,
        text: None,
        facts: Vec::new(),
        briefing: None,
        revision: base.revision,
        citations: Vec::new(),
        suggestions: Vec::new(),
        unknown_terms: Vec::new(),
        gap: None,
        message,
    }
}

/// The reply that gives exactly this fact, asked for by name.
#[must_use]
pub fn told(base: &FactBase, briefing: &Briefing, fact: &Fact) -> Answer {
    let mut answer = plain(base, Reason::Found, String::new());
    answer.confidence = 1.0;
    assert_facts(&mut answer, &[(briefing, fact)], &OpenPart::Nothing, false);
    answer
}

/// A fact offered without asserting it.
#[must_use]
pub fn suggestion(briefing: &Briefing, fact: &Fact, confidence: f32) -> Suggestion {
    Suggestion {
        fact: FactRef {
            briefing: briefing.id.clone(),
            fact: fact.id.clone(),
        },
        question: fact.phrasings.first().unwrap_or_default().to_owned(),
        confidence,
    }
}

/// The facts among the matches, in their order, but for those that were corrected.
#[must_use]
pub fn nearest_facts(base: &FactBase, matcher: &Matcher, matches: &[Match]) -> Vec<Suggestion> {
    let facts = matches.iter().filter_map(|found| {
        let (briefing, fact) = fact_of(base, matcher, found.class)?;
        fact.correction
            .is_none()
            .then(|| suggestion(briefing, fact, found.confidence))
    });
    facts.collect()
}

fn blank(base: &FactBase, matcher: &Matcher, decision: &Decision) -> Answer {
    let mut answer = plain(base, Reason::NothingNear, String::new());
    answer.confidence = decision.confidence;
    answer.unknown_terms = unknown_terms(matcher, &decision.reading.analysis);
    answer
}

/// Neighbouring unknown words are one name: "saudi arabia".
fn unknown_terms(matcher: &Matcher, question: &Analysis) -> Vec<String> {
    let mut unknown: Vec<String> = Vec::new();
    let mut last_place: Option<usize> = None;
    for (place, term) in question.terms.iter().enumerate() {
        let is_known = match term.knowledge {
            Knowledge::Own | Knowledge::Everyday => true,
            // A name that the glossary does not have may yet stand in a fact.
            Knowledge::ForeignName => term.stem_id.is_some_and(|stem| matcher.is_in_a_fact(stem)),
            Knowledge::Unknown => false,
        };
        if is_known {
            continue;
        }
        // "France, Germany or Italy" are three.
        let continues_name = last_place.is_some_and(|last| last + 1 == place) && term.boundary == Boundary::None;
        if let Some(name) = unknown.last_mut().filter(|_| continues_name) {
            name.push(' ');
            name.push_str(&term.word);
        } else {
            unknown.push(term.word.to_string());
        }
        last_place = Some(place);
    }
    let mut listed = HashSet::new();
    unknown.retain(|name| listed.insert(name.clone()));
    unknown
}

/// What is said of a part of the question that stays open.
enum OpenPart<'a> {
    Nothing,
    Unsaid,
    Unsure,
    More,
    Half,
    Said(&'a Gap),
}

impl OpenPart<'_> {
    fn sentence(&self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Unsaid => Some(wording::open_part(wording::UNSAID)),
            Self::Unsure => Some(wording::open_part(wording::UNSURE_PART)),
            Self::Half => Some(wording::open_part(wording::HALF)),
            Self::More => Some(wording::open_part(wording::MORE_PARTS)),
            Self::Said(gap) => Some(wording::open_part(&gap.answer)),
        }
    }
}

fn assert_facts(answer: &mut Answer, facts: &[(&Briefing, &Fact)], open: &OpenPart<'_>, is_turned_round: bool) {
    let Some((first, _)) = facts.first() else { return };
    let texts = facts.iter().map(|(briefing, fact)| standing_text(briefing, fact));
    let texts: Vec<String> = is_turned_round
        .then(wording::turned_round)
        .into_iter()
        .chain(texts)
        .collect();
    answer.outcome = Outcome::Answer;
    answer.reason = Reason::Found;
    answer.briefing = Some(first.id.clone());
    answer.facts = facts
        .iter()
        .map(|(briefing, fact)| FactRef {
            briefing: briefing.id.clone(),
            fact: fact.id.clone(),
        })
        .collect();
    answer.citations = cited(facts);
    let mut message = texts.join("\n");
    if let OpenPart::Said(gap) = open {
        answer.gap = Some(gap.id.clone());
    }
    if let Some(sentence) = open.sentence() {
        message.push('\n');
        message.push_str(&sentence);
    }
    message.push_str(&sources(facts));
    answer.text = Some(texts.join("\n"));
    answer.message = message;
}

/// The fact's own text, or what became of it.
fn standing_text(briefing: &Briefing, fact: &Fact) -> String {
    match &fact.correction {
        None => fact.answer.clone(),
        Some(Correction::Retracted(why)) => wording::retracted(why),
        Some(Correction::SupersededBy(id)) => match current(briefing, id) {
            // What replaced it was withdrawn in its turn.
            Some(Fact {
                correction: Some(Correction::Retracted(why)),
                ..
            }) => wording::retracted(why),
            Some(current) => format!("{} {}", wording::superseded(), current.answer),
            None => wording::superseded_by_nothing(),
        },
    }
}

/// Follows replacements to the fact that stands now; `None` where they lead nowhere. Loading sees to it that they do not,
/// but what was replaced is known to be wrong, so nothing here trusts in that.
fn current<'a>(briefing: &'a Briefing, id: &str) -> Option<&'a Fact> {
    let mut current = briefing.fact(id)?;
    for _ in 0..briefing.facts.len() {
        match &current.correction {
            Some(Correction::SupersededBy(next)) => current = briefing.fact(next)?,
            _ => return Some(current),
        }
    }
    None
}

/// The citations of a fact, or of the one that replaced it, with names resolved.
#[must_use]
pub fn citation_lines(briefing: &Briefing, fact: &Fact) -> Vec<CitationLine> {
    let cited = match &fact.correction {
        Some(Correction::SupersededBy(id)) => current(briefing, id).unwrap_or(fact),
        _ => fact,
    };
    let name = |id: &String| {
        briefing
            .entity(id)
            .map_or_else(|| id.clone(), |entity| entity.name.clone())
    };
    let reference = FactRef {
        briefing: briefing.id.clone(),
        fact: cited.id.clone(),
    };
    cited
        .citations
        .iter()
        .map(|citation| CitationLine {
            fact: reference.clone(),
            source: briefing.source.title.clone(),
            paragraph: citation.paragraph,
            speaker: citation.speaker.as_ref().map(name),
            quote: citation.quote.clone(),
            standing: match &cited.standing {
                Standing::Claimed { speaker } => Standing::Claimed { speaker: name(speaker) },
                other => other.clone(),
            },
        })
        .collect()
}

/// The citations of an answer: all of a fact that stands alone; of several facts the chief one each, so that what is
/// cited stays what was asked for.
fn cited(facts: &[(&Briefing, &Fact)]) -> Vec<CitationLine> {
    let n_each = if facts.len() == 1 { usize::MAX } else { 1 };
    facts
        .iter()
        .flat_map(|(briefing, fact)| citation_lines(briefing, fact).into_iter().take(n_each))
        .collect()
}

/// Who stands behind the claims, the source and the as-of day, once a briefing.
fn sources(facts: &[(&Briefing, &Fact)]) -> String {
    let mut lines = String::new();
    let mut done: Vec<&str> = Vec::new();
    for (briefing, _) in facts {
        if done.contains(&briefing.id.as_str()) {
            continue;
        }
        done.push(&briefing.id);
        let own: Vec<_> = facts
            .iter()
            .copied()
            .filter(|(other, _)| other.id == briefing.id)
            .collect();
        let mut citations: Vec<String> = Vec::new();
        let mut standings: Vec<String> = Vec::new();
        for line in cited(&own) {
            let standing = wording::standing_line(&line.standing);
            if !standings.contains(&standing) {
                standings.push(standing);
            }
            let words = wording::citation(line.paragraph, line.speaker.as_deref(), line.quote.as_deref());
            if !citations.contains(&words) {
                citations.push(words);
            }
        }
        lines.push('\n');
        lines.push_str(&standings.join(" "));
        lines.push('\n');
        lines.push_str(&dated_source(briefing, &citations));
    }
    lines
}

/// The source with the day that its news are of.
fn dated_source(briefing: &Briefing, citations: &[String]) -> String {
    let mut line = wording::source_line(&briefing.source, citations);
    if let Some(as_of) = &briefing.source.as_of {
        line.push(' ');
        line.push_str(&wording::as_of_line(as_of));
    }
    line
}

fn gap_message(briefing: &Briefing, gap: &Gap) -> String {
    if gap.citations.is_empty() {
        return gap.answer.clone();
    }
    let name = |id: &String| {
        briefing
            .entity(id)
            .map_or_else(|| id.clone(), |entity| entity.name.clone())
    };
    let citations: Vec<String> = gap
        .citations
        .iter()
        .map(|citation| {
            wording::citation(
                citation.paragraph,
                citation.speaker.as_ref().map(name).as_deref(),
                citation.quote.as_deref(),
            )
        })
        .collect();
    format!("{}\n{}", gap.answer, dated_source(briefing, &citations))
}

fn decline(answer: &mut Answer, base: &FactBase, matcher: &Matcher, decision: &Decision) {
    answer.suggestions = suggestions(base, matcher, decision, MAX_NEARBY);
    let is_unknown = !answer.unknown_terms.is_empty();
    answer.reason = if is_unknown {
        Reason::UnknownWords
    } else {
        Reason::NothingNear
    };
    let opening = if is_unknown {
        wording::unknown_words(&answer.unknown_terms)
    } else {
        wording::nothing_near()
    };
    answer.message = if answer.suggestions.is_empty() {
        opening
    } else {
        with_list(format!("{opening} {}", wording::nearby()), &answer.suggestions)
    };
}

fn with_list(mut message: String, suggestions: &[Suggestion]) -> String {
    for suggestion in suggestions {
        message.push_str("\n- ");
        message.push_str(&suggestion.question);
    }
    message
}

/// The nearest facts, best first, that are not retracted.
fn suggestions(base: &FactBase, matcher: &Matcher, decision: &Decision, limit: usize) -> Vec<Suggestion> {
    /// From this probability among all facts and gaps on, a fact is offered however low its confidence is.
    /// Set by hand: an offer asserts nothing.
    const MIN_LIKENESS: f32 = 0.25;
    let is_stranger = |found: &Match| names_a_stranger(&decision.reading.analysis, matcher.class(found.class));
    let near: Vec<Match> = decision
        .reading
        .matches
        .iter()
        .filter(|found| {
            found.ranked.score >= MIN_LIKENESS
                || found.confidence >= matcher.weights().thresholds.suggest
                || is_stranger(found)
        })
        .cloned()
        .collect();
    let mut suggestions = nearest_facts(base, matcher, &near);
    suggestions.truncate(limit);
    suggestions
}

fn turn(base: &FactBase, matcher: &Matcher, decision: &Decision, answer: &Answer) -> Turn {
    let nearest = decision
        .reading
        .matches
        .iter()
        .find_map(|found| fact_ref(base, matcher.class(found.class)));
    let facts = if answer.facts.is_empty() {
        nearest.into_iter().collect()
    } else {
        answer.facts.clone()
    };
    Turn {
        question: decision.reading.analysis.matched_as(),
        facts,
        is_said: !answer.facts.is_empty(),
        gap: answer.gap.clone(),
    }
}

fn fact_of<'a>(base: &'a FactBase, matcher: &Matcher, class: u32) -> Option<(&'a Briefing, &'a Fact)> {
    match matcher.class(class).origin {
        Origin::Fact(briefing, fact) => {
            let briefing = base.briefings.get(briefing)?;
            Some((briefing, briefing.facts.get(fact)?))
        }
        Origin::Gap(..) => None,
    }
}

fn gap_of<'a>(base: &'a FactBase, matcher: &Matcher, class: u32) -> Option<(&'a Briefing, &'a Gap)> {
    match matcher.class(class).origin {
        Origin::Gap(briefing, gap) => {
            let briefing = base.briefings.get(briefing)?;
            Some((briefing, briefing.gaps.get(gap)?))
        }
        Origin::Fact(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::harbour;
    use crate::text::normalise::normalise;

    #[test]
    fn unknown_names_of_a_list_are_apart_and_each_is_named_once() {
        let matcher = Matcher::new(&harbour::base().unwrap());
        let check = |question: &str, expected: &[&str]| {
            let question = matcher.analyse(&normalise(question));
            assert_eq!(unknown_terms(&matcher, &question), expected);
        };
        check("Did France, Germany or Italy comment?", &["france", "germany", "italy"]);
        check(
            "Did Saudi Arabia say so, or did Saudi Arabia deny it?",
            &["saudi arabia"],
        );
        check("Did Paris ask Paris?", &["paris"]);
    }

    #[test]
    fn what_was_replaced_is_not_said_where_nothing_replaces_it() {
        let mut briefing = harbour::base().unwrap().briefings[0].clone();
        let answer = briefing.facts[0].answer.clone();
        let said = |briefing: Briefing| {
            let base = FactBase::new(vec![briefing]);
            let briefing = &base.briefings[0];
            told(&base, briefing, &briefing.facts[0]).message
        };
        assert!(said(briefing.clone()).contains(&answer));
        for nowhere in ["no-such-fact".to_owned(), briefing.facts[0].id.clone()] {
            briefing.facts[0].correction = Some(Correction::SupersededBy(nowhere));
            let said = said(briefing.clone());
            assert!(
                said.starts_with(&wording::superseded_by_nothing()) && !said.contains(&answer),
                "{said}"
            );
        }
    }
}
