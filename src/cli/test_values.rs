//! A small harbour's facts and answers by hand, for the tests of what the terminal and JSON show of them.

use crate::answer::explanation::{Candidate, SignalValue};
use crate::answer::{Answer, CitationLine, Explanation, Outcome, Reason, Suggestion};
use crate::fact::{Briefing, Citation, Fact, FactBase, FactRef, Kind, Paragraph, Revision, Source, Standing, Topic};

/// Two facts in two topics.
pub(crate) fn base() -> FactBase {
    FactBase::new(vec![Briefing {
        id: "harbour".to_owned(),
        source: Source {
            title: "Harbour wall to be raised".to_owned(),
            agencies: vec!["Coast Wire".to_owned()],
            publisher: None,
            published: None,
            url: None,
            as_of: None,
            paragraphs: Vec::new(),
        },
        topics: vec![topic("crane", "The crane"), topic("wall", "The wall")],
        facts: vec![
            fact(
                "wall-height",
                "wall",
                "The wall will be raised by two metres.",
                "How high will the wall be?",
            ),
            fact(
                "crane-move",
                "crane",
                "The crane moves to the east pier.",
                "Where does the crane go?",
            ),
        ],
        gaps: Vec::new(),
        entities: Vec::new(),
        synonyms: Vec::new(),
    }])
}

fn topic(id: &str, title: &str) -> Topic {
    Topic {
        id: id.to_owned(),
        title: title.to_owned(),
    }
}

fn fact(id: &str, topic: &str, answer: &str, phrasing: &str) -> Fact {
    Fact {
        id: id.to_owned(),
        topic: topic.to_owned(),
        answer: answer.to_owned(),
        standing: Standing::Stated,
        gives: vec![Kind::What],
        counts: Vec::new(),
        entities: Vec::new(),
        claim: None,
        date: None,
        featured: false,
        correction: None,
        phrasings: [phrasing].into_iter().collect(),
        citations: vec![Citation {
            paragraph: Paragraph::Number(3),
            speaker: None,
            quote: None,
        }],
    }
}

fn reference(fact: &str) -> FactRef {
    FactRef {
        briefing: "harbour".to_owned(),
        fact: fact.to_owned(),
    }
}

/// An answer with two citations.
pub(crate) fn answer() -> Answer {
    let cited = |paragraph, speaker: Option<&str>, quote: Option<&str>| CitationLine {
        fact: reference("wall-height"),
        source: "Harbour wall to be raised".to_owned(),
        paragraph,
        speaker: speaker.map(str::to_owned),
        quote: quote.map(str::to_owned),
        standing: Standing::Stated,
    };
    let text = "The wall will be raised by two metres.";
    Answer {
        outcome: Outcome::Answer,
        reason: Reason::Found,
        confidence: 0.933_333_3,
        text: Some(text.to_owned()),
        facts: vec![reference("wall-height")],
        briefing: Some("harbour".to_owned()),
        revision: Revision::of(&[]),
        citations: vec![
            cited(
                Paragraph::Number(3),
                Some("the harbour office"),
                Some("raised by two metres"),
            ),
            cited(Paragraph::Headline, None, None),
        ],
        suggestions: Vec::new(),
        unknown_terms: Vec::new(),
        gap: None,
        message: format!(
            "{text}\nAs to the rest of your question: the briefing does not say.\nSource: “Harbour wall to be raised” \
             (Coast Wire), paragraph 3, the harbour office: “raised by two metres”; the headline."
        ),
    }
}

/// "Did you mean", with two suggestions in the message.
pub(crate) fn suggested() -> Answer {
    let suggestion = |fact, question: &str, confidence| Suggestion {
        fact: reference(fact),
        question: question.to_owned(),
        confidence,
    };
    Answer {
        outcome: Outcome::Suggest,
        reason: Reason::Unsure,
        confidence: 0.41,
        text: None,
        facts: Vec::new(),
        briefing: None,
        citations: Vec::new(),
        suggestions: vec![
            suggestion("wall-height", "How high will the wall be?", 0.41),
            suggestion("crane-move", "Where does the crane go?", 0.2),
        ],
        message: "Did you mean:\n- How high will the wall be?\n- Where does the crane go?".to_owned(),
        ..answer()
    }
}

/// A gap matched; the suggestions are not in the message.
pub(crate) fn declined() -> Answer {
    Answer {
        outcome: Outcome::None,
        reason: Reason::Gap,
        gap: Some("wall-cost".to_owned()),
        unknown_terms: vec!["euro".to_owned()],
        message: "The briefing does not say what the works cost.".to_owned(),
        ..suggested()
    }
}

/// A fact and a gap that competed, with different signals.
pub(crate) fn explanation() -> Explanation {
    let signal = |name, value, weight| SignalValue { name, value, weight };
    Explanation {
        answer: Answer {
            unknown_terms: vec!["zanzibar".to_owned()],
            ..answer()
        },
        matched_as: "how high".to_owned(),
        repairs: vec![("hihg".to_owned(), "high".to_owned())],
        entities: vec![("the wall".to_owned(), "harbour-wall".to_owned())],
        kinds: vec!["how-many"],
        candidates: vec![
            Candidate {
                briefing: "harbour".to_owned(),
                id: "wall-height".to_owned(),
                is_gap: false,
                confidence: 0.93,
                nearest_phrasing: "How high will the wall be?".to_owned(),
                signals: vec![signal("overlap", 0.5, 2.0), signal("kind", 1.0, 0.25)],
                guards: Vec::new(),
            },
            Candidate {
                briefing: "harbour".to_owned(),
                id: "wall-cost".to_owned(),
                is_gap: true,
                confidence: 0.21,
                nearest_phrasing: "What does it cost?".to_owned(),
                signals: vec![signal("overlap", 0.25, 2.0), signal("names", -1.0, 0.5)],
                guards: vec!["another thing is counted".to_owned()],
            },
        ],
    }
}
