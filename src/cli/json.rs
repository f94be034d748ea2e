//! The JSON of an answer and of its explanation.
//!
//! Separate from the core's types, so that these shapes, which others rely on, and the core can change apart.
//! Promise: every key is always present, in the order of the fields here.

use std::time::Duration;

use serde::Serialize;

use crate::answer::explanation::{Candidate, SignalValue};
use crate::answer::{Answer, CitationLine, Explanation, Suggestion};
use crate::fact::{FactBase, Paragraph};

/// The object that `ask --json` prints.
#[derive(Debug, Serialize)]
pub struct AnswerJson<'a> {
    question: &'a str,
    outcome: &'static str,
    confidence: f64,
    answer: Option<&'a str>,
    facts: Vec<&'a str>,
    briefing: &'a str,
    revision: String,
    citations: Vec<CitationJson<'a>>,
    suggestions: Vec<SuggestionJson<'a>>,
    unknown_terms: &'a [String],
    gap: Option<&'a str>,
    message: &'a str,
    elapsed_us: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<ExplanationJson<'a>>,
}

#[derive(Debug, Serialize)]
struct CitationJson<'a> {
    source: &'a str,
    paragraph: ParagraphJson,
    speaker: Option<&'a str>,
    quote: Option<&'a str>,
}

/// A number, `"headline"` or `"caption"`.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub enum ParagraphJson {
    /// A paragraph of the text.
    Number(u32),
    /// A part of the source that has a name.
    Named(&'static str),
}

#[derive(Debug, Serialize)]
struct SuggestionJson<'a> {
    fact: &'a str,
    question: &'a str,
    confidence: f64,
}

/// What `--explain` adds.
#[derive(Debug, Serialize)]
struct ExplanationJson<'a> {
    matched_as: &'a str,
    repairs: Vec<RepairJson<'a>>,
    entities: Vec<EntityJson<'a>>,
    kinds: &'a [&'static str],
    candidates: Vec<CandidateJson<'a>>,
}

#[derive(Debug, Serialize)]
struct RepairJson<'a> {
    written: &'a str,
    read: &'a str,
}

#[derive(Debug, Serialize)]
struct EntityJson<'a> {
    written: &'a str,
    entity: &'a str,
}

#[derive(Debug, Serialize)]
struct CandidateJson<'a> {
    kind: &'static str,
    id: &'a str,
    briefing: &'a str,
    confidence: f64,
    nearest_phrasing: &'a str,
    signals: Vec<SignalJson>,
    guards: &'a [String],
}

#[derive(Debug, Serialize)]
struct SignalJson {
    name: &'static str,
    value: f32,
    weight: f32,
}

impl<'a> AnswerJson<'a> {
    /// The shape of one answer to one question.
    #[must_use]
    pub fn new(question: &'a str, answer: &'a Answer, base: &'a FactBase, elapsed: Duration) -> Self {
        Self {
            question,
            outcome: answer.outcome.name(),
            confidence: rounded(answer.confidence),
            answer: answer.text.as_deref(),
            facts: answer.facts.iter().map(|fact| fact.fact.as_str()).collect(),
            briefing: briefing(answer, base),
            revision: answer.revision.to_string(),
            citations: answer.citations.iter().map(citation).collect(),
            suggestions: answer.suggestions.iter().map(suggestion).collect(),
            unknown_terms: &answer.unknown_terms,
            gap: answer.gap.as_deref(),
            message: &answer.message,
            elapsed_us: u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
            explain: None,
        }
    }

    /// The same with the key `explain`.
    #[must_use]
    pub fn explained(self, explanation: &'a Explanation) -> Self {
        Self {
            explain: Some(explain(explanation)),
            ..self
        }
    }
}

impl From<Paragraph> for ParagraphJson {
    fn from(paragraph: Paragraph) -> Self {
        match paragraph {
            Paragraph::Headline => Self::Named("headline"),
            Paragraph::Caption => Self::Named("caption"),
            Paragraph::Number(number) => Self::Number(number),
        }
    }
}

/// Four digits: more of them would look like knowledge that no confidence has.
#[must_use]
pub fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 10_000.0).round() / 10_000.0
}

/// The key is never null: where no briefing answered, it names the one that was asked.
fn briefing<'a>(answer: &'a Answer, base: &'a FactBase) -> &'a str {
    let suggested = || {
        answer
            .suggestions
            .first()
            .map(|suggestion| suggestion.fact.briefing.as_str())
    };
    let only = || match base.briefings.as_slice() {
        [only] => Some(only.id.as_str()),
        _ => None,
    };
    answer
        .briefing
        .as_deref()
        .or_else(suggested)
        .or_else(only)
        .unwrap_or_default()
}

fn citation(line: &CitationLine) -> CitationJson<'_> {
    CitationJson {
        source: &line.source,
        paragraph: line.paragraph.into(),
        speaker: line.speaker.as_deref(),
        quote: line.quote.as_deref(),
    }
}

fn suggestion(suggestion: &Suggestion) -> SuggestionJson<'_> {
    SuggestionJson {
        fact: &suggestion.fact.fact,
        question: &suggestion.question,
        confidence: rounded(suggestion.confidence),
    }
}

fn explain(explanation: &Explanation) -> ExplanationJson<'_> {
    let repair = |(written, read)| RepairJson { written, read };
    let entity = |(written, entity)| EntityJson { written, entity };
    ExplanationJson {
        matched_as: &explanation.matched_as,
        repairs: pairs(&explanation.repairs).map(repair).collect(),
        entities: pairs(&explanation.entities).map(entity).collect(),
        kinds: &explanation.kinds,
        candidates: explanation.candidates.iter().map(candidate).collect(),
    }
}

fn pairs(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(one, other)| (one.as_str(), other.as_str()))
}

fn candidate(candidate: &Candidate) -> CandidateJson<'_> {
    let signal = |signal: &SignalValue| SignalJson {
        name: signal.name,
        value: signal.value,
        weight: signal.weight,
    };
    CandidateJson {
        kind: if candidate.is_gap { "gap" } else { "fact" },
        id: &candidate.id,
        briefing: &candidate.briefing,
        confidence: rounded(candidate.confidence),
        nearest_phrasing: &candidate.nearest_phrasing,
        signals: candidate.signals.iter().map(signal).collect(),
        guards: &candidate.guards,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::cli::test_values::{answer, base, declined, explanation};

    #[track_caller]
    fn check(json: &AnswerJson<'_>, expected: &Expect) {
        expected.assert_eq(&serde_json::to_string_pretty(json).unwrap());
    }

    #[test]
    fn an_answer_has_every_key_in_order() {
        let (answer, base) = (answer(), base());
        check(
            &AnswerJson::new("how high?", &answer, &base, Duration::from_micros(41)),
            &expect![[r#"
                {
                  "question": "how high?",
                  "outcome": "answer",
                  "confidence": 0.9333,
                  "answer": "The wall will be raised by two metres.",
                  "facts": [
                    "wall-height"
                  ],
                  "briefing": "harbour",
                  "revision": "e3b0c442",
                  "citations": [
                    {
                      "source": "Harbour wall to be raised",
                      "paragraph": 3,
                      "speaker": "the harbour office",
                      "quote": "raised by two metres"
                    },
                    {
                      "source": "Harbour wall to be raised",
                      "paragraph": "headline",
                      "speaker": null,
                      "quote": null
                    }
                  ],
                  "suggestions": [],
                  "unknown_terms": [],
                  "gap": null,
                  "message": "The wall will be raised by two metres.\nAs to the rest of your question: the briefing does not say.\nSource: “Harbour wall to be raised” (Coast Wire), paragraph 3, the harbour office: “raised by two metres”; the headline.",
                  "elapsed_us": 41
                }"#]],
        );
    }

    #[test]
    fn a_declined_question_has_every_key_too_and_names_the_briefing_that_was_asked() {
        let (answer, base) = (declined(), base());
        check(
            &AnswerJson::new("what does it \"cost\"?", &answer, &base, Duration::from_nanos(300)),
            &expect![[r#"
                {
                  "question": "what does it \"cost\"?",
                  "outcome": "none",
                  "confidence": 0.41,
                  "answer": null,
                  "facts": [],
                  "briefing": "harbour",
                  "revision": "e3b0c442",
                  "citations": [],
                  "suggestions": [
                    {
                      "fact": "wall-height",
                      "question": "How high will the wall be?",
                      "confidence": 0.41
                    },
                    {
                      "fact": "crane-move",
                      "question": "Where does the crane go?",
                      "confidence": 0.2
                    }
                  ],
                  "unknown_terms": [
                    "euro"
                  ],
                  "gap": "wall-cost",
                  "message": "The briefing does not say what the works cost.",
                  "elapsed_us": 0
                }"#]],
        );
    }

    #[test]
    fn explain_adds_one_key() {
        let (explanation, base) = (explanation(), base());
        let json = AnswerJson::new("how hihg?", &explanation.answer, &base, Duration::ZERO).explained(&explanation);
        expect![[r#"
            {
              "matched_as": "how high",
              "repairs": [
                {
                  "written": "hihg",
                  "read": "high"
                }
              ],
              "entities": [
                {
                  "written": "the wall",
                  "entity": "harbour-wall"
                }
              ],
              "kinds": [
                "how-many"
              ],
              "candidates": [
                {
                  "kind": "fact",
                  "id": "wall-height",
                  "briefing": "harbour",
                  "confidence": 0.93,
                  "nearest_phrasing": "How high will the wall be?",
                  "signals": [
                    {
                      "name": "overlap",
                      "value": 0.5,
                      "weight": 2.0
                    },
                    {
                      "name": "kind",
                      "value": 1.0,
                      "weight": 0.25
                    }
                  ],
                  "guards": []
                },
                {
                  "kind": "gap",
                  "id": "wall-cost",
                  "briefing": "harbour",
                  "confidence": 0.21,
                  "nearest_phrasing": "What does it cost?",
                  "signals": [
                    {
                      "name": "overlap",
                      "value": 0.25,
                      "weight": 2.0
                    },
                    {
                      "name": "names",
                      "value": -1.0,
                      "weight": 0.5
                    }
                  ],
                  "guards": [
                    "another thing is counted"
                  ]
                }
              ]
            }"#]]
        .assert_eq(&serde_json::to_string_pretty(&json.explain).unwrap());
    }
}
