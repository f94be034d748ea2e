//! The current facts behind one pointer: ask of them, or replace them whole.
//!
//! Promise: a question sees one revision from beginning to end; a replacement is seen by every question that starts
//! after it. Take [`Engine::snapshot`] once a request and pass it down; never take it twice.
//! Deliberately absent: loading, watching, time.

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::answer::related::Related;
use crate::answer::respond::{self, Read, respond};
use crate::answer::statements::{self, Statements};
use crate::answer::{Answer, Conversation, Explanation, Suggestion, explanation};
use crate::fact::{FactBase, FactRef};
use crate::matching::confidence::Weights;
use crate::matching::{Match, Matcher};

/// A fact base with everything that was derived from it for matching; immutable.
#[derive(Debug)]
pub struct Snapshot {
    base: FactBase,
    matcher: Matcher,
    related: Related,
}

impl Snapshot {
    /// Builds the index, trains the models.
    #[must_use]
    pub fn new(base: FactBase) -> Self {
        let matcher = Matcher::new(&base);
        Self::with(base, matcher)
    }

    /// Puts facts and what was learnt of these very facts together.
    #[must_use]
    pub fn with(base: FactBase, matcher: Matcher) -> Self {
        let related = Related::new(&base);
        Self { base, matcher, related }
    }

    /// The facts.
    #[must_use]
    pub fn base(&self) -> &FactBase {
        &self.base
    }

    /// What was derived from the facts for matching.
    #[must_use]
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// Decides by other weights from now on, for fitting.
    pub fn set_weights(&mut self, weights: Weights) {
        self.matcher.set_weights(weights);
    }

    /// Answers a question within a conversation, and gives the conversation as it stands after it.
    #[must_use]
    pub fn ask(&self, question: &str, conversation: &Conversation) -> (Answer, Conversation) {
        respond(&self.base, &self.matcher, question, conversation)
    }

    /// Reads a question and decides, for whoever wants an answer and perhaps to know why.
    #[must_use]
    pub fn read(&self, question: &str, conversation: &Conversation) -> Read {
        respond::read(&self.base, &self.matcher, question, conversation)
    }

    /// Answers what was read within a conversation, as [`Snapshot::ask`] does.
    #[must_use]
    pub fn answer(&self, read: &Read, conversation: &Conversation) -> (Answer, Conversation) {
        respond::answer(&self.base, &self.matcher, read, conversation)
    }

    /// Says why what was read gets its answer; `question` is what it was read from.
    #[must_use]
    pub fn explain_read(&self, question: &str, read: &Read) -> Explanation {
        explanation::explain_read(&self.base, &self.matcher, question, read)
    }

    /// Answers with exactly this fact, as a button or a choice names it; `None` once a reload removed it.
    #[must_use]
    pub fn tell(&self, reference: &FactRef, conversation: &Conversation) -> Option<(Answer, Conversation)> {
        respond::tell(&self.base, reference, conversation)
    }

    /// Answers a question and says why.
    #[must_use]
    pub fn explain(&self, question: &str, conversation: &Conversation) -> Explanation {
        explanation::explain(&self.base, &self.matcher, question, conversation)
    }

    /// The facts that a question is most likely about, best first, at most `limit`, whatever their confidence.
    #[must_use]
    pub fn nearest(&self, question: &str, conversation: &Conversation, limit: usize) -> Vec<Suggestion> {
        respond::nearest(&self.base, &self.matcher, question, conversation, limit)
    }

    /// Everything that a question may be about, in the ranker's order, facts and gaps.
    #[must_use]
    pub fn candidates(&self, question: &str, conversation: &Conversation) -> Vec<Match> {
        respond::candidates(&self.base, &self.matcher, question, conversation)
    }

    /// Looks up each sentence of a message as if it alone had been asked; `about` says which briefings count.
    #[must_use]
    pub fn check(&self, message: &str, about: &Conversation) -> Statements {
        statements::check(&self.base, &self.matcher, message, about)
    }

    /// The facts that a member may want to read next, at most [`MAX_RELATED`](crate::answer::related::MAX_RELATED).
    #[must_use]
    pub fn related(&self, answer: &Answer) -> Vec<Suggestion> {
        self.related.of(&self.base, answer)
    }

    /// The facts nearest to words still being typed, best first, at most `limit`; featured facts where nothing was
    /// typed. Of the briefings with these ids, or of all where there are none. Nothing is asserted by it.
    #[must_use]
    pub fn complete(&self, typed: &str, briefings: &[String], limit: usize) -> Vec<Suggestion> {
        respond::complete(&self.base, &self.matcher, typed, briefings, limit)
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
    pub fn new(snapshot: Snapshot) -> Self {
        Self {
            current: ArcSwap::from_pointee(snapshot),
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
