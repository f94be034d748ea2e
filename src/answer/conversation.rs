//! What was said before in a conversation, as a value that is passed in and out.
//!
//! How long a conversation is kept is for the shells to decide; the core has no clock. Promise: its size is bounded.

use std::collections::VecDeque;

/// Turns that are remembered; older ones are forgotten.
pub const MAX_TURNS: usize = 4;

/// The last turns of a conversation, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conversation {
    turns: VecDeque<Turn>,
}

/// One question and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The question as it was asked, normalised.
    pub question: String,
    /// The facts that were given, or that the question was nearest to.
    pub facts: Vec<crate::fact::FactRef>,
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
        self.turns.push_back(turn);
        self
    }

    /// The turns, latest first.
    pub fn latest_first(&self) -> impl Iterator<Item = &Turn> {
        self.turns.iter().rev()
    }

    /// Whether nothing was said yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }
}
