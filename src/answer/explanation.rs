//! Why a question got its answer, for `--explain`, "Why this answer" and the workbench.

use super::decide::Reading;
use super::respond::{Read, read};
use super::wording::{self, GUARDS};
use super::{Answer, Conversation, compose};
use crate::fact::FactBase;
use crate::matching::analysis::Analysis;
use crate::matching::class::{Class, Origin};
use crate::matching::signals::NAMES;
use crate::matching::{Match, Matcher};

/// The answer and everything that led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The answer itself, as [`crate::engine::Snapshot::ask`] gives it.
    pub answer: Answer,
    /// The question as it was matched: normalised and repaired.
    pub matched_as: String,
    /// Words that were taken for a misspelling: as written, as read.
    pub repairs: Vec<(String, String)>,
    /// Entities recognised: as written, the entity's id.
    pub entities: Vec<(String, String)>,
    /// The kinds of answer asked for, by name.
    pub kinds: Vec<&'static str>,
    /// The best candidates, best first; facts and gaps alike.
    pub candidates: Vec<Candidate>,
}

/// One fact or gap that competed.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The briefing's id.
    pub briefing: String,
    /// The fact's or gap's id.
    pub id: String,
    /// Whether it is a gap.
    pub is_gap: bool,
    /// 0 to 1, calibrated.
    pub confidence: f32,
    /// The example question that is nearest.
    pub nearest_phrasing: String,
    /// Each signal: its name, its value, and the weight that multiplied it.
    pub signals: Vec<SignalValue>,
    /// What the guards said against it, and what outweighed the signals, in plain words.
    pub guards: Vec<String>,
}

/// One signal of one candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalValue {
    /// Its name, as in the weights file.
    pub name: &'static str,
    /// Its value.
    pub value: f32,
    /// The weight that multiplied it.
    pub weight: f32,
}

/// Candidates that an explanation shows.
const MAX_CANDIDATES: usize = 6;

/// Answers a question and says why. The answer is the one that [`respond`](super::respond::respond) gives.
#[must_use]
pub fn explain(base: &FactBase, matcher: &Matcher, question: &str, conversation: &Conversation) -> Explanation {
    explain_read(base, matcher, question, &read(base, matcher, question, conversation))
}

/// The same of what was read already; `question` is what it was read from.
#[must_use]
pub fn explain_read(base: &FactBase, matcher: &Matcher, question: &str, read: &Read) -> Explanation {
    let message = matcher.analyse(&crate::text::normalise::normalise(question));
    match read {
        Read::Plain(answer) => about(base, matcher, answer.clone(), &message, &message, &[]),
        Read::Question(decision) => {
            let (answer, _) = compose::compose(base, matcher, decision);
            let Reading { analysis, matches, .. } = &decision.reading;
            about(base, matcher, answer, &message, analysis, matches)
        }
    }
}

fn about(
    base: &FactBase,
    matcher: &Matcher,
    answer: Answer,
    message: &Analysis,
    matched: &Analysis,
    matches: &[Match],
) -> Explanation {
    Explanation {
        answer,
        matched_as: matched.matched_as(),
        repairs: message.repairs.clone(),
        entities: entities(base, matcher, matched),
        kinds: matched.asked.kinds.iter().map(crate::fact::Kind::name).collect(),
        candidates: matches
            .iter()
            .take(MAX_CANDIDATES)
            .filter_map(|found| candidate(base, matcher, found))
            .collect(),
    }
}

fn entities(base: &FactBase, matcher: &Matcher, question: &Analysis) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for mention in &question.mentions {
        let words: Vec<&str> = question.terms[mention.start..mention.start + mention.length]
            .iter()
            .map(|term| term.word.as_str())
            .collect();
        for (index, briefing) in base.briefings.iter().enumerate() {
            for entity in &briefing.entities {
                let number = matcher.vocabulary().entity(index, &entity.id);
                if number.is_some_and(|number| mention.owners.contains(&number)) {
                    found.push((words.join(" "), entity.id.clone()));
                }
            }
        }
    }
    found
}

fn candidate(base: &FactBase, matcher: &Matcher, found: &Match) -> Option<Candidate> {
    let class = matcher.class(found.class);
    let (briefing, id) = name(base, class)?;
    let weights = matcher.weights().of_signals(matcher.sort_of(class));
    let signals = NAMES.iter().zip(found.signals).zip(weights);
    Some(Candidate {
        briefing,
        id,
        is_gap: class.is_gap(),
        confidence: found.confidence,
        nearest_phrasing: matcher.nearest_phrasing(base, found).to_owned(),
        signals: signals
            .map(|((name, value), weight)| SignalValue { name, value, weight })
            .collect(),
        guards: guards(found),
    })
}

fn name(base: &FactBase, class: &Class) -> Option<(String, String)> {
    let (Origin::Fact(briefing, place) | Origin::Gap(briefing, place)) = class.origin;
    let briefing = base.briefings.get(briefing)?;
    let id = if class.is_gap() {
        &briefing.gaps.get(place)?.id
    } else {
        &briefing.facts.get(place)?.id
    };
    Some((briefing.id.clone(), id.clone()))
}

fn guards(found: &Match) -> Vec<String> {
    let spoken = GUARDS.iter().filter(|(place, _)| found.signals[*place] > 0.0);
    let in_own_words = found.is_in_own_words.then_some(wording::IN_OWN_WORDS);
    let outweighing = in_own_words.or(found.held_back.map(wording::held_back));
    let said = spoken.map(|(_, words)| *words).chain(outweighing);
    said.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::harbour;
    use crate::matching::signals::HeldBack;

    #[test]
    fn what_decided_beyond_the_signals_is_said() {
        let base = harbour::base().unwrap();
        let matcher = Matcher::new(&base);
        let facts = |question: &str| {
            let explained = explain(&base, &matcher, question, &Conversation::default());
            explained.candidates.into_iter().filter(|candidate| !candidate.is_gap)
        };
        let mut own = facts("By how many metres will the wall be raised?");
        let said = |candidate: &Candidate, words: &str| candidate.guards.iter().any(|guard| guard == words);
        assert!(said(&own.next().unwrap(), wording::IN_OWN_WORDS));
        let far: Vec<Candidate> = facts("What colour is the moon over Saturn?").collect();
        assert!(!far.is_empty());
        assert!(
            far.iter()
                .all(|candidate| said(candidate, wording::held_back(HeldBack::Far)))
        );
    }
}
