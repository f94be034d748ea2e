//! What was said before in a conversation, as a value that is passed in and out.
//!
//! How long a conversation is kept is for the shells to decide; the core has no clock. Promise: its size is bounded.

use std::collections::VecDeque;
use std::sync::Arc;

/// Turns that are remembered; older ones are forgotten.
pub const MAX_TURNS: usize = 4;

/// The last turns of a conversation, oldest first, and what it is about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conversation {
    /// Shared, since what stood before a question and what stands after it are both remembered.
    turns: VecDeque<Arc<Turn>>,
    briefings: Vec<String>,
}

/// One question and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The question as it was matched: repaired, and put together with what it leans on.
    pub question: String,
    /// The facts that were given, or that the question was nearest to.
    pub facts: Vec<crate::fact::FactRef>,
    /// Whether the facts were said, and not only near.
    pub is_said: bool,
    /// The gap that was matched.
    pub gap: Option<String>,
}

impl Conversation {
    /// The conversation with one more turn.
    #[must_use]
    pub fn with(mut self, turn: Turn) -> Self {
        if self.turns.len() == MAX_TURNS {
            self.turns.pop_front();
        }
        self.turns.push_back(Arc::new(turn));
        self
    }

    /// The same about these briefings only, as if no other were loaded; about all where there are none here.
    #[must_use]
    pub fn about(mut self, briefings: &[String]) -> Self {
        briefings.clone_into(&mut self.briefings);
        self
    }

    /// Ids of the briefings that it is about; empty: all.
    #[must_use]
    pub fn briefings(&self) -> &[String] {
        &self.briefings
    }

    /// The turns, latest first.
    pub fn latest_first(&self) -> impl Iterator<Item = &Turn> {
        self.turns.iter().rev().map(Arc::as_ref)
    }

    /// Whether nothing was said yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }
}
