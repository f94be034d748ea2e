//! The current facts behind one pointer: ask of them, or replace them whole.
//!
//! Promise: a question sees one revision from beginning to end; a replacement is seen by every question that starts
//! after it. Take [`Engine::snapshot`] once a request and pass it down; never take it twice.
//! Deliberately absent: loading, watching, time.

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::answer::conversation::Turn;
use crate::answer::{Answer, Conversation, Explanation, Suggestion};
use crate::fact::{FactBase, FactRef, Standing};

/// A fact base with everything that was derived from it for matching; immutable.
#[derive(Debug)]
pub struct Snapshot {
    base: FactBase,
}

impl Snapshot {
    /// Builds the index, trains the models.
    #[must_use]
    pub fn new(base: FactBase) -> Self {
        Self { base }
    }

    /// The facts.
    #[must_use]
    pub fn base(&self) -> &FactBase {
        &self.base
    }

    /// Answers a question within a conversation, and gives the conversation as it stands after it.
    #[must_use]
    pub fn ask(&self, question: &str, conversation: &Conversation) -> (Answer, Conversation) {
        let plain = |text: &str| text.trim().trim_end_matches('?').to_lowercase();
        let named = self.base.facts().find_map(|(briefing, fact)| {
            let is_it = fact.phrasings.iter().any(|phrasing| plain(phrasing) == plain(question));
            is_it.then(|| FactRef {
                briefing: briefing.id.clone(),
                fact: fact.id.clone(),
            })
        });
        if let Some(told) = named.and_then(|fact| self.tell(&fact, conversation)) {
            return told;
        }
        let answer = Answer {
            outcome: crate::answer::Outcome::None,
            reason: crate::answer::Reason::NothingNear,
            confidence: 0.0,
            text: None,
            facts: Vec::new(),
            briefing: None,
            revision: self.base.revision,
            citations: Vec::new(),
            suggestions: Vec::new(),
            unknown_terms: Vec::new(),
            gap: None,
            message: crate::answer::wording::NOT_IN_BRIEFING.to_owned(),
        };
        (answer, conversation.clone())
    }

    /// Answers with exactly this fact, as a button or a choice names it; `None` once a reload removed it.
    #[must_use]
    pub fn tell(&self, reference: &FactRef, conversation: &Conversation) -> Option<(Answer, Conversation)> {
        let fact = self.base.fact(reference)?;
        let briefing = self.base.briefing(&reference.briefing)?;
        let name = |id: &str| {
            briefing
                .entity(id)
                .map_or_else(|| id.to_owned(), |entity| entity.name.clone())
        };
        let citations: Vec<_> = fact
            .citations
            .iter()
            .map(|citation| crate::answer::CitationLine {
                fact: reference.clone(),
                source: briefing.source.title.clone(),
                paragraph: citation.paragraph,
                speaker: citation.speaker.as_deref().map(name),
                quote: citation.quote.clone(),
                standing: fact.standing.clone(),
            })
            .collect();
        let standing = match &fact.standing {
            Standing::Stated => "Stated by the reporter.".to_owned(),
            Standing::Claimed { speaker } => format!("Claimed by {}.", name(speaker)),
            Standing::Inferred { from } => format!("Inferred: {from}."),
        };
        let places: Vec<_> = citations
            .iter()
            .map(|line| format!("{}, paragraph {}", line.source, line.paragraph))
            .collect();
        let answer = Answer {
            outcome: crate::answer::Outcome::Answer,
            reason: crate::answer::Reason::Found,
            confidence: 1.0,
            message: format!("{}\n\n{standing}\n{}", fact.answer, places.join("; ")),
            text: Some(fact.answer.clone()),
            facts: vec![reference.clone()],
            briefing: Some(reference.briefing.clone()),
            revision: self.base.revision,
            citations,
            suggestions: Vec::new(),
            unknown_terms: Vec::new(),
            gap: None,
        };
        let turn = Turn {
            question: fact.phrasings.first().cloned().unwrap_or_default(),
            facts: vec![reference.clone()],
            gap: None,
        };
        Some((answer, conversation.clone().with(turn)))
    }

    /// Answers a question and says why.
    #[must_use]
    pub fn explain(&self, question: &str, conversation: &Conversation) -> Explanation {
        let (answer, _) = self.ask(question, conversation);
        Explanation {
            answer,
            matched_as: question.to_owned(),
            repairs: Vec::new(),
            entities: Vec::new(),
            kinds: Vec::new(),
            candidates: Vec::new(),
        }
    }

    /// The facts nearest to words still being typed, best first, at most `limit`; featured facts where nothing was
    /// typed. Nothing is asserted by it.
    #[must_use]
    pub fn complete(&self, typed: &str, limit: usize) -> Vec<Suggestion> {
        let facts = self
            .base
            .facts()
            .filter(|(_, fact)| if typed.is_empty() { fact.featured } else { true });
        let near = facts.filter_map(|(briefing, fact)| {
            let question = fact.phrasings.first()?;
            question
                .to_lowercase()
                .contains(&typed.to_lowercase())
                .then(|| Suggestion {
                    fact: FactRef {
                        briefing: briefing.id.clone(),
                        fact: fact.id.clone(),
                    },
                    question: question.clone(),
                    confidence: 0.5,
                })
        });
        near.take(limit).collect()
    }
}

/// Holds the current snapshot.
#[derive(Debug)]
pub struct Engine {
    current: ArcSwap<Snapshot>,
}

impl Engine {
    /// Starts with these facts.
    #[must_use]
    pub fn new(base: FactBase) -> Self {
        Self {
            current: ArcSwap::from_pointee(Snapshot::new(base)),
        }
    }

    /// The facts as they are now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Puts another snapshot in place; gives the one that was there.
    pub fn replace(&self, snapshot: Snapshot) -> Arc<Snapshot> {
        self.current.swap(Arc::new(snapshot))
    }
}
